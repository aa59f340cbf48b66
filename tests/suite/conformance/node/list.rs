//! The lists: of all nodes, and of one.

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn node_1_node_2_one_list_holds_executing_pending_and_completed_actions_of_all_nodes() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        POST /v1/nodes/2/actions/enslave_node {}
        start node 2 enslave_node
        run node 2 enslave_node
        POST /v1/nodes/3/actions/enslave_node {}
        ---
        GET /v1/nodes/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/actions
       200 {"actions":[{"name":"enslave_node","node_uid":"1","status":"completed","progress":100.0,"task_id":"00000000-0000-4000-8000-000000000001"},{"name":"enslave_node","node_uid":"2","status":"running","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000002"},{"name":"enslave_node","node_uid":"3","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000003"}]}
    "#);
}

#[test]
fn node_3_node_4_without_any_action_the_list_of_all_nodes_is_empty() {
    let transcript = check(
        "
        GET /v1/nodes/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/actions
       200 {"actions":[]}
    "#);
}

#[test]
fn node_5_the_list_of_a_node_has_the_actions_of_that_node_only() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        POST /v1/nodes/2/actions/maintenance_on {}
        ---
        GET /v1/nodes/2/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/2/actions
       200 {"actions":[{"name":"maintenance_on","node_uid":"2","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000002"}]}
    "#);
}

#[test]
fn node_6_node_7_without_any_action_the_list_of_a_node_is_empty() {
    let transcript = check(
        "
        GET /v1/nodes/1/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions
       200 {"actions":[]}
    "#);
}

#[test]
fn node_8_the_list_of_a_node_that_does_not_exist_is_not_found() {
    let transcript = check(
        "
        GET /v1/nodes/9/actions
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  GET /v1/nodes/9/actions
       404 node_not_found: the node does not exist
    ");
}

#[test]
fn node_9_the_documented_example_of_a_list() {
    let transcript = check(
        "
        rules R-PROGRESS-TYPE=INT
        POST /v1/nodes/1/actions/remove {}
        start node 1 remove
        run node 1 remove
        progress node 1 remove 10%
        ---
        GET /v1/nodes/1/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions
       200 {"actions":[{"name":"remove_node","node_uid":"1","status":"running","progress":10,"task_id":"00000000-0000-4000-8000-000000000001"}]}
    "#);
}

#[test]
fn node_11_node_16_a_failed_action_has_its_error_code_in_the_list_and_alone() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        fail node 2 remove insufficient_resources
        ---
        GET /v1/nodes/2/actions
        GET /v1/nodes/2/actions/remove
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/2/actions
       200 {"actions":[{"name":"remove_node","node_uid":"2","status":"failed","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001","error_code":"insufficient_resources","error_message":"the cluster does not have sufficient resources for the operation"}]}
    2  0s  GET /v1/nodes/2/actions/remove
       200 {"name":"remove_node","node_uid":"2","status":"failed","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001","error_code":"insufficient_resources","error_message":"the cluster does not have sufficient resources for the operation"}
    "#);
}

#[test]
fn node_28_the_three_lists_answer_on_a_cluster_of_one_node() {
    let transcript = check(
        "
        nodes 1
        GET /v1/nodes/actions
        GET /v1/nodes/1/actions
        GET /v1/cluster/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/actions
       200 {"actions":[]}
    2  0s  GET /v1/nodes/1/actions
       200 {"actions":[]}
    3  0s  GET /v1/cluster/actions
       200 {"actions":[]}
    "#);
}
