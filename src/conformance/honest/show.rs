//! GET: one action, and lists of them (sections NODE, CLU, OBJ).

use serde_json::{Map, Number, Value, json};

use super::{Honest, Instance, Outcome, Slot, Status, ok, refusal};
use crate::http::Response;

impl Honest {
    /// One action: live, or the status of the last run (NODE-14, NODE-15).
    pub(super) fn one(&self, slot: Option<Slot>) -> Outcome {
        let found = slot.and_then(|slot| Some((slot, self.slots.get(&slot)?)));
        let (slot, instance) = found.ok_or_else(|| refusal(404, "action_not_found"))?;
        Ok(ok(Self::action(slot, instance)))
    }

    /// All actions of one node (NODE-5 to NODE-7). The status of a removal outlives its node.
    pub(super) fn actions_of_node(&self, uid: u64) -> Outcome {
        let of_node = self.entries(|slot| slot.node == Some(uid));
        if of_node.is_empty() {
            self.member(uid)?;
        }
        Ok(ok(json!({ "actions": of_node })))
    }

    /// All actions of all nodes (NODE-1 to NODE-4).
    pub(super) fn actions_of_all_nodes(&self) -> Response {
        ok(json!({ "actions": self.entries(|slot| slot.node.is_some()) }))
    }

    /// The actions of the cluster (CLU-1 to CLU-4).
    pub(super) fn actions_of_cluster(&self) -> Response {
        ok(json!({ "actions": self.entries(|slot| slot.node.is_none()) }))
    }

    /// All actions there are (OBJ-11, OBJ-15). State machines are for databases.
    pub(super) fn all_actions(&self) -> Response {
        ok(json!({ "actions": self.entries(|_| true), "state-machines": [] }))
    }

    fn entries(&self, is_listed: impl Fn(&Slot) -> bool) -> Vec<Value> {
        let listed = self.slots.iter().filter(|(slot, _)| is_listed(slot));
        listed.map(|(slot, instance)| Self::action(*slot, instance)).collect()
    }

    /// The action object (OBJ-1 to OBJ-9).
    fn action(slot: Slot, instance: &Instance) -> Value {
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
        put("name", if slot.action == "remove" { "remove_node" } else { slot.action }.into());
        if let Some(uid) = slot.node {
            put("node_uid", uid.to_string().into());
        }
        put("status", instance.status.word().into());
        put("progress", percent(instance.percent));
        put("task_id", Self::task_id(instance.task).into());
        if let Some(code) = instance.error {
            put("error_code", code.into());
            put("error_message", "the task could not be completed".into());
        }
        Value::Object(members)
    }

    /// The id of a task, a GUID (POST-13, LIFE-19).
    pub(super) fn task_id(task: u64) -> String {
        format!("{task:08x}-c26f-40ab-8afc-23ed663973f6")
    }
}

/// A percentage: a number with a fraction (OBJ-1).
fn percent(percent: u32) -> Value {
    let number: Option<Number> = format!("{percent}.0").parse().ok();
    number.map_or(Value::Null, Value::Number)
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Cancelling => "cancelling",
            Self::Cancelled => "cancelled",
            Self::Aborted => "aborted",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }
}
