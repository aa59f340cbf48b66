//! Readings about cancelling and removing a status.

tells! {
    #[test]
    fn r_del_other_terminal_shows_after_a_failure() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        fail node 1 enslave_node internal_error
        DELETE /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_del_queued_shows_after_a_delete_in_the_queue() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        DELETE /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_del_running_shows_right_after_a_delete() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_del_cancelling_shows_at_a_second_delete() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_del_cluster_shows_before_and_after_the_end() {
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        DELETE /v1/cluster/actions/change_master
        start cluster change_master
        run cluster change_master
        complete cluster change_master
        DELETE /v1/cluster/actions/change_master
        "#
    }

    #[test]
    fn r_cancel_effect_shows_in_the_maintenance_mark() {
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        DELETE /v1/nodes/1/actions/maintenance_on
        finish_cancel node 1 maintenance_on
        "
    }
}
