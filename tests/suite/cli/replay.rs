//! `action-oracle replay`: a case or a seed, step by step, and what it says of a file that is no case.

use std::fs;

use action_oracle::case::Found;
use insta::assert_snapshot;

use super::{End, action_oracle, transcript};
use crate::case::{sample, text};

const HEADER: &str = r#"{"format":"action-oracle/case","version":1,"edition":"E-74","cluster":{"nodes":2}}"#;
const ACCEPTED: &str = r#"{"at":0,"request":{"method":"POST","path":"/v1/nodes/1/actions/remove","body":{}},"reply":{"status":200,"body":{"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}}}"#;
const REFUSED: &str = r#"{"at":5,"request":{"method":"DELETE","path":"/v1/cluster/actions/change_master"},"reply":{"status":404,"body":{"error_code":"action_not_running","description":"the action is not running and has no status of a last run"}}}"#;
const STARTED: &str = r#"{"at":6,"event":{"start":{"node":"1","action":"remove"}}}"#;

/// Replays a file of these lines, with options. The path is printed as `CASE`.
#[track_caller]
fn replay(lines: &str, options: &str) -> End {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let path = folder.path().join("case.jsonl");
    fs::write(&path, lines).expect("it can be written");
    let end = action_oracle(&format!("replay {} {options}", path.display()));
    let hide = |text: String| text.replace(&path.display().to_string(), "CASE");
    End { stdout: hide(end.stdout), stderr: hide(end.stderr), code: end.code }
}

#[test]
fn a_case_that_holds_is_shown_step_by_step() {
    let end = replay(&[HEADER, ACCEPTED, REFUSED, STARTED].join("\n"), "");
    assert_eq!((end.code, end.stderr.as_str()), (0, ""));
    assert_snapshot!(end.stdout, @r#"
    CASE: edition E-74, 2 nodes

       1  0s  POST /v1/nodes/1/actions/remove {}
          200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
          node 1: removal mark set
          node 1 remove: absent -> queued (task 1)
       2  5us  DELETE /v1/cluster/actions/change_master
          404 action_not_running: the action is not running and has no status of a last run
       3  6us  start node 1 remove
          node 1 remove: queued -> starting

    3 steps, no difference
    "#);
}

#[test]
fn brief_shows_only_steps_that_changed_something() {
    let end = replay(&[HEADER, ACCEPTED, REFUSED, STARTED].join("\n"), "--brief");
    assert_eq!((end.code, end.stderr.as_str()), (0, ""));
    assert_snapshot!(end.stdout, @r#"
    CASE: edition E-74, 2 nodes

       1  0s  POST /v1/nodes/1/actions/remove {}
          200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
          node 1: removal mark set
          node 1 remove: absent -> queued (task 1)
       3  6us  start node 1 remove
          node 1 remove: queued -> starting

    3 steps, no difference
    "#);
}

#[test]
fn a_case_that_no_longer_holds_ends_with_the_first_difference() {
    let other = REFUSED.replace("404", "409");
    let later = STARTED.replace("}}}", r#"}},"reply":{"not_enabled":"no_instance"}}"#);
    let end = replay(&[HEADER, ACCEPTED, &other, &later].join("\n"), "--brief");
    assert_eq!((end.code, end.stderr.as_str()), (1, ""));
    assert_snapshot!(end.stdout, @r#"
    CASE: edition E-74, 2 nodes

       1  0s  POST /v1/nodes/1/actions/remove {}
          200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
          node 1: removal mark set
          node 1 remove: absent -> queued (task 1)
       2  5us  DELETE /v1/cluster/actions/change_master
          404 action_not_running: the action is not running and has no status of a last run
          DIFFERS at status: recorded 409, now 404
       3  6us  start node 1 remove
          node 1 remove: queued -> starting
          DIFFERS at not_enabled: recorded "no_instance", now nothing

    the case no longer holds: step 2 differs at status: recorded 409, now 404
    "#);
}

#[test]
fn the_header_says_where_a_case_comes_from_and_what_it_shows() {
    let mut case = sample();
    case.provenance = Some("made up ".repeat(20));
    case.rules.set_all("R-DEL-QUEUED=GONE").expect("it is modelled");
    case.found = Some(Found { seed: 42, version: "9.9.9".to_owned() });
    case.lines.truncate(1);
    let end = replay(&text(&case), "");
    assert_eq!((end.code, end.stderr.as_str()), (0, ""));
    let (header, _) = end.stdout.split_once("\n\n").expect("a blank line ends the header");
    assert_snapshot!(header, @"
    CASE: edition E-74, R-DEL-QUEUED=GONE, 3 nodes
    found by seed 0x000000000000002a with version 9.9.9
    made up made up made up made up made up made up made up made up made up made up made up made up made
    up made up made up made up made up made up made up made up
    ");
}

#[test]
fn a_broken_line_ends_the_replay_and_is_told() {
    let broken = r#"{"at":6,"event":{"start":{"node":"1","action":"reboot"}}}"#;
    let end = replay(&[HEADER, ACCEPTED, "", broken, STARTED].join("\n"), "");
    assert_eq!(end.code, 3);
    assert_snapshot!(end.stdout, @r#"
    CASE: edition E-74, 2 nodes

       1  0s  POST /v1/nodes/1/actions/remove {}
          200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
          node 1: removal mark set
          node 1 remove: absent -> queued (task 1)

    1 steps, no difference
    only the first 1 inputs were replayed: the rest cannot be read
    "#);
    assert_snapshot!(end.stderr, @r#"error: cannot read CASE: line 4, /event/start/action: expected a node action (enslave_node, maintenance_off, maintenance_on, remove), found `"reboot"`"#);
}

/// A file whose last line was cut off, as by a full disk. Only the line end may be missing.
#[test]
fn what_is_left_of_a_case_is_replayed() {
    let whole = text(&sample());
    let inputs = whole.lines().count() - 1;
    assert_eq!(replay(whole.trim_end(), "--brief").code, 0);
    for cut in [2, 20, 40] {
        let end = replay(&whole[..whole.len() - cut], "--brief");
        let left = format!("only the first {} inputs were replayed: the rest cannot be read\n", inputs - 1);
        let place = format!("error: cannot read CASE: line {}, column ", inputs + 1);
        assert_eq!(end.code, 3);
        assert!(end.stdout.ends_with(&left), "{}", end.stdout);
        assert!(end.stderr.starts_with(&place), "{}", end.stderr);
    }
}

#[test]
fn what_is_no_case_is_told_with_what_was_expected() {
    let files = [
        "",
        "\n\n",
        "hello",
        "[]",
        r#"{"format":"action-oracle/case"}"#,
        r#"{"format":"action-oracle/case","version":2,"cluster":{"nodes":1}}"#,
        r#"{"format":"action-oracle/case","version":"1","cluster":{"nodes":1}}"#,
        r#"{"format":"action-oracle/history","version":1,"nodes":["1"]}"#,
        r#"{"format":"pcap","version":1}"#,
        r#"{"format":"action-oracle/case","version":1}"#,
        r#"{"format":"action-oracle/case","version":1,"edition":"E-99","cluster":{"nodes":1}}"#,
        r#"{"format":"action-oracle/case","version":1,"rules":{"R-DEL-QUEUED":"MAYBE"},"cluster":{"nodes":1}}"#,
    ];
    let told = files.map(|file| {
        let end = replay(file, "");
        assert_eq!((end.code, end.stdout.as_str()), (3, ""), "{file}");
        let shown = if file.trim().is_empty() { "nothing" } else { file };
        format!("{shown}\n  {}", end.stderr)
    });
    assert_snapshot!(told.concat(), @r#"
    nothing
      error: cannot read CASE: line 1: expected the header of a case, found the end of the file
    nothing
      error: cannot read CASE: line 1: expected the header of a case, found the end of the file
    hello
      error: cannot read CASE: line 1, column 1: expected JSON, found `hello` (expected value)
    []
      error: cannot read CASE: line 1: expected an object, found `[]`
    {"format":"action-oracle/case"}
      error: cannot read CASE: line 1, /version: expected version 1, found nothing
    {"format":"action-oracle/case","version":2,"cluster":{"nodes":1}}
      error: cannot read CASE: line 1, /version: expected version 1, found `2`
    {"format":"action-oracle/case","version":"1","cluster":{"nodes":1}}
      error: cannot read CASE: line 1, /version: expected version 1, found `"1"`
    {"format":"action-oracle/history","version":1,"nodes":["1"]}
      error: cannot read CASE: line 1, /format: expected "action-oracle/case", found `"action-oracle/history"`, a history of calls
    {"format":"pcap","version":1}
      error: cannot read CASE: line 1, /format: expected "action-oracle/case", found `"pcap"`
    {"format":"action-oracle/case","version":1}
      error: cannot read CASE: line 1, /cluster: expected a cluster, found nothing
    {"format":"action-oracle/case","version":1,"edition":"E-99","cluster":{"nodes":1}}
      error: cannot read CASE: line 1, /edition: expected an edition (E-72, E-74, E-80), found `"E-99"`
    {"format":"action-oracle/case","version":1,"rules":{"R-DEL-QUEUED":"MAYBE"},"cluster":{"nodes":1}}
      error: cannot read CASE: line 1, /rules: expected a rule, found R-DEL-QUEUED has no variant `MAYBE`; it has SHOWN, GONE
    "#);
}

#[test]
fn a_case_of_no_inputs_checks_nothing() {
    let end = replay(HEADER, "");
    assert_eq!((end.code, end.stderr.as_str()), (6, ""));
    assert_snapshot!(end.stdout, @"
    CASE: edition E-74, 2 nodes


    nothing was checked: the case holds no input
    ");
}

#[test]
fn what_is_neither_a_file_nor_a_seed_cannot_be_read() {
    assert_snapshot!(transcript("replay failures/missing.jsonl"), @"
    exit 3
    error: there is no file `failures/missing.jsonl`, and it is no seed either
    ");
}

#[test]
fn a_case_is_replayed_under_its_own_rules() {
    assert_snapshot!(transcript("replay fixtures/cases/node_post_example.jsonl --rules R-DEL-QUEUED=GONE"), @"
    exit 2
    error: fixtures/cases/node_post_example.jsonl: a case has its own rules and cluster; such options go with a seed
    ");
}

#[test]
fn wrong_options_are_wrong_usage() {
    assert_snapshot!(transcript("replay 0x2a --rules R-DEL-QUEUED"), @"
    exit 2
    error: --rules: `R-DEL-QUEUED` is no rule; expected R-NAME=VARIANT
    ");
    assert_snapshot!(transcript("replay 0x2a --faults rain"), @"
    exit 2
    error: invalid value 'rain' for '--faults <LIST>': no fault is called `rain`; known are all, none, node-down, primary-lost, abort, fail, lost-answer, duplicate

    For more information, try '--help'.
    ");
}

#[test]
fn a_folder_is_no_case() {
    let end = action_oracle("replay src");
    assert_eq!((end.code, end.stdout.as_str()), (3, ""));
    assert!(end.stderr.starts_with("error: cannot read src: "), "{}", end.stderr);
}

#[test]
fn a_seed_shows_the_same_run_every_time() {
    let [one, other, decimal] = ["0x2a", "0x2a", "42"].map(|seed| transcript(&format!("replay {seed}")));
    assert_eq!(one, other);
    assert_eq!(one, decimal);
    assert!(one.starts_with("exit 0\nseed 0x000000000000002a: edition E-74, "), "{one}");
    assert!(one.ends_with(" steps, no difference\n"), "{one}");
}

#[test]
fn a_seed_is_run_under_the_given_options() {
    let of = |options: &str| transcript(&format!("replay 0x2a --brief {options}"));
    assert!(of("--edition E-72 --nodes 1 --faults none").contains("edition E-72, 1 nodes, "));
    assert!(of("--rules R-DEL-QUEUED=GONE").contains(", R-DEL-QUEUED=GONE\n"));
    assert!(of("--steps 0").starts_with("exit 6\n"));
    assert_ne!(of("--vary-rules"), of(""));
}

#[test]
fn a_seed_of_a_broken_law_shows_what_it_breaks() {
    let seed = (0..40).find_map(|seed| {
        let told = transcript(&format!("replay {seed} --canary --brief"));
        told.starts_with("exit 1\n").then_some(told)
    });
    let told = seed.expect("the canary is caught");
    assert!(told.contains("\n      BREAKS legal-edges: "), "{told}");
    assert!(told.lines().last().is_some_and(|line| line.contains(" breaks legal-edges: ")), "{told}");
}

/// Forwards, backwards, to a step, and what else could happen there.
#[test]
fn a_run_can_be_walked_through() {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("action-oracle");
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("NO_COLOR", "1");
    command.args(["replay", "--step", "fixtures/cases/maintenance_walk_data.jsonl"]);
    let output = command.write_stdin("\nn\nb\n3\ne\n999\nx\n0\nq\nn\n").output();
    let output = output.expect("the program can be run");
    assert_eq!(output.status.code(), Some(0));
    let shown = String::from_utf8(output.stdout).expect("it prints UTF-8");
    let steps: Vec<_> = shown.lines().filter(|line| line.contains("  0s  ")).collect();
    let numbers: Vec<_> = steps.iter().map(|line| line.split_whitespace().next()).collect();
    assert_eq!(numbers, [Some("1"), Some("2"), Some("1"), Some("3")]);
    let enabled = shown.split_once("starting -> running\n").expect("that is the third step").1;
    let first: Vec<_> = enabled.lines().take(3).collect();
    assert_snapshot!(first.join("\n"), @r"
    next  advance node 2 maintenance_on
          progress node 2 maintenance_on 25%
          fail node 2 maintenance_on internal_error
    ");
    let remarks = String::from_utf8(output.stderr).expect("it prints UTF-8");
    assert!(remarks.contains("there are 32 steps\n3 of 32> "), "{remarks}");
    assert!(remarks.ends_with("3 of 32> 0 of 32> "), "{remarks}");
}
