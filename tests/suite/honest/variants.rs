//! Legal variants: none is accused when nothing is told of the readings.

use action_oracle::conformance::Subject;
use action_oracle::conformance::honest::Honest;
use action_oracle::conformance::variant::Variant;
use action_oracle::history::{CallId, Invoke, Kind, Record, Return};
use action_oracle::model::{Body, Caller, Headers, Method, Path, Request, Role};
use serde_json::json;

use super::drive::{Driven, drive};
use super::{complaints, headers, told};

/// How many histories are tried.
const SEEDS: u64 = 2;

/// How many calls each has.
const CALLS: u64 = 25;

/// Accused although the documents leave it open; see [`what_is_left_open_is_accused_all_the_same`].
const ACCUSED: &[Variant] = &[Variant::SnapshotsByPost];

#[test]
fn legal_variants_are_never_accused() {
    let mut failures = Vec::new();
    for variant in Variant::ALL.iter().filter(|variant| !ACCUSED.contains(variant)) {
        for seed in 0..SEEDS {
            let driven = drive(&mut Honest::following(*variant), seed, CALLS);
            for (name, header) in headers(driven.nodes).into_iter().skip(1) {
                if let Some(found) = complaints(&header, &driven) {
                    let told = told(&found, &driven);
                    failures.push(format!("{}, seed {seed}, {name}: {told}", variant.name()));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} accused\n{}", failures.len(), failures.join("\n"));
}

/// A known wrong behaviour of the oracle. Both endpoints exist, one documented (OBJ-11, R-V1ACTIONS), one registered
/// (SNAP-14, R-SNAP-CREATE-REST), and both readings are not to be judged. When this fails, the oracle has learnt it:
/// the variant leaves [`ACCUSED`], and the random histories may ask for `/v1/actions`.
#[test]
fn what_is_left_open_is_accused_all_the_same() {
    let asked = [
        (Honest::new(), Method::Get, "/v1/actions", Body::Absent),
        (
            Honest::following(Variant::SnapshotsByPost),
            Method::Post,
            "/v1/nodes/1/snapshots/mine",
            Body::Json(json!({})),
        ),
    ];
    for (mut subject, method, path, body) in asked {
        let caller = Caller::Role(Role::Admin);
        let request = Request { method, path: Path::new(path), caller, headers: Headers::default(), body };
        let response = subject.call(&request);
        assert_eq!(response.status, 200, "{path}");
        let id = CallId(1);
        let invoke = Kind::Invoke(Invoke { id, client: None, request });
        let records = [invoke, Kind::Return(Return::of(id, response))].map(|kind| Record::new(None, kind));
        let driven = Driven { nodes: 1, records: records.to_vec() };
        let [_, (_, edition), _] = headers(driven.nodes);
        assert!(complaints(&edition, &driven).is_some(), "{path} is not accused any more");
    }
}
