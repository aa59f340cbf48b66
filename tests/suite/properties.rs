//! The law as a function: what holds of one step from any cluster, and of every walk from a fresh one.
//!
//! The clusters are all that can be written down, not only those that can be reached; the inputs are all that
//! can be said, absurd ones included. What the inputs lead to in longer runs is judged by the invariants.

mod walk;

use std::sync::Arc;

use std::fs;
use std::path::Path as FilePath;

use action_oracle::case::{Case, Loaded, read};
use action_oracle::model::invariant::Judge;
use action_oracle::model::*;
use action_oracle::sim::{Digest, canary};
use action_oracle::spec::rules::ResubmitRejected;
use action_oracle::spec::{Edition, Rules};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::case::rejected;
use crate::strategy;
use walk::{Kept, ask, candidates, take, walks};

proptest! {
    #[test]
    fn step_is_total(mut cluster in strategy::cluster(), rules in strategy::rules(), input in input()) {
        let reply = step(&mut cluster, &rules, &input);
        let of_request = matches!(reply, Reply::Answer(_) | Reply::Refused(_));
        prop_assert_eq!(of_request, matches!(input.act, Act::Request(_)), "{:?}", reply);
        let parts = Parts::from(&cluster);
        prop_assert_eq!(Cluster::try_from(parts), Ok(cluster), "a step leads to a cluster that can exist");
    }

    #[test]
    fn step_is_atomic(before in strategy::cluster(), rules in strategy::rules(), input in input()) {
        let mut after = before.clone();
        match step(&mut after, &rules, &input) {
            Reply::Answer(_) | Reply::Happened => {}
            Reply::Refused(_) if rules.resubmit_rejected() == ResubmitRejected::Drop => {
                prop_assert!(at_most_drops_a_result(&before, &after, &input));
            }
            Reply::Refused(_) | Reply::NotEnabled(_) => prop_assert_eq!(after, before),
        }
    }

    #[test]
    fn step_is_deterministic(before in strategy::cluster(), rules in strategy::rules(), input in input()) {
        let (mut one, mut other) = (before.clone(), before);
        prop_assert_eq!(step(&mut one, &rules, &input), step(&mut other, &rules, &input));
        prop_assert_eq!(Digest::of(&one), Digest::of(&other));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn enabled_events_happen_and_others_do_not(
        cluster in strategy::cluster(),
        rules in strategy::rules(),
        others in vec(strategy::event(), 0..8),
    ) {
        let enabled = cluster.enabled(&rules);
        let happens = |event: &Event| {
            let input = Input { at: Time(0), act: Act::Event(event.clone()) };
            step(&mut cluster.clone(), &rules, &input) == Reply::Happened
        };
        for event in &enabled {
            prop_assert!(happens(event), "{:?} is listed", event);
        }
        for event in others.into_iter().chain(candidates(&cluster)) {
            if let Some(stands) = stands_in(&cluster, &enabled, &event) {
                prop_assert_eq!(happens(&event), stands, "{:?}", event);
            }
            prop_assert_eq!(happens(&event), cluster.admits(&rules, &event).is_ok(), "{:?}", event);
        }
    }

    /// Different slots of nodes share nothing by default but the numbers of their tasks. A node that is gone has
    /// one slot only: with the status of its removal its uid is forgotten.
    #[test]
    fn requests_on_different_slots_commute(
        start in strategy::cluster(),
        edition in select(&Edition::ALL[..]),
        methods in [method(), method()],
        slots in different_slots(),
    ) {
        let gone = |slot: &Slot| start.departed().iter().any(|departed| slot_is_of(*slot, departed.uid));
        prop_assume!(!slots.iter().all(gone));
        let asks = [ask(methods[0], slots[0]), ask(methods[1], slots[1])];
        let [in_order, turned] = both_orders(&start, &Rules::new(edition), &asks);
        prop_assert_eq!(in_order, turned);
    }

    #[test]
    fn time_names_snapshots_and_nothing_else(
        start in strategy::cluster(),
        rules in strategy::rules(),
        choices in vec((strategy::choice(), later(), later()), 1..30),
    ) {
        let (mut one, mut other) = (start.clone(), start);
        let (mut now, mut then) = (0, 0);
        for (choice, pause, other_pause) in choices {
            now += pause;
            then += other_pause;
            let act = choice.act(&one, &rules);
            let reply = step(&mut one, &rules, &Input { at: Time(now), act: act.clone() });
            let other_reply = step(&mut other, &rules, &Input { at: Time(then), act });
            prop_assert_eq!(untimed(reply), untimed(other_reply));
            prop_assert_eq!(timeless(&one), timeless(&other));
        }
    }
}

/// The twin of the property: where the law says otherwise, the order shows.
#[test]
fn requests_of_one_scope_do_not_commute() {
    let mut rules = Rules::default();
    rules.set("R-CONFLICT-SCOPE", "CLUSTER-TYPE").expect("it is modelled");
    let asks = [1, 2].map(|uid| ask(Method::Post, Slot::Node(NodeUid(uid), NodeAction::Remove)));
    let [in_order, turned] = both_orders(&Cluster::new(3), &rules, &asks);
    assert_ne!(in_order, turned);
}

#[test]
fn the_judge_accepts_every_step_from_a_fresh_cluster() {
    let mut runner = TestRunner::new(Config { source_file: Some(file!()), ..Config::default() });
    let folder = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("failures");
    if let Err(kept) = take(&mut runner, &walks(strategy::rules()), step, &folder) {
        panic!("{}", told(&kept));
    }
}

/// The twin of the test above: a wrong edge is found, made small, and kept.
#[test]
fn a_walk_that_breaks_an_invariant_is_shrunk_and_kept_as_a_case() {
    let config = Config { cases: 20_000, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let kept = take(&mut runner, &walks(Just(Rules::default())), canary, folder.path());
    let kept = kept.expect_err("the canary is caught");
    assert_eq!(kept.broken.invariant, "legal-edges");
    let reproduce = format!("reproduce: action-oracle replay {}", kept.path.display());
    assert!(told(&kept).ends_with(&reproduce), "{}", told(&kept));

    let written = fs::read_to_string(&kept.path).expect("the case is there");
    assert_eq!(rejected(&written), [""; 0]);
    let Loaded { case, broken: None } = read(written.as_bytes()).expect("it is a case") else {
        panic!("the case is broken")
    };
    assert_eq!(case.expect.as_ref().map(|signature| signature.check.as_str()), Some("legal-edges"));
    assert!(case.replay(canary).all(|step| step.difference.is_none()));
    assert_eq!(breaks_in(&case), Some(case.lines.len()), "{written}");
    for needless in 0..case.lines.len() {
        let mut shorter = case.clone();
        shorter.lines.remove(needless);
        assert_eq!(breaks_in(&shorter), None, "step {} is needless: {written}", needless + 1);
    }
}

/// The step in which the canary breaks an invariant when a case is replayed.
fn breaks_in(case: &Case) -> Option<usize> {
    let mut judge = Judge::new(&case.cluster);
    let mut steps = case.replay(canary);
    let breaks = steps.find(|step| {
        judge.see(&case.rules, &step.line.input, &step.reply, &step.after, |_, _, _| {}).is_err()
    });
    breaks.map(|step| step.number)
}

/// What a failing test says of a walk.
fn told(Kept { broken, path }: &Kept) -> String {
    let (invariant, how) = (broken.invariant, &broken.how);
    format!("a walk broke {invariant}: {how}\nreproduce: action-oracle replay {}", path.display())
}

fn input() -> impl Strategy<Value = Input> {
    (any::<u64>(), strategy::act()).prop_map(|(at, act)| Input { at: Time(at), act })
}

fn method() -> impl Strategy<Value = Method> {
    select(vec![Method::Post, Method::Delete, Method::Get])
}

/// More than a second, so that no two snapshots are named alike.
fn later() -> impl Strategy<Value = u64> {
    1_000_000..1_u64 << 40
}

fn different_slots() -> impl Strategy<Value = [Slot; 2]> {
    let slot = || (strategy::uid(), select(&NodeAction::ALL[..]));
    let slots = [slot(), slot()].prop_map(|pairs| pairs.map(|(uid, action)| Slot::Node(uid, action)));
    slots.prop_filter("two slots", |[one, other]| one != other)
}

fn slot_is_of(slot: Slot, node: NodeUid) -> bool {
    matches!(slot, Slot::Node(uid, _) if uid == node)
}

/// What two requests are answered and lead to, in either order; numbers of new tasks look alike.
fn both_orders(start: &Cluster, rules: &Rules, asks: &[Request; 2]) -> [([Reply; 2], Parts); 2] {
    let run = |order: [usize; 2]| {
        let mut cluster = start.clone();
        let mut replies = order.map(|which| {
            let act = Act::Request(asks[which].clone());
            renumbered_reply(step(&mut cluster, rules, &Input { at: Time(0), act }), start.tasks())
        });
        if order == [1, 0] {
            replies.reverse();
        }
        (replies, renumbered(&cluster, start.tasks()))
    };
    [run([0, 1]), run([1, 0])]
}

/// Whether all that a refusal did was to discard the result in the slot of a POST
/// (`R-RESUBMIT-REJECTED=DROP`).
fn at_most_drops_a_result(before: &Cluster, after: &Cluster, input: &Input) -> bool {
    let Act::Request(Request { method: Method::Post, path, .. }) = &input.act else { return before == after };
    let result = path.slot().filter(|slot| before.instance(*slot).is_some_and(|it| !it.is_live()));
    let Some(slot) = result else { return before == after };
    let mut dropped = Parts::from(before);
    match slot {
        Slot::ChangeMaster => dropped.change_master = None,
        Slot::Node(uid, action) => match dropped.nodes.iter_mut().find(|node| node.uid == uid) {
            Some(node) => node.slots[action as usize] = None,
            None => dropped.departed.retain(|departed| departed.uid != uid),
        },
    }
    before == after || Parts::from(after) == dropped
}

/// Whether the list of enabled events says that an event may happen; `None` for those it leaves out.
fn stands_in(cluster: &Cluster, enabled: &[Event], event: &Event) -> Option<bool> {
    Some(match event {
        Event::CreateSnapshot(..) => return None,
        Event::Join(uid) => cluster.node(*uid).is_none(),
        // The next quarter stands for all that lies ahead.
        Event::Task(slot, Move::Progress(progress)) => {
            let ahead = cluster.instance(*slot).is_some_and(|instance| *progress > instance.progress);
            let quarter = |event: &Event| matches!(event, Event::Task(of, Move::Progress(_)) if of == slot);
            ahead && enabled.iter().any(quarter)
        }
        event => enabled.contains(event),
    })
}

/// A reply in which all numbers given out since look alike.
fn renumbered_reply(reply: Reply, known: u32) -> Reply {
    match reply {
        Reply::Answer(Answer::Accepted(slot, task)) => {
            Reply::Answer(Answer::Accepted(slot, task.min(TaskId(known + 1))))
        }
        reply => reply,
    }
}

/// The parts of a cluster in which all numbers given out since look alike.
fn renumbered(cluster: &Cluster, known: u32) -> Parts {
    let mut parts = Parts::from(cluster);
    for instance in parts.nodes.iter_mut().flat_map(|node| node.slots.iter_mut().flatten()) {
        instance.task = instance.task.min(TaskId(known + 1));
    }
    parts
}

/// A reply without the times of the snapshots that it shows, and the names made of them (SNAP-6).
fn untimed(mut reply: Reply) -> Reply {
    let shown: Vec<&mut SnapshotView> = match &mut reply {
        Reply::Answer(Answer::SnapshotDeleted(view)) => vec![view],
        Reply::Answer(Answer::Observed(Observation::Snapshots(views))) => views.iter_mut().collect(),
        Reply::Answer(Answer::Observed(Observation::NodeStatus(view))) => {
            view.maintenance_snapshot.iter_mut().collect()
        }
        Reply::Answer(Answer::Observed(Observation::NodeStatuses(views))) => {
            views.iter_mut().filter_map(|view| view.maintenance_snapshot.as_mut()).collect()
        }
        _ => Vec::new(),
    };
    for view in shown {
        view.created = Time(0);
        if view.name.starts_with("maintenance_mode_") {
            view.name = "a maintenance snapshot".into();
        }
    }
    reply
}

/// The parts of a cluster without what time leaves in them.
fn timeless(cluster: &Cluster) -> Parts {
    let mut parts = Parts::from(cluster);
    for node in &mut parts.nodes {
        for (at, snapshot) in node.snapshots.iter_mut().enumerate() {
            snapshot.created = Time(0);
            let named = snapshot.name.starts_with("maintenance_mode_");
            if named {
                snapshot.name = format!("maintenance snapshot {at}").into();
            }
        }
        for instance in node.slots.iter_mut().flatten() {
            if let Some(loaded) = instance.work.loaded.as_mut().map(Arc::make_mut) {
                loaded.created = Time(0);
                if loaded.name.starts_with("maintenance_mode_") {
                    loaded.name = "a maintenance snapshot".into();
                }
            }
        }
    }
    parts
}
