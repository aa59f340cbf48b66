//! Random histories of a subject: one call after the other, ticks in between.

use action_oracle::conformance::Subject;
use action_oracle::conformance::generate::Generator;
use action_oracle::history::{CallId, Invoke, Kind, Record, Return};
use action_oracle::model::NodeUid;
use action_oracle::sim::Seed;

/// What came of driving a subject.
pub(super) struct Driven {
    pub(super) nodes: u32,
    pub(super) records: Vec<Record>,
}

/// Drives a subject from its beginning.
pub(super) fn drive(subject: &mut impl Subject, seed: u64, calls: u64) -> Driven {
    let nodes = *Seed(seed).fork("nodes").choose(&[1, 2, 3, 3, 3, 4]);
    let uids: Vec<_> = (1..=nodes).map(NodeUid).collect();
    let mut generator = Generator::new(Seed(seed), &uids);
    subject.reset(nodes);
    let mut records = Vec::new();
    for id in (1..=calls).map(CallId) {
        for chance in generator.ticks() {
            subject.tick(chance);
        }
        let request = generator.next();
        let client = Some("c0".to_owned());
        records.push(Record::new(None, Kind::Invoke(Invoke { id, client, request: request.clone() })));
        let response = subject.call(&request);
        generator.saw(&request, &response);
        records.push(Record::new(None, Kind::Return(Return::of(id, response))));
    }
    Driven { nodes, records }
}
