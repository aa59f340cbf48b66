//! The test suite: one binary, so that it links once and its list reads like the documents.
//!
//! A test that is named after a clause or a reading (`post_3_…`, `r_starting_cancel_…`) covers it.

mod cli;
mod faults;
mod http;
mod spec;
mod tidy;
