//! An honest implementation of the interface, as a reader of the documents would write it.
//!
//! It is a second opinion and not an echo: no rule of [`crate::model`] is called, paths are read as text, answers are
//! written as JSON here. Where the documents are silent it does what the readings expect of the edition E-74. There are
//! no databases, and so nothing is placed or moved.

mod access;
mod cancel;
mod course;
mod form;
mod nodes;
mod show;
mod submit;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Subject;
use crate::http::Response;
use crate::model::{Method, Request};
use access::Place;

/// The actions of a node (NODE-19).
const NODE_ACTIONS: [&str; 4] = ["enslave_node", "maintenance_off", "maintenance_on", "remove"];

/// The action of the cluster (CLU-9).
const CHANGE_MASTER: &str = "change_master";

/// The honest implementation.
#[derive(Debug, Clone)]
pub struct Honest {
    nodes: BTreeMap<u64, Node>,
    primary: u64,
    /// What was started last in each slot, of nodes that were removed as well.
    slots: BTreeMap<Slot, Instance>,
    tasks: u64,
    /// A clock for the names of snapshots.
    seconds: u64,
}

/// A member of the cluster.
#[derive(Debug, Clone, Default)]
struct Node {
    snapshots: Vec<Snapshot>,
    in_maintenance: bool,
    /// A removal was accepted: nothing is moved here any more (REM-2).
    is_leaving: bool,
}

/// A snapshot of a node (SNAP-6).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Snapshot {
    name: String,
    created: String,
    is_for_maintenance: bool,
}

/// The place of one action: at most one instance, the last one started (POST-1, POST-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    /// None for an action of the cluster.
    node: Option<u64>,
    action: &'static str,
}

/// One run of an action.
#[derive(Debug, Clone)]
struct Instance {
    task: u64,
    status: Status,
    percent: u32,
    asked: Map<String, Value>,
    /// It was cancelled before it ran.
    is_to_cancel: bool,
    /// Why it cannot succeed.
    obstacle: Option<&'static str>,
    error: Option<&'static str>,
}

/// The statuses (LIFE-1, LIFE-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Queued,
    Starting,
    Running,
    Cancelling,
    Cancelled,
    Aborted,
    Completed,
    Failed,
}

impl Status {
    fn is_live(self) -> bool {
        matches!(self, Self::Queued | Self::Starting | Self::Running | Self::Cancelling)
    }
}

impl Instance {
    fn flag(&self, name: &str) -> bool {
        self.asked.get(name) == Some(&Value::Bool(true))
    }
}

/// An answer; a refusal is one too.
type Outcome = Result<Response, Response>;

fn ok(body: impl Into<Option<Value>>) -> Response {
    Response { status: 200, body: body.into(), allow: Vec::new() }
}

fn refusal(status: u16, error_code: &str) -> Response {
    let description = match status {
        401 => "the credentials are missing or wrong",
        403 => "the role of the user does not allow this",
        404 => "there is no such thing",
        405 => "the path does not have this method",
        409 => "a conflicting action is already in progress",
        _ => "the request cannot be understood",
    };
    let body = json!({ "error_code": error_code, "description": description });
    Response { status, body: Some(body), allow: Vec::new() }
}

impl Default for Honest {
    fn default() -> Self {
        Self::new()
    }
}

impl Honest {
    /// The honest implementation, on one node.
    pub fn new() -> Self {
        let mut honest =
            Self { nodes: BTreeMap::new(), primary: 1, slots: BTreeMap::new(), tasks: 0, seconds: 0 };
        honest.reset(1);
        honest
    }

    fn answer(&mut self, request: &Request) -> Outcome {
        let role = access::role(request.caller)?;
        let place = access::place(request.path.as_str()).ok_or_else(|| refusal(404, "not_found"))?;
        let allow = place.methods().to_vec();
        let method = match request.method {
            Method::Options => return Ok(Response { allow, ..ok(None) }),
            Method::Head => Method::Get,
            method => method,
        };
        if !allow.contains(&method) {
            return Err(Response { allow, ..refusal(405, "method_not_allowed") });
        }
        if !access::may(role, method) {
            return Err(refusal(403, "forbidden"));
        }
        self.serve(place, method, request)
    }

    fn serve(&mut self, place: Place<'_>, method: Method, request: &Request) -> Outcome {
        match (place, method) {
            (Place::NodeAction(node, name), Method::Post) => self.start_on_node(node, name, request),
            (Place::ClusterAction(name), Method::Post) => self.start_on_cluster(name, request),
            (Place::NodeAction(node, name), Method::Delete) => self.cancel(slot_of(Some(node), name)),
            (Place::ClusterAction(name), Method::Delete) => self.cancel(slot_of(None, name)),
            (Place::NodeAction(node, name), _) => self.one(slot_of(Some(node), name)),
            (Place::ClusterAction(name), _) => self.one(slot_of(None, name)),
            (Place::AllNodesActions, _) => Ok(self.actions_of_all_nodes()),
            (Place::NodeActions(node), _) => self.actions_of_node(node),
            (Place::ClusterActions, _) => Ok(self.actions_of_cluster()),
            (Place::Actions, _) => Ok(self.all_actions()),
            (Place::Nodes, _) => Ok(ok(self.nodes.keys().map(|uid| self.node(*uid)).collect::<Value>())),
            (Place::Node(uid), _) => self.member(uid).map(|_| ok(self.node(uid))),
            (Place::NodeStatuses, _) => Ok(self.node_statuses()),
            (Place::NodeStatus(uid), _) => self.member(uid).map(|_| ok(self.node_status(uid))),
            (Place::Snapshots(uid), _) => self.snapshots(uid),
            (Place::Snapshot(uid, name), _) => self.delete_snapshot(uid, name),
            (Place::Shards, _) => Ok(ok(json!([]))),
        }
    }

    /// The member with this uid (ERR-9).
    fn member(&self, uid: u64) -> Result<&Node, Response> {
        self.nodes.get(&uid).ok_or_else(|| refusal(404, "node_not_found"))
    }
}

impl Subject for Honest {
    fn reset(&mut self, nodes: u32) {
        let fresh = (1..=u64::from(nodes)).map(|uid| (uid, Node::default())).collect();
        *self = Self { nodes: fresh, primary: 1, slots: BTreeMap::new(), tasks: 0, seconds: 0 };
    }

    fn call(&mut self, request: &Request) -> Response {
        self.seconds += 1;
        let mut response = self.answer(request).unwrap_or_else(|refusal| refusal);
        if request.method == Method::Head {
            response.body = None;
        }
        response
    }

    fn tick(&mut self, chance: u32) {
        self.seconds += 1;
        self.go_on(chance);
    }
}

/// The slot of a name; none if it is not the name of an action there (NODE-19, CLU-9).
fn slot_of(node: Option<u64>, name: &str) -> Option<Slot> {
    let names: &[&'static str] = if node.is_some() { &NODE_ACTIONS } else { &[CHANGE_MASTER] };
    names.iter().find(|known| **known == name).map(|action| Slot { node, action })
}
