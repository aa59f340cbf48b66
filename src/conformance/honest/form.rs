//! The body of a POST: which members each action has, and of which type (POST-15).

use serde_json::{Map, Value};

use super::access::number;
use super::refusal;
use crate::http::Response;
use crate::model::{Body, Request};

/// The type of a member.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Flag,
    Text,
    Texts,
    /// A uid, as a string or as a number (R-CHM-TYPE).
    Uid,
}

impl Kind {
    fn fits(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Null) => true, // As if left out (R-POST-NULL-FIELD).
            (Self::Flag, value) => value.is_boolean(),
            (Self::Text, value) => value.is_string(),
            (Self::Texts, Value::Array(items)) => items.iter().all(Value::is_string),
            (Self::Texts, _) => false,
            (Self::Uid, value) => Self::uid(value).is_some(),
        }
    }

    /// The uid that a value is.
    pub(super) fn uid(value: &Value) -> Option<u64> {
        match value {
            Value::String(text) => number(text),
            value => value.as_u64(),
        }
    }
}

/// The members of an action. Others are ignored (R-POST-UNKNOWN-FIELD).
fn members(action: &str) -> &'static [(&'static str, Kind)] {
    match action {
        "remove" => &[("wait_for_persistence", Kind::Flag)],
        "maintenance_on" => &[
            ("overwrite_snapshot", Kind::Flag),
            ("evict_ha_replica", Kind::Flag),
            ("evict_active_active_replica", Kind::Flag),
            ("evict_dbs", Kind::Texts),
            ("keep_slave_shards", Kind::Flag),
        ],
        "maintenance_off" => &[("snapshot_name", Kind::Text), ("skip_shards_restore", Kind::Flag)],
        "change_master" => &[("node_uid", Kind::Uid)],
        _ => &[],
    }
}

/// What a POST asks for. It must be a JSON object, and what is known of it must be of the right type (POST-7).
pub(super) fn read(request: &Request, action: &str) -> Result<Map<String, Value>, Response> {
    let object = match &request.body {
        Body::Json(Value::Object(object)) => object,
        Body::Absent => return Err(refusal(400, "empty_request")),
        Body::Json(_) | Body::Text(_) => return Err(refusal(400, "bad_request")),
    };
    let fits =
        members(action).iter().all(|(name, kind)| object.get(*name).is_none_or(|value| kind.fits(value)));
    if fits { Ok(object.clone()) } else { Err(refusal(400, "invalid_schema")) }
}
