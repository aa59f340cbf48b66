//! The words for data and its moves.
//!
//! Numbers follow a move: in a script in the order of its members, in a case file under their names.

use crate::model::{DbUid, Event, Move, NodeUid, ProxyPolicy, ShardRole, ShardUid};

/// A word that numbers follow.
pub(crate) struct Numbered<T: 'static> {
    /// The word.
    pub(crate) word: &'static str,
    /// What the numbers are.
    pub(crate) members: &'static [&'static str],
    /// What word and numbers say; there are as many numbers as members.
    pub(crate) make: fn(&[u32]) -> T,
}

/// The moves of a run: a slot and then numbers.
pub(crate) const DATA_MOVES: [Numbered<Move>; 4] = [
    Numbered {
        word: "move_shard",
        members: &["shard", "from", "to"],
        make: |it| Move::Shard { shard: ShardUid(it[0]), from: NodeUid(it[1]), to: NodeUid(it[2]) },
    },
    Numbered {
        word: "fail_over",
        members: &["shard", "from", "to"],
        make: |it| Move::FailOver { shard: ShardUid(it[0]), from: NodeUid(it[1]), to: NodeUid(it[2]) },
    },
    Numbered {
        word: "move_endpoint",
        members: &["database", "from", "to"],
        make: |it| Move::Endpoint { db: DbUid(it[0]), from: NodeUid(it[1]), to: NodeUid(it[2]) },
    },
    Numbered {
        word: "persist",
        members: &["shard", "at"],
        make: |it| Move::Persist { shard: ShardUid(it[0]), at: NodeUid(it[1]) },
    },
];

/// What the cluster does to data by itself.
pub(crate) const DATA_EVENTS: [Numbered<Event>; 3] = [
    Numbered {
        word: "migrate",
        members: &["shard", "from", "to"],
        make: |it| Event::Migrate { shard: ShardUid(it[0]), from: NodeUid(it[1]), to: NodeUid(it[2]) },
    },
    Numbered {
        word: "take_over",
        members: &["shard", "from", "to"],
        make: |it| Event::FailOver { shard: ShardUid(it[0]), from: NodeUid(it[1]), to: NodeUid(it[2]) },
    },
    Numbered {
        word: "delete_database",
        members: &["database"],
        make: |it| Event::DeleteDatabase(DbUid(it[0])),
    },
];

/// The numbers of an event under their names, in order; none for one that is not of data.
pub(crate) fn numbers(event: &Event) -> Vec<(&'static str, u32)> {
    let moved = |what: &'static str, uid: u32, from: NodeUid, to: NodeUid| {
        vec![(what, uid), ("from", from.0), ("to", to.0)]
    };
    match *event {
        Event::Task(_, Move::Shard { shard, from, to } | Move::FailOver { shard, from, to })
        | Event::Migrate { shard, from, to }
        | Event::FailOver { shard, from, to } => moved("shard", shard.0, from, to),
        Event::Task(_, Move::Endpoint { db, from, to }) => moved("database", db.0, from, to),
        Event::Task(_, Move::Persist { shard, at }) => vec![("shard", shard.0), ("at", at.0)],
        Event::DeleteDatabase(db) => vec![("database", db.0)],
        _ => Vec::new(),
    }
}

/// What is expected for a member.
pub(crate) fn meaning(member: &str) -> &'static str {
    match member {
        "shard" => "the number of a shard",
        "database" => "the number of a database",
        _ => "the number of a node",
    }
}

/// The word of that name, if it is a move of data.
pub(crate) fn to_data_move(word: &str) -> Option<&'static Numbered<Move>> {
    DATA_MOVES.iter().find(|known| known.word == word)
}

/// The word of that name, if it is an event of data.
pub(crate) fn to_data_event(word: &str) -> Option<&'static Numbered<Event>> {
    DATA_EVENTS.iter().find(|known| known.word == word)
}

/// The word for a role.
pub(crate) fn of_role(role: ShardRole) -> &'static str {
    match role {
        ShardRole::Master => "master",
        ShardRole::Replica => "replica",
    }
}

/// The word for a policy.
pub(crate) fn of_policy(policy: ProxyPolicy) -> &'static str {
    match policy {
        ProxyPolicy::Single => "single",
        ProxyPolicy::AllMasterShards => "all-master-shards",
        ProxyPolicy::AllNodes => "all-nodes",
    }
}

/// The role of that word.
pub(crate) fn to_role(word: &str) -> Option<ShardRole> {
    [ShardRole::Master, ShardRole::Replica].into_iter().find(|role| of_role(*role) == word)
}

/// The policy of that word.
pub(crate) fn to_policy(word: &str) -> Option<ProxyPolicy> {
    const ALL: [ProxyPolicy; 3] = [ProxyPolicy::Single, ProxyPolicy::AllMasterShards, ProxyPolicy::AllNodes];
    ALL.into_iter().find(|policy| of_policy(*policy) == word)
}
