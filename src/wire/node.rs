//! Nodes in a file. What is left out is as in a node that has just joined.

use serde_json::{Map, Value, json};

use super::object::{Bad, Object, Unknown, excerpt};
use super::uid::to_uid;
use super::{instance, placement};
use crate::model::{CAPACITY, Node, NodeAction, Snapshot, SnapshotKind, Time};

pub(super) fn read(mut object: Object, unknown: &mut Unknown) -> Result<Node, Bad> {
    let mut node = Node::new(object.required("uid", "a uid such as \"1\"", to_uid)?);
    node.up = object.maybe_flag("up")?.unwrap_or(true);
    node.bootstrapped = object.maybe_flag("bootstrapped")?.unwrap_or(true);
    node.activations = u8::from(object.flag("in_maintenance")?);
    if object.has("activations") {
        node.activations = object.small("activations")?;
    }
    node.leaving = object.flag("leaving")?;
    node.quorum_only = object.flag("quorum_only")?;
    let shards = |value: &Value| u16::try_from(value.as_u64()?).ok();
    node.capacity = object.optional("capacity", "a number of shards", shards)?.unwrap_or(CAPACITY);
    node.shards = placement::shards(&mut object, unknown)?;
    node.endpoints = placement::endpoints(&mut object)?;
    let snapshots = object.objects("snapshots")?.into_iter();
    node.snapshots = snapshots.map(|of| snapshot(of, unknown)).collect::<Result<_, _>>()?;
    if let Some(mut actions) = object.object("actions")? {
        for action in NodeAction::ALL {
            let of = actions.object(action.name())?;
            node.slots[action as usize] =
                of.map(|of| instance::read(of, Some(action), unknown)).transpose()?;
        }
        if let Some(name) = actions.names().next() {
            let expected = format!("node actions ({})", NodeAction::ALL.map(NodeAction::name).join(", "));
            return Err(Bad::new(actions.place(), &expected, excerpt(&name.into())));
        }
    }
    object.finish(unknown);
    Ok(node)
}

pub(super) fn snapshot(mut object: Object, unknown: &mut Unknown) -> Result<Snapshot, Bad> {
    let kind = |value: &Value| match value.as_str()? {
        "maintenance" => Some(SnapshotKind::Maintenance),
        "user" => Some(SnapshotKind::User),
        _ => None,
    };
    let created = object.optional("created", "a time in microseconds", Value::as_u64)?;
    let snapshot = Snapshot {
        name: object.required("name", "a name", |value| value.as_str().map(Into::into))?,
        created: created.map(Time).unwrap_or_default(),
        kind: object.required("kind", "maintenance or user", kind)?,
        activations: object.small("activations")?,
        shards: placement::listed(&mut object, unknown)?,
        endpoints: placement::endpoints(&mut object)?.into(),
    };
    object.finish(unknown);
    Ok(snapshot)
}

pub(super) fn write(node: &Node) -> Value {
    let mut object = json!({ "uid": node.uid.to_string() });
    if !node.up {
        object["up"] = false.into();
    }
    if !node.bootstrapped {
        object["bootstrapped"] = false.into();
    }
    match node.activations {
        0 => {}
        1 => object["in_maintenance"] = true.into(),
        several => object["activations"] = several.into(),
    }
    if node.leaving {
        object["leaving"] = true.into();
    }
    if node.quorum_only {
        object["quorum_only"] = true.into();
    }
    if node.capacity != CAPACITY {
        object["capacity"] = node.capacity.into();
    }
    if !node.shards.is_empty() {
        object["shards"] = node.shards.iter().map(placement::write_shard).collect();
    }
    if !node.endpoints.is_empty() {
        object["endpoints"] = placement::write_endpoints(&node.endpoints);
    }
    if !node.snapshots.is_empty() {
        object["snapshots"] = node.snapshots.iter().map(write_snapshot).collect();
    }
    let of_action = |action: NodeAction| {
        node.instance(action).map(|instance| (action.name().to_owned(), instance::write(instance)))
    };
    let actions: Map<_, _> = NodeAction::ALL.into_iter().filter_map(of_action).collect();
    if !actions.is_empty() {
        object["actions"] = actions.into();
    }
    object
}

pub(super) fn write_snapshot(snapshot: &Snapshot) -> Value {
    let kind = match snapshot.kind {
        SnapshotKind::Maintenance => "maintenance",
        SnapshotKind::User => "user",
    };
    let mut object = json!({ "name": *snapshot.name, "kind": kind });
    if snapshot.created != Time::default() {
        object["created"] = snapshot.created.0.into();
    }
    if snapshot.activations > 0 {
        object["activations"] = snapshot.activations.into();
    }
    if !snapshot.shards.is_empty() {
        object["shards"] = placement::write_listed(&snapshot.shards);
    }
    if !snapshot.endpoints.is_empty() {
        object["endpoints"] = placement::write_endpoints(&snapshot.endpoints);
    }
    object
}
