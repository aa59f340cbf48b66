//! What some clients need and no document promises: added to answers on request, off by default.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};

use crate::http::{self, Response};
use crate::model::TaskId;
use crate::spec::Rules;

/// Members that answers have on request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extras {
    /// `action_uid`, the same as `task_id`, wherever that is: the `redis-enterprise` crate looks for it.
    pub action_uid: bool,
    /// `status` in a shard, always `active`: the same crate demands it.
    pub shard_status: bool,
}

/// A name that is no extra.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownExtra(String);

impl fmt::Display for UnknownExtra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no extra is called `{}`; there are action-uid, shard-status", self.0)
    }
}

impl std::error::Error for UnknownExtra {}

impl FromStr for Extras {
    type Err = UnknownExtra;

    /// Reads names separated by commas.
    fn from_str(text: &str) -> Result<Self, UnknownExtra> {
        let mut extras = Self::default();
        for name in text.split(',').map(str::trim) {
            match name {
                "action-uid" => extras.action_uid = true,
                "shard-status" => extras.shard_status = true,
                name => return Err(UnknownExtra(name.to_owned())),
            }
        }
        Ok(extras)
    }
}

impl Extras {
    /// Adds to an answer what is wanted.
    pub(super) fn add(self, response: &mut Response) {
        if self == Self::default() {
            return;
        }
        for object in objects(response) {
            if let Some(task) = object.get("task_id").cloned().filter(|_| self.action_uid) {
                object.insert("action_uid".to_owned(), task);
            }
            if self.shard_status && object.contains_key("bdb_uid") {
                object.insert("status".to_owned(), "active".into());
            }
        }
    }
}

/// Replaces the text that says why a task failed, where control has ordered another.
pub(super) fn reword(texts: &BTreeMap<TaskId, String>, rules: &Rules, response: &mut Response) {
    if texts.is_empty() {
        return;
    }
    let texts: BTreeMap<String, &String> =
        texts.iter().map(|(task, text)| (http::task_guid(*task), text)).collect();
    for object in objects(response) {
        let task = object.get("task_id").and_then(Value::as_str);
        let text = task.and_then(|task| texts.get(task).copied());
        if let (Some(text), Some(member)) = (text, object.get_mut(http::message_member(rules))) {
            *member = text.as_str().into();
        }
    }
}

/// The action objects in an answer: itself, or those of the list.
fn objects(response: &mut Response) -> Vec<&mut Map<String, Value>> {
    match &mut response.body {
        Some(Value::Array(list)) => list.iter_mut().filter_map(Value::as_object_mut).collect(),
        Some(Value::Object(members)) => match members.contains_key("actions") {
            true => {
                let lists = members.values_mut().filter_map(Value::as_array_mut);
                lists.flatten().filter_map(Value::as_object_mut).collect()
            }
            false => vec![members],
        },
        _ => Vec::new(),
    }
}
