//! What else the cluster shows of itself: nodes, their status, their snapshots, the shards (section OBS).
//!
//! The views hold what the model knows and no more: memory, versions and addresses are deliberately absent. The
//! one request here that changes something deletes a snapshot.

use super::response::{Answer, Refusal, Why};
use super::{Cluster, DbUid, Node, NodeAction, NodeUid, Shard, ShardRole, ShardUid, Snapshot};
use super::{Instance, SnapshotKind, Time, snapshot};

/// The answer to a GET, in the order of the uids.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Observation {
    /// All nodes.
    Nodes(Vec<NodeView>),
    /// One node.
    Node(NodeView),
    /// The status of all nodes.
    NodeStatuses(Vec<NodeStatusView>),
    /// The status of one node.
    NodeStatus(NodeStatusView),
    /// The snapshots of one node, oldest first.
    Snapshots(Vec<SnapshotView>),
    /// All shards.
    Shards(Vec<ShardView>),
}

impl Observation {
    /// The clauses that say what it shows.
    pub(super) fn clauses(&self) -> &'static [&'static str] {
        match self {
            Self::Nodes(_) | Self::Node(_) => &["OBS-1"],
            Self::NodeStatuses(_) | Self::NodeStatus(_) => &["OBS-2"],
            Self::Snapshots(_) => &["SNAP-10"],
            Self::Shards(_) => &["OBS-3"],
        }
    }
}

/// How a node is, in the words of the node object (OBS-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeState {
    /// None of the others.
    Active,
    /// Its removal has not ended (REM-15, R-REMOVE-FLAG-VISIBLE).
    Decommissioning,
    /// It does not answer.
    Down,
    /// It has not finished joining.
    Provisioning,
}

impl NodeState {
    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Decommissioning => "decommissioning",
            Self::Down => "down",
            Self::Provisioning => "provisioning",
        }
    }

    fn of(node: &Node) -> Self {
        let removal = node.instance(NodeAction::Remove);
        match node {
            Node { bootstrapped: false, .. } => Self::Provisioning,
            Node { up: false, .. } => Self::Down,
            _ if removal.is_some_and(Instance::is_live) => Self::Decommissioning,
            _ => Self::Active, // Also in maintenance (MON-17).
        }
    }
}

/// The node object (OBS-1).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NodeView {
    /// Its number.
    pub uid: NodeUid,
    /// How it is.
    pub state: NodeState,
    /// The shards on it.
    pub shards: Vec<ShardUid>,
    /// Whether shards may come. Only the removal mark forbids it: that of maintenance is made of other settings
    /// (MOFF-9, R-REMOVE-FLAG-VISIBLE).
    pub accepts_shards: bool,
    /// How many shards it can hold.
    pub capacity: u16,
}

impl NodeView {
    fn new(node: &Node) -> Self {
        let shards = node.shards.iter().map(|shard| shard.uid).collect();
        let (uid, state, capacity) = (node.uid, NodeState::of(node), node.capacity);
        Self { uid, state, shards, accepts_shards: !node.leaving, capacity }
    }
}

/// The status of a node (OBS-2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NodeStatusView {
    /// Its number.
    pub uid: NodeUid,
    /// Whether it is the primary (CHM-8).
    pub is_primary: bool,
    /// How it is.
    pub state: NodeState,
    /// The masters on it.
    pub masters: Vec<ShardUid>,
    /// The replicas on it.
    pub replicas: Vec<ShardUid>,
    /// Its latest maintenance snapshot: maintenance is in progress, or was stopped improperly (SNAP-15).
    pub maintenance_snapshot: Option<SnapshotView>,
}

impl NodeStatusView {
    fn new(cluster: &Cluster, node: &Node) -> Self {
        let in_role = |role| {
            let shards = node.shards.iter().filter(move |shard| shard.role == role);
            shards.map(|shard| shard.uid).collect()
        };
        let maintenance_snapshot = snapshot::latest_for_maintenance(node);
        Self {
            uid: node.uid,
            is_primary: cluster.primary() == Some(node.uid),
            state: NodeState::of(node),
            masters: in_role(ShardRole::Master),
            replicas: in_role(ShardRole::Replica),
            maintenance_snapshot: maintenance_snapshot.map(|snapshot| SnapshotView::new(node.uid, snapshot)),
        }
    }
}

/// A snapshot (SNAP-6).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SnapshotView {
    /// Its name.
    pub name: Box<str>,
    /// When it was taken.
    pub created: Time,
    /// The node it was taken of.
    pub node: NodeUid,
}

impl SnapshotView {
    fn new(node: NodeUid, snapshot: &Snapshot) -> Self {
        Self { name: snapshot.name.clone(), created: snapshot.created, node }
    }
}

/// A shard (OBS-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ShardView {
    /// Its number.
    pub uid: ShardUid,
    /// Whether it is the master of its part.
    pub role: ShardRole,
    /// Where it is.
    pub node: NodeUid,
    /// The database.
    pub db: DbUid,
}

impl ShardView {
    fn new(node: NodeUid, shard: &Shard) -> Self {
        Self { uid: shard.uid, role: shard.role, node, db: shard.db }
    }
}

/// All nodes. A removed one is no longer shown (REM-11).
pub(super) fn nodes(cluster: &Cluster) -> Observation {
    Observation::Nodes(cluster.nodes().iter().map(|node| NodeView::new(node)).collect())
}

/// One node.
pub(super) fn node(node: &Node) -> Observation {
    Observation::Node(NodeView::new(node))
}

/// The status of all nodes.
pub(super) fn statuses(cluster: &Cluster) -> Observation {
    let statuses = cluster.nodes().iter().map(|node| NodeStatusView::new(cluster, node));
    Observation::NodeStatuses(statuses.collect())
}

/// The status of one node.
pub(super) fn status(cluster: &Cluster, node: &Node) -> Observation {
    Observation::NodeStatus(NodeStatusView::new(cluster, node))
}

/// The snapshots of a node, those of maintenance and those of users (SNAP-10).
pub(super) fn snapshots(node: &Node) -> Observation {
    let views = node.snapshots.iter().map(|snapshot| SnapshotView::new(node.uid, snapshot));
    Observation::Snapshots(views.collect())
}

/// All shards of all nodes.
pub(super) fn shards(cluster: &Cluster) -> Observation {
    let on_node = |node: &'_ Node| -> Vec<_> {
        node.shards.iter().map(|shard| ShardView::new(node.uid, shard)).collect()
    };
    let mut views: Vec<_> = cluster.nodes().iter().flat_map(|node| on_node(node)).collect();
    views.sort_unstable_by_key(|view| view.uid);
    Observation::Shards(views)
}

/// The snapshot that a permitted DELETE will delete: a user's, never one of maintenance (SNAP-11).
pub(super) fn to_delete(node: &Node, name: &str) -> Result<SnapshotView, Refusal> {
    let snapshot = node.snapshot(name).ok_or(Refusal::new(404, Why::NoSnapshot))?;
    match snapshot.kind {
        SnapshotKind::User => Ok(SnapshotView::new(node.uid, snapshot)),
        SnapshotKind::Maintenance => Err(Refusal::new(403, Why::MaintenanceSnapshot)), // R-SNAP-DEL-MAINT
    }
}

pub(super) fn delete(cluster: &mut Cluster, view: SnapshotView) -> Answer {
    if let Some(node) = cluster.node_mut(view.node) {
        node.snapshots.retain(|snapshot| snapshot.name != view.name);
    }
    Answer::SnapshotDeleted(view)
}
