//! `action-oracle simulate`: seeded runs of the law, judged by its invariants.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::options::{Format, ReportOptions, SimulationOptions};
use super::{Console, Exit, Failure, file, report as pages};
use crate::explore::reachable_by_one_node;
use crate::history;
use crate::report::{self, page::OfCampaign};
use crate::sim::{Campaign, Law, Options, RuleChoice, Run, Seed, Simulator, Worker};
use partition::{Asked, Partition, Seeds};

pub(super) mod merge;
mod partition;
mod show;

/// Runs the law over many seeds and looks for a broken invariant
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: action-oracle simulate --seeds 0..10000 --faults abort,node-down")]
pub(super) struct Args {
    /// One seed: a number, hex after 0x, or a commit hash
    #[arg(long, value_name = "S", conflicts_with = "seeds")]
    seed: Option<Seed>,
    /// A range of seeds, the end excluded
    #[arg(long, value_name = "A..B", default_value = "0..1000")]
    seeds: Seeds,
    /// How many threads work; all cores if absent
    #[arg(long, value_name = "J", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Do the K-th of N parts of the range; `auto` takes K and N from the environment of Slurm or Kubernetes
    #[arg(long, value_name = "K/N", default_value = "1/1", conflicts_with = "seed")]
    partition: Asked,
    /// Write down what concurrent clients saw of the run: one seed only
    #[arg(long, value_name = "FILE", requires = "seed", conflicts_with = "seeds")]
    history: Option<PathBuf>,
    /// Where failing runs are written
    #[arg(long, value_name = "DIR", default_value = "failures")]
    cases: PathBuf,
    #[command(flatten)]
    simulation: SimulationOptions,
    #[command(flatten)]
    report: ReportOptions,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Args {
    /// The words that ask for this campaign as a whole: what is common to all of its parts.
    fn words(&self) -> Vec<String> {
        let seeds = match self.seed {
            Some(seed) => ["--seed".to_owned(), seed.to_string()],
            None => ["--seeds".to_owned(), self.seeds.to_string()],
        };
        seeds.into_iter().chain(self.simulation.words()).collect()
    }
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let (options, law) = (args.simulation.options()?, args.simulation.law());
    let partition = args.partition.partition(console.variable);
    let partition = partition.map_err(|error| Failure::Usage(format!("--partition: {error}")))?;
    let interrupted = (console.interrupted)();
    let campaign = run_all(args, partition, &options, law, interrupted, console)?;
    // An interrupted part is one that was not done, whatever it found.
    let lacking = if interrupted.load(Ordering::Relaxed) { vec![partition] } else { Vec::new() };
    conclude(args, &Outcome { campaign, partition, lacking }, console)
}

/// What was done of a campaign.
struct Outcome {
    campaign: Campaign,
    /// The part that was to be done.
    partition: Partition,
    /// The parts of it that were not done.
    lacking: Vec<Partition>,
}

impl Outcome {
    fn exit(&self, missing: &[&str]) -> Exit {
        let campaign = &self.campaign;
        if campaign.failed > 0 || campaign.unstable.is_some() {
            Exit::Diverges
        } else if !self.lacking.is_empty() {
            Exit::Undecided
        } else if campaign.effective == 0 || !missing.is_empty() {
            Exit::NothingChecked
        } else {
            Exit::Conforms
        }
    }
}

/// Tells what came of a campaign, and keeps the runs that failed.
fn conclude(args: &Args, outcome: &Outcome, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let campaign = &outcome.campaign;
    let (options, law) = (args.simulation.options()?, args.simulation.law());
    // Drawn rules have no one denominator.
    let fixed = match options.rules {
        RuleChoice::Fixed(rules) => Some(rules),
        RuleChoice::Drawn => None,
    };
    let reachable = fixed.as_ref().map(reachable_by_one_node);
    let missing = if args.simulation.is_complete() { campaign.missing() } else { Vec::new() };
    let exit = outcome.exit(&missing);
    let mut simulator = Simulator::of(options, law);
    let write = |run: &Run| file::write_case(&args.cases, run.seed, &simulator.case(run.seed).1);
    // What was found is told, also where it cannot be kept.
    let (cases, unwritten) = match campaign.failures.iter().map(write).collect::<Result<Vec<_>, _>>() {
        Ok(cases) => (cases, None),
        Err(failure) => {
            (campaign.failures.iter().map(|run| run.seed.to_string().into()).collect(), Some(failure))
        }
    };
    let history = match (&args.history, args.seed) {
        (Some(path), Some(seed)) => write_history(path, &mut simulator, seed).map(Some),
        _ => Ok(None),
    };
    match args.format {
        Format::Json => {
            let mut object = show::to_json(args, outcome, &reachable, &missing, &cases);
            if let (Some(path), Ok(Some(_))) = (&args.history, &history) {
                object["history"] = path.display().to_string().into();
            }
            writeln!(console.out, "{object}")?;
        }
        Format::Text => {
            report::campaign::write_text(campaign, &reachable, console.out)?;
            if let (Some(path), Ok(Some(records))) = (&args.history, &history) {
                writeln!(console.out, "\nhistory of {records} records: {}", path.display())?;
            }
            let shortest = show::shortest(campaign, fixed.as_ref(), law);
            show::write_verdict(args, outcome, &missing, &cases, &shortest, console.out)?;
        }
    }
    if let Some(page) = &args.report.page {
        write_page(args, campaign, &missing, &cases, &mut simulator, page, console)?;
    }
    history?;
    unwritten.map_or(Ok(exit), Err)
}

fn run_all(
    args: &Args,
    partition: Partition,
    options: &Options,
    law: Law,
    interrupted: &AtomicBool,
    console: &Console<'_>,
) -> Result<Campaign, Failure> {
    let Seeds(from, to) = args.seed.map_or(args.seeds, |Seed(seed)| Seeds(seed, seed));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs.unwrap_or(0).into()).build();
    let pool = pool.map_err(|error| Failure::Usage(format!("--jobs: {error}")))?;
    let bar = (console.progress)((to - from).saturating_add(1));
    let worker = || Worker::new(options.clone(), law);
    let campaign = pool.install(|| {
        let until = |_: &u64| !interrupted.load(Ordering::Relaxed);
        let mine =
            (from..=to).into_par_iter().take_any_while(until).filter(|seed| partition.has(seed - from));
        let done = mine.fold(worker, |mut worker, seed| {
            worker.run(Seed(seed));
            bar.inc(partition.of);
            worker
        });
        done.map(Worker::finish).reduce(Campaign::default, Campaign::merge)
    });
    bar.finish_and_clear();
    Ok(campaign)
}

/// Writes what concurrent clients saw of a run, and tells how many records that are.
fn write_history(path: &Path, simulator: &mut Simulator, seed: Seed) -> Result<u64, Failure> {
    let written = history::save(path, |output| simulator.history(seed, output));
    written.map(|(_, records)| records).map_err(|error| Failure::cannot_write(path, error))
}

/// Writes a page about the campaign, with the first failure or the only run step by step.
fn write_page(
    args: &Args,
    campaign: &Campaign,
    missing: &[&'static str],
    cases: &[PathBuf],
    simulator: &mut Simulator,
    page: &Path,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let seed = campaign.failures.first().map(|run| run.seed).or(args.seed);
    let first = seed.map(|seed| simulator.case(seed).1);
    let rules = match &first {
        Some(case) => case.rules,
        None => args.simulation.rules.rules()?,
    };
    let Seeds(from, to) = args.seeds;
    let name = match args.seed {
        Some(seed) => format!("seed {seed}"),
        None => format!("seeds {from} to {to}"),
    };
    let cases: Vec<_> = cases.iter().map(|path| path.display().to_string()).collect();
    let law = args.simulation.law();
    let of = OfCampaign {
        name: &name,
        campaign,
        missing,
        cases: &cases,
        first: first.as_ref(),
        law,
        rules: &rules,
    };
    pages::write(&report::page::campaign(&of), page, console)
}
