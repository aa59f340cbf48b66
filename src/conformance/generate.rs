//! Requests for an implementation under test, chosen from what is known of it.
//!
//! A [`Generator`] follows every answer: what each slot was shown to be and can have become since, and which [`Cells`]
//! were met. It asks in five manners, and each run has a habit that prefers some: *walks* with a purpose; what was *asked
//! least* of an action that stands as it does, of that what splits the possible states most; *who may ask where*, least
//! first; what is *absurd*, least tried first; and by chance. The same seeds, nodes and answers give the same requests.
//! Deliberately absent: what the answers should be, and when the requests are sent.

mod access;
mod habit;
mod odd;
mod sight;
mod walk;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::Value;

use super::cells::{Access, Cells, access_of};
use super::outlook::METHODS;
use crate::http::Response;
use crate::model::{Body, Caller, Headers, Method, NodeAction, NodeUid, Path, Place, Request, Role, Slot};
use crate::sim::Seed;
use crate::sim::seed::{Ratio, Rng};
use habit::{Habit, Manner};
use sight::Sights;
use walk::Walk;

pub(super) use access::{accesses, views};
pub(super) use odd::absurdities;

/// What a run begins with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The nodes that there are. At least one.
    pub nodes: Vec<NodeUid>,
    /// Who can ask. At least one.
    pub callers: Vec<Caller>,
    /// Whether nothing has run yet.
    pub is_fresh: bool,
}

/// A stream of requests for each of several clients.
///
/// The moves of the implementation are drawn from a stream of their own: to ask for them or not changes no request.
#[derive(Debug, Clone)]
pub struct Generator {
    rng: Rng,
    ticks: Rng,
    habit: Habit,
    sights: Sights,
    cells: Cells,
    clients: BTreeMap<usize, Client>,
    /// The manners in which there may be something that nobody tried yet.
    new: Vec<Manner>,
    /// The name of the maintenance snapshot that an answer showed last.
    snapshot: Option<String>,
}

/// What a client is about.
#[derive(Debug, Clone, Default)]
struct Client {
    walk: Walk,
    /// The slot of the request before, if it had one and was not followed up.
    last: Option<Slot>,
}

impl Generator {
    /// A generator that has met nothing yet, for the run of a seed.
    ///
    /// # Panics
    ///
    /// There are no nodes, or there is nobody who asks.
    pub fn new(seed: Seed, setup: &Setup) -> Self {
        let mut rng = seed.fork("requests");
        Self {
            habit: Habit::of(&mut rng, setup),
            rng,
            ticks: seed.fork("ticks"),
            sights: Sights::new(setup.is_fresh),
            cells: Cells::default(),
            clients: BTreeMap::new(),
            new: vec![Manner::Access, Manner::Absurd],
            snapshot: None,
        }
    }

    /// Begins another run. What was met is remembered, what is known of the slots is not.
    pub fn begin(&mut self, seed: Seed, setup: &Setup) {
        let (cells, new) = (std::mem::take(&mut self.cells), std::mem::take(&mut self.new));
        *self = Self { cells, new, ..Self::new(seed, setup) };
    }

    /// Goes on in the same run with another habit.
    pub fn change_habit(&mut self, setup: &Setup) {
        self.habit = Habit::of(&mut self.rng, setup);
        self.clients.clear();
    }

    /// What was met in all runs.
    pub fn cells(&self) -> &Cells {
        &self.cells
    }

    /// The next request of a client.
    pub fn next(&mut self, client: usize) -> Request {
        let slots = self.habit.slots_of(client);
        let mut its = self.clients.remove(&client).unwrap_or_default();
        let request = self.choose(&mut its, &slots);
        its.last = request.path.slot();
        self.clients.insert(client, its);
        request
    }

    fn choose(&mut self, client: &mut Client, slots: &[Slot]) -> Request {
        let Self { rng, habit, sights, .. } = self;
        let manner = habit.manner(rng, |manner| self.new.contains(&manner));
        // A walk goes on unless something comes in between.
        if manner == Manner::Walk || rng.chance(Ratio(7, 8)) {
            if manner == Manner::Walk && client.walk.is_over() {
                client.walk = Walk::draw(rng, habit, slots);
            }
            if let Some(request) = client.walk.next(sights) {
                return request;
            }
        }
        match manner {
            Manner::Least => self.least(slots),
            Manner::Access => self.access(slots),
            Manner::Absurd => self.absurd(slots),
            Manner::Walk | Manner::Chance => self.by_chance(slots, client.last.take()),
        }
    }

    /// Takes note of an answer. Answers may come in any order, or never.
    pub fn saw(&mut self, request: &Request, response: &Response) {
        if let Some(place) = access::place_of(&request.path) {
            self.cells.note_access(access_of(request, place));
            if request.method == Method::Get {
                self.sights.looked(request.path.node(), place, &mut self.cells);
            }
        }
        self.sights.saw(request, response, &mut self.cells);
        let can_show = matches!(request.method, Method::Get | Method::Post | Method::Delete);
        if can_show && let Some(name) = response.body.as_ref().and_then(snapshot_in) {
            self.snapshot = Some(name);
        }
    }

    /// How many moves of the implementation to wait for before the next request of a client.
    pub fn pause(&mut self, client: usize) -> u32 {
        let Self { ticks, habit, sights, clients, .. } = self;
        match clients.get(&client) {
            Some(client) if client.walk.waits(sights) => 1 + ticks.below(2),
            _ => ticks.below(habit.moves + 1),
        }
    }

    /// Whether something may be going on by itself, as far as answers have shown.
    pub fn is_anything_live(&self) -> bool {
        self.sights.is_anything_live()
    }

    /// The chances of the ticks before the next request (see [`Subject::tick`](super::Subject::tick)). For drivers that
    /// say when time passes.
    pub fn ticks(&mut self) -> Vec<u32> {
        let count = self.pause(0);
        let Self { ticks: rng, habit, .. } = self;
        let tick = |rng: &mut Rng| if rng.chance(habit.plain_moves) { 0 } else { rng.below(1 << 24) };
        (0..count).map(|_| tick(rng)).collect()
    }

    /// What was asked least of a slot that was shown to be so, or where was looked least then; of several what tells most.
    fn least(&mut self, slots: &[Slot]) -> Request {
        let Self { rng, habit, sights, cells, .. } = self;
        let candidates = slots.iter().flat_map(|slot| {
            let asks = METHODS.into_iter().map(Question::Action);
            asks.chain(views(*slot).map(Question::View)).map(|question| (*slot, question))
        });
        let least = candidates.min_by_key(|(slot, question)| {
            let times = sights.shown(*slot).map_or(0, |shown| match question {
                Question::Action(method) => cells.asked(*slot, shown, *method),
                Question::View(place) => cells.looked(*slot, shown, place),
            });
            let splits = match question {
                Question::Action(method) => sights.splits(*slot, *method),
                Question::View(_) => 1,
            };
            (times, Reverse(splits), rng.below(1 << 16))
        });
        let (slot, question) = least.expect("there are slots");
        match question {
            Question::Action(method) => {
                let body = if method == Method::Post { habit::body(rng, slot, habit) } else { Body::Absent };
                plain(method, Path::to(Place::Action(slot)), body)
            }
            Question::View(place) => {
                let uid = habit.node_of(rng, slot);
                plain(Method::Get, access::path(place, uid, NodeAction::Remove, ""), Body::Absent)
            }
        }
    }

    /// The least tried absurdity.
    fn absurd(&mut self, slots: &[Slot]) -> Request {
        let Self { rng, habit, cells, .. } = self;
        let slot = *rng.choose(slots);
        let least = absurdities().min_by_key(|one| (cells.tried(*one), rng.below(1 << 16)));
        let (method, what) = least.expect("there are some");
        if cells.tried((method, what)) > 0 {
            self.new.retain(|manner| *manner != Manner::Absurd);
        }
        cells.note_absurd((method, what));
        let body = habit::body(rng, slot, habit);
        odd::absurd(method, what, slot, plain(Method::Post, Path::to(Place::Action(slot)), body))
    }

    /// Who asked least where.
    fn access(&mut self, slots: &[Slot]) -> Request {
        let Self { rng, habit, cells, snapshot, .. } = self;
        let callers = &habit.callers;
        let least = accesses(callers).min_by_key(|access| (cells.accessed(access), rng.below(1 << 16)));
        let access = least.expect("somebody asks");
        if cells.accessed(&access) > 0 {
            self.new.retain(|manner| *manner != Manner::Access);
        }
        let Access { caller, method, place } = access;
        let caller = callers.iter().find(|one| super::cells::name_of(**one) == caller);
        let slot = *rng.choose(slots);
        let uid = habit.node_of(rng, slot);
        let action = match slot {
            Slot::Node(_, action) => action,
            Slot::ChangeMaster => NodeAction::MaintenanceOn,
        };
        let path = access::path(place, uid, action, snapshot.as_deref().unwrap_or("mine"));
        let of_place = path.slot().unwrap_or(slot);
        let body = match method {
            Method::Post | Method::Put | Method::Patch => habit::body(rng, of_place, habit),
            _ => Body::Absent,
        };
        Request { caller: *caller.expect("it is one of them"), ..plain(method, path, body) }
    }

    fn by_chance(&mut self, slots: &[Slot], last: Option<Slot>) -> Request {
        let Self { rng, habit, snapshot, .. } = self;
        let slot = last.filter(|_| rng.chance(Ratio(1, 2))).unwrap_or_else(|| *rng.choose(slots));
        let (method, path) = match rng.below(10) {
            _ if rng.chance(habit.looks) => habit::look(rng, habit, slot, snapshot.as_deref()),
            0..=4 => (Method::Get, Path::to(Place::Action(slot))),
            5..=7 => (Method::Post, Path::to(Place::Action(slot))),
            _ => (Method::Delete, Path::to(Place::Action(slot))),
        };
        let body = if method == Method::Post { habit::body(rng, slot, habit) } else { Body::Absent };
        let mut request = plain(method, path, body);
        if rng.chance(habit.strangers) {
            request.caller = *rng.choose(&habit.callers);
        }
        if rng.chance(habit.odd) {
            odd::make_odd(rng, &mut request, slot, &habit.callers);
        }
        request
    }
}

/// What can be asked about a slot.
#[derive(Debug, Clone, Copy)]
enum Question {
    /// Of its action.
    Action(Method),
    /// Where it shows besides.
    View(&'static str),
}

/// A request of an administrator with the usual headers.
pub(super) fn plain(method: Method, path: Path, body: Body) -> Request {
    Request { method, path, caller: Caller::Role(Role::Admin), headers: Headers::default(), body }
}

/// The name of the maintenance snapshot that an answer shows.
fn snapshot_in(body: &Value) -> Option<String> {
    let listed = body.get(0).unwrap_or(body);
    let snapshot = listed.get("maintenance_snapshot").unwrap_or(listed);
    let name = snapshot.get("created_time").and(snapshot.get("name"))?.as_str()?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests;
