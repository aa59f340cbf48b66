//! `wait_for_persistence` and the policy of the cluster (section REM).

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn rem_7_the_node_leaves_once_the_files_of_all_it_held_are_written() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/2/actions/remove {"wait_for_persistence":true}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        move_shard node 2 remove 3 2 3
        move_endpoint node 2 remove 1 2 1
        ---
        complete node 2 remove
        persist node 2 remove 2 3
        complete node 2 remove
        persist node 2 remove 3 3
        complete node 2 remove
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 2 remove
       not enabled: unfinished
    2  0s  persist node 2 remove 2 3
       shard 2: persisted
    3  0s  complete node 2 remove
       not enabled: unfinished
    4  0s  persist node 2 remove 3 3
       shard 3: persisted
    5  0s  complete node 2 remove
       node 2 left
       node 2 remove: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn rem_7_only_what_was_moved_is_written() {
    let transcript = check(
        r#"
        topology small
        POST /v1/nodes/2/actions/remove {"wait_for_persistence":true}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        ---
        persist node 2 remove 6 3
        persist node 2 remove 3 2
        persist node 2 remove 2 3
        persist node 2 remove 2 3
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  persist node 2 remove 6 3
       not enabled: no_duty
    2  0s  persist node 2 remove 3 2
       not enabled: no_duty
    3  0s  persist node 2 remove 2 3
       shard 2: persisted
    4  0s  persist node 2 remove 2 3
       not enabled: no_duty
    ");
}

#[test]
fn rem_8_by_default_the_removal_does_not_wait() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        move_shard node 2 remove 3 2 3
        move_endpoint node 2 remove 1 2 1
        ---
        complete node 2 remove
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 2 remove
       node 2 left
       node 2 remove: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn rem_8_the_files_may_be_written_nevertheless() {
    let transcript = check(
        "
        topology small
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        move_shard node 2 remove 3 2 3
        move_endpoint node 2 remove 1 2 1
        ---
        persist node 2 remove 3 3
        complete node 2 remove
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  persist node 2 remove 3 3
       shard 3: persisted
    2  0s  complete node 2 remove
       node 2 left
       node 2 remove: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn rem_9_the_policy_of_the_cluster_is_the_default() {
    let transcript = check(
        "
        topology small
        policy persistent_node_removal
        POST /v1/nodes/2/actions/remove {}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        move_shard node 2 remove 3 2 3
        move_endpoint node 2 remove 1 2 1
        ---
        complete node 2 remove
        persist node 2 remove 2 3
        persist node 2 remove 3 3
        complete node 2 remove
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 2 remove
       not enabled: unfinished
    2  0s  persist node 2 remove 2 3
       shard 2: persisted
    3  0s  persist node 2 remove 3 3
       shard 3: persisted
    4  0s  complete node 2 remove
       node 2 left
       node 2 remove: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn rem_9_r_remove_persist_the_request_wins_over_the_policy() {
    let transcript = check(
        r#"
        topology small
        policy persistent_node_removal
        POST /v1/nodes/2/actions/remove {"wait_for_persistence":false}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        move_shard node 2 remove 3 2 3
        move_endpoint node 2 remove 1 2 1
        ---
        complete node 2 remove
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 2 remove
       node 2 left
       node 2 remove: running -> completed, progress 0% -> 100%
    ");
}

#[test]
fn rem_9_r_remove_persist_or_either_makes_it_wait() {
    let transcript = check(
        r#"
        rules R-REMOVE-PERSIST=OR
        topology small
        policy persistent_node_removal
        POST /v1/nodes/2/actions/remove {"wait_for_persistence":false}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        move_shard node 2 remove 3 2 3
        move_endpoint node 2 remove 1 2 1
        ---
        complete node 2 remove
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 2 remove
       not enabled: unfinished
    ");
}

#[test]
fn rem_7_the_files_do_not_come_along_when_a_shard_moves_on() {
    let transcript = check(
        r#"
        topology typical
        POST /v1/nodes/2/actions/remove {"wait_for_persistence":true}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        persist node 2 remove 2 3
        fail node 2 remove internal_error
        POST /v1/nodes/3/actions/remove {"wait_for_persistence":true}
        start node 3 remove
        run node 3 remove
        move_shard node 3 remove 2 3 4
        ---
        persist node 3 remove 2 4
        "#,
    );
    assert_snapshot!(transcript, @"
    1  0s  persist node 3 remove 2 4
       shard 2: persisted
    ");
}
