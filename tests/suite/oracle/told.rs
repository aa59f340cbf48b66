//! What is told of an implementation may be meant in more than one way: what is fine, and beside it what is not.

use serde_json::json;

use super::calls::{Calls, status};

const CHANGE: &str = "/v1/cluster/actions/change_master";

fn change(calls: Calls, code: u16) -> Calls {
    calls.with(json!({"body": {"node_uid": "2"}}), "POST", CHANGE, code, json!({}))
}

/// Only one action at a time, whatever its type (R-CONFLICT-SCOPE), may be said of node actions only or of all; that
/// nothing excludes each other beyond that (R-CONFLICT-CROSS) does not settle it.
#[test]
fn one_action_at_a_time_may_be_said_of_the_cluster_action_too() {
    const ENSLAVE: &str = "/v1/nodes/3/actions/enslave_node";
    let live = || change(Calls::default(), 200).get(CHANGE, json!({"status": "running"}));
    let still = |calls: Calls| calls.get(CHANGE, json!({"status": "running"}));
    for (scope, may_refuse) in [("CLUSTER-ANY", true), ("CLUSTER-TYPE", false), ("PER-NODE-TYPE", false)] {
        let told = |calls: Calls| {
            calls
                .told("R-CONFLICT-SCOPE", scope)
                .told("R-CONFLICT-CROSS", "INDEPENDENT")
                .told("R-CHM-CURRENT", "NOOP-200")
        };
        still(told(live().call("POST", ENSLAVE, 200, json!({})))).is_fine(true);
        still(told(live().call("POST", ENSLAVE, 409, json!({})))).is_fine(may_refuse);
        told(Calls::default().call("POST", ENSLAVE, 409, json!({}))).is_fine(false);
        let enslaves = Calls::default().call("POST", ENSLAVE, 200, status("queued", "e"));
        let other_way = |code| change(enslaves.clone(), code).get(ENSLAVE, status("queued", "e"));
        told(other_way(200)).is_fine(true);
        told(other_way(409)).is_fine(may_refuse);
    }
    let told = |calls: Calls| {
        calls.told("R-CONFLICT-SCOPE", "CLUSTER-ANY").told("R-CONFLICT-CROSS", "MASTER-VS-NODE")
    };
    still(told(live().call("POST", ENSLAVE, 409, json!({})))).is_fine(true);
    still(told(live().call("POST", ENSLAVE, 200, json!({})))).is_fine(false);
}

/// Where change_master is no task, its status is `completed` at once, or there is none (R-CHM-RECORD).
#[test]
fn a_change_of_master_without_a_task_may_leave_no_status() {
    let told = |record: &str, calls: Calls| {
        let calls = calls.told("R-CHM-RECORD", record).told("R-ABORTED-RETENTION", "KEPT");
        calls.told("R-DEL-CLUSTER", "SAME-AS-NODE")
    };
    let changed = || change(Calls::default(), 200);
    told("SYNC", changed().call("GET", CHANGE, 404, json!({}))).is_fine(true);
    told("SYNC", changed().get("/v1/cluster/actions", json!({"actions": []}))).is_fine(true);
    told("SYNC", changed().get(CHANGE, json!({"status": "completed"}))).is_fine(true);
    told("SYNC", changed().get(CHANGE, json!({"status": "running"}))).is_fine(false);
    told("SYNC", changed().call("DELETE", CHANGE, 404, json!({}))).is_fine(true);
    told("TASK", changed().call("GET", CHANGE, 404, json!({}))).is_fine(false);
    // What was seen stays.
    let seen = || changed().get(CHANGE, json!({"status": "completed"}));
    told("SYNC", seen().call("GET", CHANGE, 404, json!({}))).is_fine(false);
    told("SYNC", seen().call("DELETE", CHANGE, 404, json!({}))).is_fine(false);
    told("SYNC", change(seen(), 200).call("GET", CHANGE, 404, json!({}))).is_fine(true);
    told("SYNC", change(seen(), 409).call("GET", CHANGE, 404, json!({}))).is_fine(false);
}
