//! What a cluster was asked and what it answered: the history and the case so far.
//!
//! The law applies one request after the other. A call is written down when it has arrived (`invoke`), when the law
//! is asked (the input of the case) and when its answer is about to be sent (`return`). Between these lie the lines of
//! other calls, as in a history that is recorded where the clients are.
//!
//! What is kept in memory has a bound. When it is reached, history and case begin again from the cluster as it is; a
//! file that is written as it goes has no bound. A call that is under way then is invoked once more at the new
//! beginning if the law has not been asked, and else is left out: what it did is in the cluster already.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use bytes::Bytes;
use tracing::warn;

use crate::case::{self, Case};
use crate::history::{CallId, Header, Invoke, Kind, Lost, Note, Record, Return, Writer};
use crate::http;
use crate::model::{Act, Body, Cluster, Input, Method, Reply, Request, Time};
use crate::sim;
use crate::spec::Rules;

/// What the header of a history names as its source.
const SOURCE: &str = concat!("action-oracle serve ", env!("CARGO_PKG_VERSION"));

/// How many bytes the lines of a history may take in memory for each input that is kept, roughly.
const BYTES_PER_INPUT: usize = 2 << 10;

/// How much more room a JSON value takes than its text, at most.
const BYTES_PER_LETTER: usize = 32;

/// Where histories go as they happen.
pub trait Shelf: Send {
    /// A place for the next history of a cluster.
    fn place(&mut self) -> io::Result<Box<dyn Write + Send>>;
}

/// A call that is under way: its request has arrived, and its answer was not sent.
#[derive(Debug)]
pub struct Call {
    id: CallId,
    client: Arc<str>,
    /// The number of the last beginning that has its `invoke`.
    invoked: u64,
}

impl Call {
    /// Who asks, as histories call it.
    pub(super) fn client(&self) -> &str {
        &self.client
    }
}

/// What clusters were asked, and what became of it.
pub(super) struct Journal {
    inputs_max: usize,
    calls: u64,
    /// How often a history has begun, in memory or in a file.
    beginnings: u64,
    kept: Kept,
    shelf: Option<Box<dyn Shelf>>,
    file: Option<Filed>,
    outcome: io::Result<()>,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("calls", &self.calls).finish_non_exhaustive()
    }
}

/// What is in memory. Most of it is never read, so that it becomes text when somebody asks for it.
struct Kept {
    /// The number of this beginning.
    begun: u64,
    rules: Rules,
    start: Cluster,
    lines: Vec<(Time, Line)>,
    bytes: usize,
    inputs: Vec<(Input, Reply)>,
}

/// What goes to a file.
struct Filed {
    /// The number of this beginning.
    begun: u64,
    history: Writer<Box<dyn Write + Send>>,
}

/// What will be a line of a history.
enum Line {
    Invoke(CallId, Arc<str>, Request),
    /// With the text that was sent.
    Return(CallId, u16, Vec<Method>, Bytes),
    Lost(CallId),
    Note(String),
}

impl Line {
    fn record(&self, at: Time) -> Record {
        let kind = match self {
            Self::Invoke(id, client, request) => {
                Kind::Invoke(Invoke { id: *id, client: Some(client.to_string()), request: request.clone() })
            }
            Self::Return(id, status, allow, text) => Kind::Return(Return {
                id: *id,
                status: *status,
                body: http::body_of(text),
                allow: allow.clone(),
            }),
            Self::Lost(id) => Kind::Lost(Lost { id: *id, why: Some("the connection was closed".to_owned()) }),
            Self::Note(text) => Kind::Note(Note { text: text.clone() }),
        };
        Record::new(Some(at), kind)
    }

    /// How many bytes it takes in memory, roughly.
    fn bytes(&self) -> usize {
        let further = match self {
            Self::Invoke(_, _, request) => request.path.as_str().len() + bytes_of(&request.body),
            Self::Return(_, _, _, text) => text.len(),
            Self::Lost(_) => 0,
            Self::Note(text) => text.len(),
        };
        size_of::<(Time, Self)>() + further
    }
}

fn bytes_of(body: &Body) -> usize {
    match body {
        Body::Absent => 0,
        Body::Text(text) => text.len(),
        Body::Json(value) => value.to_string().len() * BYTES_PER_LETTER,
    }
}

impl Kept {
    fn new(begun: u64, rules: &Rules, start: &Cluster) -> Self {
        let (lines, inputs) = (Vec::new(), Vec::new());
        Self { begun, rules: *rules, start: start.clone(), lines, bytes: 0, inputs }
    }
}

impl Journal {
    /// Begins with a cluster.
    pub(super) fn new(
        rules: &Rules,
        start: &Cluster,
        inputs_max: usize,
        shelf: Option<Box<dyn Shelf>>,
    ) -> Self {
        let kept = Kept::new(1, rules, start);
        let mut journal =
            Self { inputs_max, calls: 0, beginnings: 1, kept, shelf, file: None, outcome: Ok(()) };
        journal.open(rules, start);
        journal
    }

    /// Begins again: what follows does not follow from what was.
    pub(super) fn begin(&mut self, rules: &Rules, start: &Cluster) {
        self.keep_from(rules, start);
        self.close();
        self.open(rules, start);
    }

    /// A request has arrived.
    pub(super) fn arrive(&mut self, at: Time, client: Arc<str>, request: &Request) -> Call {
        self.calls += 1;
        let mut call = Call { id: CallId(self.calls), client, invoked: 0 };
        self.invoke(at, &mut call, request);
        call
    }

    /// Sees to it that a call is invoked in every history that it may appear in: that it takes effect now.
    pub(super) fn invoke(&mut self, at: Time, call: &mut Call, request: &Request) {
        if call.invoked < self.beginnings {
            let line = Line::Invoke(call.id, Arc::clone(&call.client), request.clone());
            let before = call.invoked;
            self.write(at, line, |begun| before < begun);
            call.invoked = self.beginnings;
        }
    }

    /// What the law was asked and said.
    pub(super) fn step(&mut self, input: Input, reply: Reply) {
        if let Act::Event(event) = &input.act
            && let Some(text) = sim::told(event)
        {
            self.write(input.at, Line::Note(text), |_| true);
        }
        self.kept.inputs.push((input, reply));
    }

    /// The answer to a call is about to be sent.
    pub(super) fn answer(&mut self, at: Time, call: &Call, status: u16, allow: &[Method], text: Bytes) {
        self.write(at, Line::Return(call.id, status, allow.to_vec(), text), |begun| begun <= call.invoked);
    }

    /// The answer to a call will not be sent.
    pub(super) fn lose(&mut self, at: Time, call: &Call) {
        self.write(at, Line::Lost(call.id), |begun| begun <= call.invoked);
    }

    /// Hands on what was written, so that it stays whatever becomes of this process, and begins again in memory if that is
    /// full.
    pub(super) fn settle(&mut self, rules: &Rules, now: &Cluster) {
        self.hand_on();
        if self.kept.inputs.len() >= self.inputs_max || self.kept.bytes / BYTES_PER_INPUT >= self.inputs_max {
            self.keep_from(rules, now);
        }
    }

    /// The history since it began last.
    pub(super) fn history(&self) -> Vec<u8> {
        let header = Header::of_run(&self.kept.rules, self.kept.start.clone(), SOURCE);
        let mut history = Writer::new(Vec::new(), &header).expect("a list of bytes takes a header");
        for (at, line) in &self.kept.lines {
            // An answer that is too long for the format is left out, and its call has no ending.
            drop(history.write(&line.record(*at)));
        }
        history.finished()
    }

    /// The case since it began last.
    pub(super) fn case(&self) -> Vec<u8> {
        let mut case = Case::new(self.kept.rules, self.kept.start.clone());
        case.provenance = Some(SOURCE.to_owned());
        for (input, reply) in &self.kept.inputs {
            case.record(input.clone(), reply);
        }
        let mut written = Vec::new();
        case::write(&case, &mut written).expect("a list of bytes takes a case");
        written
    }

    /// Hands on what was written, and says whether all of it could be.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.hand_on();
        std::mem::replace(&mut self.outcome, Ok(()))
    }

    /// Ends the file, and says whether all of it could be written.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.close();
        std::mem::replace(&mut self.outcome, Ok(()))
    }

    fn hand_on(&mut self) {
        if let Some(Filed { history, .. }) = &mut self.file
            && let Err(error) = history.flush()
        {
            self.fail(error);
        }
    }

    fn keep_from(&mut self, rules: &Rules, start: &Cluster) {
        self.beginnings += 1;
        self.kept = Kept::new(self.beginnings, rules, start);
    }

    fn open(&mut self, rules: &Rules, start: &Cluster) {
        let Some(shelf) = &mut self.shelf else { return };
        let header = Header::of_run(rules, start.clone(), SOURCE);
        match shelf.place().and_then(|place| Writer::new(place, &header)) {
            Ok(history) => self.file = Some(Filed { begun: self.beginnings, history }),
            Err(error) => self.fail(error),
        }
    }

    fn close(&mut self) {
        if let Some(Filed { history, .. }) = self.file.take()
            && let Err(error) = history.finish()
        {
            self.fail(error);
        }
    }

    /// Remembers the first error, and says so at once: whoever serves for hours should not learn of it at the end.
    fn fail(&mut self, error: io::Error) {
        if self.outcome.is_ok() {
            warn!(%error, "a history cannot be written");
            self.outcome = Err(error);
        }
    }

    /// Writes a line where it belongs, which depends on the number of the beginning.
    fn write(&mut self, at: Time, line: Line, belongs: impl Fn(u64) -> bool) {
        if let Some(file) = self.file.as_mut().filter(|file| belongs(file.begun))
            && let Err(error) = file.history.write(&line.record(at))
        {
            self.fail(error);
        }
        if belongs(self.kept.begun) {
            self.kept.bytes += line.bytes();
            self.kept.lines.push((at, line));
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // Whoever wants to hear of an error finishes the journal.
        self.close();
    }
}
