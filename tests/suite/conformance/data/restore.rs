//! What `maintenance_off` restores: placement and roles (sections SNAP and MOFF).

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn moff_1_snap_16_what_was_demoted_is_promoted_again() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/2/actions/maintenance_on {"evict_ha_replica":false,"evict_active_active_replica":false}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        fail_over node 2 maintenance_on 4 2 1
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        ---
        complete node 2 maintenance_off
        fail_over node 2 maintenance_off 3 1 2
        move_endpoint node 2 maintenance_off 1 3 2
        complete node 2 maintenance_off
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 2 maintenance_off
       not enabled: unfinished
    2  0s  fail_over node 2 maintenance_off 3 1 2
       shard 3: replica -> master
       shard 4: master -> replica
    3  0s  move_endpoint node 2 maintenance_off 1 3 2
       endpoint of database 1: node 3 -> 2
    4  0s  complete node 2 maintenance_off
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 2 maintenance_off: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn moff_1_r_moff_roles_or_the_roles_stay() {
    let transcript = check(
        r#"
        rules R-MOFF-ROLES=KEPT
        topology small
        POST /v1/nodes/2/actions/maintenance_on {"evict_ha_replica":false,"evict_active_active_replica":false}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        fail_over node 2 maintenance_on 4 2 1
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        ---
        fail_over node 2 maintenance_off 3 1 2
        move_endpoint node 2 maintenance_off 1 3 2
        complete node 2 maintenance_off
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  fail_over node 2 maintenance_off 3 1 2
       not enabled: no_duty
    2  0s  move_endpoint node 2 maintenance_off 1 3 2
       endpoint of database 1: node 3 -> 2
    3  0s  complete node 2 maintenance_off
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 2 maintenance_off: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn snap_16_a_shard_that_lost_its_role_elsewhere_gets_it_back() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 3
        move_shard node 2 maintenance_on 3 2 3
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        node_down 1
        take_over 2 1 3
        node_up 1
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        ---
        move_shard node 2 maintenance_off 2 3 2
        move_shard node 2 maintenance_off 3 3 2
        move_endpoint node 2 maintenance_off 1 3 2
        complete node 2 maintenance_off
        fail_over node 2 maintenance_off 1 2 1
        complete node 2 maintenance_off
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 maintenance_off 2 3 2
       node 2 maintenance_off: moved shard 2 from node 3 to 2
       shard 2 (database 1, part 1, master): node 3 -> 2
    2  0s  move_shard node 2 maintenance_off 3 3 2
       node 2 maintenance_off: moved shard 3 from node 3 to 2
       shard 3 (database 1, part 2, master): node 3 -> 2
    3  0s  move_endpoint node 2 maintenance_off 1 3 2
       endpoint of database 1: node 3 -> 2
    4  0s  complete node 2 maintenance_off
       not enabled: unfinished
    5  0s  fail_over node 2 maintenance_off 1 2 1
       shard 1: replica -> master
       shard 2: master -> replica
    6  0s  complete node 2 maintenance_off
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 2 maintenance_off: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn snap_16_a_shard_comes_back_from_wherever_it_is_by_now() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/3/actions/maintenance_on {}
        start node 3 maintenance_on
        run node 3 maintenance_on
        advance node 3 maintenance_on
        advance node 3 maintenance_on
        move_shard node 3 maintenance_on 6 3 2
        move_shard node 3 maintenance_on 7 3 2
        move_endpoint node 3 maintenance_on 2 3 1
        complete node 3 maintenance_on
        migrate 6 2 1
        POST /v1/nodes/3/actions/maintenance_off {}
        start node 3 maintenance_off
        run node 3 maintenance_off
        advance node 3 maintenance_off
        advance node 3 maintenance_off
        ---
        move_shard node 3 maintenance_off 6 2 3
        move_shard node 3 maintenance_off 6 1 3
        move_shard node 3 maintenance_off 7 2 3
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 3 maintenance_off 6 2 3
       not enabled: no_duty
    2  0s  move_shard node 3 maintenance_off 6 1 3
       node 3 maintenance_off: moved shard 6 from node 1 to 3
       shard 6 (database 2, part 2, master): node 1 -> 3
    3  0s  move_shard node 3 maintenance_off 7 2 3
       node 3 maintenance_off: moved shard 7 from node 2 to 3
       shard 7 (database 2, part 3, master): node 2 -> 3
    ");
}

#[test]
fn moff_1_r_moff_restore_new_what_came_since_stays() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        migrate 5 1 2
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 3
        move_shard node 2 maintenance_on 3 2 3
        move_shard node 2 maintenance_on 5 2 1
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        migrate 5 1 2
        move_shard node 2 maintenance_off 2 3 2
        move_shard node 2 maintenance_off 3 3 2
        move_endpoint node 2 maintenance_off 1 3 2
        ---
        move_shard node 2 maintenance_off 5 2 1
        complete node 2 maintenance_off
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 maintenance_off 5 2 1
       not enabled: no_duty
    2  0s  complete node 2 maintenance_off
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 2 maintenance_off: running -> completed, progress 0% -> 100%
    ");
}
