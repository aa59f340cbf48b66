//! Who may look, and where: permissions, methods and paths of the views.

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn perm_15_the_view_roles_see_nodes_snapshots_and_shards() {
    let transcript = check(
        "
        nodes 1
        GET /v1/nodes as cluster_member
        GET /v1/nodes/1 as cluster_viewer
        GET /v1/nodes/status as db_member
        GET /v1/nodes/1/status as db_viewer
        GET /v1/nodes/1/snapshots as db_viewer
        GET /v1/shards as db_viewer
        GET /v1/nodes as none
        GET /v1/nodes as user_manager
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes as cluster_member
       200 [{"uid":1,"status":"active","shard_count":0,"shard_list":[],"accept_servers":true,"max_redis_servers":100}]
    2  0s  GET /v1/nodes/1 as cluster_viewer
       200 {"uid":1,"status":"active","shard_count":0,"shard_list":[],"accept_servers":true,"max_redis_servers":100}
    3  0s  GET /v1/nodes/status as db_member
       200 {"1":{"role":"master","node_status":"active","master_shards":[],"slave_shards":[]}}
    4  0s  GET /v1/nodes/1/status as db_viewer
       200 {"role":"master","node_status":"active","master_shards":[],"slave_shards":[]}
    5  0s  GET /v1/nodes/1/snapshots as db_viewer
       200 []
    6  0s  GET /v1/shards as db_viewer
       200 []
    7  0s  GET /v1/nodes as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    8  0s  GET /v1/nodes as user_manager
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    "#);
}

#[test]
fn perm_15_r_role_usermgr_later_user_manager_sees_them_too() {
    let transcript = check(
        "
        edition E-80
        nodes 1
        GET /v1/nodes as user_manager
        GET /v1/nodes/1/snapshots as user_manager
        GET /v1/shards as user_manager
        DELETE /v1/nodes/1/snapshots/mine as user_manager
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes as user_manager
       200 [{"uid":1,"status":"active","shard_count":0,"shard_list":[],"accept_servers":true,"max_redis_servers":100}]
    2  0s  GET /v1/nodes/1/snapshots as user_manager
       200 []
    3  0s  GET /v1/shards as user_manager
       200 []
    4  0s  DELETE /v1/nodes/1/snapshots/mine as user_manager
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    "#);
}

#[test]
fn http_1_http_12_the_views_want_credentials_and_are_only_read() {
    let transcript = check(
        "
        nodes 1
        GET /v1/nodes without credentials
        GET /v1/shards with wrong credentials
        PUT /v1/nodes/1 {}
        DELETE /v1/nodes/1
        POST /v1/shards {}
        GET /v1/nodes/1/snapshots/mine
        OPTIONS /v1/nodes/1/status
        OPTIONS /v1/nodes/1/snapshots/mine
        HEAD /v1/nodes
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  GET /v1/nodes without credentials
       401 unauthenticated: credentials are missing or wrong
    2  0s  GET /v1/shards with wrong credentials
       401 unauthenticated: credentials are missing or wrong
    3  0s  PUT /v1/nodes/1 {}
       405 method_not_allowed: the path does not have this method
    4  0s  DELETE /v1/nodes/1
       405 method_not_allowed: the path does not have this method
    5  0s  POST /v1/shards {}
       405 method_not_allowed: the path does not have this method
    6  0s  GET /v1/nodes/1/snapshots/mine
       405 method_not_allowed: the path does not have this method
    7  0s  OPTIONS /v1/nodes/1/status
       200 allow GET
    8  0s  OPTIONS /v1/nodes/1/snapshots/mine
       200 allow DELETE
    9  0s  HEAD /v1/nodes
       200
    ");
}

#[test]
fn err_1_r_reserved_segment_odd_paths_to_views() {
    let transcript = check(
        "
        nodes 1
        GET /v1/nodes/
        GET /v1/nodes/1/
        GET /v1/nodes/1/snapshots/
        GET /nodes
        GET /v1/nodes/%73tatus?x=1
        GET /v1/nodes/01
        GET /v1/nodes/abc/status
        GET /v1/nodes/status/status
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/
       404 not_found: nothing is served at this path
    2  0s  GET /v1/nodes/1/
       404 not_found: nothing is served at this path
    3  0s  GET /v1/nodes/1/snapshots/
       404 not_found: nothing is served at this path
    4  0s  GET /nodes
       404 not_found: nothing is served at this path
    5  0s  GET /v1/nodes/%73tatus?x=1
       200 {"1":{"role":"master","node_status":"active","master_shards":[],"slave_shards":[]}}
    6  0s  GET /v1/nodes/01
       404 not_found: nothing is served at this path
    7  0s  GET /v1/nodes/abc/status
       404 not_found: nothing is served at this path
    8  0s  GET /v1/nodes/status/status
       404 not_found: nothing is served at this path
    "#);
}
