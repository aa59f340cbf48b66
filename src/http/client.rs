//! Requests of the model over a real connection: HTTP or HTTPS, with Basic authentication.
//!
//! Each call is exactly one attempt on a connection of its own: nothing is retried, redirected or kept alive, so that
//! what was recorded is what was sent. When there is no answer the caller learns whether the request may have been
//! executed ([`Outcome::Lost`]) or certainly was not ([`Outcome::Unsent`]).

mod base;
mod users;

pub use base::{BadUrl, Base};
pub use users::{BadUser, User, Users};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;
use ureq::http::{self, HeaderMap, header};
use ureq::tls::TlsConfig;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{ConnectionDetails, Connector, DefaultConnector, Transport};
use ureq::{Agent, Timeout};

use super::{Response, body_of};
use crate::model::{Body, Header, Method, Request};

/// How a client behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long a call may take from connecting to the last byte of the answer.
    pub timeout: Duration,
    /// The bytes that the body of an answer may have.
    pub body_bytes_max: u64,
    /// Whether any certificate is accepted.
    pub accepts_any_certificate: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(10), body_bytes_max: 4 << 20, accepts_any_certificate: false }
    }
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// An answer has arrived.
    Answer(Answer),
    /// There is no answer, or none that can be read; the request may have been executed.
    Lost(String),
    /// The request certainly was not executed.
    Unsent(String),
}

/// An answer as it arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The HTTP status code.
    pub status: u16,
    /// The body: JSON if it can be read as such.
    pub body: Body,
    /// The methods of the `Allow` header that the model knows; empty if it was left out.
    pub allow: Vec<Method>,
    /// Where a redirect leads.
    pub location: Option<String>,
}

impl Answer {
    /// The answer as the model's response. A body that is not JSON is text.
    pub fn response(&self) -> Response {
        let body = match &self.body {
            Body::Absent => None,
            Body::Json(value) => Some(value.clone()),
            Body::Text(text) => Some(Value::from(&**text)),
        };
        Response { status: self.status, body, allow: self.allow.clone() }
    }
}

/// One client. It makes one call at a time.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    base: Base,
    users: Users,
    body_bytes_max: u64,
    /// Whether there is a connection, TLS included, on which something may have been sent.
    is_connected: Arc<AtomicBool>,
}

impl Client {
    /// A client of the server at this URL.
    pub fn new(base: Base, users: Users, options: &Options) -> Self {
        let is_connected = Arc::new(AtomicBool::new(false));
        let tls = TlsConfig::builder().disable_verification(options.accepts_any_certificate).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .proxy(None)
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // An idle connection may be closed by the server at the moment when it is used again: then nobody knows
            // whether the request was executed.
            .max_idle_connections(0)
            .timeout_global(Some(options.timeout))
            .accept("")
            .user_agent(concat!("action-oracle/", env!("CARGO_PKG_VERSION")))
            .build();
        let connector = DefaultConnector::new().chain(Mark(Arc::clone(&is_connected)));
        let agent = Agent::with_parts(config, connector, DefaultResolver::default());
        Self { agent, base, users, body_bytes_max: options.body_bytes_max, is_connected }
    }

    /// Sends a request, once, and waits for what comes of it.
    pub fn call(&mut self, request: &Request) -> Outcome {
        self.is_connected.store(false, Ordering::SeqCst);
        match self.send(request) {
            Ok(answer) => Outcome::Answer(answer),
            Err(why) if self.is_connected.load(Ordering::SeqCst) => Outcome::Lost(why),
            Err(why) => Outcome::Unsent(why),
        }
    }

    fn send(&self, request: &Request) -> Result<Answer, String> {
        let message = self.message(request)?;
        let sent = match &request.body {
            Body::Absent => self.agent.run(message.map(|_| ())),
            _ => self.agent.run(message),
        };
        let mut response = sent.map_err(|error| told(&error))?;
        let status = response.status().as_u16();
        self.users.note(request.caller, status);
        if !(100..600).contains(&status) {
            return Err(format!("the answer has the status {status}, which is none of HTTP"));
        }
        let body = response.body_mut().with_config().limit(self.body_bytes_max).read_to_vec();
        let body = body.map_err(|error| told(&error))?;
        let text = |name| {
            let value = response.headers().get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        Ok(Answer {
            status,
            body: body_of(&body),
            allow: allowed(response.headers()),
            location: text(header::LOCATION),
        })
    }

    /// The request as it goes over the wire.
    fn message(&self, request: &Request) -> Result<http::Request<Vec<u8>>, String> {
        let bad = |error: http::Error| format!("{} is no request: {error}", request.path);
        let url = self.base.url_of(request.path.as_str());
        let mut message = http::Request::builder().method(request.method.name()).uri(url);
        let body = match &request.body {
            Body::Absent => Vec::new(),
            Body::Json(value) => value.to_string().into_bytes(),
            Body::Text(text) => text.as_bytes().to_vec(),
        };
        let submits = matches!(request.method, Method::Post | Method::Put | Method::Patch);
        let is_typed = submits || !body.is_empty() || request.headers.content_type != Header::Usual;
        if let Some(value) = text_of(&request.headers.content_type).filter(|_| is_typed) {
            message = message.header(header::CONTENT_TYPE, value);
        }
        if let Some(value) = text_of(&request.headers.accept) {
            message = message.header(header::ACCEPT, value);
        }
        if let Some(value) = self.users.authorization(request.caller)? {
            message = message.header(header::AUTHORIZATION, value);
        }
        message.body(body).map_err(bad)
    }
}

/// What stands in a header; none if it is left out.
fn text_of(header: &Header) -> Option<&str> {
    match header {
        Header::Usual => Some("application/json"),
        Header::Missing => None,
        Header::Other(text) => Some(text),
    }
}

fn allowed(headers: &HeaderMap) -> Vec<Method> {
    let listed = headers.get_all(header::ALLOW).iter().filter_map(|value| value.to_str().ok());
    listed.flat_map(|value| value.split(',')).filter_map(|name| Method::from_name(name.trim())).collect()
}

/// An error for a person, with what lies behind it.
fn told(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => "timeout while connecting".to_owned(),
        ureq::Error::Timeout(_) => "timeout".to_owned(),
        ureq::Error::HostNotFound => "the host is not known".to_owned(),
        ureq::Error::BodyExceedsLimit(limit) => format!("the answer has more than {limit} bytes"),
        ureq::Error::Io(error) => error.to_string(),
        ureq::Error::Protocol(error) => format!("the answer is not HTTP: {error}"),
        error => error.to_string(),
    }
}

/// The last link of a chain of connectors: takes note that all before it have succeeded.
#[derive(Debug)]
struct Mark(Arc<AtomicBool>);

impl<In: Transport> Connector<In> for Mark {
    type Out = In;

    fn connect(&self, _: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<In>, ureq::Error> {
        self.0.store(chained.is_some(), Ordering::SeqCst);
        Ok(chained)
    }
}
