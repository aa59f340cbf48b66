//! `corpus`: writes cases with what may be answered, and replays them against a server.

#[cfg(feature = "http")]
mod verify;

use std::io::Write;
use std::path::PathBuf;

use super::options::RulesOptions;
use super::{Console, Exit, Failure, file};
use crate::conformance::corpus::{Corpus, Coverage};

/// Writes few and short cases with what may be answered, for an implementation in any language
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Example: action-oracle corpus -o corpus.jsonl --rules R-STARTING-CANCEL=DIRECT"
)]
pub(super) struct Args {
    #[cfg(feature = "http")]
    #[command(subcommand)]
    verify: Option<Command>,
    /// Where the cases are written, as JSON Lines
    #[arg(short, long, value_name = "FILE", default_value = "corpus.jsonl")]
    output: PathBuf,
    /// The nodes that the cluster has at first, 1 to 8
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=8))]
    nodes: u32,
    #[command(flatten)]
    rules: RulesOptions,
}

#[cfg(feature = "http")]
#[derive(Debug, clap::Subcommand)]
enum Command {
    Verify(Box<verify::Args>),
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    #[cfg(feature = "http")]
    if let Some(Command::Verify(args)) = &args.verify {
        return verify::run(args, console);
    }
    let rules = args.rules.rules()?;
    let looking = console.wait("looking for cases");
    looking.enable_steady_tick(super::TICK);
    let (corpus, coverage) = Corpus::make(&rules, args.nodes);
    looking.finish_and_clear();
    file::write(&args.output, |path| crate::wire::save::save(path, |output| corpus.write(output)))?;
    tell(args, &corpus, &coverage, console.out)?;
    Ok(Exit::Conforms)
}

/// Says what was written, what it covers and what not.
fn tell(args: &Args, corpus: &Corpus, coverage: &Coverage, out: &mut dyn Write) -> std::io::Result<()> {
    let Coverage { cells, clauses, uncovered } = coverage;
    let (cases, steps) = (corpus.cases.len(), corpus.steps());
    writeln!(out, "{}: {cases} cases of {steps} steps", args.output.display())?;
    writeln!(
        out,
        "edition {}, {} nodes, {} readings assumed",
        corpus.edition,
        corpus.nodes,
        corpus.rules.len()
    )?;
    writeln!(
        out,
        "covers {} cells of (operation, status, answer) and {} clauses",
        cells.len(),
        clauses.len()
    )?;
    writeln!(out, "\nnot covered: {} clauses", uncovered.len())?;
    let mut by_reason: Vec<(&str, Vec<&str>)> = Vec::new();
    for (id, reason) in uncovered {
        match by_reason.iter_mut().find(|(known, _)| known == reason) {
            Some((_, ids)) => ids.push(id),
            None => by_reason.push((reason, vec![id])),
        }
    }
    for (reason, ids) in by_reason {
        writeln!(out, "  {reason}:\n    {}", ids.join(" "))?;
    }
    Ok(())
}
