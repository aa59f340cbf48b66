//! Authentication, paths, headers and methods (section HTTP).

use insta::assert_snapshot;

use super::check;

#[test]
fn http_1_http_2_credentials_are_needed_and_have_to_be_right() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/remove {} without credentials
        POST /v1/nodes/1/actions/remove {} with wrong credentials
        POST /v1/nodes/1/actions/remove {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/remove {} without credentials
       401 unauthenticated: credentials are missing or wrong
    2  0s  POST /v1/nodes/1/actions/remove {} with wrong credentials
       401 unauthenticated: credentials are missing or wrong
    3  0s  POST /v1/nodes/1/actions/remove {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1: removal mark set
       node 1 remove: absent -> queued (task 1)
    "#);
}

#[test]
fn http_2_r_auth_first_without_credentials_it_is_401_everywhere() {
    let transcript = check(
        "
        GET /v1/nodes/9/actions without credentials
        GET /v1/bogus without credentials
        PUT /v1/nodes/1/actions with wrong credentials
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  GET /v1/nodes/9/actions without credentials
       401 unauthenticated: credentials are missing or wrong
    2  0s  GET /v1/bogus without credentials
       401 unauthenticated: credentials are missing or wrong
    3  0s  PUT /v1/nodes/1/actions with wrong credentials
       401 unauthenticated: credentials are missing or wrong
    ");
}

#[test]
fn http_5_http_6_the_version_is_part_of_the_path() {
    let transcript = check(
        "
        GET /v1/nodes/1/actions
        GET /nodes/1/actions
        GET /v2/nodes/1/actions
        POST /nodes/1/actions/remove {}
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions
       200 {"actions":[]}
    2  0s  GET /nodes/1/actions
       404 not_found: nothing is served at this path
    3  0s  GET /v2/nodes/1/actions
       404 not_found: nothing is served at this path
    4  0s  POST /nodes/1/actions/remove {}
       404 not_found: nothing is served at this path
    "#);
}

#[test]
fn http_6_r_version_prefix_the_example_lines_work_where_it_may_be_left_out() {
    let transcript = check(
        "
        rules R-VERSION-PREFIX=OPTIONAL
        GET /nodes/actions
        GET /cluster/actions
        POST /nodes/1/actions/remove {}
        GET /v2/nodes/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /nodes/actions
       200 {"actions":[]}
    2  0s  GET /cluster/actions
       200 {"actions":[]}
    3  0s  POST /nodes/1/actions/remove {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1: removal mark set
       node 1 remove: absent -> queued (task 1)
    4  0s  GET /v2/nodes/actions
       404 not_found: nothing is served at this path
    "#);
}

#[test]
fn http_7_json_headers_are_accepted() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/remove {} content-type application/json accept application/json
        POST /v1/nodes/2/actions/remove {} content-type "application/json; charset=utf-8"
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/remove {} content-type application/json accept application/json
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1: removal mark set
       node 1 remove: absent -> queued (task 1)
    2  0s  POST /v1/nodes/2/actions/remove {} content-type "application/json; charset=utf-8"
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2: removal mark set
       node 2 remove: absent -> queued (task 2)
    "#);
}

#[test]
fn http_7_r_post_content_type_another_content_type_is_tolerated_if_the_body_is_json() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/remove {} content-type application/x-www-form-urlencoded
        POST /v1/nodes/2/actions/remove {} no content-type
        POST /v1/nodes/3/actions/remove text "a=1" content-type application/x-www-form-urlencoded
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/remove {} content-type application/x-www-form-urlencoded
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1: removal mark set
       node 1 remove: absent -> queued (task 1)
    2  0s  POST /v1/nodes/2/actions/remove {} no content-type
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2: removal mark set
       node 2 remove: absent -> queued (task 2)
    3  0s  POST /v1/nodes/3/actions/remove text "a=1" content-type application/x-www-form-urlencoded
       400 invalid_json: the body is not JSON
    "#);
}

#[test]
fn http_7_http_8_an_invalid_content_type_is_400_where_headers_are_checked() {
    let transcript = check(
        r#"
        rules R-POST-CONTENT-TYPE=STRICT-400
        POST /v1/nodes/1/actions/remove {} content-type application/x-www-form-urlencoded
        POST /v1/nodes/1/actions/remove {} no content-type
        POST /v1/nodes/1/actions/remove {}
        POST /v1/nodes/2/actions/remove {} content-type "application/json; charset=utf-8"
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/remove {} content-type application/x-www-form-urlencoded
       400 invalid_content_type: the content type must be application/json
    2  0s  POST /v1/nodes/1/actions/remove {} no content-type
       400 invalid_content_type: the content type must be application/json
    3  0s  POST /v1/nodes/1/actions/remove {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1: removal mark set
       node 1 remove: absent -> queued (task 1)
    4  0s  POST /v1/nodes/2/actions/remove {} content-type "application/json; charset=utf-8"
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2: removal mark set
       node 2 remove: absent -> queued (task 2)
    "#);
}

#[test]
fn http_8_r_accept_an_accept_header_that_allows_anything_is_not_invalid() {
    let transcript = check(
        "
        GET /v1/nodes/1/actions no accept
        GET /v1/nodes/1/actions accept */*
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions no accept
       200 {"actions":[]}
    2  0s  GET /v1/nodes/1/actions accept */*
       200 {"actions":[]}
    "#);
}

#[test]
fn http_10_one_action_is_one_object_and_a_list_holds_an_array() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        GET /v1/nodes/1/actions/enslave_node
        GET /v1/nodes/1/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/1/actions/enslave_node
       200 {"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}
    2  0s  GET /v1/nodes/1/actions
       200 {"actions":[{"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}]}
    "#);
}

#[test]
fn http_10_r_allnodes_shape_r_clusterlist_shape_the_general_rule_makes_lists_bare_arrays() {
    let transcript = check(
        "
        rules R-ALLNODES-SHAPE=BARE, R-CLUSTERLIST-SHAPE=BARE
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        GET /v1/nodes/actions
        GET /v1/cluster/actions
        GET /v1/nodes/1/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  GET /v1/nodes/actions
       200 [{"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}]
    2  0s  GET /v1/cluster/actions
       200 []
    3  0s  GET /v1/nodes/1/actions
       200 {"actions":[{"name":"enslave_node","node_uid":"1","status":"queued","progress":0.0,"task_id":"00000000-0000-4000-8000-000000000001"}]}
    "#);
}

#[test]
fn http_11_the_answer_to_delete_is_a_status_code_alone() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        DELETE /v1/nodes/1/actions/enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: queued -> cancelled
    2  0s  DELETE /v1/nodes/1/actions/enslave_node
       200
       node 1 enslave_node: cancelled -> absent
    ");
}

#[test]
fn http_12_http_15_other_methods_are_not_allowed_and_do_nothing() {
    let transcript = check(
        r#"
        PUT /v1/nodes/1/actions/remove {}
        PATCH /v1/cluster/actions/change_master {"node_uid":"2"}
        POST /v1/nodes/1/actions {"action":"remove"}
        DELETE /v1/nodes/actions
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  PUT /v1/nodes/1/actions/remove {}
       405 method_not_allowed: the path does not have this method
    2  0s  PATCH /v1/cluster/actions/change_master {"node_uid":"2"}
       405 method_not_allowed: the path does not have this method
    3  0s  POST /v1/nodes/1/actions {"action":"remove"}
       405 method_not_allowed: the path does not have this method
    4  0s  DELETE /v1/nodes/actions
       405 method_not_allowed: the path does not have this method
    "#);
}

#[test]
fn http_13_options_lists_the_methods_of_a_path() {
    let transcript = check(
        "
        OPTIONS /v1/nodes/1/actions/remove
        OPTIONS /v1/cluster/actions/change_master
        OPTIONS /v1/nodes/actions
        OPTIONS /v1/bogus
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  OPTIONS /v1/nodes/1/actions/remove
       200 allow GET, POST, DELETE
    2  0s  OPTIONS /v1/cluster/actions/change_master
       200 allow GET, POST, DELETE
    3  0s  OPTIONS /v1/nodes/actions
       200 allow GET
    4  0s  OPTIONS /v1/bogus
       404 not_found: nothing is served at this path
    ");
}

#[test]
fn r_head_options_head_answers_like_get_without_the_body() {
    let transcript = check(
        "
        HEAD /v1/nodes/1/actions
        HEAD /v1/nodes/9/actions
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  HEAD /v1/nodes/1/actions
       200
    2  0s  HEAD /v1/nodes/9/actions
       404 node_not_found: the node does not exist
    ");
}
