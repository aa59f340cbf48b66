//! Databases, shards and endpoints in a file. A role that is left out is master, a policy `single`.

use serde_json::{Value, json};

use super::object::{Bad, Object, Unknown};
use super::uid::{to_number, to_uid};
use crate::model::{Database, DbUid, Moved, ProxyPolicy, Shard, ShardRole, ShardUid};
use crate::script::word;

pub(super) fn databases(object: &mut Object, unknown: &mut Unknown) -> Result<Vec<Database>, Bad> {
    let of = object.objects("databases")?.into_iter();
    let databases = of.map(|of| database(of, unknown)).collect::<Result<Vec<_>, _>>()?;
    object.check_order("databases", databases.iter().map(|database| database.uid.0))?;
    Ok(databases)
}

fn database(mut object: Object, unknown: &mut Unknown) -> Result<Database, Bad> {
    let policy = |value: &Value| word::to_policy(value.as_str()?);
    let expected = "a proxy policy (single, all-master-shards, all-nodes)";
    let database = Database {
        uid: object.required("uid", "a uid such as \"1\"", to_database)?,
        replicated: object.flag("replicated")?,
        active_active: object.flag("active_active")?,
        policy: object.optional("policy", expected, policy)?.unwrap_or(ProxyPolicy::Single),
    };
    object.finish(unknown);
    Ok(database)
}

pub(super) fn write_database(database: &Database) -> Value {
    let mut object = json!({ "uid": database.uid.0.to_string() });
    if database.replicated {
        object["replicated"] = true.into();
    }
    if database.active_active {
        object["active_active"] = true.into();
    }
    if database.policy != ProxyPolicy::Single {
        object["policy"] = word::of_policy(database.policy).into();
    }
    object
}

/// The shards of a node.
pub(super) fn shards(object: &mut Object, unknown: &mut Unknown) -> Result<Vec<Shard>, Bad> {
    let of = object.objects("shards")?.into_iter();
    let shards = of.map(|of| shard(of, unknown)).collect::<Result<Vec<_>, _>>()?;
    object.check_order("shards", shards.iter().map(|shard| shard.uid.0))?;
    Ok(shards)
}

fn shard(mut object: Object, unknown: &mut Unknown) -> Result<Shard, Bad> {
    let part = |value: &Value| u16::try_from(value.as_u64()?).ok();
    let shard = Shard {
        uid: object.required("uid", "a uid such as \"1\"", to_shard)?,
        db: object.required("database", "the uid of a database, such as \"1\"", to_database)?,
        part: object.required("part", "the number of a part, such as 1", part)?,
        role: role(&mut object)?,
        persisted: object.flag("persisted")?,
    };
    object.finish(unknown);
    Ok(shard)
}

pub(super) fn write_shard(shard: &Shard) -> Value {
    let mut object = json!({
        "uid": shard.uid.0.to_string(),
        "database": shard.db.0.to_string(),
        "part": shard.part,
    });
    write_role(&mut object, shard.role);
    if shard.persisted {
        object["persisted"] = true.into();
    }
    object
}

/// The shards that a snapshot lists. They may be gone since, so that nothing but their roles is known.
pub(super) fn listed(
    object: &mut Object,
    unknown: &mut Unknown,
) -> Result<Box<[(ShardUid, ShardRole)]>, Bad> {
    let of = object.objects("shards")?.into_iter();
    of.map(|mut of| {
        let listed = (of.required("uid", "a uid such as \"1\"", to_shard)?, role(&mut of)?);
        of.finish(unknown);
        Ok(listed)
    })
    .collect()
}

pub(super) fn write_listed(listed: &[(ShardUid, ShardRole)]) -> Value {
    let write = |(uid, role): &(ShardUid, ShardRole)| {
        let mut object = json!({ "uid": uid.0.to_string() });
        write_role(&mut object, *role);
        object
    };
    listed.iter().map(write).collect()
}

fn role(object: &mut Object) -> Result<ShardRole, Bad> {
    let role = |value: &Value| word::to_role(value.as_str()?);
    Ok(object.optional("role", "a role (master, replica)", role)?.unwrap_or(ShardRole::Master))
}

fn write_role(object: &mut Value, role: ShardRole) {
    if role != ShardRole::Master {
        object["role"] = word::of_role(role).into();
    }
}

/// The databases whose endpoints a node binds, or a snapshot lists.
pub(super) fn endpoints(object: &mut Object) -> Result<Vec<DbUid>, Bad> {
    let uids = |value: &Value| value.as_array()?.iter().map(to_database).collect::<Option<Vec<_>>>();
    let endpoints = object.optional("endpoints", "a list of uids of databases, such as [\"1\"]", uids)?;
    Ok(endpoints.unwrap_or_default())
}

pub(super) fn write_endpoints(endpoints: &[DbUid]) -> Value {
    endpoints.iter().map(|db| db.0.to_string()).collect()
}

/// The shards that a run moved.
pub(super) fn moved(object: &mut Object, unknown: &mut Unknown) -> Result<Vec<Moved>, Bad> {
    let of = object.objects("moved")?.into_iter();
    of.map(|mut of| {
        let node = "the uid of a node, such as \"1\"";
        let moved = Moved {
            shard: of.required("shard", "the uid of a shard, such as \"1\"", to_shard)?,
            from: of.required("from", node, to_uid)?,
            to: of.required("to", node, to_uid)?,
        };
        of.finish(unknown);
        Ok(moved)
    })
    .collect()
}

pub(super) fn write_moved(moved: &Moved) -> Value {
    let (from, to) = (moved.from.to_string(), moved.to.to_string());
    json!({ "shard": moved.shard.0.to_string(), "from": from, "to": to })
}

fn to_database(value: &Value) -> Option<DbUid> {
    to_number(value).map(DbUid)
}

fn to_shard(value: &Value) -> Option<ShardUid> {
    to_number(value).map(ShardUid)
}
