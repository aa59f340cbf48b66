//! The test suite: one binary, so that it links once and its list reads like the documents.
//!
//! A test that is named after a clause or a reading (`post_3_…`, `r_starting_cancel_…`) covers it.

mod case;
mod case_broken;
mod cli;
mod conformance;
mod faults;
mod http;
mod readings;
mod script;
mod spec;
mod strategy;
mod tidy;
mod transcript;
