//! The test suite: one binary, so that it links once and its list reads like the documents.
//!
//! A test that is named after a clause or a reading (`post_3_…`, `r_starting_cancel_…`) covers it.

mod case;
mod case_broken;
mod cases;
mod check;
mod cli;
mod conformance;
mod corpus;
mod determinism;
mod explore;
mod faults;
mod history;
mod history_any;
mod history_broken;
mod history_simulated;
mod honest;
mod http;
mod live;
mod oracle;
mod picture;
mod properties;
mod readings;
mod report;
mod script;
#[path = "../../benches/explore/second.rs"]
mod second;
mod serve;
mod sim;
mod spec;
mod strategy;
mod tidy;
mod topology;
mod transcript;
