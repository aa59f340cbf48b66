//! Events in a case file: an object with one member, which is called like the event in a script.

use serde_json::{Value, json};

use crate::model::{Event, Move, NodeAction, NodeUid, Progress, Slot};
use crate::script::word;
use crate::wire::object::{Bad, Object, Unknown, shorten};
use crate::wire::uid::{to_number, to_uid};

pub(super) fn read(mut object: Object, unknown: &mut Unknown) -> Result<Event, Bad> {
    let words: Vec<_> = word::events().filter(|word| object.has(word)).collect();
    let [word] = words[..] else {
        let known: Vec<_> = word::events().collect();
        let found: Vec<_> = object.names().collect();
        let found = if found.is_empty() { "nothing".to_owned() } else { shorten(&found.join(", ")) };
        return Err(Bad::new(object.place(), &format!("one event ({})", known.join(", ")), found));
    };
    let mut of = object.object(word)?.expect("the event is there");
    let event = if let Some(event) = word::to_node_event(word) {
        event(uid(&mut of)?)
    } else if word == word::CREATE_SNAPSHOT {
        let name = |value: &Value| value.as_str().map(Into::into);
        Event::CreateSnapshot(uid(&mut of)?, of.required("name", "the name of the snapshot", name)?)
    } else if let Some(event) = word::to_data_event(word) {
        numbered(&mut of, event)?
    } else if let Some(step) = word::to_data_move(word) {
        Event::Task(slot(&mut of)?, numbered(&mut of, step)?)
    } else {
        let slot = slot(&mut of)?;
        Event::Task(slot, step(word, &mut of)?)
    };
    of.finish(unknown);
    object.finish(unknown);
    Ok(event)
}

fn step(word: &str, of: &mut Object) -> Result<Move, Bad> {
    match word::to_move(word) {
        Some(step) => Ok(step),
        None if word == word::PROGRESS => progress(of, "hundredths").map(Move::Progress),
        None => {
            let code = |value: &Value| word::to_error_code(value.as_str()?);
            of.required("error_code", "an error code such as \"internal_error\"", code).map(Move::Fail)
        }
    }
}

fn numbered<T>(of: &mut Object, known: &word::Numbered<T>) -> Result<T, Bad> {
    let numbers = known.members.iter().map(|member| {
        let expected = format!("{}, such as \"1\"", word::meaning(member));
        of.required(member, &expected, to_number)
    });
    numbers.collect::<Result<Vec<_>, _>>().map(|numbers| (known.make)(&numbers))
}

/// Takes a progress in hundredths of a percent.
fn progress(of: &mut Object, name: &str) -> Result<Progress, Bad> {
    let progress = |value: &Value| Progress::new(u16::try_from(value.as_u64()?).ok()?);
    of.required(name, "hundredths of a percent, 0 to 10000", progress)
}

fn uid(of: &mut Object) -> Result<NodeUid, Bad> {
    of.required("node", "the uid of a node, such as \"1\"", to_uid)
}

/// An action of a node, or without one that of the cluster.
fn slot(of: &mut Object) -> Result<Slot, Bad> {
    if !of.has("node") {
        let only = |value: &Value| (value == Slot::ChangeMaster.action_name()).then_some(Slot::ChangeMaster);
        return of.required("action", "\"change_master\", or an action with a node", only);
    }
    let uid = uid(of)?;
    let actions = format!("a node action ({})", NodeAction::ALL.map(NodeAction::name).join(", "));
    let action = of.required("action", &actions, |value| NodeAction::from_name(value.as_str()?))?;
    Ok(Slot::Node(uid, action))
}

pub(super) fn write(event: &Event) -> Value {
    let mut what = match event {
        Event::Task(slot, step) => {
            let mut what = write_slot(*slot);
            match step {
                Move::Progress(progress) => what["hundredths"] = progress.hundredths().into(),
                Move::Fail(code) => what["error_code"] = code.name().into(),
                _ => {}
            }
            what
        }
        Event::NodeDown(uid)
        | Event::NodeUp(uid)
        | Event::Join(uid)
        | Event::Bootstrap(uid)
        | Event::Elect(uid) => json!({ "node": uid.to_string() }),
        Event::CreateSnapshot(uid, name) => json!({ "node": uid.to_string(), "name": **name }),
        Event::Migrate { .. } | Event::FailOver { .. } | Event::DeleteDatabase(_) => json!({}),
    };
    for (member, number) in word::numbers(event) {
        what[member] = number.to_string().into();
    }
    json!({ word::of_event(event): what })
}

fn write_slot(slot: Slot) -> Value {
    match slot {
        Slot::Node(uid, action) => json!({ "node": uid.to_string(), "action": action.name() }),
        Slot::ChangeMaster => json!({ "action": slot.action_name() }),
    }
}
