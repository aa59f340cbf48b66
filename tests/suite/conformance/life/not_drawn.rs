//! The edges that are not drawn: nothing skips a status, and nothing leaves an end.

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn life_14_life_17_a_cancellation_ends_in_nothing_else() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        DELETE /v1/nodes/1/actions/enslave_node
        ---
        complete node 1 enslave_node
        fail node 1 enslave_node internal_error
        abort node 1 enslave_node
        run node 1 enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 1 enslave_node
       not enabled: no_edge(cancelling)
    2  0s  fail node 1 enslave_node internal_error
       not enabled: no_edge(cancelling)
    3  0s  abort node 1 enslave_node
       not enabled: no_edge(cancelling)
    4  0s  run node 1 enslave_node
       not enabled: no_edge(cancelling)
    ");
}

#[test]
fn life_17_a_queued_action_does_nothing_but_start() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        ---
        run node 1 enslave_node
        complete node 1 enslave_node
        fail node 1 enslave_node internal_error
        abort node 1 enslave_node
        begin_cancel node 1 enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  run node 1 enslave_node
       not enabled: no_edge(queued)
    2  0s  complete node 1 enslave_node
       not enabled: no_edge(queued)
    3  0s  fail node 1 enslave_node internal_error
       not enabled: no_edge(queued)
    4  0s  abort node 1 enslave_node
       not enabled: no_edge(queued)
    5  0s  begin_cancel node 1 enslave_node
       not enabled: no_edge(queued)
    ");
}

#[test]
fn life_17_a_starting_action_neither_ends_nor_is_cancelling() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        ---
        complete node 1 enslave_node
        fail node 1 enslave_node internal_error
        begin_cancel node 1 enslave_node
        finish_cancel node 1 enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 1 enslave_node
       not enabled: no_edge(starting)
    2  0s  fail node 1 enslave_node internal_error
       not enabled: no_edge(starting)
    3  0s  begin_cancel node 1 enslave_node
       not enabled: no_edge(starting)
    4  0s  finish_cancel node 1 enslave_node
       not enabled: no_edge(starting)
    ");
}

#[test]
fn life_18_nothing_leaves_completed() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        ---
        start node 1 enslave_node
        fail node 1 enslave_node internal_error
        begin_cancel node 1 enslave_node
        abort node 1 enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  start node 1 enslave_node
       not enabled: no_edge(completed)
    2  0s  fail node 1 enslave_node internal_error
       not enabled: no_edge(completed)
    3  0s  begin_cancel node 1 enslave_node
       not enabled: no_edge(completed)
    4  0s  abort node 1 enslave_node
       not enabled: no_edge(completed)
    ");
}

#[test]
fn life_18_nothing_leaves_failed() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        fail node 1 enslave_node internal_error
        ---
        complete node 1 enslave_node
        progress node 1 enslave_node 50%
        finish_cancel node 1 enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 1 enslave_node
       not enabled: no_edge(failed)
    2  0s  progress node 1 enslave_node 50%
       not enabled: no_edge(failed)
    3  0s  finish_cancel node 1 enslave_node
       not enabled: no_edge(failed)
    ");
}

#[test]
fn life_18_nothing_leaves_cancelled() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        DELETE /v1/nodes/1/actions/enslave_node
        ---
        start node 1 enslave_node
        run node 1 enslave_node
        complete node 1 enslave_node
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  start node 1 enslave_node
       not enabled: no_edge(cancelled)
    2  0s  run node 1 enslave_node
       not enabled: no_edge(cancelled)
    3  0s  complete node 1 enslave_node
       not enabled: no_edge(cancelled)
    ");
}

#[test]
fn life_18_nothing_leaves_aborted() {
    let transcript = check(
        "
        POST /v1/nodes/1/actions/enslave_node {}
        start node 1 enslave_node
        run node 1 enslave_node
        abort node 1 enslave_node
        ---
        complete node 1 enslave_node
        fail node 1 enslave_node internal_error
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  complete node 1 enslave_node
       not enabled: no_edge(aborted)
    2  0s  fail node 1 enslave_node internal_error
       not enabled: no_edge(aborted)
    ");
}
