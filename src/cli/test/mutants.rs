//! `test --mutants`: the planted bugs, and what became of the search for each.

use std::io::{self, Write};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde_json::{Value, json};

use super::super::{Console, Exit, Failure};
use super::JudgementFormat;
use crate::conformance::corpus::{Corpus, Played, play_to};
use crate::conformance::honest::Honest;
use crate::conformance::mutant::Fault;
use crate::conformance::{Kill, kill};
use crate::sim::Seed;
use crate::spec::Rules;

/// After how many plans a search ends: for a bug that is to be found, and for one that is not expected to be.
const PLANS: u64 = 4_000;
const PLANS_IN_VAIN: u64 = 1_000;

/// What became of the search for each planted bug, and how many cases of the corpus find it.
struct Matrix {
    searches: u64,
    kills: Vec<Kill>,
    by_corpus: Vec<u64>,
}

/// Looks for every planted bug, on all cores, and prints the matrix.
pub(super) fn run(
    searches: u64,
    format: JudgementFormat,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    if matches!(format, JudgementFormat::Junit | JudgementFormat::Github) {
        return Err(Failure::Usage("--mutants is printed as text or as json".to_owned()));
    }
    let plans = |fault: &Fault| if fault.excuse().is_some() { PLANS_IN_VAIN } else { PLANS };
    let kills: Vec<Kill> = Fault::ALL.par_iter().map(|fault| kill(*fault, searches, plans(fault))).collect();
    let exit = if kills.iter().all(Kill::is_as_expected) { Exit::Conforms } else { Exit::Diverges };
    let matrix = Matrix { searches, kills, by_corpus: by_corpus() };
    match format {
        JudgementFormat::Json => writeln!(console.out, "{}", matrix.to_json(exit))?,
        _ => matrix.write(console.out)?,
    }
    Ok(exit)
}

impl Matrix {
    fn rows(&self) -> impl Iterator<Item = (&Kill, u64)> {
        self.kills.iter().zip(self.by_corpus.iter().copied())
    }

    /// How many were found, how many are not expected to be, and how many the corpus finds.
    fn totals(&self) -> [usize; 3] {
        let found = self.kills.iter().filter(|kill| !kill.plans.is_empty()).count();
        let excused = self.kills.iter().filter(|kill| kill.fault.excuse().is_some()).count();
        [found, excused, self.by_corpus.iter().filter(|cases| **cases > 0).count()]
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let columns = ["fault", "clause", "found", "plans", "steps", "corpus"];
        let [fault, clause, found, plans, steps, corpus] = columns;
        writeln!(out, "{fault:<28} {clause:<9} {found:>9} {plans:>7} {steps:>6} {corpus:>6}  ")?;
        for (kill, cases) in self.rows() {
            let number = |number: Option<u64>| number.map_or_else(|| "-".to_owned(), |it| it.to_string());
            let cases = number(Some(cases).filter(|cases| *cases > 0));
            let fault = kill.fault;
            let (plans, steps) = (number(kill.median()), number(kill.steps.map(|steps| steps as u64)));
            let found = format!("{}/{}", kill.plans.len(), self.searches);
            let (name, clause, excuse) = (fault.name(), fault.clause(), fault.excuse().unwrap_or_default());
            writeln!(out, "{name:<28} {clause:<9} {found:>9} {plans:>7} {steps:>6} {cases:>6}  {excuse}")?;
        }
        let [found, excused, by_corpus] = self.totals();
        let total = self.kills.len();
        writeln!(
            out,
            "\n{found} of {total} found, {excused} not expected to be; plans: the median, steps: of the smallest"
        )?;
        writeln!(out, "the corpus finds {by_corpus}; corpus: how many of its cases do")
    }

    fn to_json(&self, exit: Exit) -> Value {
        let rows = self.rows().map(|(kill, cases)| {
            let fault = kill.fault;
            json!({
                "fault": fault.name(),
                "clause": fault.clause(),
                "found": kill.plans.len(),
                "plans": kill.median(),
                "steps": kill.steps,
                "corpus": cases,
                "excuse": fault.excuse(),
            })
        });
        let rows: Vec<_> = rows.collect();
        let [found, excused, by_corpus] = self.totals();
        json!({
            "verdict": exit.verdict(),
            "searches": self.searches,
            "found": found,
            "excused": excused,
            "corpus": by_corpus,
            "mutants": rows,
        })
    }
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
