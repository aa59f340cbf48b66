//! Who may ask where, and how: every documented path with every method that it has for everybody, and with every other
//! method for an administrator.

use crate::conformance::cells::{Access, name_of};
use crate::model::{
    Act, Body, Caller, Cluster, Headers, Input, Method, NodeAction, NodeUid, Path, Place, Reply, Request,
    Role, Slot, Time, Why, step,
};
use crate::spec::Rules;
use std::sync::LazyLock;

/// The documented paths.
const PLACES: [&str; 12] = [
    "/v1/nodes/actions",
    "/v1/nodes/{uid}/actions",
    "/v1/nodes/{uid}/actions/{action}",
    "/v1/cluster/actions",
    "/v1/cluster/actions/change_master",
    "/v1/nodes",
    "/v1/nodes/{uid}",
    "/v1/nodes/status",
    "/v1/nodes/{uid}/status",
    "/v1/nodes/{uid}/snapshots",
    "/v1/nodes/{uid}/snapshots/{name}",
    "/v1/shards",
];

/// The path to a documented place.
pub(super) fn path(place: &str, uid: NodeUid, action: NodeAction, snapshot: &str) -> Path {
    let text = place.replace("{uid}", &uid.to_string()).replace("{action}", action.name());
    Path::new(&text.replace("{name}", snapshot))
}

/// Which documented place a path leads to.
pub(super) fn place_of(path: &Path) -> Option<&'static str> {
    let find =
        |places: &[(Place, usize)]| places.iter().find(|(place, _)| path.names(*place)).map(|(_, at)| *at);
    let plain = || {
        find(&[
            (Place::AllNodes, 0),
            (Place::Cluster, 3),
            (Place::NodeObjects, 5),
            (Place::NodeStatuses, 7),
            (Place::Shards, 11),
        ])
    };
    let of_node = |uid: NodeUid| {
        find(&[
            (Place::Node(uid), 1),
            (Place::NodeObject(uid), 6),
            (Place::NodeStatus(uid), 8),
            (Place::Snapshots(uid), 9),
        ])
    };
    let at = match path.slot() {
        Some(Slot::Node(..)) => Some(2),
        Some(Slot::ChangeMaster) => Some(4),
        None if path.snapshot().is_some() => Some(10),
        None => plain().or_else(|| path.node().and_then(of_node)),
    };
    at.map(|at| PLACES[at])
}

/// Where a slot shows besides its own path, and what its action may change.
pub(in crate::conformance) fn views(slot: Slot) -> impl Iterator<Item = &'static str> {
    let views: &[usize] = match slot {
        Slot::Node(..) => &[0, 1, 5, 6, 7, 8, 9],
        Slot::ChangeMaster => &[3, 5, 7],
    };
    views.iter().map(|at| PLACES[*at])
}

/// Everything that these callers can ask.
pub(in crate::conformance) fn accesses(callers: &[Caller]) -> impl Iterator<Item = Access> + '_ {
    static HAS: LazyLock<Vec<(Method, &'static str, bool)>> = LazyLock::new(|| {
        let all = PLACES.into_iter().flat_map(|place| Method::ALL.map(|method| (method, place)));
        all.map(|(method, place)| (method, place, has_method(method, place))).collect()
    });
    callers.iter().flat_map(|caller| {
        let admin = *caller == Caller::Role(Role::Admin);
        let asked = HAS.iter().filter(move |(_, _, has)| *has || admin);
        asked.map(|(method, place, _)| Access { caller: name_of(*caller), method: *method, place })
    })
}

/// Whether the law knows the method there, as something of its own.
fn has_method(method: Method, place: &str) -> bool {
    let path = path(place, NodeUid(1), NodeAction::MaintenanceOn, "mine");
    let request = Request {
        method,
        path,
        caller: Caller::Role(Role::Admin),
        headers: Headers::default(),
        body: Body::Absent,
    };
    let input = Input { at: Time(0), act: Act::Request(request) };
    let reply = step(&mut Cluster::new(1), &Rules::default(), &input);
    let refused = matches!(reply, Reply::Refused(refusal) if matches!(refusal.why, Why::NoMethod(_)));
    !refused && !matches!(method, Method::Head | Method::Options)
}
