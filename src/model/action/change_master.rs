//! `change_master`: makes a node the primary (section CHM).

use serde_json::Value;

use super::super::body::Members;
use super::super::response::{Refusal, Why};
use super::super::{Cluster, ErrorCode, NodeAction, NodeUid, Slot, Status};
use super::{Obstacle, Parameters, reach};
use crate::spec::rules::{AbortedExists, ChmCurrent, ChmMaint, ChmNotboot, ChmRecord, ChmTasks};
use crate::spec::rules::{ChmType, ChmUnknown, ChmWhen};
use crate::spec::{Edition, Rules};

/// What the body of a `change_master` asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChangeMaster {
    /// The node to promote (CHM-2).
    pub node: NodeUid,
}

/// Reads and checks the target (CHM-3, CHM-5, CHM-6).
pub(in super::super) fn read(cluster: &Cluster, members: &mut Members<'_>) -> Result<Parameters, Refusal> {
    let rules = members.rules;
    let unknown = Refusal::new(
        match rules.chm_unknown() {
            ChmUnknown::Badrequest => 400,
            ChmUnknown::Notfound => 404,
        },
        Why::TargetUnknown,
    );
    let node = target(members)?.and_then(|uid| cluster.node(uid)).ok_or(unknown)?;
    if !node.bootstrapped && rules.chm_notboot() == ChmNotboot::Notacceptable {
        return Err(Refusal::new(406, Why::TargetNotBootstrapped));
    }
    if cluster.primary == Some(node.uid) {
        match rules.chm_current() {
            ChmCurrent::Noop200 => {}
            ChmCurrent::Conflict => return Err(Refusal::new(409, Why::TargetIsPrimary)),
            ChmCurrent::Badrequest => return Err(Refusal::new(400, Why::TargetIsPrimary)),
        }
    }
    if (node.in_maintenance() || node.leaving) && rules.chm_maint() == ChmMaint::Refused {
        return Err(Refusal::new(400, Why::TargetUnfit));
    }
    Ok(Parameters::ChangeMaster(ChangeMaster { node: node.uid }))
}

/// The uid that `node_uid` names; `None` if it can be no node's.
fn target(members: &mut Members<'_>) -> Result<Option<NodeUid>, Refusal> {
    match members.raw("node_uid") {
        None | Some(Value::Null) => Err(Refusal::new(400, Why::NoTarget)),
        Some(Value::String(text)) if text.is_empty() => Err(Refusal::new(400, Why::NoTarget)),
        Some(Value::String(text)) => {
            let canonical = text.parse().map(NodeUid).ok().filter(|uid| uid.to_string() == *text);
            Ok(canonical)
        }
        Some(Value::Number(number)) if number.is_u64() && members.rules.chm_type() == ChmType::Both => {
            Ok(number.as_u64().and_then(|uid| u32::try_from(uid).ok()).map(NodeUid))
        }
        Some(_) => Err(Refusal::new(400, Why::WrongType("node_uid"))),
    }
}

pub(super) fn obstacle(cluster: &Cluster, order: &ChangeMaster) -> Option<Obstacle> {
    let answers = cluster.node(order.node).is_some_and(|node| node.up);
    (!answers).then_some(Obstacle::TargetLost)
}

/// The role moves to the target of the present instance.
pub(in super::super) fn move_role(cluster: &mut Cluster, rules: &Rules) {
    let instance = cluster.change_master.as_ref();
    if let Some(Parameters::ChangeMaster(order)) = instance.map(|instance| &instance.parameters) {
        promote(cluster, rules, order.node);
    }
}

/// The effect comes before the answer, and the record shows only the end (`R-CHM-RECORD=SYNC`).
pub(in super::super) fn finish_at_once(cluster: &mut Cluster, rules: &Rules) {
    let Some(instance) = &cluster.change_master else { return };
    let Parameters::ChangeMaster(order) = &instance.parameters else { return };
    let lost = obstacle(cluster, order).is_some();
    if let Some(instance) = &mut cluster.change_master {
        instance.error = lost.then_some(ErrorCode::InternalError);
    }
    reach(cluster, rules, Slot::ChangeMaster, if lost { Status::Failed } else { Status::Completed });
}

pub(super) fn completed(cluster: &mut Cluster, rules: &Rules, parameters: &Parameters) {
    let due = rules.chm_when() == ChmWhen::Completion || rules.chm_record() == ChmRecord::Sync;
    if let (Parameters::ChangeMaster(order), true) = (parameters, due) {
        promote(cluster, rules, order.node);
    }
}

fn promote(cluster: &mut Cluster, rules: &Rules, uid: NodeUid) {
    if cluster.node(uid).is_none() || cluster.primary == Some(uid) {
        return;
    }
    cluster.primary = Some(uid);
    if rules.chm_tasks() == ChmTasks::Abort && rules.aborted_exists() == AbortedExists::Eight {
        abort_node_tasks(cluster, rules);
    }
}

/// Unfinished node tasks end with the primary that executed them; from 8.0 on not those of maintenance
/// (MON-23).
fn abort_node_tasks(cluster: &mut Cluster, rules: &Rules) {
    let spared = |action| {
        rules.edition() >= Edition::E80
            && matches!(action, NodeAction::MaintenanceOn | NodeAction::MaintenanceOff)
    };
    let slots: Vec<_> = cluster.slots().collect();
    for slot in slots {
        let Slot::Node(_, action) = slot else { continue };
        let status = cluster.instance(slot).map(|instance| instance.status);
        if matches!(status, Some(Status::Starting | Status::Running)) && !spared(action) {
            reach(cluster, rules, slot, Status::Aborted);
        }
    }
}
