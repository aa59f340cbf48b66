//! DELETE: two operations under one name. It cancels what lives and clears what ended (DEL-1, DEL-2).

use super::lifecycle::{self, Cancellation};
use super::response::{Answer, Refusal, Why};
use super::{Cluster, NodeAction, Slot, Status, action};
use crate::spec::Rules;
use crate::spec::rules::{DelCluster, DelOtherTerminal};

/// What a permitted DELETE will do.
pub(super) struct Deletion {
    slot: Slot,
    effect: Effect,
}

enum Effect {
    Cancel(Cancellation),
    Clear,
}

/// Decides what DELETE means for a slot. No slot means that the name is no action (R-DEL-NONE).
pub(super) fn plan(cluster: &Cluster, rules: &Rules, slot: Option<Slot>) -> Result<Deletion, Refusal> {
    let slot = slot.ok_or(Refusal::new(404, Why::UnknownAction))?;
    let nothing = Refusal::new(404, Why::NoInstance);
    let instance = cluster.instance(slot).ok_or(nothing)?;
    if slot == Slot::ChangeMaster {
        match rules.del_cluster() {
            DelCluster::SameAsNode => {}
            DelCluster::StatusOnly if !instance.is_live() => {}
            DelCluster::StatusOnly | DelCluster::Never => {
                return Err(Refusal::new(404, Why::NotCancellable));
            }
        }
    }
    let effect = match lifecycle::cancel(instance.status, rules) {
        Some(Cancellation::Refused(code)) => return Err(Refusal::new(code, Why::NotCancellable)),
        Some(cancellation) => Effect::Cancel(cancellation),
        None if instance.status == Status::Completed => Effect::Clear,
        None => match rules.del_other_terminal() {
            DelOtherTerminal::AllEnds => Effect::Clear,
            DelOtherTerminal::OnlyCompleted => return Err(nothing),
        },
    };
    Ok(Deletion { slot, effect })
}

pub(super) fn commit(cluster: &mut Cluster, rules: &Rules, deletion: Deletion) -> Answer {
    let slot = deletion.slot;
    match deletion.effect {
        Effect::Cancel(Cancellation::Becomes(status)) => action::reach(cluster, rules, slot, status),
        Effect::Cancel(Cancellation::Vanishes) => {
            action::reach(cluster, rules, slot, Status::Cancelled);
            clear(cluster, slot);
        }
        Effect::Cancel(Cancellation::Noted) => {
            if let Some(instance) = cluster.instance_mut(slot) {
                instance.cancel_requested = true;
            }
        }
        Effect::Cancel(Cancellation::UnderWay | Cancellation::Refused(_)) => {}
        Effect::Clear => clear(cluster, slot),
    }
    Answer::Deleted(slot)
}

/// Empties a slot; the removal of a node that is gone is forgotten with its uid.
pub(super) fn clear(cluster: &mut Cluster, slot: Slot) {
    match (cluster.slot_mut(slot), slot) {
        (Some(place), _) => *place = None,
        (None, Slot::Node(uid, NodeAction::Remove)) => cluster.departed.retain(|gone| gone.uid != uid),
        (None, _) => {}
    }
}
