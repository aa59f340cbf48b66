//! What the views show: nodes, their status, the shards.

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn obs_1_the_node_object_shows_status_shards_and_room() {
    let transcript = check(
        "
        topology small
        GET /v1/nodes/3
        GET /v1/nodes
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/3
       200 {"uid":3,"status":"active","shard_count":2,"shard_list":[6,7],"accept_servers":true,"max_redis_servers":4}
    2  0s  GET /v1/nodes
       200 [{"uid":1,"status":"active","shard_count":3,"shard_list":[1,4,5],"accept_servers":true,"max_redis_servers":4},{"uid":2,"status":"active","shard_count":2,"shard_list":[2,3],"accept_servers":true,"max_redis_servers":4},{"uid":3,"status":"active","shard_count":2,"shard_list":[6,7],"accept_servers":true,"max_redis_servers":4}]
    "#);
}

#[test]
fn obs_1_a_node_is_provisioning_until_it_has_joined_and_down_while_it_does_not_answer() {
    let transcript = check(
        "
        join 4
        node_down 2
        ---
        GET /v1/nodes/4
        GET /v1/nodes/2/status
        bootstrap 4
        node_up 2
        GET /v1/nodes/4
        GET /v1/nodes/2/status
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/4
       200 {"uid":4,"status":"provisioning","shard_count":0,"shard_list":[],"accept_servers":true,"max_redis_servers":100}
    2  0s  GET /v1/nodes/2/status
       200 {"role":"slave","node_status":"down","master_shards":[],"slave_shards":[]}
    3  0s  bootstrap 4
       node 4: bootstrapped
    4  0s  node_up 2
       node 2: up
    5  0s  GET /v1/nodes/4
       200 {"uid":4,"status":"active","shard_count":0,"shard_list":[],"accept_servers":true,"max_redis_servers":100}
    6  0s  GET /v1/nodes/2/status
       200 {"role":"slave","node_status":"active","master_shards":[],"slave_shards":[]}
    "#);
}

#[test]
fn rem_15_obs_1_a_node_is_decommissioning_until_its_removal_has_ended() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/remove {}
        ---
        GET /v1/nodes/2
        start node 2 remove
        run node 2 remove
        GET /v1/nodes/2/status
        abort node 2 remove
        GET /v1/nodes/2/status
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/2
       200 {"uid":2,"status":"decommissioning","shard_count":0,"shard_list":[],"accept_servers":false,"max_redis_servers":100}
    2  0s  start node 2 remove
       node 2 remove: queued -> starting
    3  0s  run node 2 remove
       node 2 remove: starting -> running
    4  0s  GET /v1/nodes/2/status
       200 {"role":"slave","node_status":"decommissioning","master_shards":[],"slave_shards":[]}
    5  0s  abort node 2 remove
       node 2 remove: running -> aborted
    6  0s  GET /v1/nodes/2/status
       200 {"role":"slave","node_status":"active","master_shards":[],"slave_shards":[]}
    "#);
}

#[test]
fn r_remove_flag_visible_the_mark_that_stays_shows_as_a_node_that_accepts_nothing() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        fail node 2 remove internal_error
        ---
        GET /v1/nodes/2
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/2
       200 {"uid":2,"status":"active","shard_count":0,"shard_list":[],"accept_servers":false,"max_redis_servers":100}
    "#);
}

#[test]
fn rem_11_err_9_a_removed_node_is_no_longer_shown() {
    let transcript = check(
        "
        nodes 2
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        complete node 2 remove
        ---
        GET /v1/nodes
        GET /v1/nodes/status
        GET /v1/nodes/2
        GET /v1/nodes/2/status
        GET /v1/nodes/2/snapshots
        GET /v1/nodes/2/actions/remove
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes
       200 [{"uid":1,"status":"active","shard_count":0,"shard_list":[],"accept_servers":true,"max_redis_servers":100}]
    2  0s  GET /v1/nodes/status
       200 {"1":{"role":"master","node_status":"active","master_shards":[],"slave_shards":[]}}
    3  0s  GET /v1/nodes/2
       404 node_not_found: the node does not exist
    4  0s  GET /v1/nodes/2/status
       404 node_not_found: the node does not exist
    5  0s  GET /v1/nodes/2/snapshots
       404 node_not_found: the node does not exist
    6  0s  GET /v1/nodes/2/actions/remove
       200 {"name":"remove_node","node_uid":"2","status":"completed","progress":100.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn obs_2_the_status_of_all_nodes_is_a_map_by_uid() {
    let transcript = check(
        "
        topology small
        GET /v1/nodes/status
        GET /v1/nodes/2/status
        GET /v1/nodes/4/status
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/status
       200 {"1":{"role":"master","node_status":"active","master_shards":[1,5],"slave_shards":[4]},"2":{"role":"slave","node_status":"active","master_shards":[3],"slave_shards":[2]},"3":{"role":"slave","node_status":"active","master_shards":[6,7],"slave_shards":[]}}
    2  0s  GET /v1/nodes/2/status
       200 {"role":"slave","node_status":"active","master_shards":[3],"slave_shards":[2]}
    3  0s  GET /v1/nodes/4/status
       404 node_not_found: the node does not exist
    "#);
}

#[test]
fn obs_2_a_shard_that_moved_is_shown_where_it_went() {
    let transcript = check(
        "
        topology small
        GET /v1/nodes/2/status
        migrate 5 1 2
        GET /v1/nodes/1/status
        GET /v1/nodes/2/status
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/2/status
       200 {"role":"slave","node_status":"active","master_shards":[3],"slave_shards":[2]}
    2  0s  migrate 5 1 2
       shard 5 (database 2, part 1, master): node 1 -> 2
    3  0s  GET /v1/nodes/1/status
       200 {"role":"master","node_status":"active","master_shards":[1],"slave_shards":[4]}
    4  0s  GET /v1/nodes/2/status
       200 {"role":"slave","node_status":"active","master_shards":[3,5],"slave_shards":[2]}
    "#);
}

#[test]
fn chm_8_obs_2_one_node_is_master_and_the_others_are_slaves() {
    let transcript = check(
        r#"
        nodes 2
        GET /v1/nodes/status
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        start cluster change_master
        run cluster change_master
        complete cluster change_master
        GET /v1/nodes/status
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/status
       200 {"1":{"role":"master","node_status":"active","master_shards":[],"slave_shards":[]},"2":{"role":"slave","node_status":"active","master_shards":[],"slave_shards":[]}}
    2  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"}
       200 {}
       cluster change_master: absent -> queued (task 1)
    3  0s  start cluster change_master
       cluster change_master: queued -> starting
    4  0s  run cluster change_master
       cluster change_master: starting -> running
    5  0s  complete cluster change_master
       cluster change_master: running -> completed, progress 0% -> 100%
       primary 1 -> 2
    6  0s  GET /v1/nodes/status
       200 {"1":{"role":"slave","node_status":"active","master_shards":[],"slave_shards":[]},"2":{"role":"master","node_status":"active","master_shards":[],"slave_shards":[]}}
    "#);
}

#[test]
fn mon_22_snap_15_a_primary_in_maintenance_is_active_and_still_master() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        ---
        GET /v1/nodes/1/status
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/status
       200 {"role":"master","node_status":"active","master_shards":[],"slave_shards":[],"maintenance_snapshot":{"name":"maintenance_mode_2024-01-01_00-00-00","created_time":"2024-01-01 00:00:00","node_uid":"1"}}
    "#);
}

#[test]
fn snap_15_r_maint_observe_the_status_shows_the_snapshot_from_on_to_off() {
    let transcript = check(
        "
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        ---
        GET /v1/nodes/2/status
        advance node 2 maintenance_on
        GET /v1/nodes/2/status
        advance node 2 maintenance_on
        complete node 2 maintenance_on
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        GET /v1/nodes/2/status
        complete node 2 maintenance_off
        GET /v1/nodes/2/status
        ",
    );
    assert_snapshot!(transcript, @r#"
     1  0s  GET /v1/nodes/2/status
        200 {"role":"slave","node_status":"active","master_shards":[],"slave_shards":[]}
     2  0s  advance node 2 maintenance_on
        node 2: snapshot maintenance_mode_2024-01-01_00-00-00 made
        node 2 maintenance_on: step 0 -> 1
     3  0s  GET /v1/nodes/2/status
        200 {"role":"slave","node_status":"active","master_shards":[],"slave_shards":[],"maintenance_snapshot":{"name":"maintenance_mode_2024-01-01_00-00-00","created_time":"2024-01-01 00:00:00","node_uid":"2"}}
     4  0s  advance node 2 maintenance_on
        node 2: maintenance mark set
        node 2 maintenance_on: step 1 -> 2
     5  0s  complete node 2 maintenance_on
        node 2 maintenance_on: running -> completed, progress 0% -> 100%
     6  0s  POST /v1/nodes/2/actions/maintenance_off {}
        200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
        node 2 maintenance_off: absent -> queued (task 2)
     7  0s  start node 2 maintenance_off
        node 2 maintenance_off: queued -> starting
     8  0s  run node 2 maintenance_off
        node 2 maintenance_off: starting -> running
     9  0s  advance node 2 maintenance_off
        node 2 maintenance_off: step 0 -> 1, loaded maintenance_mode_2024-01-01_00-00-00
    10  0s  advance node 2 maintenance_off
        node 2: maintenance mark cleared
        node 2 maintenance_off: step 1 -> 2, maintenance was active 1 times
    11  0s  GET /v1/nodes/2/status
        200 {"role":"slave","node_status":"active","master_shards":[],"slave_shards":[],"maintenance_snapshot":{"name":"maintenance_mode_2024-01-01_00-00-00","created_time":"2024-01-01 00:00:00","node_uid":"2"}}
    12  0s  complete node 2 maintenance_off
        node 2: snapshot maintenance_mode_2024-01-01_00-00-00 deleted
        node 2 maintenance_off: running -> completed, progress 0% -> 100%
    13  0s  GET /v1/nodes/2/status
        200 {"role":"slave","node_status":"active","master_shards":[],"slave_shards":[]}
    "#);
}

#[test]
fn snap_15_the_snapshot_of_a_maintenance_that_was_stopped_improperly_still_shows() {
    let transcript = check(
        r#"
        create_snapshot 1 "mine"
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        fail node 2 maintenance_on internal_error
        ---
        GET /v1/nodes/1/status
        GET /v1/nodes/2/status
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/status
       200 {"role":"master","node_status":"active","master_shards":[],"slave_shards":[]}
    2  0s  GET /v1/nodes/2/status
       200 {"role":"slave","node_status":"active","master_shards":[],"slave_shards":[],"maintenance_snapshot":{"name":"maintenance_mode_2024-01-01_00-00-00","created_time":"2024-01-01 00:00:00","node_uid":"2"}}
    "#);
}

#[test]
fn obs_3_every_shard_tells_its_role_its_node_and_its_database() {
    let transcript = check(
        "
        topology small
        GET /v1/shards
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/shards
       200 [{"uid":"1","role":"master","node_uid":"1","bdb_uid":1},{"uid":"2","role":"slave","node_uid":"2","bdb_uid":1},{"uid":"3","role":"master","node_uid":"2","bdb_uid":1},{"uid":"4","role":"slave","node_uid":"1","bdb_uid":1},{"uid":"5","role":"master","node_uid":"1","bdb_uid":2},{"uid":"6","role":"master","node_uid":"3","bdb_uid":2},{"uid":"7","role":"master","node_uid":"3","bdb_uid":2}]
    "#);
}

#[test]
fn obs_3_where_placement_is_not_known_no_shards_are_shown() {
    let transcript = check(
        "
        GET /v1/shards
        GET /v1/shards/1
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  GET /v1/shards
       200 []
    2  0s  GET /v1/shards/1
       404 not_found: nothing is served at this path
    ");
}
