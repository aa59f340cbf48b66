//! Whether what came back is what the law answers, as far as the documents settle it.

use action_oracle::http::encode;
use action_oracle::model::{
    ActionView, Answer, Body, Cluster, Method, NodeAction, NodeUid, Observation, Place, Reply, Slot, Status,
    TaskId,
};
use action_oracle::spec::Rules;
use action_oracle::spec::rules::{ProgressType, ProgressValues};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

use super::Call;
use super::refusal::refused;

/// What a call has to do or to see. Each part of a list need only be true at some moment.
#[derive(Debug, Clone)]
pub(in super::super) enum Goal {
    /// To act, or to see one thing.
    Whole,
    /// Nothing but to act, or not.
    Act,
    /// To see a list of some form.
    Head,
    /// To see this entry, or that there is none.
    Entry(Slot, Option<Map<String, Value>>),
    /// To see that a node is there, or not; its maintenance snapshot; and whether it is seen to hold a shard.
    Member(NodeUid, bool, Option<String>, bool),
    /// To see a shard on a node.
    Holder(NodeUid),
    /// Never.
    Nothing,
}

/// The goals of a call.
pub(in super::super) fn goals(call: &Call, start: &Cluster) -> Vec<Goal> {
    let Some(answer) = &call.answer else { return vec![Goal::Act] };
    let path = &call.request.path;
    if call.request.method != Method::Get || answer.status != 200 {
        return vec![Goal::Whole];
    }
    let members: Vec<_> = start.nodes().iter().map(|node| node.uid).collect();
    let body = match &answer.body {
        Body::Json(body) => body,
        Body::Absent | Body::Text(_) => &Value::Null,
    };
    if path.names(Place::AllNodes) {
        let slots = members.iter().flat_map(|uid| NodeAction::ALL.map(|action| Slot::Node(*uid, action)));
        return list_goals(body, slots.collect(), None);
    }
    if path.names(Place::Cluster) {
        return list_goals(body, vec![Slot::ChangeMaster], None);
    }
    if let Some(uid) = path.node().filter(|uid| path.names(Place::Node(*uid))) {
        return list_goals(body, NodeAction::ALL.map(|action| Slot::Node(uid, action)).to_vec(), Some(uid));
    }
    if path.names(Place::NodeObjects) {
        let Value::Array(nodes) = body else { return vec![Goal::Nothing] };
        let mut uids = BTreeSet::new();
        if nodes.iter().filter_map(|node| uid_of(&node["uid"])).any(|uid| !uids.insert(uid)) {
            return vec![Goal::Nothing]; // It is a list of nodes (OBS-1).
        }
        let of_nodes = members.iter().map(|uid| {
            let node = nodes.iter().find(|node| node["uid"] == json!(uid.0));
            Goal::Member(*uid, node.is_some(), None, node.is_some_and(shows_shard))
        });
        return [Goal::Head].into_iter().chain(of_nodes).collect();
    }
    if path.names(Place::NodeStatuses) {
        let Value::Object(statuses) = body else { return vec![Goal::Nothing] };
        if !members.iter().all(|uid| snapshot_is_of(&body[uid.to_string()], *uid)) {
            return vec![Goal::Nothing];
        }
        let of_nodes = members.iter().map(|uid| {
            let status = statuses.get(&uid.to_string());
            let holds = status.is_some_and(shows_shard);
            Goal::Member(*uid, status.is_some(), status.and_then(maintenance_snapshot), holds)
        });
        return [Goal::Head].into_iter().chain(of_nodes).collect();
    }
    if let (true, Value::Array(shards)) = (path.names(Place::Shards) && !start.databases().is_empty(), body) {
        let holders = shards.iter().filter_map(|shard| shard["node_uid"].as_str()?.parse().ok().map(NodeUid));
        let holders: BTreeSet<_> = holders.collect();
        return [Goal::Head].into_iter().chain(holders.into_iter().map(Goal::Holder)).collect();
    }
    vec![Goal::Whole]
}

/// Whether a node, or its status, is seen to hold a shard.
fn shows_shard(node: &Value) -> bool {
    let lists = ["shard_list", "master_shards", "slave_shards"];
    lists.iter().any(|list| node[list].as_array().is_some_and(|shards| !shards.is_empty()))
}

/// The uid of a node, as a number or as text.
fn uid_of(shown: &Value) -> Option<u64> {
    match shown {
        Value::String(uid) => uid.parse().ok(),
        uid => uid.as_u64(),
    }
}

/// Whether it is a node's uid, if it is one.
fn is_of(shown: &Value, uid: NodeUid) -> bool {
    uid_of(shown).is_none_or(|shown| shown == u64::from(uid.0))
}

/// Whether the snapshot in the status of a node is its own (SNAP-6).
fn snapshot_is_of(status: &Value, uid: NodeUid) -> bool {
    is_of(&status["maintenance_snapshot"]["node_uid"], uid)
}

fn maintenance_snapshot(status: &Value) -> Option<String> {
    Some(status["maintenance_snapshot"]["name"].as_str()?.to_owned())
}

fn list_goals(body: &Value, mut slots: Vec<Slot>, of: Option<NodeUid>) -> Vec<Goal> {
    let Some(entries) = body.as_array().or_else(|| body["actions"].as_array()) else {
        return vec![Goal::Nothing];
    };
    let is_of_cluster = slots == [Slot::ChangeMaster];
    let mut said = Vec::new();
    for object in entries.iter().filter_map(Value::as_object) {
        let Some(slot) = slot_of(object, of) else { continue };
        if matches!((slot, of), (Slot::Node(uid, _), Some(of)) if uid != of)
            || said.iter().any(|(it, _)| *it == slot)
        {
            return vec![Goal::Nothing];
        }
        if is_of_cluster && slot != Slot::ChangeMaster {
            return vec![Goal::Nothing]; // It is about cluster actions (CLU-1).
        }
        said.push((slot, object.clone()));
        slots.push(slot);
    }
    slots.sort();
    slots.dedup();
    let entry = |slot: Slot| said.iter().find(|(it, _)| *it == slot).map(|(_, object)| object.clone());
    [Goal::Head].into_iter().chain(slots.into_iter().map(|slot| Goal::Entry(slot, entry(slot)))).collect()
}

fn slot_of(object: &Map<String, Value>, of: Option<NodeUid>) -> Option<Slot> {
    let name = object.get("name")?.as_str()?;
    let action = match name {
        "change_master" => return of.is_none().then_some(Slot::ChangeMaster),
        "remove_node" => NodeAction::Remove,
        _ => NodeAction::from_name(name)?,
    };
    let uid = match object.get("node_uid") {
        None => of?,
        Some(Value::String(text)) => NodeUid(text.parse().ok()?),
        Some(uid) => NodeUid(u32::try_from(uid.as_u64()?).ok()?),
    };
    Some(Slot::Node(uid, action))
}

/// The id that an answer shows of a task.
type Shown = Option<(TaskId, String)>;

fn shown(task: TaskId, object: &Map<String, Value>) -> Shown {
    match object.get("task_id") {
        None | Some(Value::Null) => None,
        Some(Value::String(id)) => Some((task, id.clone())),
        Some(other) => Some((task, other.to_string())),
    }
}

impl Goal {
    /// Whether the reply is what came back; and the task id that is told.
    pub(in super::super) fn fits(
        &self,
        call: &Call,
        before: &Cluster,
        reply: &Reply,
        rules: &Rules,
        is_placed: bool,
    ) -> Option<Shown> {
        let when = |fits: bool| fits.then_some(None);
        match (self, reply) {
            (Self::Act, _) => Some(None),
            (Self::Nothing, _) => None,
            (Self::Whole, Reply::Refused(_)) => when(refused(call, before, reply, rules)),
            (Self::Whole, Reply::Answer(answer)) => {
                let is_seen = |body: &Body| matches!(body, Body::Json(body) if shows_shard(body));
                let holds = call.answer.as_ref().is_some_and(|it| it.status == 200 && is_seen(&it.body));
                let is_empty = match answer {
                    Answer::Observed(Observation::Node(view)) => view.shards.is_empty(),
                    Answer::Observed(Observation::NodeStatus(view)) => {
                        view.masters.is_empty() && view.replicas.is_empty()
                    }
                    _ => false,
                };
                if holds && is_empty && is_placed {
                    return None;
                }
                whole(call, answer, reply, rules)
            }
            (Self::Head, Reply::Answer(Answer::Actions(..))) => {
                let response = encode(reply, rules)?;
                let Some(Body::Json(body)) = call.answer.as_ref().map(|it| &it.body) else { return None };
                when(response.body?.is_array() == body.is_array())
            }
            (Self::Head, Reply::Answer(_)) => Some(None),
            (Self::Entry(_, None), Reply::Refused(_)) | (Self::Member(_, false, ..), Reply::Refused(_)) => {
                Some(None)
            }
            (Self::Entry(slot, entry), Reply::Answer(Answer::Actions(_, views))) => {
                match (views.iter().find(|view| view.slot == *slot), entry) {
                    (None, None) => Some(None),
                    (Some(view), Some(object)) if object_fits(object, view, rules, true) => {
                        Some(shown(view.task, object))
                    }
                    _ => None,
                }
            }
            (Self::Member(uid, is_there, name, holds), Reply::Answer(Answer::Observed(seen))) => {
                let holds = *holds && is_placed;
                when(match seen {
                    Observation::Nodes(views) => {
                        let view = views.iter().find(|view| view.uid == *uid);
                        let is_empty = view.is_some_and(|view| view.shards.is_empty());
                        view.is_some() == *is_there && !(holds && is_empty)
                    }
                    Observation::NodeStatuses(views) => {
                        let view = views.iter().find(|view| view.uid == *uid);
                        let made =
                            view.and_then(|view| view.maintenance_snapshot.as_ref()).map(|it| &*it.name);
                        let is_empty =
                            view.is_some_and(|view| view.masters.is_empty() && view.replicas.is_empty());
                        let is_named = name.as_deref().is_none_or(|name| made == Some(name));
                        view.is_some() == *is_there && is_named && !(holds && is_empty)
                    }
                    _ => false,
                })
            }
            (Self::Holder(uid), Reply::Answer(_)) => {
                when(before.node(*uid).is_some_and(|node| !node.shards.is_empty()))
            }
            _ => None,
        }
    }
}

fn whole(call: &Call, answer: &Answer, reply: &Reply, rules: &Rules) -> Option<Shown> {
    let seen = call.answer.as_ref()?;
    if encode(reply, rules)?.status != seen.status {
        return None;
    }
    let json = if let Body::Json(json) = &seen.body { Some(json) } else { None };
    let object = json.and_then(Value::as_object);
    let when = |fits: bool| fits.then_some(None);
    match answer {
        Answer::Accepted(slot, task) => {
            let Some(object) = object else { return Some(None) };
            let is_word = |word: &Value| word.as_str().is_some_and(|word| Status::from_name(word).is_some());
            let is_fine = *slot == Slot::ChangeMaster || object.get("status").is_none_or(is_word);
            is_fine.then(|| shown(*task, object))
        }
        Answer::Action(view) => object
            .filter(|object| object_fits(object, view, rules, false))
            .map(|object| shown(view.task, object)),
        Answer::Observed(Observation::Snapshots(views)) => {
            let Body::Json(Value::Array(list)) = &seen.body else { return None };
            let mut made: Vec<_> = views.iter().map(|view| Some(&*view.name)).collect();
            let mut told: Vec<_> = list.iter().map(|it| it["name"].as_str()).collect();
            made.sort_unstable();
            told.sort_unstable();
            let are_own = views.iter().all(|view| list.iter().all(|it| is_of(&it["node_uid"], view.node)));
            when(made == told && are_own)
        }
        Answer::Observed(Observation::Node(view)) => {
            when(json.is_none_or(|node| is_of(&node["uid"], view.uid)))
        }
        Answer::Observed(Observation::NodeStatus(view)) => {
            let told = json.and_then(maintenance_snapshot);
            let made = view.maintenance_snapshot.as_ref().map(|it| &*it.name);
            let is_own = json.is_none_or(|status| snapshot_is_of(status, view.uid));
            when(is_own && told.is_none_or(|told| made == Some(told.as_str())))
        }
        _ => Some(None),
    }
}

/// An action object: a member that is there must be right, and the status must be there.
fn object_fits(seen: &Map<String, Value>, view: &ActionView, rules: &Rules, is_entry: bool) -> bool {
    let law = encode(&Reply::Answer(Answer::Action(view.clone())), rules).and_then(|it| it.body);
    let Some(Value::Object(law)) = law else { return false };
    let same = |name: &str| seen.get(name).is_none_or(|value| law.get(name) == Some(value));
    let node = matches!(view.slot, Slot::ChangeMaster) || same("node_uid");
    let status = seen.get("status").is_some() && same("status");
    status
        && same("name")
        && node
        && progress_fits(seen, view, rules)
        && error_fits(seen, &law, view, is_entry)
}

fn progress_fits(seen: &Map<String, Value>, view: &ActionView, rules: &Rules) -> bool {
    let Some(value) = seen.get("progress") else { return true };
    let number = match (rules.progress_type(), value) {
        (ProgressType::String, Value::String(text)) => text.parse().ok(),
        (ProgressType::Int, Value::Number(number)) if !number.is_f64() => number.as_f64(),
        (ProgressType::Number, Value::Number(number)) => number.as_f64(),
        _ => None,
    };
    let Some(number) = number.filter(|number: &f64| (0.0..=100.0).contains(number)) else { return false };
    let is_unsuccessful = view.status.is_final() && view.status != Status::Completed;
    match rules.progress_values() {
        ProgressValues::Zero if is_unsuccessful => number == 0.0,
        ProgressValues::Hundred if is_unsuccessful => number == 100.0,
        _ => true,
    }
}

fn error_fits(
    seen: &Map<String, Value>,
    law: &Map<String, Value>,
    view: &ActionView,
    is_entry: bool,
) -> bool {
    let known = |word: &str| match word {
        "internal_error" | "insufficient_resources" => word.to_owned(),
        _ => "unlisted_error".to_owned(),
    };
    let code = match (view.error, seen.get("error_code")) {
        (None, said) => return said.is_none(),
        (Some(_), None) => view.status != Status::Failed || is_entry,
        (Some(code), Some(Value::String(word))) => {
            view.status != Status::Failed || known(word) == code.name()
        }
        (Some(_), Some(_)) => false,
    };
    let names = ["error_message", "message", "description"];
    let used: Vec<_> = names.into_iter().filter(|name| seen.contains_key(*name)).collect();
    code && (used.len() != 1 || law.contains_key(used[0]))
}
