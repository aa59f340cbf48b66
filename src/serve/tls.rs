//! A certificate made at the start, as clusters have one that nobody vouches for.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// A key and a certificate that is signed with it.
#[derive(Clone)]
pub struct Certificate {
    pem: String,
    pub(super) acceptor: TlsAcceptor,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificate").finish_non_exhaustive()
    }
}

impl Certificate {
    /// Makes one for this machine, under its usual names and the address it is asked at.
    pub fn self_signed(address: IpAddr) -> io::Result<Self> {
        let names =
            ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into_iter().chain([address.to_string()]);
        let made = rcgen::generate_simple_self_signed(names.collect::<Vec<_>>()).map_err(io::Error::other)?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .map_err(io::Error::other)?;
        Ok(Self { pem: made.cert.pem(), acceptor: TlsAcceptor::from(Arc::new(config)) })
    }

    /// The certificate, for clients that want to check it.
    pub fn pem(&self) -> &str {
        &self.pem
    }
}
