//! The simulator: campaigns break nothing, and reach what they are to reach.
//!
//! A campaign that breaks nothing proves as much as it exercised, so every sweep here asserts its coverage too.
//! That broken laws are noticed is in [`crate::faults`]; that runs can be repeated in [`crate::determinism`].

use action_oracle::model::{Act, Cluster, Event, Hindrance, Input, Move, Reply, Status, step};
use action_oracle::sim::{
    Campaign, Digest, End, Fault, Faults, Law, Options, RuleChoice, Seed, Simulator, Stuck, Worker,
};
use action_oracle::spec::{Edition, Rules};

#[test]
fn a_default_campaign_reaches_everything() {
    let campaign = campaign(Options::default(), 1_000);
    breaks_nothing(&campaign);
    assert_eq!(campaign.missing(), [""; 0]);
}

#[test]
fn the_newest_edition_reaches_everything() {
    let campaign = campaign(under(Rules::new(Edition::E80)), 1_000);
    breaks_nothing(&campaign);
    assert_eq!(campaign.missing(), [""; 0]);
}

/// Before 7.4 each activation makes a snapshot (SNAP-2), so that none is ever kept for lack of a wish.
#[test]
fn the_oldest_edition_reaches_everything_that_it_knows() {
    let campaign = campaign(under(Rules::new(Edition::E72)), 1_000);
    breaks_nothing(&campaign);
    let unknown_to_it = [
        "one-maintenance-snapshot",
        "snapshot-kept-unless-overwritten",
        "unlisted-databases-stay",
        "maintenance_on keeps the snapshot that is there",
    ];
    assert_eq!(campaign.missing(), unknown_to_it);
}

#[test]
fn a_campaign_under_drawn_rules_breaks_nothing() {
    let campaign = campaign(Options { rules: RuleChoice::Drawn, ..Options::default() }, 600);
    breaks_nothing(&campaign);
    let never: Vec<_> = campaign.coverage.always().filter(|(_, count)| *count == 0).collect();
    assert!(never.is_empty(), "never evaluated: {}", never[0].0.name);
    let never: Vec<_> = campaign.coverage.sometimes().filter(|(_, count)| *count == 0).collect();
    assert!(never.is_empty(), "never happened: {}", never[0].0.name);
}

#[test]
fn runs_under_drawn_rules_differ_in_edition_and_readings() {
    let mut simulator = Simulator::new(Options { rules: RuleChoice::Drawn, ..short() });
    let drawn: Vec<_> = (0..50).map(|seed| simulator.run(Seed(seed)).swarm.rules).collect();
    for edition in Edition::ALL {
        assert!(drawn.iter().any(|rules| rules.edition() == edition), "{edition} is never drawn");
    }
    assert!(drawn.iter().all(|rules| !rules.overrides().is_empty()));
}

#[test]
fn a_short_campaign_is_not_expected_to_reach_everything() {
    let campaign = campaign(short(), 2);
    assert!(campaign.coverage.sometimes().any(|(_, count)| count == 0));
    assert_eq!(campaign.missing(), [""; 0]);
}

/// What never happened is told apart from what held.
#[test]
fn a_campaign_tells_what_it_never_reached() {
    let no_faults = campaign(Options { steps: 8, faults: Faults::NONE, ..Options::default() }, 1_000);
    let missing = no_faults.missing();
    assert!(missing.contains(&"another primary is elected because the old one was lost"), "{missing:?}");
    assert!(!missing.contains(&"legal-edges"), "{missing:?}");
}

#[test]
fn each_family_of_faults_strikes_and_breaks_nothing() {
    let with = |faults| campaign(Options { faults, ..Options::default() }, 40);
    let none = with(Faults::NONE);
    breaks_nothing(&none);
    let mut digests = vec![none.digest];
    for fault in Fault::ALL {
        let alone = with(fault.name().parse().expect("it is the name of a fault"));
        breaks_nothing(&alone);
        assert!(!digests.contains(&alone.digest), "{} changes nothing", fault.name());
        digests.push(alone.digest);
        let others = Fault::ALL.into_iter().filter(|other| *other != fault).map(Fault::name);
        let others: Vec<_> = others.collect();
        let without = with(others.join(",").parse().expect("these are names of faults"));
        breaks_nothing(&without);
        assert!(!digests.contains(&without.digest), "{} is never drawn with others", fault.name());
    }
}

#[test]
fn a_fault_that_is_off_does_not_strike() {
    let strikes = |faults, is: fn(&Event) -> bool| {
        let mut simulator = Simulator::new(Options { faults, ..Options::default() });
        let mut count = 0;
        let mut watch = |input: &Input, _: &Reply, _: Digest| {
            count += u32::from(matches!(&input.act, Act::Event(event) if is(event)));
        };
        for seed in 0..40 {
            let run = simulator.record(Seed(seed), &mut watch);
            assert!(Fault::ALL.iter().all(|fault| faults.has(*fault) || !run.swarm.faults.has(*fault)));
        }
        count
    };
    let is_down: fn(&Event) -> bool = |event| matches!(event, Event::NodeDown(_));
    let is_elect: fn(&Event) -> bool = |event| matches!(event, Event::Elect(_));
    let only = |name: &str| name.parse::<Faults>().expect("it is the name of a fault");
    assert_eq!((strikes(Faults::NONE, is_down), strikes(Faults::NONE, is_elect)), (0, 0));
    assert!(strikes(only("node-down"), is_down) > 0);
    assert_eq!(strikes(only("node-down"), is_elect), 0);
    assert!(strikes(only("primary-lost"), is_elect) > 0);
}

#[test]
fn a_run_of_no_steps_checks_nothing() {
    let campaign = campaign(Options { steps: 0, ..Options::default() }, 3);
    assert_eq!((campaign.runs, campaign.steps, campaign.effective, campaign.failed), (3, 0, 0, 0));
    assert!(campaign.coverage.always().all(|(_, count)| count == 0));
    assert_eq!(campaign.coverage.cells().count(), 0);
}

#[test]
fn one_node_is_a_cluster_and_so_are_many() {
    for nodes in [1, 64] {
        let options = Options { nodes: Some(nodes), ..Options::default() };
        assert_eq!(Simulator::new(options.clone()).run(Seed(1)).swarm.nodes, nodes);
        breaks_nothing(&campaign(options, 20));
    }
}

/// A law under which a cancellation never finishes.
fn never_cancels(cluster: &mut Cluster, rules: &Rules, input: &Input) -> Reply {
    match &input.act {
        Act::Event(Event::Task(_, Move::FinishCancel)) => Reply::NotEnabled(Hindrance::NoChange),
        _ => step(cluster, rules, input),
    }
}

#[test]
fn an_instance_that_never_ends_is_reported() {
    let campaign = run(Options::default(), never_cancels, 20);
    assert!(campaign.failed > 0 && campaign.failed < campaign.runs, "{} failed", campaign.failed);
    for run in &campaign.failures {
        let End::Stuck(stuck) = &run.end else { panic!("{:?}", run.end) };
        let Stuck { slot, .. } = **stuck;
        let hindrances = vec![(Move::FinishCancel, Hindrance::NoChange)];
        assert_eq!(**stuck, Stuck { slot, status: Status::Cancelling, hindrances });
    }
}

/// Options of a run that is over soon.
fn short() -> Options {
    Options { steps: 40, ..Options::default() }
}

fn under(rules: Rules) -> Options {
    Options { rules: RuleChoice::Fixed(rules), ..Options::default() }
}

/// A campaign of the law over the first seeds.
fn campaign(options: Options, seeds: u64) -> Campaign {
    run(options, step, seeds)
}

fn run(options: Options, law: Law, seeds: u64) -> Campaign {
    let mut worker = Worker::new(options, law);
    (0..seeds).for_each(|seed| worker.run(Seed(seed)));
    worker.finish()
}

#[track_caller]
fn breaks_nothing(campaign: &Campaign) {
    assert!(campaign.failures.is_empty(), "{:?}", campaign.failures[0]);
    assert_eq!((campaign.failed, &campaign.unstable), (0, &None));
    assert!(campaign.effective > 0, "nothing was checked");
}
