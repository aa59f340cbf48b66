//! Node snapshots: what maintenance_on makes, maintenance_off uses, and users make for themselves.

use std::fmt::Write as _;

use super::{DbUid, Moment, Node, ShardRole, ShardUid, Time};
use crate::spec::rules::{MoffLatest, SnapOverwriteActive};
use crate::spec::{Edition, Rules};

/// The state of a node at one moment. It holds no data (SNAP-7).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Snapshot {
    /// Unique on its node.
    pub name: Box<str>,
    /// When it was taken.
    pub created: Time,
    /// Who made it.
    pub kind: SnapshotKind,
    /// How often maintenance was active on the node when it was taken.
    pub activations: u8,
    /// The shards that were on the node, with their roles.
    pub shards: Box<[(ShardUid, ShardRole)]>,
    /// The endpoints that were bound on the node.
    pub endpoints: Box<[DbUid]>,
}

impl Snapshot {
    /// The state of a node now.
    pub(super) fn of(node: &Node, name: Box<str>, created: Time, kind: SnapshotKind) -> Self {
        let shards = node.shards.iter().map(|shard| (shard.uid, shard.role)).collect();
        let endpoints = node.endpoints.as_slice().into();
        Self { name, created, kind, activations: node.activations, shards, endpoints }
    }

    /// The same snapshot as if it had been taken at another time. One of maintenance is named after its time.
    #[must_use]
    pub fn taken_at(&self, created: Time) -> Self {
        let name = match self.kind {
            SnapshotKind::Maintenance => maintenance_name(created),
            SnapshotKind::User => self.name.clone(),
        };
        Self { name, created, ..self.clone() }
    }
}

/// Who made a snapshot. The kind is a mark, not the name (R-SNAP-KIND).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SnapshotKind {
    /// maintenance_on.
    Maintenance,
    /// A user.
    User,
}

/// Makes a maintenance snapshot if the rules call for one (SNAP-1 to SNAP-4).
pub(super) fn take_for_maintenance(node: &mut Node, rules: &Rules, at: Time, overwrite: bool) {
    let is_maintenance = |snapshot: &Snapshot| snapshot.kind == SnapshotKind::Maintenance;
    let name = maintenance_name(at);
    if rules.edition() == Edition::E72 {
        // SNAP-2: one for each activation. Two of one second cannot coexist (R-SNAP-NAME-CLASH).
        node.snapshots.retain(|snapshot| !(is_maintenance(snapshot) && snapshot.name == name));
    } else {
        let exists = node.snapshots.iter().any(is_maintenance);
        let guarded = node.in_maintenance() && rules.snap_overwrite_active() == SnapOverwriteActive::Guarded;
        if exists && (!overwrite || guarded) {
            return;
        }
        node.snapshots.retain(|snapshot| !is_maintenance(snapshot));
    }
    node.snapshots.push(Snapshot::of(node, name, at, SnapshotKind::Maintenance));
}

/// The snapshot that maintenance_off loads without being told a name (MOFF-2).
pub(super) fn latest<'a>(node: &'a Node, rules: &Rules) -> Option<&'a Snapshot> {
    match rules.moff_latest() {
        MoffLatest::Maint => latest_for_maintenance(node),
        MoffLatest::Any => node.snapshots.last(),
    }
}

/// The newest maintenance snapshot.
pub(super) fn latest_for_maintenance(node: &Node) -> Option<&Snapshot> {
    node.snapshots.iter().rev().find(|snapshot| snapshot.kind == SnapshotKind::Maintenance)
}

/// Deletes the newest maintenance snapshot, if there is one.
pub(super) fn drop_latest_for_maintenance(node: &mut Node) {
    let is_maintenance = |snapshot: &Snapshot| snapshot.kind == SnapshotKind::Maintenance;
    if let Some(at) = node.snapshots.iter().rposition(is_maintenance) {
        node.snapshots.remove(at);
    }
}

/// The name of a maintenance snapshot taken at a time (SNAP-5).
fn maintenance_name(at: Time) -> Box<str> {
    let Moment { year, month, day, hour, minute, second } = Moment::of(at);
    let mut name = String::with_capacity(36);
    write!(name, "maintenance_mode_{year:04}-{month:02}-{day:02}_{hour:02}-{minute:02}-{second:02}")
        .expect("writing to a string cannot fail");
    name.into()
}
