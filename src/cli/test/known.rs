//! Divergences that are known: a file that names them, each with the reason why it is let pass.
//!
//! The file is one JSON object: signatures with reasons, as `test` prints them (operation and what was observed), or as
//! its JSON does (with what was expected).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::Failure;
use crate::oracle::Divergence;

/// The known divergences, and how often each was met.
#[derive(Debug, Clone, Default)]
pub(super) struct Known(BTreeMap<String, Entry>);

/// A known divergence.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) reason: String,
    pub(super) met: u64,
}

impl Known {
    /// Reads a file of known divergences.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path).map_err(|error| Failure::cannot_read(path, error))?;
        let value: Value = serde_json::from_str(&text).map_err(|error| Failure::cannot_read(path, error))?;
        let expected = "expected an object of signatures with reasons";
        let Value::Object(members) = value else { return Err(Failure::cannot_read(path, expected)) };
        let entries = members.into_iter().map(|(signature, reason)| match reason {
            Value::String(reason) if !reason.trim().is_empty() => Ok((signature, Entry { reason, met: 0 })),
            other => {
                let why = format!("the reason of `{signature}` is {other}, expected a text");
                Err(Failure::cannot_read(path, why))
            }
        });
        Ok(Self(entries.collect::<Result<_, _>>()?))
    }

    /// Whether a divergence is known. It is counted then.
    pub(super) fn lets_pass(&mut self, divergence: &Divergence) -> bool {
        let names = [divergence.kind(), divergence.signature.clone()];
        let name = names.into_iter().find(|name| self.0.contains_key(name));
        let entry = name.and_then(|name| self.0.get_mut(&name));
        entry.map(|entry| entry.met += 1).is_some()
    }

    /// All of them, in the order of their signatures.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.0.iter().map(|(signature, entry)| (signature.as_str(), entry))
    }
}
