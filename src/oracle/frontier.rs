//! Forward search: the worlds of a cell that are still possible, as one call after the other ends.
//!
//! Calls and silent moves are taken just in time: nothing happens in a world before the end of a call needs it, and
//! then only what that call needs (Lowe's algorithm, with silent moves as calls that are always pending). Worlds that
//! several orders lead to are one, and their readings are united. A read that fits is marked at the first chance,
//! since reading changes nothing. Of equal pending calls the one that ends first is taken first. A world that another
//! one can still become is dropped, and one in which something is gone that is still to be shown is given up. What few
//! calls between two quiet moments make of the worlds is looked up. All but the first of these can be switched off
//! ([`Reductions`]), and must not change the verdict.

mod ahead;
mod bouts;
mod lost;
mod others;
mod pending;
mod possible;
mod reads;

use std::collections::BTreeMap;

use super::call::{At, Bond, Calls, Label, Step};
use super::open::OpenId;
use super::world::{Course, Next, World};
use super::worlds::{Compared, Worlds};
use super::{Budget, Reductions};
use ahead::Sights;
use lost::LostClass;

pub use possible::Possible;

/// How the search of one cell ended.
#[derive(Debug)]
pub(super) enum Found {
    /// Every call is explained, under these unions of readings.
    Explained(Vec<OpenId>),
    /// No world explains the end of this call. Before it there were these.
    Refuted { call: usize, before: Worlds },
    /// The budget ended before the end of this call.
    Exhausted { call: usize },
    /// Every call before the end of this one is explained, under these unions; there were too many worlds to go on.
    Wide { call: usize, union: Vec<OpenId> },
}

/// The search through the calls of one cell.
pub(super) struct Search<'a, 'b> {
    pub(super) course: &'a mut Course<'b>,
    pub(super) calls: &'a Calls,
    pub(super) reductions: Reductions,
    pub(super) budget: Budget,
    /// The calls that have begun and not ended, each at the place of its bit.
    pending: Vec<Option<usize>>,
    /// The bits of pending calls that are marked at the first chance.
    reads: u128,
    /// Those of them that show a task which another call shows too.
    binding: u128,
    /// When the last two calls end that show a task.
    shown: BTreeMap<Label, [At; 2]>,
    /// What is to be shown later; empty if the search does not look ahead.
    sights: Sights,
    /// For each place the bits of equal pending calls that end before the one there.
    sooner: Vec<u128>,
    lost: Vec<LostClass>,
    spent: u64,
    /// How many worlds are kept at the moment, about.
    kept: usize,
    /// How many steps have begun.
    steps: u64,
    /// How many worlds at the end of a call are too many.
    worlds_max: usize,
}

/// How many worlds are looked at in a step, on average, for each that may be left at its end, where those are limited.
const LOOKS_MAX: u64 = 8;

/// So many steps are thought to have been gone through without a look.
const STEPS_FREE: u64 = 128;

/// How many bytes a world takes where it is kept, about.
const WORLD_BYTES: usize = 256;

impl<'a, 'b> Search<'a, 'b> {
    pub(super) fn new(
        course: &'a mut Course<'b>,
        calls: &'a Calls,
        reductions: Reductions,
        budget: Budget,
        worlds_max: usize,
    ) -> Self {
        Self {
            sights: if reductions.looks_ahead { ahead::sights(calls, course.law) } else { Sights::new() },
            shown: calls.tasks_shown(),
            course,
            calls,
            reductions,
            budget,
            pending: Vec::new(),
            reads: 0,
            binding: 0,
            sooner: Vec::new(),
            lost: Vec::new(),
            spent: 0,
            kept: 0,
            steps: 0,
            worlds_max,
        }
    }

    /// Goes through all calls from the worlds that are possible at first.
    pub(super) fn run(&mut self, start: Vec<World>) -> Found {
        self.run_watched(start, |_, _, _| {})
    }

    /// The same, and shows the worlds that are possible at first, and those after each record that is not skipped.
    fn run_watched(&mut self, start: Vec<World>, mut watch: impl FnMut(&mut Self, At, &Worlds)) -> Found {
        let base = self.course.law.base();
        let mut worlds = Worlds::default();
        for world in start {
            self.insert(&mut worlds, world, base);
        }
        watch(self, 0, &worlds);
        match self.go(worlds, watch) {
            Ok(worlds) => Found::Explained(self.union(&worlds)),
            Err(found) => found,
        }
    }

    /// Goes through all calls from worlds, to those that are left.
    fn go(
        &mut self,
        mut worlds: Worlds,
        mut watch: impl FnMut(&mut Self, At, &Worlds),
    ) -> Result<Worlds, Found> {
        let steps = self.calls.steps();
        let mut rest = self.skip(&mut worlds, &steps);
        while let Some(((at, step), later)) = rest.split_first() {
            (self.course.now, self.course.may_clear) = (*at, self.calls.may_clear(*step));
            self.steps += 1;
            match *step {
                Step::Begins(call) => {
                    worlds = self.begin(worlds, call).ok_or(Found::Exhausted { call })?;
                }
                Step::Ends(call) => {
                    let Some(after) = self.end(&worlds, call, *at) else {
                        if self.is_exhausted() {
                            return Err(Found::Exhausted { call });
                        }
                        return Err(Found::Wide { call, union: self.union(&worlds) });
                    };
                    if after.len() == 0 {
                        return Err(Found::Refuted { call, before: worlds });
                    }
                    worlds = after;
                    if worlds.len() > self.worlds_max {
                        return Err(Found::Wide { call, union: self.union(&worlds) });
                    }
                }
            }
            watch(self, *at, &worlds);
            rest = self.skip(&mut worlds, later);
        }
        Ok(worlds)
    }

    /// The readings under which some world is possible.
    fn union(&mut self, worlds: &Worlds) -> Vec<OpenId> {
        let mut union = Vec::new();
        for (_, open) in worlds.iter() {
            self.course.law.opens.unite(&mut union, open);
        }
        union
    }

    /// How many worlds were looked at.
    pub(super) fn spent(&self) -> u64 {
        self.spent
    }

    /// Whether the budget is spent: a count of worlds looked at, or the memory of what was worked out.
    fn is_exhausted(&self) -> bool {
        self.spent > self.budget.worlds
            || self.course.law.size() + self.course.labels.len() * 64 + self.kept * WORLD_BYTES
                > self.budget.bytes
    }

    /// Counts a world that is looked at. False if it is one too many: what was found by then is not all.
    fn looks(&mut self) -> bool {
        self.spent += 1;
        !self.is_over()
    }

    /// Whether too much is spent, on the whole or for the steps that were gone through.
    fn is_over(&self) -> bool {
        let most = u64::try_from(self.worlds_max).unwrap_or(u64::MAX).saturating_mul(LOOKS_MAX);
        self.spent > most.saturating_mul(self.steps + STEPS_FREE) || self.is_exhausted()
    }

    fn begin(&mut self, worlds: Worlds, index: usize) -> Option<Worlds> {
        let call = &self.calls.0[index];
        if call.bond == Bond::Lost {
            match self.class(call) {
                Some(at) => self.lost[at].total += 1,
                None => self.lost.push(LostClass { like: index, total: 1 }),
            }
            return Some(worlds);
        }
        let place = self.put(index)?;
        if !self.is_marked(call) {
            return Some(worlds);
        }
        self.reads |= 1 << place;
        if self.is_shown_elsewhere(call) {
            self.binding |= 1 << place;
        }
        let mut marked = Worlds::default();
        for (world, open) in worlds.iter() {
            let mut both = vec![(world, open)];
            self.mark_one(&mut both, 0, place);
            for (world, open) in both {
                self.insert(&mut marked, world, open);
            }
        }
        Some(marked)
    }

    fn end(&mut self, worlds: &Worlds, index: usize, at: At) -> Option<Worlds> {
        let call = &self.calls.0[index];
        let after = match call.bond {
            Bond::Answered => self.explain(worlds, index)?,
            Bond::Unjudged => self.let_act(worlds, index)?,
            Bond::Lost => {
                let worlds = self.without(worlds, index);
                self.put(index)?;
                self.let_act(&worlds, index)?
            }
        };
        if let Some(place) = self.pending.iter().position(|pending| *pending == Some(index)) {
            self.pending[place] = None;
            self.reads &= !(1 << place);
            self.binding &= !(1 << place);
            self.sooner.iter_mut().for_each(|sooner| *sooner &= !(1 << place));
        }
        if call.task != 0 && call.bond == Bond::Answered {
            self.course.used[call.task as usize] = true;
        }
        debug_assert!(call.ended == at, "a call ends where it ends");
        Some(if self.reductions.drops_dominated { self.without_lavish(after) } else { after })
    }

    /// The last chance of a call to act, unless it did or never will.
    fn let_act(&mut self, worlds: &Worlds, index: usize) -> Option<Worlds> {
        let bit = self.bit(index);
        let mut after = self.explain(worlds, index)?;
        for (world, open) in worlds.iter().filter(|(world, _)| world.done & bit == 0) {
            self.insert(&mut after, world, open);
        }
        Some(after)
    }

    /// All worlds in which the call has taken effect and was answered as it was seen.
    fn explain(&mut self, worlds: &Worlds, index: usize) -> Option<Worlds> {
        let bit = self.bit(index);
        let mut explained = Worlds::default();
        let mut layer = Next::new();
        for (world, open) in worlds.iter() {
            if world.done & bit == 0 {
                layer.push((world, open));
            } else {
                self.insert(&mut explained, World { done: world.done & !bit, ..world }, open);
            }
        }
        let mut visited = Worlds::default();
        let mut dominated = Worlds::default();
        while !layer.is_empty() {
            self.kept = worlds.len() + explained.len() + dominated.len() + visited.len();
            let (fresh, goals) = self.explore(layer, index, &mut visited)?;
            for (world, open) in goals {
                let world = World { done: world.done & !bit, ..world };
                if self.reductions.drops_dominated {
                    if self.has(&dominated, &world, open) {
                        continue;
                    }
                    self.shade(&world, open, index, &mut dominated);
                }
                self.insert(&mut explained, world, open);
            }
            layer = self.stride(fresh, &visited, index);
        }
        (!self.is_over()).then_some(explained)
    }

    /// Notes what a world can become by what is not about this call.
    fn shade(&mut self, world: &World, open: OpenId, index: usize, dominated: &mut Worlds) {
        let mut queue = vec![(*world, open)];
        while let Some((world, open)) = queue.pop() {
            for (world, open) in self.strides_of_others(&world, open, index) {
                for (world, open) in self.mark(world, open) {
                    if self.insert(dominated, world, open) && self.looks() {
                        queue.push((world, open));
                    }
                }
            }
        }
    }

    /// Follows the slot of a call, by silent moves and pending calls on it. Gives the worlds that it came by, and those
    /// that explain the call.
    fn explore(&mut self, layer: Next, index: usize, visited: &mut Worlds) -> Option<(Next, Next)> {
        let call = &self.calls.0[index];
        let (bit, slot) = (self.bit(index), usize::from(call.slot));
        let (mut fresh, mut goals) = (Next::new(), Next::new());
        // Those that spend lost calls wait, for whatever is reached without is better off.
        let (mut queue, mut dear) = (layer, Next::new());
        while let Some((world, open)) = queue.pop().or_else(|| {
            std::mem::swap(&mut queue, &mut dear);
            queue.pop()
        }) {
            if !self.insert(visited, world, open) {
                continue;
            }
            fresh.push((world, open));
            self.kept += 2; // It is among the visited and the fresh.
            if !self.looks() {
                return None;
            }
            let mut taken = Next::new();
            self.course.take(&world, open, call, &mut taken);
            self.retain_hopeful(&world, &mut taken, 0);
            let settled = call.is_pure && self.reductions.reads_first;
            let is_covered =
                settled && taken.iter().any(|(after, covered)| *covered == open && *after == world);
            for (world, open) in taken {
                goals.extend(self.mark(World { done: world.done | bit, ..world }, open));
            }
            if is_covered {
                continue;
            }
            let mut next = self.course.moves(&world, open, slot);
            self.retain_hopeful(&world, &mut next, 0);
            next.extend(self.pending_on(&world, open, slot, index));
            for (world, open) in next {
                queue.extend(self.mark(world, open));
            }
            for (world, open) in self.lost_on(&world, open, slot) {
                dear.extend(self.mark(world, open));
            }
        }
        Some((fresh, goals))
    }

    fn compared(&mut self, world: &World) -> Compared<'_> {
        Compared {
            reads: self.advantages(world),
            opens: &mut self.course.law.opens,
            labels: &self.course.labels,
            unites: self.reductions.unites,
            drops_dominated: self.reductions.drops_dominated,
        }
    }

    fn has(&mut self, worlds: &Worlds, world: &World, open: OpenId) -> bool {
        worlds.has(*world, open, &mut self.compared(world))
    }

    /// Adds a world. False if it was there, or one that is better off.
    fn insert(&mut self, worlds: &mut Worlds, world: World, open: OpenId) -> bool {
        worlds.add(world, open, &mut self.compared(&world))
    }
}
