//! `maintenance_on`: takes a snapshot of the node, marks it, and moves away what is to be evicted (section MON).

use super::super::body::Members;
use super::super::response::Refusal;
use super::super::{
    Cluster, Database, DbUid, Duty, Node, ShardRole, Status, Time, placement, quorum, snapshot,
};
use super::{Obstacle, Work};
use crate::spec::rules::{CancelEffect, EvictDbs, EvictDbsUnknown, EvictMasters, EvictOneFlag, KeepSlave};
use crate::spec::rules::{MonFailState, PostRladminParams, Stack};
use crate::spec::{Edition, Rules};

/// What the body of a `maintenance_on` asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct MaintenanceOn {
    /// Whether to replace a maintenance snapshot that exists (MON-14).
    pub overwrite_snapshot: bool,
    /// Whether replicas for high availability leave (MON-10).
    pub evict_ha_replica: Option<bool>,
    /// Whether Active-Active replicas leave (MON-10).
    pub evict_active_active_replica: Option<bool>,
    /// The databases whose shards leave (MON-13).
    pub evict_dbs: Option<Box<[Box<str>]>>,
    /// The deprecated way to keep replicas (MON-11).
    pub keep_slave_shards: Option<bool>,
    /// Whether a primary hands over its role (MON-9, an option of the CLI).
    pub demote_node: bool,
}

/// The snapshot is taken, the node is marked (MON-7). What is evicted is moved after that.
pub(super) const STEPS: u8 = 2;

pub(super) fn read(members: &mut Members<'_>) -> Result<MaintenanceOn, Refusal> {
    let rules = members.rules;
    let mut order = MaintenanceOn {
        overwrite_snapshot: false,
        evict_ha_replica: None,
        evict_active_active_replica: None,
        evict_dbs: None,
        keep_slave_shards: members.flag("keep_slave_shards")?,
        demote_node: false,
    };
    if members.has_more() && rules.edition() >= Edition::E74 {
        order.overwrite_snapshot = members.flag("overwrite_snapshot")?.unwrap_or(false);
        order.evict_ha_replica = members.flag("evict_ha_replica")?;
        order.evict_active_active_replica = members.flag("evict_active_active_replica")?;
        order.evict_dbs = members.list("evict_dbs")?;
    }
    if members.has_more() && rules.post_rladmin_params() != PostRladminParams::Absent {
        order.demote_node = members.flag("demote_node")?.unwrap_or(false);
    }
    if members.has_more() && rules.post_rladmin_params() == PostRladminParams::All {
        members.number("max_concurrent_actions")?;
    }
    Ok(order)
}

/// What stops the run before its first step: the quorum is checked before anything else (MON-2, MON-7).
pub(super) fn obstacle(
    cluster: &Cluster,
    rules: &Rules,
    node: &Node,
    order: &MaintenanceOn,
    work: &Work,
) -> Option<Obstacle> {
    if work.steps > 0 {
        return None;
    }
    if !quorum::holds_without(cluster, rules, node.uid) {
        return Some(Obstacle::NoQuorum);
    }
    let named = order.evict_dbs.iter().flat_map(|names| names.iter());
    let unknown = |name: &str| cluster.databases().iter().all(|database| database.uid.0.to_string() != name);
    named.into_iter().any(|name| unknown(name)).then_some(Obstacle::UnknownDatabase)
}

/// What is to leave the node, and which masters are to be demoted (MON-6, MON-10, MON-13).
pub(super) fn duties(cluster: &Cluster, rules: &Rules, node: &Node, order: &MaintenanceOn) -> Vec<Duty> {
    let shards = node.shards.iter().filter_map(|shard| {
        let database = cluster.database(shard.db)?;
        match fate(rules, order, database) {
            Fate::Leaves => Some(Duty::Leave(shard.uid)),
            Fate::Untouched => None,
            Fate::Kept if shard.role == ShardRole::Replica => None,
            Fate::Kept if placement::has_heir(cluster, shard) => Some(Duty::Demote(shard.uid)),
            Fate::Kept => match rules.evict_masters() {
                EvictMasters::FailoverElseMigrate => Some(Duty::Leave(shard.uid)),
                EvictMasters::FailoverElseStay => None,
                EvictMasters::FailoverElseFail => Some(Duty::Demote(shard.uid)),
            },
        }
    });
    let leaves = |db: &&DbUid| {
        cluster.database(**db).is_some_and(|database| fate(rules, order, database) != Fate::Untouched)
    };
    let endpoints = node.endpoints.iter().filter(leaves).map(|db| Duty::Unbind(*db));
    shards.chain(endpoints).collect()
}

/// What maintenance does to the shards of a database.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// They leave the node.
    Leaves,
    /// Replicas stay, masters are demoted.
    Kept,
    /// Nothing.
    Untouched,
}

fn fate(rules: &Rules, order: &MaintenanceOn, database: &Database) -> Fate {
    let general = if keeps(rules, order, database.active_active) { Fate::Kept } else { Fate::Leaves };
    let Some(names) = &order.evict_dbs else { return general };
    if names.is_empty() && rules.evict_dbs_unknown() != EvictDbsUnknown::EmptyNothing {
        return general;
    }
    let listed = names.iter().any(|name| **name == *database.uid.0.to_string());
    match (rules.evict_dbs(), listed) {
        (EvictDbs::Only, true) | (EvictDbs::Add, false) => general,
        (EvictDbs::Only, false) => Fate::Untouched,
        (EvictDbs::Add, true) => Fate::Leaves,
    }
}

/// Whether the replicas of a kind stay (MON-10, MON-11, MON-12).
fn keeps(rules: &Rules, order: &MaintenanceOn, active_active: bool) -> bool {
    let (ha, aa) = (order.evict_ha_replica, order.evict_active_active_replica);
    let old = order.keep_slave_shards.filter(|_| rules.keep_slave() != KeepSlave::Ignore);
    let is_new = ha.is_some() || aa.is_some();
    if let Some(keep) = old.filter(|_| !is_new || rules.keep_slave() == KeepSlave::OldWins) {
        return keep;
    }
    let (ha, aa) = (ha.unwrap_or(true), aa.unwrap_or(true)); // R-EVICT-DEFAULTS
    match rules.evict_one_flag() {
        EvictOneFlag::Independent => !if active_active { aa } else { ha },
        EvictOneFlag::PairOnly => !ha && !aa,
    }
}

pub(super) fn advance(node: &mut Node, rules: &Rules, at: Time, order: &MaintenanceOn, work: &mut Work) {
    if work.steps == 0 {
        snapshot::take_for_maintenance(node, rules, at, order.overwrite_snapshot);
    } else {
        work.activations_before = node.activations;
        node.activations = match rules.stack() {
            Stack::Counter => node.activations.saturating_add(1),
            Stack::Flag | Stack::SnapshotStack => 1,
        };
    }
}

impl MonFailState {
    /// Whether the mark is taken back, and the moved shards return.
    pub(crate) fn takes_back(self) -> bool {
        matches!(self, Self::Rollback | Self::RollbackDeleted)
    }

    /// Whether the snapshot goes at this end: after a failure it stays in any case (SNAP-8).
    pub(crate) fn deletes_snapshot(self, end: Status) -> bool {
        matches!(self, Self::Deleted | Self::RollbackDeleted)
            && matches!(end, Status::Cancelled | Status::Aborted)
    }
}

/// Snapshot and mark stay, but for what the readings say.
pub(super) fn stopped(node: &mut Node, rules: &Rules, end: Status, work: &Work) {
    if work.steps > 0 && rules.mon_fail_state().deletes_snapshot(end) {
        snapshot::drop_latest_for_maintenance(node);
    }
    let undone = end == Status::Cancelled && rules.cancel_effect() == CancelEffect::Rollback;
    if work.steps == STEPS && (undone || rules.mon_fail_state().takes_back()) {
        // Another run may have unmarked the node since.
        node.activations = node.activations.min(work.activations_before);
    }
}
