//! Arbitrary values of the model, for property tests. Absurd ones included: the alphabet is total.
//!
//! The larger strategies are boxed: their trees would not fit on the stack of a test otherwise.

mod placement;

use std::sync::Arc;

use action_oracle::model::*;
use action_oracle::spec::rules::modelled;
use action_oracle::spec::{Edition, Rules, reading};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use placement::{db_uid, role, shard_uid};

/// Any JSON value that a client could send.
pub(crate) fn json() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let member = prop_oneof![
        select(vec!["overwrite_snapshot", "snapshot_name", "node_uid"]).prop_map(str::to_owned),
        any::<String>(),
    ];
    leaf.prop_recursive(3, 12, 4, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((member.clone(), inner), 0..4).prop_map(|members| members.into_iter().collect()),
        ]
    })
    .boxed()
}

/// The uid of one of a few nodes.
pub(crate) fn uid() -> impl Strategy<Value = NodeUid> {
    prop_oneof![9 => (1..5_u32).prop_map(NodeUid), 1 => any::<u32>().prop_map(NodeUid)]
}

/// Any slot of those nodes, or the cluster's own.
pub(crate) fn slot() -> impl Strategy<Value = Slot> {
    let of_node = (uid(), select(&NodeAction::ALL[..])).prop_map(|(uid, action)| Slot::Node(uid, action));
    prop_oneof![4 => of_node, 1 => Just(Slot::ChangeMaster)]
}

fn path() -> BoxedStrategy<Path> {
    prop_oneof![
        6 => slot().prop_map(|slot| Path::to(Place::Action(slot))),
        1 => place().prop_map(Path::to),
        1 => (uid(), select(vec!["mine", "before-upgrade"])).prop_map(|(uid, name)| Path::to_snapshot(uid, name)),
        1 => any::<String>().prop_map(|text| Path::new(&text)),
    ]
    .boxed()
}

/// Any endpoint but those of single actions.
fn place() -> impl Strategy<Value = Place> {
    const OF_NODES: [fn(NodeUid) -> Place; 4] =
        [Place::Node, Place::NodeObject, Place::NodeStatus, Place::Snapshots];
    let others =
        vec![Place::AllNodes, Place::Cluster, Place::NodeObjects, Place::NodeStatuses, Place::Shards];
    prop_oneof![(uid(), select(&OF_NODES[..])).prop_map(|(uid, of)| of(uid)), select(others)]
}

fn header() -> impl Strategy<Value = Header> {
    prop_oneof![
        6 => Just(Header::Usual),
        1 => Just(Header::Missing),
        1 => select(vec!["no", "text/plain", "application/json; charset=utf-8"])
            .prop_map(|text| Header::Other(text.into())),
        1 => any::<String>().prop_map(|text| Header::Other(text.into())),
    ]
}

fn caller() -> impl Strategy<Value = Caller> {
    prop_oneof![
        6 => Just(Caller::Role(Role::Admin)),
        2 => select(&Role::ALL[..]).prop_map(Caller::Role),
        1 => select(vec![Caller::Missing, Caller::Wrong]),
    ]
}

fn body() -> impl Strategy<Value = Body> {
    prop_oneof![
        2 => Just(Body::Absent),
        2 => Just(Body::Json(serde_json::json!({}))),
        2 => uid().prop_map(|uid| Body::Json(serde_json::json!({ "node_uid": uid.to_string() }))),
        2 => json().prop_map(Body::Json),
        1 => any::<String>().prop_map(|text| Body::Text(text.into())),
    ]
}

/// Any request.
pub(crate) fn request() -> BoxedStrategy<Request> {
    let method = prop_oneof![
        3 => select(vec![Method::Post, Method::Delete]),
        1 => select(&Method::ALL[..]),
    ];
    (method, path(), caller(), header(), header(), body())
        .prop_map(|(method, path, caller, content_type, accept, body)| Request {
            method,
            path,
            caller,
            headers: Headers { content_type, accept },
            body,
        })
        .boxed()
}

fn progress() -> impl Strategy<Value = Progress> {
    (0..=10_000_u16).prop_map(|hundredths| Progress::new(hundredths).expect("it is at most 100 %"))
}

/// Any event, possible or not.
pub(crate) fn event() -> BoxedStrategy<Event> {
    let simple = select(vec![
        Move::Start,
        Move::Run,
        Move::Advance,
        Move::Complete,
        Move::BeginCancel,
        Move::FinishCancel,
        Move::Abort,
        Move::Expire,
    ]);
    let step = prop_oneof![
        6 => simple,
        2 => data_move(),
        1 => progress().prop_map(Move::Progress),
        1 => select(&ErrorCode::ALL[..]).prop_map(Move::Fail),
    ];
    let of_node = select(vec![Event::NodeDown, Event::NodeUp, Event::Join, Event::Bootstrap, Event::Elect]);
    prop_oneof![
        6 => (slot(), step).prop_map(|(slot, step)| Event::Task(slot, step)),
        2 => (uid(), of_node).prop_map(|(uid, event)| event(uid)),
        1 => (uid(), any::<String>()).prop_map(|(uid, name)| Event::CreateSnapshot(uid, name.into())),
        1 => (shard_uid(), uid(), uid()).prop_map(|(shard, from, to)| Event::Migrate { shard, from, to }),
        1 => (shard_uid(), uid(), uid()).prop_map(|(shard, from, to)| Event::FailOver { shard, from, to }),
        1 => db_uid().prop_map(Event::DeleteDatabase),
    ]
    .boxed()
}

fn data_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        (shard_uid(), uid(), uid()).prop_map(|(shard, from, to)| Move::Shard { shard, from, to }),
        (shard_uid(), uid(), uid()).prop_map(|(shard, from, to)| Move::FailOver { shard, from, to }),
        (db_uid(), uid(), uid()).prop_map(|(db, from, to)| Move::Endpoint { db, from, to }),
        (shard_uid(), uid()).prop_map(|(shard, at)| Move::Persist { shard, at }),
    ]
}

/// Any act.
pub(crate) fn act() -> BoxedStrategy<Act> {
    prop_oneof![request().prop_map(Act::Request), event().prop_map(Act::Event)].boxed()
}

/// The defaults of any edition, with a few other variants.
pub(crate) fn rules() -> BoxedStrategy<Rules> {
    let ids: Vec<_> = modelled().collect();
    (select(&Edition::ALL[..]), vec((select(ids), any::<Index>()), 0..4))
        .prop_map(|(edition, changes)| {
            let mut rules = Rules::new(edition);
            for (id, variant) in changes {
                let variants = reading::find(id).expect("it is modelled").variants;
                rules.set(id, variants[variant.index(variants.len())].name).expect("it is a variant");
            }
            rules
        })
        .boxed()
}

/// What happens at a step of a run: something absurd, or something that is possible.
#[derive(Debug, Clone)]
pub(crate) enum Choice {
    /// This.
    Act(Act),
    /// One of the enabled events.
    Enabled(Index),
}

/// A choice.
pub(crate) fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![act().prop_map(Choice::Act), any::<Index>().prop_map(Choice::Enabled)]
}

impl Choice {
    /// What it means now.
    pub(crate) fn act(self, cluster: &Cluster, rules: &Rules) -> Act {
        match self {
            Self::Act(act) => act,
            Self::Enabled(index) => {
                let enabled = cluster.enabled(rules);
                Act::Event(enabled[index.index(enabled.len())].clone())
            }
        }
    }
}

fn parameters(slot: Slot) -> BoxedStrategy<Parameters> {
    let texts = vec(any::<String>().prop_map(Box::from), 0..3).prop_map(Vec::into_boxed_slice);
    let flags = any::<[bool; 3]>();
    let maybes = any::<[Option<bool>; 3]>();
    (flags, maybes, option::of(texts), option::of(any::<String>()), uid())
        .prop_map(move |([a, b, c], [p, q, r], evict_dbs, name, node)| match slot {
            Slot::ChangeMaster => Parameters::ChangeMaster(ChangeMaster { node }),
            Slot::Node(_, NodeAction::Remove) => Parameters::Remove(Remove { wait_for_persistence: p }),
            Slot::Node(_, NodeAction::EnslaveNode) => {
                Parameters::EnslaveNode(EnslaveNode { demote_node: a, endpoints_only: b, shards_only: c })
            }
            Slot::Node(_, NodeAction::MaintenanceOff) => Parameters::MaintenanceOff(MaintenanceOff {
                snapshot_name: name.map(Into::into),
                skip_shards_restore: a,
            }),
            Slot::Node(_, NodeAction::MaintenanceOn) => Parameters::MaintenanceOn(MaintenanceOn {
                overwrite_snapshot: a,
                evict_ha_replica: p,
                evict_active_active_replica: q,
                evict_dbs,
                keep_slave_shards: r,
                demote_node: b,
            }),
        })
        .boxed()
}

fn work() -> impl Strategy<Value = Work> {
    let moved = (shard_uid(), uid(), uid()).prop_map(|(shard, from, to)| Moved { shard, from, to });
    let loaded = any::<String>().prop_map(|name| {
        let (name, kind) = (name.into(), SnapshotKind::User);
        let (shards, endpoints) = (Box::default(), Box::default());
        Arc::new(Snapshot { name, created: Time(0), kind, activations: 0, shards, endpoints })
    });
    (any::<(u8, u8)>(), option::of(loaded), any::<bool>(), vec(moved, 0..3)).prop_map(
        |((steps, activations_before), loaded, doomed, moved)| Work {
            steps,
            activations_before,
            loaded,
            unfinished: doomed,
            overtaken: doomed,
            moved,
            doomed,
        },
    )
}

fn instance(slot: Slot) -> BoxedStrategy<Instance> {
    let error = select(&ErrorCode::ALL[..]);
    (select(&Status::ALL[..]), progress(), any::<bool>(), error, parameters(slot), work())
        .prop_map(|(status, progress, cancel_requested, error, parameters, work)| {
            let error = (status == Status::Failed).then_some(error);
            let task = TaskId(0); // Numbered once the whole cluster is known.
            Instance { task, status, progress, cancel_requested, error, parameters, work }
        })
        .boxed()
}

fn node(uid: NodeUid) -> BoxedStrategy<Node> {
    let kind = select(vec![SnapshotKind::Maintenance, SnapshotKind::User]);
    let listed = vec((shard_uid(), role()), 0..3).prop_map(Vec::into_boxed_slice);
    let bound = vec(db_uid(), 0..2).prop_map(Vec::into_boxed_slice);
    let snapshot = (any::<u64>(), kind, 0..3_u8, listed, bound);
    let slots = NodeAction::ALL.map(|action| option::of(instance(Slot::Node(uid, action))));
    (any::<[bool; 4]>(), 0..3_u8, vec(snapshot, 0..3), slots)
        .prop_map(move |([up, bootstrapped, leaving, quorum_only], activations, snapshots, slots)| {
            let named = snapshots.into_iter().enumerate();
            let named = named.map(|(at, (created, kind, activations, shards, endpoints))| {
                let name = format!("snapshot {at}").into();
                Snapshot { name, created: Time(created), kind, activations, shards, endpoints }
            });
            let snapshots = named.collect();
            let new = Node::new(uid);
            Node { up, bootstrapped, activations, leaving, quorum_only, snapshots, slots, ..new }
        })
        .boxed()
}

/// The parts of any cluster that can exist, of a few nodes.
pub(crate) fn parts() -> BoxedStrategy<Parts> {
    let nodes = [1, 2, 3].map(|uid| option::of(node(NodeUid(uid))));
    let removal = option::of(instance(Slot::Node(NodeUid(4), NodeAction::Remove)));
    let counts = (any::<Index>(), 0..3_u32, any::<bool>());
    (nodes, removal, option::of(instance(Slot::ChangeMaster)), counts, placement::placement())
        .prop_map(|(nodes, removal, change_master, (primary, more, persistent_node_removal), placement)| {
            let mut nodes: Vec<_> = nodes.into_iter().flatten().collect();
            let databases = placement.spread_over(&mut nodes);
            let primary = (!nodes.is_empty()).then(|| nodes[primary.index(nodes.len())].uid);
            let departed = removal.map(|instance| {
                let removal = Instance { status: Status::Completed, error: None, ..instance };
                Departed { uid: NodeUid(4), removal }
            });
            let departed = departed.into_iter().collect();
            let mut parts = Parts {
                nodes,
                primary,
                change_master,
                departed,
                databases,
                persistent_node_removal,
                tasks: 0,
            };
            number(&mut parts, more);
            parts
        })
        .boxed()
}

fn number(parts: &mut Parts, more: u32) {
    let of_nodes = parts.nodes.iter_mut().flat_map(|node| node.slots.iter_mut().flatten());
    let of_departed = parts.departed.iter_mut().map(|departed| &mut departed.removal);
    for instance in of_nodes.chain(of_departed).chain(&mut parts.change_master) {
        parts.tasks += 1;
        instance.task = TaskId(parts.tasks);
    }
    parts.tasks += more;
}

/// Any cluster that can exist, of a few nodes.
pub(crate) fn cluster() -> impl Strategy<Value = Cluster> {
    parts().prop_map(|parts| Cluster::try_from(parts).expect("the parts fit together"))
}
