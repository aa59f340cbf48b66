//! Readings about the lifecycle.

tells! {
    #[test]
    fn r_aborted_exists_shows_when_the_cluster_ends_a_task() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        abort node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_aborted_cause_shows_at_a_cancellation_and_at_an_obstacle() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions/enslave_node
        node_down 2
        POST /v1/nodes/2/actions/enslave_node {}
        start node 2 enslave_node
        run node 2 enslave_node
        fail node 2 enslave_node internal_error
        GET /v1/nodes/2/actions/enslave_node
        "
    }

    #[test]
    fn r_aborted_retention_shows_after_an_abort() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        abort node 1 enslave_node
        expire node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_starting_cancel_shows_at_a_delete_while_starting() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_starting_fail_shows_at_a_failure_while_starting() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        fail node 1 enslave_node internal_error
        GET /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_precheck_status_shows_on_a_node_that_is_down() {
        "
        node_down 2
        POST /v1/nodes/2/actions/enslave_node {}
        start node 2 enslave_node
        run node 2 enslave_node
        fail node 2 enslave_node internal_error
        abort node 2 enslave_node
        GET /v1/nodes/2/actions/enslave_node
        "
    }

    #[test]
    fn r_cancelling_outcome_shows_when_the_work_is_done_before_the_cancellation() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        complete node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_status_retention_shows_when_time_goes_by() {
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        at 31536000s expire node 1 enslave_node
        GET /v1/nodes/1/actions/enslave_node
        "
    }

    #[test]
    fn r_queued_cancel_effect_shows_on_a_node_that_does_not_leave() {
        "
        POST /v1/nodes/2/actions/remove {}
        DELETE /v1/nodes/2/actions/remove
        "
    }
}
