//! What `action-oracle test` makes of what it finds: a case, known divergences, and what was met.

use std::fs;
use std::io::BufReader;

use action_oracle::case;
use action_oracle::conformance::honest::Honest;
use action_oracle::conformance::mutant::Fault;
use serde_json::Value;

use super::{serve, test, users};

fn url(subject: Honest) -> String {
    format!("http://{}", serve(subject))
}

fn object(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn what_was_found_is_written_as_a_case() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let path = folder.path().join("new/case.jsonl");
    let url = url(Honest::with(Fault::PostAccepted202));
    let tested =
        test(&url, &format!("--clients 1 --reset-url {url}/_reset --format json --case {}", path.display()));
    assert_eq!(tested.end.code, 1, "{}{}", tested.end.stdout, tested.end.stderr);
    let file = fs::File::open(&path).expect("the case was written");
    let loaded = case::read(BufReader::new(file)).expect("it is a case");
    assert_eq!(loaded.broken, None);
    let expect = loaded.case.expect.expect("it shows something");
    assert_eq!((expect.check.as_str(), expect.observed.as_str()), ("oracle", "202"));
    assert_eq!(loaded.case.lines.len(), 1, "one call shows it");
    let found = object(&tested.end.stdout)["findings"].clone();
    assert_eq!(found[0]["reproduced"], "5/5", "{found}");
}

#[test]
fn what_was_found_is_run_first_the_next_time() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let cases = folder.path().join("cases");
    let test_of = |url: &str| {
        test(
            url,
            &format!(
                "--clients 1 --reset-url {url}/_reset --ops 300 --format json --cases {}",
                cases.display()
            ),
        )
    };
    let kept = || {
        let entries = fs::read_dir(&cases).expect("it was made");
        let mut names: Vec<_> = entries.map(|it| it.expect("it can be read").file_name()).collect();
        names.sort_unstable();
        names
    };
    let faulty = url(Honest::with(Fault::PostAccepted202));
    let first = test_of(&faulty);
    assert_eq!((first.end.code, first.end.stderr.contains("diverge")), (1, false), "{}", first.end.stderr);
    let names = kept();
    assert_eq!(names[0], "0x0000000000000000.1.jsonl");
    let case = cases.join(&names[0]).display().to_string();
    let again = test_of(&faulty);
    assert_eq!(again.end.code, 1, "{}", again.end.stdout);
    assert!(again.end.stderr.ends_with(&format!("{case}: diverges again\n")), "{}", again.end.stderr);
    assert_eq!(object(&again.end.stdout)["runs"], 1, "nothing else is tried");
    assert_eq!(kept(), names, "it is there already");
    let mended = test_of(&url(Honest::new()));
    assert_eq!(mended.end.code, 0, "{}", mended.end.stdout);
    assert!(mended.end.stderr.contains(&format!("{case}: does not diverge\n")), "{}", mended.end.stderr);
    fs::write(cases.join("a.jsonl"), "{}").expect("it can be written");
    assert_eq!(test_of(&faulty).end.code, 3, "what is no case is told");
    let unreset = test("http://127.0.0.1:1", &format!("--cases {}", cases.display()));
    assert_eq!((unreset.end.code, unreset.end.stderr.contains("expected --reset-url")), (2, true));
}

#[test]
fn a_known_divergence_is_let_pass_with_its_reason() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let path = folder.path().join("known.json");
    let url = url(Honest::with(Fault::PostAccepted202));
    let options = format!("--clients 1 --reset-url {url}/_reset --ops 300 --known {}", path.display());
    let mut known = serde_json::Map::new();
    known.insert("GET nothing: 418".to_owned(), "no longer".into());
    // What is known makes room for what else there is.
    for _ in 0..20 {
        fs::write(&path, Value::from(known.clone()).to_string()).expect("it can be written");
        let tested = test(&url, &format!("{options} --format json"));
        let told = object(&tested.end.stdout);
        if tested.end.code == 0 {
            let met = |entry: &&Value| entry["met"].as_u64().is_some_and(|times| times > 0);
            let entries = told["known"].as_array().expect("they are listed");
            assert_eq!(entries.len(), known.len());
            assert!(entries.iter().filter(met).all(|entry| entry["reason"] == "issue 12"), "{told}");
            assert!(entries.iter().any(|entry| met(&entry)), "{told}");
            let text = test(&url, &options).end.stdout;
            assert!(text.contains("\nknown, and never met: GET nothing: 418 (no longer)\n"), "{text}");
            return;
        }
        assert_eq!(tested.end.code, 1, "{}{}", tested.end.stdout, tested.end.stderr);
        // The short name and the whole signature will do.
        let place =
            if known.len().is_multiple_of(2) { "/findings/0/signature" } else { "/divergence/signature" };
        let signature = told.pointer(place).and_then(Value::as_str).expect("it has one");
        assert_eq!(known.insert(signature.to_owned(), "issue 12".into()), None, "it was let pass before");
    }
    panic!("there is always something else: {known:?}");
}

#[test]
fn a_broken_file_of_known_divergences_is_an_error() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let path = folder.path().join("known.json");
    for (text, why) in [
        ("{", "EOF while parsing an object at line 1 column 1"),
        ("[]", "expected an object of signatures with reasons"),
        ("{\"a\":1}", "the reason of `a` is 1, expected a text"),
        ("{\"a\":\" \"}", "the reason of `a` is \" \", expected a text"),
    ] {
        fs::write(&path, text).expect("it can be written");
        let tested = test("http://127.0.0.1:1", &format!("--known {}", path.display()));
        assert_eq!(tested.end.code, 3, "{text}");
        assert_eq!(tested.end.stderr, format!("error: cannot read {}: {why}\n", path.display()));
    }
}

#[test]
fn what_was_met_is_told_and_a_plateau_ends_the_test() {
    let url = url(Honest::new());
    let options = format!("{} --clients 1 --reset-url {url}/_reset", users());
    let tested = test(&url, &format!("{options} --ops 2000 --plateau 1 --format json"));
    assert_eq!(tested.end.code, 0, "{}{}", tested.end.stdout, tested.end.stderr);
    let told = object(&tested.end.stdout);
    assert!(told["plateau"].as_bool().is_some_and(|it| it) || told["calls"] == 2000, "{told}");
    let cells = &told["cells"];
    let (met, unmet) =
        (cells["met"].as_object().expect("cells"), cells["not_met"].as_array().expect("cells"));
    assert!(met.len() > 50, "{cells}");
    assert!(unmet.iter().all(|cell| !met.contains_key(cell.as_str().expect("a name"))));
    let text = test(&url, &format!("{options} --ops 90")).end.stdout;
    assert!(text.contains(" cells that the law expects ") && text.contains("\nnot met "), "{text}");
}
