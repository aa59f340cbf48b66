//! Everything that can happen: the fast search against the plain one, and against what is known.

use std::collections::BTreeMap;

use action_oracle::case;
use action_oracle::explore::plain::{self, Reached};
use action_oracle::explore::{self, Bounds, Choice, Ending, Explored, Options, Requests, Stop};
use action_oracle::model::{Cluster, invariant};
use action_oracle::sim::{Faults, SOMETIMES, canary};
use action_oracle::spec::Rules;

mod matrix;
mod pages;
mod projection;
mod second;
mod symmetry;
mod tell;

/// What is explored: `nodes 2`, or the name of a topology; actions; then words of the alphabet.
fn options(nodes: u32, actions: &[&'static str], rules: &str) -> Options {
    let mut all = Rules::default();
    all.set_all(rules).expect("the rules exist");
    let choice = Choice { actions: actions.to_vec(), requests: Requests::Few, ..Choice::default() };
    Options { choice, ..Options::new(Cluster::new(nodes), all) }
}

fn on_topology(name: &str, actions: &[&'static str], rules: &str) -> Options {
    let text = std::fs::read_to_string(format!("fixtures/topologies/{name}")).expect("the fixture is there");
    Options { start: case::topology(&text).expect("the topology can exist"), ..options(1, actions, rules) }
}

/// What both searches are to agree on.
fn plainly(explored: &Explored) -> Reached {
    let answers = &explored.answers;
    let matrix = answers.matrix.iter().map(|(cell, example)| (*cell, example.len())).collect();
    let sometimes = answers.sometimes.iter().enumerate();
    let sometimes = sometimes.filter_map(|(at, (_, example))| Some((at, example.as_ref()?.len()))).collect();
    let number =
        |name| invariant::ALL.iter().position(|it| it.name == name).expect("it is one of them") as u8;
    let broken =
        answers.broken.iter().map(|(broken, example)| (number(broken.invariant), example.len())).collect();
    let Explored { states, transitions, beyond, ref levels, .. } = *explored;
    Reached { states, transitions, beyond, levels: levels.clone(), matrix, sometimes, broken }
}

#[track_caller]
fn both_agree(options: &Options) -> Explored {
    let explored = explore::explore(options).expect("it can be explored");
    assert_eq!(plainly(&explored), plain::explore(options));
    explored
}

#[test]
fn the_number_of_threads_does_not_show() {
    let one = options(2, &["enslave_node", "change_master"], "R-CHM-TASKS=ABORT");
    let three = Options { threads: 3, ..one.clone() };
    let [one, three] = [one, three].map(|options| explore::explore(&options).expect("it can be explored"));
    assert_eq!(plainly(&one), plainly(&three));
    assert_eq!(one.answers.matrix, three.answers.matrix);
}

#[test]
fn one_node_agrees_with_the_plain_search() {
    both_agree(&options(1, &["enslave_node", "remove", "change_master"], ""));
    both_agree(&options(1, &["maintenance_on", "maintenance_off"], "R-QUORUM-SMALL=EXEMPT"));
    let all = Choice { requests: Requests::All, ..options(1, &["maintenance_off"], "").choice };
    both_agree(&Options { choice: all, ..options(1, &[], "") });
}

#[test]
fn several_nodes_agree_with_the_plain_search() {
    both_agree(&options(3, &["maintenance_on"], ""));
    both_agree(&options(2, &["remove", "change_master"], ""));
    both_agree(&options(3, &["remove"], ""));
}

#[test]
fn what_reaches_across_slots_is_found_out() {
    for rules in [
        "R-CONFLICT-SCOPE=CLUSTER-TYPE",
        "R-CONFLICT-SCOPE=PER-NODE-ANY",
        "R-CONFLICT-SCOPE=CLUSTER-ANY,R-CONFLICT-STATES=NOT-CANCELLING",
        "R-CONFLICT-CROSS=NODE-EXCLUSIVE+MASTER-VS-NODE",
        "R-CHM-TASKS=ABORT",
        "R-CHM-TASKS=ABORT,R-CHM-WHEN=START",
        "R-RESUBMIT-SCOPE=ALL-NODES",
        "R-RESUBMIT-REJECTED=DROP",
        "R-REMOVE-MASTER=REFUSED",
        "R-REMOVE-STATUS-AFTER=GONE",
        "R-ENS-MEANING=BOTH",
    ] {
        let other =
            if rules.contains("CHM") || rules.contains("MASTER") { "change_master" } else { "remove" };
        both_agree(&options(2, &["enslave_node", other], rules));
    }
}

#[test]
fn nodes_that_fail_and_come_back_agree_with_the_plain_search() {
    let failing = |nodes, actions: &[&'static str], events: &str| {
        let base = options(nodes, actions, "");
        let faults = "node-down,primary-lost,fail".parse().expect("these are faults");
        let events = events.parse().expect("these are events");
        Options { choice: Choice { faults, events, ..base.choice.clone() }, ..base }
    };
    both_agree(&failing(2, &["remove"], "join"));
    both_agree(&failing(2, &["change_master"], "none"));
    both_agree(&failing(1, &["maintenance_off"], "snapshot,progress"));
}

#[test]
fn a_planted_bug_is_found_in_the_fewest_inputs() {
    let planted = Options { law: canary, ..options(1, &["enslave_node"], "") };
    let explored = both_agree(&planted);
    let (broken, example) = &explored.answers.broken[0];
    assert_eq!((broken.invariant, example.len()), ("legal-edges", 5));
    assert_eq!(
        example.script(),
        [
            "POST /v1/nodes/1/actions/enslave_node {}",
            "start node 1 enslave_node",
            "run node 1 enslave_node",
            "DELETE /v1/nodes/1/actions/enslave_node",
            "complete node 1 enslave_node",
        ]
    );
}

#[test]
fn every_example_shows_what_it_is_an_example_of() {
    let options = options(2, &["remove", "change_master"], "");
    let explored = explore::explore(&options).expect("it can be explored");
    for (cell, example) in &explored.answers.matrix {
        let shown = shown_by(&options, &example.case);
        assert_eq!(shown.0.last(), Some(&Some(*cell)), "{:?}", example.script());
    }
    for (at, (thing, example)) in explored.answers.sometimes.iter().enumerate() {
        if let Some(example) = example {
            assert!(shown_by(&options, &example.case).1.contains_key(&at), "{}", thing.name);
        }
    }
    assert_eq!(explored.answers.sometimes.len(), SOMETIMES.len());
}

/// The cell of each line of a case, and the things that happened in its last.
fn shown_by(options: &Options, case: &case::Case) -> (Vec<Option<explore::MatrixCell>>, BTreeMap<usize, ()>) {
    let mut cluster = case.cluster.clone();
    let (mut cells, mut last) = (Vec::new(), BTreeMap::new());
    for line in &case.lines {
        let before = cluster.clone();
        let reply = (options.law)(&mut cluster, &options.rules, &line.input);
        let facts = explore::Facts::of(&options.rules, &before, &line.input, &reply, &cluster);
        cells.push(facts.cell);
        last = (0..SOMETIMES.len()).filter(|at| facts.sometimes >> at & 1 == 1).map(|at| (at, ())).collect();
    }
    (cells, last)
}

#[test]
fn everything_ends_where_nothing_is_in_the_way() {
    let explored = both_agree(&options(2, &["maintenance_on"], ""));
    assert_eq!(explored.answers.ending, Ending::Ranked);
    assert_eq!(explored.answers.deadlock, None);
}

#[test]
fn a_budget_that_runs_out_is_told() {
    let mut options = options(1, &["enslave_node", "remove", "change_master"], "");
    let all = explore::explore(&options).expect("it can be explored");
    options.budget.states = 100;
    let some = explore::explore(&options).expect("it can be explored");
    assert_eq!((all.stop, some.stop), (None, Some(Stop::States)));
    assert!(some.states < all.states && all.levels.starts_with(&some.levels[..some.levels.len() - 1]));
    options.budget.states = u64::MAX;
    options.budget.bytes = 100;
    assert_eq!(explore::explore(&options).expect("it can be explored").stop, Some(Stop::Memory));
}

#[test]
fn data_agrees_with_the_plain_search() {
    let first_node = |actions: &[&'static str], rules: &str| {
        let base = on_topology("pair.json", actions, rules);
        Options { choice: Choice { nodes: Some(1), ..base.choice.clone() }, ..base }
    };
    both_agree(&first_node(&["maintenance_on"], "R-QUORUM-SMALL=EXEMPT"));
    both_agree(&first_node(&["remove"], ""));
    both_agree(&first_node(&["enslave_node"], "R-CANCEL-EFFECT=ROLLBACK"));
}

/// Two maintenances of one node, each used once, on data that has somewhere to go.
#[test]
fn slots_that_are_used_once_agree_with_the_plain_search() {
    let base = on_topology("small.json", &["maintenance_on", "maintenance_off"], "");
    let bounds = Bounds { once: true, ..Bounds::default() };
    let choice = Choice { nodes: Some(1), ..base.choice.clone() };
    let explored = both_agree(&Options { bounds, choice, ..base });
    assert!(explored.beyond > 0, "what ended stays");
    let again = explored.answers.matrix.keys().filter(|cell| cell.operation == "POST" && cell.code == 200);
    assert!(again.count() > 1, "the answer is known, where it leads is not followed");
}

#[test]
fn fingerprints_find_as_much_and_tell_how_sure_they_are() {
    let base = on_topology("small.json", &["maintenance_on", "maintenance_off"], "");
    let choice = Choice { nodes: Some(1), faults: Faults::NONE, ..base.choice.clone() };
    let exact = Options { choice, ..base };
    let mut hashed = exact.clone();
    hashed.budget.fingerprints = true;
    let [exact, hashed] =
        [exact, hashed].map(|options| explore::explore(&options).expect("it can be explored"));
    assert!(exact.bits > 63, "narrow states are exact as they are");
    assert_eq!(
        (exact.states, exact.transitions, &exact.levels),
        (hashed.states, hashed.transitions, &hashed.levels)
    );
    // 46,189 states are less than 2^16.
    assert_eq!((exact.collision, hashed.collision), (None, Some(65 - 2 * 16)));
    assert!(hashed.bytes < exact.bytes);
}

/// The whole search, with snapshots and placement, for one node: the law is asked in every state.
#[test]
fn the_table_says_what_the_law_says_in_every_state() {
    let base = on_topology("small.json", &["maintenance_on", "maintenance_off"], "");
    let choice = Choice { nodes: Some(1), faults: Faults::NONE, ..base.choice.clone() };
    let options = Options { choice, thorough: true, ..base };
    let explored = explore::explore(&options).expect("it can be explored");
    let plainly = plain::explore(&options);
    assert_eq!((explored.states, explored.transitions), (plainly.states, plainly.transitions));
}

/// Clients who start maintenance again and again keep its opposite from ending.
#[test]
fn a_run_that_never_ends_is_told_as_stem_and_loop() {
    let base = on_topology("pair.json", &["maintenance_on", "maintenance_off"], "R-QUORUM-SMALL=EXEMPT");
    let options = Options { choice: Choice { nodes: Some(1), ..base.choice.clone() }, ..base };
    let explored = explore::explore(&options).expect("it can be explored");
    let Ending::Lasso(lasso) = explored.answers.ending else {
        panic!("each can undo the other's work for ever")
    };
    let mut cluster = options.start.clone();
    let project = |cluster: &Cluster| options.project(cluster);
    let mut states = vec![project(&cluster)];
    for line in &lasso.example.case.lines {
        (options.law)(&mut cluster, &options.rules, &line.input);
        states.push(project(&cluster));
        let lives = cluster.live().any(|(slot, _)| slot == lasso.slot);
        assert!(lives || states.len() <= lasso.stem, "it ends in the loop");
    }
    assert!(lasso.stem < lasso.example.len());
    assert_eq!(states.last(), states.get(lasso.stem));
}
