//! What was asked and answered how often, as tables that leave a place for what was not.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::parts;
use crate::model::Status;

/// A table of one operation: rows, columns, and what stands where they meet.
struct Matrix {
    caption: String,
    columns: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

impl Matrix {
    fn draw(&self) -> Markup {
        let table = html! {
            table class="matrix" {
                caption { (self.caption) }
                thead {
                    tr {
                        td {}
                        @for column in &self.columns { th scope="col" { (column) } }
                    }
                }
                tbody {
                    @for (name, cells) in &self.rows {
                        tr {
                            th scope="row" { (name) }
                            @for cell in cells {
                                @if cell.is_empty() {
                                    td class="never" { span aria-label="never" { "·" } }
                                } @else {
                                    td { (cell) }
                                }
                            }
                        }
                    }
                }
            }
        };
        parts::wide(&self.caption, table)
    }
}

/// What a history covers: for each method how often it was answered how, about what.
pub(super) fn of_history(coverage: &BTreeMap<String, u64>) -> Markup {
    let mut methods: BTreeMap<&str, BTreeMap<(&str, &str), u64>> = BTreeMap::new();
    for (name, count) in coverage {
        let (asked, answer) = name.split_once(": ").unwrap_or((name, ""));
        let (method, what) = asked.split_once(' ').unwrap_or((asked, ""));
        *methods.entry(method).or_default().entry((answer, what)).or_default() += count;
    }
    let matrices = methods.into_iter().map(|(method, cells)| {
        let columns: BTreeSet<&str> = cells.keys().map(|(_, what)| *what).collect();
        let answers: BTreeSet<&str> = cells.keys().map(|(answer, _)| *answer).collect();
        let row = |answer: &'_ str| {
            let counts = columns.iter().map(|what| cells.get(&(answer, *what)).copied());
            (answer.to_owned(), counts.map(|count| count.map(parts::grouped).unwrap_or_default()).collect())
        };
        Matrix {
            caption: method.to_owned(),
            rows: answers.iter().map(|answer| row(answer)).collect(),
            columns: columns.iter().map(|what| (*what).to_owned()).collect(),
        }
    });
    html! { div class="matrices" { @for matrix in matrices { (matrix.draw()) } } }
}

/// What a request met: the operation, the status of the slot, the code of the answer, and what is said of it.
pub(super) type Met = (&'static str, Option<Status>, u16, String);

/// For each operation what was met: statuses and the codes that were answered.
pub(super) fn of_cells(met: &[Met]) -> Markup {
    let statuses: Vec<_> = Status::ALL.into_iter().map(Some).chain([None]).collect();
    let matrices = ["GET", "POST", "DELETE"].into_iter().map(|operation| {
        let mine: Vec<_> = met.iter().filter(|(name, ..)| *name == operation).collect();
        let codes: BTreeSet<u16> = mine.iter().map(|(_, _, code, _)| *code).collect();
        let cell = |status: Option<Status>, code: u16| {
            let found = mine.iter().find(|(_, met, answered, _)| (*met, *answered) == (status, code));
            found.map(|(.., says)| says.clone()).unwrap_or_default()
        };
        let row = |status: Option<Status>| {
            let name = status.map_or("no status", Status::name).to_owned();
            (name, codes.iter().map(|code| cell(status, *code)).collect())
        };
        Matrix {
            caption: operation.to_owned(),
            rows: statuses.iter().map(|status| row(*status)).collect(),
            columns: codes.iter().map(ToString::to_string).collect(),
        }
    });
    html! { div class="matrices" { @for matrix in matrices { (matrix.draw()) } } }
}
