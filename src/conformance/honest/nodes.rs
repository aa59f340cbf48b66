//! What else the cluster shows of itself: nodes, their status, their snapshots (sections OBS and SNAP).

use serde_json::{Value, json};

use super::{Honest, Outcome, Slot, Snapshot, ok, refusal};
use crate::conformance::mutant::Fault;
use crate::http::Response;
use crate::model::Role;

impl Honest {
    pub(super) fn all_nodes(&self) -> Response {
        let shown = self.nodes.keys().filter(|uid| !self.is_hidden(**uid));
        ok(shown.map(|uid| self.node(*uid)).collect::<Value>())
    }

    /// One that does not exist is 404 (ERR-9).
    pub(super) fn one_node(&self, uid: u64) -> Outcome {
        self.member(uid)?;
        if self.is_hidden(uid) { Err(refusal(404, "node_not_found")) } else { Ok(ok(self.node(uid))) }
    }

    fn is_hidden(&self, uid: u64) -> bool {
        self.has(Fault::MaintainedNodeHidden) && self.nodes.get(&uid).is_some_and(|node| node.in_maintenance)
    }

    pub(super) fn one_node_status(&self, uid: u64) -> Outcome {
        if !self.has(Fault::UnknownNodeShown) {
            self.member(uid)?;
        }
        Ok(ok(self.node_status(uid)))
    }

    /// The node object (OBS-1).
    fn node(&self, uid: u64) -> Value {
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
    fn node_status(&self, uid: u64) -> Value {
        let mut status = json!({
            "role": if uid == self.primary || uid == 1 && self.has(Fault::TwoPrimaries) { "master" } else { "slave" },
            "node_status": self.state(uid),
            "master_shards": [],
            "slave_shards": [],
        });
        let snapshots = self.nodes.get(&uid).map_or(&[][..], |node| &node.snapshots);
        let counts = |one: &&Snapshot| one.is_for_maintenance || self.has(Fault::StatusShowsUsers);
        if let Some(snapshot) = snapshots.iter().rev().find(counts) {
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
        if !self.nodes.contains_key(&uid) && self.has(Fault::SnapshotsOfNobody) {
            return Ok(ok(json!([])));
        }
        self.member(uid)?;
        let of_all = self.has(Fault::SnapshotListOfAll);
        let listed = self.nodes.iter().filter(|(other, _)| **other == uid || of_all);
        let listed = listed.flat_map(|(uid, node)| node.snapshots.iter().map(|one| one.shown(*uid)));
        Ok(ok(listed.collect::<Value>()))
    }

    /// Only what a user took can be deleted (SNAP-11).
    pub(super) fn delete_snapshot(&mut self, uid: u64, name: &str) -> Outcome {
        let found = self.member(uid)?.snapshots.iter().find(|snapshot| snapshot.name == name);
        let Some(snapshot) = found.cloned() else {
            let is_fine = self.has(Fault::AbsentSnapshotDeleted);
            return if is_fine { Ok(ok(None)) } else { Err(refusal(404, "snapshot_not_found")) };
        };
        let is_kept = match snapshot.is_for_maintenance {
            true => !self.has(Fault::MaintenanceSnapshotDeleted),
            false => self.has(Fault::UserSnapshotKept),
        };
        if is_kept {
            return Err(refusal(403, "maintenance_snapshot"));
        }
        let keeps = self.has(Fault::SnapshotDeletedNot);
        if let Some(node) = self.nodes.get_mut(&uid) {
            node.snapshots.retain(|other| *other != snapshot || keeps);
        }
        Ok(ok(snapshot.shown(uid)))
    }

    /// A snapshot of a user (R-SNAP-CREATE-REST).
    pub(super) fn create_snapshot(&mut self, uid: u64, name: &str, role: Role) -> Outcome {
        if role != Role::Admin {
            return Err(refusal(403, "forbidden"));
        }
        let (_, created) = self.now();
        let snapshot = Snapshot { name: name.to_owned(), created, is_for_maintenance: false };
        let shown = snapshot.shown(uid);
        if self.member(uid)?.snapshots.iter().any(|other| other.name == name) {
            return Err(refusal(400, "snapshot_exists"));
        }
        self.nodes.entry(uid).or_default().snapshots.push(snapshot);
        Ok(ok(shown))
    }
}

impl Snapshot {
    fn shown(&self, uid: u64) -> Value {
        json!({ "name": self.name, "created_time": self.created, "node_uid": uid.to_string() })
    }
}
