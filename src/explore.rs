//! Everything that can happen: all states that a cluster can reach, exactly.
//!
//! [`explore`] starts at a cluster and tries every input of a chosen alphabet in every state, to the end, with the
//! law's own `step`. What comes out is no sample: a cell of the matrix that is not reached cannot be reached, an
//! invariant that is not broken holds, and every example is a shortest one.
//!
//! One thing this rests on: what a transition depends on is found by trying, and then the law is tabulated. The table is
//! compared with the law in a part of the states that were reached, in all of them if `thorough` is asked for, and the
//! search begins anew where it was wrong.
//!
//! Where to look:
//!
//! - [`alphabet`](Choice): what is asked and what happens.
//! - `project`: which clusters count as one state, and why that is sound.
//! - `cell`, `table`: a state in cells, and the law by cell, worked out from the law.
//! - `word`, `store`, `search`: a state as one machine word, the visited set, the levels.
//! - `symmetry`: nodes that are interchangeable, and the state that stands for all that renaming makes of it.
//! - `facts`, `examples`: what a transition shows, and the shortest way to it.
//! - `one_node`: what campaigns are held against.
//! - `fair`: whether everything ends, under weak fairness.
//! - `tell`: whether two sets of rules can be told apart from outside.
//! - [`plain`]: the same search without cells, words and threads, to compare with.
//!
//! Deliberately absent: time, numbers of tasks, and progress unless it is asked for. A snapshot has an age, not a date.

mod alphabet;
mod budget;
mod cell;
mod examples;
mod facts;
mod fair;
mod one_node;
pub mod plain;
mod project;
mod search;
mod store;
mod symmetry;
mod table;
mod tell;
mod threads;
mod word;

use std::fmt;

use crate::model::{Cluster, Node, Slot};
use crate::sim::Law;
use crate::spec::Rules;
use alphabet::Alphabet;
use project::Projection;
use search::Search;
use symmetry::Classes;
use table::{Table, Trials};
use word::{TooWide, Word};

pub use alphabet::{ACTIONS, Choice, Events, Requests};
pub use budget::{Budget, Stop};
pub use examples::{Answers, Example};
pub use facts::{Facts, MatrixCell};
pub use fair::{Ending, Lasso};
pub use one_node::{broken_by_one_node, reachable_by_one_node};
pub use tell::{Call, Experiment, Told, Verdict, tell_apart, tell_apart_by_any};

/// What is explored.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it starts. The uids of its nodes are 1 to their number.
    pub start: Cluster,
    /// The rules.
    pub rules: Rules,
    /// The law: `model::step`, or one with a planted bug.
    pub law: Law,
    /// What is asked, and what happens.
    pub choice: Choice,
    /// What no state may exceed.
    pub bounds: Bounds,
    /// When to give up.
    pub budget: Budget,
    /// How many threads work. The result does not depend on it.
    pub threads: usize,
    /// Whether states are visited once that differ only by the names of interchangeable nodes.
    pub symmetry: bool,
    /// Whether the table is compared with the law in every state that was reached, and not only in some for each entry.
    pub thorough: bool,
}

impl Options {
    /// Everything that can happen by default, from a cluster on.
    pub fn new(start: Cluster, rules: Rules) -> Self {
        let (choice, bounds, budget) = Default::default();
        Self {
            start,
            rules,
            law: crate::model::step,
            choice,
            bounds,
            budget,
            threads: 1,
            symmetry: false,
            thorough: false,
        }
    }

    /// The cluster that stands for this one: of two for which the same one stands, everything that can happen here is
    /// the same, but for the numbers of tasks and times.
    pub fn project(&self, cluster: &Cluster) -> Cluster {
        self.projection().project(cluster)
    }

    fn nodes(&self) -> u32 {
        self.start.nodes().last().map_or(0, |node| node.uid.0)
    }

    fn projection(&self) -> Projection {
        Projection::new(self.nodes(), &self.rules, self.choice.files())
    }

    fn trials(&self) -> Trials {
        let alphabet = Alphabet::new(&self.choice, self.nodes());
        let projection = self.projection();
        Trials { rules: self.rules, law: self.law, alphabet, bounds: self.bounds, projection }
    }
}

/// What keeps a space finite where the law does not: transitions that lead beyond are counted and not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Snapshots on a node. One of maintenance is all there is from E-74 on; E-72 makes one at each activation.
    pub snapshots: usize,
    /// How often maintenance is active on a node (`R-STACK=COUNTER`).
    pub activations: u8,
    /// Shards that one run moved, each time counted.
    pub moved: usize,
    /// Whether each slot is used once: what clears or replaces an instance that has ended leads beyond, unless its node
    /// goes.
    pub once: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { snapshots: 3, activations: 3, moved: 8, once: false }
    }
}

impl Bounds {
    fn hold(&self, before: &Cluster, after: &Cluster) -> bool {
        after.nodes().iter().all(|node| self.hold_on(node)) && !(self.once && clears(before, after))
    }

    fn hold_on(&self, node: &Node) -> bool {
        let mut runs = node.slots.iter().flatten();
        node.snapshots.len() <= self.snapshots
            && node.activations <= self.activations
            && runs.all(|run| run.work.moved.len() <= self.moved)
    }
}

/// Whether an instance that has ended is no longer where it was.
fn clears(before: &Cluster, after: &Cluster) -> bool {
    let there = |slot: &Slot| slot == &Slot::ChangeMaster || after.node_of(*slot).is_some();
    let ended = before.slots().filter_map(|slot| Some((slot, before.instance(slot)?)));
    let mut ended = ended.filter(|(slot, instance)| !instance.is_live() && there(slot));
    ended.any(|(slot, instance)| after.instance(slot) != Some(instance))
}

/// What came of an exploration.
#[derive(Debug)]
pub struct Explored {
    /// How many states were reached.
    pub states: u64,
    /// How many there are if states that differ by the names of interchangeable nodes are counted apart.
    pub unreduced: u64,
    /// How many transitions start in them: requests, and events that happen.
    pub transitions: u64,
    /// How many states there are at each distance from the start.
    pub levels: Vec<u64>,
    /// Transitions that lead beyond the bounds. If there are any, the space is larger than what was explored.
    pub beyond: u64,
    /// Why it stopped before the end, if it did.
    pub stop: Option<Stop>,
    /// If states were known by fingerprints: the chance that two of them were taken for one, and something was missed for
    /// that, is at most 1 in 2 to the power of this.
    pub collision: Option<u32>,
    /// How many bits a state has.
    pub bits: u32,
    /// How many bytes the states took, with the ways to them.
    pub bytes: usize,
    /// The rows and entries of the table.
    pub table: (usize, usize),
    /// What can happen, and how it comes to that.
    pub answers: Answers,
}

impl Explored {
    /// Whether everything was explored that the bounds allow.
    pub fn is_complete(&self) -> bool {
        self.stop.is_none()
    }

    /// Whether it came to the end, and no bound of the space kept it from anything.
    pub fn is_whole(&self) -> bool {
        self.is_complete() && self.beyond == 0
    }
}

/// Why something cannot be explored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unexplorable {
    /// The uids of the nodes are not 1 to their number.
    Uids,
    /// A state takes more than 127 bits.
    TooWide,
    /// The law looks at the names of nodes that symmetry takes for interchangeable.
    Told,
}

impl fmt::Display for Unexplorable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Uids => "the uids of the nodes are not 1, 2, 3 and so on",
            Self::Told => {
                "the nodes are not interchangeable: the law looks at their numbers; explore without symmetry"
            }
            Self::TooWide => "a state takes more than 127 bits; explore fewer nodes, actions or events",
        })
    }
}

impl std::error::Error for Unexplorable {}

/// Explores everything that can be reached.
///
/// # Errors
///
/// The cluster is none that can be explored.
pub fn explore(options: &Options) -> Result<Explored, Unexplorable> {
    explore_watched(options, &mut |_| {})
}

/// The same, and tells now and then how many states were reached by then: fewer again where the search begins anew.
///
/// # Errors
///
/// The cluster is none that can be explored.
pub fn explore_watched(options: &Options, watch: &mut dyn FnMut(u64)) -> Result<Explored, Unexplorable> {
    let uids = options.start.nodes().iter().map(|node| node.uid.0);
    if !uids.eq(1..=options.start.nodes().len() as u32) {
        return Err(Unexplorable::Uids);
    }
    let trials = options.trials();
    let start = trials.projection.project(&options.start);
    let mut table = Table::new(trials, &options.start, options.threads);
    let start = table.cells.split(&start);
    let classes = if options.symmetry {
        Classes::of(&mut table.cells, &start, &options.choice)
    } else {
        Classes::default()
    };
    match with_words::<u64>(options, &mut table, &start, &classes, watch) {
        Err(TooWide) => with_words::<u128>(options, &mut table, &start, &classes, watch),
        explored => explored,
    }
    .unwrap_or(Err(Unexplorable::TooWide))
}

fn with_words<W: Word>(
    options: &Options,
    table: &mut Table,
    start: &[u32],
    classes: &Classes,
    watch: &mut dyn FnMut(u64),
) -> Result<Result<Explored, Unexplorable>, TooWide> {
    let search = loop {
        // What the table has learned is kept.
        if let Ok(search) = Search::<W>::run(table, start, classes, options.budget, watch)?
            && !(options.thorough && table.is_corrected_anywhere(&search))
        {
            break search;
        }
    };
    if symmetry::is_broken(classes, table, &search) {
        return Ok(Err(Unexplorable::Told));
    }
    Ok(Ok(Explored {
        states: search.len() as u64,
        unreduced: search.unreduced(),
        transitions: search.transitions,
        beyond: search.beyond,
        stop: search.stop,
        collision: search.collision(),
        bits: search.layout.bits(),
        bytes: search.bytes(),
        table: table.size(),
        answers: Answers::of(options, table, &search),
        levels: search.levels,
    }))
}
