//! A campaign for a person and for a program: what failed, how short that can be, and the verdict.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Args, Outcome, Partition};
use crate::cli::file;
use crate::explore::{Example, broken_by_one_node};
use crate::model::invariant::Broken;
use crate::report;
use crate::report::campaign::Reachable;
use crate::sim::{self, Campaign, End, Law, Run};
use crate::spec::Rules;

/// Writes what failed, each with the case that shows it, and the verdict.
pub(super) fn write_verdict(
    args: &Args,
    outcome: &Outcome,
    missing: &[&str],
    cases: &[PathBuf],
    shortest: &Shortest,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Outcome { campaign, partition, lacking } = outcome;
    writeln!(out)?;
    for (run, case) in campaign.failures.iter().zip(cases) {
        write_failure(run, case, args.simulation.canary, out)?;
        if let Some(hint) = args.report.hint(case) {
            writeln!(out, "  {hint}")?;
        }
    }
    for (broken, example) in shortest {
        let (name, len) = (broken.invariant, example.len());
        writeln!(out, "{name}: {len} inputs break it, and no fewer do with one action on one node:")?;
        example.script().iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    }
    if let Some(unstable) = &campaign.unstable {
        writeln!(out, "seed {} gave two different runs; they part at step {}", unstable.seed, unstable.step)?;
        for (which, step) in ["first", "second"].iter().zip(&unstable.both) {
            writeln!(out, "  {which}: {}", step.as_deref().unwrap_or("has ended"))?;
        }
    }
    if campaign.failed > 0 {
        writeln!(out, "{} of {} runs failed", campaign.failed, campaign.runs)?;
    } else if lacking.contains(partition) {
        writeln!(out, "undecided: interrupted after {} runs", campaign.runs)?;
    } else if !lacking.is_empty() {
        writeln!(out, "undecided: these parts are missing: {}", names(lacking).join(", "))?;
    } else if campaign.effective == 0 {
        writeln!(out, "nothing was checked: no step changed anything")?;
    } else if !missing.is_empty() {
        writeln!(out, "not everything was checked; it never happened that: {}", missing.join("; "))?;
    } else if campaign.unstable.is_none() {
        writeln!(out, "nothing broke")?;
    }
    Ok(())
}

/// What was broken, with a case than which none on one node is shorter.
pub(super) type Shortest = Vec<(Box<Broken>, Example)>;

/// How short a run can be that breaks what was broken: one node is explored for that, to the end.
pub(super) fn shortest(campaign: &Campaign, rules: Option<&Rules>, law: Law) -> Shortest {
    let Some(rules) = rules.filter(|_| !campaign.failures.is_empty()) else { return Vec::new() };
    let found = |name| {
        let mut ends = campaign.failures.iter().map(|run| &run.end);
        ends.any(|end| matches!(end, End::Broken(broken) if broken.invariant == name))
    };
    let all = broken_by_one_node(rules, law);
    all.into_iter().filter(|(broken, _)| found(broken.invariant)).collect()
}

fn write_failure(run: &Run, case: &Path, is_canary: bool, out: &mut dyn Write) -> io::Result<()> {
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
    writeln!(out, "  {}", file::reproduce(case, is_canary))?;
    Ok(())
}

fn names(parts: &[Partition]) -> Vec<String> {
    parts.iter().map(Partition::to_string).collect()
}

/// A campaign as one JSON object. Its member `campaign` is what parts are put together by.
pub(super) fn to_json(
    args: &Args,
    outcome: &Outcome,
    reachable: &Reachable,
    missing: &[&str],
    cases: &[PathBuf],
) -> Value {
    let Outcome { campaign, partition, lacking } = outcome;
    let rules = args.simulation.rules.rules().map(|rules| rules.overrides()).unwrap_or_default();
    let readings: serde_json::Map<_, _> =
        rules.into_iter().map(|(id, variant)| (id.to_owned(), json!([variant]))).collect();
    let failures: Vec<_> =
        campaign.failures.iter().zip(cases).map(|(run, case)| divergence(run, case)).collect();
    json!({
        "verdict": outcome.exit(missing).verdict(),
        "checked": campaign.steps,
        "edition": if args.simulation.vary_rules { Value::Null } else { json!(args.simulation.rules.edition.name()) },
        "readings": readings,
        "coverage": report::campaign::coverage_json(campaign, reachable),
        "missing": missing,
        "digest": campaign.digest.to_string(),
        "runs": campaign.runs,
        "campaign": {
            "version": env!("CARGO_PKG_VERSION"),
            "arguments": args.words(),
            "partition": partition.to_string(),
            "lacking": names(lacking),
            "counts": report::campaign::counts_json(campaign),
        },
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
