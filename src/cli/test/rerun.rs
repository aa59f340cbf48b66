//! What forces a divergence, made once more from a fresh cluster, and made shorter as long as it shows the same.
//!
//! A core says which answers contradict each other, and not how the cluster came there. So the calls about the same node
//! or cluster before them are tried as well, then all calls, and those that are not needed are left out again. Nobody
//! knows how long a server takes or how an action ends: a GET that showed a status is repeated until it shows that
//! status again, and a candidate is accepted if one of several runs shows the divergence. The calls are made one after
//! the other, also where they overlapped: what needs an overlap is shown by the history alone.

use std::time::Duration;

use super::session::Session;
use super::{Failure, check};
use crate::cli::server::Begun;
use crate::conformance::live::{self, Clock};
use crate::history::{CallId, Invoke, Kind, Lost, Record, Return, Unsent};
use crate::http::Sighting;
use crate::http::client::{Client, Outcome};
use crate::model::{Body, Method, NodeUid, Request, Status, Time};
use crate::oracle::{Budget, CellName, Divergence, Judge, Options, Verdict};

/// How often a script is run in the end, at least.
const TIMES: u32 = 5;

/// How often a candidate is run before it counts as not showing anything. Where chance decides how actions end, a history
/// of a few actions comes again once in ten or twenty runs.
const TRIES_MAX: u32 = 40;

/// How long a candidate is tried, in microseconds.
const TRYING_MAX: u64 = 3_000_000;

/// How long all of this may take for one divergence, in microseconds.
const MICROS_MAX: u64 = 12_000_000;

/// How many worlds are looked at before calls count as not showing anything.
const WORLDS_MAX: u64 = 200_000;

/// No pause in a script is longer.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// How long to wait for a status, and how long between two looks.
const WAIT_MAX: Duration = Duration::from_secs(3);
const LOOK_EACH: Duration = Duration::from_millis(2);

/// What came of running calls again.
pub(super) struct Rerun {
    /// The calls, in order.
    pub(super) calls: Vec<Call>,
    /// How often they showed the divergence again, and how often they were run; none if the cluster cannot be made
    /// afresh.
    pub(super) shown: Option<(u32, u32)>,
    /// Whether that was without pauses between them.
    pub(super) is_hurried: bool,
    /// What was called and what came back when they showed it last.
    pub(super) records: Vec<Record>,
    /// What they showed then, where the call that was found is not among them: the same fault seen elsewhere.
    pub(super) elsewhere: Option<Divergence>,
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

impl Call {
    /// The status that a look at one action showed: the same look is repeated until it shows it again.
    pub(super) fn until(&self) -> Option<Status> {
        let is_look = self.request.method == Method::Get && self.request.path.slot().is_some();
        match &self.seen {
            Some(Kind::Return(Return { status: 200, body, .. })) if is_look => status_in(body),
            _ => None,
        }
    }
}

/// The status of the action that an answer shows.
fn status_in(body: &Body) -> Option<Status> {
    let Body::Json(value) = body else { return None };
    Sighting::of(value.as_object()?).status.understood()
}

/// Runs the calls of a divergence again.
pub(super) fn rerun(
    session: &Session<'_>,
    records: &[Record],
    divergence: &Divergence,
) -> Result<Rerun, Failure> {
    let all = calls(records);
    let is_core = |call: &&Call| divergence.core.contains(&call.id);
    let core: Vec<_> = all.iter().filter(is_core).cloned().collect();
    if session.server.hook.is_none() {
        let records = records_of(&core, records);
        return Ok(Rerun { shown: None, is_hurried: false, records, calls: core, elsewhere: None });
    }
    // What takes long to find is not what was found.
    let budget = Budget { worlds: WORLDS_MAX.min(session.judging.budget.worlds), ..session.judging.budget };
    let judge = Judge::new(Options { budget, ..session.judging.clone() }).of_one_implementation();
    let mut bench = Bench {
        session,
        divergence,
        judge,
        clock: Clock::new(),
        is_hurried: false,
        was_hurried: false,
        last: (Vec::new(), None),
    };
    let last = divergence.core.iter().max().copied().unwrap_or(divergence.call);
    let before = |call: &&Call| call.id < last || is_core(call);
    let related = |call: &&Call| is_core(call) || (before(call) && is_about(&call.request, divergence.cell));
    let candidates = [
        core.clone(),
        all.iter().filter(related).cloned().collect(),
        all.iter().filter(before).cloned().collect(),
    ];
    for candidate in candidates {
        // What shows it once in so many runs is given two and a half times as many from then on.
        if let Some(tries) = bench.tries(&candidate, TRIES_MAX)? {
            let tries = (tries * 5).div_ceil(2).min(TRIES_MAX);
            let calls = bench.shorten(candidate, tries)?;
            let times = tries.max(TIMES);
            bench.is_hurried = bench.was_hurried;
            let shown = bench.count(&calls, times)?;
            let Bench { is_hurried, last: (records, elsewhere), .. } = bench;
            let elsewhere = elsewhere.filter(|_| calls.iter().all(|call| call.id != divergence.call));
            return Ok(Rerun { calls, shown: Some(shown), is_hurried, records, elsewhere });
        }
    }
    let records = records_of(&core, records);
    Ok(Rerun { shown: Some((0, TRIES_MAX)), is_hurried: false, records, calls: core, elsewhere: None })
}

/// What is recorded of calls.
fn records_of(calls: &[Call], records: &[Record]) -> Vec<Record> {
    let is_theirs = |record: &&Record| match &record.kind {
        Kind::Invoke(Invoke { id, .. }) | Kind::Return(Return { id, .. }) | Kind::Lost(Lost { id, .. }) => {
            calls.iter().any(|call| call.id == *id)
        }
        Kind::Unsent(_) | Kind::Note(_) | Kind::Fence(_) => false,
    };
    records.iter().filter(is_theirs).cloned().collect()
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
    clock: Clock,
    /// Whether calls are made without pauses. A run that shows nothing is followed by one of the other kind.
    is_hurried: bool,
    /// Whether they were when a candidate was accepted last.
    was_hurried: bool,
    /// The records of the run that showed it last, and what it showed.
    last: (Vec<Record>, Option<Divergence>),
}

impl Bench<'_> {
    /// How often calls show the divergence in how many runs: so many, or more until it was shown once more.
    fn count(&mut self, calls: &[Call], times: u32) -> Result<(u32, u32), Failure> {
        let (mut shown, mut runs) = (0, 0);
        while runs < times || (shown == 0 && runs < TRIES_MAX) {
            shown += u32::from(self.shows(calls)?);
            runs += 1;
            if shown == 0 && runs >= times {
                self.is_hurried = !self.is_hurried;
            }
        }
        Ok((shown, runs))
    }

    /// After how many runs calls showed the divergence, if that was soon enough.
    fn tries(&mut self, calls: &[Call], tries_max: u32) -> Result<Option<u32>, Failure> {
        let clock = Clock::new();
        for tries in 1..=tries_max {
            if self.shows(calls)? {
                self.was_hurried = self.is_hurried;
                return Ok(Some(tries));
            }
            self.is_hurried = !self.is_hurried;
            if clock.now().0 > TRYING_MAX || self.session.server.is_interrupted() {
                break;
            }
        }
        Ok(None)
    }

    /// Leaves out calls that are not needed, many at once first, as long as there is time and until nothing more can be
    /// left out. What is given back was seen to show the divergence.
    fn shorten(&mut self, mut calls: Vec<Call>, tries: u32) -> Result<Vec<Call>, Failure> {
        let mut size = calls.len() / 2;
        while size > 0 {
            let before = calls.len();
            let mut end = calls.len();
            while end > 0 && self.clock.now().0 < MICROS_MAX {
                let start = end.saturating_sub(size);
                let mut fewer = calls.clone();
                fewer.drain(start..end);
                if !fewer.is_empty() && self.tries(&fewer, tries)?.is_some() {
                    calls = fewer;
                }
                end = start;
            }
            let goes_on = size == 1 && calls.len() < before && self.clock.now().0 < MICROS_MAX;
            size = if goes_on { 1 } else { size / 2 };
        }
        Ok(calls)
    }

    /// Makes calls from a fresh cluster, one after the other, and says whether they show the divergence.
    fn shows(&mut self, calls: &[Call]) -> Result<bool, Failure> {
        let is_core = |call: &Call| self.divergence.core.contains(&call.id);
        let Some(played) = play(self.session, calls, self.is_hurried, is_core)? else { return Ok(false) };
        let header = self.session.header(&played.nodes);
        let judgement = self.judge.judge_records(&header, played.records.iter().cloned());
        let Verdict::Diverges(found) = judgement.verdict else { return Ok(false) };
        // Chance decides which status the same fault is seen in.
        let is_same = |one: &Divergence| {
            one.signature == self.divergence.signature
                || one.clauses.first() == self.divergence.clauses.first()
        };
        let shown = found.into_iter().find(is_same);
        let shows = shown.is_some();
        if shows {
            self.last = (played.records.into_iter().skip(played.probed).collect(), shown);
        }
        Ok(shows)
    }
}

/// Calls that were made from a fresh cluster.
pub(super) struct Played {
    /// What was called and what came back.
    pub(super) records: Vec<Record>,
    /// How many of these come from asking for the nodes, at first.
    probed: usize,
    /// The nodes that there are.
    pub(super) nodes: Vec<NodeUid>,
}

/// Makes calls from a fresh cluster, one after the other, with the pauses between them or in a hurry. `None` if one of
/// those that must show again what they have shown does not.
pub(super) fn play(
    session: &Session<'_>,
    calls: &[Call],
    is_hurried: bool,
    must_show: impl Fn(&Call) -> bool,
) -> Result<Option<Played>, Failure> {
    let Begun { probe, clock, nodes } = session.server.begin().map_err(|(failure, _)| failure)?;
    let probed = probe.records.len();
    let mut player = Player { session, client: session.server.new_client(), clock, records: probe.records };
    let mut before: Option<(Time, Time)> = None;
    for call in calls {
        // What the call before took is part of the time that passed.
        let passed = before.map_or(0, |(_, begun)| clock.now().0 - begun.0);
        let rest = pause(before.map(|(at, _)| at), call.at).saturating_sub(Duration::from_micros(passed));
        if !is_hurried {
            live::wait(rest, || session.server.is_interrupted());
        }
        before = Some((call.at, clock.now()));
        if !player.make(call) && must_show(call) {
            return Ok(None);
        }
    }
    Ok(Some(Played { records: player.records, probed, nodes }))
}

/// How long to wait between two calls.
pub(super) fn pause(before: Option<Time>, at: Time) -> Duration {
    let passed = before.map_or(0, |before| at.0.saturating_sub(before.0));
    Duration::from_micros(passed).min(PAUSE_MAX)
}

/// Makes calls, and keeps their records.
struct Player<'a> {
    session: &'a Session<'a>,
    client: Client,
    clock: Clock,
    records: Vec<Record>,
}

impl Player<'_> {
    /// Makes a call; a look at an action until it shows what it has shown. False if that did not come: it has ended
    /// otherwise, or goes on.
    fn make(&mut self, call: &Call) -> bool {
        let begin = self.clock.now();
        loop {
            let status = self.make_once(&call.request);
            let Some((until, status)) = call.until().zip(status) else { return true };
            let waited = Duration::from_micros(self.clock.now().0 - begin.0);
            if status == until || (status.is_final() && !until.is_final()) {
                return true;
            }
            if status.is_final() || waited > WAIT_MAX || self.session.server.is_interrupted() {
                return false;
            }
            live::wait(LOOK_EACH, || self.session.server.is_interrupted());
        }
    }

    /// Makes one call. Gives the status that it shows.
    fn make_once(&mut self, request: &Request) -> Option<Status> {
        let id = CallId(self.records.len() as u64 / 2 + 1);
        let invoke = Invoke { id, client: None, request: request.clone() };
        self.records.push(Record::new(Some(self.clock.now()), Kind::Invoke(invoke)));
        let (ending, status) = match self.client.call(request) {
            Outcome::Answer(answer) => {
                let (status, body, allow) = (answer.status, answer.body, answer.allow);
                let shown = status_in(&body).filter(|_| status == 200);
                (Kind::Return(Return { id, status, body, allow }), shown)
            }
            Outcome::Lost(why) => (Kind::Lost(Lost { id, why: Some(why) }), None),
            Outcome::Unsent(why) => {
                (Kind::Unsent(Unsent { id, client: None, request: None, why: Some(why) }), None)
            }
        };
        self.records.push(Record::new(Some(self.clock.now()), ending));
        status
    }
}

/// All records of a history.
pub(super) fn records(path: &std::path::Path) -> Result<Vec<Record>, Failure> {
    check::open(path)?.collect::<Result<_, _>>().map_err(|error| Failure::cannot_read(path, error))
}

/// All calls that were sent.
fn calls(records: &[Record]) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    for record in records {
        let at = record.time.unwrap_or(Time(0));
        match &record.kind {
            Kind::Invoke(Invoke { id, request, .. }) => {
                calls.push(Call { id: *id, request: request.clone(), at, seen: None });
            }
            Kind::Return(Return { id, .. }) | Kind::Lost(Lost { id, .. }) => {
                if let Some(call) = calls.iter_mut().rev().find(|call| call.id == *id) {
                    call.seen = Some(record.kind.clone());
                }
            }
            Kind::Unsent(Unsent { id, .. }) => calls.retain(|call| call.id != *id),
            Kind::Note(_) | Kind::Fence(_) => {}
        }
    }
    calls
}
