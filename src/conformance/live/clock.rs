//! Real time. A server takes some, and so do its answers.

#![expect(clippy::disallowed_types, reason = "calls to a server take real time")]

use std::time::Instant;

use crate::model::Time;

/// A clock that counts from the beginning of a run.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Instant);

impl Clock {
    /// A clock that begins now.
    #[expect(clippy::new_without_default, reason = "the time is no default")]
    pub fn new() -> Self {
        Self(Instant::now())
    }

    /// What it shows.
    pub fn now(self) -> Time {
        Time(u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX))
    }
}
