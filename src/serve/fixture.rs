//! A server for the length of a test: on a port that is free, in a thread of its own, stopped when it is dropped.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::server::Server;
use super::service::Service;
use super::tls::Certificate;
use super::world::Setup;

/// A running server. It stops, with all its clusters, when this is dropped.
#[derive(Debug)]
pub struct Fixture {
    url: String,
    certificate: Option<String>,
    service: Service,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Fixture {
    /// Three fresh nodes over HTTP; each role has a user whose name and password are the name of the role.
    ///
    /// # Errors
    ///
    /// There is no port, or no thread.
    pub fn start() -> io::Result<Self> {
        Self::with(Setup::default())
    }

    /// Clusters that begin like this.
    ///
    /// # Errors
    ///
    /// There is no port, or no thread.
    pub fn with(setup: Setup) -> io::Result<Self> {
        Self::of(setup, None)
    }

    /// The same over HTTPS, with a certificate that nobody vouches for, as clusters have one.
    ///
    /// # Errors
    ///
    /// There is no port, no thread, or no certificate can be made.
    pub fn with_tls(setup: Setup) -> io::Result<Self> {
        Self::of(setup, Some(Certificate::self_signed(Ipv4Addr::LOCALHOST.into())?))
    }

    fn of(setup: Setup, certificate: Option<Certificate>) -> io::Result<Self> {
        let service = Service::new(setup);
        let mut server = Server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), service.clone())?;
        let pem = certificate.as_ref().map(|certificate| certificate.pem().to_owned());
        if let Some(certificate) = certificate {
            server = server.with_certificate(certificate);
        }
        let url = server.url();
        let (stop, stopped) = oneshot::channel::<()>();
        // A runtime of its own, so that a test needs none and may drop this inside of one.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let run = move || runtime.block_on(server.run(async { drop(stopped.await) }));
        let thread = std::thread::Builder::new().name("action-oracle".to_owned()).spawn(run)?;
        Ok(Self { url, certificate: pem, service, stop: Some(stop), thread: Some(thread) })
    }

    /// Where the default cluster is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where a cluster of that name is, for a test of its own; made when it is first asked.
    pub fn url_of(&self, cluster: &str) -> String {
        format!("{}/_cluster/{cluster}", self.url)
    }

    /// Its certificate, if it has one, for clients that want to check it.
    pub fn certificate_pem(&self) -> Option<&str> {
        self.certificate.as_deref()
    }

    /// The same clusters without a socket.
    pub fn service(&self) -> &Service {
        &self.service
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A test that ends has nobody to tell.
            drop(thread.join());
        }
    }
}
