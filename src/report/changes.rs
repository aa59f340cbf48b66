//! What differs between two clusters, in words. Complete: no line if and only if they are equal.

mod placement;

use std::collections::BTreeSet;

use crate::model::{Cluster, Instance, Moved, Node, NodeAction, NodeUid, Slot, Snapshot, Work};
use crate::script::print_percent;
use placement::contents;

pub(crate) use placement::properties;

/// Every difference, one a line: nodes in the order of their uids, then the cluster as a whole.
pub fn changes(before: &Cluster, after: &Cluster) -> Vec<String> {
    if before == after {
        return Vec::new(); // The usual case: a request that only reads.
    }
    let mut lines = Vec::new();
    for uid in uids(before.nodes(), after.nodes(), |node| node.uid) {
        of_member(&mut lines, uid, before.node(uid), after.node(uid));
    }
    placement::of_placement(&mut lines, before, after);
    // The removal of a node that left is told as that of the node.
    for uid in uids(before.departed(), after.departed(), |departed| departed.uid) {
        let removal = Slot::Node(uid, NodeAction::Remove);
        let (was, is) = (before.instance(removal), after.instance(removal));
        lines.extend(of_slot(&format!("node {uid} remove"), was, is));
    }
    let of_cluster = |cluster| Cluster::instance(cluster, Slot::ChangeMaster);
    lines.extend(of_slot("cluster change_master", of_cluster(before), of_cluster(after)));
    if before.primary() != after.primary() {
        let name = |primary: Option<NodeUid>| primary.map_or("none".to_owned(), |uid| uid.to_string());
        lines.push(format!("primary {} -> {}", name(before.primary()), name(after.primary())));
    }
    if before.persistent_node_removal() != after.persistent_node_removal() {
        let set = if after.persistent_node_removal() { "on" } else { "off" };
        lines.push(format!("persistent_node_removal: {set}"));
    }
    // A new instance tells its number, and with it that one more task was accepted.
    if before.tasks() != after.tasks() && !is_told(before, after) {
        lines.push(format!("accepted tasks {} -> {}", before.tasks(), after.tasks()));
    }
    lines
}

/// The uids that occur in either list, in order.
fn uids<T>(before: &[T], after: &[T], uid: impl Fn(&T) -> NodeUid) -> BTreeSet<NodeUid> {
    before.iter().chain(after).map(uid).collect()
}

fn is_told(before: &Cluster, after: &Cluster) -> bool {
    let number = |cluster: &Cluster, slot| cluster.instance(slot).map(|instance| instance.task.0);
    let is_last =
        |slot| number(after, slot) == Some(after.tasks()) && number(before, slot) != number(after, slot);
    after.tasks() == before.tasks().wrapping_add(1) && after.slots().any(is_last)
}

fn of_member(lines: &mut Vec<String>, uid: NodeUid, before: Option<&Node>, after: Option<&Node>) {
    match (before, after) {
        (Some(before), Some(after)) => of_node(lines, before, after),
        (Some(_), None) => lines.push(format!("node {uid} left")),
        (None, Some(after)) => {
            lines.push(format!("node {uid} joined"));
            of_node(lines, &Node::new(uid), after);
        }
        (None, None) => {}
    }
}

fn of_node(lines: &mut Vec<String>, before: &Node, after: &Node) {
    let uid = after.uid;
    if before.up != after.up {
        lines.push(format!("node {uid}: {}", if after.up { "up" } else { "down" }));
    }
    if before.bootstrapped != after.bootstrapped {
        let not = if after.bootstrapped { "" } else { "not " };
        lines.push(format!("node {uid}: {not}bootstrapped"));
    }
    if before.activations != after.activations {
        lines.push(match (before.activations, after.activations) {
            (0, 1) => format!("node {uid}: maintenance mark set"),
            (1, 0) => format!("node {uid}: maintenance mark cleared"),
            (from, to) => format!("node {uid}: maintenance active {from} -> {to} times"),
        });
    }
    if before.leaving != after.leaving {
        let set = if after.leaving { "set" } else { "cleared" };
        lines.push(format!("node {uid}: removal mark {set}"));
    }
    if before.quorum_only != after.quorum_only {
        let not = if after.quorum_only { "" } else { "no longer " };
        lines.push(format!("node {uid}: {not}quorum-only"));
    }
    if before.capacity != after.capacity {
        lines.push(format!("node {uid}: capacity {} -> {} shards", before.capacity, after.capacity));
    }
    of_snapshots(lines, before, after);
    for action in NodeAction::ALL {
        let name = format!("node {uid} {}", action.name());
        lines.extend(of_slot(&name, before.instance(action), after.instance(action)));
    }
}

fn of_snapshots(lines: &mut Vec<String>, before: &Node, after: &Node) {
    let told = lines.len();
    for Snapshot { name, .. } in &before.snapshots {
        if after.snapshot(name).is_none() {
            lines.push(format!("node {}: snapshot {name} deleted", after.uid));
        }
    }
    for snapshot in &after.snapshots {
        let name = &snapshot.name;
        match before.snapshot(name) {
            None => lines.push(format!("node {}: snapshot {name} made{}", after.uid, contents(snapshot))),
            Some(earlier) if earlier != snapshot => {
                lines.push(format!("node {}: snapshot {name} made anew{}", after.uid, contents(snapshot)));
            }
            Some(_) => {}
        }
    }
    if lines.len() == told && before.snapshots != after.snapshots {
        lines.push(format!("node {}: snapshots in another order", after.uid));
    }
}

/// What became of the instance in a slot, on one line.
fn of_slot(slot: &str, before: Option<&Instance>, after: Option<&Instance>) -> Option<String> {
    if before == after {
        return None;
    }
    let was = before.map_or("absent", |instance| instance.status.name());
    let Some(after) = after else {
        return Some(format!("{slot}: {was} -> absent"));
    };
    let mut parts = Vec::new();
    match before {
        Some(before) if before.task == after.task => {
            if before.status != after.status {
                parts.push(format!("{was} -> {}", after.status.name()));
            }
            of_instance(&mut parts, before, after);
        }
        _ => {
            parts.push(format!("{was} -> {} (task {})", after.status.name(), after.task.0));
            let accepted = Instance::queued(after.task, after.parameters.clone(), Work::default());
            of_instance(&mut parts, &accepted, after);
        }
    }
    Some(format!("{slot}: {}", parts.join(", ")))
}

/// All differences but that of the status.
fn of_instance(parts: &mut Vec<String>, before: &Instance, after: &Instance) {
    if before.progress != after.progress {
        let (from, to) = (print_percent(before.progress), print_percent(after.progress));
        parts.push(format!("progress {from} -> {to}"));
    }
    if before.cancel_requested != after.cancel_requested {
        let noted = if after.cancel_requested { "noted" } else { "no longer pending" };
        parts.push(format!("cancellation {noted}"));
    }
    if before.error != after.error {
        parts.push(format!("error {}", after.error.map_or("none", |code| code.name())));
    }
    if before.parameters != after.parameters {
        parts.push("other parameters".to_owned());
    }
    of_work(parts, &before.work, &after.work);
}

fn of_work(parts: &mut Vec<String>, before: &Work, after: &Work) {
    if before.steps != after.steps {
        parts.push(format!("step {} -> {}", before.steps, after.steps));
    }
    if before.activations_before != after.activations_before {
        parts.push(format!("maintenance was active {} times", after.activations_before));
    }
    if before.loaded != after.loaded {
        parts.push(format!("loaded {}", after.loaded.as_ref().map_or("nothing", |snapshot| &snapshot.name)));
    }
    of_moved(parts, &before.moved, &after.moved);
    if before.unfinished != after.unfinished {
        let under_way =
            if after.unfinished { "one move may still be finished" } else { "no move is under way" };
        parts.push(under_way.to_owned());
    }
    if before.overtaken != after.overtaken {
        let overtaken = if after.overtaken { "too late to complete" } else { "not too late to complete" };
        parts.push(overtaken.to_owned());
    }
    if before.doomed != after.doomed {
        parts.push(if after.doomed { "bound to fail" } else { "not bound to fail" }.to_owned());
    }
}

/// A run adds to what it moved, one shard at a time.
fn of_moved(parts: &mut Vec<String>, before: &[Moved], after: &[Moved]) {
    let common = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    for Moved { shard, .. } in &before[common..] {
        parts.push(format!("no longer moved shard {}", shard.0));
    }
    for Moved { shard, from, to } in &after[common..] {
        parts.push(format!("moved shard {} from node {from} to {to}", shard.0));
    }
}
