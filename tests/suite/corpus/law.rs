//! The corpus and the law: whatever the law answers is allowed, and what it never answers is not.

use action_oracle::conformance::Subject;
use action_oracle::conformance::corpus::{Corpus, Played, play_to};
use action_oracle::http::{self, Response};
use action_oracle::model::{Act, Cluster, Event, Input, Move, Reply, Request, Time, step};
use action_oracle::sim::Seed;
use action_oracle::spec::Rules;
use serde_json::{Value, json};

use super::{counts, expected};

/// Changes an answer, which is given at a time that no other is.
type Tamper = fn(&mut Response, u64);

/// The law as an implementation: events happen when time passes, whichever can.
struct Law {
    rules: Rules,
    cluster: Cluster,
    time: u64,
    /// What becomes of an answer before it is sent.
    tamper: Tamper,
}

impl Law {
    fn new(rules: Rules) -> Self {
        Self { rules, cluster: Cluster::new(1), time: 0, tamper: |_, _| {} }
    }

    fn input(&mut self, act: Act) -> Reply {
        self.time += 1;
        step(&mut self.cluster, &self.rules, &Input { at: Time(self.time * 1_000_000), act })
    }
}

impl Subject for Law {
    fn reset(&mut self, nodes: u32) {
        self.cluster = Cluster::new(nodes);
    }

    fn call(&mut self, request: &Request) -> Response {
        let reply = self.input(Act::Request(request.clone()));
        let mut response = http::encode(&reply, &self.rules).expect("a request has an answer");
        (self.tamper)(&mut response, self.time);
        response
    }

    /// Any event: instances move, fail and are aborted, report progress, nodes go down and come back.
    fn tick(&mut self, chance: u32) {
        let mut events = self.cluster.enabled(&self.rules);
        let is_ordinary = |event: &Event| match event {
            Event::Task(_, step) => !matches!(step, Move::Fail(_) | Move::Abort),
            _ => false,
        };
        let is_hidden = |event: &Event| !matches!(event, Event::Join(_));
        events.retain(|event| if chance.is_multiple_of(3) { is_ordinary(event) } else { is_hidden(event) });
        if !events.is_empty() {
            let event = events.swap_remove(chance as usize / 3 % events.len());
            self.input(Act::Event(event));
        }
    }
}

#[test]
fn whatever_the_law_answers_is_allowed() {
    let (corpus, _) = expected();
    let mut reached = vec![false; corpus.cases.len()];
    for seed in 0..12 {
        let played = play_to(&mut Law::new(Rules::default()), corpus, Seed(seed), 8);
        for ((case, played), reached) in corpus.cases.iter().zip(played).zip(&mut reached) {
            match played {
                Played::Diverged(found) => panic!("seed {seed}, {}: {found:#?}", case.name),
                Played::Reached { .. } => *reached = true,
                Played::Missed { .. } => {}
            }
        }
    }
    let missed: Vec<_> = corpus.cases.iter().zip(reached).filter(|(_, reached)| !reached).collect();
    assert!(
        missed.len() < 8,
        "never reached: {:?}",
        missed.iter().map(|(it, _)| &it.name).collect::<Vec<_>>()
    );
}

#[test]
fn a_corpus_of_other_readings_allows_what_the_law_answers_under_them() {
    let mut old = Rules::new("E-72".parse().expect("it is an edition"));
    old.set_all("R-ALLNODES-SHAPE=BARE,R-STARTING-CANCEL=DIRECT").expect("they exist");
    let mut other = Rules::default();
    other
        .set_all("R-PROGRESS-TYPE=STRING,R-NODEUID-TYPE=INTEGER,R-RESUBMIT-REJECTED=DROP,R-DEL-RUNNING=EVENTUAL,R-CONFLICT-SCOPE=CLUSTER-ANY")
        .expect("they exist");
    for (rules, nodes) in [(old, 1), (other, 2)] {
        let (corpus, _) = Corpus::make(&rules, nodes);
        let played = play_to(&mut Law::new(rules), &corpus, Seed(1), 10);
        let [reached, _, diverged] = counts(&played);
        let first = played.iter().find(|played| matches!(played, Played::Diverged(_)));
        assert_eq!(diverged, 0, "{first:#?}");
        assert!(reached > 50, "only {reached} of {} reached", played.len());
    }
}

/// Each of these changes one thing that the law says, wherever it says it.
#[test]
fn one_changed_member_is_noticed() {
    let tampers: [(&str, Tamper); 8] = [
        ("status", |it, _| change(it, "status", json!("pending"))),
        ("name", |it, _| change(it, "name", json!("removal"))),
        ("node_uid", |it, _| change(it, "node_uid", json!("9"))),
        ("progress", |it, _| change(it, "progress", json!(101))),
        ("task_id", |it, at| change(it, "task_id", json!(at.to_string()))),
        ("actions", |it, _| change(it, "actions", json!([]))),
        ("200", |it, _| it.status = if it.status == 200 { 202 } else { it.status }),
        ("404", |it, _| it.status = if it.status == 404 { 200 } else { it.status }),
    ];
    for (name, tamper) in tampers {
        let played = play_to(&mut Law { tamper, ..Law::new(Rules::default()) }, &expected().0, Seed(0), 2);
        assert!(counts(&played)[2] > 0, "another {name} was not noticed");
    }
}

/// Gives a member of an answer another value, if it is there.
fn change(response: &mut Response, name: &str, value: Value) {
    if let Some(Value::Object(object)) = &mut response.body
        && object.contains_key(name)
    {
        object.insert(name.to_owned(), value);
    }
}
