//! What holds of one instance from its start to its end.

use super::{Change, Check, Invariant, Transition, Verdict, must};
use crate::model::{Progress, Slot, Status};
use crate::spec::rules::{CancellingOutcome, ChmRecord, StartingCancel, StartingFail};
use crate::spec::{Edition, Rules};

pub(super) const LEGAL_EDGES: Invariant = Invariant {
    name: "legal-edges",
    statement: "an instance changes its status only along an edge that is drawn, or that a reading adds",
    clauses: &[
        "LIFE-8", "LIFE-9", "LIFE-10", "LIFE-11", "LIFE-12", "LIFE-13", "LIFE-14", "LIFE-15", "LIFE-16",
        "LIFE-17",
    ],
    since: Edition::E72,
    check: Check::Slot(legal_edges),
};

fn legal_edges(transition: &Transition<'_>, change: &Change<'_>) -> Verdict {
    let moved = change.same().filter(|(before, after)| before.status != after.status);
    let Some((before, after)) = moved.filter(|(before, _)| before.is_live()) else { return Verdict::Silent };
    must(is_drawn(before.status, after.status, transition.rules), || {
        format!("{} went from {} to {}", name(change.slot), before.status.name(), after.status.name())
    })
}

/// The picture of the documents, edge by edge.
fn is_drawn(from: Status, to: Status, rules: &Rules) -> bool {
    match (from, to) {
        (Status::Queued, Status::Starting | Status::Cancelled)
        | (Status::Starting, Status::Running | Status::Aborted)
        | (Status::Running, Status::Completed | Status::Failed | Status::Cancelling | Status::Aborted)
        | (Status::Cancelling, Status::Cancelled) => true,
        (Status::Starting, Status::Cancelled) => rules.starting_cancel() == StartingCancel::Direct,
        (Status::Starting, Status::Cancelling) => rules.starting_cancel() == StartingCancel::Via,
        (Status::Starting, Status::Failed) => rules.starting_fail() == StartingFail::Failed,
        (Status::Cancelling, Status::Completed | Status::Failed) => {
            rules.cancelling_outcome() == CancellingOutcome::MayComplete
        }
        _ => false,
    }
}

pub(super) const FINAL_IS_FINAL: Invariant = Invariant {
    name: "final-is-final",
    statement: "an instance that ended never changes again",
    clauses: &["LIFE-7", "LIFE-18"],
    since: Edition::E72,
    check: Check::Slot(|_, change| match change.same() {
        Some((before, after)) if before.status.is_final() => must(false, || {
            format!(
                "{} was {} and changed to {}",
                name(change.slot),
                before.status.name(),
                after.status.name()
            )
        }),
        Some((_, after)) if after.status.is_final() => Verdict::Holds,
        _ => Verdict::Silent,
    }),
};

pub(super) const FRESH_IS_QUEUED: Invariant = Invariant {
    name: "fresh-is-queued",
    statement: "a new instance is queued and has made no progress",
    clauses: &["LIFE-3", "POST-5", "POST-13", "CLU-3"],
    since: Edition::E72,
    check: Check::Slot(fresh_is_queued),
};

fn fresh_is_queued(transition: &Transition<'_>, change: &Change<'_>) -> Verdict {
    let Some(after) = change.fresh() else { return Verdict::Silent };
    let at_once = change.slot == Slot::ChangeMaster && transition.rules.chm_record() == ChmRecord::Sync;
    let fresh = after.status == Status::Queued && after.progress == Progress::NONE && !after.cancel_requested;
    must(fresh || (at_once && after.status.is_final()), || {
        format!("{} appeared as {}", name(change.slot), after.status.name())
    })
}

pub(super) const PROGRESS_ONLY_GROWS: Invariant = Invariant {
    name: "progress-only-grows",
    statement: "the progress of an instance never goes back, and moves only while it runs or completes",
    clauses: &["OBJ-1", "R-PROGRESS-VALUES"],
    since: Edition::E72,
    check: Check::Slot(|_, change| match change.same() {
        Some((before, after)) if before.progress != after.progress => {
            let moves = before.status == Status::Running || after.status == Status::Completed;
            must(moves && before.progress < after.progress, || {
                format!(
                    "{} went from {} to {} hundredths of a percent while {}",
                    name(change.slot),
                    before.progress.hundredths(),
                    after.progress.hundredths(),
                    before.status.name()
                )
            })
        }
        _ => Verdict::Silent,
    }),
};

pub(super) const COMPLETED_IS_COMPLETE: Invariant = Invariant {
    name: "completed-is-complete",
    statement: "a completed instance has made all of its progress",
    clauses: &["OBJ-1", "OBJ-3", "R-PROGRESS-VALUES"],
    since: Edition::E72,
    check: Check::Slot(|_, change| match change.after {
        Some(after) if after.status == Status::Completed => {
            must(after.progress == Progress::FULL, || format!("{} completed early", name(change.slot)))
        }
        _ => Verdict::Silent,
    }),
};

pub(super) const ERROR_MEANS_FAILED: Invariant = Invariant {
    name: "error-means-failed",
    statement: "an instance has an error code if and only if it failed",
    clauses: &["OBJ-7", "OBJ-8", "NODE-11", "NODE-16", "R-ERRFIELDS"],
    since: Edition::E72,
    check: Check::Slot(|_, change| match change.after {
        Some(after) if after.status.is_final() => {
            must(after.error.is_some() == (after.status == Status::Failed), || {
                format!("{} is {} with error {:?}", name(change.slot), after.status.name(), after.error)
            })
        }
        _ => Verdict::Silent,
    }),
};

/// A slot in words.
pub(super) fn name(slot: Slot) -> String {
    match slot {
        Slot::Node(uid, action) => format!("{} of node {uid}", action.name()),
        Slot::ChangeMaster => "change_master".to_owned(),
    }
}
