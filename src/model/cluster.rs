//! Everything the service remembers.

use std::fmt;
use std::sync::Arc;

use super::{Instance, NodeAction, Slot, Snapshot, Status, TaskId};

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
            snapshots: Vec::new(),
            slots: [const { None }; 4],
        }
    }

    /// Whether the maintenance mark keeps shards away.
    pub fn in_maintenance(&self) -> bool {
        self.activations > 0
    }

    /// The last instance of an action.
    pub fn instance(&self, action: NodeAction) -> Option<&Instance> {
        self.slots[action as usize].as_ref()
    }
}

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
    pub(super) tasks: u32,
}

/// The parts of a cluster, as a file describes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The members, in any order.
    pub nodes: Vec<Node>,
    /// The primary node.
    pub primary: Option<NodeUid>,
    /// The last instance of `change_master`.
    pub change_master: Option<Instance>,
    /// What remains of removed nodes.
    pub departed: Vec<Departed>,
    /// How many tasks were accepted so far.
    pub tasks: u32,
}

/// Why parts make no cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Impossible {
    /// Two nodes have one uid.
    TwoNodes(NodeUid),
    /// The primary is not among the nodes.
    UnknownPrimary(NodeUid),
    /// There are nodes, but no primary (CHM-8).
    NoPrimary,
    /// A node is a member and removed at once.
    MemberDeparted(NodeUid),
    /// Two snapshots of a node have one name.
    TwoSnapshots(NodeUid, Box<str>),
    /// An instance has a number that was not given out yet.
    FutureTask(TaskId),
    /// Two instances have one number (LIFE-19).
    TwoTasks(TaskId),
    /// So many tasks were accepted that their numbers would run out.
    TooManyTasks,
    /// An instance has the parameters of another action.
    OtherParameters(TaskId),
    /// An instance has an error and did not fail, or failed without one (OBJ-7).
    WrongError(TaskId),
    /// What remains of a removed node is not a completed removal.
    Unremoved(NodeUid),
}

impl fmt::Display for Impossible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TwoNodes(uid) => write!(f, "two nodes have the uid {uid}"),
            Self::UnknownPrimary(uid) => write!(f, "the primary {uid} is not among the nodes"),
            Self::NoPrimary => f.write_str("no node is primary"),
            Self::MemberDeparted(uid) => write!(f, "node {uid} is both a member and removed"),
            Self::TwoSnapshots(uid, name) => write!(f, "node {uid} has two snapshots called `{name}`"),
            Self::FutureTask(task) => write!(f, "task {} is not among the accepted ones", task.0),
            Self::TwoTasks(task) => write!(f, "two instances have the task number {}", task.0),
            Self::TooManyTasks => write!(f, "more than {TASKS_MAX} tasks were accepted"),
            Self::OtherParameters(task) => write!(f, "task {} has the parameters of another action", task.0),
            Self::WrongError(task) => {
                write!(f, "task {} has an error if and only if it did not fail", task.0)
            }
            Self::Unremoved(uid) => write!(f, "node {uid} is gone, but its removal is not completed"),
        }
    }
}

impl std::error::Error for Impossible {}

impl Cluster {
    /// A fresh cluster of so many nodes, numbered from 1; the first is primary. No nodes, no cluster.
    pub fn new(nodes: u32) -> Self {
        Self {
            nodes: (1..=nodes).map(|uid| Arc::new(Node::new(NodeUid(uid)))).collect(),
            primary: (nodes > 0).then_some(NodeUid(1)),
            change_master: None,
            departed: Vec::new(),
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

impl TryFrom<Parts> for Cluster {
    type Error = Impossible;

    fn try_from(mut parts: Parts) -> Result<Self, Impossible> {
        parts.nodes.sort_by_key(|node| node.uid);
        parts.departed.sort_by_key(|departed| departed.uid);
        check_nodes(&parts)?;
        check_tasks(&parts)?;
        Ok(parts.unchecked())
    }
}

impl From<&Cluster> for Parts {
    fn from(cluster: &Cluster) -> Self {
        let nodes = cluster.nodes.iter().map(|node| Node::clone(node)).collect();
        let Cluster { primary, change_master, departed, tasks, .. } = cluster.clone();
        Self { nodes, primary, change_master, departed, tasks }
    }
}

impl Parts {
    /// A cluster of these parts, possible or not: for planting faults, which the invariants are to find.
    pub fn unchecked(self) -> Cluster {
        let Self { nodes, primary, change_master, departed, tasks } = self;
        let nodes = nodes.into_iter().map(Arc::new).collect();
        Cluster { nodes, primary, change_master, departed, tasks }
    }
}

fn check_nodes(parts: &Parts) -> Result<(), Impossible> {
    if let Some(pair) = parts.nodes.windows(2).find(|pair| pair[0].uid == pair[1].uid) {
        return Err(Impossible::TwoNodes(pair[0].uid));
    }
    let is_member = |uid| parts.nodes.iter().any(|node| node.uid == uid);
    match parts.primary {
        Some(uid) if !is_member(uid) => return Err(Impossible::UnknownPrimary(uid)),
        None if !parts.nodes.is_empty() => return Err(Impossible::NoPrimary),
        _ => {}
    }
    if let Some(departed) = parts.departed.iter().find(|departed| is_member(departed.uid)) {
        return Err(Impossible::MemberDeparted(departed.uid));
    }
    for node in &parts.nodes {
        for (at, snapshot) in node.snapshots.iter().enumerate() {
            if node.snapshots[..at].iter().any(|earlier| earlier.name == snapshot.name) {
                return Err(Impossible::TwoSnapshots(node.uid, snapshot.name.clone()));
            }
        }
    }
    Ok(())
}

/// Leaves room for more tasks than any run accepts.
const TASKS_MAX: u32 = u32::MAX / 2;

fn check_tasks(parts: &Parts) -> Result<(), Impossible> {
    let of_nodes = parts.nodes.iter().flat_map(|node| {
        let of_node = NodeAction::ALL.into_iter().zip(&node.slots);
        of_node.filter_map(|(action, place)| Some((Slot::Node(node.uid, action), place.as_ref()?)))
    });
    let removal = |uid| Slot::Node(uid, NodeAction::Remove);
    let of_departed = parts.departed.iter().map(|departed| (removal(departed.uid), &departed.removal));
    let of_cluster = parts.change_master.iter().map(|instance| (Slot::ChangeMaster, instance));
    let instances: Vec<_> = of_nodes.chain(of_departed).chain(of_cluster).collect();
    for (slot, instance) in &instances {
        if !instance.parameters.belong_to(*slot) {
            return Err(Impossible::OtherParameters(instance.task));
        }
        if instance.error.is_some() != (instance.status == Status::Failed) {
            return Err(Impossible::WrongError(instance.task));
        }
    }
    let unremoved = parts.departed.iter().find(|departed| departed.removal.status != Status::Completed);
    if let Some(departed) = unremoved {
        return Err(Impossible::Unremoved(departed.uid));
    }
    if parts.tasks > TASKS_MAX {
        return Err(Impossible::TooManyTasks);
    }
    let mut tasks: Vec<_> = instances.iter().map(|(_, instance)| instance.task).collect();
    tasks.sort_unstable();
    if let Some(pair) = tasks.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Impossible::TwoTasks(pair[0]));
    }
    match tasks.last() {
        Some(last) if last.0 > parts.tasks => Err(Impossible::FutureTask(*last)),
        _ => Ok(()),
    }
}
