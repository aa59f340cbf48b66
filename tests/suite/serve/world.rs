//! The world itself: deterministic, conforming, bounded, and only as restless as its clock.

use std::time::Duration;

use action_oracle::model::Cluster;
use action_oracle::serve::{Clock, Extras, Setup, World};
use action_oracle::sim::{Faults, Seed};
use action_oracle::spec::{Edition, clause, reading};

use super::{RULES, conforms, drive, rules};

fn world(setup: Setup) -> World {
    World::new(setup, None)
}

#[test]
fn what_is_served_conforms_under_any_rules() {
    let faults = ["none", "all", "abort,fail", "lost-answer,duplicate"];
    for (at, text) in RULES.iter().enumerate() {
        for edition in Edition::ALL {
            for faults in faults {
                let seed = Seed(at as u64);
                let faults: Faults = faults.parse().expect("they exist");
                let setup = Setup { seed, rules: rules(text, edition), faults, ..Setup::default() };
                let mut world = world(setup);
                drive(&mut world, seed, 150);
                conforms(&world);
            }
        }
    }
}

#[test]
fn what_is_served_of_a_cluster_with_data_conforms() {
    let text = include_str!("../../../fixtures/topologies/small.json");
    let start = action_oracle::case::topology(text).expect("it is one");
    for seed in (0..10).map(Seed) {
        let setup = Setup { seed, start: start.clone(), ..Setup::default() };
        let mut world = world(setup);
        drive(&mut world, seed, 200);
        conforms(&world);
    }
}

#[test]
fn equal_setups_and_requests_give_equal_bytes() {
    for clock in [Clock::default(), Clock::Manual] {
        let run = |seed| {
            let mut world = world(Setup { seed: Seed(seed), clock, ..Setup::default() });
            let mut answers = drive(&mut world, Seed(5), 300);
            let events = world.go_on(20);
            answers.extend(drive(&mut world, Seed(6), 100));
            (answers, events, world.history(), world.case())
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2), "the seed has a say");
    }
}

#[test]
fn a_reset_begins_the_same_run_again() {
    let mut world = world(Setup { seed: Seed(3), ..Setup::default() });
    let first = drive(&mut world, Seed(5), 200);
    world.reset();
    assert_eq!(world.cluster(), &Cluster::new(3));
    assert_eq!(drive(&mut world, Seed(5), 200), first);
}

#[test]
fn nothing_happens_by_itself_unless_the_clock_lets_it() {
    for clock in [Clock::Manual, Clock::Real { pace: Duration::from_millis(1) }] {
        let mut world = world(Setup { clock, ..Setup::default() });
        drive(&mut world, Seed(5), 200);
        let text = String::from_utf8(world.history()).expect("it is text");
        assert!(text.contains("\"status\":\"queued\""), "something was started");
        for status in ["starting", "running", "completed"] {
            assert!(!text.contains(&format!("\"status\":\"{status}\"")), "{status}");
        }
        assert!(!world.go_on(10).is_empty(), "it happens when it is told to");
        conforms(&world);
    }
}

#[test]
fn memory_is_bounded_and_what_is_left_of_the_history_conforms() {
    let mut world = world(Setup { inputs_kept: 100, ..Setup::default() });
    let mut longest = 0;
    for seed in 0..40 {
        drive(&mut world, Seed(seed), 50);
        let history = world.history();
        longest = longest.max(history.len());
        // One that has only just begun again says nothing yet.
        if history.iter().filter(|byte| **byte == b'\n').count() > 20 {
            conforms(&world);
        }
    }
    assert!((20_000..100 * 1_500).contains(&longest), "{longest}");
}

#[test]
fn every_answer_names_clauses_that_exist() {
    let mut world = world(Setup { faults: Faults::ALL, ..Setup::default() });
    for seed in 0..20 {
        for decided in drive(&mut world, Seed(seed), 100) {
            assert!(!decided.clauses.is_empty(), "{decided:?}");
            for id in decided.clauses {
                assert!(clause::find(id).is_some() || reading::find(id).is_some(), "{id}");
            }
        }
    }
}

#[test]
fn an_extra_is_added_and_conforms() {
    let mut world =
        world(Setup { extras: Extras { action_uid: true, shard_status: true }, ..Setup::default() });
    let answers = drive(&mut world, Seed(1), 300);
    let bodies: Vec<_> = answers.iter().filter_map(|decided| decided.response.body.as_ref()).collect();
    let with_task: Vec<_> = bodies.iter().filter(|body| body.get("task_id").is_some()).collect();
    assert!(!with_task.is_empty());
    assert!(with_task.iter().all(|body| body["action_uid"] == body["task_id"]), "{with_task:?}");
    conforms(&world);
}
