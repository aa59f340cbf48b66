//! What a file calls itself in its first members.

use super::object::{Bad, Object, excerpt};

/// A recorded run.
pub(crate) const CASE: &str = "action-oracle/case";

/// A recording of calls and answers.
pub(crate) const HISTORY: &str = "action-oracle/history";

/// A set of cases with what may be answered.
pub(crate) const CORPUS: &str = "action-oracle/corpus";

/// A cluster to start from.
pub(crate) const TOPOLOGY: &str = "action-oracle/topology";

/// The version of each format that is written, and the only one that is read.
pub(crate) const VERSION: u64 = 1;

/// Takes format and version, which must be these.
pub(crate) fn check(object: &mut Object, due: &str) -> Result<(), Bad> {
    let expected = format!("\"{due}\"");
    let format = object.required("format", &expected, |value| Some(value.clone()))?;
    if format != due {
        let what = match format.as_str() {
            Some(CASE) => ", a recorded run",
            Some(HISTORY) => ", a history of calls",
            Some(CORPUS) => ", a set of cases",
            Some(TOPOLOGY) => ", a cluster to start from",
            _ => "",
        };
        return Err(Bad::new("/format", &expected, excerpt(&format) + what));
    }
    object.required("version", &format!("version {VERSION}"), |value| (*value == VERSION).then_some(()))
}
