//! Topology files: those of the repository, and texts that are none.

use std::fs;

use action_oracle::case::{Case, TOPOLOGY_FORMAT, topology};
use action_oracle::model::{Cluster, ShardRole};
use action_oracle::spec::Rules;
use insta::assert_snapshot;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::case::{rejected, text};
use crate::strategy;

/// The text of one of the topologies of the repository.
fn fixture(name: &str) -> String {
    fs::read_to_string(format!("{}/{name}.json", "fixtures/topologies")).expect("it is there")
}

/// One of the topologies of the repository.
pub(crate) fn named(name: &str) -> Cluster {
    topology(&fixture(name)).expect("it is a topology")
}

#[test]
fn the_topologies_of_the_repository_are_what_they_say() {
    let count = |cluster: &Cluster| {
        let shards = cluster.nodes().iter().flat_map(|node| &node.shards);
        let masters = shards.clone().filter(|shard| shard.role == ShardRole::Master).count();
        let room: usize = cluster.nodes().iter().map(|node| usize::from(node.capacity)).sum();
        let (nodes, databases) = (cluster.nodes().len(), cluster.databases().len());
        let all = shards.count();
        format!("{nodes} nodes, {databases} databases, {masters} masters of {all} shards, room for {room}")
    };
    let told = ["small", "typical", "tight", "wide"].map(|name| format!("{name}: {}", count(&named(name))));
    assert_snapshot!(told.join("\n"), @"
    small: 3 nodes, 2 databases, 5 masters of 7 shards, room for 12
    typical: 5 nodes, 4 databases, 8 masters of 14 shards, room for 40
    tight: 4 nodes, 3 databases, 6 masters of 9 shards, room for 11
    wide: 35 nodes, 24 databases, 266 masters of 500 shards, room for 700
    ");
}

#[test]
fn every_file_of_the_folder_fits_the_schema() {
    for entry in fs::read_dir("fixtures/topologies").expect("it is a folder") {
        let path = entry.expect("it can be read").path();
        let cluster = fs::read_to_string(&path).map(|text| topology(&text)).expect("it is a text");
        let cluster = cluster.unwrap_or_else(|bad| panic!("{}: {bad}", path.display()));
        let written = text(&Case::new(Rules::default(), cluster));
        assert_eq!(rejected(&written), Vec::<&str>::new());
    }
}

#[test]
fn a_number_of_nodes_is_a_topology() {
    let text = r#"{"format":"action-oracle/topology","version":1,"cluster":{"nodes":2}}"#;
    assert_eq!(topology(text), Ok(Cluster::new(2)));
}

/// What is said about the small topology with one thing changed.
#[track_caller]
fn told(from: &str, to: &str) -> String {
    told_of(&fixture("small"), from, to)
}

#[track_caller]
fn told_of(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "nothing to change: {from}");
    topology(&text.replacen(from, to, 1)).expect_err(to).to_string()
}

#[test]
fn two_copies_of_a_shard_on_one_node_are_refused() {
    let text =
        fixture("small").replacen(r#""part": 2, "role": "replica""#, r#""part": 1, "role": "replica""#, 1);
    let told = told_of(
        &text,
        r#""uid": "2", "database": "1", "part": 1"#,
        r#""uid": "2", "database": "1", "part": 2"#,
    );
    assert_snapshot!(told, @"line 11, column 7, /cluster/nodes/0: expected a cluster that can exist, found two copies of part 1 of database 1 are on node 1");
}

#[test]
fn a_cluster_that_cannot_exist_is_refused_with_its_place() {
    let changes = [
        (r#""uid": "2", "database": "1", "part": 1"#, r#""uid": "2", "database": "1", "part": 2"#),
        (r#""uid": "6""#, r#""uid": "5""#),
        (
            r#"{ "uid": "7", "database": "2", "part": 3, "role": "master" }"#,
            r#"{ "uid": "7", "database": "2", "part": 2 }"#,
        ),
        (
            r#""database": "1", "part": 2, "role": "replica""#,
            r#""database": "1", "part": 2, "role": "master""#,
        ),
        (r#"{ "uid": "1", "replicated": true }"#, r#"{ "uid": "1" }"#),
        (r#"{ "uid": "2" }"#, r#"{ "uid": "1" }"#),
        (r#""uid": "7", "database": "2""#, r#""uid": "7", "database": "3""#),
        (r#""endpoints": ["2"]"#, r#""endpoints": ["9"]"#),
        (r#""endpoints": ["2"]"#, r#""endpoints": ["2", "2"]"#),
        (r#""uid": "3", "capacity": 4"#, r#""uid": "3", "capacity": 1"#),
        (r#"{ "uid": "2", "capacity""#, r#"{ "uid": "1", "capacity""#),
        (r#""nodes": ["#, r#""primary": "4", "nodes": ["#),
        (r#""nodes": ["#, r#""primary": ["1", "2"], "nodes": ["#),
        (r#""nodes": ["#, r#""primary": "1", "primary": "2", "nodes": ["#),
        // A shard on an unknown node, in the only way to say it.
        (r#""nodes": ["#, r#""shards": [{ "uid": "8", "node": "9" }], "nodes": ["#),
    ];
    let told = changes.map(|(from, to)| told(from, to));
    assert_snapshot!(told.join("\n"), @r#"
    line 7, column 7, /cluster/databases/0: expected a cluster that can exist, found part 1 of database 1 needs one master, and one replica exactly if it is replicated
    line 21, column 9, /cluster/nodes/2/shards/0: expected a cluster that can exist, found two shards have the uid 5
    line 8, column 7, /cluster/databases/1: expected a cluster that can exist, found part 2 of database 2 needs one master, and one replica exactly if it is replicated
    line 7, column 7, /cluster/databases/0: expected a cluster that can exist, found part 2 of database 1 needs one master, and one replica exactly if it is replicated
    line 7, column 7, /cluster/databases/0: expected a cluster that can exist, found part 1 of database 1 needs one master, and one replica exactly if it is replicated
    line 8, column 7, /cluster/databases/1: expected a cluster that can exist, found two databases have the uid 1
    line 20, column 7, /cluster/nodes/2: expected a cluster that can exist, found node 3 holds something of database 3, which does not exist
    line 20, column 7, /cluster/nodes/2: expected a cluster that can exist, found node 3 holds something of database 9, which does not exist
    line 20, column 7, /cluster/nodes/2: expected a cluster that can exist, found node 3 binds the endpoint of database 2 twice
    line 20, column 7, /cluster/nodes/2: expected a cluster that can exist, found node 3 holds more shards than its capacity
    line 16, column 7, /cluster/nodes/1: expected a cluster that can exist, found two nodes have the uid 1
    line 10, column 16, /cluster/primary: expected a cluster that can exist, found the primary 4 is not among the nodes
    line 10, column 16, /cluster/primary: expected the uid of one node, such as "1", found `["1","2"]`
    line 10, column 32, /cluster/primary: expected each member once, found a second one
    line 10, column 15, /cluster/shards: expected no member of this name, found `[{"uid":"8","node":"9"}]`
    "#);
}

#[test]
fn a_text_that_is_no_topology_says_where() {
    let changes = [
        (r#""version": 1,"#, r#""version": 1"#),
        (r#""version": 1"#, r#""version": 2"#),
        ("action-oracle/topology", "action-oracle/case"),
        (r#""cluster": {"#, r#""clutter": {"#),
        (r#""capacity": 4"#, r#""capacity": 70000"#),
        (r#""capacity": 4"#, r#""capacities": 4"#),
        (r#""endpoints": ["1"]"#, r#""endpoints": "1""#),
        (r#""replicated": true"#, r#""replicated": "yes""#),
        (r#"{ "uid": "2" }"#, r#"{ "uid": "2", "policy": "everywhere" }"#),
        (r#""part": 3, "role": "master""#, r#""part": 3, "role": "slave""#),
        (r#""part": 3"#, r#""part": "three""#),
        (r#""uid": "6""#, r#""uid": 6"#),
        (r#""uid": "6""#, r#""uid": "8""#),
    ];
    let told = changes.map(|(from, to)| told(from, to));
    assert_snapshot!(told.join("\n"), @r#"
    line 4, column 3: expected JSON, found `  "provenance": "made up: the least in which a node can be e…` (expected `,` or `}`)
    line 3, column 14, /version: expected version 1, found `2`
    line 2, column 13, /format: expected "action-oracle/topology", found `"action-oracle/case"`, a recorded run
    line 1, column 1, /cluster: expected a cluster, found nothing
    line 11, column 33, /cluster/nodes/0/capacity: expected a number of shards, found `70000`
    line 11, column 35, /cluster/nodes/0/capacities: expected no member of this name, found `4`
    line 16, column 49, /cluster/nodes/1/endpoints: expected a list of uids of databases, such as ["1"], found `"1"`
    line 7, column 35, /cluster/databases/0/replicated: expected true or false, found `"yes"`
    line 8, column 31, /cluster/databases/1/policy: expected a proxy policy (single, all-master-shards, all-nodes), found `"everywhere"`
    line 22, column 59, /cluster/nodes/2/shards/1/role: expected a role (master, replica), found `"slave"`
    line 22, column 48, /cluster/nodes/2/shards/1/part: expected the number of a part, such as 1, found `"three"`
    line 21, column 18, /cluster/nodes/2/shards/0/uid: expected a uid such as "1", found `6`
    line 20, column 66, /cluster/nodes/2/shards: expected the order of the uids, found 8 before 7
    "#);
}

#[test]
fn what_is_no_json_is_refused() {
    let told =
        ["", "[]", "{", "3 4", "{}", "\u{feff}{}"].map(|text| topology(text).expect_err(text).to_string());
    assert_snapshot!(told.join("\n"), @r#"
    line 1, column 1: expected JSON, found `` (EOF while parsing a value)
    line 1, column 1: expected an object, found `[]`
    line 1, column 1: expected JSON, found `{` (EOF while parsing an object)
    line 1, column 3: expected JSON, found `3 4` (trailing characters)
    line 1, column 1, /format: expected "action-oracle/topology", found nothing
    line 1, column 1: expected JSON, found `﻿{}` (expected value)
    "#);
}

proptest! {
    #[test]
    fn any_text_has_an_answer(text: String, json in strategy::json()) {
        let _ = topology(&text);
        let _ = topology(&json.to_string());
        let _ = topology(&json!({ "format": TOPOLOGY_FORMAT, "version": 1, "cluster": json }).to_string());
    }

    #[test]
    fn a_mutated_topology_has_an_answer(place in any::<Index>(), letter in any::<char>()) {
        let mut text: Vec<_> = fixture("small").chars().collect();
        let place = place.index(text.len());
        text[place] = letter;
        if let Err(bad) = topology(&text.into_iter().collect::<String>()) {
            prop_assert!(bad.line >= 1 && bad.column >= 1);
        }
    }

    /// The object is that of a case: what one writes, the other reads.
    #[test]
    fn the_cluster_of_a_case_is_one_of_a_topology(cluster in strategy::cluster()) {
        let header = text(&Case::new(Rules::default(), cluster.clone()));
        let of = header.parse::<Value>().expect("it is JSON")["cluster"].take();
        let file = json!({ "format": TOPOLOGY_FORMAT, "version": 1, "provenance": "a case", "cluster": of });
        prop_assert_eq!(topology(&format!("{file:#}")), Ok(cluster));
    }
}
