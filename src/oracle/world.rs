//! One way a cell can be, and what calls and silent moves make of it.
//!
//! A world holds what the law looks at as numbers ([`super::law`]), and beside it what the law never looks at but an
//! answer can show: the ids of tasks and the names of snapshots. Those are bound when they are first seen, and must
//! be the same from then on (R-TASKID, SNAP-5).

mod left;

use std::rc::Rc;

use super::call::{At, Call, Label};
use super::law::{Effect, Fate, HeldId, Law, Local, Membership, Moved, NOTHING, NodeId};
use super::open::OpenId;
use super::part::{Kind, Meant};
use super::seen::Told;
use crate::intern::Interner;
use crate::model::{NodeAction, SnapshotKind, Status};

/// The number of a list of labels.
pub(super) type LabelsId = u32;

/// A possible world of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct World {
    pub(super) node: NodeId,
    pub(super) held: [HeldId; 4],
    /// The id of the task in each slot.
    pub(super) tasks: [Label; 4],
    /// The names of the snapshots, in their order.
    pub(super) names: LabelsId,
    /// The snapshot that maintenance_off was told to look for.
    pub(super) wanted: Label,
    /// The pending calls that have taken effect.
    pub(super) done: u128,
    /// How many lost calls of each class have taken effect.
    pub(super) lost: LabelsId,
}

/// Possible next worlds.
pub(super) type Next = Vec<(World, OpenId)>;

/// A list that names more snapshots for the first time leaves open which of them bears which name: there are too many
/// ways to look at each.
const UNNAMED_MAX: usize = 4;

/// What the history says about the node of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Standing {
    /// Whether it can ever be a member.
    pub(super) may_exist: bool,
    /// Since when it can be no member.
    pub(super) may_lack: At,
    /// Since when a removal can take it away.
    pub(super) may_vanish: At,
    /// Whether it can join.
    pub(super) may_join: bool,
    /// When somebody saw that it was gone, after a removal had begun.
    pub(super) seen_gone: At,
    /// Since when a maintenance_on can have made a snapshot of it.
    pub(super) may_activate: At,
}

/// What happens to worlds: the law with the labels.
#[derive(Debug)]
pub(super) struct Course<'a> {
    pub(super) law: &'a mut Law,
    pub(super) labels: Interner<Vec<Label>>,
    /// For each label of a snapshot, whether maintenance_on could have chosen it.
    pub(super) is_maintenance: &'a [bool],
    /// What is known of the node.
    pub(super) standing: Standing,
    /// The present moment.
    pub(super) now: At,
    /// For each action whether a POST to another node can have discarded what its slot holds that has ended.
    pub(super) may_clear: u8,
    /// The task ids that answers had shown before the present moment.
    pub(super) used: Vec<bool>,
}

impl Course<'_> {
    /// Adds what a call can have done by the law, if it was answered as it was seen.
    fn take_by_law(&mut self, world: &World, open: OpenId, call: &Call, next: &mut Next) {
        if call.name == 0 {
            return self.take_meant(world, open, call, Meant::Absent, next);
        }
        for (meant, world) in self.meanings(world, call.name) {
            self.take_meant(&world, open, call, meant, next);
        }
    }

    fn take_meant(&mut self, world: &World, open: OpenId, call: &Call, meant: Meant, next: &mut Next) {
        let local = Local { meant, ..self.local(world, call.slot) };
        for answered in self.law.answers(local, call.symbol).iter() {
            let Some(open) = self.law.opens.meet(open, answered.open) else { continue };
            let slot = usize::from(call.slot);
            let after = self.after(world, slot, answered.effect);
            // What is done at once may leave no status (R-CHM-RECORD).
            let is_done = answered.told == Told::NewTask
                && self.law.helds.value(after.held[slot]).status().is_some_and(Status::is_final);
            self.told(after, call, answered.told, |world| {
                next.push((world, open));
                next.extend(is_done.then(|| (world.without(slot), open)));
            });
        }
    }

    /// What one slot can do by itself, one move far.
    pub(super) fn moves(&mut self, world: &World, open: OpenId, slot: usize) -> Next {
        let held = world.held[slot];
        if held == NOTHING {
            return Vec::new();
        }
        if self.is_left(world, slot) {
            return self.left_moves(world, open, slot);
        }
        let mut next = Vec::new();
        if matches!(self.law.kind, Kind::Slot(_)) && self.standing.may_vanish <= self.now {
            let effect = Effect { node: world.node, held: NOTHING, fate: Fate::Same };
            next.push((self.after(world, slot, effect), open));
            next.extend(self.ended(world, slot).map(|ended| (ended, open)));
        }
        next.extend(self.discarded(world, open, slot));
        next.extend(self.follow(world, open, slot, Law::moves));
        next
    }

    /// What a POST to another node can do to a slot.
    fn discarded(&mut self, world: &World, open: OpenId, slot: usize) -> Next {
        let action = match self.law.kind {
            Kind::Slot(action) => action as usize,
            Kind::Node => slot,
            Kind::Cluster => return Vec::new(),
        };
        let has_ended = self.law.helds.value(world.held[slot]).status().is_some_and(Status::is_final);
        if !has_ended || self.may_clear & 1 << action == 0 {
            return Vec::new();
        }
        let effect = Effect { node: world.node, held: NOTHING, fate: Fate::Same };
        let cleared = self.after(world, slot, effect);
        let opens = self.law.discarding();
        opens.iter().filter_map(|other| Some((cleared, self.law.opens.meet(open, *other)?))).collect()
    }

    /// Whether what a slot does next depends on the node.
    pub(super) fn depends_on_node(&mut self, world: &World, slot: usize) -> bool {
        let local = self.local(world, index(slot));
        self.law.depends_on_node(local)
    }

    /// What one slot can do until it changes its node for all to see, or might have.
    pub(super) fn strides(&mut self, world: &World, open: OpenId, slot: usize) -> Next {
        self.follow(world, open, slot, Law::strides)
    }

    /// What one slot can do by itself, as one of the tables of the law says.
    fn follow(
        &mut self,
        world: &World,
        open: OpenId,
        slot: usize,
        table: impl Fn(&mut Law, Local) -> Rc<[Moved]>,
    ) -> Next {
        let held = world.held[slot];
        if held == NOTHING {
            return Vec::new();
        }
        let mut next = Vec::new();
        for (meant, world) in self.sought(world, held) {
            let local = Local { meant, ..self.local(&world, index(slot)) };
            for moved in table(self.law, local).iter() {
                if let Some(open) = self.law.opens.meet(open, moved.open) {
                    next.push((self.after(&world, slot, moved.effect), open));
                }
            }
        }
        next
    }

    /// What the node can do without any of its slots: come back after a removal, be given a snapshot by a user.
    pub(super) fn node_moves(&mut self, world: &World, open: OpenId, call: &Call) -> Next {
        if self.law.kind != Kind::Node {
            return Vec::new();
        }
        let part = self.law.nodes.value(world.node);
        if !part.is_member {
            if !self.standing.may_join {
                return Vec::new();
            }
            let (node, names) = (self.law.joined(world.node), self.labels.number(Vec::new()));
            let fresh = World { node, held: [NOTHING; 4], tasks: [0; 4], names, wanted: 0, ..*world };
            let heirs = self.inheriting(world, fresh).into_iter().map(|heir| (heir, open));
            return [(fresh, open)].into_iter().chain(heirs).collect();
        }
        // A snapshot that a user made has no name until it is seen.
        let is_new = |kind: &SnapshotKind| *kind == SnapshotKind::User || self.is_before_activation();
        let kinds = part.snapshots.iter().zip(self.labels.value(world.names));
        let unnamed = kinds.filter(|(kind, name)| is_new(kind) && **name == 0).count();
        if unnamed >= usize::from(call.user_snapshots) {
            return Vec::new();
        }
        let part = part.clone();
        let mut names = self.labels.value(world.names).clone();
        names.push(0);
        let names = self.labels.number(names);
        let made = self.with_user_snapshots(&part, call).into_iter();
        made.map(|part| (World { node: self.law.nodes.number(part), names, ..*world }, open)).collect()
    }

    /// Whether a shard may be on the node.
    pub(super) fn may_hold(&self, world: &World) -> bool {
        self.law.nodes.value(world.node).may_hold()
    }

    /// A slot of a world as the law looks at it, without any name.
    pub(super) fn local(&self, world: &World, slot: u8) -> Local {
        let is_left = self.is_left(world, slot.into());
        let held = if is_left { NOTHING } else { world.held[usize::from(slot)] };
        Local { slot, node: world.node, held, meant: Meant::Absent, membership: self.membership() }
    }

    fn membership(&self) -> Membership {
        let Standing { may_exist, may_lack, .. } = self.standing;
        match self.law.kind {
            Kind::Slot(_) => Membership { may_exist, may_lack: may_lack <= self.now },
            Kind::Node | Kind::Cluster => Membership { may_exist: true, may_lack: true },
        }
    }

    /// The worlds in which the slot looks for its snapshot, if it still has to.
    fn sought(&mut self, world: &World, held: HeldId) -> Vec<(Meant, World)> {
        let seeks = self.law.helds.value(held).seeks_name();
        self.meanings(world, if seeks { world.wanted } else { 0 })
    }

    /// What a name can mean: the snapshot that bears it, one of which no name was seen yet, or none.
    fn meanings(&mut self, world: &World, name: Label) -> Vec<(Meant, World)> {
        let mut meanings = vec![(Meant::Absent, *world)];
        if name == 0 {
            return meanings;
        }
        if self.law.kind != Kind::Node {
            return vec![(Meant::At(0), *world)]; // Whatever it means.
        }
        let names = self.labels.value(world.names).clone();
        if let Some(at) = names.iter().position(|known| *known == name) {
            return vec![(Meant::At(index(at)), *world)];
        }
        for at in (0..names.len()).filter(|at| names[*at] == 0) {
            if self.may_be_called(world.node, at, name) {
                let mut names = names.clone();
                names[at] = name;
                meanings.push((Meant::At(index(at)), World { names: self.labels.number(names), ..*world }));
            }
        }
        meanings
    }

    /// Whether a snapshot can have a name: those that maintenance_on chooses are no names for others (SNAP-5).
    fn may_be_called(&self, node: NodeId, at: usize, name: Label) -> bool {
        let kind = self.law.nodes.value(node).snapshots[at];
        (kind == SnapshotKind::Maintenance) == self.is_maintenance[name as usize]
    }

    /// Gives the worlds after an answer: none if what it told cannot be, several if it leaves open what was meant.
    fn told(&mut self, after: World, call: &Call, told: Told, mut give: impl FnMut(World)) {
        let (mut next, slot) = (after, usize::from(call.slot));
        match told {
            Told::Nothing => {}
            Told::Task => {
                let Some(task) = self.bound(next.tasks[slot], call.task) else { return };
                next.tasks[slot] = task;
            }
            Told::NewTask => {
                let Some(task) = self.bound(0, call.task) else { return };
                next.tasks[slot] = task;
                if self.seeker() == Some(slot) && self.law.helds.value(next.held[slot]).seeks_name() {
                    next.wanted = call.name;
                }
            }
            Told::Snapshots => {
                return self
                    .namings(&after, call.shown)
                    .into_iter()
                    .for_each(|names| give(World { names, ..after }));
            }
            Told::Snapshot(at) => {
                let mut names = self.labels.value(next.names).clone();
                let at = usize::from(at);
                if names[at] == 0 && self.may_be_called(next.node, at, call.shown) {
                    names[at] = call.shown;
                }
                if names[at] != call.shown {
                    return;
                }
                next.names = self.labels.number(names);
            }
        }
        give(next);
    }

    /// The id of a task after it was shown. A new one must be new (LIFE-19).
    fn bound(&self, known: Label, shown: Label) -> Option<Label> {
        match (known, shown) {
            (known, 0) => Some(known),
            (0, shown) => (!self.used[shown as usize]).then_some(shown),
            (known, shown) => (known == shown).then_some(shown),
        }
    }

    /// The names that the snapshots of a world can have after a list of all of them was shown, which is in no order:
    /// each way to give those that have none the rest of the list. If there are very many, they stay without.
    fn namings(&mut self, world: &World, shown: LabelsId) -> Vec<LabelsId> {
        let names = self.labels.value(world.names).clone();
        let mut rest = self.labels.value(shown).clone();
        for name in names.iter().filter(|name| **name != 0) {
            let Some(at) = rest.iter().position(|shown| shown == name) else { return Vec::new() };
            rest.swap_remove(at);
        }
        let is_twice = |at: usize| rest[..at].contains(&rest[at]) || names.contains(&rest[at]);
        let unnamed: Vec<_> = (0..names.len()).filter(|at| names[*at] == 0).collect();
        if rest.len() != unnamed.len() || (0..rest.len()).any(is_twice) {
            return Vec::new();
        }
        let for_maintenance = rest.iter().filter(|name| self.is_maintenance[**name as usize]).count();
        let kinds = &self.law.nodes.value(world.node).snapshots;
        let of_maintenance = unnamed.iter().filter(|at| kinds[**at] == SnapshotKind::Maintenance).count();
        if for_maintenance != of_maintenance && !self.is_before_activation() {
            return Vec::new();
        }
        if unnamed.len() > UNNAMED_MAX {
            return vec![world.names];
        }
        let mut ways = vec![names];
        for at in unnamed {
            let with_each = |names: &Vec<Label>| {
                let is_free = |name: &&Label| {
                    !names.contains(name)
                        && (self.may_be_called(world.node, at, **name) || self.is_users(kinds[at]))
                };
                let named = |name: &Label| {
                    let mut names = names.clone();
                    names[at] = *name;
                    names
                };
                rest.iter().filter(is_free).map(named).collect::<Vec<_>>()
            };
            ways = ways.iter().flat_map(with_each).collect();
        }
        ways.into_iter().map(|names| self.labels.number(names)).collect()
    }

    fn after(&mut self, world: &World, slot: usize, effect: Effect) -> World {
        if effect == (Effect { node: world.node, held: world.held[slot], fate: Fate::Same }) {
            return *world;
        }
        let mut next = World { node: effect.node, ..*world };
        match effect.fate {
            Fate::Same => {}
            Fate::Snapshots(number) => {
                let old = self.labels.value(world.names);
                let origins = self.law.origins(number).iter();
                let names = origins.map(|origin| origin.map_or(0, |at| old[usize::from(at)])).collect();
                next.names = self.labels.number(names);
                for held in &mut next.held {
                    *held = self.law.carried(*held, number);
                }
            }
            // What the other slots held may stay.
            Fate::Gone => next.names = self.labels.number(Vec::new()),
        }
        next.held[slot] = effect.held;
        if effect.held == NOTHING {
            next.tasks[slot] = 0;
        }
        let seeks = |slot: usize| self.law.helds.value(next.held[slot]).seeks_name();
        if next.wanted != 0 && !self.seeker().is_some_and(seeks) {
            next.wanted = 0;
        }
        next
    }

    /// The slot that may look for a snapshot by its name.
    fn seeker(&self) -> Option<usize> {
        match self.law.kind {
            Kind::Node => Some(NodeAction::MaintenanceOff as usize),
            Kind::Slot(NodeAction::MaintenanceOff) => Some(0),
            Kind::Slot(_) | Kind::Cluster => None,
        }
    }
}

pub(super) fn index(at: usize) -> u8 {
    u8::try_from(at).expect("cells are small")
}
