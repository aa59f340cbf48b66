//! What is printed in the end.

use std::io::Write;

use serde_json::{Value, json};

use super::rerun::{self, Rerun};
use super::total::Total;
use super::{Args, Console, Failure, Format, Judged, check};
use crate::history::Record;
use crate::oracle::{Divergence, Verdict};
use crate::report::{curl, judgement};

/// Prints what was found.
pub(super) fn show(
    args: &Args,
    runs: &[Judged],
    total: &Total,
    rerun: Option<&Rerun>,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let divergences = match &total.judgement.verdict {
        Verdict::Diverges(divergences) => divergences.as_slice(),
        _ => &[],
    };
    let path = runs.last().map(|run| run.path.as_path());
    let cores = match path {
        Some(path) => divergences.iter().map(|one| check::core(path, one)).collect::<Result<Vec<_>, _>>()?,
        None => Vec::new(),
    };
    let script = divergences.first().zip(rerun).map(|(one, rerun)| script(args, one, rerun));
    match args.format {
        Format::Text => show_text(args, runs, total, &cores, rerun, script.as_deref(), console.out),
        Format::Json => {
            let mut object = judgement::to_json(&total.judgement, &cores);
            object["seed"] = args.seed.to_string().into();
            object["calls"] = calls(runs).into();
            object["runs"] = runs.len().into();
            object["histories"] = runs.iter().map(|run| run.path.display().to_string()).collect();
            object["ended"] = json!(runs.last().and_then(|run| run.ran.end.says()));
            object["torn"] = total.torn.iter().map(|question| question.id()).collect();
            if let (Some(script), Some(rerun)) = (script, rerun) {
                let reproduced = rerun.shown.map(|shown| format!("{shown}/{}", rerun::TIMES));
                object["divergence"]["reproduced"] = json!(reproduced);
                object["divergence"]["script"] = Value::from(script);
            }
            Ok(writeln!(console.out, "{object}")?)
        }
    }
}

fn calls(runs: &[Judged]) -> u64 {
    runs.iter().map(|run| run.ran.calls).sum()
}

fn show_text(
    args: &Args,
    runs: &[Judged],
    total: &Total,
    cores: &[Vec<Record>],
    rerun: Option<&Rerun>,
    script: Option<&str>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    judgement::write_text(&total.judgement, cores, out)?;
    if !total.torn.is_empty() {
        let ids: Vec<_> = total.torn.iter().map(|question| question.id()).collect();
        writeln!(out, "\nno single answer explains all runs, though some explains each: {}", ids.join(", "))?;
    }
    writeln!(out, "\nhow often each operation was answered how:")?;
    for (cell, count) in &total.judgement.coverage {
        writeln!(out, "  {count:>5}  {cell}")?;
    }
    if let Some(rerun) = rerun {
        writeln!(out, "\n{}", reproduced(rerun))?;
    }
    if let Some(script) = script {
        writeln!(out, "\n{}", script.trim_end())?;
    }
    let runs_text = if runs.len() == 1 { "1 run".to_owned() } else { format!("{} runs", runs.len()) };
    writeln!(out, "\n{} calls in {runs_text} of seed {}", calls(runs), args.seed)?;
    for run in runs {
        writeln!(out, "  history: {}", run.path.display())?;
    }
    Ok(())
}

fn reproduced(rerun: &Rerun) -> String {
    let (calls, times) = (rerun.calls.len(), rerun::TIMES);
    match rerun.shown {
        None => "not run again: there is no reset hook".to_owned(),
        Some(0) => {
            format!("reproduced 0/{times}: these calls one after the other do not show it; the history does")
        }
        Some(shown) => format!("reproduced {shown}/{times} by {calls} calls one after the other"),
    }
}

/// The calls as a shell script.
fn script(args: &Args, divergence: &Divergence, rerun: &Rerun) -> String {
    let mut before = None;
    let steps: Vec<_> = rerun
        .calls
        .iter()
        .map(|call| {
            let pause = rerun::pause(before.replace(call.at), call.at);
            let seen = call.seen.as_ref().and_then(judgement::ending);
            let mut remarks =
                vec![format!("call {}: {}", call.id, seen.unwrap_or_else(|| "no answer".to_owned()))];
            if call.id == divergence.call {
                let expected = divergence.expected.iter();
                remarks.extend(expected.map(|one| format!("expected: {}, if {}", one.answer, one.world)));
            }
            curl::Step { request: &call.request, pause, remarks }
        })
        .collect();
    let mut title = divergence.sentence.clone();
    if let Some(hook) = &args.reset_url {
        title += &format!("\nbefore this script: curl -X POST {hook}");
    } else if let Some(command) = &args.reset_command {
        title += &format!("\nbefore this script: {command}");
    }
    curl::script(&title, &args.url().to_string(), &steps)
}
