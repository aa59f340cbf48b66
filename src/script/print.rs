//! From an input to its line.

use serde_json::Value;

use super::word;
use crate::model::{Act, Body, Caller, Event, Header, Move, Progress, Request, Role, Slot, Time};

/// The line that says what happens; [`super::parse`] reads it back.
pub fn print(act: &Act) -> String {
    match act {
        Act::Request(request) => print_request(request),
        Act::Event(event) => print_event(event),
    }
}

/// A time in the largest unit that holds it exactly: `5s`, `1500ms`, `5us`.
pub fn print_time(at: Time) -> String {
    match at.0 {
        micros if micros % 1_000_000 == 0 => format!("{}s", micros / 1_000_000),
        micros if micros % 1_000 == 0 => format!("{}ms", micros / 1_000),
        micros => format!("{micros}us"),
    }
}

/// A progress without needless digits: `0%`, `12.5%`.
pub fn print_percent(progress: Progress) -> String {
    let (percent, rest) = (progress.hundredths() / 100, progress.hundredths() % 100);
    let decimal = format!("{percent}.{rest:02}");
    format!("{}%", decimal.trim_end_matches('0').trim_end_matches('.'))
}

fn print_request(request: &Request) -> String {
    let mut line = format!("{} {}", request.method.name(), plain_or_quoted(request.path.as_str()));
    match &request.body {
        Body::Absent => {}
        Body::Json(value) => line.push_str(&format!(" {value}")),
        Body::Text(text) => line.push_str(&format!(" text {}", quoted(text))),
    }
    match request.caller {
        Caller::Role(Role::Admin) => {}
        Caller::Role(role) => line.push_str(&format!(" as {}", role.name())),
        Caller::Missing => line.push_str(" without credentials"),
        Caller::Wrong => line.push_str(" with wrong credentials"),
    }
    push_header(&mut line, "content-type", &request.headers.content_type);
    push_header(&mut line, "accept", &request.headers.accept);
    line
}

fn push_header(line: &mut String, name: &str, header: &Header) {
    match header {
        Header::Usual => {}
        Header::Missing => line.push_str(&format!(" no {name}")),
        Header::Other(text) => line.push_str(&format!(" {name} {}", plain_or_quoted(text))),
    }
}

fn print_event(event: &Event) -> String {
    let word = word::of_event(event);
    match event {
        Event::Task(slot, step) => {
            let slot = print_slot(*slot);
            match step {
                Move::Progress(progress) => format!("{word} {slot} {}", print_percent(*progress)),
                Move::Fail(code) => format!("{word} {slot} {}", code.name()),
                _ => format!("{word} {slot}{}", print_numbers(event)),
            }
        }
        Event::NodeDown(uid)
        | Event::NodeUp(uid)
        | Event::Join(uid)
        | Event::Bootstrap(uid)
        | Event::Elect(uid) => format!("{word} {uid}"),
        Event::CreateSnapshot(uid, name) => format!("{word} {uid} {}", quoted(name)),
        Event::Migrate { .. } | Event::FailOver { .. } | Event::DeleteDatabase(_) => {
            format!("{word}{}", print_numbers(event))
        }
    }
}

fn print_numbers(event: &Event) -> String {
    word::numbers(event).into_iter().map(|(_, number)| format!(" {number}")).collect()
}

fn print_slot(slot: Slot) -> String {
    match slot {
        Slot::Node(uid, action) => format!("node {uid} {}", action.name()),
        Slot::ChangeMaster => "cluster change_master".to_owned(),
    }
}

/// Text as it is, unless the end or the meaning of the word would be lost.
fn plain_or_quoted(text: &str) -> String {
    let ends_word = |letter: char| letter.is_whitespace() || letter.is_control();
    if text.is_empty() || text.starts_with('"') || text.contains(ends_word) {
        quoted(text)
    } else {
        text.to_owned()
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
