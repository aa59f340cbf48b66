//! The cluster as a `tower` service: a test calls it without a socket.
//!
//! ```text
//! cargo test --example tower_service
//! ```

use action_oracle::serve::{Service, Setup};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};
use tower::ServiceExt;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let service = Service::new(Setup::default());
    let (status, _) = call(&service, Method::GET, "/v1/nodes", json!(null)).await;
    assert_eq!(status, 200);
}

/// One request as administrator, and the JSON of its answer.
async fn call(service: &Service, method: Method, path: &str, body: Value) -> (u16, Value) {
    let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", "Basic YWRtaW46YWRtaW4=")
        .header("content-type", "application/json")
        .body(Full::new(body));
    let request = request.expect("it is a request");
    let (head, body) = service.clone().oneshot(request).await.expect("no answer is lost").into_parts();
    let Ok(body) = body.collect().await;
    (head.status.as_u16(), serde_json::from_slice(&body.to_bytes()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use action_oracle::serve::Clock;

    use super::*;

    #[tokio::test]
    async fn every_step_is_taken_by_the_test() {
        // Nothing moves until it is told to, so that each moment can be looked at.
        let service = Service::new(Setup { clock: Clock::Manual, ..Setup::default() });
        let path = "/v1/nodes/2/actions/remove";
        assert_eq!(call(&service, Method::POST, path, json!({})).await.0, 200);
        assert_eq!(call(&service, Method::POST, path, json!({})).await.0, 409);
        let (_, action) = call(&service, Method::GET, path, json!(null)).await;
        assert_eq!(action["status"], "queued");
        let (_, ticked) = call(&service, Method::POST, "/_control/tick", json!({})).await;
        assert_eq!(ticked, json!({ "events": ["start node 2 remove"] }));
        let (_, action) = call(&service, Method::GET, path, json!(null)).await;
        assert_eq!(action["status"], "starting");
    }
}
