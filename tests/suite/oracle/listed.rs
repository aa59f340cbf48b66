//! Objects and lists that say in another way of what they speak, or not at all: what is fine, and beside it what is not.

use action_oracle::history::Reader;
use action_oracle::oracle::{Judgement, Options, judge};
use serde_json::{Value, json};

use super::{conforms, diverges};

const OF_NODE: &str = "/v1/nodes/1/actions/enslave_node";
const OF_CLUSTER: &str = "/v1/cluster/actions/change_master";

/// The judgement on an action that was started, what a list showed then, and the action as it was seen after that.
fn judged(action: &str, list: &str, shown: &Value) -> Judgement {
    let seen = json!({"status": "queued", "task_id": "a"});
    let invoke = |id: u8, method, path| json!({"kind": "invoke", "id": id, "method": method, "path": path});
    let answer = |id: u8, body| json!({"kind": "return", "id": id, "status": 200, "body": body});
    let mut post = invoke(1, "POST", action);
    post["body"] = if action == OF_CLUSTER { json!({"node_uid": "2"}) } else { json!({}) };
    let lines = [
        json!({"format": "action-oracle/history", "version": 1, "initial": "empty", "nodes": ["1", "2"]}),
        post,
        answer(1, &seen),
        invoke(2, "GET", list),
        answer(2, shown),
        invoke(3, "GET", action),
        answer(3, &seen),
        json!({"kind": "end", "records": 6}),
    ];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let judgement = judge(Reader::new(text.as_bytes()).expect("it has a header"), &Options::default());
    judgement.expect("it is a history")
}

#[track_caller]
fn is_fine(action: &str, list: &str, shown: &Value) {
    let judgement = judged(action, list, shown);
    assert!(conforms(&judgement.verdict), "{:?}", judgement.verdict);
}

/// It is not, and of this clause.
#[track_caller]
fn is_not(action: &str, list: &str, shown: &Value, clause: &str) -> String {
    let judgement = judged(action, list, shown);
    assert!(diverges(&judgement.verdict), "{:?}", judgement.verdict);
    let first = &judgement.divergences()[0];
    assert!(first.clauses.contains(&clause), "{first:?}");
    first.sentence.clone()
}

/// The uid of a node may be text there as it is elsewhere. What cannot be read leaves open which node it is.
#[test]
fn a_list_of_nodes_may_show_uids_as_text() {
    for member in ["uid", "id"] {
        is_fine(OF_NODE, "/v1/nodes", &json!([{member: "1"}, {member: "2"}]));
    }
    for uid in [json!(2), json!("2")] {
        let sentence = is_not(OF_NODE, "/v1/nodes", &json!([{"uid": uid}]), "REM-11");
        let expected =
            "node 1: call 2 (GET) was answered a list without the node, but only a list with it is possible";
        assert_eq!(sentence, expected);
    }
    let wrapped = json!({"nodes": [{"uid": 1}, {"uid": 2}]});
    let sentence = is_not(OF_NODE, "/v1/nodes", &wrapped, "OBS-1");
    assert!(sentence.contains("the body is no list"), "{sentence}");
    is_fine(OF_NODE, "/v1/nodes/status", &json!({"1": {"node_status": "active"}, "2": {}}));
    is_not(OF_NODE, "/v1/nodes/status", &json!({"2": {"node_status": "active"}}), "REM-11");
}

#[test]
fn a_snapshot_has_a_name() {
    let of = |members: Value| json!([members]);
    is_fine(
        OF_NODE,
        "/v1/nodes/1/snapshots",
        &of(json!({"name": "mine", "created_time": "2026-01-01T00:00:00Z"})),
    );
    let nameless = of(json!({"created_time": "2026-01-01T00:00:00Z"}));
    let sentence = is_not(OF_NODE, "/v1/nodes/1/snapshots", &nameless, "SNAP-10");
    assert!(sentence.contains("a snapshot has no name"), "{sentence}");
}

/// Nothing but the status of an entry must be there (R-GET-FIELDS).
#[test]
fn an_entry_need_not_say_of_which_action_it_is() {
    let of = |entry: Value| json!({"actions": [entry]});
    let [of_one, of_all] = ["/v1/nodes/1/actions", "/v1/nodes/actions"];
    is_fine(OF_NODE, of_one, &of(json!({"status": "queued"})));
    is_fine(OF_NODE, of_all, &of(json!({"status": "queued", "name": "enslave_node"})));
    is_fine(OF_NODE, of_all, &of(json!({"status": "queued", "node_uid": "1"})));
    is_fine(OF_CLUSTER, "/v1/cluster/actions", &of(json!({"status": "queued"})));
    let other = json!({"status": "queued", "node_uid": "2", "name": "enslave_node"});
    is_not(OF_NODE, of_all, &of(other), "NODE-2");
    is_not(OF_NODE, of_one, &json!({"actions": []}), "NODE-2");
    is_not(OF_CLUSTER, "/v1/cluster/actions", &json!({"actions": []}), "NODE-2");
}

/// A member that is null says nothing. All but the status of what did not fail may be left out.
#[test]
fn a_member_that_is_null_is_left_out() {
    let shown = |member: &str, value: Value| {
        let mut object = json!({"status": "queued", "name": "enslave_node", "node_uid": "1", "progress": 0});
        object[member] = value;
        object
    };
    for member in ["name", "node_uid", "progress", "error_code", "error_message", "task_id"] {
        is_fine(OF_NODE, OF_NODE, &shown(member, Value::Null));
    }
    for (member, clause) in
        [("name", "OBJ-5"), ("node_uid", "OBJ-6"), ("progress", "OBJ-1"), ("error_code", "OBJ-7")]
    {
        let sentence = is_not(OF_NODE, OF_NODE, &shown(member, json!("surprise")), clause);
        assert!(sentence.contains("200 with status queued and a"), "{sentence}");
        assert!(sentence.contains(member), "{sentence}");
    }
    let sentence = is_not(OF_NODE, OF_NODE, &shown("status", Value::Null), "OBJ-4");
    assert!(sentence.contains("200 with no status"), "{sentence}");
}
