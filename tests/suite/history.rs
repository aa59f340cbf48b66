//! History files: what is written is read back, and what may be said about calls is accepted.

use std::error::Error;
use std::fs;
use std::io;
use std::sync::LazyLock;

use action_oracle::history::*;
use action_oracle::model::{Body, NodeUid, Time};
use action_oracle::spec::{Edition, Rules};
use insta::assert_snapshot;
use jsonschema::{Retrieve, Uri, Validator};
use serde_json::{Value, json};

/// Everything that a recorder may say, as it stands in the documentation of the format.
pub(crate) const SAMPLE: &str = r#"{"format":"action-oracle/history","version":1,"edition":"E-74","rules":{"R-CONFLICT-SCOPE":"PER-NODE-TYPE"},"initial":"empty","nodes":["1","2","3"],"source":"my-server 0.3"}
{"kind":"invoke","id":1,"client":"c0","time":1000,"method":"POST","path":"/v1/nodes/1/actions/maintenance_on","body":{"overwrite_snapshot":true}}
{"kind":"return","id":1,"time":2100,"status":200,"body":{"status":"queued","task_id":"6155403f-c26f-40ab-8afc-23ed663973f6"}}
{"kind":"invoke","id":2,"client":"c1","time":2300,"method":"DELETE","path":"/v1/nodes/1/actions/maintenance_on"}
{"kind":"lost","id":2,"time":7300,"why":"timeout"}
{"kind":"unsent","id":3,"client":"c2","time":7400,"method":"POST","path":"/v1/nodes/2/actions/remove","why":"connection refused"}
{"kind":"note","time":7500,"text":"restarted node 3"}
{"kind":"fence","time":7600,"lost":[2],"why":"server restarted: call 2 can no longer act"}
{"kind":"invoke","id":4,"client":"c0","method":"POST","path":"/v1/nodes/2/actions/remove","role":null,"credentials":"wrong","headers":{"content-type":"text/plain"},"body_text":"{not json"}
{"kind":"invoke","id":5,"client":"c1","method":"PUT","path":"/v1/nodes/2/actions/remove"}
{"kind":"return","id":5,"status":405,"allow":["GET","POST","DELETE"]}
{"kind":"return","id":4,"status":502,"body_text":"<html>"}
{"kind":"end","records":11}
"#;

/// What a text holds: header, records, end.
pub(crate) type Read = Result<(Header, Vec<Record>, Option<End>), BadLine>;

pub(crate) fn read(text: impl AsRef<[u8]>) -> Read {
    let mut reader = Reader::new(text.as_ref())?;
    let records = reader.by_ref().collect::<Result<_, _>>()?;
    Ok((reader.header().clone(), records, reader.end().cloned()))
}

pub(crate) fn text(header: &Header, records: &[Record]) -> String {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(&mut bytes, header).expect("there is room");
    for record in records {
        writer.write(record).expect("there is room");
    }
    assert_eq!(writer.finish().expect("there is room"), records.len() as u64);
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

#[test]
fn what_is_read_is_written_back() {
    let (header, records, end) = read(SAMPLE).expect("it is a history");
    assert_eq!(text(&header, &records), SAMPLE);
    assert_eq!(end, Some(End { time: None, records: 11 }));
    assert_eq!(rejected(SAMPLE), Vec::<&str>::new());

    assert_eq!((header.edition, header.source.as_deref()), (Some(Edition::E74), Some("my-server 0.3")));
    assert_eq!(header.initial, Initial::Empty(Members::Nodes([1, 2, 3].map(NodeUid).to_vec())));
    let Kind::Lost(lost) = &records[3].kind else { panic!("{:?}", records[3]) };
    assert_eq!(*lost, Lost { id: CallId(2), why: Some("timeout".to_owned()) });
    assert_eq!(records[3].time, Some(Time(7_300)));
    let Kind::Return(answer) = &records[10].kind else { panic!("{:?}", records[10]) };
    assert_eq!(answer.body, Body::Text("<html>".into()));
}

#[test]
fn numbers_keep_their_form() {
    let body = r#"{"kind":"return","id":1,"status":200,"body":[12,12.0,"12",0.1,null]}"#;
    let invoke = r#"{"kind":"invoke","id":1,"method":"GET","path":"/","body":null}"#;
    let (header, records, _) = read(format!("{HEADER}\n{invoke}\n{body}\n")).expect("it is a history");
    let written = text(&header, &records);
    assert_eq!(written.lines().skip(1).take(2).collect::<Vec<_>>(), [invoke, body]);
}

/// The shortest header.
pub(crate) const HEADER: &str = r#"{"format":"action-oracle/history","version":1,"initial":"empty"}"#;

#[test]
fn a_header_says_what_is_known() {
    let placed =
        r#"{"nodes":[{"uid":"1","shards":[{"uid":"1","database":"1","part":1}]}],"databases":[{"uid":"1"}]}"#;
    let busy = r#"{"nodes":[{"uid":"1","actions":{"remove":{"task":1,"status":"queued"}}}]}"#;
    let headers = [
        HEADER.to_owned(),
        HEADER.replace("empty", "unknown"),
        HEADER.replace("}", r#","nodes":[]}"#),
        HEADER.replace("}", r#","nodes":["3","1"]}"#),
        HEADER.replace("}", &format!(r#","cluster":{placed}}}"#)),
        HEADER.replace("empty", "unknown").replace("}", r#","cluster":{"nodes":3}}"#),
        HEADER.replace("\"empty\"", r#"{"nodes":2}"#),
        HEADER.replace("\"empty\"", busy),
    ];
    let clusters = headers.map(|line| {
        let (header, ..) = read(&line).expect("it is a header");
        assert_eq!(text(&header, &[]).lines().next(), Some(line.as_str()));
        assert_eq!(rejected(&line), Vec::<&str>::new());
        match header.initial {
            Initial::Cluster(_) => "whole",
            Initial::Empty(Members::Cluster(_)) | Initial::Unknown(Members::Cluster(_)) => "placed",
            Initial::Empty(Members::Nodes(_)) | Initial::Unknown(Members::Nodes(_)) => "listed",
            Initial::Empty(Members::Inferred) | Initial::Unknown(Members::Inferred) => "inferred",
        }
    });
    let expected = ["inferred", "inferred", "listed", "listed", "placed", "placed", "whole", "whole"];
    assert_eq!(clusters, expected);
}

#[test]
fn the_rules_of_a_header_hold_in_any_edition() {
    let line = HEADER.replace("}", r#","rules":{"R-DEL-QUEUED":"GONE","R-STACK":"FLAG"}}"#);
    let (header, ..) = read(line).expect("it is a header");
    for edition in Edition::ALL {
        let mut rules = Rules::new(edition);
        rules.set_all("R-DEL-QUEUED=GONE,R-STACK=FLAG").expect("both are modelled");
        assert_eq!(header.rules_in(edition), Ok(rules));
    }
    let mut header = header;
    header.rules.push(("R-NONE".to_owned(), "X".to_owned()));
    assert!(header.rules_in(Edition::E74).is_err());
}

#[test]
fn unknown_members_are_kept_and_ignored() {
    let header = json!({
        "format": "action-oracle/history", "version": 1, "initial": "unknown",
        "cluster": { "nodes": [{ "uid": "1", "rack": "a" }], "region": "b" }, "x-host": { "deep": true },
    });
    let invoke = json!({ "kind": "invoke", "id": 1, "method": "GET", "path": "/", "headers": { "x-trace": "7" }, "took": 3 });
    let lost = json!({ "kind": "lost", "id": 1, "sent": "yes" });
    let note = json!({ "kind": "note", "text": "", "id": "not one of a call" });
    let (read, records, _) =
        read(format!("{header}\n\n{invoke}\n{lost}\n \n{note}\n")).expect("it is a history");
    let written = text(&read, &records);
    let values: Vec<Value> = written.lines().map(|line| line.parse().expect("it is JSON")).collect();
    assert_eq!(values, [header, invoke, lost, note, json!({ "kind": "end", "records": 3 })]);
}

/// Lines that fit together, without header and end.
fn accepted(lines: &[&str]) -> bool {
    let history = format!("{HEADER}\n{}\n", lines.join("\n"));
    assert_eq!(rejected(&history), Vec::<&str>::new());
    read(history).is_ok()
}

#[test]
fn calls_may_end_in_any_order_or_not_at_all() {
    let invoke = |id: u64| format!(r#"{{"kind":"invoke","id":{id},"method":"GET","path":"/"}}"#);
    let [one, two, huge] = [1, 2, u64::MAX].map(invoke);
    let answer = r#"{"kind":"return","id":1,"status":404}"#;
    let lost = r#"{"kind":"lost","id":2}"#;
    let fence = r#"{"kind":"fence","lost":[2]}"#;
    assert!(accepted(&[&huge, &two, &one, answer, lost]));
    assert!(accepted(&[&two, fence]), "a call that is open is fenced");
    assert!(accepted(&[&two, lost, fence]), "a call that is lost is fenced");
    assert!(accepted(&[&two, r#"{"kind":"unsent","id":2}"#]), "it turned out not to be sent");
    assert!(accepted(&[r#"{"kind":"unsent","id":2}"#, &one, r#"{"kind":"fence","lost":[]}"#]));
}

#[test]
fn a_history_without_an_end_is_truncated() {
    let (whole, _) = SAMPLE.split_once("{\"kind\":\"end\"").expect("it has an end");
    let (_, records, end) = read(whole).expect("it is a history");
    assert_eq!((records.len(), end), (11, None));
    let (_, records, end) = read(HEADER).expect("it is a history");
    assert_eq!((records.len(), end), (0, None));

    let mut reader = Reader::new(SAMPLE.as_bytes()).expect("it has a header");
    assert_eq!((reader.line(), reader.end()), (1, None));
    let lines: Vec<_> = std::iter::from_fn(|| reader.next().map(|_| reader.line())).collect();
    assert_eq!(lines, Vec::from_iter(2..=12));
    assert_eq!((reader.line(), reader.end().is_some()), (13, true));
    assert!(reader.next().is_none());
}

/// Keeps what was flushed apart from what was not.
#[derive(Default)]
struct Slow {
    waiting: Vec<u8>,
    flushed: Vec<u8>,
}

impl io::Write for &mut Slow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        self.flushed.extend(waiting);
        Ok(())
    }
}

#[test]
fn a_writer_that_is_dropped_leaves_a_truncated_history() {
    let (header, records, _) = read(SAMPLE).expect("it is a history");
    let mut slow = Slow::default();
    let mut writer = Writer::new(&mut slow, &header).expect("there is room");
    writer.write(&records[0]).expect("there is room");
    drop(writer);
    let (_, kept, end) = read(&slow.flushed).expect("it is a history");
    assert_eq!((kept, end), (records[..1].to_vec(), None));

    let mut slow = Slow::default();
    Writer::new(&mut slow, &header).and_then(Writer::finish).expect("there is room");
    let (.., end) = read(&slow.flushed).expect("it is a history");
    assert_eq!(end, Some(End { time: None, records: 0 }));
}

#[test]
fn a_file_is_replaced_as_a_whole_or_not_at_all() {
    let directory = tempfile::tempdir().expect("there is room for temporary files");
    let path = directory.path().join("run.jsonl");
    let header = Header::new(Initial::Unknown(Members::Inferred));
    let note = |text: String| Record::new(None, Kind::Note(Note { text }));
    let write = |text: String| {
        save(&path, |output| {
            let mut writer = Writer::new(output, &header)?;
            writer.write(&note(text))?;
            writer.finish()
        })
    };
    assert_eq!(write("short".to_owned()).expect("it can be written"), 1);
    let error = write("x".repeat(LINE_BYTES_MAX)).expect_err("what could not be read is not written");
    assert_snapshot!(error, @"line 2 is longer than 1048576 bytes");
    let (_, records, end) = read(fs::read(&path).expect("it is there")).expect("it is a history");
    assert_eq!((records, end.is_some()), (vec![note("short".to_owned())], true));
    assert_eq!(fs::read_dir(directory.path()).expect("it is a directory").count(), 1);
}

/// The schema of histories refers to that of cases, which lies beside it.
pub(crate) struct Beside;

impl Retrieve for Beside {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn Error + Send + Sync>> {
        assert!(uri.path().as_str().ends_with("/case.schema.json"), "{uri}");
        Ok(include_str!("../../fixtures/schema/case.schema.json").parse()?)
    }
}

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let text = include_str!("../../fixtures/schema/history.schema.json");
    let schema = text.parse::<Value>().expect("the schema is JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is one");
    jsonschema::options().with_retriever(Beside).build(&schema).expect("the schema is complete")
});

/// The lines of a history that the schema rejects.
pub(crate) fn rejected(text: &str) -> Vec<&str> {
    let is_valid = |line: &str| line.parse().is_ok_and(|value| SCHEMA.is_valid(&value));
    text.lines().filter(|line| !line.is_empty() && !is_valid(line)).collect()
}
