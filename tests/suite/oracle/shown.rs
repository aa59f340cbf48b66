//! What is shown of a node must be of that node, and once.

use serde_json::{Value, json};

use super::calls::{Calls, status};

/// The status of a node in maintenance whose snapshot is said to be of a node.
fn snapshot_of(uid: &str) -> Value {
    let snapshot = json!({"name": "maintenance_mode_2024-03-01_00-00-05", "node_uid": uid});
    json!({"role": "slave", "node_status": "active", "maintenance_snapshot": snapshot})
}

#[test]
fn the_object_of_a_node_has_its_uid() {
    Calls::default().get("/v1/nodes/1", json!({"uid": 1, "status": "active"})).is_fine(true);
    Calls::default().get("/v1/nodes/1", json!({"uid": "1"})).is_fine(true);
    Calls::default().get("/v1/nodes/1", json!({"status": "active"})).is_fine(true);
    let sentence = Calls::default().get("/v1/nodes/1", json!({"uid": 2, "status": "active"})).is_fine(false);
    assert!(sentence.contains("another node"), "{sentence}");
}

#[test]
fn a_node_that_is_there_is_shown_and_the_clause_that_says_so_is_named() {
    Calls::default().get("/v1/nodes/1", json!({"uid": 1})).is_fine(true);
    let divergence = Calls::default().call("GET", "/v1/nodes/1", 404, json!({})).divergence();
    assert_eq!(divergence.expected[0].answer, "200");
    assert_eq!(divergence.expected[0].clauses, ["OBS-1"]);
}

#[test]
fn the_list_of_nodes_has_each_once() {
    let nodes = |uids: &[u8]| json!(uids.iter().map(|uid| json!({"uid": uid})).collect::<Vec<_>>());
    Calls::default().get("/v1/nodes", nodes(&[1, 2, 3])).is_fine(true);
    let sentence = Calls::default().get("/v1/nodes", nodes(&[1, 2, 3, 3])).is_fine(false);
    assert!(sentence.contains("one node twice"), "{sentence}");
}

#[test]
fn the_snapshot_in_the_status_of_a_node_is_its_own() {
    const ON: &str = "/v1/nodes/1/actions/maintenance_on";
    let activated = || {
        let posted = Calls::default().call("POST", ON, 200, status("queued", "a"));
        posted.get(ON, status("completed", "a"))
    };
    activated().get("/v1/nodes/1/status", snapshot_of("1")).is_fine(true);
    activated().get("/v1/nodes/1/status", snapshot_of("2")).is_fine(false);
    let all = |first| json!({"1": first, "2": {"role": "slave"}, "3": {"role": "slave"}});
    activated().get("/v1/nodes/status", all(snapshot_of("1"))).is_fine(true);
    activated().get("/v1/nodes/status", all(snapshot_of("2"))).is_fine(false);
}
