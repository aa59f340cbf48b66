//! What goes on by itself: the lifecycle of an instance, and what its run does to the node (sections LIFE, REM, MON,
//! SNAP, MOFF, CHM).

use serde_json::{Map, Value};

use super::{CHANGE_MASTER, Honest, Instance, Manner, Slot, Snapshot, Status};
use crate::conformance::mutant::Fault;
use crate::conformance::variant::Variant;

/// The task failed for a reason that is none of the others (OBJ-8).
const INTERNAL: &str = "internal_error";

/// The cluster lacks what the task needs (OBJ-8).
const RESOURCES: &str = "insufficient_resources";

impl Honest {
    /// One move of one instance. Of 16 chances of an instance 9 are the ordinary move.
    pub(super) fn go_on(&mut self, chance: u32) {
        let moving =
            self.slots.iter().filter(|(_, one)| one.status.is_live() || self.is_restless(one.status));
        let moving: Vec<Slot> = moving.map(|(slot, _)| *slot).collect();
        let count = u32::try_from(moving.len()).unwrap_or(u32::MAX).max(1);
        let how = chance / count % 16;
        let slot = moving.get((chance % count) as usize).copied();
        if how == 15 {
            self.somebody_takes_a_snapshot(slot.and_then(|slot| slot.node).unwrap_or(1));
        } else if let Some(slot) = slot {
            self.move_on(slot, how);
        }
    }

    /// What has ended does not move (LIFE-18), but for a planted bug.
    fn is_restless(&self, status: Status) -> bool {
        match self.manner {
            Manner::Wrongly(Fault::CompletedFails) => status == Status::Completed,
            Manner::Wrongly(Fault::CancelledCompletes) => status == Status::Cancelled,
            Manner::Wrongly(Fault::FailedRestarts) => status == Status::Failed,
            _ => false,
        }
    }

    /// Moves an instance along an edge that is drawn (LIFE-8 to LIFE-16).
    pub(super) fn move_on(&mut self, slot: Slot, how: u32) {
        let Some(Instance { status, percent, is_to_cancel, .. }) = self.slots.get(&slot).cloned() else {
            return;
        };
        match (status, how) {
            (Status::Queued, _) => self.becomes(slot, Status::Starting),
            (Status::Starting | Status::Running, 14) => self.abort(slot),
            (Status::Starting, _) => {
                self.becomes(slot, Status::Running);
                self.begin(slot);
            }
            (Status::Running, _) if is_to_cancel => self.becomes(slot, Status::Cancelling),
            (Status::Running, 9..=11) => self.shows(slot, (percent + how * 3).min(99)),
            (Status::Running, 8) if self.follows(Variant::ProgressBack) => self.shows(slot, percent / 2),
            (Status::Running, 12) => self.fail(slot, RESOURCES),
            (Status::Running, 13) => self.fail(slot, INTERNAL),
            (Status::Running, _) if percent < 50 => self.shows(slot, 50),
            (Status::Running, _) => self.finish(slot),
            (Status::Cancelling, 9..) if self.has(Fault::CancellingReturns) => {
                self.becomes(slot, Status::Running)
            }
            // It is too late only for what has begun.
            (Status::Cancelling, 9..) if self.follows(Variant::CancellingMayComplete) && !is_to_cancel => {
                self.finish(slot);
            }
            (Status::Cancelling, _) => self.becomes(slot, Status::Cancelled),
            (Status::Completed, _) if self.is_restless(status) => self.fail(slot, INTERNAL),
            (Status::Cancelled, _) if self.is_restless(status) => self.finish(slot),
            (Status::Failed, _) if self.is_restless(status) => self.becomes(slot, Status::Running),
            (Status::Cancelled | Status::Aborted | Status::Completed | Status::Failed, _) => {}
        }
    }

    pub(super) fn becomes(&mut self, slot: Slot, status: Status) {
        let Some(instance) = self.slots.get_mut(&slot) else { return };
        instance.status = status;
        if status == Status::Running {
            instance.error = None;
        }
        if status == Status::Cancelled {
            match slot {
                Slot { node: Some(uid), action: "remove" } if self.has(Fault::CancelledRemovalRemoves) => {
                    self.node_leaves(uid);
                }
                Slot { node: Some(uid), action: "maintenance_off" }
                    if self.has(Fault::OffCancelledDeletes) =>
                {
                    self.drop_maintenance_snapshots(uid);
                }
                _ => {}
            }
        }
    }

    fn shows(&mut self, slot: Slot, percent: u32) {
        if let Some(instance) = self.slots.get_mut(&slot) {
            instance.percent = percent;
        }
    }

    /// The cluster itself gives up (LIFE-15, LIFE-16).
    fn abort(&mut self, slot: Slot) {
        match self.manner {
            Manner::Wrongly(Fault::RunningRequeued) => self.becomes(slot, Status::Queued),
            Manner::Otherwise(Variant::AbortedDropped) => drop(self.slots.remove(&slot)),
            Manner::Otherwise(Variant::NeverAborted) => {}
            _ => self.becomes(slot, Status::Aborted),
        }
    }

    /// What a run does first. One that cannot succeed does nothing (MON-2, MON-7, MOFF-8).
    fn begin(&mut self, slot: Slot) {
        let Some(instance) = self.slots.get(&slot).filter(|instance| !instance.is_to_cancel).cloned() else {
            return;
        };
        let Some(uid) = slot.node else { return };
        let obstacle = match slot.action {
            "maintenance_on" => {
                let named = instance.asked.get("evict_dbs").and_then(Value::as_array);
                let names_unknown = named.is_some_and(|names| !names.is_empty());
                (names_unknown || !self.has_quorum_without_one()).then_some(INTERNAL)
            }
            "maintenance_off" => self.snapshot_to_load(uid, &instance.asked).is_none().then_some(INTERNAL),
            _ => None,
        };
        if let Some(instance) = self.slots.get_mut(&slot) {
            instance.obstacle = obstacle;
        }
        match slot.action {
            "maintenance_on" if obstacle.is_none() => {
                if !self.has(Fault::NoSnapshot) {
                    self.take_snapshot(uid, instance.flag("overwrite_snapshot"));
                }
                if let Some(node) = self.nodes.get_mut(&uid) {
                    node.in_maintenance = true;
                }
            }
            "maintenance_off" if self.has(Fault::OffDeletesEarly) => self.drop_maintenance_snapshots(uid),
            "remove" if self.has(Fault::RemovedTooEarly) => self.node_leaves(uid),
            _ => {}
        }
    }

    /// Whether a majority remains when one node goes (R-QUORUM-FORMULA). All members are up.
    pub(super) fn has_quorum_without_one(&self) -> bool {
        let is_exempt = self.nodes.len() < 3 && self.follows(Variant::QuorumExempt);
        is_exempt || self.nodes.len() > self.nodes.len() / 2 + 1
    }

    /// The named snapshot, or the latest of maintenance (MOFF-2, MOFF-3); its name. Where none is needed, no name
    /// (R-MOFF-SKIP).
    pub(super) fn snapshot_to_load(&self, uid: u64, asked: &Map<String, Value>) -> Option<String> {
        if asked.get("skip_shards_restore") == Some(&Value::Bool(true)) {
            return Some(String::new());
        }
        let of_any_kind = self.follows(Variant::OffLatestOfAll);
        let snapshots = &self.nodes.get(&uid)?.snapshots;
        let latest = snapshots.iter().rev().find(|snapshot| snapshot.is_for_maintenance || of_any_kind);
        let found = match asked.get("snapshot_name").and_then(Value::as_str) {
            Some(name) => {
                let named = snapshots.iter().find(|snapshot| snapshot.name == name);
                named.or(latest.filter(|_| self.has(Fault::OffFallsBack)))
            }
            None => latest,
        };
        found.map(|snapshot| snapshot.name.clone())
    }

    /// Makes a maintenance snapshot if there is none or it is to be overwritten (SNAP-1, SNAP-3).
    pub(super) fn take_snapshot(&mut self, uid: u64, overwrites: bool) {
        let (name, created) = self.now();
        let manner = self.manner;
        let others = self.nodes.values().any(|node| node.snapshots.iter().any(|one| one.is_for_maintenance));
        let home = match manner {
            Manner::Wrongly(Fault::SnapshotOfFirstNode) => self.nodes.keys().next().copied().unwrap_or(uid),
            _ => uid,
        };
        let Some(node) = self.nodes.get_mut(&home) else { return };
        let overwrites = match manner {
            Manner::Wrongly(Fault::SnapshotOverwritten) => true,
            Manner::Otherwise(Variant::OverwriteGuarded) => overwrites && !node.in_maintenance,
            _ => overwrites,
        };
        if overwrites && manner != Manner::Wrongly(Fault::OverwriteAdds) {
            let takes_all = manner == Manner::Wrongly(Fault::OverwriteTakesAll);
            node.snapshots.retain(|snapshot| !snapshot.is_for_maintenance && !takes_all);
        }
        let exists = match manner {
            Manner::Wrongly(Fault::SnapshotEachTime) => false,
            Manner::Wrongly(Fault::OverwriteAdds) if overwrites => false,
            Manner::Wrongly(Fault::UserSnapshotCounts) => !node.snapshots.is_empty(),
            Manner::Wrongly(Fault::SnapshotOfAnyCounts) => others,
            _ => node.snapshots.iter().any(|snapshot| snapshot.is_for_maintenance),
        };
        if !exists {
            node.snapshots.push(Snapshot { name, created, is_for_maintenance: true });
        }
    }

    /// An administrator takes one with the CLI (SNAP-14).
    fn somebody_takes_a_snapshot(&mut self, uid: u64) {
        let (_, created) = self.now();
        let name = if self.seconds.is_multiple_of(2) { "mine" } else { "yours" };
        if let Some(node) = self.nodes.get_mut(&uid)
            && !node.snapshots.iter().any(|snapshot| snapshot.name == name)
        {
            node.snapshots.push(Snapshot { name: name.to_owned(), created, is_for_maintenance: false });
        }
    }

    fn drop_maintenance_snapshots(&mut self, uid: u64) {
        if let Some(node) = self.nodes.get_mut(&uid) {
            node.snapshots.retain(|snapshot| !snapshot.is_for_maintenance);
        }
    }

    /// The name of a maintenance snapshot that is taken now, and the time (SNAP-5, SNAP-6).
    pub(super) fn now(&self) -> (String, String) {
        let (minutes, second) = (self.seconds / 60, self.seconds % 60);
        let (hour, minute) = (minutes / 60 % 24, minutes % 60);
        let name = format!("maintenance_mode_2024-09-12_{hour:02}-{minute:02}-{second:02}");
        (name, format!("2024-09-12 {hour:02}:{minute:02}:{second:02}"))
    }

    fn fail(&mut self, slot: Slot, code: &'static str) {
        let Some(instance) = self.slots.get_mut(&slot) else { return };
        instance.status = Status::Failed;
        instance.error = Some(instance.obstacle.unwrap_or(code));
        let failed_before = instance.before.as_ref().is_some_and(|before| before.status == Status::Failed);
        match (self.manner, slot.action, slot.node) {
            (Manner::Wrongly(Fault::SnapshotLost), "maintenance_on", Some(uid))
            | (Manner::Wrongly(Fault::OffFailedDeletes), "maintenance_off", Some(uid)) => {
                self.drop_maintenance_snapshots(uid);
            }
            (Manner::Wrongly(Fault::SnapshotLostLater), "maintenance_on", Some(uid)) if failed_before => {
                self.drop_maintenance_snapshots(uid);
            }
            (Manner::Wrongly(Fault::FailedRemovalRemoves), "remove", Some(uid)) => self.node_leaves(uid),
            _ => {}
        }
    }

    fn finish(&mut self, slot: Slot) {
        let Some(instance) = self.slots.get(&slot).cloned() else { return };
        let obstacle = instance.obstacle.or(match slot.action {
            "remove" if self.nodes.len() == 1 => Some(RESOURCES), // R-REMOVE-LAST
            CHANGE_MASTER if self.promoted(&instance.asked).is_none() => Some(INTERNAL),
            _ => None,
        });
        // A name that no snapshot has is another question (R-MOFF-UNKNOWN-NAME).
        let is_off = slot.action == "maintenance_off" && !instance.asked.contains_key("snapshot_name");
        match (obstacle, self.manner) {
            (None, _) => {}
            (Some(_), Manner::Otherwise(Variant::OffDoesNothing)) if is_off => {}
            (Some(_), Manner::Otherwise(Variant::OffCancelled)) if is_off => {
                return self.becomes(slot, Status::Cancelled);
            }
            (Some(code), _) => return self.fail(slot, code),
        }
        self.becomes(slot, Status::Completed);
        self.shows(slot, 100);
        match slot {
            Slot { node: Some(uid), action: "remove" } if !self.has(Fault::RemovedStays) => {
                self.node_leaves(uid)
            }
            Slot { node: Some(uid), action: "maintenance_off" } if obstacle.is_none() => {
                self.maintenance_ends(uid, &instance);
            }
            Slot { action: CHANGE_MASTER, .. } if !self.has(Fault::ChangeWithoutEffect) => {
                self.primary = self.promoted(&instance.asked).unwrap_or(self.primary);
            }
            _ => {}
        }
    }

    /// The node is as it was before, and the maintenance snapshot has served (MOFF-7, R-MOFF-DELETE).
    fn maintenance_ends(&mut self, uid: u64, instance: &Instance) {
        let skips = instance.flag("skip_shards_restore");
        let loaded = self.snapshot_to_load(uid, &instance.asked).filter(|_| !skips);
        let manner = self.manner;
        for (other, node) in &mut self.nodes {
            if *other == uid {
                node.in_maintenance = false;
            } else if manner != Manner::Wrongly(Fault::OffDeletesEverywhere) {
                continue;
            }
            node.snapshots.retain(|snapshot| match manner {
                Manner::Wrongly(Fault::OffKeepsSnapshot) => true,
                Manner::Wrongly(Fault::OffDeletesUsers) => false,
                Manner::Otherwise(Variant::OffSkipKeeps) if skips => true,
                Manner::Otherwise(Variant::OffDeletesLoaded) => Some(&snapshot.name) != loaded.as_ref(),
                _ => !snapshot.is_for_maintenance,
            });
        }
    }

    /// The node is no longer shown (REM-11). Of its actions only the status of the removal remains
    /// (R-REMOVE-STATUS-AFTER).
    fn node_leaves(&mut self, uid: u64) {
        self.nodes.remove(&uid);
        let (takes_all, leaves_nothing) =
            (self.has(Fault::RemovalDropsAll), self.follows(Variant::RemovalGone));
        self.slots.retain(|slot, instance| match slot.node {
            Some(node) if node == uid => slot.action == "remove" && !leaves_nothing,
            _ => instance.status.is_live() || !takes_all,
        });
        if self.primary == uid {
            self.primary = self.nodes.keys().next().copied().unwrap_or(uid);
        }
    }
}
