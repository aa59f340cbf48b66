//! What a generator asks, and what it makes of answers.

use std::collections::BTreeSet;

use super::*;
use crate::conformance::Subject;
use crate::conformance::cells::{Cell, everybody};
use crate::conformance::honest::Honest;

fn setup() -> Setup {
    Setup { nodes: (1..=3).map(NodeUid).collect(), callers: everybody(), is_fresh: true }
}

/// Plays so many runs of 40 calls to the honest implementation, by one client or by several in turn.
fn played(runs: u64, clients: usize) -> (Generator, Vec<Request>) {
    let mut generator = Generator::new(Seed(0), &setup());
    let (mut subject, mut asked) = (Honest::new(), Vec::new());
    for run in 0..runs {
        subject.reset(3);
        generator.begin(Seed(run), &setup());
        for call in 0..40 {
            generator.ticks().into_iter().for_each(|chance| subject.tick(chance));
            let request = generator.next(call % clients);
            let response = subject.call(&request);
            generator.saw(&request, &response);
            asked.push(request);
        }
    }
    (generator, asked)
}

#[test]
fn the_same_seeds_and_answers_give_the_same_requests() {
    assert_eq!(played(10, 1).1, played(10, 1).1);
    assert_eq!(played(10, 3).1, played(10, 3).1);
    assert_ne!(played(10, 1).1, played(10, 3).1);
}

#[test]
fn everybody_asks_everywhere_and_everything_absurd_is_tried() {
    let (generator, asked) = played(100, 1);
    let unmet = generator.cells().unmet(&everybody());
    let left = unmet.iter().filter(|cell| matches!(cell, Cell::Access { .. } | Cell::Absurd { .. }));
    assert_eq!(left.collect::<Vec<_>>(), [&Cell::Absurd { what: "", method: "" }; 0]);
    let methods: BTreeSet<_> = asked.iter().map(|request| request.method).collect();
    assert_eq!(methods.len(), Method::ALL.len());
}

#[test]
fn more_is_met_in_more_runs_and_what_is_met_can_be() {
    let (few, many) = (played(5, 1).0, played(300, 1).0);
    let all = Cells::reachable(&everybody());
    let met = |generator: &Generator| generator.cells().met().filter(|(cell, _)| all.contains(cell)).count();
    assert!(met(&few) < met(&many));
    assert!(met(&many) * 5 > all.len() * 4, "{} of {}", met(&many), all.len());
}

#[test]
fn a_caller_who_has_no_user_does_not_ask() {
    let admin = Caller::Role(Role::Admin);
    let setup = Setup { callers: vec![admin, Caller::Missing], ..setup() };
    let mut generator = Generator::new(Seed(0), &setup);
    for run in 0..50 {
        generator.begin(Seed(run), &setup);
        for _ in 0..40 {
            let caller = generator.next(0).caller;
            assert!([admin, Caller::Missing, Caller::Wrong].contains(&caller), "{caller:?}");
        }
    }
}
