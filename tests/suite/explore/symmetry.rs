//! Interchangeable nodes: the quotient and the full search agree, and the orbits sum up.

use std::collections::BTreeMap;

use action_oracle::explore::{self, Explored, Options, Unexplorable};

use super::{on_topology, options, shown_by};

/// What does not depend on the names of nodes: the cells of the matrix, and what can happen, with the fewest inputs.
fn told(explored: &Explored) -> (BTreeMap<explore::MatrixCell, usize>, Vec<Option<usize>>, usize) {
    let answers = &explored.answers;
    let matrix = answers.matrix.iter().map(|(cell, example)| (*cell, example.len())).collect();
    let lens = answers.sometimes.iter().map(|(_, example)| Some(example.as_ref()?.len())).collect();
    (matrix, lens, explored.levels.len())
}

/// Explores with symmetry and without, and gives how many states each visits.
#[track_caller]
fn agree(options: &Options) -> (u64, u64) {
    let full = explore::explore(options).expect("it can be explored");
    let options = Options { symmetry: true, threads: 2, ..options.clone() };
    let quotient = explore::explore(&options).expect("it can be explored");
    assert_eq!(quotient.unreduced, full.states, "the orbits sum up");
    assert_eq!(full.unreduced, full.states);
    assert_eq!(told(&quotient), told(&full));
    for (cell, example) in &quotient.answers.matrix {
        let shown = shown_by(&options, &example.case).0;
        assert_eq!(shown.last(), Some(&Some(*cell)), "{:?}", example.script());
    }
    (quotient.states, full.states)
}

/// Twelve states of a slot: on the primary twelve, on the other two as many as there are pairs without order.
#[test]
fn three_nodes_and_one_action_have_as_many_states_as_multisets() {
    assert_eq!(agree(&options(3, &["enslave_node"], "")), (12 * 78, 12 * 144));
}

#[test]
fn the_quotient_agrees_with_the_full_search() {
    for (nodes, actions, rules) in [
        (3, &["maintenance_on"][..], ""),
        (3, &["maintenance_on"], "R-CONFLICT-SCOPE=CLUSTER-ANY"),
        (3, &["change_master"], "R-CHM-TASKS=ABORT"),
        (4, &["change_master"], ""),
    ] {
        let (quotient, full) = agree(&options(nodes, actions, rules));
        assert!(quotient < full, "{nodes} nodes, {actions:?}: {quotient} of {full}");
    }
}

/// Shards have names, too: nodes that hold different ones are not interchangeable.
#[test]
fn nodes_with_data_are_not_interchangeable() {
    let options = Options { symmetry: true, ..on_topology("pair.json", &["enslave_node"], "") };
    let explored = explore::explore(&options).expect("it can be explored");
    assert_eq!(explored.unreduced, explored.states);
}

/// When the primary leaves, the lowest of the others takes over.
#[test]
fn a_law_that_looks_at_names_is_found_out() {
    let options = Options { symmetry: true, ..options(3, &["remove"], "") };
    assert_eq!(explore::explore(&options).err(), Some(Unexplorable::Told));
}
