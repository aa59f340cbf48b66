//! Whom the corpus accuses: never anybody whom the oracle, which sees the same calls, does not.

use action_oracle::conformance::corpus::{Diverged, Played, play_to};
use action_oracle::conformance::honest::Honest;
use action_oracle::conformance::mutant::Fault;
use action_oracle::conformance::variant::Variant;
use action_oracle::history::{CallId, Header, Initial, Invoke, Kind, Members, Record, Return};
use action_oracle::model::NodeUid;
use action_oracle::oracle::{self, Judge, Verdict};
use action_oracle::sim::Seed;
use action_oracle::spec::{Edition, Rules};

use super::{counts, expected};

/// What the oracle says of the calls of a divergence, all readings known.
fn judged(judge: &mut Judge, found: &Diverged) -> Verdict {
    let nodes = (1..=3).map(NodeUid).collect();
    let mut header = Header::new(Initial::Empty(Members::Nodes(nodes)));
    header.edition = Some(Edition::E74);
    header.rules = Rules::default().answers();
    let mut records = Vec::new();
    for (id, (request, response)) in (1..).map(CallId).zip(&found.calls) {
        let invoke = Invoke { id, client: None, request: request.clone() };
        records.push(Record::new(None, Kind::Invoke(invoke)));
        records.push(Record::new(None, Kind::Return(Return::of(id, response.clone()))));
    }
    judge.judge_records(&header, records).verdict
}

fn divergences(played: Vec<Played>) -> impl Iterator<Item = (String, Diverged)> {
    played.into_iter().zip(&expected().0.cases).filter_map(|(played, case)| match played {
        Played::Diverged(found) => Some((case.name.clone(), *found)),
        _ => None,
    })
}

#[test]
fn what_the_corpus_accuses_the_oracle_accuses_too() {
    let faults = Fault::ALL.iter().map(|fault| (fault.name(), Honest::with(*fault)));
    let variants = Variant::ALL.iter().map(|variant| (variant.name(), Honest::following(*variant)));
    let mut judge = Judge::new(oracle::Options::default());
    let mut accused = 0;
    for (name, mut subject) in faults.chain(variants) {
        let played = play_to(&mut subject, &expected().0, Seed(0), 3);
        // The first few of each: they are much alike.
        for (case, found) in divergences(played).take(4) {
            let verdict = judged(&mut judge, &found);
            // The oracle allows for nodes that somebody adds. Nobody else uses the cluster of a corpus.
            let is_no_member =
                found.calls.last().and_then(|(request, _)| request.path.node()) > Some(NodeUid(3));
            let is_accused = matches!(verdict, Verdict::Diverges(_));
            assert!(is_accused || is_no_member, "{name}, {case}: {found:#?}");
            accused += 1;
        }
    }
    assert!(accused > 300, "only {accused} accusations were looked at");
}

/// What is found of the planted bugs. The catalogue is for learning: no case was made for one, and
/// `test --mutants` lists what is found.
#[test]
fn most_planted_bugs_are_found() {
    let is_lost =
        |fault: &Fault| counts(&play_to(&mut Honest::with(*fault), &expected().0, Seed(0), 20))[2] == 0;
    let lost: Vec<_> = Fault::ALL.iter().copied().filter(is_lost).collect();
    assert!(lost.len() * 4 < Fault::ALL.len(), "not found: {lost:?}");
}

/// For the right reason: the clause that is broken is one of those that the step names.
#[test]
fn a_bug_is_found_by_its_clause() {
    let handful = [
        (Fault::StatusDone, "NODE-14"),
        (Fault::GetEndedNotFound, "NODE-14"),
        (Fault::NodeListBare, "NODE-6"),
        (Fault::DeleteAbsentOk, "DEL-4"),
        (Fault::PostAccepted202, "POST-5"),
        (Fault::ConflictBadRequest, "POST-1"),
        (Fault::MalformedAccepted, "POST-7"),
        (Fault::TargetUnknownAccepted, "CHM-5"),
    ];
    for (fault, clause) in handful {
        let played = play_to(&mut Honest::with(fault), &expected().0, Seed(0), 5);
        let cases = &expected().0.cases;
        let names = |(played, case): (&Played, &action_oracle::conformance::corpus::Case)| match played {
            Played::Diverged(found) => case.steps[found.step].clauses.iter().any(|id| id == clause),
            _ => false,
        };
        assert!(played.iter().zip(cases).any(names), "{}", fault.name());
    }
}
