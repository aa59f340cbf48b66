//! `action-oracle simulate`: what it prints, what it writes, and how it says no.
//!
//! Counts and digests depend on the law and are pinned elsewhere ([`crate::determinism`]); here is what a script
//! relies on whatever the law is. No test writes into the repository: a campaign that may fail gets a folder.

use std::fs;
use std::path::Path;

use action_oracle::history::Reader;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{End, action_oracle, json_of, transcript};

#[test]
fn tells_how_much_it_did_what_it_covered_and_that_nothing_broke() {
    let end = action_oracle("simulate --seeds 0..20");
    assert_eq!((end.code, end.stderr.as_str()), (0, ""));
    let headings = ["20 runs, ", "digest ", "always: ", "sometimes: ", "edges taken:"];
    for heading in headings {
        assert!(end.stdout.lines().any(|line| line.starts_with(heading)), "{heading}: {}", end.stdout);
    }
    assert!(end.stdout.ends_with("\nnothing broke\n"), "{}", end.stdout);
}

#[test]
fn says_so_if_nothing_was_checked() {
    let end = action_oracle("simulate --seeds 0..3 --steps 0");
    assert_eq!((end.code, end.stderr.as_str()), (6, ""));
    let none = "3 runs, 0 steps, 0 of them changed the cluster; 1 runs done twice\n";
    assert!(end.stdout.starts_with(none), "{}", end.stdout);
    assert!(end.stdout.ends_with("\nnothing was checked: no step changed anything\n"), "{}", end.stdout);
    let printed = action_oracle("simulate --seeds 0..3 --steps 0 --format json");
    assert_eq!((printed.code, json(&printed)["verdict"].as_str()), (6, Some("nothing-checked")));
}

#[test]
fn prints_the_same_on_one_thread_and_on_two() {
    for arguments in ["simulate --seeds 0..60", "simulate --seeds 0..60 --vary-rules --format json"] {
        let [one, two] = ["1", "2"].map(|jobs| action_oracle(&format!("{arguments} --jobs {jobs}")));
        assert_eq!((one.code, two.code), (0, 0));
        assert_eq!(one.stdout, two.stdout);
    }
}

#[test]
fn prints_one_object_for_programs() {
    let printed = json_of("simulate --seeds 0..20 --format json");
    let members: Vec<_> = printed.as_object().expect("it is an object").keys().collect();
    let promised = ["verdict", "checked", "edition", "readings", "coverage", "divergence"];
    for member in promised {
        assert!(printed.get(member).is_some(), "no member {member}: {members:?}");
    }
    assert_eq!(printed["verdict"], "conforms");
    assert!(printed["checked"].as_u64() > Some(0));
    assert_eq!((&printed["edition"], &printed["readings"]), (&json!("E-74"), &json!({})));
    assert_eq!((&printed["divergence"], &printed["divergences"]), (&Value::Null, &json!([])));
    let coverage: Vec<_> = printed["coverage"].as_object().expect("it is an object").keys().collect();
    assert_eq!(coverage, ["always", "sometimes", "edges", "cells", "reachable"]);

    let text = action_oracle("simulate --seeds 0..20").stdout;
    let digest = printed["digest"].as_str().expect("it is text");
    assert!(text.contains(&format!("digest {digest}\n")), "{text}");
}

#[test]
fn says_under_which_rules_it_ran() {
    let of = |options: &str| {
        let printed = json_of(&format!("simulate --seeds 0..2 --format json {options}"));
        (printed["edition"].clone(), printed["readings"].clone())
    };
    let own =
        of("--edition E-80 --rules R-DEL-QUEUED=GONE,R-CONFLICT-SCOPE=CLUSTER-TYPE --rules R-STACK=FLAG");
    let readings = json!({"R-CONFLICT-SCOPE": ["CLUSTER-TYPE"], "R-DEL-QUEUED": ["GONE"]});
    assert_eq!(own, (json!("E-80"), readings), "what the edition says by itself is left out");
    assert_eq!(of("--vary-rules"), (Value::Null, json!({})), "they differ from run to run");
}

#[test]
fn a_seed_is_a_range_of_one() {
    let campaigns = ["--seed 0x2a", "--seed 42", "--seeds 42..43", "--seeds 0x2a..0x2b"];
    let [first, others @ ..] = campaigns.map(|seeds| action_oracle(&format!("simulate {seeds}")).stdout);
    assert!(first.starts_with("1 runs, "), "{first}");
    assert!(others.iter().all(|other| *other == first));
}

#[test]
fn writes_down_what_the_clients_saw() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let path = folder.path().join("run.jsonl");
    let run = "simulate --seed 7 --clients 8 --steps 200";
    let end = action_oracle(&format!("{run} --history {}", path.display()));
    assert_eq!((end.code, end.stderr.as_str()), (0, ""));
    let text = fs::read_to_string(&path).expect("it was written");
    let mut history = Reader::new(text.as_bytes()).expect("it has a header");
    assert!(history.by_ref().all(|record| record.is_ok()));
    let records = history.end().expect("it is whole").records;
    assert!(records > 100, "{records}");
    let told = format!("\nhistory of {records} records: {}\n", path.display());
    assert_eq!(end.stdout.replacen(&told, "", 1), action_oracle(run).stdout, "the run is the same");

    let printed = json_of(&format!("{run} --format json --history {}", path.display()));
    assert_eq!(printed["history"], json!(path.to_str()));
    assert_eq!(printed["digest"], json_of(&format!("{run} --format json"))["digest"]);
    assert_eq!(fs::read_to_string(&path).expect("it was written again"), text);
    assert_eq!(names(folder.path()), ["run.jsonl"]);

    let end = action_oracle(&format!("{run} --history {}/none/run.jsonl", folder.path().display()));
    assert_eq!((end.code, end.stdout), (3, action_oracle(run).stdout), "what was found is told");
    assert!(end.stderr.starts_with("error: cannot write "), "{}", end.stderr);
}

/// The parts of a range add up to the whole: the runs, and the digests too, as numbers of 64 bits.
#[test]
fn the_parts_of_a_range_add_up_to_the_whole() {
    let part = |part: &str| {
        let printed = json_of(&format!("simulate --seeds 3..50 --format json --partition {part}"));
        let digest = u64::from_str_radix(printed["digest"].as_str().expect("it is text"), 16);
        (printed["runs"].as_u64().expect("it is a number"), digest.expect("it is hexadecimal"))
    };
    let add =
        |(runs, digest): (u64, u64), (more, other): (u64, u64)| (runs + more, digest.wrapping_add(other));
    assert_eq!((part("1/2").0, part("2/2").0), (24, 23));
    assert_eq!(add(part("1/2"), part("2/2")), part("1/1"));
    assert_eq!(["1/3", "2/3", "3/3"].map(part).into_iter().fold((0, 0), add), part("1/1"));
}

#[test]
fn the_canary_is_caught_and_kept_as_cases_that_replay() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let cases = folder.path().join("new/cases");
    let campaign = format!("simulate --seeds 0..40 --canary --cases {}", cases.display());
    let end = action_oracle(&campaign);
    assert_eq!((end.code, end.stderr.as_str()), (1, ""));
    let failed = end.stdout.lines().last().expect("there is a verdict");
    assert!(failed.ends_with(" of 40 runs failed"), "{failed}");
    let names = names(&cases);
    assert!(!names.is_empty());
    for name in &names {
        let case = cases.join(name);
        let reproduce = format!("  reproduce: action-oracle replay {} --canary\n", case.display());
        assert!(end.stdout.contains(&reproduce), "{reproduce}: {}", end.stdout);

        let broken = action_oracle(&format!("replay --canary --brief {}", case.display()));
        let last: Vec<_> = broken.stdout.lines().rev().take(2).collect();
        assert_eq!((broken.code, broken.stderr.as_str()), (1, ""));
        assert!(broken.stdout.contains("\nshows that legal-edges is broken\n"), "{}", broken.stdout);
        assert!(last[0].contains(" breaks legal-edges: "), "{}", last[0]);
        assert!(last[1].ends_with(" steps, no difference"), "{}", last[1]);

        let text = fs::read_to_string(&case).expect("it is there");
        let shorter = text.trim_end().rsplit_once('\n').expect("it has lines").0;
        let cut = folder.path().join("cut.jsonl");
        fs::write(&cut, format!("{shorter}\n")).expect("it can be written");
        let cut = action_oracle(&format!("replay --canary --brief {}", cut.display()));
        assert_eq!(cut.code, 0);
        assert!(cut.stdout.ends_with("\nwhat the case was kept for does not show\n"), "{}", cut.stdout);

        let refused = action_oracle(&format!("replay --brief {}", case.display()));
        let last = refused.stdout.lines().last().expect("there is a verdict");
        assert_eq!((refused.code, refused.stderr.as_str()), (1, ""));
        assert!(last.starts_with("the case no longer holds: step "), "{last}");
        assert!(!refused.stdout.contains("BREAKS"), "the true law breaks nothing: {}", refused.stdout);
    }

    let printed = action_oracle(&format!("{campaign} --format json"));
    let object = json(&printed);
    assert_eq!((printed.code, &object["verdict"]), (1, &json!("diverges")));
    assert_eq!(object["divergence"], object["divergences"][0]);
    assert_eq!(object["divergence"]["signature"], "legal-edges");
    let told: Vec<_> = object["divergences"].as_array().into_iter().flatten().map(|it| &it["case"]).collect();
    let paths: Vec<_> = names.iter().map(|name| json!(cases.join(name).to_str())).collect();
    assert_eq!(told, paths.iter().collect::<Vec<_>>());
}

#[test]
fn a_folder_that_cannot_be_written_is_told_and_left_alone() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let file = folder.path().join("taken");
    fs::write(&file, "mine").expect("it can be written");
    for cases in [file.clone(), file.join("below")] {
        let end = action_oracle(&format!("simulate --seeds 0..40 --canary --cases {}", cases.display()));
        assert_eq!(end.code, 3);
        assert!(end.stdout.ends_with(" of 40 runs failed\n"), "what was found is told: {}", end.stdout);
        let place = format!("error: cannot write {}/0x", cases.display());
        assert!(end.stderr.starts_with(&place), "{}", end.stderr);
        assert_eq!(names(folder.path()), ["taken"]);
        assert_eq!(fs::read_to_string(&file).expect("it is still there"), "mine");
    }
}

/// A case takes the place of what is there as a whole; what cannot be replaced remains.
#[test]
fn a_case_that_cannot_be_written_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let campaign = format!("simulate --seeds 0..40 --canary --cases {}", folder.path().display());
    action_oracle(&campaign);
    let first = names(folder.path()).remove(0);
    let path = folder.path().join(&first);
    fs::remove_file(&path).and_then(|()| fs::create_dir_all(path.join("inside"))).expect("it is ours");
    let before = names(folder.path());
    let end = action_oracle(&campaign);
    assert_eq!(end.code, 3);
    assert!(end.stdout.contains("reproduce: action-oracle replay 0x"), "{}", end.stdout);
    assert!(end.stderr.contains(&first), "{}", end.stderr);
    assert_eq!(names(folder.path()), before);
}

#[test]
fn wrong_arguments_are_told_with_what_was_expected() {
    let wrong = [
        "--seed x",
        "--seed 18446744073709551616",
        "--seeds 7",
        "--seeds 5..5",
        "--seeds 5..x",
        "--faults rain",
        "--edition E-99",
        "--nodes 0",
        "--jobs 0",
        "--partition 3/2",
        "--rules R-CONFLICT-SCOPE=ALL",
        "--rules CONFLICT",
        "--seed 1 --seeds 0..1",
        "--history run.jsonl",
        "--seeds 0..1 --history run.jsonl",
        "--clients 0",
        "--vary-rules --edition E-74",
    ];
    let told = wrong.map(|arguments| {
        let told = transcript(&format!("simulate {arguments}"));
        let error = told.lines().nth(1).unwrap_or_default();
        assert!(told.starts_with("exit 2\n"), "{arguments}: {told}");
        format!("{arguments}\n  {error}\n")
    });
    assert_snapshot!(told.concat(), @"
    --seed x
      error: invalid value 'x' for '--seed <S>': `x` is no seed; expected a number below 2^64, the same in hex after 0x, or a commit hash of 40 hex digits
    --seed 18446744073709551616
      error: invalid value '18446744073709551616' for '--seed <S>': `18446744073709551616` is no seed; expected a number below 2^64, the same in hex after 0x, or a commit hash of 40 hex digits
    --seeds 7
      error: invalid value '7' for '--seeds <A..B>': expected two seeds with .. between them
    --seeds 5..5
      error: invalid value '5..5' for '--seeds <A..B>': 5..5 holds no seed
    --seeds 5..x
      error: invalid value '5..x' for '--seeds <A..B>': `x` is no seed; expected a number below 2^64, the same in hex after 0x, or a commit hash of 40 hex digits
    --faults rain
      error: invalid value 'rain' for '--faults <LIST>': no fault is called `rain`; known are all, none, node-down, primary-lost, abort, fail, lost-answer, duplicate
    --edition E-99
      error: invalid value 'E-99' for '--edition <E>': no edition is called `E-99`; known are E-72, E-74 and E-80
    --nodes 0
      error: invalid value '0' for '--nodes <N>': 0 is not in 1..=64
    --jobs 0
      error: invalid value '0' for '--jobs <J>': 0 is not in 1..=65535
    --partition 3/2
      error: invalid value '3/2' for '--partition <K/N>': expected K/N with 1 <= K <= N, or auto
    --rules R-CONFLICT-SCOPE=ALL
      error: --rules: R-CONFLICT-SCOPE has no variant `ALL`; it has PER-NODE-TYPE, CLUSTER-TYPE, PER-NODE-ANY, CLUSTER-ANY
    --rules CONFLICT
      error: --rules: `CONFLICT` is no rule; expected R-NAME=VARIANT
    --seed 1 --seeds 0..1
      error: the argument '--seed <S>' cannot be used with '--seeds <A..B>'
    --history run.jsonl
      error: the following required arguments were not provided:
    --seeds 0..1 --history run.jsonl
      error: the argument '--seeds <A..B>' cannot be used with '--history <FILE>'
    --clients 0
      error: invalid value '0' for '--clients <N>': 0 is not in 1..=1024
    --vary-rules --edition E-74
      error: the argument '--vary-rules' cannot be used with '--edition <E>'
    ");
}

#[test]
fn a_reading_that_does_not_exist_is_told_with_those_that_do() {
    let told = transcript("simulate --rules R-DEL-QUEUE=GONE");
    assert!(told.starts_with("exit 2\nerror: --rules: no reading is called `R-DEL-QUEUE`; "), "{told}");
    assert!(told.contains(" R-DEL-QUEUED, "), "{told}");
}

/// The one object that a run printed, whatever its exit code.
#[track_caller]
fn json(end: &End) -> Value {
    serde_json::from_str(&end.stdout).expect("it prints one JSON object")
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("it is a folder");
    let name = |entry: fs::DirEntry| entry.file_name().into_string().expect("we chose it");
    let mut names: Vec<_> = entries.map(|entry| name(entry.expect("it can be read"))).collect();
    names.sort();
    names
}

/// What is there is written to as what it is, and is not replaced by a file.
#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_a_pipe_a_pipe() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let [file, link, pipe] = ["file.jsonl", "link.jsonl", "pipe"].map(|name| folder.path().join(name));
    fs::write(&file, "old").and_then(|()| std::os::unix::fs::symlink(&file, &link)).expect("it is ours");
    assert_eq!(action_oracle(&format!("simulate --seed 7 --history {}", link.display())).code, 0);
    assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
    let written = fs::read_to_string(&file).expect("it is there");
    assert!(written.starts_with("{\"format\":\"action-oracle/history\""), "{written}");

    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("there is mkfifo").success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).expect("something is written")
    });
    assert_eq!(action_oracle(&format!("simulate --seed 7 --history {}", pipe.display())).code, 0);
    assert_eq!(reader.join().expect("it reads to the end"), written);
}

/// What was found by then is told and kept, and is no part of a campaign.
#[cfg(unix)]
#[test]
#[expect(clippy::disallowed_methods, reason = "it is to be interrupted while it works")]
fn an_interrupt_loses_nothing() {
    use std::process::{Command, Stdio};

    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("action-oracle"));
    command
        .args(["simulate", "--seeds", "0..100000000", "--canary", "--format", "json", "--cases"])
        .arg(folder.path());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program can be run");
    std::thread::sleep(std::time::Duration::from_secs(3));
    assert!(
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("it is told").success()
    );
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    let object: Value = serde_json::from_slice(&output.stdout).expect("it is one JSON object");
    assert_eq!(object["campaign"]["lacking"], json!(["1/1"]));
    assert!(!names(folder.path()).is_empty());
    let part = folder.path().join("part.json");
    fs::write(&part, &output.stdout).expect("it can be written");
    let end = action_oracle(&format!("report --merge {}", part.display()));
    assert_eq!(end.code, 3);
    assert!(end.stderr.contains("it is not whole"), "{}", end.stderr);
}
