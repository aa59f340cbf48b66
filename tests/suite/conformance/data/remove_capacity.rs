//! `remove` where others have no room for what the node holds (section REM).

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn rem_5_obj_8_without_capacity_the_removal_fails_and_the_node_stays() {
    let transcript = check(
        "
        topology tight
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        ---
        move_shard node 2 remove 2 2 3
        move_shard node 2 remove 6 2 4
        complete node 2 remove
        fail node 2 remove internal_error
        fail node 2 remove insufficient_resources
        GET /v1/nodes/2/actions/remove
        POST /v1/nodes/2/actions/enslave_node {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  move_shard node 2 remove 2 2 3
       node 2 remove: moved shard 2 from node 2 to 3
       shard 2 (database 1, part 1, replica): node 2 -> 3
    2  0s  move_shard node 2 remove 6 2 4
       node 2 remove: moved shard 6 from node 2 to 4
       shard 6 (database 2, part 1, replica): node 2 -> 4
    3  0s  complete node 2 remove
       not enabled: blocked(no_capacity)
    4  0s  fail node 2 remove internal_error
       not enabled: blocked(no_capacity)
    5  0s  fail node 2 remove insufficient_resources
       node 2 remove: running -> failed, error insufficient_resources
    6  0s  GET /v1/nodes/2/actions/remove
       200 {"name":"remove_node","node_uid":"2","status":"failed","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001","error_code":"insufficient_resources","error_message":"the cluster does not have sufficient resources for the operation"}
    7  0s  POST /v1/nodes/2/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2 enslave_node: absent -> queued (task 2)
    "#);
}

#[test]
fn rem_5_obj_8_with_capacity_it_does_not_fail_for_lack_of_it() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        ---
        fail node 2 remove insufficient_resources
        fail node 2 remove internal_error
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail node 2 remove insufficient_resources
       not enabled: not_in_rules
    2  0s  fail node 2 remove internal_error
       node 2 remove: running -> failed, error internal_error
    ");
}

#[test]
fn rem_5_r_remove_partial_what_has_moved_stays_there() {
    let transcript = check(
        "
        topology tight
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        move_shard node 2 remove 6 2 4
        fail node 2 remove insufficient_resources
        ---
        migrate 6 2 4
        migrate 6 4 3
        take_over 2 1 3
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  migrate 6 2 4
       not enabled: misplaced
    2  0s  migrate 6 4 3
       not enabled: misplaced
    3  0s  take_over 2 1 3
       not enabled: misplaced
    ");
}

#[test]
fn rem_10_rem_5_of_two_nodes_with_a_replicated_database_none_can_be_removed() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/3/actions/remove {}
        start node 3 remove
        run node 3 remove
        move_shard node 3 remove 6 3 2
        move_shard node 3 remove 7 3 1
        move_endpoint node 3 remove 2 3 1
        complete node 3 remove
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        ---
        complete node 2 remove
        fail node 2 remove insufficient_resources
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 2 remove
       not enabled: blocked(no_capacity)
    2  0s  fail node 2 remove insufficient_resources
       node 2 remove: running -> failed, error insufficient_resources
    ");
}

#[test]
fn rem_10_nor_the_primary_of_the_two() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/3/actions/remove {}
        start node 3 remove
        run node 3 remove
        move_shard node 3 remove 6 3 2
        move_shard node 3 remove 7 3 1
        move_endpoint node 3 remove 2 3 1
        complete node 3 remove
        POST /v1/nodes/1/actions/remove {}
        start node 1 remove
        run node 1 remove
        ---
        complete node 1 remove
        fail node 1 remove insufficient_resources
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 1 remove
       not enabled: blocked(no_capacity)
    2  0s  fail node 1 remove insufficient_resources
       node 1 remove: running -> failed, error insufficient_resources
    ");
}

#[test]
fn rem_10_without_a_replicated_database_one_of_two_can_be_removed() {
    let transcript = check(
        "
        topology small
        delete_database 1
        POST /v1/nodes/3/actions/remove {}
        start node 3 remove
        run node 3 remove
        move_shard node 3 remove 6 3 2
        move_shard node 3 remove 7 3 1
        move_endpoint node 3 remove 2 3 1
        complete node 3 remove
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        ---
        move_shard node 2 remove 6 2 1
        complete node 2 remove
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 remove 6 2 1
       node 2 remove: moved shard 6 from node 2 to 1
       shard 6 (database 2, part 2, master): node 2 -> 1
    2  0s  complete node 2 remove
       node 2 left
       node 2 remove: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn rem_10_r_remove_capacity_the_refusal_may_be_the_answer_of_the_post() {
    let transcript = check(
        "
        rules R-REMOVE-CAPACITY=SYNC
        topology small
        POST /v1/nodes/3/actions/remove {}
        start node 3 remove
        run node 3 remove
        move_shard node 3 remove 6 3 2
        move_shard node 3 remove 7 3 1
        move_endpoint node 3 remove 2 3 1
        complete node 3 remove
        ---
        POST /v1/nodes/2/actions/remove {}
        GET /v1/nodes/2/actions/remove
        migrate 5 1 2
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  POST /v1/nodes/2/actions/remove {}
       400 precondition_failed: the action cannot succeed as the cluster stands
    2  0s  GET /v1/nodes/2/actions/remove
       404 action_not_running: the action is not running and has no status of a last run
    3  0s  migrate 5 1 2
       shard 5 (database 2, part 1, master): node 1 -> 2
    ");
}
