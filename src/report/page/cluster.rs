//! The cluster between the steps of a run, small enough to keep all of them: nodes that look the same are kept once.

use serde_json::{Value, json};

use crate::intern::Interner;
use crate::model::{Cluster, Instance, NodeAction, NodeUid, Slot};
use crate::report::changes;
use crate::report::picture::words::{self, NodeText};
use crate::script::print_percent;

/// What was seen of a cluster at several moments.
#[derive(Default)]
pub(super) struct Clusters {
    /// Nodes, each as the lines of its card.
    cards: Interner<Card>,
    /// What stands beside the nodes.
    lines: Interner<String>,
    moments: Vec<Value>,
}

/// A node in words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Card {
    name: String,
    /// What is said about it, one line each.
    lines: Vec<String>,
    shards: Vec<String>,
}

impl Clusters {
    /// Looks at a cluster, and tells the number of the moment.
    pub(super) fn look(&mut self, cluster: &Cluster) -> usize {
        let cards: Vec<_> = cards(cluster).into_iter().map(|card| self.cards.number(card)).collect();
        let beside: Vec<_> = beside(cluster).into_iter().map(|line| self.lines.number(line)).collect();
        self.moments.push(json!([cards, beside]));
        self.moments.len() - 1
    }

    /// Everything that was seen, for the script.
    pub(super) fn to_json(&self) -> Value {
        let cards = self.cards.values().iter().map(|it| json!([it.name, it.lines, it.shards]));
        json!({ "cards": cards.collect::<Vec<_>>(), "lines": self.lines.values(), "moments": self.moments })
    }
}

fn cards(cluster: &Cluster) -> Vec<Card> {
    let nodes = cluster.nodes().iter().zip(words::nodes(cluster));
    let cards = nodes.map(|(node, NodeText { name, lines, shards })| {
        let actions = NodeAction::ALL
            .into_iter()
            .filter_map(|action| Some(instance(Slot::Node(node.uid, action), node.instance(action)?)));
        Card { name, lines: lines.into_iter().chain(actions).collect(), shards }
    });
    cards.collect()
}

/// What stands beside the nodes: the cluster action, removals of nodes that are gone, databases, snapshots.
fn beside(cluster: &Cluster) -> Vec<String> {
    let gone = |uid: NodeUid| Slot::Node(uid, NodeAction::Remove);
    let departed = cluster
        .departed()
        .iter()
        .map(|it| format!("node {}, which is gone: {}", it.uid, instance(gone(it.uid), &it.removal)));
    let action = cluster
        .instance(Slot::ChangeMaster)
        .map(|it| format!("the cluster: {}", instance(Slot::ChangeMaster, it)));
    let databases = cluster.databases().iter();
    let databases = databases.map(|it| format!("database {}: {}", it.uid.0, changes::properties(it)));
    action.into_iter().chain(departed).chain(databases).chain(words::snapshots(cluster)).collect()
}

fn instance(slot: Slot, instance: &Instance) -> String {
    let progress = match instance.progress.hundredths() {
        0 => String::new(),
        _ => format!(", {}", print_percent(instance.progress)),
    };
    let error = instance.error.map(|code| format!(", {}", code.name())).unwrap_or_default();
    let noted = if instance.cancel_requested { ", cancellation noted" } else { "" };
    format!(
        "{}: {}{progress}{error}{noted} (task {})",
        slot.action_name(),
        instance.status.name(),
        instance.task.0
    )
}
