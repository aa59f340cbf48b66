//! The table is doubted: what it says of states that were reached is compared with what the law says there.
//!
//! An entry was worked out in the first state in which it was needed, and is taken to hold wherever its row sees the
//! same. So each is tried again in a few of the other states in which it was used, the last ones first, which are the
//! least like the first; and that now and then while the search goes on, each time in other states. What is wrong is
//! learned, and the search begins anew. A thorough exploration tries all entries in all states.

use super::super::cell::{Cells, Place};
use super::super::search::Search;
use super::super::store::StateId;
use super::super::threads;
use super::super::word::Word;
use super::trial::Outcome;
use super::{EntryId, Table};

/// In how many states each entry is tried again.
const TRIED: u32 = 4;

/// How many states are looked at; of more, as many, evenly spread.
const LOOKED_AT: usize = 200_000;

/// An entry, and a state in which it was used.
struct Use {
    part: usize,
    entry: EntryId,
    state: Vec<u32>,
}

impl Table {
    /// Whether entries were found wrong in a few states in which they were used. They are put right. Of each shard only
    /// the states from a number on are looked at.
    pub(in crate::explore) fn is_corrected<W: Word>(&mut self, search: &Search<W>, from: &[usize]) -> bool {
        let mut tried = vec![0; self.entries.len()];
        let few = |entry: EntryId| {
            tried[entry as usize] += 1;
            tried[entry as usize] <= TRIED
        };
        let uses = self.uses(search, search.last_ids(LOOKED_AT, from), few);
        self.are_corrected(&uses)
    }

    /// Whether entries were found wrong in any state that was reached. They are put right.
    pub(in crate::explore) fn is_corrected_anywhere<W: Word>(&mut self, search: &Search<W>) -> bool {
        let ids: Vec<StateId> = search.ids().collect();
        ids.chunks(LOOKED_AT).any(|ids| {
            let uses = self.uses(search, ids.iter().copied(), |_| true);
            self.are_corrected(&uses)
        })
    }

    /// The entries that are used in some states, as far as they are chosen.
    fn uses<W: Word>(
        &self,
        search: &Search<W>,
        ids: impl Iterator<Item = StateId>,
        mut chosen: impl FnMut(EntryId) -> bool,
    ) -> Vec<Use> {
        let mut uses = Vec::new();
        let mut state = vec![0; self.cells.places()];
        for id in ids {
            search.unpack(id, &mut state);
            for part in 0..self.parts.len() {
                // States that were not expanded yet may have none.
                if let Some(entry) = self.entry(part, &state).filter(|entry| chosen(*entry)) {
                    uses.push(Use { part, entry, state: state.clone() });
                }
            }
        }
        uses
    }

    fn are_corrected(&mut self, uses: &[Use]) -> bool {
        let wrong = threads::each(self.threads, uses, |it| !self.holds(it));
        let wrong: Vec<_> = uses.iter().zip(wrong).filter(|(_, wrong)| *wrong).map(|(it, _)| it).collect();
        let refined = self.refined();
        wrong.iter().for_each(|it| self.correct(it));
        assert!(wrong.is_empty() || self.refined() > refined, "what is wrong is told apart");
        !wrong.is_empty()
    }

    fn holds(&self, used: &Use) -> bool {
        let outcomes = self.trials.all(&self.cells, self.parts[used.part].owner, &used.state);
        self.is_said_by(used.entry, &outcomes, &used.state)
    }

    /// Whether outcomes in a state are those that an entry tells.
    pub(super) fn is_said_by(&self, entry: EntryId, outcomes: &[Outcome], state: &[u32]) -> bool {
        let transitions = &self.entries[entry as usize].transitions;
        transitions.len() == outcomes.len()
            && transitions.iter().zip(outcomes).all(|(transition, outcome)| {
                *self.inputs.value(transition.input) == outcome.input
                    && *self.facts.value(transition.facts) == outcome.facts
                    && transition.beyond == outcome.beyond
                    && have_effects(&self.cells, &transition.effects, outcome, state)
            })
    }

    /// Makes a row see the difference between the state in which an entry was worked out and one in which it is wrong.
    fn correct(&mut self, used: &Use) {
        let Use { part, entry, state } = used;
        let at = state[self.parts[*part].place] as usize;
        let known = self.rows[*part][at].entries().find(|(_, known)| known == entry);
        let Some((first, _)) = known else { return };
        let first = first.to_vec();
        let outcomes = self.trials.all(&self.cells, self.parts[*part].owner, &first);
        self.compare_with(*part, &first, state, &outcomes);
    }
}

/// Whether tabulated effects are those of an outcome in a state. What a place holds already is no effect.
fn have_effects(cells: &Cells, effects: &[(Place, u32)], outcome: &Outcome, state: &[u32]) -> bool {
    let effects = effects.iter().filter(|(place, cell)| state[*place] != *cell);
    let effects = effects.map(|(place, cell)| (*place, cells.value(*place, *cell)));
    effects.eq(outcome.effects.iter().map(|(place, cell)| (*place, cell)))
}
