//! Any history at all: what is written is read back and fits the schema.

use std::collections::BTreeSet;

use action_oracle::history::*;
use action_oracle::model::{Body, Method, Time};
use action_oracle::spec::Edition;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::history::{read, rejected, text};
use crate::strategy;

fn header() -> BoxedStrategy<Header> {
    let uids = || {
        vec(strategy::uid(), 0..4).prop_map(|mut uids| {
            uids.sort_unstable();
            uids.dedup();
            uids.reverse();
            uids
        })
    };
    let members = || prop_oneof![Just(Members::Inferred), uids().prop_map(Members::Nodes)];
    let initial = prop_oneof![
        members().prop_map(Initial::Empty),
        members().prop_map(Initial::Unknown),
        strategy::cluster().prop_map(Initial::Cluster),
    ];
    (option::of(select(&Edition::ALL[..])), strategy::rules(), initial, option::of(any::<String>()))
        .prop_map(|(edition, rules, initial, source)| {
            let mut header = Header::new(initial);
            header.edition = edition;
            header.source = source;
            let said = rules.overrides().into_iter();
            header.rules = said.map(|(id, variant)| (id.to_owned(), variant)).collect();
            header
        })
        .boxed()
}

/// What the next record is to be, whatever is open then.
#[derive(Debug, Clone)]
enum Wish {
    Begin(Invoke),
    Unsent(Unsent),
    Return(Return),
    Lost(Option<String>),
    Note(String),
    Fence(Option<String>),
}

fn wish() -> BoxedStrategy<Wish> {
    let id = CallId(0); // Chosen once it is known which there are.
    let (client, why) = (|| option::of(any::<String>()), || option::of(any::<String>()));
    let body = prop_oneof![
        Just(Body::Absent),
        strategy::json().prop_map(Body::Json),
        any::<String>().prop_map(|text| Body::Text(text.into())),
    ];
    let invoke = (client(), strategy::request());
    let answer = (100..600_u16, body, vec(select(&Method::ALL[..]), 0..3));
    prop_oneof![
        4 => invoke.prop_map(move |(client, request)| Wish::Begin(Invoke { id, client, request })),
        1 => (client(), option::of(strategy::request()), why())
            .prop_map(move |(client, request, why)| Wish::Unsent(Unsent { id, client, request, why })),
        3 => answer.prop_map(move |(status, body, allow)| Wish::Return(Return { id, status, body, allow })),
        1 => why().prop_map(Wish::Lost),
        1 => any::<String>().prop_map(Wish::Note),
        1 => why().prop_map(Wish::Fence),
    ]
    .boxed()
}

/// Which calls a wish may be about.
#[derive(Default)]
struct Calls {
    used: BTreeSet<CallId>,
    open: Vec<CallId>,
    lost: Vec<CallId>,
}

impl Calls {
    /// The record that fulfils a wish; none if no call is open that it could be about.
    fn fulfil(&mut self, wish: Wish, any: u64, index: Index) -> Option<Kind> {
        let fresh = CallId(if any.is_multiple_of(4) { any } else { any % 8 });
        Some(match wish {
            Wish::Begin(invoke) => {
                self.begin(fresh)?;
                self.open.push(fresh);
                Kind::Invoke(Invoke { id: fresh, ..invoke })
            }
            Wish::Unsent(unsent) => {
                let id = if any.is_multiple_of(2) { self.end(index)? } else { self.begin(fresh)? };
                Kind::Unsent(Unsent { id, ..unsent })
            }
            Wish::Return(answer) => Kind::Return(Return { id: self.end(index)?, ..answer }),
            Wish::Lost(why) => {
                let id = self.end(index)?;
                self.lost.push(id);
                Kind::Lost(Lost { id, why })
            }
            Wish::Note(text) => Kind::Note(Note { text }),
            Wish::Fence(why) => {
                let open = self.end(index);
                Kind::Fence(Fence { lost: self.lost.drain(..).chain(open).collect(), why })
            }
        })
    }

    fn begin(&mut self, id: CallId) -> Option<CallId> {
        self.used.insert(id).then_some(id)
    }

    fn end(&mut self, index: Index) -> Option<CallId> {
        (!self.open.is_empty()).then(|| self.open.remove(index.index(self.open.len())))
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_and_fits_the_schema(
        header in header(),
        wishes in vec((wish(), option::of(any::<u64>()), any::<u64>(), any::<Index>()), 0..12),
    ) {
        let mut calls = Calls::default();
        let records: Vec<_> = wishes
            .into_iter()
            .filter_map(|(wish, time, any, index)| {
                Some(Record::new(time.map(Time), calls.fulfil(wish, any, index)?))
            })
            .collect();
        let written = text(&header, &records);
        let end = End { time: None, records: records.len() as u64 };
        prop_assert_eq!(read(&written), Ok((header, records, Some(end))));
        prop_assert_eq!(rejected(&written), Vec::<&str>::new());
    }
}
