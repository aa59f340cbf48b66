//! Which cells a cluster has, and which of them another one has not.

use std::sync::Arc;

use super::{ACTIONS, Cell, Cells, Place, Shared};
use crate::model::{Cluster, DbUid, Instance, Node, NodeAction, NodeUid, Shard, ShardUid, Slot, TaskId};

impl Cells {
    /// The cells of a projected cluster.
    pub(in crate::explore) fn split(&mut self, cluster: &Cluster) -> Vec<u32> {
        let mut found = Vec::with_capacity(self.places());
        self.differences(None, cluster, |place, cell| found.push((place, cell)));
        let mut state = vec![0; self.places()];
        for (place, cell) in found {
            state[place] = self.number(place, cell);
        }
        state
    }

    /// Tells each cell of a cluster that may differ from a projected one, or all cells if there is none. The cluster
    /// itself need not be projected.
    pub(in crate::explore) fn differences(
        &self,
        before: Option<&Cluster>,
        after: &Cluster,
        mut tell: impl FnMut(Place, Cell),
    ) {
        let mut data = before.is_none();
        for uid in (1..=self.nodes()).map(NodeUid) {
            data |= self.node_differences(uid, before, after, &mut tell);
        }
        if data {
            self.data_differences(before, after, &mut tell);
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

    /// Tells what is different of a node, and whether shards or endpoints on it may be.
    fn node_differences(
        &self,
        uid: NodeUid,
        before: Option<&Cluster>,
        after: &Cluster,
        tell: &mut impl FnMut(Place, Cell),
    ) -> bool {
        let arc = |cluster: &'_ Cluster| cluster.nodes().iter().find(|node| node.uid == uid).map(Arc::clone);
        let (old, new) = (before.map(arc), arc(after));
        if let (Some(Some(old)), Some(new)) = (&old, &new)
            && Arc::ptr_eq(old, new)
        {
            return false;
        }
        let mut new = new.map(|node| Node::clone(&node));
        if let Some(node) = &mut new {
            self.projection.settle_node(node);
        }
        let off = NodeAction::MaintenanceOff as usize;
        let was = old.as_ref().map(|old| old.as_deref());
        let loaded = |node: &Node| node.slots[off].as_ref().and_then(|off| off.work.loaded.clone());
        let now_loaded = new.as_ref().and_then(loaded);
        if was.is_none_or(|was| was.and_then(loaded) != now_loaded) {
            tell(self.of_loaded(uid), Cell::Loaded(now_loaded));
        }
        for action in NodeAction::ALL {
            let held = new.as_mut().and_then(|node| node.slots[action as usize].take());
            if was.is_none_or(|was| was.and_then(|node| node.instance(action)) != held.as_ref()) {
                let slot = Slot::Node(uid, action);
                let held = held.map(|mut held| {
                    held.work.loaded = None;
                    held
                });
                tell(self.of_slot(slot), self.slot_cell(held, slot));
            }
        }
        let snapshots = new.as_mut().map_or_else(Vec::new, |node| std::mem::take(&mut node.snapshots));
        if was.is_none_or(|was| was.map_or(&[][..], |was| &was.snapshots) != snapshots) {
            tell(self.of_snapshots(uid), Cell::Snapshots(snapshots));
        }
        let data = |node: Option<&Node>| node.map(|node| (node.shards.clone(), node.endpoints.clone()));
        let moved = was.is_none_or(|was| data(was) != data(new.as_ref()));
        let is = new.as_ref().map(bare);
        if was.is_none_or(|was| was.map(bare) != is) {
            tell(self.of_node(uid), Cell::Node(is));
        }
        moved
    }

    fn data_differences(
        &self,
        before: Option<&Cluster>,
        after: &Cluster,
        tell: &mut impl FnMut(Place, Cell),
    ) {
        for (place, uid) in self.shards() {
            let now = self.place_of(after, uid);
            if before.is_none_or(|before| self.place_of(before, uid) != now) {
                tell(place, Cell::Shard(now));
            }
        }
        for (place, db) in self.endpoints() {
            let now = bound_to(after, db);
            if before.is_none_or(|before| bound_to(before, db) != now) {
                tell(place, Cell::Endpoints(now));
            }
        }
    }

    fn place_of(&self, cluster: &Cluster, uid: ShardUid) -> Option<(NodeUid, Shard)> {
        let held =
            |node: &Arc<Node>| node.shard(uid).map(|shard| (node.uid, self.projection.settled(*shard)));
        cluster.nodes().iter().find_map(held)
    }
}

/// The nodes that the endpoints of a database are bound to.
fn bound_to(cluster: &Cluster, db: DbUid) -> Vec<NodeUid> {
    let bound = cluster.nodes().iter().filter(|node| node.endpoints.contains(&db));
    bound.map(|node| node.uid).collect()
}

/// A node without what has a place of its own.
fn bare(node: &Node) -> Node {
    let Node { up, bootstrapped, activations, leaving, quorum_only, capacity, .. } = *node;
    Node {
        up,
        bootstrapped,
        activations,
        leaving,
        quorum_only,
        capacity,
        slots: [const { None }; ACTIONS],
        ..Node::new(NodeUid(0))
    }
}
