//! `action-oracle corpus verify` against servers on this machine.

use std::path::PathBuf;

use action_oracle::conformance::honest::Honest;
use action_oracle::conformance::mutant::Fault;
use serde_json::Value;
use tempfile::TempDir;

use super::expected;
use crate::cli::{End, action_oracle};
use crate::live::{serve, users};

/// The expected corpus as a file.
fn file() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let path = folder.path().join("corpus.jsonl");
    let file = std::fs::File::create(&path).expect("the file can be made");
    expected().0.write(file).expect("the file can be written");
    (folder, path)
}

fn verify(subject: Honest, options: &str) -> End {
    let url = format!("http://{}", serve(subject));
    let (_folder, path) = file();
    let reset = if options.contains("--reset") { String::new() } else { format!("--reset-url {url}/_reset") };
    action_oracle(&format!("corpus verify {url} {} --user admin:admin {reset} {options}", path.display()))
}

#[test]
fn an_honest_server_conforms_to_the_corpus() {
    let end = verify(Honest::new(), &users());
    assert_eq!((end.code, end.stderr.as_str()), (0, ""), "{}", end.stdout);
    assert!(end.stdout.contains("conform, 0 diverge, "), "{}", end.stdout);
}

#[test]
fn a_faulty_server_diverges_and_is_told_why() {
    let end = verify(Honest::with(Fault::DeleteAbsentOk), "--tries 1");
    assert_eq!(end.code, 1, "{}", end.stdout);
    for part in ["diverges: ", "  clauses   ", "DEL-4", "  observed  200", "  allowed   404", "under E-74"] {
        assert!(end.stdout.contains(part), "{part}: {}", end.stdout);
    }
    assert!(end.stdout.contains("left out, for want of a user"), "{}", end.stdout);
    let end = verify(Honest::with(Fault::DeleteAbsentOk), "--tries 1 --format json");
    let object: Value = serde_json::from_str(&end.stdout).expect("it is one JSON object");
    assert_eq!((end.code, object["verdict"].as_str()), (1, Some("diverges")));
    assert!(object["divergence"]["clauses"].to_string().contains("DEL-4"));
    assert_eq!(object["readings"]["R-STARTING-CANCEL"], serde_json::json!(["DEFER"]));
}

#[test]
fn what_was_not_reached_counts_if_that_is_asked_for() {
    let end = verify(Honest::new(), "--tries 1 --patience 1 --complete");
    assert_eq!(end.code, 5, "{}", end.stdout);
    assert!(end.stdout.contains("not reached, since the server took another course"), "{}", end.stdout);
}

#[test]
fn what_cannot_be_verified_says_why() {
    let none = action_oracle(
        "corpus verify http://127.0.0.1:1 no-such-file --user a:b --reset-url http://127.0.0.1:1/",
    );
    assert_eq!(
        (none.code, none.stderr.starts_with("error: cannot read no-such-file: ")),
        (3, true),
        "{}",
        none.stderr
    );
    let (_folder, path) = file();
    let at = |options: &str| action_oracle(&format!("corpus verify {options} {} --user a:b", path.display()));
    let away = at("http://127.0.0.1:1 --reset-command true --timeout 200");
    assert_eq!(away.code, 4, "{}", away.stderr);
    let unreset = at("http://127.0.0.1:1");
    assert_eq!(
        (unreset.code, unreset.stderr.contains("--reset-url or --reset-command")),
        (2, true),
        "{}",
        unreset.stderr
    );
    let far = at("http://cluster.example --reset-command true");
    assert_eq!((far.code, far.stderr.contains("--allow-host cluster.example")), (2, true), "{}", far.stderr);
}
