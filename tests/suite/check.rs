//! Hand-written histories, judged.
//!
//! A file of `fixtures/histories/rejected` differs in one answer from the one of the same name in
//! `fixtures/histories/accepted`; its header says in `x-clause` what that answer contradicts, and in `x-why` how.
//! What stands in `accepted` alone is legal under a reading that is not the expected one, or legal but surprising.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use action_oracle::history::Reader;
use action_oracle::oracle::{Judge, Judgement, Options, Verdict, core_of, is_enough, judge};
use action_oracle::spec::clause;
use serde_json::Value;

use crate::history::rejected;

#[test]
fn every_accepted_history_conforms() {
    let others = judged(ACCEPTED).into_iter().filter(|(_, verdict)| !matches!(verdict, Verdict::Conforms));
    assert_eq!(names(others), [""; 0]);
}

#[test]
fn every_rejected_history_diverges_and_names_the_clause_of_its_header() {
    let mut others = Vec::new();
    for (path, verdict) in judged(REJECTED) {
        let name = path.file_stem().expect("it is a file").display().to_string();
        let Verdict::Diverges(divergences) = verdict else {
            others.push(format!("{name}: {verdict:?}"));
            continue;
        };
        let clause = header(&path)["x-clause"].as_str().expect("it names a clause").to_owned();
        let is_named = divergences.iter().all(|it| it.clauses.iter().any(|id| *id == clause));
        if !is_named {
            let named: Vec<_> = divergences.iter().map(|it| it.clauses.join(" ")).collect();
            others.push(format!("{name}: {clause} is not in {named:?}"));
        }
    }
    assert_eq!(others, [""; 0]);
}

#[test]
fn a_rejected_history_names_a_clause_and_differs_in_one_answer() {
    for path in files(REJECTED) {
        let text = text(&path);
        let header = header(&path);
        let id = header["x-clause"].as_str().expect("it names a clause");
        assert!(clause::find(id).is_some(), "{}: {id} is no clause", path.display());
        assert!(header["x-why"].is_string(), "{} does not say why", path.display());
        let twin = self::text(&Path::new(ACCEPTED).join(path.file_name().expect("it is a file")));
        assert_eq!(twin.lines().count(), text.lines().count(), "{}", path.display());
        let changed: Vec<_> =
            text.lines().zip(twin.lines()).skip(1).filter(|(one, other)| one != other).collect();
        let [(answer, _)] = &changed[..] else { panic!("{}: {changed:?}", path.display()) };
        assert!(answer.starts_with(r#"{"kind":"return""#), "{}: {answer}", path.display());
    }
}

/// Where something is gone, what the history does not say counts too: that nobody asked for a removal of the node.
#[test]
fn the_core_of_a_rejected_history_diverges_for_the_same_call() {
    let options = Options::default();
    let mut others = Vec::new();
    for (path, verdict) in judged(REJECTED) {
        let Verdict::Diverges(divergences) = verdict else { continue };
        let reader = || Reader::new(Cursor::new(text(&path))).expect("it has a header");
        let core = core_of(reader(), &divergences[0]).expect("no line is broken");
        assert!(core.len() < text(&path).lines().count(), "{}", path.display());
        if !is_enough(reader().header(), &divergences[0], &core, &options) {
            others.push(path.file_stem().expect("it is a file").display().to_string());
        }
    }
    let gone = [
        "aborted_is_dropped_soon",
        "accepted_but_not_found",
        "fenced_post_acts",
        "refused_post_keeps_the_result",
        "result_vanishes",
    ];
    assert_eq!(others, gone);
}

#[test]
fn every_line_of_a_history_fits_the_schema() {
    for path in files(ACCEPTED).iter().chain(&files(REJECTED)) {
        assert_eq!(rejected(&text(path)), [""; 0], "{}", path.display());
    }
}

const ACCEPTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/", "fixtures/histories/accepted");
const REJECTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/", "fixtures/histories/rejected");

/// The histories of a folder, in the order of their names.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder exists");
    let mut found: Vec<_> = entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    found.sort();
    assert!(!found.is_empty(), "nothing was checked");
    found
}

/// The histories of a folder, each with its verdict.
fn judged(folder: &str) -> Vec<(PathBuf, Verdict)> {
    let judged = files(folder).into_iter().map(|path| {
        let reader = Reader::new(Cursor::new(text(&path))).expect("it has a header");
        let judgement = judge(reader, &Options::default()).expect("no line is broken");
        (path, judgement.verdict)
    });
    judged.collect()
}

/// What the verdicts are about, by file name.
fn names(judged: impl Iterator<Item = (PathBuf, Verdict)>) -> Vec<String> {
    judged.map(|(path, _)| path.file_stem().expect("it is a file").display().to_string()).collect()
}

fn header(path: &Path) -> Value {
    text(path).lines().next().expect("it has a header").parse().expect("it is JSON")
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("a history is text")
}

/// What is remembered of one history must not be mixed up with the next, whatever became of the first.
#[test]
fn a_judge_says_the_same_after_other_histories_and_after_a_broken_one() {
    let mut judge_of_all = Judge::new(Options::default());
    for path in files(ACCEPTED).into_iter().chain(files(REJECTED)).take(40) {
        let whole = text(&path);
        let broken = whole.lines().take(3).collect::<Vec<_>>().join("\n") + "\n{\n";
        let broken = Reader::new(Cursor::new(&broken)).expect("it has a header");
        assert!(judge_of_all.judge(broken).is_err(), "{}", path.display());
        let reader = || Reader::new(Cursor::new(&whole)).expect("it has a header");
        let again = judge_of_all.judge(reader()).expect("no line is broken");
        let alone = judge(reader(), &Options::default()).expect("no line is broken");
        assert_eq!(format!("{again:?}"), format!("{alone:?}"), "{}", path.display());
    }
}

/// Which readings are tried first does not matter, whatever another history was explained by.
#[test]
fn a_judge_of_one_implementation_comes_to_the_same_verdicts() {
    let mut judge_of_one = Judge::new(Options::default()).of_one_implementation();
    for path in files(ACCEPTED).into_iter().chain(files(REJECTED)) {
        let whole = text(&path);
        let reader = || Reader::new(Cursor::new(&whole)).expect("it has a header");
        let alone = judge(reader(), &Options::default()).expect("no line is broken");
        let among_others = judge_of_one.judge(reader()).expect("no line is broken");
        let found = |judgement: &Judgement| judgement.divergences().len();
        let kinds = [&alone, &among_others].map(|it| (std::mem::discriminant(&it.verdict), found(it) > 0));
        assert_eq!(kinds[0], kinds[1], "{}", path.display());
    }
}

/// A server that does not find actions that have ended when they are to be deleted. No single other answer explains what
/// was seen, and to find that out of the few calls that force it takes longer than the budget.
#[test]
fn what_no_single_answer_explains_is_refuted_within_the_budget() {
    let folder = Path::new(ACCEPTED).with_file_name("recorded");
    let whole = text(&folder.join("ended_action_not_found.jsonl"));
    let reader = Reader::new(Cursor::new(&whole)).expect("it has a header");
    let judgement = judge(reader, &Options::default()).expect("no line is broken");
    let [divergence] = judgement.divergences() else { panic!("{:?}", judgement.verdict) };
    assert!(divergence.by_no_single_reading, "{}", divergence.sentence);
    assert!(divergence.sentence.contains("R-REMOVE-STATUS-AFTER"), "{}", divergence.sentence);
}
