//! DELETE: cancels what lives, and removes the status of what ended (section DEL).

use super::{Honest, Outcome, Slot, Status, ok, refusal};

impl Honest {
    pub(super) fn cancel(&mut self, slot: Option<Slot>) -> Outcome {
        let nothing = || refusal(404, "action_not_found");
        let slot = slot.ok_or_else(nothing)?;
        let instance = self.slots.get_mut(&slot).ok_or_else(nothing)?;
        match instance.status {
            Status::Queued => instance.status = Status::Cancelled, // DEL-6
            Status::Starting => instance.is_to_cancel = true,      // R-STARTING-CANCEL
            Status::Running => instance.status = Status::Cancelling, // DEL-7
            Status::Cancelling => {}
            Status::Cancelled | Status::Aborted | Status::Completed | Status::Failed => {
                self.slots.remove(&slot); // DEL-2
            }
        }
        Ok(ok(None))
    }
}
