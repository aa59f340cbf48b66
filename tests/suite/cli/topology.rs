//! `--topology` and `--show cluster`: runs that start from a file, and what is drawn of them.

use std::fs;

use action_oracle::case::Case;
use action_oracle::model::step;
use action_oracle::script::parse_script;
use action_oracle::spec::Rules;
use insta::assert_snapshot;

use super::{action_oracle, transcript};
use crate::case::text;
use crate::topology::named;

#[test]
fn show_cluster_draws_it_at_first_and_when_it_changes() {
    let mut case = Case::new(Rules::default(), named("small"));
    let mut cluster = case.cluster.clone();
    let script = "GET /v1/nodes/actions\nnode_down 3\nnode_down 3\nmigrate 6 3 1\nelect 2\nmigrate 5 1 2";
    for input in parse_script(script).expect("it is a script") {
        let reply = step(&mut cluster, &case.rules, &input);
        case.record(input, &reply);
    }
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let path = folder.path().join("case.jsonl");
    fs::write(&path, text(&case)).expect("it can be written");
    let end = action_oracle(&format!("replay {} --show cluster", path.display()));
    assert_eq!((end.code, end.stderr.as_str()), (0, ""));
    assert_snapshot!(end.stdout.replace(&path.display().to_string(), "CASE"), @r#"
    CASE: edition E-74, 3 nodes

          M1.2 #3 is shard 3, the master of part 2 of database 1; R is a replica.
          `saved` means that its persistence files are written; ★ marks the primary node,
          * what changed since the last picture.

                      node 1 ★   node 2    node 3
          state       up         up        up
          holds       3 of 4     2 of 4    2 of 4
          endpoints   -          1         2
          shards      M1.1 #1    R1.1 #2   M2.2 #6
                      R1.2 #4    M1.2 #3   M2.3 #7
                      M2.1 #5
          databases   1: replicated, endpoints single
                      2: not replicated, endpoints single

       1  0s  GET /v1/nodes/actions
          200 {"actions":[]}
       2  0s  node_down 3
          node 3: down

                      node 1 ★   node 2    node 3
          state       up         up       *down
          holds       3 of 4     2 of 4    2 of 4
          endpoints   -          1         2
          shards      M1.1 #1    R1.1 #2   M2.2 #6
                      R1.2 #4    M1.2 #3   M2.3 #7
                      M2.1 #5

       3  0s  node_down 3
          not enabled: no_change
       4  0s  migrate 6 3 1
          not enabled: misplaced
       5  0s  elect 2
          not enabled: no_change
       6  0s  migrate 5 1 2
          shard 5 (database 2, part 1, master): node 1 -> 2

                      node 1 ★   node 2    node 3
          state       up         up        down
          holds      *2 of 4    *3 of 4    2 of 4
          endpoints   -          1         2
          shards      M1.1 #1    R1.1 #2   M2.2 #6
                      R1.2 #4    M1.2 #3   M2.3 #7
                                *M2.1 #5


    6 steps, no difference
    "#);
}

#[test]
fn a_seed_starts_from_the_topology() {
    let end = action_oracle("replay 1 --topology fixtures/topologies/tight.json --steps 0 --show cluster");
    assert_eq!((end.code, end.stderr.as_str()), (6, ""), "a run of no step checks nothing");
    let drawn: Vec<_> = end.stdout.lines().skip_while(|line| !line.contains("node 1")).collect();
    assert_snapshot!(drawn.join("\n"), @"
                      node 1 ★   node 2    node 3    node 4
          state       up         up        up        up
          holds       3 of 3     3 of 3    2 of 3    1 of 2
          endpoints   1          3         2         -
          shards      M1.1 #1    R1.1 #2   M2.1 #5   M3.2 #8
                      R1.2 #4    M1.2 #3   M3.3 #9
                      M3.1 #7    R2.1 #6
          databases   1: replicated, endpoints single
                      2: replicated, Active-Active, endpoints all-master-shards
                      3: not replicated, endpoints single


    nothing was checked: the case holds no input
    ");
}

#[test]
fn a_topology_that_cannot_be_read_says_where() {
    assert_snapshot!(transcript("simulate --topology nowhere.json"), @"
    exit 3
    error: cannot read nowhere.json: No such file or directory (os error 2)
    ");
    assert_snapshot!(transcript("replay 1 --topology rustfmt.toml"), @"
    exit 3
    error: cannot read rustfmt.toml: line 1, column 1: expected JSON, found `max_width = 110` (expected value)
    ");
    assert_snapshot!(transcript("replay 1 --topology fixtures/schema/case.schema.json"), @r#"
    exit 3
    error: cannot read fixtures/schema/case.schema.json: line 1, column 1, /format: expected "action-oracle/topology", found nothing
    "#);
}

#[test]
fn a_topology_has_its_own_number_of_nodes() {
    let end = action_oracle("simulate --nodes 3 --topology fixtures/topologies/small.json");
    assert_eq!((end.code, end.stdout.as_str()), (2, ""));
    assert!(end.stderr.contains("cannot be used with"), "{}", end.stderr);
}

#[test]
fn only_the_cluster_can_be_shown() {
    let end = action_oracle("replay 1 --show everything");
    assert_eq!((end.code, end.stdout.as_str()), (2, ""));
    assert!(end.stderr.contains("possible values: cluster"), "{}", end.stderr);
}
