//! `action-oracle spec`: the overview, lists, entries, and what it answers to wrong names.

use std::sync::atomic::AtomicBool;

use action_oracle::cli::{self, Arguments, Console};
use action_oracle::spec::{clause, reading};
use anstream::adapter::strip_str;
use clap::Parser;
use insta::assert_snapshot;
use serde_json::json;

use super::{action_oracle, json_of, transcript};

#[test]
fn without_arguments_shows_how_much_there_is() {
    let end = action_oracle("spec");
    assert_eq!((end.code, end.stderr.as_str()), (0, ""));
    let clauses = format!("Clauses  {}, what the documents say", clause::all().count());
    let readings = format!("Readings  {}, what they leave open", reading::all().count());
    assert!(end.stdout.contains(&clauses) && end.stdout.contains(&readings), "{}", end.stdout);
    assert_eq!(json_of("spec --format json")["areas"][3]["area"], "POST");
}

#[test]
fn shows_a_clause_with_what_it_raises() {
    assert_snapshot!(above(transcript("spec POST-3"), "invariants"), @r"
    exit 0
    POST-3  start, conflict, resubmit

      Submitting an action immediately discards the result that an earlier instance of that action left
      behind.

      authority   seed document
      source      node and cluster actions pages (seeds)
      observed by GET right after an accepted POST shows the new instance only
      raises      R-RESUBMIT-TIMING    When exactly does the old status vanish?
                  R-RESUBMIT-REJECTED  Does a POST that is refused (400, 401, 403, 404, 406, 409) remove
                                       the old status?
                  R-RESUBMIT-SCOPE     Does a new instance on one node remove the result of the same
                                       action on another node?

      
    ");
}

/// IDs may be typed in lower case.
#[test]
fn says_why_nothing_covers_a_clause() {
    assert_snapshot!(transcript("spec mon-21"), @r"
    exit 0
    MON-21  maintenance_on

      CLI only: `max_concurrent_actions` limits concurrency.

      authority   public documents
      source      `rladmin` reference (node maintenance_mode)
      observed by none
      raises      R-POST-RLADMIN-PARAMS  Do CLI-only options exist in REST (`demote_node`,
                                         `max_concurrent_actions`, `retry_timeout_seconds`,
                                         `endpoints_only`, `shards_only`)?

      uncovered   is about the vendor's command line, not about REST
    ");
}

#[test]
fn shows_the_invariants_that_encode_a_clause() {
    let clause = json_of("spec SNAP-3 --format json");
    assert_eq!(clause["kind"], "clause");
    assert_eq!(clause["invariants"][0]["name"], "one-maintenance-snapshot");
}

#[test]
fn shows_a_reading_and_marks_what_the_edition_assumes() {
    assert_snapshot!(above(transcript("spec R-CHM-UNKNOWN --edition E-80"), "evidence"), @r"
    exit 0
    R-CHM-UNKNOWN  change_master, param, modelled

      What does `change_master` answer when the node in the body does not exist?

      answers       BADREQUEST  400.
                  * NOTFOUND    404.
                  * holds in E-80; BADREQUEST in E-72, BADREQUEST in E-74

      
    ");
}

#[test]
fn marks_the_answer_that_was_asked_for() {
    assert_snapshot!(above(transcript("spec R-CHM-UNKNOWN --rules R-CHM-UNKNOWN=NOTFOUND"), "evidence"), @r"
    exit 0
    R-CHM-UNKNOWN  change_master, param, modelled

      What does `change_master` answer when the node in the body does not exist?

      answers       BADREQUEST  400.
                  * NOTFOUND    404.
                  * holds in E-74 as asked for, instead of BADREQUEST

      
    ");
}

#[test]
fn gives_programs_the_same_reading() {
    let reading = json_of("spec r-moff-skip --format json");
    assert_eq!(reading["variants"][0]["name"], "DELETES");
    assert_eq!(reading["defaults"], json!({"E-72": "DELETES", "E-74": "DELETES", "E-80": "DELETES"}));
    assert_eq!(reading["answers"], json!(["DELETES"]));
    assert_eq!(reading["modelled"], json!(true));
}

#[test]
fn lists_the_clauses_of_an_area() {
    assert_snapshot!(transcript("spec --area ens"), @r"
    exit 0
    ENS-1  `enslave_node` turns the node into a replica.
    ENS-2  The CLI twin changes all endpoints and shards of the node to replicas. The old official REST…
    ENS-3  The node's own role changes only with the option `demote_node`.
    ENS-4  Variants: `endpoints_only`, `shards_only`; option `retry_timeout_seconds`. Not documented fo…
    ENS-5  Example: the shards stay on the node (count unchanged) and become `slave`.
    ENS-6  Example for endpoints: a `single` endpoint moves to another node.
    ENS-7  The CLI prints the action name `enslave_node`.
    ENS-8  No request member and no error is documented for it.
    ");
}

#[test]
fn lists_the_readings_of_a_stance_that_an_area_raises() {
    assert_snapshot!(transcript("spec --area ENS --stance param"), @r"
    exit 0
    R-POST-RLADMIN-PARAMS  Do CLI-only options exist in REST (`demote_node`, `max_concurrent_actions`,…
    R-ENS-MEANING          Does `enslave_node` demote the node (its cluster role) or its resources?
    ");
}

#[test]
fn finds_words() {
    assert_snapshot!(transcript("spec --grep peer"), @r"
    exit 0
    nothing matches
    ");
}

#[test]
fn says_so_when_nothing_matches() {
    assert_snapshot!(transcript("spec --grep zebra"), @r"
    exit 0
    nothing matches
    ");
}

#[test]
fn lists_for_programs() {
    let list = json_of("spec --modelled --grep snapshot --format json");
    let entries = list["entries"].as_array().expect("a list of entries");
    assert!(entries.iter().all(|entry| entry["modelled"] == json!(true)), "{list:#}");
    assert!(entries.iter().any(|entry| entry["id"] == "R-MOFF-LATEST"), "{list:#}");
}

#[test]
fn an_unknown_id_is_wrong_usage_and_answered_with_the_nearest() {
    assert_snapshot!(transcript("spec CONFLICT-SCOPE"), @r"
    exit 2
    error: no clause and no reading is called `CONFLICT-SCOPE`; the nearest are R-CONFLICT-SCOPE, R-CONFLICT-CROSS, R-CONFLICT-STATES
    ");
}

#[test]
fn an_id_far_from_all_others_is_answered_with_the_search() {
    assert_snapshot!(transcript("spec zebra"), @r"
    exit 2
    error: no clause and no reading is called `zebra`; try `action-oracle spec --grep zebra`
    ");
}

#[test]
fn an_unknown_area_is_wrong_usage() {
    assert_snapshot!(transcript("spec --area ZEBRA"), @r"
    exit 2
    error: invalid value 'ZEBRA' for '--area <AREA>': no area is called `ZEBRA`; known are LIFE, NODE, CLU, POST, DEL, REM, MON, SNAP, MOFF, ENS, CHM, OBJ, ERR, PERM, HTTP, OBS, EVID, VER

    For more information, try '--help'.
    ");
}

#[test]
fn an_unknown_stance_is_wrong_usage() {
    assert_snapshot!(transcript("spec --stance maybe"), @r"
    exit 2
    error: invalid value 'maybe' for '--stance <STANCE>'
      [possible values: pin, param, free]

    For more information, try '--help'.
    ");
}

#[test]
fn an_unknown_edition_is_wrong_usage() {
    assert_snapshot!(transcript("spec --edition E-75"), @r"
    exit 2
    error: invalid value 'E-75' for '--edition <E>': no edition is called `E-75`; known are E-72, E-74 and E-80

    For more information, try '--help'.
    ");
}

#[test]
fn an_unknown_variant_is_wrong_usage() {
    assert_snapshot!(transcript("spec --rules R-STACK=FLAG,R-DEL-QUEUED=MAYBE"), @r"
    exit 2
    error: --rules: R-DEL-QUEUED has no variant `MAYBE`; it has SHOWN, GONE
    ");
}

#[test]
fn a_reading_that_is_not_modelled_cannot_be_set() {
    assert_snapshot!(transcript("spec --rules R-TASKID=NONE"), @r"
    exit 2
    error: --rules: R-TASKID cannot be set: the model always answers POST-AND-GET
    ");
}

#[test]
fn a_rule_has_a_form() {
    assert_snapshot!(transcript("spec --rules R-STACK"), @r"
    exit 2
    error: --rules: `R-STACK` is no rule; expected R-NAME=VARIANT
    ");
}

#[test]
fn an_id_and_a_filter_exclude_each_other() {
    assert_snapshot!(transcript("spec POST-3 --modelled"), @r"
    exit 2
    error: the argument '[ID]' cannot be used with '--modelled'

    Usage: action-oracle spec <ID>

    For more information, try '--help'.
    ");
}

#[test]
fn an_unknown_reading_is_answered_with_the_known_ones() {
    let end = action_oracle("spec --rules R-ZEBRA=YES");
    assert_eq!((end.code, end.stdout.as_str()), (2, ""));
    let start = "error: --rules: no reading is called `R-ZEBRA`; the modelled ones are R-CONFLICT-CROSS, ";
    assert!(end.stderr.starts_with(start), "{}", end.stderr);
}

#[test]
fn every_page_keeps_within_the_width() {
    let ids = clause::all().map(|clause| clause.id).chain(reading::all().map(|reading| reading.id));
    for id in ids {
        for width in [40, 100] {
            let page = page(id, width);
            let longest = page.lines().map(|line| line.chars().count()).max();
            assert!(longest <= Some(width), "{page}");
        }
    }
}

/// What `spec ID` writes to a terminal of that width, without the colours.
fn page(id: &str, width: usize) -> String {
    let arguments =
        Arguments::try_parse_from(["action-oracle", "spec", id]).expect("the arguments are right");
    let (mut out, mut remarks) = (Vec::new(), Vec::new());
    let progress = |_| indicatif::ProgressBar::hidden();
    let count = |_| indicatif::ProgressBar::hidden();
    let console = Console {
        out: &mut out,
        remarks: &mut remarks,
        input: &mut std::io::empty(),
        width,
        progress,
        count,
        variable: |_| None,
        interrupted: never,
        log: |_| (),
    };
    cli::run(&arguments, console).expect("the ID exists");
    strip_str(&String::from_utf8(out).expect("a page is UTF-8")).to_string()
}

/// Nobody interrupts a page.
fn never() -> &'static AtomicBool {
    static NEVER: AtomicBool = AtomicBool::new(false);
    &NEVER
}

/// The beginning of a transcript, which later tests and invariants leave as it is.
fn above(transcript: String, label: &str) -> String {
    transcript.split(label).next().unwrap_or_default().to_owned()
}
