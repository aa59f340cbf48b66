//! The action `remove` (section REM).

use insta::assert_snapshot;

use super::check;

#[test]
fn rem_1_rem_11_a_completed_removal_takes_the_node_out() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        ---
        complete node 2 remove
        POST /v1/nodes/2/actions/maintenance_on {}
        node_down 2
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 2 remove
       node 2 left
       node 2 remove: running -> completed, progress 0% -> 100%
    2  0s  POST /v1/nodes/2/actions/maintenance_on {}
       404 node_not_found: the node does not exist
    3  0s  node_down 2
       not enabled: no_such_node
    ");
}

#[test]
fn rem_1_rem_11_until_then_the_node_is_a_member() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        ---
        progress node 2 remove 99.99%
        POST /v1/nodes/2/actions/enslave_node {}
        node_down 2
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  progress node 2 remove 99.99%
       node 2 remove: progress 0% -> 99.99%
    2  0s  POST /v1/nodes/2/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2 enslave_node: absent -> queued (task 2)
    3  0s  node_down 2
       node 2: down
    "#);
}

#[test]
fn rem_1_a_removal_that_did_not_complete_leaves_the_node_a_member() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        ---
        fail node 2 remove insufficient_resources
        POST /v1/nodes/2/actions/enslave_node {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  fail node 2 remove insufficient_resources
       node 2 remove: running -> failed, error insufficient_resources
    2  0s  POST /v1/nodes/2/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2 enslave_node: absent -> queued (task 2)
    "#);
}

#[test]
fn rem_2_an_accepted_removal_marks_the_node_at_once() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/remove {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/2/actions/remove {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 2: removal mark set
       node 2 remove: absent -> queued (task 1)
    "#);
}

#[test]
fn rem_2_a_refused_removal_does_not_mark_the_node() {
    let transcript = check(
        r#"
        POST /v1/nodes/2/actions/remove {} as cluster_member
        POST /v1/nodes/2/actions/remove text "{"
        POST /v1/nodes/2/actions/remove_node {}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/2/actions/remove {} as cluster_member
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    2  0s  POST /v1/nodes/2/actions/remove text "{"
       400 invalid_json: the body is not JSON
    3  0s  POST /v1/nodes/2/actions/remove_node {}
       400 action_not_found: no action has this name here
    "#);
}

#[test]
fn rem_2_r_remove_flag_cancelling_a_queued_removal_leaves_the_mark() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/remove {}
        ---
        DELETE /v1/nodes/2/actions/remove
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/2/actions/remove
       200
       node 2 remove: queued -> cancelled
    ");
}

#[test]
fn rem_3_a_failed_removal_leaves_the_mark() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        ---
        fail node 2 remove internal_error
        POST /v1/nodes/2/actions/remove {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  fail node 2 remove internal_error
       node 2 remove: running -> failed, error internal_error
    2  0s  POST /v1/nodes/2/actions/remove {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2 remove: failed -> queued (task 2)
    "#);
}

#[test]
fn rem_4_a_failed_removal_clears_the_mark_only_where_it_is_rolled_back() {
    let transcript = check(
        "
        rules R-REMOVE-FLAG=ROLLBACK
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        ---
        fail node 2 remove internal_error
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail node 2 remove internal_error
       node 2: removal mark cleared
       node 2 remove: running -> failed, error internal_error
    ");
}

#[test]
fn rem_13_the_path_says_remove_and_the_answer_remove_node() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/remove {}
        ---
        GET /v1/nodes/2/actions/remove
        GET /v1/nodes/2/actions/remove_node
        DELETE /v1/nodes/2/actions/remove_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/2/actions/remove
       200 {"name":"remove_node","node_uid":"2","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    2  0s  GET /v1/nodes/2/actions/remove_node
       404 action_not_found: no action has this name here
    3  0s  DELETE /v1/nodes/2/actions/remove_node
       404 action_not_found: no action has this name here
    "#);
}

#[test]
fn rem_13_r_name_remove_the_answer_may_repeat_the_path() {
    let transcript = check(
        "
        rules R-NAME-REMOVE=PATHNAME
        POST /v1/nodes/2/actions/remove {}
        ---
        GET /v1/nodes/2/actions/remove
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/2/actions/remove
       200 {"name":"remove","node_uid":"2","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn rem_14_the_primary_can_be_removed_and_another_node_takes_over() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/remove {}
        start node 1 remove
        run node 1 remove
        ---
        complete node 1 remove
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 1 remove
       node 1 left
       node 1 remove: running -> completed, progress 0% -> 100%
       primary 1 -> 2
    ");
}

#[test]
fn rem_14_the_advice_is_to_change_the_primary_first() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"3"}
        start cluster change_master
        run cluster change_master
        complete cluster change_master
        POST /v1/nodes/1/actions/remove {}
        start node 1 remove
        run node 1 remove
        ---
        complete node 1 remove
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 1 remove
       node 1 left
       node 1 remove: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn rem_18_a_node_that_has_just_joined_and_holds_nothing_can_be_removed() {
    let transcript = check(
        "
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
fn r_remove_last_the_only_node_cannot_be_removed() {
    let transcript = check(
        "
        nodes 1
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
       not enabled: blocked(last_node)
    2  0s  fail node 1 remove insufficient_resources
       node 1 remove: running -> failed, error insufficient_resources
    ");
}
