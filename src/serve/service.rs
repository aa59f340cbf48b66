//! The clusters as a `tower` service: an HTTP request in, an HTTP response out, no socket.
//!
//! What is the interface's goes to a cluster, what is under `/_control/` to control. Which cluster is meant says the
//! header [`CLUSTER`] or a prefix of the path, `/_cluster/NAME`; the cluster is asked without the prefix.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{Request as HttpRequest, Response as HttpResponse, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use serde_json::json;
use tokio::time::Instant;

use super::Clock;
use super::clusters::{Clusters, Name, lock};
use super::control::{self, Answer, Found, Operation};
use super::journal::Call;
use super::message::{self, CLUSTER, Rejection};
use super::users::Users;
use super::world::{Setup, World};
use crate::model::{Caller, Request, Role, Time};

/// How many bytes the body of a request may have.
pub(super) const BODY_BYTES_MAX: usize = 64 << 10;

/// How many clusters a service has room for, unless it is told.
const CLUSTERS_MAX: usize = 64;

/// An answer that the client is not to hear. On a connection, it is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost;

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer is lost, as was ordered")
    }
}

impl std::error::Error for Lost {}

/// Clusters that answer HTTP requests. Clones answer for the same clusters.
#[derive(Debug, Clone)]
pub struct Service {
    shared: Arc<Shared>,
    /// How this client is called in histories.
    client: Arc<str>,
}

#[derive(Debug)]
struct Shared {
    clusters: Clusters,
    users: Users,
    guards_control: bool,
    started: Instant,
}

/// What became of a request when it arrived.
enum Arrival {
    /// No cluster is asked.
    Answered(HttpResponse<Full<Bytes>>),
    /// It is for a cluster, which has it and has not carried it out.
    Asks(Asking),
}

/// A request that a cluster is to carry out.
struct Asking {
    world: Arc<Mutex<World>>,
    call: Call,
    request: Request,
}

impl Service {
    /// One service of clusters that begin like this, for the default users.
    pub fn new(setup: Setup) -> Self {
        Self::of(Clusters::new(setup, CLUSTERS_MAX, None), Users::default(), false)
    }

    /// A service of these clusters, for these users. If control is guarded, only an administrator may ask it.
    pub fn of(clusters: Clusters, users: Users, guards_control: bool) -> Self {
        let shared = Shared { clusters, users, guards_control, started: Instant::now() };
        Self { shared: Arc::new(shared), client: "c0".into() }
    }

    /// The same for another client, as histories call it.
    #[must_use]
    pub fn for_client(&self, client: &str) -> Self {
        Self { shared: Arc::clone(&self.shared), client: client.into() }
    }

    /// The clusters.
    pub fn clusters(&self) -> &Clusters {
        &self.shared.clusters
    }

    /// Lets events happen as time passes, without end; nothing unless the clock is [`Clock::Real`]. Whoever serves
    /// without a [`super::Server`] runs this beside it.
    pub async fn run_clock(self) {
        let setup = self.shared.clusters.setup();
        let Clock::Real { pace } = setup.clock else { return };
        let mut draws = setup.seed.fork("pace");
        // In steps of a thousandth, from half of the pace to half as much again.
        loop {
            tokio::time::sleep(pace * (500 + draws.below(1_001)) / 1_000).await;
            for world in self.shared.clusters.all() {
                self.with(&world, |world| world.go_on(1));
            }
        }
    }

    /// Answers a request whose body has arrived, before any other.
    ///
    /// # Errors
    ///
    /// The answer is to be lost; the request was carried out.
    pub fn answer(&self, head: &Parts, body: &[u8]) -> Result<HttpResponse<Full<Bytes>>, Lost> {
        match self.arrive(head, body) {
            Arrival::Answered(message) => Ok(message),
            Arrival::Asks(asking) => self.carry_out(asking),
        }
    }

    /// The same for requests that arrive together: each is carried out when all of them are there, so that they
    /// overlap for whoever watches.
    pub(super) async fn answer_among_others(
        &self,
        head: &Parts,
        body: &[u8],
    ) -> Result<HttpResponse<Full<Bytes>>, Lost> {
        match self.arrive(head, body) {
            Arrival::Answered(message) => Ok(message),
            Arrival::Asks(asking) => {
                tokio::task::yield_now().await;
                self.carry_out(asking)
            }
        }
    }

    fn arrive(&self, head: &Parts, body: &[u8]) -> Arrival {
        let whole = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let arrival = select(head, whole).and_then(|(name, path)| {
            let control =
                path.strip_prefix("/_control").filter(|rest| rest.is_empty() || rest.starts_with('/'));
            match control {
                Some(_) => self.control(head, &name, path, body).map(Arrival::Answered),
                None => self.ask(head, &name, path, body).map(Arrival::Asks),
            }
        });
        arrival.unwrap_or_else(|rejection| Arrival::Answered(rejection.message()))
    }

    fn ask(&self, head: &Parts, name: &Name, path: &str, body: &[u8]) -> Result<Asking, Rejection> {
        let request = message::decode(head, path, body, &self.shared.users)?;
        let world = self.world(name)?;
        let call = self.with(&world, |world| world.arrive(Arc::clone(&self.client), &request));
        Ok(Asking { world, call, request })
    }

    fn carry_out(&self, asking: Asking) -> Result<HttpResponse<Full<Bytes>>, Lost> {
        let Asking { world, mut call, request } = asking;
        let decided = self.with(&world, |world| world.decide(&mut call, request));
        let text = decided.text();
        self.with(&world, |world| world.send(&call, &decided, text.clone()));
        if decided.is_lost { Err(Lost) } else { Ok(message::encode(&decided, text)) }
    }

    fn control(
        &self,
        head: &Parts,
        name: &Name,
        path: &str,
        body: &[u8],
    ) -> Result<HttpResponse<Full<Bytes>>, Rejection> {
        self.check_control(head)?;
        let (operation, argument) = match control::find(head.method.as_str(), path) {
            Found::Operation(operation, argument) => (operation, argument),
            Found::Nothing => {
                let text = "control has no such path; /_control/openapi.json lists what it has";
                return Err(Rejection::new(StatusCode::NOT_FOUND, "not_found", text));
            }
            Found::OtherMethods(allow) => {
                let text = "this path of control has other methods";
                let rejection = Rejection::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", text);
                return Err(Rejection { allow: allow.join(", "), ..rejection });
            }
        };
        let answer = match operation {
            Operation::OpenApi => Answer {
                status: StatusCode::OK,
                content_type: "application/json",
                body: control::OPENAPI.as_bytes().to_vec(),
            },
            Operation::ListClusters => {
                let names: Vec<_> = self.shared.clusters.names().iter().map(Name::to_string).collect();
                Answer::json(StatusCode::OK, &json!({ "clusters": names }))
            }
            Operation::RemoveCluster => match argument.parse::<Name>() {
                Ok(name) if self.shared.clusters.remove(&name) => Answer::json(StatusCode::OK, &json!({})),
                Ok(_) => Answer::error(StatusCode::NOT_FOUND, "there is no such cluster"),
                Err(error) => Answer::error(StatusCode::BAD_REQUEST, error),
            },
            operation => self.with(&*self.world(name)?, |world| control::act(world, operation, body)),
        };
        let mut message = message::of_json(answer.status, answer.body);
        let content_type = http::HeaderValue::from_static(answer.content_type);
        message.headers_mut().insert(http::header::CONTENT_TYPE, content_type);
        Ok(message)
    }

    fn check_control(&self, head: &Parts) -> Result<(), Rejection> {
        let authorization = head.headers.get(http::header::AUTHORIZATION).map(http::HeaderValue::as_bytes);
        if !self.shared.guards_control || self.shared.users.caller(authorization) == Caller::Role(Role::Admin)
        {
            return Ok(());
        }
        let text = "control is for administrators, since this server can be reached from elsewhere";
        Err(Rejection::new(StatusCode::UNAUTHORIZED, "unauthenticated", text))
    }

    fn world(&self, name: &Name) -> Result<Arc<Mutex<World>>, Rejection> {
        self.shared.clusters.get(name).map_err(|full| {
            let text = format!(
                "there are {} clusters already, and no room for another; DELETE /_control/clusters/NAME removes one",
                full.clusters_max
            );
            Rejection::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_clusters", text)
        })
    }

    fn with<T>(&self, world: &Mutex<World>, act: impl FnOnce(&mut World) -> T) -> T {
        let mut world = lock(world);
        let elapsed = self.shared.started.elapsed().as_micros();
        world.set_time(Time(u64::try_from(elapsed).unwrap_or(u64::MAX)));
        act(&mut world)
    }
}

/// Which cluster is meant, and the path that is left.
fn select<'a>(head: &Parts, whole: &'a str) -> Result<(Name, &'a str), Rejection> {
    let bad = |error: super::BadName| {
        Rejection::new(StatusCode::BAD_REQUEST, "bad_cluster_name", error.to_string())
    };
    if let Some(rest) = whole.strip_prefix("/_cluster/") {
        let (name, _) = rest.split_once('/').unwrap_or((rest, ""));
        let path = &rest[name.len()..];
        return Ok((name.parse().map_err(bad)?, if path.is_empty() { "/" } else { path }));
    }
    match head.headers.get(CLUSTER) {
        None => Ok((Name::default(), whole)),
        Some(value) => Ok((value.to_str().unwrap_or_default().parse().map_err(bad)?, whole)),
    }
}

impl<B> tower_service::Service<HttpRequest<B>> for Service
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = HttpResponse<Full<Bytes>>;
    type Error = Lost;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Lost>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Lost>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequest<B>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            match collect(body).await {
                Ok(body) => service.answer_among_others(&head, &body).await,
                Err(rejection) => Ok(rejection.message()),
            }
        })
    }
}

/// The body of a request, if it has arrived and is not too long.
pub(super) async fn collect<B>(body: B) -> Result<Bytes, Rejection>
where
    B: Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    match Limited::new(body, BODY_BYTES_MAX).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let text = format!("the body has more than {BODY_BYTES_MAX} bytes");
            Err(Rejection::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", text))
        }
        Err(error) => {
            let text = format!("the body cannot be read: {error}");
            Err(Rejection::new(StatusCode::BAD_REQUEST, "bad_body", text))
        }
    }
}
