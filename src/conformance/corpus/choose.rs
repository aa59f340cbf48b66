//! Which cases there are: few, and short.
//!
//! Whatever can be shown has a cheapest course. The dearest comes first, since it shows much on its way; what it shows
//! is not asked for again. At the end of a course everything is asked that leaves the cluster as it is and shows
//! something new: little while something goes on, which would not wait for it.

use std::collections::{BTreeMap, BTreeSet};

use super::Case;
use super::course::{self, Course, is_at_rest};
use super::fact::{Fact, facts_of_event, facts_of_request};
use super::plot::plot;
use super::worlds::{Worlds, input_of};
use crate::model::{Act, Cluster, Event, Input, Move, NodeUid, Request, Slot, Time, invariant};
use crate::sim::about;
use crate::spec::{Rules, clause, coverage};

/// What the cases of a corpus go through, and what they cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The cells of (operation, status, answer).
    pub cells: BTreeSet<String>,
    /// The clauses that show.
    pub clauses: BTreeSet<&'static str>,
    /// The clauses that do not, each with the reason.
    pub uncovered: Vec<(&'static str, &'static str)>,
}

/// So much is asked at the end of a course while something goes on, and when nothing does.
const READS_LIVE: usize = 5;
const READS_AT_REST: usize = 24;

pub(super) fn choose(rules: &Rules, nodes: u32) -> (Vec<Case>, Coverage) {
    let worlds = Worlds::new(*rules, nodes, Vec::new());
    let mut by_homes: BTreeMap<Vec<NodeUid>, Worlds> = BTreeMap::new();
    let mut found: BTreeMap<Fact, Course> = BTreeMap::new();
    for cast in course::casts(nodes) {
        course::search(&worlds, &cast, &mut found);
    }
    let mut order: Vec<(&Fact, &Course)> = found.iter().collect();
    order.sort_by_key(|(_, course)| std::cmp::Reverse(course.cost));
    let mut covered: BTreeSet<Fact> = BTreeSet::new();
    let mut cases = Vec::new();
    for (fact, course) in order {
        if covered.contains(fact) {
            continue;
        }
        let (inputs, shown) = completed(&worlds, course, fact, &covered);
        let homes = homes(&inputs);
        let of_homes = || Worlds::new(*rules, nodes, homes.clone());
        let mut case = plot(by_homes.entry(homes.clone()).or_insert_with(of_homes), &inputs);
        case.cells = shown.iter().filter(|fact| matches!(fact, Fact::Cell(_))).map(Fact::to_string).collect();
        case.clauses = clauses_of(&shown).map(str::to_owned).collect();
        case.name = fact.to_string();
        covered.extend(shown);
        cases.push(case);
    }
    cases.sort_by_key(|case| case.steps.len());
    number_names(&mut cases);
    (cases, summary(&covered))
}

/// The inputs of a course with what is asked at its end, and everything that they show.
fn completed(
    worlds: &Worlds,
    course: &Course,
    fact: &Fact,
    covered: &BTreeSet<Fact>,
) -> (Vec<Input>, BTreeSet<Fact>) {
    let mut inputs = course.inputs.clone();
    let (mut shown, _) = replay(worlds, &inputs);
    let (_, cluster) = replay(worlds, &inputs[..course.reads_at]);
    let max = if is_at_rest(&cluster) { READS_AT_REST } else { READS_LIVE };
    let mut reads: Vec<Request> = Vec::new();
    let is_due = |facts: &[Fact]| facts.contains(fact);
    let first = course.reads.iter().filter(|(_, facts)| is_due(facts)).take(1);
    let rest = course.reads.iter().filter(|(_, facts)| !is_due(facts));
    for (request, facts) in first.chain(rest) {
        let is_new = facts.iter().any(|one| !covered.contains(one) && !shown.contains(one));
        if reads.len() < max && is_new {
            // What is refused for a conflict is refused again.
            let again = facts.iter().any(|fact| matches!(fact, Fact::Action(_, cell) if cell.code == 409));
            reads.extend(std::iter::repeat_n(request.clone(), 1 + usize::from(again)));
            shown.extend(facts.iter().cloned());
        }
    }
    let reads = reads.into_iter().map(|request| Input { at: Time(0), act: Act::Request(request) });
    inputs.splice(course.reads_at..course.reads_at, reads);
    let more = sequel(worlds, &inputs);
    inputs.extend(more);
    shown.extend(replay(worlds, &inputs).0);
    (inputs, shown)
}

/// The nodes that are asked about.
fn homes(inputs: &[Input]) -> Vec<NodeUid> {
    let asked = inputs.iter().filter_map(|input| match &input.act {
        Act::Request(request) => request.path.node(),
        Act::Event(_) => None,
    });
    asked.collect::<BTreeSet<_>>().into_iter().collect()
}

/// What follows what a course ends with: where a result was discarded a new instance goes its way, and where one was
/// deleted another is started. Only then it shows whether the old one has left something behind. And a step of an action
/// shows when it has ended.
fn sequel(worlds: &Worlds, inputs: &[Input]) -> Vec<Input> {
    let Some((Input { act: last, .. }, before)) = inputs.split_last() else { return Vec::new() };
    let (_, before) = replay(worlds, before);
    let (_, mut cluster) = replay(worlds, inputs);
    let had_ended = |slot: &Slot| before.instance(*slot).is_some_and(|instance| !instance.is_live());
    let slot = match last {
        Act::Request(request) => request.path.slot().filter(had_ended),
        Act::Event(Event::Task(slot, Move::Advance)) => Some(*slot),
        Act::Event(_) => None,
    };
    let is_there = |slot: &Slot| cluster.node_of(*slot).is_some() || *slot == Slot::ChangeMaster;
    let Some(slot) = slot.filter(is_there).filter(|_| before != cluster) else { return Vec::new() };
    let mut more = Vec::new();
    if cluster.instance(slot).is_none() {
        let nodes = cluster.nodes().len() as u32;
        let post = about(slot, nodes)[0][0].clone();
        cluster = worlds.answer(&cluster, &post).1;
        more.push(Input { at: Time(0), act: Act::Request(post) });
    }
    while let Some((event, after)) = course::ordinary(worlds, &cluster, slot) {
        more.push(input_of(&cluster, &event));
        cluster = after;
    }
    more
}

/// What some inputs show, and the cluster after them.
fn replay(worlds: &Worlds, inputs: &[Input]) -> (BTreeSet<Fact>, Cluster) {
    let mut shown = BTreeSet::new();
    let mut cluster = Cluster::new(worlds.nodes);
    for input in inputs {
        match &input.act {
            Act::Request(request) => {
                let (reply, after) = worlds.answer(&cluster, request);
                shown.extend(facts_of_request(worlds, &cluster, request, &reply, &after));
                cluster = after;
            }
            Act::Event(event) => {
                if let Some(after) = worlds.after(&cluster, event) {
                    shown.extend(facts_of_event(worlds, &cluster, input, &after));
                    cluster = after;
                }
            }
        }
    }
    (shown, cluster)
}

fn clauses_of(facts: &BTreeSet<Fact>) -> impl Iterator<Item = &'static str> {
    facts.iter().filter_map(|fact| match fact {
        Fact::Clause(id) => Some(*id),
        _ => None,
    })
}

/// Gives those of one name numbers.
fn number_names(cases: &mut [Case]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases {
        let count = counts.entry(case.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            case.name = format!("{}, {count}", case.name);
        }
    }
}

fn summary(covered: &BTreeSet<Fact>) -> Coverage {
    let cells = covered.iter().filter(|fact| matches!(fact, Fact::Cell(_))).map(Fact::to_string).collect();
    let at_stake = covered.iter().filter_map(|fact| match fact {
        Fact::AtStake(number) => Some(invariant::ALL[*number].clauses),
        _ => None,
    });
    let at_stake = at_stake.flatten().copied().filter(|id| !id.starts_with("R-"));
    let clauses: BTreeSet<_> = clauses_of(covered).chain(at_stake).collect();
    let others = clause::all().filter(|clause| !clauses.contains(clause.id));
    let reason = |clause: &clause::Clause| coverage::excuse(clause).unwrap_or(NO_ANSWER);
    let uncovered = others.map(|clause| (clause.id, reason(clause))).collect();
    Coverage { cells, clauses, uncovered }
}

/// Why a clause that is tested otherwise is in no case.
const NO_ANSWER: &str = "no answer of a fresh cluster rests on it alone: it is about data, or says in general what others say of each case";
