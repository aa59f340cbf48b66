//! States and cells with other names for the nodes.

use super::super::project::number;
use super::{Cell, Cells, OF_NODE, Place};
use crate::model::{Instance, NodeAction, NodeUid, Parameters, Slot, TaskId};

/// For each node, the node whose name it gets, both counted from 0.
pub(in crate::explore) type Renaming = [u32];

impl Cells {
    /// The place that a place becomes.
    pub(in crate::explore) fn renamed_place(&self, place: Place, renaming: &Renaming) -> Place {
        if place < self.of_nodes() {
            renaming[place / OF_NODE] as usize * OF_NODE + place % OF_NODE
        } else {
            place
        }
    }

    /// The state that a state becomes. Cells that were not met are added.
    pub(in crate::explore) fn renamed(&mut self, state: &[u32], renaming: &Renaming) -> Vec<u32> {
        let mut renamed = vec![0; state.len()];
        for (place, cell) in state.iter().enumerate() {
            let cell = self.renamed_cell(place, *cell, renaming);
            let to = self.renamed_place(place, renaming);
            renamed[to] = self.number(to, cell);
        }
        renamed
    }

    /// The state that a state becomes, if all its cells were met.
    pub(in crate::explore) fn find_renamed(&self, state: &[u32], renaming: &Renaming) -> Option<Vec<u32>> {
        let mut renamed = vec![0; state.len()];
        for (place, cell) in state.iter().enumerate() {
            let to = self.renamed_place(place, renaming);
            renamed[to] = self.find(to, &self.renamed_cell(place, *cell, renaming))?;
        }
        Some(renamed)
    }

    /// Whether a cell of a place names a node whose name is changed.
    pub(in crate::explore) fn names(&self, place: Place, renaming: &Renaming) -> bool {
        (0..self.count(place) as u32)
            .any(|cell| self.renamed_cell(place, cell, renaming) != *self.value(place, cell))
    }

    /// Adds what the cells of a place become, until nothing new comes of it.
    pub(in crate::explore) fn close(&mut self, place: Place, renaming: &Renaming) {
        let mut cell = 0;
        while (cell as usize) < self.count(place) {
            let renamed = self.renamed_cell(place, cell, renaming);
            self.number(place, renamed);
            cell += 1;
        }
    }

    /// What each cell of a place becomes. All of them were met.
    pub(in crate::explore) fn become_of(&self, place: Place, renaming: &Renaming) -> Vec<u32> {
        let cells = (0..self.count(place) as u32).map(|cell| self.renamed_cell(place, cell, renaming));
        cells.map(|cell| self.find(place, &cell).expect("what renaming makes was added")).collect()
    }

    fn renamed_cell(&self, place: Place, cell: u32, renaming: &Renaming) -> Cell {
        let uid = |uid: NodeUid| renamed_uid(uid, renaming);
        let mut cell = self.value(place, cell).clone();
        match &mut cell {
            Cell::Slot(Some(instance)) => rename_instance(instance, renaming),
            Cell::Shard(Some((at, _))) => *at = uid(*at),
            Cell::Endpoints(bound) => {
                bound.iter_mut().for_each(|at| *at = uid(*at));
                bound.sort_unstable();
            }
            Cell::Shared(shared) => {
                shared.primary = shared.primary.map(uid);
                for gone in &mut shared.departed {
                    gone.uid = uid(gone.uid);
                    let slot = Slot::Node(gone.uid, NodeAction::Remove);
                    gone.removal.task = TaskId(number(slot, self.nodes()));
                }
                shared.departed.sort_unstable_by_key(|gone| gone.uid);
            }
            Cell::Slot(None) | Cell::Shard(None) | Cell::Node(_) | Cell::Snapshots(_) | Cell::Loaded(_) => {}
        }
        cell
    }
}

/// What an instance that has ended asked for is left out of a projection, and names nobody.
fn rename_instance(instance: &mut Instance, renaming: &Renaming) {
    if !instance.is_live() {
        return;
    }
    if let Parameters::ChangeMaster(order) = &mut instance.parameters {
        order.node = renamed_uid(order.node, renaming);
    }
    for moved in &mut instance.work.moved {
        moved.from = renamed_uid(moved.from, renaming);
        moved.to = renamed_uid(moved.to, renaming);
    }
    instance.work.moved.sort_unstable_by_key(|moved| (moved.shard, moved.to));
}

/// The name that a node gets.
fn renamed_uid(uid: NodeUid, renaming: &Renaming) -> NodeUid {
    renaming.get((uid.0 as usize).wrapping_sub(1)).map_or(uid, |other| NodeUid(other + 1))
}
