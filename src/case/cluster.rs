//! Clusters in a case file: a number of fresh nodes, or every member with what differs from a fresh one.

use serde_json::{Map, Value, json};

use super::event::to_uid;
use super::instance;
use super::object::{Bad, Object, Unknown, excerpt};
use crate::model::{Cluster, Departed, Node, NodeAction, NodeUid, Parts, Snapshot, SnapshotKind, Time};

/// How many nodes a fresh cluster may have. A header of a few bytes must not claim the whole memory.
const NODES_MAX: u32 = 10_000;

pub(super) fn read(mut object: Object, unknown: &mut Unknown) -> Result<Cluster, Bad> {
    let place = object.place().to_owned();
    if let Some(Value::Number(_)) = object.peek("nodes") {
        let count = |value: &Value| u32::try_from(value.as_u64()?).ok().filter(|count| *count <= NODES_MAX);
        let expected = format!("a number of nodes, at most {NODES_MAX}, or a list of nodes");
        let cluster = Cluster::new(object.required("nodes", &expected, count)?);
        object.finish(unknown);
        return Ok(cluster);
    }
    let parts = parts(object, unknown)?;
    Cluster::try_from(parts).map_err(|error| Bad::new(&place, "a cluster that can exist", error.to_string()))
}

fn parts(mut object: Object, unknown: &mut Unknown) -> Result<Parts, Bad> {
    if !object.has("nodes") {
        return Err(object.bad("nodes", "a number of nodes, or a list of nodes", None));
    }
    let nodes =
        object.objects("nodes")?.into_iter().map(|of| node(of, unknown)).collect::<Result<Vec<_>, _>>()?;
    let primary = object.optional("primary", "the uid of a node, such as \"1\"", to_uid)?;
    let primary = primary.or_else(|| usual_primary(&nodes));
    let change_master = object.object("change_master")?;
    let change_master = change_master.map(|of| instance::read(of, None, unknown)).transpose()?;
    let departed = object.objects("departed")?.into_iter();
    let departed = departed.map(|of| gone(of, unknown)).collect::<Result<Vec<_>, _>>()?;
    check_order(&object, "nodes", nodes.iter().map(|node| node.uid))?;
    check_order(&object, "departed", departed.iter().map(|departed| departed.uid))?;
    let mut parts = Parts { nodes, primary, change_master, departed, tasks: 0 };
    let count = |value: &Value| u32::try_from(value.as_u64()?).ok();
    let tasks = object.optional("tasks", "the number of accepted tasks", count)?;
    parts.tasks = tasks.unwrap_or_else(|| usual_tasks(&parts));
    object.finish(unknown);
    Ok(parts)
}

/// A list is kept in the order of uids, and unknown members find their way back by their place in it.
fn check_order(object: &Object, name: &str, uids: impl Iterator<Item = NodeUid>) -> Result<(), Bad> {
    let uids: Vec<_> = uids.collect();
    match uids.windows(2).find(|pair| pair[0] > pair[1]) {
        Some(pair) => {
            let found = format!("{} before {}", pair[0], pair[1]);
            Err(Bad::new(&format!("{}/{name}", object.place()), "the order of the uids", found))
        }
        None => Ok(()),
    }
}

/// The node of the lowest uid is primary, unless it is said otherwise.
fn usual_primary(nodes: &[Node]) -> Option<NodeUid> {
    nodes.iter().map(|node| node.uid).min()
}

/// No task was accepted after those that still show, unless it is said otherwise.
fn usual_tasks(parts: &Parts) -> u32 {
    let of_nodes = parts.nodes.iter().flat_map(|node| node.slots.iter().flatten());
    let of_departed = parts.departed.iter().map(|departed| &departed.removal);
    let instances = of_nodes.chain(of_departed).chain(&parts.change_master);
    instances.map(|instance| instance.task.0).max().unwrap_or(0)
}

fn node(mut object: Object, unknown: &mut Unknown) -> Result<Node, Bad> {
    let mut node = Node::new(object.required("uid", "a uid such as \"1\"", to_uid)?);
    node.up = object.maybe_flag("up")?.unwrap_or(true);
    node.bootstrapped = object.maybe_flag("bootstrapped")?.unwrap_or(true);
    node.activations = u8::from(object.flag("in_maintenance")?);
    if object.has("activations") {
        node.activations = object.small("activations")?;
    }
    node.leaving = object.flag("leaving")?;
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

fn snapshot(mut object: Object, unknown: &mut Unknown) -> Result<Snapshot, Bad> {
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
    };
    object.finish(unknown);
    Ok(snapshot)
}

fn gone(mut object: Object, unknown: &mut Unknown) -> Result<Departed, Bad> {
    let uid = object.required("uid", "a uid such as \"1\"", to_uid)?;
    let removal = object.object("removal")?.ok_or_else(|| object.bad("removal", "an instance", None))?;
    let removal = instance::read(removal, Some(NodeAction::Remove), unknown)?;
    object.finish(unknown);
    Ok(Departed { uid, removal })
}

/// The shortest form, unless unknown members of nodes need the full one.
pub(super) fn write(cluster: &Cluster, unknown: &Unknown) -> Value {
    let count = u32::try_from(cluster.nodes().len()).unwrap_or(u32::MAX);
    let is_fresh = count <= NODES_MAX && *cluster == Cluster::new(count);
    if is_fresh && !unknown.is_below("/cluster/nodes") {
        return json!({ "nodes": count });
    }
    let parts = Parts::from(cluster);
    let mut object = json!({ "nodes": parts.nodes.iter().map(write_node).collect::<Value>() });
    if let Some(primary) = parts.primary.filter(|uid| Some(*uid) != usual_primary(&parts.nodes)) {
        object["primary"] = primary.to_string().into();
    }
    if let Some(instance) = &parts.change_master {
        object["change_master"] = instance::write(instance);
    }
    if !parts.departed.is_empty() {
        let gone =
            |of: &Departed| json!({ "uid": of.uid.to_string(), "removal": instance::write(&of.removal) });
        object["departed"] = parts.departed.iter().map(gone).collect();
    }
    if parts.tasks != usual_tasks(&parts) {
        object["tasks"] = parts.tasks.into();
    }
    object
}

fn write_node(node: &Node) -> Value {
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

fn write_snapshot(snapshot: &Snapshot) -> Value {
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
    object
}
