//! What may become of the snapshots of a node: what is fine, and beside it what is not.

use serde_json::{Value, json};

use super::calls::{Calls, status};

const ON: &str = "/v1/nodes/2/actions/maintenance_on";
const SNAPSHOTS: &str = "/v1/nodes/2/snapshots";
const NAME: &str = "maintenance_mode_2024-01-01_00-00-03";

fn named(names: &[&str]) -> Value {
    json!(names.iter().map(|name| json!({"name": name})).collect::<Vec<_>>())
}

/// A maintenance_on that took its snapshot and runs.
fn running() -> Calls {
    let posted = Calls::default().call("POST", ON, 200, status("queued", "a"));
    posted.get(ON, status("running", "a")).get(SNAPSHOTS, named(&[NAME]))
}

/// Only after a failure it is settled that the snapshot stays (R-MON-FAIL-STATE, SNAP-8). Whichever it is, it is the same
/// in the whole run.
#[test]
fn a_cancelled_maintenance_on_may_take_its_snapshot_along() {
    let deleted = || running().call("DELETE", ON, 200, json!({}));
    let cancelled = deleted().get(ON, status("cancelled", "a"));
    let aborted = running().get(ON, status("aborted", "a"));
    let failed = running().get(ON, json!({"status": "failed", "error_code": "internal_error"}));
    for (ended, may_be_gone) in [(&cancelled, true), (&aborted, true), (&failed, false)] {
        ended.clone().get(SNAPSHOTS, named(&[NAME])).is_fine(true);
        ended.clone().get(SNAPSHOTS, named(&[])).is_fine(may_be_gone);
        ended.clone().get(SNAPSHOTS, named(&[])).told("R-MON-FAIL-STATE", "STAYS").is_fine(false);
    }
    running().get(ON, status("completed", "a")).get(SNAPSHOTS, named(&[])).is_fine(false);
    deleted().get(ON, status("cancelling", "a")).get(SNAPSHOTS, named(&[])).is_fine(true);
    let gone = |first: &[&str], second: &[&str]| {
        let again =
            cancelled.clone().get(SNAPSHOTS, named(first)).call("POST", ON, 200, status("queued", "b"));
        let again = again.get(ON, status("running", "b")).get(SNAPSHOTS, named(&[NAME]));
        let again = again.call("DELETE", ON, 200, json!({})).get(ON, status("cancelled", "b"));
        again.get(SNAPSHOTS, named(second))
    };
    gone(&[NAME], &[NAME]).is_fine(true);
    gone(&[NAME], &[]).is_fine(false);
}

/// What makes a snapshot one of maintenance is open (R-SNAP-KIND), and so is what users call theirs. Once a maintenance_on
/// can have made one, a name like that is its own.
#[test]
fn a_user_may_call_a_snapshot_like_one_of_maintenance() {
    let path = &format!("{SNAPSHOTS}/{NAME}");
    let there = || Calls::default().get(SNAPSHOTS, named(&[NAME]));
    there().is_fine(true);
    let both = there().get(SNAPSHOTS, named(&[NAME, "mine"]));
    both.is_fine(true);
    there().get(SNAPSHOTS, named(&[])).is_fine(false);
    // A name that nobody saw is none.
    Calls::default().call("DELETE", path, 200, json!({})).is_fine(false);
    // It is deleted like one of a user, or not at all.
    there().call("DELETE", path, 200, json!({})).get(SNAPSHOTS, named(&[])).is_fine(true);
    let kept = there().call("DELETE", path, 403, json!({}));
    kept.clone().get(SNAPSHOTS, named(&[NAME])).is_fine(true);
    kept.clone().get(SNAPSHOTS, named(&[])).is_fine(false);
    kept.call("DELETE", path, 200, json!({})).is_fine(false);
    let status_with = |name: &str| json!({"maintenance_snapshot": {"name": name}});
    Calls::default().get("/v1/nodes/2/status", status_with(NAME)).is_fine(true);
    Calls::default().get("/v1/nodes/2/status", status_with("mine")).is_fine(false);
    // From the first activation on there is one of maintenance, and no more.
    const OTHER: &str = "maintenance_mode_2024-01-01_00-00-09";
    running().get(SNAPSHOTS, named(&[NAME, OTHER])).told("R-STACK", "FLAG").is_fine(false);
    running().get(SNAPSHOTS, named(&[OTHER])).is_fine(false);
    running().get(SNAPSHOTS, named(&[NAME, "mine"])).is_fine(true);
    // Whatever it is called, it is of the node.
    let of_node = |uid| json!([{"name": NAME, "node_uid": uid}]);
    Calls::default().get(SNAPSHOTS, of_node("2")).is_fine(true);
    Calls::default().get(SNAPSHOTS, of_node("3")).is_fine(false);
}

/// A sentence tells what was seen, and something else that would have been fine.
#[test]
fn what_would_have_been_fine_is_not_what_was_seen() {
    let mine = || Calls::default().get(SNAPSHOTS, named(&["mine"]));
    let path = &format!("{SNAPSHOTS}/mine");
    assert_eq!(
        mine().call("DELETE", path, 404, json!({})).is_fine(false),
        "node 2: call 2 (DELETE) was answered 404, but after call 1 only 200 is possible"
    );
    mine().call("DELETE", path, 200, json!({})).is_fine(true);
    let completed = running().get(ON, status("completed", "a"));
    assert_eq!(
        completed.call("DELETE", &format!("{SNAPSHOTS}/{NAME}"), 404, json!({})).is_fine(false),
        "node 2: call 5 (DELETE) was answered 404, but after call 3, call 4 only 403 is possible"
    );
    assert_eq!(
        mine().get(SNAPSHOTS, named(&["other"])).is_fine(false),
        "node 2: call 2 (GET) was answered 1 snapshot under another name, but after call 1 only 1 snapshot under its \
         name is possible"
    );
}
