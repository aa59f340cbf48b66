//! Where data lives: databases, their shards and endpoints on the nodes, and what may go where.
//!
//! The documents say little about placement, so the law constrains and the events choose: a shard goes where the
//! event says, if [`Node::takes`] it. A run knows what it still has to do as a list of [`Duty`]; the moves that
//! do one of them are its [`ways`]. A cluster without databases is one whose placement is not known.

use std::sync::Arc;

use super::{Cluster, Move, Node, NodeUid};

/// The number of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DbUid(pub u32);

/// The number of a shard. It stays the same wherever the shard goes, and whatever its role is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShardUid(pub u32);

/// A database.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Database {
    /// Its number.
    pub uid: DbUid,
    /// Whether each of its parts has a replica beside its master.
    pub replicated: bool,
    /// Whether it is Active-Active (R-EVICT-KIND).
    pub active_active: bool,
    /// Where its endpoints are bound.
    pub policy: ProxyPolicy,
}

/// Where the endpoints of a database are bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProxyPolicy {
    /// On one node.
    Single,
    /// On every node that holds one of its masters.
    AllMasterShards,
    /// On every node.
    AllNodes,
}

/// One copy of one part of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shard {
    /// Its number.
    pub uid: ShardUid,
    /// The database.
    pub db: DbUid,
    /// Which part of the database it is a copy of.
    pub part: u16,
    /// Whether it is the master of its part.
    pub role: ShardRole,
    /// Whether its persistence files exist on its node (REM-7).
    pub persisted: bool,
}

/// What a shard is to the other copies of its part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the documents' own words")]
pub enum ShardRole {
    Master,
    Replica,
}

impl Shard {
    /// Whether two shards are copies of the same part.
    pub fn is_copy_of(&self, other: &Self) -> bool {
        self.db == other.db && self.part == other.part
    }
}

impl Node {
    /// The shard of that number, if it is here.
    pub fn shard(&self, uid: ShardUid) -> Option<&Shard> {
        self.shards.binary_search_by_key(&uid, |shard| shard.uid).ok().map(|at| &self.shards[at])
    }

    /// Whether anything may come here by itself: not to a node that is down, in maintenance, quorum-only or about
    /// to leave (R-PLACEMENT, MON-5, REM-2).
    pub fn is_open(&self) -> bool {
        self.up && self.bootstrapped && !self.in_maintenance() && !self.quorum_only && !self.leaving
    }

    /// Whether there is room for a shard, and no other copy of it.
    pub fn has_room(&self, shard: &Shard) -> bool {
        self.up
            && self.shards.len() < usize::from(self.capacity)
            && !self.shards.iter().any(|other| other.is_copy_of(shard))
    }

    /// Whether a shard may come here by itself.
    pub fn takes(&self, shard: &Shard) -> bool {
        self.is_open() && self.has_room(shard)
    }

    fn put(&mut self, shard: Shard) {
        let at = self.shards.partition_point(|other| other.uid < shard.uid);
        self.shards.insert(at, shard);
    }

    fn bind(&mut self, db: DbUid) {
        if let Err(at) = self.endpoints.binary_search(&db) {
            self.endpoints.insert(at, db);
        }
    }
}

/// Something that a run on a node still has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// The shard leaves the node.
    Leave(ShardUid),
    /// The master on the node hands over to its replica elsewhere.
    Demote(ShardUid),
    /// The endpoint leaves the node.
    Unbind(DbUid),
    /// The shard comes back to the node.
    Return(ShardUid),
    /// The shard on the node becomes master again.
    Promote(ShardUid),
    /// The endpoint comes back to the node.
    Rebind(DbUid),
}

/// The moves that would do a duty of a run on a node now, by the other node that is concerned.
pub(super) fn ways(cluster: &Cluster, home: NodeUid, duty: Duty) -> impl Iterator<Item = Move> + '_ {
    between(cluster, home, move |home, other| way(home, duty, other))
}

/// What a removal may do first, before a duty: a master that is to leave hands over to its replica (REM-6).
pub(super) fn helps(cluster: &Cluster, home: NodeUid, duty: Duty) -> impl Iterator<Item = Move> + '_ {
    between(cluster, home, move |home, other| help(home, duty, other))
}

/// The moves that are possible between a node and each of the others.
fn between<'a>(
    cluster: &'a Cluster,
    home: NodeUid,
    step: impl Fn(&Node, &Node) -> Option<Move> + 'a,
) -> impl Iterator<Item = Move> + 'a {
    let node = cluster.node(home);
    let others = cluster.nodes().iter().filter(move |other| other.uid != home);
    others.filter_map(move |other| step(node?, other))
}

/// Whether a run on a node lacks room to do all of these duties, whatever it does first.
pub(super) fn is_short(cluster: &Cluster, home: &Node, duties: &[Duty]) -> bool {
    let free = |node: &Node| usize::from(node.capacity).saturating_sub(node.shards.len());
    let leaving = duties.iter().filter(|duty| matches!(duty, Duty::Leave(_))).count();
    let coming = duties.iter().filter(|duty| matches!(duty, Duty::Return(_))).count();
    let others = cluster.nodes().iter().filter(|other| other.uid != home.uid && other.is_open());
    let elsewhere: usize = others.map(|other| free(other)).sum();
    leaving > elsewhere || coming > free(home)
}

/// Whether a replica on a node that answers could take over from a master.
pub(super) fn has_heir(cluster: &Cluster, master: &Shard) -> bool {
    let others = cluster.nodes().iter().filter(|node| node.up);
    others.flat_map(|node| &node.shards).any(|copy| copy.is_copy_of(master) && copy.uid != master.uid)
}

/// Whether a move does one of these duties of a run on a node now, or helps a removal to do it. Looks only at the
/// nodes that it names.
pub(super) fn does(cluster: &Cluster, home: &Node, duties: &[Duty], removal: bool, step: Move) -> bool {
    let (Move::Shard { from, to, .. } | Move::FailOver { from, to, .. } | Move::Endpoint { from, to, .. }) =
        step
    else {
        return false;
    };
    let other = if from == home.uid { to } else { from };
    let Some(other) = cluster.node(other).filter(|other| other.uid != home.uid) else { return false };
    let helps = |duty| removal && help(home, duty, other) == Some(step);
    let needed = duties.iter().copied().filter(|duty| duty.may_need(step));
    needed.into_iter().any(|duty| way(home, duty, other) == Some(step) || helps(duty))
}

/// The move between a node and another that would help a removal of the first to do a duty.
fn help(home: &Node, duty: Duty, other: &Node) -> Option<Move> {
    let Duty::Leave(uid) = duty else { return None };
    let is_master = home.shard(uid)?.role == ShardRole::Master;
    is_master.then(|| way(home, Duty::Demote(uid), other))?
}

/// The move between a node and another that would do a duty of a run on the first.
fn way(home: &Node, duty: Duty, other: &Node) -> Option<Move> {
    match duty {
        Duty::Leave(uid) => {
            let takes = other.takes(home.shard(uid)?);
            takes.then_some(Move::Shard { shard: uid, from: home.uid, to: other.uid })
        }
        Duty::Demote(uid) => {
            let (master, up) = (home.shard(uid)?, other.up);
            let heir = other.shards.iter().find(|copy| copy.is_copy_of(master)).filter(|_| up)?;
            Some(Move::FailOver { shard: heir.uid, from: home.uid, to: other.uid })
        }
        Duty::Unbind(db) => {
            let bound = home.endpoints.contains(&db) && other.is_open();
            bound.then_some(Move::Endpoint { db, from: home.uid, to: other.uid })
        }
        Duty::Return(uid) => {
            let comes = other.up && home.has_room(other.shard(uid)?);
            comes.then_some(Move::Shard { shard: uid, from: other.uid, to: home.uid })
        }
        Duty::Promote(uid) => {
            let heir = home.shard(uid).filter(|_| home.up)?;
            let is_master = |copy: &&Shard| copy.is_copy_of(heir) && copy.role == ShardRole::Master;
            other.shards.iter().find(is_master)?;
            Some(Move::FailOver { shard: uid, from: other.uid, to: home.uid })
        }
        Duty::Rebind(db) => {
            let answer = home.up && other.up;
            let comes = answer && other.endpoints.contains(&db) && !home.endpoints.contains(&db);
            comes.then_some(Move::Endpoint { db, from: other.uid, to: home.uid })
        }
    }
}

impl Duty {
    /// Whether a move of this kind, of this shard or database, could do it.
    fn may_need(self, step: Move) -> bool {
        match (self, step) {
            (Self::Leave(uid) | Self::Return(uid), Move::Shard { shard, .. }) => uid == shard,
            (Self::Promote(uid), Move::FailOver { shard, .. }) => uid == shard,
            (Self::Demote(_) | Self::Leave(_), Move::FailOver { .. }) => true,
            (Self::Unbind(due) | Self::Rebind(due), Move::Endpoint { db, .. }) => due == db,
            _ => false,
        }
    }
}

/// Moves a shard. Its persistence files do not come with it.
pub(super) fn move_shard(cluster: &mut Cluster, uid: ShardUid, from: NodeUid, to: NodeUid) {
    let Some(source) = cluster.node_mut(from) else { return };
    let Ok(at) = source.shards.binary_search_by_key(&uid, |shard| shard.uid) else { return };
    let shard = source.shards.remove(at);
    if let Some(target) = cluster.node_mut(to) {
        target.put(Shard { persisted: false, ..shard });
    }
}

/// The persistence files of a shard exist on its node.
pub(super) fn persist(cluster: &mut Cluster, uid: ShardUid, at: NodeUid) {
    let shards = cluster.node_mut(at).map(|node| node.shards.iter_mut());
    if let Some(shard) = shards.into_iter().flatten().find(|shard| shard.uid == uid) {
        shard.persisted = true;
    }
}

/// Whether the persistence files of a shard exist on a node, or the shard is no longer there.
pub(super) fn is_written(cluster: &Cluster, uid: ShardUid, at: NodeUid) -> bool {
    cluster.node(at).and_then(|node| node.shard(uid)).is_none_or(|shard| shard.persisted)
}

/// Makes a replica the master of its part; the present master becomes a replica.
pub(super) fn fail_over(cluster: &mut Cluster, heir: ShardUid, from: NodeUid, to: NodeUid) {
    let Some(copy) = cluster.node(to).and_then(|node| node.shard(heir)).copied() else { return };
    for (node, role) in [(from, ShardRole::Replica), (to, ShardRole::Master)] {
        let shards = cluster.node_mut(node).map(|node| node.shards.iter_mut());
        for shard in shards.into_iter().flatten().filter(|shard| shard.is_copy_of(&copy)) {
            shard.role = role;
        }
    }
}

/// Binds an endpoint on a node, and takes it away from another if one is named.
pub(super) fn move_endpoint(cluster: &mut Cluster, db: DbUid, from: Option<NodeUid>, to: NodeUid) {
    if let Some(source) = from.and_then(|uid| cluster.node_mut(uid)) {
        source.endpoints.retain(|bound| *bound != db);
    }
    if let Some(target) = cluster.node_mut(to) {
        target.bind(db);
    }
}

/// Deletes a database with everything that belongs to it. Snapshots still speak of it.
pub(super) fn delete_database(cluster: &mut Cluster, db: DbUid) {
    Arc::make_mut(&mut cluster.databases).retain(|database| database.uid != db);
    let holds = |node: &Node| node.endpoints.contains(&db) || node.shards.iter().any(|shard| shard.db == db);
    for node in cluster.nodes.iter_mut().filter(|node| holds(node)) {
        let node = Arc::make_mut(node);
        node.shards.retain(|shard| shard.db != db);
        node.endpoints.retain(|bound| *bound != db);
    }
}

impl Cluster {
    /// The databases, in the order of their numbers. None means that placement is not known.
    pub fn databases(&self) -> &[Database] {
        &self.databases
    }

    /// The database of that number.
    pub fn database(&self, uid: DbUid) -> Option<&Database> {
        self.databases.iter().find(|database| database.uid == uid)
    }

    /// The node that holds a shard.
    pub fn holder(&self, uid: ShardUid) -> Option<&Node> {
        self.nodes().iter().map(|node| &**node).find(|node| node.shard(uid).is_some())
    }
}
