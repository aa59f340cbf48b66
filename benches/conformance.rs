//! Judged calls a second of an implementation in this process: [`run`], what it is made of, and proptest-state-machine
//! with the same law and the same subject; and how long a planted bug takes to shrink.
//!
//! The contenders take turns, round by round, and what is quoted is the median of the ratios within a round: the
//! speed of a machine drifts, the ratios hold. The whole test works out the law anew each time, which a long one makes
//! up for; a judge who knows the histories already is the best that it can come to. Run it with `cargo bench --bench conformance`.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]
#![expect(clippy::disallowed_types, reason = "a benchmark reads the clock")]
#![expect(clippy::float_arithmetic, reason = "rates and ratios are no part of the model")]

use std::cell::RefCell;
use std::hint::black_box;
use std::sync::LazyLock;
use std::time::Instant;

use action_oracle::conformance::honest::Honest;
use action_oracle::conformance::mutant::Fault;
use action_oracle::conformance::{Generator, Options, Plan, Setup, Step, Subject, run, shrink};
use action_oracle::history::{Header, Initial, Members, Record};
use action_oracle::model::{Caller, NodeUid, Role};
use action_oracle::oracle::{self, Divergence, Judge};
use action_oracle::sim::Seed;
use action_oracle::spec::{Edition, Question};
use proptest::prelude::{BoxedStrategy, Just, Strategy};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

const ROUNDS: usize = 5;
/// How many plans a round has, and with how many calls each.
const PLANS: u64 = 1_000;
const CALLS: usize = 40;
const NODES: u32 = 3;
/// How many times as long the long test is, in which most of the law is worked out before long.
const LONG: u64 = 20;
/// Every so many-th planted bug is shrunk.
const EACH: usize = 7;

/// What is known of the subject: everything, or nothing.
fn header(is_told: bool) -> Header {
    let nodes = (1..=NODES).map(NodeUid).collect();
    let mut header = Header::new(Initial::Empty(Members::Nodes(nodes)));
    if is_told {
        let Options { edition, rules, .. } = options(true);
        (header.edition, header.rules) = (edition, rules);
    }
    header
}

fn options(is_told: bool) -> Options {
    let edition = Edition::default();
    let readings = Question::all().filter_map(|question| question.reading());
    let rules = readings.map(|reading| (reading.id.to_owned(), reading.default_in(edition).to_owned()));
    let (rules, edition) = if is_told { (rules.collect(), Some(edition)) } else { (Vec::new(), None) };
    Options { plans: PLANS, calls: CALLS, rules, edition, ..Options::default() }
}

fn generator() -> (Generator, Setup) {
    let callers = Role::ALL.map(Caller::Role).to_vec();
    let setup = Setup { nodes: (1..=NODES).map(NodeUid).collect(), callers, is_fresh: true };
    (Generator::new(Seed(0), &setup), setup)
}

/// The plan of a seed, made from what the subject answers.
fn plan(subject: &mut dyn Subject, generator: &mut Generator, setup: &Setup, seed: u64) -> Plan {
    generator.begin(Seed(seed), setup);
    subject.reset(NODES);
    let mut plan = Plan { nodes: NODES, steps: Vec::new() };
    for _ in 0..CALLS {
        for chance in generator.ticks() {
            subject.tick(chance);
            plan.steps.push(Step::Tick(chance));
        }
        let request = generator.next(0);
        let response = subject.call(&request).sent_to(request.method);
        generator.saw(&request, &response);
        plan.steps.push(Step::Call(request));
    }
    plan
}

fn plans() -> Vec<Plan> {
    let (mut generator, setup) = generator();
    (0..PLANS).map(|seed| plan(&mut Honest::new(), &mut generator, &setup, seed)).collect()
}

/// The plans, played.
fn subject_alone() -> u64 {
    PLANNED.iter().map(|plan| plan.play(&mut Honest::new()).len() as u64 / 2).sum()
}

/// The requests are chosen, and answered.
fn requests_and_subject() -> u64 {
    plans().iter().flat_map(|plan| &plan.steps).filter(|step| matches!(step, Step::Call(_))).count() as u64
}

/// The whole test, from an empty memory on, so many times as long.
fn whole_test(is_told: bool, times: u64) -> u64 {
    let options = Options { plans: PLANS * times, ..options(is_told) };
    let report = run(&mut Honest::new(), &options).expect("the rules exist");
    assert!(report.findings.is_empty(), "the subject is honest: {report}");
    report.judged
}

fn judge() -> Judge {
    Judge::new(oracle::Options::default()).of_one_implementation()
}

/// The plans, played and judged by one who has judged them before.
fn known_to_the_judge(is_told: bool) -> u64 {
    let header = header(is_told);
    JUDGES.with_borrow_mut(|judges| {
        let judge = &mut judges[usize::from(is_told)];
        PLANNED.iter().map(|plan| judged(judge, &header, plan.play(&mut Honest::new()))).sum()
    })
}

fn judged(judge: &mut Judge, header: &Header, records: Vec<Record>) -> u64 {
    let judgement = judge.judge_records(header, records);
    assert!(judgement.divergences().is_empty(), "the subject is honest");
    judgement.judged
}

static PLANNED: LazyLock<Vec<Plan>> = LazyLock::new(plans);

/// All that is done in them: the alphabet for proptest.
static STEPS: LazyLock<Vec<Step>> =
    LazyLock::new(|| PLANNED.iter().flat_map(|plan| plan.steps.clone()).collect());

thread_local! {
    static JUDGES: RefCell<[Judge; 2]> = RefCell::new([judge(), judge()]);
    /// The one of proptest-state-machine, and how many answers he judged.
    static OF_PROPTEST: RefCell<(Judge, u64)> = RefCell::new((judge(), 0));
}

/// The reference: what was done so far. What may be answered is the oracle's to say, when all is done.
struct Machine;

impl ReferenceStateMachine for Machine {
    type State = Plan;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Plan> {
        Just(Plan { nodes: NODES, steps: Vec::new() }).boxed()
    }

    fn transitions(_: &Plan) -> BoxedStrategy<Step> {
        (0..STEPS.len()).prop_map(|at| STEPS[at].clone()).boxed()
    }

    fn apply(mut plan: Plan, step: &Step) -> Plan {
        plan.steps.push(step.clone());
        plan
    }
}

impl StateMachineTest for Machine {
    type SystemUnderTest = Honest;
    type Reference = Self;

    fn init_test(_: &Plan) -> Honest {
        Honest::new()
    }

    fn apply(subject: Honest, _: &Plan, _: Step) -> Honest {
        subject
    }

    fn teardown(mut subject: Honest, plan: Plan) {
        OF_PROPTEST.with_borrow_mut(|(judge, count)| {
            *count += judged(judge, &header(true), plan.play(&mut subject));
        });
    }
}

/// One judge for all cases, as in a test that keeps him.
fn proptest_state_machine() -> u64 {
    let config = Config { cases: 1, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::deterministic();
    let length = STEPS.len() / PLANNED.len();
    let strategy = Machine::sequential_strategy(length..=length);
    let before = OF_PROPTEST.with_borrow(|(_, count)| *count);
    for _ in 0..PLANS {
        let tree = strategy.new_tree(&mut runner).expect("the strategy rejects nothing");
        let (state, transitions, seen) = tree.current();
        Machine::test_sequential(config.clone(), state, transitions, seen);
    }
    OF_PROPTEST.with_borrow(|(_, count)| *count) - before
}

/// How long planted bugs take to shrink, in milliseconds, from the first plan that shows each.
fn shrunk() -> Vec<f64> {
    let header = header(true);
    let mut times = Vec::new();
    for fault in Fault::ALL.iter().step_by(EACH) {
        let (mut judge, mut subject) = (judge(), Honest::with(*fault));
        let mut shape = |plan: &Plan, wanted: Option<&Divergence>| {
            let judgement = judge.judge_records(&header, plan.play(&mut subject));
            let mut found = judgement.divergences().iter();
            found.find(|one| wanted.is_none_or(|wanted| one.shape() == wanted.shape())).cloned()
        };
        let found = PLANNED.iter().find_map(|plan| Some((plan, shape(plan, None)?)));
        let Some((plan, first)) = found else { continue };
        let start = Instant::now();
        black_box(shrink(plan.clone(), |plan| shape(plan, Some(&first)).is_some()));
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times
}

/// A name, and what judges or makes so many calls when called.
type Contender = (&'static str, fn() -> u64);

const CONTENDERS: [Contender; 8] = [
    ("the subject alone", subject_alone),
    ("requests chosen, and the subject", requests_and_subject),
    ("known to the judge, all told", || known_to_the_judge(true)),
    ("known to the judge, nothing told", || known_to_the_judge(false)),
    ("the whole test, all told", || whole_test(true, 1)),
    ("the whole test, nothing told", || whole_test(false, 1)),
    ("a long test, all told", || whole_test(true, LONG)),
    ("proptest-state-machine, all told", proptest_state_machine),
];

fn main() {
    LazyLock::force(&STEPS);
    let mut rates = CONTENDERS.map(|_| Vec::new());
    for _ in 0..=ROUNDS {
        for ((_, contender), rates) in CONTENDERS.iter().zip(&mut rates) {
            let start = Instant::now();
            let calls = contender();
            rates.push(calls as f64 / start.elapsed().as_secs_f64());
        }
    }
    for rates in &mut rates {
        rates.remove(0); // The first round warms up.
    }
    println!("{PLANS} plans of {CALLS} calls on {NODES} nodes, {ROUNDS} rounds, medians");
    for ((name, _), rates) in CONTENDERS.iter().zip(&rates) {
        println!("  {name:<34} {:>8.0} calls/s", median(rates.clone()));
    }
    println!("ratios within a round, median (lowest to highest)");
    for (above, below) in [(6, 7), (4, 7), (4, 5), (2, 0), (6, 0)] {
        let ratios: Vec<_> = rates[above].iter().zip(&rates[below]).map(|(a, b)| a / b).collect();
        let (low, high) = ratios.iter().fold((f64::MAX, 0.0_f64), |(l, h), r| (l.min(*r), h.max(*r)));
        let (a, b) = (CONTENDERS[above].0, CONTENDERS[below].0);
        println!("  {a} / {b}: {:.2} ({low:.2} to {high:.2})", median(ratios));
    }
    let times = shrunk();
    let count = times.len();
    let longest = times.iter().copied().fold(0.0, f64::max);
    println!("{count} planted bugs shrunk: median {:.1} ms, longest {longest:.0} ms", median(times));
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
