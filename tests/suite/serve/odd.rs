//! Requests of every kind: none makes it panic, each has an answer of the law or a 4xx of the adapter.

use action_oracle::history::Reader;
use action_oracle::oracle;
use action_oracle::serve::{Service, Setup};
use proptest::prelude::*;

use super::judged;

/// What the law and the adapter answer at all.
const STATUSES: [u16; 10] = [200, 400, 401, 403, 404, 405, 406, 409, 413, 415];

fn method() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec!["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["TRACE", "CONNECT", "PROPFIND", "get"]).prop_map(str::to_owned),
    ]
}

fn path() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => prop::sample::select(vec![
            "v1", "v2", "nodes", "cluster", "actions", "remove", "maintenance_on", "change_master", "1", "2", "99",
            "01", "-1", "4294967296", "status", "snapshots", "shards", "bdbs", "_cluster", "_control", "tick", "a",
        ])
        .prop_map(str::to_owned),
        1 => "[!$&'()*+,;=:@~._a-zA-Z0-9-]{0,12}",
        1 => "(%[0-9a-fA-F]{2}){1,4}",
        1 => Just("%zz".to_owned()),
    ];
    let words = prop::collection::vec(word, 0..6).prop_map(|words| format!("/{}", words.join("/")));
    (words, prop_oneof![3 => Just(String::new()), 1 => "\\?[a-z=&%0-9]{0,8}"])
        .prop_map(|(path, query)| path + &query)
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(Vec::new()),
        Just(b"{}".to_vec()),
        Just(vec![b'['; 1_000]),
        prop::collection::vec(any::<u8>(), 0..64),
        "\\{\"(node_uid|keep_slave_shards|seed|action|events)\":(1|\"1\"|null|true|\\[\\]|1e999)\\}"
            .prop_map(String::into_bytes),
    ]
}

fn headers() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let name = prop::sample::select(vec![
        "authorization",
        "content-type",
        "accept",
        "x-action-oracle-cluster",
        "x-other",
    ]);
    let value = prop_oneof![
        4 => Just(b"Basic YWRtaW46YWRtaW4=".to_vec()),
        1 => Just(b"application/json".to_vec()),
        1 => prop::collection::vec(prop_oneof![32_u8..127, 128_u8..=255], 0..24),
    ];
    prop::collection::vec((name.prop_map(str::to_owned), value), 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn every_request_has_an_answer_of_the_law_or_of_the_adapter(
        requests in prop::collection::vec((method(), path(), headers(), body()), 1..60),
    ) {
        let service = Service::new(Setup::default());
        for (method, path, headers, body) in requests {
            let mut request = http::Request::builder().method(method.as_str()).uri(path.as_str());
            for (name, value) in &headers {
                request = request.header(name.as_str(), value.as_slice());
            }
            // What the HTTP library does not let through never arrives.
            let Ok(request) = request.body(()) else { continue };
            let is_control = path.contains("/_control");
            let (head, ()) = request.into_parts();
            let Ok(answer) = service.answer(&head, &body) else {
                prop_assert!(false, "nothing was ordered to be lost");
                continue;
            };
            let status = answer.status().as_u16();
            prop_assert!(STATUSES.contains(&status), "{method} {path}: {status}");
            let has_clause = answer.headers().contains_key("x-action-oracle-clause");
            let is_beside = ["/bdbs", "/cluster", "/actions"].iter().any(|word| path.contains(word));
            prop_assert!(has_clause || is_control || is_beside || (400..500).contains(&status), "{method} {path}: {status}");
        }
        // Control may have been asked for other clusters as well.
        let world = service.clusters().get(&action_oracle::serve::Name::default()).expect("there is room");
        let history = world.lock().expect("nobody panicked").history();
        if history.iter().filter(|byte| **byte == b'\n').count() > 4 {
            judged_or_unchecked(&history);
        }
    }
}

/// Where nothing that was asked is judged, nothing was checked.
fn judged_or_unchecked(history: &[u8]) {
    let reader = Reader::new(history).expect("it is a history");
    let judgement = oracle::judge(reader, &oracle::Options::default()).expect("it is a history to its end");
    if judgement.judged > 0 {
        judged(history);
    }
}
