//! What the cluster does by itself. Whatever a real service would choose is a field of the event.
//!
//! [`check`] says whether an event may happen now, [`perform`] makes it happen; [`Cluster::enabled`] lists
//! those that may.

use std::sync::Arc;

use super::action::{self, Remedy};
use super::lifecycle::{self, Trigger};
use super::{Cluster, ErrorCode, Instance, Node, NodeUid, Obstacle, Progress, Slot, Snapshot};
use super::{SnapshotKind, Status, Time};
use crate::spec::Rules;
use crate::spec::rules::{AbortedCause, ChmWhen, DelRunning, ErrcodeSet, StatusRetention};

/// Something that happens in the cluster without a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Event {
    /// An instance moves on.
    Task(Slot, Move),
    /// A node stops answering.
    NodeDown(NodeUid),
    /// A node answers again.
    NodeUp(NodeUid),
    /// A node joins, possibly under the uid of a removed one (REM-12). It is not bootstrapped yet.
    Join(NodeUid),
    /// A node finishes joining.
    Bootstrap(NodeUid),
    /// The primary was lost, and another node takes over.
    Elect(NodeUid),
    /// A user makes a snapshot under a name (SNAP-14).
    CreateSnapshot(NodeUid, Box<str>),
}

/// How an instance moves on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Move {
    /// It leaves the queue.
    Start,
    /// Its execution begins.
    Run,
    /// It does the next documented step of its action.
    Advance,
    /// It reports progress.
    Progress(Progress),
    /// It ends as intended.
    Complete,
    /// It ends with an error.
    Fail(ErrorCode),
    /// A noted cancellation takes hold.
    BeginCancel,
    /// The cancellation is done.
    FinishCancel,
    /// The cluster ends it.
    Abort,
    /// Its status is forgotten (only under `R-STATUS-RETENTION=TTL`).
    Expire,
}

/// Why an event cannot happen now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hindrance {
    /// The slot is empty, or its node does not exist.
    NoInstance,
    /// The lifecycle has no such edge from the present status.
    NoEdge(Status),
    /// A noted cancellation comes first.
    CancelFirst,
    /// Steps of the action remain, or none does.
    Steps,
    /// Something stands in the way of the run.
    Blocked(Obstacle),
    /// The rules do not know such an end.
    NotInRules,
    /// Progress does not go back.
    NoProgress,
    /// The node does not exist, or exists already.
    NoSuchNode,
    /// The node is in that state already, or cannot take the role.
    NoChange,
    /// A snapshot has this name already (R-SNAP-DUP).
    NameTaken,
}

/// Whether an event may happen now.
pub(super) fn check(cluster: &Cluster, rules: &Rules, event: &Event) -> Result<(), Hindrance> {
    let node = |uid| cluster.node(uid).ok_or(Hindrance::NoSuchNode);
    let unless = |wrong, hindrance| if wrong { Err(hindrance) } else { Ok(()) };
    match event {
        Event::Task(slot, step) => check_move(cluster, rules, *slot, *step),
        Event::NodeDown(uid) => unless(!node(*uid)?.up, Hindrance::NoChange),
        Event::NodeUp(uid) => unless(node(*uid)?.up, Hindrance::NoChange),
        Event::Join(uid) => unless(cluster.node(*uid).is_some(), Hindrance::NoSuchNode),
        Event::Bootstrap(uid) => unless(node(*uid)?.bootstrapped, Hindrance::NoChange),
        Event::Elect(uid) => {
            let primary_answers =
                cluster.primary.and_then(|uid| cluster.node(uid)).is_some_and(|primary| primary.up);
            unless(primary_answers || !node(*uid)?.up, Hindrance::NoChange)
        }
        Event::CreateSnapshot(uid, name) => {
            let taken = node(*uid)?.snapshots.iter().any(|snapshot| snapshot.name == *name);
            unless(taken, Hindrance::NameTaken)
        }
    }
}

fn check_move(cluster: &Cluster, rules: &Rules, slot: Slot, step: Move) -> Result<(), Hindrance> {
    let instance = cluster.instance(slot).ok_or(Hindrance::NoInstance)?;
    let no_edge = Hindrance::NoEdge(instance.status);
    if step == Move::Expire {
        let expires = rules.status_retention == StatusRetention::Ttl && instance.status.is_final();
        return if expires { Ok(()) } else { Err(no_edge) };
    }
    if let Some(trigger) = step.trigger() {
        lifecycle::next(instance.status, trigger, rules).ok_or(no_edge)?;
    } else if instance.status != Status::Running {
        return Err(no_edge);
    }
    match instance.status {
        Status::Running => check_running(cluster, rules, slot, instance, step),
        // Too late to cancel: the work is done (R-CANCELLING-OUTCOME).
        Status::Cancelling if step == Move::Complete => {
            let obstacle = action::obstacle(cluster, rules, slot, &instance.parameters, &instance.work);
            check_steps_done(slot, instance)?;
            obstacle.map_or(Ok(()), |obstacle| Err(Hindrance::Blocked(obstacle)))
        }
        _ => check_end(rules, step),
    }
}

/// What may happen to a running instance: an obstacle leaves one way out, a noted cancellation comes first.
fn check_running(
    cluster: &Cluster,
    rules: &Rules,
    slot: Slot,
    instance: &Instance,
    step: Move,
) -> Result<(), Hindrance> {
    let obstacle = action::obstacle(cluster, rules, slot, &instance.parameters, &instance.work);
    if let Some(obstacle) = obstacle {
        let blocked = Hindrance::Blocked(obstacle);
        return match (obstacle.remedy(rules), step) {
            (Remedy::Fail(due), Move::Fail(code)) if code == due => Ok(()),
            (Remedy::RefusePost(_), Move::Fail(ErrorCode::InternalError)) => Ok(()),
            (Remedy::Abort, Move::Abort) | (Remedy::Complete, Move::Complete) => Ok(()),
            (_, Move::BeginCancel) if instance.cancel_requested => Ok(()),
            (Remedy::Cancel, Move::BeginCancel) => Ok(()),
            (_, Move::Abort) => check_end(rules, step),
            _ => Err(blocked),
        };
    }
    match step {
        Move::BeginCancel if !instance.cancel_requested => Err(Hindrance::NoEdge(instance.status)),
        Move::Advance | Move::Progress(_) if instance.cancel_requested => Err(Hindrance::CancelFirst),
        // An end that was already due may still win (R-DEL-RUNNING).
        Move::Complete | Move::Fail(_)
            if instance.cancel_requested && rules.del_running == DelRunning::Immediate =>
        {
            Err(Hindrance::CancelFirst)
        }
        Move::Advance if instance.work.steps >= action::steps(slot) => Err(Hindrance::Steps),
        Move::Progress(progress) if progress <= instance.progress => Err(Hindrance::NoProgress),
        Move::Complete => check_steps_done(slot, instance),
        _ => check_end(rules, step),
    }
}

fn check_steps_done(slot: Slot, instance: &Instance) -> Result<(), Hindrance> {
    if instance.work.steps == action::steps(slot) { Ok(()) } else { Err(Hindrance::Steps) }
}

/// Whether the rules know this end at all.
fn check_end(rules: &Rules, step: Move) -> Result<(), Hindrance> {
    let known = match step {
        Move::Abort => rules.aborted_cause == AbortedCause::Internal,
        Move::Fail(ErrorCode::Unlisted) => rules.errcode_set == ErrcodeSet::Open,
        _ => true,
    };
    if known { Ok(()) } else { Err(Hindrance::NotInRules) }
}

/// Makes an event happen that [`check`] allowed.
pub(super) fn perform(cluster: &mut Cluster, rules: &Rules, at: Time, event: &Event) {
    match event {
        Event::Task(slot, step) => perform_move(cluster, rules, at, *slot, *step),
        Event::NodeDown(uid) => with_node(cluster, *uid, |node| node.up = false),
        Event::NodeUp(uid) => with_node(cluster, *uid, |node| node.up = true),
        Event::Join(uid) => join(cluster, *uid),
        Event::Bootstrap(uid) => with_node(cluster, *uid, |node| node.bootstrapped = true),
        Event::Elect(uid) => cluster.primary = Some(*uid),
        Event::CreateSnapshot(uid, name) => with_node(cluster, *uid, |node| {
            let (created, kind, activations) = (at, SnapshotKind::User, node.activations);
            node.snapshots.push(Snapshot { name: name.clone(), created, kind, activations });
        }),
    }
}

fn perform_move(cluster: &mut Cluster, rules: &Rules, at: Time, slot: Slot, step: Move) {
    match step {
        Move::Advance => action::advance(cluster, rules, at, slot),
        Move::Progress(progress) => with_instance(cluster, slot, |instance| instance.progress = progress),
        Move::Expire => super::delete::clear(cluster, slot),
        Move::Fail(code) => action::fail(cluster, rules, slot, code),
        Move::Run if slot == Slot::ChangeMaster && rules.chm_when == ChmWhen::Start => {
            action::reach(cluster, rules, slot, Status::Running);
            action::move_role(cluster, rules);
        }
        _ => {
            let status = cluster.instance(slot).map(|instance| instance.status);
            let next = status.zip(step.trigger()).and_then(|(from, by)| lifecycle::next(from, by, rules));
            if let Some(next) = next {
                action::reach(cluster, rules, slot, next);
            }
        }
    }
}

/// A joining node starts clean, also under a uid that was used before (R-REMOVE-UID-REUSE).
fn join(cluster: &mut Cluster, uid: NodeUid) {
    cluster.departed.retain(|departed| departed.uid != uid);
    let at = cluster.nodes.partition_point(|node| node.uid < uid);
    cluster.nodes.insert(at, Arc::new(Node { bootstrapped: false, ..Node::new(uid) }));
    cluster.primary.get_or_insert(uid);
}

fn with_node(cluster: &mut Cluster, uid: NodeUid, change: impl FnOnce(&mut Node)) {
    if let Some(node) = cluster.node_mut(uid) {
        change(node);
    }
}

fn with_instance(cluster: &mut Cluster, slot: Slot, change: impl FnOnce(&mut Instance)) {
    if let Some(Some(instance)) = cluster.slot_mut(slot) {
        change(instance);
    }
}

impl Move {
    /// The edge it takes; none if the status stays.
    pub(super) fn trigger(self) -> Option<Trigger> {
        Some(match self {
            Self::Start => Trigger::Start,
            Self::Run => Trigger::Run,
            Self::Complete => Trigger::Complete,
            Self::Fail(_) => Trigger::Fail,
            Self::BeginCancel => Trigger::BeginCancel,
            Self::FinishCancel => Trigger::FinishCancel,
            Self::Abort => Trigger::Abort,
            Self::Advance | Self::Progress(_) | Self::Expire => return None,
        })
    }

    /// One of each kind that an instance could make, whether or not it may now. Progress goes to the next
    /// quarter: the law only compares it, so that one value stands for all.
    pub fn candidates(instance: &Instance) -> impl Iterator<Item = Self> {
        let quarter = (instance.progress.hundredths() / 2_500 + 1) * 2_500;
        let progress = Progress::new(quarter).map(Self::Progress);
        [Self::Start, Self::Run, Self::Advance]
            .into_iter()
            .chain(progress)
            .chain([Self::Complete])
            .chain(ErrorCode::ALL.map(Self::Fail))
            .chain([Self::BeginCancel, Self::FinishCancel, Self::Abort, Self::Expire])
    }
}

impl Cluster {
    /// The events that may happen now, in a fixed order. Of progress values, the next quarter stands for all;
    /// of joining nodes, one whose uid follows the highest, or was removed; new snapshots are left out, since
    /// their names are without number.
    pub fn enabled(&self, rules: &Rules) -> Vec<Event> {
        let moves = self.slots().flat_map(|slot| {
            let candidates = self.instance(slot).into_iter().flat_map(Move::candidates);
            candidates.map(move |step| Event::Task(slot, step))
        });
        let of_nodes = self.nodes().iter().flat_map(|node| {
            let uid = node.uid;
            [Event::NodeDown(uid), Event::NodeUp(uid), Event::Bootstrap(uid), Event::Elect(uid)]
        });
        let next = self.nodes().last().map_or(1, |node| node.uid.0.saturating_add(1));
        let removed = self.departed().iter().map(|departed| departed.uid);
        let joins = removed.chain([NodeUid(next)]).map(Event::Join);
        let all = moves.chain(of_nodes).chain(joins);
        all.filter(|event| check(self, rules, event).is_ok()).collect()
    }

    /// Whether an event may happen now; if not, why.
    pub fn admits(&self, rules: &Rules, event: &Event) -> Result<(), Hindrance> {
        check(self, rules, event)
    }
}
