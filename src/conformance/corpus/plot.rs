//! From a course of the law, with everything that happens in it, to a case that needs no command over the cluster.
//!
//! A *course* is a list of inputs: requests, and the events in between. Nobody outside can command an event, so a case
//! looks until it has happened: it asks for the action again and again until the answer is the one that the course has
//! there. For every answer the case says where it goes on. One that the law allows and that leads elsewhere ends the
//! case: the server took another course. Before that, what a POST or a DELETE did that was answered otherwise is looked
//! at once, since that is allowed in one way only.

use std::collections::BTreeSet;

use super::answer::{Allowed, snapshot_id_in};
use super::worlds::{Class, Set, Worlds};
use super::{Case, Expected, Step, Then};
use crate::model::{
    Act, Body, Caller, Cluster, Event, Headers, Input, Method, Move, NodeAction, NodeUid, Path, Place,
    Request, Role, Slot,
};

/// What is done in a case: asked once, or asked until the answer is due.
struct Piece {
    request: Request,
    /// The answer with which the case goes on; none if any will do.
    wanted: Option<Allowed>,
    is_look: bool,
    /// Whether something is to be given time before.
    waits: bool,
}

/// A look has at most so many steps: one for each set of worlds that the answers so far leave.
const STEPS_OF_A_LOOK: usize = 24;

/// The case of a course.
pub(super) fn plot(worlds: &mut Worlds, course: &[Input]) -> Case {
    let mut plot = Plot { steps: Vec::new(), before: worlds.start() };
    let pieces = pieces(worlds, course);
    for (at, piece) in pieces.iter().enumerate() {
        let next = pieces.get(at + 1).map_or(Next::End, |next| Next::Piece { waits: next.waits });
        plot.add(worlds, piece, next);
    }
    Case {
        name: String::new(),
        cells: Vec::new(),
        clauses: Vec::new(),
        needs: needs(worlds, course),
        steps: plot.steps,
    }
}

/// The requests of a course, with a look at whatever has moved by then. What a request was about, and what has ended, is
/// looked at once more in the end: what has ended does not move (LIFE-18).
fn pieces(worlds: &Worlds, course: &[Input]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut cluster = Cluster::new(worlds.nodes);
    // Slots whose instance has moved since they were looked at, and all of which something was asked that may act.
    let (mut moved, mut asked): (BTreeSet<Slot>, BTreeSet<Slot>) = Default::default();
    for input in course {
        match &input.act {
            Act::Event(event) => {
                let Some(after) = worlds.after(&cluster, event) else { continue };
                if let Event::Task(slot, _) = event
                    && shown(worlds, &cluster, *slot) != shown(worlds, &after, *slot)
                {
                    moved.insert(*slot);
                }
                cluster = after;
            }
            Act::Request(request) => {
                pieces.extend(moved.iter().flat_map(|slot| looks(worlds, &cluster, *slot)));
                moved.clear();
                let (_, after) = worlds.answer(&cluster, request);
                let before = cluster.clone();
                let wanted = worlds.shown(&cluster, request);
                asked.extend(request.path.slot().filter(|_| changes(request)));
                if snapshot_id_in(request).is_some() {
                    pieces.extend(request.path.node().map(|uid| snapshots(worlds, &before, uid)));
                }
                pieces.push(Piece { request: request.clone(), wanted, is_look: false, waits: false });
                cluster = after;
            }
        }
    }
    pieces.extend(moved.iter().flat_map(|slot| looks(worlds, &cluster, *slot)).collect::<Vec<_>>());
    let has_ended = |slot: &Slot| cluster.instance(*slot).is_some_and(|instance| !instance.is_live());
    let last = |slot: &Slot| {
        let waits = has_ended(slot) && moved.contains(slot);
        Piece { request: get(*slot), wanted: None, is_look: false, waits }
    };
    let last = asked.iter().map(last);
    pieces.extend(last.collect::<Vec<_>>());
    pieces
}

/// Looks at a slot until it shows what it is due to, and at the snapshots that its run may have made or deleted.
fn looks(worlds: &Worlds, cluster: &Cluster, slot: Slot) -> Vec<Piece> {
    let Some(wanted) = shown(worlds, cluster, slot) else { return Vec::new() };
    let mut looks = vec![Piece { request: get(slot), wanted: Some(wanted), is_look: true, waits: false }];
    let has_ended = cluster.instance(slot).is_some_and(|instance| !instance.is_live());
    if let Slot::Node(uid, NodeAction::MaintenanceOn | NodeAction::MaintenanceOff) = slot
        && has_ended
    {
        looks.push(snapshots(worlds, cluster, uid));
    }
    looks
}

/// A look at the snapshots of a node, which gives them their names.
fn snapshots(worlds: &Worlds, cluster: &Cluster, uid: NodeUid) -> Piece {
    let request = Request { path: Path::to(Place::Snapshots(uid)), ..get(Slot::ChangeMaster) };
    let wanted = worlds.shown(cluster, &request);
    Piece { request, wanted, is_look: false, waits: false }
}

/// What a GET shows of a slot.
fn shown(worlds: &Worlds, cluster: &Cluster, slot: Slot) -> Option<Allowed> {
    worlds.shown(cluster, &get(slot))
}

/// A look at a slot by an admin.
fn get(slot: Slot) -> Request {
    let (path, caller) = (Path::to(Place::Action(slot)), Caller::Role(Role::Admin));
    Request { method: Method::Get, path, caller, headers: Headers::default(), body: Body::Absent }
}

/// What a server must do by itself in a course that many never do: nobody can ask for it.
fn needs(worlds: &Worlds, course: &[Input]) -> Vec<String> {
    let mut needs = BTreeSet::new();
    let mut cluster = Cluster::new(worlds.nodes);
    for input in course {
        match &input.act {
            Act::Request(request) => cluster = worlds.answer(&cluster, request).1,
            Act::Event(event) => {
                if worlds.is_fault(&cluster, event) {
                    let is_abort = matches!(event, Event::Task(_, Move::Abort));
                    needs.insert(if is_abort { "abort" } else { "fail" });
                }
                cluster = worlds.after(&cluster, event).unwrap_or(cluster);
            }
        }
    }
    needs.into_iter().map(str::to_owned).collect()
}

/// What comes after a piece.
#[derive(Clone, Copy)]
enum Next {
    Piece { waits: bool },
    End,
}

/// A case that grows.
struct Plot {
    steps: Vec<Step>,
    /// What the cluster can be by now.
    before: Set,
}

impl Plot {
    fn add(&mut self, worlds: &mut Worlds, piece: &Piece, next: Next) {
        let mut group = Group { base: self.steps.len(), steps: Vec::new(), open: vec![self.before.clone()] };
        let mut after: BTreeSet<u32> = BTreeSet::new();
        let mut at = 0;
        // The sets of worlds in which this is asked; each is a step.
        while at < group.open.len() {
            let set = group.open[at].clone();
            let classes = worlds.ask(&set, &piece.request);
            let wants = |class: &Class| piece.wanted.as_ref().is_none_or(|wanted| class.of.contains(wanted));
            let mut answers = Vec::new();
            for class in classes {
                let then = if wants(&class) {
                    after.extend(class.after.iter().copied());
                    Goal::On
                } else if piece.is_look && group.leads_there(worlds, piece, &class) {
                    group.state(&class.after).map_or(Goal::Missed, Goal::Again)
                } else if changes(&piece.request) {
                    Goal::Stray(class.after.clone())
                } else {
                    Goal::Missed
                };
                answers.push((class, then));
            }
            group.steps.push((piece.request.clone(), answers));
            at += 1;
        }
        let steps = group.finish(worlds, next);
        self.steps.extend(steps);
        self.before = after.into_iter().collect();
    }
}

/// The steps of one piece.
struct Group {
    /// The number of the first.
    base: usize,
    steps: Vec<(Request, Vec<(Class, Goal)>)>,
    /// For each step the set of worlds in which it is asked.
    open: Vec<Set>,
}

/// Where an answer leads.
enum Goal {
    /// To the next piece.
    On,
    /// To this step of the same piece.
    Again(usize),
    /// To one more look, from these worlds, and then to the end.
    Stray(Set),
    Missed,
}

impl Group {
    /// The step at which a set of worlds is asked; none if there are too many.
    fn state(&mut self, set: &Set) -> Option<usize> {
        let known = self.open.iter().position(|known| known == set);
        if known.is_none() && self.open.len() < STEPS_OF_A_LOOK {
            self.open.push(set.clone());
        }
        self.open.iter().position(|known| known == set)
    }

    /// Whether what is looked for can still come.
    fn leads_there(&self, worlds: &mut Worlds, piece: &Piece, class: &Class) -> bool {
        let later = worlds.ask(&class.after, &piece.request);
        piece.wanted.as_ref().is_some_and(|wanted| later.iter().any(|class| class.of.contains(wanted)))
    }

    fn finish(self, worlds: &mut Worlds, after: Next) -> Vec<Step> {
        let base = self.base;
        let mut strays: Vec<(Request, Set)> = Vec::new();
        let first_stray = base + self.steps.len();
        let count_strays = |steps: &[(Request, Vec<(Class, Goal)>)]| {
            let all = steps.iter().flat_map(|(_, answers)| answers);
            all.filter(|(_, goal)| matches!(goal, Goal::Stray(_))).count()
        };
        let next = first_stray + count_strays(&self.steps);
        let (on, waits) = match after {
            Next::End => (Then::Done, false),
            Next::Piece { waits } => (Then::Step(next), waits),
        };
        let mut steps = Vec::new();
        for (request, answers) in self.steps {
            let mut expected = Vec::new();
            let mut clauses = BTreeSet::new();
            for (class, goal) in answers {
                clauses.extend(class.clauses);
                let (then, waits) = match goal {
                    Goal::On => (on, waits),
                    Goal::Again(at) => (Then::Step(base + at), true),
                    Goal::Missed => (Then::Missed, false),
                    Goal::Stray(set) => {
                        strays.push((stray(&request), set));
                        (Then::Step(first_stray + strays.len() - 1), false)
                    }
                };
                let Allowed { status, body } = class.allowed;
                expected.push(Expected { status, body, then, waits });
            }
            steps.push(step(request, clauses, expected));
        }
        for (request, set) in strays {
            let classes = worlds.ask(&set, &request);
            let clauses = classes.iter().flat_map(|class| class.clauses.iter().copied()).collect();
            let missed = |Class { allowed, .. }| {
                let Allowed { status, body } = allowed;
                Expected { status, body, then: Then::Missed, waits: false }
            };
            steps.push(step(request, clauses, classes.into_iter().map(missed).collect()));
        }
        steps
    }
}

/// A step. What the law would call a snapshot is called by the name that was bound to it.
fn step(request: Request, clauses: BTreeSet<&'static str>, answers: Vec<Expected>) -> Step {
    let clauses = clauses.into_iter().map(str::to_owned).collect();
    let request = match snapshot_id_in(&request) {
        Some((name, id)) => {
            let path = request.path.as_str().replace(&name, &format!("{{{id}}}"));
            Request { path: Path::new(&path), ..request }
        }
        None => request,
    };
    Step { request, clauses, answers }
}

/// Whether a request may start or end something, whatever it is answered.
fn changes(request: &Request) -> bool {
    matches!(request.method, Method::Post | Method::Delete) && request.path.slot().is_some()
}

/// What a request may have changed.
fn stray(request: &Request) -> Request {
    get(request.path.slot().expect("it was asked for a slot"))
}
