//! What an event does, once it may happen.

use std::sync::Arc;

use super::super::{Cluster, Node, NodeUid, Slot, Snapshot, SnapshotKind, Status, Time};
use super::super::{action, delete, lifecycle, placement};
use super::{Event, Move};
use crate::spec::Rules;
use crate::spec::rules::ChmWhen;

/// Makes an event happen that [`super::check`] allowed.
pub(in super::super) fn perform(cluster: &mut Cluster, rules: &Rules, at: Time, event: &Event) {
    match event {
        Event::Task(slot, step) => perform_move(cluster, rules, at, *slot, *step),
        Event::NodeDown(uid) => with_node(cluster, *uid, |node| node.up = false),
        Event::NodeUp(uid) => with_node(cluster, *uid, |node| node.up = true),
        Event::Join(uid) => join(cluster, *uid),
        Event::Bootstrap(uid) => with_node(cluster, *uid, |node| node.bootstrapped = true),
        Event::Elect(uid) => cluster.primary = Some(*uid),
        Event::CreateSnapshot(uid, name) => with_node(cluster, *uid, |node| {
            node.snapshots.push(Snapshot::of(node, name.clone(), at, SnapshotKind::User));
        }),
        Event::Migrate { shard, from, to } => placement::move_shard(cluster, *shard, *from, *to),
        Event::FailOver { shard, from, to } => placement::fail_over(cluster, *shard, *from, *to),
        Event::DeleteDatabase(db) => placement::delete_database(cluster, *db),
    }
}

fn perform_move(cluster: &mut Cluster, rules: &Rules, at: Time, slot: Slot, step: Move) {
    match step {
        Move::Advance => action::advance(cluster, rules, at, slot),
        Move::Progress(progress) => {
            if let Some(instance) = cluster.instance_mut(slot) {
                instance.progress = progress;
            }
        }
        Move::Expire => delete::clear(cluster, slot),
        Move::Fail(code) => action::fail(cluster, rules, slot, code),
        _ if step.is_of_data() => action::move_data(cluster, slot, step),
        Move::Run if slot == Slot::ChangeMaster && rules.chm_when() == ChmWhen::Start => {
            action::reach(cluster, rules, slot, Status::Running);
            action::move_role(cluster, rules);
        }
        _ => {
            let status = cluster.instance(slot).map(|instance| instance.status);
            let next = status.zip(step.trigger()).and_then(|(from, by)| lifecycle::next(from, by, rules));
            if let Some(next) = next {
                action::reach(cluster, rules, slot, next);
            }
        }
    }
}

/// A joining node starts clean, also under a uid that was used before (R-REMOVE-UID-REUSE).
fn join(cluster: &mut Cluster, uid: NodeUid) {
    cluster.departed.retain(|departed| departed.uid != uid);
    let at = cluster.nodes.partition_point(|node| node.uid < uid);
    cluster.nodes.insert(at, Arc::new(Node { bootstrapped: false, ..Node::new(uid) }));
    cluster.primary.get_or_insert(uid);
}

fn with_node(cluster: &mut Cluster, uid: NodeUid, change: impl FnOnce(&mut Node)) {
    if let Some(node) = cluster.node_mut(uid) {
        change(node);
    }
}
