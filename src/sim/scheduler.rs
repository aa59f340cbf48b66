//! Chooses the next input: a request of one of the clients, or an event of the cluster.
//!
//! It knows no rule of the API. It proposes, the law disposes: an event that cannot happen is part of the
//! alphabet like a request that is refused. What it chose is an input; nobody needs the scheduler to replay.

use std::sync::Arc;

use super::Attempt;
use super::fault::Fault;
use super::seed::{Ratio, Rng, Seed};
use super::swarm::Swarm;
use super::workload::{self, Menu, Operation, USER_SNAPSHOT};
use crate::model::{
    Act, Cluster, ErrorCode, Event, Hindrance, Instance, Move, Node, NodeAction, NodeUid, Path, Progress,
    Reply,
};
use crate::model::{Request, Slot, Status};
use crate::spec::Rules;

/// How many entries the table of operations has; a weight of 1 in 700 still gets one.
const TABLE: usize = 1_024;

/// How many slots the cluster looks at before it lets a client speak.
const TRIES: usize = 4;

/// What to do next.
#[derive(Debug)]
pub(super) enum Choice {
    /// Send this entry of the menu.
    Request(u32, Attempt),
    /// Send this, which no menu holds.
    Special(Request, Attempt),
    /// Let this happen.
    Event(Event),
}

/// A client keeps to a slot for a while, and asks again when it did not hear an answer.
#[derive(Debug, Clone, Default)]
struct Client {
    slot: usize,
    burst: u32,
    again: Option<u32>,
}

#[derive(Debug)]
pub(super) struct Scheduler {
    rng: Rng,
    swarm: Swarm,
    operations: Vec<Operation>,
    clients: Vec<Client>,
    hot: usize,
    duplicate: Option<(u32, Attempt)>,
    blocked: Option<Slot>,
}

impl Scheduler {
    pub(super) fn new(seed: Seed, swarm: &Swarm, menu: &Menu) -> Self {
        let mut rng = seed.fork("schedule");
        let hot = rng.index(menu.slots());
        let clients = vec![Client::default(); swarm.clients as usize];
        let operations = table(&swarm.weights);
        Self { rng, swarm: swarm.clone(), operations, clients, hot, duplicate: None, blocked: None }
    }

    /// A short time passes.
    pub(super) fn pause_us(&mut self) -> u64 {
        self.rng.below(1 << 20).into()
    }

    /// Chooses the next input.
    pub(super) fn next(&mut self, cluster: &Cluster, menu: &Menu) -> Choice {
        if let Some((entry, attempt)) = self.duplicate.take() {
            return Choice::Request(entry, attempt);
        }
        let acts = self.rng.below(16) < self.swarm.eagerness;
        match if acts { self.event(cluster) } else { None } {
            Some(event) => Choice::Event(event),
            None => self.request(cluster, menu),
        }
    }

    /// Hears what came of an event. A run that is blocked is given a way out next.
    pub(super) fn hear(&mut self, act: &Act, reply: &Reply) {
        if let (Act::Event(Event::Task(slot, _)), Reply::NotEnabled(Hindrance::Blocked(_))) = (act, reply) {
            self.blocked = Some(*slot);
        }
    }

    fn request(&mut self, cluster: &Cluster, menu: &Menu) -> Choice {
        let rng = &mut self.rng;
        let number = rng.index(self.clients.len());
        let client = &mut self.clients[number];
        let number = u32::try_from(number).expect("there are few clients");
        let mut attempt = Attempt { client: number, is_copy: false, is_lost: false };
        if let Some(entry) = client.again.take() {
            return Choice::Request(entry, attempt);
        }
        if client.burst == 0 {
            let hot = rng.below(16) < self.swarm.heat;
            client.slot = if hot { self.hot } else { rng.index(menu.slots()) };
            client.burst = rng.below(self.swarm.burst);
        } else {
            client.burst -= 1;
        }
        let operation = *rng.choose(&self.operations);
        if operation == Operation::DeleteSnapshot
            && let Some(path) = any_snapshot(rng, cluster)
        {
            return Choice::Special(workload::delete(&path), attempt);
        }
        let (first, count) = menu.range(operation, client.slot);
        let entry = first + rng.below(count);
        if self.swarm.faults.has(Fault::LostAnswer) && rng.chance(Ratio(1, 8)) {
            client.again = Some(entry);
            attempt.is_lost = true;
        }
        if self.swarm.faults.has(Fault::Duplicate) && rng.chance(Ratio(1, 8)) {
            self.duplicate = Some((entry, Attempt { is_copy: true, is_lost: false, ..attempt }));
        }
        Choice::Request(entry, attempt)
    }

    fn event(&mut self, cluster: &Cluster) -> Option<Event> {
        if let Some(slot) = self.blocked.take() {
            let instance = cluster.instance(slot)?;
            let ways: Vec<_> =
                Move::candidates(instance).chain(cluster.data_moves(&self.swarm.rules, slot)).collect();
            let rules = &self.swarm.rules;
            let open = |step: &Move| cluster.admits(rules, &Event::Task(slot, *step)).is_ok();
            let ways = without_faults(ways.into_iter().filter(open).collect());
            return (!ways.is_empty()).then(|| Event::Task(slot, *self.rng.choose(&ways)));
        }
        if cluster.nodes().is_empty() || self.rng.below(12) == 0 {
            return Some(self.of_nodes(cluster));
        }
        let slots = cluster.nodes().len() * NodeAction::ALL.len() + 1;
        let start = self.rng.index(slots);
        for tried in 0..slots.min(TRIES) {
            let slot = nth_slot(cluster, (start + tried) % slots);
            let Some(instance) = cluster.instance(slot) else { continue };
            if let Some(step) = self.step(cluster, slot, instance) {
                return Some(Event::Task(slot, step));
            }
        }
        None
    }

    /// What an instance might do next; nothing if it has ended.
    fn step(&mut self, cluster: &Cluster, slot: Slot, instance: &Instance) -> Option<Move> {
        let faults = self.swarm.faults;
        let fault = |fault, step, otherwise| if faults.has(fault) { step } else { otherwise };
        Some(match (instance.status, self.rng.below(16)) {
            (Status::Queued, _) => Move::Start,
            (Status::Starting, 0..=1) => fault(Fault::Abort, Move::Abort, Move::Run),
            (Status::Starting, 2) => Move::Fail(self.error()),
            (Status::Starting, _) => Move::Run,
            (Status::Running, 0..=9) if instance.cancel_requested => Move::BeginCancel,
            (Status::Running, 0..=6) if instance.work.steps < slot.steps() => Move::Advance,
            (Status::Running, 0..=4) if !cluster.databases().is_empty() => {
                self.data_move(cluster, slot).unwrap_or(Move::Complete)
            }
            (Status::Running, 0..=6) => self.progress(instance),
            (Status::Running, 7..=8) => {
                let code = self.error();
                fault(Fault::Fail, Move::Fail(code), Move::Complete)
            }
            (Status::Running, 9) => fault(Fault::Abort, Move::Abort, Move::Complete),
            (Status::Running, _) => Move::Complete,
            (Status::Cancelling, 2..=5) if instance.work.unfinished => {
                self.data_move(cluster, slot).unwrap_or(Move::FinishCancel)
            }
            (Status::Cancelling, 0) => Move::Complete,
            (Status::Cancelling, 1) => Move::Fail(self.error()),
            (Status::Cancelling, _) => Move::FinishCancel,
            (_, 0) if self.expires(cluster, slot) => Move::Expire,
            _ => return None,
        })
    }

    /// Whether the status of a slot may be forgotten.
    fn expires(&self, cluster: &Cluster, slot: Slot) -> bool {
        cluster.admits(&self.swarm.rules, &Event::Task(slot, Move::Expire)).is_ok()
    }

    /// One of the things that the run has to do to the data, in one of the ways to do it.
    fn data_move(&mut self, cluster: &Cluster, slot: Slot) -> Option<Move> {
        let duties = cluster.duties(&self.swarm.rules, slot);
        let writes = duties.is_empty() || self.rng.chance(Ratio(1, 4));
        if let Some(step) = cluster.unwritten(slot).filter(|_| writes) {
            return Some(step);
        }
        let duty = (!duties.is_empty()).then(|| *self.rng.choose(&duties))?;
        let helps = if self.rng.chance(Ratio(1, 8)) { cluster.helps(slot, duty) } else { Vec::new() };
        let ways = if helps.is_empty() { cluster.ways(slot, duty) } else { helps };
        (!ways.is_empty()).then(|| *self.rng.choose(&ways))
    }

    fn progress(&mut self, instance: &Instance) -> Move {
        let step = self.rng.below(4_000);
        let hundredths = u32::from(instance.progress.hundredths()) + step;
        let hundredths = u16::try_from(hundredths).ok().and_then(Progress::new);
        Move::Progress(hundredths.unwrap_or(Progress::FULL))
    }

    fn error(&mut self) -> ErrorCode {
        let open = self.rng.below(8) == 0;
        let known = [ErrorCode::InternalError, ErrorCode::InsufficientResources];
        if open { ErrorCode::Unlisted } else { *self.rng.choose(&known) }
    }

    /// Something happens to a node: it goes, comes, joins, takes over, or a user makes a snapshot of it.
    fn of_nodes(&mut self, cluster: &Cluster) -> Event {
        let nodes = cluster.nodes();
        let faults = self.swarm.faults;
        let missing = (1..=self.swarm.nodes).map(NodeUid).find(|uid| cluster.node(*uid).is_none());
        if let Some(uid) = missing.filter(|_| nodes.is_empty() || self.rng.chance(Ratio(1, 3))) {
            return Event::Join(uid);
        }
        if !cluster.databases().is_empty() && self.rng.chance(Ratio(2, 3)) {
            return self.of_data(cluster);
        }
        let uid = self.rng.choose(nodes).uid;
        match self.rng.below(8) {
            0..=1 if faults.has(Fault::NodeDown) => Event::NodeDown(uid),
            2 if faults.has(Fault::PrimaryLost) => Event::NodeDown(cluster.primary().unwrap_or(uid)),
            3 if faults.has(Fault::PrimaryLost) => Event::Elect(uid),
            4..=5 => Event::NodeUp(uid),
            6 => Event::Bootstrap(uid),
            _ => Event::CreateSnapshot(uid, USER_SNAPSHOT.into()),
        }
    }
}

impl Scheduler {
    /// Something happens to the data: a shard is moved, a replica takes over, a database is deleted.
    fn of_data(&mut self, cluster: &Cluster) -> Event {
        let nodes = cluster.nodes();
        let from = self.rng.choose(nodes);
        // A node that is being restored is the most interesting target: it may be filled before it is done.
        let restored = |node: &&Arc<Node>| {
            let off = node.instance(NodeAction::MaintenanceOff);
            off.is_some_and(|it| it.status == Status::Running)
        };
        let aimed = nodes.iter().find(restored).filter(|_| self.rng.chance(Ratio(1, 2)));
        let to = aimed.unwrap_or_else(|| self.rng.choose(nodes));
        if self.rng.below(24) == 0 {
            return Event::DeleteDatabase(self.rng.choose(cluster.databases()).uid);
        }
        match (self.rng.below(2), from.shards.as_slice(), to.shards.as_slice()) {
            (0, [], _) | (_, _, []) => Event::NodeUp(to.uid),
            (0, shards, _) => {
                Event::Migrate { shard: self.rng.choose(shards).uid, from: from.uid, to: to.uid }
            }
            (_, _, shards) => {
                let lost = nodes.iter().find(|node| !node.up).unwrap_or(from);
                Event::FailOver { shard: self.rng.choose(shards).uid, from: lost.uid, to: to.uid }
            }
        }
    }
}

/// One of the snapshots that are there, more often than not.
fn any_snapshot(rng: &mut Rng, cluster: &Cluster) -> Option<Path> {
    let nodes = cluster.nodes().iter();
    let there: Vec<_> =
        nodes.flat_map(|node| node.snapshots.iter().map(|snapshot| (node.uid, &snapshot.name))).collect();
    let (uid, name) = (!there.is_empty() && rng.chance(Ratio(2, 3))).then(|| *rng.choose(&there))?;
    Some(Path::to_snapshot(uid, name))
}

fn nth_slot(cluster: &Cluster, nth: usize) -> Slot {
    let actions = NodeAction::ALL.len();
    match cluster.nodes().get(nth / actions) {
        Some(node) => Slot::Node(node.uid, NodeAction::ALL[nth % actions]),
        None => Slot::ChangeMaster,
    }
}

/// Operations repeated in proportion to their weights, so that one draw chooses.
fn table(weights: &[u32; Operation::ALL.len()]) -> Vec<Operation> {
    let total: u32 = weights.iter().sum();
    let share = |weight: u32| (weight as usize * TABLE).div_ceil(total as usize);
    let weighted = Operation::ALL.into_iter().zip(weights);
    weighted.flat_map(|(kind, weight)| std::iter::repeat_n(kind, share(*weight))).collect()
}

/// Leaves out failures and aborts, unless nothing else can happen.
fn without_faults(moves: Vec<Move>) -> Vec<Move> {
    let is_fault = |step: &Move| matches!(step, Move::Fail(_) | Move::Abort);
    let others: Vec<_> = moves.iter().copied().filter(|step| !is_fault(step)).collect();
    if others.is_empty() { moves } else { others }
}

/// What keeps an instance from ending, once faults are over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// The slot.
    pub slot: Slot,
    /// Where it stands.
    pub status: Status,
    /// Why it does not move: each thing it might do, and what hinders it.
    pub hindrances: Vec<(Move, Hindrance)>,
}

/// Chooses the inputs of the quiet phase: nodes come back, then every live instance is led to an end.
#[derive(Debug)]
pub(super) struct Quiet {
    rng: Rng,
}

impl Quiet {
    pub(super) fn new(seed: Seed) -> Self {
        Self { rng: seed.fork("quiet") }
    }

    /// The next event, none if everything has ended.
    ///
    /// # Errors
    ///
    /// An instance is live and can do nothing that leads on.
    pub(super) fn next(&mut self, cluster: &Cluster, rules: &Rules) -> Result<Option<Event>, Stuck> {
        if let Some(node) = cluster.nodes().iter().find(|node| !node.up) {
            return Ok(Some(Event::NodeUp(node.uid)));
        }
        let live: Vec<_> = cluster.live().collect();
        if live.is_empty() {
            return Ok(None);
        }
        let (slot, instance) = *self.rng.choose(&live);
        // Progress and expiry lead nowhere by themselves.
        let leads_on = |step: &Move| !matches!(step, Move::Progress(_) | Move::Expire);
        let duties = cluster.duties(rules, slot);
        let duty = (!duties.is_empty()).then(|| *self.rng.choose(&duties));
        let ways = duty.into_iter().flat_map(|duty| cluster.ways(slot, duty));
        let candidates = Move::candidates(instance).chain(ways).chain(cluster.unwritten(slot));
        let candidates: Vec<_> = candidates.filter(leads_on).collect();
        let check = |step: &Move| cluster.admits(rules, &Event::Task(slot, *step));
        let open = without_faults(candidates.iter().copied().filter(|step| check(step).is_ok()).collect());
        if open.is_empty() {
            let hindrances = candidates.iter().filter_map(|step| Some((*step, check(step).err()?)));
            return Err(Stuck { slot, status: instance.status, hindrances: hindrances.collect() });
        }
        Ok(Some(Event::Task(slot, *self.rng.choose(&open))))
    }
}
