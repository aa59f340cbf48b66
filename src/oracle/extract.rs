//! The core of a divergence as a history of its own, to be looked at and judged again.

use std::collections::BTreeSet;
use std::io::{self, BufRead, Write};

use super::{Divergence, Judge, Options};
use crate::history::{BadLine, CallId, Fence, Header, Kind, Reader, Record, Writer};

/// The records that a core is made of, read from its history once more: its calls as they were, and bystanders as calls
/// whose answer is not known.
///
/// # Errors
///
/// A line is broken.
pub fn core_of<R: BufRead>(history: Reader<R>, divergence: &Divergence) -> Result<Vec<Record>, BadLine> {
    let core: BTreeSet<CallId> = divergence.core.iter().copied().collect();
    let bystanders: BTreeSet<CallId> = divergence.bystanders.iter().copied().collect();
    let mut records = Vec::new();
    for record in history {
        let record = record?;
        let time = record.time;
        let fence = |lost| Record::new(time, Kind::Fence(Fence { lost, why: None }));
        match &record.kind {
            Kind::Invoke(call) if core.contains(&call.id) || bystanders.contains(&call.id) => {
                records.push(record)
            }
            Kind::Return(answer) if core.contains(&answer.id) => records.push(record),
            Kind::Return(answer) if bystanders.contains(&answer.id) => records.push(fence(vec![answer.id])),
            Kind::Lost(lost) if bystanders.contains(&lost.id) => records.push(record),
            Kind::Fence(old) => {
                let lost: Vec<_> = old.lost.iter().copied().filter(|id| bystanders.contains(id)).collect();
                if !lost.is_empty() {
                    records.push(fence(lost));
                }
            }
            _ => {}
        }
    }
    Ok(records)
}

/// Whether a core diverges as a history of its own. It need not: what the rest of the history does not say counts too, as
/// that nobody asked for a removal.
pub fn is_enough(header: &Header, divergence: &Divergence, core: &[Record], options: &Options) -> bool {
    let judgement =
        Judge::new(options.clone()).judge_records(&header_of_core(header, divergence), core.iter().cloned());
    !judgement.divergences().is_empty()
}

fn header_of_core(header: &Header, divergence: &Divergence) -> Header {
    let header = header.clone();
    if divergence.from_any_state { header.from_any_state() } else { header }
}

/// Writes a core as a history. It starts where the history did, or from any state if that is enough.
///
/// # Errors
///
/// The output cannot be written.
pub fn write_core(
    header: &Header,
    divergence: &Divergence,
    records: &[Record],
    output: impl Write,
) -> io::Result<u64> {
    let mut writer = Writer::new(output, &header_of_core(header, divergence))?;
    for record in records {
        writer.write(record)?;
    }
    writer.finish()
}
