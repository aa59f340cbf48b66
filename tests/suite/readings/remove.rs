//! Readings about removing a node.

tells! {
    #[test]
    fn r_remove_flag_shows_after_a_failure_and_after_a_cancellation() {
        "
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        fail node 2 remove internal_error
        POST /v1/nodes/3/actions/remove {}
        start node 3 remove
        run node 3 remove
        DELETE /v1/nodes/3/actions/remove
        finish_cancel node 3 remove
        "
    }

    #[test]
    fn r_remove_last_shows_on_a_cluster_of_one_node() {
        "
        nodes 1
        POST /v1/nodes/1/actions/remove {}
        start node 1 remove
        run node 1 remove
        complete node 1 remove
        GET /v1/nodes/1/actions/remove
        "
    }

    #[test]
    fn r_remove_master_shows_on_the_primary() {
        "
        POST /v1/nodes/1/actions/remove {}
        start node 1 remove
        run node 1 remove
        complete node 1 remove
        GET /v1/nodes/1/actions/remove
        "
    }

    #[test]
    fn r_remove_status_after_shows_once_the_node_is_gone() {
        "
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        complete node 2 remove
        GET /v1/nodes/2/actions/remove
        GET /v1/nodes/actions
        "
    }

    #[test]
    fn r_remove_capacity_shows_where_a_shard_has_no_place_to_go() {
        "
        topology small
        node_down 3
        POST /v1/nodes/2/actions/remove {}
        "
    }

    #[test]
    fn r_remove_quorum_shows_when_a_node_is_down() {
        "
        node_down 3
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        complete node 2 remove
        "
    }

    #[test]
    fn r_remove_persist_shows_when_the_request_contradicts_the_policy() {
        r#"
        topology small
        policy persistent_node_removal
        POST /v1/nodes/2/actions/remove {"wait_for_persistence":false}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        move_shard node 2 remove 3 2 3
        move_endpoint node 2 remove 1 2 1
        complete node 2 remove
        "#
    }

    #[test]
    fn r_remove_partial_shows_after_a_failure() {
        "
        topology small
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        fail node 2 remove internal_error
        "
    }
}
