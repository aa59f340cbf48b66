//! `test --mutants`: the planted bugs, and what became of the search for each.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::super::{Console, Exit, Failure};
use crate::conformance::mutant::Fault;
use crate::conformance::{Kill, kill};

/// After how many plans a search ends.
const PLANS: u64 = 1_000;

/// Looks for every planted bug, on all cores, and prints the matrix.
pub(super) fn run(searches: u64, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let kills: Vec<Kill> = Fault::ALL.par_iter().map(|fault| kill(*fault, searches, PLANS)).collect();
    writeln!(console.out, "{:<28} {:<9} {:>9} {:>7} {:>6}  ", "fault", "clause", "found", "plans", "steps")?;
    for kill in &kills {
        let number = |number: Option<u64>| number.map_or_else(|| "-".to_owned(), |it| it.to_string());
        let fault = kill.fault;
        let (plans, steps) = (number(kill.median()), number(kill.steps.map(|steps| steps as u64)));
        let found = format!("{}/{searches}", kill.plans.len());
        let (name, clause, excuse) = (fault.name(), fault.clause(), fault.excuse().unwrap_or_default());
        writeln!(console.out, "{name:<28} {clause:<9} {found:>9} {plans:>7} {steps:>6}  {excuse}")?;
    }
    let found = kills.iter().filter(|kill| !kill.plans.is_empty()).count();
    let excused = kills.iter().filter(|kill| kill.fault.excuse().is_some()).count();
    let total = kills.len();
    writeln!(
        console.out,
        "\n{found} of {total} found, {excused} not expected to be; plans: the median, steps: of the smallest"
    )?;
    Ok(if kills.iter().all(Kill::is_as_expected) { Exit::Conforms } else { Exit::Diverges })
}
