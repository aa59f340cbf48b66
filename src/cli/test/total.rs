//! Several runs, as one judgement.

use super::Judged;
use crate::oracle::{Judgement, Place, Verdict};
use crate::spec::Question;

/// What is said of all runs together.
pub(super) struct Total {
    /// The divergence of the last run, if it has one; else the weakest verdict, and the sums.
    pub(super) judgement: Judgement,
    /// Questions of which no answer is told of all runs, though each run is explained. The answers of a run are told
    /// around one assignment that explains it; others to other questions may make up for the difference.
    pub(super) torn: Vec<Question>,
}

/// Adds up runs. There is at least one.
pub(super) fn of(runs: &[Judged]) -> Total {
    let verdicts = || runs.iter().map(|run| &run.judgement.verdict);
    let verdict =
        if let Some(Verdict::Diverges(found)) = verdicts().find(|it| matches!(it, Verdict::Diverges(_))) {
            Verdict::Diverges(found.clone())
        } else if verdicts().any(|it| matches!(it, Verdict::Undecided)) {
            Verdict::Undecided
        } else if verdicts().any(|it| matches!(it, Verdict::Conforms)) {
            Verdict::Conforms
        } else {
            Verdict::NothingChecked
        };
    let mut total = Judgement {
        verdict,
        judged: 0,
        unjudged: 0,
        lost: 0,
        records: 0,
        is_truncated: false,
        edition: None,
        coverage: Default::default(),
        undecided: Vec::new(),
        limits: Vec::new(),
        readings: Vec::new(),
    };
    let mut torn = Vec::new();
    for (number, Judged { judgement: one, .. }) in runs.iter().enumerate() {
        total.judged += one.judged;
        total.unjudged += one.unjudged;
        total.lost += one.lost;
        total.records += one.records;
        total.is_truncated |= one.is_truncated;
        total.edition = one.edition;
        for (cell, count) in &one.coverage {
            *total.coverage.entry(cell.clone()).or_default() += count;
        }
        let place = |place: &Place| {
            let unit = if runs.len() > 1 {
                format!("run {}, {}", number + 1, place.unit)
            } else {
                place.unit.clone()
            };
            Place { unit, record: place.record }
        };
        total.undecided.extend(one.undecided.iter().map(place));
        total.limits.extend(one.limits.iter().map(place));
        for (question, answers) in &one.readings {
            let Some((_, known)) = total.readings.iter_mut().find(|(known, _)| known == question) else {
                total.readings.push((*question, answers.clone()));
                continue;
            };
            let both: Vec<_> = known.iter().copied().filter(|answer| answers.contains(answer)).collect();
            if both.is_empty() {
                torn.push(*question);
                known.extend(answers);
                known.sort_unstable();
                known.dedup();
            } else {
                *known = both;
            }
        }
    }
    torn.sort_unstable_by_key(|question| question.index());
    torn.dedup();
    Total { judgement: total, torn }
}
