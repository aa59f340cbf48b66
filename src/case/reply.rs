//! Replies in a case file.

use serde_json::{Map, Value, json};

use crate::http::{self, Response};
use crate::model::{Act, Input, Reply};
use crate::script::word;
use crate::spec::Rules;
use crate::wire::object::{Bad, Object, Unknown};
use crate::wire::response;

/// What a case file says about a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// What the client was sent.
    Response(Response),
    /// The event did not happen, and why.
    NotEnabled(String),
}

impl Recorded {
    /// What is to be recorded of a reply; nothing of an event that happened.
    pub fn of(input: &Input, reply: &Reply, rules: &Rules) -> Option<Self> {
        match (&input.act, reply) {
            (_, Reply::NotEnabled(hindrance)) => Some(Self::NotEnabled(word::of_hindrance(*hindrance))),
            (Act::Request(request), reply) => {
                let response = http::encode(reply, rules)?;
                Some(Self::Response(response.sent_to(request.method)))
            }
            (Act::Event(_), _) => None,
        }
    }

    pub(super) fn read(mut object: Object, act: &Act, unknown: &mut Unknown) -> Result<Self, Bad> {
        let recorded = match act {
            Act::Request(_) => Self::Response(Response {
                status: response::status(&mut object)?,
                body: object.take("body"),
                allow: response::allow(&mut object)?,
            }),
            Act::Event(_) => {
                let why = |value: &Value| value.as_str().map(str::to_owned);
                Self::NotEnabled(object.required("not_enabled", "why the event did not happen", why)?)
            }
        };
        object.finish(unknown);
        Ok(recorded)
    }

    pub(super) fn write(&self) -> Value {
        let Response { status, body, allow } = match self {
            Self::Response(response) => response,
            Self::NotEnabled(why) => return json!({ "not_enabled": why }),
        };
        let mut object = Map::new();
        object.insert("status".to_owned(), (*status).into());
        if let Some(body) = body {
            object.insert("body".to_owned(), body.clone());
        }
        response::put_allow(allow, &mut object);
        Value::Object(object)
    }
}
