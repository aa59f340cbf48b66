//! What can happen to one action, or to two that belong together, each with a cheapest course that shows it.
//!
//! A search of the law from a fresh cluster, cheapest first. Clusters count as one that have the same future
//! ([`explore::Options::project`]). What a client must ask costs more than what happens by itself, and what happens only
//! if something goes wrong costs most: a course that any server takes is better than a shorter one that few do.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use super::fact::{Fact, facts_of_event, facts_of_request, text};
use super::worlds::{Worlds, input_of};
use crate::explore;
use crate::intern::{Interner, Memo};
use crate::model::{
    Act, Body, Caller, Cluster, Event, Input, Method, Move, NodeAction, NodeUid, Path, Place, Request, Role,
    Slot, Status, Time,
};
use crate::oracle;
use crate::sim::{USER_SNAPSHOT, about, beside_slots};

/// A way to something.
#[derive(Debug, Clone)]
pub(super) struct Course {
    pub(super) cost: u32,
    pub(super) inputs: Vec<Input>,
    /// Requests that leave the cluster as it is, and what each shows, after so many of the inputs.
    pub(super) reads_at: usize,
    pub(super) reads: Vec<(Request, Rc<[Fact]>)>,
}

/// Which slots play a part.
#[derive(Debug, Clone)]
pub(super) struct Cast {
    slots: Vec<Slot>,
    /// Whether everything is asked that leads nowhere, too.
    is_thorough: bool,
}

/// All casts, for so many nodes. The home of node actions is not the primary, if there is another node.
pub(super) fn casts(nodes: u32) -> Vec<Cast> {
    let home = NodeUid(nodes.min(2));
    let node = |action| Slot::Node(home, action);
    let alone = NodeAction::ALL.map(node).into_iter().chain([Slot::ChangeMaster]);
    let alone = alone.map(|slot| Cast { slots: vec![slot], is_thorough: true });
    let both = vec![node(NodeAction::MaintenanceOn), node(NodeAction::MaintenanceOff)];
    let primary = [NodeAction::Remove, NodeAction::EnslaveNode, NodeAction::MaintenanceOn];
    let primary = primary.map(|action| vec![Slot::Node(NodeUid(1), action)]);
    let apart = vec![node(NodeAction::MaintenanceOn), Slot::Node(NodeUid(1), NodeAction::MaintenanceOn)];
    let others = primary.into_iter().chain([apart]).filter(|_| nodes > 1).chain([both]);
    alone.chain(others.map(|slots| Cast { slots, is_thorough: false })).collect()
}

/// The costs of what is done, and of what happens.
const REQUEST: u32 = 2;
const EVENT: u32 = 1;
const FAULT: u32 = 8;

/// How dear a course may be: of one action alone, and of more than that.
const COST_MAX: u32 = 40;
const COST_MAX_OF_BOTH: u32 = 28;

/// A cluster that was reached.
struct Reached {
    cluster: Cluster,
    cost: u32,
    from: Option<(usize, Input)>,
}

/// Finds for each fact a cheapest course among those of a cast.
pub(super) fn search(worlds: &Worlds, cast: &Cast, found: &mut BTreeMap<Fact, Course>) {
    let start = Cluster::new(worlds.nodes);
    let options = explore::Options::new(start.clone(), worlds.rules);
    let requests = requests(cast, worlds.nodes);
    let mut known: Interner<Cluster> = Interner::default();
    let mut reached: Vec<Reached> = vec![Reached { cluster: start, cost: 0, from: None }];
    let mut open: BTreeMap<u32, Vec<usize>> = BTreeMap::from([(0, vec![0])]);
    let mut seen = Seen::default();
    let of_nodes = cast.slots.iter().filter_map(|slot| match slot {
        Slot::Node(uid, _) => Some(uid),
        Slot::ChangeMaster => None,
    });
    let is_apart = of_nodes.collect::<BTreeSet<_>>().len() > 1;
    seen.is_orderly = cast.slots.len() > 1 && !is_apart;
    let cost_max = if cast.slots.len() > 1 { COST_MAX_OF_BOTH } else { COST_MAX };
    while let Some((cost, batch)) = open.pop_first() {
        for at in batch {
            let count = known.len();
            if (known.number(options.project(&reached[at].cluster)) as usize) < count || cost > cost_max {
                continue;
            }
            for (input, after, cost) in visit(worlds, (&requests, &mut seen), &reached, at, found) {
                // What goes wrong is looked at on one node.
                if is_apart && cost == FAULT {
                    continue;
                }
                let cost = reached[at].cost + cost;
                reached.push(Reached { cluster: after, cost, from: Some((at, input)) });
                open.entry(cost).or_default().push(reached.len() - 1);
            }
        }
    }
}

/// What requests and events show of clusters of one aspect. A cheaper course came first, so that what is here needs no
/// further look.
#[derive(Default)]
struct Seen {
    requests: Memo<(Request, Aspect), Rc<[Fact]>>,
    events: Memo<(Event, Aspect), ()>,
    /// Whether nothing is started while something else goes on. Two that run at once are hard to catch in one moment, and
    /// leave more open.
    is_orderly: bool,
}

/// As far as it matters for what is shown: the statuses of the instances and how far they are, how many snapshots and nodes
/// there are, who is primary.
type Aspect = (Vec<Option<(Status, u8)>>, usize, usize, Option<NodeUid>);

fn aspect(cluster: &Cluster) -> Aspect {
    let status = |slot| cluster.instance(slot).map(|it| (it.status, it.work.steps));
    let snapshots = cluster.nodes().iter().map(|node| node.snapshots.len()).sum();
    (cluster.slots().map(status).collect(), snapshots, cluster.nodes().len(), cluster.primary())
}

/// Notes what can be seen in a cluster that was reached, and gives what it can become.
fn visit(
    worlds: &Worlds,
    (requests, seen): (&[Request], &mut Seen),
    reached: &[Reached],
    at: usize,
    found: &mut BTreeMap<Fact, Course>,
) -> Vec<(Input, Cluster, u32)> {
    let Reached { cluster, cost, .. } = &reached[at];
    let aspect = aspect(cluster);
    let (mut next, mut reads, mut news) = (Vec::new(), Vec::new(), Vec::new());
    for request in requests.iter().chain(&of_snapshots(cluster)) {
        let (reply, after) = worlds.answer(cluster, request);
        let is_read = after == *cluster;
        let is_other = |(slot, _): &(Slot, _)| Some(*slot) != request.path.slot();
        if seen.is_orderly && !is_read && cluster.live().any(|live| is_other(&live)) {
            continue;
        }
        let input = Input { at: Time(0), act: Act::Request(request.clone()) };
        let key = (request.clone(), aspect.clone());
        let known = seen.requests.get(&key).cloned();
        let facts = known.unwrap_or_else(|| {
            let facts: Rc<[Fact]> = facts_of_request(worlds, cluster, request, &reply, &after).into();
            news.push((Rc::clone(&facts), (!is_read).then(|| input.clone()), REQUEST));
            Rc::clone(seen.requests.entry(key, || facts))
        });
        if is_read {
            reads.push((request.clone(), facts));
        } else {
            next.push((input, after, REQUEST));
        }
    }
    for event in events(cluster, worlds) {
        let Some(after) = worlds.after(cluster, &event) else { continue };
        let price = if worlds.is_fault(cluster, &event) { FAULT } else { EVENT };
        let input = input_of(cluster, &event);
        let key = (event, aspect.clone());
        if seen.events.get(&key).is_none() {
            let facts = facts_of_event(worlds, cluster, &input, &after);
            news.push((facts.into(), Some(input.clone()), price));
            seen.events.entry(key, || ());
        }
        next.push((input, after, price));
    }
    for (facts, last, price) in news {
        let dearer = |fact: &&Fact| found.get(*fact).is_none_or(|known| known.cost > cost + price);
        for fact in facts.iter().filter(dearer).cloned().collect::<Vec<_>>() {
            let mut inputs = way(reached, at);
            let reads_at = inputs.len();
            inputs.extend(last.clone());
            found.insert(fact, Course { cost: cost + price, inputs, reads_at, reads: reads.clone() });
        }
    }
    next
}

/// Requests to delete the snapshots that maintenance has made, by who may do the most and by who may change nothing.
fn of_snapshots(cluster: &Cluster) -> Vec<Request> {
    let of_node = |uid: NodeUid| {
        cluster.node(uid).into_iter().flat_map(move |node| {
            node.snapshots.iter().map(move |snapshot| Path::to_snapshot(uid, &snapshot.name))
        })
    };
    let paths = cluster.nodes().iter().flat_map(|node| of_node(node.uid));
    let ask = |path: Path| {
        [Role::Admin, Role::ClusterMember].map(|role| {
            let (caller, headers) = (Caller::Role(role), Default::default());
            Request { method: Method::Delete, path: path.clone(), caller, headers, body: Body::Absent }
        })
    };
    paths.flat_map(ask).collect()
}

/// The inputs that lead to a cluster.
fn way(reached: &[Reached], at: usize) -> Vec<Input> {
    let mut inputs = Vec::new();
    let mut at = at;
    while let Some((from, input)) = &reached[at].from {
        inputs.push(input.clone());
        at = *from;
    }
    inputs.reverse();
    inputs
}

/// What instances do by themselves, some of it only if something goes wrong.
fn events(cluster: &Cluster, worlds: &Worlds) -> Vec<Event> {
    let all = cluster.enabled(&worlds.rules).into_iter();
    all.filter(
        |event| matches!(event, Event::Task(_, step) if !matches!(step, Move::Progress(_) | Move::Expire)),
    )
    .collect()
}

/// The next thing that an instance does if nothing goes wrong, and what comes of it; none if it has ended.
pub(super) fn ordinary(worlds: &Worlds, cluster: &Cluster, slot: Slot) -> Option<(Event, Cluster)> {
    let of_slot = events(cluster, worlds).into_iter();
    let mut of_slot = of_slot.filter(|event| matches!(event, Event::Task(of, _) if *of == slot));
    let event = of_slot.find(|event| !worlds.is_fault(cluster, event))?;
    let after = worlds.after(cluster, &event)?;
    Some((event, after))
}

/// What is asked in every cluster that is reached.
fn requests(cast: &Cast, nodes: u32) -> Vec<Request> {
    let mut requests = Vec::new();
    for slot in &cast.slots {
        let [known, plain, rest] = about(*slot, nodes);
        let is_needed = |request: &Request| cast.is_thorough || is_of_snapshots(&request.body);
        requests.extend(plain.into_iter().chain(known.into_iter().filter(is_needed)));
        requests.extend(rest.into_iter().filter(|_| cast.is_thorough));
    }
    let [views, rest] = beside_slots(nodes);
    let places = views_of(cast, nodes);
    requests.extend(views.into_iter().filter(|view| places.iter().any(|place| view.path.names(*place))));
    requests.extend(rest.into_iter().filter(|_| cast.is_thorough));
    if cast.is_thorough {
        requests.extend(by_others(&places));
    }
    let mut seen = BTreeSet::new();
    let is_clear = |request: &Request| is_of_no_other_snapshot(request) && names_no_database(request);
    requests.retain(|request| oracle::is_judged(request) && is_clear(request) && seen.insert(text(request)));
    requests
}

/// Whether a request names no database: there is none, and when that comes out, and what was done by then, is not said.
fn names_no_database(request: &Request) -> bool {
    let Body::Json(Value::Object(members)) = &request.body else { return true };
    members.get("evict_dbs").and_then(Value::as_array).is_none_or(Vec::is_empty)
}

/// Whether a request names no snapshot but the one that users are thought to take: any other may be there as well.
fn is_of_no_other_snapshot(request: &Request) -> bool {
    let in_body = match &request.body {
        Body::Json(Value::Object(members)) => members.get("snapshot_name").and_then(Value::as_str),
        _ => None,
    };
    let in_path = request.path.snapshot().map(|(_, name)| name);
    in_body.into_iter().chain(in_path).all(|name| name == USER_SNAPSHOT)
}

/// Whether a body asks for nothing, or for one thing that has to do with snapshots.
fn is_of_snapshots(body: &Body) -> bool {
    let Body::Json(Value::Object(members)) = body else { return false };
    let names = ["overwrite_snapshot", "snapshot_name", "skip_shards_restore", "node_uid"];
    members.len() < 2 && members.keys().all(|name| names.contains(&name.as_str()))
}

/// Where else the slots of a cast show.
fn views_of(cast: &Cast, nodes: u32) -> Vec<Place> {
    let of_slot = |slot: &Slot| match slot {
        Slot::Node(uid, _) => {
            vec![Place::Node(*uid), Place::AllNodes, Place::Snapshots(*uid), Place::NodeStatus(*uid)]
        }
        Slot::ChangeMaster => vec![Place::Cluster, Place::AllNodes],
    };
    let mut places: Vec<_> = cast.slots.iter().flat_map(of_slot).collect();
    places.extend([Place::Cluster, Place::NodeObjects, Place::NodeStatuses]);
    // That of a node to which nothing happens.
    places.extend((nodes > 2).then_some(Place::Node(NodeUid(3))));
    places
}

/// The views, asked by everybody else.
fn by_others(places: &[Place]) -> Vec<Request> {
    let roles = Role::ALL.into_iter().filter(|role| *role != Role::Admin).map(Caller::Role);
    let callers = roles.chain([Caller::Missing, Caller::Wrong]);
    let ask = |caller| {
        let one = move |place: &Place| {
            let (path, headers) = (Path::to(*place), Default::default());
            Request { method: Method::Get, path, caller, headers, body: Body::Absent }
        };
        places.iter().map(one)
    };
    callers.flat_map(ask).collect()
}

/// Whether nothing goes on.
pub(super) fn is_at_rest(cluster: &Cluster) -> bool {
    cluster.live().next().is_none()
}
