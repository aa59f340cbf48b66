//! `enslave_node`: turns what the node holds into replicas (section ENS).

use super::super::body::Members;
use super::super::response::Refusal;
use super::super::{Cluster, DbUid, Duty, Node, ProxyPolicy, ShardRole};
use super::Obstacle;
use crate::spec::Rules;
use crate::spec::rules::{EnsMeaning, PostRladminParams};

/// What the body of an `enslave_node` asks for: nothing, but for the options of the CLI (ENS-4, ENS-8).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct EnslaveNode {
    /// Whether a primary hands over its role.
    pub demote_node: bool,
    /// Whether only endpoints are concerned.
    pub endpoints_only: bool,
    /// Whether only shards are concerned.
    pub shards_only: bool,
}

pub(super) fn read(members: &mut Members<'_>) -> Result<EnslaveNode, Refusal> {
    let mut order = EnslaveNode::default();
    if !members.has_more() {
        return Ok(order);
    }
    let options = members.rules.post_rladmin_params();
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

/// The masters on the node hand over to their replicas; an endpoint that is bound on one node moves (ENS-2, ENS-5,
/// ENS-6).
pub(super) fn duties(cluster: &Cluster, rules: &Rules, node: &Node, order: &EnslaveNode) -> Vec<Duty> {
    if rules.ens_meaning() == EnsMeaning::NodeRole {
        return Vec::new();
    }
    let both = order.shards_only == order.endpoints_only; // R-ENS-BOTH-ONLY
    let masters = node.shards.iter().filter(|shard| shard.role == ShardRole::Master);
    let masters = masters.filter(|_| both || order.shards_only).map(|shard| Duty::Demote(shard.uid));
    let is_single =
        |db: &&DbUid| cluster.database(**db).is_some_and(|database| database.policy == ProxyPolicy::Single);
    let endpoints = node.endpoints.iter().filter(is_single).filter(|_| both || order.endpoints_only);
    masters.chain(endpoints.map(|db| Duty::Unbind(*db))).collect()
}

/// Whether the node hands over the role of the primary (ENS-1, ENS-3).
pub(super) fn demotes_node(rules: &Rules, order: &EnslaveNode) -> bool {
    order.demote_node || rules.ens_meaning() != EnsMeaning::Resources
}

pub(super) fn obstacle(node: &Node) -> Option<Obstacle> {
    (!node.up).then_some(Obstacle::NodeDown)
}
