//! Everything the service remembers.

mod parts;

use std::fmt;
use std::sync::Arc;

use super::{Database, DbUid, Instance, NodeAction, Shard, Slot, Snapshot};

pub use parts::{Impossible, Parts};

/// The number of a node in its cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeUid(pub u32);

impl fmt::Display for NodeUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One member of the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Node {
    /// Its number.
    pub uid: NodeUid,
    /// Whether it answers.
    pub up: bool,
    /// Whether it has finished joining (CHM-6).
    pub bootstrapped: bool,
    /// The maintenance mark: how often maintenance is active. Above one only under `R-STACK=COUNTER`.
    pub activations: u8,
    /// The removal mark: nothing is moved here by itself any more (REM-2).
    pub leaving: bool,
    /// Whether somebody made it a quorum node by hand (R-MON-QUORUMNODE).
    pub quorum_only: bool,
    /// How many shards it can hold.
    pub capacity: u16,
    /// Its shards, in the order of their numbers.
    pub shards: Vec<Shard>,
    /// The databases whose endpoints are bound here, in order.
    pub endpoints: Vec<DbUid>,
    /// Its snapshots, oldest first.
    pub snapshots: Vec<Snapshot>,
    /// The last instance of each action, in the order of [`NodeAction::ALL`].
    pub slots: [Option<Instance>; 4],
}

impl Node {
    /// A member that has just joined and holds nothing.
    pub fn new(uid: NodeUid) -> Self {
        Self {
            uid,
            up: true,
            bootstrapped: true,
            activations: 0,
            leaving: false,
            quorum_only: false,
            capacity: CAPACITY,
            shards: Vec::new(),
            endpoints: Vec::new(),
            snapshots: Vec::new(),
            slots: [const { None }; 4],
        }
    }

    /// Whether the maintenance mark keeps shards away.
    pub fn in_maintenance(&self) -> bool {
        self.activations > 0
    }

    /// The snapshot of that name.
    pub fn snapshot(&self, name: &str) -> Option<&Snapshot> {
        self.snapshots.iter().find(|snapshot| *snapshot.name == *name)
    }

    /// The last instance of an action.
    pub fn instance(&self, action: NodeAction) -> Option<&Instance> {
        self.slots[action as usize].as_ref()
    }
}

/// How many shards a node holds that joins, or of which nothing is said.
pub const CAPACITY: u16 = 100;

/// What remains of a node that was removed: the status of its removal (R-REMOVE-STATUS-AFTER).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Departed {
    /// The uid it had.
    pub uid: NodeUid,
    /// The completed removal.
    pub removal: Instance,
}

/// The state of the service. A value: clone it to branch, compare it, hash it. Only [`super::step`] changes it.
///
/// Clones share the nodes that do not differ, so that branching and comparing cost little also where there are
/// many nodes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cluster {
    pub(super) nodes: Vec<Arc<Node>>,
    pub(super) primary: Option<NodeUid>,
    pub(super) change_master: Option<Instance>,
    pub(super) departed: Vec<Departed>,
    pub(super) databases: Arc<Vec<Database>>,
    pub(super) persistent_node_removal: bool,
    pub(super) tasks: u32,
}

impl Cluster {
    /// A fresh cluster of so many nodes, numbered from 1; the first is primary. No nodes, no cluster.
    pub fn new(nodes: u32) -> Self {
        Self {
            nodes: (1..=nodes).map(|uid| Arc::new(Node::new(NodeUid(uid)))).collect(),
            primary: (nodes > 0).then_some(NodeUid(1)),
            change_master: None,
            departed: Vec::new(),
            databases: Arc::default(),
            persistent_node_removal: false,
            tasks: 0,
        }
    }

    /// The members, in the order of their uids.
    pub fn nodes(&self) -> &[Arc<Node>] {
        &self.nodes
    }

    /// The member of that uid.
    pub fn node(&self, uid: NodeUid) -> Option<&Node> {
        self.position(uid).map(|at| &*self.nodes[at])
    }

    /// The member that a slot belongs to; none for the cluster's own slot.
    pub fn node_of(&self, slot: Slot) -> Option<&Node> {
        match slot {
            Slot::Node(uid, _) => self.node(uid),
            Slot::ChangeMaster => None,
        }
    }

    /// The primary node; none only if there is no node.
    pub fn primary(&self) -> Option<NodeUid> {
        self.primary
    }

    /// What remains of removed nodes, in the order of their uids.
    pub fn departed(&self) -> &[Departed] {
        &self.departed
    }

    /// The cluster policy of that name: whether a removal waits for persistence by default (REM-9).
    pub fn persistent_node_removal(&self) -> bool {
        self.persistent_node_removal
    }

    /// How many tasks were accepted so far.
    pub fn tasks(&self) -> u32 {
        self.tasks
    }

    /// The instance in a slot. The removal of a node that is gone is still found under its uid.
    #[inline]
    pub fn instance(&self, slot: Slot) -> Option<&Instance> {
        match slot {
            Slot::ChangeMaster => self.change_master.as_ref(),
            Slot::Node(uid, action) => match self.node(uid) {
                Some(node) => node.instance(action),
                None if action == NodeAction::Remove => self.removal_of(uid),
                None => None,
            },
        }
    }

    /// All slots of the members, and the cluster's own, in order.
    pub fn slots(&self) -> impl Iterator<Item = Slot> {
        let of_node = |node: &Arc<Node>| NodeAction::ALL.map(|action| Slot::Node(node.uid, action));
        self.nodes.iter().flat_map(of_node).chain([Slot::ChangeMaster])
    }

    /// The slots of the members, and the cluster's own, whose instance has not ended, in order.
    pub fn live(&self) -> impl Iterator<Item = (Slot, &Instance)> {
        let filled = self.slots().filter_map(|slot| Some((slot, self.instance(slot)?)));
        filled.filter(|(_, instance)| instance.is_live())
    }

    /// The completed removal of a node that is gone.
    pub fn removal_of(&self, uid: NodeUid) -> Option<&Instance> {
        self.departed.iter().find(|departed| departed.uid == uid).map(|departed| &departed.removal)
    }

    /// Becomes equal to another cluster of which only these members differ. Cheaper than a clone, and no more.
    pub(super) fn follow(&mut self, other: &Self, members: &[NodeUid]) {
        for uid in members {
            if let (Some(at), Some(from)) = (self.position(*uid), other.position(*uid)) {
                self.nodes[at] = Arc::clone(&other.nodes[from]);
            }
        }
        self.primary = other.primary;
        self.tasks = other.tasks;
        self.persistent_node_removal = other.persistent_node_removal;
        if !Arc::ptr_eq(&self.databases, &other.databases) {
            self.databases = Arc::clone(&other.databases);
        }
        if self.change_master != other.change_master {
            self.change_master.clone_from(&other.change_master);
        }
        if self.departed != other.departed {
            self.departed.clone_from(&other.departed);
        }
    }

    pub(super) fn node_mut(&mut self, uid: NodeUid) -> Option<&mut Node> {
        self.position(uid).map(|at| Arc::make_mut(&mut self.nodes[at]))
    }

    /// Where the instance of a slot of a member, or of the cluster, is kept.
    pub(super) fn slot_mut(&mut self, slot: Slot) -> Option<&mut Option<Instance>> {
        match slot {
            Slot::ChangeMaster => Some(&mut self.change_master),
            Slot::Node(uid, action) => self.node_mut(uid).map(|node| &mut node.slots[action as usize]),
        }
    }

    /// The instance in a slot of a member, or of the cluster.
    pub(super) fn instance_mut(&mut self, slot: Slot) -> Option<&mut Instance> {
        self.slot_mut(slot)?.as_mut()
    }

    #[inline]
    fn position(&self, uid: NodeUid) -> Option<usize> {
        // Uids are usually 1 to n, without a gap.
        let guess = (uid.0 as usize).wrapping_sub(1);
        match self.nodes.get(guess) {
            Some(node) if node.uid == uid => Some(guess),
            _ => self.nodes.binary_search_by_key(&uid, |node| node.uid).ok(),
        }
    }
}
