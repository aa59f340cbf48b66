//! Cells against whole clusters: whatever a step does to a cluster, the tables offer it to each of its cells, and
//! whatever the tables offer, a step does in some setting.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::asked::Asked;
use super::super::law::{Effect, Fate, Law, Local, Membership, Sizes};
use super::super::open::Space;
use super::super::part::{Held, Meant, NodePart, View, canonical, embed, project};
use super::super::seen::{Seen, Symbol};
use super::*;
use crate::intern::Interner;
use crate::model::{Act, Answer, Cluster, Event, Input, Method, Move, Reply, Request, Snapshot, Time, step};
use crate::sim::{Options, RuleChoice, Seed, Simulator};
use crate::spec::Rules;
use crate::spec::rules::ResubmitScope;

#[test]
fn whatever_a_step_does_to_a_cluster_the_tables_offer_to_its_cells() {
    let mut missing = BTreeSet::new();
    let mut checked = 0;
    for seed in 0..SEEDS {
        // Every other run has no data, so that nothing keeps its actions from ending.
        let nodes = 1 + u32::try_from(seed % 5).expect("it is small");
        let topology = (seed % 2 == 0).then(|| Cluster::new(nodes));
        let options = Options { steps: 300, topology, rules: RuleChoice::Drawn, ..Options::default() };
        let (_, case) = Simulator::new(options).case(Seed(seed));
        let mut course = Course::new(case.rules);
        let mut cluster = case.cluster.clone();
        for line in &case.lines {
            let before = cluster.clone();
            let reply = step(&mut cluster, &case.rules, &line.input);
            course.check(&Step { before: &before, input: &line.input, reply: &reply, after: &cluster });
        }
        checked += course.checked;
        let rules = case.rules.overrides();
        missing.extend(course.missing.into_iter().map(|it| format!("seed {seed} {rules:?}: {it}")));
    }
    assert!(checked > 2_000, "{checked}");
    assert!(missing.is_empty(), "{} of {checked}: {missing:#?}", missing.len());
}

const SEEDS: u64 = 120;

#[test]
fn whatever_the_tables_offer_a_step_does_in_some_setting() {
    let mut offered = 0;
    for seed in 0..SEEDS / 4 {
        let options = Options { steps: 200, rules: RuleChoice::Drawn, ..Options::default() };
        let (_, case) = Simulator::new(options).case(Seed(seed));
        let mut law = law(Kind::Node, &case.rules);
        let mut cluster = case.cluster.clone();
        let mut seen = BTreeSet::new();
        for line in &case.lines {
            step(&mut cluster, &case.rules, &line.input);
            for (node, at) in cluster.nodes().iter().flat_map(|node| (0..4).map(move |at| (node, at))) {
                let look = Look::at(&cluster, Kind::Node, node.uid, at, &[]);
                let local = look.local(&mut law, at, Meant::Absent);
                if seen.insert((local.node, local.held, at)) {
                    let made = made(&case.rules, &look, at);
                    for moved in law.moves(local).iter() {
                        let Effect { node, held, .. } = moved.effect;
                        let result = (law.nodes.value(node).clone(), law.helds.value(held).clone());
                        assert!(made.contains(&result), "seed {seed}: {look:?} becomes {result:?}");
                        offered += 1;
                    }
                }
            }
        }
    }
    assert!(offered > 500, "{offered}");
}

/// What a slot and its node become in any setting by any event.
fn made(rules: &Rules, look: &Look, at: usize) -> Vec<(NodePart, Held)> {
    let Held::One(instance) = &look.held else { return Vec::new() };
    let slot = Kind::Node.slot(at);
    let own = Move::candidates(instance).map(|step| Event::Task(slot, step));
    let change = [Move::Run, Move::Complete].map(|step| Event::Task(Slot::ChangeMaster, step));
    let events: Vec<_> = own.chain(change).collect();
    let view = View { kind: Kind::Node, slot: at, node: &look.part, held: &look.held, meant: Meant::Absent };
    let mut made = Vec::new();
    for rest in Rest::OF_NODE {
        for event in &events {
            let mut cluster = embed(&view, &Setting::of(rest));
            step(&mut cluster, rules, &Input { at: Time(0), act: Act::Event(event.clone()) });
            let after = project(&cluster, Kind::Node, at, None);
            made.push((after.node, after.held));
        }
    }
    made
}

/// The tables of one kind of cell under one set of rules.
fn law(kind: Kind, rules: &Rules) -> Law {
    Law::new(kind, Space::listed(vec![*rules]), Sizes::at_least(1))
}

/// One cell of a cluster, as one of its slots sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Look {
    part: NodePart,
    held: Held,
    /// For each snapshot where it stood before.
    origins: Vec<Option<u8>>,
}

impl Look {
    fn at(cluster: &Cluster, kind: Kind, uid: NodeUid, slot: usize, names: &[Box<str>]) -> Self {
        let node = if kind == Kind::Cluster { None } else { cluster.node(uid) };
        let snapshots = node.map_or(&[][..], |node| &node.snapshots);
        let instance = cluster.instance(real(kind.slot(slot), uid));
        let held =
            instance.map_or(Held::Nothing, |it| Held::One(canonical(it, kind.slot(slot), snapshots, false)));
        let held = judged(&held, kind);
        let kinds = snapshots.iter().map(|snapshot| snapshot.kind).collect();
        let part =
            node.map_or_else(NodePart::default, |_| NodePart { snapshots: kinds, ..NodePart::fresh() });
        let place = |name: &str| names.iter().position(|known| **known == *name);
        let origins = snapshots.iter().map(|it| place(&it.name).and_then(|at| u8::try_from(at).ok()));
        Self { part, held, origins: origins.collect() }
    }

    fn local(&self, law: &mut Law, slot: usize, meant: Meant) -> Local {
        let is_node = law.kind == Kind::Node;
        let node = law.nodes.number(if is_node { self.part.clone() } else { NodePart::default() });
        let held = law.helds.number(self.held.clone());
        let slot = u8::try_from(slot).expect("cells are small");
        Local { slot, node, held, meant, membership: Membership { may_exist: true, may_lack: true } }
    }
}

/// What a slot holds, without what is not judged: where the data was, and, if the snapshots of the node may be any, at
/// which place the one stands that is being restored.
fn judged(held: &Held, kind: Kind) -> Held {
    let Held::One(instance) = held else { return held.clone() };
    let mut instance = instance.clone();
    let loaded = instance.work.loaded.as_deref().map(|loaded| {
        let name = if kind == Kind::Node { loaded.name.clone() } else { Box::from("any") };
        Arc::new(Snapshot { name, shards: Box::default(), endpoints: Box::default(), ..loaded.clone() })
    });
    instance.work.loaded = loaded;
    Held::One(instance)
}

/// The snapshot at a place.
fn at(place: usize) -> Meant {
    Meant::At(u8::try_from(place).expect("cells are small"))
}

/// The slot of a cell, in the cluster.
fn real(slot: Slot, uid: NodeUid) -> Slot {
    match slot {
        Slot::Node(_, action) => Slot::Node(uid, action),
        Slot::ChangeMaster => slot,
    }
}

/// One step of a whole cluster.
struct Step<'a> {
    before: &'a Cluster,
    input: &'a Input,
    reply: &'a Reply,
    after: &'a Cluster,
}

/// What the tables are held against.
struct Course {
    rules: Rules,
    laws: Vec<Law>,
    checked: usize,
    missing: BTreeSet<String>,
}

impl Course {
    fn new(rules: Rules) -> Self {
        let kinds = [Kind::Node, Kind::Cluster].into_iter().chain(NodeAction::ALL.map(Kind::Slot));
        let laws = kinds.map(|kind| law(kind, &rules)).collect();
        Self { rules, laws, checked: 0, missing: BTreeSet::new() }
    }

    fn check(&mut self, step: &Step<'_>) {
        let joined = |uid: NodeUid| step.before.node(uid).is_none() && step.after.node(uid).is_some();
        let removed = step.before.departed().iter().map(|gone| gone.uid);
        let uids: Vec<_> = step.before.nodes().iter().map(|node| node.uid).chain(removed).collect();
        for law in 0..self.laws.len() {
            let kind = self.laws[law].kind;
            let slots = 0..kind.slots();
            if kind == Kind::Cluster {
                self.check_slot(law, step, HOME, 0);
            } else {
                for uid in uids.iter().copied().filter(|uid| !joined(*uid)) {
                    slots.clone().for_each(|slot| self.check_slot(law, step, uid, slot));
                }
            }
        }
    }

    /// Whether what became of one slot is in the table of what was done.
    fn check_slot(&mut self, number: usize, step: &Step<'_>, uid: NodeUid, slot: usize) {
        let law = &mut self.laws[number];
        let kind = law.kind;
        let here = real(kind.slot(slot), uid);
        let home = step.before.node(uid).filter(|_| kind != Kind::Cluster);
        let snapshots = home.map_or(&[][..], |home| &home.snapshots);
        let names: Vec<Box<str>> = snapshots.iter().map(|it| it.name.clone()).collect();
        let before = Look::at(step.before, kind, uid, slot, &names);
        let after = Look::at(step.after, kind, uid, slot, &names);
        // The node goes with its removal, and takes its other slots along.
        let is_gone = home.is_some() && step.after.node(uid).is_none();
        if is_gone && !matches!(here, Slot::Node(_, NodeAction::Remove)) {
            return;
        }
        let called = match &step.input.act {
            Act::Request(request) => symbol(request, step, here, uid, kind),
            Act::Event(_) => None,
        };
        let offered: Vec<Effect> = if let Some((symbol, name)) = called {
            let meant = name.and_then(|name| names.iter().position(|known| *known == name));
            let local = before.local(law, slot, meant.map_or(Meant::Absent, at));
            // A call of which nothing is judged may have done nothing.
            if symbol.seen.is_none() && before.held == after.held {
                return;
            }
            let symbol = law.own(symbol);
            law.answers(local, symbol).iter().map(|answered| answered.effect).collect()
        } else {
            let acts = match &step.input.act {
                Act::Event(Event::Task(by, _)) => *by == here,
                _ => false,
            };
            // What another slot, or a user, did to the node is looked at there.
            let is_same = before.held == after.held
                && (!acts || kind != Kind::Node || before.part == after.part && before.is_in_place(&after));
            if is_same || self.is_discarded(&before, &after) || !acts && before.is_moved(&after) {
                return;
            }
            let meant = before.meant(step.before, here, &names);
            let law = &mut self.laws[number];
            let local = before.local(law, slot, meant);
            law.moves(local).iter().map(|moved| moved.effect).collect()
        };
        self.checked += 1;
        let law = &self.laws[number];
        if !offered.iter().any(|effect| after.is(law, *effect, &before)) {
            let Step { input, reply, .. } = step;
            let live: Vec<_> = step.before.live().map(|(slot, it)| (slot, it.status)).collect();
            let act = &input.act;
            self.missing.insert(format!(
                "{kind:?} {here:?}: {before:?} becomes {after:?} by {act:?}: {reply:?} while {live:?}"
            ));
        }
    }

    /// Whether it is what a POST to another node does under R-RESUBMIT-SCOPE.
    fn is_discarded(&self, before: &Look, after: &Look) -> bool {
        self.rules.resubmit_scope() == ResubmitScope::AllNodes
            && before.part == after.part
            && before.held.status().is_some_and(Status::is_final)
            && after.held == Held::Nothing
    }
}

impl Look {
    /// Whether no snapshot is new.
    fn is_in_place(&self, after: &Self) -> bool {
        self.origins.len() == after.origins.len()
            && after.origins.iter().enumerate().all(|(at, origin)| origin.map(usize::from) == Some(at))
    }

    /// Whether nothing but the place of the snapshot that is being restored is another, because a snapshot came or went.
    /// A world sees to that by itself (`Held::carried`).
    fn is_moved(&self, after: &Self) -> bool {
        judged(&self.held, Kind::Cluster) == judged(&after.held, Kind::Cluster)
    }

    /// The snapshot that its instance still seeks by its name.
    fn meant(&self, cluster: &Cluster, slot: Slot, names: &[Box<str>]) -> Meant {
        if !self.held.seeks_name() {
            return Meant::Absent;
        }
        let Some(crate::model::Parameters::MaintenanceOff(order)) =
            cluster.instance(slot).map(|it| &it.parameters)
        else {
            return Meant::Absent;
        };
        let found = names.iter().position(|name| Some(&**name) == order.snapshot_name.as_deref());
        found.map_or(Meant::Absent, at)
    }

    /// Whether it is what an effect makes.
    fn is(&self, law: &Law, effect: Effect, before: &Self) -> bool {
        let held = judged(law.helds.value(effect.held), law.kind);
        if law.kind != Kind::Node {
            return self.held == held;
        }
        let fits = match effect.fate {
            Fate::Same => before.is_in_place(self),
            Fate::Snapshots(origins) => self.origins == law.origins(origins),
            Fate::Gone => before.part.is_member && !self.part.is_member,
        };
        fits && self.held == held && self.part == *law.nodes.value(effect.node)
    }
}

/// The call as the slot of a cell sees it, and the snapshot that it names; none if it is about another slot, or reads.
fn symbol(
    request: &Request,
    step: &Step<'_>,
    slot: Slot,
    uid: NodeUid,
    kind: Kind,
) -> Option<(Symbol, Option<Box<str>>)> {
    let mut labels = Interner::default();
    labels.number(Box::from(""));
    let asked = Asked::of(request, &mut labels);
    let is_mine = match kind {
        Kind::Cluster => asked.cell.uid().is_none(),
        _ => asked.cell.uid() == Some(uid) && real(Kind::Node.slot(asked.slot.into()), uid) == slot,
    };
    if !is_mine || !matches!(request.method, Method::Post | Method::Delete) {
        return None;
    }
    if matches!(kind, Kind::Slot(_)) && request.path.snapshot().is_some() {
        return None;
    }
    let seen = match step.reply {
        _ if asked.is_free => None,
        Reply::Refused(refusal) => Some(Seen::Code(refusal.code)),
        Reply::Answer(Answer::Accepted(..)) => Some(Seen::Accepted),
        _ => Some(Seen::Code(200)),
    };
    let outside = match seen {
        // What is being cancelled is never taken for certainly in the way (R-CONFLICT-STATES).
        None | Some(Seen::Accepted) => outside(step.before, slot, uid, |status| status != Status::Cancelling),
        Some(Seen::Code(409)) => outside(step.before, slot, uid, |_| true),
        Some(_) => Outside::default(),
    };
    let but = (kind != Kind::Cluster).then_some(asked.slot.into());
    let outside = outside.with_one_elsewhere(but);
    let is_member = asked.target.is_none_or(|uid| step.before.node(uid).is_some());
    let target = if asked.target.is_some() { (is_member, !is_member) } else { (true, true) };
    let name = (asked.name != 0).then(|| labels.value(asked.name).clone());
    Some((Symbol { request: asked.plain, seen, outside, target }, name))
}

/// Where instances are live that count, but in one slot.
fn outside(cluster: &Cluster, slot: Slot, uid: NodeUid, counts: fn(Status) -> bool) -> Outside {
    let others = cluster.live().filter(|(other, instance)| *other != slot && counts(instance.status));
    others.fold(Outside::default(), |all, (other, _)| {
        all.and(match other {
            Slot::ChangeMaster => Outside::CLUSTER,
            Slot::Node(node, action) if node == uid && slot != Slot::ChangeMaster => {
                Outside::here(action as usize)
            }
            Slot::Node(_, action) => Outside::elsewhere(action as usize),
        })
    })
}
