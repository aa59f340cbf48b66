//! DELETE: cancels what lives, and removes the status of what ended (section DEL).

use serde_json::json;

use super::{Honest, Manner, Outcome, Slot, Status, ok, refusal};
use crate::conformance::mutant::Fault;
use crate::conformance::variant::Variant;
use crate::http::Response;

impl Honest {
    pub(super) fn cancel(&mut self, slot: Option<Slot>) -> Outcome {
        let found = slot.and_then(|slot| Some((slot, self.slots.get(&slot)?.status)));
        let Some((slot, status)) = found else {
            let is_fine = self.has(Fault::DeleteAbsentOk);
            return if is_fine { Ok(self.deleted()) } else { Err(refusal(404, "action_not_found")) };
        };
        if let Some(code) = self.refused_to_cancel(slot, status) {
            return Err(refusal(code, "action_not_found"));
        }
        match status {
            Status::Queued if self.follows(Variant::QueuedGone) => drop(self.slots.remove(&slot)),
            Status::Queued if self.has(Fault::DeleteQueuedIgnored) => {}
            Status::Queued => self.becomes(slot, Status::Cancelled), // DEL-6
            Status::Starting => self.cancel_starting(slot),
            Status::Running if self.follows(Variant::RunningEventual) => self.note_cancel(slot),
            Status::Running if self.follows(Variant::CancelIsAbort) => self.becomes(slot, Status::Aborted),
            Status::Running => self.becomes(slot, Status::Cancelling), // DEL-7
            Status::Cancelling if self.has(Fault::DeleteRevives) => self.becomes(slot, Status::Running),
            Status::Cancelling => {}
            Status::Cancelled | Status::Aborted | Status::Completed | Status::Failed => self.clear(slot), // DEL-2
        }
        Ok(self.deleted())
    }

    /// What cannot be cancelled or removed, and the code that says so. There is nothing.
    fn refused_to_cancel(&self, slot: Slot, status: Status) -> Option<u16> {
        let is_refused = match self.manner {
            Manner::Wrongly(Fault::DeleteCompletedNotFound) => status == Status::Completed,
            Manner::Wrongly(Fault::DeleteQueuedNotFound) => status == Status::Queued,
            Manner::Wrongly(Fault::DeleteRunningNotFound) => status == Status::Running,
            Manner::Otherwise(Variant::StartingRefused) if status == Status::Starting => return Some(409),
            Manner::Otherwise(Variant::CancellingRefused) if status == Status::Cancelling => {
                return Some(409);
            }
            Manner::Otherwise(Variant::ClusterStatusOnly) => slot.node.is_none() && status.is_live(),
            Manner::Otherwise(Variant::RemovalInAllOnly) => {
                slot.node.is_some_and(|uid| !self.nodes.contains_key(&uid))
            }
            Manner::Otherwise(Variant::ClusterNever) => slot.node.is_none(),
            Manner::Otherwise(Variant::OnlyCompletedDeleted) => {
                !status.is_live() && status != Status::Completed
            }
            _ => false,
        };
        is_refused.then_some(404)
    }

    /// It can only be cancelled once it runs (R-STARTING-CANCEL).
    fn cancel_starting(&mut self, slot: Slot) {
        match self.manner {
            Manner::Wrongly(Fault::DeleteStartingRequeues) => self.becomes(slot, Status::Queued),
            Manner::Otherwise(Variant::StartingDirect) => self.becomes(slot, Status::Cancelled),
            Manner::Otherwise(Variant::StartingVia) => self.becomes(slot, Status::Cancelling),
            _ => self.note_cancel(slot),
        }
    }

    fn note_cancel(&mut self, slot: Slot) {
        if let Some(instance) = self.slots.get_mut(&slot) {
            instance.is_to_cancel = true;
        }
    }

    fn clear(&mut self, slot: Slot) {
        match self.manner {
            Manner::Wrongly(Fault::DeleteKeepsResult) => {}
            Manner::Wrongly(Fault::DeleteEndedCancels) => self.becomes(slot, Status::Cancelled),
            Manner::Wrongly(Fault::DeleteAllNodes) => {
                self.slots.retain(|other, one| other.action != slot.action || one.status.is_live());
            }
            Manner::Wrongly(Fault::DeleteOtherSlot) => {
                let mut ended = self.slots.iter().filter(|(_, one)| !one.status.is_live());
                let first = ended.find(|(other, _)| other.node == slot.node).map(|(other, _)| *other);
                self.slots.remove(&first.unwrap_or(slot));
            }
            _ => drop(self.slots.remove(&slot)),
        }
        if self.has(Fault::TaskReusedAfterDelete) {
            self.tasks -= 1;
        }
    }

    fn deleted(&self) -> Response {
        let body = self.follows(Variant::DeleteWithBody).then(|| json!({ "status": "ok" }));
        Response { status: if self.has(Fault::Delete204) { 204 } else { 200 }, ..ok(body) }
    }
}
