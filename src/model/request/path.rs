//! Paths: text in, place out. Odd ones are kept as they were sent and lead nowhere.

mod percent;

use std::fmt;

use super::super::{NodeAction, NodeUid, Slot};
use super::Method;
use crate::spec::Rules;
use crate::spec::rules::{NameRemove, NodeuidSyntax, VersionPrefix};

/// A path with its query, as sent, and the place it names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Path {
    text: Box<str>,
    version: Version,
    place: Option<Route>,
}

/// An endpoint, for whoever builds paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// `/v1/nodes/actions`
    AllNodes,
    /// `/v1/nodes/{uid}/actions`
    Node(NodeUid),
    /// `/v1/cluster/actions`
    Cluster,
    /// The single action of a slot.
    Action(Slot),
    /// `/v1/nodes`
    NodeObjects,
    /// `/v1/nodes/{uid}`
    NodeObject(NodeUid),
    /// `/v1/nodes/status`
    NodeStatuses,
    /// `/v1/nodes/{uid}/status`
    NodeStatus(NodeUid),
    /// `/v1/nodes/{uid}/snapshots`
    Snapshots(NodeUid),
    /// `/v1/shards`
    Shards,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Version {
    V1,
    LeftOut,
}

/// Where a path leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in super::super) enum Route {
    AllNodes,
    Node(UidText),
    NodeAction(UidText, NameText),
    Cluster,
    ClusterAction(NameText),
    NodeObjects,
    NodeObject(UidText),
    NodeStatuses,
    NodeStatus(UidText),
    Snapshots(UidText),
    /// One snapshot of a node, by its name.
    Snapshot(UidText, Box<str>),
    Shards,
}

/// The part of a path that should be a node uid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) enum UidText {
    /// A canonical decimal.
    Number(NodeUid),
    /// A canonical decimal beyond any node.
    Huge,
    /// Anything else.
    Odd,
}

/// The part of a path that should be the name of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) enum NameText {
    Node(NodeAction),
    ChangeMaster,
    /// `remove_node`, the task name of `remove` (R-NAME-REMOVE).
    RemoveNode,
    Unknown,
}

impl Path {
    /// Reads a path. Total: what names nothing is a path too.
    pub fn new(text: &str) -> Self {
        let before_query = text.split_once('?').map_or(text, |(path, _)| path);
        let decoded: Option<Vec<String>> =
            before_query.strip_prefix('/').and_then(|rest| rest.split('/').map(percent::decode).collect());
        let segments: Vec<&str> = decoded.iter().flatten().map(String::as_str).collect();
        let (version, segments) = match segments.as_slice() {
            ["v1", rest @ ..] => (Version::V1, rest),
            rest => (Version::LeftOut, rest),
        };
        let place = Route::new(segments);
        Self { text: text.into(), version, place }
    }

    /// The usual path to a place.
    pub fn to(place: Place) -> Self {
        Self::leading(&Route::from(place))
    }

    /// The usual path to a snapshot.
    pub fn to_snapshot(uid: NodeUid, name: &str) -> Self {
        Self::leading(&Route::Snapshot(UidText::Number(uid), name.into()))
    }

    fn leading(route: &Route) -> Self {
        let spelling = route.spelling(None).expect("a node is named by its number");
        Self::new(&format!("/v1{spelling}"))
    }

    /// The path as it was sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The slot that the path names, whatever the rules say about its form.
    pub fn slot(&self) -> Option<Slot> {
        match *self.place.as_ref()? {
            Route::NodeAction(UidText::Number(uid), NameText::Node(action)) => Some(Slot::Node(uid, action)),
            Route::ClusterAction(NameText::ChangeMaster) => Some(Slot::ChangeMaster),
            _ => None,
        }
    }

    /// The snapshot that the path names, by its node and its name, whatever the rules say about its form.
    pub fn snapshot(&self) -> Option<(NodeUid, &str)> {
        match self.place.as_ref()? {
            Route::Snapshot(UidText::Number(uid), name) => Some((*uid, name)),
            _ => None,
        }
    }

    /// The node that the path is about, whatever the rules say about its form.
    pub fn node(&self) -> Option<NodeUid> {
        match self.place.as_ref()?.uid()? {
            UidText::Number(uid) => Some(uid),
            UidText::Huge | UidText::Odd => None,
        }
    }

    /// Whether the path is about an action of the cluster, known or not.
    pub fn is_of_cluster(&self) -> bool {
        matches!(self.place, Some(Route::ClusterAction(_)))
    }

    /// The same path in its usual spelling, about this node if it is about one.
    pub fn about(&self, uid: NodeUid) -> Self {
        let spelling = self.place.as_ref().and_then(|route| route.spelling(Some(uid)));
        let version = if self.version == Version::V1 { "/v1" } else { "" };
        spelling.map_or_else(|| self.clone(), |spelling| Self::new(&format!("{version}{spelling}")))
    }

    /// Whether the path is none of this interface, whatever the rules say about its form.
    pub fn leads_nowhere(&self) -> bool {
        self.place.is_none()
    }

    /// Whether the path names this place, whatever the rules say about its form.
    pub fn names(&self, place: Place) -> bool {
        self.place == Some(Route::from(place))
    }

    /// Where the path leads under the rules; `None` if nowhere.
    pub(in super::super) fn route(&self, rules: &Rules) -> Option<&Route> {
        if self.version == Version::LeftOut && rules.version_prefix() == VersionPrefix::Required {
            return None;
        }
        let is_odd = |route: &&Route| route.uid() == Some(UidText::Odd);
        self.place
            .as_ref()
            .filter(|route| !(is_odd(route) && rules.nodeuid_syntax() == NodeuidSyntax::IntRoute))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl From<Place> for Route {
    fn from(place: Place) -> Self {
        match place {
            Place::AllNodes => Self::AllNodes,
            Place::Node(uid) => Self::Node(UidText::Number(uid)),
            Place::Cluster => Self::Cluster,
            Place::Action(Slot::Node(uid, action)) => {
                Self::NodeAction(UidText::Number(uid), NameText::Node(action))
            }
            Place::Action(Slot::ChangeMaster) => Self::ClusterAction(NameText::ChangeMaster),
            Place::NodeObjects => Self::NodeObjects,
            Place::NodeObject(uid) => Self::NodeObject(UidText::Number(uid)),
            Place::NodeStatuses => Self::NodeStatuses,
            Place::NodeStatus(uid) => Self::NodeStatus(UidText::Number(uid)),
            Place::Snapshots(uid) => Self::Snapshots(UidText::Number(uid)),
            Place::Shards => Self::Shards,
        }
    }
}

impl Route {
    /// Where the segments after the version lead. A word that a page of its own has is no uid
    /// (R-RESERVED-SEGMENT).
    fn new(segments: &[&str]) -> Option<Self> {
        Some(match *segments {
            ["nodes"] => Self::NodeObjects,
            ["nodes", "actions"] => Self::AllNodes,
            ["nodes", "status"] => Self::NodeStatuses,
            ["nodes", uid] if !uid.is_empty() => Self::NodeObject(UidText::new(uid)),
            ["nodes", uid, "actions"] => Self::Node(UidText::new(uid)),
            ["nodes", uid, "actions", name] if !name.is_empty() => {
                Self::NodeAction(UidText::new(uid), NameText::new(name))
            }
            ["nodes", uid, "status"] => Self::NodeStatus(UidText::new(uid)),
            ["nodes", uid, "snapshots"] => Self::Snapshots(UidText::new(uid)),
            ["nodes", uid, "snapshots", name] if !name.is_empty() => {
                Self::Snapshot(UidText::new(uid), name.into())
            }
            ["cluster", "actions"] => Self::Cluster,
            ["cluster", "actions", name] if !name.is_empty() => Self::ClusterAction(NameText::new(name)),
            ["shards"] => Self::Shards,
            _ => return None,
        })
    }

    /// What stands where the uid of a node belongs, if it is about a node.
    fn uid(&self) -> Option<UidText> {
        match *self {
            Self::Node(uid)
            | Self::NodeAction(uid, _)
            | Self::NodeObject(uid)
            | Self::NodeStatus(uid)
            | Self::Snapshots(uid)
            | Self::Snapshot(uid, _) => Some(uid),
            Self::AllNodes
            | Self::Cluster
            | Self::ClusterAction(_)
            | Self::NodeObjects
            | Self::NodeStatuses
            | Self::Shards => None,
        }
    }

    /// The path that leads there, or to the same of another node, without its version; `None` if that has an odd
    /// uid.
    fn spelling(&self, other: Option<NodeUid>) -> Option<String> {
        let uid = match self.uid() {
            Some(UidText::Number(uid)) => other.unwrap_or(uid).to_string(),
            Some(UidText::Huge | UidText::Odd) => return None,
            None => String::new(),
        };
        Some(match self {
            Self::AllNodes => "/nodes/actions".to_owned(),
            Self::Node(_) => format!("/nodes/{uid}/actions"),
            Self::NodeAction(_, name) => format!("/nodes/{uid}/actions/{}", name.text()),
            Self::Cluster => "/cluster/actions".to_owned(),
            Self::ClusterAction(name) => format!("/cluster/actions/{}", name.text()),
            Self::NodeObjects => "/nodes".to_owned(),
            Self::NodeObject(_) => format!("/nodes/{uid}"),
            Self::NodeStatuses => "/nodes/status".to_owned(),
            Self::NodeStatus(_) => format!("/nodes/{uid}/status"),
            Self::Snapshots(_) => format!("/nodes/{uid}/snapshots"),
            Self::Snapshot(_, name) => format!("/nodes/{uid}/snapshots/{}", percent::encode(name)),
            Self::Shards => "/shards".to_owned(),
        })
    }

    /// The slot that it is about, if it is about one that exists under the rules.
    pub(in super::super) fn slot(&self, rules: &Rules) -> Option<Slot> {
        match *self {
            Self::NodeAction(UidText::Number(uid), name) => name.on_node(uid, rules),
            Self::ClusterAction(NameText::ChangeMaster) => Some(Slot::ChangeMaster),
            _ => None,
        }
    }

    /// The methods it documents (HTTP-12).
    pub(super) fn methods(&self) -> &'static [Method] {
        match self {
            Self::NodeAction(..) | Self::ClusterAction(_) => &[Method::Get, Method::Post, Method::Delete],
            Self::Snapshot(..) => &[Method::Delete], // R-SNAP-CREATE-REST
            Self::AllNodes
            | Self::Node(_)
            | Self::Cluster
            | Self::NodeObjects
            | Self::NodeObject(_)
            | Self::NodeStatuses
            | Self::NodeStatus(_)
            | Self::Snapshots(_)
            | Self::Shards => &[Method::Get],
        }
    }
}

impl UidText {
    fn new(text: &str) -> Self {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let canonical = digits && (text == "0" || !text.starts_with('0'));
        match text.parse() {
            Ok(uid) if canonical => Self::Number(NodeUid(uid)),
            _ if canonical => Self::Huge,
            _ => Self::Odd,
        }
    }
}

impl NameText {
    fn new(text: &str) -> Self {
        match text {
            "change_master" => Self::ChangeMaster,
            "remove_node" => Self::RemoveNode,
            name => NodeAction::from_name(name).map_or(Self::Unknown, Self::Node),
        }
    }

    /// The word; one of its own for all that are unknown.
    fn text(self) -> &'static str {
        match self {
            Self::Node(action) => action.name(),
            Self::ChangeMaster => "change_master",
            Self::RemoveNode => "remove_node",
            Self::Unknown => "unknown",
        }
    }

    /// The slot that the name means on a node; none for the name of a cluster action (R-POST-WRONG-FAMILY).
    pub(in super::super) fn on_node(self, uid: NodeUid, rules: &Rules) -> Option<Slot> {
        match self {
            Self::Node(action) => Some(Slot::Node(uid, action)),
            Self::RemoveNode if rules.name_remove() == NameRemove::Alias => {
                Some(Slot::Node(uid, NodeAction::Remove))
            }
            Self::RemoveNode | Self::ChangeMaster | Self::Unknown => None,
        }
    }
}
