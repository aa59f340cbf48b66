//! Faults in what the law does to the data of the cluster.

use action_oracle::model::{
    Cluster, Input, Move, NodeAction, NodeUid, Parameters, Parts, Reply, Shard, ShardRole, ShardUid,
};
use action_oracle::spec::Rules;

use super::{accepted, faults, is_found_by, moved, node, on_node, spoiled};

/// The shard that a run moved, where from, and where to.
fn moved_shard(input: &Input, reply: &Reply) -> Option<(ShardUid, NodeUid, NodeUid)> {
    match moved(input, reply)? {
        (_, Move::Shard { shard, from, to }) => Some((shard, from, to)),
        _ => None,
    }
}

/// Moves a shard, whatever the law says about it.
fn put(parts: &mut Parts, uid: ShardUid, from: NodeUid, to: NodeUid) -> Option<()> {
    let source = node(parts, from)?;
    let at = source.shards.iter().position(|shard| shard.uid == uid)?;
    let shard = source.shards.remove(at);
    let target = node(parts, to)?;
    target.shards.push(shard);
    target.shards.sort_by_key(|shard| shard.uid);
    Some(())
}

/// Whether a node could take a shard, had it room for it.
fn is_apart(node: &action_oracle::model::Node, shard: &Shard) -> bool {
    node.is_open() && !node.shards.iter().any(|copy| copy.is_copy_of(shard))
}

faults! {
    no_shard_lost(_, input, reply, parts) {
        let (uid, _, to) = moved_shard(input, reply)?;
        node(parts, to)?.shards.retain(|shard| shard.uid != uid);
        Some(())
    }
    copies_are_apart(before, input, reply, parts) {
        let (uid, from, to) = moved_shard(input, reply)?;
        let shard = *before.node(from)?.shard(uid)?;
        let together = before.nodes().iter().find(|other| {
            other.uid != from && other.shards.iter().any(|copy| copy.is_copy_of(&shard))
        })?;
        put(parts, uid, to, together.uid)
    }
    one_master(_, input, reply, parts) {
        let (_, Move::FailOver { shard: heir, to, .. }) = moved(input, reply)? else { return None };
        node(parts, to)?.shards.iter_mut().find(|shard| shard.uid == heir)?.role = ShardRole::Replica;
        Some(())
    }
    capacity_held(before, input, reply, parts) {
        let (uid, from, to) = moved_shard(input, reply)?;
        let shard = *before.node(from)?.shard(uid)?;
        let full = before.nodes().iter().find(|other| {
            other.uid != from && is_apart(other, &shard) && other.shards.len() >= usize::from(other.capacity)
        })?;
        put(parts, uid, to, full.uid)
    }
    nothing_comes_to_a_marked_node(before, input, reply, parts) {
        let (uid, from, to) = moved_shard(input, reply)?;
        let shard = *before.node(from)?.shard(uid)?;
        let marked = before.nodes().iter().find(|other| {
            let marked = other.leaving || other.in_maintenance() || other.quorum_only;
            other.uid != from && marked && other.has_room(&shard)
        })?;
        put(parts, uid, to, marked.uid)
    }
    shards_move_for_a_reason(before, _, reply, parts) {
        accepted(reply)?;
        let from = before.nodes().iter().find(|node| !node.shards.is_empty())?;
        let shard = from.shards[0];
        let to = before.nodes().iter().find(|node| node.uid != from.uid && node.takes(&shard))?;
        put(parts, shard.uid, from.uid, to.uid)
    }
    snapshot_is_the_state_before(before, input, reply, parts) {
        let uid = on_node(input, reply, NodeAction::MaintenanceOn, |step| step == Move::Advance)?;
        let old = &before.node(uid)?.snapshots;
        let made = node(parts, uid)?.snapshots.iter_mut().find(|made| !old.contains(made))?;
        (!made.shards.is_empty()).then_some(())?;
        made.shards = Box::default();
        Some(())
    }
    unlisted_databases_stay(before, input, reply, parts) {
        let on = |step| matches!(step, Move::Shard { .. });
        let uid = on_node(input, reply, NodeAction::MaintenanceOn, on)?;
        let (due, from, to) = moved_shard(input, reply)?;
        let Parameters::MaintenanceOn(order) = &before.node(uid)?.instance(NodeAction::MaintenanceOn)?.parameters
        else {
            return None;
        };
        let names = order.evict_dbs.as_ref()?;
        let unlisted = |shard: &&Shard| names.iter().all(|name| **name != *shard.db.0.to_string());
        let target = before.node(to)?;
        let other = before.node(from)?.shards.iter().filter(unlisted).find(|other| target.takes(other))?;
        put(parts, due, to, from)?;
        put(parts, other.uid, from, to)
    }
}
