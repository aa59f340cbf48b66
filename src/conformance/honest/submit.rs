//! POST: an action is started, unless one of its kind has not ended (section POST).

use serde_json::{Map, Value, json};

use super::form::{self, Kind};
use super::{CHANGE_MASTER, Honest, Instance, Outcome, Slot, Status, ok, refusal, slot_of};
use crate::http::Response;
use crate::model::Request;

impl Honest {
    pub(super) fn start_on_node(&mut self, node: u64, name: &str, request: &Request) -> Outcome {
        self.member(node)?;
        let slot = slot_of(Some(node), name).ok_or_else(|| refusal(400, "unknown_action"))?;
        let asked = form::read(request, slot.action)?;
        self.refuse_conflict(slot)?;
        let task = self.start(slot, asked);
        if slot.action == "remove"
            && let Some(member) = self.nodes.get_mut(&node)
        {
            member.is_leaving = true;
        }
        Ok(ok(json!({ "status": "queued", "task_id": Self::task_id(task) })))
    }

    pub(super) fn start_on_cluster(&mut self, name: &str, request: &Request) -> Outcome {
        let slot = slot_of(None, name).ok_or_else(|| refusal(400, "unknown_action"))?;
        let asked = form::read(request, CHANGE_MASTER)?;
        self.promoted(&asked).ok_or_else(|| refusal(400, "bad_node_uid"))?;
        self.refuse_conflict(slot)?;
        self.start(slot, asked);
        Ok(ok(json!({})))
    }

    /// The member that is to become primary (CHM-2, CHM-3).
    pub(super) fn promoted(&self, asked: &Map<String, Value>) -> Option<u64> {
        let uid = Kind::uid(asked.get("node_uid")?)?;
        self.nodes.contains_key(&uid).then_some(uid)
    }

    /// A second instance is refused while the first has not ended (POST-1, POST-2).
    fn refuse_conflict(&self, slot: Slot) -> Result<(), Response> {
        let is_live = self.slots.get(&slot).is_some_and(|instance| instance.status.is_live());
        if is_live { Err(refusal(409, "conflict")) } else { Ok(()) }
    }

    /// Starts an instance. What the last one left goes with the same step (POST-3).
    fn start(&mut self, slot: Slot, asked: Map<String, Value>) -> u64 {
        self.tasks += 1;
        let instance = Instance {
            task: self.tasks,
            status: Status::Queued,
            percent: 0,
            asked,
            is_to_cancel: false,
            obstacle: None,
            error: None,
        };
        self.slots.insert(slot, instance);
        self.tasks
    }
}
