//! A judge that tries everything: for a few calls, one set of rules and a small cluster without databases.
//!
//! It knows the whole cluster and nothing of cells, settings or sets of rules. What the documents leave open without a
//! parameter is as free here as they leave it, written down once more.

mod answer;
mod refusal;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use action_oracle::history::{CallId, Kind, Record, Return};
use action_oracle::model::{
    Act, Body, Cluster, Event, Input, Method, Moment, Move, NodeAction, NodeUid, Reply, Request, Slot,
    TaskId, Time, step,
};
use action_oracle::spec::Rules;
use serde_json::Value;

pub(super) use answer::{Goal, goals};

/// After so many states it gives up.
const STATES_MAX: usize = 150_000;

/// Never.
const NEVER: usize = usize::MAX;

/// A call, and when it may act.
pub(super) struct Call {
    pub(super) request: Request,
    /// What came back, if it is judged.
    pub(super) answer: Option<Return>,
    invoked: usize,
    /// The record before which it must have acted, or after which it cannot.
    ended: usize,
}

/// Whether some run explains the records; `None` if there is too much to try.
pub(super) fn is_possible(start: &Cluster, rules: &Rules, records: &[Record]) -> Option<bool> {
    explained(start, rules, records, true)
}

/// The same if two tasks could have one id.
pub(super) fn is_possible_with_shared_ids(
    start: &Cluster,
    rules: &Rules,
    records: &[Record],
) -> Option<bool> {
    explained(start, rules, records, false)
}

fn explained(start: &Cluster, rules: &Rules, records: &[Record], ids_differ: bool) -> Option<bool> {
    let calls = calls(records);
    let goals: Vec<(usize, Goal)> = calls
        .iter()
        .enumerate()
        .flat_map(|(at, call)| goals(call, start).into_iter().map(move |goal| (at, goal)))
        .collect();
    assert!(goals.len() <= 128, "a set of goals has a bit for each");
    let names = names(&calls);
    let members = start.nodes().iter().map(|node| node.uid).collect();
    let first = State { cluster: start.clone(), at: 0, done: 0, labels: Vec::new(), used: BTreeSet::new() };
    let is_placed = !start.databases().is_empty();
    Search { rules, records, calls, goals, names, members, is_placed, ids_differ }.run(first)
}

/// The calls that matter: of those that are not judged, only what could act.
fn calls(records: &[Record]) -> Vec<Call> {
    let mut open: BTreeMap<CallId, Call> = BTreeMap::new();
    let mut lost: BTreeMap<CallId, Call> = BTreeMap::new();
    let mut calls = Vec::new();
    for (at, record) in records.iter().enumerate() {
        match &record.kind {
            Kind::Invoke(it) => {
                let call = Call { request: it.request.clone(), answer: None, invoked: at, ended: NEVER };
                open.insert(it.id, call);
            }
            Kind::Return(it) => {
                let call = open.remove(&it.id).expect("it was invoked");
                let is_odd = matches!(call.request.method, Method::Head | Method::Options);
                let is_judged = it.status < 500 && !is_odd;
                calls.push(Call { answer: is_judged.then(|| it.clone()), ended: at, ..call });
            }
            Kind::Lost(it) => {
                lost.insert(it.id, open.remove(&it.id).expect("it was invoked"));
            }
            Kind::Unsent(it) => {
                open.remove(&it.id);
            }
            Kind::Fence(it) => {
                for id in &it.lost {
                    let call = open.remove(id).or_else(|| lost.remove(id));
                    calls.extend(call.map(|call| Call { ended: at, ..call }));
                }
            }
            Kind::Note(_) => {}
        }
    }
    calls.extend(open.into_values().chain(lost.into_values()));
    let acts = |call: &Call| matches!(call.request.method, Method::Post | Method::Delete);
    calls.retain(|call| call.answer.is_some() || acts(call));
    calls
}

/// Every name that a history gives to a snapshot.
fn names(calls: &[Call]) -> BTreeSet<String> {
    fn collect(value: &Value, names: &mut BTreeSet<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
            Value::Object(members) => {
                names.extend(members.get("name").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|value| collect(value, names));
            }
            _ => {}
        }
    }
    let mut names = BTreeSet::new();
    for Call { request, answer, .. } in calls {
        names.extend(request.path.snapshot().map(|(_, name)| name.to_owned()));
        if let Body::Json(body) = &request.body {
            names.extend(body["snapshot_name"].as_str().map(str::to_owned));
        }
        let shows = ["/status", "/snapshots"].iter().any(|end| request.path.as_str().ends_with(end));
        if let (true, Some(Return { body: Body::Json(body), .. })) = (shows, answer) {
            collect(body, &mut names);
        }
    }
    names
}

/// A point of the search.
#[derive(Clone, PartialEq, Eq, Hash)]
struct State {
    cluster: Cluster,
    /// How many records lie behind.
    at: usize,
    done: u128,
    /// The ids that tasks of the cluster have shown, and all that were ever shown.
    labels: Vec<(TaskId, String)>,
    used: BTreeSet<String>,
}

struct Search<'a> {
    rules: &'a Rules,
    records: &'a [Record],
    calls: Vec<Call>,
    goals: Vec<(usize, Goal)>,
    names: BTreeSet<String>,
    members: Vec<NodeUid>,
    /// Whether it is known where data is at first: then it is judged where it is seen.
    is_placed: bool,
    /// Whether no two tasks have one id (LIFE-19).
    ids_differ: bool,
}

impl Search<'_> {
    fn run(&self, first: State) -> Option<bool> {
        let mut visited = BTreeSet::new();
        let mut stack = vec![first];
        while let Some(mut state) = stack.pop() {
            self.settle(&mut state);
            if state.at == self.records.len() {
                return Some(true);
            }
            let mut hasher = DefaultHasher::new();
            state.hash(&mut hasher);
            if !visited.insert(hasher.finish()) {
                continue;
            }
            if visited.len() > STATES_MAX {
                return None;
            }
            self.events(&state, &mut stack);
            if self.may_pass(&state) {
                stack.push(State { at: state.at + 1, ..state.clone() });
            }
            self.linearise(&state, &mut stack);
        }
        Some(false)
    }

    /// Passes the records that take no chance away.
    fn settle(&self, state: &mut State) {
        while state.at < self.records.len() && self.ending(state.at).all(|call| self.is_done(state, call)) {
            state.at += 1;
        }
    }

    /// Whether what ends here need not have acted.
    fn may_pass(&self, state: &State) -> bool {
        self.ending(state.at).all(|call| self.calls[call].answer.is_none() || self.is_done(state, call))
    }

    fn ending(&self, at: usize) -> impl Iterator<Item = usize> {
        (0..self.calls.len()).filter(move |call| self.calls[*call].ended == at)
    }

    fn is_done(&self, state: &State, call: usize) -> bool {
        let mine = self.goals.iter().enumerate().filter(|(_, (of, _))| *of == call);
        mine.into_iter().all(|(bit, _)| state.done & 1 << bit != 0)
    }

    /// What the cluster can do by itself.
    fn events(&self, state: &State, stack: &mut Vec<State>) {
        for event in state.cluster.enabled(self.rules) {
            match &event {
                Event::Task(_, Move::Progress(_)) => {}
                Event::Join(uid) if !self.members.contains(uid) => {}
                Event::Task(Slot::Node(uid, NodeAction::MaintenanceOn), Move::Advance) => {
                    for at in self.times(&state.cluster, *uid) {
                        self.happen(state, at, &event, stack);
                    }
                }
                _ => self.happen(state, Time(0), &event, stack),
            }
        }
        let by_users = self.names.iter().filter(|name| !name.starts_with(MAINTENANCE));
        for name in by_users.map(String::as_str).chain(["of nobody"]) {
            for uid in self.watched() {
                let event = Event::CreateSnapshot(uid, name.into());
                if state.cluster.admits(self.rules, &event).is_ok() {
                    self.happen(state, Time(0), &event, stack);
                }
            }
        }
    }

    /// The nodes whose snapshots somebody may look at.
    fn watched(&self) -> BTreeSet<NodeUid> {
        let looks = self.calls.iter().filter(|call| {
            let path = call.request.path.as_str();
            let loads = path.ends_with("/maintenance_off") && call.request.method == Method::Post;
            loads || path.contains("/snapshots")
        });
        looks.filter_map(|call| call.request.path.node()).collect()
    }

    fn happen(&self, state: &State, at: Time, event: &Event, stack: &mut Vec<State>) {
        let mut next = state.clone();
        let input = Input { at, act: Act::Event(event.clone()) };
        if step(&mut next.cluster, self.rules, &input) == Reply::Happened {
            next.forget();
            stack.push(next);
        }
    }

    /// When a maintenance snapshot can be made: so that it has a name of the history, or of the node, or a new one.
    fn times(&self, cluster: &Cluster, uid: NodeUid) -> BTreeSet<Time> {
        let second = |at: u64| Time(at * 1_000_000);
        let named = (0..1_000).map(second).filter(|at| self.names.contains(&maintenance_name(*at)));
        let made: BTreeSet<Time> = cluster
            .node(uid)
            .into_iter()
            .flat_map(|node| node.snapshots.iter())
            .filter(|it| it.name.starts_with(MAINTENANCE))
            .map(|it| it.created)
            .collect();
        let new = (2_000..).map(second).find(|at| !made.contains(at));
        named.chain(made.iter().copied()).chain(new).collect()
    }

    /// Any call that is under way acts now.
    fn linearise(&self, state: &State, stack: &mut Vec<State>) {
        for (bit, (at, goal)) in self.goals.iter().enumerate() {
            let call = &self.calls[*at];
            if call.invoked >= state.at || call.ended < state.at || state.done & 1 << bit != 0 {
                continue;
            }
            let mut next = state.clone();
            next.done |= 1 << bit;
            let before = &state.cluster;
            let input = Input { at: Time(0), act: Act::Request(call.request.clone()) };
            let reply = step(&mut next.cluster, self.rules, &input);
            let Some(shown) = goal.fits(call, before, &reply, self.rules, self.is_placed) else { continue };
            next.forget();
            if shown.is_none_or(|(task, label)| next.bind(task, label, self.ids_differ)) {
                stack.push(next);
            }
        }
    }
}

impl State {
    /// Notes the id of a task. False if it is another's, or the task has another.
    fn bind(&mut self, task: TaskId, label: String, ids_differ: bool) -> bool {
        if let Some((_, known)) = self.labels.iter().find(|(of, _)| *of == task) {
            return *known == label;
        }
        let is_new = self.used.insert(label.clone());
        self.labels.push((task, label));
        is_new || !ids_differ
    }

    /// Drops the ids of tasks that nobody can see again.
    fn forget(&mut self) {
        let removals = self.cluster.departed().iter().map(|gone| gone.removal.task);
        let shown = self.cluster.slots().filter_map(|slot| Some(self.cluster.instance(slot)?.task));
        let tasks: Vec<_> = shown.chain(removals).collect();
        self.labels.retain(|(task, _)| tasks.contains(task));
        self.labels.sort();
    }
}

const MAINTENANCE: &str = "maintenance_mode_";

fn maintenance_name(at: Time) -> String {
    let Moment { year, month, day, hour, minute, second } = Moment::of(at);
    format!("{MAINTENANCE}{year:04}-{month:02}-{day:02}_{hour:02}-{minute:02}-{second:02}")
}
