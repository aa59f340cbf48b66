//! The checker checked: against a judge that tries everything, on histories that are true, and by laws that no verdict
//! may break.

use action_oracle::history::{CallId, Header, Initial, Kind, Members, Reader, Record};
use action_oracle::model::{Cluster, NodeUid};
use action_oracle::oracle::{Judgement, Options, Verdict, judge};
use action_oracle::spec::Rules;

use crate::history::text;

mod ahead;
mod brute;
mod calls;
mod cleared;
mod explained;
mod gone;
mod known;
mod laws;
mod listed;
mod made;
mod mutant;
mod order;
mod placed;
mod random;
mod shown;
mod snapshots;
mod told;

/// What a judge says of a history.
pub(crate) fn judged(header: &Header, records: &[Record], options: &Options) -> Judgement {
    let text = text(header, records);
    judge(Reader::new(text.as_bytes()).expect("it has a header"), options).expect("it is a history")
}

fn verdict(header: &Header, records: &[Record]) -> Verdict {
    judged(header, records, &Options::default()).verdict
}

fn conforms(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Conforms | Verdict::NothingChecked)
}

fn diverges(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Diverges(_))
}

/// The header of a history that starts from so many fresh nodes.
pub(crate) fn header_of(nodes: u32) -> Header {
    Header::new(Initial::Empty(Members::Nodes((1..=nodes).map(NodeUid).collect())))
}

/// The same with every question answered.
pub(crate) fn pinned(nodes: u32, rules: &Rules) -> Header {
    let mut header = header_of(nodes);
    header.edition = Some(rules.edition());
    header.rules = rules.answers();
    header
}

fn fresh(nodes: u32) -> Cluster {
    Cluster::new(nodes)
}

/// The call that a record is about.
fn call_of(record: &Record) -> Option<CallId> {
    match &record.kind {
        Kind::Invoke(it) => Some(it.id),
        Kind::Return(it) => Some(it.id),
        Kind::Lost(it) => Some(it.id),
        Kind::Unsent(it) => Some(it.id),
        Kind::Note(_) | Kind::Fence(_) => None,
    }
}
