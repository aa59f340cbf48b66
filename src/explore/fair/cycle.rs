//! A fair cycle among the states in which a slot lives, if there is one.
//!
//! The states in which one instance lives, and the transitions that leave it alive, are cut into strongly connected
//! components. A component is fair if every slot either makes a move inside of it, or cannot move on in one of its
//! states: then a run can go round in it for ever and starve nobody.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::super::alphabet::Owner;
use super::super::examples::Ways;
use super::super::store::StateId;
use super::super::table::{EntryId, Part, Transition};
use super::super::word::Word;
use super::Lasso;
use crate::model::{Instance, Slot};

/// Larger spaces are not searched.
const STATES_MAX: usize = 2_000_000;

/// A transition between states in which the slot lives.
#[derive(Debug, Clone, Copy)]
struct Edge {
    to: usize,
    input: u32,
    moved: Option<Slot>,
}

/// The states in which an instance lives in one slot.
struct Living<'a, W> {
    ways: &'a Ways<'a, W>,
    part: Part,
    ids: Vec<StateId>,
    /// The number of each word, ascending.
    index: BTreeMap<W, usize>,
}

/// Looks for a fair cycle in which a slot lives for ever. `None` if the space is too large to look.
pub(super) fn find<W: Word>(ways: &Ways<'_, W>, part: Part, slot: Slot) -> Option<Option<Lasso>> {
    if ways.search.len() > STATES_MAX {
        return None;
    }
    let is_live = |id: &StateId| lives(ways, part, ways.search.state(*id).1[part.place]);
    let ids: Vec<StateId> = ways.search.ids().filter(is_live).collect();
    let index = ids.iter().enumerate().map(|(at, id)| (ways.search.state(*id).0, at)).collect();
    let living = Living { ways, part, ids, index };
    let components = living.components();
    let fair = components.into_iter().find_map(|component| living.round(&component));
    Some(fair.map(|(state, around)| {
        let mut inputs = ways.inputs(&ways.search.way_to(living.ids[state]));
        let stem = inputs.len();
        inputs.extend(around);
        let inputs: Vec<_> = inputs.iter().map(|input| ways.table.inputs.value(*input).clone()).collect();
        Lasso { slot, example: ways.case(&inputs), stem }
    }))
}

fn lives<W: Word>(ways: &Ways<'_, W>, part: Part, cell: u32) -> bool {
    ways.table.cells.instance(part.place, cell).is_some_and(Instance::is_live)
}

impl<W: Word> Living<'_, W> {
    fn entries(&self, state: &[u32]) -> impl Iterator<Item = (Part, EntryId)> {
        let table = self.ways.table;
        let entries =
            (0..table.parts.len()).filter_map(|part| Some((table.parts[part], table.entry(part, state)?)));
        entries.collect::<Vec<_>>().into_iter()
    }

    /// The transitions of a state that leave the instance alive.
    fn edges(&self, at: usize) -> Vec<Edge> {
        let (_, state) = self.ways.search.state(self.ids[at]);
        let mut edges = Vec::new();
        for (_, entry) in self.entries(&state) {
            for transition in &self.ways.table.entries[entry as usize].transitions {
                edges.extend(self.edge(&state, transition));
            }
        }
        edges
    }

    fn edge(&self, state: &[u32], transition: &Transition) -> Option<Edge> {
        let facts = self.ways.table.facts.value(transition.facts);
        let next = transition.applied_to(state);
        let anew = facts.is_accepted_submission() && next[self.part.place] != state[self.part.place];
        if anew || transition.beyond {
            return None;
        }
        let to = *self.index.get(&self.ways.search.layout.pack(&next))?;
        Some(Edge { to, input: transition.input, moved: facts.moved })
    }

    /// The strongly connected components (Tarjan's algorithm, without recursion).
    fn components(&self) -> Vec<Vec<usize>> {
        const NEW: usize = usize::MAX;
        let (mut order, mut low) = (vec![NEW; self.ids.len()], vec![NEW; self.ids.len()]);
        let mut on_stack = vec![false; self.ids.len()];
        let (mut stack, mut components, mut count) = (Vec::new(), Vec::new(), 0);
        for root in 0..self.ids.len() {
            if order[root] != NEW {
                continue;
            }
            let mut open: Vec<(usize, Vec<Edge>)> = vec![(root, Vec::new())];
            while let Some((at, edges)) = open.last_mut() {
                let at = *at;
                if order[at] == NEW {
                    (order[at], low[at]) = (count, count);
                    count += 1;
                    stack.push(at);
                    on_stack[at] = true;
                    *edges = self.edges(at);
                }
                match edges.pop() {
                    Some(Edge { to, .. }) if order[to] == NEW => open.push((to, Vec::new())),
                    Some(Edge { to, .. }) => {
                        if on_stack[to] {
                            low[at] = low[at].min(order[to]);
                        }
                    }
                    None => {
                        open.pop();
                        if let Some((parent, _)) = open.last() {
                            low[*parent] = low[*parent].min(low[at]);
                        }
                        if low[at] == order[at] {
                            let from = stack.iter().rposition(|it| *it == at).expect("it is on the stack");
                            let component: Vec<usize> = stack.drain(from..).collect();
                            component.iter().for_each(|it| on_stack[*it] = false);
                            components.push(component);
                        }
                    }
                }
            }
        }
        components
    }

    /// A state of a component, and the inputs of a fair round from it, if there is one.
    fn round(&self, component: &[usize]) -> Option<(usize, Vec<u32>)> {
        let inside: BTreeSet<usize> = component.iter().copied().collect();
        let mut moves: BTreeMap<Slot, (usize, Edge)> = BTreeMap::new();
        let mut waits: BTreeMap<Slot, usize> = BTreeMap::new();
        for at in component {
            for edge in self.edges(*at).into_iter().filter(|edge| inside.contains(&edge.to)) {
                if let Some(slot) = edge.moved {
                    moves.entry(slot).or_insert((*at, edge));
                }
            }
            let (_, state) = self.ways.search.state(self.ids[*at]);
            for (part, entry) in self.entries(&state) {
                if let (Owner::Slot(slot), false) =
                    (part.owner, self.ways.table.entries[entry as usize].leads_on)
                {
                    waits.entry(slot).or_insert(*at);
                }
            }
        }
        let slots = self.ways.table.parts.iter().filter_map(|part| match part.owner {
            Owner::Slot(slot) => Some(slot),
            Owner::Node(_) | Owner::Cluster => None,
        });
        let (start, mut at, mut inputs) = (component[0], component[0], Vec::new());
        for slot in slots {
            match (moves.get(&slot), waits.get(&slot)) {
                (Some((from, edge)), _) => {
                    inputs.extend(self.between(&inside, at, *from));
                    inputs.push(edge.input);
                    at = edge.to;
                }
                (None, Some(wait)) => {
                    inputs.extend(self.between(&inside, at, *wait));
                    at = *wait;
                }
                (None, None) => return None,
            }
        }
        inputs.extend(self.between(&inside, at, start));
        Some((start, inputs))
    }

    /// The inputs on a shortest way between two states of a component.
    fn between(&self, inside: &BTreeSet<usize>, from: usize, to: usize) -> Vec<u32> {
        let mut reached: BTreeMap<usize, (usize, u32)> = BTreeMap::new();
        let mut open = VecDeque::from([from]);
        while let Some(at) = open.pop_front().filter(|at| *at != to) {
            for edge in self.edges(at) {
                if inside.contains(&edge.to) && edge.to != from && !reached.contains_key(&edge.to) {
                    reached.insert(edge.to, (at, edge.input));
                    open.push_back(edge.to);
                }
            }
        }
        let mut inputs = Vec::new();
        let mut at = to;
        while let Some((before, input)) = reached.get(&at).filter(|_| at != from) {
            inputs.push(*input);
            at = *before;
        }
        inputs.reverse();
        inputs
    }
}
