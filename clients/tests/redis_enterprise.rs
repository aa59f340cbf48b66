//! The published `redis-enterprise` crate: lists, starts, polls and deletes node actions, and reads snapshots.

use std::time::Duration;

use action_oracle::case;
use action_oracle::serve::{Extras, Fixture, Setup};
use redis_enterprise::EnterpriseClient;
use serde_json::{Value, json};

/// A cluster with what this crate needs beyond the documents, and a client of it.
fn start(setup: Setup) -> (Fixture, EnterpriseClient) {
    let fixture =
        Fixture::with_tls(Setup { extras: Extras { action_uid: true, shard_status: true }, ..setup })
            .expect("there is a port");
    let client = EnterpriseClient::builder()
        .base_url(fixture.url())
        .username("admin")
        .password("admin")
        .insecure(true)
        .build()
        .expect("the client can be made");
    (fixture, client)
}

/// Polls an action until it has ended.
async fn ended(client: &EnterpriseClient, node: u32, action: &str) -> Value {
    for _ in 0..1_000 {
        let shown = client.nodes().action_detail(node, action).await.expect("the action is there");
        let status = shown["status"].as_str().expect("it has a status");
        if ["completed", "failed", "cancelled", "aborted"].contains(&status) {
            return shown;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("{action} of node {node} does not end");
}

#[tokio::test]
async fn a_node_action_is_started_polled_and_deleted() {
    let (_fixture, client) = start(Setup::default());
    let nodes = client.nodes();
    assert_eq!(nodes.list().await.expect("nodes are listed").len(), 3);
    assert_eq!(nodes.actions(1).await.expect("they are listed"), json!({"actions": []}));
    let started = nodes.execute_action(1, "maintenance_on").await.expect("it is accepted");
    assert_eq!(started.action_uid, "00000000-0000-4000-8000-000000000001");
    let shown = ended(&client, 1, "maintenance_on").await;
    assert_eq!((&shown["status"], &shown["task_id"]), (&json!("completed"), &json!(started.action_uid)));
    let all = nodes.list_actions().await.expect("they are listed");
    assert_eq!(all["actions"].as_array().map(Vec::len), Some(1), "{all}");
    let listed = client.actions().list().await.expect("all actions are listed");
    assert_eq!((listed.len(), &listed[0].action_uid), (1, &started.action_uid));
    let one = client.actions().get(&started.action_uid).await.expect("it is shown");
    assert_eq!((one.name.as_str(), one.progress.as_deref()), ("maintenance_on", Some("100")));
    nodes.action_delete(1, "maintenance_on").await.expect("its status is removed");
    assert!(nodes.action_detail(1, "maintenance_on").await.is_err(), "it is gone");
}

#[tokio::test]
async fn a_second_run_is_a_conflict_and_a_running_one_can_be_cancelled() {
    let (fixture, client) = start(Setup::default());
    control(&fixture, "stall", r#"{"node":2,"action":"remove"}"#);
    client.nodes().action_execute(2, "remove", json!({})).await.expect("it is accepted");
    let again = client.nodes().action_execute(2, "remove", json!({})).await.expect_err("it runs already");
    assert!(again.to_string().contains("409") || again.to_string().contains("conflict"), "{again}");
    client.nodes().action_delete(2, "remove").await.expect("it can be cancelled");
    assert_eq!(ended(&client, 2, "remove").await["status"], "cancelled");
}

#[tokio::test]
async fn a_failure_that_was_ordered_is_seen() {
    let (fixture, client) = start(Setup::default());
    control(&fixture, "fail", r#"{"action":"maintenance_on","error_code":"insufficient_resources"}"#);
    client.nodes().execute_action(3, "maintenance_on").await.expect("it is accepted");
    let shown = ended(&client, 3, "maintenance_on").await;
    assert_eq!(
        (&shown["status"], &shown["error_code"]),
        (&json!("failed"), &json!("insufficient_resources"))
    );
}

#[tokio::test]
async fn the_snapshot_of_maintenance_is_listed_and_cannot_be_deleted() {
    let (_fixture, client) = start(Setup::default());
    client.nodes().execute_action(1, "maintenance_on").await.expect("it is accepted");
    ended(&client, 1, "maintenance_on").await;
    let snapshots = client.nodes().snapshots(1).await.expect("they are listed");
    let name = snapshots[0]["name"].as_str().expect("there is one").to_owned();
    assert!(name.starts_with("maintenance_mode_"), "{name}");
    assert!(client.nodes().snapshot_delete(1, &name).await.is_err(), "it is that of maintenance");
    let status = client.nodes().status(1).await.expect("it is shown");
    assert_eq!(status["maintenance_snapshot"]["name"], json!(name));
}

#[tokio::test]
async fn what_it_asks_on_connecting_is_there() {
    let text = include_str!("../../fixtures/topologies/small.json");
    let start_with = case::topology(text).expect("it is one");
    let (_fixture, client) = start(Setup { start: start_with, ..Setup::default() });
    assert_eq!(client.cluster().info().await.expect("it is shown").name, "cluster.local");
    let databases = client.databases().list().await.expect("they are listed");
    assert_eq!(databases.iter().map(|database| database.uid).collect::<Vec<_>>(), [1, 2]);
    assert!(!client.shards().list().await.expect("they are listed").is_empty());
}

/// Asks control without a socket.
fn control(fixture: &Fixture, what: &str, body: &str) {
    let request = http::Request::post(format!("/_control/{what}")).body(()).expect("it is a request");
    let (head, ()) = request.into_parts();
    let answer = fixture.service().answer(&head, body.as_bytes()).expect("it is not lost");
    assert_eq!(answer.status().as_u16(), 200);
}
