//! POST: an action is started, unless one of its kind has not ended (section POST).

use serde_json::{Map, Value, json};

use super::form::Kind;
use super::{CHANGE_MASTER, Honest, Instance, Manner, Outcome, Slot, Status, ok, refusal};
use crate::conformance::mutant::Fault;
use crate::conformance::variant::Variant;
use crate::http::Response;
use crate::model::{Method, Request};

impl Honest {
    pub(super) fn start_on_node(&mut self, node: u64, name: &str, request: &Request) -> Outcome {
        let is_gone =
            self.slots.keys().any(|slot| slot.node == Some(node)) && self.has(Fault::RemovedTakesPosts);
        if !self.nodes.contains_key(&node) && (self.has(Fault::UnknownNodeAccepted) || is_gone) {
            return Ok(self.accepted(0));
        }
        let unknown = if self.follows(Variant::UnknownNodeBadRequest) { 400 } else { 404 };
        self.member(node).map_err(|_| refusal(unknown, "node_not_found"))?;
        if name == CHANGE_MASTER && self.has(Fault::WrongFamilyAccepted) {
            return Ok(self.accepted(0));
        }
        let Some(mut slot) = self.slot_of(Some(node), name) else {
            if self.has(Fault::UnknownActionAccepted) {
                return Ok(self.accepted(0));
            }
            let code = if self.follows(Variant::UnknownActionNotFound) { 404 } else { 400 };
            return Err(refusal(code, "unknown_action"));
        };
        if self.follows(Variant::ConflictFirst) {
            self.refuse_conflict(slot)?;
        }
        let asked = self.read(request, slot.action)?;
        self.refuse_at_once(slot, &asked)?;
        self.refuse_conflict(slot)?;
        if self.has(Fault::PostOnFirstNode) {
            slot.node = self.nodes.keys().next().copied();
        }
        let task = self.start(slot, asked);
        match (slot.action, self.manner) {
            ("remove", _) => self.nodes.entry(node).or_default().is_leaving = true, // REM-2
            ("maintenance_on", Manner::Wrongly(Fault::SnapshotAtSubmission)) => {
                self.take_snapshot(node, false)
            }
            ("enslave_node", Manner::Wrongly(Fault::EnslaveNotRecorded)) => drop(self.slots.remove(&slot)),
            _ => {}
        }
        self.end_at_once(slot);
        Ok(self.accepted(task))
    }

    pub(super) fn start_on_cluster(&mut self, name: &str, request: &Request) -> Outcome {
        let Some(slot) = self.slot_of(None, name) else {
            return match self.manner {
                Manner::Wrongly(Fault::ClusterUnknownAccepted) => Ok(self.accepted(0)),
                Manner::Wrongly(Fault::ClusterTakesRemove) if name == "remove" => Ok(self.accepted(0)),
                Manner::Wrongly(Fault::ClusterUnknownNotFound) => Err(refusal(404, "unknown_action")),
                _ => Err(refusal(400, "unknown_action")),
            };
        };
        let asked = self.read(request, CHANGE_MASTER)?;
        let uid = asked.get("node_uid").and_then(Kind::uid);
        let lacks = if self.follows(Variant::ChangeTargetNotFound) && uid.is_some() { 404 } else { 400 };
        let passes = match uid {
            None => self.has(Fault::TargetMissingAccepted),
            Some(_) => self.has(Fault::TargetUnknownAccepted),
        };
        if self.promoted(&asked).is_none() && !passes {
            return Err(refusal(lacks, "bad_node_uid"));
        }
        if uid == Some(self.primary) && self.follows(Variant::ChangeToCurrentRefused) {
            return Err(refusal(400, "already_primary"));
        }
        self.refuse_conflict(slot)?;
        if self.follows(Variant::ChangeAtOnce) {
            self.primary = uid.unwrap_or(self.primary);
            return Ok(ok(None));
        }
        self.start(slot, asked);
        self.end_at_once(slot);
        Ok(ok(json!({})))
    }

    /// The body of an accepted POST (POST-13).
    fn accepted(&self, task: u64) -> Response {
        let status = if self.has(Fault::PostSaysAccepted) { "accepted" } else { "queued" };
        let task = if self.has(Fault::TaskOtherInPost) { task + 500 } else { task };
        let body = json!({ "status": status, "task_id": self.task_id(task) });
        let body = (!self.follows(Variant::PostEmpty)).then_some(body);
        Response { status: if self.has(Fault::PostAccepted202) { 202 } else { 200 }, ..ok(body) }
    }

    /// The member that is to become primary (CHM-2, CHM-3).
    pub(super) fn promoted(&self, asked: &Map<String, Value>) -> Option<u64> {
        let uid = Kind::uid(asked.get("node_uid")?)?;
        self.nodes.contains_key(&uid).then_some(uid)
    }

    /// What the documents let a POST refuse as well as a task: no quorum, an unknown snapshot, the primary.
    fn refuse_at_once(&self, slot: Slot, asked: &Map<String, Value>) -> Result<(), Response> {
        let code = match (self.manner, slot.action) {
            (Manner::Otherwise(Variant::QuorumRefuses), "maintenance_on")
                if !self.has_quorum_without_one() =>
            {
                406
            }
            (Manner::Otherwise(Variant::RemoveMasterRefused), "remove")
                if slot.node == Some(self.primary) =>
            {
                403
            }
            (Manner::Otherwise(Variant::OffUnknownNotFound), "maintenance_off") => {
                let names = asked.get("snapshot_name").is_some_and(Value::is_string);
                let is_found = slot.node.is_some_and(|uid| self.snapshot_to_load(uid, asked).is_some());
                if is_found || !names { return Ok(()) } else { 404 }
            }
            _ => return Ok(()),
        };
        Err(refusal(code, "precondition"))
    }

    /// A second instance is refused while the first has not ended (POST-1, POST-2).
    fn refuse_conflict(&mut self, slot: Slot) -> Result<(), Response> {
        let asked = match slot.node {
            Some(_) if self.has(Fault::ConflictOfFirstNode) => {
                Slot { node: self.nodes.keys().next().copied(), ..slot }
            }
            _ => slot,
        };
        let stands = |(other, one): (&Slot, &Instance)| {
            (*other == asked || self.excludes(slot, *other)) && self.is_in_the_way(*other, one)
        };
        if !self.slots.iter().any(stands) {
            return Ok(());
        }
        if let Some(instance) = self.slots.get_mut(&slot) {
            instance.has_refused = true;
        }
        if self.has(Fault::ConflictRestarts)
            && let Some(instance) = self.slots.get_mut(&slot)
        {
            (instance.status, instance.percent) = (Status::Queued, 0);
        }
        Err(refusal(if self.has(Fault::ConflictBadRequest) { 400 } else { 409 }, "conflict"))
    }

    /// Whether an instance refuses others. One that has ended does not.
    fn is_in_the_way(&self, slot: Slot, instance: &Instance) -> bool {
        match (self.manner, instance.status) {
            (Manner::Wrongly(Fault::ConflictDropped), _)
            | (Manner::Wrongly(Fault::ConflictPassesQueued), Status::Queued)
            | (Manner::Wrongly(Fault::ConflictPassesStarting), Status::Starting)
            | (Manner::Otherwise(Variant::CancellingFrees), Status::Cancelling) => false,
            (Manner::Wrongly(Fault::ConflictOnce), status) => status.is_live() && !instance.has_refused,
            (Manner::Wrongly(Fault::ConflictCompleted), Status::Completed)
            | (Manner::Wrongly(Fault::ConflictFailed), Status::Failed) => true,
            (Manner::Wrongly(Fault::ChangeOnlyOnce), Status::Completed) => slot.node.is_none(),
            (_, status) => status.is_live(),
        }
    }

    /// Whether a live instance elsewhere is in the way too (R-CONFLICT-SCOPE, R-CONFLICT-CROSS). By itself it is not.
    fn excludes(&self, slot: Slot, other: Slot) -> bool {
        let both = |one: &str, two: &str| {
            (slot.action, other.action) == (one, two) || (slot.action, other.action) == (two, one)
        };
        let on_nodes = slot.node.is_some() && other.node.is_some();
        match self.manner {
            Manner::Otherwise(Variant::ConflictOfCluster) => slot.action == other.action,
            Manner::Otherwise(Variant::ConflictOfNode) => slot.node == other.node,
            Manner::Otherwise(Variant::ConflictOfAll) => on_nodes,
            Manner::Otherwise(Variant::OnOffExclusive) => {
                slot.node == other.node && both("maintenance_on", "maintenance_off")
            }
            Manner::Otherwise(Variant::RemoveExclusive) => {
                slot.node == other.node && (slot.action == "remove" || other.action == "remove")
            }
            Manner::Otherwise(Variant::MasterExclusive) => slot.node.is_none() != other.node.is_none(),
            _ => false,
        }
    }

    /// Starts an instance. What the last one left goes with the same step (POST-3).
    fn start(&mut self, slot: Slot, asked: Map<String, Value>) -> u64 {
        self.tasks += 1;
        let goes_on = matches!(
            self.manner,
            Manner::Wrongly(
                Fault::ConflictPassesQueued | Fault::ConflictPassesStarting | Fault::ConflictOnce
            )
        );
        if goes_on && self.slots.get(&slot).is_some_and(|one| one.status.is_live()) {
            return self.tasks;
        }
        let before = self.slots.remove(&slot);
        let task = match &before {
            Some(before) if self.has(Fault::TaskReused) => before.task,
            _ if self.has(Fault::TaskOfEachNode) => {
                let of_node = self.slots.iter().filter(|(other, _)| other.node == slot.node);
                1 + of_node
                    .map(|(_, one)| one.task)
                    .chain(before.as_ref().map(|one| one.task))
                    .max()
                    .unwrap_or(0)
            }
            _ => self.tasks,
        };
        let keeps_error = match &before {
            Some(_) if self.has(Fault::OldErrorKept) => true,
            Some(before) => before.before.is_some() && self.has(Fault::ThirdErrorKept),
            None => false,
        };
        let instance = Instance {
            task,
            status: Status::Queued,
            percent: 0,
            asked,
            is_to_cancel: self.has(Fault::CancelOutlives)
                && before.as_ref().is_some_and(|before| before.status == Status::Cancelled),
            obstacle: None,
            error: before.as_ref().filter(|_| keeps_error).and_then(|before| before.error),
            before: before.map(|before| Box::new(before.alone_but_one())),
            has_refused: false,
        };
        self.slots.insert(slot, instance);
        if self.follows(Variant::ResubmitAllNodes) {
            self.slots.retain(|other, one| other.action != slot.action || one.status.is_live());
        }
        task
    }

    /// Nothing is left to wait for when the POST is answered.
    fn end_at_once(&mut self, slot: Slot) {
        while self.follows(Variant::Instant) && self.slots.get(&slot).is_some_and(|one| one.status.is_live())
        {
            self.move_on(slot, 0);
        }
    }

    /// A POST that is refused leaves the old result where it is (R-RESUBMIT-REJECTED).
    pub(super) fn after_refusal(&mut self, request: &Request, status: u16) {
        let drops = match self.manner {
            Manner::Wrongly(Fault::ForbiddenDropsResult) => status == 403,
            Manner::Wrongly(Fault::UnauthorizedDropsResult) => status == 401,
            Manner::Otherwise(Variant::RejectedDrops) => status == 400,
            _ => false,
        };
        if drops && request.method == Method::Post {
            let place = self.place(request.path.as_str());
            let slot = match place {
                Ok(super::Place::NodeAction(node, name)) => self.slot_of(Some(node), name),
                Ok(super::Place::ClusterAction(name)) => self.slot_of(None, name),
                _ => None,
            };
            self.slots.retain(|other, one| Some(*other) != slot || one.status.is_live());
        }
    }
}

impl Instance {
    /// Of those before it, the last one only.
    fn alone_but_one(mut self) -> Self {
        if let Some(before) = &mut self.before {
            before.before = None;
        }
        self
    }
}
