//! What an answer of the law may look like on the wire: a status code and a pattern for the body.
//!
//! The counterpart of [`crate::http::Sighting::fits`] and of the sorting of answers in [`crate::oracle`]: the same
//! freedom, said as a pattern. A test holds both together.

use std::collections::BTreeSet;

use serde_json::Value;

use super::pattern::{Count, Form, Group, Member, Need, Pattern};
use crate::http::{self, ANY_PROGRESS};
use crate::model::{
    ActionView, Answer, Cluster, ErrorCode, Listing, NodeAction, NodeStatusView, NodeUid, NodeView,
    Observation, Progress, Refusal, Reply, Request, Slot, SnapshotView, Status, TaskId,
};
use crate::oracle;
use crate::spec::Rules;
use crate::spec::rules::{AllnodesShape, ClusterlistShape, NodeuidType, ProgressType};

/// An answer that is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Allowed {
    /// The status code.
    pub(super) status: u16,
    /// The body; [`Pattern::Any`] where only the code is judged.
    pub(super) body: Pattern,
}

/// The names of snapshots that maintenance_on chooses begin so (SNAP-5).
const MAINTENANCE: &str = "maintenance_mode_";

/// What the law's reply to a request may look like, in a cluster whose nodes are numbered 1 to `nodes` at first.
pub(super) fn allowed(
    request: &Request,
    reply: &Reply,
    before: &Cluster,
    rules: &Rules,
    nodes: u32,
) -> Vec<Allowed> {
    match reply {
        Reply::Refused(refusal) => refused(request, *refusal, before, rules),
        Reply::Answer(answer) => {
            vec![Allowed { status: 200, body: Shown { rules, nodes }.body(answer) }]
        }
        Reply::Happened | Reply::NotEnabled(_) => Vec::new(),
    }
}

/// Of a refusal only the code is judged (R-ERR-BODY).
fn refused(request: &Request, refusal: Refusal, before: &Cluster, rules: &Rules) -> Vec<Allowed> {
    let codes = oracle::refusal_codes(request, refusal, before, rules);
    codes.into_iter().map(|status| Allowed { status, body: Pattern::Any }).collect()
}

/// What is shown, under some rules.
struct Shown<'a> {
    rules: &'a Rules,
    nodes: u32,
}

impl Shown<'_> {
    fn body(&self, answer: &Answer) -> Pattern {
        match answer {
            Answer::Accepted(slot, task) => accepted(*slot, *task),
            // R-DEL-RESPONSE.
            Answer::Deleted(_) | Answer::SnapshotDeleted(_) | Answer::Methods(_) => Pattern::Any,
            Answer::Action(view) => Pattern::Object(self.action(view, true)),
            Answer::Actions(listing, views) => self.list(*listing, views),
            Answer::Observed(observation) => self.observed(observation),
        }
    }

    /// An action object (section OBJ). A member that is there must be right; only the status is missed (R-GET-FIELDS).
    fn action(&self, view: &ActionView, is_single: bool) -> Vec<Member> {
        let mut members = vec![
            Member::required("status", Pattern::Is(view.status.name().into())),
            Member::optional("name", Pattern::Is(http::action_name(view.slot, self.rules).into())),
        ];
        if let Slot::Node(uid, _) = view.slot {
            members.push(Member::optional("node_uid", Pattern::Is(http::node_uid(uid, self.rules))));
        }
        members.push(Member::optional("progress", self.progress(view.progress)));
        members.push(Member::optional("task_id", id_of(view.task)));
        members.push(self.error(view, is_single));
        members
    }

    /// The pinned part of R-ERRFIELDS: what failed carries a code, an entry of a list may leave it out. Which code an end
    /// without an error shows is said nowhere, and what a code may be is open (R-ERRCODE-SET): it stays what it was.
    fn error(&self, view: &ActionView, is_single: bool) -> Member {
        let Some(code) = view.error else { return Member::forbidden("error_code") };
        let is_failed = view.status == Status::Failed;
        let code = if is_failed { code_of(code) } else { Pattern::Prefix(String::new()) };
        if is_failed && is_single {
            Member::required("error_code", code)
        } else {
            Member::optional("error_code", code)
        }
    }

    fn progress(&self, shown: Progress) -> Pattern {
        let form = match self.rules.progress_type() {
            ProgressType::Number => Form::Number,
            ProgressType::Int => Form::Integer,
            ProgressType::String => Form::Numeral,
        };
        let (from, to) = match shown.hundredths() {
            ANY_PROGRESS => (0, 100),
            0 => (0, 0),
            _ => (100, 100),
        };
        Pattern::Within(form, from, to)
    }

    /// A list of actions: one entry of each that is shown, and none of any other of this interface (R-LIST-INTERNAL).
    fn list(&self, listing: Listing, views: &[ActionView]) -> Pattern {
        let is_of_node = listing == Listing::OfNode;
        let entry = |view: &ActionView| Group {
            pick: self.pick(view.slot, is_of_node),
            count: Count::One(Pattern::Object(self.action(view, false))),
        };
        let mut groups: Vec<_> = views.iter().map(entry).collect();
        let everywhere = Pattern::In((1..=self.nodes).flat_map(|uid| uids(NodeUid(uid))).collect());
        let mut of_nodes = vec![Member::required("name", Pattern::In(node_names()))];
        match listing {
            Listing::OfNode => {}
            Listing::AllNodes | Listing::OfCluster => of_nodes.push(Member::required("node_uid", everywhere)),
        }
        groups.push(Group { pick: Pattern::Object(of_nodes), count: Count::None });
        if listing == Listing::OfCluster {
            groups.push(Group { pick: self.pick(Slot::ChangeMaster, false), count: Count::None });
        }
        let is_bare = match listing {
            Listing::AllNodes => self.rules.allnodes_shape() == AllnodesShape::Bare,
            Listing::OfCluster => self.rules.clusterlist_shape() == ClusterlistShape::Bare,
            Listing::OfNode => false, // NODE-6
        };
        let list = Pattern::Array(groups);
        if is_bare { list } else { Pattern::Object(vec![Member::required("actions", list)]) }
    }

    /// An entry about a slot, whatever it says of it. In the list of a node the uid may be left out.
    fn pick(&self, slot: Slot, is_of_node: bool) -> Pattern {
        let names = match slot {
            Slot::Node(_, NodeAction::Remove) => vec!["remove".into(), "remove_node".into()],
            slot => vec![slot.action_name().into()],
        };
        let mut members = vec![Member::required("name", Pattern::In(names))];
        if let Slot::Node(uid, _) = slot {
            let uids = Pattern::In(uids(uid).into());
            members.push(if is_of_node {
                Member::optional("node_uid", uids)
            } else {
                Member::required("node_uid", uids)
            });
        }
        Pattern::Object(members)
    }

    fn observed(&self, observation: &Observation) -> Pattern {
        match observation {
            Observation::Nodes(views) => self.nodes(views),
            Observation::NodeStatuses(views) => self.statuses(views),
            Observation::NodeStatus(view) => status(view),
            Observation::Snapshots(views) => snapshots(views),
            // What they say is about data, or left open (R-MAINT-OBSERVE).
            Observation::Node(_) | Observation::Shards(_) => Pattern::Any,
        }
    }

    fn nodes(&self, views: &[NodeView]) -> Pattern {
        let group = |uid: u32| {
            let pick = Pattern::Object(vec![Member::required("uid", Pattern::Is(uid.into()))]);
            let is_shown = views.iter().any(|view| view.uid.0 == uid);
            Group { pick, count: if is_shown { Count::Some } else { Count::None } }
        };
        Pattern::Array((1..=self.nodes).map(group).collect())
    }

    fn statuses(&self, views: &[NodeStatusView]) -> Pattern {
        let member = |uid: u32| {
            let view = views.iter().find(|view| view.uid.0 == uid);
            let name = uid.to_string();
            view.map_or_else(|| Member::forbidden(&name), |view| Member::required(&name, status(view)))
        };
        Pattern::Object((1..=self.nodes).map(member).collect())
    }
}

/// Any body will do, but a status in it must be one (R-POST-BODY-SHAPE).
fn accepted(slot: Slot, task: TaskId) -> Pattern {
    let mut members = Vec::new();
    if slot != Slot::ChangeMaster {
        let names = Status::ALL.map(|status| Value::from(status.name()));
        members.push(Member::optional("status", Pattern::In(names.into())));
    }
    members.push(Member::optional("task_id", id_of(task)));
    Pattern::IfObject(members)
}

fn id_of(task: TaskId) -> Pattern {
    Pattern::Id(format!("t{}", task.0))
}

/// A code that is on the documents' list, or any that is not.
fn code_of(code: ErrorCode) -> Pattern {
    if code != ErrorCode::Unlisted {
        return Pattern::Is(code.name().into());
    }
    let listed = ErrorCode::ALL.into_iter().filter(|code| *code != ErrorCode::Unlisted);
    Pattern::Not(Box::new(Pattern::In(listed.map(|code| code.name().into()).collect())))
}

/// What the status of a node says of its maintenance snapshot. Where maintenance shows is left open (R-MAINT-OBSERVE).
fn status(view: &NodeStatusView) -> Pattern {
    let named = |pattern: Pattern| vec![Member::required("name", pattern)];
    match &view.maintenance_snapshot {
        Some(shown) => {
            let name = vec![Member::optional("name", Pattern::Id(snapshot_id(shown)))];
            Pattern::IfObject(vec![Member::optional("maintenance_snapshot", Pattern::IfObject(name))])
        }
        None => Pattern::Not(Box::new(Pattern::Object(vec![Member::required(
            "maintenance_snapshot",
            Pattern::Object(named(Pattern::Prefix(String::new()))),
        )]))),
    }
}

/// The snapshots of a node. Those of users are not looked at: anybody may have made one.
fn snapshots(views: &[SnapshotView]) -> Pattern {
    let own: Vec<_> = views.iter().filter(|view| view.name.starts_with(MAINTENANCE)).collect();
    let name = |pattern| Pattern::Object(vec![Member::required("name", pattern)]);
    let count = match own.as_slice() {
        [] => Count::None,
        [one] => Count::One(name(Pattern::Id(snapshot_id(one)))),
        _ => Count::Some,
    };
    Pattern::Array(vec![Group { pick: name(Pattern::Prefix(MAINTENANCE.to_owned())), count }])
}

/// The name by which a snapshot is known in a case.
fn snapshot_id(view: &SnapshotView) -> String {
    format!("s{}", view.created.0 / 1_000_000)
}

/// The snapshot of maintenance that a request names, and the name by which it is known in a case.
pub(super) fn snapshot_id_in(request: &Request) -> Option<(String, String)> {
    let (_, name) = request.path.snapshot().filter(|(_, name)| name.starts_with(MAINTENANCE))?;
    let digits: Vec<u64> =
        name.split(|it: char| !it.is_ascii_digit()).filter_map(|it| it.parse().ok()).collect();
    let [.., hours, minutes, seconds] = digits.as_slice() else { return None };
    Some((name.to_owned(), format!("s{}", hours * 3_600 + minutes * 60 + seconds)))
}

/// The names of snapshots that an answer binds.
pub(super) fn snapshot_ids(allowed: &Allowed) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut note = |name: &str| {
        if name.starts_with('s') {
            found.insert(name.to_owned());
        }
        None
    };
    replace_ids(&allowed.body, &mut note);
    found
}

/// The same answer, in which a snapshot may have any name.
pub(super) fn without_snapshot_ids(allowed: Allowed) -> Allowed {
    let mut any = |name: &str| name.starts_with('s').then(|| Pattern::Prefix(MAINTENANCE.to_owned()));
    Allowed { body: replace_ids(&allowed.body, &mut any), ..allowed }
}

/// A pattern in which names are replaced by other patterns.
fn replace_ids(pattern: &Pattern, by: &mut impl FnMut(&str) -> Option<Pattern>) -> Pattern {
    let members = |members: &[Member], by: &mut _| {
        let member = |Member { name, need }: &Member| Member {
            name: name.clone(),
            need: match need {
                Need::Required(pattern) => Need::Required(replace_ids(pattern, by)),
                Need::Optional(pattern) => Need::Optional(replace_ids(pattern, by)),
                Need::Forbidden => Need::Forbidden,
            },
        };
        members.iter().map(member).collect()
    };
    match pattern {
        Pattern::Id(name) => by(name).unwrap_or_else(|| pattern.clone()),
        Pattern::Not(inner) => Pattern::Not(Box::new(replace_ids(inner, by))),
        Pattern::Object(all) => Pattern::Object(members(all, by)),
        Pattern::IfObject(all) => Pattern::IfObject(members(all, by)),
        Pattern::Array(groups) => {
            let group = |Group { pick, count }: &Group| Group {
                pick: pick.clone(),
                count: match count {
                    Count::One(pattern) => Count::One(replace_ids(pattern, by)),
                    other => other.clone(),
                },
            };
            Pattern::Array(groups.iter().map(group).collect())
        }
        other => other.clone(),
    }
}

fn uids(uid: NodeUid) -> [Value; 2] {
    let forms = [NodeuidType::String, NodeuidType::Integer];
    forms.map(|form| match form {
        NodeuidType::String => uid.to_string().into(),
        NodeuidType::Integer => uid.0.into(),
    })
}

fn node_names() -> Vec<Value> {
    let names = NodeAction::ALL.iter().map(|action| action.name()).chain(["remove_node"]);
    names.map(Value::from).collect()
}
