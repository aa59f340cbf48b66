//! Lists, entry by entry: what an answer says of each node and slot, and what it leaves out.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::asked::{Asked, AskedKind, WHOLE};
use super::super::call::{At, Bond, CellName, Label};
use super::super::part::HOME;
use super::super::seen::{self, Nonsense, Seen};
use super::node::is_of_another;
use super::{ListOfAll, SeveralPrimaries, Sorted};
use crate::history::Return;
use crate::http::{Said, Sighting, uid_in};
use crate::model::{Body, NodeUid, Path, Place, Request, Slot};

/// What a list says.
#[derive(Debug, Default)]
pub(super) struct Entries {
    /// Of each node: of what slot, what is shown of it, and which task or snapshot that is.
    pub(super) of: BTreeMap<NodeUid, Vec<(u8, Seen, Label)>>,
    /// Whether some may be left out, or cannot be told what they speak of.
    are_some_unknown: bool,
}

impl Entries {
    /// Notes what is shown of a node as a whole, and the label of its snapshot.
    fn note(&mut self, uid: Option<NodeUid>, seen: Seen, shown: Label) {
        match uid {
            Some(uid) => drop(self.of.insert(uid, vec![(WHOLE, seen, shown)])),
            None => self.are_some_unknown = true,
        }
    }
}

impl Sorted {
    pub(super) fn list_of_cluster(&mut self, asked: &Asked, invoked: At, answer: &Return) {
        let (ended, id) = (self.records, answer.id);
        let span = (invoked, ended);
        let Some((entries, is_bare)) = seen::list(&answer.body) else {
            let seen = Some(Seen::Nonsense(Nonsense::NoList));
            self.push(asked, id, span, Bond::Answered, seen, (0, 0));
            return;
        };
        let mut are_some_unknown = false;
        let of_slots = entries.iter().filter_map(|entry| {
            let object = entry.as_object()?;
            let sighting = Sighting::of(object);
            are_some_unknown |= sighting.name == Said::Nothing;
            Some((sighting.slot(None)?, sighting, object.get("task_id")))
        });
        let (of_cluster, of_nodes): (Vec<_>, Vec<_>) =
            of_slots.partition(|(slot, ..)| *slot == Slot::ChangeMaster);
        let form =
            if of_nodes.is_empty() { Seen::List { is_bare } } else { Seen::Nonsense(Nonsense::NodeAction) };
        self.push(asked, id, span, Bond::Answered, Some(form), (0, 0));
        let found: Vec<_> = of_cluster.into_iter().map(|(_, sighting, task)| (sighting, task)).collect();
        let (seen, task) = match found.as_slice() {
            [] if are_some_unknown => return,
            [] => (Seen::Entry(None), 0),
            [(sighting, task)] => (Seen::Entry(Some(*sighting)), self.task_of(*task)),
            _ => (Seen::Nonsense(Nonsense::TwoEntries), 0),
        };
        self.push(asked, id, span, Bond::Answered, Some(seen), (task, 0));
    }

    /// The snapshots of a node.
    pub(super) fn snapshots(&mut self, asked: &Asked, body: &Body) -> (Seen, Label, Label) {
        let nonsense = |nonsense| (Seen::Nonsense(nonsense), 0, 0);
        let Body::Json(Value::Array(snapshots)) = body else { return nonsense(Nonsense::NoList) };
        if snapshots.iter().any(|it| is_of_another(it, "node_uid", asked.cell.uid())) {
            return nonsense(Nonsense::OtherNode);
        }
        let names: Option<Vec<_>> = snapshots.iter().map(|it| it.get("name")?.as_str()).collect();
        let Some(names) = names else { return nonsense(Nonsense::NoName) };
        let mut names: Vec<_> = names.into_iter().map(|name| self.names.number(name.into())).collect();
        names.sort_unstable();
        let count = u8::try_from(names.len()).unwrap_or(u8::MAX);
        (Seen::Snapshots(count), 0, self.lists.number(names))
    }

    /// A list about nodes: its form now, its entries when all nodes are known.
    pub(super) fn list(&mut self, asked: &Asked, invoked: At, answer: &Return) {
        let span = (invoked, self.records);
        let (head, entries) = match asked.kind {
            AskedKind::Nodes => self.nodes_shown(&answer.body),
            AskedKind::Shards => Self::holders_shown(&answer.body),
            AskedKind::Statuses => {
                self.note_primaries(answer, invoked);
                self.statuses_shown(&answer.body)
            }
            _ => self.actions_shown(asked, &answer.body),
        };
        self.push(asked, answer.id, span, Bond::Answered, Some(head), (0, 0));
        let Some(entries) = entries else { return };
        let list = ListOfAll {
            id: answer.id,
            invoked,
            ended: self.records,
            kind: asked.kind,
            plain: asked.plain.clone(),
            entries,
        };
        match asked.cell {
            CellName::Node(uid) => self.split(&list, uid),
            CellName::Cluster => self.lists_of_all.push(list),
        }
    }

    fn nodes_shown(&mut self, body: &Body) -> (Seen, Option<Entries>) {
        let Body::Json(Value::Array(nodes)) = body else { return (Seen::Nonsense(Nonsense::NoList), None) };
        let mut entries = Entries::default();
        for node in nodes {
            let uid = node.get("uid").and_then(uid_in);
            if uid.is_some_and(|uid| entries.of.contains_key(&uid)) {
                return (Seen::Nonsense(Nonsense::NodeTwice), None);
            }
            entries.note(uid, Seen::Node { has_shard: self.shows_shard(node) }, 0);
        }
        (Seen::Shown, Some(entries))
    }

    /// The nodes that hold a shard (OBS-3). Of the others nothing is said.
    fn holders_shown(body: &Body) -> (Seen, Option<Entries>) {
        let Body::Json(Value::Array(shards)) = body else { return (Seen::Shown, None) };
        let mut entries = Entries { are_some_unknown: true, ..Entries::default() };
        for shard in shards {
            entries.note(shard.get("node_uid").and_then(uid_in), Seen::Node { has_shard: true }, 0);
        }
        (Seen::Shown, Some(entries))
    }

    /// Notes an answer that shows several primaries of which each answers.
    fn note_primaries(&mut self, answer: &Return, invoked: At) {
        let Body::Json(Value::Object(statuses)) = &answer.body else { return };
        let is = |status: &Value, member: &str, word: &str| status.get(member).is_some_and(|it| it == word);
        let primaries = statuses.values().filter(|status| is(status, "role", "master"));
        if primaries.filter(|status| is(status, "node_status", "active")).count() > 1 {
            self.several_primaries.push(SeveralPrimaries { call: answer.id, invoked, ended: self.records });
        }
    }

    pub(super) fn statuses_shown(&mut self, body: &Body) -> (Seen, Option<Entries>) {
        let Body::Json(Value::Object(statuses)) = body else {
            return (Seen::Nonsense(Nonsense::NoObject), None);
        };
        let mut entries = Entries::default();
        for (uid, status) in statuses {
            let uid = uid.parse().ok().map(NodeUid);
            let (seen, name) = self.node_status(uid, status);
            entries.note(uid, seen, name);
        }
        (Seen::Shown, Some(entries))
    }

    pub(super) fn actions_shown(&mut self, asked: &Asked, body: &Body) -> (Seen, Option<Entries>) {
        let Some((list, is_bare)) = seen::list(body) else {
            return (Seen::Nonsense(Nonsense::NoList), None);
        };
        let of_node = match asked.cell {
            CellName::Node(uid) => Some(uid),
            CellName::Cluster => None,
        };
        let mut entries = Entries::default();
        for object in list.iter().filter_map(Value::as_object) {
            let sighting = Sighting::of(object);
            entries.are_some_unknown |= sighting.is_nameless(of_node);
            let Some(Slot::Node(uid, action)) = sighting.slot(of_node) else { continue };
            if of_node.is_some_and(|of| of != uid) {
                return (Seen::Nonsense(Nonsense::OtherNode), None);
            }
            let task = self.task_of(object.get("task_id"));
            let of_node = entries.of.entry(uid).or_default();
            if of_node.iter().any(|(slot, ..)| *slot == action as u8) {
                return (Seen::Nonsense(Nonsense::TwoEntries), None);
            }
            of_node.push((action as u8, Seen::Entry(Some(sighting.moved(uid, HOME))), task));
        }
        (Seen::List { is_bare }, Some(entries))
    }

    /// What a list says of one node, or does not say.
    pub(super) fn split(&mut self, list: &ListOfAll, uid: NodeUid) {
        let said = list.entries.of.get(&uid);
        let place = match list.kind {
            AskedKind::Nodes | AskedKind::Shards => Some(Place::NodeObject(HOME)),
            AskedKind::Statuses => Some(Place::NodeStatus(HOME)),
            _ => None,
        };
        let plain = match place {
            Some(place) => Request { path: Path::to(place), ..list.plain.clone() },
            None => list.plain.clone(),
        };
        let asked = |slot| Asked {
            cell: CellName::Node(uid),
            kind: if place.is_some() { AskedKind::Node } else { AskedKind::Action },
            slot,
            plain: plain.clone(),
            name: 0,
            target: None,
            is_free: false,
        };
        let span = (list.invoked, list.ended);
        let records = std::mem::replace(&mut self.records, list.ended);
        let absent = if place.is_some() { Seen::LeftOut } else { Seen::Entry(None) };
        let absent = (!list.entries.are_some_unknown).then_some(absent);
        for slot in if place.is_some() { WHOLE..=WHOLE } else { 0..=3 } {
            let entry = said.and_then(|said| said.iter().find(|(of, ..)| *of == slot));
            let seen = entry.map(|(_, seen, label)| (*seen, *label)).or(absent.map(|seen| (seen, 0)));
            let Some((seen, label)) = seen else { continue };
            let labels = if place.is_some() { (0, label) } else { (label, 0) };
            self.push(&asked(slot), list.id, span, Bond::Answered, Some(seen), labels);
        }
        self.records = records;
    }
}
