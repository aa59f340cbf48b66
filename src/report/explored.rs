//! What can happen in a small cluster, for a person and for a program.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::explore::{Ending, Example, Explored, MatrixCell, Stop};
use crate::model::Status;

/// Writes what was explored as text: how much, what broke, the matrix, what can happen. The same exploration gives the
/// same text.
///
/// # Errors
///
/// Those of the writer.
pub fn write_text(explored: &Explored, out: &mut dyn Write) -> io::Result<()> {
    let Explored { states, transitions, levels, bits, .. } = explored;
    let depth = levels.len().saturating_sub(1);
    writeln!(out, "{states} states of {bits} bits, {transitions} transitions, depth {depth}")?;
    if explored.unreduced > *states {
        writeln!(out, "they stand for {} states that differ by the names of nodes", explored.unreduced)?;
    }
    if let Some(bits) = explored.collision {
        writeln!(out, "known by fingerprints: with a chance of at most 1 in 2^{bits} something was missed")?;
    }
    write_limits(explored, out)?;
    write_matrix(explored, out)?;
    write_sometimes(explored, out)?;
    write_failures(explored, out)
}

/// What was left out, if anything was.
fn write_limits(explored: &Explored, out: &mut dyn Write) -> io::Result<()> {
    let levels = explored.levels.len().saturating_sub(1);
    if explored.beyond > 0 {
        writeln!(out, "{} transitions lead beyond the bounds and were not followed", explored.beyond)?;
    }
    let why = match explored.stop {
        None => return Ok(()),
        Some(Stop::States) => "there are more states than allowed",
        Some(Stop::Memory) => "the states take more memory than allowed",
    };
    writeln!(out, "stopped: {why}; covered is every run of at most {levels} inputs")
}

fn write_matrix(explored: &Explored, out: &mut dyn Write) -> io::Result<()> {
    let matrix = &explored.answers.matrix;
    writeln!(out, "\n{} cells of operation, status and answer, with the fewest inputs:", matrix.len())?;
    let mut row = None;
    for (MatrixCell { operation, status, code }, example) in matrix {
        if row != Some((operation, status)) {
            if row.is_some() {
                writeln!(out)?;
            }
            write!(out, "  {operation:<6} {:<10}", word(*status))?;
            row = Some((operation, status));
        }
        write!(out, "  {code} in {}", example.len())?;
    }
    if row.is_some() {
        writeln!(out)?;
    }
    if explored.is_whole() {
        writeln!(out, "no other cell can be reached")?;
    }
    Ok(())
}

fn write_sometimes(explored: &Explored, out: &mut dyn Write) -> io::Result<()> {
    let all = &explored.answers.sometimes;
    let can = all.iter().filter(|(_, example)| example.is_some()).count();
    writeln!(out, "\nsometimes: {can} of {} can happen here", all.len())?;
    let width = all.iter().map(|(thing, _)| thing.name.len()).max().unwrap_or(0);
    for (thing, example) in all {
        if let Some(example) = example {
            writeln!(out, "  {:width$}  in {}", thing.name, example.len())?;
        }
    }
    Ok(())
}

/// What goes wrong in a space that was explored: a name, a sentence, and a shortest run that shows it.
pub fn failures(explored: &Explored) -> Vec<(&'static str, String, &Example)> {
    let answers = &explored.answers;
    let broken =
        answers.broken.iter().map(|(broken, example)| (broken.invariant, broken.how.clone(), example));
    let deadlock = answers.deadlock.iter();
    let deadlock =
        deadlock.map(|example| ("deadlock", "something lives and nothing moves on".to_owned(), example));
    let lasso = match &answers.ending {
        Ending::Lasso(lasso) => {
            let sentence =
                format!("{} can live for ever: after {} inputs", lasso.slot.action_name(), lasso.stem);
            Some(("lasso", sentence, &lasso.example))
        }
        Ending::Ranked | Ending::Searched | Ending::Open => None,
    };
    broken.chain(deadlock).chain(lasso).collect()
}

fn write_failures(explored: &Explored, out: &mut dyn Write) -> io::Result<()> {
    let answers = &explored.answers;
    writeln!(out)?;
    for (broken, example) in &answers.broken {
        writeln!(out, "{} is broken: {}", broken.invariant, broken.how)?;
        writeln!(out, "  {} ({})", broken.statement, broken.clauses.join(", "))?;
        writeln!(out, "  no run of fewer than {} inputs shows it:", example.len())?;
        write_script(example, out)?;
    }
    if let Some(example) = &answers.deadlock {
        writeln!(out, "something lives and nothing moves on, after:")?;
        write_script(example, out)?;
    }
    match &answers.ending {
        Ending::Ranked | Ending::Searched => {
            writeln!(out, "every live instance ends if what can always move on does")?
        }
        Ending::Open => writeln!(out, "whether every live instance ends was not decided")?,
        Ending::Lasso(lasso) => {
            writeln!(out, "{} can live for ever: after {} inputs", lasso.slot.action_name(), lasso.stem)?;
            write_script(&lasso.example, out)?;
        }
    }
    if answers.broken.is_empty() && explored.is_complete() {
        let within = if explored.is_whole() { "" } else { " within the bounds" };
        writeln!(out, "no invariant can be broken{within}")?;
    }
    Ok(())
}

fn write_script(example: &Example, out: &mut dyn Write) -> io::Result<()> {
    for line in example.script() {
        writeln!(out, "    {line}")?;
    }
    Ok(())
}

fn word(status: Option<Status>) -> &'static str {
    status.map_or("absent", Status::name)
}

/// What was explored as one JSON object, with the verdict that it came to.
pub fn to_json(explored: &Explored, verdict: &str) -> Value {
    let answers = &explored.answers;
    let matrix: Vec<_> = answers
        .matrix
        .iter()
        .map(|(MatrixCell { operation, status, code }, example)| {
            json!({"operation": operation, "status": word(*status), "code": code, "case": example.script()})
        })
        .collect();
    let sometimes: serde_json::Map<_, _> = answers
        .sometimes
        .iter()
        .map(|(thing, example)| (thing.name.to_owned(), json!(example.as_ref().map(Example::script))))
        .collect();
    let broken: Vec<_> = answers
        .broken
        .iter()
        .map(|(broken, example)| {
            json!({"signature": broken.invariant, "observed": broken.how, "clauses": broken.clauses,
                "case": example.script()})
        })
        .collect();
    json!({
        "verdict": verdict,
        "states": explored.states,
        "unreduced": explored.unreduced,
        "transitions": explored.transitions,
        "levels": explored.levels,
        "beyond": explored.beyond,
        "collision_bits": explored.collision,
        "complete": explored.is_complete(),
        "matrix": matrix,
        "sometimes": sometimes,
        "broken": broken,
        "deadlock": answers.deadlock.as_ref().map(Example::script),
        "everything_ends": matches!(answers.ending, Ending::Ranked | Ending::Searched),
    })
}
