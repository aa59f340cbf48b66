//! Replies in a case file.

use serde_json::{Map, Value, json};

use super::object::{Bad, Object, Unknown};
use crate::http::{self, Response};
use crate::model::{Act, Input, Method, Reply};
use crate::script::word;
use crate::spec::Rules;

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
                status: object.required("status", "a status code from 100 to 599", to_status)?,
                body: object.take("body"),
                allow: object.optional("allow", "a list of methods", to_methods)?.unwrap_or_default(),
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
        let response = match self {
            Self::Response(response) => response,
            Self::NotEnabled(why) => return json!({ "not_enabled": why }),
        };
        let mut object = Map::new();
        object.insert("status".to_owned(), response.status.into());
        if let Some(body) = &response.body {
            object.insert("body".to_owned(), body.clone());
        }
        if !response.allow.is_empty() {
            let names = response.allow.iter().map(|method| method.name());
            object.insert("allow".to_owned(), names.collect());
        }
        Value::Object(object)
    }
}

fn to_status(value: &Value) -> Option<u16> {
    let status = u16::try_from(value.as_u64()?).ok()?;
    (100..600).contains(&status).then_some(status)
}

fn to_methods(value: &Value) -> Option<Vec<Method>> {
    value.as_array()?.iter().map(|name| Method::from_name(name.as_str()?)).collect()
}
