//! The action `enslave_node` (section ENS).

use insta::assert_snapshot;

use super::check;

#[test]
fn ens_3_the_role_of_the_node_does_not_change() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        ---
        complete node 1 enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 1 enslave_node
       node 1 enslave_node: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn ens_4_the_rest_interface_does_not_know_the_options_of_the_command_line() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/enslave_node {"demote_node":1,"endpoints_only":1,"shards_only":1,"retry_timeout_seconds":[]}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {"demote_node":1,"endpoints_only":1,"shards_only":1,"retry_timeout_seconds":[]}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 enslave_node: absent -> queued (task 1)
    "#);
}

#[test]
fn ens_4_r_post_rladmin_params_the_schema_of_2021_knows_three_of_them() {
    let transcript = check(
        r#"
        rules R-POST-RLADMIN-PARAMS=SCHEMA21
        POST /v1/nodes/1/actions/enslave_node {"demote_node":1}
        POST /v1/nodes/1/actions/enslave_node {"endpoints_only":1}
        POST /v1/nodes/1/actions/enslave_node {"shards_only":1}
        POST /v1/nodes/1/actions/enslave_node {"retry_timeout_seconds":[]}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {"demote_node":1}
       400 invalid_schema: a member of the body has a wrong type
    2  0s  POST /v1/nodes/1/actions/enslave_node {"endpoints_only":1}
       400 invalid_schema: a member of the body has a wrong type
    3  0s  POST /v1/nodes/1/actions/enslave_node {"shards_only":1}
       400 invalid_schema: a member of the body has a wrong type
    4  0s  POST /v1/nodes/1/actions/enslave_node {"retry_timeout_seconds":[]}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 enslave_node: absent -> queued (task 1)
    "#);
}

#[test]
fn ens_7_the_name_is_that_of_the_path() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        GET /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn r_ens_empty_a_node_with_nothing_to_change_completes() {
    let transcript = check(
        "
        join 4
        bootstrap 4
        POST /v1/nodes/4/actions/enslave_node {}
        start node 4 enslave_node
        run node 4 enslave_node
        ---
        complete node 4 enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 4 enslave_node
       node 4 enslave_node: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn r_node_down_a_node_that_does_not_answer_is_not_enslaved() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        node_down 1
        ---
        complete node 1 enslave_node
        fail node 1 enslave_node internal_error
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 1 enslave_node
       not enabled: blocked(node_down)
    2  0s  fail node 1 enslave_node internal_error
       node 1 enslave_node: running -> failed, error internal_error
    ");
}
