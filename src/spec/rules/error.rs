//! Why a rule cannot be set: each answer names what is known.

use std::fmt;

use super::super::edition::UnknownEdition;
use super::super::{Edition, Reading};
use super::modelled;

/// Why a rule cannot be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleError {
    /// Not of the form `R-NAME=VARIANT`.
    Form(String),
    /// The edition does not exist.
    Edition(UnknownEdition),
    /// No reading has this name.
    UnknownReading(String),
    /// The reading exists, but the model gives one answer only.
    NotModelled(&'static Reading),
    /// The reading has no such variant.
    UnknownVariant {
        /// The reading.
        reading: &'static Reading,
        /// What was asked for.
        variant: String,
    },
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(text) => write!(f, "`{text}` is no rule; expected R-NAME=VARIANT"),
            Self::Edition(error) => error.fmt(f),
            Self::UnknownReading(id) => {
                let ids: Vec<_> = modelled().collect();
                write!(f, "no reading is called `{id}`; the modelled ones are {}", ids.join(", "))
            }
            Self::NotModelled(reading) => {
                let answer = reading.default_in(Edition::default());
                write!(f, "{} cannot be set: the model always answers {answer}", reading.id)
            }
            Self::UnknownVariant { reading, variant } => {
                let names: Vec<_> = reading.variants.iter().map(|known| known.name).collect();
                write!(f, "{} has no variant `{variant}`; it has {}", reading.id, names.join(", "))
            }
        }
    }
}

impl std::error::Error for RuleError {}
