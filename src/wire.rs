//! What the files have in common: lines of JSON, and clusters, requests and answers in them.
//!
//! Every value is an object whose members are taken by name; what is left over is kept, and what is wrong says where
//! it stands, what was expected there and what was found. Deliberately absent: any line as a whole. What the lines
//! of a file are is said in [`crate::case`] and [`crate::history`].

pub(crate) mod cluster;
pub(crate) mod format;
mod instance;
mod line;
mod node;
pub(crate) mod object;
mod placement;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod rules;
pub(crate) mod save;
pub(crate) mod uid;

pub use line::{BadLine, LINE_BYTES_MAX};
pub(crate) use line::{Lines, no_json, write_line};
