//! A cluster in cells: what each slot holds, what each node is beside its slots, and what all share.
//!
//! A cell is a small number; a state is one number for each place. The same number means the same in each slot of one
//! action, and at each node, so that nodes can change places.

use std::sync::Arc;

use super::project::{Projection, number};
use crate::intern::Interner;
use crate::model::{Cluster, Database, Departed, Instance, Node, NodeAction, NodeUid, Parts, Slot, TaskId};

/// The number of a place: the slots in order, the nodes, what all share.
pub(super) type Place = usize;

/// What is in a place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(clippy::large_enum_variant, reason = "each is kept once, and most are slots")]
pub(super) enum Cell {
    /// What a slot holds. The number of its task is left out.
    Slot(Option<Instance>),
    /// What a node is, if it is a member. Its uid and its slots are left out.
    Node(Option<Node>),
    /// What all nodes share.
    Shared(Shared),
}

/// What no node has for itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Shared {
    primary: Option<NodeUid>,
    departed: Vec<Departed>,
    databases: Vec<Database>,
    persistent_node_removal: bool,
}

/// All cells that were met, for clusters of the nodes 1 to some number.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    projection: Projection,
    /// One for each action of a node, then the cluster action, the nodes, and what all share.
    kinds: [Interner<Cell>; KINDS],
}

const ACTIONS: usize = NodeAction::ALL.len();
const KINDS: usize = ACTIONS + 3;

impl Cells {
    pub(super) fn new(projection: Projection) -> Self {
        Self { projection, kinds: Default::default() }
    }

    fn nodes(&self) -> u32 {
        self.projection.nodes
    }

    /// How many places there are.
    pub(super) fn places(&self) -> usize {
        self.nodes() as usize * (ACTIONS + 1) + 2
    }

    /// The place of a slot.
    pub(super) fn of_slot(&self, slot: Slot) -> Place {
        match slot {
            Slot::Node(uid, action) => (uid.0 as usize - 1) * ACTIONS + action as usize,
            Slot::ChangeMaster => self.nodes() as usize * ACTIONS,
        }
    }

    /// The place of a node.
    pub(super) fn of_node(&self, uid: NodeUid) -> Place {
        self.nodes() as usize * ACTIONS + uid.0 as usize
    }

    /// The place of what all share.
    pub(super) fn shared(&self) -> Place {
        self.places() - 1
    }

    /// Places of one kind have the same cells.
    pub(super) fn kind(&self, place: Place) -> usize {
        let nodes = self.nodes() as usize;
        match place {
            place if place < nodes * ACTIONS => place % ACTIONS,
            place if place == nodes * ACTIONS => ACTIONS,
            place if place < self.places() - 1 => ACTIONS + 1,
            _ => ACTIONS + 2,
        }
    }

    /// How many cells can be in a place.
    pub(super) fn count(&self, place: Place) -> usize {
        self.kinds[self.kind(place)].len()
    }

    pub(super) fn number(&mut self, place: Place, cell: Cell) -> u32 {
        self.kinds[self.kind(place)].number(cell)
    }

    pub(super) fn value(&self, place: Place, number: u32) -> &Cell {
        self.kinds[self.kind(place)].value(number)
    }

    /// The instance in a slot of a state.
    pub(super) fn instance(&self, place: Place, number: u32) -> Option<&Instance> {
        match self.value(place, number) {
            Cell::Slot(held) => held.as_ref(),
            Cell::Node(_) | Cell::Shared(_) => None,
        }
    }

    /// The cells of a projected cluster.
    pub(super) fn split(&mut self, cluster: &Cluster) -> Vec<u32> {
        let mut found = Vec::with_capacity(self.places());
        self.differences(None, cluster, |place, cell| found.push((place, cell)));
        let mut state = vec![0; self.places()];
        for (place, cell) in found {
            state[place] = self.number(place, cell);
        }
        state
    }

    /// The cluster of a state.
    pub(super) fn assemble(&self, state: &[u32]) -> Cluster {
        let mut nodes = Vec::with_capacity(self.nodes() as usize);
        for uid in (1..=self.nodes()).map(NodeUid) {
            let place = self.of_node(uid);
            let Cell::Node(Some(rest)) = self.value(place, state[place]) else { continue };
            let slots = NodeAction::ALL.map(|action| self.held(Slot::Node(uid, action), state));
            nodes.push(Node { uid, slots, ..rest.clone() });
        }
        let Cell::Shared(shared) = self.value(self.shared(), state[self.shared()]) else {
            unreachable!("the last place is what all share");
        };
        let Shared { primary, departed, databases, persistent_node_removal } = shared.clone();
        let change_master = self.held(Slot::ChangeMaster, state);
        let tasks = number(Slot::ChangeMaster, self.nodes());
        Parts { nodes, primary, change_master, departed, databases, persistent_node_removal, tasks }
            .unchecked()
    }

    fn held(&self, slot: Slot, state: &[u32]) -> Option<Instance> {
        let place = self.of_slot(slot);
        let held = self.instance(place, state[place])?;
        Some(Instance { task: TaskId(number(slot, self.nodes())), ..held.clone() })
    }

    /// Tells each cell of a cluster that differs from a projected one, or all cells if there is none. The cluster
    /// itself need not be projected.
    pub(super) fn differences(
        &self,
        before: Option<&Cluster>,
        after: &Cluster,
        mut tell: impl FnMut(Place, Cell),
    ) {
        for uid in (1..=self.nodes()).map(NodeUid) {
            self.node_differences(uid, before, after, &mut tell);
        }
        let held = after.instance(Slot::ChangeMaster);
        if before.is_none_or(|before| before.instance(Slot::ChangeMaster) != held) {
            tell(self.of_slot(Slot::ChangeMaster), self.slot_cell(held.cloned(), Slot::ChangeMaster));
        }
        let same = before.is_some_and(|before| {
            before.primary() == after.primary()
                && before.departed() == after.departed()
                && before.databases() == after.databases()
        });
        if !same {
            let mut departed = after.departed().to_vec();
            for gone in &mut departed {
                self.projection.settle(&mut gone.removal, Slot::Node(gone.uid, NodeAction::Remove));
            }
            let shared = Shared {
                primary: after.primary(),
                departed,
                databases: after.databases().to_vec(),
                persistent_node_removal: after.persistent_node_removal(),
            };
            tell(self.shared(), Cell::Shared(shared));
        }
    }

    fn slot_cell(&self, mut held: Option<Instance>, slot: Slot) -> Cell {
        if let Some(instance) = &mut held {
            self.projection.settle(instance, slot);
            instance.task = TaskId(0);
        }
        Cell::Slot(held)
    }

    fn node_differences(
        &self,
        uid: NodeUid,
        before: Option<&Cluster>,
        after: &Cluster,
        tell: &mut impl FnMut(Place, Cell),
    ) {
        let arc = |cluster: &'_ Cluster| cluster.nodes().iter().find(|node| node.uid == uid).map(Arc::clone);
        let (old, new) = (before.map(arc), arc(after));
        if let (Some(Some(old)), Some(new)) = (&old, &new)
            && Arc::ptr_eq(old, new)
        {
            return;
        }
        let mut new = new.map(|node| Node::clone(&node));
        if let Some(node) = &mut new {
            self.projection.settle_node(node);
        }
        for action in NodeAction::ALL {
            let held = new.as_mut().and_then(|node| node.slots[action as usize].take());
            let was = old.as_ref().map(|old| old.as_ref().and_then(|node| node.instance(action)));
            if was != Some(held.as_ref()) {
                let slot = Slot::Node(uid, action);
                tell(self.of_slot(slot), self.slot_cell(held, slot));
            }
        }
        let without_slots = |node: Node| Node { uid: NodeUid(0), slots: [const { None }; ACTIONS], ..node };
        let new = new.map(without_slots);
        let was = old.map(|old| old.map(|node| without_slots(Node::clone(&node))));
        if was.as_ref() != Some(&new) {
            tell(self.of_node(uid), Cell::Node(new));
        }
    }
}
