//! Requests that are perhaps refused: something about an ordinary one is changed.

use serde_json::json;

use crate::conformance::outlook::METHODS;
use crate::model::{Body, Caller, Header, Method, NodeUid, Path, Request, Slot};
use crate::sim::seed::{Ratio, Rng};

/// Changes one thing about a request that was made for a slot.
pub(super) fn make_odd(rng: &mut Rng, request: &mut Request, slot: Slot, callers: &[Caller]) {
    match rng.below(5) {
        0 => request.caller = *rng.choose(&[Caller::Missing, Caller::Wrong]),
        1 => request.caller = *rng.choose(callers),
        2 => request.method = *rng.choose(&Method::ALL),
        3 if request.method == Method::Post => {
            request.body = body(rng.choose::<&str>(&BODIES), slot);
            if rng.chance(Ratio(1, 8)) {
                request.headers.content_type = Header::Missing;
            }
        }
        _ => request.path = Path::new(&path(rng.choose::<&str>(&PATHS), slot)),
    }
}

/// Everything that can be absurd about a request: its path with any method that actions have; its body and headers.
pub(in crate::conformance) fn absurdities() -> impl Iterator<Item = (Method, &'static str)> {
    let paths = PATHS.into_iter().flat_map(|what| METHODS.map(|method| (method, what)));
    paths.chain(BODIES.into_iter().chain([UNTYPED]).map(|what| (Method::Post, what)))
}

/// The POST of a slot with this absurdity instead.
pub(super) fn absurd(method: Method, what: &'static str, slot: Slot, post: Request) -> Request {
    let mut request = Request { method, ..post };
    if BODIES.contains(&what) {
        request.body = body(what, slot);
    } else if what == UNTYPED {
        request.headers.content_type = Header::Missing;
    } else {
        request.path = Path::new(&path(what, slot));
    }
    if method != Method::Post {
        request.body = Body::Absent;
    }
    request
}

const UNTYPED: &str = "no content type";

/// Absurd bodies.
const BODIES: [&str; 8] = [
    "no body",
    "a body that is not JSON",
    "a body that is no object",
    "an unknown member",
    "members of wrong types",
    "an unknown database",
    "an unknown node to promote",
    "a member that names the action",
];

fn body(what: &str, slot: Slot) -> Body {
    Body::Json(match what {
        "no body" => return Body::Absent,
        "a body that is not JSON" => return Body::Text("{".into()),
        "a body that is no object" => json!([]),
        "an unknown member" => json!({ "surprise": 1 }),
        "members of wrong types" => {
            json!({ "overwrite_snapshot": "yes", "snapshot_name": 7, "node_uid": [] })
        }
        "an unknown database" => json!({ "node_uid": 1, "evict_dbs": ["9"] }),
        "an unknown node to promote" => json!({ "node_uid": "99" }),
        _ => json!({ "action": slot.action_name() }),
    })
}

/// Absurd paths. `{uid}` and `{action}` stand for those of the slot.
const PATHS: [&str; 20] = [
    "/v1/nodes/99/actions/{action}",
    "/v1/nodes/99/actions",
    "/v1/nodes/99",
    "/v1/nodes/99/snapshots",
    "/v1/nodes/{uid}/actions/bogus",
    "/v1/cluster/actions/bogus",
    "/v1/nodes/{uid}/actions/change_master",
    "/v1/cluster/actions/remove",
    "/v1/nodes/{uid}/actions/remove_node",
    "/v1/nodes/{uid}/actions",
    "/v1/nodes/abc/actions/{action}",
    "/v1/nodes/0{uid}/actions/{action}",
    "/nodes/{uid}/actions/{action}",
    "/v1/nodes/{uid}/actions/{action}/",
    "/v1/nodes/{uid}/actions/{action}?verbose=1",
    "/v1/nodes/{uid}/actions/{ACTION}",
    "/v1/bogus",
    "/v1/nodes/{uid}/actions/{%action}",
    "/v2/nodes/{uid}/actions/{action}",
    "/v1/nodes/{uid}/snapshots/nobodys",
];

fn path(what: &str, slot: Slot) -> String {
    let uid = match slot {
        Slot::Node(uid, _) => uid,
        Slot::ChangeMaster => NodeUid(1),
    };
    let name = slot.action_name();
    what.replace("{uid}", &uid.to_string())
        .replace("{action}", name)
        .replace("{ACTION}", &name.to_uppercase())
        .replace("{%action}", &format!("%{:02x}{}", name.as_bytes()[0], &name[1..]))
}
