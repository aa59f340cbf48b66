//! What holds of one slot: who may fill it, replace what it holds, and empty it.

use super::lifecycle::name;
use super::{Change, Check, Invariant, Transition, Verdict, must};
use crate::model::{Answer, Move, NodeAction, Reply, Request, Slot, Status};
use crate::spec::Edition;
use crate::spec::rules::StatusRetention;
use crate::spec::rules::{AbortedRetention, ConflictStates, DelQueued, ResubmitRejected, ResubmitScope};

pub(super) const ONE_INSTANCE: Invariant = Invariant {
    name: "one-instance",
    statement: "a live instance is never replaced by another",
    clauses: &["POST-1", "POST-2", "NODE-13", "R-LIST-UNIQUE", "R-CONCURRENT-REQUESTS"],
    since: Edition::E72,
    check: Check::Slot(|transition, change| match change.before {
        Some(before) if change.fresh().is_some() => {
            let passes = transition.rules.conflict_states() == ConflictStates::NotCancelling
                && before.status == Status::Cancelling;
            must(before.status.is_final() || passes, || {
                format!(
                    "{} was {} and a new instance took its place",
                    name(change.slot),
                    before.status.name()
                )
            })
        }
        _ => Verdict::Silent,
    }),
};

pub(super) const ONLY_A_POST_STARTS: Invariant = Invariant {
    name: "only-a-post-starts",
    statement: "an instance appears only in the slot of an accepted POST",
    clauses: &["NODE-18", "CLU-8", "LIFE-20", "DEL-8"],
    since: Edition::E72,
    check: Check::Slot(|transition, change| {
        if change.fresh().is_none() {
            return Verdict::Silent;
        }
        must(transition.submitted() == Some(change.slot), || {
            format!("{} appeared without an accepted POST", name(change.slot))
        })
    }),
};

pub(super) const TASKS_ARE_UNIQUE: Invariant = Invariant {
    name: "tasks-are-unique",
    statement: "no two instances have the same task id",
    clauses: &["LIFE-19", "OBJ-9", "R-TASKID"],
    since: Edition::E72,
    check: Check::Slot(|transition, change| match change.fresh() {
        Some(fresh) => must(fresh.task.0 > transition.before.tasks(), || {
            format!("{} has the task id of an earlier instance", name(change.slot))
        }),
        None => Verdict::Silent,
    }),
};

pub(super) const STATUS_STAYS_READABLE: Invariant = Invariant {
    name: "status-stays-readable",
    statement: "a status vanishes only by a new submission, by DELETE, or with its node",
    clauses: &[
        "LIFE-21",
        "DEL-2",
        "POST-3",
        "R-STATUS-RETENTION",
        "R-ABORTED-RETENTION",
        "R-RESUBMIT-REJECTED",
    ],
    since: Edition::E72,
    check: Check::Slot(status_stays_readable),
};

fn status_stays_readable(transition: &Transition<'_>, change: &Change<'_>) -> Verdict {
    let (Some(before), None) = (change.before, change.after) else { return Verdict::Silent };
    let rules = transition.rules;
    let submitted = matches!((transition.submitted(), change.slot),
        (Some(Slot::Node(_, one)), Slot::Node(_, other)) if one == other);
    let node_left = matches!(change.slot, Slot::Node(uid, _)
        if transition.after.node(uid).is_none() && transition.before.node(uid).is_some());
    let rejoined = matches!(change.slot, Slot::Node(uid, NodeAction::Remove)
        if transition.before.node(uid).is_none() && transition.after.node(uid).is_some());
    let refused = matches!(transition.reply, Reply::Refused(refusal)
        if matches!(refusal.code, 400 | 404 | 406));
    let may_expire = rules.status_retention() == StatusRetention::Ttl
        || (rules.aborted_retention() == AbortedRetention::Dropped && before.status == Status::Aborted);
    let allowed = transition.deleted() == Some(change.slot)
        || (submitted && rules.resubmit_scope() == ResubmitScope::AllNodes)
        || node_left
        || rejoined
        || (may_expire && transition.is_move(change.slot, Move::Expire))
        || (rules.resubmit_rejected() == ResubmitRejected::Drop && refused && before.status.is_final());
    must(allowed, || format!("{} was {} and vanished", name(change.slot), before.status.name()))
}

pub(super) const RESUBMIT_REMOVES_AT_ONCE: Invariant = Invariant {
    name: "resubmit-removes-at-once",
    statement: "after an accepted POST the slot holds the instance that was answered, and no other",
    clauses: &["POST-3", "POST-5", "R-RESUBMIT-TIMING", "R-RESUBMIT-ENDS", "R-LIST-UNIQUE"],
    since: Edition::E72,
    check: Check::Request(|transition, _| {
        let Reply::Answer(Answer::Accepted(slot, task)) = transition.reply else {
            return Verdict::Silent;
        };
        let now = transition.after.instance(*slot).map(|instance| instance.task);
        must(now == Some(*task), || {
            format!("{} was accepted as task {}, but holds {now:?}", name(*slot), task.0)
        })
    }),
};

pub(super) const DELETE_ENDS_OR_CLEARS: Invariant = Invariant {
    name: "delete-ends-or-clears",
    statement: "an accepted DELETE leaves nothing behind, or something that is being cancelled",
    clauses: &["DEL-1", "DEL-2", "DEL-3", "DEL-6", "DEL-7", "NODE-22", "CLU-13", "R-DEL-COMPLETED"],
    since: Edition::E72,
    check: Check::Request(delete_ends_or_clears),
};

fn delete_ends_or_clears(transition: &Transition<'_>, _: &Request) -> Verdict {
    let Some(slot) = transition.deleted() else { return Verdict::Silent };
    let Some(before) = transition.before.instance(slot) else {
        return must(false, || format!("DELETE found nothing in {}, and was accepted", name(slot)));
    };
    let holds = match (before.status, transition.after.instance(slot)) {
        (Status::Queued, None) => transition.rules.del_queued() == DelQueued::Gone,
        (Status::Starting | Status::Running | Status::Cancelling, None) => false,
        (_, None) => true,
        (Status::Queued, Some(after)) => after.status == Status::Cancelled,
        (before, Some(after)) => {
            let ends = matches!(after.status, Status::Cancelling | Status::Cancelled | Status::Aborted);
            !before.is_final() && (ends || after.cancel_requested)
        }
    };
    must(holds, || {
        format!("DELETE of {}, which was {}, had another effect", name(slot), before.status.name())
    })
}
