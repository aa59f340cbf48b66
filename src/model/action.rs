//! What the five actions do. Each has a file of its own; here is what they have in common.
//!
//! A run goes through the documented steps of its action one by one ([`advance`]), so that it can be
//! interrupted between any two of them. What stands in its way is an [`Obstacle`]; how that shows is the
//! obstacle's remedy. [`reach`] is the only way an instance changes its status.

mod change_master;
mod enslave_node;
mod maintenance_off;
mod maintenance_on;
mod remove;

use super::lifecycle::{self, Trigger};
use super::post::Members;
use super::response::Refusal;
use super::{Cluster, ErrorCode, Instance, NodeUid, Progress, Slot, Status, Time};
use crate::spec::Rules;
use crate::spec::rules::{AbortedCause, AbortedExists, AbortedRetention, MoffNosnap, MoffUnknownName};
use crate::spec::rules::{PrecheckStatus, RemoveLast, RemoveMaster};

pub use change_master::ChangeMaster;
pub(super) use change_master::{finish_at_once, move_role, read as change_master};
pub use enslave_node::EnslaveNode;
pub use maintenance_off::MaintenanceOff;
pub use maintenance_on::MaintenanceOn;
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
    /// The snapshot that maintenance_off loaded.
    pub loaded: Option<Box<str>>,
    /// A member of the body had a wrong type, and the task is to fail for it.
    pub doomed: bool,
}

/// Why a run cannot succeed as the cluster stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// The node does not answer (R-NODE-DOWN).
    NodeDown,
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
pub(super) enum Remedy {
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
    /// How it shows under the rules: one decision for each reading.
    pub(super) fn remedy(self, rules: &Rules) -> Remedy {
        let fails = |code| match rules.aborted_cause {
            AbortedCause::Precheck => aborts(rules),
            AbortedCause::Internal | AbortedCause::User => Remedy::Fail(code),
        };
        match self {
            Self::NodeDown => match rules.precheck_status {
                PrecheckStatus::AsyncFailed => fails(ErrorCode::InternalError),
                PrecheckStatus::AsyncAborted => aborts(rules),
                PrecheckStatus::Sync => Remedy::RefusePost(400),
            },
            Self::NoSnapshot => match rules.moff_nosnap {
                MoffNosnap::Failed => fails(ErrorCode::InternalError),
                MoffNosnap::StatusCancelled => Remedy::Cancel,
                MoffNosnap::CompletedNoop => Remedy::Complete,
                MoffNosnap::Sync => Remedy::RefusePost(400),
            },
            Self::UnknownSnapshot => match rules.moff_unknown_name {
                MoffUnknownName::AsyncFailed => fails(ErrorCode::InternalError),
                MoffUnknownName::Sync404 => Remedy::RefusePost(404),
                MoffUnknownName::Sync400 => Remedy::RefusePost(400),
            },
            Self::LastNode => match rules.remove_last {
                RemoveLast::FailedResources => fails(ErrorCode::InsufficientResources),
                RemoveLast::Refused => Remedy::RefusePost(400),
                RemoveLast::Allowed => Remedy::Proceed,
            },
            Self::PrimaryLeaves => match rules.remove_master {
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
    match rules.aborted_exists {
        AbortedExists::Eight => Remedy::Abort,
        AbortedExists::Seven => Remedy::Fail(ErrorCode::InternalError),
    }
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
        (Slot::Node(uid, action), parameters) => {
            let node = cluster.node(uid)?;
            match (action, parameters) {
                (NodeAction::MaintenanceOff, Parameters::MaintenanceOff(order)) => {
                    maintenance_off::obstacle(node, rules, order, work)
                }
                (NodeAction::EnslaveNode, _) => enslave_node::obstacle(node),
                (NodeAction::Remove, _) => remove::obstacle(cluster, uid),
                _ => None,
            }
        }
        _ => None,
    };
    obstacle.filter(|obstacle| obstacle.remedy(rules) != Remedy::Proceed)
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
    match &instance.parameters {
        Parameters::MaintenanceOn(order) => {
            maintenance_on::advance(node, rules, at, order, &mut instance.work);
        }
        Parameters::MaintenanceOff(order) => {
            maintenance_off::advance(node, rules, order, &mut instance.work);
        }
        Parameters::Remove(_) | Parameters::EnslaveNode(_) | Parameters::ChangeMaster(_) => {}
    }
    instance.work.steps += 1;
    node.slots[action as usize] = Some(instance);
}

/// Moves the instance of a slot to a status, with everything that follows from it.
pub(super) fn reach(cluster: &mut Cluster, rules: &Rules, slot: Slot, status: Status) {
    let Some(mut instance) = cluster.slot_mut(slot).and_then(Option::take) else { return };
    let before = std::mem::replace(&mut instance.status, status);
    if status.is_final() || status == Status::Cancelling {
        instance.cancel_requested = false;
    }
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
    } else if status.is_final() {
        if let Slot::Node(uid, _) = slot {
            stopped_on_node(cluster, rules, uid, &instance, before);
        }
        if status == Status::Aborted && rules.aborted_retention == AbortedRetention::Dropped {
            return;
        }
    }
    if let Some(place) = cluster.slot_mut(slot) {
        *place = Some(instance);
    }
}

/// Ends an instance with an error.
pub(super) fn fail(cluster: &mut Cluster, rules: &Rules, slot: Slot, code: ErrorCode) {
    let Some(Some(instance)) = cluster.slot_mut(slot) else { return };
    let Some(end) = lifecycle::next(instance.status, Trigger::Fail, rules) else { return };
    instance.error = (end == Status::Failed).then_some(code);
    reach(cluster, rules, slot, end);
}

fn completed_on_node(cluster: &mut Cluster, rules: &Rules, uid: NodeUid, instance: &Instance) {
    let Some(node) = cluster.node_mut(uid) else { return };
    if let Parameters::MaintenanceOff(order) = &instance.parameters {
        maintenance_off::completed(node, rules, order, &instance.work);
    }
}

/// What follows on the node from a run that ended without completing.
fn stopped_on_node(cluster: &mut Cluster, rules: &Rules, uid: NodeUid, instance: &Instance, before: Status) {
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
