//! What a client sees: answers, and refusals with the reason and the clause.
//!
//! The values here are typed; their JSON form is in [`crate::http`].

use super::{ErrorCode, Instance, Method, Observation, Progress, Slot, SnapshotView, Status, TaskId};
use crate::spec::Rules;
use crate::spec::rules::{Errfields, ProgressValues};

/// A request that was served, always with status code 200 (R-POST-CODE, R-DEL-RESPONSE).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Answer {
    /// POST: the action was initiated, not ended (POST-5).
    Accepted(Slot, TaskId),
    /// DELETE: it will be cancelled when possible, or its status is gone (DEL-3).
    Deleted(Slot),
    /// GET of one action.
    Action(ActionView),
    /// GET of a list, in the order of nodes, then names (R-LIST-ORDER).
    Actions(Listing, Vec<ActionView>),
    /// GET of what else the cluster shows of itself (section OBS).
    Observed(Observation),
    /// DELETE of a snapshot: it is gone, and this was it (SNAP-11).
    SnapshotDeleted(SnapshotView),
    /// OPTIONS: the methods of the path (HTTP-13).
    Methods(&'static [Method]),
}

impl Answer {
    pub(super) fn empty_list() -> Self {
        Self::Actions(Listing::OfNode, Vec::new())
    }

    /// The clauses that decide it.
    pub fn clauses(&self) -> &'static [&'static str] {
        match self {
            Self::Accepted(Slot::Node(..), _) => &["POST-5", "NODE-18"],
            Self::Accepted(Slot::ChangeMaster, _) => &["POST-5", "CLU-8"],
            Self::Deleted(_) => &["DEL-3", "DEL-2"],
            Self::Action(ActionView { slot: Slot::Node(..), .. }) => &["NODE-14", "NODE-13"],
            Self::Action(ActionView { slot: Slot::ChangeMaster, .. }) => &["CLU-7", "CLU-6"],
            Self::Actions(Listing::AllNodes, _) => &["NODE-1", "NODE-4"],
            Self::Actions(Listing::OfNode, _) => &["NODE-5", "NODE-6"],
            Self::Actions(Listing::OfCluster, _) => &["CLU-1", "CLU-2"],
            Self::Observed(observation) => observation.clauses(),
            Self::SnapshotDeleted(_) => &["SNAP-11"],
            Self::Methods(_) => &["HTTP-13"],
        }
    }
}

/// Which list was asked for; the shape on the wire depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Listing {
    /// All actions of all nodes.
    AllNodes,
    /// The actions of one node.
    OfNode,
    /// The cluster actions.
    OfCluster,
}

/// The action object (section OBJ).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ActionView {
    /// Which action of which node.
    pub slot: Slot,
    /// The number of the instance.
    pub task: TaskId,
    /// Its status.
    pub status: Status,
    /// How far it is.
    pub progress: Progress,
    /// Why it failed (R-ERRFIELDS).
    pub error: Option<ErrorCode>,
}

impl ActionView {
    pub(super) fn new(slot: Slot, instance: &Instance, rules: &Rules) -> Self {
        let unsuccessful = instance.status.is_final() && instance.status != Status::Completed;
        let progress = match rules.progress_values() {
            ProgressValues::Zero if unsuccessful => Progress::NONE,
            ProgressValues::Hundred if unsuccessful => Progress::FULL,
            _ => instance.progress,
        };
        let error = match rules.errfields() {
            Errfields::AllEnds if unsuccessful => instance.error.or(Some(ErrorCode::InternalError)),
            _ => instance.error,
        };
        Self { slot, task: instance.task, status: instance.status, progress, error }
    }
}

/// A request that was not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// The HTTP status code.
    pub code: u16,
    /// The reason.
    pub why: Why,
}

impl Refusal {
    pub(super) fn new(code: u16, why: Why) -> Self {
        Self { code, why }
    }
}

/// Why a request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// Credentials are missing or wrong.
    Unauthenticated,
    /// The role lacks the permission.
    Forbidden,
    /// The path leads nowhere.
    NoRoute,
    /// The path has no such method, but these.
    NoMethod(&'static [Method]),
    /// The uid in the path is no number.
    OddUid,
    /// The node in the path does not exist.
    NoNode,
    /// No action has this name here.
    UnknownAction,
    /// Nothing was started, or its status was removed.
    NoInstance,
    /// A list of cluster actions is empty (only under `R-LIST-EMPTY-CLUSTER=NOTFOUND`).
    NothingListed,
    /// The node has no snapshot of this name.
    NoSnapshot,
    /// Maintenance made the snapshot, so it stays.
    MaintenanceSnapshot,
    /// The content type is not JSON.
    ContentType,
    /// A body is required.
    NoBody,
    /// The body is not JSON.
    Malformed,
    /// The body is JSON, but no object.
    NotAnObject,
    /// The body has a member that the action does not know.
    UnknownMember,
    /// This member has a wrong type.
    WrongType(&'static str),
    /// `change_master` needs a `node_uid`.
    NoTarget,
    /// The target of `change_master` does not exist.
    TargetUnknown,
    /// The target of `change_master` is not bootstrapped.
    TargetNotBootstrapped,
    /// The target of `change_master` is primary already.
    TargetIsPrimary,
    /// The target of `change_master` is in maintenance or about to leave.
    TargetUnfit,
    /// The action cannot succeed as the cluster stands.
    Precondition,
    /// A live instance stands in the way.
    Conflict,
    /// The live instance cannot be cancelled now.
    NotCancellable,
}

impl Why {
    /// A code for programs (R-ERR-BODY).
    pub fn error_code(self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "insufficient_permissions",
            Self::NoRoute => "not_found",
            Self::NoMethod(_) => "method_not_allowed",
            Self::OddUid => "invalid_node_uid",
            Self::NoNode | Self::TargetUnknown => "node_not_found",
            Self::UnknownAction => "action_not_found",
            Self::NoInstance | Self::NothingListed => "action_not_running",
            Self::NoSnapshot => "snapshot_not_found",
            Self::MaintenanceSnapshot => "maintenance_snapshot",
            Self::ContentType => "invalid_content_type",
            Self::NoBody => "empty_request",
            Self::Malformed => "invalid_json",
            Self::NotAnObject | Self::UnknownMember | Self::WrongType(_) | Self::NoTarget => "invalid_schema",
            Self::TargetNotBootstrapped => "node_not_bootstrapped",
            Self::TargetIsPrimary => "already_primary",
            Self::TargetUnfit | Self::Precondition => "precondition_failed",
            Self::Conflict => "action_conflict",
            Self::NotCancellable => "action_not_cancellable",
        }
    }

    /// A sentence for people.
    pub fn description(self) -> &'static str {
        match self {
            Self::Unauthenticated => "credentials are missing or wrong",
            Self::Forbidden => "the role does not hold the permission of this endpoint",
            Self::NoRoute => "nothing is served at this path",
            Self::NoMethod(_) => "the path does not have this method",
            Self::OddUid => "the node uid is not a number",
            Self::NoNode => "the node does not exist",
            Self::UnknownAction => "no action has this name here",
            Self::NoInstance => "the action is not running and has no status of a last run",
            Self::NothingListed => "no cluster action is running or has a status of a last run",
            Self::NoSnapshot => "the node has no snapshot of this name",
            Self::MaintenanceSnapshot => "a maintenance snapshot cannot be deleted",
            Self::ContentType => "the content type must be application/json",
            Self::NoBody => "a JSON object is expected as body",
            Self::Malformed => "the body is not JSON",
            Self::NotAnObject => "the body is not a JSON object",
            Self::UnknownMember => "the body has a member that the action does not know",
            Self::WrongType(_) => "a member of the body has a wrong type",
            Self::NoTarget => "node_uid must name the node to promote",
            Self::TargetUnknown => "the node to promote does not exist",
            Self::TargetNotBootstrapped => "the node to promote is not bootstrapped",
            Self::TargetIsPrimary => "the node is the primary already",
            Self::TargetUnfit => "the node to promote is in maintenance or being removed",
            Self::Precondition => "the action cannot succeed as the cluster stands",
            Self::Conflict => "a conflicting action is already in progress",
            Self::NotCancellable => "the action cannot be cancelled now",
        }
    }

    /// The clauses and readings that decide it.
    pub fn clauses(self) -> &'static [&'static str] {
        match self {
            Self::Unauthenticated => &["HTTP-2", "R-AUTH-CODES"],
            Self::Forbidden => &["PERM-14", "R-PERM-FIRST"],
            Self::NoRoute => &["ERR-1", "HTTP-5", "R-VERSION-PREFIX"],
            Self::NoMethod(_) => &["HTTP-12", "R-METHODS-405"],
            Self::OddUid => &["NODE-24", "R-NODEUID-SYNTAX"],
            Self::NoNode => &["NODE-8", "ERR-9", "R-GET-UNKNOWN-NODE", "R-POST-UNKNOWN-NODE"],
            Self::UnknownAction => &["NODE-19", "CLU-9", "POST-7", "R-POST-UNKNOWN-ACTION"],
            Self::NoInstance => &["NODE-15", "CLU-7", "DEL-4"],
            Self::NothingListed => &["CLU-4", "R-LIST-EMPTY-CLUSTER"],
            Self::NoSnapshot => &["SNAP-11"],
            Self::MaintenanceSnapshot => &["SNAP-11", "R-SNAP-DEL-MAINT"],
            Self::ContentType => &["POST-8", "R-POST-CONTENT-TYPE"],
            Self::NoBody => &["POST-9", "R-POST-EMPTY-BODY"],
            Self::Malformed => &["POST-7", "R-POST-MALFORMED"],
            Self::NotAnObject => &["POST-7", "R-POST-NONOBJECT"],
            Self::UnknownMember => &["POST-15", "R-POST-UNKNOWN-FIELD"],
            Self::WrongType(_) => &["POST-7", "R-POST-WRONG-TYPE"],
            Self::NoTarget => &["CHM-3", "R-CHM-MISSING"],
            Self::TargetUnknown => &["CHM-5", "R-CHM-UNKNOWN"],
            Self::TargetNotBootstrapped => &["CHM-6", "CHM-7", "R-CHM-NOTBOOT"],
            Self::TargetIsPrimary => &["R-CHM-CURRENT"],
            Self::TargetUnfit => &["CHM-11", "R-CHM-MAINT"],
            Self::Precondition => &["R-PRECHECK-STATUS"],
            Self::Conflict => &["POST-1", "POST-2", "POST-6"],
            Self::NotCancellable => &["DEL-1", "R-STARTING-CANCEL", "R-DEL-CANCELLING"],
        }
    }
}
