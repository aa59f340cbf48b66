//! One run: the law, the judge and everybody who watches, step by step through both phases.

use super::scheduler::{Choice, Quiet, Scheduler, Stuck};
use super::workload::Menu;
use super::{Attempt, Coverage, Digest, End, Law, Seen, Watch};
use crate::model::invariant::{Judge, Transition};
use crate::model::{Act, Cluster, Event, Input, NodeUid, Reply, Slot, Time};
use crate::spec::Rules;

/// How many steps the quiet phase may take for each slot: room for every shard to be moved, and bad luck.
const QUIET_STEPS_PER_SLOT: usize = 256;

/// A run on its way.
pub(super) struct Course<'a, W> {
    law: Law,
    rules: Rules,
    coverage: &'a mut Coverage,
    watch: &'a mut W,
    cluster: Cluster,
    judge: Judge,
    digest: Digest,
    now: Time,
    steps: u64,
    effective: u64,
}

impl<'a, W: Watch> Course<'a, W> {
    pub(super) fn new(
        law: Law,
        rules: Rules,
        cluster: Cluster,
        coverage: &'a mut Coverage,
        watch: &'a mut W,
    ) -> Self {
        let judge = Judge::new(&cluster);
        let (digest, now) = (Digest::default(), Time(0));
        Self { law, rules, coverage, watch, cluster, judge, digest, now, steps: 0, effective: 0 }
    }

    /// How many steps there were, how many of them changed something, and the digest of all.
    pub(super) fn finish(self) -> (u64, u64, Digest) {
        self.coverage.note_invariants(self.judge.evaluated());
        (self.steps, self.effective, self.digest)
    }

    /// The first phase: requests, events and faults.
    pub(super) fn busy(&mut self, mut scheduler: Scheduler, menu: &mut Menu, steps: u32) -> Result<(), End> {
        for _ in 0..steps {
            self.now.0 += scheduler.pause_us();
            match scheduler.next(&self.cluster, menu) {
                Choice::Request(index, attempt) => {
                    let entry = menu.entry(index);
                    entry.input.at = self.now;
                    self.step(&entry.input, entry.digest, Some(attempt))?;
                }
                Choice::Special(request, attempt) => {
                    let digest = Digest::of(&request);
                    let input = Input { at: self.now, act: Act::Request(request) };
                    self.step(&input, digest, Some(attempt))?;
                }
                Choice::Event(event) => {
                    let (act, reply) = self.happen(event)?;
                    scheduler.hear(&act, &reply);
                }
            }
        }
        Ok(())
    }

    /// The second phase: everything must end. The bound leaves room for the worst luck.
    pub(super) fn quiet(&mut self, mut quiet: Quiet) -> Result<(), End> {
        let mut refused = Vec::new();
        for _ in 0..QUIET_STEPS_PER_SLOT * self.cluster.slots().count() {
            let next = quiet.next(&self.cluster, &self.rules);
            let Some(event) = next.map_err(|stuck| End::Stuck(Box::new(stuck)))? else { return Ok(()) };
            self.now.0 += 1;
            if let (Act::Event(Event::Task(slot, step)), Reply::NotEnabled(why)) = self.happen(event)? {
                refused.retain(|(other, earlier, _)| (other, earlier) != (&slot, &step));
                refused.push((slot, step, why));
            }
        }
        let Some((slot, instance)) = self.cluster.live().next() else { return Ok(()) };
        let of_slot = refused.iter().filter(|(other, ..)| *other == slot);
        let hindrances = of_slot.map(|(_, step, why)| (*step, *why)).collect();
        Err(End::Stuck(Box::new(Stuck { slot, status: instance.status, hindrances })))
    }

    /// Lets an event happen now. Gives it back with what came of it.
    fn happen(&mut self, event: Event) -> Result<(Act, Reply), End> {
        let digest = Digest::of(&event);
        let input = Input { at: self.now, act: Act::Event(event) };
        let reply = self.step(&input, digest, None)?;
        Ok((input.act, reply))
    }

    fn step(&mut self, input: &Input, input_digest: u64, attempt: Option<Attempt>) -> Result<Reply, End> {
        let reply = (self.law)(&mut self.cluster, &self.rules, input);
        self.steps += 1;
        self.digest.fold(input.at.0);
        self.digest.fold(input_digest);
        self.digest.fold(Digest::of(&reply));
        let (digest, effective, coverage) = (&mut self.digest, &mut self.effective, &mut *self.coverage);
        let seen = self.judge.see(&self.rules, input, &reply, &self.cluster, |transition, slots, nodes| {
            coverage.note(transition, slots, nodes);
            if !slots.is_empty() || !nodes.is_empty() {
                *effective += 1;
                fold_state(digest, transition, slots, nodes);
            }
        });
        self.watch.see(&Seen { input, reply: &reply, digest: self.digest, attempt });
        seen.map_err(End::Broken)?;
        Ok(reply)
    }
}

/// Folds in what changed of the state. What did not change was folded in before.
fn fold_state(digest: &mut Digest, transition: &Transition<'_>, slots: &[Slot], nodes: &[NodeUid]) {
    let Transition { before, after, .. } = transition;
    for &slot in slots {
        digest.fold(Digest::of(&after.instance(slot)));
    }
    for &uid in nodes {
        let Some(node) = after.node(uid) else {
            digest.fold(u64::from(uid.0));
            continue;
        };
        digest.fold(Digest::of(&(node.up, node.bootstrapped, node.activations, node.leaving)));
        let old = before.node(uid);
        if old.is_none_or(|old| old.shards != node.shards || old.endpoints != node.endpoints) {
            digest.fold(Digest::of(&(&node.shards, &node.endpoints)));
        }
        if old.is_none_or(|old| old.snapshots != node.snapshots) {
            digest.fold(Digest::of(&node.snapshots));
        }
    }
    digest.fold(Digest::of(&after.primary()));
}
