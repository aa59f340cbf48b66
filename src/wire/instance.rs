//! Instances in a file. What is left out is as in an instance that was just queued.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::object::{Bad, Object, Unknown};
use super::uid::to_uid;
use super::{node, placement};
use crate::model::{
    ChangeMaster, EnslaveNode, ErrorCode, Instance, MaintenanceOff, MaintenanceOn, NodeAction,
};
use crate::model::{Parameters, Progress, Remove, Snapshot, Status, TaskId, Work};
use crate::script::word;

/// Reads an instance of a node action, or without one of `change_master`.
pub(super) fn read(
    mut object: Object,
    action: Option<NodeAction>,
    unknown: &mut Unknown,
) -> Result<Instance, Bad> {
    let task = |value: &Value| u32::try_from(value.as_u64()?).ok().map(TaskId);
    let statuses = format!("a status ({})", Status::ALL.map(Status::name).join(", "));
    let status = |value: &Value| Status::from_name(value.as_str()?);
    let progress = |value: &Value| Progress::new(u16::try_from(value.as_u64()?).ok()?);
    let progress = object.optional("hundredths", "hundredths of a percent, 0 to 10000", progress)?;
    let error = |value: &Value| word::to_error_code(value.as_str()?);
    let instance = Instance {
        task: object.required("task", "the number of a task", task)?,
        status: object.optional("status", &statuses, status)?.unwrap_or(Status::Queued),
        progress: progress.unwrap_or(Progress::NONE),
        cancel_requested: object.flag("cancel_requested")?,
        error: object.optional("error_code", "an error code such as \"internal_error\"", error)?,
        parameters: parameters(&mut object, action, unknown)?,
        work: work(&mut object, unknown)?,
    };
    object.finish(unknown);
    Ok(instance)
}

fn parameters(
    object: &mut Object,
    action: Option<NodeAction>,
    unknown: &mut Unknown,
) -> Result<Parameters, Bad> {
    let mut of = object.object_or_empty("parameters")?;
    let parameters = match action {
        None => Parameters::ChangeMaster(ChangeMaster {
            node: of.required("node_uid", "the uid of a node, such as \"1\"", to_uid)?,
        }),
        Some(NodeAction::EnslaveNode) => Parameters::EnslaveNode(EnslaveNode {
            demote_node: of.flag("demote_node")?,
            endpoints_only: of.flag("endpoints_only")?,
            shards_only: of.flag("shards_only")?,
        }),
        Some(NodeAction::MaintenanceOff) => Parameters::MaintenanceOff(MaintenanceOff {
            snapshot_name: of.text("snapshot_name")?.map(Into::into),
            skip_shards_restore: of.flag("skip_shards_restore")?,
        }),
        Some(NodeAction::MaintenanceOn) => Parameters::MaintenanceOn(MaintenanceOn {
            overwrite_snapshot: of.flag("overwrite_snapshot")?,
            evict_ha_replica: of.maybe_flag("evict_ha_replica")?,
            evict_active_active_replica: of.maybe_flag("evict_active_active_replica")?,
            evict_dbs: of.optional("evict_dbs", "a list of strings", to_texts)?,
            keep_slave_shards: of.maybe_flag("keep_slave_shards")?,
            demote_node: of.flag("demote_node")?,
        }),
        Some(NodeAction::Remove) => {
            Parameters::Remove(Remove { wait_for_persistence: of.maybe_flag("wait_for_persistence")? })
        }
    };
    of.finish_optional(unknown);
    Ok(parameters)
}

fn to_texts(value: &Value) -> Option<Box<[Box<str>]>> {
    value.as_array()?.iter().map(|item| item.as_str().map(Into::into)).collect()
}

fn work(object: &mut Object, unknown: &mut Unknown) -> Result<Work, Bad> {
    let mut of = object.object_or_empty("work")?;
    let work = Work {
        steps: of.small("steps")?,
        activations_before: of.small("activations_before")?,
        loaded: loaded(&mut of, unknown)?,
        moved: placement::moved(&mut of, unknown)?,
        unfinished: of.flag("unfinished")?,
        overtaken: of.flag("overtaken")?,
        doomed: of.flag("doomed")?,
    };
    of.finish_optional(unknown);
    Ok(work)
}

fn loaded(of: &mut Object, unknown: &mut Unknown) -> Result<Option<Arc<Snapshot>>, Bad> {
    let snapshot = of.object("loaded")?.map(|of| node::snapshot(of, unknown)).transpose()?;
    Ok(snapshot.map(Arc::new))
}

pub(super) fn write(instance: &Instance) -> Value {
    let mut object = json!({ "task": instance.task.0, "status": instance.status.name() });
    if instance.progress != Progress::NONE {
        object["hundredths"] = instance.progress.hundredths().into();
    }
    if instance.cancel_requested {
        object["cancel_requested"] = true.into();
    }
    if let Some(code) = instance.error.map(ErrorCode::name) {
        object["error_code"] = code.into();
    }
    let mut put = |name: &str, members: Map<String, Value>| {
        if !members.is_empty() {
            object[name] = members.into();
        }
    };
    put("parameters", write_parameters(&instance.parameters));
    put("work", write_work(&instance.work));
    object
}

fn write_parameters(parameters: &Parameters) -> Map<String, Value> {
    let yes = |flag: bool| flag.then_some(Value::Bool(true));
    match parameters {
        Parameters::ChangeMaster(order) => present([("node_uid", Some(order.node.to_string().into()))]),
        Parameters::EnslaveNode(order) => present([
            ("demote_node", yes(order.demote_node)),
            ("endpoints_only", yes(order.endpoints_only)),
            ("shards_only", yes(order.shards_only)),
        ]),
        Parameters::MaintenanceOff(order) => present([
            ("snapshot_name", order.snapshot_name.as_deref().map(Into::into)),
            ("skip_shards_restore", yes(order.skip_shards_restore)),
        ]),
        Parameters::MaintenanceOn(order) => present([
            ("overwrite_snapshot", yes(order.overwrite_snapshot)),
            ("evict_ha_replica", order.evict_ha_replica.map(Into::into)),
            ("evict_active_active_replica", order.evict_active_active_replica.map(Into::into)),
            ("evict_dbs", order.evict_dbs.as_ref().map(|dbs| dbs.iter().map(|db| &**db).collect())),
            ("keep_slave_shards", order.keep_slave_shards.map(Into::into)),
            ("demote_node", yes(order.demote_node)),
        ]),
        Parameters::Remove(order) => {
            present([("wait_for_persistence", order.wait_for_persistence.map(Into::into))])
        }
    }
}

fn write_work(work: &Work) -> Map<String, Value> {
    let number = |number: u8| (number > 0).then(|| number.into());
    present([
        ("steps", number(work.steps)),
        ("activations_before", number(work.activations_before)),
        ("loaded", work.loaded.as_deref().map(node::write_snapshot)),
        ("moved", (!work.moved.is_empty()).then(|| work.moved.iter().map(placement::write_moved).collect())),
        ("unfinished", work.unfinished.then_some(Value::Bool(true))),
        ("overtaken", work.overtaken.then_some(Value::Bool(true))),
        ("doomed", work.doomed.then_some(Value::Bool(true))),
    ])
}

/// The members that are there.
fn present<const N: usize>(members: [(&str, Option<Value>); N]) -> Map<String, Value> {
    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
