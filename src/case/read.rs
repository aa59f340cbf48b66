//! From a file to a case. What cannot be read is said, never skipped.

use std::fmt;
use std::io::{BufRead, Read as _};

use serde_json::Value;

use super::object::{Bad, Object, Unknown, shorten};
use super::{Case, Line, Recorded, event, header, request};
use crate::model::{Act, Input, Time};

/// How long a line may be, in bytes, with its end. Longer ones are neither read nor written.
pub const LINE_BYTES_MAX: usize = 1 << 20;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The case, up to the first line that cannot be read.
    pub case: Case,
    /// That line. What follows it was not read.
    pub broken: Option<BadCase>,
}

/// Why a line of a case file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadCase {
    /// The number of the line, from 1.
    pub line: usize,
    /// Where in the line: a JSON pointer, or a column. Empty if it is the line as a whole.
    pub place: String,
    /// What would have been right there.
    pub expected: String,
    /// What is there.
    pub found: String,
}

impl fmt::Display for BadCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, place, expected, found } = self;
        let comma = if place.is_empty() { "" } else { ", " };
        write!(f, "line {line}{comma}{place}: expected {expected}, found {found}")
    }
}

impl std::error::Error for BadCase {}

/// Reads a case. Without a header of this format and version there is none; a later line that cannot be read
/// ends the case and is told. Blank lines are skipped.
pub fn read(input: impl BufRead) -> Result<Loaded, BadCase> {
    let mut lines = Lines { input, number: 0 };
    let Some(header) = lines.next_value()? else {
        let bad = Bad::new("", "the header of a case", "the end of the file");
        return Err(at_line(1, bad));
    };
    let mut case = header::read(header).map_err(|bad| at_line(lines.number, bad))?;
    loop {
        let line = lines
            .next_value()
            .and_then(|value| value.map(line).transpose().map_err(|bad| at_line(lines.number, bad)));
        match line {
            Ok(Some(line)) => case.lines.push(line),
            Ok(None) => return Ok(Loaded { case, broken: None }),
            Err(bad) => return Ok(Loaded { case, broken: Some(bad) }),
        }
    }
}

fn line(value: Value) -> Result<Line, Bad> {
    let mut unknown = Unknown::default();
    let mut object = Object::new(String::new(), value)?;
    let at = object.required("at", "a time in microseconds", Value::as_u64).map(Time)?;
    let act = match (object.object("request")?, object.object("event")?) {
        (Some(of), None) => Act::Request(request::read(of, &mut unknown)?),
        (None, Some(of)) => Act::Event(event::read(of, &mut unknown)?),
        (None, None) => return Err(Bad::new("", "a request or an event", "neither")),
        (Some(_), Some(_)) => return Err(Bad::new("", "a request or an event", "both")),
    };
    let reply = object.object("reply")?.map(|of| Recorded::read(of, &act, &mut unknown)).transpose()?;
    object.finish(&mut unknown);
    Ok(Line { input: Input { at, act }, reply, unknown })
}

fn at_line(line: usize, bad: Bad) -> BadCase {
    let Bad { place, expected, found } = bad;
    BadCase { line, place, expected, found }
}

/// The lines of a file as JSON.
struct Lines<R> {
    input: R,
    /// The number of the last line read.
    number: usize,
}

impl<R: BufRead> Lines<R> {
    /// The next line that is not blank; `None` at the end.
    fn next_value(&mut self) -> Result<Option<Value>, BadCase> {
        loop {
            self.number += 1;
            let mut bytes = Vec::new();
            // One byte more than allowed tells a line that is too long from one that just fits.
            let limit = LINE_BYTES_MAX as u64 + 1;
            let outcome = self.input.by_ref().take(limit).read_until(b'\n', &mut bytes);
            outcome.map_err(|error| self.bad("", "a line", error.to_string()))?;
            if bytes.is_empty() {
                return Ok(None);
            }
            if bytes.len() > LINE_BYTES_MAX {
                let expected = format!("a line of at most {LINE_BYTES_MAX} bytes");
                return Err(self.bad("", &expected, "a longer one".to_owned()));
            }
            let text = str::from_utf8(&bytes).map_err(|error| {
                let place = format!("byte {}", error.valid_up_to() + 1);
                self.bad(&place, "UTF-8", format!("{:#04x}", bytes[error.valid_up_to()]))
            })?;
            if !text.trim().is_empty() {
                return self.parse(text.trim_end()).map(Some);
            }
        }
    }

    fn parse(&self, text: &str) -> Result<Value, BadCase> {
        serde_json::from_str(text).map_err(|error| {
            let bad = no_json(text, &error);
            self.bad(&format!("column {}", error.column()), &bad.expected, bad.found)
        })
    }

    fn bad(&self, place: &str, expected: &str, found: String) -> BadCase {
        at_line(self.number, Bad::new(place, expected, found))
    }
}

/// What is wrong with a line of text that is no JSON. Some of what precedes the column shows where it is.
pub(super) fn no_json(line: &str, error: &serde_json::Error) -> Bad {
    let message = error.to_string();
    let why = message.split(" at line ").next().unwrap_or_default();
    let near = (error.column().saturating_sub(20)..).find_map(|at| line.get(at..));
    Bad::new("", "JSON", format!("{} ({why})", shorten(near.unwrap_or_default())))
}
