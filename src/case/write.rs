//! From a case to a file.

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Map, Value};

use super::{Case, Line, event, header};
use crate::model::Act;
use crate::wire::{request, save, write_line};

/// Writes a case. The same case gives the same bytes.
pub fn write(case: &Case, mut output: impl Write) -> io::Result<()> {
    let values = std::iter::once(header::write(case)).chain(case.lines.iter().map(line_value));
    for (at, value) in values.enumerate() {
        write_line(&value, at + 1, &mut output)?;
    }
    output.flush()
}

/// Writes a case to a path at once: what was there is replaced by the whole file or left alone, and nothing half
/// written remains.
pub fn save(case: &Case, path: &Path) -> io::Result<()> {
    save::save(path, |output| write(case, output))
}

fn line_value(line: &Line) -> Value {
    let mut object = Map::new();
    object.insert("at".to_owned(), line.input.at.0.into());
    match &line.input.act {
        Act::Request(of) => {
            let mut members = Map::new();
            request::put(of, &mut members);
            object.insert("request".to_owned(), members.into())
        }
        Act::Event(of) => object.insert("event".to_owned(), event::write(of)),
    };
    if let Some(reply) = &line.reply {
        object.insert("reply".to_owned(), reply.write());
    }
    let mut value = Value::Object(object);
    line.unknown.restore(&mut value);
    value
}
