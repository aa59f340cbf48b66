//! HTTP messages: from what arrives to a request of the model, from an answer to what is sent.
//!
//! Total: whatever hyper lets through is either a request that the law answers or gets one of the few refusals that
//! are made here, each a 4xx or 503 with the body of an error. What the model tells apart is kept (a content type, a
//! body that is no JSON); everything else is dropped.

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Response as Message, StatusCode};
use http_body_util::Full;
use serde_json::json;

use super::users::Users;
use super::world::Decided;
use crate::http::body_of;
use crate::model::{Header, Headers, Method, Path, Request};

/// The header that names the clauses which decided an answer.
pub const CLAUSE: HeaderName = HeaderName::from_static("x-action-oracle-clause");

/// The header that selects a cluster.
pub const CLUSTER: HeaderName = HeaderName::from_static("x-action-oracle-cluster");

/// A request that no cluster is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rejection {
    pub(super) status: StatusCode,
    pub(super) error_code: &'static str,
    pub(super) description: String,
    pub(super) allow: String,
}

impl Rejection {
    pub(super) fn new(status: StatusCode, error_code: &'static str, description: impl Into<String>) -> Self {
        Self { status, error_code, description: description.into(), allow: String::new() }
    }

    pub(super) fn message(self) -> Message<Full<Bytes>> {
        let body = json!({ "error_code": self.error_code, "description": self.description });
        let mut message = of_json(self.status, body.to_string());
        put(message.headers_mut(), header::ALLOW, &self.allow);
        message
    }
}

/// The request that a message makes, under the path that is left when the cluster is known.
pub(super) fn decode(head: &Parts, path: &str, body: &[u8], users: &Users) -> Result<Request, Rejection> {
    let Some(method) = Method::from_name(head.method.as_str()) else {
        let names = Method::ALL.map(Method::name).join(", ");
        let text = format!("the method is none of {names}");
        let rejection = Rejection::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", text);
        return Err(Rejection { allow: names, ..rejection });
    };
    // A request without a body has no content type to leave out.
    let submits = matches!(method, Method::Post | Method::Put | Method::Patch);
    let content_type = match header_of(&head.headers, header::CONTENT_TYPE) {
        Header::Missing if !submits && body.is_empty() => Header::Usual,
        content_type => content_type,
    };
    let authorization = head.headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
    Ok(Request {
        method,
        path: Path::new(path),
        caller: users.caller(authorization),
        headers: Headers { content_type, accept: header_of(&head.headers, header::ACCEPT) },
        body: body_of(body),
    })
}

/// What is sent for an answer, with this body.
pub(super) fn encode(decided: &Decided, text: Bytes) -> Message<Full<Bytes>> {
    let Decided { response, clauses, .. } = decided;
    let status = StatusCode::from_u16(response.status).expect("the law knows codes of HTTP");
    let mut message = match response.body {
        Some(_) => of_json(status, text),
        None => {
            let mut message = Message::new(Full::default());
            *message.status_mut() = status;
            message
        }
    };
    let headers = message.headers_mut();
    put(headers, CLAUSE, &clauses.join(", "));
    put(
        headers,
        header::ALLOW,
        &response.allow.iter().map(|method| method.name()).collect::<Vec<_>>().join(", "),
    );
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"action-oracle\""));
    }
    message
}

/// A message with a JSON text.
pub(super) fn of_json(status: StatusCode, text: impl Into<Bytes>) -> Message<Full<Bytes>> {
    let mut message = Message::new(Full::new(text.into()));
    *message.status_mut() = status;
    message.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    message
}

fn put(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let (false, Ok(value)) = (text.is_empty(), HeaderValue::from_str(text)) {
        headers.insert(name, value);
    }
}

fn header_of(headers: &HeaderMap, name: HeaderName) -> Header {
    match headers.get(name).map(HeaderValue::as_bytes) {
        None => Header::Missing,
        Some(b"application/json") => Header::Usual,
        Some(other) => Header::Other(String::from_utf8_lossy(other).into()),
    }
}
