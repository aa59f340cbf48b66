//! Readings about turning a node into a replica.

tells! {
    #[test]
    fn r_ens_meaning_shows_on_the_primary_that_holds_masters() {
        "
        topology small
        delete_database 2
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        fail_over node 1 enslave_node 2 1 2
        complete node 1 enslave_node
        "
    }
}
