//! A corpus: few and short cases that an implementation in any language can vendor, with what may be answered.
//!
//! [`Corpus::make`] works it out from the law, for any answers to the open questions. It is a file of JSON Lines
//! (`fixtures/schema/corpus.schema.json`): a header, then one case a line. Whoever plays it needs HTTP, JSON and a matcher
//! for the [patterns](pattern), and nothing else of this program.
//!
//! # How a case is played
//!
//! The cluster is made afresh, with the nodes that the header says and the first of them as primary, and nobody else
//! uses it. A case begins with its step 0. A step sends its request. `{s1}` in a path stands for what is bound to that
//! name; if nothing is, the case is missed. The answer goes with the first of `answers` that has its status code and a
//! `body` that matches; without a `body` any matches. What that says of `then` comes next:
//!
//! - a number: that step. If the answer also says `"wait": true`, wait a little before, as long as there is patience;
//!   without patience the case is missed. So a case looks again until something has happened.
//! - `"done"`: the case was played to its end, and the implementation did what the case is about.
//! - `"missed"`: the law allows this answer, but the server took another course. The case can be tried again, on a fresh
//!   cluster. It proves nothing; it is no failure.
//!
//! If none of `answers` matches, the answer contradicts the documents, under the readings that the header names. The
//! exception is a status code of 500 or more, which no document speaks of: the case is missed.
//!
//! # Why nobody is accused wrongly
//!
//! The answers of a step are those of *all* worlds that the answers so far leave possible, whatever the cluster did by
//! itself in between (`worlds`). So a case needs no command over what happens: it looks until it has happened.

mod answer;
mod choose;
mod course;
mod fact;
mod file;
pub mod pattern;
mod play;
mod plot;
mod worlds;

use std::collections::BTreeMap;

pub use crate::wire::BadLine;
pub use choose::Coverage;
pub use play::{Diverged, Played, play, play_to};

use crate::model::Request;
use crate::spec::Rules;
use pattern::Pattern;

/// What the header of a corpus says in its member `format`.
pub const FORMAT: &str = crate::wire::format::CORPUS;

/// A set of cases, and what it assumes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corpus {
    /// The edition of the documents.
    pub edition: String,
    /// All readings that it assumes: each with its variant.
    pub rules: BTreeMap<String, String>,
    /// How many nodes there are at first. Their uids are 1 to this, and the first is primary.
    pub nodes: u32,
    /// The version of this program that made it.
    pub version: String,
    /// The cases, the shortest first.
    pub cases: Vec<Case>,
}

/// Some requests, one after the other, and what may be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What it is about. No other case has the same name.
    pub name: String,
    /// The cells of (operation, status, answer) that it goes through.
    pub cells: Vec<String>,
    /// The clauses that show in it.
    pub clauses: Vec<String>,
    /// What the server must do by itself and nobody can ask for: `fail`, `abort`. Without it the case is missed.
    pub needs: Vec<String>,
    /// The steps; it begins with the first.
    pub steps: Vec<Step>,
}

/// A request, and what may be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is asked.
    pub request: Request,
    /// The clauses and readings that decide what may be answered.
    pub clauses: Vec<String>,
    /// What may be answered. An answer goes with the first that it matches.
    pub answers: Vec<Expected>,
}

/// An answer that is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The status code.
    pub status: u16,
    /// What the body may be.
    pub body: Pattern,
    /// What comes next.
    pub then: Then,
    /// Whether to give the server some time before that.
    pub waits: bool,
}

/// What comes after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The step of this number.
    Step(usize),
    /// Nothing: the case was played to its end.
    Done,
    /// Nothing: the server took another course.
    Missed,
}

impl Corpus {
    /// Works out the cases for a cluster of so many nodes, under some rules. The same arguments give the same corpus.
    pub fn make(rules: &Rules, nodes: u32) -> (Self, Coverage) {
        let (cases, coverage) = choose::choose(rules, nodes);
        let corpus = Self {
            edition: rules.edition().name().to_owned(),
            rules: rules.answers().into_iter().collect(),
            nodes,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            cases,
        };
        (corpus, coverage)
    }

    /// How many steps all cases have.
    pub fn steps(&self) -> usize {
        self.cases.iter().map(|case| case.steps.len()).sum()
    }
}
