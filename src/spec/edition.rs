//! The three eras that the documents describe.

use std::fmt;
use std::str::FromStr;

/// One era of the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Edition {
    /// Before 7.4.2: integer progress, a snapshot at every activation.
    E72,
    /// 7.4.2 to 7.22, the era of the seed documents: at most one maintenance snapshot a node.
    #[default]
    E74,
    /// 8.0.2 and later: the status `aborted`, two more answers of `change_master`.
    E80,
}

impl Edition {
    /// All editions, oldest first.
    pub const ALL: [Self; 3] = [Self::E72, Self::E74, Self::E80];

    /// The name used in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::E72 => "E-72",
            Self::E74 => "E-74",
            Self::E80 => "E-80",
        }
    }

    /// The product versions it stands for.
    pub fn versions(self) -> &'static str {
        match self {
            Self::E72 => "before 7.4.2",
            Self::E74 => "7.4.2 to 7.22",
            Self::E80 => "8.0.2 and later",
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownEdition(pub String);

impl fmt::Display for UnknownEdition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no edition is called `{}`; known are E-72, E-74 and E-80", self.0)
    }
}

impl std::error::Error for UnknownEdition {}

impl FromStr for Edition {
    type Err = UnknownEdition;

    fn from_str(name: &str) -> Result<Self, UnknownEdition> {
        let found = Self::ALL.into_iter().find(|edition| edition.name() == name);
        found.ok_or_else(|| UnknownEdition(name.to_owned()))
    }
}
