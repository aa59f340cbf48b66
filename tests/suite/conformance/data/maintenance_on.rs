//! `maintenance_on` and what the node holds (section MON); what is spared is in `eviction`, the lack of room in
//! `maintenance_on_space`.

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn mon_1_mon_6_mon_7_mon_19_the_node_is_recorded_marked_and_emptied() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        move_shard node 2 maintenance_on 2 2 3
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 3
        advance node 2 maintenance_on
        complete node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 3
        move_shard node 2 maintenance_on 3 2 3
        complete node 2 maintenance_on
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
     1  0s  move_shard node 2 maintenance_on 2 2 3
        not enabled: steps
     2  0s  advance node 2 maintenance_on
        node 2: snapshot maintenance_mode_2024-01-01_00-00-00 made: masters 3; replicas 2; endpoints of 1
        node 2 maintenance_on: step 0 -> 1
     3  0s  move_shard node 2 maintenance_on 2 2 3
        not enabled: steps
     4  0s  advance node 2 maintenance_on
        node 2: maintenance mark set
        node 2 maintenance_on: step 1 -> 2
     5  0s  complete node 2 maintenance_on
        not enabled: unfinished
     6  0s  move_shard node 2 maintenance_on 2 2 3
        node 2 maintenance_on: moved shard 2 from node 2 to 3
        shard 2 (database 1, part 1, replica): node 2 -> 3
     7  0s  move_shard node 2 maintenance_on 3 2 3
        node 2 maintenance_on: moved shard 3 from node 2 to 3
        shard 3 (database 1, part 2, master): node 2 -> 3
     8  0s  complete node 2 maintenance_on
        not enabled: unfinished
     9  0s  move_endpoint node 2 maintenance_on 1 2 3
        endpoint of database 1: node 2 -> 3
    10  0s  complete node 2 maintenance_on
        node 2 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn mon_5_nothing_moves_by_itself_to_a_node_in_maintenance() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        migrate 5 1 2
        advance node 2 maintenance_on
        migrate 6 3 2
        move_shard node 2 maintenance_on 5 2 3
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  migrate 5 1 2
       shard 5 (database 2, part 1, master): node 1 -> 2
    2  0s  advance node 2 maintenance_on
       node 2: maintenance mark set
       node 2 maintenance_on: step 1 -> 2
    3  0s  migrate 6 3 2
       not enabled: misplaced
    4  0s  move_shard node 2 maintenance_on 5 2 3
       node 2 maintenance_on: moved shard 5 from node 2 to 3
       shard 5 (database 2, part 1, master): node 2 -> 3
    ");
}

#[test]
fn mon_5_nor_does_what_leaves_another_node() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        POST /v1/nodes/3/actions/maintenance_on {}
        start node 3 maintenance_on
        run node 3 maintenance_on
        advance node 3 maintenance_on
        advance node 3 maintenance_on
        ---
        move_shard node 3 maintenance_on 6 3 2
        move_endpoint node 3 maintenance_on 2 3 2
        move_shard node 3 maintenance_on 6 3 1
        move_endpoint node 3 maintenance_on 2 3 1
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 3 maintenance_on 6 3 2
       not enabled: no_duty
    2  0s  move_endpoint node 3 maintenance_on 2 3 2
       not enabled: no_duty
    3  0s  move_shard node 3 maintenance_on 6 3 1
       node 3 maintenance_on: moved shard 6 from node 3 to 1
       shard 6 (database 2, part 2, master): node 3 -> 1
    4  0s  move_endpoint node 3 maintenance_on 2 3 1
       endpoint of database 2: node 3 -> 1
    ");
}

#[test]
fn mon_5_it_holds_after_the_run_too() {
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
        ---
        migrate 5 1 2
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  migrate 5 1 2
       not enabled: misplaced
    ");
}

#[test]
fn mon_8_the_primary_is_emptied_and_keeps_its_role() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        ---
        move_shard node 1 maintenance_on 1 1 3
        move_shard node 1 maintenance_on 4 1 3
        move_shard node 1 maintenance_on 5 1 2
        complete node 1 maintenance_on
        elect 2
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 1 maintenance_on 1 1 3
       node 1 maintenance_on: moved shard 1 from node 1 to 3
       shard 1 (database 1, part 1, master): node 1 -> 3
    2  0s  move_shard node 1 maintenance_on 4 1 3
       node 1 maintenance_on: moved shard 4 from node 1 to 3
       shard 4 (database 1, part 2, replica): node 1 -> 3
    3  0s  move_shard node 1 maintenance_on 5 1 2
       node 1 maintenance_on: moved shard 5 from node 1 to 2
       shard 5 (database 2, part 1, master): node 1 -> 2
    4  0s  complete node 1 maintenance_on
       node 1 maintenance_on: running -> completed, progress 0% -> 100%
    5  0s  elect 2
       not enabled: no_change
    ");
}

#[test]
fn mon_9_with_the_option_of_the_command_line_the_primary_hands_over() {
    let transcript = check(
        r#"
        rules R-POST-RLADMIN-PARAMS=SCHEMA21
        topology small
        POST /v1/nodes/1/actions/maintenance_on {"demote_node":true}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        ---
        advance node 1 maintenance_on
        move_shard node 1 maintenance_on 5 1 2
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 1 maintenance_on
       node 1: maintenance mark set
       node 1 maintenance_on: step 1 -> 2
       primary 1 -> 2
    2  0s  move_shard node 1 maintenance_on 5 1 2
       node 1 maintenance_on: moved shard 5 from node 1 to 2
       shard 5 (database 2, part 1, master): node 1 -> 2
    ");
}

#[test]
fn mon_18_replicas_that_stay_can_still_be_promoted() {
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
        ---
        take_over 3 1 2
        node_down 1
        take_over 3 1 2
        take_over 2 1 2
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  take_over 3 1 2
       not enabled: misplaced
    2  0s  node_down 1
       node 1: down
    3  0s  take_over 3 1 2
       shard 3: replica -> master
       shard 4: master -> replica
    4  0s  take_over 2 1 2
       shard 1: master -> replica
       shard 2: replica -> master
    ");
}

#[test]
fn mon_18_if_the_node_fails_their_masters_have_nobody_to_take_over() {
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
        ---
        node_down 2
        node_down 1
        take_over 3 1 2
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  node_down 2
       node 2: down
    2  0s  node_down 1
       node 1: down
    3  0s  take_over 3 1 2
       not enabled: misplaced
    ");
}

#[test]
fn mon_23_a_change_of_the_primary_does_not_end_the_run() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        POST /v1/cluster/actions/change_master {"node_uid":"3"}
        start cluster change_master
        run cluster change_master
        ---
        complete cluster change_master
        move_shard node 2 maintenance_on 2 2 3
        GET /v1/nodes/2/actions/maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  complete cluster change_master
       cluster change_master: running -> completed, progress 0% -> 100%
       primary 1 -> 3
    2  0s  move_shard node 2 maintenance_on 2 2 3
       node 2 maintenance_on: moved shard 2 from node 2 to 3
       shard 2 (database 1, part 1, replica): node 2 -> 3
    3  0s  GET /v1/nodes/2/actions/maintenance_on
       200 {"name":"maintenance_on","node_uid":"2","status":"running","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn mon_23_r_chm_tasks_not_even_where_it_aborts_other_tasks() {
    let transcript = check(
        r#"
        edition E-80
        rules R-CHM-TASKS=ABORT
        topology typical
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        POST /v1/nodes/3/actions/remove {}
        start node 3 remove
        run node 3 remove
        POST /v1/cluster/actions/change_master {"node_uid":"4"}
        start cluster change_master
        run cluster change_master
        ---
        complete cluster change_master
        move_shard node 2 maintenance_on 2 2 5
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete cluster change_master
       node 3 remove: running -> aborted
       cluster change_master: running -> completed, progress 0% -> 100%
       primary 1 -> 4
    2  0s  move_shard node 2 maintenance_on 2 2 5
       node 2 maintenance_on: moved shard 2 from node 2 to 5
       shard 2 (database 1, part 1, replica): node 2 -> 5
    ");
}
