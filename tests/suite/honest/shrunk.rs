//! Shrinking ends in a normal form: whatever seed found it, the plan that is left is the same, or nearly.

use std::collections::BTreeSet;

use action_oracle::conformance::honest::Honest;
use action_oracle::conformance::mutant::Fault;
use action_oracle::conformance::{Options, Plan, Step};

use super::{pinned, tested};

/// The shortest plans that show a fault, and how many steps each has: counted by hand from what the fault does.
const SHORTEST: [(Fault, usize); 4] = [
    (Fault::StatusPending, 2),
    (Fault::NodeListBare, 1),
    (Fault::ConflictFailed, 6),
    (Fault::TaskOtherInPost, 2),
];

#[test]
fn the_plans_of_different_seeds_shrink_to_few() {
    for (fault, length) in SHORTEST {
        let mut plans: BTreeSet<String> = BTreeSet::new();
        for seed in (0..8).map(|at| at * 1_000) {
            let report = tested(Honest::with(fault), &Options { seed, plans: 400, ..pinned() });
            let finding = report.findings.first().expect("it is found");
            plans.insert(finding.plan.to_string());
        }
        let shortest = plans.iter().map(|plan| plan.lines().count() - 1).min();
        assert!(plans.len() <= 4, "{}: {plans:#?}", fault.name());
        assert_eq!(shortest, Some(length), "{}: {plans:#?}", fault.name());
    }
}

#[test]
fn a_plan_is_read_back_as_it_is_written() {
    let text = "nodes 3\nPOST /v1/nodes/1/actions/remove {}\ntick 7\nGET /v1/nodes/1/actions as db_viewer\n";
    let plan = Plan::parse(text).expect("it is a plan");
    assert_eq!(plan.to_string(), text);
    assert_eq!(plan.steps[1], Step::Tick(7));
    for (bad, line) in [
        ("", 1),
        ("POST /v1/nodes/1/actions/remove {}", 1),
        ("nodes 0", 1),
        ("nodes 1\nstart node 1 remove", 2),
        ("nodes 1\n\nPUSH /", 3),
    ] {
        assert_eq!(Plan::parse(bad).expect_err(bad).line, line, "{bad:?}");
    }
}
