//! `maintenance_off` that cannot bring everything back (section MOFF).

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn moff_8_without_a_snapshot_maintenance_persists() {
    let transcript = check(
        r#"
        rules R-STACK=COUNTER
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
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        complete node 2 maintenance_on
        POST /v1/nodes/2/actions/maintenance_off {"skip_shards_restore":true}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        complete node 2 maintenance_off
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        ---
        advance node 2 maintenance_off
        move_shard node 2 maintenance_off 2 3 2
        fail node 2 maintenance_off internal_error
        migrate 5 1 2
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 2 maintenance_off
       not enabled: blocked(no_snapshot)
    2  0s  move_shard node 2 maintenance_off 2 3 2
       not enabled: steps
    3  0s  fail node 2 maintenance_off internal_error
       node 2 maintenance_off: running -> failed, error internal_error
    4  0s  migrate 5 1 2
       not enabled: misplaced
    ");
}

#[test]
fn moff_8_obj_8_r_moff_fail_state_without_room_it_fails_and_maintenance_persists() {
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
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        migrate 5 1 2
        migrate 6 3 2
        migrate 7 3 2
        ---
        move_shard node 2 maintenance_off 2 3 2
        complete node 2 maintenance_off
        fail node 2 maintenance_off insufficient_resources
        migrate 5 2 3
        migrate 5 3 2
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 maintenance_off 2 3 2
       node 2 maintenance_off: moved shard 2 from node 3 to 2
       shard 2 (database 1, part 1, replica): node 3 -> 2
    2  0s  complete node 2 maintenance_off
       not enabled: blocked(no_way)
    3  0s  fail node 2 maintenance_off insufficient_resources
       node 2: maintenance mark set
       node 2 maintenance_off: running -> failed, error insufficient_resources
    4  0s  migrate 5 2 3
       shard 5 (database 2, part 1, master): node 2 -> 3
    5  0s  migrate 5 3 2
       not enabled: misplaced
    ");
}

#[test]
fn moff_8_when_there_is_room_again_it_can_be_repeated() {
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
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        migrate 5 1 2
        migrate 6 3 2
        migrate 7 3 2
        move_shard node 2 maintenance_off 2 3 2
        fail node 2 maintenance_off insufficient_resources
        migrate 5 2 3
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        ---
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        move_shard node 2 maintenance_off 3 3 2
        move_endpoint node 2 maintenance_off 1 3 2
        complete node 2 maintenance_off
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 2 maintenance_off
       node 2 maintenance_off: step 0 -> 1, loaded maintenance_mode_2024-01-01_00-00-00
    2  0s  advance node 2 maintenance_off
       node 2: maintenance mark cleared
       node 2 maintenance_off: step 1 -> 2, maintenance was active 1 times
    3  0s  move_shard node 2 maintenance_off 3 3 2
       node 2 maintenance_off: moved shard 3 from node 3 to 2
       shard 3 (database 1, part 2, master): node 3 -> 2
    4  0s  move_endpoint node 2 maintenance_off 1 3 2
       endpoint of database 1: node 3 -> 2
    5  0s  complete node 2 maintenance_off
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 2 maintenance_off: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn moff_8_a_restore_that_is_possible_does_not_fail_for_lack_of_room() {
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
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        ---
        fail node 2 maintenance_off insufficient_resources
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail node 2 maintenance_off insufficient_resources
       not enabled: not_in_rules
    ");
}

#[test]
fn moff_8_snap_16_r_moff_restore_gone_it_may_fail_for_what_is_gone() {
    let transcript = check(
        "
        rules R-MOFF-RESTORE-GONE=FAILED
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
        ---
        fail node 2 maintenance_off internal_error
        migrate 5 1 2
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail node 2 maintenance_off internal_error
       node 2 maintenance_off: running -> failed, error internal_error
    2  0s  migrate 5 1 2
       not enabled: misplaced
    ");
}
