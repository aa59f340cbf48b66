//! What the documents leave open of what calls and removals leave behind, and no reading of the law settles.
//!
//! What the other actions of a node had may go with it or stay (R-REMOVE-OTHER-STATUSES), and a node that comes under
//! the uid of another may begin with it (R-REMOVE-UID-REUSE). What stays is what it was: the law of a member says what
//! it can show and become. It may be shown in one place and be missing in another.
//!
//! A POST to a node that is gone is refused, and whether that removes the status of the removal is said in two ways
//! (R-RESUBMIT-REJECTED, R-REMOVE-STATUS-AFTER). A change_master that is done at once may leave a status or none
//! (R-CHM-RECORD). A name makes a snapshot one of maintenance, or does not (R-SNAP-KIND).

use super::super::asked::WHOLE;
use super::super::call::Call;
use super::super::law::{Law, NOTHING};
use super::super::open::OpenId;
use super::super::part::{Held, Kind, Meant, NodePart, some_instance};
use super::super::seen::{Seen, Symbol};
use super::{Course, Local, Next, World};
use crate::model::{Method, NodeAction, Reply, SnapshotKind, Status};
use crate::spec::Rules;

impl Course<'_> {
    /// Adds what a call can have done, if it was answered as it was seen.
    pub(in super::super) fn take(&mut self, world: &World, open: OpenId, call: &Call, next: &mut Next) {
        let first = next.len();
        self.take_by_law(world, open, call, next);
        if !self.may_be_gone(world) {
            return;
        }
        let slot = usize::from(call.slot);
        let symbol = self.law.symbol(call.symbol);
        let is_post = symbol.request.method == Method::Post;
        let is_list = matches!(symbol.seen, Some(Seen::List { .. }));
        let is_removal = match self.law.kind {
            Kind::Slot(action) => action == NodeAction::Remove,
            Kind::Node | Kind::Cluster => slot == usize::from(WHOLE),
        };
        let is_empty = world.held[slot] == NOTHING;
        let status = self.law.helds.value(world.held[slot]).status();
        match (self.law.kind, is_removal) {
            (_, true) if is_post && status == Some(Status::Completed) => {
                let dropped = next[first..].iter().filter(|(after, _)| after.held[slot] == NOTHING);
                let dropped: Vec<_> = dropped.copied().collect();
                next.extend(dropped.into_iter().map(|(after, open)| (after.holding(world, slot), open)));
            }
            (Kind::Node, true) if is_list && self.has_left(world) => {
                self.take_of_member(world, open, call, next);
            }
            (Kind::Node, false) if !is_empty => {
                next[first..].iter_mut().for_each(|(after, _)| *after = after.holding(world, slot));
                if !is_post {
                    self.take_of_member(world, open, call, next);
                }
            }
            (Kind::Slot(_), false) if !is_empty => {
                let mut missing = Next::new();
                self.take_by_law(&world.without(slot), open, call, &mut missing);
                missing.retain(|(after, _)| after.held[slot] == NOTHING);
                next.extend(missing.into_iter().map(|(after, open)| (after.holding(world, slot), open)));
            }
            _ => {}
        }
    }

    /// The same as if the node were still there. It is not.
    fn take_of_member(&mut self, world: &World, open: OpenId, call: &Call, next: &mut Next) {
        let slot = usize::from(call.slot);
        let (member, mut taken) = (self.as_member(world), Next::new());
        self.take_by_law(&member, open, call, &mut taken);
        next.extend(taken.into_iter().map(|(after, open)| (world.holding(&after, slot), open)));
    }

    /// What a slot of a node that is gone can still become.
    pub(super) fn left_moves(&mut self, world: &World, open: OpenId, slot: usize) -> Next {
        let mut next = Next::new();
        let member = self.as_member(world);
        for (after, open) in self.follow(&member, open, slot, Law::moves) {
            next.push((world.holding(&after, slot), open));
        }
        next.extend(self.ended(world, slot).map(|ended| (ended, open)));
        next
    }

    /// The world in which the end of its node cancelled what a slot held, if that had not ended.
    pub(super) fn ended(&mut self, world: &World, slot: usize) -> Option<World> {
        if self.law.kind == Kind::Slot(NodeAction::Remove) {
            return None;
        }
        let status = self.law.helds.value(world.held[slot]).status()?;
        let cancelled = some_instance(self.law.kind.slot(slot), Status::Cancelled);
        (!status.is_final()).then(|| {
            let mut ended = *world;
            ended.held[slot] = self.law.helds.number(Held::One(cancelled));
            ended
        })
    }

    /// The worlds of a node that has joined again with something of what the one before it had. If nobody saw that it was
    /// gone, it was not (REM-11).
    pub(super) fn inheriting(&self, world: &World, fresh: World) -> Vec<World> {
        if self.standing.seen_gone > self.now {
            return Vec::new();
        }
        let mut found = vec![fresh];
        for slot in (0..world.held.len()).filter(|slot| world.held[*slot] != NOTHING) {
            let with: Vec<_> = found.iter().map(|heir| heir.holding(world, slot)).collect();
            found.extend(with);
        }
        found.split_off(1)
    }

    /// Whether a slot holds something of a node that is gone, and is not its removal.
    pub(in super::super) fn is_left(&self, world: &World, slot: usize) -> bool {
        let is_other = slot != usize::from(WHOLE) && world.held[slot] != NOTHING;
        is_other && self.law.kind == Kind::Node && self.may_be_gone(world)
    }

    fn has_left(&self, world: &World) -> bool {
        (0..world.held.len()).any(|slot| self.is_left(world, slot))
    }

    /// Whether the node may have been removed.
    fn may_be_gone(&self, world: &World) -> bool {
        match self.law.kind {
            Kind::Node => !self.law.nodes.value(world.node).is_member,
            Kind::Slot(_) => self.standing.may_vanish <= self.now,
            Kind::Cluster => false,
        }
    }

    fn as_member(&mut self, world: &World) -> World {
        World { node: self.law.joined(world.node), ..*world }
    }

    /// The node after a user made a snapshot of it that could be what this call is about. One that has a name like those
    /// of maintenance may be one of them, or not.
    pub(super) fn with_user_snapshots(&mut self, part: &NodePart, call: &Call) -> Vec<NodePart> {
        let seen = self.law.symbol(call.symbol).seen;
        let shows_name = match seen {
            Some(Seen::Snapshots(_)) => {
                let names = self.labels.value(call.shown).iter();
                names.copied().any(|name| self.is_maintenance[name as usize])
            }
            Some(Seen::NodeStatus { .. }) => true,
            _ => false,
        };
        let of_maintenance = shows_name && self.is_before_activation();
        let of_users = !matches!(seen, Some(Seen::NodeStatus { .. }));
        let kinds = [(of_users, SnapshotKind::User), (of_maintenance, SnapshotKind::Maintenance)];
        let made = kinds.into_iter().filter(|(may_be, _)| *may_be).map(|(_, kind)| {
            let snapshots = part.snapshots.iter().copied().chain([kind]).collect();
            NodePart { snapshots, ..part.clone() }
        });
        made.collect()
    }

    /// Whether a snapshot is one that a user made, and may have called as he liked: maintenance_on has made none yet.
    pub(super) fn is_users(&self, kind: SnapshotKind) -> bool {
        kind == SnapshotKind::User && self.is_before_activation()
    }

    /// Whether no maintenance_on can have begun on the node, so that users made whatever snapshots there are.
    pub(super) fn is_before_activation(&self) -> bool {
        self.now < self.standing.may_activate
    }

    /// What a call would be answered in a world, under some rules.
    pub(in super::super) fn predict(&mut self, world: &World, call: &Call, rules: &Rules) -> Vec<Reply> {
        let symbol = self.law.symbol(call.symbol).clone();
        let mut replies = Vec::new();
        for (meant, world) in self.meanings(world, call.name) {
            self.predict_meant(&world, call, &symbol, meant, rules, &mut replies);
        }
        let is_kept = self.is_left(world, call.slot.into()) && symbol.request.method != Method::Post;
        if is_kept || (matches!(symbol.seen, Some(Seen::List { .. })) && self.has_left(world)) {
            let member = self.as_member(world);
            self.predict_meant(&member, call, &symbol, Meant::Absent, rules, &mut replies);
        }
        replies
    }

    fn predict_meant(
        &self,
        world: &World,
        call: &Call,
        symbol: &Symbol,
        meant: Meant,
        rules: &Rules,
        replies: &mut Vec<Reply>,
    ) {
        let local = Local { meant, ..self.local(world, call.slot) };
        for reply in self.law.predict(local, symbol, rules) {
            if !replies.contains(&reply) {
                replies.push(reply);
            }
        }
    }
}

impl World {
    /// The same with what a slot of another world holds.
    fn holding(&self, other: &Self, slot: usize) -> Self {
        let mut world = *self;
        (world.held[slot], world.tasks[slot]) = (other.held[slot], other.tasks[slot]);
        world
    }

    /// The same with nothing in a slot.
    pub(super) fn without(&self, slot: usize) -> Self {
        let mut world = *self;
        (world.held[slot], world.tasks[slot]) = (NOTHING, 0);
        world
    }
}
