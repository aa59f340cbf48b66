//! Divergences that need no search: what one answer shows, or two of them, cannot be.

use super::super::call::CellName;
use super::super::explain::Expected;
use super::super::judge::Bench;
use super::super::outside;
use super::super::sort::SeveralPrimaries;
use super::Divergence;
use crate::history::Initial;

impl Bench<'_> {
    /// The divergence of a task id that two slots showed (LIFE-19).
    pub(in super::super) fn shared_task(&self) -> Option<Divergence> {
        let shared = self.sorted.shared?;
        Some(Divergence {
            cell: shared.cell,
            action: None,
            call: shared.call,
            record: shared.record.into(),
            sentence: format!(
                "call {} shows the task id of another action, which call {} showed before",
                shared.call, shared.first
            ),
            observed: "the task id of another action".to_owned(),
            expected: Vec::new(),
            clauses: vec!["LIFE-19", "R-TASKID"],
            operation: "task id".to_owned(),
            signature: "task id of two actions".to_owned(),
            core: vec![shared.first, shared.call],
            bystanders: Vec::new(),
            looked_at: Vec::new(),
            from_any_state: true,
            by_no_single_reading: false,
            possible: Vec::new(),
            tried: Vec::new(),
        })
    }

    /// The divergence of an answer that shows several primaries while nothing moves the role (CHM-8). What was before
    /// an unknown beginning may move it.
    pub(in super::super) fn several_primaries(&self) -> Option<Divergence> {
        if matches!(self.header.initial, Initial::Unknown(_)) {
            return None;
        }
        let mut answers = self.sorted.several_primaries.iter().peekable();
        answers.peek()?;
        let moving = outside::primary_may_move(self.sorted, self.header);
        let SeveralPrimaries { call, ended, .. } = answers.find(|it| !moving.any(it.ended, it.invoked))?;
        let observed = "several nodes with the role of the primary".to_owned();
        Some(Divergence {
            cell: CellName::Cluster,
            action: None,
            call: *call,
            record: (*ended).into(),
            sentence: format!("call {call} shows {observed}, and nothing that moves the role was under way"),
            expected: vec![Expected {
                world: "nothing moves the role".to_owned(),
                answer: "one node with the role of the primary".to_owned(),
                clauses: vec!["CHM-8"],
            }],
            clauses: vec!["CHM-8"],
            operation: "GET /v1/nodes/status".to_owned(),
            signature: format!("GET /v1/nodes/status: expected one primary, observed {observed}"),
            observed,
            core: vec![*call],
            bystanders: Vec::new(),
            looked_at: Vec::new(),
            from_any_state: false,
            by_no_single_reading: false,
            possible: Vec::new(),
            tried: Vec::new(),
        })
    }
}
