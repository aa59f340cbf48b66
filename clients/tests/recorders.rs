//! The recorders of `examples/recorders`: what they write is a history, and the oracle sees what is wrong in it.
//!
//! Each records one run of maintenance_on to its end, a body that is refused, and a call that reaches nobody. Where a
//! language is missing, its test says so and checks nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use action_oracle::history::Reader;
use action_oracle::oracle::{self, Judgement, Verdict};
use action_oracle::serve::{Clock, Fixture, Setup};
use action_oracle_clients::has;
use tempfile::TempDir;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn recorders() -> PathBuf {
    here("../examples/recorders")
}

fn judge(text: &str) -> Judgement {
    let reader = Reader::new(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
    oracle::judge(reader, &oracle::Options::default()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Runs a command that records against a cluster whose time passes, and looks at what it wrote.
fn records(command: impl FnOnce(&str, &Path, &TempDir) -> Command) {
    let clock = Clock::Real { pace: Duration::from_millis(10) };
    let fixture = Fixture::with(Setup { clock, ..Setup::default() }).expect("there is a port");
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let path = folder.path().join("run.jsonl");
    let output = command(fixture.url(), &path, &folder).output().expect("it can be run");
    let told =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let text = fs::read_to_string(&path).expect("it was written");
    is_judged(&text);
}

fn is_judged(text: &str) {
    let judgement = judge(text);
    assert!(matches!(judgement.verdict, Verdict::Conforms), "{text}");
    assert!(!judgement.is_truncated, "{text}");
    assert!(judgement.judged >= 5, "{text}");
    // The call that reaches nobody.
    assert_eq!(text.matches("lost\"").count(), 1, "{text}");
    // The kind of number that progress is stays as it was sent.
    assert!(text.contains("\"progress\":100.0") || text.contains("\"progress\": 100.0"), "{text}");
    // After DELETE nothing is there.
    let is_status = |at: &usize| text[..*at].trim_end().ends_with("\"status\":");
    let mut codes = text.rmatch_indices("404").map(|(at, _)| at);
    let last = codes.find(is_status).expect("it was asked for");
    let wrong = format!("{}409{}", &text[..last], &text[last + 3..]);
    assert!(matches!(judge(&wrong).verdict, Verdict::Diverges(_)), "{wrong}");
}

/// Runs a walk that is given the folder of its recorder, the URL and the history.
fn walk_records(program: &str, walk: &str) {
    records(|url, path, _| {
        let mut command = Command::new(program);
        command.arg(here("tests/recorded").join(walk)).arg(recorders()).arg(url).arg(path);
        command
    });
}

#[test]
fn python_records() {
    if has("python3", &["-c", "import requests"]) {
        walk_records("python3", "walk.py");
    }
}

#[test]
fn javascript_records() {
    if has("node", &["-e", "if (!globalThis.fetch) process.exit(1)"]) {
        walk_records("node", "walk.mjs");
    }
}

#[test]
fn go_records() {
    if has("go", &["version"]) {
        records(|url, path, folder| {
            let module = folder.path().join("walk");
            fs::create_dir_all(module.join("recorder")).expect("there is room");
            fs::copy(recorders().join("recorder.go"), module.join("recorder/recorder.go"))
                .expect("there is room");
            fs::copy(here("tests/recorded/walk.go"), module.join("main.go")).expect("there is room");
            fs::write(module.join("go.mod"), "module walk\n\ngo 1.18\n").expect("there is room");
            let mut command = Command::new("go");
            command.args(["run", "."]).arg(url).arg(path).current_dir(module);
            command
        });
    }
}

#[test]
fn the_shell_records() {
    if has("curl", &["--version"]) {
        walk_records("sh", "walk.sh");
    }
}

/// A HAR file as a browser writes it, of the same calls.
#[test]
fn a_har_file_is_turned_into_a_history() {
    if !has("python3", &["--version"]) {
        return;
    }
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let import = |text: &str| {
        let path = folder.path().join("run.har");
        fs::write(&path, text).expect("there is room");
        let mut command = Command::new("python3");
        command.arg(recorders().join("har.py")).arg(&path).arg("ops=cluster_viewer");
        let output = command.output().expect("it can be run");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it prints UTF-8")
    };
    let har = fs::read_to_string(here("tests/recorded/run.har")).expect("the file is there");
    let text = import(&har);
    assert!(matches!(judge(&text).verdict, Verdict::Conforms), "{text}");
    assert!(
        text.contains("\"credentials\": \"missing\"") && text.contains("\"role\": \"cluster_viewer\""),
        "{text}"
    );
    assert!(!text.contains("favicon"), "{text}");
    let wrong = import(&har.replace("\"status\": 403", "\"status\": 200"));
    assert!(matches!(judge(&wrong).verdict, Verdict::Diverges(_)), "{wrong}");
}
