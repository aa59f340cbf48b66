//! Reports as pages: that a browser need repair nothing, that nothing gets in or out, and what they say.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use action_oracle::history::{CallId, Header, Initial, Invoke, Kind, Members, Note, Record, Return, Writer};
use action_oracle::model::{Body, Caller, Headers, Method, Path, Request, Role};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use insta::assert_snapshot;
use scraper::{ElementRef, Html, Selector};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::cli::{End, action_oracle};

mod offered;
mod possible;

const DIVERGES: &str = "fixtures/histories/recorded/remove_accepted_twice.jsonl";
const CONFORMS: &str = "fixtures/histories/accepted/whole_life.jsonl";
const CASE: &str = "fixtures/cases/maintenance_walk_data.jsonl";

/// What a program wrote, and how it ended.
struct Written {
    page: String,
    end: End,
}

/// Runs the program with arguments in which `OUT` is the file of a page and `DIR` a folder.
fn write(arguments: &str) -> Written {
    let folder = TempDir::new().expect("there is room for temporary files");
    let page = folder.path().join("page.html");
    let arguments = arguments.replace("OUT", &page.display().to_string());
    let end = action_oracle(&arguments.replace("DIR", &folder.path().display().to_string()));
    Written { page: fs::read_to_string(page).unwrap_or_default(), end }
}

/// The page about a file or a seed.
#[track_caller]
fn report(what: &str) -> String {
    let Written { page, end } = write(&format!("report {what} -o OUT"));
    assert_eq!((end.code, end.stdout.as_str()), (0, ""), "{}", end.stderr);
    assert!(end.stderr.starts_with("report: "), "{}", end.stderr);
    page
}

/// A page of each kind.
static PAGES: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    vec![
        ("a divergence", report(DIVERGES)),
        ("a lost call", report("fixtures/histories/rejected/lost_post_acts_late.jsonl")),
        ("several readings", report("fixtures/histories/rejected/list_of_cluster_in_two_shapes.jsonl")),
        ("a run that conforms", report(CONFORMS)),
        ("a case", report(CASE)),
        ("a seed", report("0x2a")),
        ("a campaign", write("simulate --seeds 0..40 --canary --cases DIR --report OUT").page),
        ("an exploration", write("explore --nodes 1 --actions enslave_node --report OUT").page),
    ]
});

fn all<'a>(page: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(css).expect("it is a selector")).collect()
}

#[test]
fn a_browser_need_repair_nothing() {
    for (name, page) in &*PAGES {
        let page = Html::parse_document(page);
        assert_eq!(page.errors, [""; 0], "{name}");
    }
}

#[test]
fn whatever_is_referred_to_exists_once() {
    for (name, page) in &*PAGES {
        let page = Html::parse_document(page);
        let ids: Vec<&str> = all(&page, "[id]").iter().filter_map(|it| it.attr("id")).collect();
        let known: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(known.len(), ids.len(), "{name}: an id is there twice");
        for element in all(&page, "*") {
            let refers = element.value().attrs().flat_map(|(attribute, value)| match attribute {
                "href" => value.strip_prefix('#').into_iter().collect::<Vec<_>>(),
                "aria-labelledby" | "for" => value.split(' ').collect(),
                _ => value.strip_prefix("url(#").and_then(|it| it.strip_suffix(')')).into_iter().collect(),
            });
            for id in refers {
                assert!(known.contains(id), "{name}: there is no {id}");
            }
        }
    }
}

/// Nothing is fetched, no handler and no style stands in an attribute, and the policy names each script by its digest.
#[test]
fn a_page_needs_nothing_from_outside() {
    for (name, page) in &*PAGES {
        let page = Html::parse_document(page);
        for element in all(&page, "*") {
            for (attribute, value) in element.value().attrs() {
                assert!(!attribute.starts_with("on") && attribute != "style", "{name}: {attribute}={value}");
                let is_address =
                    matches!(attribute, "href" | "src" | "action" | "data" | "poster" | "srcset");
                let is_inside = value.starts_with('#') || value == "data:,";
                assert!(!is_address || is_inside, "{name}: {attribute}={value}");
            }
        }
        let policy = all(&page, "meta[http-equiv=Content-Security-Policy]")[0].attr("content");
        let policy = policy.expect("the policy says something");
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{name}: {policy}");
        for element in all(&page, "style, script:not([type])") {
            let text: String = element.text().collect();
            let digest = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
            assert!(policy.contains(&digest), "{name}: the policy does not name {digest}");
            let styles: String =
                if element.value().name() == "style" { element.text().collect() } else { String::new() };
            assert!(
                !styles.contains("url(") && !styles.contains("@import"),
                "{name}: a style fetches something"
            );
        }
    }
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    for what in [DIVERGES, CONFORMS, CASE, "0x2a"] {
        assert!(report(what) == report(what), "{what}");
    }
}

/// A history that brings along whatever could break out of its place.
fn hostile() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("there is room for temporary files");
    let path = folder.path().join("hostile.jsonl");
    let mut header = Header::new(Initial::Empty(Members::Inferred));
    header.source = Some(HOSTILE.to_owned());
    let file = fs::File::create(&path).expect("it can be made");
    let mut writer = Writer::new(file, &header).expect("it can be written");
    let mut put = |kind| writer.write(&Record::new(None, kind)).expect("it can be written");
    let call = |id, method, body| {
        let path = Path::new("/v1/nodes/1/actions/remove");
        let caller = Caller::Role(Role::Admin);
        let request = Request { method, path, caller, headers: Headers::default(), body };
        Kind::Invoke(Invoke { id: CallId(id), client: Some(HOSTILE.to_owned()), request })
    };
    let answer = |id, status: &str| {
        let body = Body::Json(json!({"status": status, "task_id": HOSTILE, "</script>": HOSTILE}));
        Kind::Return(Return { id: CallId(id), status: 200, body, allow: Vec::new() })
    };
    put(call(1, Method::Post, Body::Json(json!({ HOSTILE: HOSTILE }))));
    put(answer(1, "queued"));
    put(Kind::Note(Note { text: HOSTILE.to_owned() }));
    put(call(2, Method::Get, Body::Absent));
    put(answer(2, "running"));
    put(Kind::Note(Note { text: HOSTILE.to_owned() }));
    put(call(3, Method::Get, Body::Absent));
    put(answer(3, "queued"));
    put(call(4, Method::Post, Body::Text(HOSTILE.into())));
    writer.finish().expect("it can be written");
    (folder, path)
}

const HOSTILE: &str = "</script></style></title><!--<script>alert(1)</script>\" onload='x'><img src=x onerror=y>&lt;]]>\u{2028}";

#[test]
fn what_a_run_brings_along_is_only_text() {
    let (_folder, path) = hostile();
    let text = report(&path.display().to_string());
    let page = Html::parse_document(&text);
    assert_eq!(page.errors, [""; 0]);
    assert_eq!(all(&page, "script").len(), 2, "the data and the script");
    assert_eq!(all(&page, "img, [onload], [onerror]").len(), 0);
    let shown: String = page.root_element().text().collect();
    assert!(shown.contains("diverges at record 8") && shown.contains(HOSTILE), "it is shown as it is");
    let data: String = all(&page, "#run-data")[0].text().collect();
    let data: Value = serde_json::from_str(&data).expect("the data are JSON");
    assert_eq!((&data["lanes"][0], &data["marks"][0][2]), (&HOSTILE.into(), &HOSTILE.into()));
}

/// The headings of a page, and what is folded below them.
fn skeleton(page: &str) -> String {
    let page = Html::parse_document(page);
    let line = |element: ElementRef<'_>| {
        let text: String = element.text().collect();
        let depth = match element.value().name() {
            "h1" => 0,
            "h2" => 1,
            "h3" | "caption" => 2,
            _ => 3,
        };
        format!("{}{}\n", "  ".repeat(depth), text.trim())
    };
    all(&page, "h1, h2, h3, caption, summary").into_iter().map(line).collect()
}

#[test]
fn a_divergence_is_told_from_the_sentence_to_the_command() {
    assert_snapshot!(skeleton(&report(DIVERGES)), @r#"
    ✕ diverges at record 28
      Expected and observed
        ✓ expected
        ✕ observed
      The calls that force it
          The same as a table
      Why each possible world refuses
      Readings
          23 questions that these calls depend on, with the answers that were tried
      What the documents say
          The clauses that the possible answers follow
      How to reproduce it
          The core as a history of its own
          The same calls for a shell, one after the other
      The whole run
    "#);
}

#[test]
fn a_core_that_needs_the_rest_of_the_run_is_no_history_of_its_own() {
    // Whether the status is gone for a removal of the node only the whole history says.
    let lines = [
        r#"{"format":"action-oracle/history","version":1,"edition":"E-74","initial":"empty","nodes":["1","2"]}"#,
        r#"{"kind":"invoke","id":1,"method":"POST","path":"/v1/nodes/1/actions/maintenance_on","body":{}}"#,
        r#"{"kind":"return","id":1,"status":200,"body":{"status":"queued"}}"#,
        r#"{"kind":"invoke","id":2,"method":"GET","path":"/v1/nodes/1/actions/maintenance_on"}"#,
        r#"{"kind":"return","id":2,"status":200,"body":{"status":"completed"}}"#,
        r#"{"kind":"invoke","id":3,"method":"GET","path":"/v1/nodes/1/actions/maintenance_on"}"#,
        r#"{"kind":"return","id":3,"status":404}"#,
        r#"{"kind":"end","records":6}"#,
    ];
    let folder = TempDir::new().expect("there is room for temporary files");
    let path = folder.path().join("history.jsonl");
    fs::write(&path, lines.join("\n")).expect("it can be written");
    let page = skeleton(&report(&path.display().to_string()));
    assert!(page.contains("✕ diverges at record 6"), "{page}");
    assert!(!page.contains("The core as a history of its own"), "{page}");
}

#[test]
fn a_run_that_conforms_is_told_by_what_it_covered() {
    assert_snapshot!(skeleton(&report(CONFORMS)), @r#"
    ✓ conforms
      The lifecycle as it was seen
          All changes as a table
      What was asked and answered
        DELETE
        GET
        POST
      Readings
          7 questions that the run touched and left as open as before
      What was not reached
      The whole run
      How to reproduce it
    "#);
}

#[test]
fn a_case_is_told_step_by_step() {
    let page = report(CASE);
    assert_snapshot!(skeleton(&page), @r#"
    ✓ holds
      Step by step
      The lifecycle as it was taken
          All changes as a table
      What requests met
        GET
        POST
        DELETE
      What was not reached
          67 things did not happen
      How to see it again
    "#);
    let page = Html::parse_document(&page);
    assert_eq!(all(&page, "#steps li").len(), 33, "each step, and where it starts");
    let data: String = all(&page, "#cluster-data")[0].text().collect();
    let data: Value = serde_json::from_str(&data).expect("the data are JSON");
    let moments = data["moments"].as_array().map_or(0, Vec::len);
    for button in all(&page, "#steps button") {
        let of = button.attr("data-moments").expect("a step has moments");
        assert!(of.split(' ').all(|it| it.parse::<usize>().is_ok_and(|it| it < moments)), "{of}");
    }
}

/// The first in full, and the others folded below it, each with ids of its own.
#[test]
fn every_divergence_is_told() {
    let folder = TempDir::new().expect("there is room for temporary files");
    let path = folder.path().join("two.jsonl");
    let mut lines = vec![json!({"format": "action-oracle/history", "version": 1, "initial": "unknown"})];
    for (id, status) in ["running", "running", "queued", "queued"].into_iter().enumerate() {
        let node = id % 2 + 1;
        let path = format!("/v1/nodes/{node}/actions/remove");
        lines.push(json!({"kind": "invoke", "id": id, "method": "GET", "path": path}));
        let body = json!({"status": status, "task_id": format!("task-{node}")});
        lines.push(json!({"kind": "return", "id": id, "status": 200, "body": body}));
    }
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    fs::write(&path, lines).expect("it can be written");
    let text = report(&path.display().to_string());
    let page = Html::parse_document(&text);
    assert_eq!(page.errors, [""; 0]);
    assert_eq!((all(&page, "figure.core").len(), all(&page, "details.other figure.core").len()), (2, 1));
    let ids: Vec<_> = all(&page, "[id]").iter().filter_map(|it| it.attr("id")).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert!(text.contains("and no end: it may have been cut off"), "the history has no end");
}

/// A lost call may act until a fence says that it cannot; notes and fences are told where they stand.
#[test]
fn notes_and_fences_are_marks() {
    let folder = TempDir::new().expect("there is room for temporary files");
    let path = folder.path().join("fenced.jsonl");
    let slot = "/v1/nodes/1/actions/maintenance_on";
    let ask = |id: u32, method: &str| json!({"kind": "invoke", "id": id, "method": method, "path": slot});
    let show = |id: u32, status: &str| {
        let body = json!({"status": status, "task_id": "a"});
        json!({"kind": "return", "id": id, "status": 200, "body": body})
    };
    let lines = [
        json!({"format": "action-oracle/history", "version": 1, "initial": "unknown"}),
        ask(1, "GET"),
        ask(2, "DELETE"),
        show(1, "completed"),
        json!({"kind": "lost", "id": 2}),
        json!({"kind": "note", "text": "node 3 went down"}),
        json!({"kind": "fence", "lost": [2], "why": "restarted"}),
        ask(3, "GET"),
        show(3, "running"),
    ];
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    fs::write(&path, lines).expect("it can be written");
    let page = report(&path.display().to_string());
    let page = Html::parse_document(&page);
    let marks: Vec<_> =
        all(&page, "figure.core .mark").iter().filter_map(|it| it.attr("aria-label")).collect();
    assert_eq!(marks, ["record 5: node 3 went down", "record 6: call 2 can act no more: restarted"]);
    assert_eq!((all(&page, "a.bar.bystander rect").len(), all(&page, "a.bar.bystander path").len()), (1, 0));
}

/// The bars of the core, its notes, and below them what the slot can be.
#[test]
fn the_core_is_drawn_without_a_script() {
    let page = report("fixtures/histories/rejected/lost_post_acts_late.jsonl");
    let page = Html::parse_document(&page);
    let bars: Vec<_> =
        all(&page, "figure.core a.bar").iter().filter_map(|it| it.attr("aria-label")).collect();
    let expected = [
        "call 1 · POST remove, c0: may have acted",
        "call 3 · GET remove, c1: 200 queued, task A",
        "call 4 · POST remove, c1: 200 queued, task B",
        "call 5 · GET remove, c1: 200 starting, task A",
    ];
    assert_eq!(bars, expected);
    assert_eq!(all(&page, "a.bar.bystander path.arrow").len(), 1, "it is open to the right");
    assert_eq!(all(&page, "a.bar.fails").len(), 1);
    assert!(all(&page, "rect.can.unknown").len() == 9 && all(&page, "path.seen").len() == 1);
}

/// Of edges, statuses and counts a reader can check each in the table.
#[test]
fn the_lifecycle_counts_what_was_seen() {
    let page = report(CONFORMS);
    let page = Html::parse_document(&page);
    let rows = all(&page, "#lifecycle table tbody tr");
    let cells = |row: &ElementRef<'_>| {
        let cells = row.children().filter_map(ElementRef::wrap);
        cells.map(|cell| cell.text().collect::<String>()).collect::<Vec<_>>().join(" | ")
    };
    let taken: Vec<_> = rows.iter().map(cells).filter(|row| !row.contains(" | 0 | ")).collect();
    let expected = [
        "queued | starting | 1 | an edge of the lifecycle",
        "starting | running | 1 | an edge of the lifecycle",
        "running | completed | 1 | an edge of the lifecycle",
        "completed | no status | 1 | cleared, or gone with its node",
    ];
    assert_eq!(taken, expected);
}
