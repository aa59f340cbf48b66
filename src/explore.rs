//! Everything that can happen: all states that a cluster can reach, exactly.
//!
//! [`explore`] starts at a cluster and tries every input of a chosen alphabet in every state, to the end, with the
//! law's own `step`. What comes out is no sample: a cell of the matrix that is not reached cannot be reached, an
//! invariant that is not broken holds, and every example is a shortest one.
//!
//! Where to look:
//!
//! - [`alphabet`](Choice): what is asked and what happens.
//! - `project`: which clusters count as one state, and why that is sound.
//! - `cell`, `table`: a state in cells, and the law by cell, worked out from the law.
//! - `word`, `store`, `search`: a state as one machine word, the visited set, the levels.
//! - `facts`, `examples`: what a transition shows, and the shortest way to it.
//! - `fair`: whether everything ends, under weak fairness.
//! - `tell`: whether two sets of rules can be told apart from outside.
//! - [`plain`]: the same search without cells, words and threads, to compare with.
//!
//! Deliberately absent: time, numbers of tasks, and progress unless it is asked for. A snapshot has an age, not a date.

mod alphabet;
mod cell;
mod examples;
mod facts;
mod fair;
pub mod plain;
mod project;
mod search;
mod store;
mod table;
mod tell;
mod threads;
mod word;

use std::fmt;

use crate::model::{Cluster, Node};
use crate::sim::Law;
use crate::spec::Rules;
use alphabet::Alphabet;
use search::Search;
use table::{Table, Trials};
use word::{TooWide, Word};

pub use alphabet::{ACTIONS, Choice, Events, Requests};
pub use examples::{Answers, Example};
pub use facts::{Facts, MatrixCell};
pub use fair::{Ending, Lasso};
pub use project::project;
pub use search::{Budget, Stop};
pub use tell::{Call, Experiment, Told, tell_apart, tell_apart_by_any};

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
}

impl Options {
    /// Everything that can happen by default, from a cluster on.
    pub fn new(start: Cluster, rules: Rules) -> Self {
        let (choice, bounds, budget) = Default::default();
        Self { start, rules, law: crate::model::step, choice, bounds, budget, threads: 1 }
    }

    fn trials(&self) -> Trials {
        let nodes = self.start.nodes().last().map_or(0, |node| node.uid.0);
        let alphabet = Alphabet::new(&self.choice, nodes);
        Trials { rules: self.rules, law: self.law, alphabet, bounds: self.bounds }
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
}

impl Default for Bounds {
    fn default() -> Self {
        Self { snapshots: 3, activations: 3, moved: 8 }
    }
}

impl Bounds {
    fn hold(&self, cluster: &Cluster) -> bool {
        cluster.nodes().iter().all(|node| self.hold_on(node))
    }

    fn hold_on(&self, node: &Node) -> bool {
        let mut runs = node.slots.iter().flatten();
        node.snapshots.len() <= self.snapshots
            && node.activations <= self.activations
            && runs.all(|run| run.work.moved.len() <= self.moved)
    }
}

/// What came of an exploration.
#[derive(Debug)]
pub struct Explored {
    /// How many states were reached.
    pub states: u64,
    /// How many transitions start in them: requests, and events that happen.
    pub transitions: u64,
    /// How many states there are at each distance from the start.
    pub levels: Vec<u64>,
    /// Transitions that lead beyond the bounds. If there are any, the space is larger than what was explored.
    pub beyond: u64,
    /// Why it stopped before the end, if it did.
    pub stop: Option<Stop>,
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
}

/// Why something cannot be explored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unexplorable {
    /// The uids of the nodes are not 1 to their number.
    Uids,
    /// A state takes more than 127 bits.
    TooWide,
}

impl fmt::Display for Unexplorable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Uids => "the uids of the nodes are not 1, 2, 3 and so on",
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
    let uids = options.start.nodes().iter().map(|node| node.uid.0);
    if !uids.eq(1..=options.start.nodes().len() as u32) {
        return Err(Unexplorable::Uids);
    }
    let trials = options.trials();
    let start = trials.projection().project(&options.start);
    let mut table = Table::new(trials, options.threads);
    let start = table.cells.split(&start);
    table.meet();
    let narrow = with_words::<u64>(options, &mut table, &start);
    let wide = narrow.or_else(|_| with_words::<u128>(options, &mut table, &start));
    wide.map_err(|TooWide| Unexplorable::TooWide)
}

fn with_words<W: Word>(options: &Options, table: &mut Table, start: &[u32]) -> Result<Explored, TooWide> {
    let search = loop {
        // What the table has learned is kept.
        if let Ok(search) = Search::<W>::run(table, start, options.budget, options.threads)? {
            break search;
        }
    };
    Ok(Explored {
        states: search.len() as u64,
        transitions: search.transitions,
        beyond: search.beyond,
        stop: search.stop,
        bits: search.layout.bits(),
        bytes: search.bytes(),
        table: table.size(),
        answers: Answers::of(options, table, &search),
        levels: search.levels,
    })
}
