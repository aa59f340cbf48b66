//! The header of a case file.

use serde_json::{Map, Value, json};

use super::{Case, FORMAT, Found, Signature, VERSION};
use crate::spec::Rules;
use crate::wire::object::{Bad, Object, Unknown};
use crate::wire::{cluster, format, rules};

pub(super) fn read(mut object: Object) -> Result<Case, Bad> {
    let mut unknown = Unknown::default();
    format::check(&mut object, FORMAT)?;
    let mut rules = Rules::new(rules::edition(&mut object)?.unwrap_or_default());
    rules::set(&mut object, &mut rules)?;
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
    put("edition", case.rules.edition().name().into());
    let overrides = case.rules.overrides();
    if !overrides.is_empty() {
        put("rules", overrides.into_iter().collect());
    }
    put("cluster", cluster::write(&case.cluster, "/cluster", &case.unknown));
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
