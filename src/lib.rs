//! # action-oracle
//!
//! The executable form of the Redis Enterprise Software *actions* API.

#[cfg(feature = "cli")]
pub mod cli;
pub mod http;
pub mod model;
pub mod sim;
pub mod spec;
