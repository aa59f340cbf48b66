//! Planted bugs: each is noticed by random plans, told apart from what is legal, and shown by a small plan.

use action_oracle::conformance::honest::Honest;
use action_oracle::conformance::mutant::Fault;
use action_oracle::conformance::{self, Options};

use super::{pinned, tested};

/// How many plans are tried.
const PLANS: u64 = 1_000;

/// How many plans are tried for a fault that is expected to stay unnoticed.
const PLANS_OF_EXCUSED: u64 = 40;

#[test]
fn planted_bugs_are_noticed_first_half() {
    check(0);
}

#[test]
fn planted_bugs_are_noticed_second_half() {
    check(1);
}

/// Looks for every other fault. The halves run side by side.
fn check(half: usize) {
    let mut wrong = Vec::new();
    for fault in Fault::ALL.iter().skip(half).step_by(2) {
        let excuse = fault.excuse();
        let plans = if excuse.is_some() { PLANS_OF_EXCUSED } else { PLANS };
        let report = tested(Honest::with(*fault), &Options { plans, ..pinned() });
        match (report.findings.as_slice(), excuse) {
            ([], None) => wrong.push(format!("{} was not noticed", fault.name())),
            ([_, ..], Some(why)) => {
                wrong.push(format!("{} was noticed, though {why}:\n{report}", fault.name()));
            }
            ([finding, ..], None) => {
                let plan = finding.plan.to_string();
                let again = conformance::replay(&mut Honest::with(*fault), &plan, &pinned()).expect("a plan");
                let honest = conformance::replay(&mut Honest::new(), &plan, &pinned()).expect("a plan");
                if again.is_empty() || !honest.is_empty() {
                    wrong.push(format!("{}: its plan does not tell it from what is honest", fault.name()));
                }
                if finding.divergence.clauses.is_empty() {
                    wrong.push(format!("{}: no clause is named", fault.name()));
                }
            }
            ([], Some(_)) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
