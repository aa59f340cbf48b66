//! Case files: what is written is read back, what is recorded is replayed.

use std::fs;
use std::sync::LazyLock;

use action_oracle::case::{
    Case, Found, LINE_BYTES_MAX, Line, Loaded, Recorded, Signature, read, save, write,
};
use action_oracle::model::*;
use action_oracle::script::parse_script;
use action_oracle::spec::Rules;
use insta::assert_snapshot;
use jsonschema::Validator;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::strategy;

/// The text of a case.
pub(crate) fn text(case: &Case) -> String {
    let mut bytes = Vec::new();
    write(case, &mut bytes).expect("writing to memory cannot fail");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// A case of every kind of line, with the replies of the law.
pub(crate) fn sample() -> Case {
    let script = r#"
        POST /v1/nodes/1/actions/maintenance_on {"overwrite_snapshot":true}
        at 5us start node 1 maintenance_on
        run node 1 maintenance_on
        progress node 1 maintenance_on 12.5%
        start cluster change_master
        GET /v1/nodes/1/actions as db_viewer
        at 2s POST /v1/nodes/2/actions/remove text "{not json" content-type text/plain no accept
        DELETE /v1/nodes/2/actions/remove with wrong credentials
        OPTIONS /v1/cluster/actions
        create_snapshot 2 "mine"
        node_down 3
    "#;
    let mut case = Case::new(Rules::default(), Cluster::new(3));
    let mut cluster = case.cluster.clone();
    for input in parse_script(script).expect("it is a script") {
        let reply = step(&mut cluster, &case.rules, &input);
        case.record(input, &reply);
    }
    case
}

#[track_caller]
fn loaded(text: &str) -> Case {
    let Loaded { case, broken } = read(text.as_bytes()).expect("it has a header");
    assert_eq!(broken, None);
    case
}

#[test]
fn a_case_is_one_line_for_each_input() {
    assert_snapshot!(text(&sample()), @r#"
    {"format":"action-oracle/case","version":1,"edition":"E-74","cluster":{"nodes":3}}
    {"at":0,"request":{"method":"POST","path":"/v1/nodes/1/actions/maintenance_on","body":{"overwrite_snapshot":true}},"reply":{"status":200,"body":{"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}}}
    {"at":5,"event":{"start":{"node":"1","action":"maintenance_on"}}}
    {"at":5,"event":{"run":{"node":"1","action":"maintenance_on"}}}
    {"at":5,"event":{"progress":{"node":"1","action":"maintenance_on","hundredths":1250}}}
    {"at":5,"event":{"start":{"action":"change_master"}},"reply":{"not_enabled":"no_instance"}}
    {"at":5,"request":{"method":"GET","path":"/v1/nodes/1/actions","role":"db_viewer"},"reply":{"status":200,"body":{"actions":[{"name":"maintenance_on","node_uid":"1","status":"running","progress":12.5,"task_id":"00000000-0000-4000-8000-000000000001"}]}}}
    {"at":2000000,"request":{"method":"POST","path":"/v1/nodes/2/actions/remove","headers":{"content-type":"text/plain","accept":null},"body_text":"{not json"},"reply":{"status":400,"body":{"error_code":"invalid_json","description":"the body is not JSON"}}}
    {"at":2000000,"request":{"method":"DELETE","path":"/v1/nodes/2/actions/remove","role":null,"credentials":"wrong"},"reply":{"status":401,"body":{"error_code":"unauthenticated","description":"credentials are missing or wrong"}}}
    {"at":2000000,"request":{"method":"OPTIONS","path":"/v1/cluster/actions"},"reply":{"status":200,"allow":["GET"]}}
    {"at":2000000,"event":{"create_snapshot":{"node":"2","name":"mine"}}}
    {"at":2000000,"event":{"node_down":{"node":"3"}}}
    "#);
}

#[test]
fn a_header_says_what_is_not_usual() {
    let mut case = Case::new(Rules::default(), Cluster::new(0));
    case.rules.set_all("R-CONFLICT-SCOPE=CLUSTER-TYPE, R-DEL-QUEUED=GONE").expect("both are modelled");
    case.found = Some(Found { seed: 42, version: "0.1.0".to_owned() });
    case.provenance = Some("written by hand".to_owned());
    let [check, operation, expected, observed, status] =
        ["one-instance", "POST remove", "409", "200", "queued"].map(str::to_owned);
    case.expect = Some(Signature { check, operation, expected, observed, status });
    assert_snapshot!(text(&case), @r#"{"format":"action-oracle/case","version":1,"edition":"E-74","rules":{"R-CONFLICT-SCOPE":"CLUSTER-TYPE","R-DEL-QUEUED":"GONE"},"cluster":{"nodes":0},"found":{"seed":"0x2a","version":"0.1.0"},"expect":{"check":"one-instance","operation":"POST remove","expected":"409","observed":"200","status":"queued"},"provenance":"written by hand"}"#);
    assert_eq!(loaded(&text(&case)), case);
}

#[test]
fn a_cluster_says_what_is_not_usual() {
    let mut cluster = Cluster::new(4);
    let script = "
        POST /v1/nodes/4/actions/remove {}
        start node 4 remove
        run node 4 remove
        complete node 4 remove
        POST /v1/nodes/2/actions/maintenance_on {\"overwrite_snapshot\":true}
        start node 2 maintenance_on
        run node 2 maintenance_on
        at 1s advance node 2 maintenance_on
        node_down 1
        elect 2
    ";
    for input in parse_script(script).expect("it is a script") {
        step(&mut cluster, &Rules::default(), &input);
    }
    let case = Case::new(Rules::default(), cluster);
    assert_snapshot!(text(&case), @r#"{"format":"action-oracle/case","version":1,"edition":"E-74","cluster":{"nodes":[{"uid":"1","up":false},{"uid":"2","snapshots":[{"name":"maintenance_mode_2024-01-01_00-00-01","kind":"maintenance","created":1000000}],"actions":{"maintenance_on":{"task":2,"status":"running","parameters":{"overwrite_snapshot":true},"work":{"steps":1}}}},{"uid":"3"}],"primary":"2","departed":[{"uid":"4","removal":{"task":1,"status":"completed","hundredths":10000}}]}}"#);
    assert_eq!(loaded(&text(&case)), case);
}

#[test]
fn a_cluster_says_where_its_data_is() {
    let shard = |uid, part, role| Shard { uid: ShardUid(uid), db: DbUid(1), part, role, persisted: false };
    let database = Database {
        uid: DbUid(1),
        replicated: true,
        active_active: true,
        policy: ProxyPolicy::AllMasterShards,
    };
    let mut parts = Parts::from(&Cluster::new(3));
    parts.databases = vec![
        database,
        Database { uid: DbUid(2), replicated: false, active_active: false, policy: ProxyPolicy::Single },
    ];
    parts.persistent_node_removal = true;
    parts.nodes[0].capacity = 1;
    parts.nodes[0].shards = vec![shard(2, 0, ShardRole::Master)];
    parts.nodes[0].endpoints = vec![DbUid(1), DbUid(2)];
    parts.nodes[1].shards = vec![Shard { persisted: true, ..shard(5, 0, ShardRole::Replica) }];
    parts.nodes[1].snapshots = vec![Snapshot {
        name: "mine".into(),
        created: Time(0),
        kind: SnapshotKind::User,
        activations: 0,
        shards: [(ShardUid(2), ShardRole::Master), (ShardUid(9), ShardRole::Replica)].into(),
        endpoints: [DbUid(1)].into(),
    }];
    parts.nodes[2].quorum_only = true;
    parts.nodes[2].slots[NodeAction::EnslaveNode as usize] = Some(Instance {
        task: TaskId(1),
        status: Status::Running,
        progress: Progress::NONE,
        cancel_requested: false,
        error: None,
        parameters: Parameters::EnslaveNode(EnslaveNode {
            demote_node: false,
            endpoints_only: false,
            shards_only: false,
        }),
        work: Work {
            moved: vec![Moved { shard: ShardUid(5), from: NodeUid(3), to: NodeUid(2) }],
            ..Work::default()
        },
    });
    parts.tasks = 1;
    let case = Case::new(Rules::default(), Cluster::try_from(parts).expect("the parts fit together"));
    assert_snapshot!(text(&case), @r#"{"format":"action-oracle/case","version":1,"edition":"E-74","cluster":{"nodes":[{"uid":"1","capacity":1,"shards":[{"uid":"2","database":"1","part":0}],"endpoints":["1","2"]},{"uid":"2","shards":[{"uid":"5","database":"1","part":0,"role":"replica","persisted":true}],"snapshots":[{"name":"mine","kind":"user","shards":[{"uid":"2"},{"uid":"9","role":"replica"}],"endpoints":["1"]}]},{"uid":"3","quorum_only":true,"actions":{"enslave_node":{"task":1,"status":"running","work":{"moved":[{"shard":"5","from":"3","to":"2"}]}}}}],"databases":[{"uid":"1","replicated":true,"active_active":true,"policy":"all-master-shards"},{"uid":"2"}],"persistent_node_removal":true}}"#);
    assert_eq!(loaded(&text(&case)), case);
}

#[test]
fn unknown_members_are_kept_and_ignored() {
    let line = |n| json!({ "at": n, "event": { "node_up": { "node": "1", "x": 1 }, "y": [2] }, "z": null });
    let header = json!({
        "format": "action-oracle/case", "version": 1, "edition": "E-74",
        "cluster": {
            "nodes": [{ "uid": "1", "rack": "a", "actions": { "remove": {
                "task": 1, "status": "queued", "parameters": { "force": true }, "work": { "host": 2 },
            } } }],
            "region": "b",
        },
        "found": { "seed": "0x1", "version": "9", "host": "c" }, "note": { "deep": true },
    });
    let request = json!({ "at": 2, "request": { "method": "GET", "path": "/", "trace": 7, "headers": { "via": "d" } }, "reply": { "status": 404, "took": 3 } });
    let case = loaded(&format!("{header}\n{}\n\n{request}\n", line(1)));
    let written = text(&case);
    let values: Vec<Value> = written.lines().map(|line| line.parse().expect("it is JSON")).collect();
    assert_eq!(values, [header, line(1), request]);
}

#[test]
fn replay_of_what_was_recorded_shows_no_difference() {
    let case = loaded(&text(&sample()));
    let steps: Vec<_> = case.replay(step).collect();
    assert_eq!(steps.len(), case.lines.len());
    assert!(steps.iter().all(|step| step.difference.is_none()));
    assert_eq!(steps[0].before, case.cluster);
    assert!(steps.windows(2).all(|pair| pair[0].after == pair[1].before));
}

#[test]
fn replay_shows_the_first_difference_of_each_reply() {
    let mut case = sample();
    case.record(case.lines[2].input.clone(), &Reply::Happened);
    let mut silent = case.lines[0].input.clone();
    silent.at = Time(9);
    case.lines.push(Line::new(silent, None));
    let written = text(&case)
        .replace(r#""status":"queued""#, r#""status":"waiting""#)
        .replace(r#""progress":12.5"#, r#""progress":12"#)
        .replace(r#"no_instance"#, "no_change")
        .replace(r#""allow":["GET"]"#, r#""allow":["GET","PUT"]"#)
        .replace(r#""status":401"#, r#""status":403"#);
    let case = loaded(&written);
    let told = case.replay(step).filter_map(|step| Some(format!("{}: {}", step.number, step.difference?)));
    assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r#"
    1: body.status: recorded "waiting", now "queued"
    5: not_enabled: recorded "no_change", now "no_instance"
    6: body.actions[0].progress: recorded 12, now 12.5
    8: status: recorded 403, now 401
    9: allow[1]: recorded "PUT", now nothing
    12: event: recorded "happened", now nothing
    "#);
}

#[test]
fn replay_compares_with_the_law_it_is_given() {
    let lazy = |_: &mut Cluster, _: &Rules, _: &Input| Reply::NotEnabled(Hindrance::NoChange);
    assert!(sample().replay(lazy).all(|step| step.difference.is_some()));
}

#[test]
fn a_file_is_replaced_as_a_whole_or_not_at_all() {
    let directory = tempfile::tempdir().expect("there is room for temporary files");
    let path = directory.path().join("found.jsonl");
    let names = || fs::read_dir(directory.path()).expect("it is a directory").count();
    save(&Case::new(Rules::default(), Cluster::new(1)), &path).expect("it can be written");
    save(&sample(), &path).expect("it can be replaced");
    assert_eq!(loaded(&fs::read_to_string(&path).expect("it is there")), sample());
    assert_eq!(names(), 1, "no temporary file remains");

    let taken = directory.path().join("taken");
    fs::create_dir_all(taken.join("inside")).expect("it can be made");
    assert!(save(&sample(), &taken).is_err(), "a directory is not replaced");
    assert_eq!(names(), 2, "no temporary file remains");
    let mut long = sample();
    long.provenance = Some("x".repeat(LINE_BYTES_MAX));
    assert!(save(&long, &path).is_err(), "what could not be read is not written");
    assert_eq!(loaded(&fs::read_to_string(&path).expect("it is there")), sample());
    assert_eq!(names(), 2, "no temporary file remains");
    assert!(save(&sample(), &directory.path().join("missing/found.jsonl")).is_err());
    assert!(save(&sample(), "/".as_ref()).is_err());
}

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let text = include_str!("../../fixtures/schema/case.schema.json");
    let schema = text.parse::<Value>().expect("the schema is JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is one");
    jsonschema::validator_for(&schema).expect("the schema is complete")
});

/// The lines of a case that the schema rejects.
pub(crate) fn rejected(text: &str) -> Vec<&str> {
    let is_valid = |line: &str| line.parse().is_ok_and(|value| SCHEMA.is_valid(&value));
    text.lines().filter(|line| !is_valid(line)).collect()
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_and_fits_the_schema(
        rules in strategy::rules(),
        cluster in strategy::cluster(),
        acts in vec((any::<u64>(), strategy::act()), 0..8),
        seed in any::<Option<u64>>(),
    ) {
        let mut case = Case::new(rules, cluster.clone());
        case.found = seed.map(|seed| Found { seed, version: "0.1.0".to_owned() });
        let mut now = cluster;
        for (at, act) in acts {
            let input = Input { at: Time(at), act };
            let reply = step(&mut now, &rules, &input);
            case.record(input, &reply);
        }
        let written = text(&case);
        let loaded = read(written.as_bytes()).expect("it has a header");
        prop_assert_eq!(&loaded, &Loaded { case: case.clone(), broken: None });
        prop_assert_eq!(rejected(&written), Vec::<&str>::new());
        prop_assert!(case.replay(step).all(|step| step.difference.is_none()));
    }
}

#[test]
fn an_event_that_happened_and_a_reply_that_was_not_recorded_look_alike_but_differ() {
    let input = |text: &str| parse_script(text).expect("it is a script").remove(0);
    let mut case = Case::new(Rules::default(), Cluster::new(1));
    case.lines.push(Line::new(input("node_up 1"), None));
    case.lines.push(Line::new(input("GET /nowhere"), None));
    case.lines.push(Line::new(input("node_up 1"), Some(Recorded::NotEnabled("no_change".to_owned()))));
    let differs: Vec<_> = case.replay(step).map(|step| step.difference.is_some()).collect();
    assert_eq!(differs, [true, false, false]);
}
