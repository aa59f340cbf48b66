//! What is known of each slot: what it was shown to be, and what it may have become since.
//!
//! Of every answer is kept what the law makes of it ([`Outlook`]); an answer that the law does not know leaves everything
//! possible. That is enough to choose what to ask next. It is no verdict: several clients overlap here, and the oracle
//! sorts that out.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::access::views;
use crate::conformance::cells::Cells;
use crate::conformance::outlook::{METHODS, Outlook, Standing, Standings};
use crate::http::{Response, Sighting};
use crate::model::{Caller, Method, NodeUid, Place, Request, Role, Slot};

/// What is known of one slot.
#[derive(Debug, Clone, Copy)]
struct Sight {
    /// What it was shown to be, if an answer said so.
    shown: Option<Standing>,
    /// What it was possible to be right after the last answer.
    possible: Standings,
}

/// What is known of all slots.
#[derive(Debug, Clone, Default)]
pub(super) struct Sights {
    slots: BTreeMap<Slot, Sight>,
    /// Whether what was not asked yet is known to be absent.
    is_fresh: bool,
}

impl Sights {
    pub(super) fn new(is_fresh: bool) -> Self {
        Self { slots: BTreeMap::new(), is_fresh }
    }

    fn of(&self, slot: Slot) -> Sight {
        let unseen = match self.is_fresh {
            true => Sight { shown: Some(Standing::ABSENT), possible: Standings::only(Standing::ABSENT) },
            false => Sight { shown: None, possible: Standings::ALL },
        };
        self.slots.get(&slot).copied().unwrap_or(unseen)
    }

    /// What a slot was last shown to be.
    pub(super) fn shown(&self, slot: Slot) -> Option<Standing> {
        self.of(slot).shown
    }

    /// Into how many parts an answer to this splits what the slot can be now.
    pub(super) fn splits(&self, slot: Slot, method: Method) -> usize {
        let now = Outlook::get().later(slot, self.of(slot).possible);
        let outcomes = now.iter().flat_map(|standing| {
            let shown = (method == Method::Get).then_some(standing);
            Outlook::get().outcomes(slot, standing, method).iter().map(move |(code, _)| (*code, shown))
        });
        let mut different: Vec<_> = outcomes.collect();
        different.sort_unstable();
        different.dedup();
        different.len()
    }

    /// Whether something may still be going on somewhere.
    pub(super) fn is_anything_live(&self) -> bool {
        self.slots.values().any(|sight| sight.shown.is_none_or(|shown| !shown.is_at_rest()))
    }

    /// Takes note of an answer, and tells the cells what was met.
    pub(super) fn saw(&mut self, request: &Request, response: &Response, cells: &mut Cells) {
        if let Some(slot) = request.path.slot() {
            self.saw_slot(slot, request, response, cells);
        } else if request.method == Method::Get && response.status == 200 {
            self.saw_list(request, response);
        }
    }

    /// Tells the cells where was looked, be it at one node or at all, and what stood how then.
    pub(super) fn looked(&self, at: Option<NodeUid>, place: &'static str, cells: &mut Cells) {
        for (slot, sight) in &self.slots {
            let is_seen = match (slot, at) {
                (Slot::Node(uid, _), Some(at)) => *uid == at,
                _ => true,
            };
            if let (Some(shown), true) = (sight.shown, is_seen && views(*slot).any(|view| view == place)) {
                cells.note_look(*slot, shown, place);
            }
        }
    }

    fn saw_slot(&mut self, slot: Slot, request: &Request, response: &Response, cells: &mut Cells) {
        let before = self.of(slot);
        let object = response.body.as_ref().and_then(Value::as_object);
        let said = object.and_then(status_in).filter(|_| response.status == 200);
        let shown = match (request.method, response.status) {
            (Method::Get | Method::Post, 200) => said.map(|status| Standing(Some(status))),
            (Method::Get, 404) => Some(Standing::ABSENT),
            _ => None,
        };
        let is_plain = request.caller == Caller::Role(Role::Admin) && METHODS.contains(&request.method);
        if let (Some(was), true) = (before.shown, is_plain) {
            cells.note(slot, was, request.method, response.status, said);
        }
        if let Some(shown) = shown {
            self.slots.insert(slot, Sight { shown: Some(shown), possible: Standings::only(shown) });
            return;
        }
        let outlook = Outlook::get();
        let now = outlook.later(slot, before.possible);
        let after = outlook.after(slot, now, request.method, response.status);
        let possible = if after.is_empty() { now } else { after };
        // What was refused leaves what was shown; what was accepted does not.
        let shown = if response.status == 200 { single(possible) } else { before.shown };
        self.slots.insert(slot, Sight { shown, possible });
    }

    fn saw_list(&mut self, request: &Request, response: &Response) {
        let of_node = request.path.node();
        let is_list = request.path.names(Place::AllNodes)
            || of_node.is_some_and(|uid| request.path.names(Place::Node(uid)));
        let Some(entries) = response.body.as_ref().filter(|_| is_list).and_then(entries) else { return };
        let seen =
            entries.iter().filter_map(Value::as_object).filter_map(|entry| standing_in(entry, of_node));
        for (slot, shown) in seen.collect::<Vec<_>>() {
            self.slots.insert(slot, Sight { shown: Some(shown), possible: Standings::only(shown) });
        }
    }
}

fn single(possible: Standings) -> Option<Standing> {
    let mut all = possible.iter();
    all.next().filter(|_| all.next().is_none())
}

fn status_in(object: &Map<String, Value>) -> Option<crate::model::Status> {
    Sighting::of(object).status.understood()
}

fn entries(body: &Value) -> Option<&Vec<Value>> {
    body.get("actions").unwrap_or(body).as_array()
}

fn standing_in(entry: &Map<String, Value>, of_node: Option<NodeUid>) -> Option<(Slot, Standing)> {
    let slot = Sighting::of(entry).slot(of_node)?;
    Some((slot, Standing(Some(status_in(entry)?))))
}
