//! Steps a second: the law alone, the simulator around it, and the same law under proptest-state-machine.
//!
//! The contenders take turns, round by round, and what is quoted is the median of the ratios within a round: the
//! speed of a machine drifts, the ratios hold. Run it with `cargo bench`.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]
#![expect(clippy::disallowed_types, reason = "a benchmark reads the clock")]
#![expect(clippy::float_arithmetic, reason = "rates and ratios are no part of the model")]

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::Instant;

use action_oracle::model::invariant::Judge;
use action_oracle::model::{Cluster, Input, Reply, step};
use action_oracle::sim::{Digest, Options, Seed, Simulator, Worker};
use action_oracle::spec::Rules;
use proptest::prelude::{BoxedStrategy, Just, Strategy};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

const ROUNDS: usize = 7;
const NODES: u32 = 3;
const RUNS: u64 = 400;

/// What the simulator chose in some runs: the inputs for the law alone, and the alphabet for proptest.
static RECORDED: LazyLock<Vec<Vec<Input>>> = LazyLock::new(|| {
    let mut simulator = Simulator::new(options());
    let record = |seed| {
        let mut inputs = Vec::new();
        simulator.record(Seed(seed), &mut |input: &Input, _: &Reply, _: Digest| inputs.push(input.clone()));
        inputs
    };
    (0..RUNS).map(record).collect()
});

/// Three nodes, and no databases on them.
fn options() -> Options {
    Options { topology: Some(Cluster::new(NODES)), ..Options::default() }
}

/// A cluster from a file, with databases.
fn on(topology: &str) -> Options {
    let topology = action_oracle::case::topology(topology).expect("the topologies can exist");
    Options { topology: Some(topology), ..Options::default() }
}

/// Applies recorded inputs, and does nothing else.
fn law_alone() -> u64 {
    let rules = Rules::default();
    let mut steps = 0;
    for inputs in RECORDED.iter() {
        let mut cluster = Cluster::new(NODES);
        for input in inputs {
            black_box(step(&mut cluster, &rules, input));
        }
        steps += inputs.len() as u64;
    }
    steps
}

/// The same runs with everything: scheduler, invariants, coverage, digest.
fn simulator() -> u64 {
    let mut simulator = Simulator::new(options());
    (0..RUNS).map(|seed| simulator.run(Seed(seed)).steps).sum()
}

/// The same with databases, shards and endpoints.
fn with_data(topology: &str, runs: u64) -> u64 {
    let mut simulator = Simulator::new(on(topology));
    (0..runs).map(|seed| simulator.run(Seed(seed)).steps).sum()
}

/// The seeds of a campaign, on so many threads.
fn campaign(threads: u64) -> u64 {
    let work = |part: u64| {
        let mut worker = Worker::new(options(), step);
        (0..4 * RUNS).filter(|seed| seed % threads == part).for_each(|seed| worker.run(Seed(seed)));
        worker.finish().steps
    };
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|part| scope.spawn(move || work(part))).collect();
        handles.into_iter().map(|handle| handle.join().expect("a worker does not panic")).sum()
    })
}

/// The law as proptest-state-machine sees it: reference and subject are both [`step`].
struct Machine;

impl ReferenceStateMachine for Machine {
    type State = Cluster;
    type Transition = Input;

    fn init_state() -> BoxedStrategy<Cluster> {
        Just(Cluster::new(NODES)).boxed()
    }

    fn transitions(_: &Cluster) -> BoxedStrategy<Input> {
        let runs = 0..RECORDED.len();
        let choose = |(run, at): (usize, usize)| {
            let inputs = &RECORDED[run];
            inputs[at % inputs.len()].clone()
        };
        (runs, 0..400_usize).prop_map(choose).boxed()
    }

    fn apply(mut state: Cluster, transition: &Input) -> Cluster {
        step(&mut state, &Rules::default(), transition);
        state
    }
}

impl StateMachineTest for Machine {
    /// The subject, and the judge who checks the same invariants as in the simulator.
    type SystemUnderTest = (Cluster, Judge);
    type Reference = Self;

    fn init_test(reference: &Cluster) -> (Cluster, Judge) {
        (reference.clone(), Judge::new(reference))
    }

    fn apply(
        (mut subject, mut judge): (Cluster, Judge),
        reference: &Cluster,
        transition: Input,
    ) -> (Cluster, Judge) {
        let rules = Rules::default();
        let reply = step(&mut subject, &rules, &transition);
        judge.see(&rules, &transition, &reply, &subject, |_, _, _| {}).expect("the law breaks nothing");
        assert_eq!(&subject, reference);
        (subject, judge)
    }
}

fn proptest_state_machine() -> u64 {
    const STEPS: usize = 400;
    let config = Config { cases: 1, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::deterministic();
    let strategy = Machine::sequential_strategy(STEPS..=STEPS);
    (0..RUNS / 8)
        .map(|_| {
            let tree = strategy.new_tree(&mut runner).expect("the strategy rejects nothing");
            let (state, transitions, seen) = tree.current();
            let steps = transitions.len() as u64;
            Machine::test_sequential(config.clone(), state, transitions, seen);
            steps
        })
        .sum()
}

/// A name, and what does so many steps when called.
type Contender = (&'static str, fn() -> u64);

const CONTENDERS: [Contender; 7] = [
    ("the law alone", law_alone),
    ("law, scheduler, invariants, digest", simulator),
    ("proptest-state-machine, sequential", proptest_state_machine),
    ("campaign on one core", || campaign(1)),
    ("campaign on two cores", || campaign(2)),
    ("the same on 3 nodes, 7 shards", || with_data(include_str!("../fixtures/topologies/small.json"), RUNS)),
    ("the same on 35 nodes, 500 shards", || with_data(include_str!("../fixtures/topologies/wide.json"), 40)),
];

fn main() {
    LazyLock::force(&RECORDED);
    let mut rates = CONTENDERS.map(|_| Vec::new());
    for _ in 0..=ROUNDS {
        for ((_, contender), rates) in CONTENDERS.iter().zip(&mut rates) {
            let start = Instant::now();
            let steps = contender();
            rates.push(steps as f64 / start.elapsed().as_secs_f64());
        }
    }
    for rates in &mut rates {
        rates.remove(0); // The first round warms up.
    }
    println!("{NODES} nodes, {ROUNDS} rounds, medians");
    for ((name, _), rates) in CONTENDERS.iter().zip(&rates) {
        println!("  {name:<36} {:>7.2} million steps/s", median(rates.clone()) / 1e6);
    }
    println!("ratios within a round, median (lowest to highest)");
    for (above, below) in [(0, 1), (1, 2), (4, 3), (1, 5), (5, 6)] {
        let ratios: Vec<_> = rates[above].iter().zip(&rates[below]).map(|(a, b)| a / b).collect();
        let (low, high) = ratios.iter().fold((f64::MAX, 0.0_f64), |(l, h), r| (l.min(*r), h.max(*r)));
        let (a, b) = (CONTENDERS[above].0, CONTENDERS[below].0);
        println!("  {a} / {b}: {:.2} ({low:.2} to {high:.2})", median(ratios));
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
