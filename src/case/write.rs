//! From a case to a file.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::{Case, LINE_BYTES_MAX, Line, event, header, request};
use crate::model::Act;

/// Writes a case. The same case gives the same bytes.
pub fn write(case: &Case, mut output: impl Write) -> io::Result<()> {
    let values = std::iter::once(header::write(case)).chain(case.lines.iter().map(line_value));
    for (at, value) in values.enumerate() {
        let line = format!("{value}\n");
        if line.len() > LINE_BYTES_MAX {
            let told = format!("line {} is longer than {LINE_BYTES_MAX} bytes", at + 1);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, told));
        }
        output.write_all(line.as_bytes())?;
    }
    output.flush()
}

/// Writes a case to a path at once: what was there is replaced by the whole file or left alone, and nothing half
/// written remains.
pub fn save(case: &Case, path: &Path) -> io::Result<()> {
    let (file, temporary) = create_beside(path)?;
    let written = write_through(case, file).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn line_value(line: &Line) -> Value {
    let mut object = Map::new();
    object.insert("at".to_owned(), line.input.at.0.into());
    match &line.input.act {
        Act::Request(of) => object.insert("request".to_owned(), request::write(of)),
        Act::Event(of) => object.insert("event".to_owned(), event::write(of)),
    };
    if let Some(reply) = &line.reply {
        object.insert("reply".to_owned(), reply.write());
    }
    let mut value = Value::Object(object);
    line.unknown.restore(&mut value);
    value
}

/// A new file in the directory of a path, so that it can take the path's place.
fn create_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    const ATTEMPTS: u32 = 1_000;
    let name = path.file_name().ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, format!("`{}` names no file", path.display()))
    })?;
    let mut attempt = 0;
    loop {
        let mut temporary = OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".{attempt}.tmp"));
        let temporary = path.with_file_name(temporary);
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            // Someone else is writing here, or was interrupted.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < ATTEMPTS => attempt += 1,
            file => return Ok((file?, temporary)),
        }
    }
}

fn write_through(case: &Case, file: File) -> io::Result<()> {
    let mut output = BufWriter::new(file);
    write(case, &mut output)?;
    output.get_ref().sync_all()
}
