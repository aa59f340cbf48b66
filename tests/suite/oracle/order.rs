//! What the documents leave open of requests that make little sense: how their paths are understood, and which of
//! several errors wins. What is fine, and beside it what is not.

use serde_json::{Value, json};

use super::calls::Calls;

fn refused() -> Value {
    json!({"error_code": "whatever"})
}

/// How these are understood is open (R-NODEUID-SYNTAX, R-ACTION-CASE, R-TRAILING-SLASH, R-V2-PREFIX, R-QUERY, R-ENCODING).
#[test]
fn what_an_odd_path_is_taken_for_may_have_happened() {
    for path in [
        "/v1/nodes/02/actions/remove",
        "/v1/nodes/2/actions/REMOVE",
        "/v1/nodes/2/actions/remove/",
        "/v2/nodes/2/actions/remove",
        "/v1/nodes/2/actions/remove?x=1",
        "/v1/nodes/2/actions/%72emove",
    ] {
        let posted = Calls::default().call("POST", path, 200, json!({"status": "queued", "task_id": "a"}));
        let running = json!({"status": "running", "task_id": "a"});
        posted.clone().call("GET", "/v1/nodes/2/actions/remove", 200, running.clone()).is_fine(true);
        posted.clone().call("GET", "/v1/nodes/2/actions/remove", 404, refused()).is_fine(true);
        posted.call("GET", "/v1/nodes/1/actions/remove", 200, running).is_fine(false);
    }
}

/// Where several errors apply, any of them may win (R-POST-ORDER); what one error has as its code stays.
#[test]
fn the_name_of_an_action_may_be_looked_at_before_the_node() {
    let both = Calls::default()
        .call("POST", "/v1/nodes/1/actions/bogus", 400, refused())
        .call("POST", "/v1/nodes/99/actions/remove", 404, refused())
        .call("POST", "/v1/nodes/99/actions/bogus", 400, refused());
    both.is_fine(true);
    both.call("POST", "/v1/nodes/99/actions/remove", 400, refused()).is_fine(false);
}

#[test]
fn a_conflict_may_be_looked_for_before_the_body_is_read() {
    const CHANGE: &str = "/v1/cluster/actions/change_master";
    let target = json!({"body": {"node_uid": "2"}});
    let accepted = json!({"status": "queued", "task_id": "a"});
    let running = json!({"status": "running", "task_id": "a"});
    let live = Calls::default().with(target, "POST", CHANGE, 200, accepted).call(
        "GET",
        CHANGE,
        200,
        running.clone(),
    );
    for body in [json!({"body_text": "{"}), json!({"body": {}}), json!({"body": {"node_uid": "99"}})] {
        live.clone()
            .with(body.clone(), "POST", CHANGE, 409, refused())
            .call("GET", CHANGE, 200, running.clone())
            .is_fine(true);
        Calls::default().with(body, "POST", CHANGE, 409, refused()).is_fine(false);
    }
}

/// R-AUTH-FIRST, R-ROLE-NONE, R-METHODS-405.
#[test]
fn who_asks_may_be_looked_at_after_the_method() {
    let put = |members, status| {
        Calls::default().with(members, "PUT", "/v1/nodes/1/actions/remove", status, refused())
    };
    let nobody = json!({"role": null, "credentials": "missing"});
    put(nobody.clone(), 401).is_fine(true);
    put(nobody.clone(), 405).is_fine(true);
    put(nobody, 200).is_fine(false);
    put(json!({}), 401).is_fine(false);
    let no_role = json!({"role": "none"});
    put(no_role.clone(), 403).is_fine(true);
    put(no_role.clone(), 405).is_fine(true);
    put(no_role.clone(), 401).is_fine(false);
    let get = |status| {
        Calls::default().with(no_role.clone(), "GET", "/v1/nodes/1/actions/remove", status, refused())
    };
    get(403).is_fine(true);
    get(405).is_fine(false);
}

/// Also where nothing else is asked about the node.
#[test]
fn a_list_leaves_no_member_out() {
    let nodes = |uids: &[u8]| json!(uids.iter().map(|uid| json!({"uid": uid})).collect::<Vec<_>>());
    Calls::default().call("GET", "/v1/nodes", 200, nodes(&[1, 2, 3])).is_fine(true);
    Calls::default().call("GET", "/v1/nodes", 200, nodes(&[1, 3])).is_fine(false);
}

/// A path that leads nowhere is none to keep somebody from (ERR-1), and the errors of a POST come in any order
/// (R-POST-ORDER). For the rest, the permission comes before or after what is there, everywhere (R-PERM-FIRST).
#[test]
fn who_may_not_ask_may_be_told_so_after_the_name_of_the_action() {
    let viewer = || json!({"role": "cluster_viewer"});
    let delete = |calls: Calls, path, code| calls.with(viewer(), "DELETE", path, code, refused());
    let post = |calls: Calls, path, code| {
        calls.with(json!({"role": "cluster_viewer", "body": {}}), "POST", path, code, refused())
    };
    let [there, bogus, nowhere] =
        ["/v1/nodes/1/actions/remove", "/v1/nodes/1/actions/bogus", "/v1/nodes/99/actions/remove"];
    for path in [bogus, "/v1/cluster/actions/bogus", "/v1/nodes/99/actions/bogus"] {
        let unknown = || delete(Calls::default(), path, 404);
        delete(unknown(), there, 403).is_fine(true);
        delete(unknown(), there, 404).is_fine(true);
        delete(unknown(), there, 200).is_fine(false);
        delete(Calls::default(), path, 403).is_fine(true);
        delete(Calls::default(), path, 400).is_fine(false);
    }
    delete(delete(Calls::default(), there, 403), nowhere, 404).is_fine(false);
    delete(delete(Calls::default(), there, 404), nowhere, 403).is_fine(false);
    for permission in [403, 404] {
        let first = || delete(Calls::default(), there, permission);
        for (path, code) in [(there, 403), (bogus, 400), (bogus, 403), (nowhere, 404), (nowhere, 403)] {
            post(first(), path, code).is_fine(true);
        }
        post(first(), there, 409).is_fine(false);
        post(first(), there, 200).is_fine(false);
        post(first(), there, 401).is_fine(false);
    }
}

/// No document says what comes first: whether the caller may, or whether the path has such a method (R-POST-ORDER,
/// R-METHODS-405).
#[test]
fn who_may_change_nothing_may_be_told_so_before_the_method_is_looked_at() {
    let [there, list] = ["/v1/nodes/1/actions/remove", "/v1/nodes/1/actions"];
    let ask = |role: &str, method: &str, path: &str, code: u16| {
        Calls::default().with(json!({"role": role}), method, path, code, refused())
    };
    for (method, path) in [("PUT", there), ("PATCH", there), ("PUT", list), ("PATCH", list), ("DELETE", list)]
    {
        for code in [403, 405, 404] {
            ask("cluster_viewer", method, path, code).is_fine(true);
        }
        for code in [200, 400, 401, 409] {
            ask("cluster_viewer", method, path, code).is_fine(false);
        }
        ask("admin", method, path, 405).is_fine(true);
        ask("admin", method, path, 403).is_fine(false);
    }
    ask("cluster_viewer", "GET", there, 403).is_fine(false);
    ask("cluster_viewer", "DELETE", there, 405).is_fine(false);
}
