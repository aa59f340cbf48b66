//! Requests for an implementation under test.
//!
//! A [`Generator`] is a seed's stream of requests. It has a habit, so that runs of different seeds differ in kind and
//! not only in detail: few slots, so that much happens in each; more or fewer ticks, odd requests, strangers, looks at
//! something else than actions. It learns nothing from answers but the names of snapshots, which nobody could guess.
//! Deliberately absent: what the answers should be, and when the requests are sent.

mod odd;

use serde_json::{Value, json};

use crate::http::Response;
use crate::model::{Body, Caller, Headers, Method, NodeAction, NodeUid, Path, Place, Request, Role, Slot};
use crate::sim::Seed;
use crate::sim::seed::{Ratio, Rng};

/// A stream of requests.
///
/// The same seed, nodes and answers give the same requests, always. The chances of ticks are a stream of their own: to
/// ask for them or not changes no request.
#[derive(Debug, Clone)]
pub struct Generator {
    rng: Rng,
    ticks: Rng,
    habit: Habit,
    /// The slot of the request before, if it had one and was not followed up.
    last: Option<Slot>,
    /// The name of the maintenance snapshot that an answer showed last.
    snapshot: Option<String>,
}

impl Generator {
    /// The requests of a seed, to a cluster of these nodes.
    ///
    /// # Panics
    ///
    /// There are no nodes.
    pub fn new(seed: Seed, nodes: &[NodeUid]) -> Self {
        assert!(!nodes.is_empty(), "a cluster has a node");
        let mut rng = seed.fork("requests");
        let habit = Habit::of(&mut rng, nodes);
        Self { rng, ticks: seed.fork("ticks"), habit, last: None, snapshot: None }
    }

    /// The next request.
    #[expect(clippy::should_implement_trait, reason = "answers come in between, and there is no end")]
    pub fn next(&mut self) -> Request {
        let Self { rng, habit, last, snapshot, .. } = self;
        let slot = last.take().filter(|_| rng.chance(Ratio(1, 2)));
        let slot = slot.unwrap_or_else(|| *rng.choose(&habit.slots));
        let (method, path) = match rng.below(10) {
            _ if rng.chance(habit.looks) => look(rng, habit, snapshot.as_deref()),
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
            odd::make_odd(rng, &mut request, slot);
        }
        *last = request.path.slot();
        request
    }

    /// Takes note of an answer. Answers may come in any order, or never.
    pub fn saw(&mut self, request: &Request, response: &Response) {
        let can_show = matches!(request.method, Method::Get | Method::Post | Method::Delete);
        if can_show && let Some(name) = response.body.as_ref().and_then(snapshot_in) {
            self.snapshot = Some(name);
        }
    }

    /// The chances of the ticks before the next request (see [`Subject::tick`](super::Subject::tick)). For drivers that
    /// say when time passes.
    pub fn ticks(&mut self) -> Vec<u32> {
        let Self { ticks: rng, habit, .. } = self;
        let count = rng.below(habit.ticks + 1);
        let tick = |rng: &mut Rng| if rng.chance(habit.plain_ticks) { 0 } else { rng.below(1 << 24) };
        (0..count).map(|_| tick(rng)).collect()
    }
}

/// What the requests of one run have in common.
#[derive(Debug, Clone)]
struct Habit {
    nodes: Vec<NodeUid>,
    slots: Vec<Slot>,
    /// How many ticks there are at most before a request, and how often they are the most ordinary ones.
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
    fn of(rng: &mut Rng, nodes: &[NodeUid]) -> Self {
        let any = |rng: &mut Rng| match rng.below(9) {
            0 => Slot::ChangeMaster,
            _ => Slot::Node(*rng.choose(nodes), *rng.choose(&NodeAction::ALL)),
        };
        let slots = match rng.below(6) {
            0 | 1 => maintenance_of(*rng.choose(nodes)).to_vec(),
            // What happens to one node is not to touch another.
            2 => [*rng.choose(nodes), *rng.choose(nodes)].map(maintenance_of).concat(),
            _ => (0..=rng.below(4)).map(|_| any(rng)).collect(),
        };
        Self {
            nodes: nodes.to_vec(),
            slots,
            ticks: 1 + rng.below(3),
            plain_ticks: Ratio(rng.below(4), 4),
            odd: *rng.choose(&[Ratio(0, 1), Ratio(1, 12), Ratio(1, 4), Ratio(1, 2)]),
            strangers: *rng.choose(&[Ratio(0, 1), Ratio(0, 1), Ratio(1, 3), Ratio(3, 4)]),
            looks: *rng.choose(&[Ratio(1, 12), Ratio(1, 4), Ratio(1, 2)]),
        }
    }
}

/// The walk through maintenance.
fn maintenance_of(uid: NodeUid) -> [Slot; 2] {
    [Slot::Node(uid, NodeAction::MaintenanceOn), Slot::Node(uid, NodeAction::MaintenanceOff)]
}

/// The name of a maintenance snapshot that an answer shows.
fn snapshot_in(body: &Value) -> Option<String> {
    let listed = body.get(0).unwrap_or(body);
    let snapshot = listed.get("maintenance_snapshot").unwrap_or(listed);
    let name = snapshot.get("created_time").and(snapshot.get("name"))?.as_str()?;
    Some(name.to_owned())
}

/// Something else than one action.
fn look(rng: &mut Rng, habit: &Habit, snapshot: Option<&str>) -> (Method, Path) {
    let slot = *rng.choose(&habit.slots);
    if let Slot::Node(uid, NodeAction::MaintenanceOn | NodeAction::MaintenanceOff) = slot
        && rng.chance(Ratio(1, 2))
    {
        return (Method::Get, Path::to(Place::Snapshots(uid)));
    }
    let uid = match slot {
        Slot::Node(uid, _) if rng.chance(Ratio(3, 4)) => uid,
        _ => *rng.choose(&habit.nodes),
    };
    let place = match rng.below(15) {
        0 => return (Method::Delete, Path::to_snapshot(uid, "mine")),
        1 => return (Method::Delete, Path::to_snapshot(uid, snapshot.unwrap_or("nobodys"))),
        2 | 3 => Place::AllNodes,
        4 | 5 => Place::Node(uid),
        6 => Place::Cluster,
        7 => Place::NodeObjects,
        8 => Place::NodeObject(uid),
        9 => Place::NodeStatuses,
        10 => Place::NodeStatus(uid),
        11 => Place::Shards,
        _ => Place::Snapshots(uid),
    };
    (Method::Get, Path::to(place))
}

fn body(rng: &mut Rng, slot: Slot, habit: &Habit) -> Body {
    Body::Json(match slot {
        Slot::ChangeMaster => match rng.below(4) {
            0 => json!({}),
            1 => json!({ "node_uid": "99" }),
            _ => json!({ "node_uid": rng.choose(&habit.nodes).to_string() }),
        },
        Slot::Node(_, NodeAction::MaintenanceOff) => match rng.below(6) {
            0 => json!({ "skip_shards_restore": true }),
            1 => json!({ "snapshot_name": "mine" }),
            2 => json!({ "snapshot_name": "nobodys" }),
            _ => json!({}),
        },
        Slot::Node(_, NodeAction::MaintenanceOn) => match rng.below(3) {
            0 => json!({ "overwrite_snapshot": true }),
            1 => json!({ "evict_ha_replica": false }),
            _ => json!({}),
        },
        Slot::Node(..) => json!({}),
    })
}
