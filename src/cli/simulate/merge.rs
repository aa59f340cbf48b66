//! Parts of a campaign, put together as if it had been done in one piece.
//!
//! What `simulate --partition K/N --format json` printed is a part. Its counts are added up; the runs that failed are done
//! again from their seeds, so that they are shown and kept as ever. A part that was done twice counts once.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args as _, FromArgMatches};
use serde_json::Value;

use super::partition::Partition;
use super::{Args, Console, Exit, Failure, Outcome, conclude};
use crate::cli::options::Format;
use crate::report::campaign::{Counted, counted};
use crate::sim::{Campaign, Simulator};

/// Puts the parts together and tells what came of the whole. Without all of them nothing is decided.
pub(in crate::cli) fn run(
    files: &[PathBuf],
    cases: &Path,
    format: Format,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let mut parts: Vec<(&PathBuf, Part)> = Vec::new();
    for file in files {
        let cannot = |reason: String| Failure::cannot_read(file, reason);
        let part = read(file).map_err(cannot)?;
        if let Some((first, one)) = parts.first() {
            part.belongs_to(one, first).map_err(cannot)?;
        }
        match parts.iter().find(|(_, known)| known.partition == part.partition) {
            None => parts.push((file, part)),
            Some((_, twin)) if twin.object == part.object => {}
            Some((twin, _)) => {
                return Err(cannot(format!(
                    "part {} differs from that in {}",
                    part.partition,
                    twin.display()
                )));
            }
        }
    }
    let [(_, first), ..] = parts.as_slice() else {
        return Err(Failure::Usage("there is nothing to put together".to_owned()));
    };
    let args = arguments(&first.arguments, cases, format).map_err(Failure::Unreadable)?;
    let of = first.partition.of;
    let is_lacking = |part: &Partition| parts.iter().all(|(_, known)| known.partition != *part);
    let lacking = (1..=of).map(|part| Partition { part, of }).filter(is_lacking).collect();
    let campaign = merged(&args, parts.into_iter().map(|(_, part)| part.counted))?;
    conclude(&args, &Outcome { campaign, partition: Partition::WHOLE, lacking }, console)
}

/// What was printed of a part.
struct Part {
    object: Value,
    arguments: Vec<String>,
    partition: Partition,
    counted: Counted,
}

impl Part {
    /// Whether it is of the same campaign as another part, which was read from a file.
    fn belongs_to(&self, one: &Self, file: &Path) -> Result<(), String> {
        let (of, file) = (self.partition.of, file.display());
        if self.arguments != one.arguments {
            Err(format!("it is of another campaign than {file}"))
        } else if of != one.partition.of {
            Err(format!("it is one of {of} parts, and {file} one of {}", one.partition.of))
        } else {
            Ok(())
        }
    }
}

fn read(file: &Path) -> Result<Part, String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    let object: Value = serde_json::from_str(&text)
        .map_err(|error| format!("expected the object that `simulate --format json` prints: {error}"))?;
    let campaign = &object["campaign"];
    if campaign["lacking"].as_array().is_some_and(|lacking| !lacking.is_empty()) {
        return Err("it is not whole: it was interrupted, or parts of it are missing".to_owned());
    }
    let word =
        |name: &str| campaign[name].as_str().map(str::to_owned).ok_or(format!("campaign.{name} is missing"));
    let arguments = campaign["arguments"].as_array().and_then(|words| {
        words.iter().map(|word| word.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
    });
    let (version, this) = (word("version")?, env!("CARGO_PKG_VERSION"));
    if version != this {
        return Err(format!("it is of version {version}, this is {this}"));
    }
    Ok(Part {
        arguments: arguments.ok_or("campaign.arguments is missing")?,
        partition: word("partition")?.parse()?,
        counted: counted(&object)?,
        object,
    })
}

/// The arguments of the whole campaign, as if they had been said here.
fn arguments(words: &[String], cases: &Path, format: Format) -> Result<Args, String> {
    let command = Args::augment_args(clap::Command::new("simulate").no_binary_name(true));
    let unknown = |error: clap::Error| format!("the arguments of the campaign are not understood: {error}");
    let matches = command.try_get_matches_from(words).map_err(unknown)?;
    let args = Args::from_arg_matches(&matches).map_err(unknown)?;
    Ok(Args { cases: cases.to_owned(), format, ..args })
}

/// All counts, and the failing runs with the lowest seeds, done again.
fn merged(args: &Args, parts: impl Iterator<Item = Counted>) -> Result<Campaign, Failure> {
    let mut simulator = Simulator::of(args.simulation.options()?, args.simulation.law());
    let mut whole = Campaign::default();
    for Counted { mut campaign, failing } in parts {
        for (seed, steps) in failing {
            let run = simulator.run(seed);
            if run.steps != steps {
                return Err(Failure::Unreadable(format!(
                    "seed {seed} failed in step {steps} there, and does not here: is this the same program?"
                )));
            }
            campaign.failures.push(run);
        }
        whole = whole.merge(campaign);
    }
    Ok(whole)
}
