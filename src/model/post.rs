//! POST: start an action, refuse a second one, discard the result of the last (section POST).

use std::sync::Arc;

use super::action::{self, Remedy};
use super::body::Members;
use super::delete;
use super::lifecycle::Status;
use super::request::NameText;
use super::response::{Answer, Refusal, Why};
use super::{
    Caller, Cluster, Instance, Method, NodeAction, NodeUid, Parameters, Permission, Request, Slot, TaskId,
    Work,
};
use crate::spec::Rules;
use crate::spec::rules::{ChmRecord, ChmWhen, ResubmitScope};
use crate::spec::rules::{ConflictScope, ConflictStates, PostUnknownAction, ResubmitRejected};

/// A POST that will be accepted.
pub(super) struct Submission {
    slot: Slot,
    parameters: Parameters,
    work: Work,
}

/// Examines a POST to a node that exists: the name, the body, the preconditions, the conflict.
pub(super) fn to_node(
    cluster: &Cluster,
    rules: &Rules,
    uid: NodeUid,
    name: NameText,
    request: &Request,
) -> Result<Submission, Refusal> {
    let Some(slot @ Slot::Node(_, action)) = name.on_node(uid, rules) else {
        return Err(match rules.post_unknown_action() {
            PostUnknownAction::Badrequest => Refusal::new(400, Why::UnknownAction),
            PostUnknownAction::Notfound => Refusal::new(404, Why::UnknownAction),
            PostUnknownAction::Method => Refusal::new(405, Why::UnknownAction),
        });
    };
    let mut members = Members::of_node_request(request, rules)?;
    let parameters = action::parameters(action, &mut members)?;
    let doomed = members.finish()?;
    admit(cluster, rules, slot, parameters, doomed)
}

/// Examines a POST to the cluster. No slot means that the name is no cluster action (POST-7).
pub(super) fn to_cluster(
    cluster: &Cluster,
    rules: &Rules,
    slot: Option<Slot>,
    request: &Request,
) -> Result<Submission, Refusal> {
    let slot = slot.ok_or(Refusal::new(400, Why::UnknownAction))?;
    let mut members = Members::of_cluster_request(request, rules)?;
    let parameters = action::change_master(cluster, &mut members)?;
    let doomed = members.finish()?;
    admit(cluster, rules, slot, parameters, doomed)
}

fn admit(
    cluster: &Cluster,
    rules: &Rules,
    slot: Slot,
    parameters: Parameters,
    doomed: bool,
) -> Result<Submission, Refusal> {
    let work = Work { doomed, ..Work::default() };
    if let Some(obstacle) = action::obstacle(cluster, rules, slot, &parameters, &work)
        && let Remedy::RefusePost(code) = obstacle.remedy(rules)
    {
        return Err(Refusal::new(code, Why::Precondition));
    }
    if conflicts(cluster, rules, slot) {
        return Err(Refusal::new(409, Why::Conflict));
    }
    Ok(Submission { slot, parameters, work })
}

/// Whether a live instance stands in the way (POST-1, POST-2, POST-6).
fn conflicts(cluster: &Cluster, rules: &Rules, slot: Slot) -> bool {
    let blocks = |instance: Option<&Instance>| {
        instance.is_some_and(|instance| match instance.status {
            Status::Cancelling => rules.conflict_states() == ConflictStates::Unfinished,
            status => !status.is_final(),
        })
    };
    if blocks(cluster.instance(slot)) {
        return true;
    }
    let mut live = cluster.nodes().iter().flat_map(|node| {
        let of_node = NodeAction::ALL.into_iter().filter(|action| blocks(node.instance(*action)));
        of_node.map(|action| (node.uid, action))
    });
    let Slot::Node(uid, action) = slot else {
        return live.next().is_some() && rules.conflict_cross().master_vs_node;
    };
    if blocks(cluster.instance(Slot::ChangeMaster)) && rules.conflict_cross().master_vs_node {
        return true;
    }
    live.any(|(other_uid, other)| {
        let in_scope = match rules.conflict_scope() {
            ConflictScope::PerNodeType => uid == other_uid && action == other,
            ConflictScope::ClusterType => action == other,
            ConflictScope::PerNodeAny => uid == other_uid,
            ConflictScope::ClusterAny => true,
        };
        in_scope || (uid == other_uid && excludes(rules, action, other))
    })
}

/// Whether two actions of one node exclude each other (`R-CONFLICT-CROSS`).
fn excludes(rules: &Rules, one: NodeAction, other: NodeAction) -> bool {
    let switches = |action| matches!(action, NodeAction::MaintenanceOn | NodeAction::MaintenanceOff);
    let cross = rules.conflict_cross();
    cross.node
        || (cross.on_off && switches(one) && switches(other))
        || (cross.remove && (one == NodeAction::Remove || other == NodeAction::Remove))
}

/// Starts an instance. The result of the last one vanishes in the same step (POST-3, R-RESUBMIT-TIMING).
pub(super) fn commit(cluster: &mut Cluster, rules: &Rules, submission: Submission) -> Answer {
    let Submission { slot, parameters, work } = submission;
    if cluster.instance(slot).is_some_and(Instance::is_live) {
        // Only a cancelling instance lets a new one pass (R-CONFLICT-STATES). Its run ends here.
        action::reach(cluster, rules, slot, Status::Cancelled);
    }
    if let Slot::Node(_, action) = slot
        && rules.resubmit_scope() == ResubmitScope::AllNodes
    {
        discard_results(cluster, action);
    }
    cluster.tasks += 1;
    let task = TaskId(cluster.tasks);
    if let Some(place) = cluster.slot_mut(slot) {
        *place = Some(Instance::queued(task, parameters, work));
    }
    match slot {
        Slot::Node(uid, NodeAction::Remove) => action::mark_leaving(cluster, uid),
        Slot::ChangeMaster => {
            if rules.chm_record() == ChmRecord::Sync {
                action::finish_at_once(cluster, rules);
            } else if rules.chm_when() == ChmWhen::Acceptance {
                action::move_role(cluster, rules);
            }
        }
        Slot::Node(..) => {}
    }
    Answer::Accepted(slot, task)
}

/// Discards what an action left behind on all nodes (`R-RESUBMIT-SCOPE=ALL-NODES`).
fn discard_results(cluster: &mut Cluster, action: NodeAction) {
    for node in &mut cluster.nodes {
        if node.instance(action).is_some_and(|instance| !instance.is_live()) {
            Arc::make_mut(node).slots[action as usize] = None;
        }
    }
    if action == NodeAction::Remove {
        cluster.departed.clear();
    }
}

/// What a refused POST leaves behind: everything, but for `R-RESUBMIT-REJECTED=DROP`. A request that its caller
/// may not make, or that leads nowhere, is no submission (R-PERM-FIRST).
pub(super) fn after_refusal(cluster: &mut Cluster, rules: &Rules, request: &Request, refusal: &Refusal) {
    if request.method != Method::Post || !matches!(refusal.code, 400 | 404 | 406) {
        return;
    }
    let may_start = match request.caller {
        Caller::Role(role) => Permission::StartNodeAction.granted_to(role, rules),
        Caller::Missing | Caller::Wrong => false,
    };
    if may_start
        && let Some(slot) = request.path.route(rules).and_then(|route| route.slot(rules))
        && cluster.instance(slot).is_some_and(|instance| !instance.is_live())
        && rules.resubmit_rejected() == ResubmitRejected::Drop
    {
        delete::clear(cluster, slot);
    }
}
