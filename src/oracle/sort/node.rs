//! What is shown of a node: its object and its status.

use serde_json::Value;

use super::super::call::Label;
use super::super::seen::{Nonsense, Seen};
use super::Sorted;
use crate::http::uid_in;
use crate::model::{Body, NodeUid};

impl Sorted {
    /// What the object of a node shows.
    pub(super) fn node(&self, uid: Option<NodeUid>, body: &Body) -> Seen {
        let Body::Json(node) = body else { return Seen::Node { has_shard: false } };
        if is_of_another(node, "uid", uid) {
            return Seen::Nonsense(Nonsense::OfOtherNode);
        }
        Seen::Node { has_shard: self.shows_shard(node) }
    }

    /// What the status of a node shows, and the label of its maintenance snapshot.
    pub(super) fn node_status(&mut self, uid: Option<NodeUid>, status: &Value) -> (Seen, Label) {
        let snapshot = status.get("maintenance_snapshot");
        if snapshot.is_some_and(|snapshot| is_of_another(snapshot, "node_uid", uid)) {
            return (Seen::Nonsense(Nonsense::OfOtherNode), 0);
        }
        let name = snapshot.and_then(|snapshot| snapshot.get("name"));
        let name = name.and_then(Value::as_str).map_or(0, |name| self.names.number(name.into()));
        let has_shard = self.shows_shard(status);
        (Seen::NodeStatus { has_snapshot: name != 0, has_shard }, name)
    }

    /// Whether a node, or its status, shows a shard (OBS-1, OBS-2), and that counts.
    pub(super) fn shows_shard(&self, node: &Value) -> bool {
        let shows = |member: &Value| match member {
            Value::Array(shards) => !shards.is_empty(),
            count => count.as_u64().is_some_and(|count| count > 0),
        };
        let members = ["shard_list", "shard_count", "master_shards", "slave_shards"];
        self.is_placed && members.iter().any(|member| node.get(member).is_some_and(shows))
    }
}

/// Whether a member says that something is of another node than this.
pub(super) fn is_of_another(shown: &Value, member: &str, uid: Option<NodeUid>) -> bool {
    let of = shown.get(member).and_then(uid_in);
    of.is_some_and(|of| uid.is_some_and(|uid| of != uid))
}
