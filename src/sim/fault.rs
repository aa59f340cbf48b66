//! What may go wrong in a run. Each family is on or off for a whole run, and fires now and then if it is on.

use std::fmt;
use std::str::FromStr;

use super::seed::{Ratio, Rng};

/// One family of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// A node stops answering, and comes back.
    NodeDown,
    /// The primary is lost and another node takes over.
    PrimaryLost,
    /// The cluster aborts a run.
    Abort,
    /// A run fails.
    Fail,
    /// An answer is lost, and the client asks again.
    LostAnswer,
    /// A request arrives twice.
    Duplicate,
}

impl Fault {
    /// All families.
    pub const ALL: [Self; 6] =
        [Self::NodeDown, Self::PrimaryLost, Self::Abort, Self::Fail, Self::LostAnswer, Self::Duplicate];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::NodeDown => "node-down",
            Self::PrimaryLost => "primary-lost",
            Self::Abort => "abort",
            Self::Fail => "fail",
            Self::LostAnswer => "lost-answer",
            Self::Duplicate => "duplicate",
        }
    }
}

/// A set of families.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Faults(u8);

impl Faults {
    /// No faults.
    pub const NONE: Self = Self(0);
    /// All families.
    pub const ALL: Self = Self((1 << Fault::ALL.len()) - 1);

    /// Whether a family is in the set.
    pub fn has(self, fault: Fault) -> bool {
        self.0 & 1 << fault as u8 != 0
    }

    /// Half of the families, drawn anew for each run; now and then none.
    pub(super) fn draw(self, rng: &mut Rng) -> Self {
        let quiet = rng.chance(Ratio(1, 5));
        let half = rng.below(1 << Fault::ALL.len());
        if quiet { Self::NONE } else { Self(self.0 & u8::try_from(half).expect("six bits")) }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> =
            Fault::ALL.into_iter().filter(|fault| self.has(*fault)).map(Fault::name).collect();
        f.write_str(if names.is_empty() { "none" } else { "" })?;
        f.write_str(&names.join(","))
    }
}

/// A name that is no fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFault(String);

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Fault::ALL.map(Fault::name).join(", ");
        write!(f, "no fault is called `{}`; known are all, none, {known}", self.0)
    }
}

impl std::error::Error for UnknownFault {}

impl FromStr for Faults {
    type Err = UnknownFault;

    /// Reads `all`, `none`, or names separated by commas.
    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        match text {
            "all" => return Ok(Self::ALL),
            "none" => return Ok(Self::NONE),
            _ => {}
        }
        text.split(',').map(str::trim).try_fold(Self::NONE, |set, name| {
            let fault = Fault::ALL.into_iter().find(|fault| fault.name() == name);
            fault.map(|fault| Self(set.0 | 1 << fault as u8)).ok_or_else(|| UnknownFault(name.to_owned()))
        })
    }
}
