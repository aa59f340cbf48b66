//! Whether every live instance ends, under weak fairness: what can always move on does so in the end.
//!
//! [`ending`] first looks for a proof in the table: in no reached state does a slot hold a live instance that cannot
//! move on, and no move lies on a cycle of the cells of its slot. Then an instance that never ended would make
//! infinitely many moves through finitely many cells, and one of them would lie on a cycle. If that fails, the states
//! themselves are searched for a fair cycle.

mod cycle;

use std::collections::{BTreeMap, BTreeSet};

use super::alphabet::Owner;
use super::examples::{Example, Ways};
use super::table::{Part, Transition};
use super::word::Word;
use crate::model::{Instance, Slot};

/// Whether every live instance ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// All end: no move lies on a cycle of cells.
    Ranked,
    /// All end: there is no fair cycle of states.
    Searched,
    /// Some do not.
    Lasso(Box<Lasso>),
    /// Not decided: the search did not come to its end, or the space is too large to look for a cycle of states.
    Open,
}

/// A run in which something lives for ever: a way to a state, and a cycle through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lasso {
    /// The slot that never ends.
    pub slot: Slot,
    /// The way to the cycle, then once around it.
    pub example: Example,
    /// How many of the inputs are the way there.
    pub stem: usize,
}

/// Whether every live instance ends.
pub(super) fn ending<W: Word>(ways: &Ways<'_, W>) -> Ending {
    let reached: Vec<bool> = ways.search.first.iter().map(Option::is_some).collect();
    let stuck = ways.table.entries.iter().zip(&reached).find(|(entry, reached)| **reached && entry.stuck);
    if ways.search.stop.is_some() {
        return Ending::Open;
    }
    let mut all = Ending::Ranked;
    for part in &ways.table.parts {
        let Owner::Slot(slot) = part.owner else { continue };
        // Where states stand for others, the moves of a slot are also those of its like on other nodes.
        let kind = |part: &Part| ways.table.cells.kind(part.place);
        let like = |other: &&Part| {
            if ways.search.is_reduced() { kind(other) == kind(part) } else { other.place == part.place }
        };
        let alike: Vec<_> = ways.table.parts.iter().filter(like).copied().collect();
        if stuck.is_none() && is_ranked(ways, &reached, &alike) {
            continue;
        }
        if ways.search.is_reduced() {
            return Ending::Open;
        }
        match cycle::find(ways, *part, slot) {
            Some(Some(lasso)) => return Ending::Lasso(Box::new(lasso)),
            Some(None) if all == Ending::Ranked => all = Ending::Searched,
            Some(None) => {}
            None => all = Ending::Open,
        }
    }
    all
}

/// Whether no move of some slots lies on a cycle of their cells.
fn is_ranked<W: Word>(ways: &Ways<'_, W>, reached: &[bool], parts: &[Part]) -> bool {
    let table = ways.table;
    let mut moves: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut all: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for Part { owner, place } in parts {
        let Owner::Slot(slot) = *owner else { continue };
        let is_live = |cell: u32| table.cells.instance(*place, cell).is_some_and(Instance::is_live);
        let mut note = |cell: u32, transition: &Transition| {
            let facts = table.facts.value(transition.facts);
            let to = transition.effects.iter().find(|(at, _)| at == place).map(|(_, to)| *to);
            let is_move = facts.moved == Some(slot);
            let starts_anew = facts.is_accepted_submission();
            let to = if is_move { Some(to.unwrap_or(cell)) } else { to };
            let Some(to) = to.filter(|to| is_live(cell) && is_live(*to) && !starts_anew) else { return };
            all.entry(cell).or_default().insert(to);
            if is_move {
                moves.insert((cell, to));
            }
        };
        table.each_transition(*place, reached, &mut note);
    }
    moves.into_iter().all(|(from, to)| !leads(&all, to, from))
}

/// Whether there is a way from a cell to another.
fn leads(edges: &BTreeMap<u32, BTreeSet<u32>>, from: u32, to: u32) -> bool {
    let (mut seen, mut open) = (BTreeSet::from([from]), vec![from]);
    while let Some(cell) = open.pop() {
        if cell == to {
            return true;
        }
        let next = edges.get(&cell).into_iter().flatten();
        open.extend(next.filter(|next| seen.insert(**next)));
    }
    false
}
