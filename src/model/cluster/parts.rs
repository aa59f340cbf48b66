//! A cluster in its parts, as files and tests describe it, and why parts make no cluster.

use std::fmt;
use std::sync::Arc;

use super::super::{
    Database, DbUid, Instance, Node, NodeAction, NodeUid, ShardRole, ShardUid, Slot, Status, TaskId,
};
use super::{Cluster, Departed};

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
    /// The databases; none means that placement is not known.
    pub databases: Vec<Database>,
    /// The cluster policy of that name (REM-9).
    pub persistent_node_removal: bool,
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
    /// Two databases have one number.
    TwoDatabases(DbUid),
    /// A node holds a shard or an endpoint of a database that does not exist.
    UnknownDatabase(NodeUid, DbUid),
    /// A node holds more shards than it can.
    TooManyShards(NodeUid),
    /// A node binds an endpoint twice.
    TwoEndpoints(NodeUid, DbUid),
    /// Two shards have one number.
    TwoShards(ShardUid),
    /// A part of a database does not have one master, and one replica if it is replicated.
    WrongCopies(DbUid, u16),
    /// Two copies of a part are on one node.
    CopiesTogether(DbUid, u16, NodeUid),
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
            Self::TwoDatabases(db) => write!(f, "two databases have the uid {}", db.0),
            Self::UnknownDatabase(uid, db) => {
                write!(f, "node {uid} holds something of database {}, which does not exist", db.0)
            }
            Self::TooManyShards(uid) => write!(f, "node {uid} holds more shards than its capacity"),
            Self::TwoEndpoints(uid, db) => {
                write!(f, "node {uid} binds the endpoint of database {} twice", db.0)
            }
            Self::TwoShards(shard) => write!(f, "two shards have the uid {}", shard.0),
            Self::WrongCopies(db, part) => write!(
                f,
                "part {part} of database {} needs one master, and one replica exactly if it is replicated",
                db.0
            ),
            Self::CopiesTogether(db, part, uid) => {
                write!(f, "two copies of part {part} of database {} are on node {uid}", db.0)
            }
            Self::TwoSnapshots(uid, name) => write!(f, "node {uid} has two snapshots called `{name}`"),
            Self::FutureTask(task) => write!(f, "task {} is not among the accepted ones", task.0),
            Self::TwoTasks(task) => write!(f, "two instances have the task number {}", task.0),
            Self::TooManyTasks => write!(f, "more than {TASKS_MAX} tasks were accepted"),
            Self::OtherParameters(task) => write!(f, "task {} has the parameters of another action", task.0),
            Self::WrongError(task) => {
                write!(f, "task {} has an error and did not fail, or failed without one", task.0)
            }
            Self::Unremoved(uid) => write!(f, "node {uid} is gone, but its removal is not completed"),
        }
    }
}

impl std::error::Error for Impossible {}

impl TryFrom<Parts> for Cluster {
    type Error = Impossible;

    fn try_from(mut parts: Parts) -> Result<Self, Impossible> {
        parts.nodes.sort_by_key(|node| node.uid);
        parts.departed.sort_by_key(|departed| departed.uid);
        parts.databases.sort_by_key(|database| database.uid);
        for node in &mut parts.nodes {
            node.shards.sort_by_key(|shard| shard.uid);
            node.endpoints.sort_unstable();
        }
        check_nodes(&parts)?;
        check_placement(&parts)?;
        check_tasks(&parts)?;
        Ok(parts.unchecked())
    }
}

impl From<&Cluster> for Parts {
    fn from(cluster: &Cluster) -> Self {
        let nodes = cluster.nodes.iter().map(|node| Node::clone(node)).collect();
        let databases = cluster.databases.to_vec();
        let Cluster { primary, change_master, departed, persistent_node_removal, tasks, .. } =
            cluster.clone();
        Self { nodes, primary, change_master, departed, databases, persistent_node_removal, tasks }
    }
}

impl Parts {
    /// A cluster of these parts, possible or not: for planting faults, which the invariants are to find.
    pub fn unchecked(self) -> Cluster {
        let Self { nodes, primary, change_master, departed, databases, persistent_node_removal, tasks } =
            self;
        let nodes = nodes.into_iter().map(Arc::new).collect();
        let databases = Arc::new(databases);
        Cluster { nodes, primary, change_master, departed, databases, persistent_node_removal, tasks }
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

fn check_placement(parts: &Parts) -> Result<(), Impossible> {
    if let Some(pair) = parts.databases.windows(2).find(|pair| pair[0].uid == pair[1].uid) {
        return Err(Impossible::TwoDatabases(pair[0].uid));
    }
    let is_known = |db| parts.databases.iter().any(|database| database.uid == db);
    let mut copies = Vec::new();
    for node in &parts.nodes {
        if node.shards.len() > usize::from(node.capacity) {
            return Err(Impossible::TooManyShards(node.uid));
        }
        let unknown = node.shards.iter().map(|shard| shard.db).chain(node.endpoints.iter().copied());
        if let Some(db) = unknown.into_iter().find(|db| !is_known(*db)) {
            return Err(Impossible::UnknownDatabase(node.uid, db));
        }
        if let Some(pair) = node.endpoints.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Impossible::TwoEndpoints(node.uid, pair[0]));
        }
        for shard in &node.shards {
            copies.push((shard.db, shard.part, shard.role, shard.uid, node.uid));
        }
    }
    check_copies(parts, &mut copies)
}

/// A copy of a part: database, part, role, number, node.
type Holding = (DbUid, u16, ShardRole, ShardUid, NodeUid);

/// Each part has one master, and one replica on another node if its database is replicated.
fn check_copies(parts: &Parts, copies: &mut [Holding]) -> Result<(), Impossible> {
    copies.sort_unstable_by_key(|copy| copy.3);
    if let Some(pair) = copies.windows(2).find(|pair| pair[0].3 == pair[1].3) {
        return Err(Impossible::TwoShards(pair[0].3));
    }
    copies.sort_unstable();
    for part in copies.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        let (db, number) = (part[0].0, part[0].1);
        let replicated = parts.databases.iter().any(|database| database.uid == db && database.replicated);
        let roles: Vec<_> = part.iter().map(|copy| copy.2).collect();
        let due: &[ShardRole] =
            if replicated { &[ShardRole::Master, ShardRole::Replica] } else { &[ShardRole::Master] };
        if roles != due {
            return Err(Impossible::WrongCopies(db, number));
        }
        if part.windows(2).any(|pair| pair[0].4 == pair[1].4) {
            return Err(Impossible::CopiesTogether(db, number, part[0].4));
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
