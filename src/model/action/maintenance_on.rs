//! `maintenance_on`: takes a snapshot of the node and marks it (section MON).

use super::super::post::Members;
use super::super::response::Refusal;
use super::super::{Node, Status, Time, snapshot};
use super::Work;
use crate::spec::rules::{CancelEffect, MonFailState, PostRladminParams, Stack};
use crate::spec::{Edition, Rules};

/// What the body of a `maintenance_on` asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

/// The snapshot is taken, the node is marked (MON-7).
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
    if rules.edition >= Edition::E74 {
        order.overwrite_snapshot = members.flag("overwrite_snapshot")?.unwrap_or(false);
        order.evict_ha_replica = members.flag("evict_ha_replica")?;
        order.evict_active_active_replica = members.flag("evict_active_active_replica")?;
        order.evict_dbs = members.list("evict_dbs")?;
    }
    if rules.post_rladmin_params != PostRladminParams::Absent {
        order.demote_node = members.flag("demote_node")?.unwrap_or(false);
    }
    if rules.post_rladmin_params == PostRladminParams::All {
        members.number("max_concurrent_actions")?;
    }
    Ok(order)
}

pub(super) fn advance(node: &mut Node, rules: &Rules, at: Time, order: &MaintenanceOn, work: &mut Work) {
    if work.steps == 0 {
        snapshot::take_for_maintenance(node, rules, at, order.overwrite_snapshot);
    } else {
        work.activations_before = node.activations;
        node.activations = match rules.stack {
            Stack::Counter => node.activations.saturating_add(1),
            Stack::Flag | Stack::SnapshotStack => 1,
        };
    }
}

/// The snapshot stays, whatever the end (SNAP-8); the mark too, but for what the readings say.
pub(super) fn stopped(node: &mut Node, rules: &Rules, end: Status, work: &Work) {
    let undone = end == Status::Cancelled && rules.cancel_effect == CancelEffect::Rollback;
    if work.steps == STEPS && (undone || rules.mon_fail_state == MonFailState::Rollback) {
        // Another run may have unmarked the node since.
        node.activations = node.activations.min(work.activations_before);
    }
}
