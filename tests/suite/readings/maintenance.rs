//! Readings about maintenance and its snapshots.

tells! {
    #[test]
    fn r_snap_overwrite_active_shows_at_the_second_activation() {
        r#"
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        at 5s POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        "#
    }

    #[test]
    fn r_stack_shows_after_three_activations_and_one_deactivation() {
        r#"
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        POST /v1/nodes/1/actions/maintenance_off {}
        start node 1 maintenance_off
        run node 1 maintenance_off
        advance node 1 maintenance_off
        advance node 1 maintenance_off
        complete node 1 maintenance_off
        "#
    }

    #[test]
    fn r_mon_fail_state_shows_after_a_cancellation() {
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

    #[test]
    fn r_moff_latest_shows_where_only_a_user_made_a_snapshot() {
        r#"
        create_snapshot 1 "before the upgrade"
        POST /v1/nodes/1/actions/maintenance_off {}
        start node 1 maintenance_off
        run node 1 maintenance_off
        advance node 1 maintenance_off
        advance node 1 maintenance_off
        complete node 1 maintenance_off
        GET /v1/nodes/1/actions/maintenance_off
        "#
    }

    #[test]
    fn r_moff_nosnap_shows_on_a_fresh_node() {
        "
        POST /v1/nodes/1/actions/maintenance_off {}
        start node 1 maintenance_off
        run node 1 maintenance_off
        begin_cancel node 1 maintenance_off
        complete node 1 maintenance_off
        fail node 1 maintenance_off internal_error
        GET /v1/nodes/1/actions/maintenance_off
        "
    }

    #[test]
    fn r_moff_unknown_name_shows_for_a_name_that_no_snapshot_has() {
        r#"
        POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":"before"}
        start node 1 maintenance_off
        run node 1 maintenance_off
        begin_cancel node 1 maintenance_off
        fail node 1 maintenance_off internal_error
        GET /v1/nodes/1/actions/maintenance_off
        "#
    }

    #[test]
    fn r_moff_skip_shows_with_and_without_a_snapshot() {
        r#"
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        POST /v1/nodes/1/actions/maintenance_off {"skip_shards_restore":true}
        start node 1 maintenance_off
        run node 1 maintenance_off
        advance node 1 maintenance_off
        advance node 1 maintenance_off
        complete node 1 maintenance_off
        POST /v1/nodes/2/actions/maintenance_off {"skip_shards_restore":true}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        GET /v1/nodes/2/actions/maintenance_off
        "#
    }

    #[test]
    fn r_moff_delete_shows_after_a_snapshot_of_a_user_was_restored() {
        r#"
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        create_snapshot 1 "before"
        POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":"before"}
        start node 1 maintenance_off
        run node 1 maintenance_off
        advance node 1 maintenance_off
        advance node 1 maintenance_off
        complete node 1 maintenance_off
        "#
    }

    #[test]
    fn r_moff_fail_state_shows_after_a_late_failure() {
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        POST /v1/nodes/1/actions/maintenance_off {}
        start node 1 maintenance_off
        run node 1 maintenance_off
        advance node 1 maintenance_off
        advance node 1 maintenance_off
        fail node 1 maintenance_off internal_error
        "
    }

    #[test]
    fn r_moff_cancel_state_shows_after_a_late_cancellation() {
        "
        POST /v1/nodes/1/actions/maintenance_on {}
        start node 1 maintenance_on
        run node 1 maintenance_on
        advance node 1 maintenance_on
        advance node 1 maintenance_on
        complete node 1 maintenance_on
        POST /v1/nodes/1/actions/maintenance_off {}
        start node 1 maintenance_off
        run node 1 maintenance_off
        advance node 1 maintenance_off
        advance node 1 maintenance_off
        DELETE /v1/nodes/1/actions/maintenance_off
        finish_cancel node 1 maintenance_off
        "
    }

    #[test]
    fn r_moff_restore_gone_shows_after_a_database_was_deleted() {
        "
        topology small
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        delete_database 1
        complete node 2 maintenance_on
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        complete node 2 maintenance_off
        "
    }

    #[test]
    fn r_moff_roles_shows_after_a_master_was_demoted() {
        r#"
        topology small
        POST /v1/nodes/2/actions/maintenance_on {"evict_ha_replica":false,"evict_active_active_replica":false}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        fail_over node 2 maintenance_on 4 2 1
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        fail_over node 2 maintenance_off 3 1 2
        "#
    }
}
