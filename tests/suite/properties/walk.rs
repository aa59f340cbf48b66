//! Walks: arbitrary runs of a law from a fresh cluster, judged at every step.
//!
//! A walk that breaks an invariant is shrunk, and what remains is written as a case at once, so that it outlives
//! the strategy that found it. Nothing of a walk depends on the law under test: an event is chosen from what the
//! true law enables or from what an instance could try.

use std::fs;
use std::path::{Path as FilePath, PathBuf};

use action_oracle::case::{Case, Signature, save};
use action_oracle::model::invariant::{Broken, Judge};
use action_oracle::model::*;
use action_oracle::script;
use action_oracle::sim::{Digest, Law};
use action_oracle::spec::Rules;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{TestError, TestRunner};

use crate::case::text;
use crate::strategy::{self, Choice};

/// An arbitrary run, before it is taken.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    rules: Rules,
    nodes: u32,
    legs: Vec<Leg>,
}

/// What comes next in a walk.
#[derive(Debug, Clone)]
pub(super) enum Leg {
    /// Anything at all, or an event that may happen.
    Any(Choice),
    /// An admin asks for a slot, with a body that names a node if it is a POST.
    Ask(Method, Slot),
    /// One of the moves that the instances could make, whether or not they may.
    Try(Index),
}

/// Why a walk failed: what it broke, and where the case is.
pub(super) struct Kept {
    pub(super) broken: Box<Broken>,
    pub(super) path: PathBuf,
}

/// Walks under such rules.
pub(super) fn walks(rules: impl Strategy<Value = Rules>) -> impl Strategy<Value = Walk> {
    let asks = (select(vec![Method::Post, Method::Delete, Method::Get]), strategy::slot());
    let leg = prop_oneof![
        2 => strategy::choice().prop_map(Leg::Any),
        1 => asks.prop_map(|(method, slot)| Leg::Ask(method, slot)),
        2 => any::<Index>().prop_map(Leg::Try),
    ];
    (rules, 0..5_u32, vec(leg, 1..80)).prop_map(|(rules, nodes, legs)| Walk { rules, nodes, legs })
}

/// Takes walks of a law until one breaks something or the runner has enough.
///
/// # Errors
///
/// The shortest walk that the runner found to break something, kept as a case in the folder.
pub(super) fn take(
    runner: &mut TestRunner,
    walks: &impl Strategy<Value = Walk>,
    law: Law,
    folder: &FilePath,
) -> Result<(), Kept> {
    let outcome = runner.run(walks, |walk| match walk.take(law).1 {
        None => Ok(()),
        Some(broken) => Err(TestCaseError::fail(broken.invariant)),
    });
    match outcome {
        Ok(()) => Ok(()),
        Err(TestError::Fail(_, walk)) => {
            let (case, broken) = walk.take(law);
            let broken = broken.expect("the law is a function, so that the walk breaks it again");
            let (case, broken) = shortest(case, broken, law);
            Err(Kept { path: keep(&case, folder), broken })
        }
        Err(TestError::Abort(why)) => panic!("the walks cannot be drawn: {why}"),
    }
}

/// Leaves out every input that the failure does not need. The runner cannot: what a choice means depends on the
/// choices before it.
fn shortest(mut case: Case, mut broken: Box<Broken>, law: Law) -> (Case, Box<Broken>) {
    let mut at = case.lines.len();
    while at > 0 {
        at -= 1;
        let mut acts: Vec<_> = case.lines.iter().map(|line| line.input.act.clone()).collect();
        acts.remove(at);
        let start = Case::new(case.rules, case.cluster.clone());
        match judged(start, law, |_, at| acts.get(at).cloned()) {
            (shorter, Some(same)) if same.invariant == broken.invariant => {
                (case, broken) = (shorter, same);
                at = case.lines.len(); // What was needed before may not be needed now.
            }
            _ => {}
        }
    }
    (case, broken)
}

/// Writes a case into a folder, under the hash of its text.
fn keep(case: &Case, folder: &FilePath) -> PathBuf {
    let path = folder.join(format!("found-{:016x}.jsonl", Digest::of(&text(case))));
    fs::create_dir_all(folder).and_then(|()| save(case, &path)).expect("the case can be written");
    path
}

/// Goes from the start of a case through what comes next, up to the first broken invariant.
fn judged(
    mut case: Case,
    law: Law,
    next: impl Fn(&Cluster, usize) -> Option<Act>,
) -> (Case, Option<Box<Broken>>) {
    let (rules, mut cluster) = (case.rules, case.cluster.clone());
    let mut judge = Judge::new(&cluster);
    while let Some(act) = next(&cluster, case.lines.len()) {
        let input = Input { at: Time(case.lines.len() as u64 * PAUSE_US), act };
        let reply = law(&mut cluster, &rules, &input);
        let broken = judge.see(&rules, &input, &reply, &cluster, |_, _, _| {}).err();
        case.expect = broken.as_ref().map(|broken| signature(broken, &input));
        case.record(input, &reply);
        if broken.is_some() {
            return (case, broken);
        }
    }
    (case, None)
}

/// Short enough for two steps in one second, which snapshots are named after.
const PAUSE_US: u64 = 600_000;

impl Walk {
    fn take(&self, law: Law) -> (Case, Option<Box<Broken>>) {
        let start = Case::new(self.rules, Cluster::new(self.nodes));
        judged(start, law, |cluster, at| Some(self.legs.get(at)?.act(cluster, &self.rules)))
    }
}

/// What makes two broken invariants the same failure.
fn signature(broken: &Broken, input: &Input) -> Signature {
    let words = script::print(&input.act);
    Signature {
        check: broken.invariant.to_owned(),
        operation: words.split(' ').next().unwrap_or_default().to_owned(),
        expected: "holds".to_owned(),
        observed: "broken".to_owned(),
        status: String::new(),
    }
}

impl Leg {
    /// What it means now.
    fn act(&self, cluster: &Cluster, rules: &Rules) -> Act {
        match self {
            Self::Any(choice) => choice.clone().act(cluster, rules),
            Self::Ask(method, slot) => Act::Request(ask(*method, *slot)),
            Self::Try(index) => {
                let moves: Vec<_> = candidates(cluster).collect();
                let elect = Event::Elect(NodeUid(1)); // When nothing runs.
                let event = if moves.is_empty() { elect } else { index.get(&moves).clone() };
                Act::Event(event)
            }
        }
    }
}

/// What an admin asks for a slot, with a body that any action takes.
pub(super) fn ask(method: Method, slot: Slot) -> Request {
    Request {
        method,
        path: Path::to(Place::Action(slot)),
        caller: Caller::Role(Role::Admin),
        headers: Headers::default(),
        body: match method {
            Method::Post => Body::Json(serde_json::json!({ "node_uid": "1" })),
            _ => Body::Absent,
        },
    }
}

/// Every move that some instance could make, whether or not it may.
pub(super) fn candidates(cluster: &Cluster) -> impl Iterator<Item = Event> {
    cluster.slots().flat_map(|slot| {
        let moves = cluster.instance(slot).into_iter().flat_map(Move::candidates);
        moves.map(move |step| Event::Task(slot, step))
    })
}
