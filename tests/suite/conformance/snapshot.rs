//! Node snapshots (section SNAP), as far as the actions make and delete them.

use insta::assert_snapshot;

use super::check;

#[test]
fn snap_1_where_no_maintenance_snapshot_exists_one_is_made() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":false}
        start node 1 maintenance_on
        run node 1 maintenance_on
        ---
        advance node 1 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 1 maintenance_on
       node 1: snapshot maintenance_mode_2024-01-01_00-00-00 made
       node 1 maintenance_on: step 0 -> 1
    ");
}

#[test]
fn snap_1_snap_9_a_plain_second_activation_keeps_the_first_snapshot() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        at 60s
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        ---
        advance node 1 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  60s  advance node 1 maintenance_on
       node 1 maintenance_on: step 0 -> 1
    ");
}

#[test]
fn snap_1_r_snap_user_a_user_snapshot_does_not_count() {
    let transcript = check(
        r#"
        create_snapshot 1 "mine"
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        ---
        advance node 1 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 1 maintenance_on
       node 1: snapshot maintenance_mode_2024-01-01_00-00-00 made
       node 1 maintenance_on: step 0 -> 1
    ");
}

#[test]
fn snap_1_r_snap_scope_every_node_has_a_snapshot_of_its_own() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        at 60s
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        advance node 2 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  60s  advance node 2 maintenance_on
       node 2: snapshot maintenance_mode_2024-01-01_00-01-00 made
       node 2 maintenance_on: step 0 -> 1
    ");
}

#[test]
fn snap_2_before_7_4_2_every_activation_makes_a_snapshot() {
    let transcript = check(
        "
        edition E-72
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        at 60s
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        ---
        advance node 1 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  60s  advance node 1 maintenance_on
       node 1: snapshot maintenance_mode_2024-01-01_00-01-00 made
       node 1 maintenance_on: step 0 -> 1
    ");
}

#[test]
fn snap_3_snap_4_mon_14_overwriting_leaves_only_the_new_maintenance_snapshot() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        at 60s
        POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true}
        start node 1 maintenance_on
        run node 1 maintenance_on
        ---
        advance node 1 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  60s  advance node 1 maintenance_on
       node 1: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 1: snapshot maintenance_mode_2024-01-01_00-01-00 made
       node 1 maintenance_on: step 0 -> 1
    ");
}

#[test]
fn snap_4_overwriting_does_not_concern_user_snapshots() {
    let transcript = check(
        r#"
        create_snapshot 1 "mine"
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        create_snapshot 1 "mine too"
        at 60s
        POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true}
        start node 1 maintenance_on
        run node 1 maintenance_on
        ---
        advance node 1 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  60s  advance node 1 maintenance_on
       node 1: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 1: snapshot maintenance_mode_2024-01-01_00-01-00 made
       node 1 maintenance_on: step 0 -> 1
    ");
}

#[test]
fn snap_4_where_there_is_nothing_to_overwrite_a_snapshot_is_made() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true}
        start node 1 maintenance_on
        run node 1 maintenance_on
        ---
        advance node 1 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 1 maintenance_on
       node 1: snapshot maintenance_mode_2024-01-01_00-00-00 made
       node 1 maintenance_on: step 0 -> 1
    ");
}

#[test]
fn snap_5_the_name_tells_date_and_time() {
    let transcript = check(
        "
        at 5187723s
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        ---
        advance node 1 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  5187723s  advance node 1 maintenance_on
       node 1: snapshot maintenance_mode_2024-03-01_01-02-03 made
       node 1 maintenance_on: step 0 -> 1
    ");
}

#[test]
fn snap_5_the_calendar_knows_leap_days_and_the_ends_of_years() {
    let dates: [(u64, &str); 8] = [
        (5_097_600, "2024-02-29_00-00-00"),
        (15_724_800, "2024-07-01_00-00-00"),
        (28_944_000, "2024-12-01_00-00-00"),
        (31_622_399, "2024-12-31_23-59-59"),
        (31_622_400, "2025-01-01_00-00-00"),
        (36_678_645, "2025-02-28_12-30-45"),
        (2_403_475_199, "2100-02-28_23-59-59"),
        (2_403_475_200, "2100-03-01_00-00-00"),
    ];
    for (second, date) in dates {
        let transcript = check(&format!(
            "
            POST /v1/nodes/1/actions/maintenance_on {{}}
            start node 1 maintenance_on
            run node 1 maintenance_on
            ---
            at {second}s advance node 1 maintenance_on
            "
        ));
        assert!(
            transcript.contains(&format!("snapshot maintenance_mode_{date} made")),
            "{date}: {transcript}"
        );
    }
}

#[test]
fn snap_8_mon_7_a_failed_maintenance_on_keeps_the_snapshot() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        ---
        fail node 1 maintenance_on insufficient_resources
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail node 1 maintenance_on insufficient_resources
       node 1 maintenance_on: running -> failed, error insufficient_resources
    ");
}

#[test]
fn snap_9_the_second_attempt_uses_the_snapshot_of_the_first() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        fail node 1 maintenance_on internal_error
        at 60s
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
        ",
    );
    assert_snapshot!(transcript, @"
    1  60s  advance node 1 maintenance_off
       node 1 maintenance_off: step 0 -> 1, loaded maintenance_mode_2024-01-01_00-00-00
    ");
}

#[test]
fn snap_14_a_user_snapshot_is_made_outside_the_actions_api() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/snapshots/mine {}
        create_snapshot 1 "mine"
        create_snapshot 1 "mine"
        create_snapshot 2 "mine"
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/snapshots/mine {}
       405 method_not_allowed: the path does not have this method
    2  0s  create_snapshot 1 "mine"
       node 1: snapshot mine made
    3  0s  create_snapshot 1 "mine"
       not enabled: name_taken
    4  0s  create_snapshot 2 "mine"
       node 2: snapshot mine made
    "#);
}

#[test]
fn snap_17_skipping_the_restore_deletes_the_maintenance_snapshot_too() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        POST /v1/nodes/1/actions/maintenance_off {"skip_shards_restore":true}
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
       node 1: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 1 maintenance_off: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn snap_17_r_moff_skip_before_the_fix_it_was_left_behind() {
    let transcript = check(
        r#"
        rules R-MOFF-SKIP=KEEPS
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        POST /v1/nodes/1/actions/maintenance_off {"skip_shards_restore":true}
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

#[test]
fn r_snap_overwrite_active_the_overwrite_is_ignored_where_it_is_guarded() {
    let transcript = check(
        r#"
        rules R-SNAP-OVERWRITE-ACTIVE=GUARDED
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        at 60s
        POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true}
        start node 1 maintenance_on
        run node 1 maintenance_on
        ---
        advance node 1 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  60s  advance node 1 maintenance_on
       node 1 maintenance_on: step 0 -> 1
    ");
}

#[test]
fn r_snap_time_what_is_cancelled_while_queued_takes_no_snapshot() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        ---
        DELETE /v1/nodes/1/actions/maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/1/actions/maintenance_on
       200
       node 1 maintenance_on: queued -> cancelled
    ");
}
