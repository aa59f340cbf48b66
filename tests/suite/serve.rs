//! `action-oracle serve`: a cluster behind HTTP, from the pure world to the sockets.

use action_oracle::case;
use action_oracle::conformance::{self, Generator};
use action_oracle::history::Reader;
use action_oracle::model::{Caller, NodeUid, Role, step};
use action_oracle::oracle::{self, Options, Verdict};
use action_oracle::serve::{Decided, Service, Setup, World};
use action_oracle::sim::Seed;
use action_oracle::spec::{Edition, Rules};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;

mod clusters;
mod control;
mod odd;
mod orders;
mod overlap;
mod program;
mod readme;
mod socket;
mod tested;
mod world;

/// Answers to open questions that change what clients see, one line a set.
const RULES: [&str; 6] = [
    "",
    "R-CONFLICT-SCOPE=PER-NODE-ANY,R-LIST-EMPTY-CLUSTER=NOTFOUND",
    "R-PROGRESS-TYPE=INT,R-NODEUID-TYPE=INTEGER,R-NAME-REMOVE=PATHNAME",
    "R-STATUS-RETENTION=TTL,R-CANCELLING-OUTCOME=MAY-COMPLETE",
    "R-POST-MALFORMED=UNPROCESSABLE,R-POST-UNKNOWN-NODE=BADREQUEST,R-METHODS-405=NOTIMPLEMENTED-501",
    "R-STACK=COUNTER,R-ABORTED-RETENTION=DROPPED,R-VERSION-PREFIX=OPTIONAL",
];

fn rules(text: &str, edition: Edition) -> Rules {
    let mut rules = Rules::new(edition);
    rules.set_all(text).expect("they exist");
    rules
}

/// Everybody asks, and nothing has run yet.
fn asked(nodes: Vec<NodeUid>) -> conformance::Setup {
    let callers = Role::ALL.map(Caller::Role).into_iter().chain([Caller::Missing, Caller::Wrong]).collect();
    conformance::Setup { nodes, callers, is_fresh: true }
}

/// Asks a world what the generator of a seed asks.
fn drive(world: &mut World, seed: Seed, requests: usize) -> Vec<Decided> {
    let nodes = world.setup().start.nodes().iter().map(|node| node.uid).collect();
    let mut generator = Generator::new(seed, &asked(nodes));
    let mut answers = Vec::new();
    for _ in 0..requests {
        let request = generator.next(0);
        let decided = world.answer("c1", request.clone());
        generator.saw(&request, &decided.response);
        answers.push(decided);
    }
    answers
}

/// A history conforms, and the case of the same run is repeated without a difference.
#[track_caller]
fn conforms(world: &World) {
    judged(&world.history());
    let loaded = case::read(&world.case()[..]).expect("it was just written");
    assert_eq!(loaded.broken, None);
    assert!(
        loaded.case.replay(step).all(|step| step.difference.is_none()),
        "the case differs from its replay"
    );
}

/// A history conforms, and says something.
#[track_caller]
fn judged(history: &[u8]) {
    let reader = Reader::new(history).expect("it is a history");
    let judgement = oracle::judge(reader, &Options::default()).expect("it is a history to its end");
    let text = String::from_utf8_lossy(history);
    assert!(matches!(judgement.verdict, Verdict::Conforms), "{:?} of\n{text}", judgement.verdict);
}

/// What a service answered.
struct Told {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("it is JSON")
    }
}

/// A service of these, and nobody else who asks it.
fn service(setup: Setup) -> Service {
    Service::new(setup)
}

/// Asks `METHOD PATH` with a body as administrator.
#[track_caller]
fn ask(service: &Service, line: &str, body: &str) -> Told {
    let told = ask_with(service, line, body, &[("authorization", "Basic YWRtaW46YWRtaW4=")]);
    told.expect("the answer is not lost")
}

/// Asks with these headers; `None` if the answer is lost.
fn ask_with(service: &Service, line: &str, body: &str, headers: &[(&str, &str)]) -> Option<Told> {
    let (method, path) = line.split_once(' ').expect("a method and a path");
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (head, ()) = request.body(()).expect("it is a request").into_parts();
    let (head, body) = service.answer(&head, body.as_bytes()).ok()?.into_parts();
    // Nothing here waits: the body is all there.
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it can run");
    let body = runtime.block_on(body.collect()).expect("it is all there").to_bytes();
    Some(Told { status: head.status.as_u16(), headers: head.headers, body: body.to_vec() })
}

/// Control does it.
#[track_caller]
fn control(service: &Service, line: &str, body: &str) -> Value {
    let told = ask(service, line, body);
    assert_eq!(told.status, StatusCode::OK, "{line} {body}: {}", String::from_utf8_lossy(&told.body));
    told.json()
}

/// Polls an action until it has ended.
#[track_caller]
fn ended(service: &Service, path: &str) -> Value {
    for _ in 0..200 {
        let action = ask(service, &format!("GET {path}"), "").json();
        let status = action["status"].as_str().expect("it has a status");
        if ["completed", "failed", "cancelled", "aborted"].contains(&status) {
            return action;
        }
    }
    panic!("{path} does not end");
}
