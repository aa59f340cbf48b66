//! The cluster as a person sees it: nodes side by side, their shards and endpoints below each other, and then the
//! snapshots.
//!
//! A picture is drawn after a step. What is not as it was before stands out: by a `*` in front of it, and by
//! colour where whoever prints it has one. What is in no picture (the instances of the actions) is told by the
//! transcript.

mod table;
#[cfg(feature = "cli")]
pub(crate) mod words;

use std::fmt;

use crate::model::{Cluster, Node, NodeUid, Shard, ShardRole, ShardUid, Snapshot, SnapshotKind};
use crate::report::changes::properties;

/// What the signs of a picture mean.
pub const LEGEND: &[&str] = &[
    "M1.2 #3 is shard 3, the master of part 2 of database 1; R is a replica.",
    "`saved` means that its persistence files are written; ★ marks the primary node,",
    "* what changed since the last picture.",
];

/// A drawn cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    lines: Vec<Vec<Piece>>,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What is written there.
    pub text: String,
    /// Whether it differs from the cluster before.
    pub changed: bool,
}

/// Draws a cluster, in lines of at most so many columns if a node fits into them. Without a cluster before,
/// everything is told, databases included, and nothing stands out.
pub fn picture(before: Option<&Cluster>, after: &Cluster, width: usize) -> Picture {
    let scene = Scene { before, after };
    let mut lines = table::lines(&scene.columns(), width);
    lines.extend(table::list("", scene.gone(), width));
    lines.extend(table::list("databases", scene.databases(), width));
    lines.extend(table::list("snapshots", scene.snapshots(), width));
    Picture { lines }
}

impl Picture {
    /// The lines, each in its pieces.
    pub fn lines(&self) -> &[Vec<Piece>] {
        &self.lines
    }

    /// Whether anything stands out.
    pub fn is_changed(&self) -> bool {
        self.lines.iter().flatten().any(|piece| piece.changed)
    }
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            for piece in line {
                f.write_str(&piece.text)?;
            }
            f.write_str("\n")?;
        }
        Ok(())
    }
}

/// What is drawn, and what was before.
struct Scene<'a> {
    before: Option<&'a Cluster>,
    after: &'a Cluster,
}

/// What is said about a node.
type Aspect = fn(&Cluster, &Node) -> String;

impl Scene<'_> {
    fn columns(&self) -> Vec<table::Column> {
        self.after.nodes().iter().map(|node| self.column(node)).collect()
    }

    fn column(&self, node: &Node) -> table::Column {
        let aspects: &[(&str, Aspect)] = match self.is_placed() {
            true => &[("", head), ("state", state), ("holds", holds), ("endpoints", endpoints)],
            false => &[("", head), ("state", state)],
        };
        let earlier = self.before.map(|before| (before, before.node(node.uid)));
        let aspects = aspects.iter().map(|(label, aspect)| {
            let text = aspect(self.after, node);
            let was = |(before, node): (&Cluster, Option<&Node>)| node.map(|node| aspect(before, node));
            let changed = earlier.is_some_and(|earlier| was(earlier).as_ref() != Some(&text));
            (*label, Piece { text, changed })
        });
        let were = earlier.map(|(_, node)| node.map_or(&[][..], |node| &node.shards));
        let mut shards: Vec<_> = node.shards.iter().collect();
        shards.sort_by_key(|shard| (shard.db, shard.part, shard.role));
        let shards = shards.into_iter().map(|shard| {
            let changed = were.is_some_and(|were| !were.contains(shard));
            Piece { text: shard_label(shard), changed }
        });
        table::Column { aspects: aspects.collect(), shards: shards.collect() }
    }

    /// The nodes that are gone.
    fn gone(&self) -> Vec<Vec<Piece>> {
        let were = self.before.map_or(&[][..], Cluster::nodes).iter();
        let gone = were.filter(|node| self.after.node(node.uid).is_none());
        gone.map(|node| vec![Piece { text: format!("node {} is gone", node.uid), changed: true }]).collect()
    }

    /// Whether anything is known about placement.
    fn is_placed(&self) -> bool {
        !self.after.databases().is_empty() || self.before.is_some_and(|it| !it.databases().is_empty())
    }

    /// The databases, at first and when they change.
    fn databases(&self) -> Vec<Vec<Piece>> {
        let databases = self.after.databases().iter();
        let Some(before) = self.before else {
            let line = |text| vec![Piece { text, changed: false }];
            return databases.map(|it| line(format!("{}: {}", it.uid.0, properties(it)))).collect();
        };
        let new = databases.filter(|it| before.database(it.uid) != Some(it));
        let new = new.map(|it| format!("{}: {}", it.uid.0, properties(it)));
        let gone = before.databases().iter().filter(|it| self.after.database(it.uid).is_none());
        let gone = gone.map(|it| format!("{} is gone", it.uid.0));
        new.chain(gone).map(|text| vec![Piece { text, changed: true }]).collect()
    }

    /// The snapshots of all nodes, and those that are gone.
    fn snapshots(&self) -> Vec<Vec<Piece>> {
        let were = self.before.map(snapshots_of).unwrap_or_default();
        let are = snapshots_of(self.after);
        let mut lines: Vec<_> = are
            .iter()
            .map(|it| self.snapshot(it.0, it.1, self.before.is_some() && !were.contains(it)))
            .collect();
        for (uid, snapshot) in were {
            if !are.iter().any(|(node, it)| *node == uid && it.name == snapshot.name) {
                let text = format!("node {uid}: {} is gone", snapshot.name);
                lines.push(vec![Piece { text, changed: true }]);
            }
        }
        lines
    }

    /// A snapshot in pieces between which a line may end.
    fn snapshot(&self, uid: NodeUid, snapshot: &Snapshot, changed: bool) -> Vec<Piece> {
        let kind = if snapshot.kind == SnapshotKind::User { " (user)" } else { "" };
        let shards = snapshot.shards.iter().map(|(shard, role)| self.listed(*shard, *role));
        let endpoints = snapshot.endpoints.iter().map(|db| format!("endpoint {}", db.0));
        let mut contents: Vec<_> = shards.chain(endpoints).collect();
        if contents.is_empty() && self.is_placed() {
            contents.push("nothing".to_owned());
        }
        let colon = if contents.is_empty() { "" } else { ":" };
        let head = format!("node {uid}: {}{kind}{colon}", snapshot.name);
        let commas = (1..=contents.len()).map(|at| if at < contents.len() { "," } else { "" });
        let items = contents.iter().zip(commas).map(|(item, comma)| format!(" {item}{comma}"));
        [head].into_iter().chain(items).map(|text| Piece { text, changed }).collect()
    }

    /// A shard as a snapshot saw it. What it is a part of, only the cluster knows.
    fn listed(&self, uid: ShardUid, role: ShardRole) -> String {
        let shard = self.after.holder(uid).and_then(|node| node.shard(uid));
        match shard {
            Some(shard) => shard_label(&Shard { role, persisted: false, ..*shard }),
            None => format!("{} #{} (gone)", letter(role), uid.0),
        }
    }
}

fn snapshots_of(cluster: &Cluster) -> Vec<(NodeUid, &Snapshot)> {
    let nodes = cluster.nodes().iter();
    nodes.flat_map(|node| node.snapshots.iter().map(|snapshot| (node.uid, snapshot))).collect()
}

fn head(cluster: &Cluster, node: &Node) -> String {
    let star = if cluster.primary() == Some(node.uid) { " ★" } else { "" };
    format!("node {}{star}", node.uid)
}

fn state(_: &Cluster, node: &Node) -> String {
    let mut words = vec![if node.up { "up" } else { "down" }.to_owned()];
    if !node.bootstrapped {
        words.push("joining".to_owned());
    }
    match node.activations {
        0 => {}
        1 => words.push("maintenance".to_owned()),
        several => words.push(format!("maintenance x{several}")),
    }
    if node.leaving {
        words.push("leaving".to_owned());
    }
    if node.quorum_only {
        words.push("quorum-only".to_owned());
    }
    words.join(", ")
}

fn holds(_: &Cluster, node: &Node) -> String {
    format!("{} of {}", node.shards.len(), node.capacity)
}

fn endpoints(_: &Cluster, node: &Node) -> String {
    let bound: Vec<_> = node.endpoints.iter().map(|db| db.0.to_string()).collect();
    if bound.is_empty() { "-".to_owned() } else { bound.join(" ") }
}

fn shard_label(shard: &Shard) -> String {
    let saved = if shard.persisted { " saved" } else { "" };
    format!("{}{}.{} #{}{saved}", letter(shard.role), shard.db.0, shard.part, shard.uid.0)
}

fn letter(role: ShardRole) -> char {
    match role {
        ShardRole::Master => 'M',
        ShardRole::Replica => 'R',
    }
}
