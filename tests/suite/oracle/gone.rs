//! What remains of a node that was removed: what is fine, and beside it what is not.

use serde_json::{Value, json};

use super::calls::{Calls, status};

const ENSLAVE: &str = "/v1/nodes/2/actions/enslave_node";
const REMOVE: &str = "/v1/nodes/2/actions/remove";
const LISTS: [&str; 2] = ["/v1/nodes/actions", "/v1/nodes/2/actions"];

/// A list of actions of the node, each with its status and the id of its task.
fn list(entries: &[(&str, &str, &str)]) -> Value {
    let entry = |(name, status, task): &(&str, &str, &str)| json!({"name": name, "node_uid": "2", "status": status, "task_id": task});
    json!({"actions": entries.iter().map(entry).collect::<Vec<_>>()})
}

fn nodes(uids: &[u8]) -> Value {
    json!(uids.iter().map(|uid| json!({"uid": uid})).collect::<Vec<_>>())
}

/// An enslave_node that reached a status, and a removal that completed.
fn removed_with(enslaved: &str) -> Calls {
    let posted = Calls::default().call("POST", ENSLAVE, 200, status("queued", "e"));
    let removes = posted.get(ENSLAVE, status(enslaved, "e")).call("POST", REMOVE, 200, status("queued", "r"));
    removes.get(REMOVE, status("completed", "r")).get("/v1/nodes", nodes(&[1, 3]))
}

fn removed() -> Calls {
    removed_with("completed")
}

/// The statuses of its other actions go with it or stay (R-REMOVE-OTHER-STATUSES). Those that stay are what they were.
#[test]
fn statuses_of_other_actions_of_a_removed_node_may_stay() {
    for path in LISTS {
        let shows = |entry| removed().get(path, list(&[("remove_node", "completed", "r"), entry]));
        removed().get(path, list(&[("remove_node", "completed", "r")])).is_fine(true);
        shows(("enslave_node", "completed", "e")).is_fine(true);
        shows(("enslave_node", "running", "e")).is_fine(false);
        shows(("enslave_node", "completed", "other")).is_fine(false);
        shows(("maintenance_on", "completed", "other")).is_fine(false);
    }
    removed().get(ENSLAVE, status("completed", "e")).is_fine(true);
    removed().call("GET", ENSLAVE, 404, json!({})).is_fine(true);
    // They may be shown in one place only.
    let both = removed().call("GET", ENSLAVE, 404, json!({}));
    both.get(LISTS[0], list(&[("remove_node", "completed", "r"), ("enslave_node", "completed", "e")]))
        .is_fine(true);
    let only = removed().get(LISTS[1], list(&[("enslave_node", "completed", "e")]));
    only.told("R-REMOVE-STATUS-AFTER", "GONE").is_fine(false);
    let shown = Calls::default().get(ENSLAVE, status("completed", "e"));
    shown.is_fine(false);
}

#[test]
fn what_stays_of_a_removed_node_can_be_deleted_and_not_started() {
    let deleted = removed().call("DELETE", ENSLAVE, 200, json!({}));
    deleted.clone().call("GET", ENSLAVE, 404, json!({})).is_fine(true);
    deleted.clone().get(ENSLAVE, status("completed", "e")).is_fine(false);
    deleted.call("DELETE", ENSLAVE, 200, json!({})).is_fine(false);
    removed().call("POST", ENSLAVE, 404, json!({})).is_fine(true);
    removed()
        .call("POST", ENSLAVE, 200, status("queued", "f"))
        .get("/v1/nodes", nodes(&[1, 3]))
        .is_fine(false);
    for end in ["running", "completed", "cancelled"] {
        removed_with("running").get(ENSLAVE, status(end, "e")).is_fine(true);
    }
    removed_with("running").get(ENSLAVE, status("queued", "e")).is_fine(false);
    removed_with("failed").get(ENSLAVE, status("cancelled", "e")).is_fine(false);
}

/// Before it is removed, nothing of that is so.
#[test]
fn statuses_of_a_node_that_is_there_are_neither_lost_nor_kept() {
    let removes = || {
        let posted = Calls::default().call("POST", ENSLAVE, 200, status("queued", "e"));
        let done = posted.get(ENSLAVE, status("completed", "e"));
        done.call("POST", REMOVE, 200, status("queued", "r"))
    };
    let there = || removes().get(REMOVE, status("running", "r"));
    let still =
        |calls: Calls| calls.get("/v1/nodes/2", json!({"uid": 2})).get(REMOVE, status("running", "r"));
    still(there().get(ENSLAVE, status("completed", "e"))).is_fine(true);
    still(there().call("GET", ENSLAVE, 404, json!({}))).is_fine(false);
}

/// A node under the uid of another is clean, or not (R-REMOVE-UID-REUSE).
#[test]
fn a_node_may_inherit_statuses_with_its_uid() {
    let joined = || removed().get("/v1/nodes", nodes(&[1, 2, 3]));
    for (path, task) in [(ENSLAVE, "e"), (REMOVE, "r")] {
        joined().call("GET", path, 404, json!({})).is_fine(true);
        let inherited = joined().get(path, status("completed", task));
        inherited.clone().is_fine(true);
        // From then on it is a status like any other.
        inherited
            .clone()
            .call("GET", path, 404, json!({}))
            .get("/v1/nodes", nodes(&[1, 2, 3]))
            .is_fine(false);
        inherited
            .clone()
            .call("DELETE", path, 200, json!({}))
            .call("GET", path, 404, json!({}))
            .is_fine(true);
        joined().get(path, status("completed", "other")).is_fine(false);
        joined().get(path, status("running", task)).is_fine(false);
    }
    joined().get(ENSLAVE, status("completed", "e")).call("GET", REMOVE, 404, json!({})).is_fine(true);
    let again = joined().call("POST", ENSLAVE, 200, status("queued", "f"));
    again.clone().get(ENSLAVE, status("running", "f")).is_fine(true);
    again.get(ENSLAVE, status("completed", "e")).is_fine(false);
}

/// That a node is there under a uid that was used says that another one joined only if it was gone before (REM-11).
#[test]
fn a_node_that_nobody_saw_gone_is_not_another_one() {
    let posted = Calls::default().call("POST", REMOVE, 200, status("queued", "r"));
    let completed = posted.get(REMOVE, status("completed", "r"));
    let there =
        |calls: Calls| calls.get("/v1/nodes/2", json!({"uid": 2})).get(REMOVE, status("completed", "r"));
    there(completed.clone()).is_fine(false);
    there(completed.call("GET", "/v1/nodes/2", 404, json!({}))).is_fine(true);
}

/// What a refused POST removes (R-RESUBMIT-REJECTED) and until when the status of a removal stays (R-REMOVE-STATUS-AFTER)
/// meet here, and nothing says which of them wins.
#[test]
fn a_refused_post_may_leave_the_status_of_a_removal() {
    let posted = |dropped: &str, code| {
        let calls = removed().call("POST", REMOVE, code, json!({})).told("R-REMOVE-STATUS-AFTER", "KEEP");
        calls.told("R-RESUBMIT-REJECTED", dropped).told("R-POST-UNKNOWN-NODE", "NOTFOUND")
    };
    posted("DROP", 404).get(REMOVE, status("completed", "r")).is_fine(true);
    posted("DROP", 404).call("GET", REMOVE, 404, json!({})).is_fine(true);
    posted("KEEP", 404).get(REMOVE, status("completed", "r")).is_fine(true);
    posted("KEEP", 404).call("GET", REMOVE, 404, json!({})).get("/v1/nodes", nodes(&[1, 3])).is_fine(false);
    posted("DROP", 400).get(REMOVE, status("completed", "r")).is_fine(false);
    // Of a node that is there it removes the status.
    const ON: &str = "/v1/nodes/1/actions/maintenance_on";
    let posted =
        Calls::default().call("POST", ON, 200, status("queued", "a")).get(ON, status("completed", "a"));
    let refused = posted.with(json!({"body_text": "{"}), "POST", ON, 400, json!({}));
    let dropped = refused.told("R-RESUBMIT-REJECTED", "DROP").told("R-POST-MALFORMED", "BADREQUEST");
    dropped.clone().call("GET", ON, 404, json!({})).is_fine(true);
    dropped.get(ON, status("completed", "a")).is_fine(false);
}
