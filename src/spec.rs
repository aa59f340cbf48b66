//! What the documents say, as data.
//!
//! A [`Clause`] is one documented statement. A [`Reading`] is one question that the documents leave open, with
//! the answers that can be defended. An [`Edition`] is one of the three eras that the documents describe.
//! [`Rules`] picks an edition and one answer to every question that the model knows.
//!
//! Nothing here knows what a statement does: the law is in [`crate::model`].

pub mod clause;
pub mod coverage;
pub mod edition;
pub mod reading;
pub mod rules;

pub use clause::{Area, Authority, Clause};
pub use edition::Edition;
pub use reading::{Confidence, Reading, Stance, Variant};
pub use rules::{Consulted, Question, RuleError, Rules, consulted};
