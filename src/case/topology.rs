//! The topology file: a cluster to start from, written by people.
//!
//! One JSON object on as many lines as its author likes; its `cluster` is that of the header of a case. Unlike in a
//! case, members that nobody knows and members that come twice are refused: a slip of the pen must not silently
//! become a default.

use std::fmt;

use serde_json::Value;

use super::position::{Position, Positions};
use crate::model::Cluster;
use crate::wire::object::{Bad, Object, Unknown};
use crate::wire::{cluster, format, no_json};

/// What a topology file says in its member `format`.
pub const TOPOLOGY_FORMAT: &str = format::TOPOLOGY;

/// Why a text is no topology.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadTopology {
    /// The number of the line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// What is there: a JSON pointer. Empty for the file as a whole.
    pub place: String,
    /// What would have been right there.
    pub expected: String,
    /// What is there.
    pub found: String,
}

impl fmt::Display for BadTopology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, place, expected, found } = self;
        let comma = if place.is_empty() { "" } else { ", " };
        write!(f, "line {line}, column {column}{comma}{place}: expected {expected}, found {found}")
    }
}

impl std::error::Error for BadTopology {}

/// Reads a topology. Total: a text that holds none, or a cluster that cannot exist, is a [`BadTopology`].
pub fn topology(text: &str) -> Result<Cluster, BadTopology> {
    let value = serde_json::from_str(text).map_err(|error| {
        let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
        let (line, bad) = (error.line(), no_json(line, &error));
        at(Position { line, column: error.column().max(1) }, bad)
    })?;
    let positions = Positions::of(text);
    if let Some((place, position)) = positions.repeated() {
        let bad = Bad::new(place, "each member once", "a second one");
        return Err(at(position, bad));
    }
    cluster_of(value).map_err(|bad| at(positions.find(&bad.place), bad))
}

fn cluster_of(value: Value) -> Result<Cluster, Bad> {
    let mut unknown = Unknown::default();
    let mut object = Object::new(String::new(), value)?;
    format::check(&mut object, TOPOLOGY_FORMAT)?;
    object.text("provenance")?;
    let of = object.object("cluster")?.ok_or_else(|| object.bad("cluster", "a cluster", None))?;
    let cluster = cluster::read(of, &mut unknown)?;
    object.finish(&mut unknown);
    unknown.refuse()?;
    Ok(cluster)
}

fn at(Position { line, column }: Position, Bad { place, expected, found }: Bad) -> BadTopology {
    BadTopology { line, column, place, expected, found }
}
