//! Readings about the quorum before maintenance, and about what leaves the node.

tells! {
    #[test]
    fn r_quorum_formula_shows_when_one_of_four_nodes_is_down() {
        "
        nodes 4
        node_down 3
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        POST /v1/nodes/3/actions/maintenance_on {}
        start node 3 maintenance_on
        run node 3 maintenance_on
        advance node 3 maintenance_on
        "
    }

    #[test]
    fn r_quorum_small_shows_on_a_cluster_of_two_nodes() {
        "
        nodes 2
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        "
    }

    #[test]
    fn r_quorum_when_shows_when_a_node_is_down() {
        "
        node_down 3
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        fail node 2 maintenance_on internal_error
        abort node 2 maintenance_on
        "
    }

    #[test]
    fn r_evict_one_flag_shows_where_one_member_is_false() {
        r#"
        topology typical
        POST /v1/nodes/2/actions/maintenance_on {"evict_active_active_replica":false}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        fail_over node 2 maintenance_on 8 2 4
        "#
    }

    #[test]
    fn r_evict_masters_shows_where_masters_have_no_replicas() {
        r#"
        topology small
        POST /v1/nodes/3/actions/maintenance_on {"evict_ha_replica":false,"evict_active_active_replica":false}
        start node 3 maintenance_on
        run node 3 maintenance_on
        advance node 3 maintenance_on
        advance node 3 maintenance_on
        move_shard node 3 maintenance_on 6 3 2
        move_endpoint node 3 maintenance_on 2 3 2
        complete node 3 maintenance_on
        fail node 3 maintenance_on insufficient_resources
        "#
    }

    #[test]
    fn r_evict_dbs_shows_where_one_of_two_databases_is_listed() {
        r#"
        topology typical
        POST /v1/nodes/2/actions/maintenance_on {"evict_dbs":["1"]}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 7 2 1
        "#
    }

    #[test]
    fn r_evict_dbs_unknown_shows_for_an_unknown_database_and_for_an_empty_list() {
        r#"
        topology small
        POST /v1/nodes/3/actions/maintenance_on {"evict_dbs":["9"]}
        start node 3 maintenance_on
        run node 3 maintenance_on
        advance node 3 maintenance_on
        POST /v1/nodes/2/actions/maintenance_on {"evict_dbs":[]}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 3
        "#
    }

    #[test]
    fn r_keep_slave_shows_alone_and_against_a_member_that_replaces_it() {
        r#"
        topology small
        POST /v1/nodes/2/actions/maintenance_on {"keep_slave_shards":true}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        fail_over node 2 maintenance_on 4 2 1
        POST /v1/nodes/1/actions/maintenance_on {"keep_slave_shards":true,"evict_ha_replica":true}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        fail_over node 1 maintenance_on 2 1 2
        "#
    }

    #[test]
    fn r_mon_nospace_shows_once_nothing_more_can_leave() {
        "
        topology tight
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 3
        move_shard node 2 maintenance_on 6 2 4
        move_endpoint node 2 maintenance_on 3 2 1
        complete node 2 maintenance_on
        fail node 2 maintenance_on insufficient_resources
        "
    }
}
