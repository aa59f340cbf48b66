//! Servers that answer badly or not at all: a clear message, the right exit code, and what was recorded stays.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use action_oracle::conformance::honest::Honest;

use super::{Tested, serve, test};

/// A server that does the same to everybody who connects, once a request has begun to arrive.
pub(super) fn bad_server(act: impl Fn(TcpStream) + Send + Sync + Copy + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                act(stream);
            });
        }
    });
    address
}

/// Answers with these bytes and closes.
fn says(text: &'static str) -> SocketAddr {
    bad_server(move |mut stream| {
        let _ = stream.write_all(text.as_bytes());
    })
}

/// The end of a test of a bad server: exit code 4, and the reason after its URL.
#[track_caller]
fn refused(address: SocketAddr, options: &str) -> (String, Tested) {
    let tested = test(&format!("http://{address}"), options);
    assert_eq!((tested.end.code, tested.end.stdout.as_str()), (4, ""), "{}", tested.end.stderr);
    let start = format!("error: cannot test http://{address}: ");
    let line = tested.end.stderr.lines().last().unwrap_or_default().to_owned();
    let why = line.strip_prefix(&start).unwrap_or_else(|| panic!("{line}")).to_owned();
    let endings = tested.history().lines().filter(|line| line.contains("\"kind\":\"end\"")).count();
    assert_eq!(endings, 1, "what was recorded is kept: {}", tested.history());
    (why, tested)
}

#[test]
fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    let (why, tested) = refused(address, "");
    assert!(why.starts_with("cannot connect: ") && why.contains("refused"), "{why}");
    assert!(tested.history().contains("\"kind\":\"unsent\""), "{}", tested.history());
}

#[test]
fn a_server_that_closes_connections() {
    let (why, tested) = refused(bad_server(drop), "");
    assert!(why.starts_with("GET /v1/nodes has no answer: "), "{why}");
    assert!(tested.history().contains("\"kind\":\"lost\""), "{}", tested.history());
}

#[test]
fn a_server_that_loses_its_first_answers_is_asked_again() {
    static LEFT: AtomicU32 = AtomicU32::new(2);
    let address = bad_server(|mut stream| {
        if LEFT.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_err() {
            let answer = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    let (why, _) = refused(address, "");
    assert_eq!(why, "it answers 401 to the user admin: is the password of --user right?");
}

#[test]
fn a_server_that_answers_garbage() {
    let (why, _) = refused(says("\u{1}\u{2}\u{3} this is no HTTP\r\n\r\n"), "");
    assert!(why.starts_with("GET /v1/nodes has no answer: "), "{why}");
}

#[test]
fn half_an_answer_is_none() {
    let (why, _) = refused(says("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"uid\":"), "");
    assert!(why.starts_with("GET /v1/nodes has no answer: "), "{why}");
}

#[test]
fn a_redirect_is_not_followed() {
    let text = "HTTP/1.1 302 Found\r\nLocation: https://elsewhere/\r\nContent-Length: 0\r\n\r\n";
    let (why, _) = refused(says(text), "");
    assert!(why.starts_with("GET /v1/nodes was answered 302 to https://elsewhere/; "), "{why}");
}

#[test]
fn a_page_is_no_list_of_nodes() {
    let (why, _) = refused(says("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"), "");
    assert!(why.starts_with("GET /v1/nodes was answered 200 with something that is not JSON; "), "{why}");
}

#[test]
fn a_server_that_never_answers() {
    let address = bad_server(|stream| {
        #[expect(clippy::disallowed_methods, reason = "this server does nothing for long")]
        thread::sleep(Duration::from_secs(60));
        drop(stream);
    });
    let (why, _) = refused(address, "--timeout 200");
    assert_eq!(why, "GET /v1/nodes has no answer: timeout");
}

#[test]
fn an_answer_without_an_end() {
    let address = bad_server(|mut stream| {
        let start = "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n";
        let _ = stream.write_all(start.as_bytes());
        while stream.write_all(&[b' '; 65536]).is_ok() {}
    });
    let (why, _) = refused(address, "");
    assert_eq!(why, "GET /v1/nodes has no answer: the answer has more than 4194304 bytes");
}

#[test]
fn nodes_that_are_not_there() {
    let address = serve(Honest::new());
    let tested = test(&format!("http://{address}"), "--nodes 2,7");
    assert_eq!((tested.end.code, tested.end.stdout.as_str()), (2, ""));
    let why = "error: --nodes: the server shows the nodes 1, 2, 3, and not 7\n";
    assert!(tested.end.stderr.ends_with(why), "{}", tested.end.stderr);
}

#[test]
fn a_wrong_password() {
    let address = serve(Honest::new());
    let (why, _) = refused(address, "--user admin:secret");
    assert_eq!(why, "it answers 401 to the user admin: is the password of --user right?");
    let tested = test(&format!("http://{address}"), "--role-user db_viewer=db_viewer:secret");
    assert_eq!(tested.end.code, 4);
    assert!(
        tested.end.stderr.ends_with("is the password of --role-user db_viewer right?\n"),
        "{}",
        tested.end.stderr
    );
}

/// What a server does that fails is not judged.
#[test]
fn a_server_that_always_fails_proves_nothing() {
    let address = says("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let (why, _) = refused(address, "");
    assert!(why.starts_with("GET /v1/nodes was answered 500; "), "{why}");
    let tested = test(&format!("http://{address}"), "--nodes 1,2 --ops 20");
    assert_eq!(tested.end.code, 6, "{}{}", tested.end.stdout, tested.end.stderr);
    assert_eq!(tested.checked(), 6);
}

/// The first answer is right, and then there is none: what is lost may have happened.
#[test]
fn a_server_that_loses_everything_ends_the_run() {
    let address = says("");
    let tested = test(&format!("http://{address}"), "--nodes 1 --ops 100");
    assert_eq!(tested.end.code, 4, "{}", tested.end.stderr);
}

#[test]
fn another_machine_is_not_touched_unless_it_is_named() {
    let tested = test("http://cluster.invalid:9443", "");
    let says = "error: cluster.invalid is not this machine, and this test removes nodes; if that is wanted: \
                --allow-host cluster.invalid\n";
    assert_eq!((tested.end.code, tested.end.stderr.as_str()), (2, says));
    let tested = test("http://127.0.0.1:1", "--reset-url http://cluster.invalid/");
    assert_eq!((tested.end.code, tested.end.stderr.as_str()), (2, says));
    let tested = test("http://cluster.invalid:9443", "--allow-host cluster.invalid");
    assert_eq!(tested.end.code, 4, "{}", tested.end.stderr);
}

#[test]
fn what_is_no_url_is_wrong_usage() {
    for url in ["127.0.0.1:80", "ftp://127.0.0.1", "http://a:b@127.0.0.1", "http://"] {
        let tested = test(url, "");
        assert_eq!(tested.end.code, 2, "{url}: {}", tested.end.stderr);
        assert!(tested.end.stderr.contains("expected a URL such as "), "{}", tested.end.stderr);
    }
}

#[test]
fn a_reset_hook_that_fails_ends_the_test() {
    let url = format!("http://{}", serve(Honest::new()));
    let tested = test(&url, &format!("--reset-url {url}/nowhere"));
    assert_eq!(tested.end.code, 4);
    assert!(tested.end.stderr.ends_with(": the reset hook answers 404\n"), "{}", tested.end.stderr);
    let tested = test(&url, "--reset-command false");
    assert_eq!(tested.end.code, 4);
    let says = "cannot test: the reset command `false` ended with exit status: 1\n";
    assert!(tested.end.stderr.ends_with(says), "{}", tested.end.stderr);
}
