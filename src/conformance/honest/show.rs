//! GET: one action, and lists of them (sections NODE, CLU, OBJ).

use serde_json::{Map, Number, Value, json};

use super::{Honest, Instance, Manner, Outcome, Slot, Status, ok, refusal};
use crate::conformance::mutant::Fault;
use crate::conformance::variant::Variant;
use crate::http::Response;

impl Honest {
    /// One action: live, or the status of the last run (NODE-14, NODE-15).
    pub(super) fn one(&mut self, slot: Option<Slot>) -> Outcome {
        let slot = match slot {
            Some(Slot { node: Some(_), action }) if self.has(Fault::GetOfFirstNode) => {
                self.slots.keys().find(|other| other.node.is_some() && other.action == action).copied()
            }
            slot => slot,
        };
        let found = slot.and_then(|slot| Some((slot, self.slots.get(&slot)?)));
        let Some((slot, instance)) = found.filter(|(slot, one)| self.can_be_read(*slot, one)) else {
            return match self.manner {
                Manner::Wrongly(Fault::AbsentCompleted) => Ok(ok(json!({ "status": "completed" }))),
                Manner::Wrongly(Fault::AbsentEmpty) => Ok(ok(json!({}))),
                _ => Err(refusal(404, "action_not_found")),
            };
        };
        if instance.status == Status::Failed && self.has(Fault::FailedIs500) {
            return Err(refusal(500, instance.error.unwrap_or_default()));
        }
        let mut shown = self.action(slot, instance);
        let is_over = !instance.status.is_live();
        match self.manner {
            Manner::Wrongly(Fault::GetWrapped) => shown = json!({ "actions": [shown] }),
            Manner::Wrongly(Fault::StatusMissing) => {
                if let Some(members) = shown.as_object_mut() {
                    members.remove("status").map(|status| members.insert("state".to_owned(), status));
                }
            }
            Manner::Wrongly(Fault::GetConsumes) if is_over => drop(self.slots.remove(&slot)),
            Manner::Wrongly(Fault::TaskOfEachGet) => self.tasks += 1,
            _ => {}
        }
        Ok(ok(shown))
    }

    /// Whether a single GET finds what is there.
    fn can_be_read(&self, slot: Slot, instance: &Instance) -> bool {
        let is_gone = slot.node.is_some_and(|uid| !self.nodes.contains_key(&uid));
        match self.manner {
            Manner::Wrongly(Fault::GetEndedNotFound) => instance.status.is_live(),
            Manner::Wrongly(Fault::GetCancellingNotFound) => instance.status != Status::Cancelling,
            Manner::Otherwise(Variant::RemovalInAllOnly) => !is_gone,
            _ => true,
        }
    }

    /// All actions of one node (NODE-5 to NODE-7). The status of a removal outlives its node.
    pub(super) fn actions_of_node(&self, uid: u64) -> Outcome {
        let all = self.has(Fault::NodeListOfAll);
        let of_node = self.entries(|slot, one| {
            (slot.node == Some(uid) || all && slot.node.is_some())
                && self.can_be_listed(*slot, one)
                && (one.status.is_live() || !self.has(Fault::NodeListMissesEnded))
        });
        if of_node.is_empty() && !self.follows(Variant::UnknownNodeEmpty) {
            self.member(uid)?;
        }
        match self.manner {
            Manner::Wrongly(Fault::NodeListEmptyNotFound) if of_node.is_empty() => {
                Err(refusal(404, "no_actions"))
            }
            Manner::Wrongly(Fault::NodeListBare) => Ok(ok(Value::Array(of_node))),
            _ => Ok(ok(json!({ "actions": of_node }))),
        }
    }

    /// The status of a removal outlives its node (R-REMOVE-STATUS-AFTER).
    fn can_be_listed(&self, slot: Slot, instance: &Instance) -> bool {
        !self.follows(Variant::RemovalInAllOnly) || self.can_be_read(slot, instance)
    }

    /// All actions of all nodes (NODE-1 to NODE-4).
    pub(super) fn actions_of_all_nodes(&self) -> Outcome {
        let first = self.slots.keys().find_map(|slot| slot.node);
        let mut of_all = self.entries(|slot, one| {
            slot.node.is_some()
                && match self.manner {
                    Manner::Wrongly(Fault::AllListMissesEnded) => one.status.is_live(),
                    Manner::Wrongly(Fault::AllListMissesQueued) => one.status != Status::Queued,
                    Manner::Wrongly(Fault::AllListOfFirst) => slot.node == first,
                    _ => true,
                }
        });
        if self.follows(Variant::InternalTasks) {
            of_all.push(json!({ "name": "retry_bdb", "node_uid": "1", "status": "running", "progress": 5 }));
        }
        if of_all.is_empty() && self.has(Fault::AllListEmptyNotFound) {
            return Err(refusal(404, "no_actions"));
        }
        let is_bare = self.follows(Variant::AllNodesBare);
        Ok(ok(if is_bare { Value::Array(of_all) } else { json!({ "actions": of_all }) }))
    }

    /// The actions of the cluster (CLU-1 to CLU-4).
    pub(super) fn actions_of_cluster(&self) -> Outcome {
        let of_cluster = self.entries(|slot, one| match self.manner {
            Manner::Wrongly(Fault::ClusterListOfNodes) => true,
            Manner::Wrongly(Fault::ClusterListMissesEnded) => slot.node.is_none() && one.status.is_live(),
            _ => slot.node.is_none(),
        });
        if of_cluster.is_empty() && self.follows(Variant::ClusterEmptyNotFound) {
            return Err(refusal(404, "no_actions"));
        }
        let is_bare = self.follows(Variant::ClusterBare);
        Ok(ok(if is_bare { Value::Array(of_cluster) } else { json!({ "actions": of_cluster }) }))
    }

    /// All actions there are (OBJ-11, OBJ-15). State machines are for databases.
    pub(super) fn all_actions(&self) -> Response {
        ok(json!({ "actions": self.entries(|_, _| true), "state-machines": [] }))
    }

    fn entries(&self, is_listed: impl Fn(&Slot, &Instance) -> bool) -> Vec<Value> {
        let misses =
            |one: &Instance| one.status == Status::Cancelling && self.has(Fault::ListMissesCancelling);
        let listed = self.slots.iter().filter(|(slot, one)| is_listed(slot, one) && !misses(one));
        let mut entries = Vec::new();
        for (slot, instance) in listed {
            let before = instance.before.as_deref().filter(|_| self.has(Fault::ListKeepsHistory));
            for instance in before.into_iter().chain([instance]) {
                entries.push(self.entry(*slot, instance));
            }
        }
        if self.follows(Variant::ListsReversed) {
            entries.reverse();
        }
        entries
    }

    fn entry(&self, slot: Slot, instance: &Instance) -> Value {
        let mut shown = self.action(slot, instance);
        match (self.manner, shown.as_object_mut()) {
            (Manner::Otherwise(Variant::EntriesWithoutError), Some(members)) => {
                members.retain(|name, _| !name.starts_with("error"));
            }
            (Manner::Otherwise(Variant::MinimalObject), Some(members)) => {
                members.insert("name".to_owned(), slot.action.replace("remove", "remove_node").into());
                members.extend(slot.node.map(|uid| ("node_uid".to_owned(), uid.to_string().into())));
            }
            (Manner::Wrongly(Fault::ListShowsRunning), Some(members)) if instance.status.is_live() => {
                members.insert("status".to_owned(), "running".into());
            }
            _ => {}
        }
        shown
    }

    /// The action object (OBJ-1 to OBJ-9).
    fn action(&self, slot: Slot, instance: &Instance) -> Value {
        let instance = match &instance.before {
            Some(before) if instance.status == Status::Queued && self.has(Fault::OldResultUntilStart) => {
                before
            }
            _ => instance,
        };
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
        put("name", self.name(slot.action).into());
        if let Some(uid) = slot.node {
            put("node_uid", self.node_uid(uid));
        } else if self.follows(Variant::ClusterEntryNode) {
            put("node_uid", instance.asked.get("node_uid").cloned().unwrap_or_default());
        }
        put("status", self.status(instance.status).into());
        if !self.follows(Variant::ProgressMissing) {
            put("progress", self.progress(instance));
        }
        let task = if self.has(Fault::TaskOfEachGet) { self.tasks } else { instance.task };
        if !self.follows(Variant::TaskHidden) {
            put("task_id", self.task_id(task).into());
        }
        if self.follows(Variant::TaskAsUid) {
            put("action_uid", self.task_id(task).into());
        }
        if let Some(code) = self.error_code(instance) {
            put("error_code", code);
            put(self.error_text(), "the task could not be completed".into());
        }
        match self.manner {
            Manner::Otherwise(Variant::MinimalObject) => {
                members.retain(|name, _| name == "status" || name.starts_with("error"));
            }
            Manner::Otherwise(Variant::MembersReversed) => members = members.into_iter().rev().collect(),
            Manner::Otherwise(Variant::NullMembers) => {
                members.insert("progress".to_owned(), Value::Null);
                for name in ["error_code", "error_message"] {
                    members.entry(name).or_insert(Value::Null);
                }
            }
            Manner::Otherwise(Variant::ExtraMembers) => {
                members.insert("creation_time".to_owned(), "2024-09-12T00:00:00Z".into());
                members.insert("pending_ops".to_owned(), json!({ "1": [null] }));
            }
            _ => {}
        }
        Value::Object(members)
    }

    fn name(&self, action: &'static str) -> &'static str {
        match (self.manner, action) {
            (Manner::Wrongly(Fault::NameIsTitle), "maintenance_on") => "Maintenance on",
            (Manner::Wrongly(Fault::EnslaveNamedOtherwise), "enslave_node") => "enslave",
            (Manner::Otherwise(Variant::NamedRemove), "remove") => "remove",
            (_, "remove") => "remove_node",
            _ => action,
        }
    }

    fn node_uid(&self, uid: u64) -> Value {
        match self.manner {
            Manner::Otherwise(Variant::UidInteger) => uid.into(),
            Manner::Wrongly(Fault::EntryOfOtherNode) => (uid - 1).to_string().into(),
            _ => uid.to_string().into(),
        }
    }

    /// A percentage: a number with a fraction (OBJ-1).
    fn progress(&self, instance: &Instance) -> Value {
        let is_short = !instance.status.is_live() && instance.status != Status::Completed;
        let percent = match self.manner {
            Manner::Otherwise(Variant::ProgressZeroAtEnds) if is_short => 0,
            Manner::Otherwise(Variant::ProgressFullAtEnds) if is_short => 100,
            Manner::Wrongly(Fault::ProgressBeyond) => instance.percent * 2,
            _ => instance.percent,
        };
        let text = match self.manner {
            Manner::Wrongly(Fault::ProgressNegative) if instance.status == Status::Queued => "-1".to_owned(),
            Manner::Wrongly(Fault::ProgressText) => return format!("{percent}%").into(),
            Manner::Otherwise(Variant::ProgressInteger) => return percent.into(),
            Manner::Otherwise(Variant::ProgressString) => return percent.to_string().into(),
            _ => format!("{percent}.0"),
        };
        let number: Option<Number> = text.parse().ok();
        number.map_or(Value::Null, Value::Number)
    }

    fn error_code(&self, instance: &Instance) -> Option<Value> {
        let is_stopped = matches!(instance.status, Status::Cancelled | Status::Aborted);
        match self.manner {
            Manner::Wrongly(Fault::FailedWithoutCode) => None,
            Manner::Wrongly(Fault::CodeIsNumber) => instance.error.map(|_| 500.into()),
            Manner::Wrongly(Fault::CompletedWithCode) if instance.status == Status::Completed => {
                Some("internal_error".into())
            }
            Manner::Otherwise(Variant::ErrorAtAllEnds) if is_stopped => Some("internal_error".into()),
            _ => instance.error.map(Value::from),
        }
    }

    fn error_text(&self) -> &'static str {
        match self.manner {
            Manner::Otherwise(Variant::ErrorMessage) => "message",
            Manner::Otherwise(Variant::ErrorDescription) => "description",
            _ => "error_message",
        }
    }

    /// The id of a task, a GUID (POST-13, LIFE-19).
    pub(super) fn task_id(&self, task: u64) -> String {
        if self.follows(Variant::TaskNumber) {
            return format!("task {task}");
        }
        format!("{task:08x}-c26f-40ab-8afc-23ed663973f6")
    }

    fn status(&self, status: Status) -> &'static str {
        match (status, self.manner) {
            (Status::Queued, Manner::Wrongly(Fault::StatusPending)) => "pending",
            (Status::Queued, _) => "queued",
            (Status::Starting, _) => "starting",
            (Status::Running, _) => "running",
            (Status::Cancelling, _) => "cancelling",
            (Status::Cancelled, Manner::Wrongly(Fault::StatusCanceled)) => "canceled",
            (Status::Cancelled, _) => "cancelled",
            (Status::Aborted, _) => "aborted",
            (Status::Completed, Manner::Wrongly(Fault::StatusDone)) => "done",
            (Status::Completed, _) => "completed",
            (Status::Failed, _) => "failed",
        }
    }
}
