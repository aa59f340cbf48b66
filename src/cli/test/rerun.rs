//! The calls that force a divergence, made once more from a fresh cluster: how often they show it.
//!
//! A core says which answers contradict each other, and not how the cluster came there. So the calls about the same node
//! or cluster before them are tried as well, and those that are not needed are dropped again.

use std::path::Path;
use std::time::Duration;

use super::session::{Begun, Session};
use super::{Failure, check};
use crate::conformance::live::{self, Clock};
use crate::history::{CallId, Invoke, Kind, Lost, Record, Return, Unsent};
use crate::http::client::{Client, Outcome};
use crate::model::{Request, Time};
use crate::oracle::{Budget, CellName, Divergence, Judge, Options, Verdict};

/// How often a script is run.
pub(super) const TIMES: u32 = 3;

/// How long making a script shorter may take, in microseconds.
const MICROS_MAX: u64 = 8_000_000;

/// How many worlds are looked at before calls count as not showing anything.
const WORLDS_MAX: u64 = 200_000;

/// No pause in a script is longer.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// What came of running calls again.
pub(super) struct Rerun {
    /// The calls, in order.
    pub(super) calls: Vec<Call>,
    /// How often they showed the divergence again, out of [`TIMES`]; none if the cluster cannot be made afresh.
    pub(super) shown: Option<u32>,
}

/// A call that is made again.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) id: CallId,
    pub(super) request: Request,
    /// When it was made.
    pub(super) at: Time,
    /// What came back.
    pub(super) seen: Option<Kind>,
}

/// Runs the calls of a divergence again.
pub(super) fn rerun(session: &Session<'_>, path: &Path, divergence: &Divergence) -> Result<Rerun, Failure> {
    let all = calls(path)?;
    let is_core = |call: &Call| divergence.core.contains(&call.id);
    let core: Vec<_> = all.iter().filter(|call| is_core(call)).cloned().collect();
    if session.hook.is_none() {
        return Ok(Rerun { calls: core, shown: None });
    }
    // What takes long to find is not what was found.
    let budget = Budget { worlds: WORLDS_MAX.min(session.judging.budget.worlds), ..session.judging.budget };
    let judge = Judge::new(Options { budget, ..session.judging.clone() });
    let mut bench = Bench { session, divergence, judge };
    let shown = bench.count(&core)?;
    if shown > 0 {
        return Ok(Rerun { calls: core, shown: Some(shown) });
    }
    let last = divergence.core.iter().max().copied().unwrap_or(divergence.call);
    let leads_there =
        |call: &&Call| is_core(call) || call.id < last && is_about(&call.request, divergence.cell);
    let long: Vec<_> = all.iter().filter(leads_there).cloned().collect();
    let shown = bench.count(&long)?;
    if shown == 0 {
        return Ok(Rerun { calls: core, shown: Some(0) });
    }
    let short = bench.shorten(long)?;
    let shown = bench.count(&short)?;
    Ok(Rerun { calls: short, shown: Some(shown) })
}

/// Whether a request can change what a cell is about.
fn is_about(request: &Request, cell: CellName) -> bool {
    match cell {
        CellName::Node(uid) => request.path.node() == Some(uid),
        CellName::Cluster => true,
    }
}

struct Bench<'a> {
    session: &'a Session<'a>,
    divergence: &'a Divergence,
    judge: Judge,
}

impl Bench<'_> {
    /// How often calls show the divergence.
    fn count(&mut self, calls: &[Call]) -> Result<u32, Failure> {
        let mut shown = 0;
        for _ in 0..TIMES {
            shown += u32::from(self.shows(calls)?);
        }
        Ok(shown)
    }

    /// Leaves out calls that are not needed, many at once first, as long as there is time.
    fn shorten(&mut self, mut calls: Vec<Call>) -> Result<Vec<Call>, Failure> {
        let clock = Clock::new();
        let mut size = calls.len() / 2;
        while size > 0 {
            let mut at = 0;
            while at + size <= calls.len() && clock.now().0 < MICROS_MAX {
                let mut fewer = calls.clone();
                fewer.drain(at..at + size);
                if !fewer.is_empty() && self.shows(&fewer)? {
                    calls = fewer;
                } else {
                    at += size;
                }
            }
            size /= 2;
        }
        Ok(calls)
    }

    /// Makes calls from a fresh cluster, one after the other, and says whether they show the divergence.
    fn shows(&mut self, calls: &[Call]) -> Result<bool, Failure> {
        let session = self.session;
        let Begun { probe, clock, nodes } = session.begin().map_err(|(failure, _)| failure)?;
        let mut client = session.new_client();
        let mut records = probe.records;
        let mut before: Option<Time> = None;
        for (call, id) in calls.iter().zip(probe.calls + 1..) {
            live::wait(pause(before, call.at), || session.is_interrupted());
            before = Some(call.at);
            records.extend(make(&mut client, CallId(id), &call.request, clock));
        }
        let judgement = self.judge.judge_records(&session.header(&nodes), records);
        let Verdict::Diverges(found) = judgement.verdict else { return Ok(false) };
        // Chance decides which status the same fault is seen in.
        let is_same = |one: &Divergence| {
            one.signature == self.divergence.signature
                || one.clauses.first() == self.divergence.clauses.first()
        };
        Ok(found.iter().any(is_same))
    }
}

/// How long to wait between two calls.
pub(super) fn pause(before: Option<Time>, at: Time) -> Duration {
    let passed = before.map_or(0, |before| at.0.saturating_sub(before.0));
    Duration::from_micros(passed).min(PAUSE_MAX)
}

/// Makes one call, and returns its records.
fn make(client: &mut Client, id: CallId, request: &Request, clock: Clock) -> [Record; 2] {
    let invoke = Invoke { id, client: None, request: request.clone() };
    let invoke = Record::new(Some(clock.now()), Kind::Invoke(invoke));
    let ending = match client.call(request) {
        Outcome::Answer(answer) => {
            let (status, body, allow) = (answer.status, answer.body, answer.allow);
            Kind::Return(Return { id, status, body, allow })
        }
        Outcome::Lost(why) => Kind::Lost(Lost { id, why: Some(why) }),
        Outcome::Unsent(why) => Kind::Unsent(Unsent { id, client: None, request: None, why: Some(why) }),
    };
    [invoke, Record::new(Some(clock.now()), ending)]
}

/// All calls of a history that were sent.
fn calls(path: &Path) -> Result<Vec<Call>, Failure> {
    let mut calls: Vec<Call> = Vec::new();
    for record in check::open(path)? {
        let record = record.map_err(|error| Failure::cannot_read(path, error))?;
        let at = record.time.unwrap_or(Time(0));
        match record.kind {
            Kind::Invoke(Invoke { id, request, .. }) => calls.push(Call { id, request, at, seen: None }),
            Kind::Return(Return { id, .. }) | Kind::Lost(Lost { id, .. }) => {
                if let Some(call) = calls.iter_mut().rev().find(|call| call.id == id) {
                    call.seen = Some(record.kind);
                }
            }
            Kind::Unsent(Unsent { id, .. }) => calls.retain(|call| call.id != id),
            Kind::Note(_) | Kind::Fence(_) => {}
        }
    }
    Ok(calls)
}
