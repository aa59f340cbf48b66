//! The documents, statement by statement: a script goes in, its transcript comes out.
//!
//! A test is named after the clauses it holds the law to. A script may open with `edition E-80`,
//! `rules R-DEL-QUEUED=GONE`, `nodes 1` or `topology small`, and after that `policy persistent_node_removal` and
//! `quorum_only 3`; unsaid are E-74, its defaults, and three nodes without data. What stands above a line `---` only
//! leads up to the point: it has to succeed, and is not shown. Deliberately absent: helpers for single actions.
//! Whatever happens in a test is in its script.

mod change_master;
mod cluster;
mod data;
mod delete;
mod enslave_node;
mod error;
mod http;
mod life;
mod maintenance_off;
mod maintenance_off_failed;
mod maintenance_on;
mod node;
mod object;
mod observation;
mod permission;
mod post;
mod remove;
mod removed_node;
mod snapshot;
mod stacking;

use std::fs;

use action_oracle::case;
use action_oracle::model::{Cluster, Input, Parts, Reply, step};
use action_oracle::report::transcript;
use action_oracle::script::parse_script;
use action_oracle::spec::{Edition, Rules};

/// The transcript of a script. Compare it with `insta::assert_snapshot!(check("…"), @"…")`.
#[track_caller]
fn check(script: &str) -> String {
    let Scene { rules, mut cluster, given, shown } = Scene::read(script);
    for input in &given {
        let (text, reply) = play(&mut cluster, &rules, 0, input);
        assert!(
            matches!(reply, Reply::Answer(_) | Reply::Happened),
            "above the line, everything succeeds\n{text}"
        );
    }
    let shown = shown.iter().enumerate();
    shown.map(|(at, input)| play(&mut cluster, &rules, at + 1, input).0).collect()
}

fn play(cluster: &mut Cluster, rules: &Rules, number: usize, input: &Input) -> (String, Reply) {
    let before = cluster.clone();
    let reply = step(cluster, rules, input);
    let told = transcript::Step { number, input, reply: &reply, before: &before, after: cluster };
    (transcript::step(told, rules), reply)
}

#[test]
#[should_panic(expected = "above the line, everything succeeds")]
fn what_only_leads_up_to_the_point_has_to_succeed() {
    check(
        "
        start node 1 remove
        ---
        GET /v1/nodes/1/actions/remove
        ",
    );
}

/// What a script says: where it starts, what leads up to the point, and the point.
pub(crate) struct Scene {
    pub(crate) rules: Rules,
    pub(crate) cluster: Cluster,
    pub(crate) given: Vec<Input>,
    pub(crate) shown: Vec<Input>,
}

impl Scene {
    #[track_caller]
    pub(crate) fn read(script: &str) -> Self {
        let (mut rules, mut cluster) = (Rules::default(), Cluster::new(3));
        let mut lines = script.lines().map(str::trim).skip_while(|line| line.is_empty()).peekable();
        while let Some((directive, value)) = lines.peek().and_then(|line| line.split_once(' ')) {
            match directive {
                "edition" => rules = Rules::new(value.parse::<Edition>().expect("the edition exists")),
                "rules" => rules.set_all(value).expect("the rules exist"),
                "nodes" => cluster = Cluster::new(value.parse().expect("a number of nodes")),
                "topology" => cluster = topology(value),
                "policy" => cluster = with_policy(&cluster, value),
                "quorum_only" => cluster = with_quorum_node(&cluster, value),
                _ => break,
            }
            lines.next();
        }
        let lines: Vec<_> = lines.collect();
        let line = lines.iter().position(|line| *line == "---");
        let given = line.map_or(String::new(), |line| lines[..line].join("\n"));
        let given = parse_script(&given).expect("it is a script").len();
        let without_line: Vec<_> = lines.into_iter().filter(|line| *line != "---").collect();
        let mut inputs = parse_script(&without_line.join("\n")).expect("it is a script");
        let shown = inputs.split_off(given);
        Self { rules, cluster, given: inputs, shown }
    }
}

/// The cluster of a file in `fixtures/topologies`.
fn topology(name: &str) -> Cluster {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/", "fixtures/topologies");
    let text = fs::read_to_string(format!("{folder}/{name}.json")).expect("the topology exists");
    case::topology(&text).expect("it is a topology")
}

/// No request of the model sets the policy of a cluster, so that it has to be there from the beginning.
fn with_policy(cluster: &Cluster, name: &str) -> Cluster {
    assert_eq!(name, "persistent_node_removal", "the only policy there is");
    let parts = Parts { persistent_node_removal: true, ..Parts::from(cluster) };
    parts.try_into().expect("a policy contradicts nothing")
}

/// Nor does one make a node a quorum node.
fn with_quorum_node(cluster: &Cluster, uid: &str) -> Cluster {
    let mut parts = Parts::from(cluster);
    let chosen = parts.nodes.iter_mut().find(|node| node.uid.to_string() == uid);
    chosen.expect("the node is a member").quorum_only = true;
    parts.try_into().expect("any node can be a quorum node")
}
