//! What one node can do, each action by itself: quickly explored, and what campaigns are held against.

use std::collections::BTreeSet;

use super::{ACTIONS, Choice, Example, Explored, MatrixCell, Options};
use crate::model::Cluster;
use crate::model::invariant::Broken;
use crate::sim::Law;
use crate::spec::Rules;

/// The cells of operation, status and answer that one node can reach under some rules, each action by itself: the
/// denominator of coverage. Under the default rules these are all that it can reach with all actions together.
pub fn reachable_by_one_node(rules: &Rules) -> BTreeSet<MatrixCell> {
    let explored = each_action(rules, crate::model::step);
    explored.flat_map(|explored| explored.answers.matrix.into_keys()).collect()
}

/// For each invariant that one node can break under a law, each action by itself, a case than which none is shorter there.
pub fn broken_by_one_node(rules: &Rules, law: Law) -> Vec<(Box<Broken>, Example)> {
    let mut all: Vec<_> = each_action(rules, law).flat_map(|explored| explored.answers.broken).collect();
    // The shortest comes first and stays.
    all.sort_by_key(|(broken, example)| (broken.invariant, example.len()));
    all.dedup_by_key(|(broken, _)| broken.invariant);
    all
}

fn each_action(rules: &Rules, law: Law) -> impl Iterator<Item = Explored> {
    ACTIONS.into_iter().map(move |action| {
        let choice = Choice { actions: vec![action], ..Choice::default() };
        let options = Options { choice, law, ..Options::new(Cluster::new(1), *rules) };
        super::explore(&options).expect("one node can be explored")
    })
}
