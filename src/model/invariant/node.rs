//! What holds of the nodes: snapshots, marks, membership, the primary.

use super::lifecycle::name;
use super::{Act, Check, Event, Invariant, Transition, Verdict, must};
use crate::model::{Answer, Move, Node, NodeAction, Parameters, Reply, Slot, Snapshot, SnapshotKind, Status};
use crate::spec::Edition;
use crate::spec::rules::{CancelEffect, EnsMeaning, MoffDelete, PostRladminParams};
use crate::spec::rules::{QueuedCancelEffect, RemoveFlag, Stack};

fn maintenance_snapshots(node: &Node) -> impl Iterator<Item = &Snapshot> {
    node.snapshots.iter().filter(|snapshot| snapshot.kind == SnapshotKind::Maintenance)
}

pub(super) const ONE_MAINTENANCE_SNAPSHOT: Invariant = Invariant {
    name: "one-maintenance-snapshot",
    statement: "a node has at most one maintenance snapshot",
    clauses: &["SNAP-1", "SNAP-3", "R-SNAP-OVERWRITE", "R-SNAP-SCOPE"],
    since: Edition::E74,
    check: Check::Node(|transition, change| match change.after {
        Some(after) if transition.rules.edition() >= Edition::E74 && !after.snapshots.is_empty() => {
            let many = maintenance_snapshots(after).count();
            must(many <= 1, || format!("node {} has {many} maintenance snapshots", change.uid))
        }
        _ => Verdict::Silent,
    }),
};

/// The snapshots that one state has and the other lacks.
fn missing<'a>(from: &'a Node, to: &'a Node) -> impl Iterator<Item = &'a Snapshot> {
    from.snapshots.iter().filter(|snapshot| !to.snapshots.contains(snapshot))
}

pub(super) const SNAPSHOTS_ARE_MADE_BY_MAINTENANCE_ON: Invariant = Invariant {
    name: "snapshots-are-made-by-maintenance-on",
    statement: "a snapshot appears only while maintenance_on runs on its node, or because a user makes one",
    clauses: &["MON-1", "MON-4", "MON-7", "SNAP-14", "R-SNAP-TIME", "R-SNAP-USER"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        let Some((before, after)) = change.stayed() else { return Verdict::Silent };
        let Some(made) = missing(after, before).next() else { return Verdict::Silent };
        let due = match made.kind {
            SnapshotKind::Maintenance => {
                transition.is_move(Slot::Node(change.uid, NodeAction::MaintenanceOn), Move::Advance)
            }
            SnapshotKind::User => {
                matches!(&transition.input.act, Act::Event(Event::CreateSnapshot(uid, _)) if *uid == change.uid)
            }
        };
        must(due && made.created == transition.input.at, || {
            format!("snapshot `{}` appeared on node {} by itself", made.name, change.uid)
        })
    }),
};

pub(super) const SNAPSHOT_KEPT_UNLESS_OVERWRITTEN: Invariant = Invariant {
    name: "snapshot-kept-unless-overwritten",
    statement: "maintenance_on replaces a maintenance snapshot only if overwrite_snapshot asks for it, and never \
                a user's",
    clauses: &["SNAP-1", "SNAP-4", "SNAP-9", "MON-14", "R-SNAP-USER"],
    since: Edition::E74,
    check: Check::Node(|transition, change| {
        let slot = Slot::Node(change.uid, NodeAction::MaintenanceOn);
        let Some((before, after)) = change.stayed() else { return Verdict::Silent };
        if !transition.is_move(slot, Move::Advance) || transition.rules.edition() < Edition::E74 {
            return Verdict::Silent;
        }
        let instance = before.instance(NodeAction::MaintenanceOn);
        let overwrites = instance.is_some_and(|instance| {
            matches!(&instance.parameters, Parameters::MaintenanceOn(order) if order.overwrite_snapshot)
        });
        let lost = missing(before, after).find(|lost| lost.kind == SnapshotKind::User || !overwrites);
        must(lost.is_none(), || format!("node {} lost a snapshot to maintenance_on", change.uid))
    }),
};

pub(super) const FAILED_ON_KEEPS_SNAPSHOTS: Invariant = Invariant {
    name: "failed-on-keeps-snapshots",
    statement: "the snapshots of a node survive a maintenance_on that fails",
    clauses: &["SNAP-8", "R-MON-FAIL-STATE"],
    since: Edition::E72,
    check: Check::Node(|_, change| match (change.stayed(), change.reached(NodeAction::MaintenanceOn)) {
        (Some((before, after)), Some(Status::Failed)) => must(before.snapshots == after.snapshots, || {
            format!("node {} lost a snapshot when maintenance_on failed", change.uid)
        }),
        _ => Verdict::Silent,
    }),
};

pub(super) const ONLY_A_COMPLETED_OFF_DELETES: Invariant = Invariant {
    name: "only-a-completed-off-deletes",
    statement: "but for overwriting, a snapshot is deleted only when maintenance_off completes; a user's survives \
                until its DELETE",
    clauses: &["MOFF-7", "SNAP-11", "SNAP-17", "R-MOFF-DELETE"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        let Some((before, after)) = change.stayed() else { return Verdict::Silent };
        let Some(lost) = missing(before, after).next() else { return Verdict::Silent };
        let overwritten =
            transition.is_move(Slot::Node(change.uid, NodeAction::MaintenanceOn), Move::Advance);
        let used = change.reached(NodeAction::MaintenanceOff) == Some(Status::Completed);
        let on = Slot::Node(change.uid, NodeAction::MaintenanceOn);
        // A new instance may stand in the place of one that was being cancelled (R-CONFLICT-STATES).
        let replaced = (transition.submitted() == Some(on)).then_some(Status::Cancelled);
        let end = change.reached(NodeAction::MaintenanceOn).or(replaced);
        let undone = end.is_some_and(|end| transition.rules.mon_fail_state().deletes_snapshot(end));
        let may_be_users = transition.rules.moff_delete() != MoffDelete::MaintOnly;
        let by_request = matches!(transition.reply, Reply::Answer(Answer::SnapshotDeleted(view))
            if view.node == change.uid && view.name == lost.name && lost.kind == SnapshotKind::User);
        let is_maintenance = lost.kind == SnapshotKind::Maintenance;
        let due = overwritten
            || by_request
            || (undone && is_maintenance)
            || (used && (is_maintenance || may_be_users));
        must(due, || format!("snapshot `{}` of node {} vanished", lost.name, change.uid))
    }),
};

pub(super) const SNAPSHOT_BEFORE_MARK: Invariant = Invariant {
    name: "snapshot-before-mark",
    statement: "maintenance_on marks the node after it took care of the snapshot",
    clauses: &["MON-5", "MON-7"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        let Some((before, after)) = change.stayed() else { return Verdict::Silent };
        if before.activations >= after.activations {
            return Verdict::Silent;
        }
        let slot = Slot::Node(change.uid, NodeAction::MaintenanceOn);
        let steps = before.instance(NodeAction::MaintenanceOn).map_or(0, |instance| instance.work.steps);
        let restored = change.reached(NodeAction::MaintenanceOff).is_some_and(Status::is_final)
            || before.instance(NodeAction::MaintenanceOff).is_some_and(|off| off.is_live());
        must((transition.is_move(slot, Move::Advance) && steps >= 1) || restored, || {
            format!("node {} was marked for maintenance out of order", change.uid)
        })
    }),
};

pub(super) const MARK_ENDS_WITH_OFF: Invariant = Invariant {
    name: "mark-ends-with-off",
    statement: "the maintenance mark is cleared only by maintenance_off",
    clauses: &["MON-5", "MOFF-1", "MOFF-7", "R-MON-FAIL-STATE", "R-CANCEL-EFFECT"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        let Some((before, after)) = change.stayed() else { return Verdict::Silent };
        if before.activations <= after.activations {
            return Verdict::Silent;
        }
        let off = transition.is_move(Slot::Node(change.uid, NodeAction::MaintenanceOff), Move::Advance);
        let rules = transition.rules;
        let undone = rules.mon_fail_state().takes_back()
            || rules.cancel_effect() == CancelEffect::Rollback
            || rules.stack() != Stack::Flag;
        must(off || undone, || format!("node {} lost its maintenance mark", change.uid))
    }),
};

pub(super) const REMOVAL_MARK_FROM_ACCEPTANCE: Invariant = Invariant {
    name: "removal-mark-from-acceptance",
    statement: "a node carries the removal mark from the moment a remove is accepted, and no other way",
    clauses: &["REM-2", "R-REMOVE-FLAG-WHEN"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        let removes = transition.submitted() == Some(Slot::Node(change.uid, NodeAction::Remove));
        match change.after {
            Some(after) if removes => must(after.leaving, || format!("node {} is not marked", change.uid)),
            Some(after) if change.before.is_some_and(|before| !before.leaving) => {
                must(!after.leaving, || format!("node {} was marked for removal by itself", change.uid))
            }
            _ => Verdict::Silent,
        }
    }),
};

pub(super) const REMOVAL_MARK_STAYS: Invariant = Invariant {
    name: "removal-mark-stays",
    statement: "the removal mark survives a removal that failed, was cancelled or aborted",
    clauses: &["REM-3", "R-REMOVE-FLAG", "R-QUEUED-CANCEL-EFFECT"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        let Some((before, after)) = change.stayed().filter(|(before, _)| before.leaving) else {
            return Verdict::Silent;
        };
        let rules = transition.rules;
        let queued = before.instance(NodeAction::Remove).is_some_and(|it| it.status == Status::Queued);
        let failed = change.reached(NodeAction::Remove) == Some(Status::Failed);
        let cleared = match rules.remove_flag() {
            RemoveFlag::Sticky => queued && rules.queued_cancel_effect() == QueuedCancelEffect::None,
            RemoveFlag::FailOnly => !failed,
            RemoveFlag::Rollback => true,
        };
        must(after.leaving || cleared, || format!("node {} lost its removal mark", change.uid))
    }),
};

pub(super) const LEAVES_ONLY_BY_REMOVE: Invariant = Invariant {
    name: "leaves-only-by-remove",
    statement: "a node leaves when its removal completes, and only then; nothing but that status remains of it",
    clauses: &["REM-1", "REM-11", "R-REMOVE-STATUS-AFTER", "R-REMOVE-OTHER-STATUSES", "R-REMOVE-UID-REUSE"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        let slot = Slot::Node(change.uid, NodeAction::Remove);
        let completes = transition.is_move(slot, Move::Complete);
        match (change.before, change.after) {
            (Some(_), None) => must(completes, || format!("node {} left without being removed", change.uid)),
            (Some(_), Some(_)) => must(!completes, || format!("{} completed, but it is there", name(slot))),
            (None, Some(node)) => {
                let clean = node.slots.iter().all(Option::is_none) && node.snapshots.is_empty();
                must(clean && !node.leaving, || format!("node {} joined with a past", change.uid))
            }
            (None, None) => Verdict::Silent,
        }
    }),
};

pub(super) const EXACTLY_ONE_PRIMARY: Invariant = Invariant {
    name: "exactly-one-primary",
    statement: "one member is the primary, as long as there are members",
    clauses: &["CHM-8"],
    since: Edition::E72,
    check: Check::Cluster(|transition| {
        let cluster = transition.after;
        let holds = match cluster.primary() {
            Some(uid) => cluster.node(uid).is_some(),
            None => cluster.nodes().is_empty(),
        };
        must(holds, || format!("the primary is {:?}", cluster.primary()))
    }),
};

pub(super) const PRIMARY_MOVES_FOR_A_REASON: Invariant = Invariant {
    name: "primary-moves-for-a-reason",
    statement: "the primary changes only by change_master, or because it left or was lost",
    clauses: &["CHM-1", "MON-8", "ENS-3", "R-MON-MASTER", "R-CHM-WHEN"],
    since: Edition::E72,
    check: Check::Cluster(primary_moves_for_a_reason),
};

fn primary_moves_for_a_reason(transition: &Transition<'_>) -> Verdict {
    let (before, after) = (transition.before.primary(), transition.after.primary());
    if before == after {
        return Verdict::Silent;
    }
    let promoted = transition.after.instance(Slot::ChangeMaster).is_some_and(|instance| {
        matches!(&instance.parameters, Parameters::ChangeMaster(order) if Some(order.node) == after)
    });
    let by_task = matches!(transition.moved(), Some((Slot::ChangeMaster, Move::Run | Move::Complete)));
    let by_post = transition.submitted() == Some(Slot::ChangeMaster);
    let demoted = match transition.moved() {
        Some((Slot::Node(uid, NodeAction::EnslaveNode), Move::Complete)) => {
            before == Some(uid) && rules_demote(transition)
        }
        Some((Slot::Node(uid, NodeAction::MaintenanceOn), Move::Advance)) => {
            before == Some(uid) && transition.rules.post_rladmin_params() != PostRladminParams::Absent
        }
        _ => false,
    };
    let lost = before.is_none_or(|uid| transition.after.node(uid).is_none_or(|node| !node.up));
    let by_itself = matches!(transition.reply, Reply::Happened) && lost;
    must((promoted && (by_task || by_post)) || demoted || by_itself, || {
        format!("the primary moved from {before:?} to {after:?} without a reason")
    })
}

/// Whether the rules know a way for enslave_node to take the role from a node.
fn rules_demote(transition: &Transition<'_>) -> bool {
    transition.rules.ens_meaning() != EnsMeaning::Resources
        || transition.rules.post_rladmin_params() != PostRladminParams::Absent
}
