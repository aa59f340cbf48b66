//! `remove` and what the node holds (section REM).

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn rem_1_rem_6_everything_on_the_node_goes_elsewhere_before_the_node_leaves() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        ---
        complete node 2 remove
        move_shard node 2 remove 2 2 3
        move_shard node 2 remove 3 2 3
        complete node 2 remove
        move_endpoint node 2 remove 1 2 1
        complete node 2 remove
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 2 remove
       not enabled: unfinished
    2  0s  move_shard node 2 remove 2 2 3
       node 2 remove: moved shard 2 from node 2 to 3
       shard 2 (database 1, part 1, replica): node 2 -> 3
    3  0s  move_shard node 2 remove 3 2 3
       node 2 remove: moved shard 3 from node 2 to 3
       shard 3 (database 1, part 2, master): node 2 -> 3
    4  0s  complete node 2 remove
       not enabled: unfinished
    5  0s  move_endpoint node 2 remove 1 2 1
       endpoint of database 1: node 2 -> 1
    6  0s  complete node 2 remove
       node 2 left
       node 2 remove: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn rem_6_r_placement_a_shard_goes_where_no_other_copy_of_it_is() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        ---
        move_shard node 2 remove 2 2 1
        move_shard node 2 remove 3 2 1
        move_shard node 2 remove 2 2 3
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 remove 2 2 1
       not enabled: no_duty
    2  0s  move_shard node 2 remove 3 2 1
       not enabled: no_duty
    3  0s  move_shard node 2 remove 2 2 3
       node 2 remove: moved shard 2 from node 2 to 3
       shard 2 (database 1, part 1, replica): node 2 -> 3
    ");
}

#[test]
fn rem_6_r_placement_a_shard_goes_where_there_is_room() {
    let transcript = check(
        "
        topology small
        migrate 6 3 2
        migrate 7 3 2
        POST /v1/nodes/1/actions/remove {}
        start node 1 remove
        run node 1 remove
        ---
        move_shard node 1 remove 5 1 2
        move_shard node 1 remove 5 1 3
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 1 remove 5 1 2
       not enabled: no_duty
    2  0s  move_shard node 1 remove 5 1 3
       node 1 remove: moved shard 5 from node 1 to 3
       shard 5 (database 2, part 1, master): node 1 -> 3
    ");
}

#[test]
fn rem_6_only_what_is_on_the_node_moves() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        ---
        move_shard node 2 remove 6 3 1
        move_endpoint node 2 remove 2 3 1
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 remove 6 3 1
       not enabled: no_duty
    2  0s  move_endpoint node 2 remove 2 3 1
       not enabled: no_duty
    ");
}

/// "Failover is done as needed": a master may hand over first, and leaves as a replica.
#[test]
fn rem_6_a_master_may_hand_over_before_it_leaves() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        ---
        fail_over node 2 remove 4 2 1
        move_shard node 2 remove 3 2 3
        fail_over node 2 remove 3 1 2
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail_over node 2 remove 4 2 1
       shard 3: master -> replica
       shard 4: replica -> master
    2  0s  move_shard node 2 remove 3 2 3
       node 2 remove: moved shard 3 from node 2 to 3
       shard 3 (database 1, part 2, replica): node 2 -> 3
    3  0s  fail_over node 2 remove 3 1 2
       not enabled: no_duty
    ");
}

#[test]
fn rem_2_rem_3_nothing_moves_by_itself_to_a_node_that_is_to_leave() {
    let transcript = check(
        "
        topology small
        migrate 5 1 2
        POST /v1/nodes/2/actions/remove {}
        migrate 6 3 2
        start node 2 remove
        run node 2 remove
        fail node 2 remove internal_error
        migrate 6 3 2
        migrate 5 2 3
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  migrate 5 1 2
       shard 5 (database 2, part 1, master): node 1 -> 2
    2  0s  POST /v1/nodes/2/actions/remove {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 2: removal mark set
       node 2 remove: absent -> queued (task 1)
    3  0s  migrate 6 3 2
       not enabled: misplaced
    4  0s  start node 2 remove
       node 2 remove: queued -> starting
    5  0s  run node 2 remove
       node 2 remove: starting -> running
    6  0s  fail node 2 remove internal_error
       node 2 remove: running -> failed, error internal_error
    7  0s  migrate 6 3 2
       not enabled: misplaced
    8  0s  migrate 5 2 3
       shard 5 (database 2, part 1, master): node 2 -> 3
    "#);
}

#[test]
fn rem_2_nor_does_what_leaves_another_node() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/remove {}
        POST /v1/nodes/3/actions/maintenance_on {}
        start node 3 maintenance_on
        run node 3 maintenance_on
        advance node 3 maintenance_on
        advance node 3 maintenance_on
        ---
        move_shard node 3 maintenance_on 6 3 2
        move_endpoint node 3 maintenance_on 2 3 2
        move_shard node 3 maintenance_on 6 3 1
        move_endpoint node 3 maintenance_on 2 3 1
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 3 maintenance_on 6 3 2
       not enabled: no_duty
    2  0s  move_endpoint node 3 maintenance_on 2 3 2
       not enabled: no_duty
    3  0s  move_shard node 3 maintenance_on 6 3 1
       node 3 maintenance_on: moved shard 6 from node 3 to 1
       shard 6 (database 2, part 2, master): node 3 -> 1
    4  0s  move_endpoint node 3 maintenance_on 2 3 1
       endpoint of database 2: node 3 -> 1
    ");
}

#[test]
fn rem_18_a_node_without_shards_can_be_removed_too() {
    let transcript = check(
        "
        topology small
        join 4
        bootstrap 4
        POST /v1/nodes/4/actions/remove {}
        start node 4 remove
        run node 4 remove
        ---
        complete node 4 remove
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 4 remove
       node 4 left
       node 4 remove: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn rem_17_nothing_is_assigned_to_a_removed_node_and_a_new_one_can_join() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        move_shard node 2 remove 3 2 3
        move_endpoint node 2 remove 1 2 1
        complete node 2 remove
        POST /v1/nodes/3/actions/enslave_node {}
        start node 3 enslave_node
        run node 3 enslave_node
        ---
        migrate 3 3 2
        move_endpoint node 3 enslave_node 2 3 2
        join 2
        migrate 3 3 2
        bootstrap 2
        migrate 3 3 2
        move_endpoint node 3 enslave_node 2 3 2
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  migrate 3 3 2
       not enabled: no_such_node
    2  0s  move_endpoint node 3 enslave_node 2 3 2
       not enabled: no_duty
    3  0s  join 2
       node 2 joined
       node 2: not bootstrapped
       node 2 remove: completed -> absent
    4  0s  migrate 3 3 2
       not enabled: misplaced
    5  0s  bootstrap 2
       node 2: bootstrapped
    6  0s  migrate 3 3 2
       shard 3 (database 1, part 2, master): node 3 -> 2
    7  0s  move_endpoint node 3 enslave_node 2 3 2
       endpoint of database 2: node 3 -> 2
    ");
}

#[test]
fn life_23_r_remove_partial_a_cancelled_removal_finishes_one_move_and_no_more() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        ---
        DELETE /v1/nodes/2/actions/remove
        move_shard node 2 remove 3 2 3
        move_endpoint node 2 remove 1 2 1
        finish_cancel node 2 remove
        move_endpoint node 2 remove 1 2 1
        move_shard node 2 remove 2 3 2
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/2/actions/remove
       200
       node 2 remove: running -> cancelling, one move may still be finished
    2  0s  move_shard node 2 remove 3 2 3
       node 2 remove: moved shard 3 from node 2 to 3, no move is under way
       shard 3 (database 1, part 2, master): node 2 -> 3
    3  0s  move_endpoint node 2 remove 1 2 1
       not enabled: no_edge(cancelling)
    4  0s  finish_cancel node 2 remove
       node 2 remove: cancelling -> cancelled
    5  0s  move_endpoint node 2 remove 1 2 1
       not enabled: no_edge(cancelled)
    6  0s  move_shard node 2 remove 2 3 2
       not enabled: no_edge(cancelled)
    ");
}

#[test]
fn life_23_r_del_running_one_whose_cancellation_is_noted_makes_one_move_as_well() {
    let transcript = check(
        "
        rules R-DEL-RUNNING=EVENTUAL
        topology small
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        ---
        DELETE /v1/nodes/2/actions/remove
        move_shard node 2 remove 3 2 3
        move_endpoint node 2 remove 1 2 1
        complete node 2 remove
        begin_cancel node 2 remove
        move_endpoint node 2 remove 1 2 1
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/2/actions/remove
       200
       node 2 remove: cancellation noted
    2  0s  move_shard node 2 remove 3 2 3
       node 2 remove: moved shard 3 from node 2 to 3, too late to complete
       shard 3 (database 1, part 2, master): node 2 -> 3
    3  0s  move_endpoint node 2 remove 1 2 1
       not enabled: cancel_first
    4  0s  complete node 2 remove
       not enabled: cancel_first
    5  0s  begin_cancel node 2 remove
       node 2 remove: running -> cancelling, cancellation no longer pending
    6  0s  move_endpoint node 2 remove 1 2 1
       not enabled: no_edge(cancelling)
    ");
}
