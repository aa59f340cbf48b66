//! Requests that are perhaps refused: one thing about an ordinary one is changed.

use serde_json::json;

use crate::model::{Body, Caller, Header, Method, NodeUid, Path, Request, Role, Slot};
use crate::sim::seed::{Ratio, Rng};

/// Changes one thing about a request that was made for a slot.
pub(super) fn make_odd(rng: &mut Rng, request: &mut Request, slot: Slot) {
    match rng.below(5) {
        0 => request.caller = *rng.choose(&[Caller::Missing, Caller::Wrong]),
        1 => request.caller = Caller::Role(*rng.choose(&Role::ALL)),
        2 => request.method = *rng.choose(&Method::ALL),
        3 if request.method == Method::Post => {
            request.body = body(rng, slot);
            if rng.chance(Ratio(1, 8)) {
                request.headers.content_type = Header::Missing;
            }
        }
        _ => request.path = Path::new(&path(rng, slot)),
    }
}

fn body(rng: &mut Rng, slot: Slot) -> Body {
    Body::Json(match rng.below(8) {
        0 => return Body::Absent,
        1 => return Body::Text("{".into()),
        2 => json!([]),
        3 => json!({ "surprise": 1 }),
        4 => json!({ "overwrite_snapshot": "yes", "snapshot_name": 7, "node_uid": [] }),
        5 => json!({ "node_uid": 1, "evict_dbs": ["9"] }),
        6 => json!({ "node_uid": "99" }),
        _ => json!({ "action": slot.action_name() }),
    })
}

fn path(rng: &mut Rng, slot: Slot) -> String {
    let uid = match slot {
        Slot::Node(uid, _) => uid,
        Slot::ChangeMaster => NodeUid(1),
    };
    let name = slot.action_name();
    match rng.below(20) {
        0 => format!("/v1/nodes/99/actions/{name}"),
        1 => "/v1/nodes/99/actions".to_owned(),
        2 => "/v1/nodes/99".to_owned(),
        3 => "/v1/nodes/99/snapshots".to_owned(),
        4 => format!("/v1/nodes/{uid}/actions/bogus"),
        5 => "/v1/cluster/actions/bogus".to_owned(),
        6 => format!("/v1/nodes/{uid}/actions/change_master"),
        7 => "/v1/cluster/actions/remove".to_owned(),
        8 => format!("/v1/nodes/{uid}/actions/remove_node"),
        9 => format!("/v1/nodes/{uid}/actions"),
        10 => format!("/v1/nodes/abc/actions/{name}"),
        11 => format!("/v1/nodes/0{uid}/actions/{name}"),
        12 => format!("/nodes/{uid}/actions/{name}"),
        13 => format!("/v1/nodes/{uid}/actions/{name}/"),
        14 => format!("/v1/nodes/{uid}/actions/{name}?verbose=1"),
        15 => format!("/v1/nodes/{uid}/actions/{}", name.to_uppercase()),
        16 => "/v1/bogus".to_owned(),
        17 => format!("/v1/nodes/{uid}/actions/%{:02x}{}", name.as_bytes()[0], &name[1..]),
        18 => format!("/v2/nodes/{uid}/actions/{name}"),
        _ => format!("/v1/nodes/{uid}/snapshots/nobodys"),
    }
}
