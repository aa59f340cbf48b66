//! # action-oracle
//!
//! The executable form of the Redis Enterprise Software *actions* API.

pub mod case;
#[cfg(feature = "cli")]
pub mod cli;
pub mod http;
pub mod model;
pub mod report;
pub mod script;
pub mod sim;
pub mod spec;
