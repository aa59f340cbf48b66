//! What a cluster was asked and what it answered: the history and the case so far.
//!
//! The law applies one request after the other, and each is written down when it is applied: its `invoke` after it was
//! read, its `return` before anything of the answer is sent. Between the two lines lies the moment at which it took
//! effect, so the order of the lines is the true one, although clients wait longer at both ends.
//!
//! What is kept in memory has a bound. When it is reached, history and case begin again from the cluster as it is. A
//! file that is written as it goes has no bound.

use std::fmt;
use std::io::{self, Write};

use crate::case::{self, Case};
use crate::history::{CallId, Header, Invoke, Kind, Lost, Note, Record, Return, Writer};
use crate::http::Response;
use crate::model::{Act, Cluster, Input, Reply, Request, Time};
use crate::sim;
use crate::spec::Rules;

/// What the header of a history names as its source.
const SOURCE: &str = concat!("action-oracle serve ", env!("CARGO_PKG_VERSION"));

/// How many bytes of a history are kept in memory.
const BYTES_MAX: usize = 16 << 20;

/// Where histories go as they happen.
pub trait Shelf: Send {
    /// A place for the next history of a cluster; its first has the number 1.
    fn place(&mut self, number: u32) -> io::Result<Box<dyn Write + Send>>;
}

/// A request as it was served.
pub(super) struct Call<'a> {
    pub(super) at: Time,
    pub(super) client: &'a str,
    pub(super) request: Request,
    pub(super) response: &'a Response,
    pub(super) is_lost: bool,
}

/// What clusters were asked, and what became of it.
pub(super) struct Journal {
    inputs_max: usize,
    calls: u64,
    kept: Kept,
    shelf: Option<Box<dyn Shelf>>,
    file: Option<Writer<Box<dyn Write + Send>>>,
    files: u32,
    outcome: io::Result<()>,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("calls", &self.calls).finish_non_exhaustive()
    }
}

/// What is in memory.
struct Kept {
    history: Writer<Vec<u8>>,
    rules: Rules,
    start: Cluster,
    inputs: Vec<(Input, Reply)>,
}

impl Kept {
    fn new(rules: &Rules, start: &Cluster) -> Self {
        let header = Header::of_run(rules, start.clone(), SOURCE);
        let history = Writer::new(Vec::new(), &header).expect("a list of bytes takes a header");
        Self { history, rules: *rules, start: start.clone(), inputs: Vec::new() }
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
        let kept = Kept::new(rules, start);
        let mut journal = Self { inputs_max, calls: 0, kept, shelf, file: None, files: 0, outcome: Ok(()) };
        journal.open(rules, start);
        journal
    }

    /// Begins again: what follows does not follow from what was.
    pub(super) fn begin(&mut self, rules: &Rules, start: &Cluster) {
        self.kept = Kept::new(rules, start);
        self.close();
        self.open(rules, start);
    }

    /// Takes down a request, with what the law was asked and said, if it was.
    pub(super) fn call(&mut self, call: Call<'_>, step: Option<(Input, Reply)>) {
        self.calls += 1;
        let Call { at, client, request, response, is_lost } = call;
        let (id, client) = (CallId(self.calls), Some(client.to_owned()));
        self.write(at, Kind::Invoke(Invoke { id, client, request }));
        let ending = match is_lost {
            true => Kind::Lost(Lost { id, why: Some("the connection was closed".to_owned()) }),
            false => Kind::Return(Return::of(id, response.clone())),
        };
        self.write(at, ending);
        self.kept.inputs.extend(step);
    }

    /// Takes down an event that happened.
    pub(super) fn event(&mut self, input: Input, reply: Reply) {
        if let Act::Event(event) = &input.act
            && let Some(text) = sim::told(event)
        {
            self.write(input.at, Kind::Note(Note { text }));
        }
        self.kept.inputs.push((input, reply));
    }

    /// Begins again in memory if that is full.
    pub(super) fn trim(&mut self, rules: &Rules, now: &Cluster) {
        if self.kept.inputs.len() >= self.inputs_max || self.kept.history.bytes() >= BYTES_MAX {
            self.kept = Kept::new(rules, now);
        }
    }

    /// The history since it began last.
    pub(super) fn history(&self) -> Vec<u8> {
        self.kept.history.finished()
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

    /// Ends the file, and says whether all of it could be written.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.close();
        std::mem::replace(&mut self.outcome, Ok(()))
    }

    fn open(&mut self, rules: &Rules, start: &Cluster) {
        let Some(shelf) = &mut self.shelf else { return };
        self.files += 1;
        let header = Header::of_run(rules, start.clone(), SOURCE);
        match shelf.place(self.files).and_then(|place| Writer::new(place, &header)) {
            Ok(file) => self.file = Some(file),
            Err(error) => self.outcome = Err(error),
        }
    }

    fn close(&mut self) {
        if let Some(file) = self.file.take()
            && let Err(error) = file.finish()
        {
            self.outcome = Err(error);
        }
    }

    fn write(&mut self, at: Time, kind: Kind) {
        let record = Record::new(Some(at), kind);
        // What is in memory has room; a line beyond the limit of the format is left out of both.
        let kept = self.kept.history.write(&record);
        let filed = self.file.as_mut().map_or(Ok(()), |file| file.write(&record));
        if let Err(error) = kept.and(filed) {
            self.outcome = Err(error);
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // Whoever wants to hear of an error finishes the journal.
        self.close();
    }
}
