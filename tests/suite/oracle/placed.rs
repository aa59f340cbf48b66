//! Where shards are seen, in a cluster whose shards are known at first: what is fine, and beside it what is not.

use action_oracle::history::Reader;
use action_oracle::oracle::{Options, judge};
use serde_json::{Value, json};

use super::{conforms, diverges};

const TOPOLOGY: &str = include_str!("../../../fixtures/topologies/small.json");

/// Calls about the first node, one after the other.
#[derive(Clone, Default)]
struct Calls(Vec<Value>);

impl Calls {
    fn call(mut self, method: &str, path: &str, body: Option<Value>, answer: Option<Value>) -> Self {
        let id = self.0.len() / 2 + 1;
        let mut invoke = json!({"kind": "invoke", "id": id, "method": method, "path": path});
        if let Some(body) = body {
            invoke["body"] = body;
        }
        self.0.push(invoke);
        self.0.push(match answer {
            Some(body) => json!({"kind": "return", "id": id, "status": 200, "body": body}),
            None => json!({"kind": "lost", "id": id}),
        });
        self
    }

    /// A run of an action that was told this, and was seen to complete.
    fn ran(self, action: &str, body: Value) -> Self {
        let path = format!("/v1/nodes/1/actions/{action}");
        let seen = json!({"name": action, "status": "completed", "progress": 100});
        self.call("POST", &path, Some(body), Some(json!({"status": "queued"}))).call(
            "GET",
            &path,
            None,
            Some(seen),
        )
    }

    fn on(self, body: Value) -> Self {
        self.ran("maintenance_on", body)
    }

    fn off(self, body: Value) -> Self {
        self.ran("maintenance_off", body)
    }

    /// The node shows a shard, under these rules and those that no space fails and unknown databases do.
    #[track_caller]
    fn then_a_shard_is(self, is_fine: bool, rules: Value) {
        let node = json!({"uid": 1, "status": "active", "shard_count": 1, "shard_list": [1]});
        let status =
            json!({"role": "slave", "node_status": "active", "master_shards": [], "slave_shards": [1]});
        let shards = json!([{"uid": "1", "node_uid": "1", "role": "master", "bdb_uid": "1"}]);
        let shows = [
            ("/v1/nodes/1", node.clone()),
            ("/v1/nodes", json!([node, {"uid": 2}, {"uid": 3}])),
            ("/v1/nodes/1/status", status.clone()),
            ("/v1/nodes/status", json!({"1": status, "2": {}, "3": {}})),
            ("/v1/shards", shards),
        ];
        for (path, answer) in shows {
            self.clone().call("GET", path, None, Some(answer)).judged(is_fine, &rules);
        }
    }

    #[track_caller]
    fn judged(self, is_fine: bool, rules: &Value) {
        let topology: Value = serde_json::from_str(TOPOLOGY).expect("it is JSON");
        let mut header =
            json!({"format": "action-oracle/history", "version": 1, "edition": "E-74", "initial": "empty"});
        header["cluster"] = topology["cluster"].clone();
        header["rules"] = json!({"R-MON-NOSPACE": "FAILED", "R-EVICT-DBS-UNKNOWN": "UNKNOWN-FAILED"});
        for (id, answer) in rules.as_object().expect("they are an object") {
            header["rules"][id] = answer.clone();
        }
        let records = self.0.len();
        let end = json!({"kind": "end", "records": records});
        let lines: Vec<_> =
            [header].into_iter().chain(self.0).chain([end]).map(|line| line.to_string()).collect();
        let text = lines.join("\n");
        let history = Reader::new(text.as_bytes()).expect("it has a header");
        let verdict = judge(history, &Options::default()).expect("it is a history").verdict;
        let is_so = if is_fine { conforms(&verdict) } else { diverges(&verdict) };
        assert!(is_so, "{verdict:?}\n{text}");
    }
}

fn calls() -> Calls {
    Calls::default()
}

#[test]
fn maintenance_on_leaves_no_shard_but_those_that_it_was_told_to_keep() {
    calls().on(json!({})).then_a_shard_is(false, json!({}));
    calls()
        .on(json!({"evict_ha_replica": true, "evict_active_active_replica": true}))
        .then_a_shard_is(false, json!({}));
    for kept in [
        json!({"evict_ha_replica": false, "evict_active_active_replica": false}),
        json!({"evict_ha_replica": false}),
        json!({"evict_dbs": ["2"]}),
        json!({"keep_slave_shards": true}),
    ] {
        calls().on(kept).then_a_shard_is(true, json!({}));
    }
}

/// One reading keeps the shards, and another does not.
#[test]
fn what_a_member_means_decides_whether_shards_stay() {
    let cases = [
        (json!({}), "R-MON-NOSPACE", "COMPLETED-PARTIAL", "FAILED"),
        (json!({"evict_dbs": []}), "R-EVICT-DBS-UNKNOWN", "EMPTY-NOTHING", "UNKNOWN-FAILED"),
        (json!({"evict_dbs": ["2"]}), "R-EVICT-DBS", "ONLY", "ADD"),
        (json!({"evict_ha_replica": false}), "R-EVICT-ONE-FLAG", "INDEPENDENT", "PAIR-ONLY"),
        (json!({"keep_slave_shards": true}), "R-KEEP-SLAVE", "HONOUR", "IGNORE"),
    ];
    for (body, id, keeps, evicts) in cases {
        calls().on(body.clone()).then_a_shard_is(true, json!({id: keeps}));
        calls().on(body).then_a_shard_is(false, json!({id: evicts}));
    }
}

#[test]
fn a_shard_may_come_back_once_maintenance_may_have_ended() {
    let off = "/v1/nodes/1/actions/maintenance_off";
    calls().on(json!({})).off(json!({})).then_a_shard_is(true, json!({}));
    calls().on(json!({})).off(json!({"skip_shards_restore": true})).then_a_shard_is(true, json!({}));
    calls().on(json!({})).call("POST", off, Some(json!({})), None).then_a_shard_is(true, json!({}));
    let kept = json!({"evict_ha_replica": false});
    calls().on(json!({})).on(kept).then_a_shard_is(false, json!({}));
}

/// Where activations are counted one deactivation does not end maintenance: it may bring its own shards back, and nobody
/// else's come.
#[test]
fn a_node_that_is_still_in_maintenance_gets_back_only_what_is_restored() {
    let skip = json!({"skip_shards_restore": true});
    let twice = calls().on(json!({})).on(json!({}));
    let counted = json!({"R-STACK": "COUNTER"});
    twice.clone().off(json!({})).then_a_shard_is(true, counted.clone());
    twice.clone().off(skip.clone()).then_a_shard_is(false, counted.clone());
    twice.clone().off(skip.clone()).then_a_shard_is(true, json!({"R-STACK": "FLAG"}));
    twice.off(skip.clone()).off(skip).then_a_shard_is(true, counted);
}

/// Of a cluster about which only the nodes are known nothing is said of shards.
#[test]
fn where_shards_are_is_not_judged_if_nobody_says_where_they_were() {
    let Calls(mut lines) =
        calls().on(json!({})).call("GET", "/v1/nodes/1", None, Some(json!({"uid": 1, "shard_list": [1]})));
    let header = json!({"format": "action-oracle/history", "version": 1, "initial": "empty", "nodes": ["1", "2", "3"]});
    lines.insert(0, header);
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let history = Reader::new(text.as_bytes()).expect("it has a header");
    let verdict = judge(history, &Options::default()).expect("it is a history").verdict;
    assert!(conforms(&verdict), "{verdict:?}");
}
