//! `action-oracle report`: what was found, for people.

use std::path::PathBuf;

use super::options::Format;
use super::simulate::merge;
use super::{Console, Exit, Failure};

/// Tells what parts of a campaign came to, as if it had been done in one piece
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: action-oracle report --merge part-1.json part-2.json")]
pub(super) struct Args {
    /// What `simulate --partition K/N --format json` printed, of each part
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    merge: Vec<PathBuf>,
    /// Where failing runs are written
    #[arg(long, value_name = "DIR", default_value = "failures")]
    cases: PathBuf,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    merge::run(&args.merge, &args.cases, args.format, console)
}
