//! A cluster in cells: what each slot holds, what each node is beside its slots, where each shard is, what all share.
//!
//! A cell is a small number; a state is one number for each place. Places are as fine as the law's own words, so that
//! each has few cells, and any cells together are a cluster. The same number means the same in each slot of one action,
//! and at each node, so that nodes can change places.

mod rename;
mod split;

use std::sync::Arc;

use super::project::{Projection, number};
use crate::intern::Interner;
use crate::model::{
    Cluster, Database, DbUid, Departed, Instance, Node, NodeAction, NodeUid, Parts, Shard, ShardUid, Slot,
    Snapshot, TaskId,
};

pub(super) use rename::Renaming;

/// The number of a place: those of each node, the cluster's slot, the shards, the endpoints, what all share.
pub(super) type Place = usize;

/// What is in a place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(clippy::large_enum_variant, reason = "each is kept once, and most are slots")]
pub(super) enum Cell {
    /// What a slot holds. The number of its task, and the snapshot that it loaded, are left out.
    Slot(Option<Instance>),
    /// What a node is, if it is a member. Its uid, and what has a place of its own, are left out.
    Node(Option<Node>),
    /// The snapshots of a node.
    Snapshots(Vec<Snapshot>),
    /// The snapshot that the maintenance_off of a node has loaded.
    Loaded(Option<Arc<Snapshot>>),
    /// A shard, and where it is; none if it was deleted.
    Shard(Option<(NodeUid, Shard)>),
    /// Where the endpoints of a database are bound.
    Endpoints(Vec<NodeUid>),
    /// What all nodes share.
    Shared(Shared),
}

/// What no node has for itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Shared {
    pub(super) primary: Option<NodeUid>,
    pub(super) departed: Vec<Departed>,
    databases: Vec<Database>,
    persistent_node_removal: bool,
}

/// All cells that were met, for clusters of the nodes 1 to some number, and of some shards.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    projection: Projection,
    shards: Vec<ShardUid>,
    databases: Vec<DbUid>,
    /// One for each place of a node, which all nodes have in common, then one for each other place.
    kinds: Vec<Interner<Cell>>,
}

const ACTIONS: usize = NodeAction::ALL.len();
/// The places of a node: its slots, what it is, its snapshots, the one that is loaded.
pub(super) const OF_NODE: usize = ACTIONS + 3;

impl Cells {
    /// The places of everything that is in a cluster.
    pub(super) fn new(projection: Projection, start: &Cluster) -> Self {
        let of_nodes = start.nodes().iter().flat_map(|node| &node.shards);
        let mut shards: Vec<_> = of_nodes.map(|shard| shard.uid).collect();
        shards.sort_unstable();
        let databases: Vec<_> = start.databases().iter().map(|database| database.uid).collect();
        let kinds = vec![Interner::default(); OF_NODE + 2 + shards.len() + databases.len()];
        Self { projection, shards, databases, kinds }
    }

    /// How many nodes there are at most.
    pub(super) fn nodes(&self) -> u32 {
        self.projection.nodes
    }

    /// How many places there are.
    pub(super) fn places(&self) -> usize {
        self.of_nodes() + self.kinds.len() - OF_NODE
    }

    /// How many places are those of nodes; they come first, node by node.
    pub(super) fn of_nodes(&self) -> usize {
        self.nodes() as usize * OF_NODE
    }

    /// The place of a slot.
    pub(super) fn of_slot(&self, slot: Slot) -> Place {
        match slot {
            Slot::Node(uid, action) => first_of(uid) + action as usize,
            Slot::ChangeMaster => self.of_nodes(),
        }
    }

    /// Whether a place is that of a slot.
    pub(super) fn is_slot(&self, place: Place) -> bool {
        place == self.of_nodes() || place < self.of_nodes() && place % OF_NODE < ACTIONS
    }

    /// The place of a node.
    pub(super) fn of_node(&self, uid: NodeUid) -> Place {
        first_of(uid) + ACTIONS
    }

    /// The place of the snapshots of a node.
    fn of_snapshots(&self, uid: NodeUid) -> Place {
        self.of_node(uid) + 1
    }

    /// The place of the snapshot that a node has loaded.
    fn of_loaded(&self, uid: NodeUid) -> Place {
        self.of_node(uid) + 2
    }

    /// The places of the shards, with their uids, in order.
    fn shards(&self) -> impl Iterator<Item = (Place, ShardUid)> {
        (self.of_nodes() + 1..).zip(self.shards.iter().copied())
    }

    /// The places of the endpoints, with the uids of their databases, in order.
    fn endpoints(&self) -> impl Iterator<Item = (Place, DbUid)> {
        (self.of_nodes() + 1 + self.shards.len()..).zip(self.databases.iter().copied())
    }

    /// The place of what all share.
    pub(super) fn shared(&self) -> Place {
        self.places() - 1
    }

    /// Places of one kind have the same cells.
    pub(super) fn kind(&self, place: Place) -> usize {
        match place.checked_sub(self.of_nodes()) {
            None => place % OF_NODE,
            Some(other) => OF_NODE + other,
        }
    }

    /// How many cells can be in a place.
    pub(super) fn count(&self, place: Place) -> usize {
        self.kinds[self.kind(place)].len()
    }

    pub(super) fn number(&mut self, place: Place, cell: Cell) -> u32 {
        let kind = self.kind(place);
        self.kinds[kind].number(cell)
    }

    /// The number of a cell that was met.
    pub(super) fn find(&self, place: Place, cell: &Cell) -> Option<u32> {
        self.kinds[self.kind(place)].find(cell)
    }

    pub(super) fn value(&self, place: Place, number: u32) -> &Cell {
        self.kinds[self.kind(place)].value(number)
    }

    /// The instance in a slot of a state, but for what it has loaded.
    pub(super) fn instance(&self, place: Place, number: u32) -> Option<&Instance> {
        match self.value(place, number) {
            Cell::Slot(held) => held.as_ref(),
            _ => None,
        }
    }

    /// The cluster of a state.
    pub(super) fn assemble(&self, state: &[u32]) -> Cluster {
        let mut nodes = Vec::with_capacity(self.nodes() as usize);
        for uid in (1..=self.nodes()).map(NodeUid) {
            let held = |place: Place| self.value(place, state[place]);
            let Cell::Node(Some(rest)) = held(self.of_node(uid)) else { continue };
            let mut slots = NodeAction::ALL.map(|action| self.held(Slot::Node(uid, action), state));
            if let (Some(off), Cell::Loaded(loaded)) =
                (&mut slots[NodeAction::MaintenanceOff as usize], held(self.of_loaded(uid)))
            {
                off.work.loaded.clone_from(loaded);
            }
            let Cell::Snapshots(snapshots) = held(self.of_snapshots(uid)) else {
                unreachable!("it is the place of snapshots");
            };
            nodes.push(Node { uid, slots, snapshots: snapshots.clone(), ..rest.clone() });
        }
        self.fill(&mut nodes, state);
        let Cell::Shared(shared) = self.value(self.shared(), state[self.shared()]) else {
            unreachable!("the last place is what all share");
        };
        let Shared { primary, departed, databases, persistent_node_removal } = shared.clone();
        let change_master = self.held(Slot::ChangeMaster, state);
        let tasks = number(Slot::ChangeMaster, self.nodes());
        Parts { nodes, primary, change_master, departed, databases, persistent_node_removal, tasks }
            .unchecked()
    }

    /// Puts shards and endpoints on their nodes. What is on no member is nowhere.
    fn fill(&self, nodes: &mut [Node], state: &[u32]) {
        let find = |nodes: &[Node], uid| nodes.binary_search_by_key(&uid, |node| node.uid).ok();
        for (place, _) in self.shards() {
            if let Cell::Shard(Some((uid, shard))) = self.value(place, state[place])
                && let Some(at) = find(nodes, *uid)
            {
                nodes[at].shards.push(*shard);
            }
        }
        for (place, db) in self.endpoints() {
            let Cell::Endpoints(bound) = self.value(place, state[place]) else { continue };
            for at in bound.iter().filter_map(|uid| find(nodes, *uid)).collect::<Vec<_>>() {
                nodes[at].endpoints.push(db);
            }
        }
    }

    fn held(&self, slot: Slot, state: &[u32]) -> Option<Instance> {
        let place = self.of_slot(slot);
        let held = self.instance(place, state[place])?;
        Some(Instance { task: TaskId(number(slot, self.nodes())), ..held.clone() })
    }
}

/// The first place of a node.
fn first_of(uid: NodeUid) -> Place {
    (uid.0 as usize - 1) * OF_NODE
}
