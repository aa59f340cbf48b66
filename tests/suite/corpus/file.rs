//! A corpus as a file.

use action_oracle::conformance::corpus::Corpus;
use serde_json::Value;

use super::expected;

fn text() -> String {
    let mut bytes = Vec::new();
    expected().0.write(&mut bytes).expect("memory can be written");
    String::from_utf8(bytes).expect("it is text")
}

#[test]
fn every_line_follows_the_schema() {
    let schema: Value = serde_json::from_str(include_str!("../../../fixtures/schema/corpus.schema.json"))
        .expect("the schema is JSON");
    let validator = jsonschema::options().with_retriever(crate::history::Beside).build(&schema);
    let validator = validator.expect("the schema is one");
    for line in text().lines() {
        let value: Value = serde_json::from_str(line).expect("a line is JSON");
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{line}");
    }
    assert!(!validator.is_valid(&serde_json::json!({"name": "none", "steps": []})));
}

#[test]
fn a_broken_corpus_is_told_with_its_line() {
    let text = text();
    let (header, rest) = text.split_once('\n').expect("there are lines");
    let first = rest.lines().next().expect("there are cases");
    let read = |text: String| Corpus::read(text.as_bytes()).expect_err("it is broken").to_string();
    let none = read(String::new());
    assert_eq!(none, "line 1: expected the header of a corpus, found the end of the file");
    let cut = read(format!("{header}\n{first}\n"));
    assert!(
        cut.starts_with("line 2: expected ") && cut.ends_with("found 1 of them, then the end of the file"),
        "{cut}"
    );
    let other = read(header.replace("action-oracle/corpus", "action-oracle/case"));
    assert!(
        other.ends_with("expected \"action-oracle/corpus\", found `\"action-oracle/case\"`, a recorded run"),
        "{other}"
    );
    let lost = read(format!("{header}\n{}\n", first.replace("\"then\":\"done\"", "\"then\":77")));
    assert_eq!(lost, "line 2, /steps: expected steps that are there, found one that leads to step 77");
    let nodes = read(header.replace("[\"1\",\"2\",\"3\"]", "[\"2\"]"));
    assert!(nodes.starts_with("line 1, /nodes: expected a list of uids that begins with \"1\""), "{nodes}");
}
