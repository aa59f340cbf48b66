//! Whether a recorded history can have come from an implementation of the law.
//!
//! [`judge`] looks for runs of the law that explain what clients saw: overlapping calls in any order, hidden events in
//! between, lost calls that acted or not, and the open questions answered in any one way for the whole run. If there is
//! one, the history conforms, and the verdict says which answers to the questions are still possible. If there is none
//! it diverges; if the budget ends first it is undecided. The rules of the API stand in [`crate::model`] and nowhere
//! here: the tables that the search reads are worked out from [`crate::model::step`].

mod asked;
mod bout;
mod call;
mod cleared;
mod core;
mod data;
mod divergence;
mod explain;
mod extract;
mod frontier;
mod judge;
mod law;
mod leeway;
mod lesson;
mod open;
mod outside;
mod part;
mod pass;
mod reading;
mod seen;
mod setting;
mod shelf;
mod sort;
mod unit;
mod world;
mod worlds;

pub use call::CellName;
pub use divergence::Divergence;
pub use explain::Expected;
pub use extract::{core_of, is_enough, write_core};
pub use frontier::Possible;
pub use judge::{Judge, Judgement, Place, Verdict, judge};
pub(crate) use leeway::{is_judged, refusal_codes};
pub use reading::Readings;

use crate::spec::Question;

/// What a judge is told.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Answers to questions that are known, beside those that the header of the history says.
    pub pins: Vec<(Question, usize)>,
    /// When to give up.
    pub budget: Budget,
    /// What the search leaves out because it cannot matter.
    pub reductions: Reductions,
}

/// When to give up on a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// After so many worlds were looked at.
    pub worlds: u64,
    /// When what was worked out takes about so many bytes.
    pub bytes: usize,
    /// When the slots of a node are no longer looked at together, but one by one: after a call that leaves more worlds
    /// possible.
    pub joint_worlds: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { worlds: 50_000_000, bytes: 4 << 30, joint_worlds: 64 }
    }
}

/// What the search leaves out because it cannot matter. Each can be switched off, which costs time and changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reductions {
    /// Readings of equal worlds are united.
    pub unites: bool,
    /// A read that fits is taken at the first chance.
    pub reads_first: bool,
    /// Of equal pending calls the one that ends first is taken first.
    pub equal_calls_in_order: bool,
    /// A world that another can still become is dropped.
    pub drops_dominated: bool,
    /// What a few calls make of the worlds is looked up, if the same calls met the same worlds before.
    pub looks_up: bool,
    /// Calls that the law cannot tell apart are one, such as a lost POST and another that says the same otherwise.
    pub merges_alike: bool,
    /// A world is given up in which a task is gone, or too far, that a call is still to show. What is refuted so is
    /// searched once more without.
    pub looks_ahead: bool,
}

impl Reductions {
    /// Those with which what is refuted is so at the first call that cannot be explained.
    pub(crate) fn in_step(self) -> Self {
        Self { looks_ahead: false, ..self }
    }
}

impl Default for Reductions {
    fn default() -> Self {
        Self {
            unites: true,
            reads_first: true,
            equal_calls_in_order: true,
            drops_dominated: true,
            looks_up: true,
            merges_alike: true,
            looks_ahead: true,
        }
    }
}
