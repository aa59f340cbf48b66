//! `change_master` and data (section CHM).

use insta::assert_snapshot;

use crate::conformance::check;

#[test]
fn chm_14_no_shard_moves_with_the_role() {
    let transcript = check(
        r#"
        topology small
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
fn chm_14_nodes_of_either_role_hold_shards() {
    let transcript = check(
        "
        topology small
        migrate 5 1 2
        migrate 5 2 1
        ",
    );
    assert_snapshot!(transcript, @"
    1  0s  migrate 5 1 2
       shard 5 (database 2, part 1, master): node 1 -> 2
    2  0s  migrate 5 2 1
       shard 5 (database 2, part 1, master): node 2 -> 1
    ");
}
