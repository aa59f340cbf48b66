//! Files that are written: their folder is made first, and what cannot be written is told with its path.

use std::fmt::Display;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Failure;
use crate::case::{self, Case};

/// Writes a file by a function that is given its path.
pub(super) fn write<T>(path: &Path, write: impl FnOnce(&Path) -> io::Result<T>) -> Result<T, Failure> {
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    folder.and_then(|()| write(path)).map_err(|error| Failure::cannot_write(path, error))
}

/// The line that says how a case is replayed. One that the canary broke holds under that law only.
pub(super) fn reproduce(case: &Path, is_canary: bool) -> String {
    let law = if is_canary { " --canary" } else { "" };
    format!("reproduce: action-oracle replay {}{law}", case.display())
}

/// Writes a case into a folder, under this name. Gives its path.
pub(super) fn write_case(folder: &Path, name: impl Display, case: &Case) -> Result<PathBuf, Failure> {
    let path = folder.join(format!("{name}.jsonl"));
    write(&path, |path| case::save(case, path))?;
    Ok(path)
}
