//! Reads: marked at the first chance, since reading changes nothing, and when a world that has satisfied more of them is
//! better off.

use super::super::call::{Bond, Call};
use super::super::open::OpenId;
use super::super::world::{Next, World};
use super::Search;

impl Search<'_, '_> {
    /// Whether a call is marked at the first chance.
    pub(super) fn is_marked(&self, call: &Call) -> bool {
        self.reductions.reads_first && call.is_pure && call.bond == Bond::Answered
    }

    /// Whether another call that has not ended when this one begins shows the same task.
    pub(super) fn is_shown_elsewhere(&self, call: &Call) -> bool {
        let others = self.shown.get(&call.task).filter(|_| call.task != 0);
        others.is_some_and(|[last, before]| *(if *last == call.ended { before } else { last }) > call.invoked)
    }

    /// The world with every read marked that fits now.
    pub(super) fn mark(&mut self, world: World, open: OpenId) -> Next {
        let mut marked = vec![(world, open)];
        let mut due = self.reads & !world.done;
        while due != 0 {
            let place = due.trailing_zeros() as usize;
            due &= due - 1;
            for at in 0..marked.len() {
                self.mark_one(&mut marked, at, place);
            }
        }
        marked
    }

    /// Marks a read in one of these worlds if it fits. The world stays as it was beside it, unless the mark costs
    /// nothing.
    pub(super) fn mark_one(&mut self, worlds: &mut Next, at: usize, place: usize) {
        let call = &self.calls.0[self.pending[place].expect("the call is pending")];
        let (before, first) = (worlds[at], worlds.len());
        self.course.take(&before.0, before.1, call, worlds);
        let is_free = worlds[first..].contains(&before);
        for (world, _) in &mut worlds[first..] {
            world.done |= 1 << place;
        }
        if is_free {
            worlds.swap_remove(at);
        }
    }

    /// The bits of reads in which a world can be better off than one like it. A read that was satisfied by an instance
    /// which is gone is no better than one that waits for the instance which another call will see, as long as that one
    /// can still have the task that both show.
    pub(super) fn advantages(&self, world: &World) -> u128 {
        let (mut reads, mut due) = (self.reads, self.binding);
        while due != 0 {
            let place = due.trailing_zeros() as usize;
            due &= due - 1;
            let call = &self.calls.0[self.pending[place].expect("the call is pending")];
            let is_present = world.tasks[usize::from(call.slot)] == call.task;
            if !is_present && !self.course.used[call.task as usize] {
                reads &= !(1 << place);
            }
        }
        reads
    }
}
