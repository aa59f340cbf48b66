//! What can happen, each with a shortest case that shows it.

use std::collections::BTreeMap;

use super::Options;
use super::facts::{Facts, MatrixCell};
use super::fair::{self, Ending};
use super::search::Search;
use super::store::StateId;
use super::table::Table;
use super::word::Word;
use crate::case::{Case, Signature};
use crate::model::invariant::{self, Broken, Judge};
use crate::model::{Input, Time};
use crate::script;
use crate::sim::{SOMETIMES, Sometimes};

/// A shortest case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// From the start to what it shows, which is the last line.
    pub case: Case,
}

impl Example {
    /// How many inputs it takes.
    pub fn len(&self) -> usize {
        self.case.lines.len()
    }

    /// Whether the start itself shows it.
    pub fn is_empty(&self) -> bool {
        self.case.lines.is_empty()
    }

    /// The inputs, one line each.
    pub fn script(&self) -> Vec<String> {
        self.case.lines.iter().map(|line| script::print(&line.input.act)).collect()
    }
}

/// What can happen, and how it comes to that.
#[derive(Debug)]
pub struct Answers {
    /// The cells of the matrix that can be reached, in order.
    pub matrix: BTreeMap<MatrixCell, Example>,
    /// Everything that must happen sometimes, with an example if it can happen here.
    pub sometimes: Vec<(&'static Sometimes, Option<Example>)>,
    /// The invariants that are broken.
    pub broken: Vec<(Box<Broken>, Example)>,
    /// Something lives and nothing moves on.
    pub deadlock: Option<Example>,
    /// Whether every live instance ends.
    pub ending: Ending,
}

/// A transition of a reached entry, where it is first met.
#[derive(Debug, Clone, Copy)]
pub(super) struct First {
    state: StateId,
    input: u32,
    facts: u32,
    depth: usize,
}

impl Answers {
    /// Whether something is wrong: an invariant is broken, or something lives that need not end.
    pub fn has_failure(&self) -> bool {
        !self.broken.is_empty() || self.deadlock.is_some() || matches!(self.ending, Ending::Lasso(_))
    }

    pub(super) fn of<W: Word>(options: &Options, table: &Table, search: &Search<W>) -> Self {
        let firsts = firsts(table, search);
        let ways = Ways { options, table, search };
        let first_of = |shows: &dyn Fn(&Facts) -> bool| {
            let shown = firsts.iter().filter(|(facts, _)| shows(table.facts.value(**facts)));
            shown.map(|(_, first)| *first).min_by_key(|first| first.depth)
        };
        let example = |first: First| ways.example(first.state, Some(first));
        let cells = table.facts.values().iter().filter_map(|facts| facts.cell);
        let cells: std::collections::BTreeSet<_> = cells.collect();
        let cell =
            |cell: MatrixCell| Some((cell, example(first_of(&|facts: &Facts| facts.cell == Some(cell))?)));
        let sometimes = SOMETIMES.iter().enumerate().map(|(at, thing)| {
            (thing, first_of(&|facts: &Facts| facts.sometimes >> at & 1 == 1).map(example))
        });
        let broken = (0..invariant::ALL.len()).filter_map(|at| {
            let first = first_of(&|facts: &Facts| facts.broken == Some(at as u8))?;
            ways.broken(example(first))
        });
        Self {
            matrix: cells.into_iter().filter_map(cell).collect(),
            sometimes: sometimes.collect(),
            broken: broken.collect(),
            deadlock: search.deadlock.map(|state| ways.example(state, None)),
            ending: fair::ending(&ways),
        }
    }
}

/// For each kind of facts, a transition that shows them first.
fn firsts<W: Word>(table: &Table, search: &Search<W>) -> BTreeMap<u32, First> {
    let mut firsts: BTreeMap<u32, First> = BTreeMap::new();
    for (entry, state) in table.entries.iter().zip(&search.first) {
        let Some(state) = *state else { continue };
        let depth = search.way_to(state).len();
        for transition in &entry.transitions {
            let first = First { state, input: transition.input, facts: transition.facts, depth };
            let known = firsts.entry(transition.facts).or_insert(first);
            if depth < known.depth {
                *known = first;
            }
        }
    }
    firsts
}

/// The ways to the states of a search.
pub(super) struct Ways<'a, W> {
    pub(super) options: &'a Options,
    pub(super) table: &'a Table,
    pub(super) search: &'a Search<W>,
}

impl<W: Word> Ways<'_, W> {
    /// A shortest case that leads to a state, and to one more transition there.
    pub(super) fn example(&self, state: StateId, last: Option<First>) -> Example {
        let way = self.search.way_to(state);
        if self.search.is_reduced() {
            return self.case(&self.renamed_inputs(&way, last));
        }
        let inputs = self.inputs(&way).into_iter().chain(last.map(|last| last.input));
        self.case(&inputs.map(|input| self.table.inputs.value(input).clone()).collect::<Vec<_>>())
    }

    /// The inputs along a way of states that stand for others: the law is asked, under the names that nodes have by then.
    fn renamed_inputs(&self, way: &[StateId], last: Option<First>) -> Vec<Input> {
        let Table { trials, cells, parts, facts, .. } = self.table;
        let mut state = self.search.state(way[0]).1;
        let next = |state: &[u32]| {
            let owners = parts.iter().map(|part| part.owner);
            owners.flat_map(|owner| trials.next(cells, owner, state)).collect::<Vec<_>>()
        };
        let mut inputs = Vec::new();
        for id in &way[1..] {
            let (stands, _) = self.search.state(*id);
            let leads = |after: &Vec<u32>| self.search.least_of(after) == stands;
            let found =
                next(&state).into_iter().find_map(|(input, _, after)| Some((input, after.filter(leads)?)));
            let (input, after) = found.expect("what stands for it was reached from what stands for this");
            inputs.push(input);
            state = after;
        }
        if let Some(last) = last {
            let shows = |facts: &Facts| (facts.cell, facts.sometimes, facts.broken);
            let shown = shows(facts.value(last.facts));
            let found = next(&state).into_iter().find(|(_, facts, _)| shows(facts) == shown);
            inputs.push(found.expect("what stands for this shows it").0);
        }
        inputs
    }

    /// The inputs that lead from each state to the next.
    pub(super) fn inputs(&self, way: &[StateId]) -> Vec<u32> {
        way.windows(2).map(|pair| self.input(pair[0], pair[1])).collect()
    }

    /// An input that leads from a state to another.
    fn input(&self, from: StateId, to: StateId) -> u32 {
        let (before, after) = (self.search.state(from).1, self.search.state(to).1);
        let entries = (0..self.table.parts.len()).filter_map(|part| self.table.entry(part, &before));
        let mut transitions = entries.flat_map(|entry| &self.table.entries[entry as usize].transitions);
        let found = transitions.find(|it| !it.effects.is_empty() && it.applied_to(&before) == after);
        found.expect("a state was reached from its parent").input
    }

    /// The case of some inputs: the law replays them on the cluster that the exploration started from.
    pub(super) fn case(&self, inputs: &[Input]) -> Example {
        let Options { rules, law, start, .. } = self.options;
        let mut case = Case::new(*rules, start.clone());
        let mut cluster = start.clone();
        for (second, input) in (1..).zip(inputs) {
            let input = Input { at: Time(second * 1_000_000), act: input.act.clone() };
            let reply = law(&mut cluster, rules, &input);
            case.record(input, &reply);
        }
        Example { case }
    }

    /// What a case breaks, which is told in the case, too.
    fn broken(&self, example: Example) -> Option<(Box<Broken>, Example)> {
        let Options { rules, law, start, .. } = self.options;
        let mut case = example.case;
        let mut cluster = start.clone();
        let mut judge = Judge::new(start);
        for line in &case.lines {
            let reply = law(&mut cluster, rules, &line.input);
            if let Err(broken) = judge.see(rules, &line.input, &reply, &cluster, |_, _, _| {}) {
                let words = script::print(&line.input.act);
                case.expect = Some(Signature {
                    check: broken.invariant.to_owned(),
                    operation: words.split(' ').next().unwrap_or_default().to_owned(),
                    expected: "holds".to_owned(),
                    observed: "broken".to_owned(),
                    status: String::new(),
                });
                return Some((broken, Example { case }));
            }
        }
        None
    }
}
