//! A history with one thing in it changed, so that it is perhaps no longer true.

use action_oracle::history::{Kind, Record, Return};
use action_oracle::model::{Body, Status};
use action_oracle::sim::Seed;
use action_oracle::sim::seed::Rng;
use action_oracle::spec::{Question, Rules};
use serde_json::{Map, Value, json};

/// The records with one answer changed; `None` if there is nothing to change.
pub(super) fn mutated(records: &[Record], seed: u64) -> Option<Vec<Record>> {
    let mut rng = Seed(seed).fork("mutant");
    let mut records = records.to_vec();
    let answers: Vec<_> =
        (0..records.len()).filter(|at| matches!(records[*at].kind, Kind::Return(_))).collect();
    if answers.is_empty() {
        return None;
    }
    let at = *rng.choose(&answers);
    if rng.below(8) == 0 {
        let other = rng.index(records.len());
        return moved(&records, at, other);
    }
    let tasks = tasks(&records);
    let Kind::Return(answer) = &mut records[at].kind else { return None };
    let before = answer.clone();
    change(answer, &tasks, &mut rng);
    (*answer != before).then_some(records)
}

/// The records with one answer that shows a node showing a shard there, or none; `None` if there is no such answer.
pub(super) fn with_other_shards(records: &[Record], seed: u64) -> Option<Vec<Record>> {
    let mut rng = Seed(seed).fork("shards");
    let mut records = records.to_vec();
    let shown = records.iter_mut().filter_map(|record| match &mut record.kind {
        Kind::Return(Return { body: Body::Json(node), .. }) => ["shard_list", "slave_shards"]
            .into_iter()
            .find(|list| node.get(list).is_some())
            .map(|list| &mut node[list]),
        _ => None,
    });
    let mut shown: Vec<_> = shown.collect();
    let chosen = rng.index(shown.len().max(1));
    let list = shown.get_mut(chosen)?;
    **list = if list.as_array().is_some_and(Vec::is_empty) { json!([1]) } else { json!([]) };
    Some(records)
}

/// An ending comes earlier, if it still follows its beginning.
fn moved(records: &[Record], from: usize, to: usize) -> Option<Vec<Record>> {
    let call = super::call_of(&records[from])?;
    let begun = records.iter().position(|record| super::call_of(record) == Some(call))?;
    if to <= begun || to >= from {
        return None;
    }
    let mut records = records.to_vec();
    let record = records.remove(from);
    records.insert(to, record);
    Some(records)
}

/// The ids of tasks that are shown.
fn tasks(records: &[Record]) -> Vec<Value> {
    let bodies = records.iter().filter_map(|record| match &record.kind {
        Kind::Return(Return { body: Body::Json(body), .. }) => Some(body),
        _ => None,
    });
    let shown: Vec<_> = bodies.filter_map(|body| body.get("task_id").cloned()).collect();
    shown.into_iter().chain([json!("never seen")]).collect()
}

fn change(answer: &mut Return, tasks: &[Value], rng: &mut Rng) {
    if rng.below(4) == 0 {
        answer.status = *rng.choose(&[200, 400, 401, 403, 404, 406, 409, 422, 503]);
        return;
    }
    let Body::Json(body) = &mut answer.body else { return };
    match body {
        Value::Object(object) if object.get("actions").is_some_and(Value::is_array) => {
            if rng.below(6) == 0 {
                *body = object["actions"].clone();
            } else if let Some(entries) = object["actions"].as_array_mut() {
                change_list(entries, tasks, rng);
            }
        }
        Value::Object(object) => change_object(object, tasks, rng),
        Value::Array(entries) if rng.below(6) == 0 => *body = json!({"actions": entries}),
        Value::Array(entries) => change_list(entries, tasks, rng),
        _ => {}
    }
}

fn change_list(entries: &mut Vec<Value>, tasks: &[Value], rng: &mut Rng) {
    if entries.is_empty() {
        let status = rng.choose(&Status::ALL).name();
        entries.push(json!({"name": "enslave_node", "node_uid": "1", "status": status, "progress": 0}));
        return;
    }
    let at = rng.index(entries.len());
    match rng.below(4) {
        0 => drop(entries.remove(at)),
        1 => entries.push(entries[at].clone()),
        _ => {
            if let Some(object) = entries[at].as_object_mut() {
                change_object(object, tasks, rng);
            }
        }
    }
}

fn change_object(object: &mut Map<String, Value>, tasks: &[Value], rng: &mut Rng) {
    let mut put = |name: &str, value: Value| drop(object.insert(name.to_owned(), value));
    match rng.below(12) {
        0..=3 => put("status", rng.choose(&Status::ALL).name().into()),
        4 => put("status", "stuck".into()),
        5 | 6 => put("task_id", rng.choose(tasks).clone()),
        7 => put(
            "progress",
            rng.choose(&[json!(0), json!(50), json!(100), json!(101), json!("7"), json!(7.5)]).clone(),
        ),
        8 => put("error_code", rng.choose(&[json!("internal_error"), json!("strange")]).clone()),
        9 => put("node_uid", rng.choose(&[json!("1"), json!(1), json!("2")]).clone()),
        _ => {
            let names: Vec<_> = object.keys().cloned().collect();
            if !names.is_empty() {
                object.remove(rng.choose(&names));
            }
        }
    }
}

/// The history without calls that it does not need to be as wrong as it is.
pub(super) fn shrunk(records: &[Record], is_wrong: impl Fn(&[Record]) -> bool) -> Vec<Record> {
    let mut records = records.to_vec();
    let mut calls: Vec<_> = records.iter().filter_map(super::call_of).collect();
    calls.sort();
    calls.dedup();
    for call in calls {
        let mut fewer = records.clone();
        fewer.retain(|record| super::call_of(record) != Some(call));
        if let Some(Record { kind: Kind::Fence(fence), .. }) =
            fewer.iter_mut().find(|it| matches!(&it.kind, Kind::Fence(fence) if fence.lost.contains(&call)))
        {
            fence.lost.retain(|lost| *lost != call);
        }
        if is_wrong(&fewer) {
            records = fewer;
        }
    }
    records
}

/// The rules with as many answers expected as they can be.
pub(super) fn plainer(rules: &Rules, is_wrong: impl Fn(&Rules) -> bool) -> Rules {
    let mut rules = *rules;
    let expected = Rules::new(rules.edition());
    for question in Question::all() {
        let mut plainer = rules;
        plainer.choose(question, expected.answer(question));
        if plainer != rules && is_wrong(&plainer) {
            rules = plainer;
        }
    }
    rules
}
