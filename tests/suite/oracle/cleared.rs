//! A result that a POST to another node discards (R-RESUBMIT-SCOPE), and one that nothing can have discarded.

use serde_json::json;

use super::calls::{Calls, status};

const HERE: &str = "/v1/nodes/2/actions/enslave_node";
const ELSEWHERE: &str = "/v1/nodes/1/actions/enslave_node";
const OTHER: &str = "/v1/nodes/1/actions/maintenance_on";

fn posted(calls: Calls, path: &str, task: &str) -> Calls {
    calls.call("POST", path, 200, status("queued", task))
}

/// An action that was seen completed on one node, and before that was started on another.
fn completed() -> Calls {
    posted(posted(Calls::default(), ELSEWHERE, "a"), HERE, "b").get(HERE, status("completed", "b"))
}

fn gone(calls: Calls) -> Calls {
    calls.call("GET", HERE, 404, json!({}))
}

#[test]
fn a_post_to_another_node_discards_a_result_when_it_acts_and_not_later() {
    let ended = || completed().get(ELSEWHERE, status("completed", "a"));
    gone(posted(ended(), ELSEWHERE, "c")).is_fine(true);
    gone(posted(ended(), ELSEWHERE, "c")).told("R-RESUBMIT-SCOPE", "SAME-NODE").is_fine(false);
    let sentence = gone(completed()).is_fine(false);
    assert!(sentence.contains("only 200 with status completed is possible"), "{sentence}");
    gone(completed()).told("R-RESUBMIT-SCOPE", "ALL-NODES").is_fine(false);
    // It was seen after that POST.
    gone(posted(ended(), ELSEWHERE, "c").get(HERE, status("completed", "b"))).is_fine(false);
}

#[test]
fn what_discards_no_result_is_a_refused_post_another_action_and_a_delete() {
    gone(completed().call("POST", ELSEWHERE, 409, json!({}))).is_fine(false);
    gone(posted(completed(), OTHER, "c")).is_fine(false);
    let deleted =
        completed().get(ELSEWHERE, status("completed", "a")).call("DELETE", ELSEWHERE, 200, json!({}));
    gone(deleted).is_fine(false);
}

#[test]
fn one_post_discards_no_second_result() {
    let once = gone(posted(completed().get(ELSEWHERE, status("completed", "a")), ELSEWHERE, "c"));
    let again = posted(once, HERE, "d").get(HERE, status("completed", "d"));
    again.clone().is_fine(true);
    gone(again).is_fine(false);
}
