//! Inputs as text: one line each, both ways.
//!
//! The same lines serve tests, transcripts and bug reports. What is usual is left unsaid: the role of an admin
//! and JSON headers.
//!
//! ```text
//! # Comments and blank lines are skipped.
//! POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true}
//! GET /v1/nodes/1/actions as db_viewer
//! DELETE "/v1/nodes/odd path" without credentials
//! POST /v1/nodes/1/actions/remove text "{not json" with wrong credentials content-type text/plain no accept
//! at 1500ms
//! start node 1 maintenance_on
//! progress cluster change_master 12.5%
//! fail node 1 maintenance_on internal_error
//! node_down 2
//! create_snapshot 1 "before the upgrade"
//! ```
//!
//! After method and path come, in this order and if they are unusual: the body, the caller, the content type,
//! the accepted type. There are no variables and no expectations here: a script says only what happens.

mod parse;
mod print;
pub(crate) mod word;

use std::fmt;

pub use parse::{parse, parse_script};
pub use print::{print, print_percent, print_time};

/// Why a line is no input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// The character where it goes wrong, counted from 1.
    pub column: usize,
    /// What would have been right there.
    pub expected: String,
    /// What is there.
    pub found: String,
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: expected {}, found {}", self.column, self.expected, self.found)
    }
}

impl std::error::Error for BadLine {}

/// Why a text is no script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadScript {
    /// The line that goes wrong, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub bad: BadLine,
}

impl fmt::Display for BadScript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, {}", self.line, self.bad)
    }
}

impl std::error::Error for BadScript {}
