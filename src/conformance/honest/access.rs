//! Who may ask what: credentials, paths, methods, roles (sections HTTP and PERM).

use serde_json::Value;

use super::{CHANGE_MASTER, Honest, Manner, NODE_ACTIONS, Slot, refusal};
use crate::conformance::mutant::Fault;
use crate::conformance::variant::Variant;
use crate::http::Response;
use crate::model::{Body, Caller, Method, Request, Role};

/// What a path names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    AllNodesActions,
    NodeActions(u64),
    NodeAction(u64, &'a str),
    ClusterActions,
    ClusterAction(&'a str),
    Actions,
    Nodes,
    Node(u64),
    NodeStatuses,
    NodeStatus(u64),
    Snapshots(u64),
    Snapshot(u64, &'a str),
    Shards,
}

impl Place<'_> {
    /// The methods that are documented for it (HTTP-12).
    pub(super) fn methods(self) -> &'static [Method] {
        match self {
            Self::NodeAction(..) | Self::ClusterAction(_) => &[Method::Get, Method::Post, Method::Delete],
            Self::Snapshot(..) => &[Method::Delete],
            _ => &[Method::Get],
        }
    }
}

impl Honest {
    /// The role of a user who is known (HTTP-2). One with the role `none` may do nothing (PERM-10).
    pub(super) fn role(&self, request: &Request) -> Result<Role, Response> {
        match request.caller {
            Caller::Missing if self.has(Fault::MissingServed) => Ok(Role::Admin),
            Caller::Missing if self.has(Fault::MissingForbidden) => Err(refusal(403, "forbidden")),
            Caller::Wrong if self.has(Fault::WrongServed) => Ok(Role::Admin),
            Caller::Missing | Caller::Wrong => {
                if self.follows(Variant::RoutingFirst) {
                    self.place(request.path.as_str())?;
                }
                Err(refusal(401, "unauthorized"))
            }
            Caller::Role(Role::None) if !self.has(Fault::NoneReads) => Err(refusal(403, "forbidden")),
            Caller::Role(role) => Ok(role),
        }
    }

    /// Whether a role may use a method. Here all that changes something is for admin only, and all that is read has
    /// the same readers (PERM-1 to PERM-9, PERM-15); user_manager is none of them before 7.8 (R-ROLE-USERMGR).
    pub(super) fn may(&self, role: Role, method: Method, place: Place<'_>) -> bool {
        if let Manner::Wrongly(fault) = self.manner
            && let Some(may) = may_wrongly(fault, role, method, place)
        {
            return may;
        }
        match role {
            Role::Admin => true,
            Role::DbViewer | Role::DbMember | Role::ClusterViewer | Role::ClusterMember => {
                method == Method::Get
            }
            Role::UserManager => method == Method::Get && self.follows(Variant::UserManagerReads),
            Role::None => false,
        }
    }

    /// Where a path leads, if anywhere.
    pub(super) fn place<'a>(&self, path: &'a str) -> Result<Place<'a>, Response> {
        let nowhere = || refusal(404, "not_found");
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        if query.is_some() && self.follows(Variant::QueryRefused) {
            return Err(refusal(400, "unknown_query"));
        }
        let version_2 = path.strip_prefix("/v2/").filter(|_| self.follows(Variant::SecondVersion));
        let no_version = path.strip_prefix('/').filter(|_| self.follows(Variant::VersionOptional));
        let path = path.strip_prefix("/v1/").or(version_2).or(no_version).ok_or_else(nowhere)?;
        let no_slash = path.strip_suffix('/').filter(|_| self.follows(Variant::SlashIgnored));
        let segments: Vec<&str> = no_slash.unwrap_or(path).split('/').collect();
        Ok(match *segments {
            ["nodes", "actions"] => Place::AllNodesActions,
            ["nodes", uid, "actions"] => Place::NodeActions(self.uid(uid)?),
            ["nodes", uid, "actions", name] if !name.is_empty() => Place::NodeAction(self.uid(uid)?, name),
            ["cluster", "actions"] => Place::ClusterActions,
            ["cluster", "actions", name] if !name.is_empty() => Place::ClusterAction(name),
            ["actions"] => Place::Actions,
            ["nodes"] => Place::Nodes,
            ["nodes", "status"] => Place::NodeStatuses,
            ["nodes", uid] => Place::Node(self.uid(uid)?),
            ["nodes", uid, "status"] => Place::NodeStatus(self.uid(uid)?),
            ["nodes", uid, "snapshots"] => Place::Snapshots(self.uid(uid)?),
            ["nodes", uid, "snapshots", name] if !name.is_empty() => Place::Snapshot(self.uid(uid)?, name),
            ["shards"] => Place::Shards,
            _ => return Err(nowhere()),
        })
    }

    /// A uid as it stands in a path (R-NODEUID-SYNTAX).
    fn uid(&self, text: &str) -> Result<u64, Response> {
        let zeros = if self.follows(Variant::ZerosIgnored) { text.trim_start_matches('0') } else { text };
        let odd = if self.follows(Variant::OddUidBadRequest) { 400 } else { 404 };
        number(if zeros.is_empty() { "0" } else { zeros }).ok_or_else(|| refusal(odd, "odd_uid"))
    }

    /// The slot of a name; none if it is not the name of an action there (NODE-19, CLU-9).
    pub(super) fn slot_of(&self, node: Option<u64>, name: &str) -> Option<Slot> {
        let names: &[&'static str] = if node.is_some() { &NODE_ACTIONS } else { &[CHANGE_MASTER] };
        let is_it = |known: &str| {
            known == name
                || known.eq_ignore_ascii_case(name) && self.follows(Variant::CaseIgnored)
                || known == "remove" && name == "remove_node" && self.follows(Variant::RemoveAlias)
        };
        names.iter().find(|known| is_it(known)).map(|action| Slot { node, action })
    }
}

/// What a fault says about a permission, if it speaks of it.
fn may_wrongly(fault: Fault, role: Role, method: Method, place: Place<'_>) -> Option<bool> {
    let is_node = matches!(place, Place::NodeAction(..));
    let is_cluster = matches!(place, Place::ClusterAction(_));
    let (starts, deletes, reads) = (method == Method::Post, method == Method::Delete, method == Method::Get);
    let allows = match fault {
        Fault::NoneReads => role == Role::None && reads,
        Fault::DbViewerStarts => role == Role::DbViewer && starts && is_node,
        Fault::MemberStarts => role == Role::ClusterMember && starts && is_node,
        Fault::MemberCancels => role == Role::ClusterMember && deletes && is_node,
        Fault::UserManagerStarts => role == Role::UserManager && starts && is_node,
        Fault::ViewerChangesMaster => role == Role::ClusterViewer && starts && is_cluster,
        Fault::DbMemberCancelsMaster => role == Role::DbMember && deletes && is_cluster,
        Fault::MemberDeletesSnapshots => {
            role == Role::ClusterMember && deletes && matches!(place, Place::Snapshot(..))
        }
        _ => false,
    };
    let forbids = match fault {
        Fault::DbViewerBlind => role == Role::DbViewer && reads,
        Fault::DbMemberMissesAll => role == Role::DbMember && matches!(place, Place::AllNodesActions),
        Fault::ViewerMissesCluster => role == Role::ClusterViewer && matches!(place, Place::ClusterActions),
        Fault::AdminCannotCancel => role == Role::Admin && deletes && (is_node || is_cluster),
        _ => false,
    };
    (allows || forbids).then_some(allows)
}

/// The action that a body names; only a planted bug asks for it.
pub(super) fn action_in(request: &Request) -> &str {
    match &request.body {
        Body::Json(body) => body.get("action").and_then(Value::as_str).unwrap_or_default(),
        Body::Absent | Body::Text(_) => "",
    }
}

/// A plain decimal. One that is too great is nobody's uid.
pub(super) fn number(text: &str) -> Option<u64> {
    let is_plain = text == "0" || !text.starts_with('0');
    let is_decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_plain && is_decimal).then(|| text.parse().unwrap_or(u64::MAX))
}
