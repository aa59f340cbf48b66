//! The pattern language, word by word.

use action_oracle::conformance::corpus::Corpus;
use action_oracle::conformance::corpus::pattern::{Bound, Pattern};
use serde_json::{Value, json};

/// A pattern, read as it is from a file.
fn read(pattern: &Value) -> Result<Pattern, String> {
    let header = json!({"format": "action-oracle/corpus", "version": 1, "edition": "E-74", "nodes": ["1"], "cases": 1});
    let request = json!({"method": "GET", "path": "/"});
    let answer = json!({"status": 200, "body": pattern, "then": "done"});
    let case = json!({"name": "it", "steps": [{"request": request, "answers": [answer]}]});
    let corpus = Corpus::read(format!("{header}\n{case}\n").as_bytes()).map_err(|bad| bad.to_string())?;
    Ok(corpus.cases[0].steps[0].answers[0].body.clone())
}

#[track_caller]
fn check(pattern: Value, matched: &[Value], others: &[Value]) {
    let read = read(&pattern).expect("it is a pattern");
    assert_eq!(read.to_json(), pattern);
    for value in matched {
        assert!(read.matches(value, &mut Bound::new()), "{pattern} and {value}");
    }
    for value in others {
        assert!(!read.matches(value, &mut Bound::new()), "{pattern} and {value}");
    }
}

#[test]
fn each_word_matches_what_it_says() {
    check(json!({"any": true}), &[json!(null), json!([])], &[]);
    check(json!({"is": 12}), &[json!(12), json!(12.0)], &[json!("12"), json!(13)]);
    check(json!({"in": ["a", 1]}), &[json!("a"), json!(1)], &[json!("b"), json!(null)]);
    check(json!({"prefix": "ab"}), &[json!("abc")], &[json!("ba"), json!(1)]);
    check(
        json!({"number": [0, 100]}),
        &[json!(0), json!(99.5), json!(100)],
        &[json!(-1), json!(101), json!("5")],
    );
    check(json!({"integer": [0, 100]}), &[json!(7)], &[json!(7.5), json!("7")]);
    check(json!({"numeral": [0, 100]}), &[json!("7.5")], &[json!(7.5), json!("x"), json!("NaN")]);
    check(json!({"not": {"is": 1}}), &[json!(2)], &[json!(1)]);
    let members = json!({"a": {"is": 1}, "b?": {"is": 2}, "c!": true});
    check(
        json!({ "object": members }),
        &[json!({"a": 1}), json!({"a": 1, "b": 2, "d": 3}), json!({"a": 1, "b": null, "c": null})],
        &[json!({}), json!({"a": null}), json!({"a": 1, "b": 3}), json!({"a": 1, "c": 0}), json!([])],
    );
    check(json!({ "object?": members }), &[json!([]), json!(null), json!({"a": 1})], &[json!({"a": 2})]);
}

#[test]
fn elements_are_sorted_into_groups() {
    let of = |name: &str| json!({"object": {"name": {"is": name}}});
    let one = json!({"pick": of("a"), "one": {"object": {"n": {"is": 1}}}});
    let some = json!({"pick": of("b"), "some": true});
    let none = json!({"pick": {"object": {"name": {"in": ["a", "b", "c"]}}}, "none": true});
    let (a, b, c) = (json!({"name": "a", "n": 1}), json!({"name": "b"}), json!({"name": "c"}));
    check(
        json!({ "array": [one, some, none] }),
        &[json!([a, b]), json!([b, b, a]), json!([a, b, {"name": "other"}, 7])],
        &[
            json!([a]),
            json!([b]),
            json!([a, a, b]),
            json!([a, b, c]),
            json!([{"name": "a", "n": 2}, b]),
            json!({}),
        ],
    );
}

#[test]
fn a_name_is_bound_once_and_to_a_value_of_its_own() {
    let id = |name: &str| Pattern::Id(name.to_owned());
    let mut bound = Bound::new();
    assert!(id("t1").matches(&json!("x"), &mut bound));
    assert!(id("t1").matches(&json!("x"), &mut bound));
    assert!(id("t1").matches(&json!(null), &mut bound), "null says nothing");
    assert!(!id("t1").matches(&json!("y"), &mut bound));
    assert!(!id("t2").matches(&json!("x"), &mut bound), "it belongs to another name");
    assert!(id("t2").matches(&json!(5), &mut bound) && !id("t3").matches(&json!("5"), &mut bound));
}

#[test]
fn what_is_no_pattern_is_told() {
    for (pattern, told) in [
        (
            json!({"is": 1, "in": []}),
            "line 2, /steps/0/answers/0/body: expected a pattern: an object with one member",
        ),
        (json!({"odd": 1}), "line 2, /steps/0/answers/0/body: expected a word of the pattern language"),
        (json!({"number": [1]}), "line 2, /steps/0/answers/0/body/number: expected two bounds, found `[1]`"),
        (json!({"array": [{"pick": {"any": true}}]}), "expected a group: pick, and one, some or none"),
    ] {
        let error = read(&pattern).expect_err("it is none");
        assert!(error.contains(told), "{error}");
    }
}
