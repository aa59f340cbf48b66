//! What tells rules apart, and what only seems to.

use action_oracle::explore::{self, Bounds, Options, Told, Verdict};
use action_oracle::report;
use action_oracle::spec::Rules;

use super::options;

const BASE: &str = "R-QUORUM-SMALL=EXEMPT";

/// Compares rules on one node, where maintenance is active at most once.
fn compare(actions: &[&'static str], against: &str) -> Told {
    let mut other = Rules::default();
    other.set_all(BASE).and_then(|()| other.set_all(against)).expect("the rules exist");
    let bounds = Bounds { activations: 1, ..Bounds::default() };
    explore::tell_apart(&Options { bounds, ..options(1, actions, BASE) }, &other)
}

/// A second activation is counted and goes beyond the bound, in a step that no client sees. That it completes is then
/// not followed, and must not pass for impossible.
#[test]
fn what_happens_beyond_the_bounds_is_no_difference() {
    let told = compare(&["maintenance_on"], "R-STACK=COUNTER");
    assert_eq!(told.verdict, Verdict::Same);
    assert!(told.beyond > 0 && told.pairs > 1, "{told:?}");
    let mut text = Vec::new();
    report::told::write_text(&told, ["A", "B"], &mut text).expect("memory takes everything");
    let text = String::from_utf8(text).expect("it is text");
    assert!(text.contains("\nthis is about runs within the bounds; "), "{text}");
}

#[test]
fn what_happens_within_them_is() {
    let told = compare(&["maintenance_on"], "R-STARTING-CANCEL=DIRECT");
    let Verdict::Apart(experiment) = &told.verdict else { panic!("they differ: {told:?}") };
    assert_eq!(experiment.calls.len(), 3);
    let everywhere = compare(&["enslave_node"], "R-STACK=COUNTER");
    assert_eq!((&everywhere.verdict, everywhere.beyond), (&Verdict::Same, 0));
}
