//! A run against a server: several clients at once, and the history of what they saw.
//!
//! The history is written as it goes, an `invoke` before anything is sent and its ending after the last byte has
//! arrived, under one lock: so the order of the lines is the real-time order, and a run that is killed leaves a history
//! that can be judged. The clients share one [`Generator`], so that they meet in the same few slots. Deliberately
//! absent: judging, and what the server is started with.

mod clock;
mod pace;
mod probe;

pub use clock::Clock;
pub use probe::{Probe, probe};

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::generate::{Generator, Setup};
use crate::history::{CallId, Invoke, Kind, Lost, Note, Record, Return, Unsent, Writer};
use crate::http::client::{Client, Outcome, Users};
use crate::model::{Method, NodeAction, Place, Request, Slot, Time};
use crate::sim::Seed;
use crate::sim::seed::{Ratio, Rng};
pub use pace::Pace;

/// What a run is like.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The seed of its requests.
    pub seed: Seed,
    /// How many calls are made.
    pub calls: u64,
    /// What it begins with. Of a cluster that is not fresh few nodes are removed.
    pub setup: Setup,
    /// Who can ask.
    pub users: Users,
}

/// What came of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ran {
    /// How many calls were made.
    pub calls: u64,
    /// How many of them have no answer.
    pub lost: u64,
    /// How many were not sent.
    pub unsent: u64,
    /// Why it ended.
    pub end: End,
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// All calls were made.
    Done,
    /// Somebody interrupted it.
    Interrupted,
    /// Too many calls have no answer: what they did could be anything.
    TooManyLost,
    /// The server cannot be reached any more.
    Unreachable,
}

/// After so many calls the requests follow another habit.
const CALLS_OF_A_HABIT: u64 = 90;

/// So many calls may overlap in a slot. Each more doubles what can have happened.
const OVERLAP_MAX: u32 = 4;

/// A run ends after so many calls without an answer.
const LOST_MAX: u64 = 16;

/// A run ends after so many calls in a row that could not be sent.
const UNSENT_MAX: u32 = 5;

/// Makes the calls of a plan and writes their history, which goes on after the records of a probe. The generator remembers
/// what was met in all runs, and the pace how fast the server was.
///
/// # Errors
///
/// The history cannot be written. No call is made after that.
pub fn drive<W: Write + Send>(
    plan: &Plan,
    (generator, pace): (&mut Generator, &mut Pace),
    clients: Vec<Client>,
    probed: &Probe,
    clock: Clock,
    writer: Writer<W>,
    interrupted: &AtomicBool,
) -> io::Result<Ran> {
    generator.begin(plan.seed, &plan.setup);
    pace.begin();
    let mut run = Run::new(plan, generator, pace, clock, writer);
    for record in &probed.records {
        run.write(record.kind.clone(), record.time)?;
    }
    run.next_id = probed.calls + 1;
    let run = Mutex::new(run);
    thread::scope(|scope| {
        for (number, client) in clients.into_iter().enumerate() {
            let run = &run;
            scope.spawn(move || work(number, client, run, interrupted));
        }
    });
    let mut run = run.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = run.failed.take() {
        return Err(error);
    }
    let end = run.end.unwrap_or(End::Done);
    if let Some(text) = end.says() {
        run.write(Kind::Note(Note { text: text.to_owned() }), Some(clock.now()))?;
    }
    let Run { calls, lost, unsent, writer, .. } = run;
    writer.finish()?;
    Ok(Ran { calls, lost, unsent, end })
}

impl End {
    /// Why it ended before it was done.
    pub fn says(self) -> Option<&'static str> {
        match self {
            Self::Done => None,
            Self::Interrupted => Some("the run was interrupted"),
            Self::TooManyLost => Some("the run was ended: too many calls have no answer"),
            Self::Unreachable => Some("the run was ended: the server cannot be reached any more"),
        }
    }
}

/// One client: waits, draws a request, sends it.
fn work<W: Write>(number: usize, mut client: Client, run: &Mutex<Run<'_, W>>, interrupted: &AtomicBool) {
    loop {
        let is_over = || interrupted.load(Ordering::Relaxed) || locked(run).end.is_some();
        let pause = locked(run).pause(number);
        wait(pause, is_over);
        let Some((id, request)) = locked(run).begin(number, interrupted) else { return };
        let outcome = client.call(&request);
        locked(run).finish(id, request, outcome);
    }
}

fn locked<'a, 'b, W: Write>(run: &'a Mutex<Run<'b, W>>) -> MutexGuard<'a, Run<'b, W>> {
    // A client that panicked is told of when the threads are joined.
    run.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits, and looks now and then whether there is still a reason to.
pub fn wait(time: Duration, is_over: impl Fn() -> bool) {
    const SLICE: Duration = Duration::from_millis(50);
    let mut left = time;
    while !left.is_zero() && !is_over() {
        let slice = left.min(SLICE);
        #[expect(clippy::disallowed_methods, reason = "a server needs time to move")]
        thread::sleep(slice);
        left -= slice;
    }
}

/// What the clients share.
struct Run<'a, W: Write> {
    plan: &'a Plan,
    clock: Clock,
    writer: Writer<W>,
    generator: &'a mut Generator,
    rng: Rng,
    /// What is known by now.
    setup: Setup,
    next_id: u64,
    calls: u64,
    lost: u64,
    unsent: u64,
    unsent_in_a_row: u32,
    open: BTreeMap<Slot, u32>,
    pace: &'a mut Pace,
    end: Option<End>,
    failed: Option<io::Error>,
}

impl<'a, W: Write> Run<'a, W> {
    fn new(
        plan: &'a Plan,
        generator: &'a mut Generator,
        pace: &'a mut Pace,
        clock: Clock,
        writer: Writer<W>,
    ) -> Self {
        Self {
            plan,
            clock,
            writer,
            generator,
            rng: plan.seed.fork("pauses"),
            setup: plan.setup.clone(),
            next_id: 1,
            calls: 0,
            lost: 0,
            unsent: 0,
            unsent_in_a_row: 0,
            open: BTreeMap::new(),
            pace,
            end: None,
            failed: None,
        }
    }

    fn write(&mut self, kind: Kind, time: Option<Time>) -> io::Result<()> {
        self.writer.write(&Record::new(time, kind))?;
        self.writer.flush()
    }

    /// Writes a record now. Without a history there is no run.
    fn note(&mut self, kind: Kind) {
        let written = self.write(kind, Some(self.clock.now()));
        if let Err(error) = written {
            self.failed.get_or_insert(error);
            self.end = Some(End::Interrupted);
        }
    }

    /// The next call, noted; none if the run is over.
    fn begin(&mut self, client: usize, interrupted: &AtomicBool) -> Option<(CallId, Request)> {
        if interrupted.load(Ordering::Relaxed) {
            self.end.get_or_insert(End::Interrupted);
        }
        if self.end.is_some() || self.calls == self.plan.calls {
            return None;
        }
        if self.calls > 0 && self.calls.is_multiple_of(CALLS_OF_A_HABIT) {
            self.generator.change_habit(&self.setup);
        }
        let request = self.draw(client);
        let id = CallId(self.next_id);
        self.next_id += 1;
        self.calls += 1;
        if let Some(slot) = request.path.slot() {
            *self.open.entry(slot).or_default() += 1;
        }
        self.note(Kind::Invoke(Invoke { id, client: Some(format!("c{client}")), request: request.clone() }));
        self.failed.is_none().then_some((id, request))
    }

    /// A request that somebody can send, to a slot that is not crowded.
    fn draw(&mut self, client: usize) -> Request {
        const TRIES: u32 = 50;
        for _ in 0..TRIES {
            let request = self.generator.next(client);
            let slot = request.path.slot();
            let is_crowded = slot.is_some_and(|slot| self.open.get(&slot) >= Some(&OVERLAP_MAX));
            let removes =
                request.method == Method::Post && matches!(slot, Some(Slot::Node(_, NodeAction::Remove)));
            let is_spared = !self.plan.setup.is_fresh && removes && !self.rng.chance(Ratio(1, 8));
            if self.plan.users.can_be(request.caller) && !is_crowded && !is_spared {
                return request;
            }
        }
        probe::get(Place::AllNodes)
    }

    /// Notes what came of a call.
    fn finish(&mut self, id: CallId, request: Request, outcome: Outcome) {
        let open = request.path.slot().and_then(|slot| self.open.get_mut(&slot));
        if let Some(count) = open {
            // A lost call may still act: it takes its place in the slot with it.
            *count -= u32::from(!matches!(outcome, Outcome::Lost(_)));
        }
        self.unsent_in_a_row =
            if matches!(outcome, Outcome::Unsent(_)) { self.unsent_in_a_row + 1 } else { 0 };
        match outcome {
            Outcome::Answer(answer) => {
                let response = answer.response();
                self.generator.saw(&request, &response);
                if let Some(body) = &response.body {
                    self.pace.saw(body, self.clock.now());
                }
                if let Some(nodes) = probe::nodes_in(&request, &answer) {
                    self.setup.nodes = nodes;
                }
                let (status, body, allow) = (answer.status, answer.body, answer.allow);
                self.note(Kind::Return(Return { id, status, body, allow }));
            }
            Outcome::Lost(why) => {
                self.lost += 1;
                if self.lost >= LOST_MAX {
                    self.end.get_or_insert(End::TooManyLost);
                }
                self.note(Kind::Lost(Lost { id, why: Some(why) }));
            }
            Outcome::Unsent(why) => {
                self.unsent += 1;
                if self.unsent_in_a_row >= UNSENT_MAX {
                    self.end.get_or_insert(End::Unreachable);
                }
                self.note(Kind::Unsent(Unsent { id, client: None, request: None, why: Some(why) }));
            }
        }
    }

    /// How long a client waits before its next request: as long as so many moves take, more or less. If nothing goes on
    /// nothing is waited for.
    fn pause(&mut self, client: usize) -> Duration {
        let moves = self.generator.pause(client);
        if !self.generator.is_anything_live() {
            return Duration::ZERO;
        }
        self.pace.next(self.clock.now()) * moves * (50 + self.rng.below(100)) / 100
    }
}
