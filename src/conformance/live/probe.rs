//! Whether there is a server at all, and which nodes it has.

use serde_json::Value;

use super::Clock;
use crate::history::{CallId, Invoke, Kind, Lost, Record, Return, Unsent};
use crate::http::client::{Answer, Client, Outcome};
use crate::http::uid_in;
use crate::model::{Body, Caller, Headers, Method, NodeUid, Path, Place, Request, Role};

/// What the first call shows.
#[derive(Debug)]
pub struct Probe {
    /// The call, for the history.
    pub records: Vec<Record>,
    /// How many calls that is.
    pub calls: u64,
    /// What came of it.
    pub outcome: Outcome,
    /// The nodes that were listed, if there are any.
    pub nodes: Option<Vec<NodeUid>>,
}

/// Asks for the nodes.
pub fn probe(client: &mut Client, clock: Clock) -> Probe {
    let id = CallId(1);
    let request = get(Place::NodeObjects);
    let invoke = Invoke { id, client: Some("c0".to_owned()), request: request.clone() };
    let invoke = Record::new(Some(clock.now()), Kind::Invoke(invoke));
    let outcome = client.call(&request);
    let ending = match outcome.clone() {
        Outcome::Answer(Answer { status, body, allow, .. }) => {
            Kind::Return(Return { id, status, body, allow })
        }
        Outcome::Lost(why) => Kind::Lost(Lost { id, why: Some(why) }),
        Outcome::Unsent(why) => Kind::Unsent(Unsent { id, client: None, request: None, why: Some(why) }),
    };
    let nodes = match &outcome {
        Outcome::Answer(answer) => nodes_in(&request, answer),
        _ => None,
    };
    let records = vec![invoke, Record::new(Some(clock.now()), ending)];
    Probe { records, calls: 1, outcome, nodes }
}

/// An administrator's look at a place.
pub(super) fn get(place: Place) -> Request {
    let caller = Caller::Role(Role::Admin);
    let (path, headers) = (Path::to(place), Headers::default());
    Request { method: Method::Get, path, caller, headers, body: Body::Absent }
}

/// The nodes that an answer lists, if that was asked and there are any.
pub(super) fn nodes_in(request: &Request, answer: &Answer) -> Option<Vec<NodeUid>> {
    let is_list = request.method == Method::Get && request.path.names(Place::NodeObjects);
    let Body::Json(Value::Array(nodes)) = &answer.body else { return None };
    if !is_list || answer.status != 200 || nodes.is_empty() {
        return None;
    }
    nodes.iter().map(|node| uid_in(node.get("uid")?)).collect()
}
