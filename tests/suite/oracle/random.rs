//! Random histories: what is true conforms, and on what is perhaps not true both judges agree.

use std::collections::BTreeMap;

use action_oracle::history::{Header, Record};
use action_oracle::model::{NodeAction, NodeUid, Slot};
use action_oracle::oracle::Verdict;
use action_oracle::spec::Rules;

use super::brute::is_possible;
use super::made::{Made, Plan, history};
use super::mutant::{mutated, plainer, shrunk};
use super::{conforms, diverges, fresh, verdict};
use crate::history::text;

/// What went wrong, with the whole history.
fn report(what: &str, seed: u64, header: &Header, records: &[Record], rules: &Rules) -> String {
    let told = rules.overrides();
    format!("{what}\nseed {seed}, {} with {told:?}\n{}", rules.edition(), text(header, records))
}

/// Whether a true history is taken for one, whatever its header tells.
fn check_true(seed: u64, made: &Made, counts: &mut Counts) -> Option<String> {
    let edition = Some(made.rules.edition());
    let headers = [("pinned", made.pinned()), ("edition", made.open(edition)), ("open", made.open(None))];
    for (name, header) in headers {
        let verdict = verdict(&header, &made.records);
        *counts.entry(name).or_default() += 1;
        if name == "pinned" && !conforms(&verdict) || diverges(&verdict) {
            let what = format!("a true history, {name}: {verdict:?}");
            return Some(report(&what, seed, &header, &made.records, &made.rules));
        }
        if matches!(verdict, Verdict::Undecided) {
            *counts.entry("undecided").or_default() += 1;
        }
    }
    None
}

/// Whether both judges agree: always on what is possible, and on what is not if it is exact.
fn check_same(seed: u64, made: &Made, is_exact: bool, counts: &mut Counts) -> Option<String> {
    let kind = compared(made);
    *counts.entry(kind).or_default() += 1;
    let is_wrong = |kind: &str| kind == REFUSED || is_exact && kind == MISSED;
    if !is_wrong(kind) {
        return None;
    }
    let records = shrunk(&made.records, |records| {
        compared(&Made { records: records.to_vec(), ..made.clone() }) == kind
    });
    let made = Made { records, ..made.clone() };
    let rules = plainer(&made.rules, |rules| compared(&Made { rules: *rules, ..made.clone() }) == kind);
    let made = Made { rules, ..made };
    Some(report(kind, seed, &made.open(Some(rules.edition())), &made.records, &rules))
}

const REFUSED: &str = "possible but refused";
const MISSED: &str = "impossible but not refused";

/// What both judges say, in a word.
fn compared(made: &Made) -> &'static str {
    let possible = is_possible(&fresh(made.nodes), &made.rules, &made.records);
    let verdict = verdict(&made.pinned(), &made.records);
    match (possible, &verdict) {
        (None, _) => "too much",
        (Some(true), verdict) if diverges(verdict) => REFUSED,
        (Some(true), Verdict::Undecided) => "possible but undecided",
        (Some(true), _) => "possible",
        (Some(false), verdict) if conforms(verdict) => MISSED,
        (Some(false), Verdict::Undecided) => "impossible but undecided",
        (Some(false), _) => "impossible",
    }
}

type Counts = BTreeMap<&'static str, u32>;

fn run(seeds: std::ops::Range<u64>, plan: &Plan, is_exact: bool) -> (Vec<String>, Counts) {
    let (mut failures, mut counts) = (Vec::new(), BTreeMap::new());
    for seed in seeds {
        let made = history(seed, plan);
        if plan.varies_pins {
            failures.extend(check_same(seed, &made, is_exact, &mut counts));
        } else {
            failures.extend(check_true(seed, &made, &mut counts));
        }
        if let Some(records) = mutated(&made.records, seed) {
            failures.extend(check_same(seed, &Made { records, ..made }, is_exact, &mut counts));
        }
    }
    (failures, counts)
}

fn check(seeds: std::ops::Range<u64>, plan: &Plan, is_exact: bool) {
    let (mut failures, counts) = run(seeds, plan, is_exact);
    failures.sort_by_key(|failure| !failure.starts_with(REFUSED));
    let some: String = failures.iter().take(6).map(|failure| format!("{failure}\n")).collect();
    assert!(failures.is_empty(), "{} of {counts:?}\n{some}", failures.len());
    #[expect(clippy::print_stderr, reason = "shown with --nocapture only")]
    {
        eprintln!("{plan:?}: {counts:?}");
    }
}

const ENSLAVE: Slot = Slot::Node(NodeUid(1), NodeAction::EnslaveNode);
const OFF: Slot = Slot::Node(NodeUid(1), NodeAction::MaintenanceOff);
const ON: Slot = Slot::Node(NodeUid(1), NodeAction::MaintenanceOn);
const REMOVE: Slot = Slot::Node(NodeUid(1), NodeAction::Remove);

const WIDE: Plan = Plan { nodes: 1, slot: None, calls: 6, is_wide: true, varies_pins: true, fixed: &[] };

#[test]
fn one_slot_is_judged_exactly() {
    check(0..200, &Plan::of(ENSLAVE, 1), true);
}

#[test]
fn what_is_possible_never_diverges() {
    check(0..60, &WIDE, false);
    check(0..40, &Plan { nodes: 2, ..WIDE }, false);
}

#[test]
fn what_is_true_conforms() {
    check(0..60, &Plan { varies_pins: false, ..WIDE }, false);
}

#[test]
#[ignore = "takes minutes"]
fn at_length_one_slot_is_judged_exactly() {
    check(0..5_000, &Plan::of(ENSLAVE, 1), true);
    check(0..5_000, &Plan { is_wide: true, calls: 7, ..Plan::of(ENSLAVE, 1) }, true);
}

#[test]
#[ignore = "takes minutes"]
fn at_length_maintenance_is_judged_exactly() {
    check(0..3_000, &Plan { calls: 6, is_wide: true, ..Plan::of(OFF, 1) }, true);
    let fixed = &[("R-SNAP-OVERWRITE-ACTIVE", "FAITHFUL"), ("R-QUORUM-SMALL", "EXEMPT")];
    check(0..1_000, &Plan { fixed, ..Plan::of(ON, 3) }, true);
}

#[test]
#[ignore = "takes minutes"]
fn at_length_removal_is_judged_exactly() {
    // How small the cluster is and whether there is room is not looked at.
    let fixed = &[("R-REMOVE-LAST", "ALLOWED"), ("R-REMOVE-CAPACITY", "ASYNC"), ("R-REMOVE-QUORUM", "NONE")];
    check(0..1_000, &Plan { fixed, ..Plan::of(REMOVE, 3) }, true);
}

#[test]
#[ignore = "takes minutes"]
fn at_length_what_is_possible_never_diverges() {
    check(0..3_000, &WIDE, false);
    check(0..2_000, &Plan { nodes: 2, ..WIDE }, false);
    for slot in [ENSLAVE, OFF, ON, REMOVE, Slot::ChangeMaster] {
        check(0..1_000, &Plan { is_wide: true, calls: 7, ..Plan::of(slot, 2) }, false);
    }
}

#[test]
#[ignore = "takes minutes"]
fn at_length_what_is_true_conforms() {
    for nodes in 1..4 {
        check(0..2_000, &Plan { varies_pins: false, nodes, calls: 10, ..WIDE }, false);
    }
}
