//! Control and its OpenAPI description: each holds what the other says.

use std::collections::BTreeSet;

use action_oracle::serve::control::{OPENAPI, ROUTES};
use action_oracle::serve::{Clock, Clusters, Service, Setup, Users};
use serde_json::{Value, json};

use super::{ask, ask_with, service};

fn document() -> Value {
    serde_json::from_str(OPENAPI).expect("it is JSON")
}

/// The method, the path and the description of each operation.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("there are paths");
    let of_path = |(path, methods): (&String, &Value)| {
        let methods = methods.as_object().expect("a path has methods").clone();
        let path = path.clone();
        methods.into_iter().map(move |(method, what)| (method.to_uppercase(), path.clone(), what))
    };
    paths.iter().flat_map(of_path).collect()
}

/// A schema of the document by itself.
fn validator(document: &Value, schema: &Value) -> jsonschema::Validator {
    let mut whole = schema.clone();
    whole["components"] = document["components"].clone();
    jsonschema::draft202012::new(&whole).expect("it is a schema")
}

#[test]
fn the_document_describes_every_route_and_no_other() {
    let described: BTreeSet<_> =
        operations(&document()).into_iter().map(|(method, path, _)| (method, path)).collect();
    let routes = ROUTES.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()));
    assert_eq!(described, routes.collect());
}

#[test]
fn the_document_is_whole() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let id = operation["operationId"].as_str().expect("it has an id").to_owned();
        assert!(ids.insert(id), "{method} {path} has the id of another");
        assert!(
            operation["summary"].is_string() && operation["responses"]["200"].is_object(),
            "{method} {path}"
        );
        let named: BTreeSet<_> = path.split(['{', '}']).skip(1).step_by(2).collect();
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let in_path = parameters.iter().filter(|parameter| parameter["in"] == "path");
        assert_eq!(
            in_path.filter_map(|parameter| parameter["name"].as_str()).collect::<BTreeSet<_>>(),
            named
        );
    }
    let mut references = Vec::new();
    collect_references(&document, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("it stays in the document");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect_references(member, found));
        }
        _ => {}
    }
}

/// A body that fits, for the operations that want one.
fn body(path: &str) -> &'static str {
    match path.rsplit('/').next().unwrap_or_default() {
        "seed" => r#"{"seed":"0x2a"}"#,
        "tick" => r#"{"events":2}"#,
        "fail" => r#"{"node":"1","action":"remove","error_code":"internal_error","error_message":"a"}"#,
        "abort" | "stall" => r#"{"action":"change_master"}"#,
        "lose-answers" => r#"{"answers":0}"#,
        "node-down" | "node-up" => r#"{"node":"2"}"#,
        "rules" => r#"{"edition":"E-72","rules":{"R-STACK":"COUNTER"}}"#,
        _ => "",
    }
}

#[test]
fn every_operation_answers_as_described() {
    let (document, service) = (document(), service(Setup::default()));
    ask(&service, "GET /_cluster/other/v1/nodes", "");
    for (method, path, _) in ROUTES {
        let operation = &document["paths"][path][method.to_lowercase()];
        let body = if method == "POST" { body(path) } else { "" };
        if !body.is_empty() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let parsed: Value = serde_json::from_str(body).expect("it is JSON");
            assert!(validator(&document, schema).is_valid(&parsed), "{method} {path} {body}");
        }
        let told = ask(&service, &format!("{method} {}", path.replace("{name}", "other")), body);
        assert_eq!(told.status, 200, "{method} {path}: {}", String::from_utf8_lossy(&told.body));
        let content_type = told.headers["content-type"].to_str().expect("it is text");
        let content = &operation["responses"]["200"]["content"][content_type];
        assert!(content.is_object(), "{method} {path} answers {content_type}");
        if content_type == "application/json" {
            assert!(validator(&document, &content["schema"]).is_valid(&told.json()), "{method} {path}");
        }
    }
}

#[test]
fn what_is_not_understood_says_what_was_expected() {
    let service = service(Setup::default());
    let errors = |line: &str, body: &str| {
        let told = ask(&service, line, body);
        assert_eq!(told.status, 400, "{line} {body}");
        told.json()["error"].as_str().expect("it says why").to_owned()
    };
    assert!(
        errors("POST /_control/tick", "{\"event\":1}").contains("unknown field `event`, expected `events`")
    );
    assert!(errors("POST /_control/tick", "[1").contains("line 1 column 2"));
    assert_eq!(errors("POST /_control/tick", "{\"events\":10001}"), "at most 10000 events at once");
    assert!(
        errors("POST /_control/fail", "{\"action\":\"mend\"}")
            .contains("no action is called `mend`; there are ")
    );
    assert!(
        errors("POST /_control/fail", "{\"action\":\"remove\",\"error_code\":\"x\"}")
            .contains("internal_error")
    );
    let of_node = "{\"node\":1,\"action\":\"change_master\"}";
    assert!(errors("POST /_control/stall", of_node).contains("an action of the cluster"));
    assert!(errors("POST /_control/stall", "").contains("`action`"));
    assert!(errors("POST /_control/node-down", "{\"node\":\"a\"}").contains("the uid of a node"));
    assert!(errors("POST /_control/seed", "{\"seed\":-1}").contains("is no seed"));
    assert!(errors("POST /_control/rules", "{\"rules\":{\"R-X\":\"Y\"}}").contains("R-X"));
    assert!(errors("POST /_control/rules", "{\"edition\":\"E-1\"}").contains("E-1"));
    assert!(errors("POST /_control/fill", "{\"to\":1}").contains("unknown field `to`"));
}

#[test]
fn endings_are_bounded() {
    let service = service(Setup::default());
    let told = |_| ask(&service, "POST /_control/fail", "{\"action\":\"remove\"}").status;
    let statuses: Vec<_> = (0..=action_oracle::serve::ENDINGS_MAX).map(told).collect();
    assert_eq!((statuses[0], statuses[255], statuses[256]), (200, 200, 409));
}

#[test]
fn other_paths_and_methods_are_refused() {
    let service = service(Setup::default());
    assert_eq!(ask(&service, "GET /_control", "").status, 404);
    assert_eq!(ask(&service, "GET /_control/", "").status, 404);
    assert_eq!(ask(&service, "GET /_control/clusters/a/b", "").status, 404);
    let told = ask(&service, "PUT /_control/rules", "");
    assert_eq!((told.status, told.headers["allow"].to_str().ok()), (405, Some("GET, POST")));
    // A path that only begins alike is the interface's.
    assert_eq!(
        ask(&service, "GET /_controls", "").headers["x-action-oracle-clause"],
        "ERR-1, HTTP-5, R-VERSION-PREFIX"
    );
}

#[test]
fn a_server_that_can_be_reached_guards_control() {
    let service = Service::of(Clusters::new(Setup::default(), 8, None), Users::default(), true);
    let as_user = |headers: &[(&str, &str)]| {
        ask_with(&service, "POST /_control/reset", "", headers).expect("it is answered").status
    };
    assert_eq!(as_user(&[]), 401);
    assert_eq!(as_user(&[("authorization", "Basic bm9uZTpub25l")]), 401);
    assert_eq!(as_user(&[("authorization", "Basic YWRtaW46YWRtaW4=")]), 200);
}

#[test]
fn what_clients_ask_on_connecting_is_shown_to_whoever_may_see_nodes() {
    let text = include_str!("../../../fixtures/topologies/small.json");
    let start = action_oracle::case::topology(text).expect("it is one");
    let service = service(Setup { start, ..Setup::default() });
    assert_eq!(ask(&service, "GET /v1/cluster", "").json(), json!({"name": "cluster.local"}));
    let databases = ask(&service, "GET /v1/bdbs", "").json();
    let first = &databases.as_array().expect("a list")[0];
    assert_eq!((&first["uid"], &first["status"]), (&json!(1), &json!("active")));
    assert_eq!(&ask(&service, "GET /v1/bdbs/1", "").json(), first);
    assert_eq!(ask(&service, "GET /v1/bdbs/77", "").status, 404);
    assert_eq!(ask(&service, "PUT /v1/bdbs/1", "{}").status, 404);
    let told =
        |headers: &[(&str, &str)]| ask_with(&service, "GET /v1/cluster", "", headers).map(|told| told.status);
    assert_eq!(told(&[]), Some(401));
    assert_eq!(told(&[("authorization", "Basic bm9uZTpub25l")]), Some(403));
    assert_eq!(ask(&service, "GET /v1/nodes/2/actions", "").status, 200);
    super::judged(&ask(&service, "GET /_control/history", "").body);
}

#[test]
fn all_actions_are_listed_for_clients_that_ask() {
    let service = service(Setup { clock: Clock::Manual, ..Setup::default() });
    let list = |service: &Service| ask(service, "GET /v1/actions", "").json();
    assert_eq!(list(&service), json!({"actions": [], "state-machines": []}));
    ask(&service, "POST /v1/nodes/2/actions/remove", "{}");
    ask(&service, "POST /v1/cluster/actions/change_master", "{\"node_uid\":\"3\"}");
    let [removal, promotion] = ["1", "2"].map(|end| format!("00000000-0000-4000-8000-00000000000{end}"));
    let one = json!({
        "name": "remove_node",
        "node_uid": "2",
        "status": "queued",
        "progress": "0",
        "task_id": removal,
        "action_uid": removal,
    });
    let shown = list(&service);
    assert_eq!(shown["actions"][0], one);
    assert_eq!(shown["actions"][1]["action_uid"], json!(promotion));
    assert_eq!(ask(&service, &format!("GET /v1/actions/{removal}"), "").json(), one);
    assert_eq!(ask(&service, "GET /v1/actions/1", "").status, 404);
    assert_eq!(ask(&service, "DELETE /v1/actions/1", "").status, 404);
    let as_user = |user: &str| ask_with(&service, "GET /v1/actions", "", &[("authorization", user)]);
    assert_eq!(as_user("Basic bm9uZTpub25l").expect("it is answered").status, 403);
    assert_eq!(as_user("Basic bm9ib2R5Og==").expect("it is answered").status, 401);
    super::judged(&ask(&service, "GET /_control/history", "").body);
}
