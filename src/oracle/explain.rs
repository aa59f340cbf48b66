//! A divergence in words: what was seen, what could have been, and which clause says so.

use std::collections::BTreeMap;

use super::call::Call;
use super::law::{Law, NOTHING};
use super::part::{HOME, Kind};
use super::seen::{Misfit, Seen, Symbol, may_have};
use super::sort::Sorted;
use super::world::{Course, Next, World};
use super::worlds::Worlds;
use crate::http::{Member, Said};
use crate::intern::Memo;
use crate::model::{Answer, Method, Observation, Path, Place, Reply, Slot, Status, Why};
use crate::spec::Rules;

/// An answer that some possible world would have given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// What the world is: the status of the action, or that there is none.
    pub world: String,
    /// What it answers.
    pub answer: String,
    /// The clauses that say so.
    pub clauses: Vec<&'static str>,
}

/// How often each operation was answered in each way.
pub(super) fn coverage(sorted: &Sorted) -> BTreeMap<String, u64> {
    let mut numbers: Memo<(Kind, u32), u64> = Memo::default();
    for (cell, calls) in &sorted.cells {
        for call in &calls.0 {
            *numbers.entry((cell.kind(), call.symbol), || 0) += 1;
        }
    }
    let mut coverage = BTreeMap::new();
    for ((kind, symbol), count) in numbers.iter() {
        let symbol = sorted.symbols.get(*kind).value(*symbol);
        let Some(seen) = &symbol.seen else { continue };
        let what = symbol.request.path.slot().map_or("other", |slot| slot.action_name());
        let what = if matches!(seen, Seen::Entry(_)) { "list entry" } else { what };
        let name = format!("{} {what}: {}", symbol.request.method.name(), seen_in_words(seen));
        *coverage.entry(name).or_default() += count;
    }
    coverage
}

/// What explains a refusal to fit.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) observed: String,
    pub(super) expected: Vec<Expected>,
    pub(super) clauses: Vec<&'static str>,
    /// Method and action.
    pub(super) operation: String,
    /// Operation, expected class, observed class.
    pub(super) signature: String,
}

/// How many worlds are asked what they would have answered.
const WORLDS_MAX: usize = 2_000;

/// Tells why none of the worlds before the end of a call explains it. The answers are those under the given readings.
pub(super) fn tell(
    course: &mut Course<'_>,
    before: &Worlds,
    call: &Call,
    rules: &Rules,
    by_no_single_reading: bool,
) -> Story {
    let symbol = course.law.symbol(call.symbol).clone();
    let mut expected: Vec<Expected> = Vec::new();
    let mut replies: Vec<Reply> = Vec::new();
    let mut misfits = Vec::new();
    let mut fits = false;
    for (world, _) in reachable(course, before, call) {
        let held = world.held[usize::from(call.slot)];
        for reply in course.predict(&world, call, rules) {
            let slot = course.law.kind.slot(call.slot.into());
            if let Some(seen) = symbol.seen {
                match course.law.closest(&seen, &reply, slot) {
                    Ok(()) => fits = true,
                    Err(Misfit::Member(member)) => misfits.push(member),
                    Err(Misfit::Other) => {}
                }
            }
            let (answer, clauses) = match (symbol.seen, &reply) {
                (Some(Seen::List { .. }), Reply::Answer(_)) => {
                    ("a list in another form".to_owned(), &["CLU-2", "NODE-3", "NODE-6"][..])
                }
                (Some(Seen::LeftOut), Reply::Answer(_)) => ("a list with it".to_owned(), &["REM-11"][..]),
                (Some(Seen::LeftOut), Reply::Refused(refusal)) if may_have(*refusal, 404).is_ok() => {
                    ("a list without the node".to_owned(), &["REM-11"][..])
                }
                _ => answer(&reply, slot),
            };
            // As many as were seen, but they are called otherwise.
            let answer = match symbol.seen {
                Some(seen) if call.shown != 0 && answer == seen_in_words(&seen) => {
                    answer + &under(symbol.seen, "its name", "their names")
                }
                _ => answer,
            };
            let is_empty = symbol.seen.is_some_and(|seen| seen.has_shard()) && !course.may_hold(&world);
            let state = if is_empty { EMPTIED.to_owned() } else { state(course.law, held) };
            let one = Expected { world: state, answer, clauses: clauses.to_vec() };
            if !expected.contains(&one) {
                expected.push(one);
                replies.push(reply);
            }
        }
    }
    let slot = course.law.kind.slot(call.slot.into());
    let mut observed = symbol.seen.map_or_else(String::new, |seen| seen_in_words(&seen));
    if by_no_single_reading {
        // Under some readings the answer is fine; not under those that the other calls need.
    } else if fits && call.task != 0 {
        observed.push_str(" and the task id of another instance");
    } else if fits && call.shown != 0 {
        observed.push_str(&under(symbol.seen, "another name", "other names"));
    } else if let Some(member) = misfits.iter().find(|member| **member != Member::Status) {
        observed.push_str(&misfit_in_words(*member, symbol.seen));
    }
    let clauses = match symbol.seen {
        Some(Seen::Accepted | Seen::Code(409))
            if by_no_single_reading && symbol.request.method == Method::Post =>
        {
            vec!["POST-1", "POST-6", "R-CONFLICT-SCOPE", "R-CONFLICT-CROSS"]
        }
        // The object is fine by itself: its members had another form before.
        Some(Seen::Action(_) | Seen::Entry(Some(_))) if by_no_single_reading && fits => {
            vec!["OBJ-6", "OBJ-5", "OBJ-1"]
        }
        _ => clauses(&symbol, &replies, &misfits, fits, slot),
    };
    let operation = format!("{} {}", symbol.request.method.name(), subject(&symbol, course.law.kind, slot));
    let expected_answers = answers(&expected).join(" or ");
    let signature = format!("{operation}: expected {expected_answers}, observed {observed}");
    Story { observed, expected, clauses, operation, signature }
}

fn subject(symbol: &Symbol, kind: Kind, slot: Slot) -> String {
    match (symbol.request.path.slot(), kind) {
        (Some(slot), _) => slot.action_name().to_owned(),
        (None, Kind::Slot(_)) => format!("{} in a list", slot.action_name()),
        _ => symbol.request.path.as_str().to_owned(),
    }
}

/// The answers that were expected, each once, in the order of the alphabet.
pub(super) fn answers(expected: &[Expected]) -> Vec<&str> {
    let mut answers: Vec<&str> = expected.iter().map(|one| one.answer.as_str()).collect();
    answers.sort_unstable();
    answers.dedup();
    answers
}

/// The worlds, with whatever the slot of the call can make of them by itself.
fn reachable(course: &mut Course<'_>, before: &Worlds, call: &Call) -> Next {
    let mut found: Next = before.iter().collect();
    let mut at = 0;
    while at < found.len() && found.len() < WORLDS_MAX {
        let (world, open) = found[at];
        at += 1;
        for (next, open) in course.moves(&world, open, call.slot.into()) {
            let is_known = |(known, _): &(World, _)| known.held == next.held && known.node == next.node;
            if !found.iter().any(is_known) {
                found.push((next, open));
            }
        }
    }
    found
}

/// What a node is of which it is known that it holds no shard.
const EMPTIED: &str = "the node is in maintenance, for which all shards left it";

fn state(law: &Law, held: u32) -> String {
    match law.helds.value(held).status() {
        Some(status) => format!("the action is {}", status.name()),
        None if held == NOTHING => "there is no status of the action".to_owned(),
        None => "nothing is known of the action".to_owned(),
    }
}

/// A reply in words, with the clauses that decide it.
fn answer(reply: &Reply, slot: Slot) -> (String, &'static [&'static str]) {
    match reply {
        Reply::Refused(refusal) => (refusal.code.to_string(), refusal.why.clauses()),
        Reply::Answer(Answer::Accepted(..)) => ("200, accepted".to_owned(), &["NODE-18", "POST-5"]),
        Reply::Answer(Answer::Deleted(_)) => ("200".to_owned(), &["DEL-1", "DEL-2"]),
        Reply::Answer(Answer::Action(view)) => {
            (format!("200 with status {}", view.status.name()), &["NODE-14"])
        }
        Reply::Answer(Answer::Actions(_, views)) => match views.iter().find(|view| view.slot == slot) {
            Some(view) => (format!("an entry with status {}", view.status.name()), &["NODE-2", "NODE-5"]),
            None => ("no entry".to_owned(), &["NODE-2", "NODE-7"]),
        },
        Reply::Answer(Answer::Observed(Observation::Snapshots(views))) => {
            (snapshots(views.len()), &["SNAP-10", "SNAP-1"])
        }
        Reply::Answer(Answer::Observed(Observation::NodeStatus(view))) => {
            let has = if view.maintenance_snapshot.is_some() { "a" } else { "no" };
            let is_empty = view.masters.is_empty() && view.replicas.is_empty();
            let shards = if is_empty { " and no shard on the node" } else { "" };
            (format!("200 with {has} maintenance snapshot{shards}"), &["SNAP-15"])
        }
        Reply::Answer(Answer::Observed(Observation::Node(view))) if view.shards.is_empty() => {
            ("200 with no shard on the node".to_owned(), &["MON-1", "MON-19"])
        }
        Reply::Answer(answer) => ("200".to_owned(), answer.clauses()),
        Reply::Happened | Reply::NotEnabled(_) => ("nothing".to_owned(), &[]),
    }
}

fn snapshots(count: usize) -> String {
    if count == 1 { "1 snapshot".to_owned() } else { format!("{count} snapshots") }
}

/// How the snapshots that were seen are called: one, or several.
fn under(seen: Option<Seen>, one: &str, several: &str) -> String {
    let names = if matches!(seen, Some(Seen::Snapshots(count)) if count != 1) { several } else { one };
    format!(" under {names}")
}

/// What came back, in words.
fn seen_in_words(seen: &Seen) -> String {
    let status = |said: &Said<Status>| match said {
        Said::This(status) => format!("status {}", status.name()),
        Said::Nothing => "no status".to_owned(),
        Said::Nonsense => "a status that does not exist".to_owned(),
    };
    match seen {
        Seen::Code(code) => code.to_string(),
        Seen::Accepted => "200, accepted".to_owned(),
        Seen::Action(sighting) => format!("200 with {}", status(&sighting.status)),
        Seen::Entry(Some(sighting)) => format!("an entry with {}", status(&sighting.status)),
        Seen::Entry(None) => "no entry".to_owned(),
        Seen::List { is_bare: true } => "a bare list".to_owned(),
        Seen::List { is_bare: false } => "a list in an object".to_owned(),
        Seen::LeftOut => "a list without the node".to_owned(),
        Seen::Node { has_shard: true } => "200 with shards on the node".to_owned(),
        Seen::Node { has_shard: false } | Seen::Shown => "200".to_owned(),
        Seen::NodeStatus { has_snapshot, has_shard } => {
            let shards = if *has_shard { " and shards on the node" } else { "" };
            format!("200 with {} maintenance snapshot{shards}", if *has_snapshot { "a" } else { "no" })
        }
        Seen::Snapshots(count) => snapshots((*count).into()),
        Seen::Nonsense(nonsense) => format!("200, but {}", nonsense.says()),
    }
}

/// The member that is wrong although the status is fine.
fn misfit_in_words(member: Member, seen: Option<Seen>) -> String {
    let Some(Seen::Action(sighting) | Seen::Entry(Some(sighting))) = seen else { return String::new() };
    match member {
        Member::ErrorCode if sighting.error == Said::Nothing && sighting.message.is_none() => {
            " and no error_code".to_owned()
        }
        Member::ErrorCode => " and an error_code or a text of it that it cannot have".to_owned(),
        other => format!(" and a {} that it cannot have", other.name()),
    }
}

/// The clauses that a divergence is about, the most telling first.
fn clauses(
    symbol: &Symbol,
    replies: &[Reply],
    misfits: &[Member],
    fits: bool,
    slot: Slot,
) -> Vec<&'static str> {
    let Some(seen) = symbol.seen else { return Vec::new() };
    if let Seen::Nonsense(nonsense) = seen {
        return nonsense.clauses(&symbol.request.path).to_vec();
    }
    if fits {
        return match seen {
            Seen::Snapshots(_) | Seen::NodeStatus { .. } => vec!["SNAP-1", "SNAP-3", "SNAP-4", "SNAP-8"],
            Seen::List { .. } => {
                vec!["CLU-2", "CLU-4", "NODE-3", "NODE-6", "R-CLUSTERLIST-SHAPE", "R-ALLNODES-SHAPE"]
            }
            _ => vec!["LIFE-19", "POST-3", "POST-1", "R-TASKID"],
        };
    }
    if let Some(member) = misfits.iter().find(|member| **member != Member::Status) {
        return member.clauses().to_vec();
    }
    let refusal = replies.iter().find_map(|reply| match reply {
        Reply::Refused(refusal) => Some(refusal),
        _ => None,
    });
    let all_refused = replies.iter().all(|reply| matches!(reply, Reply::Refused(_)));
    match (symbol.request.method, seen) {
        (_, Seen::Code(401 | 403)) if !all_refused => vec!["PERM-13", "PERM-5", "PERM-14"],
        (Method::Delete, Seen::Code(200)) if symbol.request.path.snapshot().is_some() => {
            refusal.map_or(vec!["SNAP-11"], |refusal| refusal.why.clauses().to_vec())
        }
        (_, seen) if seen.has_shard() && !all_refused => vec!["MON-19", "MON-1", "MON-5"],
        (_, Seen::Snapshots(_) | Seen::NodeStatus { .. }) if !all_refused => {
            vec!["SNAP-1", "SNAP-3", "SNAP-8", "SNAP-15", "MOFF-7"]
        }
        (_, _) if all_refused => refused(symbol, refusal.map(|refusal| refusal.why)),
        (Method::Post, Seen::Code(409)) => vec!["POST-1", "POST-2", "POST-6"],
        (Method::Post, _) => vec!["NODE-18", "NODE-20", "POST-11"],
        (Method::Delete, _) => vec!["DEL-1", "DEL-2", "DEL-3"],
        (_, Seen::Code(404) | Seen::LeftOut) if shows_node(&symbol.request.path) => {
            vec!["REM-11", "ERR-9", "OBS-1", "OBS-2"]
        }
        (_, Seen::Code(404) | Seen::Entry(None)) => vec!["NODE-14", "LIFE-21", "NODE-2"],
        (_, Seen::Action(sighting) | Seen::Entry(Some(sighting))) => statuses(replies, sighting.status, slot),
        _ => vec!["NODE-1"],
    }
}

/// Whether a path leads to what is shown of a node as a whole.
fn shows_node(path: &Path) -> bool {
    [Place::NodeObject(HOME), Place::NodeStatus(HOME)].into_iter().any(|place| path.names(place))
}

/// Every world refuses, and the answer is none of those refusals.
fn refused(symbol: &Symbol, why: Option<Why>) -> Vec<&'static str> {
    let mut clauses = why.map_or_else(Vec::new, |why| why.clauses().to_vec());
    match (symbol.request.method, why) {
        (Method::Get, Some(Why::NoInstance)) if symbol.request.path.slot().is_none() => {
            clauses.extend(["CLU-4", "NODE-8"]);
        }
        (Method::Get, Some(Why::NoInstance)) => clauses.extend(["DEL-2", "POST-3"]),
        (Method::Delete, Some(Why::NoInstance)) => clauses.push("DEL-2"),
        (Method::Delete, Some(Why::UnknownAction)) => clauses.insert(0, "DEL-4"),
        (Method::Post, Some(Why::Forbidden)) => clauses.extend(["PERM-5", "PERM-8"]),
        (Method::Delete, Some(Why::Forbidden)) => clauses.extend(["PERM-6", "PERM-9"]),
        _ => {}
    }
    clauses
}

/// A status was seen that the action cannot have.
fn statuses(replies: &[Reply], seen: Said<Status>, slot: Slot) -> Vec<&'static str> {
    let possible = replies.iter().filter_map(|reply| match reply {
        Reply::Answer(Answer::Action(view)) => Some(view.status),
        Reply::Answer(Answer::Actions(_, views)) => {
            views.iter().find(|view| view.slot == slot).map(|view| view.status)
        }
        _ => None,
    });
    let possible: Vec<_> = possible.collect();
    if possible.is_empty() {
        return vec!["NODE-15", "DEL-2", "NODE-2"];
    }
    let Said::This(seen) = seen else { return vec!["OBJ-4", "LIFE-1"] };
    if possible.iter().all(|status| status.is_final()) {
        return vec!["LIFE-18", "MOFF-8", "LIFE-21"];
    }
    if seen.is_final() && seen != Status::Completed {
        return vec!["LIFE-17", "LIFE-14", "DEL-6", "POST-3"];
    }
    match seen {
        Status::Completed => vec!["LIFE-17", "POST-3", "MOFF-8", "LIFE-14", "DEL-6"],
        _ => vec!["LIFE-17", "DEL-6", "DEL-7", "LIFE-14"],
    }
}
