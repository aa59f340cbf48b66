//! What a cluster can be after some answers, whatever it did by itself in between.
//!
//! A set of worlds is closed under hidden events: what instances do by themselves, nodes that fail and return, elections,
//! snapshots that a user takes, removed nodes that are added again. All that can happen comes out of [`step`], and so does
//! what each world answers. Left out is what another client would have to ask for, further nodes, and data, of which a
//! fresh cluster has none.
//!
//! Progress is left open, as the oracle leaves it (R-PROGRESS-VALUES). What an instance does has the time of its task, so
//! that a snapshot is the same whenever it was taken.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{Allowed, allowed, snapshot_ids, without_snapshot_ids};
use crate::http::ANY_PROGRESS;
use crate::intern::{Interner, Memo};
use crate::model::{
    Act, Cluster, Event, Hindrance, Input, Instance, Move, NodeAction, NodeUid, Parameters, Parts, Place,
    Progress, Reply, Request, Slot, Time, Work, step,
};
use crate::sim::USER_SNAPSHOT;
use crate::spec::Rules;

/// A set of worlds, by their numbers, ascending.
pub(super) type Set = Vec<u32>;

/// The law under some rules, as far as it was asked.
pub(super) struct Worlds {
    pub(super) rules: Rules,
    /// The uids of the nodes are 1 to this at first.
    pub(super) nodes: u32,
    /// The nodes that are asked about: users may take snapshots of them at any moment.
    homes: Vec<NodeUid>,
    clusters: Interner<Cluster>,
    hidden: Memo<u32, Vec<u32>>,
    requests: Interner<Request>,
    allowed: Interner<Allowed>,
    /// For each world and request the answers that are allowed, and the world after them.
    asked: Memo<(u32, u32), Asked>,
    /// For each set of worlds and request the answers that are possible.
    classes: Memo<(Set, u32), Vec<Class>>,
}

/// What a request comes to in one world.
#[derive(Debug, Clone)]
struct Asked {
    allowed: Vec<u32>,
    after: u32,
    clauses: &'static [&'static str],
}

/// An answer that some of the worlds give, and what the cluster can be then.
#[derive(Debug, Clone)]
pub(super) struct Class {
    pub(super) allowed: Allowed,
    /// The answers that it stands for, before names were left out of it.
    pub(super) of: Vec<Allowed>,
    pub(super) after: Set,
    /// The clauses that decide it.
    pub(super) clauses: BTreeSet<&'static str>,
}

impl Worlds {
    pub(super) fn new(rules: Rules, nodes: u32, homes: Vec<NodeUid>) -> Self {
        Self {
            rules,
            nodes,
            homes,
            clusters: Interner::default(),
            hidden: Memo::default(),
            requests: Interner::default(),
            allowed: Interner::default(),
            asked: Memo::default(),
            classes: Memo::default(),
        }
    }

    /// What a fresh cluster can be.
    pub(super) fn start(&mut self) -> Set {
        let fresh = self.clusters.number(Cluster::new(self.nodes));
        self.closed([fresh])
    }

    /// The answers that are possible to a request, in a fixed order. Each matches what no other does, but where it is
    /// left open whether something is shown at all: then each of them leads to all that can be.
    pub(super) fn ask(&mut self, set: &Set, request: &Request) -> Vec<Class> {
        let number = self.requests.number(request.clone());
        let key = (set.clone(), number);
        if let Some(known) = self.classes.get(&key) {
            return known.clone();
        }
        let mut found: BTreeMap<u32, (BTreeSet<u32>, BTreeSet<&'static str>)> = BTreeMap::new();
        for world in set {
            let Asked { allowed, after, clauses } = self.asked(*world, number);
            for allowed in allowed {
                let (worlds, because) = found.entry(allowed).or_default();
                worlds.insert(after);
                because.extend(clauses);
            }
        }
        let mut classes = Vec::new();
        for (allowed, (after, clauses)) in found {
            let allowed = self.allowed.value(allowed).clone();
            classes.push(Class { of: vec![allowed.clone()], allowed, after: self.closed(after), clauses });
        }
        classes.sort_by_cached_key(|class| (class.allowed.status, class.allowed.body.to_json().to_string()));
        let classes = classes.into_iter();
        let classes = anonymous(classes.collect());
        let classes = if shows_status(request) { untold(classes) } else { classes };
        self.classes.entry(key, || classes).clone()
    }

    /// What a request, by its number, comes to in one world.
    fn asked(&mut self, world: u32, request: u32) -> Asked {
        if let Some(known) = self.asked.get(&(world, request)) {
            return known.clone();
        }
        let asks = self.requests.value(request);
        let before = self.clusters.value(world);
        let (reply, after) = self.answer(before, asks);
        let all = allowed(asks, &reply, before, &self.rules, self.nodes);
        let allowed = all.into_iter().map(|one| self.allowed.number(one)).collect();
        let asked = Asked { allowed, after: self.clusters.number(settled(after)), clauses: reply.clauses() };
        self.asked.entry((world, request), || asked).clone()
    }

    /// What a cluster answers, and what it is then.
    pub(super) fn answer(&self, cluster: &Cluster, request: &Request) -> (Reply, Cluster) {
        let mut after = cluster.clone();
        let input = Input { at: Time(0), act: Act::Request(request.clone()) };
        let reply = step(&mut after, &self.rules, &input);
        (reply, after)
    }

    /// What the answer of a cluster may look like, as it is rather than with another refusal in its place.
    pub(super) fn shown(&self, cluster: &Cluster, request: &Request) -> Option<Allowed> {
        let cluster = settled(cluster.clone());
        let (reply, _) = self.answer(&cluster, request);
        let code = match &reply {
            Reply::Refused(refusal) => refusal.code,
            _ => 200,
        };
        let all = allowed(request, &reply, &cluster, &self.rules, self.nodes);
        all.into_iter().find(|one| one.status == code)
    }

    /// What happens to a cluster by an event; none if it cannot happen.
    pub(super) fn after(&self, cluster: &Cluster, event: &Event) -> Option<Cluster> {
        let mut after = cluster.clone();
        (step(&mut after, &self.rules, &input_of(cluster, event)) == Reply::Happened).then_some(after)
    }

    /// What can happen without anybody seeing it.
    fn hidden_events(&self, cluster: &Cluster) -> Vec<Event> {
        let by_user = self.homes.iter().map(|uid| Event::CreateSnapshot(*uid, USER_SNAPSHOT.into()));
        let by_itself = cluster.enabled(&self.rules).into_iter().filter(|event| match event {
            Event::Task(_, step) => !matches!(step, Move::Progress(_)),
            Event::NodeDown(_) | Event::NodeUp(_) | Event::Bootstrap(_) | Event::Elect(_) => true,
            _ => false,
        });
        // A node that was removed may be added again (REM-12).
        let back = cluster.departed().iter().map(|gone| Event::Join(gone.uid));
        by_itself.chain(by_user).chain(back).collect()
    }

    /// Whether an event is one that goes wrong: nothing forces it.
    pub(super) fn is_fault(&self, cluster: &Cluster, event: &Event) -> bool {
        let Event::Task(slot, Move::Fail(_) | Move::Abort) = event else { return false };
        let complete = cluster.admits(&self.rules, &Event::Task(*slot, Move::Complete));
        !matches!(complete, Err(Hindrance::Blocked(_)))
    }

    /// These worlds, and all that hidden events lead to.
    fn closed(&mut self, from: impl IntoIterator<Item = u32>) -> Set {
        let mut set: BTreeSet<u32> = from.into_iter().collect();
        let mut open: Vec<u32> = set.iter().copied().collect();
        while let Some(world) = open.pop() {
            if self.hidden.get(&world).is_none() {
                let next = self.next(world);
                self.hidden.entry(world, || next);
            }
            let next = self.hidden.get(&world).into_iter().flatten();
            open.extend(next.filter(|next| set.insert(**next)));
        }
        set.into_iter().collect()
    }

    fn next(&mut self, world: u32) -> Vec<u32> {
        let cluster = self.clusters.value(world).clone();
        let mut next = BTreeSet::new();
        for event in self.hidden_events(&cluster) {
            if let Some(after) = self.after(&cluster, &event) {
                let moves = matches!(event, Event::Task(..));
                next.insert(self.clusters.number(if moves { settled(after) } else { after }));
            }
        }
        next.remove(&world);
        next.into_iter().collect()
    }
}

/// Whether a request asks for the status of nodes.
fn shows_status(request: &Request) -> bool {
    let of_one = |uid| request.path.names(Place::NodeStatus(uid));
    request.path.names(Place::NodeStatuses) || request.path.node().is_some_and(of_one)
}

/// An event as an input. What an instance does happens at the second that its task is the number of.
pub(super) fn input_of(cluster: &Cluster, event: &Event) -> Input {
    let task = match event {
        Event::Task(slot, _) => cluster.instance(*slot).map_or(0, |instance| instance.task.0),
        _ => 0,
    };
    Input { at: Time(u64::from(task) * 1_000_000), act: Act::Event(event.clone()) }
}

/// A cluster with any progress, in which what has ended keeps nothing of what it was told and did: nothing asks for it
/// again ([`crate::explore`] rests on the same).
fn settled(cluster: Cluster) -> Cluster {
    let mut parts = Parts::from(&cluster);
    for node in &mut parts.nodes {
        let of_node = NodeAction::ALL.map(|action| Slot::Node(node.uid, action));
        for (slot, place) in of_node.into_iter().zip(&mut node.slots) {
            place.iter_mut().for_each(|instance| settle(instance, slot));
        }
    }
    parts.change_master.iter_mut().for_each(|instance| settle(instance, Slot::ChangeMaster));
    for gone in &mut parts.departed {
        settle(&mut gone.removal, Slot::Node(gone.uid, NodeAction::Remove));
    }
    parts.unchecked()
}

fn settle(instance: &mut Instance, slot: Slot) {
    instance.progress = Progress::new(ANY_PROGRESS).expect("it is not beyond 100 %");
    if !instance.is_live() {
        instance.work = Work::default();
        instance.parameters = Parameters::of_nothing(slot, NodeUid(1));
    }
}

/// Where it is left open whether a snapshot is shown (R-MAINT-OBSERVE), an answer tells nothing about the cluster.
fn untold(mut classes: Vec<Class>) -> Vec<Class> {
    let all: BTreeSet<u32> = classes.iter().flat_map(|class| class.after.iter().copied()).collect();
    classes.iter_mut().for_each(|class| class.after = all.iter().copied().collect());
    classes
}

/// A name tells nothing if it is not certain of what: where an answer may name one snapshot or another, none is bound.
fn anonymous(classes: Vec<Class>) -> Vec<Class> {
    let names: BTreeSet<String> = classes.iter().flat_map(|class| snapshot_ids(&class.allowed)).collect();
    if names.len() < 2 {
        return classes;
    }
    let mut merged: Vec<Class> = Vec::new();
    for mut class in classes {
        class.allowed = without_snapshot_ids(class.allowed);
        match merged.iter_mut().find(|known| known.allowed == class.allowed) {
            Some(known) => {
                let all: BTreeSet<u32> = known.after.iter().chain(&class.after).copied().collect();
                known.after = all.into_iter().collect();
                known.clauses.extend(class.clauses);
                known.of.extend(class.of);
            }
            None => merged.push(class),
        }
    }
    merged
}
