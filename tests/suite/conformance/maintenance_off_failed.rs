//! A `maintenance_off` that cannot succeed, or does not (MOFF-8).

use insta::assert_snapshot;

use super::check;

#[test]
fn moff_3_r_moff_unknown_name_never_falls_back_to_the_latest() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        create_snapshot 2 "elsewhere"
        POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":"elsewhere"}
        start node 1 maintenance_off
        run node 1 maintenance_off
        ---
        advance node 1 maintenance_off
        complete node 1 maintenance_off
        fail node 1 maintenance_off internal_error
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 1 maintenance_off
       not enabled: blocked(unknown_snapshot)
    2  0s  complete node 1 maintenance_off
       not enabled: blocked(unknown_snapshot)
    3  0s  fail node 1 maintenance_off internal_error
       node 1 maintenance_off: running -> failed, error internal_error
    ");
}

#[test]
fn moff_8_without_a_snapshot_it_fails_and_changes_nothing() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_off {}
        start node 1 maintenance_off
        run node 1 maintenance_off
        ---
        advance node 1 maintenance_off
        complete node 1 maintenance_off
        fail node 1 maintenance_off internal_error
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 1 maintenance_off
       not enabled: blocked(no_snapshot)
    2  0s  complete node 1 maintenance_off
       not enabled: blocked(no_snapshot)
    3  0s  fail node 1 maintenance_off internal_error
       node 1 maintenance_off: running -> failed, error internal_error
    ");
}

#[test]
fn moff_8_r_moff_nosnap_read_literally_it_is_cancelled() {
    let transcript = check(
        "
        rules R-MOFF-NOSNAP=STATUS-CANCELLED
        POST /v1/nodes/1/actions/maintenance_off {}
        start node 1 maintenance_off
        run node 1 maintenance_off
        ---
        fail node 1 maintenance_off internal_error
        begin_cancel node 1 maintenance_off
        finish_cancel node 1 maintenance_off
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail node 1 maintenance_off internal_error
       not enabled: blocked(no_snapshot)
    2  0s  begin_cancel node 1 maintenance_off
       node 1 maintenance_off: running -> cancelling
    3  0s  finish_cancel node 1 maintenance_off
       node 1 maintenance_off: cancelling -> cancelled
    ");
}

#[test]
fn moff_8_with_skip_shards_restore_no_snapshot_is_needed() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/maintenance_off {"skip_shards_restore":true}
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
       node 1 maintenance_off: step 0 -> 1
    2  0s  advance node 1 maintenance_off
       node 1 maintenance_off: step 1 -> 2
    3  0s  complete node 1 maintenance_off
       node 1 maintenance_off: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn moff_8_r_moff_fail_state_a_node_whose_restore_fails_stays_in_maintenance() {
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
        fail node 1 maintenance_off internal_error
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail node 1 maintenance_off internal_error
       node 1: maintenance mark set
       node 1 maintenance_off: running -> failed, error internal_error
    ");
}

#[test]
fn moff_15_a_failed_deactivation_can_be_tried_again() {
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
        fail node 1 maintenance_off internal_error
        POST /v1/nodes/1/actions/maintenance_off {}
        start node 1 maintenance_off
        run node 1 maintenance_off
        advance node 1 maintenance_off
        ---
        advance node 1 maintenance_off
        complete node 1 maintenance_off
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 1 maintenance_off
       node 1: maintenance mark cleared
       node 1 maintenance_off: step 1 -> 2, maintenance was active 1 times
    2  0s  complete node 1 maintenance_off
       node 1: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 1 maintenance_off: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn moff_12_r_node_down_a_node_that_does_not_answer_is_not_restored() {
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
        node_down 1
        ---
        advance node 1 maintenance_off
        fail node 1 maintenance_off internal_error
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 1 maintenance_off
       not enabled: blocked(node_down)
    2  0s  fail node 1 maintenance_off internal_error
       node 1 maintenance_off: running -> failed, error internal_error
    ");
}
