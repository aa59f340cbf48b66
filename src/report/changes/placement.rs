//! What differs in where data lives: databases, shards, endpoints.
//!
//! A shard is told once, from where it was to where it is, and not once for each node.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Cluster, Database, DbUid, Node, NodeUid, Shard, ShardRole, ShardUid, Snapshot};
use crate::script::word;

/// Every difference, one a line.
pub(super) fn of_placement(lines: &mut Vec<String>, before: &Cluster, after: &Cluster) {
    of_databases(lines, before, after);
    let (was, is) = (Holdings::of(before, after), Holdings::of(after, before));
    for uid in was.shards.keys().chain(is.shards.keys()).collect::<BTreeSet<_>>() {
        of_shard(lines, *uid, was.of_shard(*uid), is.of_shard(*uid));
    }
    for db in was.endpoints.keys().chain(is.endpoints.keys()).collect::<BTreeSet<_>>() {
        of_endpoint(lines, *db, was.of_endpoint(*db), is.of_endpoint(*db));
    }
}

/// What the nodes hold that another cluster does not have in the same state.
#[derive(Default)]
struct Holdings {
    shards: BTreeMap<ShardUid, Vec<(NodeUid, Shard)>>,
    endpoints: BTreeMap<DbUid, Vec<NodeUid>>,
}

impl Holdings {
    fn of(cluster: &Cluster, other: &Cluster) -> Self {
        let mut holdings = Self::default();
        let differs = |node: &Node| other.node(node.uid) != Some(node);
        for node in cluster.nodes().iter().filter(|node| differs(node)) {
            for shard in &node.shards {
                holdings.shards.entry(shard.uid).or_default().push((node.uid, *shard));
            }
            for db in &node.endpoints {
                holdings.endpoints.entry(*db).or_default().push(node.uid);
            }
        }
        holdings
    }

    fn of_shard(&self, uid: ShardUid) -> &[(NodeUid, Shard)] {
        self.shards.get(&uid).map_or(&[], Vec::as_slice)
    }

    fn of_endpoint(&self, db: DbUid) -> &[NodeUid] {
        self.endpoints.get(&db).map_or(&[], Vec::as_slice)
    }
}

fn of_shard(lines: &mut Vec<String>, uid: ShardUid, was: &[(NodeUid, Shard)], is: &[(NodeUid, Shard)]) {
    let name = format!("shard {}", uid.0);
    if let (&[(from, was)], &[(to, is)]) = (was, is) {
        if from != to {
            lines.push(format!("{name} ({}): node {from} -> {to}", describe(&was)));
        }
        if (was.db, was.part) != (is.db, is.part) {
            lines.push(format!("{name}: {} -> {}", describe(&was), describe(&is)));
        } else if was.role != is.role {
            let (was, is) = (word::of_role(was.role), word::of_role(is.role));
            lines.push(format!("{name}: {was} -> {is}"));
        }
        // Files never come along with a move.
        if was.persisted != is.persisted && (from == to || is.persisted) {
            lines.push(format!("{name}: {}persisted", if is.persisted { "" } else { "no longer " }));
        }
        return;
    }
    for (node, shard) in was.iter().filter(|held| !is.contains(held)) {
        lines.push(format!("{name} ({}): gone from node {node}", describe(shard)));
    }
    for (node, shard) in is.iter().filter(|held| !was.contains(held)) {
        lines.push(format!("{name} ({}): new on node {node}", describe(shard)));
    }
}

fn of_endpoint(lines: &mut Vec<String>, db: DbUid, was: &[NodeUid], is: &[NodeUid]) {
    let name = format!("endpoint of database {}", db.0);
    let gone: Vec<_> = was.iter().filter(|node| !is.contains(node)).collect();
    let new: Vec<_> = is.iter().filter(|node| !was.contains(node)).collect();
    if let (&[from], &[to]) = (&gone[..], &new[..]) {
        return lines.push(format!("{name}: node {from} -> {to}"));
    }
    lines.extend(gone.into_iter().map(|node| format!("{name}: gone from node {node}")));
    lines.extend(new.into_iter().map(|node| format!("{name}: bound on node {node}")));
}

fn of_databases(lines: &mut Vec<String>, before: &Cluster, after: &Cluster) {
    for was in before.databases() {
        match after.database(was.uid) {
            None => lines.push(format!("database {} deleted", was.uid.0)),
            Some(is) if is != was => {
                lines.push(format!("database {}: {} -> {}", was.uid.0, properties(was), properties(is)));
            }
            Some(_) => {}
        }
    }
    for is in after.databases().iter().filter(|is| before.database(is.uid).is_none()) {
        lines.push(format!("database {} made: {}", is.uid.0, properties(is)));
    }
}

/// What a database is like: `replicated, Active-Active, endpoints on one node`.
pub(crate) fn properties(database: &Database) -> String {
    let replicated = if database.replicated { "replicated" } else { "not replicated" };
    let kind = if database.active_active { ", Active-Active" } else { "" };
    format!("{replicated}{kind}, endpoints {}", word::of_policy(database.policy))
}

/// What a shard is: `database 1, part 2, replica`.
fn describe(shard: &Shard) -> String {
    format!("database {}, part {}, {}", shard.db.0, shard.part, word::of_role(shard.role))
}

/// What a snapshot holds, after a colon: `: masters 1, 3, replicas 4, endpoints of 1`. Empty if it holds nothing.
pub(super) fn contents(snapshot: &Snapshot) -> String {
    let of_role = |role: ShardRole| {
        let listed = snapshot.shards.iter().filter(move |shard| shard.1 == role);
        listed.map(|(uid, _)| uid.0.to_string()).collect::<Vec<_>>().join(", ")
    };
    let endpoints: Vec<_> = snapshot.endpoints.iter().map(|db| db.0.to_string()).collect();
    let groups = [
        ("masters", of_role(ShardRole::Master)),
        ("replicas", of_role(ShardRole::Replica)),
        ("endpoints of", endpoints.join(", ")),
    ];
    let groups: Vec<_> =
        groups.iter().filter(|(_, of)| !of.is_empty()).map(|(what, of)| format!("{what} {of}")).collect();
    if groups.is_empty() { String::new() } else { format!(": {}", groups.join("; ")) }
}
