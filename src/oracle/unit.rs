//! What is searched by itself: the calls of a slot, of a node or of the cluster, and where they start from.

use std::collections::BTreeMap;

use super::asked::WHOLE;
use super::call::{At, Call, Calls, CellName, NEVER};
use super::data::Data;
use super::law::{NOTHING, UNKNOWN};
use super::part::{HOME, Held, Kind, NodePart, canonical};
use super::seen::Seen;
use super::sort::Sorted;
use super::world::{Course, Standing, World};
use crate::history::{Header, Initial, Members};
use crate::http::task_guid;
use crate::model::{Cluster, Instance, Method, NodeAction, NodeUid, Place, Slot, SnapshotKind};

/// How finely a history is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grain {
    /// Each slot by itself: quick, and sound whatever the rest does.
    Slots,
    /// The slots of a node together with its snapshots: what one action leaves for another is seen.
    Nodes,
}

/// Calls that are searched together.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub(super) cell: CellName,
    pub(super) kind: Kind,
    pub(super) calls: Calls,
    pub(super) standing: Standing,
}

impl Unit {
    /// The same with other calls.
    pub(super) fn with(&self, calls: Calls) -> Self {
        Self { calls, ..*self }
    }

    /// The place of a call of a larger unit. A list is several calls of one id.
    pub(super) fn find(&self, sought: &Call) -> Option<usize> {
        self.calls.0.iter().position(|call| (call.id, call.symbol) == (sought.id, sought.symbol))
    }

    /// What it is, for people.
    pub(super) fn name(&self) -> String {
        match self.kind {
            Kind::Slot(action) => format!("{}, {}", self.cell, action.name()),
            Kind::Node | Kind::Cluster => self.cell.to_string(),
        }
    }
}

/// The units of a history.
pub(super) fn units(sorted: &Sorted, header: &Header, starts: &FirstStarts, grain: Grain) -> Vec<Unit> {
    let mut units = Vec::new();
    for (cell, calls) in &sorted.cells {
        let standing = standing(sorted, header, starts, *cell);
        match (cell, grain) {
            (CellName::Cluster, _) => {
                units.push(Unit { cell: *cell, kind: Kind::Cluster, calls: calls.clone(), standing });
            }
            (CellName::Node(_), Grain::Nodes) => {
                units.push(Unit { cell: *cell, kind: Kind::Node, calls: calls.clone(), standing });
            }
            (CellName::Node(_), Grain::Slots) => {
                for action in NodeAction::ALL {
                    let calls = of_slot(sorted, calls, action);
                    if !calls.0.is_empty() {
                        units.push(Unit { cell: *cell, kind: Kind::Slot(action), calls, standing });
                    }
                }
            }
        }
    }
    units
}

/// When something can have been started in each slot for the first time.
#[derive(Debug)]
pub(super) struct FirstStarts(BTreeMap<(CellName, u8), At>);

impl FirstStarts {
    /// Those of a history.
    pub(super) fn of(sorted: &Sorted) -> Self {
        let mut starts = BTreeMap::new();
        for (cell, calls) in &sorted.cells {
            let symbols = sorted.symbols.get(cell.kind());
            for call in calls.0.iter().filter(|call| symbols.value(call.symbol).may_start()) {
                let first = starts.entry((*cell, call.slot)).or_insert(call.invoked);
                *first = call.invoked.min(*first);
            }
        }
        Self(starts)
    }

    /// When a removal of the node of a cell can have begun.
    fn removal(&self, cell: CellName) -> At {
        self.0.get(&(cell, WHOLE)).copied().unwrap_or(NEVER)
    }

    /// When a maintenance_on of the node of a cell can have begun.
    fn activation(&self, cell: CellName, header: &Header) -> At {
        let action = NodeAction::MaintenanceOn;
        let had = given(header).zip(cell.uid()).is_some_and(|(cluster, uid)| {
            cluster.instance(Slot::Node(uid, action)).is_some_and(Instance::is_live)
        });
        if had { 0 } else { self.0.get(&(cell, action as u8)).copied().unwrap_or(NEVER) }
    }
}

/// The calls that one slot can judge: not those about snapshots.
fn of_slot(sorted: &Sorted, calls: &Calls, action: NodeAction) -> Calls {
    let mine = calls.0.iter().filter(|call| {
        let symbol = sorted.symbols.get(Kind::Node).value(call.symbol);
        let of_snapshots =
            matches!(symbol.seen, Some(Seen::Snapshots(_) | Seen::NodeStatus { has_snapshot: true, .. }));
        call.slot == action as u8 && !of_snapshots && symbol.request.path.snapshot().is_none()
    });
    Calls(mine.map(|call| Call { slot: 0, ..*call }).collect())
}

/// What the history says about the node of a cell.
pub(super) fn standing(sorted: &Sorted, header: &Header, starts: &FirstStarts, cell: CellName) -> Standing {
    let CellName::Node(uid) = cell else {
        return Standing {
            may_exist: true,
            may_lack: 0,
            may_vanish: NEVER,
            may_join: true,
            seen_gone: NEVER,
            may_activate: 0,
        };
    };
    let members = members(header);
    let is_member = members.as_ref().map(|members| members.contains(&uid));
    let is_unknown = matches!(header.initial, Initial::Unknown(_));
    let removed = if is_unknown || had_removal(header, uid) { 0 } else { starts.removal(cell) };
    let may_join = match &members {
        None => true,
        Some(members) => members.contains(&uid) || follows(sorted, members, uid),
    };
    Standing {
        may_exist: is_member != Some(false) || may_join,
        may_lack: if is_member == Some(true) { removed } else { 0 },
        may_vanish: removed,
        may_join,
        seen_gone: seen_gone(sorted, cell, removed),
        may_activate: if is_unknown { 0 } else { starts.activation(cell, header) },
    }
}

/// When somebody saw first that a node was no member, after a moment.
fn seen_gone(sorted: &Sorted, cell: CellName, since: At) -> At {
    let symbols = sorted.symbols.get(cell.kind());
    let shows = |call: &&Call| {
        let symbol = symbols.value(call.symbol);
        let path = &symbol.request.path;
        let is_asked = || path.names(Place::NodeObject(HOME)) || path.names(Place::NodeStatus(HOME));
        let is_gone = matches!(symbol.seen, Some(Seen::LeftOut | Seen::Code(404)));
        call.invoked > since && is_gone && symbol.request.method == Method::Get && is_asked()
    };
    let calls = sorted.cells.get(&cell).into_iter().flat_map(|calls| &calls.0);
    calls.filter(shows).map(|call| call.ended).min().unwrap_or(NEVER)
}

/// How few nodes the cluster can have had: those at the start without those that can have been removed.
pub(super) fn fewest(sorted: &Sorted, header: &Header, starts: &FirstStarts) -> usize {
    let stays = |uid: &NodeUid| standing(sorted, header, starts, CellName::Node(*uid)).may_lack == NEVER;
    members(header).map_or(1, |members| members.iter().filter(|uid| stays(uid)).count().max(1))
}

/// The nodes at the start, if they are known.
pub(super) fn members(header: &Header) -> Option<Vec<NodeUid>> {
    let of_cluster = |cluster: &Cluster| cluster.nodes().iter().map(|node| node.uid).collect();
    match &header.initial {
        Initial::Cluster(cluster) => Some(of_cluster(cluster)),
        Initial::Empty(members) | Initial::Unknown(members) => match members {
            Members::Inferred => None,
            Members::Nodes(nodes) => Some(nodes.clone()),
            Members::Cluster(cluster) => Some(of_cluster(cluster)),
        },
    }
}

/// Whether a node can be one that joined since: uids are given out in order, and each of those between is spoken of.
fn follows(sorted: &Sorted, members: &[NodeUid], uid: NodeUid) -> bool {
    let highest = members.iter().map(|member| member.0).max().unwrap_or(0);
    let spoken_of = |between: u32| sorted.cells.contains_key(&CellName::Node(NodeUid(between)));
    uid.0 < highest || (uid.0 - highest <= 64 && (highest + 1..=uid.0).all(spoken_of))
}

fn had_removal(header: &Header, uid: NodeUid) -> bool {
    let Initial::Cluster(cluster) = &header.initial else { return false };
    cluster.instance(Slot::Node(uid, NodeAction::Remove)).is_some()
}

/// The worlds that are possible at first.
pub(super) fn start(header: &Header, unit: &Unit, sorted: &Sorted, course: &mut Course<'_>) -> Vec<World> {
    if let Some(cluster) = given(header) {
        let is_placed = unit.kind == Kind::Node && is_placed(header);
        return vec![given_world(cluster, is_placed, unit, sorted, course)];
    }
    let is_unknown = matches!(header.initial, Initial::Unknown(_));
    let held = if is_unknown { UNKNOWN } else { NOTHING };
    let is_member = unit.cell.uid().and_then(|uid| Some(members(header)?.contains(&uid)));
    let mut parts = Vec::new();
    if unit.kind != Kind::Node || is_member != Some(false) {
        parts.push((NodePart::fresh(), held));
    }
    if unit.kind == Kind::Node && is_member != Some(true) {
        parts.push((NodePart::default(), NOTHING));
    }
    if unit.kind == Kind::Node && is_unknown {
        let snapshots = vec![SnapshotKind::Maintenance];
        parts.push((NodePart { snapshots, ..NodePart::fresh() }, held));
    }
    parts.into_iter().map(|(part, held)| world(course, part, [held; 4])).collect()
}

/// Whether it is known where data is at first.
pub(super) fn is_placed(header: &Header) -> bool {
    given(header).is_some_and(|cluster| !cluster.databases().is_empty())
}

/// The cluster that a history starts from, if it is known whole.
fn given(header: &Header) -> Option<&Cluster> {
    match &header.initial {
        Initial::Cluster(cluster) | Initial::Empty(Members::Cluster(cluster)) => Some(cluster),
        _ => None,
    }
}

fn world(course: &mut Course<'_>, part: NodePart, held: [u32; 4]) -> World {
    let names = vec![0; part.snapshots.len()];
    World {
        node: course.law.nodes.number(part),
        held,
        tasks: [0; 4],
        names: course.labels.number(names),
        wanted: 0,
        done: 0,
        lost: course.labels.number(Vec::new()),
    }
}

fn given_world(
    cluster: &Cluster,
    is_placed: bool,
    unit: &Unit,
    sorted: &Sorted,
    course: &mut Course<'_>,
) -> World {
    let node = unit.cell.uid().and_then(|uid| cluster.node(uid));
    let snapshots = node.map_or(&[][..], |node| &node.snapshots);
    let data = is_placed.then(|| node.map_or_else(Data::fresh, Data::of));
    let part = match node {
        Some(_) => {
            NodePart { is_member: true, snapshots: snapshots.iter().map(|it| it.kind).collect(), data }
        }
        None => NodePart { data, ..NodePart::default() },
    };
    let mut world = world(course, part, [NOTHING; 4]);
    for at in 0..unit.kind.slots() {
        let slot = unit.kind.slot(at);
        if let Some(instance) = cluster.instance(unit.cell.own(slot)) {
            let held = Held::One(canonical(instance, slot, snapshots, is_placed));
            world.held[at] = course.law.helds.number(held);
            world.tasks[at] = sorted.tasks.find(&task_guid(instance.task).into()).unwrap_or(0);
        }
    }
    let names = snapshots.iter().map(|it| sorted.names.find(&it.name).unwrap_or(0)).collect();
    world.names = course.labels.number(names);
    world
}
