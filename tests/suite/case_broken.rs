//! Case files that are none: each is a message with place and expectation, never a panic.

use action_oracle::case::{LINE_BYTES_MAX, Loaded, read};
use insta::assert_snapshot;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::case::{rejected, sample, text};

const HEADER: &str = r#"{"format":"action-oracle/case","version":1,"cluster":{"nodes":3}}"#;

/// What is said about a header.
fn header_told(header: impl AsRef<[u8]>) -> String {
    read(header.as_ref()).expect_err("it is no header").to_string()
}

#[test]
fn without_a_header_there_is_no_case() {
    let lines = [
        "",
        "\n\n",
        "[1]",
        "{\"format\":",
        r#"{"version":1}"#,
        r#"{"format":"action-oracle/history","version":1}"#,
        r#"{"format":"something","version":1}"#,
        r#"{"format":"action-oracle/case","version":2,"cluster":{"nodes":3}}"#,
        r#"{"format":"action-oracle/case","version":1}"#,
        r#"{"format":"action-oracle/case","version":1,"edition":"E-99"}"#,
        r#"{"format":"action-oracle/case","version":1,"rules":{"R-DEL-QUEUED":"MAYBE"}}"#,
        r#"{"format":"action-oracle/case","version":1,"rules":{"R-ACCEPT":"X"}}"#,
        r#"{"format":"action-oracle/case","version":1,"rules":{"R-DEL-QUEUED":1}}"#,
    ];
    assert_snapshot!(lines.map(header_told).join("\n"), @r#"
    line 1: expected the header of a case, found the end of the file
    line 1: expected the header of a case, found the end of the file
    line 1: expected an object, found `[1]`
    line 1, column 10: expected JSON, found `{"format":` (EOF while parsing a value)
    line 1, /format: expected "action-oracle/case", found nothing
    line 1, /format: expected "action-oracle/case", found `"action-oracle/history"`, a history of calls
    line 1, /format: expected "action-oracle/case", found `"something"`
    line 1, /version: expected version 1, found `2`
    line 1, /cluster: expected a cluster, found nothing
    line 1, /edition: expected an edition (E-72, E-74, E-80), found `"E-99"`
    line 1, /rules: expected a rule, found R-DEL-QUEUED has no variant `MAYBE`; it has SHOWN, GONE
    line 1, /rules: expected a rule, found R-ACCEPT cannot be set: the model always answers LENIENT
    line 1, /rules: expected the name of a reading and of a variant, found `R-DEL-QUEUED`: `1`
    "#);
}

#[test]
fn a_cluster_that_cannot_exist_is_refused() {
    let clusters = [
        "3",
        "{}",
        r#"{"nodes":4000000000}"#,
        r#"{"nodes":-1}"#,
        r#"{"nodes":[{"uid":1}]}"#,
        r#"{"nodes":[{"uid":"1"},{"uid":"1"}]}"#,
        r#"{"nodes":[{"uid":"2"},{"uid":"1"}]}"#,
        r#"{"nodes":[{"uid":"1"}],"primary":"2"}"#,
        r#"{"nodes":[{"uid":"1","actions":{"explode":{"task":1}}}]}"#,
        r#"{"nodes":[{"uid":"1","actions":{"remove":{"task":1,"status":"gone"}}}]}"#,
        r#"{"nodes":[{"uid":"1","actions":{"remove":{"task":5}}}],"tasks":4}"#,
        r#"{"nodes":[{"uid":"1","snapshots":[{"name":"a","kind":"user"},7]}]}"#,
        r#"{"nodes":[],"change_master":{"task":1}}"#,
    ];
    let told = clusters.map(|cluster| header_told(HEADER.replace(r#"{"nodes":3}"#, cluster)));
    assert_snapshot!(told.join("\n"), @r#"
    line 1, /cluster: expected an object, found `3`
    line 1, /cluster/nodes: expected a number of nodes, or a list of nodes, found nothing
    line 1, /cluster/nodes: expected a number of nodes, at most 10000, or a list of nodes, found `4000000000`
    line 1, /cluster/nodes: expected a number of nodes, at most 10000, or a list of nodes, found `-1`
    line 1, /cluster/nodes/0/uid: expected a uid such as "1", found `1`
    line 1, /cluster/nodes/1: expected a cluster that can exist, found two nodes have the uid 1
    line 1, /cluster/nodes: expected the order of the uids, found 2 before 1
    line 1, /cluster/primary: expected a cluster that can exist, found the primary 2 is not among the nodes
    line 1, /cluster/nodes/0/actions: expected node actions (enslave_node, maintenance_off, maintenance_on, remove), found `"explode"`
    line 1, /cluster/nodes/0/actions/remove/status: expected a status (queued, starting, running, cancelling, cancelled, aborted, completed, failed), found `"gone"`
    line 1, /cluster: expected a cluster that can exist, found task 5 is not among the accepted ones
    line 1, /cluster/nodes/0/snapshots/1: expected an object, found `7`
    line 1, /cluster/change_master/parameters/node_uid: expected the uid of a node, such as "1", found nothing
    "#);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    assert_snapshot!(header_told(b"\0\0\0"), @"line 1, column 1: expected JSON, found `���` (expected value)");
    assert_snapshot!(header_told(b"{\"format\":\"\xff\"}"), @"line 1, byte 12: expected UTF-8, found 0xff");
    assert_snapshot!(header_told("x".repeat(LINE_BYTES_MAX + 1)), @"line 1: expected a line of at most 1048576 bytes, found a longer one");
    let nearly = header_told("x".repeat(LINE_BYTES_MAX));
    assert!(nearly.len() < 200, "the line itself is not repeated: {nearly}");
}

/// Lines after the header that cannot be read.
const BROKEN: [&str; 25] = [
    "{",
    "null",
    "{}",
    r#"{"at":1}"#,
    r#"{"at":-1,"event":{"node_up":{"node":"1"}}}"#,
    r#"{"at":1,"event":{}}"#,
    r#"{"at":1,"event":{"explode":{}}}"#,
    r#"{"at":1,"event":{"start":{"node":"1","action":"remove"},"run":{"node":"1","action":"remove"}}}"#,
    r#"{"at":1,"event":{"start":{"node":"1","action":"change_master"}}}"#,
    r#"{"at":1,"event":{"start":{"action":"remove"}}}"#,
    r#"{"at":1,"event":{"progress":{"node":"1","action":"remove","hundredths":10001}}}"#,
    r#"{"at":1,"event":{"fail":{"node":"1","action":"remove","error_code":"oops"}}}"#,
    r#"{"at":1,"event":{"move_shard":{"node":"1","action":"remove","shard":7,"from":"1","to":"2"}}}"#,
    r#"{"at":1,"event":{"fail_over":{"shard":"7","from":"1","to":"2"}}}"#,
    r#"{"at":1,"event":{"persist":{"node":"1","action":"remove","shard":"7"}}}"#,
    r#"{"at":1,"event":{"migrate":{"shard":"7","from":"1","to":"node 2"}}}"#,
    r#"{"at":1,"event":{"delete_database":{}}}"#,
    r#"{"at":1,"event":{"node_up":{"node":"1"}},"request":{"method":"GET","path":"/"}}"#,
    r#"{"at":1,"event":{"node_up":{"node":"1"}},"reply":{"status":200}}"#,
    r#"{"at":1,"request":{"method":"BREW","path":"/"}}"#,
    r#"{"at":1,"request":{"method":"GET","path":"/","role":"boss"}}"#,
    r#"{"at":1,"request":{"method":"GET","path":"/","credentials":"wrong"}}"#,
    r#"{"at":1,"request":{"method":"GET","path":"/","body":1,"body_text":"1"}}"#,
    r#"{"at":1,"request":{"method":"GET","path":"/","headers":{"accept":1}}}"#,
    r#"{"at":1,"request":{"method":"GET","path":"/"},"reply":{"status":99}}"#,
];

#[test]
fn a_broken_line_ends_the_case_and_is_told() {
    let good = r#"{"at":1,"event":{"node_up":{"node":"1"}}}"#;
    let told = BROKEN.map(|line| {
        let text = format!("{HEADER}\n{good}\n\n{line}\n{good}\n");
        let Loaded { case, broken } = read(text.as_bytes()).expect("it has a header");
        assert_eq!(case.lines.len(), 1, "the longest valid prefix");
        broken.expect("the line cannot be read").to_string()
    });
    assert_snapshot!(told.join("\n"), @r#"
    line 4, column 1: expected JSON, found `{` (EOF while parsing an object)
    line 4: expected an object, found `null`
    line 4, /at: expected a time in microseconds, found nothing
    line 4: expected a request or an event, found neither
    line 4, /at: expected a time in microseconds, found `-1`
    line 4, /event: expected one event (start, run, advance, complete, begin_cancel, finish_cancel, abort, expire, progress, fail, move_shard, fail_over, move_endpoint, persist, node_down, node_up, join, bootstrap, elect, create_snapshot, migrate, take_over, delete_database), found nothing
    line 4, /event: expected one event (start, run, advance, complete, begin_cancel, finish_cancel, abort, expire, progress, fail, move_shard, fail_over, move_endpoint, persist, node_down, node_up, join, bootstrap, elect, create_snapshot, migrate, take_over, delete_database), found `explode`
    line 4, /event: expected one event (start, run, advance, complete, begin_cancel, finish_cancel, abort, expire, progress, fail, move_shard, fail_over, move_endpoint, persist, node_down, node_up, join, bootstrap, elect, create_snapshot, migrate, take_over, delete_database), found `start, run`
    line 4, /event/start/action: expected a node action (enslave_node, maintenance_off, maintenance_on, remove), found `"change_master"`
    line 4, /event/start/action: expected "change_master", or an action with a node, found `"remove"`
    line 4, /event/progress/hundredths: expected hundredths of a percent, 0 to 10000, found `10001`
    line 4, /event/fail/error_code: expected an error code such as "internal_error", found `"oops"`
    line 4, /event/move_shard/shard: expected the number of a shard, such as "1", found `7`
    line 4, /event/fail_over/action: expected "change_master", or an action with a node, found nothing
    line 4, /event/persist/at: expected the number of a node, such as "1", found nothing
    line 4, /event/migrate/to: expected the number of a node, such as "1", found `"node 2"`
    line 4, /event/delete_database/database: expected the number of a database, such as "1", found nothing
    line 4: expected a request or an event, found both
    line 4, /reply/not_enabled: expected why the event did not happen, found nothing
    line 4, /request/method: expected a method (GET, POST, DELETE, PUT, PATCH, HEAD, OPTIONS), found `"BREW"`
    line 4, /request/role: expected null or a role (none, db_viewer, db_member, cluster_viewer, cluster_member, user_manager, admin), found `"boss"`
    line 4, /request/credentials: expected nothing, unless the role is null, found `"wrong"`
    line 4, /request/body: expected nothing, since there is a body_text, found `1`
    line 4, /request/headers/accept: expected a string or null, found `1`
    line 4, /reply/status: expected a status code from 100 to 599, found `99`
    "#);
}

#[test]
fn the_schema_rejects_what_cannot_be_read() {
    for line in BROKEN {
        assert_eq!(rejected(line), [line]);
    }
    assert_eq!(rejected(HEADER), Vec::<&str>::new());
    let headers = [
        HEADER.replace("case", "history"),
        HEADER.replace(":1,", ":2,"),
        HEADER.replace("\"cluster\":{\"nodes\":3}", "\"edition\":\"E-74\""),
        HEADER.replace(":3}", ":\"3\"}"),
    ];
    for header in &headers {
        assert_eq!(rejected(header), [header]);
    }
}

proptest! {
    #[test]
    fn any_bytes_have_an_answer(bytes in vec(any::<u8>(), 0..200), later in vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes[..]);
        let with_header = [HEADER.as_bytes(), b"\n", &later].concat();
        let loaded = read(&with_header[..]).expect("it has a header");
        prop_assert!(loaded.case.lines.is_empty());
    }

    #[test]
    fn a_mutated_file_is_read_up_to_the_mutation(
        place in any::<Index>(), byte in any::<u8>(), cut in any::<bool>(),
    ) {
        let original = text(&sample());
        let mut bytes = original.clone().into_bytes();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if cut {
            bytes.truncate(place);
        }
        let untouched = original[..place].lines().count().saturating_sub(2);
        if let Ok(Loaded { case, broken }) = read(&bytes[..]) {
            let whole = sample();
            let kept = untouched.min(whole.lines.len());
            prop_assert_eq!(&case.lines[..kept], &whole.lines[..kept]);
            prop_assert!(broken.is_none_or(|bad| bad.line > kept + 1));
        } else {
            prop_assert_eq!(untouched, 0, "only a header cannot be read at all");
        }
    }
}
