//! Where shards and endpoints may go at all (R-PLACEMENT, R-AUTO-MIGRATION).

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn r_placement_rem_2_mon_5_a_quorum_node_takes_nothing() {
    let transcript = check(
        "
        topology small
        quorum_only 3
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        migrate 5 1 3
        move_shard node 2 maintenance_on 2 2 3
        move_endpoint node 2 maintenance_on 1 2 3
        move_endpoint node 2 maintenance_on 1 2 1
        fail node 2 maintenance_on insufficient_resources
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  migrate 5 1 3
       not enabled: misplaced
    2  0s  move_shard node 2 maintenance_on 2 2 3
       not enabled: no_duty
    3  0s  move_endpoint node 2 maintenance_on 1 2 3
       not enabled: no_duty
    4  0s  move_endpoint node 2 maintenance_on 1 2 1
       endpoint of database 1: node 2 -> 1
    5  0s  fail node 2 maintenance_on insufficient_resources
       node 2 maintenance_on: running -> failed, error insufficient_resources
    ");
}

#[test]
fn r_placement_a_node_that_does_not_answer_takes_nothing() {
    let transcript = check(
        "
        topology typical
        node_down 3
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        migrate 6 1 3
        move_shard node 2 maintenance_on 2 2 3
        move_endpoint node 2 maintenance_on 3 2 3
        move_shard node 2 maintenance_on 2 2 4
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  migrate 6 1 3
       not enabled: misplaced
    2  0s  move_shard node 2 maintenance_on 2 2 3
       not enabled: no_duty
    3  0s  move_endpoint node 2 maintenance_on 3 2 3
       not enabled: no_duty
    4  0s  move_shard node 2 maintenance_on 2 2 4
       node 2 maintenance_on: moved shard 2 from node 2 to 4
       shard 2 (database 1, part 1, replica): node 2 -> 4
    ");
}

#[test]
fn r_auto_migration_nothing_leaves_by_itself_a_node_that_does_not_answer() {
    let transcript = check(
        "
        topology small
        node_down 3
        migrate 6 3 2
        node_up 3
        migrate 6 3 2
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  node_down 3
       node 3: down
    2  0s  migrate 6 3 2
       not enabled: misplaced
    3  0s  node_up 3
       node 3: up
    4  0s  migrate 6 3 2
       shard 6 (database 2, part 2, master): node 3 -> 2
    ");
}

#[test]
fn r_auto_migration_a_shard_moves_from_where_it_is_to_another_node() {
    let transcript = check(
        "
        topology small
        migrate 6 2 1
        migrate 6 3 3
        migrate 9 3 1
        migrate 6 3 9
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  migrate 6 2 1
       not enabled: misplaced
    2  0s  migrate 6 3 3
       not enabled: misplaced
    3  0s  migrate 9 3 1
       not enabled: misplaced
    4  0s  migrate 6 3 9
       not enabled: no_such_node
    ");
}
