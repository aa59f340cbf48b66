//! The body of a POST: from what was sent to typed members, and every way it can be wrong.

use serde_json::{Map, Value};

use super::response::{Refusal, Why};
use super::{Body, Header, Request};
use crate::spec::Rules;
use crate::spec::rules::{PostContentType, PostEmptyBody, PostMalformed, PostNonobject};
use crate::spec::rules::{PostUnknownField, PostWrongType};

/// The members of a body. Ask for each member that the action knows, then [`finish`](Self::finish).
pub(super) struct Members<'a> {
    object: Option<&'a Map<String, Value>>,
    pub(super) rules: &'a Rules,
    known: usize,
    doomed: bool,
}

impl<'a> Members<'a> {
    /// The members of a POST to a node.
    pub(super) fn of_node_request(request: &'a Request, rules: &'a Rules) -> Result<Self, Refusal> {
        Self::read(request, rules, || match rules.post_malformed() {
            PostMalformed::Badrequest => 400,
            PostMalformed::Unprocessable => 422,
        })
    }

    /// The members of a POST to the cluster, where bad content is 400 (POST-7).
    pub(super) fn of_cluster_request(request: &'a Request, rules: &'a Rules) -> Result<Self, Refusal> {
        Self::read(request, rules, || 400)
    }

    fn read(
        request: &'a Request,
        rules: &'a Rules,
        malformed: impl FnOnce() -> u16,
    ) -> Result<Self, Refusal> {
        if !is_json(&request.headers.content_type) {
            match rules.post_content_type() {
                PostContentType::Lenient => {}
                PostContentType::Strict400 => return Err(Refusal::new(400, Why::ContentType)),
                PostContentType::Strict415 => return Err(Refusal::new(415, Why::ContentType)),
            }
        }
        let object = match &request.body {
            Body::Json(Value::Object(object)) => Some(object),
            Body::Json(Value::Null) if rules.post_nonobject() == PostNonobject::NullOk => None,
            Body::Json(_) => return Err(Refusal::new(400, Why::NotAnObject)),
            Body::Absent if rules.post_empty_body() == PostEmptyBody::AsEmptyObject => None,
            Body::Absent => return Err(Refusal::new(400, Why::NoBody)),
            Body::Text(_) => return Err(Refusal::new(malformed(), Why::Malformed)),
        };
        Ok(Self { object, rules, known: 0, doomed: false })
    }

    /// Whether there are members that were not asked for. Where there are none, no question about further ones arises.
    pub(super) fn has_more(&self) -> bool {
        self.object.is_some_and(|object| self.known < object.len())
    }

    /// A boolean; absent if left out or null (POST-12, R-POST-NULL-FIELD).
    pub(super) fn flag(&mut self, name: &'static str) -> Result<Option<bool>, Refusal> {
        self.typed(name, Value::as_bool, |value| match value {
            Value::String(word) => match word.to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" => Some(true),
                "false" | "no" | "0" => Some(false),
                _ => None,
            },
            Value::Number(number) => Some(number.as_f64() != Some(0.0)),
            _ => None,
        })
    }

    /// A string; absent if left out or null.
    pub(super) fn text(&mut self, name: &'static str) -> Result<Option<Box<str>>, Refusal> {
        let exact = |value: &Value| value.as_str().map(Into::into);
        self.typed(name, exact, |value| match value {
            Value::Number(_) | Value::Bool(_) => Some(value.to_string().into()),
            _ => None,
        })
    }

    /// A number; absent if left out or null.
    pub(super) fn number(&mut self, name: &'static str) -> Result<Option<u64>, Refusal> {
        self.typed(name, Value::as_u64, |value| value.as_str()?.parse().ok())
    }

    /// A list of strings; absent if left out or null.
    pub(super) fn list(&mut self, name: &'static str) -> Result<Option<Box<[Box<str>]>>, Refusal> {
        let exact = |value: &Value| {
            value.as_array()?.iter().map(|item| item.as_str().map(Into::into)).collect::<Option<_>>()
        };
        self.typed(name, exact, |value| match value {
            Value::String(only) => Some([only.as_str().into()].into()),
            Value::Array(items) => items.iter().map(scalar).collect(),
            _ => scalar(value).map(|only| [only].into()),
        })
    }

    /// Any value, for a member whose types are a question of its own.
    pub(super) fn raw(&mut self, name: &'static str) -> Option<&'a Value> {
        // Most bodies are empty or hold one member: when all are found, there is nothing left to look for.
        if !self.has_more() {
            return None;
        }
        let value = self.object?.get(name)?;
        self.known += 1;
        Some(value)
    }

    /// Refuses members that were not asked for, if they are to be refused. Says whether a wrong type dooms the
    /// task (`R-POST-WRONG-TYPE=ASYNC-FAILED`).
    pub(super) fn finish(self) -> Result<bool, Refusal> {
        if self.has_more() && self.rules.post_unknown_field() == PostUnknownField::Badrequest {
            return Err(Refusal::new(400, Why::UnknownMember));
        }
        Ok(self.doomed)
    }

    fn typed<T>(
        &mut self,
        name: &'static str,
        exact: impl Fn(&'a Value) -> Option<T>,
        coerced: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        let value = match self.raw(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(value) => value,
        };
        if let Some(value) = exact(value) {
            return Ok(Some(value));
        }
        let wrong = Refusal::new(400, Why::WrongType(name));
        match self.rules.post_wrong_type() {
            PostWrongType::Badrequest => Err(wrong),
            PostWrongType::Coerce => coerced(value).map(Some).ok_or(wrong),
            PostWrongType::Ignore => Ok(None),
            PostWrongType::AsyncFailed => {
                self.doomed = true;
                Ok(None)
            }
        }
    }
}

fn scalar(value: &Value) -> Option<Box<str>> {
    match value {
        Value::String(text) => Some(text.as_str().into()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

fn is_json(content_type: &Header) -> bool {
    match content_type {
        Header::Usual => true,
        Header::Missing => false,
        Header::Other(text) => {
            let media_type = text.split_once(';').map_or(&**text, |(media_type, _)| media_type);
            media_type.trim().eq_ignore_ascii_case("application/json")
        }
    }
}
