//! What the comparison of the judges found, as small as it can be.

use action_oracle::history::Reader;
use action_oracle::oracle::{Options, Verdict, judge};
use action_oracle::spec::Question;

use super::brute::is_possible;
use super::{conforms, diverges, fresh};
use crate::history::read;

const HEADER: &str =
    r#"{"format":"action-oracle/history","version":1,"edition":"E-74","initial":"empty","nodes":["1"]}"#;

/// Both judges on a history of one or two nodes under the rules of its edition: whether a run explains it.
fn check(lines: &[&str], is_explained: bool) {
    check_under(HEADER, lines, is_explained);
}

fn check_under(header: &str, lines: &[&str], is_explained: bool) {
    let (possible, verdict) = both(header, lines);
    assert_eq!(possible, Some(is_explained), "{lines:#?}");
    assert!(if is_explained { conforms(&verdict) } else { diverges(&verdict) }, "{verdict:?}\n{lines:#?}");
}

/// What the judge that tries everything says, and what the judge says.
fn both(header: &str, lines: &[&str]) -> (Option<bool>, Verdict) {
    let text = format!("{header}\n{}\n{{\"kind\":\"end\",\"records\":{}}}\n", lines.join("\n"), lines.len());
    let nodes =
        (1..=3).filter(|uid| header.contains(&format!("\"{uid}\""))).max().expect("it names its nodes");
    let (header, records, _) = read(&text).expect("it is a history");
    let rules = header.rules_in(header.edition.expect("it is said")).expect("they exist");
    let judgement = judge(Reader::new(text.as_bytes()).expect("it has a header"), &Options::default());
    (is_possible(&fresh(nodes), &rules, &records), judgement.expect("it is a history").verdict)
}

const POST: &str =
    r#"{"kind":"invoke","id":1,"method":"POST","path":"/v1/nodes/1/actions/enslave_node","body":{}}"#;
const POSTED: &str = r#"{"kind":"return","id":1,"status":200,"body":{"status":"queued","task_id":"a"}}"#;

/// A lost POST began a new instance, which has another id.
#[test]
fn a_lost_post_brings_a_new_task() {
    check(
        &[
            POST,
            POSTED,
            r#"{"kind":"invoke","id":2,"method":"POST","path":"/v1/nodes/1/actions/enslave_node","body":{}}"#,
            r#"{"kind":"lost","id":2}"#,
            r#"{"kind":"invoke","id":3,"method":"GET","path":"/v1/nodes/1/actions/enslave_node"}"#,
            r#"{"kind":"return","id":3,"status":200,"body":{"status":"aborted","task_id":"b"}}"#,
        ],
        true,
    );
}

/// A read that could be of an instance whose id was never seen may be of the next one.
#[test]
fn a_read_that_tells_a_task_is_not_free() {
    check(
        &[
            POST,
            r#"{"kind":"return","id":1,"status":200,"body":{"status":"queued"}}"#,
            r#"{"kind":"invoke","id":2,"method":"GET","path":"/v1/nodes/1/actions/enslave_node"}"#,
            r#"{"kind":"invoke","id":3,"method":"POST","path":"/v1/nodes/1/actions/enslave_node","body":{}}"#,
            r#"{"kind":"return","id":2,"status":200,"body":{"status":"queued","task_id":"b"}}"#,
            r#"{"kind":"return","id":3,"status":200,"body":{"status":"queued","task_id":"b"}}"#,
        ],
        true,
    );
}

/// The body of a refusal may say anything, also the id of the task that is in the way.
#[test]
fn a_refusal_may_tell_a_task() {
    check(
        &[
            POST,
            r#"{"kind":"lost","id":1}"#,
            r#"{"kind":"invoke","id":2,"method":"POST","path":"/v1/nodes/1/actions/enslave_node","body":{}}"#,
            r#"{"kind":"return","id":2,"status":409,"body":{"task_id":"a"}}"#,
            r#"{"kind":"invoke","id":3,"method":"GET","path":"/v1/nodes/1/actions/enslave_node"}"#,
            r#"{"kind":"return","id":3,"status":200,"body":{"status":"running","task_id":"a"}}"#,
        ],
        true,
    );
}

/// And so may the body of an answer to DELETE.
#[test]
fn a_deletion_may_tell_a_task() {
    check(
        &[
            POST,
            r#"{"kind":"return","id":1,"status":200,"body":{"status":"queued"}}"#,
            r#"{"kind":"invoke","id":2,"method":"DELETE","path":"/v1/nodes/1/actions/enslave_node"}"#,
            r#"{"kind":"return","id":2,"status":200,"body":{"task_id":"a"}}"#,
            r#"{"kind":"invoke","id":3,"method":"GET","path":"/v1/nodes/1/actions/enslave_node"}"#,
            r#"{"kind":"return","id":3,"status":200,"body":{"status":"cancelled","task_id":"a"}}"#,
        ],
        true,
    );
}

/// Two instances have two ids, also if their POSTs overlap.
#[test]
fn overlapping_posts_tell_two_tasks() {
    check(
        &[
            POST,
            r#"{"kind":"invoke","id":2,"method":"POST","path":"/v1/nodes/1/actions/enslave_node","body":{}}"#,
            r#"{"kind":"return","id":2,"status":200,"body":{"status":"queued","task_id":"a"}}"#,
            POSTED,
        ],
        false,
    );
}

/// Not seen by the judge: it knows that an id is used only when a call that shows it has ended. It misses the second
/// task of that id and accuses nobody.
#[test]
fn overlapping_posts_of_two_kinds_tell_two_tasks() {
    let (possible, verdict) = both(
        HEADER,
        &[
            POST.replace("{}", r#"{"demote_node":true}"#).as_str(),
            r#"{"kind":"invoke","id":2,"method":"POST","path":"/v1/nodes/1/actions/enslave_node","body":{}}"#,
            r#"{"kind":"return","id":2,"status":200,"body":{"status":"queued","task_id":"a"}}"#,
            POSTED,
        ],
    );
    assert_eq!(possible, Some(false));
    assert!(conforms(&verdict), "it is seen by now, and this test can say so: {verdict:?}");
}

/// Two slots have two ids.
#[test]
fn two_slots_tell_two_tasks() {
    check(
        &[
            POST,
            POSTED,
            r#"{"kind":"invoke","id":2,"method":"POST","path":"/v1/nodes/1/actions/maintenance_on","body":{}}"#,
            r#"{"kind":"return","id":2,"status":200,"body":{"status":"queued","task_id":"a"}}"#,
        ],
        false,
    );
}

/// A node has no two snapshots of one name.
#[test]
fn snapshots_have_different_names() {
    check(
        &[
            r#"{"kind":"invoke","id":1,"method":"GET","path":"/v1/nodes/1/snapshots"}"#,
            r#"{"kind":"return","id":1,"status":200,"body":[{"name":"mine"},{"name":"mine"}]}"#,
        ],
        false,
    );
}

/// A lost maintenance_off seeks the snapshot that it was told, which a user made under that name.
#[test]
fn a_lost_restore_seeks_its_snapshot() {
    check(
        &[
            r#"{"kind":"invoke","id":1,"method":"GET","path":"/v1/nodes/1/snapshots"}"#,
            r#"{"kind":"return","id":1,"status":200,"body":[{"name":"mine"}]}"#,
            r#"{"kind":"invoke","id":2,"method":"POST","path":"/v1/nodes/1/actions/maintenance_off","body":{"snapshot_name":"mine"}}"#,
            r#"{"kind":"lost","id":2}"#,
            r#"{"kind":"invoke","id":3,"method":"GET","path":"/v1/nodes/1/actions/maintenance_off"}"#,
            r#"{"kind":"return","id":3,"status":200,"body":{"status":"completed"}}"#,
        ],
        true,
    );
}

/// A POST of which nothing is judged, since a member is null, may be refused and drop the old result all the same.
#[test]
fn a_refused_post_that_is_free_may_drop_the_result() {
    let rules =
        r#""edition":"E-74","rules":{"R-RESUBMIT-REJECTED":"DROP","R-POST-UNKNOWN-FIELD":"BADREQUEST"}"#;
    let header = HEADER.replace(r#""edition":"E-74""#, rules);
    check_under(
        &header,
        &[
            POST,
            POSTED,
            r#"{"kind":"invoke","id":2,"method":"POST","path":"/v1/nodes/1/actions/enslave_node","body":{"surprise":null}}"#,
            r#"{"kind":"return","id":2,"status":400}"#,
            r#"{"kind":"invoke","id":3,"method":"GET","path":"/v1/nodes/1/actions/enslave_node"}"#,
            r#"{"kind":"return","id":3,"status":404}"#,
        ],
        true,
    );
}

/// A POST to another node may remove the result of this one.
#[test]
fn a_post_may_discard_the_result_of_another_node() {
    let rules = r#""edition":"E-74","rules":{"R-RESUBMIT-SCOPE":"ALL-NODES"}"#;
    let header = HEADER.replace(r#""edition":"E-74""#, rules).replace(r#"["1"]"#, r#"["1","2"]"#);
    check_under(
        &header,
        &[
            POST,
            POSTED,
            r#"{"kind":"invoke","id":2,"method":"POST","path":"/v1/nodes/2/actions/enslave_node","body":{}}"#,
            r#"{"kind":"return","id":2,"status":200,"body":{"status":"queued","task_id":"b"}}"#,
            r#"{"kind":"invoke","id":3,"method":"GET","path":"/v1/nodes/1/actions/enslave_node"}"#,
            r#"{"kind":"return","id":3,"status":404}"#,
        ],
        true,
    );
}

/// No node has such a uid, and its list may be empty.
#[test]
fn the_list_of_a_node_that_cannot_be_may_be_empty() {
    let rules = r#""edition":"E-74","rules":{"R-GET-UNKNOWN-NODE":"EMPTY-200"}"#;
    check_under(
        &HEADER.replace(r#""edition":"E-74""#, rules),
        &[
            r#"{"kind":"invoke","id":1,"method":"GET","path":"/v1/nodes/99999999999999999999/actions"}"#,
            r#"{"kind":"return","id":1,"status":200,"body":{"actions":[]}}"#,
        ],
        true,
    );
}

/// The role moves when a change_master begins, and takes the tasks of the nodes with it.
#[test]
fn a_change_of_primary_that_begins_may_abort() {
    let rules =
        r#""edition":"E-74","rules":{"R-CHM-TASKS":"ABORT","R-CHM-WHEN":"START","R-ABORTED-CAUSE":"USER"}"#;
    check_under(
        &HEADER.replace(r#""edition":"E-74""#, rules).replace(r#"["1"]"#, r#"["1","2"]"#),
        &[
            POST,
            POSTED,
            r#"{"kind":"invoke","id":2,"method":"POST","path":"/v1/cluster/actions/change_master","body":{"node_uid":"2"}}"#,
            r#"{"kind":"return","id":2,"status":200,"body":{"status":"queued","task_id":"b"}}"#,
            r#"{"kind":"invoke","id":3,"method":"GET","path":"/v1/nodes/1/actions/enslave_node"}"#,
            r#"{"kind":"return","id":3,"status":200,"body":{"status":"aborted","task_id":"a"}}"#,
        ],
        true,
    );
}

/// Wrong: the snapshot that maintenance_off had loaded was overwritten, and so it deletes none. The judge takes the new
/// one, which stands in the place of the old, for the one that was loaded.
#[test]
fn a_loaded_snapshot_may_be_overwritten() {
    let rules = r#""edition":"E-74","rules":{"R-MOFF-DELETE":"LOADED","R-MOFF-LATEST":"MAINT","R-MOFF-NOSNAP":"FAILED","R-MON-FAIL-STATE":"STAYS","R-QUORUM-SMALL":"EXEMPT"}"#;
    let (possible, verdict) = both(
        &HEADER.replace(r#""edition":"E-74""#, rules),
        &[
            r#"{"kind":"invoke","id":1,"method":"POST","path":"/v1/nodes/1/actions/maintenance_on","body":{}}"#,
            r#"{"kind":"return","id":1,"status":200,"body":{"status":"queued"}}"#,
            r#"{"kind":"invoke","id":2,"method":"GET","path":"/v1/nodes/1/actions/maintenance_on"}"#,
            r#"{"kind":"return","id":2,"status":200,"body":{"status":"completed"}}"#,
            r#"{"kind":"invoke","id":9,"method":"GET","path":"/v1/nodes/1/snapshots"}"#,
            r#"{"kind":"return","id":9,"status":200,"body":[{"name":"maintenance_mode_2024-01-01_00-00-03"}]}"#,
            r#"{"kind":"invoke","id":3,"method":"POST","path":"/v1/nodes/1/actions/maintenance_off","body":{}}"#,
            r#"{"kind":"return","id":3,"status":200,"body":{"status":"queued"}}"#,
            r#"{"kind":"invoke","id":4,"method":"POST","path":"/v1/nodes/1/actions/maintenance_on","body":{"overwrite_snapshot":true}}"#,
            r#"{"kind":"return","id":4,"status":200,"body":{"status":"queued"}}"#,
            r#"{"kind":"invoke","id":5,"method":"GET","path":"/v1/nodes/1/snapshots"}"#,
            r#"{"kind":"return","id":5,"status":200,"body":[{"name":"maintenance_mode_2024-01-01_00-00-04"}]}"#,
            r#"{"kind":"invoke","id":6,"method":"GET","path":"/v1/nodes/1/actions/maintenance_off"}"#,
            r#"{"kind":"return","id":6,"status":200,"body":{"status":"running"}}"#,
            r#"{"kind":"invoke","id":7,"method":"GET","path":"/v1/nodes/1/actions/maintenance_off"}"#,
            r#"{"kind":"return","id":7,"status":200,"body":{"status":"completed"}}"#,
            r#"{"kind":"invoke","id":8,"method":"GET","path":"/v1/nodes/1/snapshots"}"#,
            r#"{"kind":"return","id":8,"status":200,"body":[{"name":"maintenance_mode_2024-01-01_00-00-04"}]}"#,
        ],
    );
    assert_eq!(possible, Some(true));
    assert!(conforms(&verdict), "{verdict:?}");
}

/// What one slot of a node showed before the node was gone counts, though the call that showed it ended after the removal
/// was seen.
#[test]
fn a_read_may_be_older_than_the_removal_that_ended_first() {
    let header = HEADER.replace(r#"["1"]"#, r#"["1","2"]"#);
    check_under(
        &header,
        &[
            r#"{"kind":"invoke","id":1,"method":"POST","path":"/v1/nodes/2/actions/enslave_node","body":{}}"#,
            r#"{"kind":"return","id":1,"status":200,"body":{"status":"queued","task_id":"a"}}"#,
            r#"{"kind":"invoke","id":2,"method":"POST","path":"/v1/nodes/2/actions/remove","body":{}}"#,
            r#"{"kind":"return","id":2,"status":200,"body":{"status":"queued","task_id":"b"}}"#,
            r#"{"kind":"invoke","id":3,"method":"GET","path":"/v1/nodes/2/actions/enslave_node"}"#,
            r#"{"kind":"invoke","id":4,"method":"GET","path":"/v1/nodes/2/actions/remove"}"#,
            r#"{"kind":"return","id":4,"status":200,"body":{"name":"remove_node","node_uid":"2","status":"completed","progress":100,"task_id":"b"}}"#,
            r#"{"kind":"invoke","id":5,"method":"GET","path":"/v1/nodes"}"#,
            r#"{"kind":"return","id":3,"status":200,"body":{"name":"enslave_node","node_uid":"2","status":"starting","progress":0,"task_id":"a"}}"#,
            r#"{"kind":"return","id":5,"status":200,"body":[{"uid":1,"status":"active"}]}"#,
        ],
        true,
    );
}

/// Two snapshots are shown first in one list, which is in no order: the later one may bear the name that the history
/// spoke of first. What maintenance_off deletes is the later one.
#[test]
fn a_list_leaves_open_which_snapshot_bears_which_name() {
    let header = HEADER.replace("E-74", "E-72").replace(r#"["1"]"#, r#"["1","2","3"]"#);
    let call = |id: u8, what: &str, status: u16, body: &str| {
        [
            format!(r#"{{"kind":"invoke","id":{id},{what}}}"#),
            format!(r#"{{"kind":"return","id":{id},"status":{status},"body":{body}}}"#),
        ]
    };
    let post = |id: u8, action: &str| {
        let what = format!(r#""method":"POST","path":"/v1/nodes/1/actions/{action}","body":{{}}"#);
        call(id, &what, 200, r#"{"status":"queued"}"#)
    };
    let list = |id: u8, seconds: &[u8]| {
        let named = |second| format!(r#"{{"name":"maintenance_mode_2024-01-01_00-00-0{second}"}}"#);
        let body = seconds.iter().map(named).collect::<Vec<_>>().join(",");
        call(id, r#""method":"GET","path":"/v1/nodes/1/snapshots""#, 200, &format!("[{body}]"))
    };
    let spoken = r#""method":"DELETE","path":"/v1/nodes/1/snapshots/maintenance_mode_2024-01-01_00-00-04""#;
    let (spoken, first, second) =
        (call(1, spoken, 404, "{}"), post(2, "maintenance_on"), post(4, "maintenance_on"));
    let judged = |looked: &[[String; 2]], left: u8, is_explained| {
        let rest = [second.clone(), list(5, &[1, 4]), post(6, "maintenance_off"), list(7, &[left])];
        let lines = [&spoken[..], &first, &looked.concat(), &rest.concat()].concat();
        check_under(&header, &lines.iter().map(String::as_str).collect::<Vec<_>>(), is_explained);
    };
    judged(&[], 1, true);
    judged(&[], 4, true);
    judged(&[], 2, false);
    judged(&[list(3, &[1])], 1, true);
    judged(&[list(3, &[1])], 4, false);
}

/// No answer depends on the question itself, but what the run did in between has one answer only.
#[test]
fn a_question_that_only_a_move_settles_is_told() {
    let rejected =
        include_str!("../../../fixtures/histories/rejected/shards_stay_on_a_node_in_maintenance.jsonl");
    let untold = rejected.replacen(r#""rules":{"R-MON-NOSPACE":"FAILED"},"#, "", 1);
    assert_ne!(untold, rejected);
    let history = Reader::new(untold.as_bytes()).expect("it has a header");
    let judgement = judge(history, &Options::default()).expect("it is a history");
    assert!(conforms(&judgement.verdict), "{:?}", judgement.verdict);
    let question = Question::find("R-MON-NOSPACE").expect("it is modelled");
    let (_, answers) = judgement.readings.iter().find(|(told, _)| *told == question).expect("it is told");
    let told: Vec<_> = answers.iter().map(|answer| question.answer_name(*answer)).collect();
    assert_eq!(told, ["COMPLETED-PARTIAL"]);
}
