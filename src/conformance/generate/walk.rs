//! Walks: a few requests with a purpose, such as an action that is started and followed to its end, and then looked at
//! from all sides.
//!
//! Single requests by chance seldom come in an order that leads far. A walk is drawn from a small grammar: some actions of
//! one node one after the other, each submitted, then followed to some point, perhaps cancelled or submitted once more
//! there, and looked at in between. Nothing of it is about a particular fault.

use std::collections::VecDeque;

use super::habit::{Habit, body};
use super::sight::Sights;
use crate::conformance::outlook::Standing;
use crate::model::{Body, Method, NodeAction, Path, Place, Request, Slot, Status};
use crate::sim::seed::{Ratio, Rng};

/// What is left to do.
#[derive(Debug, Clone, Default)]
pub(super) struct Walk(VecDeque<Goal>);

#[derive(Debug, Clone)]
enum Goal {
    /// To ask this.
    Ask(Request),
    /// To look at a slot until it is shown to have come so far; so many looks are enough.
    Await { slot: Slot, until: Until, looks: u32 },
}

/// How far an action has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    Starting,
    Running,
    Ended,
}

impl Until {
    fn is_met(self, shown: Standing) -> bool {
        match self {
            Self::Starting => shown.0 != Some(Status::Queued),
            Self::Running => !matches!(shown.0, Some(Status::Queued | Status::Starting)),
            Self::Ended => shown.is_at_rest(),
        }
    }
}

/// How often a slot is looked at before the walk goes on without it.
const LOOKS: u32 = 24;

impl Walk {
    /// A walk through slots of these.
    pub(super) fn draw(rng: &mut Rng, habit: &Habit, slots: &[Slot]) -> Self {
        let mut walk = Self::default();
        let first = *rng.choose(slots);
        let mut slot = first;
        for _ in 0..1 + rng.below(4) {
            walk.stage(rng, habit, slot);
            slot = match slot {
                Slot::Node(uid, NodeAction::MaintenanceOn) if rng.chance(Ratio(2, 3)) => {
                    Slot::Node(uid, NodeAction::MaintenanceOff)
                }
                Slot::Node(uid, NodeAction::MaintenanceOff) if rng.chance(Ratio(2, 3)) => {
                    Slot::Node(uid, NodeAction::MaintenanceOn)
                }
                _ if rng.chance(Ratio(1, 2)) => *rng.choose(slots),
                same => same,
            };
        }
        walk
    }

    /// One action: submitted, followed, looked at.
    fn stage(&mut self, rng: &mut Rng, habit: &Habit, slot: Slot) {
        self.look(rng, slot);
        let submit = |rng: &mut Rng| on(Method::Post, slot, body(rng, slot, habit));
        self.0.push_back(Goal::Ask(submit(rng)));
        let end = Goal::Await { slot, until: Until::Ended, looks: LOOKS };
        if rng.chance(Ratio(2, 5)) {
            let until = *rng.choose(&[None, Some(Until::Starting), Some(Until::Running)]);
            self.0.extend(until.map(|until| Goal::Await { slot, until, looks: LOOKS }));
            self.look(rng, slot);
            let meddle = match rng.below(4) {
                0 => submit(rng),
                _ => on(Method::Delete, slot, Body::Absent),
            };
            self.0.push_back(Goal::Ask(meddle));
            if rng.chance(Ratio(1, 3)) {
                self.0.push_back(Goal::Ask(on(Method::Delete, slot, Body::Absent)));
            }
        }
        if rng.chance(Ratio(7, 8)) {
            self.0.push_back(end);
        }
        self.look(rng, slot);
        match rng.below(5) {
            0 => {
                self.0.push_back(Goal::Ask(on(Method::Delete, slot, Body::Absent)));
                self.0.push_back(Goal::Ask(on(Method::Get, slot, Body::Absent)));
            }
            1 => self.0.push_back(Goal::Ask(submit(rng))),
            _ => {}
        }
    }

    /// Looks at what an action may have changed.
    fn look(&mut self, rng: &mut Rng, slot: Slot) {
        let places = match slot {
            Slot::Node(uid, NodeAction::MaintenanceOn | NodeAction::MaintenanceOff) => {
                vec![Place::Snapshots(uid), Place::Snapshots(uid), Place::NodeStatus(uid), Place::Node(uid)]
            }
            Slot::Node(uid, _) => {
                vec![Place::Node(uid), Place::AllNodes, Place::NodeObject(uid), Place::NodeObjects]
            }
            Slot::ChangeMaster => vec![Place::Cluster, Place::NodeStatuses],
        };
        for _ in 0..rng.below(3) {
            self.0.push_back(Goal::Ask(look_at(*rng.choose(&places))));
        }
    }

    /// The next request, if there is one.
    pub(super) fn next(&mut self, sights: &Sights) -> Option<Request> {
        loop {
            match self.0.pop_front()? {
                Goal::Ask(request) => return Some(request),
                Goal::Await { slot, until, looks } => {
                    let is_met = sights.shown(slot).is_some_and(|shown| until.is_met(shown));
                    if !is_met && looks > 0 {
                        self.0.push_front(Goal::Await { slot, until, looks: looks - 1 });
                        return Some(on(Method::Get, slot, Body::Absent));
                    }
                }
            }
        }
    }

    /// Whether nothing is left to do.
    pub(super) fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it waits for something that has not been shown yet.
    pub(super) fn waits(&self, sights: &Sights) -> bool {
        match self.0.front() {
            Some(Goal::Await { slot, until, looks }) => {
                *looks > 0 && !sights.shown(*slot).is_some_and(|shown| until.is_met(shown))
            }
            Some(Goal::Ask(_)) | None => false,
        }
    }
}

/// What an administrator asks of a slot.
fn on(method: Method, slot: Slot, body: Body) -> Request {
    super::plain(method, Path::to(Place::Action(slot)), body)
}

fn look_at(place: Place) -> Request {
    super::plain(Method::Get, Path::to(place), Body::Absent)
}
