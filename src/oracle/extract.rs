//! The core of a divergence as a history of its own, to be looked at and judged again.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Write};

use super::asked;
use super::seen;
use super::{Divergence, Judge, Options};
use crate::history::{BadLine, CallId, Fence, Header, Kind, Reader, Record, Return, Writer};
use crate::http::Sighting;
use crate::model::{NodeAction, NodeUid, Slot};
use crate::spec::{Edition, Question};

/// The records that a core is made of, read from its history once more: its calls as they were, of lists of actions only
/// what they are looked at for, and bystanders as calls whose answer is not known.
///
/// # Errors
///
/// A line is broken.
pub fn core_of<R: BufRead>(history: Reader<R>, divergence: &Divergence) -> Result<Vec<Record>, BadLine> {
    let core: BTreeSet<CallId> = divergence.core.iter().copied().collect();
    let bystanders: BTreeSet<CallId> = divergence.bystanders.iter().copied().collect();
    let (mut records, mut lists) = (Vec::new(), BTreeMap::new());
    for record in history {
        let mut record = record?;
        let time = record.time;
        match &mut record.kind {
            Kind::Invoke(call) => {
                lists.extend(asked::list_of_actions(&call.request).map(|of_node| (call.id, of_node)));
            }
            Kind::Return(answer) => {
                if let Some(of_node) = lists.remove(&answer.id) {
                    shorten(answer, of_node, divergence);
                }
            }
            _ => {}
        }
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

/// Leaves in a list what it is looked at for.
fn shorten(answer: &mut Return, of_node: Option<NodeUid>, divergence: &Divergence) {
    let of_call = divergence.looked_at.iter().filter(|(id, _)| *id == answer.id);
    let slots: Vec<Slot> = of_call.map(|(_, slot)| *slot).collect();
    let whole = of_node.map_or(Slot::ChangeMaster, |uid| Slot::Node(uid, NodeAction::Remove));
    if slots.is_empty() || slots.contains(&whole) {
        return;
    }
    let Some(entries) = seen::list_mut(&mut answer.body) else { return };
    entries.retain(|entry| {
        let slot = entry.as_object().and_then(|object| Sighting::of(object).slot(of_node));
        slot.is_none_or(|slot| slots.contains(&slot))
    });
}

/// Whether a core diverges as a history of its own, and for the same call. It need not: what the rest of the history does
/// not say counts too, as that nobody asked for a removal.
pub fn is_enough(header: &Header, divergence: &Divergence, core: &[Record], options: &Options) -> bool {
    let header = header_of_core(header, divergence, options);
    let judgement = Judge::new(options.clone()).judge_records(&header, core.iter().cloned());
    // Where no single reading explains all of it, any of the calls may be the one that is left over.
    let is_same = |it: &Divergence| {
        it.call == divergence.call
            || divergence.by_no_single_reading
                && it.by_no_single_reading
                && divergence.core.contains(&it.call)
    };
    judgement.divergences().iter().any(is_same)
}

fn header_of_core(header: &Header, divergence: &Divergence, options: &Options) -> Header {
    let mut header = header.clone();
    for (question, answer) in options.pins.iter().copied() {
        if question == Question::EDITION {
            header.edition = Some(Edition::ALL[answer]);
        } else {
            header.rules.retain(|(id, _)| id != question.id());
            header.rules.push((question.id().to_owned(), question.answer_name(answer)));
        }
    }
    if divergence.from_any_state { header.from_any_state() } else { header }
}

/// Writes a core as a history. It starts where the history did, or from any state if that is enough, and says what the
/// options do about open questions.
///
/// # Errors
///
/// The output cannot be written.
pub fn write_core(
    header: &Header,
    divergence: &Divergence,
    records: &[Record],
    options: &Options,
    output: impl Write,
) -> io::Result<u64> {
    let mut writer = Writer::new(output, &header_of_core(header, divergence, options))?;
    for record in records {
        writer.write(record)?;
    }
    writer.finish()
}
