//! From records to a file, one at a time.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::{End, Header, Record, header, record};
use crate::wire::{save, write_line};

/// Writes a history. The same records give the same bytes.
///
/// What was written is flushed when the writer is dropped; a history that was not finished is truncated.
#[derive(Debug)]
pub struct Writer<W: Write> {
    output: W,
    records: u64,
}

impl<W: Write> Writer<W> {
    /// Writes the header.
    pub fn new(mut output: W, header: &Header) -> io::Result<Self> {
        write_line(&header::write(header), 1, &mut output)?;
        Ok(Self { output, records: 0 })
    }

    /// Writes a record.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        write_line(&record::write(record), self.next_line(), &mut self.output)?;
        self.records += 1;
        Ok(())
    }

    /// Hands on what was written, so that it outlives this process.
    pub fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }

    /// Writes the end, and tells how many records there are.
    pub fn finish(mut self) -> io::Result<u64> {
        let end = End { time: None, records: self.records };
        write_line(&record::write_end(&end), self.next_line(), &mut self.output)?;
        self.output.flush()?;
        Ok(self.records)
    }

    fn next_line(&self) -> usize {
        usize::try_from(self.records).map_or(usize::MAX, |records| records + 2)
    }
}

impl Writer<Vec<u8>> {
    /// The history as it would be if it ended now.
    pub fn finished(&self) -> Vec<u8> {
        let mut output = self.output.clone();
        let end = End { time: None, records: self.records };
        write_line(&record::write_end(&end), self.next_line(), &mut output)
            .expect("a list of bytes takes a short line");
        output
    }
}

impl<W: Write> Drop for Writer<W> {
    fn drop(&mut self) {
        // Whoever wants to hear of an error finishes the history.
        let _ = self.output.flush();
    }
}

/// Writes a history to a path at once: what was there is replaced by the whole file or left alone, and nothing half
/// written remains.
pub fn save<T>(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<T>) -> io::Result<T> {
    save::save(path, write)
}
