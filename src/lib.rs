//! # action-oracle
//!
//! The executable form of the Redis Enterprise Software *actions* API.

pub mod model;
pub mod sim;
pub mod spec;
