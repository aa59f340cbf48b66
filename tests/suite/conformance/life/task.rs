//! An action is a task: its id, its name, how long its status is kept.

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn life_19_every_accepted_post_has_a_task_id_of_its_own() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        POST /v1/nodes/2/actions/enslave_node {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 enslave_node: absent -> queued (task 1)
    2  0s  POST /v1/nodes/2/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2 enslave_node: absent -> queued (task 2)
    "#);
}

#[test]
fn life_19_a_refused_post_takes_no_task_id() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        POST /v1/nodes/1/actions/enslave_node {}
        POST /v1/nodes/2/actions/enslave_node {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {}
       409 action_conflict: a conflicting action is already in progress
    2  0s  POST /v1/nodes/2/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2 enslave_node: absent -> queued (task 2)
    "#);
}

#[test]
fn life_20_names_are_enough_to_start_read_and_cancel() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        GET /v1/nodes/1/actions/enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 enslave_node: absent -> queued (task 1)
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    3  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: queued -> cancelled
    "#);
}

#[test]
fn life_21_the_status_of_the_last_run_stays() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        ---
        at 31536000s GET /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions/enslave_node
        expire node 1 enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  31536000s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"completed","progress":100.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    2  31536000s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"completed","progress":100.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    3  31536000s  expire node 1 enslave_node
       not enabled: no_edge(completed)
    "#);
}

#[test]
fn life_22_a_pending_action_is_called_queued() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        GET /v1/nodes/actions
        GET /v1/nodes/1/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/actions
       200 {"actions":[{"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}]}
    2  0s  GET /v1/nodes/1/actions
       200 {"actions":[{"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}]}
    "#);
}

#[test]
fn life_25_starting_and_cancelling_are_no_dead_ends() {
    let transcript = check(
        r#"
        POST /v1/nodes/2/actions/remove {"wait_for_persistence":true}
        start node 2 remove
        ---
        run node 2 remove
        DELETE /v1/nodes/2/actions/remove
        finish_cancel node 2 remove
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  run node 2 remove
       node 2 remove: starting -> running
    2  0s  DELETE /v1/nodes/2/actions/remove
       200
       node 2 remove: running -> cancelling
    3  0s  finish_cancel node 2 remove
       node 2 remove: cancelling -> cancelled
    ");
}

#[test]
fn life_26_a_change_of_primary_does_not_abort_maintenance() {
    let transcript = check(
        r#"
        edition E-80
        rules R-CHM-TASKS=ABORT
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        start cluster change_master
        run cluster change_master
        ---
        complete cluster change_master
        GET /v1/nodes/1/actions/maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  complete cluster change_master
       node 1 enslave_node: running -> aborted
       cluster change_master: running -> completed, progress 0% -> 100%
       primary 1 -> 2
    2  0s  GET /v1/nodes/1/actions/maintenance_on
       200 {"name":"maintenance_on","node_uid":"1","status":"running","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn life_27_an_aborted_status_may_be_dropped() {
    let transcript = check(
        "
        rules R-ABORTED-RETENTION=DROPPED
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        abort node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        expire node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  abort node 1 enslave_node
       node 1 enslave_node: running -> aborted
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"aborted","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    3  0s  expire node 1 enslave_node
       node 1 enslave_node: aborted -> absent
    4  0s  GET /v1/nodes/1/actions/enslave_node
       404 action_not_running: the action is not running and has no status of a last run
    "#);
}

#[test]
fn life_27_an_aborted_status_is_kept_like_any_other() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        abort node 1 enslave_node
        expire node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  abort node 1 enslave_node
       node 1 enslave_node: running -> aborted
    2  0s  expire node 1 enslave_node
       not enabled: no_edge(aborted)
    3  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"aborted","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}
