//! Transcripts: what a person reads of a run, and that no change is left out.

use action_oracle::case::Case;
use action_oracle::model::*;
use action_oracle::report::{changes, transcript};
use action_oracle::script::parse_script;
use action_oracle::spec::Rules;
use insta::assert_snapshot;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::strategy;
use crate::topology::named;

/// The transcript of a script, from a fresh cluster of three nodes.
fn transcript_of(script: &str) -> String {
    transcript_from(Cluster::new(3), script)
}

fn transcript_from(mut cluster: Cluster, script: &str) -> String {
    let rules = Rules::default();
    let mut text = String::new();
    for (at, input) in parse_script(script).expect("it is a script").iter().enumerate() {
        let before = cluster.clone();
        let reply = step(&mut cluster, &rules, input);
        let (reply, before, after) = (&reply, &before, &cluster);
        text += &transcript::step(transcript::Step { number: at + 1, input, reply, before, after }, &rules);
    }
    text
}

#[test]
fn a_removal_from_request_to_departure() {
    let transcript = transcript_of(
        "
        POST /v1/nodes/2/actions/remove {}
        at 5us start node 2 remove
        run node 2 remove
        progress node 2 remove 12.5%
        at 3s complete node 2 remove
        GET /v1/nodes/2/actions/remove
        DELETE /v1/nodes/2/actions/remove
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/2/actions/remove {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 2: removal mark set
       node 2 remove: absent -> queued (task 1)
    2  5us  start node 2 remove
       node 2 remove: queued -> starting
    3  5us  run node 2 remove
       node 2 remove: starting -> running
    4  5us  progress node 2 remove 12.5%
       node 2 remove: progress 0% -> 12.5%
    5  3s  complete node 2 remove
       node 2 left
       node 2 remove: running -> completed, progress 12.5% -> 100%
    6  3s  GET /v1/nodes/2/actions/remove
       200 {"name":"remove_node","node_uid":"2","status":"completed","progress":100.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    7  3s  DELETE /v1/nodes/2/actions/remove
       200
       node 2 remove: completed -> absent
    "#);
}

#[test]
fn refusals_and_hindrances_change_nothing() {
    let transcript = transcript_of(
        "
        DELETE /v1/nodes/1/actions/remove
        GET /v1/nodes/actions without credentials
        start node 1 remove
        node_up 1
        OPTIONS /v1/nodes/1/actions/remove
        HEAD /v1/nodes/actions
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/1/actions/remove
       404 action_not_running: the action is not running and has no status of a last run
    2  0s  GET /v1/nodes/actions without credentials
       401 unauthenticated: credentials are missing or wrong
    3  0s  start node 1 remove
       not enabled: no_instance
    4  0s  node_up 1
       not enabled: no_change
    5  0s  OPTIONS /v1/nodes/1/actions/remove
       200 allow GET, POST, DELETE
    6  0s  HEAD /v1/nodes/actions
       200
    ");
}

#[test]
fn maintenance_and_a_new_primary() {
    let transcript = transcript_of(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        node_down 1
        elect 2
        join 4
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/maintenance_on {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 maintenance_on: absent -> queued (task 1)
    2  0s  start node 1 maintenance_on
       node 1 maintenance_on: queued -> starting
    3  0s  run node 1 maintenance_on
       node 1 maintenance_on: starting -> running
    4  0s  advance node 1 maintenance_on
       node 1: snapshot maintenance_mode_2024-01-01_00-00-00 made
       node 1 maintenance_on: step 0 -> 1
    5  0s  advance node 1 maintenance_on
       node 1: maintenance mark set
       node 1 maintenance_on: step 1 -> 2
    6  0s  node_down 1
       node 1: down
    7  0s  elect 2
       primary 1 -> 2
    8  0s  join 4
       node 4 joined
       node 4: not bootstrapped
    "#);
}

#[test]
fn what_becomes_of_the_data() {
    let transcript = transcript_from(
        named("small"),
        "
        create_snapshot 2 \"mine\"
        POST /v1/nodes/2/actions/remove {\"wait_for_persistence\":true}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        persist node 2 remove 2 3
        move_endpoint node 2 remove 1 2 1
        migrate 2 3 2
        node_down 1
        take_over 2 1 3
        delete_database 1
        ",
    );
    assert_snapshot!(transcript, @r#"
     1  0s  create_snapshot 2 "mine"
        node 2: snapshot mine made: masters 3; replicas 2; endpoints of 1
     2  0s  POST /v1/nodes/2/actions/remove {"wait_for_persistence":true}
        200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
        node 2: removal mark set
        node 2 remove: absent -> queued (task 1)
     3  0s  start node 2 remove
        node 2 remove: queued -> starting
     4  0s  run node 2 remove
        node 2 remove: starting -> running
     5  0s  move_shard node 2 remove 2 2 3
        node 2 remove: moved shard 2 from node 2 to 3
        shard 2 (database 1, part 1, replica): node 2 -> 3
     6  0s  persist node 2 remove 2 3
        shard 2: persisted
     7  0s  move_endpoint node 2 remove 1 2 1
        endpoint of database 1: node 2 -> 1
     8  0s  migrate 2 3 2
        not enabled: misplaced
     9  0s  node_down 1
        node 1: down
    10  0s  take_over 2 1 3
        shard 1: master -> replica
        shard 2: replica -> master
    11  0s  delete_database 1
        database 1 deleted
        shard 1 (database 1, part 1, replica): gone from node 1
        shard 2 (database 1, part 1, master): gone from node 3
        shard 3 (database 1, part 2, master): gone from node 2
        shard 4 (database 1, part 2, replica): gone from node 1
        endpoint of database 1: gone from node 1
    "#);
}

#[test]
fn a_reply_that_differs_is_marked() {
    let mut case = Case::new(Rules::default(), Cluster::new(3));
    for input in parse_script("GET /v1/nodes/1/actions\nnode_down 1").expect("it is a script") {
        case.record(input, &Reply::NotEnabled(Hindrance::NoChange));
    }
    case.lines[0].reply = None;
    let steps = case.replay(step).map(|step| transcript::replayed(&step, &case.rules));
    assert_snapshot!(steps.collect::<String>(), @r#"
    1  0s  GET /v1/nodes/1/actions
       200 {"actions":[]}
    2  0s  node_down 1
       node 1: down
       DIFFERS at not_enabled: recorded "no_change", now nothing
    "#);
}

proptest! {
    #[test]
    fn a_line_is_told_exactly_if_something_changed(
        rules in strategy::rules(),
        start in strategy::cluster(),
        choices in vec(strategy::choice(), 1..40),
    ) {
        let mut cluster = start;
        for choice in choices {
            let before = cluster.clone();
            let act = choice.act(&cluster, &rules);
            step(&mut cluster, &rules, &Input { at: Time(0), act });
            prop_assert_eq!(changes(&before, &cluster).is_empty(), before == cluster);
        }
    }

    #[test]
    fn no_field_is_overlooked(parts in strategy::parts(), other in strategy::parts()) {
        let before = Cluster::try_from(parts.clone()).expect("the parts fit together");
        prop_assert_eq!(changes(&before, &before), Vec::<String>::new());
        for mixed in mixtures(&parts, &other) {
            // Parts of two clusters need not fit together.
            let after = mixed.unchecked();
            let told = changes(&before, &after);
            prop_assert_eq!(told.is_empty(), before == after, "{:?}", after);
            prop_assert!(told.iter().all(|line| !line.ends_with(": ")), "a line that says nothing: {:?}", told);
        }
    }
}

/// The first parts, each time with one field of the other ones.
fn mixtures(parts: &Parts, other: &Parts) -> Vec<Parts> {
    let other = other.clone();
    let mut mixtures = vec![
        Parts { primary: other.primary, ..parts.clone() },
        Parts { tasks: parts.tasks + 1, ..parts.clone() },
        Parts { change_master: None, ..parts.clone() },
        Parts { departed: Vec::new(), ..parts.clone() },
        Parts { persistent_node_removal: other.persistent_node_removal, ..parts.clone() },
        Parts { databases: other.databases.clone(), ..parts.clone() },
        Parts { databases: Vec::new(), ..parts.clone() },
    ];
    for (at, _) in parts.nodes.iter().enumerate().filter(|(at, _)| *at < other.nodes.len()) {
        let donor = &other.nodes[at];
        let mut mix = |change: &dyn Fn(&mut Node)| {
            let mut mixed = parts.clone();
            change(&mut mixed.nodes[at]);
            mixtures.push(mixed);
        };
        mix(&|node| node.up = donor.up);
        mix(&|node| node.bootstrapped = donor.bootstrapped);
        mix(&|node| node.activations = donor.activations);
        mix(&|node| node.leaving = donor.leaving);
        mix(&|node| node.quorum_only = donor.quorum_only);
        mix(&|node| node.capacity = donor.capacity);
        mix(&|node| node.shards = donor.shards.clone());
        mix(&|node| node.shards.iter_mut().for_each(|shard| shard.role = ShardRole::Replica));
        mix(&|node| node.shards.iter_mut().for_each(|shard| shard.persisted = false));
        mix(&|node| node.shards.iter_mut().for_each(|shard| shard.part = 9));
        mix(&|node| node.shards.clear());
        mix(&|node| node.endpoints = donor.endpoints.clone());
        mix(&|node| node.snapshots = donor.snapshots.clone());
        mix(&|node| node.snapshots.iter_mut().for_each(|snapshot| snapshot.shards = Box::default()));
        mix(&|node| node.snapshots.iter_mut().for_each(|snapshot| snapshot.endpoints = Box::default()));
        mix(&|node| node.snapshots.reverse());
        for (slot, donor) in donor.slots.iter().enumerate() {
            mix(&|node| node.slots[slot] = None);
            let Some(donor) = donor else { continue };
            let mut mix = |change: &dyn Fn(&mut Instance)| {
                mix(&|node| node.slots[slot].iter_mut().for_each(change));
            };
            mix(&|instance| instance.task = TaskId(parts.tasks));
            mix(&|instance| instance.status = donor.status);
            mix(&|instance| instance.progress = donor.progress);
            mix(&|instance| instance.cancel_requested = donor.cancel_requested);
            mix(&|instance| instance.error = donor.error);
            mix(&|instance| instance.parameters = donor.parameters.clone());
            mix(&|instance| instance.work.steps = donor.work.steps);
            mix(&|instance| instance.work.activations_before = donor.work.activations_before);
            mix(&|instance| instance.work.loaded = donor.work.loaded.clone());
            mix(&|instance| instance.work.unfinished = donor.work.unfinished);
            mix(&|instance| instance.work.overtaken = donor.work.overtaken);
            mix(&|instance| instance.work.moved = donor.work.moved.clone());
            mix(&|instance| instance.work.moved.clear());
            mix(&|instance| instance.work.doomed = donor.work.doomed);
        }
    }
    mixtures
}
