//! Legal variants: none is accused when nothing is told of the readings.

use action_oracle::conformance::Options;
use action_oracle::conformance::honest::Honest;
use action_oracle::conformance::variant::Variant;

use super::{of_edition, tested};

/// How many plans are tried.
const PLANS: u64 = 2;

#[test]
fn legal_variants_are_never_accused_where_the_edition_is_known() {
    check(&of_edition());
}

#[test]
fn legal_variants_are_never_accused_where_nothing_is_known() {
    check(&Options::default());
}

fn check(options: &Options) {
    let mut accused = Vec::new();
    for variant in Variant::ALL {
        let report = tested(Honest::following(*variant), &Options { plans: PLANS, ..options.clone() });
        if !report.findings.is_empty() || report.undecided > 0 {
            accused.push(format!("{}: {report}", variant.name()));
        }
    }
    assert!(accused.is_empty(), "{} accused\n{}", accused.len(), accused.join("\n"));
}
