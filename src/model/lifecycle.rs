//! The lifecycle of an action, exactly as it is drawn, and what the open questions add to it.
//!
//! The only place that knows an edge. What an edge *does* is in [`super::action`]; when it may be taken is in
//! [`super::event`] and [`super::delete`].

use std::collections::BTreeSet;

use crate::spec::Rules;
use crate::spec::rules::{AbortedCause, AbortedExists, AbortedRetention, CancellingOutcome, DelCancelling};
use crate::spec::rules::{DelQueued, DelRunning, StartingCancel, StartingFail, StatusRetention};

/// The status of an action (LIFE-1, LIFE-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Requested, waiting in the queue (LIFE-3).
    Queued,
    /// Taken from the queue (LIFE-4).
    Starting,
    /// Being executed (LIFE-5).
    Running,
    /// Its cancellation is under way (LIFE-6).
    Cancelling,
    /// Ended by a cancellation.
    Cancelled,
    /// Ended by the cluster itself.
    Aborted,
    /// Ended as intended.
    Completed,
    /// Ended by an error.
    Failed,
}

impl Status {
    /// All statuses, in the order of the lifecycle.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Starting,
        Self::Running,
        Self::Cancelling,
        Self::Cancelled,
        Self::Aborted,
        Self::Completed,
        Self::Failed,
    ];

    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Cancelling => "cancelling",
            Self::Cancelled => "cancelled",
            Self::Aborted => "aborted",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    /// The status that has this word on the wire.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// The statuses that an event or a DELETE can make of it under these rules: the edges that lead on from it.
    pub fn followers(self, rules: &Rules) -> BTreeSet<Self> {
        let moved = Trigger::ALL.into_iter().filter_map(|trigger| next(self, trigger, rules));
        let cancelled = match cancel(self, rules) {
            Some(Cancellation::Becomes(status)) => Some(status),
            _ => None,
        };
        moved.chain(cancelled).collect()
    }

    /// Whether one status can come after another, or be it, whatever the rules: none comes again (LIFE-17), and none comes
    /// after an end (LIFE-18).
    pub fn may_become(self, later: Self) -> bool {
        self == later || self < later && !self.is_final()
    }

    /// Whether it is one of the four ends (LIFE-7).
    pub fn is_final(self) -> bool {
        self >= Self::Cancelled
    }
}

/// What moves an instance along an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trigger {
    Start,
    Run,
    Complete,
    Fail,
    BeginCancel,
    FinishCancel,
    Abort,
}

impl Trigger {
    const ALL: [Self; 7] = [
        Self::Start,
        Self::Run,
        Self::Complete,
        Self::Fail,
        Self::BeginCancel,
        Self::FinishCancel,
        Self::Abort,
    ];
}

/// The status after an event, or `None` if no edge is drawn for it (LIFE-8 to LIFE-18).
pub(super) fn next(status: Status, trigger: Trigger, rules: &Rules) -> Option<Status> {
    let aborted = (rules.aborted_exists() == AbortedExists::Eight).then_some(Status::Aborted);
    match (status, trigger) {
        (Status::Queued, Trigger::Start) => Some(Status::Starting),
        (Status::Starting, Trigger::Run) => Some(Status::Running),
        (Status::Starting, Trigger::Fail) => match rules.starting_fail() {
            StartingFail::Never => None,
            StartingFail::Failed => Some(Status::Failed),
            StartingFail::Aborted => aborted,
        },
        (Status::Starting | Status::Running, Trigger::Abort) => aborted,
        (Status::Running, Trigger::Complete) => Some(Status::Completed),
        (Status::Running, Trigger::Fail) => Some(Status::Failed),
        (Status::Running, Trigger::BeginCancel) if cancel_is_abort(rules) => aborted,
        (Status::Running, Trigger::BeginCancel) => Some(Status::Cancelling),
        (Status::Cancelling, Trigger::FinishCancel) => Some(Status::Cancelled),
        (Status::Cancelling, Trigger::Complete) => may_complete(rules).then_some(Status::Completed),
        (Status::Cancelling, Trigger::Fail) => may_complete(rules).then_some(Status::Failed),
        _ => None,
    }
}

/// Whether what is being cancelled may do its work all the same (R-CANCELLING-OUTCOME).
pub(super) fn may_be_too_late(status: Status, rules: &Rules) -> bool {
    status == Status::Cancelling && may_complete(rules)
}

fn may_complete(rules: &Rules) -> bool {
    rules.cancelling_outcome() == CancellingOutcome::MayComplete
}

/// Whether a status may be forgotten by and by (R-STATUS-RETENTION, R-ABORTED-RETENTION).
pub(super) fn expires(status: Status, rules: &Rules) -> bool {
    match status {
        Status::Aborted if rules.aborted_retention() == AbortedRetention::Dropped => true,
        _ => status.is_final() && rules.status_retention() == StatusRetention::Ttl,
    }
}

/// What DELETE does to a live instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cancellation {
    /// It takes this status at once.
    Becomes(Status),
    /// It vanishes at once.
    Vanishes,
    /// It is noted, and takes hold later.
    Noted,
    /// It is under way already; nothing changes.
    UnderWay,
    /// It is refused with this status code.
    Refused(u16),
}

/// What DELETE does in a live status (DEL-1, DEL-6, DEL-7); `None` if the instance has ended.
pub(super) fn cancel(status: Status, rules: &Rules) -> Option<Cancellation> {
    Some(match status {
        Status::Queued => match rules.del_queued() {
            DelQueued::Shown => Cancellation::Becomes(Status::Cancelled),
            DelQueued::Gone => Cancellation::Vanishes,
        },
        Status::Starting => match rules.starting_cancel() {
            StartingCancel::Defer => Cancellation::Noted,
            StartingCancel::Direct => Cancellation::Becomes(Status::Cancelled),
            StartingCancel::Via => Cancellation::Becomes(Status::Cancelling),
            StartingCancel::Refuse => Cancellation::Refused(404),
            StartingCancel::Refuse409 => Cancellation::Refused(409),
        },
        Status::Running if cancel_is_abort(rules) => Cancellation::Becomes(Status::Aborted),
        Status::Running => match rules.del_running() {
            DelRunning::Immediate => Cancellation::Becomes(Status::Cancelling),
            DelRunning::Eventual => Cancellation::Noted,
        },
        Status::Cancelling => match rules.del_cancelling() {
            DelCancelling::Idempotent200 => Cancellation::UnderWay,
            DelCancelling::Conflict409 => Cancellation::Refused(409),
            DelCancelling::Notfound => Cancellation::Refused(404),
        },
        Status::Cancelled | Status::Aborted | Status::Completed | Status::Failed => return None,
    })
}

fn cancel_is_abort(rules: &Rules) -> bool {
    rules.aborted_cause() == AbortedCause::User && rules.aborted_exists() == AbortedExists::Eight
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Question;

    #[test]
    fn no_edge_leads_back_or_on_from_an_end() {
        let mut edges = 0;
        for question in Question::all() {
            for answer in 0..question.answers() {
                let mut rules = Rules::default();
                rules.choose(question, answer);
                for from in Status::ALL {
                    for to in from.followers(&rules) {
                        assert!(from != to && from.may_become(to), "{from:?} to {to:?}");
                        edges += 1;
                    }
                }
            }
        }
        assert!(edges > 1_000, "{edges}");
        assert!(!Status::Running.may_become(Status::Queued));
        assert!(!Status::Completed.may_become(Status::Failed));
    }
}
