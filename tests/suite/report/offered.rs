//! How a page is asked for: by `report`, and beside the result of other commands; what fails, and how.

use super::{CASE, CONFORMS, DIVERGES, Written, write};

#[test]
fn a_failing_check_offers_a_page() {
    let hint = format!("\nreport: action-oracle report {DIVERGES} -o report.html\n");
    let Written { end, .. } = write(&format!("check {DIVERGES}"));
    assert!(end.code == 1 && end.stdout.ends_with(&hint), "{}", end.stdout);
    let Written { page, end } = write(&format!("check {DIVERGES} --report OUT"));
    assert!(end.code == 1 && !end.stdout.contains(&hint), "{}", end.stdout);
    assert!(end.stderr.starts_with("report: ") && page.contains("diverges at record 28"), "{}", end.stderr);
}

#[test]
fn a_check_that_passes_offers_none_and_writes_one_if_asked() {
    let Written { end, .. } = write(&format!("check {CONFORMS}"));
    assert!(end.code == 0 && !end.stdout.contains("report:"), "{}", end.stdout);
    let Written { page, end } = write(&format!("check {CONFORMS} --report OUT"));
    assert!(end.code == 0 && page.contains("<h1 class=\"good\">"), "{}", end.stderr);
}

#[test]
fn a_failing_campaign_offers_a_page_of_each_case() {
    let Written { end, .. } = write("simulate --seeds 36..37 --canary --cases DIR");
    let hint = "0x0000000000000024.jsonl -o report.html\n";
    assert!(end.code == 1 && end.stdout.contains(hint), "{}", end.stdout);
    let Written { page, end } = write("simulate --seeds 36..37 --canary --cases DIR --report OUT");
    assert!(end.code == 1 && page.contains("broke legal-edges in step 47"), "{}", end.stderr);
    assert!(page.contains("✕ breaks legal-edges"), "the first failure is shown step by step");
}

#[test]
fn a_failing_exploration_offers_a_page_of_each_case() {
    let space = "explore --nodes 1 --actions enslave_node --canary --cases DIR";
    let Written { end, .. } = write(space);
    assert!(end.code == 1 && end.stderr.contains("report: action-oracle report "), "{}", end.stderr);
    let Written { page, end } = write(&format!("{space} --report OUT"));
    assert!(end.code == 1 && page.contains("something goes wrong"), "{}", end.stderr);
}

#[test]
fn what_is_no_history_and_no_case_is_unreadable() {
    let Written { end, .. } = write("report fixtures/schema/case.schema.json -o OUT");
    let says =
        "what can be read is a history (\"action-oracle/history\") or a case (\"action-oracle/case\")\n";
    assert!(end.code == 3 && end.stderr.ends_with(says), "{}", end.stderr);
    let Written { end, .. } = write("report no-such-file -o OUT");
    let says = "error: there is no file `no-such-file`, and it is no seed either\n";
    assert_eq!((end.code, end.stderr.as_str()), (3, says));
}

#[test]
fn a_page_that_cannot_be_written_is_an_error() {
    let Written { end, .. } = write(&format!("report {CONFORMS} -o DIR"));
    assert!(end.code == 3 && end.stderr.starts_with("error: cannot write "), "{}", end.stderr);
}

#[test]
fn rules_go_with_a_history() {
    let Written { end, .. } = write(&format!("report {CASE} --edition E-80 -o OUT"));
    let says = format!("error: {CASE}: has its own rules; --edition and --rules go with a history\n");
    assert_eq!((end.code, end.stderr), (2, says));
}
