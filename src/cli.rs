//! The command line: arguments to a typed task, a task to an exit code.
//!
//! A subcommand is one file with its arguments and a `run`; to add one, add its `mod` line, a variant of
//! `Task` and an arm of [`run`]. What it prints, it writes to the [`Console`] it is given.
//!
//! No clock, no environment and no stream of the process is touched here: `main` hands them in. Only `serve` waits for
//! signals itself, where it waits for sockets as well.

use std::io::{BufRead, Write};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

mod check;
mod corpus;
mod exit;
mod explore;
mod file;
mod man;
mod options;
mod picture;
mod replay;
mod report;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "http")]
mod server;
mod simulate;
mod spec;
#[cfg(feature = "http")]
mod test;

pub use exit::{Exit, Failure};
#[cfg(feature = "serve")]
pub use serve::LogLevel;

/// Everything that can be said on the command line.
#[derive(Debug, clap::Parser)]
#[command(name = "action-oracle", version, about, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, clap::Subcommand)]
enum Task {
    Check(check::Args),
    #[cfg(feature = "http")]
    Test(Box<test::Args>),
    #[cfg(feature = "serve")]
    Serve(serve::Args),
    Simulate(simulate::Args),
    Replay(replay::Args),
    Report(report::Args),
    Explore(explore::Args),
    Spec(spec::Args),
    Corpus(Box<corpus::Args>),
    Completions(man::CompletionsArgs),
    Man(man::ManArgs),
}

/// Where a task writes.
pub struct Console<'a> {
    /// Results. With `--format json` exactly one object.
    pub out: &'a mut dyn Write,
    /// Progress and whatever else is meant for a person who watches.
    pub remarks: &'a mut dyn Write,
    /// What a person types.
    pub input: &'a mut dyn BufRead,
    /// The columns that a line of text may take.
    pub width: usize,
    /// Makes a bar for so many steps; hidden unless somebody watches a terminal.
    pub progress: fn(u64) -> ProgressBar,
    /// Counts what has no known end, under this name; hidden likewise.
    pub count: fn(&'static str) -> ProgressBar,
    /// What a variable of the environment says.
    pub variable: fn(&str) -> Option<String>,
    /// From now on an interrupt of the process sets this instead of ending it; a second one ends it.
    pub interrupted: fn() -> &'static AtomicBool,
    /// From now on what happens is logged, down to this level.
    #[cfg(feature = "serve")]
    pub log: fn(LogLevel),
}

impl Console<'_> {
    /// Shows from its first tick on that something goes on of which no count is kept.
    fn wait(&self, what: &'static str) -> ProgressBar {
        let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}");
        (self.count)(what).with_style(style.expect("the template is well formed"))
    }
}

/// How often a sign moves that something goes on.
const TICK: Duration = Duration::from_millis(200);

/// Runs a task to its end.
pub fn run(arguments: &Arguments, mut console: Console<'_>) -> Result<Exit, Failure> {
    match &arguments.task {
        Task::Check(args) => check::run(args, &mut console),
        #[cfg(feature = "http")]
        Task::Test(args) => test::run(args, &mut console),
        #[cfg(feature = "serve")]
        Task::Serve(args) => serve::run(args, &mut console),
        Task::Simulate(args) => simulate::run(args, &mut console),
        Task::Replay(args) => replay::run(args, &mut console),
        Task::Report(args) => report::run(args, &mut console),
        Task::Explore(args) => explore::run(args, &mut console),
        Task::Spec(args) => spec::run(args, &mut console),
        Task::Corpus(args) => corpus::run(args, &mut console),
        Task::Completions(args) => man::completions(args, &mut console),
        Task::Man(args) => man::man(args, &mut console),
    }
}
