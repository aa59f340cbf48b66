//! `replay`: shows a run step by step, from a case file or from a seed.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use super::options::SimulationOptions;
use super::{Console, Exit, Failure, picture};
use crate::case::{self, Case, Step};
use crate::model::invariant::{Broken, Judge};
use crate::report::transcript;
use crate::sim::{self, Law, Options, Seed, Simulator};

mod walk;

/// Shows a run step by step, from a case file or from a seed
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples: action-oracle replay failures/0x000000000000002a.jsonl\n          \
                        action-oracle replay 0x2a\n          \
                        action-oracle replay 0x2a --step")]
pub(super) struct Args {
    /// A case file, or a seed: a number, hex after 0x, or a commit hash
    #[arg(value_name = "FILE|SEED")]
    what: String,
    /// Show only the steps that changed something, differ, or break something
    #[arg(long)]
    brief: bool,
    /// Walk through it: forwards, backwards, to any step, with what else could happen there. Ends with 0
    #[arg(long, conflicts_with_all = ["brief", "show"])]
    step: bool,
    /// Show something more between the steps: `cluster` draws nodes, shards and snapshots whenever they change
    #[arg(long, value_name = "WHAT", value_enum)]
    show: Option<Show>,
    #[command(flatten)]
    simulation: SimulationOptions,
}

/// What is shown besides the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Show {
    /// The cluster, whenever what can be seen of it changes
    Cluster,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let path = Path::new(&args.what);
    if path.exists() {
        if args.simulation.options()? != Options::default() {
            let says = "a case has its own rules and cluster; such options go with a seed";
            return Err(Failure::Usage(format!("{}: {says}", path.display())));
        }
        return replay_file(args, path, console);
    }
    let Ok(seed) = args.what.parse::<Seed>() else {
        let what = &args.what;
        return Err(Failure::Unreadable(format!("there is no file `{what}`, and it is no seed either")));
    };
    let mut simulator = Simulator::of(args.simulation.options()?, args.simulation.law());
    let (run, case) = simulator.case(seed);
    writeln!(console.out, "seed {seed}: {}\n", run.swarm)?;
    show(args, &case, args.simulation.law(), console)
}

fn replay_file(args: &Args, path: &Path, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let file = File::open(path).map_err(|error| Failure::cannot_read(path, error))?;
    let loaded = case::read(BufReader::new(file)).map_err(|error| Failure::cannot_read(path, error))?;
    write_header(&loaded.case, path, console)?;
    let exit = show(args, &loaded.case, args.simulation.law(), console)?;
    match loaded.broken {
        Some(broken) => {
            let shown = loaded.case.lines.len();
            writeln!(console.out, "only the first {shown} inputs were replayed: the rest cannot be read")?;
            Err(Failure::cannot_read(path, broken))
        }
        None => Ok(exit),
    }
}

fn write_header(case: &Case, path: &Path, console: &mut Console<'_>) -> Result<(), Failure> {
    let out = &mut *console.out;
    write!(out, "{}: edition {}", path.display(), case.rules.edition())?;
    for (id, variant) in case.rules.overrides() {
        write!(out, ", {id}={variant}")?;
    }
    writeln!(out, ", {} nodes", case.cluster.nodes().len())?;
    if let Some(found) = &case.found {
        writeln!(out, "found by seed {} with version {}", Seed(found.seed), found.version)?;
    }
    if let Some(expect) = &case.expect {
        writeln!(out, "shows that {} is {}", expect.check, expect.observed)?;
    }
    for line in case.provenance.iter().flat_map(|text| textwrap::wrap(text, console.width)) {
        writeln!(out, "{line}")?;
    }
    Ok(writeln!(out)?)
}

/// Shows every step, and ends with the first difference and the first broken invariant, if there are any.
fn show(args: &Args, case: &Case, law: Law, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if args.step {
        return walk::walk(case, law, console).map(|()| Exit::Conforms);
    }
    let mut judge = Judge::new(&case.cluster);
    let mut last = case.cluster.clone();
    let mut first_difference = None;
    let mut first_broken = None;
    if args.show == Some(Show::Cluster) {
        picture::write_first(&case.cluster, console)?;
    }
    for step in case.replay(law) {
        let broken = match first_broken {
            None => judge.see(&case.rules, &step.line.input, &step.reply, &step.after, |_, _, _| {}).err(),
            Some(_) => None,
        };
        let is_telling = step.before != step.after || step.difference.is_some() || broken.is_some();
        if !args.brief || is_telling {
            write!(console.out, "{}", transcript::replayed(&step, &case.rules))?;
        }
        if let Some(broken) = &broken {
            write!(console.out, "{}", transcript::broken(broken))?;
        }
        if args.show == Some(Show::Cluster) && step.before != step.after {
            picture::write_change(&step.before, &step.after, console)?;
        }
        first_broken = first_broken.or(broken.map(|broken| (step.number, broken)));
        first_difference = first_difference.or(difference(&step));
        last = step.after;
    }
    let stuck = sim::is_stuck(case, &last);
    if stuck {
        writeln!(console.out, "\nsomething is still live, and nothing leads on")?;
    }
    let exit = conclude(case, first_difference, first_broken, stuck, console)?;
    Ok(if stuck { Exit::Diverges } else { exit })
}

fn difference(step: &Step<'_>) -> Option<(usize, String)> {
    step.difference.as_ref().map(|difference| (step.number, difference.to_string()))
}

fn conclude(
    case: &Case,
    difference: Option<(usize, String)>,
    broken: Option<(usize, Box<Broken>)>,
    stuck: bool,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let out = &mut *console.out;
    let compared = case.lines.len();
    writeln!(out)?;
    if compared == 0 {
        writeln!(out, "nothing was checked: the case holds no input")?;
        return Ok(Exit::NothingChecked);
    }
    match &difference {
        Some((step, difference)) => {
            writeln!(out, "the case no longer holds: step {step} differs at {difference}")?;
        }
        None => writeln!(out, "{compared} steps, no difference")?,
    }
    if case.expect.is_some() && difference.is_none() && broken.is_none() && !stuck {
        writeln!(out, "what the case was kept for does not show")?;
    }
    if let Some((step, broken)) = &broken {
        let clauses = broken.clauses.join(", ");
        writeln!(out, "step {step} breaks {}: {} ({clauses})", broken.invariant, broken.statement)?;
    }
    Ok(if difference.is_some() || broken.is_some() { Exit::Diverges } else { Exit::Conforms })
}
