//! With which codes a request may be refused that the law refuses.

use action_oracle::model::{
    Act, Body, Caller, Cluster, Headers, Input, Method, Node, NodeAction, NodeUid, Parts, Path, Place, Reply,
    Request, Role, Slot, Time, Why, step,
};
use action_oracle::spec::Rules;
use serde_json::json;

use super::Call;

/// Whether a refusal can have this code: its own, another that a precondition can have, or that of another reason.
pub(super) fn refused(call: &Call, before: &Cluster, reply: &Reply, rules: &Rules) -> bool {
    let Some(code) = call.answer.as_ref().map(|it| it.status) else { return false };
    may_have(reply, code, |_| true)
        || others(&call.request, before).into_iter().any(|(cluster, request, counts)| {
            let input = Input { at: Time(0), act: Act::Request(request) };
            may_have(&step(&mut cluster.clone(), rules, &input), code, counts)
        })
}

fn may_have(reply: &Reply, code: u16, counts: fn(Why) -> bool) -> bool {
    let Reply::Refused(refusal) = reply else { return false };
    let is_precondition = refusal.why == Why::Precondition && [400, 403, 404, 406, 422].contains(&code);
    counts(refusal.why) && (code == refusal.code || is_precondition)
}

/// A cluster and a request to it, and which reasons to refuse it count.
type Other = (Cluster, Request, fn(Why) -> bool);

/// The same request without some of its faults: where several apply, any may win (R-POST-ORDER, R-AUTH-FIRST).
fn others(request: &Request, before: &Cluster) -> Vec<Other> {
    let by_admin = Request { caller: Caller::Role(Role::Admin), ..request.clone() };
    if matches!(request.caller, Caller::Missing | Caller::Wrong) {
        return vec![(before.clone(), by_admin, |why| why == Why::NoRoute)];
    }
    if request.method != Method::Post {
        return Vec::new();
    }
    // Whoever has no role at all is told so before anything else.
    let is_nobody = request.caller == Caller::Role(Role::None);
    let by_admin = if is_nobody { request.clone() } else { by_admin };
    let plain = |request: &Request| {
        let (body, headers) = (Body::Json(json!({})), Headers::default());
        Request { body, headers, ..request.clone() }
    };
    let elsewhere = |request: &Request| {
        let slot = match request.path.slot() {
            _ if request.path.is_of_cluster() => Slot::ChangeMaster,
            Some(Slot::Node(_, action)) => Slot::Node(ELSEWHERE, action),
            _ => Slot::Node(ELSEWHERE, NodeAction::Remove),
        };
        Request { path: Path::to(Place::Action(slot)), ..request.clone() }
    };
    let with_elsewhere = {
        let mut parts = Parts::from(before);
        parts.nodes.push(Node::new(ELSEWHERE));
        parts.primary = parts.primary.or(Some(ELSEWHERE));
        parts.unchecked()
    };
    vec![
        // Nothing is wrong with who asks for what.
        (before.clone(), plain(&by_admin), |why| !is_about_body(why)),
        // Nothing is wrong with who asks where.
        (with_elsewhere.clone(), elsewhere(&by_admin), is_about_body),
        // Nothing is wrong with what is asked where.
        (with_elsewhere, plain(&elsewhere(request)), |why| why == Why::Forbidden),
    ]
}

/// A node that is there, whatever else is.
const ELSEWHERE: NodeUid = NodeUid(1_000);

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
