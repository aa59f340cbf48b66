//! Which errors may win where several apply: requests that can be refused in the stead of another.

use serde_json::{Map, Value};

use super::super::open::{Set, Space};
use super::Symbol;
use crate::model::{self, Act, Body, Caller, Cluster, Headers, Input, Method, NodeAction, NodeUid};
use crate::model::{Path, Refusal, Reply, Request, Role, Slot, Time, Why, step};
use crate::spec::Rules;

impl Symbol {
    /// Requests that can be refused in the stead of this one when the law refuses it, each with the refusals that count:
    /// where several errors apply, any of them may win (R-POST-ORDER, R-AUTH-FIRST). Those of the first list depend on
    /// the state of the cell, those of the second are refused for what they say themselves or not at all.
    pub(in super::super) fn stand_ins(&self) -> (Option<StandIn>, Vec<StandIn>) {
        let Request { method, path, caller, .. } = &self.request;
        let known = Request { caller: Caller::Role(Role::Admin), ..self.request.clone() };
        let for_path =
            StandIn { request: known, counts: |why| matches!(why, Why::NoRoute | Why::NoMethod(_)) };
        match caller {
            Caller::Missing | Caller::Wrong => return (Some(for_path), Vec::new()),
            // Whether there is such a path and method at all may be looked at first.
            Caller::Role(Role::None) if *method != Method::Post => return (Some(for_path), Vec::new()),
            Caller::Role(_) => {}
        }
        // So may be whether there is such an action: a path that leads nowhere is none to keep somebody from (ERR-1).
        let of_another = Request { path: path.about(ELSEWHERE), ..self.of_admin() };
        let for_name = StandIn { request: of_another, counts: |why| why == Why::UnknownAction };
        // Where an action is, which depends on nothing, and a body that nothing is wrong with.
        let slot = match path.slot() {
            _ if path.is_of_cluster() => Slot::ChangeMaster,
            Some(Slot::Node(_, action)) => Slot::Node(ELSEWHERE, action),
            _ => Slot::Node(ELSEWHERE, NodeAction::Remove),
        };
        let elsewhere = Path::to(model::Place::Action(slot));
        let of_cluster = [("node_uid".to_owned(), Value::from(SUCCESSOR.to_string()))];
        let members: Map<_, _> = of_cluster.into_iter().filter(|_| path.is_of_cluster()).collect();
        let plain = Body::Json(Value::Object(members));
        // Nothing is wrong with this one but who asks.
        let by_caller = Request {
            method: Method::Post,
            path: elsewhere.clone(),
            body: plain.clone(),
            headers: Headers::default(),
            ..self.request.clone()
        };
        let for_caller = StandIn { request: by_caller, counts: |why| why == Why::Forbidden };
        if *method != Method::Post {
            let mut for_itself = vec![for_name];
            // Who may change nothing may be told so before it is looked at whether it could be changed in this way.
            for_itself.extend(Some(for_caller).filter(|_| self.is_no_method()));
            return (None, for_itself);
        }
        // With a plain body it is the same request, which the law has refused already.
        let with_plain_body = Request { body: plain, headers: Headers::default(), ..self.of_admin() };
        let is_other = with_plain_body != self.request;
        let for_others = StandIn { request: with_plain_body, counts: |why| !is_about_body(why) };
        // The body is examined wherever the path leads: as that of an action that is there.
        let of_another = Request { path: elsewhere, ..self.of_admin() };
        let for_body = StandIn { request: of_another, counts: is_about_body };
        (is_other.then_some(for_others), vec![for_body, for_name, for_caller])
    }

    /// Whether it would change something in a way that its path does not have (R-METHODS-405).
    fn is_no_method(&self) -> bool {
        let path = &self.request.path;
        match self.request.method {
            Method::Put | Method::Patch => true,
            Method::Delete => path.slot().is_none() && path.snapshot().is_none(),
            Method::Get | Method::Post | Method::Head | Method::Options => false,
        }
    }

    /// The request as somebody sends it who may do everything; nobody's errors come first.
    fn of_admin(&self) -> Request {
        let caller = match self.request.caller {
            Caller::Role(role) if role != Role::None => Caller::Role(Role::Admin),
            caller => caller,
        };
        Request { caller, ..self.request.clone() }
    }
}

/// A request that can be refused in the stead of another.
pub(in super::super) struct StandIn {
    request: Request,
    /// Whether a refusal for this reason counts.
    counts: fn(Why) -> bool,
}

impl StandIn {
    /// What it is refused for under these rules, if that counts.
    pub(in super::super) fn refusal(&self, cluster: &Cluster, rules: &Rules) -> Option<Refusal> {
        let input = Input { at: Time(0), act: Act::Request(self.request.clone()) };
        match step(&mut cluster.clone(), rules, &input) {
            Reply::Refused(refusal) if (self.counts)(refusal.why) => Some(refusal),
            _ => None,
        }
    }

    /// What it is refused for, and under which readings.
    pub(in super::super) fn refusals(&self, cluster: &Cluster, space: &Space) -> Vec<(Set, Refusal)> {
        let found = space.cases(|rules| self.refusal(cluster, rules));
        found.into_iter().filter_map(|(open, refusal)| Some((open, refusal?))).collect()
    }
}

/// Whether a request was refused for its body.
fn is_about_body(why: Why) -> bool {
    matches!(
        why,
        Why::ContentType
            | Why::NoBody
            | Why::Malformed
            | Why::NotAnObject
            | Why::UnknownMember
            | Why::WrongType(_)
            | Why::NoTarget
            | Why::TargetUnknown
            | Why::TargetNotBootstrapped
            | Why::TargetIsPrimary
            | Why::TargetUnfit
    )
}

/// A node that is there, whatever the node of the cell is.
const ELSEWHERE: NodeUid = NodeUid(2);

/// A node that can take over, whatever the node of the cell is.
const SUCCESSOR: NodeUid = NodeUid(3);
