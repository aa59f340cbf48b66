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
