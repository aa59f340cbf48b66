//! Replies as HTTP: status codes, and bodies as JSON.
//!
//! What a reply says is settled in [`crate::model`]; how it looks is settled here and only here. The *form*
//! readings (the shape of a list, the name of the removal, the JSON types of `node_uid` and `progress`, the name
//! of the error text) never reach the state. Sockets, header names and serialisation are absent: a
//! [`Response`] is a value. The one exception is [`client`], which is there for who asks for it.

#[cfg(feature = "http")]
pub mod client;
mod sighting;

pub use sighting::{ANY_PROGRESS, Amount, Member, Place, ProgressForm, Said, SeenProgress, Sighting};

use serde_json::{Map, Number, Value, json};

use crate::model::{
    ActionView, Answer, Body, Listing, Method, Moment, NodeAction, NodeStatusView, NodeUid, NodeView,
};
use crate::model::{
    Observation, Progress, Refusal, Reply, ShardRole, ShardUid, ShardView, Slot, SnapshotView,
};
use crate::model::{TaskId, Why};
use crate::spec::Rules;
use crate::spec::rules::{
    AllnodesShape, ClusterlistShape, ErrmsgName, NameRemove, NodeuidType, ProgressType,
};

/// What goes over the wire in answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status code.
    pub status: u16,
    /// The body; none if it is empty.
    pub body: Option<Value>,
    /// The `Allow` header: the methods of the path. Empty if the header is left out.
    pub allow: Vec<Method>,
}

impl Response {
    fn new(status: u16, body: Option<Value>) -> Self {
        Self { status, body, allow: Vec::new() }
    }

    /// The response as it is sent to this method: the answer to HEAD is that to GET without its body.
    pub fn sent_to(self, method: Method) -> Self {
        let body = self.body.filter(|_| method != Method::Head);
        Self { body, ..self }
    }
}

/// The bytes of a message as a body: JSON if they can be read as such.
pub fn body_of(bytes: &[u8]) -> Body {
    if bytes.is_empty() {
        return Body::Absent;
    }
    match serde_json::from_slice(bytes) {
        Ok(value) => Body::Json(value),
        Err(_) => Body::Text(String::from_utf8_lossy(bytes).into()),
    }
}

/// The response to a request, as if it had been asked with GET, POST, DELETE or OPTIONS; `None` for what came of
/// an event. Whoever knows the request applies [`Response::sent_to`].
pub fn encode(reply: &Reply, rules: &Rules) -> Option<Response> {
    match reply {
        Reply::Answer(answer) => Some(served(answer, rules)),
        Reply::Refused(refusal) => Some(refused(*refusal)),
        Reply::Happened | Reply::NotEnabled(_) => None,
    }
}

/// The task id on the wire: a GUID of fixed form that holds the number of the task.
pub fn task_guid(task: TaskId) -> String {
    format!("00000000-0000-4000-8000-{:012x}", task.0)
}

fn served(answer: &Answer, rules: &Rules) -> Response {
    match answer {
        Answer::Accepted(Slot::Node(..), task) => {
            Response::new(200, Some(json!({ "status": "queued", "task_id": task_guid(*task) })))
        }
        Answer::Accepted(Slot::ChangeMaster, _) => Response::new(200, Some(json!({}))), // R-POST-CLUSTER-BODY
        Answer::Deleted(_) => Response::new(200, None),
        Answer::Action(view) => Response::new(200, Some(action(view, rules))),
        Answer::Actions(listing, views) => Response::new(200, Some(list(*listing, views, rules))),
        Answer::Observed(observation) => Response::new(200, Some(observed(observation))),
        Answer::SnapshotDeleted(view) => Response::new(200, Some(snapshot(view))),
        Answer::Methods(methods) => Response { allow: methods.to_vec(), ..Response::new(200, None) },
    }
}

fn refused(refusal: Refusal) -> Response {
    let (error_code, description) = (refusal.why.error_code(), refusal.why.description());
    let body = json!({ "error_code": error_code, "description": description });
    let allow = match refusal.why {
        Why::NoMethod(methods) if refusal.code == 405 => methods.to_vec(),
        _ => Vec::new(),
    };
    Response { allow, ..Response::new(refusal.code, Some(body)) }
}

fn list(listing: Listing, views: &[ActionView], rules: &Rules) -> Value {
    let actions: Value = views.iter().map(|view| action(view, rules)).collect();
    let bare = match listing {
        Listing::AllNodes => rules.allnodes_shape() == AllnodesShape::Bare,
        Listing::OfCluster => rules.clusterlist_shape() == ClusterlistShape::Bare,
        Listing::OfNode => false, // NODE-6
    };
    if bare { actions } else { json!({ "actions": actions }) }
}

/// The action object (section OBJ).
fn action(view: &ActionView, rules: &Rules) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("name", action_name(view.slot, rules).into());
    if let Slot::Node(uid, _) = view.slot {
        put("node_uid", node_uid(uid, rules));
    }
    put("status", view.status.name().into());
    put("progress", progress(view.progress, rules));
    put("task_id", task_guid(view.task).into());
    if let Some(error) = view.error {
        put("error_code", error.name().into());
        put(message_member(rules), error.message().into());
    }
    Value::Object(members)
}

/// What an action is called in answers.
pub(crate) fn action_name(slot: Slot, rules: &Rules) -> &'static str {
    if !matches!(slot, Slot::Node(_, NodeAction::Remove)) {
        return slot.action_name();
    }
    match rules.name_remove() {
        NameRemove::Taskname | NameRemove::Alias => "remove_node",
        NameRemove::Pathname => "remove",
    }
}

/// The uid of a node in an action object.
pub(crate) fn node_uid(uid: NodeUid, rules: &Rules) -> Value {
    match rules.nodeuid_type() {
        NodeuidType::String => uid.to_string().into(),
        NodeuidType::Integer => uid.0.into(),
    }
}

/// The uid of a node where it is a number for some and text for others.
pub(crate) fn uid_in(value: &Value) -> Option<NodeUid> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    u32::try_from(number).ok().map(NodeUid)
}

fn progress(progress: Progress, rules: &Rules) -> Value {
    let (percent, rest) = (progress.hundredths() / 100, progress.hundredths() % 100);
    let decimal = || format!("{percent}.{rest:02}");
    match rules.progress_type() {
        ProgressType::Number => {
            Value::Number(decimal().parse::<Number>().expect("a decimal is a JSON number"))
        }
        ProgressType::Int => percent.into(),
        // The one documented string is "100", without a fraction (OBJ-3).
        ProgressType::String => decimal().trim_end_matches('0').trim_end_matches('.').into(),
    }
}

/// The member of an action object that says in words why it failed.
pub fn message_member(rules: &Rules) -> &'static str {
    message_name(rules.errmsg_name())
}

fn message_name(name: ErrmsgName) -> &'static str {
    match name {
        ErrmsgName::ErrorMessage => "error_message",
        ErrmsgName::Message => "message",
        ErrmsgName::Description => "description",
    }
}

/// What else the cluster shows (section OBS). The types are those of the examples: numbers in the node object,
/// strings in snapshots and shards, but for the database.
fn observed(observation: &Observation) -> Value {
    match observation {
        Observation::Nodes(views) => views.iter().map(node).collect(),
        Observation::Node(view) => node(view),
        Observation::NodeStatuses(views) => {
            Value::Object(views.iter().map(|view| (view.uid.to_string(), node_status(view))).collect())
        }
        Observation::NodeStatus(view) => node_status(view),
        Observation::Snapshots(views) => views.iter().map(snapshot).collect(),
        Observation::Shards(views) => views.iter().map(shard).collect(),
    }
}

fn node(view: &NodeView) -> Value {
    json!({
        "uid": view.uid.0,
        "status": view.state.name(),
        "shard_count": view.shards.len(),
        "shard_list": shard_list(&view.shards),
        "accept_servers": view.accepts_shards,
        "max_redis_servers": view.capacity,
    })
}

fn node_status(view: &NodeStatusView) -> Value {
    let mut members = json!({
        "role": if view.is_primary { "master" } else { "slave" },
        "node_status": view.state.name(),
        "master_shards": shard_list(&view.masters),
        "slave_shards": shard_list(&view.replicas),
    });
    if let Some(view) = &view.maintenance_snapshot {
        members["maintenance_snapshot"] = snapshot(view);
    }
    members
}

fn shard_list(shards: &[ShardUid]) -> Value {
    shards.iter().map(|shard| shard.0).collect()
}

fn snapshot(view: &SnapshotView) -> Value {
    let Moment { year, month, day, hour, minute, second } = Moment::of(view.created);
    let created = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
    json!({ "name": &*view.name, "created_time": created, "node_uid": view.node.to_string() })
}

fn shard(view: &ShardView) -> Value {
    let role = match view.role {
        ShardRole::Master => "master",
        ShardRole::Replica => "slave",
    };
    json!({
        "uid": view.uid.0.to_string(),
        "role": role,
        "node_uid": view.node.to_string(),
        "bdb_uid": view.db.0,
    })
}
