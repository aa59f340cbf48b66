//! What leaves at `maintenance_on`, and what stays: the members of the body (section MON).

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn mon_10_mon_25_replicas_stay_and_masters_are_failed_over() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/2/actions/maintenance_on {"evict_ha_replica":false,"evict_active_active_replica":false}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        move_shard node 2 maintenance_on 2 2 3
        move_shard node 2 maintenance_on 3 2 3
        fail_over node 2 maintenance_on 4 2 1
        complete node 2 maintenance_on
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 maintenance_on 2 2 3
       not enabled: no_duty
    2  0s  move_shard node 2 maintenance_on 3 2 3
       not enabled: no_duty
    3  0s  fail_over node 2 maintenance_on 4 2 1
       shard 3: master -> replica
       shard 4: replica -> master
    4  0s  complete node 2 maintenance_on
       not enabled: unfinished
    5  0s  move_endpoint node 2 maintenance_on 1 2 3
       endpoint of database 1: node 2 -> 3
    6  0s  complete node 2 maintenance_on
       node 2 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn mon_10_it_needs_no_room_elsewhere() {
    let transcript = check(
        r#"
        topology tight
        POST /v1/nodes/2/actions/maintenance_on {"evict_ha_replica":false,"evict_active_active_replica":false}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        fail_over node 2 maintenance_on 4 2 1
        move_endpoint node 2 maintenance_on 3 2 1
        complete node 2 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  fail_over node 2 maintenance_on 4 2 1
       shard 3: master -> replica
       shard 4: replica -> master
    2  0s  move_endpoint node 2 maintenance_on 3 2 1
       endpoint of database 3: node 2 -> 1
    3  0s  complete node 2 maintenance_on
       node 2 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn mon_10_r_evict_masters_a_master_without_a_replica_is_moved() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/3/actions/maintenance_on {"evict_ha_replica":false,"evict_active_active_replica":false}
        start node 3 maintenance_on
        run node 3 maintenance_on
        advance node 3 maintenance_on
        advance node 3 maintenance_on
        ---
        complete node 3 maintenance_on
        move_shard node 3 maintenance_on 6 3 2
        move_shard node 3 maintenance_on 7 3 1
        move_endpoint node 3 maintenance_on 2 3 2
        complete node 3 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 3 maintenance_on
       not enabled: unfinished
    2  0s  move_shard node 3 maintenance_on 6 3 2
       node 3 maintenance_on: moved shard 6 from node 3 to 2
       shard 6 (database 2, part 2, master): node 3 -> 2
    3  0s  move_shard node 3 maintenance_on 7 3 1
       node 3 maintenance_on: moved shard 7 from node 3 to 1
       shard 7 (database 2, part 3, master): node 3 -> 1
    4  0s  move_endpoint node 3 maintenance_on 2 3 2
       endpoint of database 2: node 3 -> 2
    5  0s  complete node 3 maintenance_on
       node 3 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn mon_10_r_evict_masters_or_it_stays() {
    let transcript = check(
        r#"
        rules R-EVICT-MASTERS=FAILOVER-ELSE-STAY
        topology small
        POST /v1/nodes/3/actions/maintenance_on {"evict_ha_replica":false,"evict_active_active_replica":false}
        start node 3 maintenance_on
        run node 3 maintenance_on
        advance node 3 maintenance_on
        advance node 3 maintenance_on
        ---
        move_shard node 3 maintenance_on 6 3 2
        move_endpoint node 3 maintenance_on 2 3 2
        complete node 3 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 3 maintenance_on 6 3 2
       not enabled: no_duty
    2  0s  move_endpoint node 3 maintenance_on 2 3 2
       endpoint of database 2: node 3 -> 2
    3  0s  complete node 3 maintenance_on
       node 3 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn mon_10_r_evict_masters_or_the_run_fails() {
    let transcript = check(
        r#"
        rules R-EVICT-MASTERS=FAILOVER-ELSE-FAIL
        topology small
        POST /v1/nodes/3/actions/maintenance_on {"evict_ha_replica":false,"evict_active_active_replica":false}
        start node 3 maintenance_on
        run node 3 maintenance_on
        advance node 3 maintenance_on
        advance node 3 maintenance_on
        ---
        complete node 3 maintenance_on
        fail node 3 maintenance_on insufficient_resources
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 3 maintenance_on
       not enabled: blocked(no_space)
    2  0s  fail node 3 maintenance_on insufficient_resources
       node 3 maintenance_on: running -> failed, error insufficient_resources
    ");
}

#[test]
fn mon_10_r_evict_one_flag_each_member_is_for_its_own_kind() {
    let transcript = check(
        r#"
        topology typical
        POST /v1/nodes/2/actions/maintenance_on {"evict_active_active_replica":false}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        move_shard node 2 maintenance_on 7 2 1
        fail_over node 2 maintenance_on 8 2 4
        fail_over node 2 maintenance_on 4 2 3
        move_shard node 2 maintenance_on 2 2 3
        move_shard node 2 maintenance_on 3 2 1
        move_endpoint node 2 maintenance_on 3 2 4
        move_endpoint node 2 maintenance_on 4 2 1
        complete node 2 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 maintenance_on 7 2 1
       not enabled: no_duty
    2  0s  fail_over node 2 maintenance_on 8 2 4
       shard 7: master -> replica
       shard 8: replica -> master
    3  0s  fail_over node 2 maintenance_on 4 2 3
       not enabled: no_duty
    4  0s  move_shard node 2 maintenance_on 2 2 3
       node 2 maintenance_on: moved shard 2 from node 2 to 3
       shard 2 (database 1, part 1, replica): node 2 -> 3
    5  0s  move_shard node 2 maintenance_on 3 2 1
       node 2 maintenance_on: moved shard 3 from node 2 to 1
       shard 3 (database 1, part 2, master): node 2 -> 1
    6  0s  move_endpoint node 2 maintenance_on 3 2 4
       endpoint of database 3: gone from node 2
    7  0s  move_endpoint node 2 maintenance_on 4 2 1
       endpoint of database 4: gone from node 2
    8  0s  complete node 2 maintenance_on
       node 2 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn mon_10_r_evict_one_flag_or_one_alone_has_no_effect() {
    let transcript = check(
        r#"
        rules R-EVICT-ONE-FLAG=PAIR-ONLY
        topology typical
        POST /v1/nodes/2/actions/maintenance_on {"evict_active_active_replica":false}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        fail_over node 2 maintenance_on 8 2 4
        move_shard node 2 maintenance_on 7 2 1
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  fail_over node 2 maintenance_on 8 2 4
       not enabled: no_duty
    2  0s  move_shard node 2 maintenance_on 7 2 1
       node 2 maintenance_on: moved shard 7 from node 2 to 1
       shard 7 (database 3, part 1, master): node 2 -> 1
    ");
}

#[test]
fn mon_11_the_deprecated_member_keeps_replicas_too() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/2/actions/maintenance_on {"keep_slave_shards":true}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        move_shard node 2 maintenance_on 2 2 3
        fail_over node 2 maintenance_on 4 2 1
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 maintenance_on 2 2 3
       not enabled: no_duty
    2  0s  fail_over node 2 maintenance_on 4 2 1
       shard 3: master -> replica
       shard 4: replica -> master
    3  0s  move_endpoint node 2 maintenance_on 1 2 3
       endpoint of database 1: node 2 -> 3
    4  0s  complete node 2 maintenance_on
       node 2 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn mon_11_r_keep_slave_the_members_that_replace_it_win() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/2/actions/maintenance_on {"keep_slave_shards":true,"evict_ha_replica":true,"evict_active_active_replica":true}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        fail_over node 2 maintenance_on 4 2 1
        move_shard node 2 maintenance_on 2 2 3
        move_shard node 2 maintenance_on 3 2 3
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  fail_over node 2 maintenance_on 4 2 1
       not enabled: no_duty
    2  0s  move_shard node 2 maintenance_on 2 2 3
       node 2 maintenance_on: moved shard 2 from node 2 to 3
       shard 2 (database 1, part 1, replica): node 2 -> 3
    3  0s  move_shard node 2 maintenance_on 3 2 3
       node 2 maintenance_on: moved shard 3 from node 2 to 3
       shard 3 (database 1, part 2, master): node 2 -> 3
    ");
}

#[test]
fn mon_12_both_members_true_let_everything_leave() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/2/actions/maintenance_on {"overwrite_snapshot":true,"evict_ha_replica":true,"evict_active_active_replica":true}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        fail_over node 2 maintenance_on 4 2 1
        move_shard node 2 maintenance_on 2 2 3
        move_shard node 2 maintenance_on 3 2 3
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  fail_over node 2 maintenance_on 4 2 1
       not enabled: no_duty
    2  0s  move_shard node 2 maintenance_on 2 2 3
       node 2 maintenance_on: moved shard 2 from node 2 to 3
       shard 2 (database 1, part 1, replica): node 2 -> 3
    3  0s  move_shard node 2 maintenance_on 3 2 3
       node 2 maintenance_on: moved shard 3 from node 2 to 3
       shard 3 (database 1, part 2, master): node 2 -> 3
    4  0s  move_endpoint node 2 maintenance_on 1 2 3
       endpoint of database 1: node 2 -> 3
    5  0s  complete node 2 maintenance_on
       node 2 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn mon_12_r_evict_defaults_so_does_a_body_without_them() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        fail_over node 2 maintenance_on 4 2 1
        move_shard node 2 maintenance_on 2 2 3
        move_shard node 2 maintenance_on 3 2 3
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail_over node 2 maintenance_on 4 2 1
       not enabled: no_duty
    2  0s  move_shard node 2 maintenance_on 2 2 3
       node 2 maintenance_on: moved shard 2 from node 2 to 3
       shard 2 (database 1, part 1, replica): node 2 -> 3
    3  0s  move_shard node 2 maintenance_on 3 2 3
       node 2 maintenance_on: moved shard 3 from node 2 to 3
       shard 3 (database 1, part 2, master): node 2 -> 3
    4  0s  move_endpoint node 2 maintenance_on 1 2 3
       endpoint of database 1: node 2 -> 3
    5  0s  complete node 2 maintenance_on
       node 2 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}
