//! What the five actions do. Each has a file of its own; here is what they have in common.
//!
//! A run goes through the documented steps of its action one by one ([`advance`]), so that it can be
//! interrupted between any two of them. What stands in its way is an [`Obstacle`]; how that shows is the
//! obstacle's remedy. [`reach`] is the only way an instance changes its status.

mod change_master;
mod data;
mod enslave_node;
mod maintenance_off;
mod maintenance_on;
mod obstacle;
mod remove;

use std::sync::Arc;

use super::body::Members;
use super::lifecycle::{self, Trigger};
use super::response::Refusal;
use super::{Cluster, ErrorCode, Instance, NodeUid, Progress, ShardUid, Slot};
use super::{Snapshot, Status, Time};
use crate::spec::Rules;
use crate::spec::rules::{CancelEffect, MoffRestoreGone, RemovePartial};

pub use change_master::ChangeMaster;
pub(super) use change_master::{finish_at_once, move_role, read as change_master};
use data::{bring_back, has_duties, is_stuck};
pub(super) use data::{duties, is_done, move_data};
pub use enslave_node::EnslaveNode;
pub use maintenance_off::MaintenanceOff;
pub use maintenance_on::MaintenanceOn;
pub use obstacle::Obstacle;
pub(super) use obstacle::Remedy;
pub use remove::Remove;
pub(super) use remove::mark as mark_leaving;

/// The actions on a node (NODE-19).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeAction {
    /// Turns the node into a replica.
    EnslaveNode,
    /// Restores the node after maintenance.
    MaintenanceOff,
    /// Prepares the node for maintenance.
    MaintenanceOn,
    /// Takes the node out of the cluster.
    Remove,
}

impl NodeAction {
    /// All node actions, in the order of their names.
    pub const ALL: [Self; 4] = [Self::EnslaveNode, Self::MaintenanceOff, Self::MaintenanceOn, Self::Remove];

    /// The name in a path.
    pub fn name(self) -> &'static str {
        match self {
            Self::EnslaveNode => "enslave_node",
            Self::MaintenanceOff => "maintenance_off",
            Self::MaintenanceOn => "maintenance_on",
            Self::Remove => "remove",
        }
    }

    /// The action of that name. Names are compared exactly (R-ACTION-CASE).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

/// What the body of the POST asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "one for each action")]
pub enum Parameters {
    EnslaveNode(EnslaveNode),
    MaintenanceOff(MaintenanceOff),
    MaintenanceOn(MaintenanceOn),
    Remove(Remove),
    ChangeMaster(ChangeMaster),
}

impl Parameters {
    /// Those of a body that asks for nothing. A `change_master` always asks for a node: this one.
    pub fn of_nothing(slot: Slot, target: NodeUid) -> Self {
        match slot {
            Slot::Node(_, NodeAction::EnslaveNode) => Self::EnslaveNode(EnslaveNode::default()),
            Slot::Node(_, NodeAction::MaintenanceOff) => Self::MaintenanceOff(MaintenanceOff::default()),
            Slot::Node(_, NodeAction::MaintenanceOn) => Self::MaintenanceOn(MaintenanceOn::default()),
            Slot::Node(_, NodeAction::Remove) => Self::Remove(Remove::default()),
            Slot::ChangeMaster => Self::ChangeMaster(ChangeMaster { node: target }),
        }
    }

    /// Whether they are those of the slot's action.
    pub fn belong_to(&self, slot: Slot) -> bool {
        match self {
            Self::EnslaveNode(_) => matches!(slot, Slot::Node(_, NodeAction::EnslaveNode)),
            Self::MaintenanceOff(_) => matches!(slot, Slot::Node(_, NodeAction::MaintenanceOff)),
            Self::MaintenanceOn(_) => matches!(slot, Slot::Node(_, NodeAction::MaintenanceOn)),
            Self::Remove(_) => matches!(slot, Slot::Node(_, NodeAction::Remove)),
            Self::ChangeMaster(_) => slot == Slot::ChangeMaster,
        }
    }
}

/// What a run has done so far, as far as its later steps or its end depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Work {
    /// How many of the documented steps are done.
    pub steps: u8,
    /// The maintenance mark before the run changed it.
    pub activations_before: u8,
    /// The snapshot that maintenance_off loaded. It is held whole: somebody may delete it while the run restores.
    pub loaded: Option<Arc<Snapshot>>,
    /// One move of data was under way when the run was cancelled, and may still be finished (LIFE-23).
    pub unfinished: bool,
    /// Some of it was done after a DELETE had been accepted: its end was not due by then (R-DEL-RUNNING).
    pub overtaken: bool,
    /// The shards that it moved, and where from and to, in order.
    pub moved: Vec<Moved>,
    /// A member of the body had a wrong type, and the task is to fail for it.
    pub doomed: bool,
}

/// A shard that a run moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "a shard, from a node to a node")]
pub struct Moved {
    pub shard: ShardUid,
    pub from: NodeUid,
    pub to: NodeUid,
}

/// Reads the members of a node action's body.
pub(super) fn parameters(action: NodeAction, members: &mut Members<'_>) -> Result<Parameters, Refusal> {
    Ok(match action {
        NodeAction::EnslaveNode => Parameters::EnslaveNode(enslave_node::read(members)?),
        NodeAction::MaintenanceOff => Parameters::MaintenanceOff(maintenance_off::read(members)?),
        NodeAction::MaintenanceOn => Parameters::MaintenanceOn(maintenance_on::read(members)?),
        NodeAction::Remove => Parameters::Remove(remove::read(members)?),
    })
}

/// What stands in the way of a run now, if anything does.
pub(super) fn obstacle(
    cluster: &Cluster,
    rules: &Rules,
    slot: Slot,
    parameters: &Parameters,
    work: &Work,
) -> Option<Obstacle> {
    if work.doomed {
        return Some(Obstacle::WrongParameters);
    }
    let obstacle = match (slot, parameters) {
        (Slot::ChangeMaster, Parameters::ChangeMaster(order)) => change_master::obstacle(cluster, order),
        (Slot::Node(uid, _), parameters) => {
            let node = cluster.node(uid)?;
            let is_stuck = work.steps >= steps(slot) && is_stuck(cluster, rules, node, parameters, work);
            let stuck = |obstacle| is_stuck.then_some(obstacle);
            match parameters {
                Parameters::MaintenanceOff(order) => maintenance_off::obstacle(node, rules, order, work)
                    .or_else(|| misses_shards(cluster, rules, order, work))
                    .or(stuck(Obstacle::NoWay)),
                Parameters::MaintenanceOn(order) => {
                    maintenance_on::obstacle(cluster, rules, node, order, work).or(stuck(Obstacle::NoSpace))
                }
                Parameters::EnslaveNode(_) => enslave_node::obstacle(node).or(stuck(Obstacle::NoWay)),
                Parameters::Remove(_) => remove::obstacle(cluster, rules, uid, is_stuck),
                Parameters::ChangeMaster(_) => None,
            }
        }
        _ => None,
    };
    obstacle.filter(|obstacle| obstacle.remedy(rules) != Remedy::Proceed)
}

fn misses_shards(cluster: &Cluster, rules: &Rules, order: &MaintenanceOff, work: &Work) -> Option<Obstacle> {
    let restores = work.steps == maintenance_off::STEPS;
    let judged = restores && rules.moff_restore_gone() != MoffRestoreGone::BestEffort;
    let gone = judged && maintenance_off::misses_shards(cluster, order, work);
    gone.then_some(Obstacle::ShardsGone)
}

/// How many steps an action has before it can complete.
pub(super) fn steps(slot: Slot) -> u8 {
    match slot {
        Slot::Node(_, NodeAction::MaintenanceOn) => maintenance_on::STEPS,
        Slot::Node(_, NodeAction::MaintenanceOff) => maintenance_off::STEPS,
        Slot::Node(_, NodeAction::Remove | NodeAction::EnslaveNode) | Slot::ChangeMaster => 0,
    }
}

/// Does the next step of a run. The caller has checked that there is one and that nothing is in the way.
pub(super) fn advance(cluster: &mut Cluster, rules: &Rules, at: Time, slot: Slot) {
    let Slot::Node(uid, action) = slot else { return };
    let Some(node) = cluster.node_mut(uid) else { return };
    let Some(mut instance) = node.slots[action as usize].take() else { return };
    let mut demoted = false;
    match &instance.parameters {
        Parameters::MaintenanceOn(order) => {
            maintenance_on::advance(node, rules, at, order, &mut instance.work);
            demoted = order.demote_node && instance.work.steps == 1;
        }
        Parameters::MaintenanceOff(order) => {
            maintenance_off::advance(node, rules, order, &mut instance.work);
        }
        Parameters::Remove(_) | Parameters::EnslaveNode(_) | Parameters::ChangeMaster(_) => {}
    }
    instance.work.steps += 1;
    instance.work.overtaken |= instance.cancel_requested;
    node.slots[action as usize] = Some(instance);
    if demoted {
        hand_over(cluster, uid);
    }
}

/// If a node is primary, the lowest other node that answers becomes it (MON-9, ENS-3).
fn hand_over(cluster: &mut Cluster, uid: NodeUid) {
    let heir = cluster.nodes.iter().find(|node| node.up && node.uid != uid).map(|node| node.uid);
    if let (true, Some(heir)) = (cluster.primary == Some(uid), heir) {
        cluster.primary = Some(heir);
    }
}

/// Moves the instance of a slot to a status, with everything that follows from it.
pub(super) fn reach(cluster: &mut Cluster, rules: &Rules, slot: Slot, status: Status) {
    let Some(mut instance) = cluster.slot_mut(slot).and_then(Option::take) else { return };
    let before = std::mem::replace(&mut instance.status, status);
    if status.is_final() || status == Status::Cancelling {
        instance.cancel_requested = false;
    }
    instance.work.unfinished = status == Status::Cancelling
        && before == Status::Running
        && !instance.work.overtaken
        && cluster.node_of(slot).is_some_and(|node| has_duties(cluster, rules, node, slot, &instance));
    if status == Status::Completed {
        instance.progress = Progress::FULL;
        match slot {
            Slot::ChangeMaster => change_master::completed(cluster, rules, &instance.parameters),
            Slot::Node(uid, NodeAction::Remove) => {
                remove::completed(cluster, rules, uid, instance);
                return;
            }
            Slot::Node(uid, _) => completed_on_node(cluster, rules, uid, &instance),
        }
    } else if status.is_final()
        && let Slot::Node(uid, _) = slot
    {
        stopped_on_node(cluster, rules, uid, &instance, before);
    }
    if let Some(place) = cluster.slot_mut(slot) {
        *place = Some(instance);
    }
}

/// Ends an instance with an error.
pub(super) fn fail(cluster: &mut Cluster, rules: &Rules, slot: Slot, code: ErrorCode) {
    let Some(instance) = cluster.instance_mut(slot) else { return };
    let Some(end) = lifecycle::next(instance.status, Trigger::Fail, rules) else { return };
    instance.error = (end == Status::Failed).then_some(code);
    reach(cluster, rules, slot, end);
}

fn completed_on_node(cluster: &mut Cluster, rules: &Rules, uid: NodeUid, instance: &Instance) {
    match &instance.parameters {
        Parameters::MaintenanceOff(order) => {
            if let Some(node) = cluster.node_mut(uid) {
                maintenance_off::completed(node, rules, order, &instance.work);
            }
        }
        Parameters::EnslaveNode(order) if enslave_node::demotes_node(rules, order) => hand_over(cluster, uid),
        _ => {}
    }
}

/// What follows on the node from a run that ended without completing.
fn stopped_on_node(cluster: &mut Cluster, rules: &Rules, uid: NodeUid, instance: &Instance, before: Status) {
    let undone = instance.status == Status::Cancelled && rules.cancel_effect() == CancelEffect::Rollback;
    let returns = match instance.parameters {
        Parameters::Remove(_) => rules.remove_partial() == RemovePartial::Return,
        Parameters::MaintenanceOn(_) => rules.mon_fail_state().takes_back(),
        _ => false,
    };
    if undone || returns {
        bring_back(cluster, &instance.work);
    }
    let Some(node) = cluster.node_mut(uid) else { return };
    match &instance.parameters {
        Parameters::MaintenanceOn(_) => {
            maintenance_on::stopped(node, rules, instance.status, &instance.work);
        }
        Parameters::MaintenanceOff(_) => {
            maintenance_off::stopped(node, rules, instance.status, &instance.work);
        }
        Parameters::Remove(_) => remove::stopped(node, rules, instance.status, before),
        Parameters::EnslaveNode(_) | Parameters::ChangeMaster(_) => {}
    }
}
