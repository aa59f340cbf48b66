//! One question that the documents leave open, with the answers that can be defended.
//!
//! The questions stand in one file for each section of the catalogue. Which of them the model knows is
//! derived from [`super::rules`], not written down here.

mod change_master;
mod delete;
mod enslave_node;
mod error;
mod get;
mod http;
mod lifecycle;
mod maintenance_off;
mod maintenance_on;
mod model;
mod post;
mod remove;
mod snapshot;

use super::Edition;

/// One open question.
#[derive(Debug, PartialEq, Eq)]
pub struct Reading {
    /// Stable name, for example `R-CONFLICT-SCOPE`.
    pub id: &'static str,
    /// The question.
    pub question: &'static str,
    /// What speaks for which answer, with the clauses.
    pub evidence: &'static str,
    /// The answers that can be defended, never empty.
    pub variants: &'static [Variant],
    /// Whether several answers may hold at once.
    pub combines: bool,
    /// What an oracle does with the question.
    pub stance: Stance,
    /// The names of the answers that are assumed, in the order of [`Edition::ALL`]. For a question whose
    /// answers combine, the names are joined with `+`.
    pub defaults: [&'static str; 3],
    /// Why, and what exactly is judged.
    pub because: &'static str,
    /// How sure the default is.
    pub confidence: Confidence,
    /// How an observer from outside can tell which answer an implementation gives.
    pub tell: &'static str,
}

/// One answer to a question.
#[derive(Debug, PartialEq, Eq)]
pub struct Variant {
    /// Stable name within the reading, for example `CLUSTER-TYPE`.
    pub name: &'static str,
    /// What it says.
    pub meaning: &'static str,
}

/// What an oracle does with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stance {
    /// Settled well enough: another answer may be reported.
    Pin,
    /// A parameter: configured or inferred, a difference is never reported by itself.
    Param,
    /// Not judged.
    Free,
}

/// How sure a default is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Guessed.
    Low,
    /// Likely.
    Medium,
    /// Nearly certain.
    High,
}

/// The readings about one subject.
#[derive(Debug)]
pub struct Section {
    /// What the section is about.
    pub title: &'static str,
    /// Its readings.
    pub readings: &'static [Reading],
}

/// All sections, in the order of the catalogue.
pub const SECTIONS: &[Section] = &[
    Section { title: "lifecycle", readings: lifecycle::READINGS },
    Section { title: "reading statuses (GET)", readings: get::READINGS },
    Section { title: "starting (POST)", readings: post::READINGS },
    Section { title: "cancelling and removing a status (DELETE)", readings: delete::READINGS },
    Section { title: "remove", readings: remove::READINGS },
    Section { title: "maintenance_on", readings: maintenance_on::READINGS },
    Section { title: "maintenance_off", readings: maintenance_off::READINGS },
    Section { title: "snapshot endpoints", readings: snapshot::READINGS },
    Section { title: "enslave_node", readings: enslave_node::READINGS },
    Section { title: "change_master", readings: change_master::READINGS },
    Section { title: "errors and error bodies", readings: error::READINGS },
    Section { title: "authentication, permissions, HTTP", readings: http::READINGS },
    Section { title: "matters of the model itself", readings: model::READINGS },
];

/// All readings, in the order of the catalogue.
pub fn all() -> impl Iterator<Item = &'static Reading> {
    SECTIONS.iter().flat_map(|section| section.readings)
}

/// The reading of that name, if there is one. Names are compared exactly.
pub fn find(id: &str) -> Option<&'static Reading> {
    all().find(|reading| reading.id == id)
}

impl Reading {
    /// The name of the answer that is assumed in an edition.
    pub fn default_in(&self, edition: Edition) -> &'static str {
        self.defaults[edition as usize]
    }
}
