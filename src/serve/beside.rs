//! What clients ask for on connecting: the cluster and its databases, read only.
//!
//! The documents of the actions do not describe these, so they are no part of the law and nothing depends on them.
//! They hold what the cluster of the model knows. Who may see them is asked of the law: whoever may see the nodes.

use serde_json::{Value, json};

use crate::http::Response;
use crate::model::{Cluster, Database, DbUid, Method, Path, Place, Request, ShardRole};

/// What is served beside the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    Cluster,
    Databases,
    Database(DbUid),
}

/// The name that the cluster gives itself.
const NAME: &str = "cluster.local";

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
            path => path.strip_prefix("/v1/bdbs/")?.parse().ok().map(|uid| Self::Database(DbUid(uid))),
        }
    }

    /// The request that decides who may see it.
    pub(super) fn guard(request: Request) -> Request {
        Request { path: Path::to(Place::NodeObjects), ..request }
    }

    /// The answer to whoever may see it.
    pub(super) fn show(self, cluster: &Cluster) -> Response {
        let (status, body) = match self {
            Self::Cluster => (200, json!({ "name": NAME })),
            Self::Databases => {
                (200, cluster.databases().iter().map(|database| show_database(cluster, database)).collect())
            }
            Self::Database(uid) => match cluster.databases().iter().find(|database| database.uid == uid) {
                Some(database) => (200, show_database(cluster, database)),
                None => {
                    (404, json!({ "error_code": "db_not_exist", "description": "there is no such database" }))
                }
            },
        };
        Response { status, body: Some(body), allow: Vec::new() }
    }
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
