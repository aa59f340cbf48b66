//! The lines of a history below the header.

use serde_json::{Map, Value};

use super::{CallId, End, Fence, Invoke, Kind, Lost, Note, Record, Return, Unsent};
use crate::model::Time;
use crate::wire::object::{Bad, Object, Unknown};
use crate::wire::{request, response};

/// A line as it was understood.
#[expect(clippy::large_enum_variant, reason = "all lines but one are records")]
pub(super) enum Line {
    Record(Record),
    End(End),
}

/// What a line says it is.
#[derive(Clone, Copy)]
enum Word {
    Invoke,
    Return,
    Lost,
    Unsent,
    Note,
    Fence,
    End,
}

pub(super) fn read(mut object: Object) -> Result<Line, Bad> {
    let mut unknown = Unknown::default();
    let kinds = "a kind of record (invoke, return, lost, unsent, note, fence, end)";
    let word = object.required("kind", kinds, to_word)?;
    let time = object.optional("time", "a time in microseconds", Value::as_u64)?.map(Time);
    let kind = match word {
        Word::Invoke => Kind::Invoke(Invoke {
            id: id(&mut object)?,
            client: object.text("client")?,
            request: request::read(&mut object, &mut unknown)?,
        }),
        Word::Return => Kind::Return(Return {
            id: id(&mut object)?,
            status: response::status(&mut object)?,
            body: request::body(&mut object)?,
            allow: response::allow(&mut object)?,
        }),
        Word::Lost => Kind::Lost(Lost { id: id(&mut object)?, why: object.text("why")? }),
        Word::Unsent => Kind::Unsent(unsent(&mut object, &mut unknown)?),
        Word::Note => {
            let text = |value: &Value| value.as_str().map(str::to_owned);
            Kind::Note(Note { text: object.required("text", "a remark", text)? })
        }
        Word::Fence => Kind::Fence(Fence {
            lost: object.required("lost", "a list of ids of calls, such as [1]", to_ids)?,
            why: object.text("why")?,
        }),
        Word::End => {
            let records = object.required("records", "the number of records", Value::as_u64)?;
            return Ok(Line::End(End { time, records }));
        }
    };
    object.finish(&mut unknown);
    Ok(Line::Record(Record { time, kind, unknown }))
}

fn unsent(object: &mut Object, unknown: &mut Unknown) -> Result<Unsent, Bad> {
    let is_said = object.has("method") || object.has("path");
    Ok(Unsent {
        id: id(object)?,
        client: object.text("client")?,
        request: is_said.then(|| request::read(object, unknown)).transpose()?,
        why: object.text("why")?,
    })
}

fn id(object: &mut Object) -> Result<CallId, Bad> {
    object.required("id", "the id of a call, a whole number from 0", to_id)
}

fn to_id(value: &Value) -> Option<CallId> {
    value.as_u64().map(CallId)
}

fn to_ids(value: &Value) -> Option<Vec<CallId>> {
    value.as_array()?.iter().map(to_id).collect()
}

fn to_word(value: &Value) -> Option<Word> {
    Some(match value.as_str()? {
        "invoke" => Word::Invoke,
        "return" => Word::Return,
        "lost" => Word::Lost,
        "unsent" => Word::Unsent,
        "note" => Word::Note,
        "fence" => Word::Fence,
        "end" => Word::End,
        _ => return None,
    })
}

pub(super) fn write(record: &Record) -> Value {
    let mut line = Members::default();
    match &record.kind {
        Kind::Invoke(Invoke { id, client, request }) => {
            line.begin("invoke", Some(*id), client.as_ref(), record.time);
            request::put(request, &mut line.0);
        }
        Kind::Return(Return { id, status, body, allow }) => {
            line.begin("return", Some(*id), None, record.time);
            line.put("status", Some((*status).into()));
            request::put_body(body, &mut line.0);
            response::put_allow(allow, &mut line.0);
        }
        Kind::Lost(Lost { id, why }) => {
            line.begin("lost", Some(*id), None, record.time);
            line.put("why", why.as_deref().map(Value::from));
        }
        Kind::Unsent(Unsent { id, client, request, why }) => {
            line.begin("unsent", Some(*id), client.as_ref(), record.time);
            if let Some(request) = request {
                request::put(request, &mut line.0);
            }
            line.put("why", why.as_deref().map(Value::from));
        }
        Kind::Note(Note { text }) => {
            line.begin("note", None, None, record.time);
            line.put("text", Some(text.as_str().into()));
        }
        Kind::Fence(Fence { lost, why }) => {
            line.begin("fence", None, None, record.time);
            line.put("lost", Some(lost.iter().map(|id| id.0).collect()));
            line.put("why", why.as_deref().map(Value::from));
        }
    }
    let mut value = Value::Object(line.0);
    record.unknown.restore(&mut value);
    value
}

pub(super) fn write_end(end: &End) -> Value {
    let mut line = Members::default();
    line.begin("end", None, None, end.time);
    line.put("records", Some(end.records.into()));
    Value::Object(line.0)
}

/// The members of a line that is being written.
#[derive(Default)]
struct Members(Map<String, Value>);

impl Members {
    /// Puts what lines of every kind may have.
    fn begin(&mut self, kind: &str, id: Option<CallId>, client: Option<&String>, time: Option<Time>) {
        self.put("kind", Some(kind.into()));
        self.put("id", id.map(|id| id.0.into()));
        self.put("client", client.map(|client| client.as_str().into()));
        self.put("time", time.map(|time| time.0.into()));
    }

    fn put(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value);
        }
    }
}
