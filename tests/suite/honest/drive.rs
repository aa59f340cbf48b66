//! Random histories of a subject: one call after the other, ticks in between.

use action_oracle::conformance::Subject;
use action_oracle::history::{CallId, Invoke, Kind, Record, Return};
use action_oracle::model::{
    Body, Caller, Header, Headers, Method, NodeAction, NodeUid, Path, Place, Request, Role, Slot,
};
use action_oracle::sim::Seed;
use action_oracle::sim::seed::{Ratio, Rng};
use serde_json::{Value, json};

/// What came of driving a subject.
pub(super) struct Driven {
    pub(super) nodes: u32,
    pub(super) records: Vec<Record>,
}

/// What the requests of one history have in common: few slots, so that much happens in each.
struct Habit {
    nodes: u32,
    slots: Vec<Slot>,
    /// How many ticks there are at most before a call, and how often they are the most ordinary ones.
    ticks: u32,
    plain_ticks: Ratio,
    /// How often something about a request is odd.
    odd: Ratio,
    /// How often somebody else than an administrator asks.
    strangers: Ratio,
    /// How often a request looks at something else than an action.
    looks: Ratio,
}

impl Habit {
    fn of(rng: &mut Rng) -> Self {
        let nodes = *rng.choose(&[1, 2, 3, 3, 3, 4]);
        let any = |rng: &mut Rng| match rng.below(9) {
            0 => Slot::ChangeMaster,
            _ => Slot::Node(NodeUid(1 + rng.below(nodes)), *rng.choose(&NodeAction::ALL)),
        };
        let mut slots: Vec<_> = (0..=rng.below(4)).map(|_| any(rng)).collect();
        if rng.chance(Ratio(1, 3)) {
            let uid = NodeUid(1 + rng.below(nodes));
            slots =
                vec![Slot::Node(uid, NodeAction::MaintenanceOn), Slot::Node(uid, NodeAction::MaintenanceOff)];
        }
        Self {
            nodes,
            slots,
            ticks: 1 + rng.below(3),
            plain_ticks: Ratio(rng.below(4), 4),
            odd: *rng.choose(&[Ratio(0, 1), Ratio(1, 12), Ratio(1, 4)]),
            strangers: *rng.choose(&[Ratio(0, 1), Ratio(0, 1), Ratio(1, 3)]),
            looks: *rng.choose(&[Ratio(1, 12), Ratio(1, 4), Ratio(1, 2)]),
        }
    }
}

/// Drives a subject from its beginning.
pub(super) fn drive(subject: &mut impl Subject, seed: u64, calls: u64) -> Driven {
    let mut rng = Seed(seed).fork("honest");
    let habit = Habit::of(&mut rng);
    subject.reset(habit.nodes);
    let mut records = Vec::new();
    let mut last = None;
    let mut seen = None;
    for id in (1..=calls).map(CallId) {
        for _ in 0..rng.below(habit.ticks + 1) {
            let chance = u32::try_from(rng.bits() >> 40).expect("24 bits are left");
            subject.tick(if rng.chance(habit.plain_ticks) { 0 } else { chance });
        }
        let request = request(&mut rng, &habit, last.take(), seen.as_deref());
        last = request.path.slot();
        let client = Some("c0".to_owned());
        records.push(Record::new(None, Kind::Invoke(Invoke { id, client, request: request.clone() })));
        let response = subject.call(&request);
        seen = response.body.as_ref().and_then(snapshot_in).or(seen);
        let answer = Return::of(id, response);
        records.push(Record::new(None, Kind::Return(answer)));
    }
    Driven { nodes: habit.nodes, records }
}

fn request(rng: &mut Rng, habit: &Habit, last: Option<Slot>, seen: Option<&str>) -> Request {
    let slot = last.filter(|_| rng.chance(Ratio(1, 2))).unwrap_or(*rng.choose(&habit.slots));
    let (method, path) = match rng.below(10) {
        _ if rng.chance(habit.looks) => look(rng, habit, seen),
        0..=4 => (Method::Get, Path::to(Place::Action(slot))),
        5..=7 => (Method::Post, Path::to(Place::Action(slot))),
        _ => (Method::Delete, Path::to(Place::Action(slot))),
    };
    let body = if method == Method::Post { body(rng, slot, habit) } else { Body::Absent };
    let caller = Caller::Role(Role::Admin);
    let mut request = Request { method, path, caller, headers: Headers::default(), body };
    if rng.chance(habit.strangers) {
        request.caller = Caller::Role(*rng.choose(&Role::ALL));
    }
    if rng.chance(habit.odd) {
        make_odd(rng, &mut request, slot);
    }
    request
}

/// The name of a maintenance snapshot that an answer shows.
fn snapshot_in(body: &Value) -> Option<String> {
    let listed = body.get(0).unwrap_or(body);
    let snapshot = listed.get("maintenance_snapshot").unwrap_or(listed);
    let name = snapshot.get("created_time").and(snapshot.get("name"))?.as_str()?;
    Some(name.to_owned())
}

/// Something else than one action.
fn look(rng: &mut Rng, habit: &Habit, seen: Option<&str>) -> (Method, Path) {
    let slot = *rng.choose(&habit.slots);
    if let Slot::Node(uid, NodeAction::MaintenanceOn | NodeAction::MaintenanceOff) = slot
        && rng.chance(Ratio(1, 2))
    {
        return (Method::Get, Path::to(Place::Snapshots(uid)));
    }
    let uid = match slot {
        Slot::Node(uid, _) if rng.chance(Ratio(3, 4)) => uid,
        _ => NodeUid(1 + rng.below(habit.nodes)),
    };
    let places = [
        Place::AllNodes,
        Place::AllNodes,
        Place::Node(uid),
        Place::Node(uid),
        Place::Cluster,
        Place::NodeObjects,
        Place::NodeObject(uid),
        Place::NodeStatuses,
        Place::NodeStatus(uid),
        Place::Snapshots(uid),
        Place::Snapshots(uid),
        Place::Snapshots(uid),
        Place::Shards,
    ];
    match rng.below(12) {
        0 => (Method::Delete, Path::to_snapshot(uid, "mine")),
        1 => (Method::Delete, Path::to_snapshot(uid, seen.unwrap_or("nobodys"))),
        _ => (Method::Get, Path::to(*rng.choose(&places))),
    }
}

fn body(rng: &mut Rng, slot: Slot, habit: &Habit) -> Body {
    let known: Vec<Value> = match slot {
        Slot::ChangeMaster => {
            let uid = (1 + rng.below(habit.nodes)).to_string();
            vec![
                json!({ "node_uid": uid }),
                json!({ "node_uid": uid }),
                json!({ "node_uid": "99" }),
                json!({}),
            ]
        }
        Slot::Node(_, NodeAction::MaintenanceOff) => {
            let named = [json!({"snapshot_name": "mine"}), json!({"snapshot_name": "nobodys"})];
            let skips = json!({"skip_shards_restore": true});
            [vec![json!({}); 3], vec![skips], named.to_vec()].concat()
        }
        Slot::Node(_, NodeAction::MaintenanceOn) => {
            vec![json!({}), json!({"overwrite_snapshot": true}), json!({"evict_ha_replica": false})]
        }
        Slot::Node(..) => vec![json!({})],
    };
    Body::Json(rng.choose(&known).clone())
}

/// Changes one thing about a request, so that it is perhaps refused.
fn make_odd(rng: &mut Rng, request: &mut Request, slot: Slot) {
    match rng.below(5) {
        0 => request.caller = *rng.choose(&[Caller::Missing, Caller::Wrong]),
        1 => request.caller = Caller::Role(*rng.choose(&Role::ALL)),
        2 => request.method = *rng.choose(&Method::ALL),
        3 if request.method == Method::Post => {
            let odd = [
                Body::Absent,
                Body::Text("{".into()),
                Body::Json(json!([])),
                Body::Json(json!({"surprise": 1})),
                Body::Json(json!({"overwrite_snapshot": "yes", "snapshot_name": 7, "node_uid": []})),
                Body::Json(json!({"node_uid": 1, "evict_dbs": ["9"]})),
                Body::Json(json!({"node_uid": "99"})),
                Body::Json(json!({"action": slot.action_name()})),
            ];
            request.body = rng.choose(&odd).clone();
            if rng.chance(Ratio(1, 8)) {
                request.headers.content_type = Header::Missing;
            }
        }
        _ => request.path = Path::new(&odd_path(rng, slot)),
    }
}

fn odd_path(rng: &mut Rng, slot: Slot) -> String {
    let uid = match slot {
        Slot::Node(uid, _) => uid,
        Slot::ChangeMaster => NodeUid(1),
    };
    let name = slot.action_name();
    let odd = [
        format!("/v1/nodes/99/actions/{name}"),
        "/v1/nodes/99/actions".to_owned(),
        "/v1/nodes/99".to_owned(),
        "/v1/nodes/99/snapshots".to_owned(),
        format!("/v1/nodes/{uid}/actions/bogus"),
        "/v1/cluster/actions/bogus".to_owned(),
        format!("/v1/nodes/{uid}/actions/change_master"),
        "/v1/cluster/actions/remove".to_owned(),
        format!("/v1/nodes/{uid}/actions/remove_node"),
        format!("/v1/nodes/{uid}/actions"),
        format!("/v1/nodes/abc/actions/{name}"),
        format!("/v1/nodes/0{uid}/actions/{name}"),
        format!("/nodes/{uid}/actions/{name}"),
        format!("/v1/nodes/{uid}/actions/{name}/"),
        format!("/v1/nodes/{uid}/actions/{name}?verbose=1"),
        format!("/v1/nodes/{uid}/actions/{}", name.to_uppercase()),
        "/v1/bogus".to_owned(),
        format!("/v1/nodes/{uid}/actions/%{:02x}{}", name.as_bytes()[0], &name[1..]),
        format!("/v2/nodes/{uid}/actions/{name}"),
        format!("/v1/nodes/{uid}/snapshots/nobodys"),
    ];
    rng.choose(&odd).clone()
}
