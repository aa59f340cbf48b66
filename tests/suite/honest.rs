//! The honest implementation against the oracle: two readings of the same documents.

use action_oracle::conformance::honest::Honest;
use action_oracle::history::{CallId, Header, Kind, Record};
use action_oracle::oracle::{Budget, Divergence, Judge, Options, Verdict};
use action_oracle::spec::{Edition, Rules};

use crate::history::text;
use crate::oracle::{header_of, pinned};
use drive::{Driven, drive};

mod catalogue;
mod drive;
mod mutants;
mod variants;

/// What is told of the readings: all that is expected, the edition, or nothing.
fn headers(nodes: u32) -> [(&'static str, Header); 3] {
    let mut edition = header_of(nodes);
    edition.edition = Some(Edition::E74);
    [("pinned", pinned(nodes, &Rules::default())), ("edition", edition), ("open", header_of(nodes))]
}

/// A judge who gives up after a while.
fn judge() -> Judge {
    let budget = Budget { worlds: 20_000, ..Budget::default() };
    Judge::new(Options { budget, ..Options::default() })
}

/// What a judge complains of. One who has not decided after a while does not.
fn complaints(judge: &mut Judge, header: &Header, driven: &Driven) -> Option<Vec<Divergence>> {
    match judge.judge_records(header, driven.records.iter().cloned()).verdict {
        Verdict::Diverges(found) => Some(found),
        Verdict::Conforms | Verdict::NothingChecked | Verdict::Undecided => None,
    }
}

#[test]
fn the_honest_implementation_conforms() {
    let (mut judge, mut failures) = (judge(), Vec::new());
    for seed in 0..60 {
        let driven = drive(&mut Honest::new(), seed, 40);
        for (name, header) in headers(driven.nodes) {
            if let Some(found) = complaints(&mut judge, &header, &driven) {
                failures.push(format!("seed {seed}, {name}:\n{}", told(&found, &driven)));
            }
        }
    }
    assert!(failures.is_empty(), "{} failed\n{}", failures.len(), failures.join("\n"));
}

/// What a judge says, with the calls that force it.
fn told(found: &[Divergence], driven: &Driven) -> String {
    let one = |one: &Divergence| {
        let core: Vec<_> = driven.records.iter().filter(|record| is_of(record, &one.core)).cloned().collect();
        format!("{} {:?}\n{}", one.sentence, one.clauses, text(&header_of(driven.nodes), &core))
    };
    found.iter().map(one).collect()
}

fn is_of(record: &Record, calls: &[CallId]) -> bool {
    match &record.kind {
        Kind::Invoke(invoke) => calls.contains(&invoke.id),
        Kind::Return(answer) => calls.contains(&answer.id),
        _ => false,
    }
}
