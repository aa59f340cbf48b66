//! Readings about reading statuses.

tells! {
    #[test]
    fn r_allnodes_shape_shows_on_a_fresh_cluster() {
        "
        GET /v1/nodes/actions
        "
    }

    #[test]
    fn r_clusterlist_shape_shows_on_a_fresh_cluster() {
        "
        GET /v1/cluster/actions
        "
    }

    #[test]
    fn r_list_empty_cluster_shows_on_a_fresh_cluster() {
        "
        GET /v1/cluster/actions
        "
    }

    #[test]
    fn r_get_unknown_node_shows_for_a_uid_that_no_node_has() {
        "
        GET /v1/nodes/9/actions
        "
    }

    #[test]
    fn r_nodeuid_syntax_shows_where_a_uid_is_no_number() {
        "
        GET /v1/nodes/abc/actions
        PUT /v1/nodes/abc/actions
        "
    }

    #[test]
    fn r_name_remove_shows_in_a_removal_and_in_paths() {
        "
        POST /v1/nodes/2/actions/remove {}
        GET /v1/nodes/2/actions/remove
        GET /v1/nodes/2/actions/remove_node
        "
    }

    #[test]
    fn r_nodeuid_type_shows_in_every_entry_of_a_node() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        GET /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_progress_type_shows_in_every_entry() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        GET /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_progress_values_shows_after_a_failure() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        progress node 1 enslave_node 40%
        fail node 1 enslave_node internal_error
        GET /v1/nodes/1/actions/enslave_node
        "
    }
}
