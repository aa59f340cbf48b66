//! What else the cluster shows of itself: nodes, their status, their snapshots (sections OBS and SNAP).

use serde_json::{Value, json};

use super::{Honest, Outcome, Slot, Snapshot, ok, refusal};
use crate::http::Response;

impl Honest {
    /// The node object (OBS-1).
    pub(super) fn node(&self, uid: u64) -> Value {
        let accepts = self.nodes.get(&uid).is_some_and(|node| !node.is_leaving);
        json!({
            "uid": uid,
            "status": self.state(uid),
            "shard_count": 0,
            "shard_list": [],
            "accept_servers": accepts,
        })
    }

    /// The status of a node (OBS-2, SNAP-15).
    pub(super) fn node_status(&self, uid: u64) -> Value {
        let mut status = json!({
            "role": if uid == self.primary { "master" } else { "slave" },
            "node_status": self.state(uid),
            "master_shards": [],
            "slave_shards": [],
        });
        let snapshots = self.nodes.get(&uid).map_or(&[][..], |node| &node.snapshots);
        if let Some(snapshot) = snapshots.iter().find(|snapshot| snapshot.is_for_maintenance) {
            status["maintenance_snapshot"] = snapshot.shown(uid);
        }
        status
    }

    pub(super) fn node_statuses(&self) -> Response {
        let statuses = self.nodes.keys().map(|uid| (uid.to_string(), self.node_status(*uid)));
        ok(Value::Object(statuses.collect()))
    }

    /// A node in maintenance is active (MON-17).
    fn state(&self, uid: u64) -> &'static str {
        let removal = self.slots.get(&Slot { node: Some(uid), action: "remove" });
        let is_going = removal.is_some_and(|removal| removal.status.is_live());
        if is_going { "decommissioning" } else { "active" }
    }

    /// The snapshots of a node (SNAP-10).
    pub(super) fn snapshots(&self, uid: u64) -> Outcome {
        let node = self.member(uid)?;
        Ok(ok(node.snapshots.iter().map(|snapshot| snapshot.shown(uid)).collect::<Value>()))
    }

    /// Only what a user took can be deleted (SNAP-11).
    pub(super) fn delete_snapshot(&mut self, uid: u64, name: &str) -> Outcome {
        let found = self.member(uid)?.snapshots.iter().find(|snapshot| snapshot.name == name);
        let snapshot = found.cloned().ok_or_else(|| refusal(404, "snapshot_not_found"))?;
        if snapshot.is_for_maintenance {
            return Err(refusal(403, "maintenance_snapshot"));
        }
        if let Some(node) = self.nodes.get_mut(&uid) {
            node.snapshots.retain(|other| *other != snapshot);
        }
        Ok(ok(snapshot.shown(uid)))
    }
}

impl Snapshot {
    fn shown(&self, uid: u64) -> Value {
        json!({ "name": self.name, "created_time": self.created, "node_uid": uid.to_string() })
    }
}
