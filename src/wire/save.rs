//! A file that appears as a whole or not at all. What is no file, a pipe or a device, is written to as it is; a link stays
//! one.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes to a path at once: what was there is replaced by the whole file or left alone, and nothing half written
/// remains. The file is what `write` wrote, if it returned without an error.
pub(crate) fn save<T>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<T>,
) -> io::Result<T> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        let mut output = BufWriter::new(OpenOptions::new().write(true).open(path)?);
        return write(&mut output).and_then(|written| output.flush().map(|()| written));
    }
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (file, temporary) = create_beside(path)?;
    let mut output = BufWriter::new(file);
    let written = write(&mut output)
        .and_then(|written| output.into_inner()?.sync_all().map(|()| written))
        .and_then(|written| fs::rename(&temporary, path).map(|()| written));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    }
    written
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
