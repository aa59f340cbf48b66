//! From a file to records, one at a time.

use std::io::BufRead;
use std::iter::FusedIterator;

use super::ledger::Ledger;
use super::record::{self, Line};
use super::{BadLine, End, Header, Record, header};
use crate::wire::Lines;
use crate::wire::object::Bad;

/// Reads a history. Holds the header, one line, and the ids of the calls that may still act.
///
/// It is an iterator of records, which ends with the file or with the first line that does not fit. A file that ends
/// without saying so is truncated: then [`Reader::end`] has nothing to tell. Blank lines are skipped.
#[derive(Debug)]
pub struct Reader<R> {
    lines: Lines<R>,
    header: Header,
    ledger: Ledger,
    end: Option<End>,
    is_broken: bool,
}

impl<R: BufRead> Reader<R> {
    /// Reads the header. Without one of this format and version there is no history.
    pub fn new(input: R) -> Result<Self, BadLine> {
        let mut lines = Lines::new(input);
        let header = lines.next(header::read)?;
        let nothing = || Bad::new("", "the header of a history", "the end of the file");
        let header = header.ok_or_else(|| BadLine::new(1, nothing()))?;
        Ok(Self { lines, header, ledger: Ledger::default(), end: None, is_broken: false })
    }

    /// What is known before the first call.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The last line, once it was read. None after the last record of a truncated history.
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// The number of the line that was read last, from 1: that of the last record or error.
    pub fn line(&self) -> usize {
        self.lines.number()
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Record, BadLine>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_broken {
            return None;
        }
        let Self { lines, ledger, end, .. } = self;
        let mut next = || {
            lines.next(|object| {
                let line = record::read(object)?;
                match &line {
                    _ if end.is_some() => return Err(Bad::new("", "nothing after the end", "another line")),
                    Line::Record(record) => ledger.enter(&record.kind)?,
                    Line::End(end) => ledger.close(end)?,
                }
                Ok(line)
            })
        };
        match next() {
            Ok(Some(Line::Record(record))) => Some(Ok(record)),
            Ok(Some(Line::End(last))) => {
                self.end = Some(last);
                self.next()
            }
            Ok(None) => None,
            Err(bad) => {
                self.is_broken = true;
                Some(Err(bad))
            }
        }
    }
}

impl<R: BufRead> FusedIterator for Reader<R> {}
