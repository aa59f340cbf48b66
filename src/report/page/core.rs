//! The calls of a core, each with its place in the whole run.

use std::collections::{BTreeMap, BTreeSet};

use super::run::{self, Run};
use crate::history::{CallId, Kind, Record, Return};
use crate::model::{Body, Request};
use crate::oracle::Divergence;
use crate::report::judgement;

/// A call of a core, with its place in the whole run.
pub(super) struct CoreCall<'a> {
    pub(super) id: CallId,
    pub(super) client: &'a str,
    /// The number of the record that began it.
    pub(super) begun: u32,
    /// The number of the record that ended it, if one did.
    pub(super) ended: Option<u32>,
    /// The number of the record from which on it cannot act any more, if there is one.
    pub(super) settled: Option<u32>,
    pub(super) request: &'a Request,
    pub(super) answer: Option<&'a Return>,
    /// What came of it, in one line.
    pub(super) ending: Option<String>,
    /// Whether it may have acted, and its answer is not needed.
    pub(super) is_bystander: bool,
    /// Whether its answer is the one that nothing explains.
    pub(super) is_failing: bool,
}

impl<'a> CoreCall<'a> {
    /// The calls of a core, in the order of their beginnings.
    pub(super) fn all(divergence: &Divergence, core: &'a [Record], run: &'a Run) -> Vec<Self> {
        let ids: BTreeSet<CallId> = divergence.core.iter().chain(&divergence.bystanders).copied().collect();
        let placed: BTreeMap<CallId, _> =
            run.calls.iter().filter(|call| ids.contains(&call.id)).map(|call| (call.id, call)).collect();
        let mut endings = BTreeMap::new();
        for record in core {
            match &record.kind {
                Kind::Return(answer) => drop(endings.insert(answer.id, record)),
                Kind::Lost(lost) => drop(endings.insert(lost.id, record)),
                _ => {}
            }
        }
        let begun = core.iter().filter_map(|record| match &record.kind {
            Kind::Invoke(call) => Some((call, placed.get(&call.id)?)),
            _ => None,
        });
        let calls = begun.map(|(call, place)| {
            let ending = endings.get(&call.id).map(|record| &record.kind);
            let answer = match ending {
                Some(Kind::Return(answer)) => Some(answer),
                _ => None,
            };
            Self {
                id: call.id,
                client: &run.lanes[place.lane as usize].name,
                begun: place.begun,
                ended: (place.ended > 0).then_some(place.ended),
                settled: place.settled(),
                request: &call.request,
                answer,
                ending: ending.and_then(judgement::ending),
                is_bystander: divergence.bystanders.contains(&call.id),
                is_failing: call.id == divergence.call,
            }
        });
        calls.collect()
    }

    /// It in a few words: which call, the method and the action.
    pub(super) fn title(&self) -> String {
        let Self { id, request, .. } = self;
        let path = request.path.as_str();
        let path = path.strip_prefix("/v1/").unwrap_or(path);
        let what = request.path.slot().map_or(path, |slot| slot.action_name());
        format!("call {id} · {} {what}", request.method.name())
    }

    /// What came of it in a few words. Tasks are told apart by letters.
    pub(super) fn says(&self, tasks: &[&str]) -> String {
        match (self.answer, self.is_bystander) {
            (_, true) => "may have acted".to_owned(),
            (None, false) => "no answer".to_owned(),
            (Some(answer), false) => {
                let place = task(answer).and_then(|task| tasks.iter().position(|known| *known == task));
                let task = place.map(|place| format!(", task {}", letter(place))).unwrap_or_default();
                run::summary(answer) + &task
            }
        }
    }
}

/// Where a call of a core stands on the page.
pub(super) fn anchor(number: usize, id: CallId) -> String {
    format!("d{number}-call-{id}")
}

/// The task id that an answer shows.
pub(super) fn task(answer: &Return) -> Option<&str> {
    match &answer.body {
        Body::Json(value) => value.get("task_id")?.as_str(),
        _ => None,
    }
}

/// The letter that stands for a task.
pub(super) fn letter(at: usize) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    letters.get(at..=at).map_or_else(|| (at + 1).to_string(), str::to_owned)
}
