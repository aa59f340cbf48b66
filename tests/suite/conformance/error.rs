//! Errors of requests and of tasks (section ERR).

use action_oracle::http;
use action_oracle::model::{Cluster, step};
use action_oracle::script::parse_script;
use action_oracle::spec::Rules;
use insta::assert_snapshot;

use super::check;

#[test]
fn err_1_each_status_code_has_its_meaning() {
    let transcript = check(
        "
        GET /v1/nodes/1/actions
        POST /v1/nodes/1/actions/remvoe {}
        GET /v1/nodes/1/actions with wrong credentials
        POST /v1/nodes/1/actions/remove {} as db_viewer
        GET /v1/node/1/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions
       200 {"actions":[]}
    2  0s  POST /v1/nodes/1/actions/remvoe {}
       400 action_not_found: no action has this name here
    3  0s  GET /v1/nodes/1/actions with wrong credentials
       401 unauthenticated: credentials are missing or wrong
    4  0s  POST /v1/nodes/1/actions/remove {} as db_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    5  0s  GET /v1/node/1/actions
       404 not_found: nothing is served at this path
    "#);
}

#[test]
fn err_2_the_error_of_a_task_comes_in_a_200() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        fail node 1 enslave_node insufficient_resources
        ---
        GET /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"failed","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001","error_code":"insufficient_resources","error_message":"the cluster does not have sufficient resources for the operation"}
    2  0s  GET /v1/nodes/1/actions
       200 {"actions":[{"name":"enslave_node","node_uid":"1","status":"failed","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001","error_code":"insufficient_resources","error_message":"the cluster does not have sufficient resources for the operation"}]}
    "#);
}

#[test]
fn err_2_r_errfields_without_a_failure_there_is_no_error() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        POST /v1/nodes/2/actions/enslave_node {}
        DELETE /v1/nodes/2/actions/enslave_node
        ---
        GET /v1/nodes/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/actions
       200 {"actions":[{"name":"enslave_node","node_uid":"1","status":"completed","progress":100.0,"task_id":"00000000-0000-4000-8000-000000000001"},{"name":"enslave_node","node_uid":"2","status":"cancelled","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000002"}]}
    "#);
}

#[test]
fn err_3_a_failed_cluster_action_tells_its_error_though_the_pages_list_none() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        start cluster change_master
        run cluster change_master
        fail cluster change_master internal_error
        ---
        GET /v1/cluster/actions/change_master
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/cluster/actions/change_master
       200 {"name":"change_master","status":"failed","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001","error_code":"internal_error","error_message":"the action failed for an internal reason"}
    "#);
}

#[test]
fn err_6_r_err_body_a_refusal_carries_a_code_and_a_description() {
    let rules = Rules::default();
    let inputs = parse_script("DELETE /v1/nodes/1/actions/remove").expect("it is a script");
    let reply = step(&mut Cluster::new(3), &rules, &inputs[0]);
    let response = http::encode(&reply, &rules).expect("a request is answered");
    let body = response.body.expect("a refusal says why");
    assert_snapshot!(body, @r#"{"error_code":"action_not_running","description":"the action is not running and has no status of a last run"}"#);
}

#[test]
fn err_9_a_node_that_does_not_exist_is_404() {
    let transcript = check(
        "
        GET /v1/nodes/9/actions
        GET /v1/nodes/9/actions/remove
        POST /v1/nodes/9/actions/remove {}
        DELETE /v1/nodes/9/actions/remove
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  GET /v1/nodes/9/actions
       404 node_not_found: the node does not exist
    2  0s  GET /v1/nodes/9/actions/remove
       404 node_not_found: the node does not exist
    3  0s  POST /v1/nodes/9/actions/remove {}
       404 node_not_found: the node does not exist
    4  0s  DELETE /v1/nodes/9/actions/remove
       404 node_not_found: the node does not exist
    ");
}
