//! A server with a certificate that nobody vouches for.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::test;

const ANSWER: &[u8] = b"HTTP/1.1 401 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// Answers 401 to everybody, under another name than its own.
fn serve() -> SocketAddr {
    let made = rcgen::generate_simple_self_signed(vec!["another.invalid".to_owned()]);
    let made = made.expect("a certificate can be made");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.expect("the provider knows them").with_no_client_auth();
    let config = config.with_single_cert(vec![made.cert.der().clone()], key);
    let config = Arc::new(config.expect("key and certificate fit"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).expect("the configuration is right");
            let mut stream = StreamOwned::new(connection, stream);
            // A client that does not like the certificate goes away.
            if stream.read(&mut [0; 4096]).is_ok() {
                let _ = stream.write_all(ANSWER);
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    address
}

#[test]
fn a_certificate_that_does_not_match_is_refused_unless_it_is_wanted() {
    let url = format!("https://{}", serve());
    let tested = test(&url, "");
    assert_eq!(tested.end.code, 4);
    let start = format!("error: cannot test {url}: cannot connect: invalid peer certificate: ");
    let line = tested.end.stderr.lines().last().unwrap_or_default();
    assert!(line.starts_with(&start) && line.ends_with("(--insecure accepts any)"), "{line}");
    assert!(tested.history().contains("\"kind\":\"unsent\""), "{}", tested.history());
    let tested = test(&url, "--insecure");
    assert_eq!(tested.end.code, 4);
    let line = tested.end.stderr.lines().last().unwrap_or_default();
    assert!(line.contains("it answers 401 to the user admin"), "{line}");
}
