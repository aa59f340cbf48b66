//! What the requests of one run have in common, so that runs differ in kind and not only in detail.

use serde_json::json;

use super::Setup;
use crate::model::{Body, Caller, Method, NodeAction, NodeUid, Path, Place, Slot};
use crate::sim::seed::{Ratio, Rng};

/// How a request is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// As the next of a walk.
    Walk,
    /// As what was asked least of what stands as it does.
    Least,
    /// As who asked least where.
    Access,
    /// As what is absurd and was tried least.
    Absurd,
    /// By chance.
    Chance,
}

const MANNERS: [Manner; 5] = [Manner::Walk, Manner::Least, Manner::Access, Manner::Absurd, Manner::Chance];

/// How often the manners are used: that of each run is one of these.
const WEIGHTS: [[u32; 5]; 6] =
    [[8, 1, 0, 0, 1], [4, 2, 1, 1, 2], [2, 5, 1, 1, 2], [1, 1, 4, 3, 2], [0, 2, 1, 1, 6], [0, 0, 0, 0, 1]];

/// What the requests of one run have in common: few slots, so that much happens in each; more or fewer moves, odd
/// requests, strangers, looks at something else than actions.
#[derive(Debug, Clone)]
pub(super) struct Habit {
    pub(super) nodes: Vec<NodeUid>,
    pub(super) callers: Vec<Caller>,
    slots: Vec<Slot>,
    /// Whether each client has a node to itself.
    is_apart: bool,
    weights: [u32; 5],
    /// How many moves there are at most before a request, and how often they are the most ordinary ones.
    pub(super) moves: u32,
    pub(super) plain_moves: Ratio,
    /// How often something about a request is odd.
    pub(super) odd: Ratio,
    /// How often somebody else than an administrator asks.
    pub(super) strangers: Ratio,
    /// How often a request looks at something else than an action.
    pub(super) looks: Ratio,
}

impl Habit {
    pub(super) fn of(rng: &mut Rng, setup: &Setup) -> Self {
        let Setup { nodes, callers, .. } = setup;
        assert!(!nodes.is_empty(), "a cluster has a node");
        assert!(!callers.is_empty(), "somebody asks");
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
            nodes: nodes.clone(),
            callers: callers.clone(),
            slots,
            is_apart: rng.chance(Ratio(1, 3)),
            weights: *rng.choose(&WEIGHTS),
            moves: 1 + rng.below(3),
            plain_moves: Ratio(rng.below(4), 4),
            odd: *rng.choose(&[Ratio(0, 1), Ratio(1, 12), Ratio(1, 4), Ratio(1, 2)]),
            strangers: *rng.choose(&[Ratio(0, 1), Ratio(0, 1), Ratio(1, 3), Ratio(3, 4)]),
            looks: *rng.choose(&[Ratio(1, 12), Ratio(1, 4), Ratio(1, 2)]),
        }
    }

    /// The slots that a client asks for.
    pub(super) fn slots_of(&self, client: usize) -> Vec<Slot> {
        if !self.is_apart {
            return self.slots.clone();
        }
        let own = self.nodes[client % self.nodes.len()];
        let moved = self.slots.iter().map(|slot| match *slot {
            Slot::Node(_, action) => Slot::Node(own, action),
            Slot::ChangeMaster => Slot::ChangeMaster,
        });
        moved.collect()
    }

    /// The node of a slot; any for an action of the cluster.
    pub(super) fn node_of(&self, rng: &mut Rng, slot: Slot) -> NodeUid {
        match slot {
            Slot::Node(uid, _) => uid,
            Slot::ChangeMaster => *rng.choose(&self.nodes),
        }
    }

    /// How the next request is chosen. What has places that nobody tried yet (`is_new`) is preferred.
    pub(super) fn manner(&self, rng: &mut Rng, is_new: impl Fn(Manner) -> bool) -> Manner {
        let weighed = |(manner, weight)| (manner, if is_new(manner) { 3 * weight } else { weight });
        let weights = MANNERS.into_iter().zip(self.weights).map(weighed);
        let mut left = rng.below(weights.clone().map(|(_, weight)| weight).sum());
        for (manner, weight) in weights {
            match left.checked_sub(weight) {
                None => return manner,
                Some(less) => left = less,
            }
        }
        Manner::Chance
    }
}

/// The walk through maintenance.
fn maintenance_of(uid: NodeUid) -> [Slot; 2] {
    [Slot::Node(uid, NodeAction::MaintenanceOn), Slot::Node(uid, NodeAction::MaintenanceOff)]
}

/// Something else than one action.
pub(super) fn look(rng: &mut Rng, habit: &Habit, slot: Slot, snapshot: Option<&str>) -> (Method, Path) {
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

/// A body that the action may be submitted with.
pub(super) fn body(rng: &mut Rng, slot: Slot, habit: &Habit) -> Body {
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
