//! The requests about node snapshots: the list, and DELETE of one (SNAP-6, SNAP-10 to SNAP-13).

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn snap_6_snap_10_the_list_is_an_array_oldest_first() {
    let transcript = check(
        r#"
        at 3661s
        create_snapshot 2 "mine"
        at 7322s
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        ---
        GET /v1/nodes/2/snapshots
        GET /v1/nodes/1/snapshots
        GET /v1/nodes/9/snapshots
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  7322s  GET /v1/nodes/2/snapshots
       200 [{"name":"mine","created_time":"2024-01-01 01:01:01","node_uid":"2"},{"name":"maintenance_mode_2024-01-01_02-02-02","created_time":"2024-01-01 02:02:02","node_uid":"2"}]
    2  7322s  GET /v1/nodes/1/snapshots
       200 []
    3  7322s  GET /v1/nodes/9/snapshots
       404 node_not_found: the node does not exist
    "#);
}

#[test]
fn snap_11_a_users_snapshot_is_deleted_and_shown_once_more() {
    let transcript = check(
        r#"
        create_snapshot 1 "mine"
        create_snapshot 1 "other"
        create_snapshot 2 "mine"
        ---
        DELETE /v1/nodes/1/snapshots/mine
        DELETE /v1/nodes/1/snapshots/mine
        GET /v1/nodes/1/snapshots
        GET /v1/nodes/2/snapshots
        DELETE /v1/nodes/9/snapshots/mine
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/nodes/1/snapshots/mine
       200 {"name":"mine","created_time":"2024-01-01 00:00:00","node_uid":"1"}
       node 1: snapshot mine deleted
    2  0s  DELETE /v1/nodes/1/snapshots/mine
       404 snapshot_not_found: the node has no snapshot of this name
    3  0s  GET /v1/nodes/1/snapshots
       200 [{"name":"other","created_time":"2024-01-01 00:00:00","node_uid":"1"}]
    4  0s  GET /v1/nodes/2/snapshots
       200 [{"name":"mine","created_time":"2024-01-01 00:00:00","node_uid":"2"}]
    5  0s  DELETE /v1/nodes/9/snapshots/mine
       404 node_not_found: the node does not exist
    "#);
}

#[test]
fn snap_11_r_snap_del_maint_a_maintenance_snapshot_is_kept() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        ---
        DELETE /v1/nodes/1/snapshots/maintenance_mode_2024-01-01_00-00-00
        DELETE /v1/nodes/1/snapshots/maintenance_mode_2024-01-01_00-00-00 as db_viewer
        GET /v1/nodes/1/snapshots
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/nodes/1/snapshots/maintenance_mode_2024-01-01_00-00-00
       403 maintenance_snapshot: a maintenance snapshot cannot be deleted
    2  0s  DELETE /v1/nodes/1/snapshots/maintenance_mode_2024-01-01_00-00-00 as db_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    3  0s  GET /v1/nodes/1/snapshots
       200 [{"name":"maintenance_mode_2024-01-01_00-00-00","created_time":"2024-01-01 00:00:00","node_uid":"1"}]
    "#);
}

#[test]
fn snap_11_r_snap_kind_a_users_snapshot_may_be_called_like_one_of_maintenance() {
    let transcript = check(
        r#"
        create_snapshot 1 "maintenance_mode_2024-09-06_20-47-23"
        ---
        DELETE /v1/nodes/1/snapshots/maintenance_mode_2024-09-06_20-47-23
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/nodes/1/snapshots/maintenance_mode_2024-09-06_20-47-23
       200 {"name":"maintenance_mode_2024-09-06_20-47-23","created_time":"2024-01-01 00:00:00","node_uid":"1"}
       node 1: snapshot maintenance_mode_2024-09-06_20-47-23 deleted
    "#);
}

#[test]
fn snap_11_r_encoding_names_are_decoded_and_compared_exactly() {
    let transcript = check(
        r#"
        create_snapshot 1 "before upgrade/1"
        create_snapshot 1 "Größe?"
        ---
        DELETE /v1/nodes/1/snapshots/before%20upgrade/1
        DELETE /v1/nodes/1/snapshots/Before%20upgrade%2F1
        DELETE /v1/nodes/1/snapshots/before%20upgrade%2F1
        DELETE /v1/nodes/1/snapshots/Gr%C3%B6%C3%9Fe%3f
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/nodes/1/snapshots/before%20upgrade/1
       404 not_found: nothing is served at this path
    2  0s  DELETE /v1/nodes/1/snapshots/Before%20upgrade%2F1
       404 snapshot_not_found: the node has no snapshot of this name
    3  0s  DELETE /v1/nodes/1/snapshots/before%20upgrade%2F1
       200 {"name":"before upgrade/1","created_time":"2024-01-01 00:00:00","node_uid":"1"}
       node 1: snapshot before upgrade/1 deleted
    4  0s  DELETE /v1/nodes/1/snapshots/Gr%C3%B6%C3%9Fe%3f
       200 {"name":"Größe?","created_time":"2024-01-01 00:00:00","node_uid":"1"}
       node 1: snapshot Größe? deleted
    "#);
}

#[test]
fn snap_13_perm_15_only_admin_deletes_a_snapshot() {
    let transcript = check(
        r#"
        create_snapshot 1 "mine"
        ---
        DELETE /v1/nodes/1/snapshots/mine without credentials
        DELETE /v1/nodes/1/snapshots/mine as cluster_member
        DELETE /v1/nodes/1/snapshots/mine as cluster_viewer
        DELETE /v1/nodes/1/snapshots/mine as db_member
        DELETE /v1/nodes/1/snapshots/mine as db_viewer
        DELETE /v1/nodes/1/snapshots/mine as user_manager
        DELETE /v1/nodes/1/snapshots/mine as none
        GET /v1/nodes/1/snapshots as db_viewer
        DELETE /v1/nodes/1/snapshots/mine
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/nodes/1/snapshots/mine without credentials
       401 unauthenticated: credentials are missing or wrong
    2  0s  DELETE /v1/nodes/1/snapshots/mine as cluster_member
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    3  0s  DELETE /v1/nodes/1/snapshots/mine as cluster_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    4  0s  DELETE /v1/nodes/1/snapshots/mine as db_member
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    5  0s  DELETE /v1/nodes/1/snapshots/mine as db_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    6  0s  DELETE /v1/nodes/1/snapshots/mine as user_manager
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    7  0s  DELETE /v1/nodes/1/snapshots/mine as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    8  0s  GET /v1/nodes/1/snapshots as db_viewer
       200 [{"name":"mine","created_time":"2024-01-01 00:00:00","node_uid":"1"}]
    9  0s  DELETE /v1/nodes/1/snapshots/mine
       200 {"name":"mine","created_time":"2024-01-01 00:00:00","node_uid":"1"}
       node 1: snapshot mine deleted
    "#);
}
