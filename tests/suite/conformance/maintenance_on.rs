//! The action `maintenance_on` (section MON); its snapshots are in [`super::snapshot`].

use insta::assert_snapshot;

use super::check;

#[test]
fn mon_1_mon_4_mon_5_mon_7_the_snapshot_is_taken_and_then_the_node_is_marked() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        complete node 2 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 2 maintenance_on
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 made
       node 2 maintenance_on: step 0 -> 1
    2  0s  advance node 2 maintenance_on
       node 2: maintenance mark set
       node 2 maintenance_on: step 1 -> 2
    3  0s  complete node 2 maintenance_on
       node 2 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn mon_7_no_step_is_left_out_and_none_is_added() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        complete node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 2 maintenance_on
       not enabled: steps
    2  0s  advance node 2 maintenance_on
       node 2: maintenance mark set
       node 2 maintenance_on: step 1 -> 2
    3  0s  advance node 2 maintenance_on
       not enabled: steps
    ");
}

#[test]
fn mon_7_what_ends_before_the_first_step_leaves_no_snapshot_and_no_mark() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        fail node 2 maintenance_on internal_error
        POST /v1/nodes/2/actions/maintenance_on {}
        DELETE /v1/nodes/2/actions/maintenance_on
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  fail node 2 maintenance_on internal_error
       node 2 maintenance_on: running -> failed, error internal_error
    2  0s  POST /v1/nodes/2/actions/maintenance_on {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2 maintenance_on: failed -> queued (task 2)
    3  0s  DELETE /v1/nodes/2/actions/maintenance_on
       200
       node 2 maintenance_on: queued -> cancelled
    "#);
}

#[test]
fn mon_8_the_primary_keeps_its_role() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        ---
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 1 maintenance_on
       node 1: snapshot maintenance_mode_2024-01-01_00-00-00 made
       node 1 maintenance_on: step 0 -> 1
    2  0s  advance node 1 maintenance_on
       node 1: maintenance mark set
       node 1 maintenance_on: step 1 -> 2
    3  0s  complete node 1 maintenance_on
       node 1 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn mon_8_another_primary_is_elected_only_once_the_node_is_down() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        ---
        elect 2
        node_down 1
        elect 2
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  elect 2
       not enabled: no_change
    2  0s  node_down 1
       node 1: down
    3  0s  elect 2
       primary 1 -> 2
    ");
}

#[test]
fn mon_9_the_rest_interface_does_not_know_demote_node() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/maintenance_on {"demote_node":"not even a boolean"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/maintenance_on {"demote_node":"not even a boolean"}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 maintenance_on: absent -> queued (task 1)
    "#);
}

#[test]
fn mon_9_r_post_rladmin_params_the_schema_of_2021_knows_it() {
    let transcript = check(
        r#"
        rules R-POST-RLADMIN-PARAMS=SCHEMA21
        POST /v1/nodes/1/actions/maintenance_on {"demote_node":"not even a boolean"}
        POST /v1/nodes/1/actions/maintenance_on {"demote_node":true}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/maintenance_on {"demote_node":"not even a boolean"}
       400 invalid_schema: a member of the body has a wrong type
    2  0s  POST /v1/nodes/1/actions/maintenance_on {"demote_node":true}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 maintenance_on: absent -> queued (task 1)
    "#);
}

#[test]
fn mon_14_post_15_the_documented_members_have_types() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":"true"}
        POST /v1/nodes/1/actions/maintenance_on {"evict_ha_replica":0}
        POST /v1/nodes/1/actions/maintenance_on {"evict_active_active_replica":[]}
        POST /v1/nodes/1/actions/maintenance_on {"evict_dbs":"1"}
        POST /v1/nodes/1/actions/maintenance_on {"evict_dbs":[1,3]}
        POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true,"evict_dbs":["1","3"]}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":"true"}
       400 invalid_schema: a member of the body has a wrong type
    2  0s  POST /v1/nodes/1/actions/maintenance_on {"evict_ha_replica":0}
       400 invalid_schema: a member of the body has a wrong type
    3  0s  POST /v1/nodes/1/actions/maintenance_on {"evict_active_active_replica":[]}
       400 invalid_schema: a member of the body has a wrong type
    4  0s  POST /v1/nodes/1/actions/maintenance_on {"evict_dbs":"1"}
       400 invalid_schema: a member of the body has a wrong type
    5  0s  POST /v1/nodes/1/actions/maintenance_on {"evict_dbs":[1,3]}
       400 invalid_schema: a member of the body has a wrong type
    6  0s  POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true,"evict_dbs":["1","3"]}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 maintenance_on: absent -> queued (task 1)
    "#);
}

#[test]
fn mon_14_ver_3_the_new_members_came_with_7_4_2() {
    let transcript = check(
        r#"
        edition E-72
        POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":"true","evict_dbs":"1"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":"true","evict_dbs":"1"}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 maintenance_on: absent -> queued (task 1)
    "#);
}

#[test]
fn mon_20_moff_11_the_answer_says_queued_and_gives_a_task_id() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true,"evict_ha_replica":true,"evict_active_active_replica":true}
        POST /v1/nodes/1/actions/maintenance_off {"skip_shards_restore":false}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true,"evict_ha_replica":true,"evict_active_active_replica":true}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 maintenance_on: absent -> queued (task 1)
    2  0s  POST /v1/nodes/1/actions/maintenance_off {"skip_shards_restore":false}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 1 maintenance_off: absent -> queued (task 2)
    "#);
}

#[test]
fn mon_23_a_change_of_primary_does_not_abort_maintenance() {
    let transcript = check(
        r#"
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        POST /v1/cluster/actions/change_master {"node_uid":"3"}
        start cluster change_master
        run cluster change_master
        ---
        complete cluster change_master
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete cluster change_master
       cluster change_master: running -> completed, progress 0% -> 100%
       primary 1 -> 3
    ");
}

#[test]
fn mon_23_from_8_0_on_maintenance_is_spared_even_where_other_tasks_are_aborted() {
    let transcript = check(
        r#"
        edition E-80
        rules R-CHM-TASKS=ABORT
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        POST /v1/nodes/3/actions/remove {}
        start node 3 remove
        run node 3 remove
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        start cluster change_master
        run cluster change_master
        ---
        complete cluster change_master
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete cluster change_master
       node 3 remove: running -> aborted
       cluster change_master: running -> completed, progress 0% -> 100%
       primary 1 -> 2
    ");
}

#[test]
fn r_mon_fail_state_the_mark_stays_after_a_failure() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        fail node 2 maintenance_on insufficient_resources
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail node 2 maintenance_on insufficient_resources
       node 2 maintenance_on: running -> failed, error insufficient_resources
    ");
}

#[test]
fn r_mon_fail_state_the_mark_stays_after_a_cancellation() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        DELETE /v1/nodes/2/actions/maintenance_on
        finish_cancel node 2 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/2/actions/maintenance_on
       200
       node 2 maintenance_on: running -> cancelling
    2  0s  finish_cancel node 2 maintenance_on
       node 2 maintenance_on: cancelling -> cancelled
    ");
}

#[test]
fn r_mon_fail_state_the_mark_is_taken_back_where_the_failure_is_rolled_back() {
    let transcript = check(
        "
        rules R-MON-FAIL-STATE=ROLLBACK
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        DELETE /v1/nodes/2/actions/maintenance_on
        finish_cancel node 2 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/2/actions/maintenance_on
       200
       node 2 maintenance_on: running -> cancelling
    2  0s  finish_cancel node 2 maintenance_on
       node 2: maintenance mark cleared
       node 2 maintenance_on: cancelling -> cancelled
    ");
}

#[test]
fn r_mon_fail_state_the_snapshot_may_go_with_a_cancellation_and_not_with_a_failure() {
    let transcript = check(
        "
        rules R-MON-FAIL-STATE=DELETED
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        POST /v1/nodes/3/actions/maintenance_on {}
        start node 3 maintenance_on
        run node 3 maintenance_on
        advance node 3 maintenance_on
        ---
        fail node 3 maintenance_on internal_error
        DELETE /v1/nodes/2/actions/maintenance_on
        finish_cancel node 2 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail node 3 maintenance_on internal_error
       node 3 maintenance_on: running -> failed, error internal_error
    2  0s  DELETE /v1/nodes/2/actions/maintenance_on
       200
       node 2 maintenance_on: running -> cancelling
    3  0s  finish_cancel node 2 maintenance_on
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 2 maintenance_on: cancelling -> cancelled
    ");
}
