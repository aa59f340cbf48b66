//! What sets of readings hold, what they have in common, and how they unite.

use super::*;
use crate::spec::rules::{ConflictScope, DelRunning};

fn question(id: &str) -> Question {
    Question::find(id).expect("the reading is modelled")
}

#[test]
fn cases_cover_all_rules_once_and_tell_apart_what_was_consulted() {
    let base = Open::all();
    let act = |rules: &Rules| match rules.conflict_scope() {
        ConflictScope::PerNodeAny => 1,
        ConflictScope::ClusterType => 1 + u32::from(rules.del_running() == DelRunning::Immediate),
        _ => 3,
    };
    let mut found = Vec::new();
    walk(&base, act, |open, result| gather(&mut found, open, result));
    assert_eq!(found.len(), 3 + usize::from(found.iter().filter(|case| case.1 == 1).count() > 1));
    for (open, result) in &found {
        assert_eq!(act(&open.first()), *result);
    }
    for scope in 0..4 {
        for running in 0..2 {
            let mut rules = Rules::default();
            rules.choose(question("R-CONFLICT-SCOPE"), scope);
            rules.choose(question("R-DEL-RUNNING"), running);
            let holding: Vec<_> = found.iter().filter(|(open, _)| open.contains(&rules)).collect();
            assert_eq!(holding.len(), 1, "{rules:?}");
            assert_eq!(holding[0].1, act(&rules));
        }
    }
}

#[test]
fn sets_join_only_if_the_result_is_a_product() {
    let (scope, running) = (question("R-CONFLICT-SCOPE"), question("R-DEL-RUNNING"));
    let all = Open::all();
    let of = |one, other| all.only(scope, one).and_then(|open| open.only(running, other));
    let (a, b, c) = (of(1, 1).expect("a"), of(2, 1).expect("b"), of(2, 2).expect("c"));
    assert_eq!(a.join(&b), of(3, 1));
    assert_eq!(a.join(&c), None);
    assert_eq!((a.meet(&b), a.meet(&all)), (None, Some(a.clone())));
}

#[test]
fn a_union_grows_only_by_what_is_new() {
    let scope = question("R-CONFLICT-SCOPE");
    let mut opens = Opens::default();
    let ids = [1, 2, 3].map(|mask| Open::all().only(scope, mask).expect("an answer remains"));
    let ids = ids.map(|open| opens.id(Set::Product(Box::new(open))));
    let mut sets = Vec::new();
    assert!(opens.unite(&mut sets, ids[0]));
    assert!(opens.unite(&mut sets, ids[1]));
    assert_eq!(sets, [ids[2]]);
    assert!(!opens.unite(&mut sets, ids[0]));
}
