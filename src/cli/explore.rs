//! `explore`: everything that can happen in a small cluster, exactly.

use std::path::PathBuf;

use super::options::{Format, ReportOptions, RulesOptions, read_topology};
use super::{Console, Exit, Failure, file, report as pages};
use crate::explore::{self, ACTIONS, Bounds, Budget, Choice, Events, Explored, Options};
use crate::explore::{Requests, Verdict};
use crate::model::{self, Cluster};
use crate::report::{self, page::OfExplored};
use crate::sim::{self, Faults};
use crate::spec::{Edition, Question, Rules};

/// Walks everything that a small cluster can reach
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: action-oracle explore --nodes 2 --actions maintenance_on,maintenance_off")]
pub(super) struct Args {
    /// The nodes of the cluster, 1 to 8; of a topology: the nodes that actions are started on
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=8))]
    nodes: Option<u32>,
    /// The cluster that it starts from, with its databases and shards
    #[arg(long, value_name = "FILE")]
    topology: Option<PathBuf>,
    /// The actions that are started; all if absent
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = ACTIONS)]
    actions: Vec<String>,
    /// The requests about each slot: few, usual or all
    #[arg(long, value_name = "WHICH", default_value = "usual")]
    requests: Requests,
    /// What may go wrong: all, none, or names separated by commas
    #[arg(long, value_name = "LIST", default_value = "abort,fail")]
    faults: Faults,
    /// What else happens: none, or progress, join, snapshot, migrate, delete-database
    #[arg(long, value_name = "LIST", default_value_t)]
    events: Events,
    /// Use each slot once: what clears or replaces an instance that has ended is not followed
    #[arg(long)]
    once: bool,
    /// Give up after so many states
    #[arg(long, value_name = "N", default_value_t = Budget::default().states)]
    max_states: u64,
    /// Give up when the states take so many megabytes
    #[arg(long, value_name = "MB", default_value_t = Budget::default().bytes >> 20)]
    memory: usize,
    /// Save memory where a state takes more than 63 bits: know it by a hash; the chance of an error is told
    #[arg(long)]
    fingerprints: bool,
    /// How many threads work; all cores if absent
    #[arg(long, value_name = "J", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Visit states once that differ only by the names of nodes that are interchangeable
    #[arg(long)]
    symmetry: bool,
    /// Compare the table of the law with the law in every state, not only in some for each entry; takes many times longer
    #[arg(long)]
    thorough: bool,
    /// Plant a wrong edge in the law: it must be found
    #[arg(long)]
    canary: bool,
    /// Write the shortest case of each failure into this folder
    #[arg(long, value_name = "DIR", default_value = "failures")]
    cases: PathBuf,
    #[command(flatten)]
    rules: RulesOptions,
    /// Other rules, or an edition: show the shortest run that tells them apart from outside
    #[arg(long, value_name = "R-X=VARIANT,...", conflicts_with = "page")]
    against: Option<String>,
    #[command(flatten)]
    report: ReportOptions,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let options = options(args)?;
    if let Some(against) = &args.against {
        return tell_apart(args, &options, against, console);
    }
    let count = (console.count)("states");
    let explored = explore::explore_watched(&options, &mut |states| count.set_position(states));
    count.finish_and_clear();
    let explored = explored.map_err(|error| Failure::Usage(error.to_string()))?;
    let exit = exit(&explored);
    match args.format {
        Format::Text => report::explored::write_text(&explored, console.out)?,
        Format::Json => writeln!(console.out, "{}", report::explored::to_json(&explored, exit.verdict()))?,
    }
    let cases = write_cases(args, &explored, console)?;
    if let Some(page) = &args.report.page {
        let name = space(&options);
        let of = OfExplored { name: &name, explored: &explored, cases: &cases, law: options.law };
        pages::write(&report::page::explored(&of), page, console)?;
    }
    Ok(exit)
}

/// The space in a few words.
fn space(options: &Options) -> String {
    let nodes = options.start.nodes().len();
    let s = if nodes == 1 { "" } else { "s" };
    format!("{nodes} node{s}, {}; {}", options.choice.actions.join(", "), name(&options.rules))
}

/// Looks for a run that tells the rules apart from others: with each action alone, then with all that are chosen.
fn tell_apart(
    args: &Args,
    options: &Options,
    against: &str,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let other = other_rules(args, against)?;
    let told = if args.actions.is_empty() {
        explore::tell_apart_by_any(options, &other)
    } else {
        explore::tell_apart(options, &other)
    };
    let names = [options.rules, other].map(|rules| name(&rules));
    let names = [names[0].as_str(), names[1].as_str()];
    let exit = match told.verdict {
        Verdict::Apart(_) => Exit::Diverges,
        Verdict::Same => Exit::Conforms,
        Verdict::Undecided(_) => Exit::Undecided,
    };
    match args.format {
        Format::Text => report::told::write_text(&told, names, console.out)?,
        Format::Json => writeln!(console.out, "{}", report::told::to_json(&told, names, exit.verdict()))?,
    }
    Ok(exit)
}

/// The rules to compare with: an edition, answers that differ from the edition's, or both.
fn other_rules(args: &Args, text: &str) -> Result<Rules, Failure> {
    let (first, rest) = text.split_once(',').unwrap_or((text, ""));
    let (edition, answers) = match first.parse::<Edition>() {
        Ok(edition) => (edition, rest),
        Err(_) => (args.rules.edition, text),
    };
    let mut rules = Rules::new(edition);
    rules.set_all(answers).map_err(|error| Failure::Usage(format!("--against: {error}")))?;
    Ok(rules)
}

/// The edition, and what differs from it.
fn name(rules: &Rules) -> String {
    let overrides = rules.overrides();
    let differs = overrides.iter().map(|(id, variant)| format!(" {id}={variant}"));
    Edition::ALL[rules.answer(Question::EDITION)].name().to_owned() + &differs.collect::<String>()
}

fn options(args: &Args) -> Result<Options, Failure> {
    let start = match &args.topology {
        Some(path) => read_topology(path)?,
        None => Cluster::new(args.nodes.unwrap_or(1)),
    };
    let chosen = |name: &&&str| args.actions.is_empty() || args.actions.iter().any(|action| action == **name);
    let actions = ACTIONS.iter().filter(chosen).copied().collect();
    let Args { requests, faults, events, .. } = *args;
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    Ok(Options {
        choice: Choice { actions, requests, faults, events, nodes: args.nodes },
        law: if args.canary { sim::canary } else { model::step },
        bounds: Bounds { once: args.once, ..Bounds::default() },
        budget: Budget { states: args.max_states, bytes: args.memory << 20, fingerprints: args.fingerprints },
        symmetry: args.symmetry,
        thorough: args.thorough,
        threads: args.jobs.map_or_else(cores, usize::from),
        ..Options::new(start, args.rules.rules()?)
    })
}

fn exit(explored: &Explored) -> Exit {
    if explored.answers.has_failure() {
        Exit::Diverges
    } else if !explored.is_complete() {
        Exit::Undecided
    } else if explored.transitions == 0 {
        Exit::NothingChecked
    } else {
        Exit::Conforms
    }
}

/// Writes the shortest case of each failure, and tells their files.
fn write_cases(args: &Args, explored: &Explored, console: &mut Console<'_>) -> Result<Vec<String>, Failure> {
    let mut cases = Vec::new();
    for (name, _, example) in report::explored::failures(explored) {
        let path = file::write_case(&args.cases, name, &example.case)?;
        writeln!(console.remarks, "{}", file::reproduce(&path, args.canary))?;
        if let Some(hint) = args.report.hint(&path) {
            writeln!(console.remarks, "{hint}")?;
        }
        cases.push(path.display().to_string());
    }
    Ok(cases)
}
