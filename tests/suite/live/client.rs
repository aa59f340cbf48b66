//! What a client puts on the wire: one request a call, as it was asked.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use action_oracle::http::client::{Base, Client, Options, Outcome, User, Users};
use action_oracle::model::{Body, Caller, Header, Headers, Method, Path, Request, Role};
use serde_json::json;

/// A server that hands on what arrives, a message a connection, and answers the same to all.
fn listen() -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut bytes = [0; 4096];
            let mut arrived = 0;
            loop {
                let count = stream.read(&mut bytes[arrived..]).unwrap_or(0);
                arrived += count;
                let text = String::from_utf8_lossy(&bytes[..arrived]).into_owned();
                if count == 0 || is_whole(&text) {
                    let _ = sender.send(text);
                    break;
                }
            }
            let answer = "HTTP/1.1 405 No\r\nAllow: GET, DELETE\r\nContent-Length: 8\r\n\r\n{\"a\":12}";
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (address, receiver)
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

fn client(address: SocketAddr) -> Client {
    let base: Base = format!("http://{address}").parse().expect("it is a URL");
    let admin: User = "admin:a:b".parse().expect("it is a user");
    Client::new(base, Users::new(admin), &Options::default())
}

fn request(method: Method, path: &str, caller: Caller, body: Body) -> Request {
    Request { method, path: Path::new(path), caller, headers: Headers::default(), body }
}

const ADMIN: Caller = Caller::Role(Role::Admin);

#[test]
fn a_post_is_sent_as_it_was_asked() {
    let (address, sent) = listen();
    let body = Body::Json(json!({ "overwrite_snapshot": true }));
    let outcome =
        client(address).call(&request(Method::Post, "/v1/nodes/1/actions/%72emove?x=1", ADMIN, body));
    let text = sent.recv().expect("it has arrived");
    assert!(text.starts_with("POST /v1/nodes/1/actions/%72emove?x=1 HTTP/1.1\r\n"), "{text}");
    assert!(text.contains("\r\nauthorization: Basic YWRtaW46YTpi\r\n"), "{text}");
    assert!(text.contains("\r\ncontent-type: application/json\r\n"), "{text}");
    assert!(text.contains("\r\naccept: application/json\r\n"), "{text}");
    assert!(text.ends_with("\r\n\r\n{\"overwrite_snapshot\":true}"), "{text}");
    let Outcome::Answer(answer) = outcome else { panic!("{outcome:?}") };
    assert_eq!((answer.status, answer.body), (405, Body::Json(json!({ "a": 12 }))));
    assert_eq!(answer.allow, [Method::Get, Method::Delete]);
}

#[test]
fn what_is_left_out_is_not_sent() {
    let (address, sent) = listen();
    let mut bare = request(Method::Post, "/v1/nodes/1/actions/remove", Caller::Missing, Body::Absent);
    bare.headers = Headers { content_type: Header::Missing, accept: Header::Missing };
    client(address).call(&bare);
    let text = sent.recv().expect("it has arrived").to_ascii_lowercase();
    for name in ["authorization", "content-type", "accept:"] {
        assert!(!text.contains(&format!("\r\n{name}")), "{text}");
    }
    assert!(text.ends_with("\r\n\r\n"), "{text}");
}

#[test]
fn every_method_can_have_a_body_that_is_no_json() {
    let (address, sent) = listen();
    let mut client = client(address);
    for method in Method::ALL {
        client.call(&request(method, "/v1/nodes", ADMIN, Body::Text("{".into())));
        let text = sent.recv().expect("it has arrived");
        assert!(text.starts_with(&format!("{} /v1/nodes HTTP/1.1\r\n", method.name())), "{text}");
        assert!(text.ends_with("\r\n\r\n{"), "{text}");
    }
}

#[test]
fn a_role_without_a_user_cannot_ask() {
    let (address, sent) = listen();
    let outcome =
        client(address).call(&request(Method::Get, "/", Caller::Role(Role::DbViewer), Body::Absent));
    assert_eq!(outcome, Outcome::Unsent("no user has the role db_viewer".to_owned()));
    assert!(sent.try_recv().is_err());
}
