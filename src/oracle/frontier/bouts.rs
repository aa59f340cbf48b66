//! From one moment without calls under way to the next, by what is remembered of such bouts.

use std::rc::Rc;

use super::super::bout::{After, BeliefId, Bout, Labels, Ranks, label, renamed};
use super::super::call::{At, Bond, Call, Calls, NEVER, Step};
use super::super::seen::Seen;
use super::super::world::{Course, World};
use super::super::worlds::Worlds;
use super::{Reductions, Search};
use crate::history::CallId;

/// So many calls are a bout that may come again.
const CALLS_MAX: usize = 8;

/// The worlds at a moment without calls under way.
struct Quiet {
    belief: BeliefId,
    labels: Labels,
}

impl Search<'_, '_> {
    /// Goes through bouts as long as it is known what becomes of them, and gives the steps that are left. A bout that is
    /// not explained, or not easily, is left: its calls are to be taken one by one.
    pub(super) fn skip<'s>(&mut self, worlds: &mut Worlds, steps: &'s [(At, Step)]) -> &'s [(At, Step)] {
        let is_quiet =
            self.reductions.looks_up && self.lost.is_empty() && self.pending.iter().all(Option::is_none);
        let mut rest = steps;
        let mut next = if is_quiet { self.bout(rest) } else { None };
        if next.is_none() {
            return steps;
        }
        let mut quiet = self.quiet(worlds);
        while let Some(calls) = next {
            let Some(bout) = self.named(&mut quiet, calls) else { break };
            let Some(after) = self.after(bout) else { break };
            self.spent += after.spent;
            if after.widest > self.worlds_max || self.is_over() {
                self.spent -= after.spent;
                break;
            }
            quiet = Quiet { belief: after.belief, labels: quiet.labels.behind(&after.labels) };
            self.course.law.ask(after.asked);
            self.steps += calls.len() as u64;
            for call in begun(self.calls, calls).filter(|call| call.bond == Bond::Answered && call.task != 0)
            {
                self.course.used[call.task as usize] = true;
            }
            rest = &rest[calls.len()..];
            next = self.bout(rest);
        }
        if rest.len() < steps.len() {
            *worlds = self.worlds_of(&quiet);
        }
        rest
    }

    /// The steps until no call is under way, if those are few calls, none of them lost.
    fn bout<'s>(&self, steps: &'s [(At, Step)]) -> Option<&'s [(At, Step)]> {
        let mut open = 0;
        for (at, (_, step)) in steps.iter().take(CALLS_MAX * 2).enumerate() {
            match step {
                Step::Begins(call) if self.calls.0[*call].bond == Bond::Lost => return None,
                Step::Begins(_) => open += 1,
                Step::Ends(_) => open -= 1,
            }
            if open == 0 {
                return Some(&steps[..=at]);
            }
        }
        None
    }

    fn quiet(&mut self, worlds: &Worlds) -> Quiet {
        let (belief, labels) = self.course.law.bouts.believe(worlds.iter(), &self.course.labels);
        Quiet { belief, labels }
    }

    fn worlds_of(&mut self, quiet: &Quiet) -> Worlds {
        let Quiet { belief, labels } = quiet;
        let mut worlds = Worlds::default();
        for (world, open) in self.course.law.bouts.worlds(*belief).to_vec() {
            let names = self.course.law.bouts.lists.value(world.names).iter();
            let names = names.map(|name| label(&labels.names, *name)).collect();
            let tasks = world.tasks.map(|task| label(&labels.tasks, task));
            let (names, wanted) = (self.course.labels.number(names), label(&labels.names, world.wanted));
            self.insert(&mut worlds, World { tasks, names, wanted, ..world }, open);
        }
        worlds
    }

    /// A bout with its labels numbered, the new ones after those of the worlds, if they are not too many.
    fn named(&mut self, quiet: &mut Quiet, steps: &[(At, Step)]) -> Option<Bout> {
        let Quiet { belief, labels } = quiet;
        let ranks = Ranks::of(steps.iter().map(|(at, _)| *at));
        let end = steps.last().map_or(NEVER, |(at, _)| *at);
        let mut shown_again = 0;
        let mut calls = Vec::with_capacity(steps.len() / 2);
        for call in begun(self.calls, steps) {
            let law = &mut *self.course.law;
            let is_list = matches!(law.symbol(call.symbol).seen, Some(Seen::Snapshots(_)));
            let (task, name) = (labels.task(call.task), labels.name(call.name));
            let shown = if is_list {
                renamed(call.shown, &self.course.labels, labels, &mut law.bouts.lists)
            } else {
                labels.name(call.shown)
            };
            if !labels.are_few() {
                return None;
            }
            if self.shown.get(&call.task).is_some_and(|[last, _]| *last > end) {
                shown_again |= 1 << task;
            }
            let may_clear = if law.discarding().is_empty() { 0 } else { call.may_clear };
            let numbered = Call { id: CallId(0), target: None, task, name, shown, may_clear, ..*call };
            calls.push(ranks.call(&numbered));
        }
        let standing = ranks.standing(&self.course.standing);
        let used = bits(labels.tasks.iter().map(|task| self.course.used[*task as usize]));
        let of_maintenance = bits(labels.names.iter().map(|name| self.course.is_maintenance[*name as usize]));
        Some(Bout { belief: *belief, calls, standing, used, of_maintenance, shown_again })
    }

    /// What becomes of a bout, if it is explained.
    fn after(&mut self, bout: Bout) -> Option<Rc<After>> {
        if let Some(known) = self.course.law.bouts.get(&bout) {
            return known;
        }
        if self.course.law.bouts.are_full() {
            return None;
        }
        let after = self.work_out(&bout).map(Rc::new);
        self.course.law.bouts.learn(bout, after.clone());
        after
    }

    /// Searches a bout by itself.
    fn work_out(&mut self, bout: &Bout) -> Option<After> {
        let law = &mut *self.course.law;
        let asked = law.forget();
        let kinds: Vec<_> = bools(bout.of_maintenance).collect();
        let start = law.bouts.worlds(bout.belief).to_vec();
        let labels = law.bouts.lists.clone();
        let used = bools(bout.used).collect();
        let standing = bout.standing;
        let mut course = Course { law, labels, is_maintenance: &kinds, standing, now: 0, may_clear: 0, used };
        let calls = Calls(bout.calls.clone());
        let reductions = Reductions { looks_up: false, ..self.reductions.in_step() };
        let mut search = Search::new(&mut course, &calls, reductions, self.budget, self.worlds_max);
        search.shown_again(bout.shown_again);
        let mut worlds = Worlds::default();
        for (world, open) in start {
            search.insert(&mut worlds, world, open);
        }
        let mut widest = worlds.len();
        let found = search.go(worlds, |_, _, worlds| widest = worlds.len().max(widest));
        let spent = search.spent;
        let after = found.ok().map(|worlds| {
            let (belief, labels) = course.law.bouts.believe(worlds.iter(), &course.labels);
            After { belief, labels, widest, spent, asked: course.law.asked() }
        });
        course.law.forget();
        course.law.ask(asked);
        after
    }

    /// Notes that tasks are shown by later calls too.
    fn shown_again(&mut self, tasks: u64) {
        for (task, [last, before]) in &mut self.shown {
            if tasks & (1 << task) != 0 {
                (*last, *before) = (NEVER, *last);
            }
        }
    }
}

/// The calls that begin in some steps.
fn begun<'a>(calls: &'a Calls, steps: &'a [(At, Step)]) -> impl Iterator<Item = &'a Call> {
    steps.iter().filter_map(|(_, step)| match step {
        Step::Begins(call) => Some(&calls.0[*call]),
        Step::Ends(_) => None,
    })
}

/// A bit for each number, from 1 on.
fn bits(flags: impl Iterator<Item = bool>) -> u64 {
    flags.enumerate().fold(0, |bits, (at, flag)| bits | u64::from(flag) << (at + 1))
}

/// A flag for each number, and for 0.
fn bools(bits: u64) -> impl Iterator<Item = bool> {
    (0..u64::BITS).map(move |at| bits >> at & 1 == 1)
}
