//! `test`: drives a server, judges what it answered, and hands back the calls that show what is wrong.

mod kept;
mod known;
mod mutants;
mod rerun;
mod session;
mod show;
mod total;

use std::path::{Path, PathBuf};

use super::check;
use super::options::{JudgementFormat, JudgingOptions, ReportOptions, read_topology};
use super::server::ServerOptions;
use super::{Console, Exit, Failure};
use crate::conformance::Generator;
use crate::conformance::live::{Clock, Pace, Ran};
use crate::http::client::{Base, User};
use crate::model::{NodeUid, Time};
use crate::oracle::{Divergence, Judge, Judgement, Verdict};
use crate::sim::Seed;
use known::Known;
use rerun::Rerun;
use session::Session;

/// Drives a server with several clients and judges its answers. It starts actions, and removes nodes
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: action-oracle test http://127.0.0.1:8080 --user admin:admin --reset-url \
                        http://127.0.0.1:8080/_reset")]
pub(super) struct Args {
    /// Where the server is, such as https://127.0.0.1:9443
    #[arg(value_name = "URL", required_unless_present = "mutants")]
    url: Option<Base>,
    /// An administrator
    #[arg(long, value_name = "NAME:PASSWORD", required_unless_present = "mutants")]
    user: Option<User>,
    /// Look for planted bugs in an implementation of our own instead, and print what became of each
    #[arg(long, conflicts_with_all = ["url", "user"])]
    mutants: bool,
    /// How many searches there are for each planted bug
    #[arg(long, value_name = "N", default_value_t = 10, requires = "mutants", value_parser = clap::value_parser!(u64).range(1..))]
    searches: u64,
    #[command(flatten)]
    server: ServerOptions,
    /// Chooses the requests
    #[arg(long, value_name = "S", default_value = "0")]
    seed: Seed,
    /// How many calls are made at most; 2000 if absent, and with a reset hook up to 10000 as long as a minute is not over
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    ops: Option<u64>,
    /// Ends sooner, after so many answers that showed nothing new; 0 for never
    #[arg(long, value_name = "N", default_value_t = 600)]
    plateau: u64,
    /// How many clients ask at once, 1 to 8
    #[arg(long, value_name = "C", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=8))]
    clients: u32,
    /// The uids of the nodes; asked of the server if absent
    #[arg(long, value_name = "1,2,3", value_delimiter = ',', value_parser = uid)]
    nodes: Vec<NodeUid>,
    /// The cluster as the reset hook makes it, with its databases and shards: then it is judged where shards are seen
    #[arg(long, value_name = "FILE", conflicts_with = "nodes")]
    topology: Option<PathBuf>,
    /// Where the history is written while it happens; those of further runs beside it
    #[arg(long, value_name = "FILE", default_value = "action-oracle-history.jsonl")]
    history: PathBuf,
    /// Write what was found, made small, as a case
    #[arg(long, value_name = "FILE")]
    case: Option<PathBuf>,
    /// Where cases are kept: those that are there are run first, and what is found is added
    #[arg(long, value_name = "DIR")]
    cases: Option<PathBuf>,
    /// Divergences that are known and let pass: a JSON object of signatures with reasons
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    #[command(flatten)]
    judging: JudgingOptions,
    #[command(flatten)]
    report: ReportOptions,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: JudgementFormat,
}

/// How many calls a run has when each begins afresh: short runs are judged fast, and shown in few calls.
const CALLS_OF_A_RUN: u64 = 90;

/// How many calls are made if nobody says it,
const CALLS: u64 = 2_000;

/// and how many of a server that is fast enough to answer more than those in less time than this.
const CALLS_IF_FAST: u64 = 10_000;

/// A minute, in microseconds.
const FAST_MICROS: u64 = 60_000_000;

/// A run, and what the judge says of it.
struct Judged {
    path: PathBuf,
    ran: Ran,
    judgement: Judgement,
}

/// A divergence that nobody knew, and what came of running it again.
struct Finding {
    divergence: Divergence,
    rerun: Rerun,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if args.mutants {
        return mutants::run(args.searches, args.format, console);
    }
    let known = args.known.as_deref().map(Known::read).transpose()?.unwrap_or_default();
    let interrupted = (console.interrupted)();
    let session = args.session(interrupted)?;
    let missing = session.server.users.missing();
    if !missing.is_empty() {
        let names: Vec<_> = missing.iter().map(|role| role.name()).collect();
        writeln!(console.remarks, "left out, for want of a user (--role-user): {}", names.join(", "))?;
    }
    if session.server.hook.is_none() {
        let text = "no reset hook (--reset-url, --reset-command): one run on the cluster as it is, few nodes are \
                    removed, nothing is run again";
        writeln!(console.remarks, "{text}")?;
    }
    let needs_hook = [("--cases", args.cases.is_some()), ("--topology", args.topology.is_some())];
    if let Some((option, _)) = needs_hook.into_iter().find(|(_, is_given)| *is_given)
        && session.server.hook.is_none()
    {
        let why = "is about a fresh cluster; expected --reset-url or --reset-command as well";
        return Err(Failure::Usage(format!("{option}: {why}")));
    }
    let mut campaign = Campaign::new(&session, known);
    let is_new = !campaign.again(console)?;
    if is_new {
        campaign.go(console)?;
    }
    let findings = campaign.findings()?;
    let mut total = total::of(&campaign.runs);
    if campaign.generator.cells().nothing_started() && matches!(total.judgement.verdict, Verdict::Conforms) {
        total.judgement.verdict = Verdict::NothingChecked;
    }
    if let (Some(path), Some(finding)) = (&args.case, findings.first()) {
        session.write_case(finding, path)?;
    }
    if let Some(folder) = args.cases.as_ref().filter(|_| is_new) {
        kept::add(folder, &findings, &session)?;
    }
    show::show(args, &campaign, &total, &findings, console)?;
    Ok(check::exit(&total.judgement))
}

/// The runs of a test, one after the other.
struct Campaign<'a> {
    session: &'a Session<'a>,
    generator: Generator,
    pace: Pace,
    judge: Judge,
    known: Known,
    runs: Vec<Judged>,
    /// Whether it ended because nothing new was met any more.
    is_at_plateau: bool,
}

impl<'a> Campaign<'a> {
    fn new(session: &'a Session<'a>, known: Known) -> Self {
        Self {
            session,
            generator: Generator::new(session.args.seed, &session.setup(vec![NodeUid(1)])),
            pace: Pace::default(),
            judge: Judge::new(session.judging.clone()).of_one_implementation(),
            known,
            runs: Vec::new(),
            is_at_plateau: false,
        }
    }

    /// Runs the cases that are kept, until one diverges again. Says whether one did.
    fn again(&mut self, console: &mut Console<'_>) -> Result<bool, Failure> {
        let args = self.session.args;
        let cases = args.cases.as_deref().map(kept::in_folder).transpose()?.unwrap_or_default();
        if !cases.is_empty() {
            self.session.server.check_users()?;
        }
        for case in cases {
            let path = path_of_run(&args.history, self.runs.len() + 1);
            let judged = case.run(self.session, &mut self.judge, path)?;
            let is_refuted = self.keep(judged);
            let says = if is_refuted { "diverges again" } else { "does not diverge" };
            writeln!(console.remarks, "{}: {says}", case.path.display())?;
            if is_refuted {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Adds a run. Says whether something diverges that nobody knew.
    fn keep(&mut self, mut judged: Judged) -> bool {
        if let Verdict::Diverges(found) = &mut judged.judgement.verdict {
            found.retain(|divergence| !self.known.lets_pass(divergence));
            if found.is_empty() {
                judged.judgement.verdict = Verdict::Conforms;
            }
        }
        let is_refuted = matches!(judged.judgement.verdict, Verdict::Diverges(_));
        self.runs.push(judged);
        is_refuted
    }

    /// Makes runs until something is found that nobody knew, or nothing new is met, or all calls are made.
    fn go(&mut self, console: &mut Console<'_>) -> Result<(), Failure> {
        let args = self.session.args;
        let begins_afresh = self.session.server.hook.is_some();
        let most = args.ops.unwrap_or(if begins_afresh { CALLS_IF_FAST } else { CALLS });
        let (bar, clock) = ((console.progress)(most), Clock::new());
        let mut left = most;
        while left > 0 {
            let is_late = args.ops.is_none() && most - left >= CALLS && clock.now() >= Time(FAST_MICROS);
            if is_late {
                break;
            }
            let calls = if begins_afresh { left.min(CALLS_OF_A_RUN) } else { left };
            left -= calls;
            let number = self.runs.len();
            let path = path_of_run(&args.history, number + 1);
            let judged = self.session.run(number, calls, path, self, console)?;
            let has_ended = judged.ran.end.says().is_some();
            let is_over = self.keep(judged) || has_ended;
            self.is_at_plateau =
                !is_over && args.plateau > 0 && self.generator.cells().since_new() >= args.plateau;
            bar.inc(calls);
            if is_over || self.is_at_plateau {
                break;
            }
        }
        bar.finish_and_clear();
        Ok(())
    }

    /// What the last run found, one of each kind, and what came of running it again if the cluster can be made afresh.
    fn findings(&self) -> Result<Vec<Finding>, Failure> {
        let Some(Judged { path, judgement, .. }) = self.runs.last() else { return Ok(Vec::new()) };
        let Verdict::Diverges(divergences) = &judgement.verdict else { return Ok(Vec::new()) };
        let records = rerun::records(path)?;
        let mut findings: Vec<Finding> = Vec::new();
        for divergence in divergences {
            let is_new = findings.iter().all(|finding| finding.divergence.kind() != divergence.kind());
            if is_new && findings.len() < FINDINGS_MAX {
                let rerun = rerun::rerun(self.session, &records, divergence)?;
                findings.push(Finding { divergence: divergence.clone(), rerun });
            }
        }
        Ok(findings)
    }
}

/// How many kinds of divergences of one run are run again.
const FINDINGS_MAX: usize = 4;

impl Args {
    /// Where the server is: the arguments are not read without one, but for planted bugs.
    fn url(&self) -> &Base {
        self.url.as_ref().expect("the command line demands one")
    }

    fn user(&self) -> &User {
        self.user.as_ref().expect("the command line demands one")
    }

    fn session<'a>(&'a self, interrupted: &'a std::sync::atomic::AtomicBool) -> Result<Session<'a>, Failure> {
        let server = self.server.server(self.url(), self.user(), &self.nodes, interrupted)?;
        let start = self.topology.as_deref().map(read_topology).transpose()?;
        Ok(Session { args: self, server, start, judging: self.judging.options()? })
    }
}

fn uid(text: &str) -> Result<NodeUid, String> {
    text.trim()
        .parse()
        .map(NodeUid)
        .map_err(|_| "expected uids separated by commas, such as 1,2,3".to_owned())
}

/// Where the history of a run is written: that of the first has the given name, the others a number in it.
fn path_of_run(first: &Path, number: usize) -> PathBuf {
    match (number, first.extension()) {
        (1, _) => first.to_owned(),
        (_, None) => first.with_extension(number.to_string()),
        (_, Some(extension)) => first.with_extension(format!("{number}.{}", extension.display())),
    }
}
