//! Which runs of a campaign are done here: a range of seeds, or one of several equal parts of it.

use std::fmt;
use std::str::FromStr;

use crate::sim::Seed;

/// Seeds from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seeds(pub(super) u64, pub(super) u64);

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (from, to) = text.split_once("..").ok_or("expected two seeds with .. between them")?;
        let seed = |text: &str| text.parse::<Seed>().map(|seed| seed.0).map_err(|error| error.to_string());
        let (from, to) = (seed(from)?, seed(to)?);
        if from < to { Ok(Self(from, to - 1)) } else { Err(format!("{from}..{to} holds no seed")) }
    }
}

impl fmt::Display for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The end is excluded; no range that was read ends with the last seed of all.
        write!(f, "{}..{}", self.0, self.1 + 1)
    }
}

/// One of several equal parts, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Partition {
    pub(super) part: u64,
    pub(super) of: u64,
}

impl Partition {
    /// The whole.
    pub(super) const WHOLE: Self = Self { part: 1, of: 1 };

    /// Whether the seed at this place of the range belongs to it.
    pub(super) fn has(self, place: u64) -> bool {
        place % self.of == self.part - 1
    }

    /// The part that an engine of array jobs gave this process, counted as the engine counts.
    fn of_environment(variable: fn(&str) -> Option<String>) -> Result<Self, String> {
        let number = |name| variable(name).and_then(|text| text.parse::<u64>().ok());
        let found = ENGINES.iter().find_map(|(index, first, count)| {
            let first = if first.is_empty() { 0 } else { number(first)? };
            Some((number(index)?, first, number(count)?))
        });
        let (index, first, of) = found.ok_or_else(|| {
            let known: Vec<_> =
                ENGINES.iter().map(|(index, _, count)| format!("{index} and {count}")).collect();
            format!("auto takes the part from the environment; expected {} there", known.join(", or "))
        })?;
        match index.checked_sub(first) {
            Some(place) if place < of => Ok(Self { part: place + 1, of }),
            _ => Err(format!("the environment says part {index} of {of}, counted from {first}")),
        }
    }
}

/// What tells a process its part: the variables with its index, with the first index (0 if empty), with their count.
const ENGINES: [(&str, &str, &str); 2] = [
    ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT"),
    ("JOB_COMPLETION_INDEX", "", "JOB_COMPLETIONS"),
];

impl FromStr for Partition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers =
            text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((part, of)) if (1..=of).contains(&part) => Ok(Self { part, of }),
            _ => Err("expected K/N with 1 <= K <= N, or auto".to_owned()),
        }
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.of)
    }
}

/// The part that was asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked {
    /// This one.
    Said(Partition),
    /// What the environment says.
    Auto,
}

impl Asked {
    /// The part.
    pub(super) fn partition(self, variable: fn(&str) -> Option<String>) -> Result<Partition, String> {
        match self {
            Self::Said(partition) => Ok(partition),
            Self::Auto => Partition::of_environment(variable),
        }
    }
}

impl FromStr for Asked {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" { Ok(Self::Auto) } else { text.parse().map(Self::Said) }
    }
}
