//! The law as a table by cell, worked out from the law itself.
//!
//! For each owner of inputs and each of its cells there is a row. A row knows on which other places the outcomes
//! depend, and which of their cells are alike to it; it learns that by asking the law. Whenever an entry is worked out
//! in a state, every other place is given every other cell that it can have, one place at a time, and the law is
//! asked again: what gives another outcome is told apart from then on. So what a slot has to do with other slots, with
//! its node, with the quorum, is found out and not written down.
//!
//! One place at a time is not all of them together: the last node is the last because *all* others are gone. So what
//! the nodes are and share is also varied jointly, every combination of it if there are few, and everything else by
//! sample. What samples miss is looked for once more when the search has ended, in the states that were reached
//! (`doubt`); and `tests/suite/explore` compares whole searches with the plain one, which has no table.

mod doubt;
mod learn;
mod row;
mod trial;

use super::alphabet::Owner;
use super::cell::{Cells, Place};
use super::facts::Facts;
use crate::intern::Interner;
use crate::model::{Cluster, Input};
use row::Row;
use trial::Outcome;

pub(super) use trial::Trials;

/// The number of an entry.
pub(super) type EntryId = u32;

/// A transition, as it is the same wherever its entry holds.
#[derive(Debug, Clone)]
pub(super) struct Transition {
    /// The number of the input.
    pub(super) input: u32,
    /// The number of what it shows.
    pub(super) facts: u32,
    /// The cells that are others then.
    pub(super) effects: Box<[(Place, u32)]>,
    pub(super) beyond: bool,
}

impl Transition {
    /// The state that it leads to from one in which its entry holds.
    pub(super) fn applied_to(&self, state: &[u32]) -> Vec<u32> {
        let mut next = state.to_vec();
        for (place, cell) in &self.effects {
            next[*place] = *cell;
        }
        next
    }
}

/// What can come next of one part of a cluster.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) transitions: Box<[Transition]>,
    /// Whether one of them moves the instance of the slot on.
    pub(super) leads_on: bool,
    /// Whether the slot holds a live instance that nothing moves on.
    pub(super) stuck: bool,
}

/// An owner of inputs, and where it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) owner: Owner,
    pub(super) place: Place,
}

/// The law by cell.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) trials: Trials,
    pub(super) cells: Cells,
    pub(super) parts: Vec<Part>,
    /// For each part, for each cell.
    rows: Vec<Vec<Row>>,
    pub(super) entries: Vec<Entry>,
    pub(super) inputs: Interner<Input>,
    pub(super) facts: Interner<Facts>,
    /// How many cells of each place the rows know.
    known: Vec<usize>,
    threads: usize,
}

impl Table {
    pub(super) fn new(trials: Trials, start: &Cluster, threads: usize) -> Self {
        let cells = Cells::new(trials.projection, start);
        let place = |owner| match owner {
            Owner::Slot(slot) => cells.of_slot(slot),
            Owner::Node(uid) => cells.of_node(uid),
            Owner::Cluster => cells.shared(),
        };
        let parts: Vec<_> =
            trials.alphabet.owners().map(|owner| Part { owner, place: place(owner) }).collect();
        let known = vec![0; cells.places()];
        let rows = vec![Vec::new(); parts.len()];
        let (entries, inputs, facts) = (Vec::new(), Interner::default(), Interner::default());
        Self { trials, cells, parts, rows, entries, inputs, facts, known, threads }
    }

    /// How many threads work.
    pub(super) fn threads(&self) -> usize {
        self.threads
    }

    /// The entry of a part in a state, if it was worked out.
    #[inline]
    pub(super) fn entry(&self, part: usize, state: &[u32]) -> Option<EntryId> {
        self.rows[part].get(state[self.parts[part].place] as usize)?.entry(state)
    }

    fn add(&mut self, outcomes: Vec<Outcome>, is_live: bool) -> EntryId {
        let mut transitions = Vec::with_capacity(outcomes.len());
        let mut leads_on = false;
        for Outcome { input, facts, effects, beyond } in outcomes {
            leads_on |= facts.moved.is_some();
            let numbered = effects.into_iter().map(|(place, cell)| (place, self.cells.number(place, cell)));
            transitions.push(Transition {
                effects: numbered.collect(),
                input: self.inputs.number(input),
                facts: self.facts.number(facts),
                beyond,
            });
        }
        let stuck = is_live && !leads_on;
        self.entries.push(Entry { transitions: transitions.into(), leads_on, stuck });
        EntryId::try_from(self.entries.len() - 1).expect("memory ends before the numbers do")
    }

    /// Tells every transition of the reached entries, whoever owns it, with each cell of a place in which it may start.
    pub(super) fn each_transition(
        &self,
        place: Place,
        reached: &[bool],
        tell: &mut impl FnMut(u32, &Transition),
    ) {
        for (part, rows) in self.parts.iter().zip(&self.rows) {
            for (own, row) in rows.iter().enumerate() {
                for (state, entry) in row.entries() {
                    if !reached.get(entry as usize).is_some_and(|reached| *reached) {
                        continue;
                    }
                    let touches = |it: &&Transition| it.effects.iter().any(|(at, _)| *at == place);
                    for transition in &self.entries[entry as usize].transitions {
                        if part.place == place {
                            tell(own as u32, transition);
                        } else if touches(&transition) {
                            tell(state[place], transition);
                        }
                    }
                }
            }
        }
    }

    /// How often cells that were taken for alike were told apart. States that were expanded before may have been
    /// expanded by entries that do not hold in them.
    pub(super) fn refined(&self) -> usize {
        self.rows.iter().flatten().map(Row::refined).sum()
    }

    /// How many rows and entries there are.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.rows.iter().map(Vec::len).sum(), self.entries.len())
    }
}
