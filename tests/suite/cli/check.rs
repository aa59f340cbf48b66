//! `action-oracle check`: a history, its verdict, and what is said about it.

use std::fs;

use insta::assert_snapshot;
use serde_json::Value;

use super::{End, action_oracle};

const HEADER: &str =
    r#"{"format":"action-oracle/history","version":1,"initial":"empty","nodes":["1","2","3"]}"#;
const POST: [&str; 2] = [
    r#"{"kind":"invoke","id":1,"method":"POST","path":"/v1/nodes/1/actions/maintenance_on","body":{}}"#,
    r#"{"kind":"return","id":1,"status":200,"body":{"status":"queued","task_id":"a"}}"#,
];
const RUNNING: [&str; 2] = [
    r#"{"kind":"invoke","id":2,"method":"GET","path":"/v1/nodes/1/actions/maintenance_on"}"#,
    r#"{"kind":"return","id":2,"status":200,"body":{"status":"running","task_id":"a"}}"#,
];
const QUEUED_AGAIN: [&str; 2] = [
    r#"{"kind":"invoke","id":3,"method":"GET","path":"/v1/nodes/1/actions/maintenance_on"}"#,
    r#"{"kind":"return","id":3,"status":200,"body":{"status":"queued","task_id":"a"}}"#,
];
const SERVER_ERROR: [&str; 2] = [
    r#"{"kind":"invoke","id":1,"method":"GET","path":"/v1/nodes/1/actions/remove"}"#,
    r#"{"kind":"return","id":1,"status":503}"#,
];

/// Checks a history of these pairs of lines, with options. Paths are printed as `FILE` and `CORE`.
#[track_caller]
fn check(pairs: &[[&str; 2]], options: &str) -> (End, Option<String>) {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let (path, core) = (folder.path().join("history.jsonl"), folder.path().join("core.jsonl"));
    let end = format!(r#"{{"kind":"end","records":{}}}"#, pairs.len() * 2);
    let lines: Vec<_> =
        [HEADER].into_iter().chain(pairs.iter().flatten().copied()).chain([end.as_str()]).collect();
    fs::write(&path, lines.join("\n")).expect("it can be written");
    let options = options.replace("CORE", &core.display().to_string());
    let end = action_oracle(&format!("check {} {options}", path.display()));
    let hide = |text: String| {
        text.replace(&path.display().to_string(), "FILE").replace(&core.display().to_string(), "CORE")
    };
    let end = End { stdout: hide(end.stdout), stderr: hide(end.stderr), code: end.code };
    (end, fs::read_to_string(core).ok())
}

#[test]
fn what_some_run_explains_conforms() {
    let (end, _) = check(&[POST, RUNNING], "--edition E-74");
    assert_eq!((end.code, end.stderr.as_str()), (0, ""));
    assert!(
        end.stdout.starts_with("conforms: some run of the law explains every answer\n"),
        "{}",
        end.stdout
    );
}

#[test]
fn what_no_run_explains_diverges_and_says_why() {
    let (end, core) = check(&[POST, RUNNING, QUEUED_AGAIN], "--edition E-74 --core CORE");
    assert_eq!((end.code, end.stderr.as_str()), (1, ""));
    let sentence = "diverges at record 6: node 1, maintenance_on: call 3 (GET) was answered 200 with status queued, \
                    but after call 2 only ";
    assert!(end.stdout.starts_with(sentence), "{}", end.stdout);
    assert!(end.stdout.contains("\n  clauses   LIFE-17, "), "{}", end.stdout);
    // It starts from any state, and says what it was judged by.
    let header = HEADER.replace(r#""initial":"empty""#, r#""edition":"E-74","initial":"unknown""#);
    let expected = [
        header.as_str(),
        RUNNING[0],
        RUNNING[1],
        QUEUED_AGAIN[0],
        QUEUED_AGAIN[1],
        r#"{"kind":"end","records":4}"#,
    ];
    assert_eq!(core.expect("the core was written").trim_end(), expected.join("\n"));
}

#[test]
fn a_core_diverges_by_itself() {
    let completed = RUNNING.map(|line| line.replace("running", "completed"));
    let gone = [QUEUED_AGAIN[0], r#"{"kind":"return","id":3,"status":404}"#];
    // Whether that is gone for a removal of the node only the whole history says.
    for pairs in [[POST, RUNNING, QUEUED_AGAIN], [POST, completed.each_ref().map(String::as_str), gone]] {
        let (end, core) = check(&pairs, "--core CORE");
        assert_eq!(end.code, 1);
        let folder = tempfile::tempdir().expect("there is room for temporary files");
        let path = folder.path().join("core.jsonl");
        fs::write(&path, core.expect("the core was written")).expect("it can be written");
        assert_eq!(action_oracle(&format!("check {}", path.display())).code, 1);
    }
}

#[test]
fn a_program_gets_one_object() {
    let (end, _) = check(&[POST, RUNNING, QUEUED_AGAIN], "--edition E-74 --format json");
    assert_eq!(end.code, 1);
    let object: Value = serde_json::from_str(&end.stdout).expect("it is one JSON object");
    let divergence = &object["divergence"];
    assert_eq!(
        (&object["verdict"], &object["checked"], &object["edition"]),
        (&"diverges".into(), &3.into(), &"E-74".into())
    );
    assert_eq!(divergence["core"], serde_json::json!([2, 3]));
    assert_eq!((&divergence["record"], &divergence["clauses"][0]), (&6.into(), &"LIFE-17".into()));
}

#[test]
fn readings_that_explain_the_run_are_named() {
    let bare = [
        r#"{"kind":"invoke","id":9,"method":"GET","path":"/v1/cluster/actions"}"#,
        r#"{"kind":"return","id":9,"status":200,"body":[]}"#,
    ];
    let (end, _) = check(&[bare], "--format json");
    let object: Value = serde_json::from_str(&end.stdout).expect("it is one JSON object");
    assert_eq!(object["readings"]["R-CLUSTERLIST-SHAPE"], serde_json::json!(["BARE"]));
    let (end, _) = check(&[bare], "--rules R-CLUSTERLIST-SHAPE=WRAPPED");
    assert_eq!(end.code, 1, "{}", end.stdout);
}

#[test]
fn a_history_without_a_judged_answer_proves_nothing() {
    let (end, _) = check(&[SERVER_ERROR], "");
    assert_eq!(end.code, 6);
    assert!(end.stdout.starts_with("nothing was checked"), "{}", end.stdout);
}

#[test]
fn a_budget_that_ends_is_no_verdict() {
    let (end, _) = check(&[POST, RUNNING, QUEUED_AGAIN], "--worlds 1");
    assert_eq!(end.code, 5, "{}", end.stdout);
    assert!(end.stdout.contains("the budget ended at node 1, maintenance_on, record 4"), "{}", end.stdout);
}

#[test]
fn a_rule_that_does_not_exist_is_wrong_usage() {
    let (end, _) = check(&[POST], "--rules R-DEL-QUEUED=MAYBE");
    let says = "error: --rules: R-DEL-QUEUED has no variant `MAYBE`; it has SHOWN, GONE\n";
    assert_eq!((end.code, end.stderr.as_str()), (2, says));
}

#[test]
fn a_broken_line_is_named() {
    let (end, _) = check(&[[POST[0], POST[0]]], "");
    assert_eq!(end.code, 3);
    let says = "error: cannot read FILE: line 3, /id: expected an id that was not used before, found 1\n";
    assert_eq!(end.stderr, says);
}

#[test]
fn a_ci_is_told_in_its_own_formats() {
    let told = |pairs: &[[&str; 2]], options: &str| {
        let (end, _) = check(pairs, options);
        format!("exit {}\n{}{}", end.code, end.stdout, end.stderr)
    };
    assert_snapshot!(told(&[POST, RUNNING, QUEUED_AGAIN], "--format junit"), @r#"
    exit 1
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="action-oracle" tests="1" failures="1" errors="0">
        <testsuite name="check FILE" tests="1" disabled="0" errors="0" failures="1">
            <testcase name="GET maintenance_on: expected 200 with status aborted or 200 with status cancelled or 200 with status cancelling or 200 with status completed or 200 with status failed or 200 with status running or 404, observed 200 with status queued" classname="action-oracle">
                <failure message="node 1, maintenance_on: call 3 (GET) was answered 200 with status queued, but after call 2 only 200 with status aborted, cancelled, cancelling, completed, failed or running, or 404 are possible" type="LIFE-17">observed: 200 with status queued
    expected: 200 with status running, if the action is running
    expected: 200 with status failed, if the action is failed
    expected: 200 with status cancelling, if the action is cancelling
    expected: 200 with status aborted, if the action is aborted
    expected: 200 with status completed, if the action is completed
    expected: 200 with status cancelled, if the action is cancelled
    expected: 404, if there is no status of the action
    clauses: LIFE-17, DEL-6, DEL-7, LIFE-14, LIFE-3
    calls that force it: 2, 3
    </failure>
            </testcase>
        </testsuite>
    </testsuites>
    "#);
    assert_snapshot!(told(&[POST, RUNNING], "--format junit"), @r#"
    exit 0
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="action-oracle" tests="1" failures="0" errors="0">
        <testsuite name="check FILE" tests="1" disabled="0" errors="0" failures="0">
            <testcase name="every answer has an explanation" classname="action-oracle">
            </testcase>
        </testsuite>
    </testsuites>
    "#);
    assert_snapshot!(told(&[SERVER_ERROR], "--format junit"), @r#"
    exit 6
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="action-oracle" tests="1" failures="0" errors="1">
        <testsuite name="check FILE" tests="1" disabled="0" errors="1" failures="0">
            <testcase name="every answer has an explanation" classname="action-oracle">
                <error message="nothing was checked: no answer in this history is judged"/>
            </testcase>
        </testsuite>
    </testsuites>
    "#);
    assert_snapshot!(told(&[POST, RUNNING, QUEUED_AGAIN], "--format github"), @r"
    exit 1
    ::error file=FILE,line=7,title=LIFE-17%2C DEL-6%2C DEL-7%2C LIFE-14%2C LIFE-3::node 1, maintenance_on: call 3 (GET) was answered 200 with status queued, but after call 2 only 200 with status aborted, cancelled, cancelling, completed, failed or running, or 404 are possible
    ");
    assert_snapshot!(told(&[POST, RUNNING], "--format github"), @r"
    exit 0
    ::notice file=FILE::2 answers judged, all can be explained
    ");
    assert_snapshot!(told(&[SERVER_ERROR], "--format github"), @r"
    exit 6
    ::warning file=FILE::nothing was checked: no answer in this history is judged
    ");
    assert_snapshot!(told(&[POST, RUNNING], "--worlds 1 --format github"), @r"
    exit 5
    ::warning file=FILE::undecided: the budget ended at node 1, maintenance_on, record 4
    ");
}
