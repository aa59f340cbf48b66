//! What may be posted, and where.

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn post_7_a_bad_action_or_bad_content_is_400() {
    let transcript = check(
        r#"
        POST /v1/cluster/actions/bogus {}
        POST /v1/cluster/actions/change_master text "{"
        POST /v1/cluster/actions/change_master []
        POST /v1/cluster/actions/change_master {}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/cluster/actions/bogus {}
       400 action_not_found: no action has this name here
    2  0s  POST /v1/cluster/actions/change_master text "{"
       400 invalid_json: the body is not JSON
    3  0s  POST /v1/cluster/actions/change_master []
       400 invalid_schema: the body is not a JSON object
    4  0s  POST /v1/cluster/actions/change_master {}
       400 invalid_schema: node_uid must name the node to promote
    "#);
}

#[test]
fn post_7_a_node_refuses_bad_content_like_the_cluster() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/bogus {}
        POST /v1/nodes/1/actions/remove text "{"
        POST /v1/nodes/1/actions/remove []
        GET /v1/nodes/1/actions
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/bogus {}
       400 action_not_found: no action has this name here
    2  0s  POST /v1/nodes/1/actions/remove text "{"
       400 invalid_json: the body is not JSON
    3  0s  POST /v1/nodes/1/actions/remove []
       400 invalid_schema: the body is not a JSON object
    4  0s  GET /v1/nodes/1/actions
       200 {"actions":[]}
    "#);
}

#[test]
fn post_8_the_content_type_is_not_insisted_on() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {} no content-type
        POST /v1/nodes/2/actions/enslave_node {} content-type text/plain
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {} no content-type
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 enslave_node: absent -> queued (task 1)
    2  0s  POST /v1/nodes/2/actions/enslave_node {} content-type text/plain
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2 enslave_node: absent -> queued (task 2)
    "#);
}

#[test]
fn post_8_read_strictly_only_json_is_accepted() {
    let transcript = check(
        r#"
        rules R-POST-CONTENT-TYPE=STRICT-400
        POST /v1/nodes/1/actions/enslave_node {} no content-type
        POST /v1/nodes/1/actions/enslave_node {} content-type text/plain
        POST /v1/nodes/1/actions/enslave_node {} content-type "application/json; charset=utf-8"
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {} no content-type
       400 invalid_content_type: the content type must be application/json
    2  0s  POST /v1/nodes/1/actions/enslave_node {} content-type text/plain
       400 invalid_content_type: the content type must be application/json
    3  0s  POST /v1/nodes/1/actions/enslave_node {} content-type "application/json; charset=utf-8"
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 enslave_node: absent -> queued (task 1)
    "#);
}

#[test]
fn post_9_a_post_needs_a_body() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/remove
        GET /v1/nodes/1/actions
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/remove
       400 empty_request: a JSON object is expected as body
    2  0s  GET /v1/nodes/1/actions
       200 {"actions":[]}
    "#);
}

#[test]
fn post_10_post_11_both_documented_requests_are_accepted() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/remove {} content-type application/x-www-form-urlencoded accept */*
        DELETE /v1/nodes/1/actions/remove
        POST /v1/nodes/1/actions/remove {} accept */*
        ",
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/remove {} content-type application/x-www-form-urlencoded accept */*
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1: removal mark set
       node 1 remove: absent -> queued (task 1)
    2  0s  DELETE /v1/nodes/1/actions/remove
       200
       node 1 remove: queued -> cancelled
    3  0s  POST /v1/nodes/1/actions/remove {} accept */*
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 1 remove: cancelled -> queued (task 2)
    "#);
}

#[test]
fn post_12_members_left_out_have_defaults() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/maintenance_on {}
        POST /v1/nodes/2/actions/maintenance_on {"overwrite_snapshot":true}
        POST /v1/nodes/3/actions/maintenance_on {"overwrite_snapshot":null}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/maintenance_on {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 maintenance_on: absent -> queued (task 1)
    2  0s  POST /v1/nodes/2/actions/maintenance_on {"overwrite_snapshot":true}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2 maintenance_on: absent -> queued (task 2)
    3  0s  POST /v1/nodes/3/actions/maintenance_on {"overwrite_snapshot":null}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000003"}
       node 3 maintenance_on: absent -> queued (task 3)
    "#);
}

#[test]
fn post_15_every_documented_member_is_known() {
    let transcript = check(
        r#"
        rules R-POST-UNKNOWN-FIELD=BADREQUEST
        POST /v1/nodes/2/actions/remove {"wait_for_persistence":true}
        POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true,"evict_ha_replica":false,"evict_active_active_replica":false}
        POST /v1/nodes/2/actions/maintenance_on {"evict_dbs":["1","3"],"keep_slave_shards":true}
        POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":"before","skip_shards_restore":true}
        POST /v1/nodes/1/actions/enslave_node {}
        POST /v1/cluster/actions/change_master {"node_uid":"2"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/2/actions/remove {"wait_for_persistence":true}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 2: removal mark set
       node 2 remove: absent -> queued (task 1)
    2  0s  POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true,"evict_ha_replica":false,"evict_active_active_replica":false}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 1 maintenance_on: absent -> queued (task 2)
    3  0s  POST /v1/nodes/2/actions/maintenance_on {"evict_dbs":["1","3"],"keep_slave_shards":true}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000003"}
       node 2 maintenance_on: absent -> queued (task 3)
    4  0s  POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":"before","skip_shards_restore":true}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000004"}
       node 1 maintenance_off: absent -> queued (task 4)
    5  0s  POST /v1/nodes/1/actions/enslave_node {}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000005"}
       node 1 enslave_node: absent -> queued (task 5)
    6  0s  POST /v1/cluster/actions/change_master {"node_uid":"2"}
       200 {}
       cluster change_master: absent -> queued (task 6)
    "#);
}

#[test]
fn post_15_a_known_member_of_a_wrong_type_is_refused() {
    let transcript = check(
        r#"
        POST /v1/nodes/2/actions/remove {"wait_for_persistence":"yes"}
        POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":1}
        POST /v1/nodes/1/actions/maintenance_on {"evict_dbs":"1"}
        POST /v1/nodes/1/actions/maintenance_on {"evict_dbs":[1]}
        POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":["before"]}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/2/actions/remove {"wait_for_persistence":"yes"}
       400 invalid_schema: a member of the body has a wrong type
    2  0s  POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":1}
       400 invalid_schema: a member of the body has a wrong type
    3  0s  POST /v1/nodes/1/actions/maintenance_on {"evict_dbs":"1"}
       400 invalid_schema: a member of the body has a wrong type
    4  0s  POST /v1/nodes/1/actions/maintenance_on {"evict_dbs":[1]}
       400 invalid_schema: a member of the body has a wrong type
    5  0s  POST /v1/nodes/1/actions/maintenance_off {"snapshot_name":["before"]}
       400 invalid_schema: a member of the body has a wrong type
    "#);
}

#[test]
fn post_15_other_members_are_ignored() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions/enslave_node {"foo":1}
        POST /v1/nodes/2/actions/remove {"overwrite_snapshot":"a member of another action"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions/enslave_node {"foo":1}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}
       node 1 enslave_node: absent -> queued (task 1)
    2  0s  POST /v1/nodes/2/actions/remove {"overwrite_snapshot":"a member of another action"}
       200 {"status":"queued","task_id":"00000000-0000-4000-8000-000000000002"}
       node 2: removal mark set
       node 2 remove: absent -> queued (task 2)
    "#);
}

#[test]
fn post_16_nothing_is_posted_to_a_list() {
    let transcript = check(
        r#"
        POST /v1/nodes/1/actions {"action":"remove"}
        POST /v1/cluster/actions {"action":"change_master"}
        "#,
    );
    assert_snapshot!(transcript, @r#"
    1  0s  POST /v1/nodes/1/actions {"action":"remove"}
       405 method_not_allowed: the path does not have this method
    2  0s  POST /v1/cluster/actions {"action":"change_master"}
       405 method_not_allowed: the path does not have this method
    "#);
}
