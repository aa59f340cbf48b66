//! The endpoints of cluster actions (section CLU).

use insta::assert_snapshot;

use super::check;

#[test]
fn clu_1_clu_2_clu_3_the_list_wraps_the_action_and_names_no_node() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        ---
        GET /v1/cluster/actions
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/cluster/actions
       200 {"actions":[{"name":"change_master","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}]}
    "#);
}

#[test]
fn clu_4_without_any_action_the_list_is_empty() {
    let transcript = check(
        "
        GET /v1/cluster/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/cluster/actions
       200 {"actions":[]}
    "#);
}

#[test]
fn clu_4_read_literally_an_empty_list_is_not_found() {
    let transcript = check(
        r#"
        rules R-LIST-EMPTY-CLUSTER=NOTFOUND
        GET /v1/cluster/actions
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        GET /v1/cluster/actions
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/cluster/actions
       404 action_not_running: no cluster action is running or has a status of a last run
    2  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"}
       200 {}
       cluster change_master: absent -> queued (task 1)
    3  0s  GET /v1/cluster/actions
       200 {"actions":[{"name":"change_master","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}]}
    "#);
}

#[test]
fn clu_5_clu_6_a_single_action_is_not_wrapped() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        ---
        GET /v1/cluster/actions/change_master
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/cluster/actions/change_master
       200 {"name":"change_master","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn clu_7_an_action_that_never_ran_is_not_found() {
    let transcript = check(
        "
        GET /v1/cluster/actions/change_master
        GET /v1/cluster/actions/bogus
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  GET /v1/cluster/actions/change_master
       404 action_not_running: the action is not running and has no status of a last run
    2  0s  GET /v1/cluster/actions/bogus
       404 action_not_found: no action has this name here
    ");
}

#[test]
fn clu_7_an_action_whose_status_was_removed_is_not_found() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        DELETE /v1/cluster/actions/change_master
        DELETE /v1/cluster/actions/change_master
        ---
        GET /v1/cluster/actions/change_master
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  GET /v1/cluster/actions/change_master
       404 action_not_running: the action is not running and has no status of a last run
    ");
}

#[test]
fn clu_8_a_post_starts_the_action_in_the_path() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        GET /v1/cluster/actions/change_master
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"}
       200 {}
       cluster change_master: absent -> queued (task 1)
    2  0s  GET /v1/cluster/actions/change_master
       200 {"name":"change_master","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn clu_9_no_other_action_is_supported() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/bogus {}
        POST /v1/cluster/actions/remove {}
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/bogus {}
       400 action_not_found: no action has this name here
    2  0s  POST /v1/cluster/actions/remove {}
       400 action_not_found: no action has this name here
    3  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"}
       200 {}
       cluster change_master: absent -> queued (task 1)
    "#);
}

#[test]
fn clu_10_bad_content_is_400_and_a_second_instance_409() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":""}
        POST /v1/cluster/actions/change_master text "{not json"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        POST /v1/cluster/actions/change_master {"node_uid":"3"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":""}
       400 invalid_schema: node_uid must name the node to promote
    2  0s  POST /v1/cluster/actions/change_master text "{not json"
       400 invalid_json: the body is not JSON
    3  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"}
       200 {}
       cluster change_master: absent -> queued (task 1)
    4  0s  POST /v1/cluster/actions/change_master {"node_uid":"3"}
       409 action_conflict: a conflicting action is already in progress
    "#);
}

#[test]
fn clu_11_from_8_0_2_an_unknown_node_is_404_and_a_joining_one_406() {
    let transcript = check(
        r#"
        edition E-80
        join 4
        ---
        POST /v1/cluster/actions/change_master {"node_uid":"9"}
        POST /v1/cluster/actions/change_master {"node_uid":"4"}
        bootstrap 4
        POST /v1/cluster/actions/change_master {"node_uid":"4"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":"9"}
       404 node_not_found: the node to promote does not exist
    2  0s  POST /v1/cluster/actions/change_master {"node_uid":"4"}
       406 node_not_bootstrapped: the node to promote is not bootstrapped
    3  0s  bootstrap 4
       node 4: bootstrapped
    4  0s  POST /v1/cluster/actions/change_master {"node_uid":"4"}
       200 {}
       cluster change_master: absent -> queued (task 1)
    "#);
}

#[test]
fn clu_11_before_8_0_2_there_is_neither_404_nor_406() {
    let transcript = check(
        r#"
        join 4
        ---
        POST /v1/cluster/actions/change_master {"node_uid":"9"}
        POST /v1/cluster/actions/change_master {"node_uid":"4"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/change_master {"node_uid":"9"}
       400 node_not_found: the node to promote does not exist
    2  0s  POST /v1/cluster/actions/change_master {"node_uid":"4"}
       200 {}
       cluster change_master: absent -> queued (task 1)
    "#);
}

#[test]
fn clu_12_the_body_of_the_answer_is_not_used() {
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
fn clu_13_a_queued_action_is_cancelled() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        ---
        DELETE /v1/cluster/actions/change_master
        GET /v1/cluster/actions/change_master
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/cluster/actions/change_master
       200
       cluster change_master: queued -> cancelled
    2  0s  GET /v1/cluster/actions/change_master
       200 {"name":"change_master","status":"cancelled","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn clu_13_an_executing_action_is_cancelled() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        start cluster change_master
        run cluster change_master
        ---
        DELETE /v1/cluster/actions/change_master
        finish_cancel cluster change_master
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/cluster/actions/change_master
       200
       cluster change_master: running -> cancelling
    2  0s  finish_cancel cluster change_master
       cluster change_master: cancelling -> cancelled
    ");
}

#[test]
fn clu_13_the_status_of_a_completed_action_is_removed() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        start cluster change_master
        run cluster change_master
        complete cluster change_master
        ---
        DELETE /v1/cluster/actions/change_master
        GET /v1/cluster/actions/change_master
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/cluster/actions/change_master
       200
       cluster change_master: completed -> absent
    2  0s  GET /v1/cluster/actions/change_master
       404 action_not_running: the action is not running and has no status of a last run
    ");
}

#[test]
fn clu_14_read_literally_no_action_can_be_deleted() {
    let transcript = check(
        r#"
        rules R-DEL-CLUSTER=NEVER
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        ---
        DELETE /v1/cluster/actions/change_master
        GET /v1/cluster/actions/change_master
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/cluster/actions/change_master
       404 action_not_cancellable: the action cannot be cancelled now
    2  0s  GET /v1/cluster/actions/change_master
       200 {"name":"change_master","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    "#);
}

#[test]
fn clu_15_a_delete_answers_200_or_404() {
    let transcript = check(
        r#"
        DELETE /v1/cluster/actions/change_master
        DELETE /v1/cluster/actions/bogus
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        DELETE /v1/cluster/actions/change_master
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  DELETE /v1/cluster/actions/change_master
       404 action_not_running: the action is not running and has no status of a last run
    2  0s  DELETE /v1/cluster/actions/bogus
       404 action_not_found: no action has this name here
    3  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"}
       200 {}
       cluster change_master: absent -> queued (task 1)
    4  0s  DELETE /v1/cluster/actions/change_master
       200
       cluster change_master: queued -> cancelled
    "#);
}

#[test]
fn clu_17_the_version_is_part_of_the_path() {
    let transcript = check(
        r#"
        GET /cluster/actions
        POST /cluster/actions/change_master {"node_uid":"2"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /cluster/actions
       404 not_found: nothing is served at this path
    2  0s  POST /cluster/actions/change_master {"node_uid":"2"}
       404 not_found: nothing is served at this path
    "#);
}

#[test]
fn clu_17_the_examples_without_a_version_work_if_it_is_optional() {
    let transcript = check(
        r#"
        rules R-VERSION-PREFIX=OPTIONAL
        GET /cluster/actions
        POST /cluster/actions/change_master {"node_uid":"2"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /cluster/actions
       200 {"actions":[]}
    2  0s  POST /cluster/actions/change_master {"node_uid":"2"}
       200 {}
       cluster change_master: absent -> queued (task 1)
    "#);
}
