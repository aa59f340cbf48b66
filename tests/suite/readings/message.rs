//! Readings about errors, permissions and HTTP.

tells! {
    #[test]
    fn r_errfields_shows_after_a_cancellation() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        DELETE /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_errmsg_name_shows_after_a_failure() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        fail node 1 enslave_node internal_error
        GET /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_errcode_set_shows_at_a_failure_with_another_code() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        fail node 1 enslave_node unlisted_error
        GET /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_perm_first_shows_when_a_viewer_posts_nonsense() {
        "
        POST /v1/nodes/1/actions/bogus {} as db_viewer
        "
    }

    #[test]
    fn r_role_usermgr_shows_when_that_role_reads() {
        "
        GET /v1/nodes/actions as user_manager
        "
    }

    #[test]
    fn r_version_prefix_shows_without_one() {
        "
        GET /nodes/actions
        "
    }

    #[test]
    fn r_methods_405_shows_for_a_method_that_no_path_has() {
        "
        PUT /v1/nodes/actions
        "
    }
}
