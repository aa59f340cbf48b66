//! Readings about the change of the primary node.

tells! {
    #[test]
    fn r_chm_unknown_shows_for_a_uid_that_no_node_has() {
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"9"}
        "#
    }

    #[test]
    fn r_chm_notboot_shows_while_a_node_joins() {
        r#"
        join 4
        POST /v1/cluster/actions/change_master {"node_uid":"4"}
        "#
    }

    #[test]
    fn r_chm_current_shows_for_the_primary() {
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"1"}
        "#
    }

    #[test]
    fn r_chm_type_shows_for_an_integer() {
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":2}
        "#
    }

    #[test]
    fn r_chm_record_shows_right_after_the_post() {
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        GET /v1/cluster/actions/change_master
        "#
    }

    #[test]
    fn r_chm_maint_shows_for_a_node_about_to_leave() {
        r#"
        POST /v1/nodes/2/actions/remove {}
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        "#
    }

    #[test]
    fn r_chm_tasks_shows_beside_a_running_task() {
        r#"
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        start cluster change_master
        run cluster change_master
        complete cluster change_master
        GET /v1/nodes/1/actions/enslave_node
        "#
    }

    #[test]
    fn r_chm_when_shows_after_a_cancellation() {
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        start cluster change_master
        run cluster change_master
        DELETE /v1/cluster/actions/change_master
        finish_cancel cluster change_master
        POST /v1/cluster/actions/change_master {"node_uid":"3"}
        "#
    }
}
