//! The run as concurrent clients saw it: a history.
//!
//! The law applies one request after the other. Here each takes some time to arrive and its answer some time to
//! come back, so that the calls of different clients overlap, and what lies between invoke and return is the moment
//! at which the law applied the call. A client has one call at a time: its answer arrives before it asks again, and
//! what arrives twice comes over a second connection, under a label of its own. The delays are drawn from a stream
//! of their own; the law sees the same inputs whether it is recorded or not. Memory does not grow with the run.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::seed::{Ratio, Rng};
use super::{Attempt, Run, Seed, Seen, Simulator, Swarm, Watch};
use crate::history::{CallId, Header, Invoke, Kind, Lost, Note, Record, Return, Writer};
use crate::http::{self, Response};
use crate::model::{Act, Event, Reply, Request, Time};
use crate::spec::Rules;

/// How long a message is under way at most, in microseconds for each client: the more clients there are, the longer
/// each of them waits for its turn, and it may spend that time waiting for an answer.
const DELAY_PER_CLIENT_US: u32 = 1 << 20;

/// How long a quick message is under way at most.
const QUICK_US: u32 = 1 << 16;

impl Simulator {
    /// Runs one seed and writes down what concurrent clients saw of it; says how many records there are. The run is
    /// the same whether it is written down or not.
    pub fn history(&mut self, seed: Seed, output: impl Write) -> io::Result<(Run, u64)> {
        let swarm = Swarm::draw(seed, &self.options);
        let start = self.options.start(seed, &swarm);
        let header = Header::of_run(&swarm.rules, start, "action-oracle simulate");
        let mut recorder = Recorder::new(seed, &swarm, Writer::new(output, &header)?);
        let run = self.record(seed, &mut recorder);
        Ok((run, recorder.finish()?))
    }
}

/// Writes the lines of a run in the order of their moments, as soon as none can come before them any more.
struct Recorder<W: Write> {
    rng: Rng,
    rules: Rules,
    delay_us_max: u32,
    steps: u64,
    /// What is not written yet.
    lines: BTreeMap<Moment, Line>,
    /// When the last call of each client ended.
    ended: BTreeMap<(u32, bool), Moment>,
    /// The calls that were written and have no ending yet, by their steps.
    open: BTreeMap<u64, CallId>,
    calls: u64,
    writer: Writer<W>,
    outcome: io::Result<()>,
}

/// The place of a line in the history. Of lines at the same time, those of an earlier step come first, so that no
/// call seems to begin after one that was applied later had ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Moment {
    time: Time,
    step: u64,
    is_ending: bool,
}

enum Line {
    Invoke(String, Request),
    Return(Response),
    Lost,
    Note(String),
}

impl<W: Write> Watch for Recorder<W> {
    fn see(&mut self, seen: &Seen<'_>) {
        self.steps += 1;
        let now = seen.input.at;
        match &seen.input.act {
            Act::Request(request) => {
                let response = http::encode(seen.reply, &self.rules).expect("a request has a response");
                let attempt = seen.attempt.expect("a client sent the request");
                self.call(now, request, response.sent_to(request.method), attempt);
            }
            Act::Event(event) => {
                if let (Reply::Happened, Some(text)) = (seen.reply, told(event)) {
                    let moment = Moment { time: now, step: self.steps, is_ending: false };
                    self.lines.insert(moment, Line::Note(text));
                }
            }
        }
        // What comes later was sent no earlier than this.
        let time = Time(now.0.saturating_sub(self.delay_us_max.into()));
        let settled = Moment { time, step: 0, is_ending: false };
        let unsettled = self.lines.split_off(&settled);
        let settled = std::mem::replace(&mut self.lines, unsettled);
        self.write(settled);
    }
}

impl<W: Write> Recorder<W> {
    fn new(seed: Seed, swarm: &Swarm, writer: Writer<W>) -> Self {
        Self {
            rng: seed.fork("history"),
            rules: swarm.rules,
            delay_us_max: swarm.clients.saturating_mul(DELAY_PER_CLIENT_US),
            steps: 0,
            lines: BTreeMap::new(),
            ended: BTreeMap::new(),
            open: BTreeMap::new(),
            calls: 0,
            writer,
            outcome: Ok(()),
        }
    }

    /// A call that the law applied now: it was sent before and ends later.
    fn call(&mut self, now: Time, request: &Request, response: Response, attempt: Attempt) {
        let Attempt { client, is_copy, is_lost } = attempt;
        let free = self.free(now, (client, is_copy));
        let sent = Time(now.0.saturating_sub(self.delay())).max(free);
        let answered = Time(now.0 + self.delay());
        // Who gives up may do so before the request has arrived.
        let ended = if is_lost { Time(sent.0 + self.delay()).min(answered) } else { answered };
        let label = format!("c{client}{}", if is_copy { ".1" } else { "" });
        let moment = |time, is_ending| Moment { time, step: self.steps, is_ending };
        let ending = moment(ended, true);
        self.lines.insert(moment(sent, false), Line::Invoke(label, request.clone()));
        self.lines.insert(ending, if is_lost { Line::Lost } else { Line::Return(response) });
        self.ended.insert((client, is_copy), ending);
    }

    /// Since when a client that asks now has had no open call. An answer that is still under way arrives at once.
    fn free(&mut self, now: Time, client: (u32, bool)) -> Time {
        let Some(ending) = self.ended.get(&client).copied() else { return Time(0) };
        if ending.time > now {
            let line = self.lines.remove(&ending).expect("what lies ahead is not written");
            self.lines.insert(Moment { time: now, ..ending }, line);
        }
        ending.time.min(now)
    }

    /// How long a message is under way: some are quick, some are not.
    fn delay(&mut self) -> u64 {
        let is_quick = self.rng.chance(Ratio(1, 2));
        self.rng.below(if is_quick { QUICK_US } else { self.delay_us_max }).into()
    }

    fn write(&mut self, lines: BTreeMap<Moment, Line>) {
        for (Moment { time, step, .. }, line) in lines {
            let mut ended = || self.open.remove(&step).expect("a call is written before its ending");
            let kind = match line {
                Line::Invoke(client, request) => {
                    self.calls += 1;
                    let id = CallId(self.calls);
                    self.open.insert(step, id);
                    Kind::Invoke(Invoke { id, client: Some(client), request })
                }
                Line::Return(response) => Kind::Return(Return::of(ended(), response)),
                Line::Lost => Kind::Lost(Lost { id: ended(), why: Some("timeout".to_owned()) }),
                Line::Note(text) => Kind::Note(Note { text }),
            };
            if self.outcome.is_ok() {
                self.outcome = self.writer.write(&Record::new(Some(time), kind));
            }
        }
    }

    fn finish(mut self) -> io::Result<u64> {
        let lines = std::mem::take(&mut self.lines);
        self.write(lines);
        self.outcome?;
        self.writer.finish()
    }
}

/// What an operator of the cluster would notice of an event. The rest is hidden.
pub fn told(event: &Event) -> Option<String> {
    match event {
        Event::NodeDown(uid) => Some(format!("node {uid} went down")),
        Event::NodeUp(uid) => Some(format!("node {uid} is up again")),
        Event::Elect(uid) => Some(format!("node {uid} took over as primary")),
        _ => None,
    }
}
