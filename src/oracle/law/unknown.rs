//! What a slot can hold of which nothing is known: whatever can come to be in it.

use std::rc::Rc;

use super::super::open::OpenId;
use super::super::part::Meant;
use super::super::seen::Symbol;
use super::{Fate, HeldId, Law, Local, NOTHING, SymbolId};
use crate::model::{Body, Caller, Headers, Method, Path, Place, Request, Role, Slot};
use crate::spec::rules::ResubmitScope;

/// A bound on what is tried; the law stays far below it.
const CANDIDATES_MAX: usize = 4_096;

impl Law {
    /// The readings under which a POST to one node discards what has ended on another (R-RESUBMIT-SCOPE).
    pub(in super::super) fn discarding(&mut self) -> Rc<[OpenId]> {
        if let Some(known) = &self.discarding {
            return Rc::clone(known);
        }
        let cases = self.space.cases(|rules| rules.resubmit_scope() == ResubmitScope::AllNodes);
        let sets = cases.into_iter().filter(|(_, discards)| *discards);
        let found: Rc<[OpenId]> = sets.map(|(set, _)| self.opens.id(set)).collect();
        self.discarding = Some(Rc::clone(&found));
        found
    }

    /// Everything that a slot can hold.
    pub(super) fn candidates(&mut self, local: Local) -> Rc<[HeldId]> {
        if let Some(known) = &self.candidates[usize::from(local.slot)] {
            return Rc::clone(known);
        }
        let mut helds: Vec<_> = self.reachable(local).into_iter().map(|local| local.held).collect();
        helds.sort_unstable();
        helds.dedup();
        let found: Rc<[HeldId]> = helds.into();
        self.candidates[usize::from(local.slot)] = Some(Rc::clone(&found));
        found
    }

    /// Whatever can come to be in a slot: from nothing, by calls with the bodies that are known, and by moves.
    pub(super) fn reachable(&mut self, local: Local) -> Vec<Local> {
        let slot = self.kind.slot(local.slot.into());
        let calls = self.all_calls(slot);
        let start = Local { held: NOTHING, meant: Meant::Absent, ..local };
        let (mut found, mut at) = (vec![start], 0);
        while let Some(local) = found.get(at).copied() {
            at += 1;
            let moved: Vec<_> = self.moves(local).iter().map(|moved| moved.effect).collect();
            let called = calls.iter().flat_map(|symbol| {
                let answers = self.answers(local, *symbol);
                answers.iter().map(|answered| answered.effect).collect::<Vec<_>>()
            });
            let effects: Vec<_> = moved.into_iter().chain(called).collect();
            for effect in effects {
                let next = Local { node: effect.node, held: effect.held, ..local };
                if effect.fate != Fate::Gone && !found.contains(&next) && found.len() < CANDIDATES_MAX {
                    found.push(next);
                }
            }
        }
        found
    }

    pub(super) fn all_calls(&mut self, slot: Slot) -> Vec<SymbolId> {
        let bodies = [
            serde_json::json!({"node_uid": "1"}),
            serde_json::json!({"overwrite_snapshot": true}),
            serde_json::json!({"snapshot_name": "named"}),
            serde_json::json!({"skip_shards_restore": true}),
            serde_json::json!({"evict_dbs": ["9"]}),
        ];
        let posts = bodies.into_iter().map(|body| post(slot, body));
        let all = posts.chain([delete(slot)]);
        all.map(|request| Symbol::plain(request, None)).map(|symbol| self.own(symbol)).collect()
    }
}

/// A submission that nothing is wrong with.
pub(super) fn plain_post(slot: Slot) -> Request {
    let body = match slot {
        Slot::Node(..) => serde_json::json!({}),
        Slot::ChangeMaster => serde_json::json!({"node_uid": "1"}),
    };
    post(slot, body)
}

/// A submission with a body.
pub(super) fn post(slot: Slot, body: serde_json::Value) -> Request {
    request(Method::Post, slot, body)
}

/// A cancellation.
pub(super) fn delete(slot: Slot) -> Request {
    request(Method::Delete, slot, serde_json::json!({}))
}

fn request(method: Method, slot: Slot, body: serde_json::Value) -> Request {
    Request {
        method,
        path: Path::to(Place::Action(slot)),
        caller: Caller::Role(Role::Admin),
        headers: Headers::default(),
        body: Body::Json(body),
    }
}
