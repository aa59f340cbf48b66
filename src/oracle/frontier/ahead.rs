//! A look ahead: what a task must still be there for, and as what.
//!
//! No two tasks have one id (LIFE-19), and what a task has become it does not become again (LIFE-17, LIFE-18). So a world
//! in which a task is gone, or too far, that a call under way or a later one is still to show explains no answer of
//! that call, whatever else happens: it can be given up at once, long before that call ends. Where calls overlap, this
//! settles in which order most POSTs took effect.

use std::collections::BTreeMap;

use super::super::call::{At, Bond, Call, Calls, Label};
use super::super::law::Law;
use super::super::outside;
use super::super::world::{Next, World};
use super::Search;
use crate::model::Status;

/// For each slot and task when the last call begins that shows it there: in each status, or in none that is known.
pub(super) type Sights = BTreeMap<(u8, Label), BTreeMap<Option<Status>, At>>;

/// The sights of calls.
pub(super) fn sights(calls: &Calls, law: &Law) -> Sights {
    let mut sights = Sights::new();
    for call in calls.0.iter().filter(|call| call.task != 0 && call.bond == Bond::Answered) {
        let of_task = sights.entry((call.slot, call.task)).or_default();
        let last = of_task.entry(status(call, law)).or_default();
        *last = (*last).max(call.invoked);
    }
    sights
}

/// The status that a call shows.
fn status(call: &Call, law: &Law) -> Option<Status> {
    outside::status(law.symbol(call.symbol)).flatten()
}

impl Search<'_, '_> {
    /// Drops those of the worlds from a place on that lost, in one step from the world before, what is still to be shown.
    pub(super) fn retain_hopeful(&self, before: &World, next: &mut Next, from: usize) {
        if self.sights.is_empty() {
            return;
        }
        let mut at = from;
        while at < next.len() {
            if self.is_hopeless(before, &next[at].0) {
                next.swap_remove(at);
            } else {
                at += 1;
            }
        }
    }

    fn is_hopeless(&self, before: &World, after: &World) -> bool {
        (0..4_u8).any(|slot| {
            let place = usize::from(slot);
            let task = before.tasks[place];
            if task == 0 || (task, before.held[place]) == (after.tasks[place], after.held[place]) {
                return false;
            }
            let is_left = after.tasks[place] == task;
            let now = self.course.law.helds.value(after.held[place]).status().filter(|_| is_left);
            if is_left && now.is_none() {
                return false; // It may be anything.
            }
            let is_past = |shown: Option<Status>| match (now, shown) {
                (Some(now), Some(shown)) => !now.may_become(shown),
                (now, _) => now.is_none(),
            };
            self.is_still_shown((slot, task), after.done, is_past)
        })
    }

    /// Whether a call that has not taken effect shows a task in such a status.
    fn is_still_shown(&self, of: (u8, Label), done: u128, is_such: impl Fn(Option<Status>) -> bool) -> bool {
        let Some(sights) = self.sights.get(&of) else { return false };
        let now = self.course.now;
        sights.iter().any(|(status, begins)| *begins > now && is_such(*status))
            || self.pending.iter().enumerate().any(|(place, index)| {
                index.is_some_and(|index| {
                    let call = &self.calls.0[index];
                    let shows = (call.slot, call.task) == of && call.bond == Bond::Answered;
                    shows && done & (1 << place) == 0 && is_such(status(call, self.course.law))
                })
            })
    }
}
