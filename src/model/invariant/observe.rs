//! What holds of the views of nodes, shards and snapshots, and of the request that deletes a snapshot.

use super::{Check, Invariant, Transition, Verdict, must};
use crate::model::SnapshotView;
use crate::model::{
    Answer, Cluster, Instance, Node, NodeAction, NodeState, NodeStatusView, NodeUid, NodeView, Observation,
};
use crate::model::{Place, Reply, Request, ShardRole, ShardUid, ShardView, Snapshot, SnapshotKind};
use crate::spec::Edition;

pub(super) const OBSERVED_IS_THERE: Invariant = Invariant {
    name: "observed-is-there",
    statement: "nodes, shards and snapshots are shown as they are: each once, where it is, and nothing else",
    clauses: &["OBS-1", "OBS-2", "OBS-3", "SNAP-10", "SNAP-15", "CHM-8", "REM-11", "REM-15"],
    since: Edition::E72,
    check: Check::Request(|transition, request| match transition.reply {
        Reply::Answer(Answer::Observed(shown)) => must(is_there(transition.before, request, shown), || {
            format!("the cluster does not hold {shown:?}")
        }),
        _ => Verdict::Silent,
    }),
};

fn is_there(cluster: &Cluster, request: &Request, shown: &Observation) -> bool {
    let asked = |place| request.path.names(place);
    match shown {
        Observation::Nodes(views) => {
            let are = |(view, node): (&NodeView, &Node)| is_node(node, view);
            asked(Place::NodeObjects) && each(cluster, views, are)
        }
        Observation::Node(view) => {
            asked(Place::NodeObject(view.uid))
                && cluster.node(view.uid).is_some_and(|node| is_node(node, view))
        }
        Observation::NodeStatuses(views) => {
            let masters = views.iter().filter(|view| view.is_primary).count();
            let are = |(view, node): (&NodeStatusView, &Node)| is_status(cluster, node, view);
            asked(Place::NodeStatuses) && masters == views.len().min(1) && each(cluster, views, are)
        }
        Observation::NodeStatus(view) => {
            let node = cluster.node(view.uid);
            asked(Place::NodeStatus(view.uid)) && node.is_some_and(|node| is_status(cluster, node, view))
        }
        Observation::Snapshots(views) => {
            let node = cluster.nodes().iter().find(|node| asked(Place::Snapshots(node.uid)));
            node.is_some_and(|node| {
                let has = |view| node.snapshots.iter().any(|snapshot| is_snapshot(node.uid, snapshot, view));
                views.len() == node.snapshots.len() && views.iter().all(has)
            })
        }
        Observation::Shards(views) => {
            let all: usize = cluster.nodes().iter().map(|node| node.shards.len()).sum();
            let is_sorted = views.is_sorted_by(|one, next| one.uid < next.uid);
            asked(Place::Shards)
                && is_sorted
                && views.len() == all
                && views.iter().all(|it| holds(cluster, it))
        }
    }
}

/// Whether there is one view for each member, and it is right.
fn each<View>(cluster: &Cluster, views: &[View], is_right: impl Fn((&View, &Node)) -> bool) -> bool {
    let members = cluster.nodes().iter().map(|node| &**node);
    views.len() == cluster.nodes().len() && views.iter().zip(members).all(is_right)
}

fn is_node(node: &Node, view: &NodeView) -> bool {
    let here = |shard: &ShardUid| node.shard(*shard).is_some();
    view.uid == node.uid
        && is_state(node, view.state)
        && view.shards.len() == node.shards.len()
        && view.shards.iter().all(here)
}

fn is_status(cluster: &Cluster, node: &Node, view: &NodeStatusView) -> bool {
    let here = |shards: &[ShardUid], role| {
        shards.iter().all(|uid| node.shard(*uid).is_some_and(|shard| shard.role == role))
    };
    let mut made = node.snapshots.iter().filter(|snapshot| snapshot.kind == SnapshotKind::Maintenance);
    let told = match &view.maintenance_snapshot {
        Some(told) => made.any(|snapshot| is_snapshot(node.uid, snapshot, told)),
        None => made.next().is_none(),
    };
    view.uid == node.uid
        && view.is_primary == (cluster.primary() == Some(node.uid))
        && is_state(node, view.state)
        && view.masters.len() + view.replicas.len() == node.shards.len()
        && here(&view.masters, ShardRole::Master)
        && here(&view.replicas, ShardRole::Replica)
        && told
}

fn is_state(node: &Node, state: NodeState) -> bool {
    let leaves = node.instance(NodeAction::Remove).is_some_and(Instance::is_live);
    match state {
        NodeState::Active => node.up && node.bootstrapped && !leaves,
        NodeState::Decommissioning => leaves,
        NodeState::Down => !node.up,
        NodeState::Provisioning => !node.bootstrapped,
    }
}

fn is_snapshot(node: NodeUid, snapshot: &Snapshot, view: &SnapshotView) -> bool {
    (node, &snapshot.name, snapshot.created) == (view.node, &view.name, view.created)
}

fn holds(cluster: &Cluster, view: &ShardView) -> bool {
    let shard = cluster.node(view.node).and_then(|node| node.shard(view.uid));
    shard.is_some_and(|shard| (shard.role, shard.db) == (view.role, view.db))
}

pub(super) const DELETED_SNAPSHOT_IS_GONE: Invariant = Invariant {
    name: "deleted-snapshot-is-gone",
    statement: "DELETE of a snapshot that is answered 200 removes that snapshot, and it was a user's",
    clauses: &["SNAP-11", "R-SNAP-DEL-MAINT"],
    since: Edition::E72,
    check: Check::Request(|transition, request| match transition.reply {
        Reply::Answer(Answer::SnapshotDeleted(view)) => must(was_deleted(transition, request, view), || {
            format!("snapshot `{}` of node {} was not deleted as it should", view.name, view.node)
        }),
        _ => Verdict::Silent,
    }),
};

fn was_deleted(transition: &Transition<'_>, request: &Request, view: &SnapshotView) -> bool {
    let of = |cluster: &Cluster| {
        let snapshots = cluster.node(view.node).map(|node| node.snapshots.clone());
        snapshots.unwrap_or_default().into_iter().find(|snapshot| snapshot.name == view.name)
    };
    let (before, after) = (of(transition.before), of(transition.after));
    request.path.snapshot() == Some((view.node, &view.name))
        && before.is_some_and(|snapshot| snapshot.kind == SnapshotKind::User)
        && after.is_none()
}
