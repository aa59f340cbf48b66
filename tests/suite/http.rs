//! Replies on the wire: the form readings, and nothing else, decide how they look.

use action_oracle::http::{Response, encode};
use action_oracle::model::*;
use action_oracle::spec::{Edition, Rules};
use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::{Value, json};

fn rules(changes: &str) -> Rules {
    let mut rules = Rules::default();
    rules.set_all(changes).expect("the readings are modelled");
    rules
}

fn view(slot: Slot, hundredths: u16) -> ActionView {
    let progress = Progress::new(hundredths).expect("it is at most 100 %");
    ActionView { slot, task: TaskId(26), status: Status::Running, progress, error: None }
}

fn removal() -> ActionView {
    view(Slot::Node(NodeUid(3), NodeAction::Remove), 1_250)
}

fn sent(answer: Answer, rules: &Rules) -> Response {
    encode(&Reply::Answer(answer), rules).expect("a request has a response")
}

fn body(answer: Answer, rules: &Rules) -> String {
    sent(answer, rules).body.map_or("nothing".to_owned(), |body| body.to_string())
}

#[test]
fn an_action_shows_its_members_in_a_fixed_order() {
    let failed = ActionView { status: Status::Failed, error: Some(ErrorCode::InternalError), ..removal() };
    assert_snapshot!(body(Answer::Action(failed), &rules("")), @r#"{"name":"remove_node","node_uid":"3","status":"failed","progress":12.5,"task_id":"00000000-0000-4000-8000-00000000001a","error_code":"internal_error","error_message":"the action failed for an internal reason"}"#);
}

#[test]
fn an_action_of_the_cluster_names_no_node() {
    assert_snapshot!(body(Answer::Action(view(Slot::ChangeMaster, 10_000)), &rules("")), @r#"{"name":"change_master","status":"running","progress":100.0,"task_id":"00000000-0000-4000-8000-00000000001a"}"#);
}

#[test]
fn answers_that_carry_no_action() {
    let rules = rules("");
    let accepted = |slot| body(Answer::Accepted(slot, TaskId(4_096)), &rules);
    assert_snapshot!(accepted(Slot::Node(NodeUid(1), NodeAction::Remove)), @r#"{"status":"queued","task_id":"00000000-0000-4000-8000-000000001000"}"#);
    assert_snapshot!(accepted(Slot::ChangeMaster), @"{}");
    assert_snapshot!(body(Answer::Deleted(Slot::ChangeMaster), &rules), @"nothing");
    let methods = sent(Answer::Methods(&[Method::Get, Method::Post]), &rules);
    assert_eq!(methods, Response { status: 200, body: None, allow: vec![Method::Get, Method::Post] });
}

#[test]
fn a_refusal_carries_its_code_and_a_sentence() {
    let refusal = Refusal { code: 409, why: Why::Conflict };
    let response = encode(&Reply::Refused(refusal), &rules("")).expect("a request has a response");
    assert_eq!((response.status, response.allow), (409, Vec::new()));
    assert_snapshot!(response.body.expect("it has a body").to_string(), @r#"{"error_code":"action_conflict","description":"a conflicting action is already in progress"}"#);
}

#[test]
fn head_is_answered_like_get_without_the_body() {
    let response = sent(Answer::Action(removal()), &rules(""));
    assert_eq!(response.clone().sent_to(Method::Get), response);
    assert_eq!(response.clone().sent_to(Method::Head), Response { body: None, ..response });
}

#[test]
fn an_event_is_not_seen_on_the_wire() {
    assert_eq!(encode(&Reply::Happened, &rules("")), None);
    assert_eq!(encode(&Reply::NotEnabled(Hindrance::NoInstance), &rules("")), None);
}

#[test]
fn lists_are_wrapped_or_bare() {
    let one = || vec![removal()];
    let shape = |listing, changes: &str| {
        let response = sent(Answer::Actions(listing, one()), &rules(changes));
        response.body.is_some_and(|body| body.is_array())
    };
    let bare = "R-ALLNODES-SHAPE=BARE, R-CLUSTERLIST-SHAPE=BARE";
    assert!(![Listing::AllNodes, Listing::OfNode, Listing::OfCluster].iter().any(|of| shape(*of, "")));
    assert!(shape(Listing::AllNodes, bare));
    assert!(shape(Listing::OfCluster, bare));
    assert!(!shape(Listing::OfNode, bare), "the list of one node is always an object (NODE-6)");
    let empty = sent(Answer::Actions(Listing::OfNode, Vec::new()), &rules("")).body;
    assert_eq!(empty, Some(json!({ "actions": [] })));
}

#[track_caller]
fn check_member(member: &str, changes: &str, expected: Value) {
    let failed = ActionView { status: Status::Failed, error: Some(ErrorCode::InternalError), ..removal() };
    let body = sent(Answer::Action(failed), &rules(changes)).body.expect("it has a body");
    assert_eq!(body[member], expected, "{body}");
}

#[test]
fn names_and_types_follow_the_readings() {
    check_member("name", "R-NAME-REMOVE=TASKNAME", json!("remove_node"));
    check_member("name", "R-NAME-REMOVE=ALIAS", json!("remove_node"));
    check_member("name", "R-NAME-REMOVE=PATHNAME", json!("remove"));
    check_member("node_uid", "R-NODEUID-TYPE=STRING", json!("3"));
    check_member("node_uid", "R-NODEUID-TYPE=INTEGER", json!(3));
    check_member("progress", "R-PROGRESS-TYPE=NUMBER", json!(12.5));
    check_member("progress", "R-PROGRESS-TYPE=INT", json!(12));
    check_member("progress", "R-PROGRESS-TYPE=STRING", json!("12.5"));
    for (variant, name) in
        [("ERROR-MESSAGE", "error_message"), ("MESSAGE", "message"), ("DESCRIPTION", "description")]
    {
        let text = ErrorCode::InternalError.message();
        check_member(name, &format!("R-ERRMSG-NAME={variant}"), json!(text));
    }
}

#[test]
fn whole_progress_is_written_as_the_documents_do() {
    let shown = |hundredths, changes: &str| {
        let body = sent(Answer::Action(view(Slot::ChangeMaster, hundredths)), &rules(changes)).body;
        body.expect("it has a body")["progress"].to_string()
    };
    let all = ["NUMBER", "INT", "STRING"].map(|of| format!("R-PROGRESS-TYPE={of}"));
    let whole = [0, 1_000, 10_000].map(|hundredths| all.each_ref().map(|of| shown(hundredths, of)));
    assert_eq!(whole[0], ["0.0", "0", "\"0\""]);
    assert_eq!(whole[1], ["10.0", "10", "\"10\""]);
    assert_eq!(whole[2], ["100.0", "100", "\"100\""]);
    let integer = sent(Answer::Action(removal()), &Rules::new(Edition::E72)).body.expect("it has a body");
    assert_eq!(integer["progress"], json!(12), "E-72 knows no fractions (OBJ-2)");
}

proptest! {
    #[test]
    fn the_path_to_a_snapshot_names_it(uid in 0..9_u32, name in ".+") {
        let path = Path::to_snapshot(NodeUid(uid), &name);
        prop_assert_eq!(path.snapshot(), Some((NodeUid(uid), name.as_str())));
    }

    #[test]
    fn no_hundredth_is_lost(hundredths in 0..=10_000_u16) {
        let body = sent(Answer::Action(view(Slot::ChangeMaster, hundredths)), &rules("")).body;
        let text = body.expect("it has a body")["progress"].to_string();
        let (percent, fraction) = text.split_once('.').expect("it has a fraction");
        prop_assert_eq!(format!("{percent}{fraction:0<2}").parse(), Ok(hundredths));
    }
}
