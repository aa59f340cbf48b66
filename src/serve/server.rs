//! Sockets: connections in, each within its limits, until it is told to stop.
//!
//! One task for each connection and one for the clock. A client that is slow, silent or gone costs a connection for as
//! long as the limits say and nothing else; when all connections are in use, further ones wait to be accepted.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;
use tracing::{debug, info, warn};

use super::message::Rejection;
use super::service::{Lost, Service, collect};
use super::tls::Certificate;

/// What a client may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many connections are served at once.
    pub connections_max: usize,
    /// How many headers a request may have.
    pub headers_max: usize,
    /// How many bytes the head of a request may have, and how many are read at once: at least 8192.
    pub head_bytes_max: usize,
    /// How long a connection may be silent, or take for the head of a request.
    pub head_timeout: Duration,
    /// How long the body of a request may take, and greetings of TLS.
    pub body_timeout: Duration,
    /// How long a client may refuse to take any of an answer.
    pub write_timeout: Duration,
    /// How long requests that are under way may take after the server was told to stop.
    pub stop_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 1_024,
            headers_max: 64,
            head_bytes_max: 16 << 10,
            head_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(10),
            stop_timeout: Duration::from_secs(3),
        }
    }
}

/// A socket, and the clusters behind it.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    service: Service,
    certificate: Option<Certificate>,
    limits: Limits,
}

impl Server {
    /// Takes a port. From now on connections wait, and [`Server::run`] serves them.
    pub fn bind(address: SocketAddr, service: Service) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address, service, certificate: None, limits: Limits::default() })
    }

    /// The same over TLS.
    #[must_use]
    pub fn with_certificate(self, certificate: Certificate) -> Self {
        Self { certificate: Some(certificate), ..self }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL.
    pub fn url(&self) -> String {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Serves until told to stop; then finishes what is under way, and the histories.
    pub async fn run(self, stop: impl Future<Output = ()>) -> io::Result<()> {
        let Self { listener, service, certificate, limits, .. } = self;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let clock = tokio::spawn(service.clone().run_clock());
        let connections = Arc::new(Semaphore::new(limits.connections_max));
        let graceful = GracefulShutdown::new();
        let mut number = 0_u64;
        let mut stop = pin!(stop);
        loop {
            let next = async {
                let permit = Arc::clone(&connections).acquire_owned().await.expect("nobody closes it");
                (permit, listener.accept().await)
            };
            let (permit, accepted) = tokio::select! {
                next = next => next,
                () = &mut stop => break,
            };
            match accepted {
                Ok((stream, peer)) => {
                    number += 1;
                    debug!(%peer, number, "connected");
                    let service = service.for_client(&format!("c{number}"));
                    let (certificate, watcher) = (certificate.clone(), graceful.watcher());
                    tokio::spawn(async move {
                        match connect(stream, certificate, limits).await {
                            Ok(stream) => converse(stream, service, watcher, limits).await,
                            Err(error) => debug!(%error, "no connection"),
                        }
                        drop(permit);
                    });
                }
                Err(error) => {
                    warn!(%error, "cannot accept a connection");
                    // Out of files, most likely: some will be closed.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        info!("stopping");
        drop(listener);
        clock.abort();
        if timeout(limits.stop_timeout, graceful.shutdown()).await.is_err() {
            warn!("some connections were cut off");
        }
        service.clusters().finish()
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

async fn connect(
    stream: TcpStream,
    certificate: Option<Certificate>,
    limits: Limits,
) -> io::Result<Box<dyn Stream>> {
    stream.set_nodelay(true)?;
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.write_timeout));
    let stream = Box::pin(stream);
    match certificate {
        None => Ok(Box::new(stream)),
        Some(certificate) => {
            let accepted = timeout(limits.body_timeout, certificate.acceptor.accept(stream)).await;
            Ok(Box::new(accepted.map_err(io::Error::other)??))
        }
    }
}

/// Answers the requests of a connection until either side ends it.
async fn converse(stream: Box<dyn Stream>, service: Service, watcher: Watcher, limits: Limits) {
    let answer = service_fn(move |request| answer(service.clone(), request, limits));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_headers(limits.headers_max)
        .max_buf_size(limits.head_bytes_max)
        // Who has sent everything may say so, and is answered.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), answer);
    if let Err(error) = watcher.watch(connection).await {
        debug!(%error, "a connection ended early");
    }
}

async fn answer(
    service: Service,
    request: Request<Incoming>,
    limits: Limits,
) -> Result<Response<Full<Bytes>>, Lost> {
    debug!(method = %request.method(), path = %request.uri(), "asked");
    let (head, body) = request.into_parts();
    match timeout(limits.body_timeout, collect(body)).await {
        Ok(Ok(body)) => service.answer_among_others(&head, &body).await,
        Ok(Err(rejection)) => Ok(rejection.message()),
        Err(_) => {
            let text = "the body of the request did not arrive in time";
            let mut message = Rejection::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", text).message();
            message.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            Ok(message)
        }
    }
}
