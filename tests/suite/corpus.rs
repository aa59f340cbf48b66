//! The corpus: that it is made in the same bytes, what it covers, whom it accuses and whom not.

use std::sync::OnceLock;

use action_oracle::conformance::corpus::{Corpus, Coverage, Played, play_to};
use action_oracle::conformance::{Subject, honest::Honest};
use action_oracle::explore;
use action_oracle::model::{Cluster, Status};
use action_oracle::sim::Seed;
use action_oracle::spec::{Rules, clause, coverage};

mod accused;
mod file;
mod law;
mod pattern;
mod verify;

/// The corpus of the expected readings, on three nodes. It is made once.
pub(crate) fn expected() -> &'static (Corpus, Coverage) {
    static MADE: OnceLock<(Corpus, Coverage)> = OnceLock::new();
    MADE.get_or_init(|| Corpus::make(&Rules::default(), 3))
}

/// How many cases were reached, missed and diverged.
pub(crate) fn counts(played: &[Played]) -> [usize; 3] {
    let count = |is: fn(&Played) -> bool| played.iter().filter(|one| is(one)).count();
    [
        count(|one| matches!(one, Played::Reached { .. })),
        count(|one| matches!(one, Played::Missed { .. })),
        count(|one| matches!(one, Played::Diverged(_))),
    ]
}

/// What came of a corpus, and the first divergence in words.
#[track_caller]
fn conforms(subject: &mut dyn Subject, corpus: &Corpus, tries: u64) -> [usize; 3] {
    let played = play_to(subject, corpus, Seed(0), tries);
    for (case, played) in corpus.cases.iter().zip(&played) {
        if let Played::Diverged(found) = played {
            panic!("{}: {found:#?}, allowed {:#?}", case.name, case.steps[found.step].answers);
        }
    }
    counts(&played)
}

#[test]
fn the_same_rules_give_the_same_bytes() {
    let bytes = |corpus: &Corpus| {
        let mut bytes = Vec::new();
        corpus.write(&mut bytes).expect("memory can be written");
        bytes
    };
    let rules = Rules::default();
    let twice = [Corpus::make(&rules, 1).0, Corpus::make(&rules, 1).0];
    assert!(bytes(&twice[0]) == bytes(&twice[1]));
    assert_eq!(Corpus::read(bytes(&expected().0).as_slice()).as_ref(), Ok(&expected().0));
}

#[test]
fn it_is_few_and_short() {
    let (corpus, coverage) = expected();
    let longest = corpus.cases.iter().map(|case| case.steps.len()).max();
    assert!(corpus.cases.len() < 200, "{} cases", corpus.cases.len());
    assert!(longest < Some(40), "{longest:?} steps");
    assert!(coverage.clauses.len() > 100, "{} clauses", coverage.clauses.len());
    let mut names: Vec<_> = corpus.cases.iter().map(|case| &case.name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), corpus.cases.len(), "each has a name of its own");
}

/// The explorer walks everything; what it meets on one node some case goes through on three.
#[test]
fn every_reachable_cell_is_in_some_case() {
    let options = explore::Options::new(Cluster::new(1), Rules::default());
    let explored = explore::explore(&options).expect("one node can be explored");
    let name = |status: Option<Status>| status.map_or("absent", Status::name);
    let cells = explored.answers.matrix.keys();
    let cells: Vec<_> = cells.map(|it| format!("{} {} {}", it.operation, name(it.status), it.code)).collect();
    let (corpus, coverage) = expected();
    let lost: Vec<_> = cells.iter().filter(|cell| !coverage.cells.contains(*cell)).collect();
    assert!(cells.len() > 80 && lost.is_empty(), "no case goes through {lost:?}");
    let in_cases: Vec<_> = corpus.cases.iter().flat_map(|case| &case.cells).collect();
    assert!(coverage.cells.iter().all(|cell| in_cases.contains(&cell)));
}

#[test]
fn every_clause_is_in_some_case_or_has_a_reason() {
    let coverage = &expected().1;
    let uncovered: Vec<_> = coverage.uncovered.iter().map(|(id, _)| *id).collect();
    for clause in clause::all() {
        assert_ne!(coverage.clauses.contains(clause.id), uncovered.contains(&clause.id), "{}", clause.id);
    }
    for (id, reason) in &coverage.uncovered {
        let clause = clause::all().find(|clause| clause.id == *id).expect("it exists");
        assert_eq!(coverage::excuse(clause).unwrap_or(reason), *reason);
    }
}

#[test]
fn the_honest_implementation_conforms_and_takes_nearly_every_course() {
    let (corpus, _) = expected();
    let [reached, missed, _] = conforms(&mut Honest::new(), corpus, 50);
    assert!(missed < 6 && reached > 100, "{reached} reached, {missed} missed");
}
