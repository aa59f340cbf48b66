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
use super::mutant::Fault;
use super::variant::Variant;
use crate::http::Response;
use crate::model::{Caller, Method, Request, Role};
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
    manner: Manner,
}

/// In which manner it is implemented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    AsExpected,
    Otherwise(Variant),
    Wrongly(Fault),
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
    /// The one before it; only planted bugs look back.
    before: Option<Box<Instance>>,
    /// Whether a second one was refused because of it; only planted bugs remember.
    has_refused: bool,
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
        406 | 415 | 501 => "this is not supported",
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
        Self::in_manner(Manner::AsExpected)
    }

    /// The same with a planted bug.
    pub fn with(fault: Fault) -> Self {
        Self::in_manner(Manner::Wrongly(fault))
    }

    /// The same in another legal way.
    pub fn following(variant: Variant) -> Self {
        Self::in_manner(Manner::Otherwise(variant))
    }

    fn in_manner(manner: Manner) -> Self {
        Self { nodes: nodes(1), primary: 1, slots: BTreeMap::new(), tasks: 0, seconds: 0, manner }
    }

    fn has(&self, fault: Fault) -> bool {
        self.manner == Manner::Wrongly(fault)
    }

    fn follows(&self, variant: Variant) -> bool {
        self.manner == Manner::Otherwise(variant)
    }

    fn answer(&mut self, request: &Request) -> Outcome {
        let role = self.role(request)?;
        let place = self.place(request.path.as_str())?;
        let allow = place.methods().to_vec();
        let method = match request.method {
            Method::Options | Method::Head if self.follows(Variant::OptionsRefused) => request.method,
            Method::Options => return Ok(Response { allow, ..ok(None) }),
            Method::Head => Method::Get,
            Method::Put if self.has(Fault::PutStarts) => Method::Post,
            method => method,
        };
        match place {
            Place::NodeActions(node) if method == Method::Post && self.has(Fault::ListTakesPosts) => {
                return self.start_on_node(node, access::action_in(request), request);
            }
            Place::Snapshot(node, name)
                if method == Method::Post && self.follows(Variant::SnapshotsByPost) =>
            {
                return self.create_snapshot(node, name, role);
            }
            _ => {}
        }
        let is_documented =
            allow.contains(&method) || allow.len() == 1 && self.has(Fault::ListTakesAnyMethod);
        if !is_documented {
            return Err(self.wrong_method(allow));
        }
        let may = self.may(role, method, place);
        if !may && !self.follows(Variant::PermissionLast) {
            return Err(refusal(if self.has(Fault::ForbiddenIsNotFound) { 404 } else { 403 }, "forbidden"));
        }
        if !may {
            // Whatever else is wrong comes first; nothing is done.
            self.clone().serve(place, method, request)?;
            return Err(refusal(403, "forbidden"));
        }
        self.serve(place, method, request)
    }

    fn wrong_method(&self, allow: Vec<Method>) -> Response {
        match self.manner {
            Manner::Otherwise(Variant::WrongMethodNotFound) => refusal(404, "not_found"),
            Manner::Otherwise(Variant::WrongMethod501) => refusal(501, "not_implemented"),
            _ => Response { allow, ..refusal(405, "method_not_allowed") },
        }
    }

    fn serve(&mut self, place: Place<'_>, method: Method, request: &Request) -> Outcome {
        match (place, method) {
            (Place::NodeAction(node, name), Method::Post) => self.start_on_node(node, name, request),
            (Place::ClusterAction(name), Method::Post) => self.start_on_cluster(name, request),
            (Place::NodeAction(node, name), Method::Delete) => self.cancel(self.slot_of(Some(node), name)),
            (Place::ClusterAction(name), Method::Delete) => self.cancel(self.slot_of(None, name)),
            (Place::NodeAction(node, name), _) => self.one(self.slot_of(Some(node), name)),
            (Place::ClusterAction(name), _) => self.one(self.slot_of(None, name)),
            (Place::AllNodesActions, _) => self.actions_of_all_nodes(),
            (Place::NodeActions(node), _) => self.actions_of_node(node),
            (Place::ClusterActions, _) => self.actions_of_cluster(),
            (Place::Actions, _) => Ok(self.all_actions()),
            (Place::Nodes, _) => Ok(self.all_nodes()),
            (Place::Node(uid), _) => self.one_node(uid),
            (Place::NodeStatuses, _) => Ok(self.node_statuses()),
            (Place::NodeStatus(uid), _) => self.one_node_status(uid),
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
    fn reset(&mut self, count: u32) {
        *self = Self { nodes: nodes(count), ..Self::in_manner(self.manner) };
    }

    fn call(&mut self, request: &Request) -> Response {
        self.seconds += 1;
        let is_read = request.method == Method::Get;
        if self.follows(Variant::MovesOnRequests) || is_read && self.follows(Variant::MovesOnReads) {
            self.go_on(0);
        }
        let mut response = self.answer(request).unwrap_or_else(|refusal| refusal);
        if response.status == 401 && self.has(Fault::UnauthorizedActs)
            || response.status == 403 && self.has(Fault::ForbiddenActs)
        {
            let caller = Caller::Role(Role::Admin);
            // Only what it does is wanted.
            let _ = self.answer(&Request { caller, ..request.clone() });
        }
        self.after_refusal(request, response.status);
        if response.status == 404 && self.has(Fault::AbsentIs200) {
            response.status = 200;
        }
        if request.method == Method::Head || response.status >= 400 && self.follows(Variant::RefusalEmpty) {
            response.body = None;
        }
        response
    }

    fn tick(&mut self, chance: u32) {
        self.seconds += 1;
        let waits = match self.manner {
            Manner::Otherwise(Variant::MovesOnRequests | Variant::MovesOnReads | Variant::Instant) => true,
            Manner::Otherwise(Variant::VerySlow) => !self.seconds.is_multiple_of(8),
            _ => false,
        };
        if !waits {
            self.go_on(chance);
        }
    }
}

/// So many fresh members.
fn nodes(count: u32) -> BTreeMap<u64, Node> {
    (1..=u64::from(count)).map(|uid| (uid, Node::default())).collect()
}
