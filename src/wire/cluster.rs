//! Clusters in a file: a number of fresh nodes, or every member with what differs from a fresh one.

use serde_json::{Value, json};

use super::object::{Bad, Object, Unknown};
use super::uid::to_uid;
use super::{instance, node, placement};
use crate::model::{Cluster, Departed, Impossible, Node, NodeAction, NodeUid, Parts};

/// How many nodes a fresh cluster may have. A header of a few bytes must not claim the whole memory.
const NODES_MAX: u32 = 10_000;

pub(crate) fn read(mut object: Object, unknown: &mut Unknown) -> Result<Cluster, Bad> {
    let place = object.place().to_owned();
    if let Some(Value::Number(_)) = object.peek("nodes") {
        let count = |value: &Value| u32::try_from(value.as_u64()?).ok().filter(|count| *count <= NODES_MAX);
        let expected = format!("a number of nodes, at most {NODES_MAX}, or a list of nodes");
        let cluster = Cluster::new(object.required("nodes", &expected, count)?);
        object.finish(unknown);
        return Ok(cluster);
    }
    let parts = parts(object, unknown)?;
    Cluster::try_from(parts.clone()).map_err(|error| {
        let place = format!("{place}{}", place_of(&error, &parts));
        Bad::new(&place, "a cluster that can exist", error.to_string())
    })
}

/// Where in a cluster the parts do not fit: at the later one of two that do not. Empty if it is no single place.
fn place_of(error: &Impossible, parts: &Parts) -> String {
    let last_node =
        |uid: NodeUid| parts.nodes.iter().rposition(|node| node.uid == uid).map(|at| format!("/nodes/{at}"));
    let place = match error {
        Impossible::UnknownPrimary(_) => Some("/primary".to_owned()),
        Impossible::TwoNodes(uid)
        | Impossible::UnknownDatabase(uid, _)
        | Impossible::TooManyShards(uid)
        | Impossible::TwoEndpoints(uid, _)
        | Impossible::CopiesTogether(_, _, uid)
        | Impossible::TwoSnapshots(uid, _) => last_node(*uid),
        Impossible::MemberDeparted(uid) | Impossible::Unremoved(uid) => {
            let gone = parts.departed.iter().position(|departed| departed.uid == *uid);
            gone.map(|at| format!("/departed/{at}"))
        }
        Impossible::TwoDatabases(db) | Impossible::WrongCopies(db, _) => {
            let database = parts.databases.iter().rposition(|database| database.uid == *db);
            database.map(|at| format!("/databases/{at}"))
        }
        Impossible::TwoShards(uid) => {
            let holders = parts.nodes.iter().enumerate().rev();
            let mut shards = holders.filter_map(|(node, holder)| {
                let at = holder.shards.iter().rposition(|shard| shard.uid == *uid)?;
                Some(format!("/nodes/{node}/shards/{at}"))
            });
            shards.next()
        }
        Impossible::NoPrimary
        | Impossible::FutureTask(_)
        | Impossible::TwoTasks(_)
        | Impossible::TooManyTasks
        | Impossible::OtherParameters(_)
        | Impossible::WrongError(_) => None,
    };
    place.unwrap_or_default()
}

fn parts(mut object: Object, unknown: &mut Unknown) -> Result<Parts, Bad> {
    if !object.has("nodes") {
        return Err(object.bad("nodes", "a number of nodes, or a list of nodes", None));
    }
    let nodes = object
        .objects("nodes")?
        .into_iter()
        .map(|of| node::read(of, unknown))
        .collect::<Result<Vec<_>, _>>()?;
    let primary = object.optional("primary", "the uid of one node, such as \"1\"", to_uid)?;
    let primary = primary.or_else(|| usual_primary(&nodes));
    let change_master = object.object("change_master")?;
    let change_master = change_master.map(|of| instance::read(of, None, unknown)).transpose()?;
    let departed = object.objects("departed")?.into_iter();
    let departed = departed.map(|of| gone(of, unknown)).collect::<Result<Vec<_>, _>>()?;
    object.check_order("nodes", nodes.iter().map(|node| node.uid.0))?;
    object.check_order("departed", departed.iter().map(|departed| departed.uid.0))?;
    let databases = placement::databases(&mut object, unknown)?;
    let persistent_node_removal = object.flag("persistent_node_removal")?;
    let mut parts =
        Parts { nodes, primary, change_master, departed, databases, persistent_node_removal, tasks: 0 };
    let count = |value: &Value| u32::try_from(value.as_u64()?).ok();
    let tasks = object.optional("tasks", "the number of accepted tasks", count)?;
    parts.tasks = tasks.unwrap_or_else(|| usual_tasks(&parts));
    object.finish(unknown);
    Ok(parts)
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

fn gone(mut object: Object, unknown: &mut Unknown) -> Result<Departed, Bad> {
    let uid = object.required("uid", "a uid such as \"1\"", to_uid)?;
    let removal = object.object("removal")?.ok_or_else(|| object.bad("removal", "an instance", None))?;
    let removal = instance::read(removal, Some(NodeAction::Remove), unknown)?;
    object.finish(unknown);
    Ok(Departed { uid, removal })
}

/// The shortest form, unless unknown members of nodes need the full one. The place is where it will stand.
pub(crate) fn write(cluster: &Cluster, place: &str, unknown: &Unknown) -> Value {
    let count = u32::try_from(cluster.nodes().len()).unwrap_or(u32::MAX);
    let is_fresh = count <= NODES_MAX && *cluster == Cluster::new(count);
    if is_fresh && !unknown.is_below(&format!("{place}/nodes")) {
        return json!({ "nodes": count });
    }
    let parts = Parts::from(cluster);
    let mut object = json!({ "nodes": parts.nodes.iter().map(node::write).collect::<Value>() });
    if let Some(primary) = parts.primary.filter(|uid| Some(*uid) != usual_primary(&parts.nodes)) {
        object["primary"] = primary.to_string().into();
    }
    if !parts.databases.is_empty() {
        object["databases"] = parts.databases.iter().map(placement::write_database).collect();
    }
    if parts.persistent_node_removal {
        object["persistent_node_removal"] = true.into();
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
