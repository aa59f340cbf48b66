//! `explore`: what it prints, and how it ends.

use serde_json::Value;

use super::{action_oracle, json_of, transcript};

#[test]
fn a_small_space_is_told_with_its_matrix() {
    let told = transcript("explore --nodes 1 --actions remove --requests few --jobs 2");
    assert!(told.starts_with("exit 0\n11 states of "), "{told}");
    assert!(told.contains("no other cell can be reached\n"), "{told}");
    assert!(told.ends_with("no invariant can be broken\n"), "{told}");
}

#[test]
fn rules_are_told_apart_by_the_fewest_calls() {
    let told = transcript("explore --rules R-STARTING-CANCEL=DEFER --against R-STARTING-CANCEL=DIRECT");
    assert!(told.starts_with("exit 1\ntold apart by 3 calls, and by no fewer:\n"), "{told}");
    assert!(told.contains("the last answer is possible under E-74;"), "{told}");
    let same = transcript("explore --actions remove --against R-STACK=COUNTER");
    assert!(same.starts_with("exit 0\n"), "{same}");
    assert!(same.contains("cannot be told apart here"), "{same}");
}

#[test]
fn a_planted_bug_ends_with_1_and_a_case() {
    let end = action_oracle("explore --actions enslave_node --requests few --canary --cases target/explored");
    assert_eq!(end.code, 1);
    assert!(end.stdout.contains("legal-edges is broken"), "{}", end.stdout);
    assert!(end.stdout.contains("no run of fewer than 5 inputs shows it"), "{}", end.stdout);
    let says = "reproduce: action-oracle replay target/explored/legal-edges.jsonl --canary\n\
                report: action-oracle report target/explored/legal-edges.jsonl -o report.html\n";
    assert_eq!(end.stderr, says);
    assert_eq!(action_oracle("replay target/explored/legal-edges.jsonl").code, 1);
}

#[test]
fn a_bound_that_is_hit_ends_with_5() {
    let end = action_oracle("explore --max-states 100");
    assert_eq!(end.code, 5);
    assert!(end.stdout.contains("stopped: there are more states than allowed"), "{}", end.stdout);
}

#[test]
fn json_is_one_object() {
    let object = json_of("explore --actions enslave_node --requests few --format json");
    assert_eq!((&object["verdict"], &object["states"]), (&"conforms".into(), &12.into()));
    let same = json_of("explore --actions remove --against R-STACK=COUNTER --format json");
    assert_eq!((&same["verdict"], &same["beyond"]), (&"conforms".into(), &0.into()));
    let end = action_oracle("explore --actions enslave_node --against R-NODEUID-TYPE=INTEGER --format json");
    let apart: Value = serde_json::from_str(&end.stdout).expect("it prints one JSON object");
    assert_eq!((&apart["verdict"], apart["calls"].as_array().map(Vec::len)), (&"diverges".into(), Some(2)));
}

#[test]
fn wrong_words_are_wrong_usage() {
    let thunder = transcript("explore --events thunder");
    assert!(thunder.starts_with("exit 2\n") && thunder.contains("no event is called `thunder`"), "{thunder}");
    let nothing = transcript("explore --against R-NONE=X");
    assert!(nothing.starts_with("exit 2\n") && nothing.contains("--against: "), "{nothing}");
}
