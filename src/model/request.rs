//! What a client asks: method, path, caller, headers, body; and the order in which a request is examined.
//!
//! The order (`R-POST-ORDER`) stands in [`serve`] and [`plan`]: credentials, route, method, permission, node,
//! action, body, and last what the slots say. Reading the body of a POST is in [`super::body`].

mod path;

use serde_json::Value;

use super::response::{Answer, Refusal, Why};
use super::slot::Slot;
use super::{Cluster, Node, NodeUid, Permission, Reply, Role, SnapshotView, delete, get, observe, post};
use crate::spec::Rules;
use crate::spec::rules::{GetUnknownNode, Methods405, NodeuidSyntax, PermFirst, PostUnknownNode};

pub(super) use path::{NameText, Route, UidText};
pub use path::{Path, Place};

/// One request as it arrives.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path, as sent.
    pub path: Path,
    /// Who asks.
    pub caller: Caller,
    /// The headers that matter.
    pub headers: Headers,
    /// The body.
    pub body: Body,
}

/// The methods that the law tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names of HTTP")]
pub enum Method {
    Get,
    Post,
    Delete,
    Put,
    Patch,
    Head,
    Options,
}

impl Method {
    /// All methods.
    pub const ALL: [Self; 7] =
        [Self::Get, Self::Post, Self::Delete, Self::Put, Self::Patch, Self::Head, Self::Options];

    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
        }
    }

    /// The method that has this word on the wire.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }
}

/// Who asks, after HTTP Basic authentication (HTTP-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caller {
    /// A user with this role.
    Role(Role),
    /// No credentials were sent.
    Missing,
    /// The credentials are wrong.
    Wrong,
}

/// The headers that matter to the law.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Headers {
    /// `Content-Type`; usual is JSON.
    pub content_type: Header,
    /// `Accept`; usual is JSON. Never judged (`R-ACCEPT`).
    pub accept: Header,
}

/// One header.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Header {
    /// `application/json`.
    #[default]
    Usual,
    /// Left out.
    Missing,
    /// Anything else.
    Other(Box<str>),
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Body {
    /// None, or an empty one.
    Absent,
    /// A JSON value.
    Json(Value),
    /// Something that is not JSON.
    Text(Box<str>),
}

/// What a request asks for, once it is understood.
pub(super) enum Plan {
    Show(Answer),
    Submit(post::Submission),
    Delete(delete::Deletion),
    DeleteSnapshot(SnapshotView),
}

/// Answers one request. Everything is decided before anything changes.
pub(super) fn serve(cluster: &mut Cluster, rules: &Rules, request: &Request) -> Reply {
    let refusal = match examine(cluster, rules, request) {
        Ok(Plan::Show(answer)) => return Reply::Answer(answer),
        Ok(Plan::Submit(submission)) => {
            return Reply::Answer(post::commit(cluster, rules, submission));
        }
        Ok(Plan::Delete(deletion)) => return Reply::Answer(delete::commit(cluster, rules, deletion)),
        Ok(Plan::DeleteSnapshot(snapshot)) => return Reply::Answer(observe::delete(cluster, snapshot)),
        Err(refusal) => refusal,
    };
    post::after_refusal(cluster, rules, request, &refusal);
    Reply::Refused(refusal)
}

fn examine(cluster: &Cluster, rules: &Rules, request: &Request) -> Result<Plan, Refusal> {
    let role = match request.caller {
        Caller::Role(role) => role,
        Caller::Missing | Caller::Wrong => return Err(Refusal::new(401, Why::Unauthenticated)),
    };
    let forbidden = Err(Refusal::new(403, Why::Forbidden));
    if role == Role::None {
        return forbidden; // R-ROLE-NONE: everywhere, also where nothing is.
    }
    let route = request.path.route(rules).ok_or(Refusal::new(404, Why::NoRoute))?;
    if request.method == Method::Options {
        return Ok(Plan::Show(Answer::Methods(route.methods())));
    }
    let permission = permission(route, request.method).ok_or_else(|| no_method(rules, route))?;
    let permitted = permission.granted_to(role, rules);
    if !permitted && rules.perm_first() == PermFirst::PermissionFirst {
        return forbidden;
    }
    let plan = plan(cluster, rules, route, request)?;
    if permitted { Ok(plan) } else { forbidden }
}

/// The permission an endpoint demands; `None` if the path has no such method (HTTP-12).
fn permission(route: &Route, method: Method) -> Option<Permission> {
    Some(match (route, method) {
        (Route::AllNodes, Method::Get | Method::Head) => Permission::ViewStatusOfAllNodeActions,
        (Route::Node(_) | Route::NodeAction(..), Method::Get | Method::Head) => {
            Permission::ViewStatusOfNodeAction
        }
        (Route::NodeAction(..), Method::Post) => Permission::StartNodeAction,
        (Route::NodeAction(..), Method::Delete) => Permission::CancelNodeAction,
        (Route::Cluster | Route::ClusterAction(_), Method::Get | Method::Head) => {
            Permission::ViewStatusOfClusterAction
        }
        (Route::ClusterAction(_), Method::Post) => Permission::StartClusterAction,
        (Route::ClusterAction(_), Method::Delete) => Permission::CancelClusterAction,
        (Route::NodeObjects, Method::Get | Method::Head) => Permission::ViewAllNodesInfo,
        (
            Route::NodeObject(_) | Route::NodeStatuses | Route::NodeStatus(_) | Route::Snapshots(_),
            Method::Get | Method::Head,
        ) => Permission::ViewNodeInfo,
        (Route::Snapshot(..), Method::Delete) => Permission::UpdateNode,
        (Route::Shards, Method::Get | Method::Head) => Permission::ViewAllShardsInfo,
        _ => return None,
    })
}

fn no_method(rules: &Rules, route: &Route) -> Refusal {
    let code = match rules.methods_405() {
        Methods405::Method405 => 405,
        Methods405::Notfound404 => 404,
        Methods405::Notimplemented501 => 501,
    };
    Refusal::new(code, Why::NoMethod(route.methods()))
}

/// What a permitted request would do.
fn plan(cluster: &Cluster, rules: &Rules, route: &Route, request: &Request) -> Result<Plan, Refusal> {
    let shown = |observation| Ok(Plan::Show(Answer::Observed(observation)));
    let member = |uid| member(cluster, rules, uid);
    match (route, request.method) {
        (Route::AllNodes, _) => Ok(Plan::Show(get::all_nodes(cluster, rules))),
        (Route::Cluster, _) => get::cluster(cluster, rules).map(Plan::Show),
        (Route::Node(uid), _) => match known_node(rules, *uid)? {
            Some(uid) if get::is_listed(cluster, rules, uid) => {
                Ok(Plan::Show(get::of_node(cluster, rules, uid)))
            }
            _ => match rules.get_unknown_node() {
                GetUnknownNode::Notfound => Err(Refusal::new(404, Why::NoNode)),
                GetUnknownNode::Empty200 => Ok(Plan::Show(Answer::empty_list())),
            },
        },
        (Route::NodeAction(uid, name), method) => {
            let uid = known_node(rules, *uid)?.filter(|uid| {
                let reads = method != Method::Post;
                cluster.node(*uid).is_some() || (reads && get::is_listed(cluster, rules, *uid))
            });
            let uid = uid.ok_or_else(|| no_node(rules, method))?;
            match method {
                Method::Post => post::to_node(cluster, rules, uid, *name, request).map(Plan::Submit),
                Method::Delete => delete::plan(cluster, rules, name.on_node(uid, rules)).map(Plan::Delete),
                _ => get::one(cluster, rules, name.on_node(uid, rules)).map(Plan::Show),
            }
        }
        (Route::ClusterAction(name), method) => {
            let slot = (*name == NameText::ChangeMaster).then_some(Slot::ChangeMaster);
            match method {
                Method::Post => post::to_cluster(cluster, rules, slot, request).map(Plan::Submit),
                Method::Delete => delete::plan(cluster, rules, slot).map(Plan::Delete),
                _ => get::one(cluster, rules, slot).map(Plan::Show),
            }
        }
        (Route::NodeObjects, _) => shown(observe::nodes(cluster)),
        (Route::NodeObject(uid), _) => shown(observe::node(member(*uid)?)),
        (Route::NodeStatuses, _) => shown(observe::statuses(cluster)),
        (Route::NodeStatus(uid), _) => shown(observe::status(cluster, member(*uid)?)),
        (Route::Snapshots(uid), _) => shown(observe::snapshots(member(*uid)?)),
        (Route::Snapshot(uid, name), _) => observe::to_delete(member(*uid)?, name).map(Plan::DeleteSnapshot),
        (Route::Shards, _) => shown(observe::shards(cluster)),
    }
}

/// The member that a path names. One that is gone is not shown (ERR-9, REM-11).
fn member<'a>(cluster: &'a Cluster, rules: &Rules, uid: UidText) -> Result<&'a Node, Refusal> {
    let node = known_node(rules, uid)?.and_then(|uid| cluster.node(uid));
    node.ok_or(Refusal::new(404, Why::NoNode))
}

/// The uid in a path, if it can be the uid of a node at all.
fn known_node(rules: &Rules, uid: UidText) -> Result<Option<NodeUid>, Refusal> {
    match uid {
        UidText::Number(uid) => Ok(Some(uid)),
        UidText::Odd if rules.nodeuid_syntax() == NodeuidSyntax::Badrequest => {
            Err(Refusal::new(400, Why::OddUid))
        }
        UidText::Odd | UidText::Huge => Ok(None),
    }
}

fn no_node(rules: &Rules, method: Method) -> Refusal {
    let code = match rules.post_unknown_node() {
        PostUnknownNode::Badrequest if method == Method::Post => 400,
        PostUnknownNode::Badrequest | PostUnknownNode::Notfound => 404,
    };
    Refusal::new(code, Why::NoNode)
}
