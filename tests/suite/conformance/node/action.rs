//! One action of one node: reading, starting and ending it by its path.

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn node_12_node_13_a_single_action_is_not_wrapped() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        ---
        GET /v1/nodes/1/actions/maintenance_on
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions/maintenance_on
       200 {"name":"maintenance_on","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn node_14_node_26_a_single_action_is_found_while_it_runs_and_after_its_end() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        GET /v1/nodes/1/actions/enslave_node
        complete node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"running","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    2  0s  complete node 1 enslave_node
       node 1 enslave_node: running -> completed, progress 0% -> 100%
    3  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"completed","progress":100.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn node_15_an_action_that_never_ran_is_not_found() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        GET /v1/nodes/1/actions/maintenance_on
        GET /v1/nodes/2/actions/enslave_node
        GET /v1/nodes/1/actions/bogus
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  GET /v1/nodes/1/actions/maintenance_on
       404 action_not_running: the action is not running and has no status of a last run
    2  0s  GET /v1/nodes/2/actions/enslave_node
       404 action_not_running: the action is not running and has no status of a last run
    3  0s  GET /v1/nodes/1/actions/bogus
       404 action_not_found: no action has this name here
    ");
}

#[test]
fn node_15_an_action_whose_status_was_removed_is_not_found() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        ---
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  GET /v1/nodes/1/actions/enslave_node
       404 action_not_running: the action is not running and has no status of a last run
    ");
}

#[test]
fn node_17_a_single_action_is_guarded_like_the_list_of_its_node() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        GET /v1/nodes/1/actions/enslave_node as db_viewer
        GET /v1/nodes/1/actions/enslave_node as none
        GET /v1/nodes/1/actions as db_viewer
        GET /v1/nodes/1/actions as none
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions/enslave_node as db_viewer
       200 {"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    2  0s  GET /v1/nodes/1/actions/enslave_node as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    3  0s  GET /v1/nodes/1/actions as db_viewer
       200 {"actions":[{"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}]}
    4  0s  GET /v1/nodes/1/actions as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    "#);
}

#[test]
fn node_18_a_post_starts_the_named_action_on_the_named_node() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/maintenance_on {}
        GET /v1/nodes/1/actions
        GET /v1/nodes/2/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/2/actions/maintenance_on {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 2 maintenance_on: absent -> queued (task 1)
    2  0s  GET /v1/nodes/1/actions
       200 {"actions":[]}
    3  0s  GET /v1/nodes/2/actions
       200 {"actions":[{"name":"maintenance_on","node_uid":"2","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}]}
    "#);
}

#[test]
fn node_19_four_actions_are_supported() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/remove {}
        POST /v1/nodes/2/actions/maintenance_on {}
        POST /v1/nodes/2/actions/maintenance_off {}
        POST /v1/nodes/2/actions/enslave_node {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/2/actions/remove {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 2: removal mark set
       node 2 remove: absent -> queued (task 1)
    2  0s  POST /v1/nodes/2/actions/maintenance_on {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2 maintenance_on: absent -> queued (task 2)
    3  0s  POST /v1/nodes/2/actions/maintenance_off {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000003"}
       node 2 maintenance_off: absent -> queued (task 3)
    4  0s  POST /v1/nodes/2/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000004"}
       node 2 enslave_node: absent -> queued (task 4)
    "#);
}

#[test]
fn node_19_no_other_action_is_supported() {
    let transcript = check(
        r#"
        POST /v1/nodes/2/actions/reboot {}
        POST /v1/nodes/2/actions/Remove {}
        POST /v1/nodes/2/actions/remove_node {}
        POST /v1/nodes/2/actions/change_master {"node_uid":"2"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/2/actions/reboot {}
       400 action_not_found: no action has this name here
    2  0s  POST /v1/nodes/2/actions/Remove {}
       400 action_not_found: no action has this name here
    3  0s  POST /v1/nodes/2/actions/remove_node {}
       400 action_not_found: no action has this name here
    4  0s  POST /v1/nodes/2/actions/change_master {"node_uid":"2"}
       400 action_not_found: no action has this name here
    "#);
}

#[test]
fn node_20_a_post_is_initiated_or_conflicts() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        POST /v1/nodes/1/actions/maintenance_on {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/maintenance_on {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 maintenance_on: absent -> queued (task 1)
    2  0s  POST /v1/nodes/1/actions/maintenance_on {}
       409 action_conflict: a conflicting action is already in progress
    "#);
}

#[test]
fn node_21_the_answer_to_a_post_tells_more_than_its_code() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 enslave_node: absent -> queued (task 1)
    "#);
}

#[test]
fn node_22_a_delete_cancels_or_removes_a_status() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        DELETE /v1/nodes/1/actions/enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: queued -> cancelled
    2  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: cancelled -> absent
    ");
}

#[test]
fn node_23_no_request_depends_on_the_accept_header() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {} no accept
        GET /v1/nodes/1/actions/enslave_node no accept
        GET /v1/nodes/1/actions/enslave_node accept */*
        DELETE /v1/nodes/1/actions/enslave_node no accept
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {} no accept
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 enslave_node: absent -> queued (task 1)
    2  0s  GET /v1/nodes/1/actions/enslave_node no accept
       200 {"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    3  0s  GET /v1/nodes/1/actions/enslave_node accept */*
       200 {"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    4  0s  DELETE /v1/nodes/1/actions/enslave_node no accept
       200
       node 1 enslave_node: queued -> cancelled
    "#);
}

#[test]
fn node_24_only_a_canonical_number_names_a_node() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        GET /v1/nodes/01/actions
        GET /v1/nodes/1.0/actions
        GET /v1/nodes/-1/actions
        GET /v1/nodes/abc/actions
        GET /v1/nodes/99999999999/actions
        GET /v1/nodes/1/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/01/actions
       404 not_found: nothing is served at this path
    2  0s  GET /v1/nodes/1.0/actions
       404 not_found: nothing is served at this path
    3  0s  GET /v1/nodes/-1/actions
       404 not_found: nothing is served at this path
    4  0s  GET /v1/nodes/abc/actions
       404 not_found: nothing is served at this path
    5  0s  GET /v1/nodes/99999999999/actions
       404 node_not_found: the node does not exist
    6  0s  GET /v1/nodes/1/actions
       200 {"actions":[{"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}]}
    "#);
}

#[test]
fn node_24_nothing_starts_on_a_node_that_does_not_exist() {
    let transcript = check(
        "
        POST /v1/nodes/9/actions/remove {}
        POST /v1/nodes/abc/actions/remove {}
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  POST /v1/nodes/9/actions/remove {}
       404 node_not_found: the node does not exist
    2  0s  POST /v1/nodes/abc/actions/remove {}
       404 not_found: nothing is served at this path
    ");
}

#[test]
fn node_25_a_single_action_shows_the_task_id_that_the_post_gave() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        GET /v1/nodes/1/actions/maintenance_on
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/maintenance_on {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 maintenance_on: absent -> queued (task 1)
    2  0s  GET /v1/nodes/1/actions/maintenance_on
       200 {"name":"maintenance_on","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}
