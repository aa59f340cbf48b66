//! Random histories: what is true conforms, and on what is perhaps not true both judges agree.

use std::collections::BTreeMap;

use action_oracle::history::{Header, Record};
use action_oracle::model::{NodeAction, NodeUid, Slot};
use action_oracle::oracle::{Budget, Options as JudgeOptions, Reductions, Verdict};
use action_oracle::sim::{Options, RuleChoice, Seed, Simulator};
use action_oracle::spec::Rules;

use super::brute::{is_possible, is_possible_with_shared_ids};
use super::made::{Made, Plan, history};
use super::mutant::{mutated, plainer, shrunk, with_other_shards};
use super::{conforms, diverges, judged, pinned, verdict};
use crate::history::{read, text};

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
    let possible = is_possible(&made.start(), &made.rules, &made.records);
    let verdict = verdict(&made.pinned(), &made.records);
    match (possible, &verdict) {
        (None, _) => "too much",
        (Some(true), verdict) if diverges(verdict) => REFUSED,
        (Some(true), Verdict::Undecided) => "possible but undecided",
        (Some(true), _) => "possible",
        (Some(false), verdict) if conforms(verdict) && shares_ids(made) => "impossible by a shared id only",
        (Some(false), verdict) if conforms(verdict) => MISSED,
        (Some(false), Verdict::Undecided) => "impossible but undecided",
        (Some(false), _) => "impossible",
    }
}

/// Whether nothing is wrong but that two tasks have one id. The judge does not see it while the calls that show it
/// overlap: see `known`.
fn shares_ids(made: &Made) -> bool {
    is_possible_with_shared_ids(&made.start(), &made.rules, &made.records) == Some(true)
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
        if let Some(records) = plan.data.and_then(|_| with_other_shards(&made.records, seed)) {
            failures.extend(check_same(seed, &Made { records, ..made.clone() }, is_exact, &mut counts));
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

const WIDE: Plan =
    Plan { nodes: 1, slot: None, calls: 6, is_wide: true, varies_pins: true, fixed: &[], data: None };

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

/// The clusters of these have data, and answers show where it is, or where it is not.
#[test]
fn where_data_is_seen_is_judged() {
    for replicated in [false, true] {
        let plan = Plan { calls: 5, data: Some(replicated), ..Plan::of(ON, 3) };
        check(0..25, &plan, false);
        check(0..12, &Plan { slot: None, calls: 5, varies_pins: false, ..plan }, false);
    }
}

#[test]
#[ignore = "takes minutes"]
fn at_length_where_data_is_seen_is_judged() {
    for replicated in [false, true] {
        let plan = Plan { calls: 6, data: Some(replicated), ..Plan::of(ON, 3) };
        check(0..1_000, &plan, false);
        check(0..500, &Plan { slot: None, ..plan }, false);
        check(0..500, &Plan { slot: None, calls: 12, varies_pins: false, ..plan }, false);
    }
}

#[test]
#[ignore = "takes minutes"]
fn at_length_one_slot_is_judged_exactly() {
    check(0..4_000, &Plan::of(ENSLAVE, 1), true);
    check(0..4_000, &Plan { is_wide: true, calls: 7, ..Plan::of(ENSLAVE, 1) }, true);
}

#[test]
#[ignore = "takes minutes"]
fn at_length_maintenance_off_is_judged_exactly() {
    check(0..3_000, &Plan { calls: 6, is_wide: true, ..Plan::of(OFF, 1) }, true);
}

#[test]
#[ignore = "takes minutes"]
fn at_length_maintenance_on_is_judged_exactly() {
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
        check(0..300, &Plan { varies_pins: false, nodes, ..WIDE }, false);
    }
}

/// What the simulator makes of its seeds: with databases, faults and every kind of request.
fn check_simulated(seeds: std::ops::Range<u64>, steps: u32) {
    let mut undecided = 0;
    for seed in seeds {
        let options = Options {
            steps,
            nodes: Some(1 + u32::try_from(seed % 4).expect("it is small")),
            rules: RuleChoice::Drawn,
            ..Options::default()
        };
        let mut bytes = Vec::new();
        let (run, _) = Simulator::new(options).history(Seed(seed), &mut bytes).expect("there is room");
        let (said, records, _) = read(&bytes).expect("it is well formed");
        let mut header = said.clone();
        header.rules = pinned(1, &run.swarm.rules).rules;
        for header in [header, said] {
            let verdict = verdict(&header, &records);
            undecided += u32::from(matches!(verdict, Verdict::Undecided));
            let is_pinned = header.rules.len() > 50;
            let is_fine = if is_pinned { conforms(&verdict) } else { !diverges(&verdict) };
            let what = || report(&format!("{verdict:?}"), seed, &header, &records, &run.swarm.rules);
            assert!(is_fine, "pinned: {is_pinned}\n{}", what());
        }
    }
    assert!(undecided < 10, "{undecided} are undecided");
}

#[test]
fn what_is_simulated_conforms() {
    check_simulated(0..20, 40);
}

/// Lost calls may act for ever, and so more and more can be.
#[test]
fn what_many_lost_calls_leave_open_is_decided() {
    let (mut lost, mut limited) = (0, 0);
    for seed in 0..4 {
        let options = Options {
            steps: 1_500,
            nodes: Some(1),
            clients: Some(1),
            rules: RuleChoice::Drawn,
            ..Options::default()
        };
        let mut bytes = Vec::new();
        Simulator::new(options).history(Seed(seed), &mut bytes).expect("there is room");
        let (header, records, _) = read(&bytes).expect("it is well formed");
        let budget = Budget { worlds: 500_000, ..Budget::default() };
        let judgement = judged(&header, &records, &JudgeOptions { budget, ..JudgeOptions::default() });
        assert!(conforms(&judgement.verdict), "seed {seed}: {:?}", judgement.verdict);
        lost += judgement.lost;
        limited += judgement.limits.len();
    }
    assert!(lost > 50, "only {lost} calls were lost");
    assert!(limited > 0, "the slots of a node are looked at together, whatever that takes");
}

/// Many lost calls that can do the same are one class of calls, and that changes no verdict.
#[test]
fn lost_calls_that_can_do_the_same_need_not_be_told_apart() {
    let (mut lost, mut diverging) = (0, 0);
    for seed in 0..6 {
        let rules = RuleChoice::Drawn;
        let options = Options { steps: 500, nodes: Some(1), clients: Some(2), rules, ..Options::default() };
        let mut bytes = Vec::new();
        Simulator::new(options).history(Seed(seed), &mut bytes).expect("there is room");
        let (header, records, _) = read(&bytes).expect("it is well formed");
        let changed = (0..4).filter_map(|at| mutated(&records, seed * 4 + at));
        for records in changed.chain([records.clone()]) {
            let apart = Reductions { merges_alike: false, ..Reductions::default() };
            let [merged, apart] = [Reductions::default(), apart].map(|reductions| {
                judged(&header, &records, &JudgeOptions { reductions, ..JudgeOptions::default() })
            });
            let is_same = conforms(&merged.verdict) == conforms(&apart.verdict)
                && diverges(&merged.verdict) == diverges(&apart.verdict);
            assert!(is_same, "seed {seed}: {:?} and {:?}", merged.verdict, apart.verdict);
            diverging += usize::from(diverges(&merged.verdict));
            lost += merged.lost;
        }
    }
    assert!(lost > 100 && diverging > 3, "{lost} calls were lost, and {diverging} histories diverge");
}

#[test]
#[ignore = "takes minutes"]
fn at_length_what_is_simulated_conforms() {
    check_simulated(0..400, 40);
    check_simulated(0..200, 120);
}
