//! Whether two sets of rules can be told apart from outside, and by which shortest run.
//!
//! A client sees calls and answers. What the cluster does by itself is hidden: any number of events may lie between two
//! calls. Two sets of rules are *told apart* by a list of calls with their answers that is possible under one of them
//! and impossible under the other. [`tell_apart`] looks for a shortest one among the runs from one start with one
//! alphabet; if there is none, the two have the same visible traces there.
//!
//! It follows, for both, the set of all states that are possible after what was seen (the subset construction), and
//! stops where an answer leaves one of the sets empty. A set is followed only as a whole: if one of its states, or an
//! event from one, is beyond the bounds, then some answers would be missing, and what has one answer more would only
//! seem to differ. Answers are compared as they are sent: status code and body. The numbers of tasks and times are not
//! seen, as everywhere in an exploration.

use std::collections::{BTreeMap, BTreeSet};

use super::Options;
use super::alphabet::{Choice, Requests};
use super::budget::Budget;
use super::project::{NOW, number};
use super::table::Trials;
use crate::http;
use crate::intern::Interner;
use crate::model::{Act, Answer, Cluster, Input, Reply, Request, TaskId};
use crate::sim::beside_slots;
use crate::spec::Rules;

/// Whether two sets of rules can be told apart, and what that was concluded from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Whether they can. It holds for runs that stay within the bounds.
    pub verdict: Verdict,
    /// How many pairs of sets were compared.
    pub pairs: u64,
    /// How many answers were not followed, because something then leads beyond the bounds.
    pub beyond: u64,
}

/// Whether two sets of rules can be told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// They can, and by no run of fewer calls.
    Apart(Box<Experiment>),
    /// They cannot: after every visible run the same answers are possible.
    Same,
    /// The budget ran out: they cannot be told apart by fewer calls than this.
    Undecided(usize),
}

/// Calls with their answers that tell two sets of rules apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Experiment {
    /// The calls. The answer to the last one is possible under one of the two only.
    pub calls: Vec<Call>,
    /// Whether that is the first of the two.
    pub under_first: bool,
    /// The answers to the last call that are possible under the other.
    pub others: Vec<String>,
}

/// A call and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// What was asked.
    pub request: Request,
    /// The status code and the body.
    pub answer: String,
}

/// Looks for a shortest run that tells the rules of an exploration apart from others.
pub fn tell_apart(options: &Options, against: &Rules) -> Told {
    let other = Options { rules: *against, ..options.clone() };
    let mut pair = Pair {
        answers: Interner::default(),
        sides: [options, &other].map(|options| Side::new(options.trials(), options.budget)),
        requests: requests(options),
        budget: options.budget,
        compared: 0,
        beyond: 0,
    };
    let verdict = pair.search(&options.start);
    Told { verdict, pairs: pair.compared, beyond: pair.beyond }
}

/// The same with each of the chosen actions alone, then with maintenance on and off together. What is told apart by
/// one action is told apart by all; the run is a shortest one for its action.
pub fn tell_apart_by_any(options: &Options, against: &Rules) -> Told {
    let chosen = |action: &&str| options.choice.actions.contains(action);
    let alone = options.choice.actions.iter().map(|action| vec![*action]);
    let both: Vec<_> = ["maintenance_on", "maintenance_off"].into_iter().filter(chosen).collect();
    let mut all = Told { verdict: Verdict::Same, pairs: 0, beyond: 0 };
    for actions in alone.chain([both].into_iter().filter(|both| both.len() == 2)) {
        let choice = Choice { actions, ..options.choice.clone() };
        let told = tell_apart(&Options { choice, ..options.clone() }, against);
        all.pairs += told.pairs;
        all.beyond += told.beyond;
        match told.verdict {
            Verdict::Same => {}
            verdict @ Verdict::Undecided(_) => all.verdict = verdict,
            verdict @ Verdict::Apart(_) => return Told { verdict, ..all },
        }
    }
    all
}

fn requests(options: &Options) -> Vec<Input> {
    let trials = options.trials();
    let of_slots = trials.alphabet.owners().flat_map(|owner| trials.alphabet.requests(owner).to_vec());
    let [views, rest] = beside_slots(trials.alphabet.nodes());
    let rest = if options.choice.requests == Requests::Few { Vec::new() } else { rest };
    let beside = views.into_iter().chain(rest);
    let beside = beside.map(|request| Input { at: NOW, act: Act::Request(request) });
    of_slots.chain(beside).collect()
}

/// Both sets of rules, and the answers of both.
struct Pair {
    answers: Interner<String>,
    sides: [Side; 2],
    requests: Vec<Input>,
    budget: Budget,
    compared: u64,
    beyond: u64,
}

/// The budget ran out.
struct Spent;

/// A set of states, ascending.
type Set = Vec<u32>;

/// For each answer, the states after it; none if something then leads beyond the bounds.
type Split = BTreeMap<u32, Option<Set>>;

/// How a pair of sets was reached: from which one, by which request and answer.
type Reached = (usize, usize, u32);

impl Pair {
    fn search(&mut self, start: &Cluster) -> Verdict {
        let mut pairs: Interner<[Set; 2]> = Interner::default();
        let mut reached: Vec<Reached> = vec![(0, 0, 0)];
        match self.start(start) {
            Ok([Some(one), Some(two)]) => _ = pairs.number([one, two]),
            Ok(_) => self.beyond += 1,
            Err(Spent) => return Verdict::Undecided(1),
        }
        // How many bytes the sets take.
        let mut bytes = 0;
        let mut at = 0;
        while at < pairs.len() {
            let undecided = Verdict::Undecided(way(&reached, at).len() + 1);
            if self.compared > self.budget.states {
                return undecided;
            }
            let sets = pairs.value(at as u32).clone();
            for request in 0..self.requests.len() {
                let Ok([first, second]) = self.ask(&sets, request) else { return undecided };
                if let Some(answer) = first.keys().find(|answer| !second.contains_key(answer)) {
                    return self.experiment(&reached, (at, request, *answer), true, &second);
                }
                if let Some(answer) = second.keys().find(|answer| !first.contains_key(answer)) {
                    return self.experiment(&reached, (at, request, *answer), false, &first);
                }
                for ((answer, first), second) in first.into_iter().zip(second.into_values()) {
                    let (Some(first), Some(second)) = (first, second) else {
                        self.beyond += 1;
                        continue;
                    };
                    let known = pairs.len();
                    let size = size_of::<u32>() * (first.len() + second.len());
                    if pairs.number([first, second]) as usize == known {
                        reached.push((at, request, answer));
                        bytes += size;
                    }
                }
                if bytes + self.sides.iter().map(Side::bytes).sum::<usize>() > self.budget.bytes {
                    return undecided;
                }
            }
            self.compared += 1;
            at += 1;
        }
        Verdict::Same
    }

    fn start(&mut self, start: &Cluster) -> Result<[Option<Set>; 2], Spent> {
        let [one, two] = &mut self.sides;
        Ok([one.start(start)?, two.start(start)?])
    }

    /// The answers that both may give to a request, and the states after each.
    fn ask(&mut self, sets: &[Set; 2], request: usize) -> Result<[Split; 2], Spent> {
        let Self { answers, sides: [one, two], requests, .. } = self;
        let input = &requests[request];
        let first = one.ask(answers, &sets[0], request, input)?;
        Ok([first, two.ask(answers, &sets[1], request, input)?])
    }

    fn experiment(&self, reached: &[Reached], last: Reached, under_first: bool, others: &Split) -> Verdict {
        let mut steps = way(reached, last.0);
        steps.push(last);
        let text = |answer: u32| self.answers.value(answer).clone();
        let call = |(_, request, answer): Reached| {
            let Act::Request(request) = &self.requests[request].act else {
                unreachable!("only requests are asked");
            };
            Call { request: request.clone(), answer: text(answer) }
        };
        let calls = steps.into_iter().map(call).collect();
        let others = others.keys().map(|answer| text(*answer)).collect();
        Verdict::Apart(Box::new(Experiment { calls, under_first, others }))
    }
}

/// How a pair was reached, step by step.
fn way(reached: &[Reached], at: usize) -> Vec<Reached> {
    let mut steps = Vec::new();
    let mut at = at;
    while at > 0 {
        steps.push(reached[at]);
        at = reached[at].0;
    }
    steps.reverse();
    steps
}

/// About how many bytes a small cluster takes, with what it contains.
const CLUSTER_BYTES: usize = 2048;

/// One set of rules, and what is known of its states.
struct Side {
    trials: Trials,
    budget: Budget,
    clusters: Interner<Cluster>,
    /// For each state, where its events lead, once that was asked.
    hidden: Vec<Option<Hidden>>,
    /// For each state and request, the answer and the state after it.
    asked: BTreeMap<(u32, usize), (u32, After)>,
}

/// The state after a request; none if it leads beyond the bounds.
type After = Option<u32>;

/// The states that one event leads to; none if an event leads beyond the bounds.
type Hidden = Option<Vec<u32>>;

impl Side {
    fn new(trials: Trials, budget: Budget) -> Self {
        let (hidden, asked) = (Vec::new(), BTreeMap::new());
        Self { trials, budget, clusters: Interner::default(), hidden, asked }
    }

    /// About how many bytes it takes.
    fn bytes(&self) -> usize {
        self.clusters.len() * CLUSTER_BYTES + self.asked.len() * 2 * size_of::<[u64; 3]>()
    }

    fn start(&mut self, start: &Cluster) -> Result<Option<Set>, Spent> {
        let start = self.clusters.number(self.trials.projection.project(start));
        self.closed(vec![start])
    }

    /// These states, and all that hidden events lead to; none if one of them leads beyond the bounds.
    fn closed(&mut self, from: Set) -> Result<Option<Set>, Spent> {
        let mut set: BTreeSet<u32> = from.iter().copied().collect();
        let mut open = from;
        while let Some(state) = open.pop() {
            if self.clusters.len() as u64 > self.budget.states || self.bytes() > self.budget.bytes {
                return Err(Spent);
            }
            let Some(next) = self.events(state) else { return Ok(None) };
            open.extend(next.iter().filter(|next| set.insert(**next)));
        }
        Ok(Some(set.into_iter().collect()))
    }

    /// Where the events of a state lead.
    fn events(&mut self, state: u32) -> Option<&[u32]> {
        let place = state as usize;
        if self.hidden.len() <= place {
            self.hidden.resize(place + 1, None);
        }
        if self.hidden[place].is_none() {
            self.hidden[place] = Some(self.try_events(state));
        }
        self.hidden[place].as_ref().expect("it was worked out").as_deref()
    }

    fn try_events(&mut self, state: u32) -> Hidden {
        let Self { trials, clusters, .. } = self;
        let before = clusters.value(state).clone();
        let mut next = Vec::new();
        for owner in trials.alphabet.owners() {
            for event in trials.alphabet.events(&before, &trials.rules, owner) {
                let mut after = before.clone();
                if (trials.law)(&mut after, &trials.rules, &event) == Reply::Happened {
                    next.push(within(trials, clusters, &before, &after)?);
                }
            }
        }
        Some(next)
    }

    fn ask(
        &mut self,
        answers: &mut Interner<String>,
        set: &Set,
        request: usize,
        input: &Input,
    ) -> Result<Split, Spent> {
        let mut after: BTreeMap<u32, Vec<After>> = BTreeMap::new();
        for &state in set {
            let (answer, next) = match self.asked.get(&(state, request)) {
                Some(known) => *known,
                None => {
                    let new = self.answer(answers, state, input);
                    self.asked.insert((state, request), new);
                    new
                }
            };
            after.entry(answer).or_default().push(next);
        }
        let closed = after.into_iter().map(|(answer, after)| {
            let within = after.into_iter().collect::<Option<Set>>();
            let set = within.map_or(Ok(None), |set| self.closed(set))?;
            Ok((answer, set))
        });
        closed.collect()
    }

    fn answer(&mut self, answers: &mut Interner<String>, state: u32, input: &Input) -> (u32, After) {
        let before = self.clusters.value(state).clone();
        let mut after = before.clone();
        let reply = (self.trials.law)(&mut after, &self.trials.rules, input);
        let reply = match reply {
            // The number of the task is that of its slot, as everywhere in a projection.
            Reply::Answer(Answer::Accepted(slot, _)) => {
                Reply::Answer(Answer::Accepted(slot, TaskId(number(slot, self.trials.projection.nodes))))
            }
            reply => reply,
        };
        let next = within(&self.trials, &mut self.clusters, &before, &after);
        let sent = http::encode(&reply, &self.trials.rules).expect("a request has an answer");
        let body = sent.body.map_or_else(String::new, |body| format!(" {body}"));
        (answers.number(format!("{}{body}", sent.status)), next)
    }
}

/// The number of the state that a step led to; none if it is beyond the bounds.
fn within(trials: &Trials, clusters: &mut Interner<Cluster>, before: &Cluster, after: &Cluster) -> After {
    trials.bounds.hold(before, after).then(|| clusters.number(trials.projection.project(after)))
}
