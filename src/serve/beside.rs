//! What clients ask for on connecting, read only: the cluster, its databases, and all actions in one list.
//!
//! The documents of node and cluster actions do not describe these, so they are no part of the law and nothing depends
//! on them. They hold what the cluster of the model knows. Who may see them is asked of the law.

use serde_json::{Value, json};

use crate::http::{self, Response};
use crate::model::{Act, Body, Caller, Cluster, Database, DbUid, Headers, Input, Method, Path, Place};
use crate::model::{Request, Role, ShardRole, Time, step};
use crate::spec::Rules;

/// What is served beside the law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Beside {
    Cluster,
    Databases,
    Database(DbUid),
    Actions,
    /// The one with this uid.
    Action(String),
}

/// The name that the cluster gives itself.
const NAME: &str = "cluster.local";

/// How all actions are listed (OBJ-3, OBJ-6, OBJ-11): an empty list is one, and members are texts.
const LISTED: &str = "R-ALLNODES-SHAPE=WRAPPED,R-CLUSTERLIST-SHAPE=WRAPPED,R-LIST-EMPTY-CLUSTER=EMPTY-200,\
                      R-PROGRESS-TYPE=STRING,R-NODEUID-TYPE=STRING";

impl Beside {
    /// What a request asks for, if it is one of these.
    pub(super) fn of(request: &Request) -> Option<Self> {
        if !matches!(request.method, Method::Get | Method::Head) || !request.path.leads_nowhere() {
            return None;
        }
        let text = request.path.as_str();
        let path = text.split_once('?').map_or(text, |(path, _)| path);
        match path {
            "/v1/cluster" => Some(Self::Cluster),
            "/v1/bdbs" => Some(Self::Databases),
            "/v1/actions" => Some(Self::Actions),
            path => match path.strip_prefix("/v1/bdbs/") {
                Some(uid) => uid.parse().ok().map(|uid| Self::Database(DbUid(uid))),
                None => path.strip_prefix("/v1/actions/").map(|uid| Self::Action(uid.to_owned())),
            },
        }
    }

    /// What the law is asked instead, to decide who may see it: whoever may see the nodes, and the actions of the
    /// cluster (OBJ-14).
    pub(super) fn guard(&self, request: Request, rules: &Rules) -> (Request, Rules) {
        let (place, rules) = match self {
            Self::Cluster | Self::Databases | Self::Database(_) => (Place::NodeObjects, *rules),
            Self::Actions | Self::Action(_) => (Place::Cluster, listed(rules)),
        };
        (Request { path: Path::to(place), ..request }, rules)
    }

    /// The answer to whoever may see it.
    pub(super) fn show(self, cluster: &Cluster, rules: &Rules, now: Time) -> Response {
        let body = match self {
            Self::Cluster => Ok(json!({ "name": NAME })),
            Self::Databases => {
                Ok(cluster.databases().iter().map(|database| show_database(cluster, database)).collect())
            }
            Self::Database(uid) => {
                let found = cluster.databases().iter().find(|database| database.uid == uid);
                found.map(|database| show_database(cluster, database)).ok_or("db_not_exist")
            }
            // State machines are of databases, which have none here.
            Self::Actions => Ok(json!({ "actions": actions(cluster, rules, now), "state-machines": [] })),
            Self::Action(uid) => {
                let mut actions = actions(cluster, rules, now).into_iter();
                actions.find(|action| action["action_uid"] == *uid).ok_or("action_not_found")
            }
        };
        let (status, body) = match body {
            Ok(body) => (200, body),
            Err(code) => (404, json!({ "error_code": code, "description": "there is no such thing" })),
        };
        Response { status, body: Some(body), allow: Vec::new() }
    }
}

fn listed(rules: &Rules) -> Rules {
    let mut rules = *rules;
    rules.set_all(LISTED).expect("these are modelled");
    rules
}

/// The actions of all nodes and of the cluster (OBJ-15), as the law lists them, with their uids (OBJ-11).
fn actions(cluster: &Cluster, rules: &Rules, now: Time) -> Vec<Value> {
    let rules = listed(rules);
    let lists = [Place::AllNodes, Place::Cluster].map(|place| {
        let request = Request {
            method: Method::Get,
            path: Path::to(place),
            caller: Caller::Role(Role::Admin),
            headers: Headers::default(),
            body: Body::Absent,
        };
        let reply = step(&mut cluster.clone(), &rules, &Input { at: now, act: Act::Request(request) });
        let body = http::encode(&reply, &rules).and_then(|response| response.body);
        body.map(|mut body| body["actions"].take())
    });
    let mut actions: Vec<_> =
        lists.into_iter().flatten().filter_map(|list| list.as_array().cloned()).flatten().collect();
    for action in &mut actions {
        action["action_uid"] = action["task_id"].clone();
    }
    actions
}

/// The members of a database object that the model knows.
fn show_database(cluster: &Cluster, database: &Database) -> Value {
    let of_it = |node: &'_ crate::model::Node| -> Vec<_> {
        node.shards
            .iter()
            .filter(|shard| shard.db == database.uid)
            .map(|shard| (shard.uid.0, shard.role))
            .collect()
    };
    let mut shards: Vec<_> = cluster.nodes().iter().flat_map(|node| of_it(node)).collect();
    shards.sort_unstable_by_key(|(uid, _)| *uid);
    let masters = shards.iter().filter(|(_, role)| *role == ShardRole::Master).count();
    json!({
        "uid": database.uid.0,
        "name": format!("db{}", database.uid.0),
        "status": "active",
        "shards_count": masters,
        "shard_list": shards.iter().map(|(uid, _)| *uid).collect::<Vec<_>>(),
        "replication": database.replicated,
    })
}
