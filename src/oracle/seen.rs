//! What came back, as far as it is judged, and whether it is what the law would have answered.
//!
//! Equal sightings are one [`Symbol`], whatever node, task or snapshot they speak of: those are told apart by the
//! frontier. What the documents leave open without a parameter (the stance FREE) is decided here: the bodies of
//! refusals (R-ERR-BODY), the body of a DELETE (R-DEL-RESPONSE), the order of checks (R-POST-ORDER), which code a
//! refused precondition has (R-PRECHECK-STATUS).

mod stand_in;

use serde_json::Value;

use super::part::{HOME, Meant};
use super::setting::Outside;
use crate::http::{Member, Place, Said, Sighting};
use crate::model::{self, Act, Refusal, Why};
use crate::model::{
    Answer, Body, Input, Listing, Method, NodeUid, Observation, Path, Reply, Request, Slot, Time,
};
use crate::spec::Rules;
use crate::spec::rules::{AllnodesShape, ClusterlistShape};

/// A judged call without what only its own run can tell: equal ones have equal futures.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Symbol {
    /// The request, with the node of the cell as [`HOME`].
    pub(super) request: Request,
    /// What came back; `None` if nothing did, or nothing that is judged.
    pub(super) seen: Option<Seen>,
    /// The actions that are to be thought live outside of the cell.
    pub(super) outside: Outside,
    /// Whether the node that the body names can have been a member, and whether it can have been none.
    pub(super) target: (bool, bool),
}

/// What came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Seen {
    /// A status code; the body is not judged.
    Code(u16),
    /// An accepted POST.
    Accepted,
    /// An action object.
    Action(Sighting),
    /// The entry of the slot in a list, or none.
    Entry(Option<Sighting>),
    /// A list, bare or wrapped; its entries are looked at one by one.
    List {
        /// Whether it is no member of an object.
        is_bare: bool,
    },
    /// A list of all nodes without this one.
    LeftOut,
    /// The node, or its entry, and whether it shows a shard there.
    Node { has_shard: bool },
    /// The status of the node, and whether it shows a maintenance snapshot, and a shard there.
    NodeStatus { has_snapshot: bool, has_shard: bool },
    /// So many snapshots.
    Snapshots(u8),
    /// Something else that is shown.
    Shown,
    /// A body that nothing allows, with the status 200.
    Nonsense(Nonsense),
}

/// Why a body is what nothing allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Nonsense {
    /// It is no JSON object.
    NoObject,
    /// It is no list, bare or wrapped.
    NoList,
    /// A snapshot in a list has no name.
    NoName,
    /// A list has two entries of one slot (R-LIST-UNIQUE).
    TwoEntries,
    /// The list of a node has an entry, or a snapshot, of another (NODE-5, SNAP-6).
    OtherNode,
    /// The object of a node, or the snapshot in its status, is of another (OBS-1, OBS-2).
    OfOtherNode,
    /// The list of nodes has one of them twice (OBS-1).
    NodeTwice,
    /// The list of the cluster has an entry of a node (CLU-1).
    NodeAction,
    /// The status of an accepted POST is none.
    NoStatus,
}

impl Nonsense {
    pub(super) fn says(self) -> &'static str {
        match self {
            Self::NoObject => "the body is no JSON object",
            Self::NoList => "the body is no list",
            Self::NoName => "a snapshot has no name",
            Self::TwoEntries => "the list has two entries of one action",
            Self::OtherNode => "the list of one node has an entry of another",
            Self::OfOtherNode => "what is shown belongs to another node",
            Self::NodeTwice => "the list has one node twice",
            Self::NodeAction => "the list of the cluster has an entry of a node",
            Self::NoStatus => "the status is none that an action can have",
        }
    }

    pub(super) fn clauses(self, path: &Path) -> &'static [&'static str] {
        match self {
            Self::NoList if path.names(model::Place::NodeObjects) => &["OBS-1"],
            Self::NoList if path.names(model::Place::Snapshots(HOME)) => &["SNAP-10"],
            Self::NoObject if path.names(model::Place::NodeStatuses) => &["OBS-2"],
            Self::NoObject => &["NODE-13", "OBJ-1"],
            Self::NoList => &["NODE-2", "NODE-6", "CLU-2"],
            Self::NoName => &["SNAP-10"],
            Self::TwoEntries => &["POST-1", "POST-3", "R-LIST-UNIQUE"],
            Self::OtherNode if path.names(model::Place::Snapshots(HOME)) => &["SNAP-6", "SNAP-10"],
            Self::OtherNode => &["NODE-5"],
            Self::OfOtherNode if path.names(model::Place::NodeObject(HOME)) => &["OBS-1"],
            Self::OfOtherNode => &["OBS-2", "SNAP-6"],
            Self::NodeTwice => &["OBS-1"],
            Self::NodeAction => &["CLU-1", "CLU-3"],
            Self::NoStatus => &["POST-13", "LIFE-1"],
        }
    }
}

/// What an answer that fits says about the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Told {
    /// Nothing more.
    Nothing,
    /// The id of the task in the slot, if one was shown.
    Task,
    /// The id of a new task, if one was shown.
    NewTask,
    /// The names of all snapshots.
    Snapshots,
    /// The name of the snapshot at this place.
    Snapshot(u8),
}

/// Why an answer does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Misfit {
    /// Another kind of answer was due.
    Other,
    /// A member of the object is wrong.
    Member(Member),
}

impl Seen {
    /// Whether it shows a shard on the node.
    pub(super) fn has_shard(self) -> bool {
        matches!(self, Self::Node { has_shard: true } | Self::NodeStatus { has_shard: true, .. })
    }

    /// Whether it is what the law answered.
    pub(super) fn fits(&self, reply: &Reply, slot: Slot, rules: &Rules) -> Result<Told, Misfit> {
        match (reply, self) {
            (Reply::Refused(refusal), Self::Code(code)) => may_have(*refusal, *code),
            (Reply::Refused(_), Self::Entry(None)) => Ok(Told::Nothing),
            (Reply::Refused(refusal), Self::LeftOut) => may_have(*refusal, 404),
            (Reply::Answer(answer), _) => self.fits_answer(answer, slot, rules),
            _ => Err(Misfit::Other),
        }
    }

    fn fits_answer(&self, answer: &Answer, slot: Slot, rules: &Rules) -> Result<Told, Misfit> {
        let fine = |is_fine| if is_fine { Ok(Told::Nothing) } else { Err(Misfit::Other) };
        match (answer, self) {
            (Answer::Accepted(..), Self::Accepted) => Ok(Told::NewTask),
            (Answer::Deleted(_) | Answer::SnapshotDeleted(_), Self::Code(code)) => fine(*code == 200),
            (Answer::Action(view), Self::Action(sighting)) => {
                sighting.fits(view, rules, Place::Single).map_err(Misfit::Member)?;
                Ok(Told::Task)
            }
            (Answer::Actions(_, views), Self::Entry(entry)) => {
                match (views.iter().find(|view| view.slot == slot), entry) {
                    (None, None) => Ok(Told::Nothing),
                    (Some(view), Some(sighting)) => {
                        sighting.fits(view, rules, Place::Entry).map_err(Misfit::Member)?;
                        Ok(Told::Task)
                    }
                    _ => Err(Misfit::Other),
                }
            }
            // The list of a node that cannot be (R-GET-UNKNOWN-NODE).
            (Answer::Actions(..), Self::Shown) => Ok(Told::Nothing),
            (Answer::Actions(listing, _), Self::List { is_bare }) => {
                fine(*is_bare == is_bare_in(*listing, rules))
            }
            (Answer::Observed(observation), _) => self.fits_observation(observation),
            _ => Err(Misfit::Other),
        }
    }

    fn fits_observation(&self, observation: &Observation) -> Result<Told, Misfit> {
        match (observation, self) {
            // Any shard may have left the node.
            (Observation::Node(view), Self::Node { has_shard: true }) if view.shards.is_empty() => {
                Err(Misfit::Other)
            }
            (Observation::Node(_), Self::Node { .. }) => Ok(Told::Nothing),
            (Observation::NodeStatus(view), Self::NodeStatus { has_snapshot, has_shard }) => {
                let shows_none = view.masters.is_empty() && view.replicas.is_empty();
                match (&view.maintenance_snapshot, has_snapshot) {
                    _ if *has_shard && shows_none => Err(Misfit::Other),
                    // Where maintenance shows is left open (R-MAINT-OBSERVE).
                    (_, false) => Ok(Told::Nothing),
                    (Some(snapshot), true) => {
                        let at = snapshot.name.strip_prefix('s').and_then(|at| at.parse().ok());
                        at.map(Told::Snapshot).ok_or(Misfit::Other)
                    }
                    (None, true) => Err(Misfit::Other),
                }
            }
            (Observation::Snapshots(views), Self::Snapshots(count)) if views.len() == usize::from(*count) => {
                Ok(Told::Snapshots)
            }
            (Observation::Nodes(_) | Observation::NodeStatuses(_) | Observation::Shards(_), Self::Shown) => {
                Ok(Told::Nothing)
            }
            _ => Err(Misfit::Other),
        }
    }
}

/// Whether a refusal may have this code. A precondition that is refused at once may have one of several.
pub(super) fn may_have(refusal: Refusal, code: u16) -> Result<Told, Misfit> {
    if codes(refusal).any(|fits| fits == code) { Ok(Told::Nothing) } else { Err(Misfit::Other) }
}

/// The codes that a refusal may have.
pub(super) fn codes(refusal: Refusal) -> impl Iterator<Item = u16> {
    let others: &[u16] = if refusal.why == Why::Precondition { &[400, 403, 404, 406, 422] } else { &[] };
    std::iter::once(refusal.code).chain(others.iter().copied().filter(move |code| *code != refusal.code))
}

fn is_bare_in(listing: Listing, rules: &Rules) -> bool {
    match listing {
        Listing::AllNodes => rules.allnodes_shape() == AllnodesShape::Bare,
        Listing::OfCluster => rules.clusterlist_shape() == ClusterlistShape::Bare,
        Listing::OfNode => false, // NODE-6
    }
}

impl Symbol {
    /// A call of which nothing is known but what was asked and what came back.
    pub(super) fn plain(request: Request, seen: Option<Seen>) -> Self {
        Self { request, seen, outside: Outside::default(), target: (true, true) }
    }

    /// Whether it leaves everything as it is, in every state and under every reading: reads do (R-GET-SIDE-EFFECT),
    /// and refusals but for those that may drop a result (R-RESUBMIT-REJECTED).
    pub(super) fn is_pure(&self) -> bool {
        match (self.request.method, self.seen) {
            (_, None) => false,
            (Method::Post, Some(Seen::Code(code))) => !matches!(code, 400 | 404 | 406),
            (Method::Delete, Some(Seen::Code(code))) => code != 200,
            (Method::Post, Some(seen)) => seen != Seen::Accepted,
            (Method::Delete, Some(_)) => false,
            _ => true,
        }
    }

    /// Whether it can have started something: a POST that was accepted, or of which nothing is known.
    pub(super) fn may_start(&self) -> bool {
        self.request.method == Method::Post && matches!(self.seen, None | Some(Seen::Accepted))
    }

    /// The request as it is sent in a cell where the name in it means this.
    pub(super) fn input(&self, meant: Meant) -> Input {
        let mut request = self.request.clone();
        if request.path.snapshot().is_some() {
            request.path = Path::to_snapshot(HOME, &meant.word());
        }
        if let Body::Json(Value::Object(members)) = &mut request.body
            && let Some(name) = members.get_mut("snapshot_name")
            && name.is_string()
        {
            *name = meant.word().into();
        }
        Input { at: Time(0), act: Act::Request(request) }
    }
}

/// What a GET of one action, or an entry, shows.
pub(super) fn action(body: &Body, uid: Option<NodeUid>) -> Seen {
    match body {
        Body::Json(Value::Object(object)) => {
            let sighting = Sighting::of(object);
            Seen::Action(uid.map_or(sighting, |uid| sighting.moved(uid, HOME)))
        }
        _ => Seen::Nonsense(Nonsense::NoObject),
    }
}

/// What an accepted POST shows. Any body will do, but a status in it must be one (R-POST-BODY-SHAPE).
pub(super) fn accepted(body: &Body, is_node_action: bool) -> Seen {
    let Body::Json(Value::Object(object)) = body else { return Seen::Accepted };
    if is_node_action && Sighting::of(object).status == Said::Nonsense {
        return Seen::Nonsense(Nonsense::NoStatus);
    }
    Seen::Accepted
}

/// The entries of a list of actions, and whether it is bare.
pub(super) fn list(body: &Body) -> Option<(&[Value], bool)> {
    match body {
        Body::Json(Value::Array(entries)) => Some((entries, true)),
        Body::Json(Value::Object(object)) => {
            object.get("actions")?.as_array().map(|it| (it.as_slice(), false))
        }
        _ => None,
    }
}

/// The same list, to be changed.
pub(super) fn list_mut(body: &mut Body) -> Option<&mut Vec<Value>> {
    match body {
        Body::Json(Value::Array(entries)) => Some(entries),
        Body::Json(Value::Object(object)) => object.get_mut("actions")?.as_array_mut(),
        _ => None,
    }
}
