//! History files that are none: each is a message with line, place, expectation and finding, never a panic.

use action_oracle::history::{LINE_BYTES_MAX, Reader};
use insta::assert_snapshot;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::history::{HEADER, SAMPLE, read, rejected};

/// What is said about a text.
fn told(text: impl AsRef<[u8]>) -> String {
    read(text).expect_err("it is no history").to_string()
}

#[test]
fn without_a_header_there_is_no_history() {
    let with = |members: &str| HEADER.replace(r#""initial":"empty""#, members);
    let headers = [
        String::new(),
        "\n\n".to_owned(),
        "[1]".to_owned(),
        HEADER[..20].to_owned(),
        HEADER.replace("history", "case"),
        HEADER.replace("history", "topology"),
        HEADER.replace(":1,", ":2,"),
        with(r#""source":"s""#),
        with(r#""initial":"full""#),
        with(r#""initial":null"#),
        with(r#""initial":"empty","edition":"E-99""#),
        with(r#""initial":"empty","rules":{"R-DEL-QUEUED":"X"}"#),
        with(r#""initial":"empty","nodes":3"#),
        with(r#""initial":"empty","nodes":["1","1"]"#),
        with(r#""initial":"empty","nodes":["1"],"cluster":{"nodes":1}"#),
        with(r#""initial":{"nodes":1},"nodes":["1"]"#),
        with(r#""initial":{"nodes":1},"cluster":{"nodes":1}"#),
        with(r#""initial":{"nodes":"many"}"#),
        with(
            r#""initial":"unknown","cluster":{"nodes":[{"uid":"1","actions":{"remove":{"task":1}}}],"tasks":1}"#,
        ),
    ];
    for header in &headers[4..] {
        let checked_by_hand = header.contains("R-DEL-QUEUED") || header.contains("\"tasks\"");
        assert_eq!(rejected(header).len(), usize::from(!checked_by_hand), "{header}");
    }
    assert_snapshot!(headers.map(told).join("\n"), @r#"
    line 1: expected the header of a history, found the end of the file
    line 1: expected the header of a history, found the end of the file
    line 1: expected an object, found `[1]`
    line 1, column 20: expected JSON, found `{"format":"action-or` (EOF while parsing a string)
    line 1, /format: expected "action-oracle/history", found `"action-oracle/case"`, a recorded run
    line 1, /format: expected "action-oracle/history", found `"action-oracle/topology"`, a cluster to start from
    line 1, /version: expected version 1, found `2`
    line 1, /initial: expected "empty", "unknown", or a cluster, found nothing
    line 1, /initial: expected "empty", "unknown", or a cluster, found `"full"`
    line 1, /initial: expected "empty", "unknown", or a cluster, found `null`
    line 1, /edition: expected an edition (E-72, E-74, E-80), found `"E-99"`
    line 1, /rules: expected a rule, found R-DEL-QUEUED has no variant `X`; it has SHOWN, GONE
    line 1, /nodes: expected a list of different uids, such as ["1"], found `3`
    line 1, /nodes: expected a list of different uids, such as ["1"], found `["1","1"]`
    line 1, /nodes: expected nothing, since there is a cluster, found `["1"]`
    line 1, /nodes: expected nothing, since initial is a cluster, found `["1"]`
    line 1, /cluster: expected nothing, since initial is a cluster, found `{"nodes":1}`
    line 1, /initial/nodes: expected a list of objects, found `"many"`
    line 1, /cluster: expected a cluster without instances, unless it is given as initial, found one that holds some
    "#);
}

/// Lines that are broken whatever stands before them.
const BROKEN: [&str; 21] = [
    "{",
    "null",
    "{}",
    r#"{"kind":"event"}"#,
    r#"{"kind":"invoke","method":"GET","path":"/"}"#,
    r#"{"kind":"invoke","id":-1,"method":"GET","path":"/"}"#,
    r#"{"kind":"invoke","id":"1","method":"GET","path":"/"}"#,
    r#"{"kind":"invoke","id":2,"path":"/"}"#,
    r#"{"kind":"invoke","id":2,"method":"BREW","path":"/"}"#,
    r#"{"kind":"invoke","id":2,"method":"GET","path":"/","client":7}"#,
    r#"{"kind":"invoke","id":2,"method":"GET","path":"/","time":1.5}"#,
    r#"{"kind":"invoke","id":2,"method":"GET","path":"/","role":"boss"}"#,
    r#"{"kind":"invoke","id":2,"method":"GET","path":"/","body":1,"body_text":"1"}"#,
    r#"{"kind":"return","id":1}"#,
    r#"{"kind":"return","id":1,"status":99}"#,
    r#"{"kind":"return","id":1,"status":200,"allow":["BREW"]}"#,
    r#"{"kind":"lost","id":1,"why":null}"#,
    r#"{"kind":"unsent","id":2,"method":"GET"}"#,
    r#"{"kind":"note"}"#,
    r#"{"kind":"fence","lost":1}"#,
    r#"{"kind":"end"}"#,
];

/// A call that is open when the line comes.
const OPEN: &str = r#"{"kind":"invoke","id":1,"method":"GET","path":"/"}"#;

#[test]
fn a_broken_line_ends_the_history_and_is_told() {
    let told = BROKEN.map(|line| {
        assert_eq!(rejected(line), [line]);
        let text = format!("{HEADER}\n{OPEN}\n\n{line}\n{OPEN}\n");
        let mut reader = Reader::new(text.as_bytes()).expect("it has a header");
        assert!(reader.next().is_some_and(|record| record.is_ok()));
        let bad = reader.next().expect("there is a line").expect_err("it is broken");
        assert_eq!((bad.line, reader.line()), (4, 4));
        assert!(reader.next().is_none(), "nothing is read after it");
        bad.to_string()
    });
    assert_snapshot!(told.join("\n"), @r#"
    line 4, column 1: expected JSON, found `{` (EOF while parsing an object)
    line 4: expected an object, found `null`
    line 4, /kind: expected a kind of record (invoke, return, lost, unsent, note, fence, end), found nothing
    line 4, /kind: expected a kind of record (invoke, return, lost, unsent, note, fence, end), found `"event"`
    line 4, /id: expected the id of a call, a whole number from 0, found nothing
    line 4, /id: expected the id of a call, a whole number from 0, found `-1`
    line 4, /id: expected the id of a call, a whole number from 0, found `"1"`
    line 4, /method: expected a method (GET, POST, DELETE, PUT, PATCH, HEAD, OPTIONS), found nothing
    line 4, /method: expected a method (GET, POST, DELETE, PUT, PATCH, HEAD, OPTIONS), found `"BREW"`
    line 4, /client: expected a string, found `7`
    line 4, /time: expected a time in microseconds, found `1.5`
    line 4, /role: expected null or a role (none, db_viewer, db_member, cluster_viewer, cluster_member, user_manager, admin), found `"boss"`
    line 4, /body: expected nothing, since there is a body_text, found `1`
    line 4, /status: expected a status code from 100 to 599, found nothing
    line 4, /status: expected a status code from 100 to 599, found `99`
    line 4, /allow: expected a list of methods, found `["BREW"]`
    line 4, /why: expected a string, found `null`
    line 4, /path: expected a path, found nothing
    line 4, /text: expected a remark, found nothing
    line 4, /lost: expected a list of ids of calls, such as [1], found `1`
    line 4, /records: expected the number of records, found nothing
    "#);
}

#[test]
fn records_that_do_not_fit_together_are_told() {
    let answer = r#"{"kind":"return","id":1,"status":404}"#;
    let lost = r#"{"kind":"lost","id":1}"#;
    let unsent = r#"{"kind":"unsent","id":1}"#;
    let fence = r#"{"kind":"fence","lost":[1]}"#;
    let end = |records: u64| format!(r#"{{"kind":"end","records":{records}}}"#);
    let (none, one) = (end(0), end(1));
    let histories: [&[&str]; 17] = [
        &[answer],
        &[lost],
        &[OPEN, OPEN],
        &[OPEN, answer, OPEN],
        &[OPEN, answer, answer],
        &[OPEN, answer, lost],
        &[OPEN, lost, answer],
        &[OPEN, unsent, answer],
        &[unsent, OPEN],
        &[unsent, unsent],
        &[fence],
        &[OPEN, answer, fence],
        &[OPEN, lost, fence, fence],
        &[OPEN, fence, answer],
        &[OPEN, lost, r#"{"kind":"fence","lost":[1,1]}"#],
        &[OPEN, &none],
        &[OPEN, &one, &one],
    ];
    let told = histories.map(|lines| {
        let text = format!("{HEADER}\n{}\n", lines.join("\n"));
        assert_eq!(rejected(&text), Vec::<&str>::new(), "each line is right by itself");
        assert!(read(text.rsplitn(3, '\n').last().expect("it has lines")).is_ok(), "up to the last line");
        told(text)
    });
    assert_snapshot!(told.join("\n"), @r#"
    line 2, /id: expected the id of an open call, found 1, which was not invoked
    line 2, /id: expected the id of an open call, found 1, which was not invoked
    line 3, /id: expected an id that was not used before, found 1
    line 4, /id: expected an id that was not used before, found 1
    line 4, /id: expected the id of an open call, found 1, which has ended
    line 4, /id: expected the id of an open call, found 1, which has ended
    line 4, /id: expected the id of an open call, found 1, which has ended
    line 4, /id: expected the id of an open call, found 1, which has ended
    line 3, /id: expected an id that was not used before, found 1
    line 3, /id: expected an id that was not used before, found 1
    line 2, /lost/0: expected the id of a call that is lost or open, found 1, which was not invoked
    line 4, /lost/0: expected the id of a call that is lost or open, found 1, which has ended
    line 5, /lost/0: expected the id of a call that is lost or open, found 1, which has ended
    line 4, /id: expected the id of an open call, found 1, which has ended
    line 4, /lost/1: expected the id of a call that is lost or open, found 1, which has ended
    line 3, /records: expected the number of records before it, 1, found 0
    line 4: expected nothing after the end, found another line
    "#);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let after = |bytes: &[u8]| told([HEADER.as_bytes(), b"\n", bytes].concat());
    assert_snapshot!(after(b"\0"), @"line 2, column 1: expected JSON, found `�` (expected value)");
    assert_snapshot!(after(b"{\"kind\":\"note\",\"text\":\"\0\"}"), @r#"line 2, column 24: expected JSON, found `nd":"note","text":"�"}` (control character (\u0000-\u001F) found while parsing a string)"#);
    assert_snapshot!(after(b"{\"kind\":\"note\",\"text\":\"\xff\"}"), @"line 2, byte 24: expected UTF-8, found 0xff");
    assert_snapshot!(told(b"\xff\xfe"), @"line 1, byte 1: expected UTF-8, found 0xff");

    let note = |letters: usize| format!(r#"{{"kind":"note","text":"{}"}}"#, "x".repeat(letters));
    let room = LINE_BYTES_MAX - note(0).len() - 1;
    assert!(read(format!("{HEADER}\n{}\n", note(room))).is_ok());
    assert_snapshot!(after(note(room + 2).as_bytes()), @"line 2: expected a line of at most 1048576 bytes, found a longer one");
    assert_snapshot!(after("x".repeat(10 * LINE_BYTES_MAX).as_bytes()), @"line 2: expected a line of at most 1048576 bytes, found a longer one");
}

#[test]
fn a_file_that_is_cut_in_a_line_is_told() {
    let cut = &SAMPLE[..SAMPLE.len() - 10];
    assert_snapshot!(told(cut), @r#"line 13, column 18: expected JSON, found `{"kind":"end","rec` (EOF while parsing a string)"#);
}

proptest! {
    #[test]
    fn any_bytes_have_an_answer(bytes in vec(any::<u8>(), 0..200), later in vec(any::<u8>(), 1..200)) {
        let _ = read(&bytes);
        let after = [HEADER.as_bytes(), b"\n", &later].concat();
        prop_assert!(read(after).map_or(true, |(_, records, _)| records.is_empty()));
    }

    #[test]
    fn a_mutated_file_is_read_up_to_the_mutation(
        place in any::<Index>(), byte in any::<u8>(), cut in any::<bool>(),
    ) {
        let mut bytes = SAMPLE.to_owned().into_bytes();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if cut {
            bytes.truncate(place);
        }
        let untouched = SAMPLE[..place].lines().count().saturating_sub(2);
        let (_, whole, _) = read(SAMPLE).expect("it is a history");
        match Reader::new(&bytes[..]) {
            Ok(mut reader) => {
                let (mut records, mut bad) = (Vec::new(), None);
                for record in &mut reader {
                    match record {
                        Ok(record) => records.push(record),
                        Err(error) => {
                            bad = Some(error);
                            break;
                        }
                    }
                }
                let kept = untouched.min(whole.len());
                prop_assert_eq!(&records[..kept], &whole[..kept]);
                prop_assert!(reader.line() > kept);
                let lines = kept + 2..=SAMPLE.lines().count() + 2; // The byte may have split a line.
                prop_assert!(bad.as_ref().is_none_or(|bad| lines.contains(&bad.line)), "{:?}", bad);
            }
            Err(bad) => prop_assert_eq!((bad.line, untouched), (1, 0)),
        }
    }

    #[test]
    fn lines_in_any_order_have_an_answer(order in vec(any::<Index>(), 0..20)) {
        let lines: Vec<_> = SAMPLE.lines().skip(1).chain(BROKEN).collect();
        let chosen: Vec<_> = order.iter().map(|index| lines[index.index(lines.len())]).collect();
        let text = format!("{HEADER}\n{}", chosen.join("\n"));
        if let Err(bad) = read(&text) {
            prop_assert!((2..=chosen.len() + 1).contains(&bad.line), "{}", bad);
        }
    }
}
