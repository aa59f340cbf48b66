//! What is printed of a replay in the end.

use std::io::Write;

use serde_json::{Value, json};

use super::{Args, Total};
use crate::cli::options::Format;
use crate::cli::{Console, Failure};
use crate::conformance::corpus::{Case, Diverged};
use crate::http::Response;
use crate::model::Act;
use crate::script;

pub(super) fn show(args: &Args, total: &Total<'_>, console: &mut Console<'_>) -> Result<(), Failure> {
    match args.format {
        Format::Text => Ok(show_text(total, console.out)?),
        Format::Json => Ok(writeln!(console.out, "{}", to_json(total, args.complete))?),
    }
}

/// How many cases that were not reached are named.
const MISSED_MAX: usize = 12;

fn show_text(total: &Total<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    for (case, found) in &total.diverged {
        show_divergence(total, case, found, out)?;
    }
    let Total { reached, missed, left_out, diverged, corpus, .. } = total;
    let (played, all) = (reached.len() + missed.len() + diverged.len(), corpus.cases.len());
    writeln!(
        out,
        "{played} of {all} cases played: {} conform, {} diverge, {} not reached; {} answers judged in {} calls",
        reached.len(),
        diverged.len(),
        missed.len(),
        total.judged,
        total.calls
    )?;
    if !left_out.is_empty() {
        writeln!(out, "{} left out, for want of a user (--role-user)", left_out.len())?;
    }
    if !missed.is_empty() {
        writeln!(out, "\nnot reached, since the server took another course, or did not go on:")?;
        for (case, step) in missed.iter().take(MISSED_MAX) {
            let needs = if case.needs.is_empty() {
                String::new()
            } else {
                format!(" (needs: {})", case.needs.join(", "))
            };
            writeln!(out, "  {}, at step {step}{needs}", case.name)?;
        }
        if missed.len() > MISSED_MAX {
            writeln!(out, "  and {} more (--format json lists all)", missed.len() - MISSED_MAX)?;
        }
    }
    Ok(())
}

fn show_divergence(
    total: &Total<'_>,
    case: &Case,
    found: &Diverged,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let step = &case.steps[found.step];
    writeln!(out, "diverges: {}, at step {}", case.name, found.step)?;
    writeln!(out, "  clauses   {}", step.clauses.join(", "))?;
    writeln!(out, "  observed  {}", answer(&found.observed))?;
    for (at, expected) in step.answers.iter().enumerate() {
        let label = if at == 0 { "allowed" } else { "" };
        writeln!(out, "  {label:<8}  {} {}", expected.status, expected.body.to_json())?;
    }
    writeln!(
        out,
        "  under {} and the readings that the corpus assumes{}",
        total.corpus.edition,
        others(total)
    )?;
    writeln!(out, "  after these calls, on a fresh cluster:")?;
    for (request, response) in &found.calls {
        writeln!(out, "    {}", script::print(&Act::Request(request.clone())))?;
        writeln!(out, "      {}", answer(response))?;
    }
    writeln!(out)
}

/// The readings in which a corpus differs from what its edition expects: the first to doubt.
fn others(total: &Total<'_>) -> String {
    let Ok(edition) = total.corpus.edition.parse() else { return String::new() };
    let usual = crate::spec::Rules::new(edition);
    let others = total.corpus.rules.iter().filter(|(id, variant)| usual.get(id).as_ref() != Some(variant));
    let others: Vec<_> = others.map(|(id, variant)| format!("{id}={variant}")).collect();
    if others.is_empty() { String::new() } else { format!(", among them {}", others.join(", ")) }
}

fn answer(response: &Response) -> String {
    let body = response.body.as_ref().map_or_else(String::new, |body| format!(" {body}"));
    format!("{}{body}", response.status)
}

fn to_json(total: &Total<'_>, is_complete: bool) -> Value {
    let verdict = total.exit(is_complete).verdict();
    let readings = total.corpus.rules.iter().map(|(id, variant)| (id.clone(), json!([variant])));
    let names = |cases: &[&Case]| cases.iter().map(|case| case.name.clone()).collect::<Vec<_>>();
    let divergences: Vec<_> = total.diverged.iter().map(|(case, found)| divergence(case, found)).collect();
    json!({
        "verdict": verdict,
        "checked": total.judged,
        "edition": total.corpus.edition,
        "readings": readings.collect::<serde_json::Map<_, _>>(),
        "coverage": {
            "calls": total.calls,
            "conform": names(&total.reached),
            "not_reached": total.missed.iter().map(|(case, step)| json!({"case": case.name, "step": step})).collect::<Vec<_>>(),
            "left_out": names(&total.left_out),
        },
        "divergence": divergences.first(),
        "divergences": divergences,
    })
}

fn divergence(case: &Case, found: &Diverged) -> Value {
    let step = &case.steps[found.step];
    let calls = found.calls.iter().map(|(request, response)| {
        json!({ "request": script::print(&Act::Request(request.clone())), "answer": answer(response) })
    });
    json!({
        "signature": format!("{}: {}", case.name, found.observed.status),
        "clauses": step.clauses,
        "case_name": case.name,
        "step": found.step,
        "observed": { "status": found.observed.status, "body": found.observed.body },
        "expected": step.answers.iter().map(|one| one.to_json()).collect::<Vec<_>>(),
        "case": calls.collect::<Vec<_>>(),
    })
}
