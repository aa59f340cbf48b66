//! What is printed in the end.

use std::io::Write;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::rerun::{self, Rerun};
use super::total::Total;
use super::{Args, Campaign, Console, Failure, Finding, Judged, JudgementFormat, check};
use crate::cli::report;
use crate::conformance::{Cell, Cells};
use crate::history::Record;
use crate::oracle::Divergence;
use crate::report::{ci, curl, judgement};

/// Prints what was found.
pub(super) fn show(
    args: &Args,
    campaign: &Campaign<'_>,
    total: &Total,
    findings: &[Finding],
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let cores = match campaign.runs.last() {
        Some(run) => check::cores(&run.path, &total.judgement)?,
        None => Vec::new(),
    };
    if let (Some(page), Some(last)) = (&args.report.page, campaign.runs.last()) {
        let scripts = findings.iter().map(|finding| {
            let Finding { divergence, rerun } = finding;
            (format!("{}: {}", divergence.kind(), reproduced(rerun)), script(args, divergence, rerun))
        });
        let callers = campaign.session.setup(Vec::new()).callers;
        let unmet = campaign.generator.cells().unmet(&callers);
        let beside = report::Beside {
            earlier: campaign.runs.iter().rev().skip(1).rev().map(|run| run.path.as_path()).collect(),
            scripts: scripts.collect(),
            cells: Some((Cells::reachable(&callers).len(), unmet.iter().map(Cell::to_string).collect())),
        };
        // What is said of all runs together; where one diverges, of that one.
        let judgement = if cores.is_empty() { &total.judgement } else { &last.judgement };
        report::write_history(&last.path, judgement, &cores, &beside, page, console)?;
    }
    match args.format {
        JudgementFormat::Text => show_text(args, campaign, total, &cores, findings, console.out),
        JudgementFormat::Junit => {
            let name = format!("test {}", args.url());
            Ok(write!(console.out, "{}", ci::junit(&name, &total.judgement))?)
        }
        JudgementFormat::Github => {
            let last = campaign.runs.last().map_or(&args.history, |run| &run.path);
            Ok(write!(console.out, "{}", ci::annotations(&last.display().to_string(), &total.judgement))?)
        }
        JudgementFormat::Json => {
            let mut object = judgement::to_json(&total.judgement, &cores);
            object["seed"] = args.seed.to_string().into();
            object["calls"] = calls(&campaign.runs).into();
            object["runs"] = campaign.runs.len().into();
            object["histories"] = campaign.runs.iter().map(|run| run.path.display().to_string()).collect();
            object["ended"] = json!(campaign.runs.last().and_then(|run| run.ran.end.says()));
            object["plateau"] = campaign.is_at_plateau.into();
            object["torn"] = total.torn.iter().map(|question| question.id()).collect();
            object["cells"] = cells(campaign);
            object["never_started"] = json!(campaign.generator.cells().never_started());
            let known = campaign.known.iter();
            object["known"] = known
                .map(|(signature, entry)| json!({"signature": signature, "reason": entry.reason, "met": entry.met}))
                .collect();
            let told: Vec<_> = findings.iter().map(|finding| told(args, finding)).collect();
            if let Some(first) = told.first() {
                object["divergence"]["reproduced"] = first["reproduced"].clone();
                object["divergence"]["script"] = first["script"].clone();
            }
            object["findings"] = told.into();
            Ok(writeln!(console.out, "{object}")?)
        }
    }
}

fn told(args: &Args, Finding { divergence, rerun }: &Finding) -> Value {
    let shown = rerun.shown.map(|(shown, times)| format!("{shown}/{times}"));
    json!({ "signature": divergence.kind(), "reproduced": shown, "script": script(args, divergence, rerun) })
}

fn calls(runs: &[Judged]) -> u64 {
    runs.iter().map(|run| run.ran.calls).sum()
}

/// What was met of what can be met, and what was not.
fn cells(campaign: &Campaign<'_>) -> Value {
    let callers = campaign.session.setup(Vec::new()).callers;
    let cells = campaign.generator.cells();
    let met = cells.met().map(|(cell, count)| (cell.to_string(), json!(count)));
    let unmet = cells.unmet(&callers);
    json!({
        "reachable": Cells::reachable(&callers).len(),
        "met": met.collect::<Map<_, _>>(),
        "not_met": unmet.iter().map(Cell::to_string).collect::<Vec<_>>(),
    })
}

/// How many cells that were not met are named.
const UNMET_MAX: usize = 12;

fn show_cells(campaign: &Campaign<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    let callers = campaign.session.setup(Vec::new()).callers;
    let (all, unmet) = (Cells::reachable(&callers).len(), campaign.generator.cells().unmet(&callers));
    writeln!(out, "\nof {all} cells that the law expects {} were met", all - unmet.len())?;
    if !unmet.is_empty() {
        writeln!(out, "not met (--format json lists all):")?;
        // From all over the list, which is sorted.
        for cell in unmet.iter().step_by(unmet.len().div_ceil(UNMET_MAX)) {
            writeln!(out, "  {cell}")?;
        }
    }
    for (action, count) in campaign.generator.cells().never_started() {
        let answers = if count == 1 { "the answer was" } else { "all answers were" };
        writeln!(
            out,
            "no POST of {action} was accepted ({answers} refusals: {count}), so what it does was not tested"
        )?;
    }
    Ok(())
}

fn show_text(
    args: &Args,
    campaign: &Campaign<'_>,
    total: &Total,
    cores: &[Vec<Record>],
    findings: &[Finding],
    out: &mut dyn Write,
) -> Result<(), Failure> {
    judgement::write_text(&total.judgement, cores, out)?;
    if !total.torn.is_empty() {
        let ids: Vec<_> = total.torn.iter().map(|question| question.id()).collect();
        let ids = ids.join(", ");
        writeln!(out, "\neach run is explained, but no one answer is told of all of them to: {ids}")?;
    }
    writeln!(out, "\nhow often each operation was answered how:")?;
    for (cell, count) in &total.judgement.coverage {
        writeln!(out, "  {count:>5}  {cell}")?;
    }
    show_cells(campaign, out)?;
    for (signature, entry) in campaign.known.iter() {
        match entry.met {
            0 => writeln!(out, "\nknown, and never met: {signature} ({})", entry.reason)?,
            met => writeln!(out, "\nknown, met {met} times: {signature} ({})", entry.reason)?,
        }
    }
    for Finding { divergence, rerun } in findings {
        writeln!(out, "\nfound: {}\n{}", divergence.kind(), reproduced(rerun))?;
        writeln!(out, "\n{}", script(args, divergence, rerun).trim_end())?;
    }
    let runs = &campaign.runs;
    let runs_text = if runs.len() == 1 { "1 run".to_owned() } else { format!("{} runs", runs.len()) };
    let plateau = if campaign.is_at_plateau { ", the last of which showed nothing new" } else { "" };
    writeln!(out, "\n{} calls in {runs_text} of seed {}{plateau}", calls(runs), args.seed)?;
    match &runs[..] {
        [] => {}
        [only] => writeln!(out, "  history: {}", only.path.display())?,
        [first, .., last] => {
            writeln!(out, "  histories: {} to {}", first.path.display(), last.path.display())?;
        }
    }
    let failed = campaign.runs.last().filter(|_| !cores.is_empty());
    if let Some(hint) = failed.and_then(|run| args.report.hint(&run.path)) {
        writeln!(out, "{hint}")?;
    }
    Ok(())
}

fn reproduced(rerun: &Rerun) -> String {
    let calls = match rerun.calls.len() {
        1 => "1 call".to_owned(),
        several => format!("{several} calls one after the other"),
    };
    match rerun.shown {
        None => "not run again: there is no reset hook".to_owned(),
        Some((0, times)) => {
            format!("reproduced 0/{times}: these calls one after the other do not show it; the history does")
        }
        Some((shown, times)) => format!("reproduced {shown}/{times} by {calls}"),
    }
}

/// The calls as a shell script.
fn script(args: &Args, divergence: &Divergence, rerun: &Rerun) -> String {
    let mut before = None;
    let steps: Vec<_> = rerun
        .calls
        .iter()
        .map(|call| {
            let between = rerun::pause(before.replace(call.at), call.at);
            let pause = if rerun.is_hurried { Duration::ZERO } else { between };
            let seen = call.seen.as_ref().and_then(judgement::ending);
            let mut remarks =
                vec![format!("call {}: {}", call.id, seen.unwrap_or_else(|| "no answer".to_owned()))];
            if call.id == divergence.call {
                let expected = divergence.expected.iter();
                remarks.extend(expected.map(|one| format!("expected: {}, if {}", one.answer, one.world)));
            }
            curl::Step { request: &call.request, pause, until: call.until(), remarks }
        })
        .collect();
    let mut title = divergence.sentence.clone();
    if let Some(elsewhere) = &rerun.elsewhere {
        title += &format!(
            "\nthese calls show it elsewhere: {}\n{}",
            elsewhere.kind(),
            elsewhere.comparison().trim_end()
        );
    }
    if let Some(hook) = &args.server.reset_url {
        title += &format!("\nbefore this script: curl -X POST {hook}");
    } else if let Some(command) = &args.server.reset_command {
        title += &format!("\nbefore this script: {command}");
    }
    curl::script(&title, &args.url().to_string(), &steps)
}
