//! A whole run as a page needs it: every call in a few numbers, whatever its length.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::history::{CallId, Kind, Record, Return};
use crate::http::Sighting;
use crate::intern::Interner;
use crate::model::{Body, Method, NodeUid, Request, Slot, Status};
use crate::report::judgement;

/// A run, taken in record by record. Bodies are not kept.
#[derive(Debug, Default)]
pub struct Run {
    records: u32,
    pub(super) calls: Vec<Call>,
    /// The calls that have no ending yet, by their ids: where each stands, and what it was about.
    open: BTreeMap<CallId, (usize, About)>,
    /// The calls that may still act though they have ended, by their ids.
    lost: BTreeMap<CallId, usize>,
    pub(super) lanes: Vec<Lane>,
    /// The lanes of each client; those without a name share one.
    of_client: BTreeMap<Option<String>, Vec<usize>>,
    requests: Interner<String>,
    answers: Interner<String>,
    /// Notes and fences, with the numbers of their records.
    pub(super) marks: Vec<Mark>,
    last_shown: BTreeMap<Slot, Option<Status>>,
    /// How often an answer showed one status of a slot, and the next about it another.
    pub(super) shown: BTreeMap<(Option<Status>, Option<Status>), u64>,
    /// How many POSTs were accepted.
    pub(super) accepted: u64,
    /// How many answers showed each status.
    pub(super) seen: BTreeMap<Option<Status>, u64>,
}

/// What is kept of a call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    pub(super) id: CallId,
    pub(super) lane: u32,
    pub(super) begun: u32,
    /// The number of the record that ended it, or 0.
    pub(super) ended: u32,
    ending: Ending,
    /// The number of the record from which on it acts no more though nobody knows what came of it, or 0.
    fenced: u32,
    request: u32,
    answer: u32,
    time: Option<u64>,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    None,
    Answered,
    Lost,
    Unsent,
}

impl Call {
    /// The number of the record from which on it cannot act any more, if there is one.
    pub(super) fn settled(&self) -> Option<u32> {
        let settled = match self.ending {
            Ending::None | Ending::Lost => self.fenced,
            Ending::Answered | Ending::Unsent => self.ended,
        };
        (settled > 0).then_some(settled)
    }
}

/// A row of bars: the calls of one client, of which none overlap.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) name: String,
    is_taken: bool,
}

/// Something that happened beside the calls.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) record: u32,
    pub(super) is_fence: bool,
    pub(super) text: String,
}

/// What is needed of a request to understand its answer.
#[derive(Debug, Clone, Copy)]
struct About {
    method: Method,
    slot: Option<Slot>,
    node: Option<NodeUid>,
}

impl About {
    fn of(request: &Request) -> Self {
        Self { method: request.method, slot: request.path.slot(), node: request.path.node() }
    }
}

impl Run {
    /// Takes in the next record.
    pub fn take(&mut self, record: &Record) {
        self.records += 1;
        match &record.kind {
            Kind::Invoke(call) => {
                let time = record.time.map(|time| time.0);
                self.begin(call.id, call.client.clone(), &call.request, time);
            }
            Kind::Return(answer) => {
                if let Some(about) = self.end(answer.id, Ending::Answered, summary(answer)) {
                    self.note_shown(about, answer);
                }
            }
            Kind::Lost(lost) => {
                let text = judgement::ending(&record.kind).unwrap_or_default();
                self.end(lost.id, Ending::Lost, text);
            }
            Kind::Unsent(call) => {
                self.end(call.id, Ending::Unsent, "not sent".to_owned());
            }
            Kind::Note(note) => self.mark(false, note.text.clone()),
            Kind::Fence(fence) => {
                for id in &fence.lost {
                    let lost = self.lost.remove(id).or_else(|| self.open.get(id).map(|(at, _)| *at));
                    if let Some(at) = lost {
                        self.calls[at].fenced = self.records;
                    }
                }
                let ids: Vec<_> = fence.lost.iter().map(ToString::to_string).collect();
                let why = fence.why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
                self.mark(true, format!("call {} can act no more{why}", ids.join(", ")));
            }
        }
    }

    /// Adds what the answers of another run showed. Its calls are not taken in.
    pub fn count(&mut self, other: &Self) {
        for (pair, count) in &other.shown {
            *self.shown.entry(*pair).or_default() += count;
        }
        self.accepted += other.accepted;
        for (status, count) in &other.seen {
            *self.seen.entry(*status).or_default() += count;
        }
    }

    /// How many records there were.
    pub(super) fn records(&self) -> u32 {
        self.records
    }

    fn begin(&mut self, id: CallId, client: Option<String>, request: &Request, time: Option<u64>) {
        let lane = self.lane(client);
        let number = self.requests.number(judgement::asked(request));
        let answer = self.answers.number("no answer".to_owned());
        self.open.insert(id, (self.calls.len(), About::of(request)));
        self.calls.push(Call {
            id,
            lane,
            begun: self.records,
            ended: 0,
            ending: Ending::None,
            fenced: 0,
            request: number,
            answer,
            time,
        });
    }

    fn end(&mut self, id: CallId, ending: Ending, text: String) -> Option<About> {
        let (at, about) = self.open.remove(&id)?;
        if ending == Ending::Lost {
            self.lost.insert(id, at);
        }
        let call = &mut self.calls[at];
        call.ended = self.records;
        call.ending = ending;
        call.answer = self.answers.number(text);
        self.lanes[call.lane as usize].is_taken = false;
        Some(about)
    }

    /// A free lane of a client, or a new one. After many that stay taken the last is shared.
    fn lane(&mut self, client: Option<String>) -> u32 {
        const LANES_MAX: usize = 64;
        let name = client.clone().unwrap_or_else(|| "–".to_owned());
        let mine = self.of_client.entry(client).or_default();
        let free = mine.iter().copied().find(|lane| !self.lanes[*lane].is_taken);
        let lane = free.or_else(|| mine.last().copied().filter(|_| mine.len() >= LANES_MAX));
        let lane = lane.unwrap_or_else(|| {
            mine.push(self.lanes.len());
            self.lanes.push(Lane { name, is_taken: true });
            self.lanes.len() - 1
        });
        self.lanes[lane].is_taken = true;
        u32::try_from(lane).expect("there are fewer lanes than records")
    }

    fn mark(&mut self, is_fence: bool, text: String) {
        self.marks.push(Mark { record: self.records, is_fence, text });
    }

    fn note_shown(&mut self, about: About, answer: &Return) {
        if about.method == Method::Post && about.slot.is_some() && answer.status == 200 {
            self.accepted += 1;
        }
        for (slot, status) in shown(about, answer) {
            *self.seen.entry(status).or_default() += 1;
            let before = self.last_shown.insert(slot, status);
            if let Some(before) = before.filter(|before| *before != status) {
                *self.shown.entry((before, status)).or_default() += 1;
            }
        }
    }

    /// The run for its script: columns of numbers, of which those that grow are told by their steps.
    pub(super) fn to_json(&self, divergences: &[u64]) -> Value {
        let (mut id, mut begun, mut time) = (0, 0, 0);
        let steps = |of: &mut dyn FnMut(&Call) -> i64| self.calls.iter().map(of).collect::<Vec<_>>();
        let ids = steps(&mut |call| step(&mut id, call.id.0));
        let beginnings = steps(&mut |call| step(&mut begun, call.begun.into()));
        let times = steps(&mut |call| step(&mut time, call.time.unwrap_or(0)));
        let has_times = self.calls.iter().any(|call| call.time.is_some());
        let column = |of: fn(&Call) -> u32| self.calls.iter().map(of).collect::<Vec<_>>();
        json!({
            "records": self.records,
            "lanes": self.lanes.iter().map(|lane| &lane.name).collect::<Vec<_>>(),
            "requests": self.requests.values(),
            "answers": self.answers.values(),
            "ids": ids,
            "lane": column(|call| call.lane),
            "begun": beginnings,
            "length": column(|call| call.ended.saturating_sub(call.begun)),
            "ending": column(|call| call.ending as u32),
            "request": column(|call| call.request),
            "answer": column(|call| call.answer),
            "times": if has_times { json!(times) } else { Value::Null },
            "marks": self.marks.iter().map(|it| json!([it.record, it.is_fence, it.text])).collect::<Vec<_>>(),
            "divergences": divergences,
        })
    }
}

/// How far a number is from the last one. Ids are any numbers; what wraps here wraps back where it is read.
fn step(last: &mut u64, now: u64) -> i64 {
    now.wrapping_sub(std::mem::replace(last, now)).cast_signed()
}

/// An answer in a few words: its code, and the status or the error that it tells.
pub(super) fn summary(answer: &Return) -> String {
    let says = match &answer.body {
        Body::Json(Value::Object(object)) => match Sighting::of(object).status.understood() {
            Some(status) => Some(status.name().to_owned()),
            None => object.get("error_code").and_then(Value::as_str).map(str::to_owned),
        },
        _ => None,
    };
    let listed = || {
        let count = entries(&answer.body)?.len();
        Some(if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") })
    };
    let says = says.or_else(listed).unwrap_or_default();
    format!("{} {says}", answer.status).trim_end().to_owned()
}

/// What the answer to a request shows of slots: a status, or that there is none.
pub(super) fn shown_by(request: &Request, answer: &Return) -> Vec<(Slot, Option<Status>)> {
    shown(About::of(request), answer)
}

fn shown(about: About, answer: &Return) -> Vec<(Slot, Option<Status>)> {
    let status = |value: &Value| Sighting::of(value.as_object()?).status.understood();
    match (about.method, about.slot, answer.status, &answer.body) {
        (Method::Get, Some(slot), 404, _) => vec![(slot, None)],
        (Method::Get | Method::Post, Some(slot), 200, Body::Json(body)) => {
            status(body).map(|status| (slot, Some(status))).into_iter().collect()
        }
        (Method::Get, None, 200, body) => {
            let objects = entries(body).into_iter().flatten();
            let of_slot = |entry: &Value| {
                let slot = Sighting::of(entry.as_object()?).slot(about.node)?;
                Some((slot, Some(status(entry)?)))
            };
            objects.filter_map(of_slot).collect()
        }
        _ => Vec::new(),
    }
}

/// The entries of a list, in either of its forms.
fn entries(body: &Body) -> Option<&Vec<Value>> {
    match body {
        Body::Json(value) => value.get("actions").unwrap_or(value).as_array(),
        Body::Absent | Body::Text(_) => None,
    }
}
