//! What a course can show, and which of it a step shows.
//!
//! Facts are what the choice of cases is made by: one is in some case, or nothing can show it.

use std::fmt;

use super::worlds::Worlds;
use crate::explore::MatrixCell;
use crate::model::invariant::{self, Judge};
use crate::model::{
    Act, Caller, Cluster, Event, Input, Method, Place, Reply, Request, Role, Slot, Status, Time,
};
use crate::sim::{Coverage, SOMETIMES};

/// Something that a course can show.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fact {
    /// A clause decides an answer, or belongs to something that must happen sometimes.
    Clause(&'static str),
    /// A cell of (operation, status, answer).
    Cell(MatrixCell),
    /// The same for one action of one node, asked by an admin.
    Action(&'static str, MatrixCell),
    /// Something that must happen sometimes, by its number.
    Sometimes(usize),
    /// A view shows an action in this status.
    View(&'static str, &'static str, Option<Status>),
    /// So many snapshots of a node are shown when this was the last of its actions, and has come to this.
    Snapshots(&'static str, Option<Status>, usize),
    /// An instance goes from one status to another.
    Edge(&'static str, Status, Status),
    /// An invariant about requests or slots is at stake, by its number.
    AtStake(usize),
    /// A request that makes a difference by itself, as text, where nothing has run.
    Request(String),
    /// An answer about one of two instances of one action on two nodes: whether it lives, and whether the other does.
    Pair(&'static str, u16, bool, bool),
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clause(id) => f.write_str(id),
            Self::Cell(cell) => write!(f, "{} {} {}", cell.operation, name(cell.status), cell.code),
            Self::Action(action, cell) => {
                write!(f, "{action} {}: {} {}", name(cell.status), cell.operation, cell.code)
            }
            Self::Sometimes(at) => f.write_str(SOMETIMES[*at].name),
            Self::View(view, action, status) => write!(f, "{action} {} in the list of {view}", name(*status)),
            Self::Snapshots(action, status, count) => {
                write!(f, "{count} snapshots when {action} is {}", name(*status))
            }
            Self::Edge(action, from, to) => write!(f, "{action} goes from {} to {}", from.name(), to.name()),
            Self::AtStake(at) => f.write_str(invariant::ALL[*at].name),
            Self::Request(text) => f.write_str(text),
            Self::Pair(operation, code, own, other) => {
                let is = |live: &bool| if *live { "lives" } else { "has ended" };
                write!(f, "{operation} {code} of what {}, beside what {} on another node", is(own), is(other))
            }
        }
    }
}

pub(super) fn name(status: Option<Status>) -> &'static str {
    status.map_or("absent", Status::name)
}

/// What a request shows.
pub(super) fn facts_of_request(
    worlds: &Worlds,
    before: &Cluster,
    request: &Request,
    reply: &Reply,
    after: &Cluster,
) -> Vec<Fact> {
    let is_clause = |id: &&&'static str| !id.starts_with("R-");
    let mut facts: Vec<_> = reply.clauses().iter().filter(is_clause).map(|id| Fact::Clause(id)).collect();
    let code = match reply {
        Reply::Refused(refusal) => refusal.code,
        _ => 200,
    };
    if let Some(slot) = request.path.slot()
        && let Some(operation) = ["GET", "POST", "DELETE"].into_iter().find(|it| *it == request.method.name())
    {
        let status = before.instance(slot).map(|instance| instance.status);
        let cell = MatrixCell { operation, status, code };
        facts.push(Fact::Cell(cell));
        if request.caller == Caller::Role(Role::Admin) {
            facts.push(Fact::Action(of_whatever(slot.action_name(), status), cell));
        }
    }
    if let Some(Slot::Node(uid, action)) = request.path.slot() {
        let others = before.nodes().iter().filter(|node| node.uid != uid);
        let other = others.filter_map(|node| node.instance(action)).next();
        if let (Some(own), Some(other)) = (before.instance(Slot::Node(uid, action)), other) {
            facts.push(Fact::Pair(request.method.name(), code, own.is_live(), other.is_live()));
        }
    }
    if let Some((uid, name)) = request.path.snapshot() {
        let is_there = before.node(uid).is_some_and(|node| node.snapshot(name).is_some());
        let who = text(request).replace(name, if is_there { "of maintenance" } else { name });
        facts.push(Fact::Request(format!("{who} {code}")));
    }
    facts.extend(facts_of_view(before, request));
    let nothing_ran = before.tasks() == 0;
    if nothing_ran && before == after {
        facts.push(Fact::Request(text(request)));
    }
    if before != after {
        // Whatever the action: what is in a body and around it is looked at in one way.
        let text = text(request);
        let rest = text.split_once(" {").map_or("", |(_, rest)| rest);
        facts.push(Fact::Request(format!("effective {} {{{rest}", request.method.name())));
    }
    let input = Input { at: Time(0), act: Act::Request(request.clone()) };
    facts.extend(at_stake(worlds, before, &input, reply, after));
    facts
}

fn facts_of_view(before: &Cluster, request: &Request) -> Vec<Fact> {
    if request.caller != Caller::Role(Role::Admin) || request.method != Method::Get {
        return Vec::new();
    }
    let filled = || before.slots().filter_map(|slot| Some((slot, before.instance(slot)?.status)));
    let path = &request.path;
    let mut facts = Vec::new();
    for (place, name) in [(Place::AllNodes, "all"), (Place::Cluster, "cluster")] {
        if path.names(place) {
            facts.extend(filled().map(|(slot, status)| {
                Fact::View(name, of_whatever(slot.action_name(), Some(status)), Some(status))
            }));
        }
    }
    for uid in before.nodes().iter().map(|node| node.uid) {
        if path.names(Place::Node(uid)) {
            facts.extend(filled().map(|(slot, status)| {
                Fact::View("node", of_whatever(slot.action_name(), Some(status)), Some(status))
            }));
        }
        if path.names(Place::Snapshots(uid)) {
            let Some(node) = before.node(uid) else { continue };
            let last = before.slots().filter_map(|slot| Some((before.instance(slot)?, slot)));
            let last = last.max_by_key(|(instance, _)| instance.task);
            if let Some((instance, slot)) = last.filter(|(_, slot)| before.node_of(*slot).is_some()) {
                let status = Some(instance.status);
                facts.push(Fact::Snapshots(slot.action_name(), status, node.snapshots.len()));
            }
        }
    }
    if !before.departed().is_empty() && path.slot().is_none() {
        facts.push(Fact::Request(format!("{} after a removal", text(request))));
    }
    facts
}

/// What an event shows.
pub(super) fn facts_of_event(worlds: &Worlds, before: &Cluster, input: &Input, after: &Cluster) -> Vec<Fact> {
    let mut facts = at_stake(worlds, before, input, &Reply::Happened, after);
    if let Act::Event(Event::Task(slot, _)) = &input.act
        && let (Some(before), Some(after)) = (before.instance(*slot), after.instance(*slot))
        && before.status != after.status
    {
        let action = of_whatever(slot.action_name(), Some(after.status));
        facts.push(Fact::Edge(action, before.status, after.status));
    }
    facts
}

/// What must happen sometimes, and does in a step, and the invariants that are at stake in it.
fn at_stake(worlds: &Worlds, before: &Cluster, input: &Input, reply: &Reply, after: &Cluster) -> Vec<Fact> {
    let mut coverage = Coverage::default();
    let mut judge = Judge::new(before);
    let seen = judge.see(&worlds.rules, input, reply, after, |transition, slots, nodes| {
        coverage.note(transition, slots, nodes);
    });
    debug_assert!(seen.is_ok(), "the law keeps its invariants");
    let marked = coverage.sometimes().enumerate().filter(|(_, (_, count))| *count > 0);
    let sometimes = marked.flat_map(|(at, (thing, _))| {
        thing.clauses.iter().map(|id| Fact::Clause(id)).chain([Fact::Sometimes(at)])
    });
    let evaluated = judge.evaluated().iter().enumerate().filter(|(_, count)| **count > 0);
    let about_slots = evaluated.filter(|(at, _)| invariant::ALL[*at].is_about_slots());
    sometimes.chain(about_slots.map(|(at, _)| Fact::AtStake(at))).collect()
}

/// What goes wrong goes wrong seldom, and so one action stands for all then.
fn of_whatever(action: &'static str, status: Option<Status>) -> &'static str {
    if matches!(status, Some(Status::Failed | Status::Aborted)) { "any" } else { action }
}

/// A request in words.
pub(super) fn text(request: &Request) -> String {
    crate::script::print(&Act::Request(request.clone()))
}
