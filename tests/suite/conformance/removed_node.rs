//! What remains of a node after its removal (REM-11, REM-12).

use insta::assert_snapshot;

use super::check;

#[test]
fn rem_11_life_21_the_end_of_a_removal_is_readable_until_it_is_deleted() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        complete node 2 remove
        ---
        GET /v1/nodes/2/actions/remove
        GET /v1/nodes/2/actions
        GET /v1/nodes/actions
        DELETE /v1/nodes/2/actions/remove
        GET /v1/nodes/2/actions/remove
        GET /v1/nodes/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/2/actions/remove
       200 {"name":"remove_node","node_uid":"2","status":"completed","progress":100.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    2  0s  GET /v1/nodes/2/actions
       200 {"actions":[{"name":"remove_node","node_uid":"2","status":"completed","progress":100.0,"task_id":"00000000-0000-4000-8000-000000000001"}]}
    3  0s  GET /v1/nodes/actions
       200 {"actions":[{"name":"remove_node","node_uid":"2","status":"completed","progress":100.0,"task_id":"00000000-0000-4000-8000-000000000001"}]}
    4  0s  DELETE /v1/nodes/2/actions/remove
       200
       node 2 remove: completed -> absent
    5  0s  GET /v1/nodes/2/actions/remove
       404 node_not_found: the node does not exist
    6  0s  GET /v1/nodes/actions
       200 {"actions":[]}
    "#);
}

#[test]
fn rem_11_r_remove_status_after_nothing_is_readable_where_the_status_goes_with_the_node() {
    let transcript = check(
        "
        rules R-REMOVE-STATUS-AFTER=GONE
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        ---
        complete node 2 remove
        GET /v1/nodes/2/actions/remove
        GET /v1/nodes/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  complete node 2 remove
       node 2 left
    2  0s  GET /v1/nodes/2/actions/remove
       404 node_not_found: the node does not exist
    3  0s  GET /v1/nodes/actions
       200 {"actions":[]}
    "#);
}

#[test]
fn rem_12_a_joining_node_may_take_the_uid_of_a_removed_one() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        complete node 2 remove
        ---
        join 2
        GET /v1/nodes/2/actions
        GET /v1/nodes/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  join 2
       node 2 joined
       node 2: not bootstrapped
       node 2 remove: completed -> absent
    2  0s  GET /v1/nodes/2/actions
       200 {"actions":[]}
    3  0s  GET /v1/nodes/actions
       200 {"actions":[]}
    "#);
}

#[test]
fn rem_12_the_uid_of_a_member_is_taken() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        ---
        join 2
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  join 2
       not enabled: node_exists
    ");
}

#[test]
fn r_remove_other_statuses_everything_else_goes_with_the_node() {
    let transcript = check(
        r#"
        create_snapshot 2 "mine"
        POST /v1/nodes/2/actions/enslave_node {}
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        complete node 2 remove
        ---
        GET /v1/nodes/2/actions/enslave_node
        start node 2 enslave_node
        create_snapshot 2 "another"
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/2/actions/enslave_node
       404 action_not_running: the action is not running and has no status of a last run
    2  0s  start node 2 enslave_node
       not enabled: no_instance
    3  0s  create_snapshot 2 "another"
       not enabled: no_such_node
    "#);
}
