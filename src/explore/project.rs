//! Which clusters count as one state: those that have the same future.
//!
//! [`Projection::project`] maps a cluster to the one that stands for it. Left out is what the law carries along and
//! never asks about:
//!
//! - the *numbers* of tasks: an instance has the number of its slot. The law compares them with nothing.
//! - *times*: the snapshots of a node keep their order and their identity, and are renumbered. The law asks whether
//!   two snapshots are the same, and which is the latest.
//! - what an instance *asked for and did*, once it has ended. Its status, progress and error stay.
//! - in what order a run moved shards, and where from, unless a reading undoes that.
//! - whether *persistence files* exist, and which shards a run moved, if no removal can be started: removals alone wait
//!   for files. That a run moved something stays.
//!
//! So two clusters of one projection answer every input alike, but for numbers and times, and reach clusters of one
//! projection again: what is explored is the quotient of the cluster by a bisimulation. A test holds it against runs
//! of the simulator.

use std::sync::Arc;

use crate::model::{
    Cluster, Instance, Moved, Node, NodeAction, NodeUid, Parameters, Parts, Shard, ShardUid, Slot, Snapshot,
    TaskId, Time, Work,
};
use crate::spec::Rules;
use crate::spec::rules::{CancelEffect, RemovePartial};

/// When everything happens: later than all times in a projection, which number the snapshots of a node.
pub(super) const NOW: Time = Time(3_600_000_000);

/// Which clusters count as one state, under some rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Projection {
    /// The uids of the nodes are 1 to this.
    pub(super) nodes: u32,
    /// Whether a run can be undone, move by move.
    undoes: bool,
    /// Whether somebody may wait for persistence files.
    files: bool,
}

/// Stands for whatever a run moved: no shard has this number.
const SOMETHING: Moved = Moved { shard: ShardUid(0), from: NodeUid(0), to: NodeUid(0) };

impl Projection {
    /// Among clusters of the nodes 1 to `nodes`; `files` says whether somebody may wait for persistence files.
    pub(super) fn new(nodes: u32, rules: &Rules, files: bool) -> Self {
        let undoes = rules.cancel_effect() == CancelEffect::Rollback
            || rules.remove_partial() == RemovePartial::Return
            || rules.mon_fail_state().takes_back();
        Self { nodes, undoes, files }
    }

    /// The cluster that stands for this one.
    pub(super) fn project(self, cluster: &Cluster) -> Cluster {
        let mut parts = Parts::from(cluster);
        for node in &mut parts.nodes {
            self.settle_node(node);
        }
        if let Some(instance) = &mut parts.change_master {
            self.settle(instance, Slot::ChangeMaster);
        }
        for departed in &mut parts.departed {
            self.settle(&mut departed.removal, Slot::Node(departed.uid, NodeAction::Remove));
        }
        parts.tasks = number(Slot::ChangeMaster, self.nodes);
        parts.unchecked()
    }

    /// A node as it stands in a projection.
    pub(super) fn settle_node(self, node: &mut Node) {
        let uid = node.uid;
        renumber_times(node);
        node.shards.iter_mut().for_each(|shard| *shard = self.settled(*shard));
        for (action, place) in NodeAction::ALL.into_iter().zip(&mut node.slots) {
            if let Some(instance) = place {
                self.settle(instance, Slot::Node(uid, action));
            }
        }
    }

    /// A shard as it stands in a projection.
    pub(super) fn settled(self, shard: Shard) -> Shard {
        Shard { persisted: shard.persisted || !self.files, ..shard }
    }

    /// An instance as it stands in a projection, but for the times in it.
    pub(super) fn settle(self, instance: &mut Instance, slot: Slot) {
        instance.task = TaskId(number(slot, self.nodes));
        if !instance.is_live() {
            instance.work = Work::default();
            instance.parameters = Parameters::of_nothing(slot, NodeUid(1));
        } else if !self.undoes {
            let moved = &mut instance.work.moved;
            moved.iter_mut().for_each(|moved| moved.from = moved.to);
            moved.sort_unstable_by_key(|moved| (moved.shard, moved.to));
            moved.dedup();
            if !self.files && !moved.is_empty() {
                *moved = vec![SOMETHING];
            }
        }
    }
}

/// The number that stands for all tasks of a slot.
pub(super) fn number(slot: Slot, nodes: u32) -> u32 {
    let per_node = NodeAction::ALL.len() as u32;
    match slot {
        Slot::Node(uid, action) => (uid.0 - 1) * per_node + action as u32 + 1,
        Slot::ChangeMaster => nodes * per_node + 1,
    }
}

/// The snapshots of a node, and the one that its maintenance_off holds, are taken at 1s, 2s and so on.
fn renumber_times(node: &mut Node) {
    let off = NodeAction::MaintenanceOff as usize;
    let held = node.slots[off].as_mut().filter(|instance| instance.is_live());
    let held = held.and_then(|instance| instance.work.loaded.as_mut());
    if node.snapshots.is_empty() && held.is_none() {
        return;
    }
    let own = node.snapshots.iter().map(|snapshot| snapshot.created);
    let mut times: Vec<_> = own.chain(held.iter().map(|loaded| loaded.created)).collect();
    times.sort_unstable();
    times.dedup();
    let rank = |snapshot: &Snapshot| {
        let at = times.binary_search(&snapshot.created).expect("it is one of them");
        snapshot.taken_at(Time((at as u64 + 1) * 1_000_000))
    };
    for snapshot in &mut node.snapshots {
        *snapshot = rank(snapshot);
    }
    if let Some(loaded) = held {
        *loaded = Arc::new(rank(loaded));
    }
}
