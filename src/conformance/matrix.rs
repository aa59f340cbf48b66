//! The kill matrix: whether, how soon and how shortly a planted bug is shown.

use super::honest::Honest;
use super::mutant::Fault;
use super::run::{Options, run};
use crate::spec::{Edition, Rules};

/// What became of the search for a planted bug, over several seeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kill {
    /// The bug.
    pub fault: Fault,
    /// For each seed that found it, in the order of the seeds: how many plans it took.
    pub plans: Vec<u64>,
    /// How many seeds there were.
    pub seeds: u64,
    /// How many steps the smallest plan has that shows it.
    pub steps: Option<usize>,
}

impl Kill {
    /// How many plans it took in the median of the seeds that found it.
    pub fn median(&self) -> Option<u64> {
        let mut plans = self.plans.clone();
        plans.sort_unstable();
        plans.get(plans.len() / 2).copied()
    }

    /// Whether every seed found it, or none can be expected to.
    pub fn is_as_expected(&self) -> bool {
        let found = self.plans.len() as u64;
        if self.fault.excuse().is_some() { found == 0 } else { found == self.seeds }
    }
}

/// How far the first seeds of two searches are apart.
const APART: u64 = 1 << 20;

/// Looks for a planted bug in the honest implementation, with all readings known, in so many plans for each seed.
pub fn kill(fault: Fault, seeds: u64, plans: u64) -> Kill {
    let options = Options {
        edition: Some(Edition::E74),
        rules: Rules::default().answers(),
        plans,
        proof: 0,
        ..Options::default()
    };
    let mut kill = Kill { fault, plans: Vec::new(), seeds, steps: None };
    for seed in (0..seeds).map(|at| at * APART) {
        let options = Options { seed, ..options.clone() };
        let report = run(&mut Honest::with(fault), &options).expect("every modelled rule exists");
        if let Some(finding) = report.findings.first() {
            let steps = finding.plan.steps.len();
            kill.plans.push(report.plans);
            kill.steps = Some(kill.steps.map_or(steps, |least| least.min(steps)));
        }
    }
    kill
}
