//! Every invariant has been seen to say no.
//!
//! For each invariant there is a law with one planted fault. A campaign over that law must find it, and must
//! find it by that invariant: a fault that another one catches first proves nothing about this one.

mod data;
mod hasty;

use action_oracle::model::invariant;
use action_oracle::model::{
    Act, Answer, Caller, Cluster, ErrorCode, Event, Input, Instance, Method, Move, Node, NodeAction, NodeUid,
    Observation, Parameters, Parts, Progress, Refusal, Remove, Reply, Role, Slot, Snapshot, SnapshotKind,
    Status, TaskId, Why, Work, step,
};
use action_oracle::sim::{End, Law, Options, Seed, Simulator, canary};
use action_oracle::spec::Rules;

/// Campaigns over a planted fault may take so many seeds.
const SEEDS: u64 = 400;

#[track_caller]
fn is_found_by(invariant: &str, law: Law) {
    let mut simulator = Simulator::of(Options::default(), law);
    let found = (0..SEEDS).find_map(|seed| match simulator.run(Seed(seed)).end {
        End::Broken(broken) => Some(broken),
        End::Quiet | End::Stuck(_) => None,
    });
    let found =
        found.unwrap_or_else(|| panic!("{SEEDS} seeds did not find the fault planted for {invariant}"));
    assert_eq!(found.invariant, invariant, "{}", found.how);
}

/// Does a step of the true law, then lets `spoil` change reply and state.
fn spoiled(
    cluster: &mut Cluster,
    rules: &Rules,
    input: &Input,
    spoil: impl FnOnce(&Cluster, &mut Reply, &mut Parts) -> Option<()>,
) -> Reply {
    let before = cluster.clone();
    let mut reply = step(cluster, rules, input);
    let mut parts = Parts::from(&*cluster);
    if spoil(&before, &mut reply, &mut parts).is_some() {
        *cluster = parts.unchecked();
    }
    reply
}

/// The move of an instance, if the input is one that happened.
fn moved(input: &Input, reply: &Reply) -> Option<(Slot, Move)> {
    match (&input.act, reply) {
        (Act::Event(Event::Task(slot, step)), Reply::Happened) => Some((*slot, *step)),
        _ => None,
    }
}

/// The node whose instance of an action made this move.
fn on_node(input: &Input, reply: &Reply, action: NodeAction, made: impl Fn(Move) -> bool) -> Option<NodeUid> {
    match moved(input, reply)? {
        (Slot::Node(uid, moved), step) if moved == action && made(step) => Some(uid),
        _ => None,
    }
}

fn fails(step: Move) -> bool {
    matches!(step, Move::Fail(_))
}

fn node(parts: &mut Parts, uid: NodeUid) -> Option<&mut Node> {
    parts.nodes.iter_mut().find(|node| node.uid == uid)
}

fn place(parts: &mut Parts, slot: Slot) -> Option<&mut Option<Instance>> {
    match slot {
        Slot::Node(uid, action) => node(parts, uid).map(|node| &mut node.slots[action as usize]),
        Slot::ChangeMaster => Some(&mut parts.change_master),
    }
}

fn instance(parts: &mut Parts, slot: Slot) -> Option<&mut Instance> {
    place(parts, slot)?.as_mut()
}

/// A slot that holds an instance in that status.
fn slot_in(cluster: &Cluster, status: Status) -> Option<Slot> {
    let mut slots = cluster.slots();
    slots.find(|slot| cluster.instance(*slot).is_some_and(|instance| instance.status == status))
}

fn accepted(reply: &Reply) -> Option<(Slot, TaskId)> {
    match reply {
        Reply::Answer(Answer::Accepted(slot, task)) => Some((*slot, *task)),
        _ => None,
    }
}

fn queued(task: u32) -> Instance {
    Instance {
        task: TaskId(task),
        status: Status::Queued,
        progress: Progress::NONE,
        cancel_requested: false,
        error: None,
        parameters: Parameters::Remove(Remove { wait_for_persistence: None }),
        work: Work::default(),
    }
}

fn maintenance_snapshot(name: &str, input: &Input) -> Snapshot {
    let (name, kind) = (name.into(), SnapshotKind::Maintenance);
    let (shards, endpoints) = (Box::default(), Box::default());
    Snapshot { name, created: input.at, kind, activations: 0, shards, endpoints }
}

/// Tests that a fault is found by the invariant that is named like the test.
macro_rules! faults {
    ($($test:ident($before:pat, $input:pat, $reply:pat, $parts:pat) $spoil:block)+) => {
        /// The invariants for which a fault is planted here.
        pub(super) const PLANTED: &[&str] = &[$(stringify!($test)),+];
        $(
            #[test]
            fn $test() {
                fn law(cluster: &mut Cluster, rules: &Rules, input: &Input) -> Reply {
                    let $input = input;
                    spoiled(cluster, rules, input, |$before, $reply, $parts| $spoil)
                }
                is_found_by(&stringify!($test).replace('_', "-"), law);
            }
        )+
    };
}

use faults;

faults! {
    legal_edges(_, input, reply, parts) {
        let (slot, _) = moved(input, reply).filter(|(_, step)| *step == Move::Start)?;
        instance(parts, slot)?.status = Status::Running;
        Some(())
    }
    final_is_final(before, input, reply, parts) {
        moved(input, reply)?;
        let ended = instance(parts, slot_in(before, Status::Completed)?)?;
        ended.status = Status::Failed;
        ended.error = Some(ErrorCode::InternalError);
        Some(())
    }
    fresh_is_queued(_, _, reply, parts) {
        instance(parts, accepted(reply)?.0)?.status = Status::Starting;
        Some(())
    }
    progress_only_grows(before, input, reply, parts) {
        let (slot, step) = moved(input, reply)?;
        let reports = matches!(step, Move::Progress(_)) && before.instance(slot)?.progress > Progress::NONE;
        instance(parts, slot).filter(|_| reports)?.progress = Progress::NONE;
        Some(())
    }
    completed_is_complete(before, input, reply, parts) {
        let (slot, _) = moved(input, reply).filter(|(_, step)| *step == Move::Complete)?;
        instance(parts, slot)?.progress = before.instance(slot)?.progress;
        Some(())
    }
    error_means_failed(_, input, reply, parts) {
        let (slot, _) = moved(input, reply).filter(|(_, step)| fails(*step))?;
        instance(parts, slot)?.error = None;
        Some(())
    }
    one_instance(before, input, reply, parts) {
        let Act::Request(request) = &input.act else { return None };
        let refused = matches!(reply, Reply::Refused(Refusal { why: Why::Conflict, .. }));
        let slot = request.path.slot().filter(|_| refused)?;
        parts.tasks += 1;
        *place(parts, slot)? = Some(queued(before.tasks() + 1));
        *reply = Reply::Answer(Answer::Accepted(slot, TaskId(before.tasks() + 1)));
        Some(())
    }
    only_a_post_starts(before, input, reply, parts) {
        let (Slot::Node(uid, _), _) = moved(input, reply)? else { return None };
        let empty = place(parts, Slot::Node(uid, NodeAction::Remove)).filter(|place| place.is_none())?;
        *empty = Some(queued(before.tasks() + 1));
        parts.tasks += 1;
        Some(())
    }
    tasks_are_unique(before, _, reply, parts) {
        let (slot, _) = accepted(reply).filter(|(slot, _)| before.instance(*slot).is_none())?;
        let used = TaskId(before.tasks()).max(TaskId(1));
        instance(parts, slot).filter(|_| before.tasks() > 0)?.task = used;
        *reply = Reply::Answer(Answer::Accepted(slot, used));
        Some(())
    }
    status_stays_readable(before, input, reply, parts) {
        moved(input, reply).filter(|(_, step)| *step == Move::Start)?;
        *place(parts, slot_in(before, Status::Completed)?)? = None;
        Some(())
    }
    resubmit_removes_at_once(before, _, reply, parts) {
        let (slot, _) = accepted(reply)?;
        *place(parts, slot)? = Some(before.instance(slot)?.clone());
        Some(())
    }
    delete_ends_or_clears(before, _, reply, parts) {
        let Reply::Answer(Answer::Deleted(slot)) = reply else { return None };
        let running = before.instance(*slot).filter(|instance| instance.status == Status::Running)?;
        *place(parts, *slot)? = Some(running.clone());
        Some(())
    }
    refused_changes_nothing(before, _, reply, parts) {
        let running = slot_in(before, Status::Running)?;
        matches!(reply, Reply::Refused(refusal) if refusal.code == 409).then_some(())?;
        instance(parts, running)?.status = Status::Failed;
        Some(())
    }
    reading_changes_nothing(_, input, reply, parts) {
        let Reply::Answer(Answer::Action(view)) = reply else { return None };
        matches!(&input.act, Act::Request(request) if request.method == Method::Get).then_some(())?;
        *place(parts, view.slot)? = None;
        Some(())
    }
    get_shows_what_is_there(_, _, reply, _) {
        let Reply::Answer(Answer::Action(view)) = reply else { return None };
        view.status = if view.status == Status::Queued { Status::Running } else { Status::Queued };
        Some(())
    }
    list_shows_all(_, _, reply, _) {
        let Reply::Answer(Answer::Actions(_, views)) = reply else { return None };
        views.pop().map(|_| ())
    }
    conflict_means_live(before, _, reply, parts) {
        accepted(reply)?;
        let live = before.slots().any(|slot| before.instance(slot).is_some_and(Instance::is_live));
        (!live).then_some(())?;
        *reply = Reply::Refused(Refusal { code: 409, why: Why::Conflict });
        *parts = Parts::from(before);
        Some(())
    }
    only_admin_changes(before, input, reply, parts) {
        let Act::Request(request) = &input.act else { return None };
        matches!(request.caller, Caller::Role(role) if role > Role::None && role < Role::Admin).then_some(())?;
        let mut request = request.clone();
        request.caller = Caller::Role(Role::Admin);
        let mut after = before.clone();
        *reply = step(&mut after, &Rules::default(), &Input { at: input.at, act: Act::Request(request) });
        *parts = Parts::from(&after);
        Some(())
    }
    credentials_come_first(_, input, reply, _) {
        let Act::Request(request) = &input.act else { return None };
        matches!(request.caller, Caller::Missing | Caller::Wrong).then_some(())?;
        *reply = Reply::Refused(Refusal { code: 403, why: Why::Forbidden });
        Some(())
    }
    observed_is_there(_, _, reply, _) {
        let Reply::Answer(Answer::Observed(Observation::NodeStatus(view))) = reply else { return None };
        view.maintenance_snapshot.take().map(|_| ())
    }
    deleted_snapshot_is_gone(before, _, reply, parts) {
        let Reply::Answer(Answer::SnapshotDeleted(view)) = reply else { return None };
        node(parts, view.node)?.snapshots.clone_from(&before.node(view.node)?.snapshots);
        Some(())
    }
    one_maintenance_snapshot(before, input, reply, parts) {
        let uid = on_node(input, reply, NodeAction::MaintenanceOn, |step| step == Move::Advance)?;
        let old = before.node(uid)?.snapshots.iter().find(|old| old.kind == SnapshotKind::Maintenance)?;
        let node = node(parts, uid)?;
        node.snapshots.retain(|snapshot| snapshot != old);
        node.snapshots.push(old.clone());
        node.snapshots.push(maintenance_snapshot("another", input));
        Some(())
    }
    snapshots_are_made_by_maintenance_on(before, input, reply, parts) {
        let uid = on_node(input, reply, NodeAction::MaintenanceOn, |step| step == Move::Start)?;
        before.node(uid)?.snapshots.is_empty().then_some(())?;
        node(parts, uid)?.snapshots.push(maintenance_snapshot("too-early", input));
        Some(())
    }
    snapshot_kept_unless_overwritten(before, input, reply, parts) {
        let uid = on_node(input, reply, NodeAction::MaintenanceOn, |step| step == Move::Advance)?;
        let instance = before.node(uid)?.instance(NodeAction::MaintenanceOn)?;
        let asked = matches!(&instance.parameters, Parameters::MaintenanceOn(order) if order.overwrite_snapshot);
        (!asked).then_some(())?;
        let old = before.node(uid)?.snapshots.clone();
        let is_old = |new: &Snapshot| new.kind == SnapshotKind::Maintenance && old.contains(new);
        let kept = node(parts, uid)?.snapshots.iter_mut().find(|new| is_old(new))?;
        *kept = maintenance_snapshot("overwritten", input);
        Some(())
    }
    failed_on_keeps_snapshots(_, input, reply, parts) {
        let uid = on_node(input, reply, NodeAction::MaintenanceOn, fails)?;
        node(parts, uid)?.snapshots.pop().map(|_| ())
    }
    only_a_completed_off_deletes(_, input, reply, parts) {
        let uid = on_node(input, reply, NodeAction::MaintenanceOff, fails)?;
        node(parts, uid)?.snapshots.pop().map(|_| ())
    }
    snapshot_before_mark(before, input, reply, parts) {
        let uid = on_node(input, reply, NodeAction::MaintenanceOn, |step| step == Move::Start)?;
        (before.node(uid)?.activations == 0).then_some(())?;
        node(parts, uid)?.activations = 1;
        Some(())
    }
    mark_ends_with_off(_, input, reply, parts) {
        let uid = on_node(input, reply, NodeAction::MaintenanceOn, fails)?;
        node(parts, uid)?.activations = 0;
        Some(())
    }
    removal_mark_from_acceptance(_, _, reply, parts) {
        let (Slot::Node(uid, NodeAction::Remove), _) = accepted(reply)? else { return None };
        node(parts, uid)?.leaving = false;
        Some(())
    }
    removal_mark_stays(_, input, reply, parts) {
        let uid = on_node(input, reply, NodeAction::Remove, fails)?;
        node(parts, uid)?.leaving = false;
        Some(())
    }
    leaves_only_by_remove(before, input, reply, parts) {
        let uid = on_node(input, reply, NodeAction::Remove, fails)?;
        (before.primary() != Some(uid)).then_some(())?;
        parts.nodes.retain(|node| node.uid != uid);
        Some(())
    }
    exactly_one_primary(_, input, reply, parts) {
        moved(input, reply)?;
        parts.primary = None;
        Some(())
    }
    primary_moves_for_a_reason(before, input, reply, parts) {
        on_node(input, reply, NodeAction::MaintenanceOn, |step| step == Move::Complete)?;
        let other = before.nodes().iter().find(|node| Some(node.uid) != before.primary())?;
        parts.primary = Some(other.uid);
        Some(())
    }
}

#[test]
fn a_fault_is_planted_for_every_invariant() {
    let planted = PLANTED.iter().chain(data::PLANTED).chain(hasty::PLANTED);
    let mut planted: Vec<_> = planted.map(|name| name.replace('_', "-")).collect();
    let mut names: Vec<_> = invariant::ALL.iter().map(|invariant| invariant.name).collect();
    planted.sort();
    names.sort();
    assert_eq!(planted, names);
}

#[test]
fn the_canary_is_caught() {
    is_found_by("legal-edges", canary);
}
