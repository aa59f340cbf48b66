//! What control orders: failures, aborts, standstill, lost answers, nodes, a full cluster, other rules.

use action_oracle::model::Cluster;
use action_oracle::serve::{Clock, Setup};
use action_oracle::sim::Seed;
use action_oracle::spec::Edition;
use serde_json::json;

use super::{ask, ask_with, control, ended, judged, rules, service};

const ON: &str = "/v1/nodes/2/actions/maintenance_on";

#[test]
fn the_next_run_fails_with_the_error_that_was_ordered_and_the_one_after_does_not() {
    let service = service(Setup { seed: Seed(1), ..Setup::default() });
    let order = r#"{"node":2,"action":"maintenance_on","error_code":"insufficient_resources","error_message":"no room"}"#;
    control(&service, "POST /_control/fail", order);
    let orders = control(&service, "GET /_control/orders", "");
    let waiting = json!({"node": "2", "action": "maintenance_on", "ends": "failed", "error_code": "insufficient_resources"});
    assert_eq!(orders, json!({"endings": [waiting], "stalled": [], "lost_answers": 0}));
    assert_eq!(ask(&service, &format!("POST {ON}"), "{}").status, 200);
    let action = ended(&service, ON);
    assert_eq!(action["status"], "failed");
    assert_eq!(action["error_code"], "insufficient_resources");
    assert_eq!(action["error_message"], "no room");
    assert_eq!(control(&service, "GET /_control/orders", "")["endings"], json!([]));
    assert_eq!(ask(&service, &format!("POST {ON}"), "{}").status, 200);
    assert_eq!(ended(&service, ON)["status"], "completed");
    judged(&ask(&service, "GET /_control/history", "").body);
}

/// What no run can end with is not promised, and what waits in vain does not stand in the way.
#[test]
fn an_ending_that_cannot_be_is_refused() {
    let text = include_str!("../../../fixtures/topologies/small.json");
    let start = action_oracle::case::topology(text).expect("it can exist");
    let with_data = service(Setup { start, ..Setup::default() });
    let order = |code| format!(r#"{{"action":"maintenance_on","error_code":"{code}"}}"#);
    assert_eq!(ask(&with_data, "POST /_control/fail", &order("insufficient_resources")).status, 409);
    control(&with_data, "POST /_control/fail", &order("internal_error"));

    let open = rules("R-ERRCODE-SET=OPEN", Edition::E74);
    let service = service(Setup { rules: open, ..Setup::default() });
    control(&service, "POST /_control/fail", &order("unlisted_error"));
    control(
        &service,
        "POST /_control/rules",
        r#"{"rules":{"R-ERRCODE-SET":"CLOSED","R-ABORTED-EXISTS":"SEVEN"}}"#,
    );
    assert_eq!(ask(&service, "POST /_control/fail", &order("unlisted_error")).status, 409);
    assert_eq!(ask(&service, "POST /_control/abort", r#"{"action":"remove"}"#).status, 409);
    control(&service, "POST /_control/fail", &order("internal_error"));
    ask(&service, &format!("POST {ON}"), "{}");
    assert_eq!(ended(&service, ON)["error_code"], "internal_error");
}

/// Without faults that were asked for a run that cannot go on fails (R-QUORUM-WHEN, R-REMOVE-LAST).
#[test]
fn what_cannot_go_on_fails_and_is_not_aborted() {
    for (nodes, action) in [(2, "maintenance_on"), (1, "remove")] {
        let path = format!("/v1/nodes/1/actions/{action}");
        for seed in 0..20 {
            let start = Cluster::new(nodes);
            let service = service(Setup { start, seed: Seed(seed), ..Setup::default() });
            ask(&service, &format!("POST {path}"), "{}");
            assert_eq!(ended(&service, &path)["status"], "failed", "{action} with seed {seed}");
        }
    }
}

#[test]
fn an_abort_is_for_any_node_if_none_is_named() {
    let service = service(Setup::default());
    control(&service, "POST /_control/abort", r#"{"action":"maintenance_on"}"#);
    ask(&service, &format!("POST {ON}"), "{}");
    assert_eq!(ended(&service, ON)["status"], "aborted");
    judged(&ask(&service, "GET /_control/history", "").body);
}

#[test]
fn what_is_stalled_stands_still_and_can_be_cancelled() {
    let service = service(Setup::default());
    control(&service, "POST /_control/stall", r#"{"node":"2","action":"maintenance_on"}"#);
    ask(&service, &format!("POST {ON}"), "{}");
    ask(&service, "POST /v1/nodes/1/actions/maintenance_on", "{}");
    ended(&service, "/v1/nodes/1/actions/maintenance_on");
    assert_eq!(ask(&service, &format!("GET {ON}"), "").json()["status"], "queued");
    assert_eq!(control(&service, "GET /_control/orders", "")["stalled"][0]["node"], "2");
    assert_eq!(ask(&service, &format!("DELETE {ON}"), "").status, 200);
    assert_eq!(ended(&service, ON)["status"], "cancelled");
    ask(&service, &format!("POST {ON}"), "{}");
    control(&service, "POST /_control/resume", "");
    assert_eq!(ended(&service, ON)["status"], "completed");
    judged(&ask(&service, "GET /_control/history", "").body);
}

#[test]
fn a_lost_answer_was_carried_out() {
    let service = service(Setup { clock: Clock::Manual, ..Setup::default() });
    control(&service, "POST /_control/lose-answers", r#"{"method":"POST"}"#);
    assert_eq!(ask(&service, &format!("GET {ON}"), "").status, 404);
    let admin = [("authorization", "Basic YWRtaW46YWRtaW4=")];
    assert!(ask_with(&service, &format!("POST {ON}"), "{}", &admin).is_none());
    assert_eq!(ask(&service, &format!("POST {ON}"), "{}").status, 409);
    let history = ask(&service, "GET /_control/history", "").body;
    assert!(String::from_utf8_lossy(&history).contains("\"kind\":\"lost\""));
    judged(&history);
}

#[test]
fn a_node_goes_down_and_comes_back_once() {
    let service = service(Setup::default());
    control(&service, "POST /_control/node-down", r#"{"node":3}"#);
    assert_eq!(ask(&service, "GET /v1/nodes/3", "").json()["status"], "down");
    let again = ask(&service, "POST /_control/node-down", r#"{"node":3}"#);
    assert_eq!(
        (again.status, again.json()["error"].as_str()),
        (409, Some("the node is in that state already"))
    );
    control(&service, "POST /_control/node-up", r#"{"node":3}"#);
    assert_eq!(ask(&service, "GET /v1/nodes/3", "").json()["status"], "active");
    let stranger = ask(&service, "POST /_control/node-up", r#"{"node":9}"#);
    assert_eq!((stranger.status, stranger.json()["error"].as_str()), (409, Some("the node does not exist")));
    let history = ask(&service, "GET /_control/history", "").body;
    assert!(String::from_utf8_lossy(&history).contains("node 3 went down"));
    judged(&history);
}

#[test]
fn a_full_cluster_has_no_room_for_what_must_move() {
    let text = include_str!("../../../fixtures/topologies/typical.json");
    let start = action_oracle::case::topology(text).expect("it is one");
    let service = service(Setup { start, ..Setup::default() });
    control(&service, "POST /_control/fill", "");
    let nodes = ask(&service, "GET /v1/nodes", "").json();
    let full = |node: &serde_json::Value| node["shard_count"] == node["max_redis_servers"];
    assert!(nodes.as_array().expect("a list").iter().all(full), "{nodes}");
    assert_eq!(ask(&service, "POST /v1/nodes/2/actions/remove", "{}").status, 200);
    let action = ended(&service, "/v1/nodes/2/actions/remove");
    assert_eq!(
        (&action["status"], &action["error_code"]),
        (&json!("failed"), &json!("insufficient_resources"))
    );
    judged(&ask(&service, "GET /_control/history", "").body);
}

#[test]
fn other_rules_begin_another_history() {
    let service = service(Setup::default());
    ask(&service, &format!("POST {ON}"), "{}");
    let shown =
        control(&service, "POST /_control/rules", r#"{"edition":"E-80","rules":{"R-PROGRESS-TYPE":"INT"}}"#);
    assert_eq!(shown["edition"], "E-80");
    assert_eq!(control(&service, "GET /_control/rules", ""), shown);
    let action = ended(&service, ON);
    assert_eq!(action["progress"], json!(100));
    let history = ask(&service, "GET /_control/history", "").body;
    let text = String::from_utf8_lossy(&history);
    assert!(
        text.starts_with("{\"format\":\"action-oracle/history\",\"version\":1,\"edition\":\"E-80\""),
        "{text}"
    );
    judged(&history);
}

#[test]
fn another_seed_is_another_run_and_the_same_seed_the_same() {
    let run = |seed: u64| {
        let service = service(Setup::default());
        control(&service, "POST /_control/reset", &format!("{{\"seed\":{seed}}}"));
        ask(&service, &format!("POST {ON}"), "{}");
        (0..12).map(|_| ask(&service, &format!("GET {ON}"), "").body).collect::<Vec<_>>()
    };
    assert_eq!(run(1), run(1));
    assert!((2..10).any(|seed| run(seed) != run(1)));
}

#[test]
fn a_tick_says_what_happened() {
    let service = service(Setup { clock: Clock::Manual, ..Setup::default() });
    assert_eq!(control(&service, "POST /_control/tick", ""), json!({"events": []}));
    ask(&service, &format!("POST {ON}"), "{}");
    assert_eq!(
        control(&service, "POST /_control/tick", ""),
        json!({"events": ["start node 2 maintenance_on"]})
    );
    let rest = control(&service, "POST /_control/tick", r#"{"events":100}"#);
    assert_eq!(ask(&service, &format!("GET {ON}"), "").json()["status"], "completed", "{rest}");
}
