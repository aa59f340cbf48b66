//! `maintenance_off` and what it brings back (section MOFF).

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn moff_1_snap_16_shards_and_endpoints_come_back() {
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
        ---
        advance node 2 maintenance_off
        move_shard node 2 maintenance_off 2 3 2
        advance node 2 maintenance_off
        move_shard node 2 maintenance_off 2 3 2
        move_shard node 2 maintenance_off 3 3 2
        complete node 2 maintenance_off
        move_endpoint node 2 maintenance_off 1 3 2
        complete node 2 maintenance_off
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 2 maintenance_off
       node 2 maintenance_off: step 0 -> 1, loaded maintenance_mode_2024-01-01_00-00-00
    2  0s  move_shard node 2 maintenance_off 2 3 2
       not enabled: steps
    3  0s  advance node 2 maintenance_off
       node 2: maintenance mark cleared
       node 2 maintenance_off: step 1 -> 2, maintenance was active 1 times
    4  0s  move_shard node 2 maintenance_off 2 3 2
       node 2 maintenance_off: moved shard 2 from node 3 to 2
       shard 2 (database 1, part 1, replica): node 3 -> 2
    5  0s  move_shard node 2 maintenance_off 3 3 2
       node 2 maintenance_off: moved shard 3 from node 3 to 2
       shard 3 (database 1, part 2, master): node 3 -> 2
    6  0s  complete node 2 maintenance_off
       not enabled: unfinished
    7  0s  move_endpoint node 2 maintenance_off 1 3 2
       endpoint of database 1: node 3 -> 2
    8  0s  complete node 2 maintenance_off
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 2 maintenance_off: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn moff_1_the_node_takes_shards_again() {
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
        move_shard node 2 maintenance_off 2 3 2
        move_shard node 2 maintenance_off 3 3 2
        move_endpoint node 2 maintenance_off 1 3 2
        complete node 2 maintenance_off
        ---
        migrate 5 1 2
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  migrate 5 1 2
       shard 5 (database 2, part 1, master): node 1 -> 2
    ");
}

#[test]
fn moff_3_moff_4_a_name_selects_the_snapshot_of_a_user() {
    let transcript = check(
        r#"
        topology small
        create_snapshot 2 "early"
        migrate 5 1 2
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 3
        move_shard node 2 maintenance_on 3 2 3
        move_shard node 2 maintenance_on 5 2 1
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        POST /v1/nodes/2/actions/maintenance_off {"snapshot_name":"early"}
        start node 2 maintenance_off
        run node 2 maintenance_off
        ---
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        move_shard node 2 maintenance_off 5 1 2
        move_shard node 2 maintenance_off 2 3 2
        move_shard node 2 maintenance_off 3 3 2
        move_endpoint node 2 maintenance_off 1 3 2
        complete node 2 maintenance_off
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 2 maintenance_off
       node 2 maintenance_off: step 0 -> 1, loaded early
    2  0s  advance node 2 maintenance_off
       node 2: maintenance mark cleared
       node 2 maintenance_off: step 1 -> 2, maintenance was active 1 times
    3  0s  move_shard node 2 maintenance_off 5 1 2
       not enabled: no_duty
    4  0s  move_shard node 2 maintenance_off 2 3 2
       node 2 maintenance_off: moved shard 2 from node 3 to 2
       shard 2 (database 1, part 1, replica): node 3 -> 2
    5  0s  move_shard node 2 maintenance_off 3 3 2
       node 2 maintenance_off: moved shard 3 from node 3 to 2
       shard 3 (database 1, part 2, master): node 3 -> 2
    6  0s  move_endpoint node 2 maintenance_off 1 3 2
       endpoint of database 1: node 3 -> 2
    7  0s  complete node 2 maintenance_off
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 2 maintenance_off: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn moff_3_moff_4_or_that_of_the_maintenance() {
    let transcript = check(
        r#"
        topology small
        create_snapshot 2 "early"
        migrate 5 1 2
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 3
        move_shard node 2 maintenance_on 3 2 3
        move_shard node 2 maintenance_on 5 2 1
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        POST /v1/nodes/2/actions/maintenance_off {"snapshot_name":"maintenance_mode_2024-01-01_00-00-00"}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        ---
        move_shard node 2 maintenance_off 5 1 2
        move_shard node 2 maintenance_off 2 3 2
        move_shard node 2 maintenance_off 3 3 2
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 maintenance_off 5 1 2
       node 2 maintenance_off: moved shard 5 from node 1 to 2
       shard 5 (database 2, part 1, master): node 1 -> 2
    2  0s  move_shard node 2 maintenance_off 2 3 2
       node 2 maintenance_off: moved shard 2 from node 3 to 2
       shard 2 (database 1, part 1, replica): node 3 -> 2
    3  0s  move_shard node 2 maintenance_off 3 3 2
       node 2 maintenance_off: moved shard 3 from node 3 to 2
       shard 3 (database 1, part 2, master): node 3 -> 2
    ");
}

#[test]
fn moff_5_moff_6_skipping_leaves_shards_and_endpoints_where_they_are() {
    let transcript = check(
        r#"
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
        POST /v1/nodes/2/actions/maintenance_off {"skip_shards_restore":true}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        ---
        move_shard node 2 maintenance_off 2 3 2
        move_endpoint node 2 maintenance_off 1 3 2
        complete node 2 maintenance_off
        migrate 2 3 2
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 maintenance_off 2 3 2
       not enabled: no_duty
    2  0s  move_endpoint node 2 maintenance_off 1 3 2
       not enabled: no_duty
    3  0s  complete node 2 maintenance_off
       node 2: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
       node 2 maintenance_off: running -> completed, progress 0% -> 100%
    4  0s  migrate 2 3 2
       shard 2 (database 1, part 1, replica): node 3 -> 2
    ");
}

#[test]
fn moff_5_unless_it_is_true_they_come_back() {
    let transcript = check(
        r#"
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
        POST /v1/nodes/2/actions/maintenance_off {"skip_shards_restore":false}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        ---
        complete node 2 maintenance_off
        move_shard node 2 maintenance_off 2 3 2
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 2 maintenance_off
       not enabled: unfinished
    2  0s  move_shard node 2 maintenance_off 2 3 2
       node 2 maintenance_off: moved shard 2 from node 3 to 2
       shard 2 (database 1, part 1, replica): node 3 -> 2
    ");
}
