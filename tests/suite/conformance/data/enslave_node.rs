//! `enslave_node` and what the node holds (section ENS).

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn ens_1_ens_2_ens_5_the_shards_stay_and_become_replicas() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/enslave_node {}
        start node 2 enslave_node
        run node 2 enslave_node
        ---
        move_shard node 2 enslave_node 3 2 3
        complete node 2 enslave_node
        fail_over node 2 enslave_node 4 2 1
        move_endpoint node 2 enslave_node 1 2 3
        complete node 2 enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  move_shard node 2 enslave_node 3 2 3
       not enabled: no_duty
    2  0s  complete node 2 enslave_node
       not enabled: unfinished
    3  0s  fail_over node 2 enslave_node 4 2 1
       shard 3: master -> replica
       shard 4: replica -> master
    4  0s  move_endpoint node 2 enslave_node 1 2 3
       endpoint of database 1: node 2 -> 3
    5  0s  complete node 2 enslave_node
       node 2 enslave_node: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn ens_6_an_endpoint_that_is_bound_on_one_node_moves_and_no_other() {
    let transcript = check(
        "
        topology typical
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        move_endpoint node 1 enslave_node 4 1 2
        move_endpoint node 1 enslave_node 1 1 2
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  move_endpoint node 1 enslave_node 4 1 2
       not enabled: no_duty
    2  0s  move_endpoint node 1 enslave_node 1 1 2
       endpoint of database 1: node 1 -> 2
    ");
}

#[test]
fn ens_1_ens_3_the_primary_keeps_its_role() {
    let transcript = check(
        "
        topology small
        delete_database 2
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        fail_over node 1 enslave_node 2 1 2
        complete node 1 enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail_over node 1 enslave_node 2 1 2
       shard 1: master -> replica
       shard 2: replica -> master
    2  0s  complete node 1 enslave_node
       node 1 enslave_node: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn ens_2_r_ens_noreplica_a_master_without_a_replica_cannot_change() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        fail_over node 1 enslave_node 2 1 2
        complete node 1 enslave_node
        fail node 1 enslave_node insufficient_resources
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail_over node 1 enslave_node 2 1 2
       shard 1: master -> replica
       shard 2: replica -> master
    2  0s  complete node 1 enslave_node
       not enabled: blocked(no_way)
    3  0s  fail node 1 enslave_node insufficient_resources
       node 1 enslave_node: running -> failed, error insufficient_resources
    ");
}

#[test]
fn ens_4_the_rest_interface_does_not_know_endpoints_only() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/2/actions/enslave_node {"endpoints_only":true}
        start node 2 enslave_node
        run node 2 enslave_node
        ---
        move_endpoint node 2 enslave_node 1 2 3
        complete node 2 enslave_node
        fail_over node 2 enslave_node 4 2 1
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  move_endpoint node 2 enslave_node 1 2 3
       endpoint of database 1: node 2 -> 3
    2  0s  complete node 2 enslave_node
       not enabled: unfinished
    3  0s  fail_over node 2 enslave_node 4 2 1
       shard 3: master -> replica
       shard 4: replica -> master
    ");
}

#[test]
fn ens_4_r_post_rladmin_params_endpoints_only() {
    let transcript = check(
        r#"
        rules R-POST-RLADMIN-PARAMS=SCHEMA21
        topology small
        POST /v1/nodes/2/actions/enslave_node {"endpoints_only":true}
        start node 2 enslave_node
        run node 2 enslave_node
        ---
        fail_over node 2 enslave_node 4 2 1
        move_endpoint node 2 enslave_node 1 2 3
        complete node 2 enslave_node
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  fail_over node 2 enslave_node 4 2 1
       not enabled: no_duty
    2  0s  move_endpoint node 2 enslave_node 1 2 3
       endpoint of database 1: node 2 -> 3
    3  0s  complete node 2 enslave_node
       node 2 enslave_node: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn ens_4_r_post_rladmin_params_shards_only() {
    let transcript = check(
        r#"
        rules R-POST-RLADMIN-PARAMS=SCHEMA21
        topology small
        POST /v1/nodes/2/actions/enslave_node {"shards_only":true}
        start node 2 enslave_node
        run node 2 enslave_node
        ---
        move_endpoint node 2 enslave_node 1 2 3
        fail_over node 2 enslave_node 4 2 1
        complete node 2 enslave_node
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  move_endpoint node 2 enslave_node 1 2 3
       not enabled: no_duty
    2  0s  fail_over node 2 enslave_node 4 2 1
       shard 3: master -> replica
       shard 4: replica -> master
    3  0s  complete node 2 enslave_node
       node 2 enslave_node: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn ens_3_ens_4_r_post_rladmin_params_demote_node() {
    let transcript = check(
        r#"
        rules R-POST-RLADMIN-PARAMS=SCHEMA21
        topology small
        delete_database 2
        POST /v1/nodes/1/actions/enslave_node {"demote_node":true}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        fail_over node 1 enslave_node 2 1 2
        complete node 1 enslave_node
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  fail_over node 1 enslave_node 2 1 2
       shard 1: master -> replica
       shard 2: replica -> master
    2  0s  complete node 1 enslave_node
       node 1 enslave_node: running -> completed, progress 0% -> 100%
       primary 1 -> 2
    ");
}

#[test]
fn ens_1_r_ens_meaning_it_may_be_the_role_of_the_node() {
    let transcript = check(
        "
        rules R-ENS-MEANING=NODE-ROLE
        topology small
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        fail_over node 1 enslave_node 2 1 2
        complete node 1 enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  fail_over node 1 enslave_node 2 1 2
       not enabled: no_duty
    2  0s  complete node 1 enslave_node
       node 1 enslave_node: running -> completed, progress 0% -> 100%
       primary 1 -> 2
    ");
}

#[test]
fn ens_1_r_ens_meaning_or_both() {
    let transcript = check(
        "
        rules R-ENS-MEANING=BOTH
        topology small
        delete_database 2
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        complete node 1 enslave_node
        fail_over node 1 enslave_node 2 1 2
        complete node 1 enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 1 enslave_node
       not enabled: unfinished
    2  0s  fail_over node 1 enslave_node 2 1 2
       shard 1: master -> replica
       shard 2: replica -> master
    3  0s  complete node 1 enslave_node
       node 1 enslave_node: running -> completed, progress 0% -> 100%
       primary 1 -> 2
    ");
}
