//! What is said of a divergence is what is wrong, and not what is only unexpected.

use action_oracle::history::CallId;
use serde_json::json;

use super::calls::{Calls, status};

const ON: &str = "/v1/nodes/1/actions/maintenance_on";
const CHANGE: &str = "/v1/cluster/actions/change_master";

#[test]
fn the_core_of_a_conflict_shows_what_was_live_elsewhere() {
    let calls = Calls::default()
        .told("R-CONFLICT-SCOPE", "CLUSTER-ANY")
        .call("POST", ON, 200, status("queued", "a"))
        .get(ON, status("running", "a"))
        .call("DELETE", ON, 200, json!({}))
        .call("POST", "/v1/nodes/3/actions/enslave_node", 200, status("queued", "b"))
        .get(ON, status("running", "a"));
    let divergence = calls.divergence();
    assert_eq!(divergence.call, CallId(4), "{}", divergence.sentence);
    assert_eq!(divergence.core, [1, 4, 5].map(CallId));
    assert!(divergence.bystanders.is_empty());
}

/// That `node_uid` is a number is unexpected, and fine.
#[test]
fn a_form_that_is_only_unexpected_is_not_what_is_wrong() {
    let shown = |word: &str, task: &str| json!({"status": word, "node_uid": 1, "task_id": task});
    let calls = Calls::default()
        .call("POST", ON, 200, status("queued", "a"))
        .get(ON, shown("running", "a"))
        .get(ON, shown("completed", "b"));
    let observed = calls.divergence().observed;
    assert_eq!(observed, "200 with status completed and the task id of another instance");
    let wrong = Calls::default()
        .call("POST", ON, 200, status("queued", "a"))
        .get(ON, json!({"status": "running", "node_uid": "2", "task_id": "a"}));
    assert_eq!(wrong.divergence().observed, "200 with status running and a node_uid that it cannot have");
}

/// After so many calls the last few are looked at first, and by every mixture of readings: that the list is an object is
/// one of them, and what it shows is wrong under all.
#[test]
fn an_entry_that_cannot_be_is_told_before_the_form_of_its_list() {
    let shown = |word: &str| json!({"name": "change_master", "status": word});
    let many = (0..70).fold(Calls::default(), |calls, _| calls.call("GET", CHANGE, 404, json!({})));
    let calls = many
        .with(json!({"body": {"node_uid": "2"}}), "POST", CHANGE, 200, json!({}))
        .get(CHANGE, shown("running"))
        .get("/v1/cluster/actions", json!({"actions": [shown("queued")]}));
    assert_eq!(calls.divergence().observed, "an entry with status queued");
}

#[test]
fn who_may_not_read_a_list_is_refused() {
    let list = json!([{"name": "maintenance_on", "status": "running", "node_uid": "1"}]);
    for path in ["/v1/nodes/status", "/v1/nodes/actions"] {
        let none = json!({"role": "none"});
        let shown = if path == "/v1/nodes/status" { json!({"1": {"role": "master"}}) } else { list.clone() };
        let divergence = Calls::default().with(none, "GET", path, 200, shown).divergence();
        let answers: Vec<_> = divergence.expected.iter().map(|it| it.answer.as_str()).collect();
        assert!(answers.contains(&"403") && !answers.contains(&"a list without the node"), "{answers:?}");
    }
}
