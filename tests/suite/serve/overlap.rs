//! Calls that are under way together: the history shows them as such, and conforms wherever it begins.

use action_oracle::conformance::Generator;
use action_oracle::history::{Kind, Reader};
use action_oracle::model::NodeUid;
use action_oracle::serve::{Clock, Service, Setup, World};
use action_oracle::sim::Seed;
use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use tower::ServiceExt;

use super::{ask, asked, judged, service};

const ON: &str = "/v1/nodes/1/actions/maintenance_on";

/// Asks both at once, as administrator; the status of each answer, or none if it is lost.
fn at_once(service: &Service, lines: [&str; 2]) -> [Option<u16>; 2] {
    let ask = async |line: &str, client: &str| {
        let (method, path) = line.split_once(' ').expect("a method and a path");
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", "Basic YWRtaW46YWRtaW4=");
        let request = request.body(Full::new(Bytes::from("{}"))).expect("it is a request");
        Some(service.for_client(client).oneshot(request).await.ok()?.status().as_u16())
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it can run");
    let [one, other] = lines;
    runtime.block_on(async { tokio::join!(biased; ask(one, "c1"), ask(other, "c2")) }).into()
}

/// What the lines of the history are, each with its call.
fn lines(service: &Service) -> Vec<String> {
    let history = ask(service, "GET /_control/history", "").body;
    let reader = Reader::new(&history[..]).expect("it is a history");
    let lines = reader.map(|record| match record.expect("it is a record").kind {
        Kind::Invoke(invoke) => format!("invoke {} of {}", invoke.id, invoke.client.expect("it is named")),
        Kind::Return(answer) => format!("return {} {}", answer.id, answer.status),
        Kind::Lost(lost) => format!("lost {}", lost.id),
        kind => format!("{kind:?}"),
    });
    lines.collect()
}

fn manual() -> Service {
    service(Setup { clock: Clock::Manual, ..Setup::default() })
}

#[test]
fn calls_that_overlap_are_seen_to_overlap() {
    let service = manual();
    let post = format!("POST {ON}");
    assert_eq!(at_once(&service, [&post, &post]), [Some(200), Some(409)]);
    let expected = ["invoke 1 of c1", "invoke 2 of c2", "return 1 200", "return 2 409"];
    assert_eq!(lines(&service), expected);
    judged(&ask(&service, "GET /_control/history", "").body);
}

#[test]
fn an_answer_is_lost_among_others() {
    let service = manual();
    ask(&service, "POST /_control/lose-answers", "{\"method\":\"POST\"}");
    assert_eq!(at_once(&service, [&format!("POST {ON}"), &format!("GET {ON}")]), [None, Some(200)]);
    let expected = ["invoke 1 of c1", "invoke 2 of c2", "lost 1", "return 2 200"];
    assert_eq!(lines(&service), expected);
}

#[test]
fn who_has_arrived_when_all_begins_again_is_part_of_what_follows() {
    for control in ["reset", "fill", "rules"] {
        let service = manual();
        ask(&service, "POST /v1/nodes/2/actions/enslave_node", "{}");
        let answers = at_once(&service, [&format!("POST {ON}"), &format!("POST /_control/{control}")]);
        assert_eq!(answers, [Some(200), Some(200)]);
        assert_eq!(lines(&service), ["invoke 2 of c1", "return 2 200"], "{control}");
        judged(&ask(&service, "GET /_control/history", "").body);
    }
}

#[test]
fn who_has_arrived_when_memory_is_full_is_part_of_what_follows() {
    let service = service(Setup { clock: Clock::Manual, inputs_kept: 2, ..Setup::default() });
    ask(&service, "GET /v1/nodes", "");
    assert_eq!(at_once(&service, [&format!("POST {ON}"), &format!("GET {ON}")]), [Some(200), Some(200)]);
    assert_eq!(lines(&service), ["invoke 3 of c2", "return 3 200"]);
}

#[test]
fn who_was_carried_out_when_all_begins_again_is_part_of_what_was() {
    let mut world = World::new(Setup { clock: Clock::Manual, ..Setup::default() }, None);
    let [first, then] = [(); 2].map(|()| Generator::new(Seed(0), &asked(vec![NodeUid(1)])).next(0));
    let mut call = world.arrive("c1".into(), &first);
    let decided = world.decide(&mut call, first);
    world.reset();
    let mut other = world.arrive("c2".into(), &then);
    world.send(&call, &decided, decided.text());
    let decided = world.decide(&mut other, then);
    world.send(&other, &decided, decided.text());
    let history = String::from_utf8(world.history()).expect("it is text");
    assert!(!history.contains("\"id\":1"), "{history}");
    assert_eq!(history.matches("\"id\":2").count(), 2, "{history}");
}
