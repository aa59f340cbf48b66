//! A judgement for the machines of a CI: JUnit XML, and the annotations of GitHub.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::judgement::why_nothing;
use crate::oracle::{Divergence, Judgement, Place, Verdict};

/// A judgement as JUnit XML: a suite of this name with one case, or one for each divergence. What is undecided, and what
/// checked nothing, is an error. The same judgement gives the same text.
pub fn junit(name: &str, judgement: &Judgement) -> String {
    let mut suite = TestSuite::new(name);
    let divergences = judgement.divergences();
    suite.add_test_cases(divergences.iter().map(failure));
    if divergences.is_empty() {
        let status = match problem(judgement) {
            None => TestCaseStatus::success(),
            Some(problem) => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
                status.set_message(problem);
                status
            }
        };
        suite.add_test_case(case("every answer has an explanation".to_owned(), status));
    }
    let mut report = Report::new("action-oracle");
    report.add_test_suite(suite);
    report.to_string().expect("a string takes everything")
}

fn case(name: String, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname("action-oracle");
    case
}

fn failure(divergence: &Divergence) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status
        .set_message(&divergence.sentence)
        .set_type(divergence.clauses.first().copied().unwrap_or("divergence"));
    status.set_description(details(divergence));
    case(divergence.signature.clone(), status)
}

/// What was observed and expected, and which calls force it.
fn details(divergence: &Divergence) -> String {
    let expected =
        divergence.expected.iter().map(|one| format!("expected: {}, if {}\n", one.answer, one.world));
    let core: Vec<_> = divergence.core.iter().map(ToString::to_string).collect();
    format!(
        "observed: {}\n{}clauses: {}\ncalls that force it: {}\n",
        divergence.observed,
        expected.collect::<String>(),
        divergence.clauses.join(", "),
        core.join(", ")
    )
}

/// Why nothing was decided, if that is so.
fn problem(judgement: &Judgement) -> Option<String> {
    match judgement.verdict {
        Verdict::Conforms | Verdict::Diverges(_) => None,
        Verdict::NothingChecked => Some(format!("nothing was checked: {}", why_nothing(judgement))),
        Verdict::Undecided => {
            let places = judgement.undecided.iter();
            let places: Vec<_> =
                places.map(|Place { unit, record }| format!("{unit}, record {record}")).collect();
            Some(format!("undecided: the budget ended at {}", places.join("; ")))
        }
    }
}

/// A judgement as annotations of a file in a workflow of GitHub, one a line: an error for each divergence, at the line with
/// the answer, or else one line that says what came of it.
pub fn annotations(file: &str, judgement: &Judgement) -> String {
    let file = property(file);
    let line = |one: &Divergence| {
        // The header is the first line.
        let (line, title) = (one.record + 1, property(&one.clauses.join(", ")));
        format!("::error file={file},line={line},title={title}::{}\n", data(&one.sentence))
    };
    match problem(judgement) {
        _ if !judgement.divergences().is_empty() => judgement.divergences().iter().map(line).collect(),
        Some(problem) => format!("::warning file={file}::{}\n", data(&problem)),
        None => format!("::notice file={file}::{} answers judged, all can be explained\n", judgement.judged),
    }
}

/// Text after the second pair of colons.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
