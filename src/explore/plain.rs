//! The search without cells, words and threads: clusters as they are, the law in each, one after the other.
//!
//! It is slow, and short enough to be believed. Tests compare the other one with it.

use std::collections::{BTreeMap, VecDeque};

use super::Options;
use super::facts::{Facts, MatrixCell};
use crate::intern::Interner;
use crate::model::Cluster;

/// What was reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reached {
    /// How many states.
    pub states: u64,
    /// How many transitions start in them.
    pub transitions: u64,
    /// How many lead beyond the bounds.
    pub beyond: u64,
    /// How many states there are at each distance from the start.
    pub levels: Vec<u64>,
    /// For each cell of the matrix, how many inputs it takes to show it.
    pub matrix: BTreeMap<MatrixCell, usize>,
    /// For each thing that must happen sometimes, how many inputs it takes.
    pub sometimes: BTreeMap<usize, usize>,
    /// For each invariant that is broken, how many inputs it takes.
    pub broken: BTreeMap<u8, usize>,
}

/// Explores everything that can be reached.
pub fn explore(options: &Options) -> Reached {
    let trials = options.trials();
    let projection = trials.projection;
    let mut states: Interner<Cluster> = Interner::default();
    let mut reached = Reached::default();
    let mut open = VecDeque::from([(states.number(projection.project(&options.start)), 0)]);
    while let Some((number, depth)) = open.pop_front() {
        reached.levels.resize(depth + 1, 0);
        reached.levels[depth] += 1;
        let before = states.value(number).clone();
        for owner in trials.alphabet.owners() {
            trials.each(&before, owner, |input, reply, after| {
                reached.transitions += 1;
                let facts = Facts::of(&options.rules, &before, input, reply, after);
                reached.note(&facts, depth + 1);
                let next = projection.project(after);
                if next == before {
                    return;
                }
                if !options.bounds.hold(&before, after) {
                    reached.beyond += 1;
                } else if states.find(&next).is_none() {
                    open.push_back((states.number(next), depth + 1));
                }
            });
        }
    }
    reached.states = states.len() as u64;
    reached
}

impl Reached {
    fn note(&mut self, facts: &Facts, depth: usize) {
        if let Some(cell) = facts.cell {
            self.matrix.entry(cell).or_insert(depth);
        }
        for at in (0..u128::BITS as usize).filter(|at| facts.sometimes >> at & 1 == 1) {
            self.sometimes.entry(at).or_insert(depth);
        }
        if let Some(broken) = facts.broken {
            self.broken.entry(broken).or_insert(depth);
        }
    }
}
