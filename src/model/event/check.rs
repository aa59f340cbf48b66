//! Whether an event may happen now, and if not, why.

use super::super::action::{self, Remedy};
use super::super::lifecycle;
use super::super::{Cluster, ErrorCode, Instance, NodeAction, ShardRole, Slot, Status, placement};
use super::{Event, Hindrance, Move};
use crate::spec::Rules;
use crate::spec::rules::{AbortedCause, DelRunning, ErrcodeSet};

/// Whether an event may happen now.
pub(in super::super) fn check(cluster: &Cluster, rules: &Rules, event: &Event) -> Result<(), Hindrance> {
    let node = |uid| cluster.node(uid).ok_or(Hindrance::NoSuchNode);
    let unless = |wrong, hindrance| if wrong { Err(hindrance) } else { Ok(()) };
    match event {
        Event::Task(slot, step) => check_move(cluster, rules, *slot, *step),
        Event::NodeDown(uid) => unless(!node(*uid)?.up, Hindrance::NoChange),
        Event::NodeUp(uid) => unless(node(*uid)?.up, Hindrance::NoChange),
        Event::Join(uid) => unless(cluster.node(*uid).is_some(), Hindrance::NodeExists),
        Event::Bootstrap(uid) => unless(node(*uid)?.bootstrapped, Hindrance::NoChange),
        Event::Elect(uid) => {
            let primary_answers =
                cluster.primary.and_then(|uid| cluster.node(uid)).is_some_and(|primary| primary.up);
            unless(primary_answers || !node(*uid)?.up, Hindrance::NoChange)
        }
        Event::CreateSnapshot(uid, name) => {
            unless(node(*uid)?.snapshot(name).is_some(), Hindrance::NameTaken)
        }
        Event::Migrate { shard, from, to } => {
            let moved = node(*from)?.shard(*shard).ok_or(Hindrance::Misplaced)?;
            unless(!node(*from)?.up || !node(*to)?.takes(moved), Hindrance::Misplaced)
        }
        Event::FailOver { shard, from, to } => {
            let heir = node(*to)?.shard(*shard).filter(|heir| heir.role == ShardRole::Replica);
            let heir = heir.ok_or(Hindrance::Misplaced)?;
            let lost = !node(*from)?.up && node(*to)?.up;
            let follows = node(*from)?.shards.iter().any(|master| master.is_copy_of(heir));
            unless(!lost || !follows, Hindrance::Misplaced)
        }
        Event::DeleteDatabase(db) => unless(cluster.database(*db).is_none(), Hindrance::NoDatabase),
    }
}

pub(super) fn check_move(cluster: &Cluster, rules: &Rules, slot: Slot, step: Move) -> Result<(), Hindrance> {
    let instance = cluster.instance(slot).ok_or(Hindrance::NoInstance)?;
    let no_edge = Hindrance::NoEdge(instance.status);
    if step == Move::Expire {
        return if lifecycle::expires(instance.status, rules) { Ok(()) } else { Err(no_edge) };
    }
    if step.is_of_data() {
        return check_data(cluster, rules, slot, instance, step);
    }
    if let Some(trigger) = step.trigger() {
        lifecycle::next(instance.status, trigger, rules).ok_or(no_edge)?;
    } else if instance.status != Status::Running
        && !(step == Move::Advance && lifecycle::may_be_too_late(instance.status, rules))
    {
        return Err(no_edge);
    }
    match instance.status {
        Status::Running => check_running(cluster, rules, slot, instance, step),
        // Too late to cancel: the work goes on, or is done (R-CANCELLING-OUTCOME).
        Status::Cancelling if matches!(step, Move::Advance | Move::Complete) => {
            let obstacle = action::obstacle(cluster, rules, slot, &instance.parameters, &instance.work);
            if step == Move::Complete {
                check_done(cluster, rules, slot, instance)?;
            } else if instance.work.steps >= action::steps(slot) {
                return Err(Hindrance::Steps);
            }
            obstacle.map_or(Ok(()), |obstacle| Err(Hindrance::Blocked(obstacle)))
        }
        _ => check_end(cluster, rules, step),
    }
}

/// A run moves data once its steps are done, as long as nothing ended it, and only what it has to.
fn check_data(
    cluster: &Cluster,
    rules: &Rules,
    slot: Slot,
    instance: &Instance,
    step: Move,
) -> Result<(), Hindrance> {
    let finishes = instance.status == Status::Cancelling && instance.work.unfinished;
    if instance.status != Status::Running && !finishes {
        return Err(Hindrance::NoEdge(instance.status));
    }
    // One that was under way when the DELETE came, and no more (LIFE-23).
    if !goes_on(instance, rules) || instance.work.overtaken {
        return Err(Hindrance::CancelFirst);
    }
    if instance.work.steps < action::steps(slot) {
        return Err(Hindrance::Steps);
    }
    let due = match step {
        Move::Persist { shard, at } => {
            let here = instance.work.moved.iter().any(|moved| moved.shard == shard && moved.to == at);
            here && !placement::is_written(cluster, shard, at)
        }
        _ => cluster.node_of(slot).is_some_and(|home| {
            let duties = action::duties(cluster, rules, home, &instance.parameters, &instance.work);
            let removal = matches!(slot, Slot::Node(_, NodeAction::Remove));
            placement::does(cluster, home, &duties, removal, step)
        }),
    };
    if due { Ok(()) } else { Err(Hindrance::NoDuty) }
}

/// What may happen to a running instance: an obstacle leaves one way out, a noted cancellation comes first.
fn check_running(
    cluster: &Cluster,
    rules: &Rules,
    slot: Slot,
    instance: &Instance,
    step: Move,
) -> Result<(), Hindrance> {
    let obstacle = action::obstacle(cluster, rules, slot, &instance.parameters, &instance.work);
    if let Some(obstacle) = obstacle {
        let blocked = Hindrance::Blocked(obstacle);
        return match (obstacle.remedy(rules), step) {
            (Remedy::Fail(due), Move::Fail(code)) if code == due => Ok(()),
            (Remedy::RefusePost(_), Move::Fail(code)) if code == obstacle.error() => Ok(()),
            (Remedy::Abort, Move::Abort) | (Remedy::Complete, Move::Complete) => Ok(()),
            (_, Move::BeginCancel) if instance.cancel_requested => Ok(()),
            (Remedy::Cancel, Move::BeginCancel) => Ok(()),
            (_, Move::Abort) => check_end(cluster, rules, step),
            // What can be done is done and reported, also where it cannot be all.
            (_, Move::Progress(progress)) if goes_on(instance, rules) && progress > instance.progress => {
                Ok(())
            }
            _ => Err(blocked),
        };
    }
    match step {
        Move::BeginCancel if !instance.cancel_requested => Err(Hindrance::NoEdge(instance.status)),
        Move::Advance | Move::Progress(_) | Move::Complete | Move::Fail(_) if !goes_on(instance, rules) => {
            Err(Hindrance::CancelFirst)
        }
        // Only an end that was already due may still win (R-DEL-RUNNING).
        Move::Complete if instance.work.overtaken => Err(Hindrance::CancelFirst),
        Move::Advance if instance.work.steps >= action::steps(slot) => Err(Hindrance::Steps),
        Move::Progress(progress) if progress <= instance.progress => Err(Hindrance::NoProgress),
        Move::Complete => check_done(cluster, rules, slot, instance),
        _ => check_end(cluster, rules, step),
    }
}

/// Whether a run goes on until a noted cancellation takes hold (R-DEL-RUNNING).
fn goes_on(instance: &Instance, rules: &Rules) -> bool {
    !instance.cancel_requested || rules.del_running() == DelRunning::Eventual
}

fn check_done(cluster: &Cluster, rules: &Rules, slot: Slot, instance: &Instance) -> Result<(), Hindrance> {
    if instance.work.steps < action::steps(slot) {
        Err(Hindrance::Steps)
    } else if action::is_done(cluster, rules, slot, instance) {
        Ok(())
    } else {
        Err(Hindrance::Unfinished)
    }
}

/// Whether the rules know this end at all.
fn check_end(cluster: &Cluster, rules: &Rules, step: Move) -> Result<(), Hindrance> {
    let known = match step {
        // Where placement is known, resources lack only if they do, and then that is an obstacle.
        Move::Fail(ErrorCode::InsufficientResources) => cluster.databases().is_empty(),
        Move::Abort => rules.aborted_cause() == AbortedCause::Internal,
        Move::Fail(ErrorCode::Unlisted) => rules.errcode_set() == ErrcodeSet::Open,
        _ => true,
    };
    if known { Ok(()) } else { Err(Hindrance::NotInRules) }
}
