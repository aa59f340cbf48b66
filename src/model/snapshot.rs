//! Node snapshots: what maintenance_on makes, maintenance_off uses, and users make for themselves.

use std::fmt::Write as _;

use super::{Node, Time};
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
    if rules.edition == Edition::E72 {
        // SNAP-2: one for each activation. Two of one second cannot coexist (R-SNAP-NAME-CLASH).
        node.snapshots.retain(|snapshot| !(is_maintenance(snapshot) && snapshot.name == name));
    } else {
        let exists = node.snapshots.iter().any(is_maintenance);
        let guarded = node.in_maintenance() && rules.snap_overwrite_active == SnapOverwriteActive::Guarded;
        if exists && (!overwrite || guarded) {
            return;
        }
        node.snapshots.retain(|snapshot| !is_maintenance(snapshot));
    }
    let kind = SnapshotKind::Maintenance;
    node.snapshots.push(Snapshot { name, created: at, kind, activations: node.activations });
}

/// The snapshot that maintenance_off loads without being told a name (MOFF-2).
pub(super) fn latest<'a>(node: &'a Node, rules: &Rules) -> Option<&'a Snapshot> {
    match rules.moff_latest {
        MoffLatest::Maint => latest_for_maintenance(node),
        MoffLatest::Any => node.snapshots.last(),
    }
}

/// The newest maintenance snapshot.
pub(super) fn latest_for_maintenance(node: &Node) -> Option<&Snapshot> {
    node.snapshots.iter().rev().find(|snapshot| snapshot.kind == SnapshotKind::Maintenance)
}

/// The name of a maintenance snapshot taken at a time (SNAP-5). Time zero is the first second of 2024, UTC.
fn maintenance_name(at: Time) -> Box<str> {
    let seconds = at.0 / 1_000_000;
    let (year, month, day) = date(seconds / 86_400);
    let of_day = seconds % 86_400;
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    let mut name = String::with_capacity(36);
    write!(name, "maintenance_mode_{year:04}-{month:02}-{day:02}_{hour:02}-{minute:02}-{second:02}")
        .expect("writing to a string cannot fail");
    name.into()
}

/// The Gregorian date that lies so many days after 2024-01-01.
fn date(days: u64) -> (u64, u64, u64) {
    // Years are counted from March, so that the leap day comes last. 739,191 days lie between 0000-03-01 and
    // 2024-01-01.
    let from_march = days + 739_191;
    let era_day = from_march % 146_097;
    let of_era = (era_day - era_day / 1_460 + era_day / 36_524 - era_day / 146_096) / 365;
    let of_year = era_day - (365 * of_era + of_era / 4 - of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let year = of_era + from_march / 146_097 * 400 + u64::from(month >= 10);
    (year, if month < 10 { month + 3 } else { month - 9 }, day)
}
