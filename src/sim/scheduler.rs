//! Chooses the next input: a request of one of the clients, or an event of the cluster.
//!
//! It knows no rule of the API. It proposes, the law disposes: an event that cannot happen is part of the
//! alphabet like a request that is refused. What it chose is an input; nobody needs the scheduler to replay.

use super::Attempt;
use super::fault::Fault;
use super::nature::{Nature, without_faults};
use super::seed::{Ratio, Rng, Seed};
use super::swarm::Swarm;
use super::workload::{self, Menu, Operation};
use crate::model::{Act, Cluster, Event, Hindrance, Move, Path, Reply, Request, Slot, Status};
use crate::spec::Rules;

/// How many entries the table of operations has; a weight of 1 in 700 still gets one.
const TABLE: usize = 1_024;

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
    nature: Nature,
}

impl Scheduler {
    pub(super) fn new(seed: Seed, swarm: &Swarm, menu: &Menu) -> Self {
        let mut rng = seed.fork("schedule");
        let hot = rng.index(menu.slots());
        let clients = vec![Client::default(); swarm.clients as usize];
        let operations = table(&swarm.weights);
        let nature = Nature::new(swarm.rules, swarm.faults, swarm.nodes);
        Self { rng, swarm: swarm.clone(), operations, clients, hot, duplicate: None, nature }
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
        match if acts { self.nature.propose(&mut self.rng, cluster) } else { None } {
            Some(event) => Choice::Event(event),
            None => self.request(cluster, menu),
        }
    }

    /// Hears what came of an event.
    pub(super) fn hear(&mut self, act: &Act, reply: &Reply) {
        self.nature.hear(act, reply);
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
}

/// One of the snapshots that are there, more often than not.
fn any_snapshot(rng: &mut Rng, cluster: &Cluster) -> Option<Path> {
    let nodes = cluster.nodes().iter();
    let there: Vec<_> =
        nodes.flat_map(|node| node.snapshots.iter().map(|snapshot| (node.uid, &snapshot.name))).collect();
    let (uid, name) = (!there.is_empty() && rng.chance(Ratio(2, 3))).then(|| *rng.choose(&there))?;
    Some(Path::to_snapshot(uid, name))
}

/// Operations repeated in proportion to their weights, so that one draw chooses.
fn table(weights: &[u32; Operation::ALL.len()]) -> Vec<Operation> {
    let total: u32 = weights.iter().sum();
    let share = |weight: u32| (weight as usize * TABLE).div_ceil(total as usize);
    let weighted = Operation::ALL.into_iter().zip(weights);
    weighted.flat_map(|(kind, weight)| std::iter::repeat_n(kind, share(*weight))).collect()
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
