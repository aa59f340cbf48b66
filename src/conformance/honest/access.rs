//! Who may ask what: credentials, paths, methods, roles (sections HTTP and PERM).

use super::refusal;
use crate::http::Response;
use crate::model::{Caller, Method, Role};

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

/// The role of a user who is known (HTTP-2). One with the role `none` may do nothing (PERM-10).
pub(super) fn role(caller: Caller) -> Result<Role, Response> {
    match caller {
        Caller::Missing | Caller::Wrong => Err(refusal(401, "unauthorized")),
        Caller::Role(Role::None) => Err(refusal(403, "forbidden")),
        Caller::Role(role) => Ok(role),
    }
}

/// Whether a role may use a method. Here all that changes something is for admin only, and all that is read has the
/// same readers (PERM-1 to PERM-9, PERM-15); user_manager is none of them before 7.8 (R-ROLE-USERMGR).
pub(super) fn may(role: Role, method: Method) -> bool {
    match role {
        Role::Admin => true,
        Role::DbViewer | Role::DbMember | Role::ClusterViewer | Role::ClusterMember => method == Method::Get,
        Role::UserManager | Role::None => false,
    }
}

/// Where a path leads, if anywhere.
pub(super) fn place(path: &str) -> Option<Place<'_>> {
    let path = path.split('?').next()?.strip_prefix("/v1/")?;
    let segments: Vec<&str> = path.split('/').collect();
    Some(match *segments {
        ["nodes", "actions"] => Place::AllNodesActions,
        ["nodes", uid, "actions"] => Place::NodeActions(number(uid)?),
        ["nodes", uid, "actions", name] if !name.is_empty() => Place::NodeAction(number(uid)?, name),
        ["cluster", "actions"] => Place::ClusterActions,
        ["cluster", "actions", name] if !name.is_empty() => Place::ClusterAction(name),
        ["actions"] => Place::Actions,
        ["nodes"] => Place::Nodes,
        ["nodes", "status"] => Place::NodeStatuses,
        ["nodes", uid] => Place::Node(number(uid)?),
        ["nodes", uid, "status"] => Place::NodeStatus(number(uid)?),
        ["nodes", uid, "snapshots"] => Place::Snapshots(number(uid)?),
        ["nodes", uid, "snapshots", name] if !name.is_empty() => Place::Snapshot(number(uid)?, name),
        ["shards"] => Place::Shards,
        _ => return None,
    })
}

/// A uid as it stands in a path: a plain decimal (R-NODEUID-SYNTAX). One that is too great is nobody's.
pub(super) fn number(text: &str) -> Option<u64> {
    let is_plain = text == "0" || !text.starts_with('0');
    let is_decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_plain && is_decimal).then(|| text.parse().unwrap_or(u64::MAX))
}
