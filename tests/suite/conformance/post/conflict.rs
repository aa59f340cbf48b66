//! One instance at a time.

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn post_1_a_second_instance_is_refused_from_the_queue_to_the_run() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        POST /v1/nodes/1/actions/enslave_node {}
        run node 1 enslave_node
        POST /v1/nodes/1/actions/enslave_node {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 enslave_node: absent -> queued (task 1)
    2  0s  POST /v1/nodes/1/actions/enslave_node {}
       409 action_conflict: a conflicting action is already in progress
    3  0s  start node 1 enslave_node
       node 1 enslave_node: queued -> starting
    4  0s  POST /v1/nodes/1/actions/enslave_node {}
       409 action_conflict: a conflicting action is already in progress
    5  0s  run node 1 enslave_node
       node 1 enslave_node: starting -> running
    6  0s  POST /v1/nodes/1/actions/enslave_node {}
       409 action_conflict: a conflicting action is already in progress
    "#);
}

#[test]
fn post_1_a_second_instance_is_refused_during_the_cancellation() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        ---
        POST /v1/nodes/1/actions/enslave_node {}
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  POST /v1/nodes/1/actions/enslave_node {}
       409 action_conflict: a conflicting action is already in progress
    ");
}

#[test]
fn post_1_a_conflict_leaves_the_first_instance_as_it_was() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        progress node 1 enslave_node 40%
        ---
        POST /v1/nodes/1/actions/enslave_node {}
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {}
       409 action_conflict: a conflicting action is already in progress
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"running","progress":40.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn post_1_another_node_and_another_action_do_not_conflict() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        POST /v1/nodes/2/actions/enslave_node {}
        POST /v1/nodes/1/actions/maintenance_on {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/2/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2 enslave_node: absent -> queued (task 2)
    2  0s  POST /v1/nodes/1/actions/maintenance_on {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000003"}
       node 1 maintenance_on: absent -> queued (task 3)
    "#);
}

#[test]
fn post_1_read_literally_another_node_conflicts_too() {
    let transcript = check(
        "
        rules R-CONFLICT-SCOPE=CLUSTER-TYPE
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        POST /v1/nodes/2/actions/enslave_node {}
        POST /v1/nodes/2/actions/maintenance_on {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/2/actions/enslave_node {}
       409 action_conflict: a conflicting action is already in progress
    2  0s  POST /v1/nodes/2/actions/maintenance_on {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2 maintenance_on: absent -> queued (task 2)
    "#);
}

#[test]
fn post_2_a_second_change_of_primary_is_refused() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        ---
        POST /v1/cluster/actions/change_master {"node_uid":"3"}
        GET /v1/cluster/actions/change_master
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":"3"}
       409 action_conflict: a conflicting action is already in progress
    2  0s  GET /v1/cluster/actions/change_master
       200 {"name":"change_master","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn post_6_a_change_of_primary_conflicts_with_no_node_action() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        POST /v1/nodes/2/actions/enslave_node {}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"}
       200 {}
       cluster change_master: absent -> queued (task 2)
    2  0s  POST /v1/nodes/2/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000003"}
       node 2 enslave_node: absent -> queued (task 3)
    "#);
}

#[test]
fn post_6_read_widely_a_change_of_primary_conflicts_with_node_actions() {
    let transcript = check(
        r#"
        rules R-CONFLICT-CROSS=MASTER-VS-NODE
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        DELETE /v1/nodes/1/actions/enslave_node
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        POST /v1/nodes/2/actions/enslave_node {}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"}
       409 action_conflict: a conflicting action is already in progress
    2  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: queued -> cancelled
    3  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"}
       200 {}
       cluster change_master: absent -> queued (task 2)
    4  0s  POST /v1/nodes/2/actions/enslave_node {}
       409 action_conflict: a conflicting action is already in progress
    "#);
}

#[test]
fn post_14_a_conflict_is_over_when_the_first_instance_ended() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        POST /v1/nodes/1/actions/enslave_node {}
        complete node 1 enslave_node
        POST /v1/nodes/1/actions/enslave_node {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {}
       409 action_conflict: a conflicting action is already in progress
    2  0s  complete node 1 enslave_node
       node 1 enslave_node: running -> completed, progress 0% -> 100%
    3  0s  POST /v1/nodes/1/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 1 enslave_node: completed -> queued (task 2)
    "#);
}
