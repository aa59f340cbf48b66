//! The case file: the inputs of a run, with the reply that each was given.
//!
//! *The inputs are the case; a seed only found it.* A case holds the rules, the cluster it starts from and every
//! input, so that [`Case::replay`] needs neither a generator nor a clock. The file is JSON Lines: a header, then
//! one input a line; `fixtures/schema/case.schema.json` is its schema. Members that this version does not know
//! are kept and ignored. Deliberately absent: judging. A case says what was answered, not what is right.

mod event;
mod header;
mod position;
mod read;
mod replay;
mod reply;
mod topology;
mod write;

pub use crate::wire::{BadLine, LINE_BYTES_MAX};
pub use read::{Loaded, read};
pub use replay::{Difference, Replay, Step};
pub use reply::Recorded;
pub use topology::{BadTopology, TOPOLOGY_FORMAT, topology};
pub use write::{save, write};

use crate::model::{Cluster, Input, Reply};
use crate::spec::Rules;
use crate::wire::format;
use crate::wire::object::Unknown;

/// What the header of a case file says in its member `format`.
pub const FORMAT: &str = format::CASE;

/// The version of the format that is written, and the only one that is read.
pub const VERSION: u64 = format::VERSION;

/// A recorded run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The rules it ran under.
    pub rules: Rules,
    /// Where it starts.
    pub cluster: Cluster,
    /// What found it, if a seeded run did.
    pub found: Option<Found>,
    /// What it shows, if it shows a failure.
    pub expect: Option<Signature>,
    /// Where it comes from, for people.
    pub provenance: Option<String>,
    /// The inputs, in their order.
    pub lines: Vec<Line>,
    unknown: Unknown,
}

/// One input, and the reply it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The input.
    pub input: Input,
    /// The reply. None for a request: it was not recorded, and replay compares nothing. None for an event: it
    /// happened.
    pub reply: Option<Recorded>,
    unknown: Unknown,
}

/// The seeded run that found a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its seed.
    pub seed: u64,
    /// The version of this program that ran it.
    pub version: String,
}

/// What makes two failures the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// What noticed it: an invariant, or a comparison.
    pub check: String,
    /// The operation at which it was noticed.
    pub operation: String,
    /// The class of what should have been seen.
    pub expected: String,
    /// The class of what was seen.
    pub observed: String,
    /// The status of the instance concerned.
    pub status: String,
}

impl Case {
    /// A case of no inputs.
    pub fn new(rules: Rules, cluster: Cluster) -> Self {
        let unknown = Unknown::default();
        Self { rules, cluster, found: None, expect: None, provenance: None, lines: Vec::new(), unknown }
    }

    /// Adds an input with the reply that the law gave it.
    pub fn record(&mut self, input: Input, reply: &Reply) {
        let reply = Recorded::of(&input, reply, &self.rules);
        self.lines.push(Line::new(input, reply));
    }
}

impl Line {
    /// A line that says this and nothing else.
    pub fn new(input: Input, reply: Option<Recorded>) -> Self {
        Self { input, reply, unknown: Unknown::default() }
    }
}
