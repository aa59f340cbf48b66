//! Readings about starting.

tells! {
    #[test]
    fn r_conflict_scope_shows_beside_a_live_action() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        POST /v1/nodes/2/actions/enslave_node {}
        POST /v1/nodes/1/actions/maintenance_on {}
        "
    }

    #[test]
    fn r_conflict_cross_shows_beside_a_live_action() {
        r#"
        POST /v1/nodes/1/actions/maintenance_on {}
        POST /v1/nodes/1/actions/maintenance_off {}
        POST /v1/nodes/1/actions/remove {}
        POST /v1/nodes/1/actions/enslave_node {}
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        "#
    }

    #[test]
    fn r_conflict_states_shows_during_a_cancellation() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        POST /v1/nodes/1/actions/enslave_node {}
        "
    }

    #[test]
    fn r_resubmit_rejected_shows_after_a_bad_post() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        POST /v1/nodes/1/actions/enslave_node []
        GET /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_resubmit_scope_shows_on_another_node() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        POST /v1/nodes/2/actions/enslave_node {}
        GET /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_post_unknown_action_shows_for_a_name_that_no_action_has() {
        "
        POST /v1/nodes/1/actions/bogus {}
        "
    }

    #[test]
    fn r_post_unknown_node_shows_for_a_uid_that_no_node_has() {
        "
        POST /v1/nodes/9/actions/remove {}
        "
    }

    #[test]
    fn r_post_empty_body_shows_without_a_body() {
        "
        POST /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_post_malformed_shows_for_half_an_object() {
        r#"
        POST /v1/nodes/1/actions/enslave_node text "{"
        "#
    }

    #[test]
    fn r_post_nonobject_shows_for_null() {
        "
        POST /v1/nodes/1/actions/enslave_node null
        "
    }

    #[test]
    fn r_post_unknown_field_shows_for_a_member_that_no_document_has() {
        r#"
        POST /v1/nodes/1/actions/enslave_node {"foo":1}
        "#
    }

    #[test]
    fn r_post_wrong_type_shows_for_a_number_as_name_and_a_word_as_flag() {
        r#"
        create_snapshot 1 "5"
        POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":5}
        start node 1 maintenance_off
        run node 1 maintenance_off
        advance node 1 maintenance_off
        advance node 1 maintenance_off
        complete node 1 maintenance_off
        GET /v1/nodes/1/actions/maintenance_off
        POST /v1/nodes/2/actions/maintenance_on {"overwrite_snapshot":"yes"}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        complete node 2 maintenance_on
        GET /v1/nodes/2/actions/maintenance_on
        "#
    }

    #[test]
    fn r_post_rladmin_params_shows_where_a_wrong_type_is_noticed() {
        r#"
        POST /v1/nodes/1/actions/enslave_node {"demote_node":"yes"}
        POST /v1/nodes/2/actions/enslave_node {"retry_timeout_seconds":"long"}
        "#
    }

    #[test]
    fn r_post_content_type_shows_without_one() {
        "
        POST /v1/nodes/1/actions/enslave_node {} no content-type
        "
    }
}
