//! The test of a subject: random plans, judged by the oracle; what contradicts the documents, shrunk.

use std::collections::BTreeMap;
use std::fmt;

use super::cells::everybody;
use super::plan::{BadPlan, Plan, Step, call};
use super::shortest::{Shorter, shortest};
use super::shrink::shrink;
use super::{Generator, Setup, Subject};
use crate::history::{Header, Initial, Members, Record};
use crate::model::NodeUid;
use crate::oracle::{Divergence, Judge, Options as JudgeOptions, Verdict};
use crate::sim::Seed;
use crate::spec::{Edition, RuleError};

/// How a subject is tested.
#[derive(Debug, Clone)]
pub struct Options {
    /// The seed of the first plan; the next ones follow it.
    pub seed: u64,
    /// How many plans are tried.
    pub plans: u64,
    /// How many calls each has.
    pub calls: usize,
    /// The edition of the documents that the subject follows, if that is known. What is not said is inferred.
    pub edition: Option<Edition>,
    /// Answers to open questions that are known, by the ids of readings and the names of variants.
    pub rules: Vec<(String, String)>,
    /// After how many findings the test ends.
    pub findings: usize,
    /// How many plans are tried for each finding to find a shorter one, or that there is none.
    pub proof: usize,
    /// Signatures that are known, each with the reason why it is let pass. They are counted and not reported.
    pub known: BTreeMap<String, String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 0,
            plans: 200,
            calls: 40,
            edition: None,
            rules: Vec::new(),
            findings: 1,
            proof: 2_000,
            known: BTreeMap::new(),
        }
    }
}

/// What a subject does that contradicts the documents.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The operation and what was observed: what makes two findings the same one.
    pub signature: String,
    /// The smallest plan that shows it.
    pub plan: Plan,
    /// What is known of shorter ones.
    pub shorter: Shorter,
    /// What came of that plan.
    pub records: Vec<Record>,
    /// Why nothing explains it.
    pub divergence: Divergence,
    /// The seed of the plan that it was found with, and how many steps that had.
    pub found: (u64, usize),
}

/// What came of a test.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What contradicts the documents, in the order in which it was met.
    pub findings: Vec<Finding>,
    /// How often each known signature was met.
    pub known: BTreeMap<String, u64>,
    /// How many plans were played.
    pub plans: u64,
    /// How many answers were judged.
    pub judged: u64,
    /// How many plans were neither explained nor refuted.
    pub undecided: u64,
    /// How often each operation was answered in each way.
    pub coverage: BTreeMap<String, u64>,
    /// For each open question that was touched, the answers with which every plan was explained.
    pub readings: BTreeMap<&'static str, Vec<String>>,
}

impl Report {
    fn has(&self, signature: &str) -> bool {
        self.findings.iter().any(|finding| finding.signature == signature)
    }
}

/// Tests a subject: one line in a test.
///
/// # Panics
///
/// The subject contradicts the documents, or nothing was judged. The message tells what was found, why nothing explains
/// it, and the plan that shows it.
#[track_caller]
pub fn test(subject: &mut dyn Subject, options: &Options) {
    let report = match run(subject, options) {
        Ok(report) => report,
        Err(error) => panic!("the options of the test are wrong: {error}"),
    };
    assert!(report.judged > 0, "nothing was checked: no answer of the subject is one that is judged");
    assert!(report.findings.is_empty(), "the subject contradicts the documents\n{report}");
}

/// Tests a subject. Deterministic, if the subject is.
///
/// # Errors
///
/// A rule does not exist.
pub fn run(subject: &mut dyn Subject, options: &Options) -> Result<Report, RuleError> {
    let mut tester = Tester::new(options)?;
    let mut report = Report::default();
    for seed in (0..options.plans).map(|at| options.seed.wrapping_add(at)) {
        tester.try_seed(subject, seed, options, &mut report);
        if report.findings.len() >= options.findings {
            break;
        }
    }
    Ok(report)
}

/// Plays a plan again, as text, and tells what of it contradicts the documents.
///
/// # Errors
///
/// The text is no plan.
pub fn replay(
    subject: &mut dyn Subject,
    plan: &str,
    options: &Options,
) -> Result<Vec<Divergence>, ReplayError> {
    let plan = Plan::parse(plan).map_err(ReplayError::Plan)?;
    let mut tester = Tester::new(options).map_err(ReplayError::Rule)?;
    Ok(tester.divergences(plan.nodes, &plan.play(subject)))
}

/// Why a plan cannot be played again.
#[derive(Debug, Clone)]
pub enum ReplayError {
    /// The text is no plan.
    Plan(BadPlan),
    /// A rule of the options does not exist.
    Rule(RuleError),
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan(why) => why.fmt(f),
            Self::Rule(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for ReplayError {}

/// A judge with what is known of a subject.
struct Tester {
    judge: Judge,
    header: Header,
    generator: Generator,
}

impl Tester {
    fn new(options: &Options) -> Result<Self, RuleError> {
        let mut header = Header::new(Initial::Empty(Members::Inferred));
        header.edition = options.edition;
        header.rules.clone_from(&options.rules);
        header.rules_in(options.edition.unwrap_or_default())?;
        let generator = Generator::new(Seed(options.seed), &setup(1));
        Ok(Self { judge: Judge::new(JudgeOptions::default()).of_one_implementation(), header, generator })
    }

    fn header(&self, nodes: u32) -> Header {
        let initial = Initial::Empty(Members::Nodes((1..=nodes).map(NodeUid).collect()));
        let mut header = self.header.clone();
        header.initial = initial;
        header
    }

    fn divergences(&mut self, nodes: u32, records: &[Record]) -> Vec<Divergence> {
        match self.judge.judge_records(&self.header(nodes), records.iter().cloned()).verdict {
            Verdict::Diverges(found) => found,
            Verdict::Conforms | Verdict::Undecided | Verdict::NothingChecked => Vec::new(),
        }
    }

    /// Tries the plan of a seed.
    fn try_seed(&mut self, subject: &mut dyn Subject, seed: u64, options: &Options, report: &mut Report) {
        let (plan, records) = drive(subject, &mut self.generator, Seed(seed), options.calls);
        let judgement = self.judge.judge_records(&self.header(plan.nodes), records.iter().cloned());
        report.plans += 1;
        report.judged += judgement.judged;
        for (cell, count) in judgement.coverage {
            *report.coverage.entry(cell).or_default() += count;
        }
        match judgement.verdict {
            Verdict::Diverges(found) => {
                let by_signature: BTreeMap<_, _> =
                    found.iter().rev().map(|divergence| (divergence.kind(), divergence)).collect();
                for (signature, divergence) in by_signature {
                    if options.known.contains_key(&signature) {
                        *report.known.entry(signature).or_default() += 1;
                    } else if !report.has(&signature) {
                        let finding = self.shrunk(subject, &plan, &records, divergence, seed, options.proof);
                        if !report.has(&finding.signature) {
                            report.findings.push(finding);
                        }
                    }
                }
            }
            Verdict::Undecided => report.undecided += 1,
            Verdict::Conforms => narrow(&mut report.readings, &judgement.readings),
            Verdict::NothingChecked => {}
        }
    }

    /// The smallest plan that shows a divergence of the same shape, be it of another action, with what came of it when
    /// it was last seen to.
    fn shrunk(
        &mut self,
        subject: &mut dyn Subject,
        plan: &Plan,
        records: &[Record],
        first: &Divergence,
        seed: u64,
        proof: usize,
    ) -> Finding {
        let found = (seed, plan.steps.len());
        let mut seen = (records.to_vec(), first.clone());
        let mut fails = |plan: &Plan| {
            let records = plan.play(subject);
            let found = self.divergences(plan.nodes, &records);
            let same = found.into_iter().find(|one| one.shape() == first.shape());
            same.map(|divergence| seen = (records, divergence)).is_some()
        };
        let (plan, shorter) = shortest(shrink(plan.clone(), &mut fails), proof, &mut fails);
        let (records, divergence) = seen;
        Finding { signature: divergence.kind(), plan, shorter, records, divergence, found }
    }
}

/// Keeps the answers with which this run is explained as well.
fn narrow(readings: &mut BTreeMap<&'static str, Vec<String>>, touched: &crate::oracle::Readings) {
    for (question, answers) in touched {
        let names: Vec<String> = answers.iter().map(|answer| question.answer_name(*answer)).collect();
        let known = readings.entry(question.id()).or_insert_with(|| names.clone());
        known.retain(|name| names.contains(name));
    }
}

/// What a subject is tested with, from a fresh start with so many nodes.
fn setup(nodes: u32) -> Setup {
    Setup { nodes: (1..=nodes).map(NodeUid).collect(), callers: everybody(), is_fresh: true }
}

/// With how many nodes a subject starts.
const NODES: [u32; 6] = [1, 2, 3, 3, 3, 4];

/// Drives a subject from a fresh start by the requests of a seed. Gives what was done, and what came of it.
fn drive(
    subject: &mut dyn Subject,
    generator: &mut Generator,
    seed: Seed,
    calls: usize,
) -> (Plan, Vec<Record>) {
    let nodes = *seed.fork("nodes").choose(&NODES);
    generator.begin(seed, &setup(nodes));
    let (mut plan, mut records) = (Plan { nodes, steps: Vec::new() }, Vec::new());
    subject.reset(nodes);
    for _ in 0..calls {
        for chance in generator.ticks() {
            subject.tick(chance);
            plan.steps.push(Step::Tick(chance));
        }
        let request = generator.next(0);
        let response = call(subject, &request, &mut records);
        generator.saw(&request, &response);
        plan.steps.push(Step::Call(request));
    }
    (plan, records)
}
