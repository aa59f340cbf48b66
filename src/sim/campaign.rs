//! Many runs, added up so that neither their order nor the number of workers shows.

use super::{Coverage, Digest, End, Law, Options, Run, Seed, Simulator};
use crate::model::invariant::Invariant;
use crate::model::{Input, Reply};

/// One run in so many is done twice and compared.
const TWICE: u64 = 20;

/// How many failing runs are kept; the rest is counted.
const FAILURES_MAX: usize = 16;

/// A campaign of so many runs is expected to reach everything.
const RUNS_FOR_ALL: u64 = 1_000;

/// What came of many runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// How many runs there were.
    pub runs: u64,
    /// How many steps they had.
    pub steps: u64,
    /// How many steps changed the cluster.
    pub effective: u64,
    /// The hash of all runs.
    pub digest: Digest,
    /// What they exercised.
    pub coverage: Coverage,
    /// How many runs did not end quietly.
    pub failed: u64,
    /// Those with the lowest seeds.
    pub failures: Vec<Run>,
    /// How many runs were done twice.
    pub twice: u64,
    /// The lowest seed whose second run differed from its first, and where.
    pub unstable: Option<Unstable>,
}

/// Two runs of one seed that differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unstable {
    /// The seed.
    pub seed: Seed,
    /// The number of the first step that differs, from 1.
    pub step: u64,
    /// What happened there, first and second.
    pub both: [Option<String>; 2],
}

impl Default for Campaign {
    fn default() -> Self {
        Self {
            runs: 0,
            steps: 0,
            effective: 0,
            digest: Digest(0),
            coverage: Coverage::default(),
            failed: 0,
            failures: Vec::new(),
            twice: 0,
            unstable: None,
        }
    }
}

/// Does some of the runs of a campaign.
#[derive(Debug)]
pub struct Worker {
    simulator: Simulator,
    again: Simulator,
    campaign: Campaign,
}

impl Worker {
    /// A worker on a law.
    pub fn new(options: Options, law: Law) -> Self {
        let simulator = Simulator::of(options, law);
        Self { again: simulator.twin(), simulator, campaign: Campaign::default() }
    }

    /// Does one run, and one in twenty twice.
    pub fn run(&mut self, seed: Seed) {
        let run = self.simulator.run(seed);
        let campaign = &mut self.campaign;
        if seed.0.is_multiple_of(TWICE) {
            campaign.twice += 1;
            if self.again.run(seed) != run {
                let unstable = first_difference(seed, &mut self.simulator.twin(), &mut self.again);
                campaign.unstable.get_or_insert(unstable);
            }
        }
        campaign.runs += 1;
        campaign.steps += run.steps;
        campaign.effective += run.effective;
        campaign.digest.0 = campaign.digest.0.wrapping_add(run.digest.of_run(seed.0));
        if run.end != End::Quiet {
            campaign.failed += 1;
            campaign.keep(run);
        }
    }

    /// What came of it.
    pub fn finish(self) -> Campaign {
        Campaign { coverage: self.simulator.coverage().clone(), ..self.campaign }
    }
}

/// Every step in words, with the digest so far.
fn steps_of(seed: Seed, simulator: &mut Simulator) -> Vec<(Digest, String)> {
    let mut steps = Vec::new();
    let mut note =
        |input: &Input, reply: &Reply, digest| steps.push((digest, format!("{input:?} -> {reply:?}")));
    simulator.record(seed, &mut note);
    steps
}

fn first_difference(seed: Seed, one: &mut Simulator, other: &mut Simulator) -> Unstable {
    let (first, second) = (steps_of(seed, one), steps_of(seed, other));
    let length = first.len().max(second.len());
    let at = (0..length).find(|at| first.get(*at) != second.get(*at)).unwrap_or(length);
    let both = [first, second].map(|steps| steps.into_iter().nth(at).map(|(_, text)| text));
    Unstable { seed, step: at as u64 + 1, both }
}

impl Campaign {
    /// Adds what came of other runs. The order does not matter.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.runs += other.runs;
        self.steps += other.steps;
        self.effective += other.effective;
        self.digest.0 = self.digest.0.wrapping_add(other.digest.0);
        self.coverage.merge(&other.coverage);
        self.failed += other.failed;
        other.failures.into_iter().for_each(|run| self.keep(run));
        self.twice += other.twice;
        let lowest = |unstable: &Unstable| unstable.seed;
        self.unstable = [self.unstable, other.unstable].into_iter().flatten().min_by_key(lowest);
        self
    }

    fn keep(&mut self, run: Run) {
        let at = self.failures.partition_point(|kept| kept.seed < run.seed);
        self.failures.insert(at, run);
        self.failures.truncate(FAILURES_MAX);
    }

    /// The invariants that were never evaluated, and the things that never happened, in so many runs that all
    /// of them should have been. Empty for a short campaign, of which nothing can be expected.
    pub fn missing(&self) -> Vec<&'static str> {
        if self.runs < RUNS_FOR_ALL {
            return Vec::new();
        }
        let always = self.coverage.always().filter(|(_, count)| *count == 0);
        let sometimes = self.coverage.sometimes().filter(|(_, count)| *count == 0);
        let name = |(invariant, _): (&'static Invariant, _)| invariant.name;
        always.map(name).chain(sometimes.map(|(thing, _)| thing.name)).collect()
    }
}
