//! Maintenance that is activated twice (MON-16).

use insta::assert_snapshot;

use super::check;

#[test]
fn mon_16_r_stack_one_deactivation_is_enough() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        complete node 2 maintenance_on
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        complete node 2 maintenance_on
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        ---
        advance node 2 maintenance_off
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 2 maintenance_off
       node 2: maintenance mark cleared
       node 2 maintenance_off: step 1 -> 2, maintenance was active 1 times
    ");
}

#[test]
fn mon_16_read_literally_two_activations_need_two_deactivations() {
    let transcript = check(
        r#"
        rules R-STACK=COUNTER
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        complete node 2 maintenance_on
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        advance node 2 maintenance_on
        complete node 2 maintenance_on
        POST /v1/nodes/2/actions/maintenance_off {"skip_shards_restore":true}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  advance node 2 maintenance_on
       node 2: maintenance active 1 -> 2 times
       node 2 maintenance_on: step 1 -> 2, maintenance was active 1 times
    2  0s  complete node 2 maintenance_on
       node 2 maintenance_on: running -> completed, progress 0% -> 100%
    3  0s  POST /v1/nodes/2/actions/maintenance_off {"skip_shards_restore":true}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000003"}
       node 2 maintenance_off: absent -> queued (task 3)
    4  0s  start node 2 maintenance_off
       node 2 maintenance_off: queued -> starting
    5  0s  run node 2 maintenance_off
       node 2 maintenance_off: starting -> running
    6  0s  advance node 2 maintenance_off
       node 2 maintenance_off: step 0 -> 1, loaded maintenance_mode_2024-01-01_00-00-00
    7  0s  advance node 2 maintenance_off
       node 2: maintenance active 2 -> 1 times
       node 2 maintenance_off: step 1 -> 2, maintenance was active 2 times
    "#);
}

#[test]
fn mon_16_before_7_4_2_each_deactivation_restores_one_snapshot() {
    let transcript = check(
        "
        edition E-72
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        complete node 2 maintenance_on
        at 1s
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        complete node 2 maintenance_on
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        ---
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        complete node 2 maintenance_off
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  1s  advance node 2 maintenance_off
       node 2 maintenance_off: step 0 -> 1, loaded maintenance_mode_2024-01-01_00-00-01
    2  1s  advance node 2 maintenance_off
       node 2 maintenance_off: step 1 -> 2, maintenance was active 1 times
    3  1s  complete node 2 maintenance_off
       node 2: snapshot maintenance_mode_2024-01-01_00-00-01 deleted
       node 2 maintenance_off: running -> completed, progress 0% -> 100%
    4  1s  POST /v1/nodes/2/actions/maintenance_off {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000004"}
       node 2 maintenance_off: completed -> queued (task 4)
    5  1s  start node 2 maintenance_off
       node 2 maintenance_off: queued -> starting
    6  1s  run node 2 maintenance_off
       node 2 maintenance_off: starting -> running
    7  1s  advance node 2 maintenance_off
       node 2 maintenance_off: step 0 -> 1, loaded maintenance_mode_2024-01-01_00-00-00
    8  1s  advance node 2 maintenance_off
       node 2: maintenance mark cleared
       node 2 maintenance_off: step 1 -> 2, maintenance was active 1 times
    "#);
}

#[test]
fn r_mon_already_a_node_in_maintenance_may_be_activated_again() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        complete node 2 maintenance_on
        ---
        POST /v1/nodes/2/actions/maintenance_on {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/2/actions/maintenance_on {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2 maintenance_on: completed -> queued (task 2)
    "#);
}
