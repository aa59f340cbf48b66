//! A client that puts a node into maintenance, and its tests against a cluster of their own.
//!
//! What the client does right: it takes a 409 for what it is (somebody else's run), waits for an end instead of a time,
//! tells a failure from a success, and asks what happened when it did not hear an answer. Each is a test, and none
//! needs a cluster of Redis.
//!
//! ```text
//! cargo test --example fixture
//! ```

use std::thread;
use std::time::Duration;

use action_oracle::serve::Fixture;
use serde_json::{Value, json};
use ureq::Agent;

fn main() -> Result<(), String> {
    let fixture = Fixture::start().map_err(|error| error.to_string())?;
    maintenance_on(fixture.url(), 1)
}

/// Puts a node into maintenance, and returns when it is.
#[expect(clippy::disallowed_methods, reason = "a client that polls waits in between")]
fn maintenance_on(url: &str, node: u32) -> Result<(), String> {
    let agent = agent();
    let path = format!("{url}/v1/nodes/{node}/actions/maintenance_on");
    submit(&agent, &path)?;
    loop {
        let Some(action) = get(&agent, &path)? else { return Err("the action is gone".to_owned()) };
        match action["status"].as_str() {
            Some("completed") => return Ok(()),
            Some(end @ ("failed" | "cancelled" | "aborted")) => {
                return Err(format!(
                    "maintenance_on {end}: {}",
                    action["error_code"].as_str().unwrap_or("no error code")
                ));
            }
            _ => thread::sleep(Duration::from_millis(1)),
        }
    }
}

/// Starts the action, or joins the run that is under way.
fn submit(agent: &Agent, path: &str) -> Result<(), String> {
    let before = task(agent, path)?;
    for _ in 0..5 {
        let answer = agent.post(path).header("Authorization", ADMIN).send_json(json!({}));
        match answer.map(|answer| answer.status().as_u16()) {
            // 409: another client was faster, and its run will do.
            Ok(200 | 409) => return Ok(()),
            Ok(other) => return Err(format!("maintenance_on was refused: {other}")),
            // No answer: it may have started all the same. If not, the task is still the one that was there before.
            Err(_) if task(agent, path)? != before => return Ok(()),
            Err(_) => {}
        }
    }
    Err("the cluster does not answer".to_owned())
}

/// The task of the last run, if there was one.
fn task(agent: &Agent, path: &str) -> Result<Option<Value>, String> {
    Ok(get(agent, path)?.map(|action| action["task_id"].clone()))
}

fn get(agent: &Agent, path: &str) -> Result<Option<Value>, String> {
    let mut answer =
        agent.get(path).header("Authorization", ADMIN).call().map_err(|error| error.to_string())?;
    match answer.status().as_u16() {
        200 => answer.body_mut().read_json().map(Some).map_err(|error| error.to_string()),
        404 => Ok(None),
        other => Err(format!("the status cannot be read: {other}")),
    }
}

/// The user `admin` with the password `admin`.
const ADMIN: &str = "Basic YWRtaW46YWRtaW4=";

fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).build().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A client blocks; beside it, a test may do other things.
    async fn put_in_maintenance(url: String) -> Result<(), String> {
        tokio::task::spawn_blocking(move || maintenance_on(&url, 1)).await.expect("it does not panic")
    }

    async fn control(url: &str, what: &str, body: Value) {
        let path = format!("{url}/_control/{what}");
        let send = move || agent().post(&path).send_json(body).expect("control answers").status().as_u16();
        assert_eq!(tokio::task::spawn_blocking(send).await.expect("it does not panic"), 200);
    }

    #[tokio::test]
    async fn a_node_gets_into_maintenance() {
        let fixture = Fixture::start().expect("there is a port");
        assert_eq!(put_in_maintenance(fixture.url().to_owned()).await, Ok(()));
    }

    #[tokio::test]
    async fn two_clients_at_once_are_both_content() {
        let fixture = Fixture::start().expect("there is a port");
        let url = fixture.url_of("contended");
        let both = tokio::join!(put_in_maintenance(url.clone()), put_in_maintenance(url));
        assert_eq!(both, (Ok(()), Ok(())));
    }

    #[tokio::test]
    async fn a_failure_is_told() {
        let fixture = Fixture::start().expect("there is a port");
        let url = fixture.url_of("failing");
        control(&url, "fail", json!({ "action": "maintenance_on", "error_code": "insufficient_resources" }))
            .await;
        let told = put_in_maintenance(url).await;
        assert_eq!(told, Err("maintenance_on failed: insufficient_resources".to_owned()));
    }

    #[tokio::test]
    async fn an_answer_that_is_lost_is_asked_for_again() {
        let fixture = Fixture::start().expect("there is a port");
        let url = fixture.url_of("deaf");
        control(&url, "lose-answers", json!({ "method": "POST" })).await;
        assert_eq!(put_in_maintenance(url).await, Ok(()));
    }
}
