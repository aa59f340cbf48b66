//! What happens beside the call that is being explained: pending and lost calls on a slot, and what the other slots of a
//! node do that the call could notice.

use super::super::law::{NOTHING, UNKNOWN};
use super::super::open::OpenId;
use super::super::part::Kind;
use super::super::world::{Next, World};
use super::super::worlds::Worlds;
use super::Search;
use super::lost::LostClass;

impl Search<'_, '_> {
    /// What pending calls on a slot can do next.
    pub(super) fn pending_on(&mut self, world: &World, open: OpenId, slot: usize, but: usize) -> Next {
        let mut next = Next::new();
        for place in 0..self.pending.len() {
            let Some(index) = self.pending[place].filter(|index| *index != but) else { continue };
            let call = &self.calls.0[index];
            let is_due = usize::from(call.slot) == slot && world.done & (1 << place) == 0;
            if !is_due || self.is_marked(call) || self.comes_later(world, place) {
                continue;
            }
            let first = next.len();
            self.course.take(world, open, call, &mut next);
            self.retain_hopeful(world, &mut next, first);
            for (world, _) in &mut next[first..] {
                world.done |= 1 << place;
            }
        }
        next
    }

    /// Whether an equal pending call that has not taken effect ends before this one.
    fn comes_later(&self, world: &World, place: usize) -> bool {
        self.reductions.equal_calls_in_order && self.sooner[place] & !world.done != 0
    }

    /// What lost calls on a slot can do next.
    pub(super) fn lost_on(&mut self, world: &World, open: OpenId, slot: usize) -> Next {
        let mut next = Next::new();
        for class in 0..self.lost.len() {
            let LostClass { like, total } = self.lost[class];
            let call = &self.calls.0[like];
            let mut counts = self.course.labels.value(world.lost).clone();
            counts.resize(counts.len().max(class + 1), 0);
            if usize::from(call.slot) != slot || counts[class] >= total {
                continue;
            }
            counts[class] += 1;
            let lost = self.course.labels.number(counts);
            let mut taken = Next::new();
            self.course.take(world, open, call, &mut taken);
            taken.retain(|(after, _)| *after != *world);
            self.retain_hopeful(world, &mut taken, 0);
            next.extend(taken.into_iter().map(|(after, open)| (World { lost, ..after }, open)));
        }
        next
    }

    /// The next layer: what the other slots, or the node, can do to the worlds that were come by.
    pub(super) fn stride(&mut self, fresh: Next, visited: &Worlds, index: usize) -> Next {
        let mut next = Next::new();
        for (world, open) in fresh {
            for (world, open) in self.strides_of_others(&world, open, index) {
                if !self.has(visited, &world, open) {
                    next.extend(self.mark(world, open));
                }
            }
        }
        next
    }

    /// What the other slots and the node can do that this call could notice.
    pub(super) fn strides_of_others(&mut self, world: &World, open: OpenId, index: usize) -> Next {
        if self.course.law.kind != Kind::Node {
            return Next::new();
        }
        let call = &self.calls.0[index];
        let slot = usize::from(call.slot);
        let mut next = self.course.node_moves(world, open, call);
        for other in (0..4).filter(|other| call.looks_at_node || *other != slot) {
            // A read of the slot may have seen it on the way, where a whole stride would not stop.
            let acts = self.acts_on(world, other, index) || self.is_read(world, other);
            if !acts && world.held[other] != UNKNOWN {
                next.extend(self.course.strides(world, open, other));
            } else if acts || world.held[other] != NOTHING {
                next.extend(self.long_strides(world, open, other, index));
            }
        }
        next
    }

    /// Whether a pending or lost call could change a slot.
    pub(super) fn acts_on(&self, world: &World, slot: usize, but: usize) -> bool {
        let is_there = |index: usize| usize::from(self.calls.0[index].slot) == slot;
        let pending = self.pending.iter().enumerate().any(|(place, index)| {
            index.is_some_and(|index| {
                let call = &self.calls.0[index];
                index != but && is_there(index) && world.done & (1 << place) == 0 && !self.is_marked(call)
            })
        });
        pending || self.lost.iter().any(|class| is_there(class.like) && class.total > 0)
    }

    /// Whether a pending read of a slot has not been marked.
    fn is_read(&self, world: &World, slot: usize) -> bool {
        let due = self.reads & !world.done;
        let calls = self.pending.iter().enumerate().filter(|(place, _)| due & (1 << place) != 0);
        calls.filter_map(|(_, index)| *index).any(|index| usize::from(self.calls.0[index].slot) == slot)
    }

    /// Like [`Course::strides`], where pending and lost calls may act on the way. What they do may depend on the node.
    pub(super) fn long_strides(&mut self, start: &World, open: OpenId, slot: usize, but: usize) -> Next {
        let mut visited = Worlds::default();
        let (mut queue, mut found) = (vec![(*start, open)], Next::new());
        while let Some((world, open)) = queue.pop() {
            if !self.insert(&mut visited, world, open) {
                continue;
            }
            if !self.looks() {
                return found;
            }
            let depends = self.course.depends_on_node(&world, slot);
            for (after, open) in self.course.moves(&world, open, slot) {
                let is_seen = depends || (after.node, after.names) != (start.node, start.names);
                for (world, open) in self.mark(after, open) {
                    // A read that was satisfied on the way counts, whatever becomes of the slot after that.
                    if is_seen || world.done != after.done {
                        found.push((world, open));
                    }
                    if !is_seen {
                        queue.push((world, open));
                    }
                }
            }
            let mut acted = self.pending_on(&world, open, slot, but);
            acted.extend(self.lost_on(&world, open, slot));
            for (after, open) in acted {
                found.extend(self.mark(after, open));
            }
        }
        found
    }
}
