//! What a snapshot says of a node (section SNAP).

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn snap_7_it_says_which_shards_in_which_roles_and_which_endpoints_are_there() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        advance node 2 maintenance_on
        create_snapshot 3 "mine"
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  advance node 2 maintenance_on
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 made: masters 3; replicas 2; endpoints of 1
       node 2 maintenance_on: step 0 -> 1
    2  0s  create_snapshot 3 "mine"
       node 3: snapshot mine made: masters 6, 7; endpoints of 2
    "#);
}

#[test]
fn snap_7_r_moff_restore_gone_it_holds_no_data() {
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
        delete_database 1
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        ---
        move_shard node 2 maintenance_off 3 3 2
        move_endpoint node 2 maintenance_off 1 3 2
        complete node 2 maintenance_off
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 maintenance_off 3 3 2
       not enabled: no_duty
    2  0s  move_endpoint node 2 maintenance_off 1 3 2
       not enabled: no_duty
    3  0s  complete node 2 maintenance_off
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 2 maintenance_off: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn snap_8_snap_9_a_second_attempt_keeps_the_snapshot_of_the_first() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 3
        fail node 2 maintenance_on internal_error
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 3 2 3
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 2 maintenance_on
       node 2 maintenance_on: step 0 -> 1
    2  0s  advance node 2 maintenance_on
       node 2 maintenance_on: step 1 -> 2, maintenance was active 1 times
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
fn snap_9_because_it_holds_the_state_before_the_first() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 3
        fail node 2 maintenance_on internal_error
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 3 2 3
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        ---
        move_shard node 2 maintenance_off 2 3 2
        move_shard node 2 maintenance_off 3 3 2
        complete node 2 maintenance_off
        move_endpoint node 2 maintenance_off 1 3 2
        complete node 2 maintenance_off
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 maintenance_off 2 3 2
       node 2 maintenance_off: moved shard 2 from node 3 to 2
       shard 2 (database 1, part 1, replica): node 3 -> 2
    2  0s  move_shard node 2 maintenance_off 3 3 2
       node 2 maintenance_off: moved shard 3 from node 3 to 2
       shard 3 (database 1, part 2, master): node 3 -> 2
    3  0s  complete node 2 maintenance_off
       not enabled: unfinished
    4  0s  move_endpoint node 2 maintenance_off 1 3 2
       endpoint of database 1: node 3 -> 2
    5  0s  complete node 2 maintenance_off
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 2 maintenance_off: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn snap_9_snap_4_overwritten_it_holds_what_the_first_left() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 3
        fail node 2 maintenance_on internal_error
        at 1s POST /v1/nodes/2/actions/maintenance_on {"overwrite_snapshot":true}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        advance node 2 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  1s  advance node 2 maintenance_on
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 2: snapshot maintenance_mode_2024-01-01_00-00-01 made: masters 3; endpoints of 1
       node 2 maintenance_on: step 0 -> 1
    ");
}
