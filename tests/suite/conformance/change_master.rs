//! The cluster action `change_master` (section CHM).

use insta::assert_snapshot;

use super::check;

#[test]
fn chm_1_chm_13_the_node_in_the_body_becomes_primary() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        start cluster change_master
        run cluster change_master
        complete cluster change_master
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"}
       200 {}
       cluster change_master: absent -> queued (task 1)
    2  0s  start cluster change_master
       cluster change_master: queued -> starting
    3  0s  run cluster change_master
       cluster change_master: starting -> running
    4  0s  complete cluster change_master
       cluster change_master: running -> completed, progress 0% -> 100%
       primary 1 -> 2
    "#);
}

#[test]
fn chm_1_a_change_that_does_not_complete_changes_nothing() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        start cluster change_master
        run cluster change_master
        ---
        fail cluster change_master internal_error
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  fail cluster change_master internal_error
       cluster change_master: running -> failed, error internal_error
    ");
}

#[test]
fn chm_2_the_node_is_given_as_a_string() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"}
       200 {}
       cluster change_master: absent -> queued (task 1)
    "#);
}

#[test]
fn chm_2_r_chm_type_an_integer_is_taken_too() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":2}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":2}
       200 {}
       cluster change_master: absent -> queued (task 1)
    "#);
}

#[test]
fn chm_2_r_chm_type_only_a_string_is_taken_where_the_example_is_read_strictly() {
    let transcript = check(
        r#"
        rules R-CHM-TYPE=STRING-ONLY
        POST /v1/cluster/actions/change_master {"node_uid":2}
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":2}
       400 invalid_schema: a member of the body has a wrong type
    2  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"}
       200 {}
       cluster change_master: absent -> queued (task 1)
    "#);
}

#[test]
fn chm_3_a_bad_action_or_bad_content_is_400() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_masters {"node_uid":"2"}
        POST /v1/cluster/actions/change_master {}
        POST /v1/cluster/actions/change_master {"node_uid":null}
        POST /v1/cluster/actions/change_master {"node_uid":""}
        POST /v1/cluster/actions/change_master {"node_uid":["2"]}
        POST /v1/cluster/actions/change_master ["2"]
        POST /v1/cluster/actions/change_master text "node_uid=2"
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_masters {"node_uid":"2"}
       400 action_not_found: no action has this name here
    2  0s  POST /v1/cluster/actions/change_master {}
       400 invalid_schema: node_uid must name the node to promote
    3  0s  POST /v1/cluster/actions/change_master {"node_uid":null}
       400 invalid_schema: node_uid must name the node to promote
    4  0s  POST /v1/cluster/actions/change_master {"node_uid":""}
       400 invalid_schema: node_uid must name the node to promote
    5  0s  POST /v1/cluster/actions/change_master {"node_uid":["2"]}
       400 invalid_schema: a member of the body has a wrong type
    6  0s  POST /v1/cluster/actions/change_master ["2"]
       400 invalid_schema: the body is not a JSON object
    7  0s  POST /v1/cluster/actions/change_master text "node_uid=2"
       400 invalid_json: the body is not JSON
    "#);
}

#[test]
fn chm_4_while_one_is_in_progress_another_is_refused() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        start cluster change_master
        run cluster change_master
        ---
        POST /v1/cluster/actions/change_master {"node_uid":"3"}
        complete cluster change_master
        POST /v1/cluster/actions/change_master {"node_uid":"3"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":"3"}
       409 action_conflict: a conflicting action is already in progress
    2  0s  complete cluster change_master
       cluster change_master: running -> completed, progress 0% -> 100%
       primary 1 -> 2
    3  0s  POST /v1/cluster/actions/change_master {"node_uid":"3"}
       200 {}
       cluster change_master: completed -> queued (task 2)
    "#);
}

#[test]
fn chm_5_from_8_0_on_an_unknown_node_is_404() {
    let transcript = check(
        r#"
        edition E-80
        POST /v1/cluster/actions/change_master {"node_uid":"9"}
        POST /v1/cluster/actions/change_master {"node_uid":"two"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":"9"}
       404 node_not_found: the node to promote does not exist
    2  0s  POST /v1/cluster/actions/change_master {"node_uid":"two"}
       404 node_not_found: the node to promote does not exist
    "#);
}

#[test]
fn chm_3_r_chm_unknown_before_8_0_an_unknown_node_is_bad_content() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"9"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":"9"}
       400 node_not_found: the node to promote does not exist
    "#);
}

#[test]
fn chm_6_from_8_0_on_a_node_that_is_not_bootstrapped_is_406() {
    let transcript = check(
        r#"
        edition E-80
        join 4
        ---
        POST /v1/cluster/actions/change_master {"node_uid":"4"}
        bootstrap 4
        POST /v1/cluster/actions/change_master {"node_uid":"4"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":"4"}
       406 node_not_bootstrapped: the node to promote is not bootstrapped
    2  0s  bootstrap 4
       node 4: bootstrapped
    3  0s  POST /v1/cluster/actions/change_master {"node_uid":"4"}
       200 {}
       cluster change_master: absent -> queued (task 1)
    "#);
}

#[test]
fn chm_7_before_8_0_a_node_that_is_not_bootstrapped_may_become_primary() {
    let transcript = check(
        r#"
        join 4
        POST /v1/cluster/actions/change_master {"node_uid":"4"}
        start cluster change_master
        run cluster change_master
        ---
        complete cluster change_master
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete cluster change_master
       cluster change_master: running -> completed, progress 0% -> 100%
       primary 1 -> 4
    ");
}

#[test]
fn chm_10_the_primary_can_change_again() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        start cluster change_master
        run cluster change_master
        complete cluster change_master
        POST /v1/cluster/actions/change_master {"node_uid":"3"}
        start cluster change_master
        run cluster change_master
        ---
        complete cluster change_master
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete cluster change_master
       cluster change_master: running -> completed, progress 0% -> 100%
       primary 2 -> 3
    ");
}

#[test]
fn chm_11_a_node_in_maintenance_may_become_primary() {
    let transcript = check(
        r#"
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        complete node 2 maintenance_on
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        start cluster change_master
        run cluster change_master
        ---
        complete cluster change_master
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete cluster change_master
       cluster change_master: running -> completed, progress 0% -> 100%
       primary 1 -> 2
    ");
}

#[test]
fn r_chm_current_a_change_to_the_present_primary_completes() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"1"}
        start cluster change_master
        run cluster change_master
        ---
        complete cluster change_master
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete cluster change_master
       cluster change_master: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn r_chm_down_a_node_that_does_not_answer_does_not_become_primary() {
    let transcript = check(
        r#"
        node_down 2
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        start cluster change_master
        run cluster change_master
        ---
        complete cluster change_master
        fail cluster change_master internal_error
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete cluster change_master
       not enabled: blocked(target_lost)
    2  0s  fail cluster change_master internal_error
       cluster change_master: running -> failed, error internal_error
    ");
}
