//! The seeded simulator: invents runs of the law and looks for a broken invariant.
//!
//! A run has two phases. In the first, clients ask and faults strike. Then faults and requests stop, and every
//! live instance must end. A run is nothing but a list of inputs: [`Simulator::record`] hands them out, and
//! whoever has them needs neither the seed nor the simulator. Memory does not grow with the length of a run.

pub mod campaign;
mod coverage;
mod digest;
mod fault;
mod recorder;
mod scheduler;
pub mod seed;
mod swarm;
mod topology;
mod watch;
mod workload;

use std::collections::BTreeMap;

use crate::case::{Case, Found, Signature};
use crate::model::invariant::{Broken, Judge, Transition};
use crate::model::{self, Act, Cluster, Event, Input, NodeUid, Reply, Slot, Time};
use crate::script;
use crate::spec::Rules;
use scheduler::{Choice, Quiet, Scheduler};
use workload::Menu;

pub use campaign::{Campaign, Worker};
pub use coverage::{Coverage, SOMETIMES, Sometimes};
pub use digest::Digest;
pub use fault::{Fault, Faults, UnknownFault};
pub use scheduler::Stuck;
pub use seed::{BadSeed, Seed};
pub use swarm::Swarm;
pub use watch::{Attempt, Seen, Watch};
pub use workload::Operation;

/// A law to simulate: [`model::step`], or one with a planted bug.
pub type Law = fn(&mut Cluster, &Rules, &Input) -> Reply;

/// A law with one wrong edge: a cancellation may complete. A campaign that does not catch it is worth nothing.
pub fn canary(cluster: &mut Cluster, rules: &Rules, input: &Input) -> Reply {
    let mut wrong = *rules;
    wrong.cancelling_outcome = crate::spec::rules::CancellingOutcome::MayComplete;
    model::step(cluster, &wrong, input)
}

/// What is asked of the simulator; the same for all runs of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many steps the first phase of a run has.
    pub steps: u32,
    /// How many nodes a cluster has; drawn for each run if absent.
    pub nodes: Option<u32>,
    /// How many clients ask; drawn for each run if absent.
    pub clients: Option<u32>,
    /// The cluster that every run starts from; drawn for each run if absent.
    pub topology: Option<Cluster>,
    /// The families of faults to draw from.
    pub faults: Faults,
    /// The rules of the law.
    pub rules: RuleChoice,
}

/// Where the rules of a run come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleChoice {
    /// These, for all runs.
    Fixed(Rules),
    /// Edition and readings are drawn for each run.
    Drawn,
}

impl Default for Options {
    fn default() -> Self {
        let rules = RuleChoice::Fixed(Rules::default());
        Self { steps: 400, nodes: None, clients: None, topology: None, faults: Faults::ALL, rules }
    }
}

impl Options {
    /// The cluster that a run starts from.
    fn start(&self, seed: Seed, swarm: &Swarm) -> Cluster {
        self.topology.clone().unwrap_or_else(|| topology::draw(seed, swarm.nodes))
    }
}

/// What came of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What named it.
    pub seed: Seed,
    /// The options that were drawn.
    pub swarm: Swarm,
    /// How many inputs there were, both phases together.
    pub steps: u64,
    /// How many of them changed the cluster.
    pub effective: u64,
    /// The hash of all inputs, replies and states.
    pub digest: Digest,
    /// How it ended.
    pub end: End,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Everything has ended, and every invariant held.
    Quiet,
    /// An invariant was broken in the last step.
    Broken(Box<Broken>),
    /// An instance did not end.
    Stuck(Box<Stuck>),
}

/// Runs seeds one after the other and adds up what they exercised.
#[derive(Debug)]
pub struct Simulator {
    options: Options,
    law: Law,
    menus: BTreeMap<u32, Menu>,
    coverage: Coverage,
}

/// The check that a run which does not come to rest fails.
pub const EVERYTHING_ENDS: &str = "everything-ends";

/// How many steps the quiet phase may take for each slot: room for every shard to be moved, and bad luck.
const QUIET_STEPS_PER_SLOT: usize = 256;

/// What changes during one run.
struct Course {
    cluster: Cluster,
    rules: Rules,
    judge: Judge,
    digest: Digest,
    now: Time,
    steps: u64,
    effective: u64,
}

impl Simulator {
    /// A simulator of the law.
    pub fn new(options: Options) -> Self {
        Self::of(options, model::step)
    }

    /// A simulator of another law.
    pub fn of(options: Options, law: Law) -> Self {
        Self { options, law, menus: BTreeMap::new(), coverage: Coverage::default() }
    }

    /// Another simulator of the same law and options, which has seen nothing yet.
    #[must_use]
    pub fn twin(&self) -> Self {
        Self::of(self.options.clone(), self.law)
    }

    /// What all runs so far exercised.
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// Runs one seed.
    pub fn run(&mut self, seed: Seed) -> Run {
        self.record(seed, &mut ())
    }

    /// Runs one seed and shows every step. The run is the same whether it is watched or not.
    pub fn record(&mut self, seed: Seed, watch: &mut impl Watch) -> Run {
        let swarm = Swarm::draw(seed, &self.options);
        let (steps, law) = (self.options.steps, self.law);
        let menu = self.menus.entry(swarm.nodes).or_insert_with(|| Menu::new(swarm.nodes));
        let mut course = Course::new(swarm.rules, self.options.start(seed, &swarm));
        let end = course.busy(law, seed, &swarm, steps, menu, &mut self.coverage, watch);
        let end = end.and_then(|()| course.quiet(law, seed, &mut self.coverage, watch));
        self.coverage.note_invariants(course.judge.evaluated());
        let Course { steps, effective, digest, .. } = course;
        Run { seed, swarm, steps, effective, digest, end: end.err().unwrap_or(End::Quiet) }
    }
}

impl Simulator {
    /// Runs one seed and writes down every step, with what it shows if it failed.
    pub fn case(&mut self, seed: Seed) -> (Run, Case) {
        let swarm = Swarm::draw(seed, &self.options);
        let mut case = Case::new(swarm.rules, self.options.start(seed, &swarm));
        case.found = Some(Found { seed: seed.0, version: env!("CARGO_PKG_VERSION").to_owned() });
        let mut note = |input: &Input, reply: &Reply, _: Digest| case.record(input.clone(), reply);
        let run = self.record(seed, &mut note);
        case.expect = match &run.end {
            End::Quiet => None,
            End::Broken(broken) => case.lines.last().map(|line| signature(broken, &line.input)),
            End::Stuck(stuck) => Some(Signature {
                check: EVERYTHING_ENDS.to_owned(),
                operation: stuck.slot.action_name().to_owned(),
                expected: "an end".to_owned(),
                observed: stuck.status.name().to_owned(),
                status: stuck.status.name().to_owned(),
            }),
        };
        (run, case)
    }
}

/// What makes two broken invariants the same failure.
fn signature(broken: &Broken, input: &Input) -> Signature {
    let words = script::print(&input.act);
    let operation = words.split(' ').next().unwrap_or_default().to_owned();
    let (expected, observed) = ("holds".to_owned(), "broken".to_owned());
    let (check, status) = (broken.invariant.to_owned(), String::new());
    Signature { check, operation, expected, observed, status }
}

impl Course {
    fn new(rules: Rules, cluster: Cluster) -> Self {
        let judge = Judge::new(&cluster);
        let (digest, now) = (Digest::default(), Time(0));
        Self { cluster, rules, judge, digest, now, steps: 0, effective: 0 }
    }

    /// The first phase: requests, events and faults.
    #[expect(clippy::too_many_arguments, reason = "the parts of a simulator that a run borrows")]
    fn busy(
        &mut self,
        law: Law,
        seed: Seed,
        swarm: &Swarm,
        steps: u32,
        menu: &mut Menu,
        coverage: &mut Coverage,
        watch: &mut impl Watch,
    ) -> Result<(), End> {
        let mut scheduler = Scheduler::new(seed, swarm, menu);
        for _ in 0..steps {
            self.now.0 += scheduler.pause_us();
            match scheduler.next(&self.cluster, menu) {
                Choice::Request(index, attempt) => {
                    let entry = menu.entry(index);
                    entry.input.at = self.now;
                    self.step(law, &entry.input, entry.digest, Some(attempt), coverage, watch)?;
                }
                Choice::Special(request, attempt) => {
                    let digest = Digest::of(&request);
                    let input = Input { at: self.now, act: Act::Request(request) };
                    self.step(law, &input, digest, Some(attempt), coverage, watch)?;
                }
                Choice::Event(event) => {
                    let digest = Digest::of(&event);
                    let input = Input { at: self.now, act: Act::Event(event) };
                    let reply = self.step(law, &input, digest, None, coverage, watch)?;
                    if let Act::Event(event) = &input.act {
                        scheduler.hear(event, &reply);
                    }
                }
            }
        }
        Ok(())
    }

    /// The second phase: everything must end. The bound leaves room for the worst luck.
    fn quiet(
        &mut self,
        law: Law,
        seed: Seed,
        coverage: &mut Coverage,
        watch: &mut impl Watch,
    ) -> Result<(), End> {
        let mut quiet = Quiet::new(seed);
        let mut refused = Vec::new();
        for _ in 0..QUIET_STEPS_PER_SLOT * self.cluster.slots().count() {
            let next = quiet.next(&self.cluster, &self.rules);
            let Some(event) = next.map_err(|stuck| End::Stuck(Box::new(stuck)))? else { return Ok(()) };
            self.now.0 += 1;
            let digest = Digest::of(&event);
            let input = Input { at: self.now, act: Act::Event(event) };
            let reply = self.step(law, &input, digest, None, coverage, watch)?;
            if let (Act::Event(Event::Task(slot, step)), Reply::NotEnabled(why)) = (input.act, reply) {
                refused.retain(|(other, earlier, _)| (other, earlier) != (&slot, &step));
                refused.push((slot, step, why));
            }
        }
        let live = self.cluster.slots().find_map(|slot| {
            let instance = self.cluster.instance(slot).filter(|instance| instance.is_live())?;
            let of_slot = refused.iter().filter(|(other, ..)| *other == slot);
            let hindrances = of_slot.map(|(_, step, why)| (*step, *why)).collect();
            Some(Stuck { slot, status: instance.status, hindrances })
        });
        live.map_or(Ok(()), |stuck| Err(End::Stuck(Box::new(stuck))))
    }

    fn step(
        &mut self,
        law: Law,
        input: &Input,
        input_digest: u64,
        attempt: Option<Attempt>,
        coverage: &mut Coverage,
        watch: &mut impl Watch,
    ) -> Result<Reply, End> {
        let reply = law(&mut self.cluster, &self.rules, input);
        self.steps += 1;
        self.digest.fold(input.at.0);
        self.digest.fold(input_digest);
        self.digest.fold(Digest::of(&reply));
        let (digest, effective) = (&mut self.digest, &mut self.effective);
        let seen = self.judge.see(&self.rules, input, &reply, &self.cluster, |transition, slots, nodes| {
            coverage.note(transition, slots, nodes);
            if !slots.is_empty() || !nodes.is_empty() {
                *effective += 1;
                fold_state(digest, transition, slots, nodes);
            }
        });
        watch.see(&Seen { input, reply: &reply, digest: self.digest, attempt });
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
