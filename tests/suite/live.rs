//! `action-oracle test` against servers on this machine: good ones, faulty ones, and what is no server at all.
//!
//! The servers move with what is asked and not with time, so that nothing here depends on how busy a machine is; where
//! one client asks, a run comes out the same every time.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use action_oracle::conformance::honest::Honest;
use action_oracle::conformance::mutant::Fault;
use action_oracle::model::Role;
use action_oracle::sim::Seed;
use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{End, action_oracle};
use front::Manner;

mod broken;
mod client;
mod found;
mod tls;

#[path = "../../examples/faulty_server/front.rs"]
mod front;

/// Serves a subject from now on. It moves when it is asked something.
pub(crate) fn serve(subject: Honest) -> SocketAddr {
    serve_paced(subject, Duration::ZERO)
}

/// Serves a subject that moves with time from now on.
fn serve_paced(subject: Honest, pace: Duration) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    listener.set_nonblocking(true).expect("it can wait elsewhere");
    thread::spawn(move || front::run(subject, Manner { nodes: 3, pace, seed: Seed(0) }, listener));
    address
}

/// A run of the program against a URL, and its history.
pub(crate) struct Tested {
    pub(crate) end: End,
    history: PathBuf,
    _folder: TempDir,
}

pub(crate) fn test(url: &str, options: &str) -> Tested {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let history = folder.path().join("history.jsonl");
    let user = if options.contains("--user ") { "" } else { "--user admin:admin" };
    let end = action_oracle(&format!("test {url} {user} {options} --history {}", history.display()));
    Tested { end, history, _folder: folder }
}

impl Tested {
    fn history(&self) -> String {
        std::fs::read_to_string(&self.history).unwrap_or_default()
    }

    /// The exit code of `check` for the history.
    fn checked(&self) -> i32 {
        action_oracle(&format!("check {}", self.history.display())).code
    }
}

/// A user for each role, as the server has them.
pub(crate) fn users() -> String {
    let others = Role::ALL.iter().filter(|role| **role != Role::Admin);
    others.map(|role| format!("--role-user {0}={0}:{0} ", role.name())).collect()
}

#[test]
fn an_honest_server_conforms() {
    let url = format!("http://{}", serve(Honest::new()));
    let tested = test(&url, &format!("{} --reset-url {url}/_reset --ops 150", users()));
    assert_eq!((tested.end.code, tested.end.stderr.as_str()), (0, ""), "{}", tested.end.stdout);
    assert!(tested.end.stdout.contains("\n150 calls in 2 runs of seed 0x0000000000000000\n"));
    assert_eq!(tested.checked(), 0);
    let history = tested.history();
    assert!(history.starts_with("{\"format\":\"action-oracle/history\",\"version\":1,\"initial\":\"empty\",\"nodes\":[\"1\",\"2\",\"3\"]"));
    assert!(history.contains("\"client\":\"c2\""), "all clients ask");
}

#[test]
fn without_a_reset_hook_nothing_is_assumed_of_the_beginning() {
    let url = format!("http://{}", serve(Honest::new()));
    let tested = test(&url, "--ops 60 --edition E-74 --rules R-DEL-QUEUED=SHOWN");
    assert_eq!(tested.end.code, 0, "{}{}", tested.end.stdout, tested.end.stderr);
    let says = "left out, for want of a user (--role-user): none, db_viewer, db_member, cluster_viewer, \
                cluster_member, user_manager\nno reset hook (--reset-url, --reset-command): one run on the cluster";
    assert!(tested.end.stderr.starts_with(says), "{}", tested.end.stderr);
    assert!(
        tested
            .history()
            .contains("\"edition\":\"E-74\",\"rules\":{\"R-DEL-QUEUED\":\"SHOWN\"},\"initial\":\"unknown\""),
        "{}",
        tested.history()
    );
}

#[test]
fn a_slow_server_is_given_time() {
    let url = format!("http://{}", serve_paced(Honest::new(), Duration::from_millis(60)));
    let tested = test(&url, "--ops 120 --format json");
    assert_eq!(tested.end.code, 0, "{}{}", tested.end.stdout, tested.end.stderr);
    let history = tested.history();
    let has_ended = ["completed", "cancelled", "failed"].iter().any(|status| history.contains(status));
    assert!(has_ended, "{history}");
}

/// What a faulty server is accused of: signature and clauses of the first divergence.
fn accusation(fault: Fault, options: &str) -> (String, Vec<String>) {
    let url = format!("http://{}", serve(Honest::with(fault)));
    let tested = test(&url, &format!("{} {options} --clients 1 --ops 400 --format json", users()));
    assert_eq!(tested.end.code, 1, "{}: {}{}", fault.name(), tested.end.stdout, tested.end.stderr);
    let object: Value = serde_json::from_str(&tested.end.stdout).expect("it is one JSON object");
    let script = object["divergence"]["script"].as_str().expect("there is a script");
    assert!(script.contains("\ncurl -sS -i --path-as-is -X "), "{script}");
    assert!(!script.contains("admin:admin"), "{script}");
    let clauses = object["divergence"]["clauses"].as_array().expect("there are clauses");
    let signature = object["divergence"]["signature"].as_str().expect("there is a signature").to_owned();
    (signature, clauses.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

#[test]
fn a_status_that_does_not_exist_is_found() {
    let (_, clauses) = accusation(Fault::StatusDone, "");
    assert!(
        clauses.iter().any(|clause| clause.starts_with("LIFE-") || clause.starts_with("OBJ-")),
        "{clauses:?}"
    );
}

#[test]
fn a_delete_of_nothing_that_succeeds_is_found() {
    let (signature, clauses) = accusation(Fault::DeleteAbsentOk, "");
    assert!(signature.starts_with("DELETE "), "{signature}");
    // Of an action that is not there, or of a node.
    assert!(clauses.iter().any(|clause| clause.starts_with("DEL-") || clause == "NODE-8"), "{clauses:?}");
}

#[test]
fn a_wrong_status_code_is_found() {
    let (signature, clauses) = accusation(Fault::PostAccepted202, "");
    assert!(signature.starts_with("POST "), "{signature}");
    assert!(clauses.iter().any(|clause| clause.starts_with("POST-")), "{clauses:?}");
}

#[test]
fn what_was_found_is_run_again_from_a_fresh_cluster() {
    let url = format!("http://{}", serve(Honest::with(Fault::DeleteAbsentOk)));
    let tested = test(&url, &format!("--clients 1 --reset-url {url}/_reset"));
    assert_eq!(tested.end.code, 1, "{}{}", tested.end.stdout, tested.end.stderr);
    assert!(tested.end.stdout.contains("\nreproduced 5/5 by "), "{}", tested.end.stdout);
    assert!(tested.end.stdout.contains("\n#!/bin/sh\n"), "{}", tested.end.stdout);
}
