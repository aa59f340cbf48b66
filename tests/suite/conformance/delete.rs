//! DELETE: it cancels what lives, and removes the status of what ended (section DEL).

use insta::assert_snapshot;

use super::check;

#[test]
fn del_1_a_queued_action_is_cancelled() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        ---
        DELETE /v1/nodes/1/actions/maintenance_on
        GET /v1/nodes/1/actions/maintenance_on
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/nodes/1/actions/maintenance_on
       200
       node 1 maintenance_on: queued -> cancelled
    2  0s  GET /v1/nodes/1/actions/maintenance_on
       200 {"name":"maintenance_on","node_uid":"1","status":"cancelled","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn del_1_an_executing_action_is_cancelled() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        ---
        DELETE /v1/nodes/1/actions/maintenance_on
        finish_cancel node 1 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/1/actions/maintenance_on
       200
       node 1 maintenance_on: running -> cancelling
    2  0s  finish_cancel node 1 maintenance_on
       node 1 maintenance_on: cancelling -> cancelled
    ");
}

#[test]
fn del_2_the_status_of_a_completed_action_is_removed() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        ---
        DELETE /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: completed -> absent
    2  0s  GET /v1/nodes/1/actions/enslave_node
       404 action_not_running: the action is not running and has no status of a last run
    3  0s  GET /v1/nodes/1/actions
       200 {"actions":[]}
    "#);
}

#[test]
fn del_2_the_status_of_every_other_end_is_removed_too() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        fail node 1 enslave_node internal_error
        POST /v1/nodes/2/actions/enslave_node {}
        DELETE /v1/nodes/2/actions/enslave_node
        POST /v1/nodes/3/actions/enslave_node {}
        start node 3 enslave_node
        run node 3 enslave_node
        abort node 3 enslave_node
        ---
        DELETE /v1/nodes/1/actions/enslave_node
        DELETE /v1/nodes/2/actions/enslave_node
        DELETE /v1/nodes/3/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: failed -> absent
    2  0s  DELETE /v1/nodes/2/actions/enslave_node
       200
       node 2 enslave_node: cancelled -> absent
    3  0s  DELETE /v1/nodes/3/actions/enslave_node
       200
       node 3 enslave_node: aborted -> absent
    ");
}

#[test]
fn del_3_r_del_running_a_run_goes_on_until_its_cancellation_takes_hold_but_no_longer_completes() {
    let transcript = check(
        "
        rules R-DEL-RUNNING=EVENTUAL
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        ---
        DELETE /v1/nodes/1/actions/maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        begin_cancel node 1 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/1/actions/maintenance_on
       200
       node 1 maintenance_on: cancellation noted
    2  0s  advance node 1 maintenance_on
       node 1: snapshot maintenance_mode_2024-01-01_00-00-00 made
       node 1 maintenance_on: step 0 -> 1, too late to complete
    3  0s  advance node 1 maintenance_on
       node 1: maintenance mark set
       node 1 maintenance_on: step 1 -> 2
    4  0s  complete node 1 maintenance_on
       not enabled: cancel_first
    5  0s  begin_cancel node 1 maintenance_on
       node 1 maintenance_on: running -> cancelling, cancellation no longer pending
    ");
}

#[test]
fn del_3_r_del_running_an_end_that_was_due_may_come_before_the_cancellation() {
    let transcript = check(
        "
        rules R-DEL-RUNNING=EVENTUAL
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        ---
        DELETE /v1/nodes/1/actions/maintenance_on
        complete node 1 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/1/actions/maintenance_on
       200
       node 1 maintenance_on: cancellation noted
    2  0s  complete node 1 maintenance_on
       node 1 maintenance_on: running -> completed, progress 0% -> 100%, cancellation no longer pending
    ");
}

#[test]
fn del_3_the_cancellation_of_a_starting_action_waits_until_it_runs() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        ---
        DELETE /v1/nodes/1/actions/enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        begin_cancel node 1 enslave_node
        finish_cancel node 1 enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: cancellation noted
    2  0s  run node 1 enslave_node
       node 1 enslave_node: starting -> running
    3  0s  complete node 1 enslave_node
       not enabled: cancel_first
    4  0s  begin_cancel node 1 enslave_node
       node 1 enslave_node: running -> cancelling, cancellation no longer pending
    5  0s  finish_cancel node 1 enslave_node
       node 1 enslave_node: cancelling -> cancelled
    ");
}

#[test]
fn del_3_del_7_the_cancellation_is_not_finished_when_the_answer_arrives() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        DELETE /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions/enslave_node
        finish_cancel node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: running -> cancelling
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"cancelling","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    3  0s  finish_cancel node 1 enslave_node
       node 1 enslave_node: cancelling -> cancelled
    4  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"cancelled","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn del_4_what_is_unknown_or_never_ran_is_not_found() {
    let transcript = check(
        "
        DELETE /v1/nodes/1/actions/enslave_node
        DELETE /v1/nodes/1/actions/bogus
        DELETE /v1/nodes/9/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/1/actions/enslave_node
       404 action_not_running: the action is not running and has no status of a last run
    2  0s  DELETE /v1/nodes/1/actions/bogus
       404 action_not_found: no action has this name here
    3  0s  DELETE /v1/nodes/9/actions/enslave_node
       404 node_not_found: the node does not exist
    ");
}

#[test]
fn del_4_a_removed_status_cannot_be_removed_again() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        ---
        DELETE /v1/nodes/1/actions/enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: completed -> absent
    2  0s  DELETE /v1/nodes/1/actions/enslave_node
       404 action_not_running: the action is not running and has no status of a last run
    ");
}

#[test]
fn del_5_the_answer_is_a_status_code_and_nothing_else() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        DELETE /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: running -> cancelling
    ");
}

#[test]
fn del_7_a_second_delete_changes_nothing() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        ---
        DELETE /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"cancelling","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn del_8_after_a_resubmission_the_new_instance_is_cancelled() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
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
       200 {"name":"enslave_node","node_uid":"1","status":"cancelled","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000002"}
    "#);
}

#[test]
fn del_8_an_action_of_another_node_stays() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        POST /v1/nodes/2/actions/enslave_node {}
        ---
        DELETE /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/2/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: queued -> cancelled
    2  0s  GET /v1/nodes/2/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"2","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000002"}
    "#);
}

#[test]
fn del_9_no_task_can_be_deleted_by_its_id() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        DELETE /v1/actions/00000000-0000-4000-8000-000000000001
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/actions/00000000-0000-4000-8000-000000000001
       404 not_found: nothing is served at this path
    2  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn del_12_only_an_admin_cancels() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        DELETE /v1/nodes/1/actions/enslave_node as cluster_member
        DELETE /v1/nodes/1/actions/enslave_node as user_manager
        DELETE /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/1/actions/enslave_node as cluster_member
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    2  0s  DELETE /v1/nodes/1/actions/enslave_node as user_manager
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    3  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: queued -> cancelled
    ");
}
