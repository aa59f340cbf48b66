//! What the cluster does by itself: proposes one event after the other.
//!
//! It knows no rule of the API. It proposes, the law disposes: what it proposes may be impossible, and whoever asks
//! tells it then ([`Nature::hear`]). It draws from the stream that it is given and has none of its own, so that a
//! simulated run and a server that follows the same seed can each keep one.

use std::sync::Arc;

use super::fault::{Fault, Faults};
use super::seed::{Ratio, Rng};
use super::workload::USER_SNAPSHOT;
use crate::model::{
    Act, Cluster, ErrorCode, Event, Hindrance, Instance, Move, Node, NodeAction, NodeUid, Progress, Reply,
};
use crate::model::{Slot, Status};
use crate::spec::Rules;

/// How many slots are looked at before it is found that nothing happens.
const TRIES: usize = 4;

/// Proposes what happens in a cluster without a request.
#[derive(Debug, Clone)]
pub struct Nature {
    rules: Rules,
    faults: Faults,
    /// Nodes with uids up to this one join when they are missing.
    nodes: u32,
    /// The run that something stood in the way of last.
    blocked: Option<Slot>,
}

impl Nature {
    /// What happens under these rules, with these faults. Nodes up to that uid join when they are missing.
    pub fn new(rules: Rules, faults: Faults, nodes: u32) -> Self {
        Self { rules, faults, nodes, blocked: None }
    }

    /// Hears what came of an event. A run that is blocked is given a way out next.
    pub fn hear(&mut self, act: &Act, reply: &Reply) {
        if let (Act::Event(Event::Task(slot, _)), Reply::NotEnabled(Hindrance::Blocked(_))) = (act, reply) {
            self.blocked = Some(*slot);
        }
    }

    /// Any event: of an instance, of a node, of the data. None if nothing happens this time.
    pub fn propose(&mut self, rng: &mut Rng, cluster: &Cluster) -> Option<Event> {
        if let Some(slot) = self.blocked.take() {
            return self.way_out(rng, cluster, slot);
        }
        if cluster.nodes().is_empty() || rng.below(12) == 0 {
            return Some(self.of_nodes(rng, cluster));
        }
        let slots = cluster.nodes().len() * NodeAction::ALL.len() + 1;
        let start = rng.index(slots);
        for tried in 0..slots.min(TRIES) {
            let slot = nth_slot(cluster, (start + tried) % slots);
            let Some(instance) = cluster.instance(slot) else { continue };
            if let Some(step) = self.step(rng, cluster, slot, instance) {
                return Some(Event::Task(slot, step));
            }
        }
        None
    }

    /// An event of an instance, of those that may move. None if none of them has anything left to do. A run that
    /// cannot go on fails, with the error that fits.
    pub fn propose_step(
        &mut self,
        rng: &mut Rng,
        cluster: &Cluster,
        may_move: impl Fn(Slot) -> bool,
    ) -> Option<Event> {
        if let Some(slot) = self.blocked.take().filter(|slot| may_move(*slot)) {
            let way = self.way_out(rng, cluster, slot)?;
            let failures = ErrorCode::ALL.map(|code| Event::Task(slot, Move::Fail(code)));
            let due = failures.into_iter().find(|failure| cluster.admits(&self.rules, failure).is_ok());
            let is_fault = matches!(way, Event::Task(_, Move::Fail(_) | Move::Abort));
            return Some(due.filter(|_| is_fault).unwrap_or(way));
        }
        let goes_on = |slot: &Slot| {
            let instance = cluster.instance(*slot);
            instance.is_some_and(|it| it.is_live() || self.expires(cluster, *slot)) && may_move(*slot)
        };
        let slots: Vec<_> = cluster.slots().filter(goes_on).collect();
        let slot = (!slots.is_empty()).then(|| *rng.choose(&slots))?;
        let step = self.step(rng, cluster, slot, cluster.instance(slot)?)?;
        Some(Event::Task(slot, step))
    }

    /// What leads a blocked run on, by failing or being aborted only if there is nothing else.
    fn way_out(&self, rng: &mut Rng, cluster: &Cluster, slot: Slot) -> Option<Event> {
        let rules = &self.rules;
        let instance = cluster.instance(slot)?;
        let candidates = Move::candidates(instance).chain(cluster.data_moves(rules, slot));
        let open = |step: &Move| cluster.admits(rules, &Event::Task(slot, *step)).is_ok();
        let ways = without_faults(candidates.filter(open).collect());
        (!ways.is_empty()).then(|| Event::Task(slot, *rng.choose(&ways)))
    }

    /// What an instance might do next; nothing if it has ended.
    fn step(&self, rng: &mut Rng, cluster: &Cluster, slot: Slot, instance: &Instance) -> Option<Move> {
        let faults = self.faults;
        let fault = |fault, step, otherwise| if faults.has(fault) { step } else { otherwise };
        Some(match (instance.status, rng.below(16)) {
            (Status::Queued, _) => Move::Start,
            (Status::Starting, 0..=1) => fault(Fault::Abort, Move::Abort, Move::Run),
            (Status::Starting, 2) => Move::Fail(error(rng)),
            (Status::Starting, _) => Move::Run,
            (Status::Running, 2..=9) if instance.cancel_requested => Move::BeginCancel,
            (Status::Running, 0..=6) if instance.work.steps < slot.steps() => Move::Advance,
            (Status::Running, 0..=4) if !cluster.databases().is_empty() => {
                self.data_move(rng, cluster, slot).unwrap_or(Move::Complete)
            }
            (Status::Running, 0..=6) => progress(rng, instance),
            (Status::Running, 7..=8) => {
                let code = error(rng);
                fault(Fault::Fail, Move::Fail(code), Move::Complete)
            }
            (Status::Running, 9) => fault(Fault::Abort, Move::Abort, Move::Complete),
            (Status::Running, _) => Move::Complete,
            (Status::Cancelling, 2..=5) if instance.work.unfinished => {
                self.data_move(rng, cluster, slot).unwrap_or(Move::FinishCancel)
            }
            (Status::Cancelling, 0) => Move::Complete,
            (Status::Cancelling, 1) => Move::Fail(error(rng)),
            (Status::Cancelling, _) => Move::FinishCancel,
            (_, 0) if self.expires(cluster, slot) => Move::Expire,
            _ => return None,
        })
    }

    /// Whether the status of a slot may be forgotten.
    fn expires(&self, cluster: &Cluster, slot: Slot) -> bool {
        cluster.admits(&self.rules, &Event::Task(slot, Move::Expire)).is_ok()
    }

    /// One of the things that the run has to do to the data, in one of the ways to do it.
    fn data_move(&self, rng: &mut Rng, cluster: &Cluster, slot: Slot) -> Option<Move> {
        let duties = cluster.duties(&self.rules, slot);
        let writes = duties.is_empty() || rng.chance(Ratio(1, 4));
        if let Some(step) = cluster.unwritten(slot).filter(|_| writes) {
            return Some(step);
        }
        let duty = (!duties.is_empty()).then(|| *rng.choose(&duties))?;
        let helps = if rng.chance(Ratio(1, 8)) { cluster.helps(slot, duty) } else { Vec::new() };
        let ways = if helps.is_empty() { cluster.ways(slot, duty) } else { helps };
        (!ways.is_empty()).then(|| *rng.choose(&ways))
    }

    /// Something happens to a node: it goes, comes, joins, takes over, or a user makes a snapshot of it.
    fn of_nodes(&self, rng: &mut Rng, cluster: &Cluster) -> Event {
        let nodes = cluster.nodes();
        let faults = self.faults;
        let missing = (1..=self.nodes).map(NodeUid).find(|uid| cluster.node(*uid).is_none());
        if let Some(uid) = missing.filter(|_| nodes.is_empty() || rng.chance(Ratio(1, 3))) {
            return Event::Join(uid);
        }
        if !cluster.databases().is_empty() && rng.chance(Ratio(2, 3)) {
            return of_data(rng, cluster);
        }
        let uid = rng.choose(nodes).uid;
        match rng.below(8) {
            0..=1 if faults.has(Fault::NodeDown) => Event::NodeDown(uid),
            2 if faults.has(Fault::PrimaryLost) => Event::NodeDown(cluster.primary().unwrap_or(uid)),
            3 if faults.has(Fault::PrimaryLost) => Event::Elect(uid),
            4..=5 => Event::NodeUp(uid),
            6 => Event::Bootstrap(uid),
            _ => Event::CreateSnapshot(uid, USER_SNAPSHOT.into()),
        }
    }
}

fn progress(rng: &mut Rng, instance: &Instance) -> Move {
    let step = rng.below(4_000);
    let hundredths = u32::from(instance.progress.hundredths()) + step;
    let hundredths = u16::try_from(hundredths).ok().and_then(Progress::new);
    Move::Progress(hundredths.unwrap_or(Progress::FULL))
}

fn error(rng: &mut Rng) -> ErrorCode {
    let open = rng.below(8) == 0;
    let known = [ErrorCode::InternalError, ErrorCode::InsufficientResources];
    if open { ErrorCode::Unlisted } else { *rng.choose(&known) }
}

/// Something happens to the data: a shard is moved, a replica takes over, a database is deleted.
fn of_data(rng: &mut Rng, cluster: &Cluster) -> Event {
    let nodes = cluster.nodes();
    let from = rng.choose(nodes);
    // A node that is being restored is the most interesting target: it may be filled before it is done.
    let restored = |node: &&Arc<Node>| {
        let off = node.instance(NodeAction::MaintenanceOff);
        off.is_some_and(|it| it.status == Status::Running)
    };
    let aimed = nodes.iter().find(restored).filter(|_| rng.chance(Ratio(1, 2)));
    let to = aimed.unwrap_or_else(|| rng.choose(nodes));
    if rng.below(24) == 0 {
        return Event::DeleteDatabase(rng.choose(cluster.databases()).uid);
    }
    match (rng.below(2), from.shards.as_slice(), to.shards.as_slice()) {
        (0, [], _) | (_, _, []) => Event::NodeUp(to.uid),
        (0, shards, _) => Event::Migrate { shard: rng.choose(shards).uid, from: from.uid, to: to.uid },
        (_, _, shards) => {
            let lost = nodes.iter().find(|node| !node.up).unwrap_or(from);
            Event::FailOver { shard: rng.choose(shards).uid, from: lost.uid, to: to.uid }
        }
    }
}

fn nth_slot(cluster: &Cluster, nth: usize) -> Slot {
    let actions = NodeAction::ALL.len();
    match cluster.nodes().get(nth / actions) {
        Some(node) => Slot::Node(node.uid, NodeAction::ALL[nth % actions]),
        None => Slot::ChangeMaster,
    }
}

/// Leaves out failures and aborts, unless nothing else can happen.
pub(super) fn without_faults(moves: Vec<Move>) -> Vec<Move> {
    let is_fault = |step: &Move| matches!(step, Move::Fail(_) | Move::Abort);
    let others: Vec<_> = moves.iter().copied().filter(|step| !is_fault(step)).collect();
    if others.is_empty() { moves } else { others }
}
