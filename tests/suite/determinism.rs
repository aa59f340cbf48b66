//! The same seed, the same run: twice in a row, watched or not, alone or in a campaign, in debug and in release.
//!
//! The digests that must outlive a build are in `golden.txt`. `.ci/run` reads the same file and checks it in
//! release, so that debug and release cannot part.

use std::sync::atomic::{AtomicU64, Ordering};

use action_oracle::model::{Cluster, Hindrance, Input, Reply, step};
use action_oracle::sim::{Campaign, End, Law, Options, RuleChoice, Run, Seed, Simulator, Worker, canary};
use action_oracle::spec::Rules;

use crate::cli::json_of;

/// A change of the law or of the scheduler changes it on purpose; then the changelog says so.
#[test]
fn the_golden_seed_gives_the_pinned_run() {
    let Run { steps, effective, digest, end, .. } = Simulator::new(Options::default()).run(Seed(0x2a));
    assert_eq!(
        (steps, effective, digest.to_string().as_str(), end),
        (419, 190, "3a4c0915714d0b5c", End::Quiet)
    );
}

#[test]
fn golden_campaigns_print_the_pinned_digests() {
    let golden = include_str!("golden.txt").lines().filter(|line| !line.starts_with('#'));
    let golden: Vec<_> = golden.map(|line| line.split_once(' ').expect("a digest and arguments")).collect();
    assert_eq!(golden.len(), 2, "under the default rules and under drawn ones");
    for (digest, arguments) in golden {
        let printed = json_of(&format!("simulate {arguments} --format json"));
        assert_eq!(printed["digest"], digest, "simulate {arguments}");
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for options in all_options() {
        let (mut one, mut other) = (Simulator::new(options.clone()), Simulator::new(options));
        for seed in (0..20).map(Seed) {
            assert_eq!(one.run(seed), other.run(seed));
        }
        assert_eq!(one.coverage(), other.coverage());
    }
}

#[test]
fn different_seeds_give_different_runs() {
    let mut simulator = Simulator::new(Options::default());
    let mut digests: Vec<_> = (0..100).map(|seed| simulator.run(Seed(seed)).digest.0).collect();
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), 100);
}

#[test]
fn a_run_does_not_depend_on_the_runs_before_it() {
    let mut simulator = Simulator::new(Options::default());
    let upwards: Vec<_> = (0..20).map(|seed| simulator.run(Seed(seed))).collect();
    let mut downwards: Vec<_> = (0..20).rev().map(|seed| simulator.run(Seed(seed))).collect();
    downwards.reverse();
    assert_eq!(upwards, downwards);
}

#[test]
fn a_run_is_the_same_whether_it_is_watched_or_not() {
    for options in all_options() {
        let mut simulator = Simulator::new(options);
        for seed in (0..20).map(Seed) {
            let mut digests = Vec::new();
            let watched = simulator.record(seed, &mut |_: &Input, _: &Reply, digest| digests.push(digest));
            assert_eq!(digests.len() as u64, watched.steps);
            assert_eq!(digests.last(), Some(&watched.digest), "the digest covers every step");
            assert_eq!(simulator.run(seed), watched);
            let (written_down, case) = simulator.case(seed);
            assert_eq!((case.lines.len() as u64, &written_down), (watched.steps, &watched));
            assert!(case.replay(step).all(|step| step.difference.is_none()), "{seed}");
        }
    }
}

/// The runs are dealt out to the workers in turn; what they report is added up first to last, or last to first.
#[test]
fn a_campaign_does_not_depend_on_its_workers() {
    for (options, law) in all_options().into_iter().zip([step as Law, canary]) {
        let alone = campaign(&options, law, 1, false);
        assert_eq!(alone.runs, RUNS);
        for workers in [2, 10] {
            assert_eq!(campaign(&options, law, workers, false), alone, "{workers} workers");
            assert_eq!(campaign(&options, law, workers, true), alone, "{workers} workers, turned");
        }
    }
}

/// More runs fail than are kept: the same ones are, whoever found them.
#[test]
fn a_campaign_keeps_the_same_failures_whoever_finds_them() {
    let alone = campaign(&Options::default(), canary, 1, false);
    let seeds: Vec<_> = alone.failures.iter().map(|run| run.seed).collect();
    assert!(alone.failed > seeds.len() as u64, "{} failed, {} kept", alone.failed, seeds.len());
    assert!(seeds.is_sorted());
    assert_eq!(campaign(&Options::default(), canary, 10, true), alone);
}

/// A law that is no function of its arguments: now and then it refuses for no reason.
fn moody(cluster: &mut Cluster, rules: &Rules, input: &Input) -> Reply {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    match CALLS.fetch_add(1, Ordering::Relaxed) {
        calls if calls % 1_009 == 17 => Reply::NotEnabled(Hindrance::NoChange),
        _ => step(cluster, rules, input),
    }
}

#[test]
fn a_law_with_a_hidden_input_is_noticed() {
    let mut worker = Worker::new(Options::default(), moody);
    worker.run(Seed(0));
    let campaign = worker.finish();
    assert_eq!(campaign.twice, 1);
    let unstable = campaign.unstable.expect("the second run differs");
    assert_eq!(unstable.seed, Seed(0));
    assert!(unstable.step > 0);
    assert_ne!(unstable.both[0], unstable.both[1]);
}

/// How many runs the campaigns here have.
const RUNS: u64 = 120;

/// The default rules, and drawn ones.
fn all_options() -> [Options; 2] {
    [Options::default(), Options { rules: RuleChoice::Drawn, ..Options::default() }]
}

fn campaign(options: &Options, law: Law, workers: u64, turned: bool) -> Campaign {
    let work = |which: u64| {
        let mut worker = Worker::new(options.clone(), law);
        (0..RUNS).filter(|seed| seed % workers == which).for_each(|seed| worker.run(Seed(seed)));
        worker.finish()
    };
    let mut done: Vec<_> = (0..workers).map(work).collect();
    if turned {
        done.reverse();
    }
    done.into_iter().fold(Campaign::default(), Campaign::merge)
}
