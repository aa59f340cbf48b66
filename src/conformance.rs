//! Implementations under test.
//!
//! A [`Subject`] is a Rust type that implements the interface, in this process. [`honest`] is one that was written
//! from the documents and not from the law: a second opinion. A [`mutant`] of it has one planted bug, a [`variant`]
//! of it follows another legal reading.
//!
//! [`test()`] plays random plans to a subject, has the oracle judge what came back, and makes the plan that shows a
//! divergence as small as it can:
//!
//! ```
//! use action_oracle::conformance::{self, honest::Honest};
//!
//! conformance::test(&mut Honest::new(), &conformance::Options { plans: 20, ..Default::default() });
//! ```

pub mod corpus;
pub mod generate;
pub mod honest;
#[cfg(feature = "http")]
pub mod live;
pub mod mutant;
pub mod variant;

mod catalogue;
mod cells;
mod matrix;
mod message;
mod outlook;
mod plan;
mod run;
mod shortest;
mod shrink;

pub use cells::{Cell, Cells};
pub use generate::{Generator, Setup};
pub use matrix::{Kill, kill};
pub use outlook::Standing;
pub use plan::{BadPlan, Plan, Step};
pub use run::{Finding, Options, ReplayError, Report, replay, run, test};
pub use shortest::Shorter;
pub use shrink::shrink;

use crate::http::Response;
use crate::model::Request;

/// An implementation in this process.
pub trait Subject {
    /// Begins afresh: the nodes 1 to `nodes` are members and up, node 1 is primary, there are no databases and no
    /// snapshots, and nothing has run.
    fn reset(&mut self, nodes: u32);

    /// Answers one request.
    fn call(&mut self, request: &Request) -> Response;

    /// Lets what goes on by itself go on by one move. Where several moves are possible `chance` chooses; 0 is the
    /// most ordinary one. An implementation that moves by itself, or on requests only, needs none.
    fn tick(&mut self, chance: u32) {
        let _ = chance;
    }
}
