//! The header of a history.

use serde_json::{Map, Value};

use super::{FORMAT, Header, Initial, Members, VERSION};
use crate::model::{Cluster, NodeUid};
use crate::spec::Rules;
use crate::wire::object::{Bad, Object, Unknown};
use crate::wire::uid::to_uid;
use crate::wire::{cluster, format, rules};

pub(super) fn read(mut object: Object) -> Result<Header, Bad> {
    let mut unknown = Unknown::default();
    format::check(&mut object, FORMAT)?;
    let edition = rules::edition(&mut object)?;
    let rules = rules::set(&mut object, &mut Rules::new(edition.unwrap_or_default()))?;
    let initial = initial(&mut object, &mut unknown)?;
    let source = object.text("source")?;
    object.finish(&mut unknown);
    Ok(Header { edition, rules, initial, source, unknown })
}

fn initial(object: &mut Object, unknown: &mut Unknown) -> Result<Initial, Bad> {
    let expected = "\"empty\", \"unknown\", or a cluster";
    if let Some(Value::Object(_)) = object.peek("initial") {
        let of = object.object("initial")?.expect("it was just seen");
        let initial = cluster::read(of, unknown)?;
        for name in ["nodes", "cluster"] {
            refuse(object, name, "nothing, since initial is a cluster")?;
        }
        return Ok(Initial::Cluster(initial));
    }
    let initial: fn(Members) -> Initial =
        object.required("initial", expected, |value| match value.as_str()? {
            "empty" => Some(Initial::Empty as fn(Members) -> Initial),
            "unknown" => Some(Initial::Unknown),
            _ => None,
        })?;
    members(object, unknown).map(initial)
}

fn members(object: &mut Object, unknown: &mut Unknown) -> Result<Members, Bad> {
    let Some(of) = object.object("cluster")? else {
        let nodes = object.optional("nodes", "a list of different uids, such as [\"1\"]", to_nodes)?;
        return Ok(nodes.map_or(Members::Inferred, Members::Nodes));
    };
    let cluster = cluster::read(of, unknown)?;
    refuse(object, "nodes", "nothing, since there is a cluster")?;
    if cluster.slots().any(|slot| cluster.instance(slot).is_some()) || !cluster.departed().is_empty() {
        let expected = "a cluster without instances, unless it is given as initial";
        return Err(Bad::new("/cluster", expected, "one that holds some"));
    }
    Ok(Members::Cluster(cluster))
}

fn to_nodes(value: &Value) -> Option<Vec<NodeUid>> {
    let nodes = value.as_array()?.iter().map(to_uid).collect::<Option<Vec<_>>>()?;
    let mut sorted = nodes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    (sorted.len() == nodes.len()).then_some(nodes)
}

fn refuse(object: &mut Object, name: &str, expected: &str) -> Result<(), Bad> {
    object.take(name).map_or(Ok(()), |value| Err(object.bad(name, expected, Some(&value))))
}

pub(super) fn write(header: &Header) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("format", FORMAT.into());
    put("version", VERSION.into());
    if let Some(edition) = header.edition {
        put("edition", edition.name().into());
    }
    if !header.rules.is_empty() {
        put("rules", header.rules.iter().cloned().collect());
    }
    let of_cluster = |cluster: &Cluster, place| cluster::write(cluster, place, &header.unknown);
    let known = match &header.initial {
        Initial::Empty(known) => {
            put("initial", "empty".into());
            known
        }
        Initial::Unknown(known) => {
            put("initial", "unknown".into());
            known
        }
        Initial::Cluster(cluster) => {
            put("initial", of_cluster(cluster, "/initial"));
            &Members::Inferred
        }
    };
    match known {
        Members::Inferred => {}
        Members::Nodes(nodes) => {
            put("nodes", nodes.iter().map(NodeUid::to_string).collect());
        }
        Members::Cluster(cluster) => {
            put("cluster", of_cluster(cluster, "/cluster"));
        }
    }
    if let Some(source) = &header.source {
        put("source", source.as_str().into());
    }
    let mut value = Value::Object(members);
    header.unknown.restore(&mut value);
    value
}
