//! What a request asks for, as far as its answers are told apart; and which requests are not judged.

use serde_json::Value;

use super::call::{CellName, Label};
use super::part::{HOME, NAMED};
use crate::http::{Said, Sighting};
use crate::intern::Interner;
use crate::model::{Body, Header, Method, NodeAction, NodeUid, Path, Place, Request, Slot};

/// A request, understood.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) cell: CellName,
    pub(super) kind: AskedKind,
    pub(super) slot: u8,
    /// The request with the node of its cell as home.
    pub(super) plain: Request,
    /// The node that a change_master is to promote.
    pub(super) target: Option<NodeUid>,
    /// The snapshot that it names.
    pub(super) name: Label,
    /// Whether the documents leave its answer open without a parameter.
    pub(super) is_free: bool,
}

/// What an answer can be looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AskedKind {
    Action,
    ListOfNode,
    Node,
    NodeStatus,
    Snapshots,
    ListOfCluster,
    ListOfAll,
    Nodes,
    Statuses,
    Shards,
    /// Anything of which only the code is judged.
    Other,
}

/// The slot that stands for a node as a whole: its removal decides what remains of it.
pub(super) const WHOLE: u8 = NodeAction::Remove as u8;

impl Asked {
    /// Understands a request. Names of snapshots get labels.
    pub(super) fn of(request: &Request, names: &mut Interner<Box<str>>) -> Self {
        let path = &respelled(&request.path);
        let cell = path.node().map_or(CellName::Cluster, CellName::Node);
        let (kind, slot) = match cell {
            CellName::Node(uid) => of_node(path, uid),
            CellName::Cluster => (of_cluster(path), 0),
        };
        let mut plain = request.clone();
        plain.path = path.about(HOME);
        let named = match path.snapshot() {
            Some((_, name)) => Some(name.to_owned()),
            None => take_name(&mut plain),
        };
        let aimed = if cell == CellName::Cluster { target(request) } else { None };
        if aimed.is_some() {
            aim(&mut plain);
        }
        let name = named.map_or(0, |name| names.number(name.into()));
        Self { cell, kind, slot, target: aimed, name, is_free: is_free(request), plain }
    }
}

/// If a request asks for a list of actions, the node that they are of; none, if it is of all or of the cluster.
pub(super) fn list_of_actions(request: &Request) -> Option<Option<NodeUid>> {
    let Asked { cell, kind, .. } = Asked::of(request, &mut Interner::default());
    matches!(kind, AskedKind::ListOfNode | AskedKind::ListOfAll | AskedKind::ListOfCluster)
        .then(|| cell.uid())
}

fn of_node(path: &Path, uid: NodeUid) -> (AskedKind, u8) {
    if let Some(Slot::Node(_, action)) = path.slot() {
        return (AskedKind::Action, action as u8);
    }
    let places = [
        (Place::Node(uid), AskedKind::ListOfNode),
        (Place::NodeObject(uid), AskedKind::Node),
        (Place::NodeStatus(uid), AskedKind::NodeStatus),
        (Place::Snapshots(uid), AskedKind::Snapshots),
    ];
    let found = places.into_iter().find(|(place, _)| path.names(*place));
    // `remove_node` may be another name of `remove` (R-NAME-REMOVE).
    let alias = AskedKind::Action;
    match found {
        Some((_, kind)) => (kind, WHOLE),
        None if path.as_str().contains("remove_node") => (alias, WHOLE),
        None => (AskedKind::Other, WHOLE),
    }
}

fn of_cluster(path: &Path) -> AskedKind {
    let places = [
        (Place::AllNodes, AskedKind::ListOfAll),
        (Place::Cluster, AskedKind::ListOfCluster),
        (Place::NodeObjects, AskedKind::Nodes),
        (Place::NodeStatuses, AskedKind::Statuses),
        (Place::Shards, AskedKind::Shards),
        (Place::Action(Slot::ChangeMaster), AskedKind::Action),
    ];
    let found = places.into_iter().find(|(place, _)| path.names(*place));
    found.map_or(AskedKind::Other, |(_, kind)| kind)
}

/// The name of a snapshot in a body, with a word for it left in its place.
fn take_name(request: &mut Request) -> Option<String> {
    let Body::Json(Value::Object(members)) = &mut request.body else { return None };
    let name = members.get_mut("snapshot_name")?;
    let named = name.as_str()?.to_owned();
    *name = NAMED.into();
    Some(named)
}

/// Makes the node that a change_master is to promote the node of the cell.
fn aim(request: &mut Request) {
    if let Body::Json(Value::Object(members)) = &mut request.body
        && let Some(uid) = members.get_mut("node_uid")
    {
        *uid = if uid.is_string() { HOME.to_string().into() } else { HOME.0.into() };
    }
}

/// The node that a change_master names, as a string or a number.
fn target(request: &Request) -> Option<NodeUid> {
    let Body::Json(Value::Object(members)) = &request.body else { return None };
    match Sighting::of(members).node {
        Said::This((uid, _)) => Some(uid),
        Said::Nothing | Said::Nonsense => None,
    }
}

/// The path that is meant if an odd spelling is understood: whatever came of it may have come of that.
fn respelled(path: &Path) -> Path {
    let text = path.as_str().split('?').next().unwrap_or_default();
    let usual = text.replacen("/v2/", "/v1/", usize::from(text.starts_with("/v2/")));
    let words = usual.trim_end_matches('/').split('/').map(|word| match word {
        _ if has_odd_case(word) => word.to_ascii_lowercase(),
        _ if has_leading_zero(word) => word.trim_start_matches('0').to_owned(),
        _ => word.to_owned(),
    });
    let usual = words.collect::<Vec<_>>().join("/");
    if usual == text { path.clone() } else { Path::new(&usual) }
}

/// Whether a request is one of those whose answer no document settles and no parameter describes.
pub(super) fn is_free(request: &Request) -> bool {
    let text = request.path.as_str();
    let path = text.split_once('?').map_or(text, |(path, _)| path);
    let has_odd_spelling = text.contains('?') // R-QUERY
        || text.contains('%') && request.path.snapshot().is_none() // R-ENCODING
        || path.ends_with('/') // R-TRAILING-SLASH
        || path.starts_with("/v2/") // R-V2-PREFIX
        || path.split('/').any(has_leading_zero) // R-NODEUID-SYNTAX
        || path.split('/').any(has_odd_case); // R-ACTION-CASE
    let is_odd_method = matches!(request.method, Method::Head | Method::Options); // R-HEAD-OPTIONS
    let has_odd_accept = matches!(&request.headers.accept, Header::Other(text) if &**text != "*/*"); // R-ACCEPT
    let has_body = request.body != Body::Absent;
    let has_odd_body = match (&request.body, request.method) {
        (Body::Json(Value::Object(members)), Method::Post) => members.values().any(Value::is_null), // R-POST-NULL-FIELD
        (_, Method::Get | Method::Delete) => has_body, // R-BODY-ON-GET, R-DEL-BODY-IN
        _ => false,
    };
    has_odd_spelling || is_odd_method || has_odd_accept || has_odd_body || is_of_another_interface(request)
}

/// Whether a request may be one that other documents describe: the actions of everything (R-V1ACTIONS), databases,
/// users, whatever else a cluster serves; and the same of a node, its snapshots made by a user (R-SNAP-CREATE-REST) or
/// its members changed.
fn is_of_another_interface(request: &Request) -> bool {
    let path = &request.path;
    let words: Vec<&str> = path.as_str().split('/').skip(1).filter(|word| *word != "v1").collect();
    match (words.as_slice(), request.method) {
        (["nodes", _, "actions", ..] | ["nodes" | "cluster", "actions", ..], _) => false,
        (["nodes", _, "snapshots", _], Method::Post) => true,
        (["nodes", _, "snapshots", ..], _) | (_, Method::Get) => path.leads_nowhere(),
        _ => true,
    }
}

/// Whether a word is a number that begins with a zero.
fn has_leading_zero(word: &str) -> bool {
    word.len() > 1 && word.starts_with('0') && word.bytes().all(|it| it.is_ascii_digit())
}

/// Whether a word is the name of an action but for upper case.
fn has_odd_case(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let is_name =
        lower == "change_master" || lower == "remove_node" || NodeAction::from_name(&lower).is_some();
    is_name && lower != word
}
