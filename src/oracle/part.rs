//! A cell: the part of a cluster that is judged by itself, in the smallest form that has the same future.
//!
//! Node actions of different nodes meet only where the documents leave it open, and so a node is a cell: what is
//! remembered of it ([`NodePart`]) and what its four slots hold ([`Held`]). The cluster action is a cell of its own.
//! [`project`] forgets what no answer can show again: the numbers of tasks, progress (R-PROGRESS-VALUES), names of
//! snapshots, the marks of maintenance and removal (R-MAINT-OBSERVE, R-REMOVE-FLAG-VISIBLE), where data is but for what
//! [`Data`] says, and what a run was told once it has ended. [`embed`] makes a cluster of it again, in a [`Setting`]:
//! whatever the cell does not know about the rest may be so at any moment.

use std::sync::Arc;

use super::data::Data;
use super::setting::Setting;
use crate::http::ANY_PROGRESS;
use crate::model::{Cluster, Departed, Instance, MaintenanceOff, MaintenanceOn, Node, NodeAction};
use crate::model::{NodeUid, Parameters, Parts, Progress, Slot, Snapshot, SnapshotKind, Status};
use crate::model::{TaskId, Time, Work};

/// The uid that the node of a cell has in its cell.
pub(super) const HOME: NodeUid = NodeUid(1);

/// The kinds of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// One node. Its slots are those of [`NodeAction::ALL`], in that order.
    Node,
    /// One slot of a node, whose other slots and snapshots may be anything at any moment.
    Slot(NodeAction),
    /// The cluster action, and whatever is about no single node. [`HOME`] is the node to promote.
    Cluster,
}

impl Kind {
    pub(super) fn slots(self) -> usize {
        match self {
            Self::Node => 4,
            Self::Slot(_) | Self::Cluster => 1,
        }
    }

    pub(super) fn slot(self, at: usize) -> Slot {
        match self {
            Self::Node => Slot::Node(HOME, NodeAction::ALL[at]),
            Self::Slot(action) => Slot::Node(HOME, action),
            Self::Cluster => Slot::ChangeMaster,
        }
    }
}

/// What is remembered of the node of a cell besides its slots.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct NodePart {
    pub(super) is_member: bool,
    /// Oldest first.
    pub(super) snapshots: Vec<SnapshotKind>,
    /// `None` if it is not known where data is.
    pub(super) data: Option<Data>,
}

impl NodePart {
    pub(super) fn fresh() -> Self {
        Self { is_member: true, ..Self::default() }
    }

    /// Whether a shard may be on it.
    pub(super) fn may_hold(&self) -> bool {
        self.is_member && self.data.is_none_or(|data| data.may_hold)
    }

    /// All that a node can be to one of its slots: no member, or one with or without snapshots.
    pub(super) fn any(may_exist: bool, may_lack: bool) -> Vec<Self> {
        let member = |snapshots: &[SnapshotKind]| Self { snapshots: snapshots.to_vec(), ..Self::fresh() };
        let (made, given) = (SnapshotKind::Maintenance, SnapshotKind::User);
        let members = [member(&[]), member(&[made]), member(&[given]), member(&[made, given])];
        let lacking = may_lack.then(Self::default);
        members.into_iter().filter(|_| may_exist).chain(lacking).collect()
    }
}

/// What a slot holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Held {
    Nothing,
    /// Anything: nobody has looked yet.
    Unknown,
    One(Instance),
}

impl Held {
    /// The status that it shows.
    pub(super) fn status(&self) -> Option<Status> {
        match self {
            Self::One(instance) => Some(instance.status),
            Self::Nothing | Self::Unknown => None,
        }
    }

    /// Whether it will look for a snapshot by its name.
    pub(super) fn seeks_name(&self) -> bool {
        let Self::One(Instance { parameters: Parameters::MaintenanceOff(order), .. }) = self else {
            return false;
        };
        order.snapshot_name.is_some()
    }
}

impl Held {
    /// The same after the snapshots of the node have become others, each of which stood where the origins say: the one
    /// that was loaded stands elsewhere now, or is gone.
    pub(super) fn carried(&self, origins: &[Option<u8>]) -> Option<Self> {
        let Self::One(instance) = self else { return None };
        let loaded = instance.work.loaded.as_deref()?;
        let before = place(&loaded.name)?;
        let now = origins.iter().position(|origin| *origin == Some(before));
        let loaded = Snapshot { name: loaded_name(now), ..loaded.clone() };
        let mut carried = instance.clone();
        carried.work.loaded = Some(Arc::new(loaded));
        Some(Self::One(carried))
    }
}

/// Which snapshot a name in a request means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Meant {
    /// None that exists, or no name is asked for.
    Absent,
    /// The one at this place.
    At(u8),
}

impl Meant {
    /// The word that stands for it in a cell.
    pub(super) fn word(self) -> String {
        match self {
            Self::Absent => "absent".to_owned(),
            Self::At(at) => format!("s{at}"),
        }
    }
}

/// The word for a name in the parameters of an instance: what it means is found out when it is looked for.
pub(super) const NAMED: &str = "named";

/// The part of a cell that one slot and its moves are about.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) kind: Kind,
    pub(super) slot: usize,
    pub(super) node: &'a NodePart,
    pub(super) held: &'a Held,
    pub(super) meant: Meant,
}

/// The cluster of a cell in a setting.
pub(super) fn embed(view: &View<'_>, setting: &Setting) -> Cluster {
    let mut parts = setting.surroundings(view.kind);
    if let Held::One(instance) = view.held {
        let instance = Instance { task: TaskId(1), ..told(instance, view.meant) };
        match view.kind.slot(view.slot) {
            Slot::ChangeMaster => parts.change_master = Some(instance),
            Slot::Node(..) if !view.node.is_member => {
                parts.departed.push(Departed { uid: HOME, removal: instance });
            }
            Slot::Node(_, action) => {
                let home = parts.nodes.iter_mut().find(|node| node.uid == HOME);
                home.expect("a member is there").slots[action as usize] = Some(instance);
            }
        }
    }
    match (view.kind, view.node.is_member) {
        (Kind::Cluster, _) => {}
        (Kind::Node | Kind::Slot(_), false) => {
            parts.nodes.retain(|node| node.uid != HOME);
            parts.primary = parts.nodes.first().map(|node| node.uid);
        }
        (Kind::Node | Kind::Slot(_), true) => {
            let home = parts.nodes.iter_mut().find(|node| node.uid == HOME).expect("a member is there");
            let snapshots = view.node.snapshots.iter().enumerate();
            home.snapshots = snapshots.map(|(at, kind)| snapshot(at, *kind)).collect();
        }
    }
    parts.tasks = TASKS;
    parts.unchecked()
}

/// More than an embedded cluster has instances.
const TASKS: u32 = 64;

fn snapshot(at: usize, kind: SnapshotKind) -> Snapshot {
    let (shards, endpoints) = (Box::default(), Box::default());
    Snapshot { name: format!("s{at}").into(), created: Time(0), kind, activations: 0, shards, endpoints }
}

/// Any instance of that status.
pub(super) fn some_instance(slot: Slot, status: Status) -> Instance {
    Instance {
        task: TaskId(0),
        status,
        progress: any_progress(),
        cancel_requested: false,
        error: None,
        parameters: Parameters::of_nothing(slot, HOME),
        work: Work::default(),
    }
}

fn any_progress() -> Progress {
    Progress::new(ANY_PROGRESS).expect("it is not beyond 100 %")
}

/// An instance with the name that it looks for.
fn told(instance: &Instance, meant: Meant) -> Instance {
    let mut told = instance.clone();
    if let Parameters::MaintenanceOff(order) = &mut told.parameters
        && order.snapshot_name.is_some()
    {
        order.snapshot_name = Some(meant.word().into());
    }
    told
}

/// What a step left of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Projection {
    pub(super) node: NodePart,
    pub(super) held: Held,
    /// For each snapshot where it stood before; `None` if it is new.
    pub(super) origins: Vec<Option<u8>>,
}

/// The cell in a cluster, as one of its slots sees it; with what is known of its data.
pub(super) fn project(cluster: &Cluster, kind: Kind, slot: usize, data: Option<Data>) -> Projection {
    let slot = kind.slot(slot);
    let node = match kind {
        Kind::Node | Kind::Slot(_) => cluster.node(HOME),
        Kind::Cluster => None,
    };
    let snapshots = node.map_or(&[][..], |node| &node.snapshots);
    let held = cluster
        .instance(slot)
        .map_or(Held::Nothing, |it| Held::One(canonical(it, slot, snapshots, data.is_some())));
    let snapshot_kinds = snapshots.iter().map(|snapshot| snapshot.kind).collect();
    let part = NodePart { is_member: node.is_some(), snapshots: snapshot_kinds, data };
    let origins = snapshots.iter().map(|snapshot| place(&snapshot.name)).collect();
    Projection { node: part, held, origins }
}

/// Where a snapshot of that name stood when the cluster was embedded.
fn place(name: &str) -> Option<u8> {
    name.strip_prefix('s')?.parse().ok()
}

/// The name of a loaded snapshot that stands at this place, or nowhere any more.
fn loaded_name(at: Option<usize>) -> Box<str> {
    at.map_or_else(|| "gone".to_owned(), |at| format!("s{at}")).into()
}

/// An instance without what no answer can depend on, be it known where data is or not.
pub(super) fn canonical(
    instance: &Instance,
    slot: Slot,
    snapshots: &[Snapshot],
    is_placed: bool,
) -> Instance {
    let mut kept = Instance { error: instance.error, ..some_instance(slot, instance.status) };
    if !instance.is_live() {
        return kept;
    }
    kept.cancel_requested = instance.cancel_requested;
    let loaded = instance.work.loaded.as_deref().map(|loaded| {
        let at = snapshots.iter().position(|snapshot| *snapshot.name == *loaded.name);
        Arc::new(Snapshot { name: loaded_name(at), created: Time(0), activations: 0, ..loaded.clone() })
    });
    let Work { steps, overtaken, doomed, .. } = instance.work;
    let overtaken = overtaken && instance.cancel_requested;
    kept.work = Work { loaded, steps, overtaken, doomed, ..Work::default() };
    kept.parameters = match &instance.parameters {
        Parameters::MaintenanceOn(order) if is_placed => Parameters::MaintenanceOn(MaintenanceOn {
            overwrite_snapshot: order.overwrite_snapshot && steps == 0,
            evict_dbs: order
                .evict_dbs
                .as_ref()
                .map(|names| names.iter().take(1).map(|_| SOME_DATABASE.into()).collect()),
            ..order.clone()
        }),
        Parameters::MaintenanceOn(order) if instance.work.steps == 0 => {
            let evict_dbs = order.evict_dbs.as_ref().filter(|names| !names.is_empty());
            Parameters::MaintenanceOn(MaintenanceOn {
                overwrite_snapshot: order.overwrite_snapshot,
                evict_dbs: evict_dbs.map(|_| [SOME_DATABASE.into()].into()),
                ..MaintenanceOn::default()
            })
        }
        Parameters::MaintenanceOff(order) => Parameters::MaintenanceOff(MaintenanceOff {
            snapshot_name: order
                .snapshot_name
                .as_ref()
                .filter(|_| seeks(order, &instance.work))
                .map(|_| NAMED.into()),
            skip_shards_restore: order.skip_shards_restore,
        }),
        _ => Parameters::of_nothing(slot, HOME),
    };
    kept
}

/// Whether a maintenance_off still has to find its snapshot by name.
fn seeks(order: &MaintenanceOff, work: &Work) -> bool {
    work.steps == 0 && !order.skip_shards_restore
}

/// The name of a database that a run was told to evict.
pub(super) const SOME_DATABASE: &str = "9";

impl Setting {
    fn surroundings(&self, kind: Kind) -> Parts {
        let mut parts = Parts {
            nodes: self.nodes().into_iter().map(Node::new).collect(),
            primary: Some(self.primary()),
            change_master: None,
            departed: Vec::new(),
            databases: Vec::new(),
            persistent_node_removal: false,
            tasks: 0,
        };
        self.arrange(kind, &mut parts);
        parts
    }
}
