//! Permissions and roles (section PERM).

use action_oracle::model::Role;
use insta::assert_snapshot;

use super::check;

#[test]
fn perm_1_perm_3_the_view_roles_read_the_actions_of_all_nodes() {
    let transcript = check(
        "
        GET /v1/nodes/actions as admin
        GET /v1/nodes/actions as cluster_member
        GET /v1/nodes/actions as cluster_viewer
        GET /v1/nodes/actions as db_member
        GET /v1/nodes/actions as db_viewer
        GET /v1/nodes/actions as none
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/actions
       200 {"actions":[]}
    2  0s  GET /v1/nodes/actions as cluster_member
       200 {"actions":[]}
    3  0s  GET /v1/nodes/actions as cluster_viewer
       200 {"actions":[]}
    4  0s  GET /v1/nodes/actions as db_member
       200 {"actions":[]}
    5  0s  GET /v1/nodes/actions as db_viewer
       200 {"actions":[]}
    6  0s  GET /v1/nodes/actions as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    "#);
}

#[test]
fn perm_2_perm_3_the_view_roles_read_the_actions_of_a_node() {
    let transcript = check(
        "
        GET /v1/nodes/1/actions as admin
        GET /v1/nodes/1/actions as cluster_member
        GET /v1/nodes/1/actions as cluster_viewer
        GET /v1/nodes/1/actions as db_member
        GET /v1/nodes/1/actions as db_viewer
        GET /v1/nodes/1/actions as none
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions
       200 {"actions":[]}
    2  0s  GET /v1/nodes/1/actions as cluster_member
       200 {"actions":[]}
    3  0s  GET /v1/nodes/1/actions as cluster_viewer
       200 {"actions":[]}
    4  0s  GET /v1/nodes/1/actions as db_member
       200 {"actions":[]}
    5  0s  GET /v1/nodes/1/actions as db_viewer
       200 {"actions":[]}
    6  0s  GET /v1/nodes/1/actions as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    "#);
}

#[test]
fn perm_2_r_get_perm_the_single_get_is_guarded_like_the_list() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        GET /v1/nodes/1/actions/enslave_node as db_viewer
        GET /v1/nodes/1/actions/enslave_node as none
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions/enslave_node as db_viewer
       200 {"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    2  0s  GET /v1/nodes/1/actions/enslave_node as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    "#);
}

#[test]
fn perm_3_in_the_lists_of_the_seed_user_manager_does_not_occur() {
    let transcript = check(
        "
        GET /v1/nodes/actions as user_manager
        GET /v1/nodes/1/actions as user_manager
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  GET /v1/nodes/actions as user_manager
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    2  0s  GET /v1/nodes/1/actions as user_manager
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    ");
}

#[test]
fn perm_4_r_role_usermgr_later_lists_have_user_manager_as_well() {
    let transcript = check(
        "
        edition E-80
        GET /v1/nodes/actions as user_manager
        GET /v1/nodes/1/actions as user_manager
        GET /v1/cluster/actions as user_manager
        POST /v1/nodes/1/actions/remove {} as user_manager
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/actions as user_manager
       200 {"actions":[]}
    2  0s  GET /v1/nodes/1/actions as user_manager
       200 {"actions":[]}
    3  0s  GET /v1/cluster/actions as user_manager
       200 {"actions":[]}
    4  0s  POST /v1/nodes/1/actions/remove {} as user_manager
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    "#);
}

#[test]
fn perm_5_perm_12_only_admin_starts_node_actions() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/remove {} as cluster_member
        POST /v1/nodes/1/actions/remove {} as cluster_viewer
        POST /v1/nodes/1/actions/remove {} as db_member
        POST /v1/nodes/1/actions/remove {} as db_viewer
        POST /v1/nodes/1/actions/remove {} as user_manager
        POST /v1/nodes/1/actions/remove {} as none
        POST /v1/nodes/1/actions/remove {} as admin
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/remove {} as cluster_member
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    2  0s  POST /v1/nodes/1/actions/remove {} as cluster_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    3  0s  POST /v1/nodes/1/actions/remove {} as db_member
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    4  0s  POST /v1/nodes/1/actions/remove {} as db_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    5  0s  POST /v1/nodes/1/actions/remove {} as user_manager
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    6  0s  POST /v1/nodes/1/actions/remove {} as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    7  0s  POST /v1/nodes/1/actions/remove {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1: removal mark set
       node 1 remove: absent -> queued (task 1)
    "#);
}

#[test]
fn perm_6_perm_12_only_admin_cancels_node_actions() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        DELETE /v1/nodes/1/actions/enslave_node as cluster_member
        DELETE /v1/nodes/1/actions/enslave_node as cluster_viewer
        DELETE /v1/nodes/1/actions/enslave_node as db_member
        DELETE /v1/nodes/1/actions/enslave_node as db_viewer
        DELETE /v1/nodes/1/actions/enslave_node as user_manager
        DELETE /v1/nodes/1/actions/enslave_node as none
        DELETE /v1/nodes/1/actions/enslave_node as admin
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/1/actions/enslave_node as cluster_member
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    2  0s  DELETE /v1/nodes/1/actions/enslave_node as cluster_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    3  0s  DELETE /v1/nodes/1/actions/enslave_node as db_member
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    4  0s  DELETE /v1/nodes/1/actions/enslave_node as db_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    5  0s  DELETE /v1/nodes/1/actions/enslave_node as user_manager
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    6  0s  DELETE /v1/nodes/1/actions/enslave_node as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    7  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: queued -> cancelled
    ");
}

#[test]
fn perm_7_the_view_roles_read_cluster_actions() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        ---
        GET /v1/cluster/actions/change_master as cluster_member
        GET /v1/cluster/actions/change_master as cluster_viewer
        GET /v1/cluster/actions/change_master as db_member
        GET /v1/cluster/actions as db_viewer
        GET /v1/cluster/actions as none
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/cluster/actions/change_master as cluster_member
       200 {"name":"change_master","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    2  0s  GET /v1/cluster/actions/change_master as cluster_viewer
       200 {"name":"change_master","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    3  0s  GET /v1/cluster/actions/change_master as db_member
       200 {"name":"change_master","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    4  0s  GET /v1/cluster/actions as db_viewer
       200 {"actions":[{"name":"change_master","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}]}
    5  0s  GET /v1/cluster/actions as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    "#);
}

#[test]
fn perm_8_perm_12_only_admin_starts_cluster_actions() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"} as cluster_member
        POST /v1/cluster/actions/change_master {"node_uid":"2"} as cluster_viewer
        POST /v1/cluster/actions/change_master {"node_uid":"2"} as db_member
        POST /v1/cluster/actions/change_master {"node_uid":"2"} as db_viewer
        POST /v1/cluster/actions/change_master {"node_uid":"2"} as none
        POST /v1/cluster/actions/change_master {"node_uid":"2"} as admin
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"} as cluster_member
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    2  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"} as cluster_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    3  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"} as db_member
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    4  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"} as db_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    5  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"} as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    6  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"}
       200 {}
       cluster change_master: absent -> queued (task 1)
    "#);
}

#[test]
fn perm_9_perm_12_only_admin_cancels_cluster_actions() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        ---
        DELETE /v1/cluster/actions/change_master as cluster_member
        DELETE /v1/cluster/actions/change_master as cluster_viewer
        DELETE /v1/cluster/actions/change_master as db_member
        DELETE /v1/cluster/actions/change_master as db_viewer
        DELETE /v1/cluster/actions/change_master as none
        DELETE /v1/cluster/actions/change_master as admin
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/cluster/actions/change_master as cluster_member
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    2  0s  DELETE /v1/cluster/actions/change_master as cluster_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    3  0s  DELETE /v1/cluster/actions/change_master as db_member
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    4  0s  DELETE /v1/cluster/actions/change_master as db_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    5  0s  DELETE /v1/cluster/actions/change_master as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    6  0s  DELETE /v1/cluster/actions/change_master
       200
       cluster change_master: queued -> cancelled
    ");
}

#[test]
fn perm_10_the_role_none_may_do_nothing_at_all() {
    let transcript = check(
        "
        GET /v1/nodes/1/actions/remove as none
        POST /v1/nodes/1/actions/remove {} as none
        DELETE /v1/nodes/1/actions/remove as none
        GET /v1/cluster/actions/change_master as none
        OPTIONS /v1/nodes/actions as none
        GET /v1/bogus as none
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  GET /v1/nodes/1/actions/remove as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    2  0s  POST /v1/nodes/1/actions/remove {} as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    3  0s  DELETE /v1/nodes/1/actions/remove as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    4  0s  GET /v1/cluster/actions/change_master as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    5  0s  OPTIONS /v1/nodes/actions as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    6  0s  GET /v1/bogus as none
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    ");
}

#[test]
fn perm_11_there_are_seven_roles() {
    let roles =
        ["none", "db_viewer", "db_member", "cluster_viewer", "cluster_member", "user_manager", "admin"];
    assert_eq!(Role::ALL.map(Role::name), roles);
    assert_eq!(roles.map(Role::from_name), Role::ALL.map(Some));
    assert_eq!(Role::from_name("owner"), None);
}

#[test]
fn perm_13_admin_may_use_every_endpoint() {
    let transcript = check(
        r#"
        GET /v1/nodes/actions as admin
        GET /v1/nodes/1/actions as admin
        POST /v1/nodes/1/actions/remove {} as admin
        GET /v1/nodes/1/actions/remove as admin
        DELETE /v1/nodes/1/actions/remove as admin
        GET /v1/cluster/actions as admin
        POST /v1/cluster/actions/change_master {"node_uid":"2"} as admin
        GET /v1/cluster/actions/change_master as admin
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/actions
       200 {"actions":[]}
    2  0s  GET /v1/nodes/1/actions
       200 {"actions":[]}
    3  0s  POST /v1/nodes/1/actions/remove {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1: removal mark set
       node 1 remove: absent -> queued (task 1)
    4  0s  GET /v1/nodes/1/actions/remove
       200 {"name":"remove_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    5  0s  DELETE /v1/nodes/1/actions/remove
       200
       node 1 remove: queued -> cancelled
    6  0s  GET /v1/cluster/actions
       200 {"actions":[]}
    7  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"}
       200 {}
       cluster change_master: absent -> queued (task 2)
    8  0s  GET /v1/cluster/actions/change_master
       200 {"name":"change_master","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000002"}
    "#);
}

#[test]
fn perm_14_r_perm_first_without_the_permission_it_is_403_whatever_else_is_wrong() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/remove {}
        ---
        POST /v1/nodes/1/actions/remove {} as db_viewer
        POST /v1/nodes/9/actions/remove {} as db_viewer
        POST /v1/nodes/1/actions/bogus text "{" as db_viewer
        DELETE /v1/nodes/1/actions/maintenance_on as db_viewer
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/remove {} as db_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    2  0s  POST /v1/nodes/9/actions/remove {} as db_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    3  0s  POST /v1/nodes/1/actions/bogus text "{" as db_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    4  0s  DELETE /v1/nodes/1/actions/maintenance_on as db_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    "#);
}

#[test]
fn perm_14_r_perm_first_where_the_permission_comes_last_other_faults_win() {
    let transcript = check(
        "
        rules R-PERM-FIRST=PERMISSION-LAST
        POST /v1/nodes/9/actions/remove {} as db_viewer
        POST /v1/nodes/1/actions/bogus {} as db_viewer
        POST /v1/nodes/1/actions/remove {} as db_viewer
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  POST /v1/nodes/9/actions/remove {} as db_viewer
       404 node_not_found: the node does not exist
    2  0s  POST /v1/nodes/1/actions/bogus {} as db_viewer
       400 action_not_found: no action has this name here
    3  0s  POST /v1/nodes/1/actions/remove {} as db_viewer
       403 insufficient_permissions: the role does not hold the permission of this endpoint
    ");
}
