//! Arbitrary databases, and their shards and endpoints spread over given nodes.

use action_oracle::model::*;
use proptest::array::uniform2;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// One of a few shards.
pub(crate) fn shard_uid() -> impl Strategy<Value = ShardUid> {
    prop_oneof![9 => (1..9_u32).prop_map(ShardUid), 1 => any::<u32>().prop_map(ShardUid)]
}

/// One of a few databases.
pub(crate) fn db_uid() -> impl Strategy<Value = DbUid> {
    prop_oneof![9 => (1..4_u32).prop_map(DbUid), 1 => any::<u32>().prop_map(DbUid)]
}

/// Any role.
pub(crate) fn role() -> impl Strategy<Value = ShardRole> {
    select(vec![ShardRole::Master, ShardRole::Replica])
}

/// Databases, and how to spread them.
#[derive(Debug, Clone)]
pub(crate) struct Placement {
    databases: Vec<(bool, bool, ProxyPolicy)>,
    parts: Vec<Part>,
    /// A database and a node.
    endpoints: Vec<(Index, Index)>,
    /// How many more shards a node could hold; empty means the usual number.
    room: Vec<u16>,
}

/// A part of a database: its number, where its copies go, and whether they are persisted.
type Part = (Index, u16, [(Index, bool); 2]);

/// Any placement of up to three databases.
pub(crate) fn placement() -> BoxedStrategy<Placement> {
    let policy = select(vec![ProxyPolicy::Single, ProxyPolicy::AllMasterShards, ProxyPolicy::AllNodes]);
    let databases = vec((any::<bool>(), any::<bool>(), policy), 0..4);
    let parts = vec((any::<Index>(), 0..3_u16, uniform2(any::<(Index, bool)>())), 0..6);
    let room = prop_oneof![1 => Just(Vec::new()), 1 => vec(0..3_u16, 3)];
    (databases, parts, vec(any::<(Index, Index)>(), 0..4), room)
        .prop_map(|(databases, parts, endpoints, room)| Placement { databases, parts, endpoints, room })
        .boxed()
}

impl Placement {
    /// Puts shards and endpoints on the nodes. Without nodes there are no databases, and of a replicated database
    /// no shards where one node is all there is.
    pub(crate) fn spread_over(self, nodes: &mut [Node]) -> Vec<Database> {
        let numbered = (1..).zip(&self.databases).map(|(uid, &(replicated, active_active, policy))| {
            Database { uid: DbUid(uid), replicated, active_active, policy }
        });
        let databases: Vec<_> = numbered.filter(|_| !nodes.is_empty()).collect();
        if databases.is_empty() {
            return databases;
        }
        let mut numbers = (1..).map(ShardUid);
        let mut seen = Vec::new();
        for (of, part, copies) in self.parts {
            let Database { uid: db, replicated, .. } = databases[of.index(databases.len())];
            if seen.contains(&(db, part)) || (replicated && nodes.len() < 2) {
                continue;
            }
            seen.push((db, part));
            let first = copies[0].0.index(nodes.len());
            let second = (first + 1 + copies[1].0.index(nodes.len().max(2) - 1)) % nodes.len();
            let places = [(first, ShardRole::Master), (second, ShardRole::Replica)];
            for ((at, role), (_, persisted)) in
                places.into_iter().zip(copies).take(1 + usize::from(replicated))
            {
                let uid = numbers.next().expect("there are numbers enough");
                nodes[at].shards.push(Shard { uid, db, part, role, persisted });
            }
        }
        for (of, at) in self.endpoints {
            let (db, node) = (databases[of.index(databases.len())].uid, at.index(nodes.len()));
            if !nodes[node].endpoints.contains(&db) {
                nodes[node].endpoints.push(db);
                nodes[node].endpoints.sort_unstable();
            }
        }
        for (node, room) in nodes.iter_mut().zip(self.room) {
            node.capacity = room + u16::try_from(node.shards.len()).expect("there are few shards");
        }
        databases
    }
}
