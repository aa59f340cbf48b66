//! Edition and rules in the header of a file.

use serde_json::Value;

use super::object::{Bad, Object, excerpt, shorten};
use crate::spec::{Edition, Rules};

/// How long the names in a rule may be. All real ones fit, and a message can repeat them.
const RULE_BYTES_MAX: usize = 100;

/// Takes the edition, if it is said.
pub(crate) fn edition(object: &mut Object) -> Result<Option<Edition>, Bad> {
    let edition = |value: &Value| value.as_str()?.parse::<Edition>().ok();
    object.optional("edition", "an edition (E-72, E-74, E-80)", edition)
}

/// Takes the rules and sets them. What was said is handed back: each reading with its variant.
pub(crate) fn set(object: &mut Object, rules: &mut Rules) -> Result<Vec<(String, String)>, Bad> {
    let Some(of) = object.object("rules")? else { return Ok(Vec::new()) };
    let place = of.place().to_owned();
    let said = of.rest().into_iter().map(|(id, variant)| {
        let name = variant.as_str().filter(|name| id.len().max(name.len()) <= RULE_BYTES_MAX);
        let name = name.ok_or_else(|| {
            let found = format!("{}: {}", shorten(&id), excerpt(&variant));
            Bad::new(&place, "the name of a reading and of a variant", found)
        })?;
        rules.set(&id, name).map_err(|error| Bad::new(&place, "a rule", error.to_string()))?;
        let name = name.to_owned();
        Ok((id, name))
    });
    said.collect()
}
