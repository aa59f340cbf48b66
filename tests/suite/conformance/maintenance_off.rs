//! The action `maintenance_off` (section MOFF).

use insta::assert_snapshot;

use super::check;

#[test]
fn moff_1_moff_7_the_node_is_unmarked_and_the_snapshot_deleted_at_the_end() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        POST /v1/nodes/1/actions/maintenance_off {}
        start node 1 maintenance_off
        run node 1 maintenance_off
        ---
        advance node 1 maintenance_off
        advance node 1 maintenance_off
        complete node 1 maintenance_off
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 1 maintenance_off
       node 1 maintenance_off: step 0 -> 1, loaded maintenance_mode_2024-01-01_00-00-00
    2  0s  advance node 1 maintenance_off
       node 1: maintenance mark cleared
       node 1 maintenance_off: step 1 -> 2, maintenance was active 1 times
    3  0s  complete node 1 maintenance_off
       node 1: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 1 maintenance_off: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn moff_7_no_step_is_left_out() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        POST /v1/nodes/1/actions/maintenance_off {}
        start node 1 maintenance_off
        run node 1 maintenance_off
        advance node 1 maintenance_off
        ---
        complete node 1 maintenance_off
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 1 maintenance_off
       not enabled: steps
    ");
}

#[test]
fn moff_7_r_moff_cancel_state_only_completion_deletes_the_snapshot() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        POST /v1/nodes/1/actions/maintenance_off {}
        start node 1 maintenance_off
        run node 1 maintenance_off
        advance node 1 maintenance_off
        advance node 1 maintenance_off
        ---
        DELETE /v1/nodes/1/actions/maintenance_off
        finish_cancel node 1 maintenance_off
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/1/actions/maintenance_off
       200
       node 1 maintenance_off: running -> cancelling
    2  0s  finish_cancel node 1 maintenance_off
       node 1: maintenance mark set
       node 1 maintenance_off: cancelling -> cancelled
    ");
}

#[test]
fn moff_2_without_a_name_the_latest_maintenance_snapshot_is_taken() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        create_snapshot 1 "newer"
        POST /v1/nodes/1/actions/maintenance_off {}
        start node 1 maintenance_off
        run node 1 maintenance_off
        ---
        advance node 1 maintenance_off
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 1 maintenance_off
       node 1 maintenance_off: step 0 -> 1, loaded maintenance_mode_2024-01-01_00-00-00
    ");
}

#[test]
fn moff_2_r_moff_latest_in_the_words_of_the_node_page_it_is_the_latest_of_any_kind() {
    let transcript = check(
        r#"
        rules R-MOFF-LATEST=ANY
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        create_snapshot 1 "newer"
        POST /v1/nodes/1/actions/maintenance_off {}
        start node 1 maintenance_off
        run node 1 maintenance_off
        ---
        advance node 1 maintenance_off
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 1 maintenance_off
       node 1 maintenance_off: step 0 -> 1, loaded newer
    ");
}

#[test]
fn moff_3_moff_4_a_name_selects_a_snapshot_of_either_kind() {
    let transcript = check(
        r#"
        create_snapshot 1 "before"
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":"before"}
        start node 1 maintenance_off
        run node 1 maintenance_off
        advance node 1 maintenance_off
        fail node 1 maintenance_off internal_error
        POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":"maintenance_mode_2024-01-01_00-00-00"}
        start node 1 maintenance_off
        run node 1 maintenance_off
        ---
        advance node 1 maintenance_off
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 1 maintenance_off
       node 1 maintenance_off: step 0 -> 1, loaded maintenance_mode_2024-01-01_00-00-00
    ");
}

#[test]
fn moff_4_r_moff_delete_a_user_snapshot_that_was_restored_survives() {
    let transcript = check(
        r#"
        create_snapshot 1 "before"
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":"before"}
        start node 1 maintenance_off
        run node 1 maintenance_off
        ---
        advance node 1 maintenance_off
        advance node 1 maintenance_off
        complete node 1 maintenance_off
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 1 maintenance_off
       node 1 maintenance_off: step 0 -> 1, loaded before
    2  0s  advance node 1 maintenance_off
       node 1: maintenance mark cleared
       node 1 maintenance_off: step 1 -> 2, maintenance was active 1 times
    3  0s  complete node 1 maintenance_off
       node 1: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 1 maintenance_off: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn post_15_the_members_of_maintenance_off_have_types() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/maintenance_off {"skip_shards_restore":"true"}
        POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":7}
        POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":null,"skip_shards_restore":true}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/maintenance_off {"skip_shards_restore":"true"}
       400 invalid_schema: a member of the body has a wrong type
    2  0s  POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":7}
       400 invalid_schema: a member of the body has a wrong type
    3  0s  POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":null,"skip_shards_restore":true}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 maintenance_off: absent -> queued (task 1)
    "#);
}

#[test]
fn moff_10_r_moff_name_and_skip_of_a_name_and_skipping_skipping_wins() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":"no such snapshot","skip_shards_restore":true}
        start node 1 maintenance_off
        run node 1 maintenance_off
        ---
        advance node 1 maintenance_off
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 1 maintenance_off
       node 1 maintenance_off: step 0 -> 1, loaded maintenance_mode_2024-01-01_00-00-00
    ");
}

#[test]
fn r_moff_not_active_a_named_snapshot_is_restored_outside_maintenance_too() {
    let transcript = check(
        r#"
        create_snapshot 1 "mine"
        POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":"mine"}
        start node 1 maintenance_off
        run node 1 maintenance_off
        advance node 1 maintenance_off
        advance node 1 maintenance_off
        ---
        complete node 1 maintenance_off
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 1 maintenance_off
       node 1 maintenance_off: running -> completed, progress 0% -> 100%
    ");
}
