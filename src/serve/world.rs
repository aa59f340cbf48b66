//! One cluster: a request in, an answer out, and the events that lie between.
//!
//! Pure: no socket, no clock, no thread. Equal setups and equal calls give equal answers, byte for byte. Everything
//! that serves a cluster (sockets, fixtures, the `tower` service) serves one of these.

use std::sync::Arc;

use bytes::Bytes;

use super::Clock;
use super::beside::Beside;
use super::extras::{self, Extras};
use super::journal::{Call, Journal, Shelf};
use super::orders::Orders;
use crate::http::{self, Response};
use crate::model::{Act, Cluster, Event, Hindrance, Input, Reply, Request, Time, step};
use crate::sim::seed::{Ratio, Rng};
use crate::sim::{Fault, Faults, Nature, Seed};
use crate::spec::Rules;

/// How a cluster begins, and how it goes on.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Chooses what happens by itself.
    pub seed: Seed,
    /// Where it begins.
    pub start: Cluster,
    /// The edition, and the answers to the open questions.
    pub rules: Rules,
    /// What may go wrong by itself. With `node-down` or `primary-lost`, everything that the simulator knows happens to
    /// nodes and data; without both, only what was started goes on.
    pub faults: Faults,
    /// Who lets something happen.
    pub clock: Clock,
    /// What answers have beyond the documents.
    pub extras: Extras,
    /// How many inputs are kept in memory; then history and case begin again.
    pub inputs_kept: usize,
}

impl Default for Setup {
    /// Three fresh nodes under the default rules; nothing goes wrong.
    fn default() -> Self {
        Self {
            seed: Seed(0),
            start: Cluster::new(3),
            rules: Rules::default(),
            faults: Faults::NONE,
            clock: Clock::default(),
            extras: Extras::default(),
            inputs_kept: 10_000,
        }
    }
}

/// What a request is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The answer.
    pub response: Response,
    /// The clauses and readings that decided it; none where the law was not asked.
    pub clauses: &'static [&'static str],
    /// Whether the client is not to hear it, although it was carried out.
    pub is_lost: bool,
}

impl Decided {
    /// The body as it is sent; empty if there is none.
    pub fn text(&self) -> Bytes {
        self.response.body.as_ref().map_or_else(Bytes::new, |body| {
            serde_json::to_vec(body).expect("a JSON value can be written").into()
        })
    }
}

/// The streams of a cluster at its beginning.
fn begin(setup: &Setup) -> (Rng, Nature) {
    let highest = setup.start.nodes().last().map_or(0, |node| node.uid.0);
    (setup.seed.fork("serve"), Nature::new(setup.rules, setup.faults, highest))
}

fn respond(reply: &Reply, rules: &Rules) -> (Response, &'static [&'static str]) {
    (http::encode(reply, rules).expect("a request has a response"), reply.clauses())
}

/// How often something is proposed before it is found that nothing can happen.
const TRIES: usize = 16;

/// A cluster, its time, its orders and its journal.
#[derive(Debug)]
pub struct World {
    setup: Setup,
    cluster: Cluster,
    now: Time,
    draws: Rng,
    nature: Nature,
    orders: Orders,
    journal: Journal,
}

impl World {
    /// A cluster at its beginning. Its histories go to the shelf as they happen, if there is one.
    pub fn new(setup: Setup, shelf: Option<Box<dyn Shelf>>) -> Self {
        let journal = Journal::new(&setup.rules, &setup.start, setup.inputs_kept, shelf);
        let cluster = setup.start.clone();
        let (draws, nature) = begin(&setup);
        Self { setup, cluster, now: Time(0), draws, nature, orders: Orders::default(), journal }
    }

    /// Answers a request, with nothing between its arrival and its answer but what it lets happen.
    pub fn answer(&mut self, client: &str, request: Request) -> Decided {
        let mut call = self.arrive(client.into(), &request);
        let decided = self.decide(&mut call, request);
        self.send(&call, &decided, decided.text());
        decided
    }

    /// A request arrives: from now on it may be carried out.
    pub fn arrive(&mut self, client: Arc<str>, request: &Request) -> Call {
        self.journal.arrive(self.now, client, request)
    }

    /// Carries out the request of a call. With [`Clock::Auto`], events happen first.
    pub fn decide(&mut self, call: &mut Call, request: Request) -> Decided {
        let events = self.setup.clock.events_max().checked_add(1).map_or(0, |bound| self.draws.below(bound));
        self.go_on(events);
        self.pass();
        let is_lost = self.orders.take_lost(request.method) || self.has_fault(Fault::LostAnswer);
        let copy = self.has_fault(Fault::Duplicate).then(|| request.clone());
        let decided = self.carry_out(call, request, is_lost);
        if let Some(copy) = copy {
            // It arrives once more, over another connection, and nobody hears the answer.
            self.pass();
            let mut again = self.arrive(format!("{}.1", call.client()).into(), &copy);
            self.carry_out(&mut again, copy, true);
            self.journal.lose(self.now, &again);
        }
        decided
    }

    /// The answer to a call is about to be sent, with this body; or is lost.
    pub fn send(&mut self, call: &Call, decided: &Decided, text: Bytes) {
        let Decided { response, is_lost, .. } = decided;
        match is_lost {
            true => self.journal.lose(self.now, call),
            false => self.journal.answer(self.now, call, response.status, &response.allow, text),
        }
        self.journal.settle(&self.setup.rules, &self.cluster);
    }

    /// Lets so many events happen, fewer if nothing more can. Says which.
    pub fn go_on(&mut self, events: u32) -> Vec<Event> {
        let happened: Vec<_> = (0..events).map_while(|_| self.next_event()).collect();
        self.journal.settle(&self.setup.rules, &self.cluster);
        happened
    }

    /// Lets this happen now, if the law allows it.
    pub fn happen(&mut self, event: Event) -> Result<(), Hindrance> {
        self.pass();
        let input = Input { at: self.now, act: Act::Event(event) };
        let reply = step(&mut self.cluster, &self.setup.rules, &input);
        self.nature.hear(&input.act, &reply);
        match reply {
            Reply::NotEnabled(why) => Err(why),
            reply => {
                self.journal.step(input, reply);
                Ok(())
            }
        }
    }

    /// Begins again from the start, with the orders withdrawn.
    pub fn reset(&mut self) {
        self.cluster = self.setup.start.clone();
        (self.draws, self.nature) = begin(&self.setup);
        self.now = Time(0);
        self.orders = Orders::default();
        self.journal.begin(&self.setup.rules, &self.cluster);
    }

    /// From now on what happens by itself is drawn from another seed.
    pub fn reseed(&mut self, seed: Seed) {
        self.setup.seed = seed;
        (self.draws, self.nature) = begin(&self.setup);
    }

    /// From now on other rules hold. A run has one set of rules, so that history and case begin again.
    pub fn rule(&mut self, rules: Rules) {
        self.setup.rules = rules;
        (self.draws, self.nature) = begin(&self.setup);
        self.journal.begin(&rules, &self.cluster);
    }

    /// From now on the cluster is this one, which no run of the law led to: history and case begin again.
    pub fn become_other(&mut self, cluster: Cluster) {
        self.cluster = cluster;
        self.journal.begin(&self.setup.rules, &self.cluster);
    }

    /// The time that has passed, where time is real.
    pub fn set_time(&mut self, now: Time) {
        if self.setup.clock.is_real() {
            self.now = self.now.max(now);
        }
    }

    /// How it began and how it goes on.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Everything that the cluster remembers.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// What is ordered for later.
    pub fn orders(&mut self) -> &mut Orders {
        &mut self.orders
    }

    /// The history since the last beginning, as a file.
    pub fn history(&self) -> Vec<u8> {
        self.journal.history()
    }

    /// The case since the last beginning, as a file.
    pub fn case(&self) -> Vec<u8> {
        self.journal.case()
    }

    /// Hands on what was written to the shelf, and says whether all of it could be.
    pub(super) fn flush(&mut self) -> std::io::Result<()> {
        self.journal.flush()
    }

    /// Ends what is written to the shelf, and says whether all of it could be.
    pub fn finish(&mut self) -> std::io::Result<()> {
        self.journal.finish()
    }

    fn carry_out(&mut self, call: &mut Call, request: Request, is_lost: bool) -> Decided {
        self.journal.invoke(self.now, call, &request);
        let method = request.method;
        let (mut response, clauses) = match Beside::of(&request) {
            Some(beside) => self.show(beside, request),
            None => {
                let input = Input { at: self.now, act: Act::Request(request) };
                let reply = step(&mut self.cluster, &self.setup.rules, &input);
                let answered = respond(&reply, &self.setup.rules);
                self.journal.step(input, reply);
                answered
            }
        };
        extras::reword(self.orders.texts(), &self.setup.rules, &mut response);
        self.setup.extras.add(&mut response);
        Decided { response: response.sent_to(method), clauses, is_lost }
    }

    /// What is shown beside the law, if the law would show the caller something like it.
    fn show(&mut self, beside: Beside, request: Request) -> (Response, &'static [&'static str]) {
        let (asked, rules) = beside.guard(request, &self.setup.rules);
        let reply = step(&mut self.cluster, &rules, &Input { at: self.now, act: Act::Request(asked) });
        match reply {
            Reply::Answer(_) => (beside.show(&self.cluster, &self.setup.rules, self.now), &[]),
            refused => respond(&refused, &rules),
        }
    }

    /// Whether a fault of the network strikes now.
    fn has_fault(&mut self, fault: Fault) -> bool {
        self.setup.faults.has(fault) && self.draws.chance(Ratio(1, 8))
    }

    fn next_event(&mut self) -> Option<Event> {
        for _ in 0..TRIES {
            match self.propose() {
                Some(event) if self.happen(event.clone()).is_ok() => return Some(event),
                // Nothing is live.
                None if !self.happens_to_nodes() => return None,
                _ => {}
            }
        }
        None
    }

    fn happens_to_nodes(&self) -> bool {
        self.setup.faults.has(Fault::NodeDown) || self.setup.faults.has(Fault::PrimaryLost)
    }

    fn propose(&mut self) -> Option<Event> {
        let happens_to_nodes = self.happens_to_nodes();
        let Self { setup, cluster, draws, nature, orders, .. } = self;
        let is_free = |slot| !orders.is_stalled(slot);
        let event = match happens_to_nodes {
            true => nature.propose(draws, cluster),
            false => nature.propose_step(draws, cluster, is_free),
        };
        let event = event.filter(|event| !matches!(event, Event::Task(slot, _) if !is_free(*slot)))?;
        Some(orders.instead(event, cluster, &setup.rules))
    }

    /// A short time passes, unless time is real.
    fn pass(&mut self) {
        if !self.setup.clock.is_real() {
            self.now.0 += u64::from(self.draws.below(1 << 20));
        }
    }
}
