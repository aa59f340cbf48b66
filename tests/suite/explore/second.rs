//! A second opinion: stateright counts the same states and transitions on the same law.

use action_oracle::explore::{self, Options};
use action_oracle::model::Cluster;
use action_oracle::spec::Rules;

use super::options;
use crate::second::Second;
use crate::stateright_model;

stateright_model!(stateright, Model, count);

#[track_caller]
fn agree(nodes: u32, actions: &[&'static str], rules: &str) {
    let mut all = Rules::default();
    all.set_all(rules).expect("the rules exist");
    let (start, actions_of) = (Cluster::new(nodes), actions.to_vec());
    let counted = count(Second { start, rules: all, actions: actions_of }, 1, None);
    let explored =
        explore::explore(&Options { ..options(nodes, actions, rules) }).expect("it can be explored");
    assert_eq!(counted, (explored.states, explored.transitions), "{nodes} nodes, {actions:?}, {rules}");
}

#[test]
fn stateright_counts_the_same() {
    agree(1, &["enslave_node", "remove", "change_master"], "");
    agree(2, &["enslave_node", "remove"], "R-CONFLICT-SCOPE=CLUSTER-ANY");
    agree(2, &["change_master"], "R-CHM-TASKS=ABORT");
    agree(3, &["enslave_node"], "");
    agree(1, &["maintenance_on", "maintenance_off"], "R-QUORUM-SMALL=EXEMPT");
}
