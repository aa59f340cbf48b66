//! What a person reads.
//!
//! Plain text, and pages for a browser: colours and terminals are the command line's business. Nothing here decides
//! anything.

pub mod campaign;
mod changes;
#[cfg(feature = "cli")]
pub mod ci;
pub mod curl;
pub mod explored;
pub mod judgement;
#[cfg(feature = "cli")]
pub mod page;
pub mod picture;
pub mod told;
pub mod transcript;

pub use changes::changes;
