//! A slot, and the instance that it holds: the last one started.

use super::lifecycle::Status;
use super::{NodeAction, NodeUid, Parameters, Work};

/// Where an instance lives: one action of one node, or of the cluster. It holds at most one (R-LIST-UNIQUE).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// A node action.
    Node(NodeUid, NodeAction),
    /// The one cluster action (CLU-9).
    ChangeMaster,
}

impl Slot {
    /// The name of its action in a path.
    pub fn action_name(self) -> &'static str {
        match self {
            Self::Node(_, action) => action.name(),
            Self::ChangeMaster => "change_master",
        }
    }

    /// How many documented steps a run of its action has.
    pub fn steps(self) -> u8 {
        super::action::steps(self)
    }
}

/// The number of an accepted POST. Unique in a cluster, in the order of acceptance (LIFE-19).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u32);

/// Hundredths of a percent, 0 to 10,000 (OBJ-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Progress(u16);

impl Progress {
    /// Nothing done.
    pub const NONE: Self = Self(0);
    /// All done.
    pub const FULL: Self = Self(10_000);

    /// A value in hundredths of a percent; `None` beyond 100 %.
    pub fn new(hundredths: u16) -> Option<Self> {
        (hundredths <= Self::FULL.0).then_some(Self(hundredths))
    }

    /// Hundredths of a percent.
    pub fn hundredths(self) -> u16 {
        self.0
    }
}

/// Why a task failed (OBJ-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// Cannot be mapped to anything more precise.
    InternalError,
    /// The cluster lacks resources for the operation.
    InsufficientResources,
    /// A code that no document lists (only under `R-ERRCODE-SET=OPEN`).
    Unlisted,
}

impl ErrorCode {
    /// All codes.
    pub const ALL: [Self; 3] = [Self::InternalError, Self::InsufficientResources, Self::Unlisted];

    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::InternalError => "internal_error",
            Self::InsufficientResources => "insufficient_resources",
            Self::Unlisted => "unlisted_error",
        }
    }

    /// The text for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::InternalError => "the action failed for an internal reason",
            Self::InsufficientResources => "the cluster does not have sufficient resources for the operation",
            Self::Unlisted => "the action failed for a reason that the documents do not list",
        }
    }
}

/// One run of an action, from its acceptance on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Instance {
    /// Its number.
    pub task: TaskId,
    /// Where it stands in the lifecycle.
    pub status: Status,
    /// How far the run says it is.
    pub progress: Progress,
    /// A DELETE was accepted and has not taken hold yet.
    pub cancel_requested: bool,
    /// Why it failed; absent unless `status` is failed.
    pub error: Option<ErrorCode>,
    /// What the body asked for.
    pub parameters: Parameters,
    /// What the run has done so far.
    pub work: Work,
}

impl Instance {
    /// A fresh one, in the queue.
    pub(crate) fn queued(task: TaskId, parameters: Parameters, work: Work) -> Self {
        Self {
            task,
            status: Status::Queued,
            progress: Progress::NONE,
            cancel_requested: false,
            error: None,
            parameters,
            work,
        }
    }

    /// Whether it has not ended.
    pub fn is_live(&self) -> bool {
        !self.status.is_final()
    }
}
