//! Legal variants: none is accused when nothing is told of the readings.

use action_oracle::conformance::honest::Honest;
use action_oracle::conformance::variant::Variant;

use super::drive::drive;
use super::{complaints, headers, judge, told};

/// How many histories are tried.
const SEEDS: u64 = 2;

/// How many calls each has.
const CALLS: u64 = 25;

#[test]
fn legal_variants_are_never_accused() {
    let (mut judge, mut failures) = (judge(), Vec::new());
    for variant in Variant::ALL {
        for seed in 0..SEEDS {
            let driven = drive(&mut Honest::following(*variant), seed, CALLS);
            for (name, header) in headers(driven.nodes).into_iter().skip(1) {
                if let Some(found) = complaints(&mut judge, &header, &driven) {
                    let told = told(&found, &driven);
                    failures.push(format!("{}, seed {seed}, {name}: {told}", variant.name()));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} accused\n{}", failures.len(), failures.join("\n"));
}
