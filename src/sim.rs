//! The seeded simulator: invents runs of the law and looks for a broken invariant.
//!
//! A run has two phases. In the first, clients ask and faults strike. Then faults and requests stop, and every
//! live instance must end. A run is nothing but a list of inputs: [`Simulator::record`] hands them out, and
//! whoever has them needs neither the seed nor the simulator. Memory does not grow with the length of a run.

pub mod campaign;
mod course;
mod coverage;
mod digest;
mod fault;
mod nature;
mod recorder;
mod scheduler;
pub mod seed;
mod swarm;
mod topology;
mod watch;
mod workload;

use std::collections::BTreeMap;

use crate::case::{Case, Found, Signature};
use crate::model::invariant::Broken;
use crate::model::{self, Cluster, Input, Reply};
use crate::script;
use crate::spec::Rules;
use course::Course;
use scheduler::{Quiet, Scheduler};
use workload::Menu;

pub use campaign::{Campaign, Worker};
pub use coverage::{Coverage, SOMETIMES, Sometimes};
pub use digest::Digest;
pub use fault::{Fault, Faults, UnknownFault};
pub use nature::Nature;
pub use recorder::told;
pub use scheduler::Stuck;
pub use seed::{BadSeed, Seed};
pub use swarm::Swarm;
pub use watch::{Attempt, Seen, Watch};
pub use workload::Operation;
pub(crate) use workload::{USER_SNAPSHOT, about, beside_slots};

/// A law to simulate: [`model::step`], or one with a planted bug.
pub type Law = fn(&mut Cluster, &Rules, &Input) -> Reply;

/// A law with one wrong edge: a cancellation may complete. A campaign that does not catch it is worth nothing.
pub fn canary(cluster: &mut Cluster, rules: &Rules, input: &Input) -> Reply {
    let mut wrong = *rules;
    wrong.set("R-CANCELLING-OUTCOME", "MAY-COMPLETE").expect("the variant exists");
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

/// Whether a case that shows a run without an end still shows it: something lives where it ends.
pub fn is_stuck(case: &Case, last: &Cluster) -> bool {
    let expects = case.expect.as_ref().is_some_and(|expect| expect.check == EVERYTHING_ENDS);
    expects && last.live().next().is_some()
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
        let menu = self.menus.entry(swarm.nodes).or_insert_with(|| Menu::new(swarm.nodes));
        let start = self.options.start(seed, &swarm);
        let mut course = Course::new(self.law, swarm.rules, start, &mut self.coverage, watch);
        let end = course.busy(Scheduler::new(seed, &swarm, menu), menu, self.options.steps);
        let end = end.and_then(|()| course.quiet(Quiet::new(seed)));
        let (steps, effective, digest) = course.finish();
        Run { seed, swarm, steps, effective, digest, end: end.err().unwrap_or(End::Quiet) }
    }

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
