//! From a file to a case. What cannot be read is said, never skipped.

use std::io::BufRead;

use serde_json::Value;

use super::{Case, Line, Recorded, event, header};
use crate::model::{Act, Input, Time};
use crate::wire::object::{Bad, Object, Unknown};
use crate::wire::{BadLine, Lines, request};

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The case, up to the first line that cannot be read.
    pub case: Case,
    /// That line. What follows it was not read.
    pub broken: Option<BadLine>,
}

/// Reads a case. Without a header of this format and version there is none; a later line that cannot be read
/// ends the case and is told. Blank lines are skipped.
pub fn read(input: impl BufRead) -> Result<Loaded, BadLine> {
    let mut lines = Lines::new(input);
    let Some(mut case) = lines.next(header::read)? else {
        let bad = Bad::new("", "the header of a case", "the end of the file");
        return Err(BadLine::new(1, bad));
    };
    loop {
        match lines.next(line) {
            Ok(Some(line)) => case.lines.push(line),
            Ok(None) => return Ok(Loaded { case, broken: None }),
            Err(bad) => return Ok(Loaded { case, broken: Some(bad) }),
        }
    }
}

fn line(mut object: Object) -> Result<Line, Bad> {
    let mut unknown = Unknown::default();
    let at = object.required("at", "a time in microseconds", Value::as_u64).map(Time)?;
    let act = match (object.object("request")?, object.object("event")?) {
        (Some(mut of), None) => {
            let request = request::read(&mut of, &mut unknown)?;
            of.finish(&mut unknown);
            Act::Request(request)
        }
        (None, Some(of)) => Act::Event(event::read(of, &mut unknown)?),
        (None, None) => return Err(Bad::new("", "a request or an event", "neither")),
        (Some(_), Some(_)) => return Err(Bad::new("", "a request or an event", "both")),
    };
    let reply = object.object("reply")?.map(|of| Recorded::read(of, &act, &mut unknown)).transpose()?;
    object.finish(&mut unknown);
    Ok(Line { input: Input { at, act }, reply, unknown })
}
