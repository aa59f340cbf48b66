//! The action object (section OBJ).

use insta::assert_snapshot;

use super::check;

#[test]
fn obj_1_progress_is_a_float_from_0_to_100() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        GET /v1/nodes/1/actions/enslave_node
        progress node 1 enslave_node 12.5%
        GET /v1/nodes/1/actions/enslave_node
        complete node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"running","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    2  0s  progress node 1 enslave_node 12.5%
       node 1 enslave_node: progress 0% -> 12.5%
    3  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"running","progress":12.5,"task_id":"00000000-0000-4000-8000-000000000001"}
    4  0s  complete node 1 enslave_node
       node 1 enslave_node: running -> completed, progress 12.5% -> 100%
    5  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"completed","progress":100.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn obj_2_before_7_4_2_progress_was_an_integer() {
    let transcript = check(
        "
        edition E-72
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        progress node 1 enslave_node 12.75%
        ---
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"running","progress":12,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn obj_3_progress_may_be_a_string() {
    let transcript = check(
        "
        rules R-PROGRESS-TYPE=STRING
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        ---
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"completed","progress":"100","task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn obj_4_the_status_is_the_one_of_the_lifecycle() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        GET /v1/nodes/1/actions/enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    2  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: queued -> cancelled
    3  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"cancelled","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn obj_5_the_name_is_that_of_the_action() {
    let transcript = check(
        r#"
        POST /v1/nodes/2/actions/maintenance_on {}
        POST /v1/nodes/2/actions/maintenance_off {}
        POST /v1/nodes/2/actions/enslave_node {}
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        ---
        GET /v1/nodes/2/actions
        GET /v1/cluster/actions
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/2/actions
       200 {"actions":[{"name":"enslave_node","node_uid":"2","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000003"},{"name":"maintenance_off","node_uid":"2","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000002"},{"name":"maintenance_on","node_uid":"2","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}]}
    2  0s  GET /v1/cluster/actions
       200 {"actions":[{"name":"change_master","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000004"}]}
    "#);
}

#[test]
fn obj_5_the_task_of_remove_is_called_remove_node() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/remove {}
        ---
        GET /v1/nodes/2/actions/remove
        GET /v1/nodes/2/actions/remove_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/2/actions/remove
       200 {"name":"remove_node","node_uid":"2","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    2  0s  GET /v1/nodes/2/actions/remove_node
       404 action_not_found: no action has this name here
    "#);
}

#[test]
fn obj_6_a_node_entry_names_its_node_and_a_cluster_entry_none() {
    let transcript = check(
        r#"
        POST /v1/nodes/2/actions/enslave_node {}
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        ---
        GET /v1/nodes/2/actions/enslave_node
        GET /v1/cluster/actions/change_master
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/2/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"2","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    2  0s  GET /v1/cluster/actions/change_master
       200 {"name":"change_master","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000002"}
    "#);
}

#[test]
fn obj_7_a_failed_task_describes_its_error() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        fail node 1 enslave_node internal_error
        ---
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"failed","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001","error_code":"internal_error","error_message":"the action failed for an internal reason"}
    "#);
}

#[test]
fn obj_7_a_task_that_did_not_fail_has_no_error() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        finish_cancel node 1 enslave_node
        ---
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"cancelled","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn obj_8_two_error_codes_are_possible_and_no_other() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        fail node 1 enslave_node unlisted_error
        fail node 1 enslave_node insufficient_resources
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail node 1 enslave_node unlisted_error
       not enabled: not_in_rules
    2  0s  fail node 1 enslave_node insufficient_resources
       node 1 enslave_node: running -> failed, error insufficient_resources
    ");
}

#[test]
fn obj_9_the_task_id_of_an_instance_does_not_change() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        GET /v1/nodes/1/actions/enslave_node
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 enslave_node: absent -> queued (task 1)
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    3  0s  start node 1 enslave_node
       node 1 enslave_node: queued -> starting
    4  0s  run node 1 enslave_node
       node 1 enslave_node: starting -> running
    5  0s  complete node 1 enslave_node
       node 1 enslave_node: running -> completed, progress 0% -> 100%
    6  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"completed","progress":100.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn obj_10_progress_is_never_missing() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        GET /v1/nodes/1/actions/enslave_node
        start node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    2  0s  start node 1 enslave_node
       node 1 enslave_node: queued -> starting
    3  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"starting","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn obj_10_an_action_that_failed_keeps_its_last_progress() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        progress node 1 enslave_node 40%
        fail node 1 enslave_node internal_error
        ---
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"failed","progress":40.0,"task_id":"00000000-0000-4000-8000-000000000001","error_code":"internal_error","error_message":"the action failed for an internal reason"}
    "#);
}
