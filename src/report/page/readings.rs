//! Open questions on a page: which answers survive a run, and which it refutes.

use maud::{Markup, html};

use super::parts;
use crate::oracle::Readings;
use crate::spec::Question;

/// How many answers are named; of a question with more it is said how many there are.
const NAMES_MAX: usize = 8;

/// The answers that were tried, none of which explains the run.
pub(super) fn tried(readings: &Readings) -> Markup {
    let table = html! {
        table class="readings" {
            thead { tr { th scope="col" { "Question" } th scope="col" { "✕ refuted" } } }
            tbody {
                @for (question, answers) in readings {
                    tr { (asked(*question)) td { (names(*question, answers)) } }
                }
            }
        }
    };
    html! {
        @if !readings.is_empty() {
            details {
                summary { (parts::count(readings.len() as u64, "question")) " that these calls depend on, with the answers that were tried" }
                (parts::wide("readings that were tried", table))
            }
        }
    }
}

/// For each question that a run touched, the answers that explain it and those that do not. Those that the run settles,
/// at least in part, come first.
pub(super) fn survivors(readings: &Readings) -> Markup {
    let is_settled = |(question, answers): &&(Question, Vec<usize>)| answers.len() < question.answers();
    let (settled, open): (Vec<_>, Vec<_>) = readings.iter().partition(is_settled);
    let table = |rows: &[&(Question, Vec<usize>)]| {
        html! {
            table class="readings" {
                thead {
                    tr {
                        th scope="col" { "Question" }
                        th scope="col" { "✓ survives" }
                        th scope="col" { "✕ refuted" }
                    }
                }
                tbody {
                    @for (question, answers) in rows {
                        tr {
                            (asked(*question))
                            td { (names(*question, answers)) }
                            td { (names(*question, &others(*question, answers))) }
                        }
                    }
                }
            }
        }
    };
    html! {
        @if settled.is_empty() {
            p { "The run settles no open question." }
        } @else {
            (parts::wide("readings that the run settles", table(&settled)))
        }
        @if !open.is_empty() {
            details {
                summary { (parts::count(open.len() as u64, "question")) " that the run touched and left as open as before" }
                (parts::wide("readings that are left open", table(&open)))
            }
        }
    }
}

fn others(question: Question, answers: &[usize]) -> Vec<usize> {
    (0..question.answers()).filter(|answer| !answers.contains(answer)).collect()
}

fn asked(question: Question) -> Markup {
    let text = question.reading().map_or("Which edition of the documents holds?", |reading| reading.question);
    html! { th scope="row" { span class="id" { (question.id()) } span class="question" { (parts::prose(text)) } } }
}

/// The answers by their names, with what each says.
fn names(question: Question, answers: &[usize]) -> Markup {
    let meaning = |answer: usize| {
        let variant = question.reading().and_then(|reading| reading.variants.get(answer));
        variant.filter(|variant| variant.name == question.answer_name(answer)).map(|variant| variant.meaning)
    };
    html! {
        @if answers.is_empty() {
            span class="none" { "none" }
        } @else if answers.len() > NAMES_MAX {
            (answers.len()) " of " (question.answers()) " answers"
        } @else {
            ul class="answers" {
                @for answer in answers {
                    li { abbr title=[meaning(*answer)] { (question.answer_name(*answer)) } }
                }
            }
        }
    }
}
