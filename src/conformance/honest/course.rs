//! What goes on by itself: the lifecycle of an instance, and what its run does to the node (sections LIFE, REM, MON,
//! SNAP, MOFF, CHM).

use serde_json::Value;

use super::{CHANGE_MASTER, Honest, Instance, Slot, Snapshot, Status};

/// The task failed for a reason that is none of the others (OBJ-8).
const INTERNAL: &str = "internal_error";

/// The cluster lacks what the task needs (OBJ-8).
const RESOURCES: &str = "insufficient_resources";

impl Honest {
    /// One move of one live instance. Of 16 chances of an instance 9 are the ordinary move.
    pub(super) fn go_on(&mut self, chance: u32) {
        let live: Vec<Slot> =
            self.slots.iter().filter(|(_, one)| one.status.is_live()).map(|(slot, _)| *slot).collect();
        let count = u32::try_from(live.len()).unwrap_or(u32::MAX).max(1);
        let how = chance / count % 16;
        let slot = live.get((chance % count) as usize).copied();
        if how == 15 {
            self.somebody_takes_a_snapshot(slot.and_then(|slot| slot.node).unwrap_or(1));
        } else if let Some(slot) = slot {
            self.move_on(slot, how);
        }
    }

    fn move_on(&mut self, slot: Slot, how: u32) {
        let Some(instance) = self.slots.get_mut(&slot) else { return };
        match (instance.status, how) {
            (Status::Queued, _) => instance.status = Status::Starting,
            (Status::Starting | Status::Running, 14) => instance.status = Status::Aborted,
            (Status::Starting, _) => {
                instance.status = Status::Running;
                self.begin(slot);
            }
            (Status::Running, _) if instance.is_to_cancel => instance.status = Status::Cancelling,
            (Status::Running, 9..=11) => instance.percent = (instance.percent + how * 3).min(99),
            (Status::Running, 12) => self.fail(slot, RESOURCES),
            (Status::Running, 13) => self.fail(slot, INTERNAL),
            (Status::Running, _) if instance.percent < 50 => instance.percent = 50,
            (Status::Running, _) => self.finish(slot),
            (Status::Cancelling, _) => instance.status = Status::Cancelled,
            (Status::Cancelled | Status::Aborted | Status::Completed | Status::Failed, _) => {}
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
            "maintenance_off" => self.snapshot_to_load(uid, &instance).is_none().then_some(INTERNAL),
            _ => None,
        };
        if let Some(instance) = self.slots.get_mut(&slot) {
            instance.obstacle = obstacle;
        }
        if slot.action == "maintenance_on" && obstacle.is_none() {
            self.take_snapshot(uid, instance.flag("overwrite_snapshot"));
            if let Some(node) = self.nodes.get_mut(&uid) {
                node.in_maintenance = true;
            }
        }
    }

    /// Whether a majority remains when one node goes (R-QUORUM-FORMULA). All members are up.
    fn has_quorum_without_one(&self) -> bool {
        self.nodes.len() > self.nodes.len() / 2 + 1
    }

    /// The named snapshot, or the latest of maintenance; the name of the node will do where none is needed (MOFF-2,
    /// MOFF-3, R-MOFF-SKIP).
    fn snapshot_to_load(&self, uid: u64, instance: &Instance) -> Option<String> {
        if instance.flag("skip_shards_restore") {
            return Some(String::new());
        }
        let mut snapshots = self.nodes.get(&uid)?.snapshots.iter().rev();
        let found = match instance.asked.get("snapshot_name").and_then(Value::as_str) {
            Some(name) => snapshots.find(|snapshot| snapshot.name == name),
            None => snapshots.find(|snapshot| snapshot.is_for_maintenance),
        };
        found.map(|snapshot| snapshot.name.clone())
    }

    /// Makes a maintenance snapshot if there is none or it is to be overwritten (SNAP-1, SNAP-3).
    fn take_snapshot(&mut self, uid: u64, overwrites: bool) {
        let (name, created) = self.now();
        let Some(node) = self.nodes.get_mut(&uid) else { return };
        if overwrites {
            node.snapshots.retain(|snapshot| !snapshot.is_for_maintenance);
        }
        if !node.snapshots.iter().any(|snapshot| snapshot.is_for_maintenance) {
            node.snapshots.push(Snapshot { name, created, is_for_maintenance: true });
        }
    }

    /// An administrator takes one with the CLI (SNAP-14).
    fn somebody_takes_a_snapshot(&mut self, uid: u64) {
        let (_, created) = self.now();
        let Some(node) = self.nodes.get_mut(&uid) else { return };
        if !node.snapshots.iter().any(|snapshot| snapshot.name == "mine") {
            node.snapshots.push(Snapshot { name: "mine".to_owned(), created, is_for_maintenance: false });
        }
    }

    /// The name of a maintenance snapshot that is taken now, and the time (SNAP-5, SNAP-6).
    fn now(&self) -> (String, String) {
        let (minutes, second) = (self.seconds / 60, self.seconds % 60);
        let (hour, minute) = (minutes / 60 % 24, minutes % 60);
        let name = format!("maintenance_mode_2024-09-12_{hour:02}-{minute:02}-{second:02}");
        (name, format!("2024-09-12 {hour:02}:{minute:02}:{second:02}"))
    }

    fn fail(&mut self, slot: Slot, code: &'static str) {
        if let Some(instance) = self.slots.get_mut(&slot) {
            instance.status = Status::Failed;
            instance.error = Some(instance.obstacle.unwrap_or(code));
        }
    }

    fn finish(&mut self, slot: Slot) {
        let Some(instance) = self.slots.get(&slot).cloned() else { return };
        let obstacle = instance.obstacle.or(match slot.action {
            "remove" if self.nodes.len() == 1 => Some(RESOURCES), // R-REMOVE-LAST
            CHANGE_MASTER if self.promoted(&instance.asked).is_none() => Some(INTERNAL),
            _ => None,
        });
        if let Some(code) = obstacle {
            return self.fail(slot, code);
        }
        if let Some(instance) = self.slots.get_mut(&slot) {
            (instance.status, instance.percent) = (Status::Completed, 100);
        }
        match slot {
            Slot { node: Some(uid), action: "remove" } => self.node_leaves(uid),
            Slot { node: Some(uid), action: "maintenance_off" } => {
                if let Some(node) = self.nodes.get_mut(&uid) {
                    node.in_maintenance = false;
                    node.snapshots.retain(|snapshot| !snapshot.is_for_maintenance); // MOFF-7
                }
            }
            Slot { action: CHANGE_MASTER, .. } => {
                self.primary = self.promoted(&instance.asked).unwrap_or(self.primary);
            }
            _ => {}
        }
    }

    /// The node is no longer shown (REM-11). Of its actions only the status of the removal remains
    /// (R-REMOVE-STATUS-AFTER).
    fn node_leaves(&mut self, uid: u64) {
        self.nodes.remove(&uid);
        self.slots.retain(|slot, _| slot.node != Some(uid) || slot.action == "remove");
        if self.primary == uid {
            self.primary = self.nodes.keys().next().copied().unwrap_or(uid);
        }
    }
}
