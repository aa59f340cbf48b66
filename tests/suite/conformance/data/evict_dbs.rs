//! `evict_dbs`: whose shards leave at `maintenance_on` (section MON).

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn mon_13_only_what_belongs_to_the_listed_databases_leaves() {
    let transcript = check(
        r#"
        topology typical
        POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true,"evict_dbs":["1","3"]}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        ---
        move_shard node 1 maintenance_on 6 1 2
        move_shard node 1 maintenance_on 12 1 2
        move_endpoint node 1 maintenance_on 4 1 2
        move_shard node 1 maintenance_on 1 1 3
        complete node 1 maintenance_on
        move_endpoint node 1 maintenance_on 1 1 3
        complete node 1 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 1 maintenance_on 6 1 2
       not enabled: no_duty
    2  0s  move_shard node 1 maintenance_on 12 1 2
       not enabled: no_duty
    3  0s  move_endpoint node 1 maintenance_on 4 1 2
       not enabled: no_duty
    4  0s  move_shard node 1 maintenance_on 1 1 3
       node 1 maintenance_on: moved shard 1 from node 1 to 3
       shard 1 (database 1, part 1, master): node 1 -> 3
    5  0s  complete node 1 maintenance_on
       not enabled: unfinished
    6  0s  move_endpoint node 1 maintenance_on 1 1 3
       endpoint of database 1: node 1 -> 3
    7  0s  complete node 1 maintenance_on
       node 1 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn mon_13_r_evict_dbs_or_the_listed_ones_leave_in_addition() {
    let transcript = check(
        r#"
        rules R-EVICT-DBS=ADD
        topology typical
        POST /v1/nodes/2/actions/maintenance_on {"evict_dbs":["1"],"evict_ha_replica":false,"evict_active_active_replica":false}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        move_shard node 2 maintenance_on 2 2 3
        move_shard node 2 maintenance_on 3 2 1
        move_shard node 2 maintenance_on 7 2 1
        fail_over node 2 maintenance_on 8 2 4
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 maintenance_on 2 2 3
       node 2 maintenance_on: moved shard 2 from node 2 to 3
       shard 2 (database 1, part 1, replica): node 2 -> 3
    2  0s  move_shard node 2 maintenance_on 3 2 1
       node 2 maintenance_on: moved shard 3 from node 2 to 1
       shard 3 (database 1, part 2, master): node 2 -> 1
    3  0s  move_shard node 2 maintenance_on 7 2 1
       not enabled: no_duty
    4  0s  fail_over node 2 maintenance_on 8 2 4
       shard 7: master -> replica
       shard 8: replica -> master
    ");
}

#[test]
fn mon_13_r_evict_dbs_combine_within_the_list_the_other_members_hold() {
    let transcript = check(
        r#"
        topology typical
        POST /v1/nodes/2/actions/maintenance_on {"evict_dbs":["1"],"evict_ha_replica":false,"evict_active_active_replica":false}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        move_shard node 2 maintenance_on 2 2 3
        fail_over node 2 maintenance_on 4 2 3
        fail_over node 2 maintenance_on 8 2 4
        complete node 2 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 maintenance_on 2 2 3
       not enabled: no_duty
    2  0s  fail_over node 2 maintenance_on 4 2 3
       shard 3: master -> replica
       shard 4: replica -> master
    3  0s  fail_over node 2 maintenance_on 8 2 4
       not enabled: no_duty
    4  0s  complete node 2 maintenance_on
       node 2 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn mon_13_r_evict_dbs_unknown_a_database_that_does_not_exist_fails_the_run() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/2/actions/maintenance_on {"evict_dbs":["1","9"]}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        advance node 2 maintenance_on
        fail node 2 maintenance_on internal_error
        migrate 5 1 2
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  advance node 2 maintenance_on
       not enabled: blocked(unknown_database)
    2  0s  fail node 2 maintenance_on internal_error
       node 2 maintenance_on: running -> failed, error internal_error
    3  0s  migrate 5 1 2
       shard 5 (database 2, part 1, master): node 1 -> 2
    ");
}

#[test]
fn mon_13_the_list_holds_numbers_as_strings_and_no_names() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/2/actions/maintenance_on {"evict_dbs":["db:1"]}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        advance node 2 maintenance_on
        POST /v1/nodes/3/actions/maintenance_on {"evict_dbs":[1]}
        POST /v1/nodes/3/actions/maintenance_on {"evict_dbs":"1"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  advance node 2 maintenance_on
       not enabled: blocked(unknown_database)
    2  0s  POST /v1/nodes/3/actions/maintenance_on {"evict_dbs":[1]}
       400 invalid_schema: a member of the body has a wrong type
    3  0s  POST /v1/nodes/3/actions/maintenance_on {"evict_dbs":"1"}
       400 invalid_schema: a member of the body has a wrong type
    "#);
}

#[test]
fn mon_13_r_evict_dbs_unknown_an_empty_list_is_as_none() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/2/actions/maintenance_on {"evict_dbs":[]}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        complete node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 3
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 2 maintenance_on
       not enabled: unfinished
    2  0s  move_shard node 2 maintenance_on 2 2 3
       node 2 maintenance_on: moved shard 2 from node 2 to 3
       shard 2 (database 1, part 1, replica): node 2 -> 3
    ");
}

#[test]
fn mon_13_r_evict_dbs_unknown_or_nothing_leaves() {
    let transcript = check(
        r#"
        rules R-EVICT-DBS-UNKNOWN=EMPTY-NOTHING
        topology small
        POST /v1/nodes/2/actions/maintenance_on {"evict_dbs":[]}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        move_shard node 2 maintenance_on 2 2 3
        complete node 2 maintenance_on
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 maintenance_on 2 2 3
       not enabled: no_duty
    2  0s  complete node 2 maintenance_on
       node 2 maintenance_on: running -> completed, progress 0% -> 100%
    ");
}
