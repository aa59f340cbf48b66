//! The sockets: concurrent clients, slow and half-open ones, limits, TLS, a graceful stop, and the fixture.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use action_oracle::conformance::Generator;
use action_oracle::http::client::{Base, Client, Options, Outcome, User, Users};
use action_oracle::model::{NodeUid, Role};
use action_oracle::serve::{Certificate, Fixture, Limits, Server, Service, Setup};
use action_oracle::sim::Seed;

use super::{ask, asked, control, judged};

const ASK: &str = "GET /v1/nodes HTTP/1.1\r\nHost: a\r\nAuthorization: Basic YWRtaW46YWRtaW4=\r\n";

/// A server with short limits, and what stops it.
struct Short {
    address: SocketAddr,
    service: Service,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<std::io::Result<()>>>,
}

impl Short {
    fn start(limits: Limits) -> Self {
        let service = Service::new(Setup::default());
        let server = Server::bind("127.0.0.1:0".parse().expect("it is one"), service.clone());
        let server = server.expect("there is a port").with_limits(limits);
        let address = server.address();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it can run");
        let thread = thread::spawn(move || runtime.block_on(server.run(async { drop(stopped.await) })));
        Self { address, service, stop: Some(stop), thread: Some(thread) }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("it can wait");
        stream
    }

    /// Everything that is said until the connection is closed.
    fn say(&self, text: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(text.as_bytes()).expect("it is taken");
        rest(&mut stream)
    }

    fn stop(mut self) {
        drop(self.stop.take());
        let thread = self.thread.take().expect("it was started");
        thread.join().expect("it does not panic").expect("it ends well");
    }
}

/// What comes until the connection ends. A reset is an end; to wait for ever is not.
fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    if let Err(error) = stream.read_to_end(&mut bytes) {
        assert!(
            !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
            "nobody ends it: {error}"
        );
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn short() -> Limits {
    let brief = Duration::from_secs(1);
    Limits { head_timeout: brief, body_timeout: brief, connections_max: 4, ..Limits::default() }
}

#[test]
fn a_slow_head_a_silent_client_and_a_half_open_one_are_let_go() {
    let server = Short::start(short());
    assert_eq!(server.say(""), "");
    assert_eq!(server.say("GET /v1/nodes HTT"), "");
    let mut half = server.connect();
    half.write_all(format!("{ASK}Content-Length: 10\r\n\r\n12").as_bytes()).expect("it is taken");
    half.shutdown(Shutdown::Write).expect("it can be");
    assert!(!rest(&mut half).contains(" 200 "));
    let mut whole = server.connect();
    whole.write_all(format!("{ASK}\r\n").as_bytes()).expect("it is taken");
    whole.shutdown(Shutdown::Write).expect("it can be");
    assert!(rest(&mut whole).starts_with("HTTP/1.1 200 OK\r\n"), "it has said everything");
    // Nobody is left out for it.
    let answer = server.say(&format!("{ASK}Connection: close\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    server.stop();
}

#[test]
fn a_slow_body_is_told() {
    let server = Short::start(short());
    let answer = server.say(&format!("{ASK}Content-Length: 10\r\n\r\n12"));
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
    server.stop();
}

#[test]
fn bodies_headers_and_heads_are_bounded() {
    let server = Short::start(Limits::default());
    let large = format!("{ASK}Connection: close\r\nContent-Length: 70000\r\n\r\n{}", "x".repeat(70_000));
    let answer = server.say(&large);
    assert!(answer.starts_with("HTTP/1.1 413 Payload Too Large\r\n"), "{answer}");
    let many = format!("{ASK}{}\r\n", "X-A: b\r\n".repeat(100));
    assert!(server.say(&many).starts_with("HTTP/1.1 431 "), "too many headers");
    let long = format!("{ASK}X-A: {}\r\n\r\n", "b".repeat(100_000));
    assert!(server.say(&long).starts_with("HTTP/1.1 431 "), "too long a header");
    let bad = server.say("GET /v1/nodes HTTP/9.9\r\n\r\n");
    assert!(bad.starts_with("HTTP/1.1 400 ") || bad.is_empty(), "{bad}");
    server.stop();
}

#[test]
fn further_connections_wait_until_one_is_free() {
    let server = Short::start(Limits { connections_max: 1, ..Limits::default() });
    let first = server.connect();
    let mut second = server.connect();
    second.write_all(format!("{ASK}Connection: close\r\n\r\n").as_bytes()).expect("it is taken");
    second.set_read_timeout(Some(Duration::from_millis(200))).expect("it can wait");
    assert!(second.read(&mut [0; 16]).is_err(), "it is not served yet");
    drop(first);
    second.set_read_timeout(Some(Duration::from_secs(10))).expect("it can wait");
    assert!(rest(&mut second).starts_with("HTTP/1.1 200 OK\r\n"));
    server.stop();
}

#[test]
fn a_stop_ends_idle_connections_and_finishes_the_others() {
    let server = Short::start(Limits::default());
    let mut idle = server.connect();
    idle.write_all(format!("{ASK}\r\n").as_bytes()).expect("it is taken");
    let mut head = [0; 15];
    idle.read_exact(&mut head).expect("it is answered");
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    server.stop();
    rest(&mut idle);
}

#[test]
fn a_lost_answer_closes_the_connection() {
    let server = Short::start(Limits::default());
    control(&server.service, "POST /_control/lose-answers", "");
    assert_eq!(server.say(&format!("{ASK}\r\n")), "");
    let answer = server.say(&format!("{ASK}Connection: close\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    server.stop();
}

/// One user for each role, as the server has them.
fn users() -> Users {
    let user = |role: Role| format!("{0}:{0}", role.name()).parse::<User>().expect("it is one");
    let mut users = Users::new(user(Role::Admin));
    for role in Role::ALL {
        users.add(role, user(role));
    }
    users
}

#[test]
fn what_concurrent_clients_see_conforms() {
    for seed in 0..3 {
        let fixture = Fixture::with(Setup { seed: Seed(seed), ..Setup::default() }).expect("it starts");
        let base: Base = fixture.url().parse().expect("it is a URL");
        thread::scope(|scope| {
            for client in 0..8 {
                let base = base.clone();
                scope.spawn(move || {
                    let mut generator = Generator::new(
                        Seed(seed * 8 + client),
                        &asked(vec![NodeUid(1), NodeUid(2), NodeUid(3)]),
                    );
                    let mut client = Client::new(base, users(), &Options::default());
                    for _ in 0..25 {
                        let request = generator.next(0);
                        let Outcome::Answer(answer) = client.call(&request) else { panic!("{request:?}") };
                        generator.saw(&request, &answer.response());
                    }
                });
            }
        });
        let history = ask(fixture.service(), "GET /_control/history", "").body;
        let text = String::from_utf8_lossy(&history);
        let invokes: Vec<_> = text.lines().filter(|line| line.contains("\"kind\":\"invoke\"")).collect();
        assert_eq!(invokes.len(), 200);
        judged(&history);
    }
}

#[test]
fn tls_has_a_certificate_of_its_own() {
    let service = Service::new(Setup::default());
    let server = Server::bind("127.0.0.1:0".parse().expect("it is one"), service).expect("there is a port");
    let certificate = Certificate::self_signed(server.address().ip()).expect("it can be made");
    assert!(certificate.pem().starts_with("-----BEGIN CERTIFICATE-----"));
    let server = server.with_certificate(certificate);
    let url = server.url();
    assert!(url.starts_with("https://127.0.0.1:"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("it can run");
    runtime.spawn(server.run(std::future::pending()));
    let request = Generator::new(Seed(0), &asked(vec![NodeUid(1)])).next(0);
    let call = |accepts_any_certificate| {
        let options = Options { accepts_any_certificate, ..Options::default() };
        Client::new(url.parse().expect("it is a URL"), users(), &options).call(&request)
    };
    assert!(matches!(call(false), Outcome::Unsent(_)), "nobody vouches for it");
    assert!(matches!(call(true), Outcome::Answer(_)));
    runtime.shutdown_background();
}

#[test]
fn a_fixture_stops_when_it_is_dropped() {
    let fixture = Fixture::start().expect("it starts");
    let address = fixture.url().strip_prefix("http://").expect("it is HTTP").to_owned();
    assert!(TcpStream::connect(&address).is_ok());
    assert_eq!(fixture.url_of("one"), format!("http://{address}/_cluster/one"));
    drop(fixture);
    assert!(TcpStream::connect(&address).is_err());
}
