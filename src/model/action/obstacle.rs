//! What can stand in the way of a run, and how that shows.

use super::super::ErrorCode;
use crate::spec::Rules;
use crate::spec::rules::{AbortedCause, AbortedExists, EvictDbsUnknown, MoffNosnap, MoffRestoreGone};
use crate::spec::rules::{MoffUnknownName, MonNospace, PrecheckStatus, QuorumWhen, RemoveCapacity};
use crate::spec::rules::{RemoveLast, RemoveMaster};

/// Why a run cannot succeed as the cluster stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// The node does not answer (R-NODE-DOWN).
    NodeDown,
    /// Too few nodes would remain (MON-2).
    NoQuorum,
    /// `evict_dbs` names a database that does not exist.
    UnknownDatabase,
    /// maintenance_on has no room for what is to leave (MON-15).
    NoSpace,
    /// A removal has no room for what is on the node (REM-5, REM-10).
    NoCapacity,
    /// A restore has no room, or a master has nobody to hand over to (R-ENS-NOREPLICA).
    NoWay,
    /// The snapshot speaks of shards that are gone.
    ShardsGone,
    /// maintenance_off has no snapshot to load (MOFF-8).
    NoSnapshot,
    /// No snapshot of the node has the given name.
    UnknownSnapshot,
    /// The last node cannot be removed (R-REMOVE-LAST).
    LastNode,
    /// The primary is to be removed (R-REMOVE-MASTER).
    PrimaryLeaves,
    /// The node to promote is gone or does not answer (R-CHM-DOWN).
    TargetLost,
    /// A member of the body had a wrong type.
    WrongParameters,
}

/// How an obstacle shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Remedy {
    /// It is none.
    Proceed,
    /// The POST is refused with this status code.
    RefusePost(u16),
    /// The task fails.
    Fail(ErrorCode),
    /// The task is aborted.
    Abort,
    /// The task is cancelled by itself.
    Cancel,
    /// The task completes and does nothing.
    Complete,
}

impl Obstacle {
    /// The error of a run that meets it although its POST should have been refused.
    pub(in super::super) fn error(self) -> ErrorCode {
        match self {
            Self::LastNode | Self::NoCapacity | Self::NoSpace | Self::NoWay => {
                ErrorCode::InsufficientResources
            }
            _ => ErrorCode::InternalError,
        }
    }

    /// How it shows under the rules: one decision for each reading.
    pub(in super::super) fn remedy(self, rules: &Rules) -> Remedy {
        let fails = |code| match rules.aborted_cause() {
            AbortedCause::Precheck => aborts(rules),
            AbortedCause::Internal | AbortedCause::User => Remedy::Fail(code),
        };
        match self {
            Self::NodeDown => match rules.precheck_status() {
                PrecheckStatus::AsyncFailed => fails(ErrorCode::InternalError),
                PrecheckStatus::AsyncAborted => aborts(rules),
                PrecheckStatus::Sync => Remedy::RefusePost(400),
            },
            Self::NoQuorum => match rules.quorum_when() {
                QuorumWhen::AsyncFailed => fails(ErrorCode::InternalError),
                QuorumWhen::AsyncAborted => aborts(rules),
                QuorumWhen::Sync => Remedy::RefusePost(400),
            },
            Self::UnknownDatabase => match rules.evict_dbs_unknown() {
                EvictDbsUnknown::UnknownFailed | EvictDbsUnknown::EmptyNothing => {
                    fails(ErrorCode::InternalError)
                }
                EvictDbsUnknown::UnknownBadrequest => Remedy::RefusePost(400),
                EvictDbsUnknown::UnknownIgnore => Remedy::Proceed,
            },
            Self::NoSpace => match rules.mon_nospace() {
                MonNospace::Failed => Remedy::Fail(ErrorCode::InsufficientResources),
                MonNospace::CompletedPartial => Remedy::Complete,
            },
            Self::NoCapacity => match rules.remove_capacity() {
                RemoveCapacity::Async => Remedy::Fail(ErrorCode::InsufficientResources),
                RemoveCapacity::Sync => Remedy::RefusePost(400),
            },
            Self::NoWay => Remedy::Fail(ErrorCode::InsufficientResources),
            Self::ShardsGone => match rules.moff_restore_gone() {
                MoffRestoreGone::BestEffort => Remedy::Proceed,
                MoffRestoreGone::Failed => Remedy::Fail(ErrorCode::InternalError),
            },
            Self::NoSnapshot => match rules.moff_nosnap() {
                MoffNosnap::Failed => fails(ErrorCode::InternalError),
                MoffNosnap::StatusCancelled => Remedy::Cancel,
                MoffNosnap::CompletedNoop => Remedy::Complete,
                MoffNosnap::Sync => Remedy::RefusePost(400),
            },
            Self::UnknownSnapshot => match rules.moff_unknown_name() {
                MoffUnknownName::AsyncFailed => fails(ErrorCode::InternalError),
                MoffUnknownName::Sync404 => Remedy::RefusePost(404),
                MoffUnknownName::Sync400 => Remedy::RefusePost(400),
                MoffUnknownName::AsyncCancelled => Remedy::Cancel,
            },
            Self::LastNode => match rules.remove_last() {
                RemoveLast::FailedResources => fails(ErrorCode::InsufficientResources),
                RemoveLast::Refused => Remedy::RefusePost(400),
                RemoveLast::Allowed => Remedy::Proceed,
            },
            Self::PrimaryLeaves => match rules.remove_master() {
                RemoveMaster::Allowed => Remedy::Proceed,
                RemoveMaster::Refused => Remedy::RefusePost(400),
                RemoveMaster::Aborted => aborts(rules),
            },
            Self::TargetLost | Self::WrongParameters => Remedy::Fail(ErrorCode::InternalError),
        }
    }
}

/// Aborts where the status exists, and fails where it does not.
fn aborts(rules: &Rules) -> Remedy {
    match rules.aborted_exists() {
        AbortedExists::Eight => Remedy::Abort,
        AbortedExists::Seven => Remedy::Fail(ErrorCode::InternalError),
    }
}
