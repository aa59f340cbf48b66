//! What may come next: the inputs that are tried in every state, each by the part of the cluster that it is about.
//!
//! The alphabet is total, as everywhere: what is not possible in a state is answered so by the law, and is a request
//! that is refused or an event that does not happen.

use std::fmt;
use std::str::FromStr;

use super::project::NOW;
use crate::model::{Act, Cluster, Event, Hindrance, Input, Move, NodeAction, NodeUid, Request, Slot};
use crate::sim::{Fault, Faults, USER_SNAPSHOT, about};
use crate::spec::Rules;

/// What is asked and what happens, chosen for one exploration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The actions that are started, by their names in paths.
    pub actions: Vec<&'static str>,
    /// Which requests there are about each slot.
    pub requests: Requests,
    /// What may go wrong. Answers are neither lost nor doubled here: asking again is part of the alphabet.
    pub faults: Faults,
    /// What else happens.
    pub events: Events,
    /// On how many nodes actions are started, the first ones; on all if absent.
    pub nodes: Option<u32>,
}

/// The names of all actions: those of nodes, and that of the cluster.
pub const ACTIONS: [&str; 5] =
    ["enslave_node", "maintenance_off", "maintenance_on", "remove", "change_master"];

impl Default for Choice {
    fn default() -> Self {
        let faults = "abort,fail".parse().expect("both are faults");
        let (actions, events) = (ACTIONS.to_vec(), Events::default());
        Self { actions, requests: Requests::Usual, faults, events, nodes: None }
    }
}

impl Choice {
    /// Whether somebody may wait for persistence files: only removals do.
    pub(super) fn files(&self) -> bool {
        self.actions.contains(&NodeAction::Remove.name())
    }
}

/// Which requests there are about each slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Requests {
    /// The plainest POST, GET and DELETE, by an admin. Of change_master, one POST for each node.
    Few,
    /// These, and what is mostly refused: odd bodies, and everybody else who asks.
    Usual,
    /// These, and every body that the documents know.
    All,
}

impl FromStr for Requests {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "few" => Ok(Self::Few),
            "usual" => Ok(Self::Usual),
            "all" => Ok(Self::All),
            _ => Err(format!("no requests are called `{text}`; known are few, usual, all")),
        }
    }
}

/// What happens beside the moves of the instances, and what makes a space much larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Events(u8);

/// The names of the events that can be chosen.
const EVENTS: [&str; 5] = ["progress", "join", "snapshot", "migrate", "delete-database"];

impl Events {
    const PROGRESS: Self = Self(1);
    const JOIN: Self = Self(2);
    const SNAPSHOT: Self = Self(4);
    const MIGRATE: Self = Self(8);
    const DELETE_DATABASE: Self = Self(16);

    fn has(self, one: Self) -> bool {
        self.0 & one.0 != 0
    }
}

impl FromStr for Events {
    type Err = String;

    /// Reads `none`, or names separated by commas.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut names = text.split(',').map(str::trim).filter(|name| *name != "none");
        names.try_fold(Self::default(), |set, name| {
            let at = EVENTS.iter().position(|known| *known == name);
            let unknown = || format!("no event is called `{name}`; known are none, {}", EVENTS.join(", "));
            at.map(|at| Self(set.0 | 1 << at)).ok_or_else(unknown)
        })
    }
}

impl fmt::Display for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> =
            (0..EVENTS.len()).filter(|at| self.0 >> at & 1 == 1).map(|at| EVENTS[at]).collect();
        f.write_str(if names.is_empty() { "none" } else { "" })?;
        f.write_str(&names.join(","))
    }
}

/// The part of a cluster that an input is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Owner {
    /// A slot: requests about it, and the moves of its instance.
    Slot(Slot),
    /// A node: it goes, comes, joins, takes over, gets a snapshot or gives a shard away.
    Node(NodeUid),
    /// The databases.
    Cluster,
}

/// The inputs of one exploration.
#[derive(Debug, Clone)]
pub(super) struct Alphabet {
    choice: Choice,
    nodes: u32,
    /// For each owner, in order: the requests.
    requests: Vec<(Owner, Vec<Input>)>,
}

impl Alphabet {
    /// The inputs about a cluster of the nodes 1 to `nodes`.
    pub(super) fn new(choice: &Choice, nodes: u32) -> Self {
        let uids = (1..=nodes).map(NodeUid);
        let acting = uids.clone().filter(|uid| choice.nodes.is_none_or(|nodes| uid.0 <= nodes));
        let of_nodes = acting.flat_map(|uid| NodeAction::ALL.map(|action| Slot::Node(uid, action)));
        let slots = of_nodes.chain([Slot::ChangeMaster]);
        let chosen = slots.filter(|slot| choice.actions.contains(&slot.action_name()));
        let slots = chosen.map(|slot| (Owner::Slot(slot), requests(choice.requests, slot, nodes)));
        let others = uids.map(Owner::Node).chain([Owner::Cluster]).map(|owner| (owner, Vec::new()));
        Self { choice: choice.clone(), nodes, requests: slots.chain(others).collect() }
    }

    /// Whoever owns inputs.
    pub(super) fn owners(&self) -> impl Iterator<Item = Owner> + '_ {
        self.requests.iter().map(|(owner, _)| *owner)
    }

    /// How many nodes there are at most; their uids are 1 to that.
    pub(super) fn nodes(&self) -> u32 {
        self.nodes
    }

    /// The requests of an owner.
    pub(super) fn requests(&self, owner: Owner) -> &[Input] {
        self.requests.iter().find(|(of, _)| *of == owner).map_or(&[], |(_, requests)| requests)
    }

    /// The events of an owner that are worth a try in a cluster. Whether they happen, the law says.
    pub(super) fn events(&self, cluster: &Cluster, rules: &Rules, owner: Owner) -> Vec<Input> {
        let events: Vec<Event> = match owner {
            Owner::Slot(slot) => self.moves(cluster, rules, slot),
            Owner::Node(uid) => self.of_node(cluster, uid),
            Owner::Cluster if self.choice.events.has(Events::DELETE_DATABASE) => {
                cluster.databases().iter().map(|database| Event::DeleteDatabase(database.uid)).collect()
            }
            Owner::Cluster => Vec::new(),
        };
        events.into_iter().map(|event| Input { at: NOW, act: Act::Event(event) }).collect()
    }

    fn moves(&self, cluster: &Cluster, rules: &Rules, slot: Slot) -> Vec<Event> {
        let Some(instance) = cluster.instance(slot) else { return Vec::new() };
        let faults = self.choice.faults;
        // An end that an obstacle forces is no fault.
        let complete = cluster.admits(rules, &Event::Task(slot, Move::Complete));
        let forced = matches!(complete, Err(Hindrance::Blocked(_)));
        let chosen = |step: &Move| match step {
            Move::Progress(_) => self.choice.events.has(Events::PROGRESS),
            Move::Fail(_) => forced || faults.has(Fault::Fail),
            Move::Abort => forced || faults.has(Fault::Abort),
            _ => true,
        };
        let writes = |step: &Move| matches!(step, Move::Persist { .. });
        let of_data =
            cluster.data_moves(rules, slot).into_iter().filter(|step| self.choice.files() || !writes(step));
        let moves = Move::candidates(instance).filter(chosen).chain(of_data);
        moves.map(|step| Event::Task(slot, step)).collect()
    }

    fn of_node(&self, cluster: &Cluster, uid: NodeUid) -> Vec<Event> {
        let Choice { faults, events: chosen, .. } = self.choice;
        let Some(node) = cluster.node(uid) else {
            return if chosen.has(Events::JOIN) { vec![Event::Join(uid)] } else { Vec::new() };
        };
        let mut events = vec![Event::Bootstrap(uid)];
        if faults.has(Fault::NodeDown) {
            events.extend([Event::NodeDown(uid), Event::NodeUp(uid)]);
        }
        if faults.has(Fault::PrimaryLost) {
            events.push(Event::Elect(uid));
        }
        if chosen.has(Events::SNAPSHOT) {
            events.push(Event::CreateSnapshot(uid, USER_SNAPSHOT.into()));
        }
        if chosen.has(Events::MIGRATE) {
            for other in cluster.nodes().iter().filter(|other| other.uid != uid) {
                let (from, to) = (uid, other.uid);
                events.extend(node.shards.iter().map(|it| Event::Migrate { shard: it.uid, from, to }));
                events.extend(other.shards.iter().map(|it| Event::FailOver { shard: it.uid, from, to }));
            }
        }
        events
    }
}

fn requests(which: Requests, slot: Slot, nodes: u32) -> Vec<Input> {
    let [known, plain, rest] = about(slot, nodes);
    let first = match (which, slot) {
        (Requests::All, _) => known.len(),
        // The last of these names a node that does not exist.
        (_, Slot::ChangeMaster) => known.len() - usize::from(which == Requests::Few),
        (_, Slot::Node(..)) => 1,
    };
    let rest = if which == Requests::Few { Vec::new() } else { rest };
    let all = known.into_iter().take(first).chain(plain).chain(rest);
    all.map(|request: Request| Input { at: NOW, act: Act::Request(request) }).collect()
}
