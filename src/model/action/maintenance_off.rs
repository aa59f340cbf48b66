//! `maintenance_off`: loads a snapshot, unmarks the node, restores what the snapshot says, and deletes it
//! (section MOFF).

use std::sync::Arc;

use super::super::body::Members;
use super::super::response::Refusal;
use super::super::{Cluster, DbUid, Duty, Node, ShardRole, Snapshot, Status, snapshot};
use super::{Obstacle, Work};
use crate::spec::Rules;
use crate::spec::rules::{
    CancelEffect, MoffCancelState, MoffDelete, MoffFailState, MoffRoles, MoffSkip, Stack,
};

/// What the body of a `maintenance_off` asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct MaintenanceOff {
    /// The snapshot to restore; the latest if absent (MOFF-2, MOFF-3).
    pub snapshot_name: Option<Box<str>>,
    /// Whether to leave shards where they are (MOFF-5). Wins over a name (R-MOFF-NAME-AND-SKIP).
    pub skip_shards_restore: bool,
}

/// The snapshot is loaded, the node is unmarked (MOFF-7). What it says is restored after that.
pub(super) const STEPS: u8 = 2;

pub(super) fn read(members: &mut Members<'_>) -> Result<MaintenanceOff, Refusal> {
    Ok(MaintenanceOff {
        snapshot_name: members.text("snapshot_name")?,
        skip_shards_restore: members.flag("skip_shards_restore")?.unwrap_or(false),
    })
}

pub(super) fn obstacle(node: &Node, rules: &Rules, order: &MaintenanceOff, work: &Work) -> Option<Obstacle> {
    if !node.up {
        return Some(Obstacle::NodeDown);
    }
    let needs_one = !order.skip_shards_restore || rules.moff_skip() == MoffSkip::NeedsSnapshot;
    if work.steps > 0 || !needs_one || wanted(node, rules, order).is_some() {
        return None;
    }
    let named = order.snapshot_name.is_some() && !order.skip_shards_restore;
    Some(if named { Obstacle::UnknownSnapshot } else { Obstacle::NoSnapshot })
}

/// The snapshot to load: the named one, or the latest.
fn wanted<'a>(node: &'a Node, rules: &Rules, order: &MaintenanceOff) -> Option<&'a Snapshot> {
    match &order.snapshot_name {
        Some(name) if !order.skip_shards_restore => node.snapshot(name),
        _ => snapshot::latest(node, rules),
    }
}

/// What the snapshot says and is not so: shards that are elsewhere, roles, endpoints (MOFF-1, SNAP-16). What is
/// gone cannot come back.
pub(super) fn duties(
    cluster: &Cluster,
    rules: &Rules,
    node: &Node,
    order: &MaintenanceOff,
    work: &Work,
) -> Vec<Duty> {
    let loaded = work.loaded.as_ref().filter(|_| !order.skip_shards_restore);
    let Some(snapshot) = loaded else { return Vec::new() };
    let shards = snapshot.shards.iter().filter_map(|&(uid, role)| {
        let Some(here) = node.shard(uid) else {
            return cluster.holder(uid).map(|_| Duty::Return(uid));
        };
        let demoted = role == ShardRole::Master && here.role == ShardRole::Replica;
        let promoted = role == ShardRole::Replica && here.role == ShardRole::Master;
        match rules.moff_roles() {
            MoffRoles::Restored if demoted => Some(Duty::Promote(uid)),
            MoffRoles::Restored if promoted => Some(Duty::Demote(uid)),
            MoffRoles::Restored | MoffRoles::Kept => None,
        }
    });
    let lost = |db: &&DbUid| !node.endpoints.contains(db) && cluster.database(**db).is_some();
    let endpoints = snapshot.endpoints.iter().filter(lost).map(|db| Duty::Rebind(*db));
    shards.chain(endpoints).collect()
}

/// Whether the loaded snapshot speaks of shards that exist no more.
pub(super) fn misses_shards(cluster: &Cluster, order: &MaintenanceOff, work: &Work) -> bool {
    let snapshot = work.loaded.as_ref().filter(|_| !order.skip_shards_restore);
    snapshot.is_some_and(|snapshot| snapshot.shards.iter().any(|(uid, _)| cluster.holder(*uid).is_none()))
}

pub(super) fn advance(node: &mut Node, rules: &Rules, order: &MaintenanceOff, work: &mut Work) {
    if work.steps == 0 {
        work.loaded = wanted(node, rules, order).map(|snapshot| Arc::new(snapshot.clone()));
        return;
    }
    work.activations_before = node.activations;
    node.activations = match rules.stack() {
        Stack::Flag => 0,
        Stack::Counter => node.activations.saturating_sub(1),
        Stack::SnapshotStack => work.loaded.as_ref().map_or(0, |snapshot| snapshot.activations),
    };
}

/// Only a completed run deletes snapshots (MOFF-7, SNAP-17).
pub(super) fn completed(node: &mut Node, rules: &Rules, order: &MaintenanceOff, work: &Work) {
    if work.steps < STEPS || (order.skip_shards_restore && rules.moff_skip() == MoffSkip::Keeps) {
        return;
    }
    let maintenance = || snapshot::latest_for_maintenance(node).cloned();
    let loaded = || work.loaded.as_deref().cloned();
    let (own, used) = match rules.moff_delete() {
        MoffDelete::MaintOnly => (maintenance(), None),
        MoffDelete::Loaded => (None, loaded()),
        MoffDelete::Both => (maintenance(), loaded()),
    };
    node.snapshots.retain(|snapshot| Some(snapshot) != own.as_ref() && Some(snapshot) != used.as_ref());
}

/// The node stays in maintenance (MOFF-8), but for what the readings say.
pub(super) fn stopped(node: &mut Node, rules: &Rules, end: Status, work: &Work) {
    let remains = match end {
        Status::Failed => rules.moff_fail_state() == MoffFailState::Remain,
        Status::Cancelled if rules.cancel_effect() == CancelEffect::Rollback => true,
        _ => rules.moff_cancel_state() == MoffCancelState::Remain,
    };
    if work.steps == STEPS && remains {
        // Another run may have marked the node since.
        node.activations = node.activations.max(work.activations_before);
    }
}
