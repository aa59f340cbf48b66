//! `maintenance_on` where others have no room for what is to leave (section MON).

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn mon_15_mon_6_obj_8_without_room_for_all_it_fails() {
    let transcript = check(
        "
        topology tight
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        move_shard node 2 maintenance_on 2 2 3
        move_shard node 2 maintenance_on 6 2 4
        complete node 2 maintenance_on
        fail node 2 maintenance_on internal_error
        fail node 2 maintenance_on insufficient_resources
        GET /v1/nodes/2/actions/maintenance_on
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  move_shard node 2 maintenance_on 2 2 3
       node 2 maintenance_on: moved shard 2 from node 2 to 3
       shard 2 (database 1, part 1, replica): node 2 -> 3
    2  0s  move_shard node 2 maintenance_on 6 2 4
       node 2 maintenance_on: moved shard 6 from node 2 to 4
       shard 6 (database 2, part 1, replica): node 2 -> 4
    3  0s  complete node 2 maintenance_on
       not enabled: blocked(no_space)
    4  0s  fail node 2 maintenance_on internal_error
       not enabled: blocked(no_space)
    5  0s  fail node 2 maintenance_on insufficient_resources
       node 2 maintenance_on: running -> failed, error insufficient_resources
    6  0s  GET /v1/nodes/2/actions/maintenance_on
       200 {"name":"maintenance_on","node_uid":"2","status":"failed","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001","error_code":"insufficient_resources","error_message":"the cluster does not have sufficient resources for the operation"}
    "#);
}

#[test]
fn mon_15_with_room_it_does_not_fail_for_lack_of_it() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        fail node 2 maintenance_on insufficient_resources
        fail node 2 maintenance_on internal_error
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail node 2 maintenance_on insufficient_resources
       not enabled: not_in_rules
    2  0s  fail node 2 maintenance_on internal_error
       node 2 maintenance_on: running -> failed, error internal_error
    ");
}

#[test]
fn mon_15_r_mon_fail_state_mark_and_moved_shards_stay() {
    let transcript = check(
        "
        topology tight
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 3
        move_shard node 2 maintenance_on 6 2 4
        fail node 2 maintenance_on insufficient_resources
        ---
        migrate 6 4 2
        migrate 6 2 4
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  migrate 6 4 2
       not enabled: misplaced
    2  0s  migrate 6 2 4
       not enabled: misplaced
    ");
}

#[test]
fn mon_15_r_mon_nospace_it_may_complete_once_nothing_more_can_leave() {
    let transcript = check(
        "
        rules R-MON-NOSPACE=COMPLETED-PARTIAL
        topology tight
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 3
        move_shard node 2 maintenance_on 6 2 4
        ---
        complete node 2 maintenance_on
        move_endpoint node 2 maintenance_on 3 2 1
        fail node 2 maintenance_on insufficient_resources
        complete node 2 maintenance_on
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 2 maintenance_on
       not enabled: unfinished
    2  0s  move_endpoint node 2 maintenance_on 3 2 1
       endpoint of database 3: node 2 -> 1
    3  0s  fail node 2 maintenance_on insufficient_resources
       not enabled: blocked(no_space)
    4  0s  complete node 2 maintenance_on
       node 2 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}
