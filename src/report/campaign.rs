//! What a campaign exercised, for a person and for a program.

use std::collections::BTreeSet;
use std::io::{self, Write};

use crate::explore::MatrixCell;
use crate::model::Status;
use crate::sim::Campaign;

mod json;

pub use json::{Counted, counted, counts_json, coverage_json};

/// The cells that can be reached, if that is known: what the cells that were met are counted against.
pub type Reachable = Option<BTreeSet<MatrixCell>>;

/// Writes the campaign as text: how much, the digest, what always held, what happened, which cells were met.
/// The same campaign gives the same text.
///
/// # Errors
///
/// Those of the writer.
pub fn write_text(campaign: &Campaign, reachable: &Reachable, out: &mut dyn Write) -> io::Result<()> {
    let Campaign { runs, steps, effective, twice, digest, .. } = campaign;
    let (happened, refused) = campaign.coverage.events();
    writeln!(
        out,
        "{runs} runs, {steps} steps, {effective} of them changed the cluster; {twice} runs done twice"
    )?;
    writeln!(out, "{happened} events happened, {refused} could not; the rest were requests")?;
    writeln!(out, "digest {digest}")?;
    write_always(campaign, out)?;
    write_sometimes(campaign, out)?;
    write_edges(campaign, out)?;
    write_cells(campaign, out)?;
    reachable.as_ref().map_or(Ok(()), |reachable| write_reachable(campaign, reachable, out))
}

fn write_always(campaign: &Campaign, out: &mut dyn Write) -> io::Result<()> {
    let always: Vec<_> = campaign.coverage.always().collect();
    let evaluated: u64 = always.iter().map(|(_, count)| count).sum();
    writeln!(out, "\nalways: {} invariants, evaluated {evaluated} times", always.len())?;
    let rarest = always.iter().min_by_key(|(_, count)| *count);
    match rarest {
        Some((invariant, 0)) => writeln!(out, "  never evaluated: {}", invariant.name),
        Some((invariant, count)) => writeln!(out, "  least often {}: {count}", invariant.name),
        None => Ok(()),
    }
}

fn write_sometimes(campaign: &Campaign, out: &mut dyn Write) -> io::Result<()> {
    let all: Vec<_> = campaign.coverage.sometimes().collect();
    let met = all.iter().filter(|(_, count)| *count > 0).count();
    writeln!(out, "\nsometimes: {met} of {} happened", all.len())?;
    let width = all.iter().map(|(thing, _)| thing.name.len()).max().unwrap_or(0);
    for (thing, count) in &all {
        writeln!(out, "  {:width$}  {count:>9}", thing.name)?;
    }
    Ok(())
}

fn write_edges(campaign: &Campaign, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nedges taken:")?;
    for (from, to, count) in campaign.coverage.edges() {
        writeln!(out, "  {:>10} to {:<10} {count:>9}", word(from), word(to))?;
    }
    Ok(())
}

/// One line for each operation and status: the codes that were answered, with their counts.
fn write_cells(campaign: &Campaign, out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<_> = campaign.coverage.cells().collect();
    writeln!(out, "\n{} cells of operation, status and answer:", cells.len())?;
    let mut row = None;
    for (operation, status, code, count) in cells {
        if row != Some((operation, status)) {
            if row.is_some() {
                writeln!(out)?;
            }
            write!(out, "  {operation:<6} {:<10}", word(status))?;
            row = Some((operation, status));
        }
        write!(out, "  {code} x{count}")?;
    }
    if row.is_some() { writeln!(out) } else { Ok(()) }
}

/// The reachable cells that were not met.
fn unmet(campaign: &Campaign, reachable: &BTreeSet<MatrixCell>) -> Vec<MatrixCell> {
    let met = campaign.coverage.cells();
    let met: BTreeSet<_> =
        met.map(|(operation, status, code, _)| MatrixCell { operation, status, code }).collect();
    reachable.difference(&met).copied().collect()
}

fn write_reachable(
    campaign: &Campaign,
    reachable: &BTreeSet<MatrixCell>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let unmet = unmet(campaign, reachable);
    let (all, met) = (reachable.len(), reachable.len() - unmet.len());
    writeln!(out, "{met} of the {all} cells that one node can reach, by `explore`")?;
    unmet.iter().try_for_each(|MatrixCell { operation, status, code }| {
        writeln!(out, "  not met: {operation} {} {code}", word(*status))
    })
}

fn word(status: Option<Status>) -> &'static str {
    status.map_or("absent", Status::name)
}
