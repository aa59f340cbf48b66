//! Laws that no verdict may break, whatever the history.

use action_oracle::history::{
    CallId, Fence, Header, Initial, Invoke, Kind, Lost, Members, Record, Return, Unsent,
};
use action_oracle::model::{Body, NodeAction, NodeUid, Slot};
use action_oracle::oracle::{Options, Reductions};
use action_oracle::sim::Seed;
use serde_json::Value;

use super::made::{Made, Plan, history};
use super::mutant::mutated;
use super::{call_of, conforms, diverges, judged, verdict};
use crate::history::text;

const PLAN: Plan =
    Plan { nodes: 2, slot: None, calls: 6, is_wide: true, varies_pins: true, fixed: &[], data: None };

/// Histories that are true, and some that are perhaps not.
fn histories(count: u64, plan: &Plan) -> impl Iterator<Item = (u64, Made)> {
    (0..count).flat_map(move |seed| {
        let made = history(seed, plan);
        let mutant = mutated(&made.records, seed).map(|records| (seed, Made { records, ..made.clone() }));
        [(seed, made)].into_iter().chain(mutant)
    })
}

/// The verdict in a word.
fn word(header: &Header, records: &[Record]) -> &'static str {
    let verdict = verdict(header, records);
    match verdict {
        _ if conforms(&verdict) => "conforms",
        _ if diverges(&verdict) => "diverges",
        _ => "undecided",
    }
}

fn assert_same(seed: u64, before: (&Header, &[Record]), after: (&Header, &[Record])) {
    let words = [word(before.0, before.1), word(after.0, after.1)];
    assert_eq!(words[0], words[1], "seed {seed}\n{}{}", text(before.0, before.1), text(after.0, after.1));
}

/// What a call is called, and who makes it, in every record.
fn renamed(records: &[Record], name: impl Fn(CallId) -> CallId) -> Vec<Record> {
    let of_record = |record: &Record| {
        Record::new(
            None,
            match record.kind.clone() {
                Kind::Invoke(it) => {
                    Kind::Invoke(Invoke { id: name(it.id), client: Some("one".to_owned()), ..it })
                }
                Kind::Return(it) => Kind::Return(Return { id: name(it.id), ..it }),
                Kind::Lost(it) => Kind::Lost(Lost { id: name(it.id), ..it }),
                Kind::Unsent(it) => Kind::Unsent(Unsent { id: name(it.id), ..it }),
                Kind::Fence(it) => {
                    Kind::Fence(Fence { lost: it.lost.into_iter().map(&name).collect(), ..it })
                }
                Kind::Note(it) => Kind::Note(it),
            },
        )
    };
    records.iter().map(of_record).collect()
}

fn the_names_of_calls_and_clients_do_not_matter(count: u64) {
    for (seed, made) in histories(count, &PLAN) {
        let header = made.pinned();
        let records = renamed(&made.records, |id| CallId(1_000 - id.0));
        assert_same(seed, (&header, &made.records), (&header, &records));
    }
}

const SHIFT: u32 = 4;

/// The same nodes under other uids.
fn shifted(records: &[Record]) -> Vec<Record> {
    let mut records = records.to_vec();
    for record in &mut records {
        let body = match &mut record.kind {
            Kind::Invoke(it) => {
                if let Some(uid) = it.request.path.node() {
                    it.request.path = it.request.path.about(NodeUid(uid.0 + SHIFT));
                }
                &mut it.request.body
            }
            Kind::Return(it) => &mut it.body,
            _ => continue,
        };
        if let Body::Json(body) = body {
            shift(body);
        }
    }
    records
}

fn shift(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(shift),
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                match (name.as_str(), &mut *value) {
                    ("node_uid" | "uid", Value::Number(uid)) => {
                        *value = uid.as_u64().map_or(Value::Null, |uid| (uid + u64::from(SHIFT)).into());
                    }
                    ("node_uid" | "uid", Value::String(uid)) => {
                        *value = uid.parse().map_or(Value::Null, |uid: u32| (uid + SHIFT).to_string().into());
                    }
                    _ => shift(value),
                }
            }
            let keyed = std::mem::take(members).into_iter();
            *members = keyed
                .map(|(key, value)| (key.parse().map_or(key, |uid: u32| (uid + SHIFT).to_string()), value))
                .collect();
        }
        _ => {}
    }
}

fn the_uids_of_nodes_do_not_matter(count: u64) {
    for (seed, made) in histories(count, &PLAN) {
        let header = made.pinned();
        let mut other = header.clone();
        let nodes = (1..=made.nodes).map(|uid| NodeUid(uid + SHIFT)).collect();
        other.initial = Initial::Empty(Members::Nodes(nodes));
        assert_same(seed, (&header, &made.records), (&other, &shifted(&made.records)));
    }
}

/// A history that conforms does so up to any record; and from any moment at which no call is under way, if nothing is
/// known of the beginning.
fn parts_of_what_conforms_conform(count: u64) {
    for (seed, made) in histories(count, &Plan { nodes: 1, ..PLAN }) {
        let header = made.pinned();
        if !conforms(&verdict(&header, &made.records)) {
            continue;
        }
        let mut unknown = header.clone();
        unknown.initial = Initial::Unknown(Members::Nodes(vec![NodeUid(1)]));
        for at in 1..made.records.len() {
            let (before, after) = made.records.split_at(at);
            assert_eq!(word(&header, before), "conforms", "seed {seed}\n{}", text(&header, before));
            let calls: Vec<_> = after.iter().filter_map(call_of).collect();
            let is_apart = before.iter().filter_map(call_of).all(|call| !calls.contains(&call));
            let can_act = before.iter().any(|it| matches!(it.kind, Kind::Lost(_)));
            let is_fenced = after.iter().any(|it| matches!(it.kind, Kind::Fence(_)));
            if is_apart && !can_act && !is_fenced {
                assert_eq!(word(&unknown, after), "conforms", "seed {seed}\n{}", text(&unknown, after));
            }
        }
    }
}

/// The calls on two nodes may come in any order, as long as those on each stay in theirs.
fn nodes_do_not_meet(count: u64) {
    let fixed = &[
        ("R-CONFLICT-SCOPE", "PER-NODE-TYPE"),
        ("R-CONFLICT-CROSS", "INDEPENDENT"),
        ("R-RESUBMIT-SCOPE", "SAME-NODE"),
    ];
    for (seed, made) in histories(count, &Plan { is_wide: false, calls: 8, fixed, ..PLAN }) {
        let header = made.pinned();
        let node_of = |record: &Record| {
            let call = call_of(record)?;
            made.records.iter().find_map(|it| match &it.kind {
                Kind::Invoke(it) if it.id == call => it.request.path.node(),
                _ => None,
            })
        };
        let mut records = made.records.clone();
        let mut rng = Seed(seed).fork("order");
        for _ in 0..30 {
            let at = rng.index(records.len().max(2) - 1);
            if let [one, other] = &records[at..(at + 2).min(records.len())]
                && let (Some(one), Some(other)) = (node_of(one), node_of(other))
                && one != other
            {
                records.swap(at, at + 1);
            }
        }
        assert_same(seed, (&header, &made.records), (&header, &records));
    }
}

/// To know less never makes a history worse.
fn an_answer_that_is_lost_refutes_nothing(count: u64) {
    for (seed, made) in histories(count, &PLAN) {
        let header = made.pinned();
        if diverges(&verdict(&header, &made.records)) {
            continue;
        }
        for at in 0..made.records.len() {
            let mut records = made.records.clone();
            if let Kind::Return(answer) = &records[at].kind {
                records[at].kind = Kind::Lost(Lost { id: answer.id, why: None });
                let what = || format!("seed {seed}, record {at}\n{}", text(&header, &made.records));
                assert!(!diverges(&verdict(&header, &records)), "{}", what());
            }
        }
    }
}

/// A read that is repeated while it lasts sees the same.
fn a_read_can_be_repeated(count: u64) {
    for (seed, made) in histories(count, &PLAN) {
        let header = made.pinned();
        let reads = made.records.iter().filter_map(|record| match &record.kind {
            Kind::Invoke(it) if it.request.method.name() == "GET" => Some(it.id),
            _ => None,
        });
        let reads: Vec<_> = reads.collect();
        let twin = |id: CallId| CallId(id.0 + 1_000);
        let mut records = Vec::new();
        for record in &made.records {
            match (&record.kind, call_of(record).filter(|id| reads.contains(id))) {
                (Kind::Invoke(it), Some(id)) => {
                    records.push(record.clone());
                    records.push(Record::new(None, Kind::Invoke(Invoke { id: twin(id), ..it.clone() })));
                }
                (Kind::Return(it), Some(id)) => {
                    records.push(Record::new(None, Kind::Return(Return { id: twin(id), ..it.clone() })));
                    records.push(record.clone());
                }
                _ => records.push(record.clone()),
            }
        }
        assert_same(seed, (&header, &made.records), (&header, &records));
    }
}

fn what_the_search_leaves_out_does_not_matter(count: u64) {
    let all = Reductions::default();
    let fewer = [
        Reductions { unites: false, ..all },
        Reductions { reads_first: false, ..all },
        Reductions { equal_calls_in_order: false, ..all },
        Reductions { drops_dominated: false, ..all },
        Reductions { looks_up: false, ..all },
        Reductions { merges_alike: false, ..all },
        Reductions { looks_ahead: false, ..all },
    ];
    let slot = Some(Slot::Node(NodeUid(1), NodeAction::MaintenanceOff));
    for (seed, made) in histories(count, &PLAN).chain(histories(count, &Plan { slot, nodes: 1, ..PLAN })) {
        let header = made.pinned();
        let expected = word(&header, &made.records);
        for reductions in fewer {
            let options = Options { reductions, ..Options::default() };
            let verdict = judged(&header, &made.records, &options).verdict;
            let is_same = match expected {
                "conforms" => conforms(&verdict),
                "diverges" => diverges(&verdict),
                _ => !conforms(&verdict) && !diverges(&verdict),
            };
            let what = || {
                format!(
                    "seed {seed}: {expected}, {reductions:?}: {verdict:?}\n{}",
                    text(&header, &made.records)
                )
            };
            assert!(is_same, "{}", what());
        }
    }
}

macro_rules! laws {
    ($($law:ident: $few:literal, $many:literal;)*) => {
        $(
            mod $law {
                #[test]
                fn holds() {
                    super::$law($few);
                }

                #[test]
                #[ignore = "takes minutes"]
                fn holds_at_length() {
                    super::$law($many);
                }
            }
        )*
    };
}

laws! {
    the_names_of_calls_and_clients_do_not_matter: 25, 400;
    the_uids_of_nodes_do_not_matter: 40, 600;
    parts_of_what_conforms_conform: 4, 40;
    nodes_do_not_meet: 60, 800;
    an_answer_that_is_lost_refutes_nothing: 30, 400;
    a_read_can_be_repeated: 40, 800;
    what_the_search_leaves_out_does_not_matter: 15, 200;
}
