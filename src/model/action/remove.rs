//! `remove`: takes the node out of the cluster (section REM).

use super::super::cluster::{Departed, NodeUid};
use super::super::post::Members;
use super::super::response::Refusal;
use super::super::{Cluster, Instance, Node, Status};
use super::Obstacle;
use crate::spec::Rules;
use crate::spec::rules::{QueuedCancelEffect, RemoveFlag, RemoveStatusAfter};

/// What the body of a `remove` asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

pub(super) fn obstacle(cluster: &Cluster, uid: NodeUid) -> Option<Obstacle> {
    if cluster.nodes.len() == 1 {
        Some(Obstacle::LastNode)
    } else {
        (cluster.primary == Some(uid)).then_some(Obstacle::PrimaryLeaves)
    }
}

/// The mark outlives a removal that did not complete (REM-3), but for what the readings say.
pub(super) fn stopped(node: &mut Node, rules: &Rules, end: Status, before: Status) {
    let never_started = before == Status::Queued && rules.queued_cancel_effect == QueuedCancelEffect::None;
    let rolled_back = match rules.remove_flag {
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
    if rules.remove_status_after != RemoveStatusAfter::Gone {
        let at = cluster.departed.partition_point(|departed| departed.uid < uid);
        cluster.departed.insert(at, Departed { uid, removal });
    }
}
