//! What the simulator writes down is a history of its run: the same calls and answers, in an order that is true.

use std::collections::{BTreeMap, VecDeque};

use action_oracle::history::{CallId, Header, Initial, Kind, Members, Record, Return};
use action_oracle::http;
use action_oracle::model::{Act, Event, Input, Reply, Request};
use action_oracle::sim::{Attempt, End, Fault, Faults, Options, RuleChoice, Seed, Seen, Simulator, Watch};
use action_oracle::spec::Rules;

use crate::history::{read, rejected};

fn options() -> Options {
    Options { steps: 120, ..Options::default() }
}

/// What the simulator writes of a seed.
fn written(options: &Options, seed: Seed) -> String {
    let mut bytes = Vec::new();
    Simulator::new(options.clone()).history(seed, &mut bytes).expect("there is room");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// What is written of a seed, read.
fn history(options: &Options, seed: Seed) -> (Header, Vec<Record>) {
    let text = written(options, seed);
    assert_eq!(rejected(&text), Vec::<&str>::new());
    let (header, records, end) = read(text).expect("it is well formed");
    assert_eq!(end.expect("it is not truncated").records, records.len() as u64);
    (header, records)
}

/// The steps of a run, with how each request came.
#[derive(Default)]
struct Steps(Vec<(Input, Reply, Option<Attempt>)>);

impl Watch for Steps {
    fn see(&mut self, seen: &Seen<'_>) {
        self.0.push((seen.input.clone(), seen.reply.clone(), seen.attempt));
    }
}

fn steps(options: &Options, seed: Seed) -> (Rules, Vec<(Input, Reply, Option<Attempt>)>) {
    let mut steps = Steps::default();
    let run = Simulator::new(options.clone()).record(seed, &mut steps);
    (run.swarm.rules, steps.0)
}

/// A call as the lines tell it.
#[derive(Debug)]
struct Call {
    request: Request,
    invoked: usize,
    /// The line of the ending, with the answer if there is one.
    ended: Option<(usize, Option<Return>)>,
}

impl Call {
    /// The last line before which it can have been applied.
    fn returned(&self) -> usize {
        match &self.ended {
            Some((line, Some(_))) => *line,
            _ => usize::MAX,
        }
    }
}

/// The calls of each client, in their order.
fn calls(records: &[Record]) -> BTreeMap<String, VecDeque<Call>> {
    let mut calls: BTreeMap<_, VecDeque<Call>> = BTreeMap::new();
    let mut client_of = BTreeMap::new();
    for (line, record) in records.iter().enumerate() {
        let mut end = |id: &CallId, answer: Option<&Return>| {
            let of_client: &mut VecDeque<Call> = calls.get_mut(&client_of[id]).expect("it has called");
            of_client.back_mut().expect("it has called").ended = Some((line, answer.cloned()));
        };
        match &record.kind {
            Kind::Return(answer) => end(&answer.id, Some(answer)),
            Kind::Lost(lost) => end(&lost.id, None),
            Kind::Invoke(invoke) => {
                let client = invoke.client.clone().expect("every client has a label");
                client_of.insert(invoke.id, client.clone());
                let of_client = calls.entry(client).or_default();
                assert!(of_client.back().is_none_or(|call| call.ended.is_some()), "one open call at a time");
                of_client.push_back(Call { request: invoke.request.clone(), invoked: line, ended: None });
            }
            Kind::Note(_) => {}
            Kind::Unsent(_) | Kind::Fence(_) => panic!("the simulator has no use for it: {record:?}"),
        }
    }
    calls
}

/// The calls in the order in which the law applied them.
fn applied(options: &Options, seed: Seed) -> Vec<Call> {
    let (_, records) = history(options, seed);
    let mut calls = calls(&records);
    let (rules, steps) = steps(options, seed);
    let mut applied = Vec::new();
    for (input, reply, attempt) in steps {
        let (Act::Request(request), Some(attempt)) = (input.act, attempt) else { continue };
        let label = format!("c{}{}", attempt.client, if attempt.is_copy { ".1" } else { "" });
        let call = calls.get_mut(&label).and_then(VecDeque::pop_front).expect("the client has called");
        assert_eq!(call.request, request);
        let (_, answer) = call.ended.as_ref().expect("every call ends");
        match answer {
            Some(answer) => {
                let response = http::encode(&reply, &rules).expect("a request has a response");
                assert_eq!(*answer, Return::of(answer.id, response.sent_to(request.method)));
            }
            None => assert!(attempt.is_lost),
        }
        assert_eq!(answer.is_none(), attempt.is_lost);
        applied.push(call);
    }
    assert!(calls.values().all(VecDeque::is_empty), "nothing was called that the law did not see");
    applied
}

/// Whether each call can have been applied between its lines, in this order.
fn is_true_order<'a>(calls: impl IntoIterator<Item = &'a Call>) -> bool {
    let mut now = 0;
    calls.into_iter().all(|call| {
        now = now.max(call.invoked);
        now < call.returned()
    })
}

#[test]
fn every_call_was_applied_between_its_lines_and_has_the_reply_of_the_law() {
    for seed in (0..60).map(Seed) {
        for clients in [None, Some(8)] {
            let applied = applied(&Options { clients, ..options() }, seed);
            assert!(is_true_order(&applied), "seed {seed}");
        }
    }
}

#[test]
fn an_order_that_is_not_true_is_noticed() {
    let applied = applied(&Options { clients: Some(8), ..options() }, Seed(1));
    assert!(!is_true_order(applied.iter().rev()));
}

#[test]
fn calls_overlap_in_every_way() {
    let (mut both, mut swapped, mut late, mut copies) = (0, 0, 0, 0);
    for seed in (0..60).map(Seed) {
        let options = Options { clients: Some(4), ..options() };
        let applied = applied(&options, seed);
        for pair in applied.windows(2) {
            let overlap = pair[1].invoked < pair[0].returned() && pair[0].invoked < pair[1].returned();
            both += usize::from(overlap);
            swapped += usize::from(overlap && pair[1].returned() < pair[0].returned());
            copies += usize::from(overlap && pair[0].request == pair[1].request);
        }
        // It was applied after another one that was invoked only when this one was given up.
        for (at, call) in applied.iter().enumerate() {
            let given_up = matches!(&call.ended, Some((line, None))
                if applied[..at].iter().any(|other| other.invoked > *line));
            late += usize::from(given_up);
        }
    }
    assert!(both > 1_000 && swapped > 500 && copies > 50 && late > 10, "{both} {swapped} {copies} {late}");
}

#[test]
fn a_history_is_the_same_for_the_same_seed_and_changes_nothing_in_the_run() {
    let drawn = Options { rules: RuleChoice::Drawn, clients: Some(5), ..options() };
    for options in [options(), drawn] {
        for seed in (0..20).map(Seed) {
            assert_eq!(written(&options, seed), written(&options, seed));
            let mut simulator = Simulator::new(options.clone());
            let (run, _) = simulator.history(seed, Vec::new()).expect("there is room");
            assert_eq!(run, Simulator::new(options.clone()).run(seed));
        }
    }
    assert_ne!(written(&options(), Seed(1)), written(&options(), Seed(2)));
}

#[test]
fn a_header_says_where_the_run_starts_and_under_which_rules() {
    let options = Options { rules: RuleChoice::Drawn, ..options() };
    let mut kinds = BTreeMap::new();
    for seed in (0..40).map(Seed) {
        let (header, _) = history(&options, seed);
        let (run, case) = Simulator::new(options.clone()).case(seed);
        assert_eq!(header.edition, Some(run.swarm.rules.edition()));
        assert_eq!(header.rules_in(run.swarm.rules.edition()), Ok(run.swarm.rules));
        assert_eq!(header.source.as_deref(), Some("action-oracle simulate"));
        let kind = match header.initial {
            Initial::Empty(Members::Cluster(cluster)) => {
                assert_eq!(cluster, case.cluster);
                "placed"
            }
            Initial::Empty(Members::Nodes(nodes)) => {
                let there: Vec<_> = case.cluster.nodes().iter().map(|node| node.uid).collect();
                assert_eq!(nodes, there);
                assert!(case.cluster.databases().is_empty(), "placement is not known");
                "listed"
            }
            other => panic!("a run starts with no action: {other:?}"),
        };
        *kinds.entry(kind).or_insert(0) += 1;
    }
    assert_eq!(kinds.len(), 2, "{kinds:?}");
}

#[test]
fn a_run_that_starts_with_an_action_says_all_of_it() {
    let (_, case) = Simulator::new(options()).case(Seed(3));
    let mut topology = case.cluster.clone();
    let busy = case.replay(action_oracle::model::step).map(|step| step.after);
    let is_busy = |cluster: &action_oracle::model::Cluster| {
        cluster.slots().any(|slot| cluster.instance(slot).is_some())
    };
    topology.clone_from(&busy.into_iter().find(is_busy).expect("something is started"));
    let options = Options { topology: Some(topology.clone()), ..options() };
    assert_eq!(history(&options, Seed(0)).0.initial, Initial::Cluster(topology));
}

#[test]
fn faults_of_nodes_are_noted_where_they_strike() {
    let mut noted = 0;
    for seed in (0..20).map(Seed) {
        let (_, records) = history(&options(), seed);
        let notes = records.iter().filter_map(|record| match &record.kind {
            Kind::Note(note) => Some((record.time, note.text.clone())),
            _ => None,
        });
        let (_, steps) = steps(&options(), seed);
        let struck = steps.iter().filter_map(|(input, reply, _)| match (&input.act, reply) {
            (Act::Event(event), Reply::Happened) => {
                let text = match event {
                    Event::NodeDown(uid) => format!("node {uid} went down"),
                    Event::NodeUp(uid) => format!("node {uid} is up again"),
                    Event::Elect(uid) => format!("node {uid} took over as primary"),
                    _ => return None,
                };
                Some((Some(input.at), text))
            }
            _ => None,
        });
        let notes: Vec<_> = notes.collect();
        noted += notes.len();
        assert_eq!(notes, struck.collect::<Vec<_>>());
    }
    assert!(noted > 5, "{noted}");
}

#[test]
fn times_follow_the_order_of_the_lines() {
    for seed in (0..20).map(Seed) {
        let (_, records) = history(&options(), seed);
        assert!(records.iter().all(|record| record.time.is_some()));
        assert!(records.is_sorted_by_key(|record| record.time));
    }
}

#[test]
fn answers_are_lost_only_where_that_fault_is_on() {
    let lost = |faults| {
        let options = Options { faults, ..options() };
        let records = (0..20).flat_map(|seed| history(&options, Seed(seed)).1);
        records.filter(|record| matches!(record.kind, Kind::Lost(_))).count()
    };
    assert_eq!(lost(Faults::NONE), 0);
    assert!(lost(Fault::LostAnswer.name().parse().expect("it is a fault")) > 20);
}

/// A run ends in the step that breaks an invariant, and its last answers still arrive.
#[test]
fn the_history_of_a_run_that_failed_is_whole() {
    let mut simulator = Simulator::of(options(), action_oracle::sim::canary);
    let failed = (0..100).map(Seed).find(|seed| simulator.run(*seed).end != End::Quiet);
    let mut bytes = Vec::new();
    simulator.history(failed.expect("the canary is caught"), &mut bytes).expect("there is room");
    let (_, records, end) = read(bytes).expect("it is well formed");
    assert!(end.is_some());
    assert!(calls(&records).values().flatten().all(|call| call.ended.is_some()));
}
