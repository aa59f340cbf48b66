//! What the law can answer about one action, and what an action can become by itself: a table worked out from
//! [`model::step`](crate::model::step), for whoever chooses requests.
//!
//! A driver that wants to know what to ask next needs no verdict, only an idea of what is possible. The table is made by
//! playing the law from a fresh cluster with one action in it, under the expected answers to the open questions. So it
//! is no judge: what an implementation may do beyond it is for the oracle to say.

use std::fmt;
use std::sync::LazyLock;

use serde_json::json;

use crate::http;
use crate::model::{
    Act, Body, Caller, Cluster, Event, Headers, Input, Method, Move, NodeAction, NodeUid, Path, Place,
    Request, Role, Slot, Status, Time, step,
};
use crate::spec::Rules;

/// What a slot holds: an instance of this status, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Standing(pub Option<Status>);

impl Standing {
    /// Nothing.
    pub const ABSENT: Self = Self(None);

    /// All that a slot can hold.
    pub fn all() -> impl Iterator<Item = Self> {
        Status::ALL.into_iter().map(|status| Self(Some(status))).chain([Self::ABSENT])
    }

    fn index(self) -> usize {
        self.0.map_or(Status::ALL.len(), |status| status as usize)
    }

    /// Whether nothing goes on in it any more.
    pub fn is_at_rest(self) -> bool {
        self.0.is_none_or(Status::is_final)
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.map_or("absent", Status::name))
    }
}

/// A set of what a slot can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Standings(u16);

impl Standings {
    pub(super) const ALL: Self = Self(0x1ff);

    pub(super) fn only(standing: Standing) -> Self {
        Self(1 << standing.index())
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Standing> {
        Standing::all().filter(move |standing| self.0 >> standing.index() & 1 == 1)
    }
}

/// The methods that do something to an action, or show it.
pub(super) const METHODS: [Method; 3] = [Method::Get, Method::Post, Method::Delete];

/// What comes of a request: the status code, and what the slot holds then.
type Outcome = (u16, Standing);

/// The table of one action.
#[derive(Debug, Clone, Default)]
struct Course {
    /// What each standing can become by itself, in any number of moves, itself included.
    later: [Standings; 9],
    /// For each method and standing what can come of it.
    outcomes: [[Vec<Outcome>; 9]; 3],
    /// What can be reached at all.
    reached: Standings,
}

/// The tables of all actions.
#[derive(Debug)]
pub(super) struct Outlook(Vec<Course>);

/// The actions, in the order of the tables.
pub(super) fn actions() -> impl Iterator<Item = Slot> {
    NodeAction::ALL.into_iter().map(|action| Slot::Node(HOME, action)).chain([Slot::ChangeMaster])
}

/// A node that is not the primary.
const HOME: NodeUid = NodeUid(2);

impl Outlook {
    /// The outlook on the law of the default edition, worked out once.
    pub(super) fn get() -> &'static Self {
        static OUTLOOK: LazyLock<Outlook> = LazyLock::new(|| Outlook(actions().map(course).collect()));
        &OUTLOOK
    }

    fn of(&self, slot: Slot) -> &Course {
        let index = match slot {
            Slot::Node(_, action) => action as usize,
            Slot::ChangeMaster => NodeAction::ALL.len(),
        };
        &self.0[index]
    }

    /// What these can have become since.
    pub(super) fn later(&self, slot: Slot, now: Standings) -> Standings {
        now.iter().fold(now, |all, standing| all.and(self.of(slot).later[standing.index()]))
    }

    /// What these can be after a request was answered with this code. Empty if the table knows no such answer.
    pub(super) fn after(&self, slot: Slot, before: Standings, method: Method, code: u16) -> Standings {
        let outcomes = before.iter().flat_map(|standing| self.outcomes(slot, standing, method));
        let fitting = outcomes.filter(|(its, _)| *its == code);
        fitting.fold(Standings::default(), |all, (_, after)| all.and(Standings::only(*after)))
    }

    /// What can come of a request in one standing.
    pub(super) fn outcomes(&self, slot: Slot, standing: Standing, method: Method) -> &[Outcome] {
        let at = METHODS.iter().position(|known| *known == method);
        at.map_or(&[], |at| self.of(slot).outcomes[at][standing.index()].as_slice())
    }

    /// What can be met in a slot.
    pub(super) fn reached(&self, slot: Slot) -> impl Iterator<Item = Standing> {
        self.of(slot).reached.iter()
    }
}

/// How many clusters with the same standing are looked at.
const CLUSTERS_MAX: usize = 40;

/// Plays the law with one slot.
fn course(slot: Slot) -> Course {
    let rules = Rules::default();
    let mut course = Course::default();
    let mut clusters = vec![beginning(slot)];
    let mut counts = [0; 9];
    let mut next = 0;
    while next < clusters.len() {
        let before = clusters[next].clone();
        next += 1;
        let standing = standing(&before, slot);
        course.reached = course.reached.and(Standings::only(standing));
        let mut follow = |after: Cluster, course: &mut Course, is_hidden: bool| {
            let then = self::standing(&after, slot);
            if is_hidden {
                let later = &mut course.later[standing.index()];
                *later = later.and(Standings::only(then));
            }
            if counts[then.index()] < CLUSTERS_MAX && !clusters.contains(&after) {
                counts[then.index()] += 1;
                clusters.push(after);
            }
        };
        for (at, method) in METHODS.into_iter().enumerate() {
            let mut after = before.clone();
            let act = Act::Request(ask(method, slot, Caller::Role(Role::Admin)));
            let reply = step(&mut after, &rules, &Input { at: Time(0), act });
            let Some(response) = http::encode(&reply, &rules) else { continue };
            let outcome = (response.status, self::standing(&after, slot));
            let known = &mut course.outcomes[at][standing.index()];
            if !known.contains(&outcome) {
                known.push(outcome);
            }
            follow(after, &mut course, false);
        }
        let own =
            |event: &Event| matches!(event, Event::Task(of, step) if *of == slot && !is_progress(*step));
        for event in before.enabled(&rules).into_iter().filter(own) {
            let mut after = before.clone();
            step(&mut after, &rules, &Input { at: Time(0), act: Act::Event(event) });
            follow(after, &mut course, true);
        }
    }
    close(&mut course.later);
    course
}

/// A cluster in which an action can do everything: maintenance_off needs a snapshot to load.
fn beginning(slot: Slot) -> Cluster {
    let mut cluster = Cluster::new(3);
    if let Slot::Node(uid, NodeAction::MaintenanceOff) = slot {
        let rules = Rules::default();
        let on = Slot::Node(uid, NodeAction::MaintenanceOn);
        let post = Act::Request(ask(Method::Post, on, Caller::Role(Role::Admin)));
        step(&mut cluster, &rules, &Input { at: Time(0), act: post });
        let wanted =
            [Move::Complete, Move::Advance, Move::Run, Move::Start].map(|step| Event::Task(on, step));
        while !standing(&cluster, on).is_at_rest() {
            let possible = cluster.enabled(&rules);
            let next = wanted.iter().find(|event| possible.contains(event));
            let act = Act::Event(next.expect("nothing hinders it").clone());
            step(&mut cluster, &rules, &Input { at: Time(0), act });
        }
    }
    cluster
}

/// How far an action is changes nothing about what can become of it.
fn is_progress(step: Move) -> bool {
    matches!(step, Move::Progress(_))
}

fn standing(cluster: &Cluster, slot: Slot) -> Standing {
    Standing(cluster.instance(slot).map(|instance| instance.status))
}

/// From one move to any number of moves.
fn close(later: &mut [Standings; 9]) {
    for standing in Standing::all() {
        let own = &mut later[standing.index()];
        *own = own.and(Standings::only(standing));
    }
    for _ in Standing::all() {
        let before = *later;
        for all in later.iter_mut() {
            *all = all.iter().fold(*all, |all, standing| all.and(before[standing.index()]));
        }
    }
}

/// A plain request about a slot.
pub(super) fn ask(method: Method, slot: Slot, caller: Caller) -> Request {
    let body = match (method, slot) {
        (Method::Post, Slot::Node(..)) => Body::Json(json!({})),
        (Method::Post, Slot::ChangeMaster) => Body::Json(json!({ "node_uid": HOME.to_string() })),
        _ => Body::Absent,
    };
    let (path, headers) = (Path::to(Place::Action(slot)), Headers::default());
    Request { method, path, caller, headers, body }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REMOVE: Slot = Slot::Node(HOME, NodeAction::Remove);

    #[test]
    fn the_table_says_what_the_law_does() {
        let outlook = Outlook::get();
        let running = Standing(Some(Status::Running));
        assert_eq!(outlook.outcomes(REMOVE, running, Method::Post), [(409, running)]);
        let cancelling = Standing(Some(Status::Cancelling));
        assert_eq!(outlook.outcomes(REMOVE, running, Method::Delete), [(200, cancelling)]);
        assert_eq!(outlook.outcomes(REMOVE, Standing::ABSENT, Method::Get), [(404, Standing::ABSENT)]);
    }

    #[test]
    fn everything_can_become_of_what_waits_and_nothing_of_what_has_ended() {
        let outlook = Outlook::get();
        for slot in actions() {
            assert_eq!(outlook.reached(slot).count(), 9, "{slot:?}");
            let queued = Standings::only(Standing(Some(Status::Queued)));
            let ends = outlook.later(slot, queued).iter().filter(|standing| standing.is_at_rest());
            let names: Vec<_> = ends.map(|standing| standing.to_string()).collect();
            // What is starting may have a cancellation noted.
            assert_eq!(names, ["cancelled", "aborted", "completed", "failed"], "{slot:?}");
            let completed = Standings::only(Standing(Some(Status::Completed)));
            assert_eq!(outlook.later(slot, completed), completed, "{slot:?}");
        }
    }

    #[test]
    fn an_answer_narrows_what_is_possible() {
        let queued = Standings::only(Standing(Some(Status::Queued)));
        let possible = Outlook::get().later(REMOVE, queued);
        let refused = Outlook::get().after(REMOVE, possible, Method::Post, 409);
        assert!(refused.iter().all(|standing| !standing.is_at_rest()));
        assert!(Outlook::get().after(REMOVE, queued, Method::Post, 200).is_empty());
    }
}
