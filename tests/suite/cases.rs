//! The recorded cases: what the documents show, replayed.
//!
//! Every file of `fixtures/cases` is a run with the replies that the documents call for; its provenance says
//! which document, and after the word DIFFERENCE how what is printed there differs. The twin of the replay
//! changes each reply in turn, so that a comparison that always agrees would be noticed.

use std::fs;
use std::path::Path;

use action_oracle::case::{Case, Line, Loaded, Recorded, read};
use action_oracle::model::{Cluster, Node, step};

use crate::case::rejected;

#[test]
fn every_case_replays_without_a_difference() {
    for (name, case) in cases() {
        assert_eq!(differences(&case), [""; 0], "{name}");
    }
}

#[test]
fn each_single_changed_reply_is_a_difference() {
    for (name, case) in cases() {
        let replies: Vec<_> = (0..case.lines.len()).filter(|at| case.lines[*at].reply.is_some()).collect();
        assert!(!replies.is_empty(), "{name} records no reply");
        for at in replies {
            let mut changed = case.clone();
            let member = change(&mut changed.lines[at]);
            let told = differences(&changed);
            let [difference] = &told[..] else { panic!("{name}: one reply was changed, told is {told:?}") };
            assert!(difference.starts_with(&format!("{}: {member}", at + 1)), "{name}: {difference}");
        }
    }
}

#[test]
fn an_event_that_is_recorded_as_hindered_but_happens_is_a_difference() {
    for (name, mut case) in cases() {
        let happened = case.lines.iter().position(|line| line.reply.is_none());
        let Some(at) = happened else { continue };
        case.lines[at].reply = Some(Recorded::NotEnabled("no_change".to_owned()));
        assert_eq!(differences(&case).len(), 1, "{name}");
    }
}

#[test]
fn moff_1_the_documented_walk_ends_with_every_shard_and_endpoint_where_it_was() {
    let case = load("maintenance_walk_data.jsonl");
    let end = case.replay(step).last().expect("it has steps").after;
    let held = |node: &Node| (node.uid, node.shards.clone(), node.endpoints.clone());
    let held = |cluster: &Cluster| cluster.nodes().iter().map(|node| held(node)).collect::<Vec<_>>();
    assert_eq!(held(&end), held(&case.cluster));
}

#[test]
fn every_case_says_where_it_comes_from() {
    for (name, case) in cases() {
        let provenance = case.provenance.unwrap_or_default();
        assert!(provenance.contains(" page"), "{name} names no page of the documents: `{provenance}`");
    }
}

#[test]
fn every_line_of_a_case_fits_the_schema() {
    for (name, _) in cases() {
        assert_eq!(rejected(&text(&name)), [""; 0], "{name}");
    }
}

/// All cases with their file names, in the order of the names.
fn cases() -> Vec<(String, Case)> {
    let entries = fs::read_dir(folder()).expect("the folder exists");
    let names = entries.map(|entry| entry.expect("the folder can be read").file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().expect("names are ASCII")).collect();
    names.sort();
    assert!(!names.is_empty(), "nothing was checked");
    names.into_iter().map(|name| (name.clone(), load(&name))).collect()
}

fn load(name: &str) -> Case {
    let Loaded { case, broken } = read(text(name).as_bytes()).expect("it has a header");
    assert_eq!(broken, None, "{name}");
    case
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(name)).expect("a case is text")
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/", "fixtures/cases"))
}

/// Where a replay differs from what was recorded: line and member.
fn differences(case: &Case) -> Vec<String> {
    let steps = case.replay(step);
    steps.filter_map(|step| Some(format!("{}: {}", step.number, step.difference?))).collect()
}

/// Changes the reply of a line and says which member of it.
fn change(line: &mut Line) -> &'static str {
    match line.reply.as_mut().expect("the line has a reply") {
        Recorded::Response(response) => match &mut response.body {
            Some(body) => {
                *body = serde_json::json!({ "changed": body.take() });
                "body"
            }
            None => {
                response.status += 1;
                "status"
            }
        },
        Recorded::NotEnabled(why) => {
            why.push_str(" not");
            "not_enabled"
        }
    }
}
