//! Scripts: what is a line, what is none, and that both ways agree.

use action_oracle::script::{parse, parse_script, print, print_time};
use insta::assert_snapshot;
use proptest::prelude::*;

use crate::strategy;

proptest! {
    #[test]
    fn what_is_printed_is_read_back(act in strategy::act()) {
        let line = print(&act);
        prop_assert!(!line.contains('\n'), "one line: {line}");
        prop_assert_eq!(parse(&line), Ok(act), "{}", line);
    }

    #[test]
    fn any_text_has_an_answer(line: String, words in "(POST|at|fail|node|1|remove|\"|\\{|as|no|text| )*") {
        let _ = parse(&line);
        let _ = parse(&words);
        let _ = parse_script(&words);
    }
}

#[test]
fn usual_things_are_left_unsaid() {
    let lines = [
        r#"POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true}"#,
        "GET /v1/nodes/1/actions as db_viewer",
        "GET /v1/nodes/actions without credentials",
        "GET /v1/nodes/actions with wrong credentials",
        r#"POST /v1/cluster/actions/change_master text "{not json" no content-type accept text/plain"#,
        r#"DELETE "/v1/nodes/odd path" content-type "application/json; charset=utf-8" no accept"#,
        "start node 1 remove",
        "progress node 1 remove 12.5%",
        "progress cluster change_master 0.01%",
        "fail node 1 remove internal_error",
        "finish_cancel cluster change_master",
        "elect 2",
        r#"create_snapshot 1 "before the upgrade""#,
        "move_shard node 2 maintenance_on 7 1 3",
        "fail_over node 2 maintenance_on 8 2 3",
        "move_endpoint node 2 maintenance_on 1 2 3",
        "persist node 2 remove 7 3",
        "migrate 7 1 3",
        "take_over 8 2 3",
        "delete_database 1",
    ];
    for line in lines {
        assert_eq!(parse(line).map(|act| print(&act)).as_deref(), Ok(line));
    }
    assert_eq!(parse("  GET \t /x  as   admin "), parse("GET /x"));
}

#[test]
fn a_bad_line_says_where_and_what_was_expected() {
    let lines = [
        "",
        "explode node 1 remove",
        "GET",
        "GET /x as boss",
        "GET /x with credentials",
        "GET /x no accept no content-type",
        "POST /x {not json}",
        r#"POST /x {"a":1}as admin"#,
        "POST /x text unquoted",
        "start node 01 remove",
        "start node 1 change_master",
        "start 1 remove",
        "progress node 1 remove 100.01%",
        "progress node 1 remove 1.005%",
        "fail node 1 remove oops",
        "node_down 2 3",
        r#"create_snapshot 1 name"#,
        "move_shard node 2 maintenance_on 7 1",
        "fail_over 8 2 3",
        "migrate shard 1 3",
        "delete_database one",
    ];
    let told: Vec<_> = lines.map(|line| parse(line).expect_err(line).to_string()).to_vec();
    assert_snapshot!(told.join("\n"), @r#"
    column 1: expected a method or an event (start, run, advance, complete, begin_cancel, finish_cancel, abort, expire, progress, fail, move_shard, fail_over, move_endpoint, persist, node_down, node_up, join, bootstrap, elect, create_snapshot, migrate, take_over, delete_database), found the end of the line
    column 1: expected a method or an event (start, run, advance, complete, begin_cancel, finish_cancel, abort, expire, progress, fail, move_shard, fail_over, move_endpoint, persist, node_down, node_up, join, bootstrap, elect, create_snapshot, migrate, take_over, delete_database), found `explode`
    column 4: expected a path, found the end of the line
    column 11: expected a role (none, db_viewer, db_member, cluster_viewer, cluster_member, user_manager, admin), found `boss`
    column 13: expected `wrong`, found `credentials`
    column 18: expected a caller, a content type, an accepted type, in this order, or the end of the line, found `no`
    column 9: expected a body (JSON, or `text` and a string), a caller or a header, found `{not`
    column 9: expected a body (JSON, or `text` and a string), a caller or a header, found `{"a":1}as`
    column 14: expected a text in quotes, found `unquoted`
    column 12: expected the number of a node, found `01`
    column 14: expected a node action (enslave_node, maintenance_off, maintenance_on, remove), found `change_master`
    column 7: expected `node` or `cluster`, found `1`
    column 24: expected a percentage such as 12.5%, at most 100%, found `100.01%`
    column 24: expected a percentage such as 12.5%, at most 100%, found `1.005%`
    column 20: expected an error code such as internal_error, found `oops`
    column 13: expected the end of the line, found `3`
    column 19: expected the name of the snapshot in quotes, found `name`
    column 37: expected the number of a node, found the end of the line
    column 11: expected `node` or `cluster`, found `8`
    column 9: expected the number of a shard, found `shard`
    column 17: expected the number of a database, found `one`
    "#);
}

#[test]
fn time_holds_until_it_is_set_again() {
    let script = "
        start node 1 remove
        at 5us
        # The node answers again.
        node_up 1
        at 1500ms node_down 1

        at 3s
        node_up 1
    ";
    let inputs = parse_script(script).expect("it is a script");
    let lines: Vec<_> = inputs.iter().map(|i| format!("{} {}", print_time(i.at), print(&i.act))).collect();
    assert_snapshot!(lines.join("\n"), @"
    0s start node 1 remove
    5us node_up 1
    1500ms node_down 1
    3s node_up 1
    ");
}

#[test]
fn a_bad_script_says_which_line() {
    let told = |script| parse_script(script).expect_err("it is no script").to_string();
    assert_snapshot!(told("node_up 1\n\nat 5 node_up 1"), @"line 3, column 4: expected a time such as 5s, 1500ms or 5us, found `5`");
    assert_snapshot!(told("at 99999999999999999999s"), @"line 1, column 4: expected a time such as 5s, 1500ms or 5us, found `99999999999999999999s`");
}
