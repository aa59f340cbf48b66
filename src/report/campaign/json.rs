//! The counts of a campaign as JSON, and back.

use serde_json::{Map, Value, json};

use super::{Reachable, unmet, word};
use crate::explore::MatrixCell;
use crate::model::Status;
use crate::sim::campaign::Unstable;
use crate::sim::{Campaign, Coverage, Digest, Seed};

/// The coverage of a campaign as one JSON object.
pub fn coverage_json(campaign: &Campaign, reachable: &Reachable) -> Value {
    let coverage = &campaign.coverage;
    let always: Map<_, _> =
        coverage.always().map(|(invariant, count)| (invariant.name.to_owned(), json!(count))).collect();
    let sometimes: Map<_, _> =
        coverage.sometimes().map(|(thing, count)| (thing.name.to_owned(), json!(count))).collect();
    let edges: Vec<_> = coverage
        .edges()
        .map(|(from, to, count)| json!({"from": word(from), "to": word(to), "count": count}))
        .collect();
    let cells: Vec<_> = coverage
        .cells()
        .map(|(operation, status, code, count)| {
            json!({"operation": operation, "status": word(status), "code": code, "count": count})
        })
        .collect();
    let reachable = reachable.as_ref().map(|reachable| {
        let cell = |MatrixCell { operation, status, code }: MatrixCell| {
            json!({"operation": operation, "status": word(status), "code": code})
        };
        let unmet: Vec<_> = unmet(campaign, reachable).into_iter().map(cell).collect();
        json!({"cells": reachable.len(), "met": reachable.len() - unmet.len(), "unmet": unmet})
    });
    json!({"always": always, "sometimes": sometimes, "edges": edges, "cells": cells, "reachable": reachable})
}

/// What else a campaign counted, as one JSON object.
pub fn counts_json(campaign: &Campaign) -> Value {
    let (happened, refused) = campaign.coverage.events();
    let unstable = campaign
        .unstable
        .as_ref()
        .map(|Unstable { seed, step, both }| json!({"seed": seed.to_string(), "step": step, "both": both}));
    json!({
        "effective": campaign.effective,
        "twice": campaign.twice,
        "failed": campaign.failed,
        "events": {"happened": happened, "could not": refused},
        "unstable": unstable,
    })
}

/// What was read of a campaign. Runs that failed are told by their seeds and by the number of their steps.
#[derive(Debug)]
pub struct Counted {
    /// All but the runs that failed.
    pub campaign: Campaign,
    /// Those with the lowest seeds.
    pub failing: Vec<(Seed, u64)>,
}

/// Reads what `simulate --format json` prints.
///
/// # Errors
///
/// What is missing, or unknown here.
pub fn counted(object: &Value) -> Result<Counted, String> {
    let counts = &object["campaign"]["counts"];
    let digest = object["digest"].as_str().and_then(|text| u64::from_str_radix(text, 16).ok());
    let campaign = Campaign {
        runs: number(object, "runs")?,
        steps: number(object, "checked")?,
        effective: number(counts, "effective")?,
        digest: Digest(digest.ok_or("digest is not a number in hex")?),
        coverage: coverage(&object["coverage"], &counts["events"])?,
        failed: number(counts, "failed")?,
        failures: Vec::new(),
        twice: number(counts, "twice")?,
        unstable: if counts["unstable"].is_null() { None } else { Some(unstable(&counts["unstable"])?) },
    };
    let failing = array(&object["divergences"], "divergences")?;
    let failing = failing.iter().map(|one| Ok((seed(one)?, number(one, "record")?)));
    Ok(Counted { campaign, failing: failing.collect::<Result<_, String>>()? })
}

fn coverage(object: &Value, events: &Value) -> Result<Coverage, String> {
    let mut coverage = Coverage::default();
    coverage.add_events(number(events, "happened")?, number(events, "could not")?);
    let named = |name: &str| object[name].as_object().ok_or(format!("coverage.{name} is no object"));
    let unknown = |what: &str, name: &str| format!("coverage.{what}: `{name}` is unknown here");
    for (name, count) in named("always")? {
        coverage.add_always(name, whole(count, name)?).ok_or_else(|| unknown("always", name))?;
    }
    for (name, count) in named("sometimes")? {
        coverage.add_sometimes(name, whole(count, name)?).ok_or_else(|| unknown("sometimes", name))?;
    }
    for edge in array(&object["edges"], "coverage.edges")? {
        coverage.add_edge(status(edge, "from")?, status(edge, "to")?, number(edge, "count")?);
    }
    for cell in array(&object["cells"], "coverage.cells")? {
        let operation = cell["operation"].as_str().unwrap_or_default();
        let code = u16::try_from(number(cell, "code")?).unwrap_or_default();
        let added = coverage.add_cell(operation, status(cell, "status")?, code, number(cell, "count")?);
        added.ok_or_else(|| unknown("cells", &cell.to_string()))?;
    }
    Ok(coverage)
}

fn unstable(object: &Value) -> Result<Unstable, String> {
    let side = |at: usize| object["both"][at].as_str().map(str::to_owned);
    Ok(Unstable { seed: seed(object)?, step: number(object, "step")?, both: [side(0), side(1)] })
}

fn seed(object: &Value) -> Result<Seed, String> {
    let text = object["seed"].as_str().ok_or("a seed is missing")?;
    text.parse().map_err(|error: crate::sim::BadSeed| error.to_string())
}

fn number(object: &Value, name: &str) -> Result<u64, String> {
    whole(&object[name], name)
}

fn whole(value: &Value, name: &str) -> Result<u64, String> {
    value.as_u64().ok_or_else(|| format!("{name}: expected a whole number, found {value}"))
}

fn array<'a>(value: &'a Value, name: &str) -> Result<&'a Vec<Value>, String> {
    value.as_array().ok_or_else(|| format!("{name}: expected a list, found {value}"))
}

/// A status, or none for `absent`.
fn status(object: &Value, name: &str) -> Result<Option<Status>, String> {
    let found = object[name].as_str().unwrap_or_default();
    let mut all = Status::ALL.into_iter().map(Some).chain([None]);
    all.find(|status| word(*status) == found).ok_or_else(|| format!("{name}: no status is called `{found}`"))
}
