//! When something happens in a cluster by itself.

use std::time::Duration;

/// Who lets the events of a cluster happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Each request does, just before it is answered: a seeded number of events. The same requests of one client are
    /// given the same answers, however long they take.
    Auto {
        /// How many events at most.
        events_max: u32,
    },
    /// Time does: one event after each pause.
    Real {
        /// How long a pause is on average; a seeded draw between half of it and half as much again.
        pace: Duration,
    },
    /// Nobody does, until control says so.
    Manual,
}

impl Default for Clock {
    fn default() -> Self {
        Self::Auto { events_max: 3 }
    }
}

impl Clock {
    /// How many events a request lets happen at most.
    pub(super) fn events_max(self) -> u32 {
        match self {
            Self::Auto { events_max } => events_max,
            Self::Real { .. } | Self::Manual => 0,
        }
    }

    /// Whether the time of the cluster is the time that passes.
    pub(super) fn is_real(self) -> bool {
        matches!(self, Self::Real { .. })
    }
}
