//! The header of a case file.

use serde_json::{Map, Value, json};

use super::object::{Bad, Object, Unknown, excerpt, shorten};
use super::{Case, FORMAT, Found, Signature, TOPOLOGY_FORMAT, VERSION, cluster};
use crate::spec::{Edition, Rules};

/// How long the names in a rule may be. All real ones fit, and a message can repeat them.
const RULE_BYTES_MAX: usize = 100;

pub(super) fn read(value: Value) -> Result<Case, Bad> {
    let mut unknown = Unknown::default();
    let mut object = Object::new(String::new(), value)?;
    check_format(&mut object, FORMAT)?;
    let rules = rules(&mut object)?;
    let of_cluster = object.object("cluster")?;
    let of_cluster = of_cluster.ok_or_else(|| object.bad("cluster", "a cluster", None))?;
    let mut case = Case::new(rules, cluster::read(of_cluster, &mut unknown)?);
    case.found = object.object("found")?.map(|of| found(of, &mut unknown)).transpose()?;
    case.expect = object.object("expect")?.map(|of| signature(of, &mut unknown)).transpose()?;
    case.provenance = object.text("provenance")?;
    object.finish(&mut unknown);
    case.unknown = unknown;
    Ok(case)
}

/// Takes format and version, which must be these.
pub(super) fn check_format(object: &mut Object, due: &str) -> Result<(), Bad> {
    let expected = format!("\"{due}\"");
    let format = object.required("format", &expected, |value| Some(value.clone()))?;
    if format != due {
        let what = match format.as_str() {
            Some("action-oracle/history") => ", a history of calls",
            Some(TOPOLOGY_FORMAT) => ", a cluster to start from",
            Some(FORMAT) => ", a recorded run",
            _ => "",
        };
        return Err(Bad::new("/format", &expected, excerpt(&format) + what));
    }
    object.required("version", &format!("version {VERSION}"), |value| (*value == VERSION).then_some(()))
}

fn rules(object: &mut Object) -> Result<Rules, Bad> {
    let edition = |value: &Value| value.as_str()?.parse::<Edition>().ok();
    let edition = object.optional("edition", "an edition (E-72, E-74, E-80)", edition)?;
    let mut rules = Rules::new(edition.unwrap_or_default());
    if let Some(of) = object.object("rules")? {
        let place = of.place().to_owned();
        for (id, variant) in of.rest() {
            let name = variant.as_str().filter(|name| id.len().max(name.len()) <= RULE_BYTES_MAX);
            let name = name.ok_or_else(|| {
                let found = format!("{}: {}", shorten(&id), excerpt(&variant));
                Bad::new(&place, "the name of a reading and of a variant", found)
            })?;
            rules.set(&id, name).map_err(|error| Bad::new(&place, "a rule", error.to_string()))?;
        }
    }
    Ok(rules)
}

fn found(mut object: Object, unknown: &mut Unknown) -> Result<Found, Bad> {
    let seed = |value: &Value| u64::from_str_radix(value.as_str()?.strip_prefix("0x")?, 16).ok();
    let seed = object.required("seed", "a seed such as \"0x2a\"", seed)?;
    let version = string(&mut object, "version")?;
    object.finish(unknown);
    Ok(Found { seed, version })
}

fn signature(mut object: Object, unknown: &mut Unknown) -> Result<Signature, Bad> {
    let signature = Signature {
        check: string(&mut object, "check")?,
        operation: string(&mut object, "operation")?,
        expected: string(&mut object, "expected")?,
        observed: string(&mut object, "observed")?,
        status: string(&mut object, "status")?,
    };
    object.finish(unknown);
    Ok(signature)
}

fn string(object: &mut Object, name: &str) -> Result<String, Bad> {
    object.required(name, "a string", |value| value.as_str().map(str::to_owned))
}

pub(super) fn write(case: &Case) -> Value {
    let mut header = Map::new();
    let mut put = |name: &str, value: Value| header.insert(name.to_owned(), value);
    put("format", FORMAT.into());
    put("version", VERSION.into());
    put("edition", case.rules.edition.name().into());
    let overrides = case.rules.overrides();
    if !overrides.is_empty() {
        put("rules", overrides.into_iter().collect());
    }
    put("cluster", cluster::write(&case.cluster, &case.unknown));
    if let Some(found) = &case.found {
        put("found", json!({ "seed": format!("{:#x}", found.seed), "version": found.version }));
    }
    if let Some(Signature { check, operation, expected, observed, status }) = &case.expect {
        let signature = json!({
            "check": check,
            "operation": operation,
            "expected": expected,
            "observed": observed,
            "status": status,
        });
        put("expect", signature);
    }
    if let Some(provenance) = &case.provenance {
        put("provenance", provenance.as_str().into());
    }
    let mut header = Value::Object(header);
    case.unknown.restore(&mut header);
    header
}
