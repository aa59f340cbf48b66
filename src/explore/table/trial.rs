//! One part of a cluster, and everything that can come next of it, tried with the law.

use super::super::alphabet::{Alphabet, Owner};
use super::super::cell::{Cell, Cells, Place};
use super::super::facts::{Facts, Witness};
use super::super::project::Projection;
use super::super::{Bounds, Law};
use crate::model::{Cluster, Input, Reply};
use crate::spec::Rules;

/// What came of one input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) input: Input,
    pub(super) facts: Facts,
    /// The cells that are others now, in the order of their places.
    pub(super) effects: Vec<(Place, Cell)>,
    /// Whether it leads beyond the bounds, and is not followed.
    pub(super) beyond: bool,
}

/// The law as one exploration sees it.
#[derive(Debug, Clone)]
pub(in super::super) struct Trials {
    pub(in super::super) rules: Rules,
    pub(in super::super) law: Law,
    pub(in super::super) alphabet: Alphabet,
    pub(in super::super) bounds: Bounds,
    /// Which clusters count as one state.
    pub(in super::super) projection: Projection,
}

impl Trials {
    /// Every input of an owner that has an effect or an answer in a state, and what comes of it.
    pub(super) fn all(&self, cells: &Cells, owner: Owner, state: &[u32]) -> Vec<Outcome> {
        let before = cells.assemble(state);
        let mut witness = Witness::new(&self.rules, &before);
        let mut outcomes = Vec::new();
        self.each(&before, owner, |input, reply, after| {
            let mut effects = Vec::new();
            cells.differences(Some(&before), after, |place, cell| {
                if *cells.value(place, state[place]) != cell {
                    effects.push((place, cell));
                }
            });
            effects.sort_unstable_by_key(|(place, _)| *place);
            let facts = witness.see(input, reply, after);
            let beyond = !effects.is_empty() && !self.bounds.hold(&before, after);
            let effects = if beyond { Vec::new() } else { effects };
            outcomes.push(Outcome { input: input.clone(), facts, effects, beyond });
        });
        outcomes
    }

    /// Every input of an owner in a state, what it shows, and the state after it, if all its cells were met.
    pub(in super::super) fn next(
        &self,
        cells: &Cells,
        owner: Owner,
        state: &[u32],
    ) -> Vec<(Input, Facts, Option<Vec<u32>>)> {
        let after = |outcome: &Outcome| {
            let mut after = state.to_vec();
            for (place, cell) in &outcome.effects {
                after[*place] = cells.find(*place, cell)?;
            }
            Some(after)
        };
        let all = self.all(cells, owner, state).into_iter();
        all.map(|outcome| (after(&outcome), outcome)).map(|(after, it)| (it.input, it.facts, after)).collect()
    }

    /// Tries each input of an owner on a cluster. Events that do not happen are left out.
    pub(in super::super) fn each(
        &self,
        before: &Cluster,
        owner: Owner,
        mut tell: impl FnMut(&Input, &Reply, &Cluster),
    ) {
        let events = self.alphabet.events(before, &self.rules, owner);
        let mut after = before.clone();
        for input in self.alphabet.requests(owner).iter().chain(&events) {
            let reply = (self.law)(&mut after, &self.rules, input);
            if !matches!(reply, Reply::NotEnabled(_)) {
                tell(input, &reply, &after);
            }
            // Most requests change nothing.
            if after != *before {
                after.clone_from(before);
            }
        }
    }
}

/// Whether the outcomes in a state are also those in another, in which some places hold something else. Such a place
/// must keep what it has in both, or hold the same afterwards.
pub(super) fn agree(cells: &Cells, of: &[Outcome], others: &[Outcome], other: &[u32]) -> bool {
    of.len() == others.len() && of.iter().zip(others).all(|(one, two)| agrees(cells, one, two, other))
}

fn agrees(cells: &Cells, one: &Outcome, two: &Outcome, other: &[u32]) -> bool {
    let effect = |outcome: &'_ Outcome, place| outcome.effects.iter().position(|it| it.0 == place);
    let stays = |(place, cell): &(Place, Cell)| cells.value(*place, other[*place]) == cell;
    one.input == two.input
        && one.facts == two.facts
        && one.beyond == two.beyond
        && two.effects.iter().all(|(place, _)| effect(one, *place).is_some())
        && one.effects.iter().all(|it| match effect(two, it.0) {
            Some(at) => two.effects[at].1 == it.1,
            None => stays(it),
        })
}
