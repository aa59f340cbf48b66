//! The body of a POST: which members each action has, and of which type (POST-15).

use serde_json::{Map, Value};

use super::access::number;
use super::{Honest, refusal};
use crate::conformance::mutant::Fault;
use crate::conformance::variant::Variant;
use crate::http::Response;
use crate::model::{Body, Header, Request};

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

impl Honest {
    /// What a POST asks for. It must be a JSON object, and what is known of it must be of the right type (POST-7).
    pub(super) fn read(&self, request: &Request, action: &str) -> Result<Map<String, Value>, Response> {
        if request.headers.content_type != Header::Usual && self.follows(Variant::ContentTypeStrict) {
            return Err(refusal(415, "content_type"));
        }
        let mut object = match &request.body {
            Body::Json(Value::Object(object)) => object.clone(),
            Body::Absent if self.follows(Variant::NoBodyFine) => Map::new(),
            Body::Absent => return Err(refusal(400, "empty_request")),
            Body::Text(_) if self.has(Fault::MalformedAccepted) => Map::new(),
            Body::Json(_) | Body::Text(_) => return Err(refusal(400, "bad_request")),
        };
        if object.is_empty() && action == "remove" && self.has(Fault::EmptyObjectRefused) {
            return Err(refusal(400, "empty_request"));
        }
        let known = members(action);
        let is_strange = |name: &String| known.iter().all(|(known, _)| known != name);
        if object.keys().any(is_strange) && self.follows(Variant::StrangeRefused) {
            return Err(refusal(400, "invalid_schema"));
        }
        for (name, kind) in known {
            let fits = object.get(*name).is_none_or(|value| match kind {
                Kind::Uid if self.follows(Variant::ChangeStringOnly) => {
                    !value.is_number() && kind.fits(value)
                }
                kind => kind.fits(value),
            });
            match kind {
                _ if fits => {}
                Kind::Flag | Kind::Text | Kind::Texts if self.follows(Variant::WrongTypeIgnored) => {
                    object.remove(*name);
                }
                _ => return Err(refusal(400, "invalid_schema")),
            }
        }
        Ok(object)
    }
}
