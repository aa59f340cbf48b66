//! The cluster a run starts from, if none is given: nodes, and mostly databases on them, often near the limit.

use super::seed::{Ratio, Rng, Seed};
use crate::model::{
    CAPACITY, Cluster, Database, DbUid, Node, NodeUid, Parts, ProxyPolicy, Shard, ShardRole, ShardUid,
};

/// Draws a cluster of so many nodes. One in four has no databases: its placement is not known.
pub(super) fn draw(seed: Seed, nodes: u32) -> Cluster {
    let mut rng = seed.fork("topology");
    let mut parts = Parts::from(&Cluster::new(nodes));
    if rng.chance(Ratio(1, 4)) {
        return parts.unchecked();
    }
    let mut shards = 0;
    for db in 1..=1 + rng.below(4) {
        let database = Database {
            uid: DbUid(db),
            replicated: rng.chance(Ratio(2, 3)),
            active_active: rng.chance(Ratio(1, 3)),
            policy: *rng.choose(&[ProxyPolicy::Single, ProxyPolicy::AllMasterShards, ProxyPolicy::AllNodes]),
        };
        for part in 1..=1 + rng.below(3) {
            let part = u16::try_from(part).expect("at most three");
            place(&mut parts.nodes, &database, part, &mut shards, &mut rng);
        }
        bind(&mut parts.nodes, &database, &mut rng);
        parts.databases.push(database);
    }
    // Leave little room, so that lack of it is met.
    let fullest = parts.nodes.iter().map(|node| node.shards.len()).max().unwrap_or(0);
    for node in &mut parts.nodes {
        let spare = *rng.choose(&[0, 0, 1, 2]);
        node.capacity = u16::try_from(fullest + spare).map_or(CAPACITY, |capacity| capacity.max(1));
        node.quorum_only = node.shards.is_empty() && rng.chance(Ratio(1, 8));
    }
    parts.persistent_node_removal = rng.chance(Ratio(1, 4));
    Cluster::try_from(parts).expect("every copy was put on a node of its own")
}

/// Puts the copies of a part on different nodes; a part that does not fit is left out.
fn place(nodes: &mut [Node], database: &Database, part: u16, shards: &mut u32, rng: &mut Rng) {
    let copies = if database.replicated { 2 } else { 1 };
    if nodes.len() < copies {
        return;
    }
    let first = rng.index(nodes.len());
    let second = (first + 1 + rng.index(nodes.len().saturating_sub(1).max(1))) % nodes.len();
    let roles = [(first, ShardRole::Master), (second, ShardRole::Replica)];
    for (at, role) in roles.into_iter().take(copies) {
        *shards += 1;
        let uid = ShardUid(*shards);
        nodes[at].shards.push(Shard { uid, db: database.uid, part, role, persisted: true });
    }
}

fn bind(nodes: &mut [Node], database: &Database, rng: &mut Rng) {
    let holds_master = |node: &Node| {
        node.shards.iter().any(|shard| shard.db == database.uid && shard.role == ShardRole::Master)
    };
    let single = NodeUid(1 + rng.below(u32::try_from(nodes.len()).expect("few nodes")));
    for node in nodes {
        let bound = match database.policy {
            ProxyPolicy::Single => node.uid == single,
            ProxyPolicy::AllMasterShards => holds_master(node),
            ProxyPolicy::AllNodes => true,
        };
        if bound {
            node.endpoints.push(database.uid);
        }
    }
}
