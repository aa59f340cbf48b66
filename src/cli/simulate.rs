//! `simulate`: runs the law over many seeds and looks for a broken invariant.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde_json::{Value, json};

use super::options::{Format, SimulationOptions};
use super::{Console, Exit, Failure};
use crate::case::{self, Case};
use crate::explore::{broken_by_one_node, reachable_by_one_node};
use crate::history;
use crate::report;
use crate::report::campaign::Reachable;
use crate::sim::{self, Campaign, End, Law, Options, RuleChoice, Run, Seed, Simulator, Worker};
use crate::spec::Rules;

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
    /// Do the K-th of N parts of the range
    #[arg(long, value_name = "K/N", default_value = "1/1")]
    partition: Partition,
    /// Write down what concurrent clients saw of the run: one seed only
    #[arg(long, value_name = "FILE", requires = "seed", conflicts_with = "seeds")]
    history: Option<PathBuf>,
    /// Where failing runs are written
    #[arg(long, value_name = "DIR", default_value = "failures")]
    cases: PathBuf,
    #[command(flatten)]
    simulation: SimulationOptions,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Seeds from the first to the last.
#[derive(Debug, Clone, Copy)]
struct Seeds(u64, u64);

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (from, to) = text.split_once("..").ok_or("expected two seeds with .. between them")?;
        let seed = |text: &str| text.parse::<Seed>().map(|seed| seed.0).map_err(|error| error.to_string());
        let (from, to) = (seed(from)?, seed(to)?);
        if from < to { Ok(Self(from, to - 1)) } else { Err(format!("{from}..{to} holds no seed")) }
    }
}

/// One of several equal parts, counted from 1.
#[derive(Debug, Clone, Copy)]
struct Partition {
    part: u64,
    of: u64,
}

impl FromStr for Partition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers =
            text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((part, of)) if (1..=of).contains(&part) => Ok(Self { part, of }),
            _ => Err("expected K/N with 1 <= K <= N".to_owned()),
        }
    }
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let (options, law) = (args.simulation.options()?, args.simulation.law());
    // Drawn rules have no one denominator.
    let fixed = match options.rules {
        RuleChoice::Fixed(rules) => Some(rules),
        RuleChoice::Drawn => None,
    };
    let reachable = fixed.as_ref().map(reachable_by_one_node);
    let campaign = run_all(args, &options, law, console)?;
    let missing = if args.simulation.is_complete() { campaign.missing() } else { Vec::new() };
    let exit = verdict(&campaign, &missing);
    let mut simulator = Simulator::of(options, law);
    let write = |run: &Run| write_case(&args.cases, &simulator.case(run.seed).1, run.seed);
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
            let mut object = to_json(args, (&campaign, &reachable), &missing, &cases, exit);
            if let (Some(path), Ok(Some(_))) = (&args.history, &history) {
                object["history"] = path.display().to_string().into();
            }
            writeln!(console.out, "{object}")?;
        }
        Format::Text => {
            report::campaign::write_text(&campaign, &reachable, console.out)?;
            if let (Some(path), Ok(Some(records))) = (&args.history, &history) {
                writeln!(console.out, "\nhistory of {records} records: {}", path.display())?;
            }
            write_verdict(&campaign, &missing, &cases, console)?;
            write_shortest(&campaign, fixed.as_ref(), law, console.out)?;
        }
    }
    history?;
    unwritten.map_or(Ok(exit), Err)
}

fn verdict(campaign: &Campaign, missing: &[&str]) -> Exit {
    if campaign.failed > 0 || campaign.unstable.is_some() {
        Exit::Diverges
    } else if campaign.effective == 0 || !missing.is_empty() {
        Exit::NothingChecked
    } else {
        Exit::Conforms
    }
}

fn run_all(args: &Args, options: &Options, law: Law, console: &Console<'_>) -> Result<Campaign, Failure> {
    let Seeds(from, to) = args.seed.map_or(args.seeds, |Seed(seed)| Seeds(seed, seed));
    let Partition { part, of } = args.partition;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs.unwrap_or(0).into()).build();
    let pool = pool.map_err(|error| Failure::Usage(format!("--jobs: {error}")))?;
    let bar = (console.progress)((to - from).saturating_add(1));
    let worker = || Worker::new(options.clone(), law);
    let campaign = pool.install(|| {
        let mine = (from..=to).into_par_iter().filter(|seed| (seed - from) % of == part - 1);
        let done = mine.fold(worker, |mut worker, seed| {
            worker.run(Seed(seed));
            bar.inc(of);
            worker
        });
        done.map(Worker::finish).reduce(Campaign::default, Campaign::merge)
    });
    bar.finish_and_clear();
    Ok(campaign)
}

/// Writes a failing run into a folder, under the name of its seed.
fn write_case(folder: &Path, case: &Case, seed: Seed) -> Result<PathBuf, Failure> {
    let path = folder.join(format!("{seed}.jsonl"));
    let cannot = |error| Failure::cannot_write(&path, error);
    fs::create_dir_all(folder).map_err(cannot)?;
    case::save(case, &path).map_err(cannot)?;
    Ok(path)
}

/// Writes what concurrent clients saw of a run, and tells how many records that are.
fn write_history(path: &Path, simulator: &mut Simulator, seed: Seed) -> Result<u64, Failure> {
    let written = history::save(path, |output| simulator.history(seed, output));
    written.map(|(_, records)| records).map_err(|error| Failure::cannot_write(path, error))
}

fn write_verdict(
    campaign: &Campaign,
    missing: &[&str],
    cases: &[PathBuf],
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let out = &mut *console.out;
    writeln!(out)?;
    for (run, case) in campaign.failures.iter().zip(cases) {
        write_failure(run, case, out)?;
    }
    if let Some(unstable) = &campaign.unstable {
        writeln!(out, "seed {} gave two different runs; they part at step {}", unstable.seed, unstable.step)?;
        for (which, step) in ["first", "second"].iter().zip(&unstable.both) {
            writeln!(out, "  {which}: {}", step.as_deref().unwrap_or("has ended"))?;
        }
    }
    if campaign.failed > 0 {
        writeln!(out, "{} of {} runs failed", campaign.failed, campaign.runs)?;
    } else if campaign.effective == 0 {
        writeln!(out, "nothing was checked: no step changed anything")?;
    } else if !missing.is_empty() {
        writeln!(out, "not everything was checked; it never happened that: {}", missing.join("; "))?;
    } else if campaign.unstable.is_none() {
        writeln!(out, "nothing broke")?;
    }
    Ok(())
}

/// Writes how short a run can be that breaks what was broken: one node is explored for that, to the end.
fn write_shortest(
    campaign: &Campaign,
    rules: Option<&Rules>,
    law: Law,
    out: &mut dyn std::io::Write,
) -> Result<(), Failure> {
    let Some(rules) = rules.filter(|_| !campaign.failures.is_empty()) else { return Ok(()) };
    let found = |name| {
        let mut ends = campaign.failures.iter().map(|run| &run.end);
        ends.any(|end| matches!(end, End::Broken(broken) if broken.invariant == name))
    };
    let shortest = broken_by_one_node(rules, law);
    for (broken, example) in shortest.iter().filter(|(broken, _)| found(broken.invariant)) {
        let len = example.len();
        writeln!(
            out,
            "{}: {len} inputs break it, and no fewer do with one action on one node:",
            broken.invariant
        )?;
        example.script().iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    }
    Ok(())
}

fn write_failure(run: &Run, case: &Path, out: &mut dyn std::io::Write) -> Result<(), Failure> {
    let Run { seed, swarm, steps, .. } = run;
    match &run.end {
        End::Broken(broken) => {
            writeln!(out, "seed {seed} broke {} in step {steps}: {}", broken.invariant, broken.how)?;
            writeln!(out, "  {} ({})", broken.statement, broken.clauses.join(", "))?;
        }
        End::Stuck(stuck) => {
            let name = stuck.slot.action_name();
            writeln!(out, "seed {seed}: {name} stays {} for ever: {stuck:?}", stuck.status.name())?;
        }
        End::Quiet => {}
    }
    writeln!(out, "  {swarm}")?;
    writeln!(out, "  reproduce: action-oracle replay {}", case.display())?;
    Ok(())
}

fn to_json(
    args: &Args,
    (campaign, reachable): (&Campaign, &Reachable),
    missing: &[&str],
    cases: &[PathBuf],
    exit: Exit,
) -> Value {
    let verdict = match exit {
        Exit::Conforms => "conforms",
        Exit::Diverges => "diverges",
        _ => "nothing-checked",
    };
    let rules = args.simulation.rules.rules().map(|rules| rules.overrides()).unwrap_or_default();
    let readings: serde_json::Map<_, _> =
        rules.into_iter().map(|(id, variant)| (id.to_owned(), json!([variant]))).collect();
    let failures: Vec<_> =
        campaign.failures.iter().zip(cases).map(|(run, case)| divergence(run, case)).collect();
    json!({
        "verdict": verdict,
        "checked": campaign.steps,
        "edition": if args.simulation.vary_rules { Value::Null } else { json!(args.simulation.rules.edition.name()) },
        "readings": readings,
        "coverage": report::campaign::coverage_json(campaign, reachable),
        "missing": missing,
        "digest": campaign.digest.to_string(),
        "runs": campaign.runs,
        "divergence": failures.first().cloned(),
        "divergences": failures,
    })
}

/// One failing run, for a program.
fn divergence(run: &Run, case: &Path) -> Value {
    let (signature, clauses, observed, expected) = match &run.end {
        End::Broken(broken) => (broken.invariant, broken.clauses, broken.how.clone(), broken.statement),
        End::Stuck(stuck) => {
            (sim::EVERYTHING_ENDS, &[][..], format!("{stuck:?}"), "every live instance ends")
        }
        End::Quiet => ("", &[][..], String::new(), ""),
    };
    json!({
        "signature": signature,
        "clauses": clauses,
        "record": run.steps,
        "observed": observed,
        "expected": [expected],
        "core": [],
        "case": case.display().to_string(),
        "seed": run.seed.to_string(),
    })
}
