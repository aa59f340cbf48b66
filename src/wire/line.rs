//! Lines of JSON: read one at a time, written one at a time, and never longer than a limit.

use std::fmt;
use std::io::{self, BufRead, Read as _, Write};

use serde_json::Value;

use super::object::{Bad, Object, shorten};

/// How long a line may be, in bytes, with its end. Longer ones are neither read nor written.
pub const LINE_BYTES_MAX: usize = 1 << 20;

/// Why a line of a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// The number of the line, from 1.
    pub line: usize,
    /// Where in the line: a JSON pointer, or a column. Empty if it is the line as a whole.
    pub place: String,
    /// What would have been right there.
    pub expected: String,
    /// What is there.
    pub found: String,
}

impl BadLine {
    pub(crate) fn new(line: usize, bad: Bad) -> Self {
        let Bad { place, expected, found } = bad;
        Self { line, place, expected, found }
    }
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, place, expected, found } = self;
        let comma = if place.is_empty() { "" } else { ", " };
        write!(f, "line {line}{comma}{place}: expected {expected}, found {found}")
    }
}

impl std::error::Error for BadLine {}

/// The lines of a file as JSON. Only one of them is held at a time.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    input: R,
    /// The number of the last line read.
    number: usize,
    bytes: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, number: 0, bytes: Vec::new() }
    }

    /// The next line that is not blank, understood; `None` at the end.
    pub(crate) fn next<T>(
        &mut self,
        meaning: impl FnOnce(Object) -> Result<T, Bad>,
    ) -> Result<Option<T>, BadLine> {
        let object = self.next_object().map_err(|bad| self.at_line(bad))?;
        object.map(meaning).transpose().map_err(|bad| self.at_line(bad))
    }

    /// The number of the last line read; 0 before the first.
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    fn at_line(&self, bad: Bad) -> BadLine {
        BadLine::new(self.number, bad)
    }

    fn next_object(&mut self) -> Result<Option<Object>, Bad> {
        loop {
            self.number += 1;
            self.bytes.clear();
            // One byte more than allowed tells a line that is too long from one that just fits.
            let limit = LINE_BYTES_MAX as u64 + 1;
            let outcome = self.input.by_ref().take(limit).read_until(b'\n', &mut self.bytes);
            outcome.map_err(|error| Bad::new("", "a line", error.to_string()))?;
            let bytes = &self.bytes;
            if bytes.is_empty() {
                self.number -= 1;
                return Ok(None);
            }
            if bytes.len() > LINE_BYTES_MAX {
                let expected = format!("a line of at most {LINE_BYTES_MAX} bytes");
                return Err(Bad::new("", &expected, "a longer one"));
            }
            let text = str::from_utf8(bytes).map_err(|error| {
                let place = format!("byte {}", error.valid_up_to() + 1);
                Bad::new(&place, "UTF-8", format!("{:#04x}", bytes[error.valid_up_to()]))
            })?;
            if !text.trim().is_empty() {
                return parse(text.trim_end()).map(Some);
            }
        }
    }
}

fn parse(text: &str) -> Result<Object, Bad> {
    if let Some(object) = Object::parse(text) {
        return Ok(object);
    }
    let value = serde_json::from_str(text).map_err(|error| {
        let place = format!("column {}", error.column());
        Bad { place, ..no_json(text, &error) }
    })?;
    Object::new(String::new(), value)
}

/// What is wrong with a line of text that is no JSON. Some of what precedes the column shows where it is.
pub(crate) fn no_json(line: &str, error: &serde_json::Error) -> Bad {
    let message = error.to_string();
    let why = message.split(" at line ").next().unwrap_or_default();
    let near = (error.column().saturating_sub(20)..).find_map(|at| line.get(at..));
    Bad::new("", "JSON", format!("{} ({why})", shorten(near.unwrap_or_default())))
}

/// Writes a value as the line of that number.
pub(crate) fn write_line(value: &Value, number: usize, output: &mut impl Write) -> io::Result<()> {
    let line = format!("{value}\n");
    if line.len() > LINE_BYTES_MAX {
        let told = format!("line {number} is longer than {LINE_BYTES_MAX} bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, told));
    }
    output.write_all(line.as_bytes())
}
