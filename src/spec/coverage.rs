//! What holds a statement of the documents to the code.
//!
//! A test covers the clauses and readings that its name begins with: `post_3_resubmit_removes_the_result`
//! covers `POST-3`, and `post_3_life_21_…` covers two. The names are listed in `tests.txt`, which a test keeps
//! equal to the sources of the tests. A clause that nothing covers has an [`excuse`]: a rule for evidence, or
//! a line of [`UNCOVERED`].
//!
//! Invariants, which cover clauses too, are in [`crate::model::invariant`]; whoever wants both asks both.

mod uncovered;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Authority, Clause, clause, reading};

pub use uncovered::UNCOVERED;

/// One test a line, `module::name`, sorted.
const TESTS: &str = include_str!("tests.txt");

/// The tests that are named after a clause or a reading.
pub fn tests_for(id: &str) -> Vec<&'static str> {
    static COVERED: LazyLock<BTreeMap<&str, Vec<&str>>> = LazyLock::new(|| {
        let mut covered = BTreeMap::<_, Vec<_>>::new();
        for test in TESTS.lines() {
            for id in ids_of(test) {
                covered.entry(id).or_default().push(test);
            }
        }
        covered
    });
    COVERED.get(id).cloned().unwrap_or_default()
}

/// The clauses and readings that a test is named after; `test` may carry its module.
pub fn ids_of(test: &str) -> Vec<&'static str> {
    let mut rest = test.rsplit("::").next().unwrap_or(test);
    let mut ids = Vec::new();
    while let Some((id, after)) = leading_id(rest) {
        ids.push(id);
        rest = after;
    }
    ids
}

/// Why nothing needs to cover a clause; `None` if something must.
pub fn excuse(clause: &Clause) -> Option<&'static str> {
    let listed = UNCOVERED.iter().find(|(id, _)| *id == clause.id).map(|(_, reason)| *reason);
    let evidence =
        is_evidence(clause).then_some("evidence, not law: it explains other clauses and binds nobody");
    listed.or(evidence)
}

/// Whether a clause binds nobody: it tells what changed between versions, or what somebody measured, wrote
/// long ago or expects.
pub fn is_evidence(clause: &Clause) -> bool {
    let in_area = |prefix| clause.id.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-'));
    in_area("EVID") || in_area("VER") || clause.authority.iter().all(|who| *who >= Authority::Legacy)
}

/// The longest ID that a name begins with, and what follows it.
fn leading_id(name: &str) -> Option<(&'static str, &str)> {
    let ids = clause::all().map(|clause| clause.id).chain(reading::all().map(|reading| reading.id));
    let after = |id: &'static str| {
        let rest = name.strip_prefix(&id.to_lowercase().replace('-', "_"))?;
        // `post_1` is no beginning of `post_13_…`.
        (rest.is_empty() || rest.starts_with('_')).then(|| (id, rest.trim_start_matches('_')))
    };
    ids.filter_map(after).max_by_key(|(id, _)| id.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_covers_what_its_name_begins_with() {
        assert_eq!(ids_of("post::post_3_resubmit_removes_the_result"), ["POST-3"]);
        assert_eq!(ids_of("post_13_the_answer"), ["POST-13"]);
        assert_eq!(ids_of("post_3_life_21_the_last_result"), ["POST-3", "LIFE-21"]);
        assert_eq!(ids_of("r_starting_cancel_defers"), ["R-STARTING-CANCEL"]);
        assert_eq!(ids_of("the_clause_post_3_is_known"), [""; 0]);
    }

    #[test]
    fn of_two_readings_the_longer_is_meant() {
        assert_eq!(ids_of("r_remove_flag_sticks"), ["R-REMOVE-FLAG"]);
        assert_eq!(ids_of("r_remove_flag_when_it_is_set"), ["R-REMOVE-FLAG-WHEN"]);
    }
}
