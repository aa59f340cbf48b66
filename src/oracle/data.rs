//! The data of a node, where a history says what the cluster was at first: no more than whether any shard may be there.
//!
//! A shard may leave any node without a word, and come to any that is open to shards (R-AUTO-MIGRATION). So what can be
//! known is that there is none: on a node in maintenance, after a run that completed and could not have completed with a
//! shard there (MON-1, MON-19), until the node is open again or a run brings shards back. Each of these is asked of the
//! law, with a shard put here or there; what a run can do is not restricted by it.
//!
//! The mark that a removal leaves is not followed: what clears it is open (R-REMOVE-FLAG-CLEAR).

use std::sync::Arc;

use super::part::HOME;
use crate::model::{
    Act, Cluster, Database, DbUid, Event, Input, Instance, Method, Move, Moved, Node, NodeUid,
};
use crate::model::{Parts, ProxyPolicy, Reply, Shard, ShardRole, ShardUid, Slot, Snapshot, Status, step};
use crate::spec::Rules;

/// What is known of the data of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Data {
    /// How often maintenance is active on the node, or less than that.
    activations: u8,
    /// Whether a shard may be there.
    pub(super) may_hold: bool,
}

/// More are not counted: that leaves more open.
const ACTIVATIONS_MAX: u8 = 3;

/// A node that may take over, or to which shards may go.
const OTHER: NodeUid = NodeUid(2);

const SHARD: ShardUid = ShardUid(100);

/// What a shard can be, as far as it decides whether it may stay: a replica, whose database is Active-Active or not, and
/// is among those that a request names or not.
const DATABASES: [(DbUid, bool); 4] =
    [(DbUid(9), false), (DbUid(9), true), (DbUid(100), false), (DbUid(100), true)];

impl Data {
    /// That of a node that has just joined.
    pub(super) fn fresh() -> Self {
        Self { activations: 0, may_hold: true }
    }

    /// That of a node of which everything is known.
    pub(super) fn of(node: &Node) -> Self {
        let may_hold = is_open(node) || !node.shards.is_empty();
        Self { activations: node.activations.min(ACTIVATIONS_MAX), may_hold }
    }

    /// What it is after an input to the cluster of a cell that holds no data, under these rules.
    pub(super) fn after(self, before: &Cluster, slot: Slot, rules: &Rules, input: &Input) -> Self {
        let is_read = matches!(&input.act, Act::Request(request) if request.method == Method::Get);
        if is_read || before.node(HOME).is_none() {
            return self;
        }
        let without = self.scene(before, |_| {});
        let Some(after) = happened(&without, rules, input) else { return Self::fresh() };
        let Some(home) = after.node(HOME) else { return Self::fresh() };
        let may_hold = is_open(home)
            || if self.may_hold {
                !self.needs_none(before, rules, input)
            } else {
                self.brings_back(before, slot, rules, input)
            };
        Self { activations: home.activations.min(ACTIVATIONS_MAX), may_hold }
    }

    /// Whether a run completes that could not with a shard on the node, whatever shard it is.
    fn needs_none(self, before: &Cluster, rules: &Rules, input: &Input) -> bool {
        let Act::Event(event @ Event::Task(_, Move::Complete)) = &input.act else { return false };
        let holding = |(db, active_active)| {
            self.scene(before, |parts| {
                put(parts, db, active_active, HOME, Some(OTHER));
            })
        };
        DATABASES.into_iter().all(|database| holding(database).admits(rules, event).is_err())
    }

    /// Whether a run brings a shard to the node, or may do so next.
    fn brings_back(self, before: &Cluster, slot: Slot, rules: &Rules, input: &Input) -> bool {
        if before.node(OTHER).is_none() {
            return false;
        }
        let away = self.scene(before, |parts| {
            let (db, active_active) = DATABASES[0];
            put(parts, db, active_active, OTHER, None);
            if let Some(instance) = instance_mut(parts, slot) {
                has_moved(instance);
            }
        });
        let Some(after) = happened(&away, rules, input) else { return true };
        let comes = Event::Task(slot, Move::Shard { shard: SHARD, from: OTHER, to: HOME });
        after.node(HOME).is_some_and(|home| home.shard(SHARD).is_some())
            || after.admits(rules, &comes).is_ok()
    }

    /// The cluster of a cell with the marks that are known, and with what else is changed.
    fn scene(self, cluster: &Cluster, change: impl FnOnce(&mut Parts)) -> Cluster {
        let mut parts = Parts::from(cluster);
        let home = parts.nodes.iter_mut().find(|node| node.uid == HOME);
        if let Some(home) = home {
            home.activations = self.activations;
        }
        change(&mut parts);
        parts.unchecked()
    }
}

/// The cluster of a cell with a shard on its node, if it has the node.
pub(super) fn with_shard(cluster: &Cluster) -> Cluster {
    let mut parts = Parts::from(cluster);
    let (db, active_active) = DATABASES[0];
    put(&mut parts, db, active_active, HOME, Some(OTHER));
    parts.unchecked()
}

/// Whether shards may come to a node by themselves, as far as maintenance decides it.
fn is_open(node: &Node) -> bool {
    let (up, bootstrapped, quorum_only, leaving) = (true, true, false, false);
    Node { up, bootstrapped, quorum_only, leaving, ..node.clone() }.is_open()
}

/// The cluster after an input, unless that cannot happen there.
fn happened(cluster: &Cluster, rules: &Rules, input: &Input) -> Option<Cluster> {
    let mut after = cluster.clone();
    let reply = step(&mut after, rules, input);
    (!matches!(reply, Reply::NotEnabled(_))).then_some(after)
}

/// Puts a replica on a node, and its master on another one.
fn put(parts: &mut Parts, db: DbUid, active_active: bool, at: NodeUid, master_at: Option<NodeUid>) {
    let replica = Shard { uid: SHARD, db, part: 1, role: ShardRole::Replica, persisted: true };
    let master = Shard { uid: ShardUid(SHARD.0 + 1), role: ShardRole::Master, ..replica };
    for node in &mut parts.nodes {
        let shards = [(Some(at), replica), (master_at, master)].into_iter();
        node.shards.extend(shards.filter(|(uid, _)| *uid == Some(node.uid)).map(|(_, shard)| shard));
    }
    parts.databases.retain(|database| database.uid != db);
    parts.databases.push(Database { uid: db, replicated: true, active_active, policy: ProxyPolicy::Single });
    parts.databases.sort_by_key(|database| database.uid);
}

fn instance_mut(parts: &mut Parts, slot: Slot) -> Option<&mut Instance> {
    let Slot::Node(uid, action) = slot else { return None };
    parts.nodes.iter_mut().find(|node| node.uid == uid)?.slots[action as usize].as_mut()
}

/// Makes a run one that has moved the shard away, or one that is to bring it back, or was about to.
fn has_moved(instance: &mut Instance) {
    let work = &mut instance.work;
    work.moved = vec![Moved { shard: SHARD, from: HOME, to: OTHER }];
    work.unfinished = instance.status == Status::Cancelling;
    if let Some(loaded) = work.loaded.as_deref() {
        let shards = [(SHARD, ShardRole::Replica)].into();
        work.loaded = Some(Arc::new(Snapshot { shards, ..loaded.clone() }));
    }
}
