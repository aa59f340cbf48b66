//! The history file: what was called and what came back.
//!
//! *The order of the lines is the real-time order*: a call took effect, if at all, after its `invoke` and before its
//! `return`. What happened inside is hidden, and `time` is for people. The file is JSON Lines: a header, then one
//! record a line, then `end`; `fixtures/schema/history.schema.json` is its schema. Members that this version does not
//! know are kept and ignored. A [`Reader`] holds one line at a time, and so a history can be of any length.
//!
//! Deliberately absent: judging, here and in the reader. It says whether a file *is* a history, in which each call
//! ends at most once; whether the answers are right is another question. Clients are labels, and nothing is concluded
//! from them.

mod header;
mod ledger;
mod reader;
mod record;
mod writer;

pub use crate::wire::{BadLine, LINE_BYTES_MAX};
pub use reader::Reader;
pub use writer::{Writer, save};

use std::fmt;

use crate::http::Response;
use crate::model::{Body, Cluster, Method, NodeUid, Request, Time};
use crate::spec::{Edition, RuleError, Rules};
use crate::wire::format;
use crate::wire::object::Unknown;

/// What the header of a history says in its member `format`.
pub const FORMAT: &str = format::HISTORY;

/// The version of the format that is written, and the only one that is read.
pub const VERSION: u64 = format::VERSION;

/// What is known before the first call. Whatever is not said is to be inferred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The era of the documents.
    pub edition: Option<Edition>,
    /// Answers to open questions: modelled readings with their variants.
    pub rules: Vec<(String, String)>,
    /// Where it starts.
    pub initial: Initial,
    /// What was recorded, for people.
    pub source: Option<String>,
    unknown: Unknown,
}

/// Where a history starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Initial {
    /// No slot holds an instance.
    Empty(Members),
    /// Any slot may hold any instance.
    Unknown(Members),
    /// Exactly this.
    Cluster(Cluster),
}

/// What is known of the nodes at the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Members {
    /// Nothing.
    Inferred,
    /// Which there are.
    Nodes(Vec<NodeUid>),
    /// Everything but the instances, placement included. It holds none.
    Cluster(Cluster),
}

/// One line between header and end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// When, if it was noted.
    pub time: Option<Time>,
    /// What happened.
    pub kind: Kind,
    unknown: Unknown,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each names its type, which says what it means")]
pub enum Kind {
    Invoke(Invoke),
    Return(Return),
    Lost(Lost),
    Unsent(Unsent),
    Note(Note),
    Fence(Fence),
}

/// Names one attempt on the wire. Each is used once in a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A call is about to be sent. Without an ending it is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoke {
    /// Its name.
    pub id: CallId,
    /// Who sends it: a label.
    pub client: Option<String>,
    /// What is asked.
    pub request: Request,
}

/// The answer to a call has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// The call.
    pub id: CallId,
    /// The HTTP status code.
    pub status: u16,
    /// The body.
    pub body: Body,
    /// The methods of the `Allow` header; empty if it was left out.
    pub allow: Vec<Method>,
}

/// The answer to a call will not be known. It may take effect at any time after its `invoke`, or never.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The call.
    pub id: CallId,
    /// Why.
    pub why: Option<String>,
}

/// A call that certainly was not executed. It may have been invoked before, and then ends here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsent {
    /// The call.
    pub id: CallId,
    /// Who would have sent it.
    pub client: Option<String>,
    /// What would have been asked.
    pub request: Option<Request>,
    /// Why it was not sent.
    pub why: Option<String>,
}

/// A remark for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it says.
    pub text: String,
}

/// From here on these calls take effect no more. Each was lost, or is open and will have no ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// The calls.
    pub lost: Vec<CallId>,
    /// Why.
    pub why: Option<String>,
}

/// The last line. A history without one is truncated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// When, if it was noted.
    pub time: Option<Time>,
    /// How many records there are.
    pub records: u64,
}

impl Header {
    /// A header that says only where the history starts.
    pub fn new(initial: Initial) -> Self {
        Self { edition: None, rules: Vec::new(), initial, source: None, unknown: Unknown::default() }
    }

    /// The header of a run of the law: it starts from this cluster, under these rules.
    pub fn of_run(rules: &Rules, start: Cluster, source: &str) -> Self {
        let nodes: Vec<_> = start.nodes().iter().map(|node| node.uid).collect();
        let is_fresh = start == Cluster::new(u32::try_from(nodes.len()).unwrap_or(u32::MAX));
        let is_empty =
            start.departed().is_empty() && start.slots().all(|slot| start.instance(slot).is_none());
        let mut header = Self::new(match (is_fresh, is_empty) {
            (true, _) => Initial::Empty(Members::Nodes(nodes)),
            (false, true) => Initial::Empty(Members::Cluster(start)),
            (false, false) => Initial::Cluster(start),
        });
        header.edition = Some(rules.edition());
        header.rules = rules.overrides().into_iter().map(|(id, variant)| (id.to_owned(), variant)).collect();
        header.source = Some(source.to_owned());
        header
    }

    /// The same of a history that may start from any state. Of the nodes is known what was known.
    #[must_use]
    pub fn from_any_state(mut self) -> Self {
        self.initial = Initial::Unknown(match self.initial {
            Initial::Empty(members) | Initial::Unknown(members) => members,
            Initial::Cluster(cluster) => {
                Members::Nodes(cluster.nodes().iter().map(|node| node.uid).collect())
            }
        });
        self
    }

    /// The rules of an edition, with those that are said here.
    ///
    /// # Errors
    ///
    /// One of them does not exist. In a header that was read all do.
    pub fn rules_in(&self, edition: Edition) -> Result<Rules, RuleError> {
        let mut rules = Rules::new(edition);
        for (id, variant) in &self.rules {
            rules.set(id, variant)?;
        }
        Ok(rules)
    }
}

impl Record {
    /// A record that says this and nothing else.
    pub fn new(time: Option<Time>, kind: Kind) -> Self {
        Self { time, kind, unknown: Unknown::default() }
    }
}

impl Return {
    /// The arrival of a response.
    pub fn of(id: CallId, response: Response) -> Self {
        let Response { status, body, allow } = response;
        Self { id, status, body: body.map_or(Body::Absent, Body::Json), allow }
    }
}
