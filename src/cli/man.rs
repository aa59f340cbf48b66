//! `action-oracle man` and `action-oracle completions`: what a package installs beside the program.

use std::fs;
use std::path::PathBuf;

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::{Arguments, Console, Exit, Failure};

/// Writes the manual: a page for the program and one for each command
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: action-oracle man --out /usr/local/share/man/man1")]
pub(super) struct ManArgs {
    /// The folder of the pages; without one the first page is printed
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints what a shell needs to complete these commands
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: action-oracle completions bash > /etc/bash_completion.d/action-oracle")]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn man(args: &ManArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match &args.out {
        // As in the folder, where `help` has no page.
        None => {
            clap_mangen::Man::new(Arguments::command().disable_help_subcommand(true)).render(console.out)?
        }
        Some(folder) => {
            let cannot = |error| Failure::cannot_write(folder, error);
            fs::create_dir_all(folder).map_err(cannot)?;
            clap_mangen::generate_to(Arguments::command(), folder).map_err(cannot)?;
        }
    }
    Ok(Exit::Conforms)
}

pub(super) fn completions(args: &CompletionsArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), "action-oracle", &mut script);
    console.out.write_all(&script)?;
    Ok(Exit::Conforms)
}
