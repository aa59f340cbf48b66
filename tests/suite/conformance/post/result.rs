//! What an accepted POST answers, and what becomes of the last result.

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn post_3_resubmit_removes_the_previous_result() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        ---
        POST /v1/nodes/1/actions/enslave_node {}
        GET /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 1 enslave_node: completed -> queued (task 2)
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000002"}
    3  0s  GET /v1/nodes/1/actions
       200 {"actions":[{"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000002"}]}
    "#);
}

#[test]
fn post_3_resubmit_removes_the_error_of_a_failed_run() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        fail node 1 enslave_node internal_error
        ---
        POST /v1/nodes/1/actions/enslave_node {}
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 1 enslave_node: failed -> queued (task 2)
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000002"}
    "#);
}

#[test]
fn post_3_resubmit_removes_a_cancelled_result_of_the_cluster() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        DELETE /v1/cluster/actions/change_master
        ---
        POST /v1/cluster/actions/change_master {"node_uid":"3"}
        GET /v1/cluster/actions/change_master
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":"3"}
       200 {}
       cluster change_master: cancelled -> queued (task 2)
    2  0s  GET /v1/cluster/actions/change_master
       200 {"name":"change_master","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000002"}
    "#);
}

#[test]
fn post_3_a_refused_submission_removes_nothing() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/maintenance_off {}
        start node 1 maintenance_off
        run node 1 maintenance_off
        fail node 1 maintenance_off internal_error
        ---
        POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":5}
        POST /v1/nodes/1/actions/maintenance_off {} as db_member
        GET /v1/nodes/1/actions/maintenance_off
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":5}
       400 invalid_schema: a member of the body has a wrong type
    2  0s  POST /v1/nodes/1/actions/maintenance_off {} as db_member
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    3  0s  GET /v1/nodes/1/actions/maintenance_off
       200 {"name":"maintenance_off","node_uid":"1","status":"failed","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001","error_code":"internal_error","error_message":"the action failed for an internal reason"}
    "#);
}

#[test]
fn post_3_the_result_on_another_node_stays() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        ---
        POST /v1/nodes/2/actions/enslave_node {}
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/2/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2 enslave_node: absent -> queued (task 2)
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"completed","progress":100.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn post_5_an_accepted_action_has_not_ended() {
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
fn post_13_both_maintenance_actions_answer_queued_and_a_guid() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        POST /v1/nodes/1/actions/maintenance_off {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/maintenance_on {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 maintenance_on: absent -> queued (task 1)
    2  0s  POST /v1/nodes/1/actions/maintenance_off {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 1 maintenance_off: absent -> queued (task 2)
    "#);
}
