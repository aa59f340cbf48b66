//! The statuses, and the edges that are drawn between them.

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn life_1_without_the_eighth_status_nothing_is_aborted() {
    let transcript = check(
        "
        rules R-ABORTED-EXISTS=SEVEN
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        abort node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  abort node 1 enslave_node
       not enabled: no_edge(running)
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"running","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn life_2_life_16_a_running_action_may_be_aborted() {
    let transcript = check(
        "
        edition E-80
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        abort node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  abort node 1 enslave_node
       node 1 enslave_node: running -> aborted
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"aborted","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn life_15_a_starting_action_may_be_aborted() {
    let transcript = check(
        "
        edition E-80
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        ---
        abort node 1 enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  abort node 1 enslave_node
       node 1 enslave_node: starting -> aborted
    ");
}

#[test]
fn life_3_an_accepted_action_waits_in_the_queue() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 enslave_node: absent -> queued (task 1)
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn life_8_life_4_an_action_taken_from_the_queue_is_starting() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        start node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  start node 1 enslave_node
       node 1 enslave_node: queued -> starting
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"starting","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn life_10_life_5_a_started_action_runs() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        ---
        run node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  run node 1 enslave_node
       node 1 enslave_node: starting -> running
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"running","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn life_11_a_running_action_completes() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        complete node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  complete node 1 enslave_node
       node 1 enslave_node: running -> completed, progress 0% -> 100%
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"completed","progress":100.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn life_12_life_7_a_running_action_fails() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        fail node 1 enslave_node internal_error
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  fail node 1 enslave_node internal_error
       node 1 enslave_node: running -> failed, error internal_error
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"failed","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001","error_code":"internal_error","error_message":"the action failed for an internal reason"}
    "#);
}

#[test]
fn life_13_life_6_cancelling_a_running_action_takes_time() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        DELETE /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: running -> cancelling
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"cancelling","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn life_14_a_cancellation_ends_in_cancelled() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        ---
        finish_cancel node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  finish_cancel node 1 enslave_node
       node 1 enslave_node: cancelling -> cancelled
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"cancelled","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn life_9_del_6_cancelling_a_queued_action_ends_it_at_once() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        DELETE /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: queued -> cancelled
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"cancelled","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}
