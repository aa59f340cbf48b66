//! Planted bugs, looked for with random histories and the expected readings.

use action_oracle::conformance::honest::Honest;
use action_oracle::conformance::mutant::Fault;
use action_oracle::oracle::Judge;
use action_oracle::spec::Rules;

use super::drive::drive;
use super::{complaints, judge, told};
use crate::oracle::pinned;

/// How many histories are tried.
const SEEDS: u64 = 250;

/// How many histories are tried for a fault that is expected to stay unnoticed.
const SEEDS_OF_EXCUSED: u64 = 15;

/// How many calls each has.
const CALLS: u64 = 40;

/// Faults that these histories do not show, and why.
const NOT_YET_SEEN: &[(Fault, &str)] = &[
    (Fault::ConflictDropped, EQUIVALENT),
    (
        Fault::ChangeWithoutEffect,
        "the oracle does not compare the role of a node with what change_master did",
    ),
    (Fault::TwoPrimaries, "the oracle does not compare the role of a node with what change_master did"),
    (Fault::ClusterListOfNodes, "the oracle passes over entries of nodes in the list of the cluster"),
    (Fault::FailedIs500, "the oracle does not judge 500 (R-500), not even where 200 is documented (NODE-14)"),
    (Fault::SnapshotDeletedNot, "a user may have taken another one of that name, had it not the same time"),
];

/// Whoever sees answers only cannot tell it from what is right.
const EQUIVALENT: &str = "the first instance may have failed just before the second POST, which nobody sees";

#[test]
fn planted_bugs_are_noticed_first_part() {
    check(0);
}

#[test]
fn planted_bugs_are_noticed_second_part() {
    check(1);
}

#[test]
fn planted_bugs_are_noticed_third_part() {
    check(2);
}

#[test]
fn planted_bugs_are_noticed_fourth_part() {
    check(3);
}

/// Looks for every fourth fault. The parts run side by side.
fn check(part: usize) {
    let (mut judge, mut table, mut wrong) = (judge(), String::new(), Vec::new());
    for fault in Fault::ALL.iter().skip(part).step_by(4) {
        let excuse = NOT_YET_SEEN.iter().find(|(excused, _)| excused == fault);
        let found = noticed(&mut judge, *fault, if excuse.is_some() { SEEDS_OF_EXCUSED } else { SEEDS });
        let tried = found.as_ref().map_or_else(|| "never".to_owned(), |(seeds, _)| seeds.to_string());
        table += &format!("{tried:>6}  {:<28} {:<8} {}\n", fault.name(), fault.clause(), fault.says());
        match (found, excuse) {
            (None, None) => wrong.push(format!("{} was not noticed", fault.name())),
            (Some((_, told)), Some((_, why))) => {
                wrong.push(format!("{} was noticed, though {why}:\n{told}", fault.name()));
            }
            _ => {}
        }
    }
    #[expect(clippy::print_stderr, reason = "shown with --nocapture only")]
    {
        eprintln!("histories tried until each fault was noticed\n{table}");
    }
    assert!(wrong.is_empty(), "{}\n{table}", wrong.join("\n"));
}

/// How many histories it takes until a fault is noticed, and what is said then.
fn noticed(judge: &mut Judge, fault: Fault, seeds: u64) -> Option<(u64, String)> {
    (0..seeds).find_map(|seed| {
        let driven = drive(&mut Honest::with(fault), seed, CALLS);
        let found = complaints(judge, &pinned(driven.nodes, &Rules::default()), &driven)?;
        Some((seed + 1, told(&found[..1], &driven)))
    })
}
