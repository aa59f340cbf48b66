//! `enslave_node`: turns what the node holds into replicas (section ENS).

use super::super::Node;
use super::super::post::Members;
use super::super::response::Refusal;
use super::Obstacle;
use crate::spec::rules::PostRladminParams;

/// What the body of an `enslave_node` asks for: nothing, but for the options of the CLI (ENS-4, ENS-8).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EnslaveNode {
    /// Whether a primary hands over its role.
    pub demote_node: bool,
    /// Whether only endpoints are concerned.
    pub endpoints_only: bool,
    /// Whether only shards are concerned.
    pub shards_only: bool,
}

pub(super) fn read(members: &mut Members<'_>) -> Result<EnslaveNode, Refusal> {
    let mut order = EnslaveNode { demote_node: false, endpoints_only: false, shards_only: false };
    let options = members.rules.post_rladmin_params;
    if options != PostRladminParams::Absent {
        order.demote_node = members.flag("demote_node")?.unwrap_or(false);
        order.endpoints_only = members.flag("endpoints_only")?.unwrap_or(false);
        order.shards_only = members.flag("shards_only")?.unwrap_or(false);
    }
    if options == PostRladminParams::All {
        members.number("retry_timeout_seconds")?;
    }
    Ok(order)
}

pub(super) fn obstacle(node: &Node) -> Option<Obstacle> {
    (!node.up).then_some(Obstacle::NodeDown)
}
