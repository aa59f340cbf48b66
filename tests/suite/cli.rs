//! The command line as a script sees it: what is printed where, and the exit code.
//!
//! Every test runs the program itself. Exit codes and messages are an interface; a change here is a change
//! for whoever calls it. Each subcommand has a file of its own.

use std::io;

use assert_cmd::cargo::{cargo_bin, cargo_bin_cmd};
use insta::assert_snapshot;
use serde_json::Value;

mod check;
mod explore;
mod man;
mod merge;
mod replay;
mod simulate;
mod spec;
mod topology;

#[test]
fn an_unknown_subcommand_is_wrong_usage() {
    assert_snapshot!(transcript("prophesy"), @r"
    exit 2
    error: unrecognized subcommand 'prophesy'

    Usage: action-oracle <COMMAND>

    For more information, try '--help'.
    ");
}

#[test]
fn no_arguments_at_all_are_wrong_usage_and_show_the_help() {
    let end = action_oracle("");
    assert_eq!((end.code, end.stdout.as_str()), (2, ""));
    assert!(end.stderr.contains("Usage: action-oracle <COMMAND>"), "{}", end.stderr);
}

#[test]
fn the_version_is_that_of_the_package() {
    let expected = concat!("exit 0\naction-oracle ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(transcript("--version"), expected);
}

/// As in `action-oracle spec | true`.
#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let (reader, writer) = io::pipe().expect("a pipe can be made");
    drop(reader);
    let mut command = std::process::Command::new(cargo_bin!("action-oracle"));
    let output = command.arg("spec").stdout(writer).output().expect("the program can be run");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(5), [].as_slice()));
}

/// How a run of the program ended.
pub(crate) struct End {
    /// What it printed on standard output.
    pub(crate) stdout: String,
    /// What it printed on standard error.
    pub(crate) stderr: String,
    /// Its exit code.
    pub(crate) code: i32,
}

/// Runs the program at the root of the repository with arguments separated by spaces.
pub(crate) fn action_oracle(arguments: &str) -> End {
    let mut command = cargo_bin_cmd!("action-oracle");
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("NO_COLOR", "1").env_remove("COLUMNS");
    let output = command.args(arguments.split_whitespace()).output().expect("the program can be run");
    End {
        stdout: String::from_utf8(output.stdout).expect("it prints UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("it prints UTF-8"),
        code: output.status.code().expect("it ends by itself"),
    }
}

/// The one object that a run prints.
#[track_caller]
pub(crate) fn json_of(arguments: &str) -> Value {
    let end = action_oracle(arguments);
    assert_eq!((end.code, end.stderr.as_str()), (0, ""));
    serde_json::from_str(&end.stdout).expect("it prints one JSON object")
}

/// The exit code, then what it printed on one of the streams, and nothing on the other.
#[track_caller]
pub(crate) fn transcript(arguments: &str) -> String {
    let End { stdout, stderr, code } = action_oracle(arguments);
    assert!(stdout.is_empty() || stderr.is_empty(), "stdout: {stdout}\nstderr: {stderr}");
    format!("exit {code}\n{stdout}{stderr}")
}
