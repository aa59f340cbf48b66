//! `test --mutants`: the planted bugs, and what became of the search for each.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::super::{Console, Exit, Failure};
use crate::conformance::corpus::{Corpus, Played, play_to};
use crate::conformance::honest::Honest;
use crate::conformance::mutant::Fault;
use crate::conformance::{Kill, kill};
use crate::sim::Seed;
use crate::spec::Rules;

/// After how many plans a search ends: for a bug that is to be found, and for one that is not expected to be.
const PLANS: u64 = 4_000;
const PLANS_IN_VAIN: u64 = 1_000;

/// Looks for every planted bug, on all cores, and prints the matrix.
pub(super) fn run(searches: u64, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let plans = |fault: &Fault| if fault.excuse().is_some() { PLANS_IN_VAIN } else { PLANS };
    let kills: Vec<Kill> = Fault::ALL.par_iter().map(|fault| kill(*fault, searches, plans(fault))).collect();
    let by_corpus = by_corpus();
    let columns = ["fault", "clause", "found", "plans", "steps", "corpus"];
    let [fault, clause, found, plans, steps, corpus] = columns;
    writeln!(console.out, "{fault:<28} {clause:<9} {found:>9} {plans:>7} {steps:>6} {corpus:>6}  ")?;
    for (kill, cases) in kills.iter().zip(&by_corpus) {
        let number = |number: Option<u64>| number.map_or_else(|| "-".to_owned(), |it| it.to_string());
        let cases = number(Some(*cases).filter(|cases| *cases > 0));
        let fault = kill.fault;
        let (plans, steps) = (number(kill.median()), number(kill.steps.map(|steps| steps as u64)));
        let found = format!("{}/{searches}", kill.plans.len());
        let (name, clause, excuse) = (fault.name(), fault.clause(), fault.excuse().unwrap_or_default());
        writeln!(
            console.out,
            "{name:<28} {clause:<9} {found:>9} {plans:>7} {steps:>6} {cases:>6}  {excuse}"
        )?;
    }
    let found = kills.iter().filter(|kill| !kill.plans.is_empty()).count();
    let excused = kills.iter().filter(|kill| kill.fault.excuse().is_some()).count();
    let total = kills.len();
    writeln!(
        console.out,
        "\n{found} of {total} found, {excused} not expected to be; plans: the median, steps: of the smallest"
    )?;
    let found = by_corpus.iter().filter(|cases| **cases > 0).count();
    writeln!(console.out, "the corpus finds {found}; corpus: how many of its cases do")?;
    Ok(if kills.iter().all(Kill::is_as_expected) { Exit::Conforms } else { Exit::Diverges })
}

/// How often a case of the corpus is tried until it is reached.
const TRIES: u64 = 20;

/// For each planted bug, how many cases of the corpus find it.
fn by_corpus() -> Vec<u64> {
    let (corpus, _) = Corpus::make(&Rules::default(), 3);
    let cases = |fault: &Fault| {
        let played = play_to(&mut Honest::with(*fault), &corpus, Seed(0), TRIES);
        played.iter().filter(|one| matches!(one, Played::Diverged(_))).count() as u64
    };
    Fault::ALL.par_iter().map(cases).collect()
}
