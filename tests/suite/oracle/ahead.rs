//! Many clients without a pause on one slot: what later answers need settles early what can have been.

use action_oracle::history::{Header, Kind, Record, Return};
use action_oracle::model::Body;
use action_oracle::oracle::{Budget, Judgement, Options, Reductions, Verdict};
use serde_json::Value;

use super::{conforms, judged};
use crate::history::read;

fn recorded() -> (Header, Vec<Record>) {
    let path = "fixtures/histories/recorded/many_clients_on_one_slot.jsonl";
    let bytes = std::fs::read(path).expect("the fixture is there");
    let (header, records, _) = read(&bytes).expect("it is well formed");
    (header, records)
}

fn judge(header: &Header, records: &[Record], worlds: u64, looks_ahead: bool) -> Judgement {
    let reductions = Reductions { looks_ahead, ..Reductions::default() };
    let budget = Budget { worlds, ..Budget::default() };
    judged(header, records, &Options { reductions, budget, ..Options::default() })
}

#[test]
fn it_is_decided_by_looking_ahead_where_it_was_not() {
    let (header, records) = recorded();
    let few = 20_000;
    assert!(conforms(&judge(&header, &records, few, true).verdict));
    assert!(matches!(judge(&header, &records, few, false).verdict, Verdict::Undecided));
}

#[test]
fn what_cannot_be_is_refuted_at_the_same_call_as_without() {
    let (header, mut records) = recorded();
    let mut shown = records.iter_mut().filter_map(|record| match &mut record.kind {
        Kind::Return(Return { body: Body::Json(body), .. }) => body.get_mut("task_id"),
        _ => None,
    });
    let first: Value = shown.next().expect("a task is shown").clone();
    let last = shown.next_back().expect("and another");
    assert_ne!(*last, first);
    *last = first;
    let told = [true, false].map(|looks_ahead| {
        let judgement = judge(&header, &records, Budget::default().worlds, looks_ahead);
        let sentences = judgement.divergences().iter().map(|divergence| divergence.sentence.clone());
        sentences.collect::<Vec<_>>()
    });
    assert_eq!(told[0].len(), 1, "{told:?}");
    assert_eq!(told[0], told[1]);
}
