//! Whether enough nodes remain for `maintenance_on` (section MON).

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn mon_2_mon_7_without_quorum_there_is_no_snapshot_no_mark_and_no_move() {
    let transcript = check(
        "
        topology small
        node_down 3
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 1
        complete node 2 maintenance_on
        fail node 2 maintenance_on internal_error
        GET /v1/nodes/2/actions/maintenance_on
        migrate 5 1 2
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  advance node 2 maintenance_on
       not enabled: blocked(no_quorum)
    2  0s  move_shard node 2 maintenance_on 2 2 1
       not enabled: steps
    3  0s  complete node 2 maintenance_on
       not enabled: blocked(no_quorum)
    4  0s  fail node 2 maintenance_on internal_error
       node 2 maintenance_on: running -> failed, error internal_error
    5  0s  GET /v1/nodes/2/actions/maintenance_on
       200 {"name":"maintenance_on","node_uid":"2","status":"failed","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001","error_code":"internal_error","error_message":"the action failed for an internal reason"}
    6  0s  migrate 5 1 2
       shard 5 (database 2, part 1, master): node 1 -> 2
    "#);
}

#[test]
fn mon_2_with_quorum_it_begins() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        advance node 2 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 2 maintenance_on
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 made: masters 3; replicas 2; endpoints of 1
       node 2 maintenance_on: step 0 -> 1
    ");
}

#[test]
fn mon_2_of_five_nodes_one_other_may_be_down() {
    let transcript = check(
        "
        topology typical
        node_down 5
        POST /v1/nodes/3/actions/maintenance_on {}
        start node 3 maintenance_on
        run node 3 maintenance_on
        ---
        advance node 3 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 3 maintenance_on
       node 3: snapshot maintenance_mode_2024-01-01_00-00-00 made: masters 5; replicas 4, 10; endpoints of 2, 4
       node 3 maintenance_on: step 0 -> 1
    ");
}

#[test]
fn mon_2_of_five_nodes_two_others_may_not() {
    let transcript = check(
        "
        topology typical
        node_down 4
        node_down 5
        POST /v1/nodes/3/actions/maintenance_on {}
        start node 3 maintenance_on
        run node 3 maintenance_on
        ---
        advance node 3 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 3 maintenance_on
       not enabled: blocked(no_quorum)
    ");
}

#[test]
fn mon_2_r_quorum_formula_half_of_the_nodes_may_suffice() {
    let transcript = check(
        "
        rules R-QUORUM-FORMULA=HALF
        topology tight
        node_down 3
        POST /v1/nodes/4/actions/maintenance_on {}
        start node 4 maintenance_on
        run node 4 maintenance_on
        ---
        advance node 4 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 4 maintenance_on
       node 4: snapshot maintenance_mode_2024-01-01_00-00-00 made: masters 8
       node 4 maintenance_on: step 0 -> 1
    ");
}

#[test]
fn mon_2_half_of_the_nodes_is_no_majority() {
    let transcript = check(
        "
        topology tight
        node_down 3
        POST /v1/nodes/4/actions/maintenance_on {}
        start node 4 maintenance_on
        run node 4 maintenance_on
        ---
        advance node 4 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 4 maintenance_on
       not enabled: blocked(no_quorum)
    ");
}

#[test]
fn mon_2_mon_7_the_quorum_is_checked_before_anything_else_and_not_again() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        node_down 3
        ---
        advance node 2 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 2 maintenance_on
       node 2: maintenance mark set
       node 2 maintenance_on: step 1 -> 2
    ");
}

#[test]
fn mon_2_r_quorum_small_a_cluster_of_two_nodes_is_refused() {
    let transcript = check(
        "
        nodes 2
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        advance node 2 maintenance_on
        fail node 2 maintenance_on internal_error
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 2 maintenance_on
       not enabled: blocked(no_quorum)
    2  0s  fail node 2 maintenance_on internal_error
       node 2 maintenance_on: running -> failed, error internal_error
    ");
}

#[test]
fn mon_2_r_quorum_small_or_exempt() {
    let transcript = check(
        "
        rules R-QUORUM-SMALL=EXEMPT
        nodes 2
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        advance node 2 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 2 maintenance_on
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 made
       node 2 maintenance_on: step 0 -> 1
    ");
}

#[test]
fn mon_2_r_quorum_when_the_refusal_may_be_the_answer_of_the_post() {
    let transcript = check(
        "
        rules R-QUORUM-WHEN=SYNC
        topology small
        node_down 3
        ---
        POST /v1/nodes/2/actions/maintenance_on {}
        GET /v1/nodes/2/actions/maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  POST /v1/nodes/2/actions/maintenance_on {}
       400 precondition_failed: the action cannot succeed as the cluster stands
    2  0s  GET /v1/nodes/2/actions/maintenance_on
       404 action_not_running: the action is not running and has no status of a last run
    ");
}

#[test]
fn mon_2_r_quorum_when_or_an_abortion() {
    let transcript = check(
        "
        rules R-QUORUM-WHEN=ASYNC-ABORTED
        topology small
        node_down 3
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        fail node 2 maintenance_on internal_error
        abort node 2 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail node 2 maintenance_on internal_error
       not enabled: blocked(no_quorum)
    2  0s  abort node 2 maintenance_on
       node 2 maintenance_on: running -> aborted
    ");
}

#[test]
fn mon_3_most_nodes_can_be_put_into_maintenance_one_after_another() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/1/actions/maintenance_on {"evict_ha_replica":false,"evict_active_active_replica":false}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        fail_over node 1 maintenance_on 2 1 2
        move_shard node 1 maintenance_on 5 1 3
        complete node 1 maintenance_on
        POST /v1/nodes/2/actions/maintenance_on {"evict_ha_replica":false,"evict_active_active_replica":false}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        fail_over node 2 maintenance_on 1 2 1
        fail_over node 2 maintenance_on 4 2 1
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 2 maintenance_on
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 made: masters 2, 3; endpoints of 1
       node 2 maintenance_on: step 0 -> 1
    2  0s  advance node 2 maintenance_on
       node 2: maintenance mark set
       node 2 maintenance_on: step 1 -> 2
    3  0s  fail_over node 2 maintenance_on 1 2 1
       shard 1: replica -> master
       shard 2: master -> replica
    4  0s  fail_over node 2 maintenance_on 4 2 1
       shard 3: master -> replica
       shard 4: replica -> master
    5  0s  move_endpoint node 2 maintenance_on 1 2 3
       endpoint of database 1: node 2 -> 3
    6  0s  complete node 2 maintenance_on
       node 2 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}
