//! What the actions did to the data of the cluster.

use super::{Coverage, Mark};
use crate::model::invariant::Transition;
use crate::model::{
    Act, Cluster, ErrorCode, Event, Instance, Move, Node, NodeAction, NodeUid, Parameters, Reply, ShardRole,
};
use crate::model::{ShardUid, Slot, Status};

impl Coverage {
    pub(super) fn note_data(&mut self, transition: &Transition<'_>) {
        let (Act::Event(event), Reply::Happened) = (&transition.input.act, transition.reply) else { return };
        match event {
            Event::Task(slot, step) => self.note_move(transition, *slot, *step),
            Event::Migrate { .. } => self.mark(Mark::Migrates),
            Event::FailOver { .. } => self.mark(Mark::TakesOver),
            Event::DeleteDatabase(_) => self.mark(Mark::DatabaseDeleted),
            _ => {}
        }
    }

    fn note_move(&mut self, transition: &Transition<'_>, slot: Slot, step: Move) {
        let before = transition.before;
        let known = !before.databases().is_empty();
        let cancelling = before.instance(slot).is_some_and(|it| it.status == Status::Cancelling);
        if cancelling && step.is_of_data() {
            self.mark(Mark::CancelledFinishes);
        }
        let leaves = matches!(slot, Slot::Node(_, NodeAction::Remove));
        if leaves && matches!(step, Move::FailOver { .. }) {
            self.mark(Mark::HandsOverFirst);
        }
        match slot {
            Slot::Node(uid, NodeAction::MaintenanceOn) => self.note_on(transition, uid, step),
            Slot::Node(uid, NodeAction::MaintenanceOff) => self.note_off(transition, uid, step),
            Slot::Node(uid, NodeAction::Remove) => self.note_remove(before, uid, step),
            Slot::Node(_, NodeAction::EnslaveNode) => match step {
                Move::FailOver { .. } => self.mark(Mark::EnslaveHandsOver),
                Move::Endpoint { .. } => self.mark(Mark::EnslaveRebinds),
                Move::Complete => self.mark(Mark::EnslaveCompletes),
                Move::Fail(ErrorCode::InsufficientResources) if known => self.mark(Mark::EnslaveLacksReplica),
                _ => {}
            },
            Slot::ChangeMaster => {
                let is_on = |node: &Node| runs(node, NodeAction::MaintenanceOn).is_some();
                let moved = before.primary() != transition.after.primary();
                if moved && before.nodes().iter().any(|node| is_on(node)) {
                    self.mark(Mark::MasterDuringOn);
                }
                if matches!(step, Move::Fail(_)) {
                    self.mark(Mark::MasterFails);
                }
            }
        }
    }

    fn note_on(&mut self, transition: &Transition<'_>, uid: NodeUid, step: Move) {
        let slot = Slot::Node(uid, NodeAction::MaintenanceOn);
        let Some((node, instance)) = run(transition.before, slot) else { return };
        let known = !transition.before.databases().is_empty();
        match step {
            Move::Shard { shard, .. } => {
                let master = role(node, shard) == Some(ShardRole::Master);
                self.mark(if master { Mark::OnMovesMaster } else { Mark::OnMovesReplica });
            }
            Move::FailOver { .. } => self.mark(Mark::OnDemotes),
            Move::Endpoint { .. } => self.mark(Mark::OnRebinds),
            Move::Complete if !node.shards.is_empty() => self.mark(Mark::OnKeeps),
            Move::Complete if !instance.work.moved.is_empty() => self.mark(Mark::OnEmpties),
            Move::Fail(_) if instance.work.steps == 0 => {
                let stopped = transition.before.admits(transition.rules, &Event::Task(slot, Move::Advance));
                if stopped.is_err() {
                    self.mark(Mark::OnLacksQuorum);
                }
            }
            Move::Fail(ErrorCode::InsufficientResources) if known => self.mark(Mark::OnLacksSpace),
            Move::FinishCancel if !instance.work.moved.is_empty() => self.mark(Mark::OnCancelledHalfway),
            Move::Run => {
                if node.in_maintenance() {
                    self.mark(Mark::OnAgain);
                }
                let mut others = transition.before.nodes().iter().filter(|other| other.uid != uid);
                if others.any(|other| runs(other, NodeAction::MaintenanceOn).is_some()) {
                    self.mark(Mark::OnOverlaps);
                }
            }
            _ => {}
        }
    }

    fn note_off(&mut self, transition: &Transition<'_>, uid: NodeUid, step: Move) {
        let slot = Slot::Node(uid, NodeAction::MaintenanceOff);
        let Some((node, instance)) = run(transition.before, slot) else { return };
        let known = !transition.before.databases().is_empty();
        match step {
            Move::Shard { .. } => self.mark(Mark::OffReturns),
            Move::FailOver { .. } => self.mark(Mark::OffRestoresRole),
            Move::Endpoint { .. } => self.mark(Mark::OffRebinds),
            Move::Fail(ErrorCode::InsufficientResources) if known => self.mark(Mark::OffLacksSpace),
            Move::Run if runs(node, NodeAction::MaintenanceOn).is_some() => self.mark(Mark::OffDuringOn),
            Move::Complete => {
                let loaded = instance.work.loaded.iter();
                let mut shards = loaded.flat_map(|snapshot| snapshot.shards.iter());
                if shards.any(|(uid, _)| transition.before.holder(*uid).is_none()) {
                    self.mark(Mark::OffMissesShards);
                }
            }
            _ => {}
        }
    }

    fn note_remove(&mut self, before: &Cluster, uid: NodeUid, step: Move) {
        let Some((node, instance)) = run(before, Slot::Node(uid, NodeAction::Remove)) else { return };
        let known = !before.databases().is_empty();
        match step {
            Move::Shard { .. } => self.mark(Mark::RemoveMoves),
            Move::Endpoint { .. } => self.mark(Mark::RemoveRebinds),
            Move::Persist { .. }
                if matches!(&instance.parameters,
                Parameters::Remove(order) if order.wait_for_persistence == Some(true)) =>
            {
                self.mark(Mark::RemoveWaits);
            }
            Move::Complete if node.in_maintenance() => self.mark(Mark::RemoveInMaintenance),
            Move::Fail(_) if before.nodes().len() == 1 => self.mark(Mark::RemoveLast),
            Move::Fail(ErrorCode::InsufficientResources) if known => self.mark(Mark::RemoveLacksCapacity),
            Move::FinishCancel if !instance.work.moved.is_empty() => self.mark(Mark::RemoveCancelledHalfway),
            _ => {}
        }
    }
}

/// The node of a slot, and its instance.
fn run(cluster: &Cluster, slot: Slot) -> Option<(&Node, &Instance)> {
    cluster.node_of(slot).zip(cluster.instance(slot))
}

/// The running instance of an action of a node.
fn runs(node: &Node, action: NodeAction) -> Option<&Instance> {
    node.instance(action).filter(|instance| instance.status == Status::Running)
}

fn role(node: &Node, shard: ShardUid) -> Option<ShardRole> {
    node.shard(shard).map(|shard| shard.role)
}
