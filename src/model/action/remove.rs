//! `remove`: takes the node out of the cluster (section REM).

use super::super::body::Members;
use super::super::cluster::{Departed, NodeUid};
use super::super::response::Refusal;
use super::super::{Cluster, Duty, Instance, Node, Status, quorum};
use super::Obstacle;
use crate::spec::Rules;
use crate::spec::rules::{QueuedCancelEffect, RemoveFlag, RemovePersist, RemoveQuorum, RemoveStatusAfter};

/// What the body of a `remove` asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Remove {
    /// Whether to wait for the persistence files of the migrated shards (REM-7).
    pub wait_for_persistence: Option<bool>,
}

pub(super) fn read(members: &mut Members<'_>) -> Result<Remove, Refusal> {
    Ok(Remove { wait_for_persistence: members.flag("wait_for_persistence")? })
}

/// The removal mark: set when the request is accepted (REM-2, R-REMOVE-FLAG-WHEN).
pub(in super::super) fn mark(cluster: &mut Cluster, uid: NodeUid) {
    if let Some(node) = cluster.node_mut(uid) {
        node.leaving = true;
    }
}

/// Everything on the node goes elsewhere before the node goes (REM-1, REM-6).
pub(super) fn duties(node: &Node) -> Vec<Duty> {
    let shards = node.shards.iter().map(|shard| Duty::Leave(shard.uid));
    shards.chain(node.endpoints.iter().map(|db| Duty::Unbind(*db))).collect()
}

pub(super) fn obstacle(cluster: &Cluster, rules: &Rules, uid: NodeUid, stuck: bool) -> Option<Obstacle> {
    if cluster.nodes.len() == 1 {
        return Some(Obstacle::LastNode);
    }
    if rules.remove_quorum() == RemoveQuorum::Checked && !quorum::holds_without(cluster, rules, uid) {
        return Some(Obstacle::NoQuorum);
    }
    if stuck {
        return Some(Obstacle::NoCapacity);
    }
    (cluster.primary == Some(uid)).then_some(Obstacle::PrimaryLeaves)
}

/// Whether the removal waits until every shard it moved has its persistence files (REM-7 to REM-9).
pub(super) fn waits(cluster: &Cluster, rules: &Rules, order: &Remove) -> bool {
    let policy = cluster.persistent_node_removal;
    match rules.remove_persist() {
        RemovePersist::Override => order.wait_for_persistence.unwrap_or(policy),
        RemovePersist::Or => order.wait_for_persistence.unwrap_or(false) || policy,
    }
}

/// The mark outlives a removal that did not complete (REM-3), but for what the readings say.
pub(super) fn stopped(node: &mut Node, rules: &Rules, end: Status, before: Status) {
    let never_started = before == Status::Queued && rules.queued_cancel_effect() == QueuedCancelEffect::None;
    let rolled_back = match rules.remove_flag() {
        RemoveFlag::Sticky => false,
        RemoveFlag::FailOnly => end != Status::Failed,
        RemoveFlag::Rollback => true,
    };
    if never_started || rolled_back {
        node.leaving = false;
    }
}

/// The node leaves, with the statuses of its other actions and its snapshots (R-REMOVE-OTHER-STATUSES). If it
/// was primary, the lowest node that answers takes over (R-REMOVE-MASTER).
pub(super) fn completed(cluster: &mut Cluster, rules: &Rules, uid: NodeUid, removal: Instance) {
    cluster.nodes.retain(|node| node.uid != uid);
    if cluster.primary == Some(uid) {
        let answering = cluster.nodes.iter().find(|node| node.up);
        cluster.primary = answering.or(cluster.nodes.first()).map(|node| node.uid);
    }
    if rules.remove_status_after() != RemoveStatusAfter::Gone {
        let at = cluster.departed.partition_point(|departed| departed.uid < uid);
        cluster.departed.insert(at, Departed { uid, removal });
    }
}
