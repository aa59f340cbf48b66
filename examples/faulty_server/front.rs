//! A [`Subject`] over HTTP, with Basic authentication. It goes on by itself with time, or with what is asked.
//!
//! Each role is the name of a user and its password. A lock makes one call after the other of what arrives at once.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use action_oracle::conformance::Subject;
use action_oracle::http::{Response, body_of};
use action_oracle::model::{Caller, Header, Headers, Method, Path, Request, Role};
use action_oracle::sim::Seed;
use action_oracle::sim::seed::{Ratio, Rng};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method as HttpMethod, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response as HttpResponse};
use axum::routing::post;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tokio::net::TcpListener;

/// How many moves precede a request where no time counts.
const MOVES_MAX: u32 = 4;

/// What a server is like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// How many nodes there are after a reset.
    pub(crate) nodes: u32,
    /// How often what goes on by itself goes on by one move. Zero: no time counts, and each request is preceded by a
    /// few moves, so that the same requests one after the other have the same answers on every machine.
    pub(crate) pace: Duration,
    /// Chooses between several moves.
    pub(crate) seed: Seed,
}

struct Served<S> {
    moving: Mutex<Moving<S>>,
    manner: Manner,
}

/// A subject, and what chooses its moves.
struct Moving<S> {
    subject: S,
    rng: Rng,
}

impl<S: Subject> Moving<S> {
    fn tick(&mut self) {
        let chance = if self.rng.chance(Ratio(2, 3)) { 0 } else { self.rng.below(1 << 24) };
        self.subject.tick(chance);
    }
}

impl<S: Subject> Served<S> {
    fn with<T>(&self, act: impl FnOnce(&mut Moving<S>) -> T) -> T {
        act(&mut self.moving.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Serves a subject until the process ends. `POST /_reset` begins afresh.
async fn serve<S: Subject + Send + 'static>(
    mut subject: S,
    manner: Manner,
    listener: TcpListener,
) -> std::io::Result<()> {
    subject.reset(manner.nodes);
    let moving = Moving { subject, rng: manner.seed.fork("ticks") };
    let served = Arc::new(Served { moving: Mutex::new(moving), manner });
    if !manner.pace.is_zero() {
        tokio::spawn(tick(Arc::clone(&served)));
    }
    let router = Router::new().route("/_reset", post(reset::<S>)).fallback(answer::<S>).with_state(served);
    axum::serve(listener, router).await
}

/// Serves a subject on a listener that does not block, until the process ends.
pub(crate) fn run<S: Subject + Send + 'static>(
    subject: S,
    manner: Manner,
    listener: std::net::TcpListener,
) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async { serve(subject, manner, TcpListener::from_std(listener)?).await })
}

async fn tick<S: Subject>(served: Arc<Served<S>>) {
    let mut interval = tokio::time::interval(served.manner.pace);
    loop {
        interval.tick().await;
        served.with(Moving::tick);
    }
}

async fn reset<S: Subject>(State(served): State<Arc<Served<S>>>) -> StatusCode {
    let nodes = served.manner.nodes;
    served.with(|moving| moving.subject.reset(nodes));
    StatusCode::NO_CONTENT
}

async fn answer<S: Subject>(
    State(served): State<Arc<Served<S>>>,
    method: HttpMethod,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> HttpResponse {
    let Some(method) = Method::from_name(method.as_str()) else {
        return StatusCode::NOT_IMPLEMENTED.into_response();
    };
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let request = Request {
        method,
        path: Path::new(path),
        caller: caller(&headers),
        headers: Headers { content_type: content_type(&headers), accept: Header::Usual },
        body: body_of(&body),
    };
    encode(served.with(|moving| {
        if served.manner.pace.is_zero() {
            (0..moving.rng.below(MOVES_MAX + 1)).for_each(|_| moving.tick());
        }
        moving.subject.call(&request)
    }))
}

fn encode(response: Response) -> HttpResponse {
    let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut encoded = match response.body {
        Some(body) => ([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response(),
        None => ().into_response(),
    };
    *encoded.status_mut() = status;
    let allow: Vec<_> = response.allow.iter().map(|method| method.name()).collect();
    if let (false, Ok(value)) = (allow.is_empty(), allow.join(", ").parse()) {
        encoded.headers_mut().insert(header::ALLOW, value);
    }
    encoded
}

/// The role of a user who has the name of one, and the same as password.
fn caller(headers: &HeaderMap) -> Caller {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Caller::Missing };
    let role = || {
        let encoded = value.to_str().ok()?.strip_prefix("Basic ")?;
        let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
        let (name, password) = decoded.split_once(':')?;
        Role::from_name(name).filter(|_| name == password)
    };
    role().map_or(Caller::Wrong, Caller::Role)
}

fn content_type(headers: &HeaderMap) -> Header {
    match headers.get(header::CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes())) {
        None => Header::Missing,
        Some(text) if text == "application/json" => Header::Usual,
        Some(text) => Header::Other(text.into()),
    }
}
