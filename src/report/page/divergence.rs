//! A divergence on a page: what was expected and observed, what forces it, why each world refuses, what was tried.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::core::{CoreCall, anchor};
use super::timeline::Figure;
use super::{Run, parts, readings};
use crate::history::{Header, Record};
use crate::model::Body;
use crate::oracle::{self, Divergence};
use crate::report::{curl, judgement};

/// What is shown of one divergence.
pub(super) struct Shown<'a> {
    /// Which of those that were found it is, from 1.
    pub(super) number: usize,
    /// The name of the history, for the commands.
    pub(super) name: &'a str,
    pub(super) header: &'a Header,
    pub(super) divergence: &'a Divergence,
    pub(super) core: &'a [Record],
    pub(super) run: &'a Run,
}

impl Shown<'_> {
    /// All sections about it.
    pub(super) fn sections(&self) -> Markup {
        let calls = CoreCall::all(self.divergence, self.core, self.run);
        let id = |name: &str| format!("d{}-{name}", self.number);
        html! {
            (parts::section(&id("expected"), "Expected and observed", self.comparison(&calls)))
            (parts::section(&id("core"), "The calls that force it", self.core(&calls)))
            @if !self.divergence.expected.is_empty() {
                (parts::section(&id("worlds"), "Why each possible world refuses", self.worlds()))
            }
            (parts::section(&id("readings"), "Readings", self.readings()))
            (parts::section(&id("clauses"), "What the documents say", self.clauses()))
            (parts::section(&id("reproduce"), "How to reproduce it", self.reproduce(&calls)))
        }
    }

    /// The answers that were possible, each once, beside the one that came.
    fn comparison(&self, calls: &[CoreCall<'_>]) -> Markup {
        let Divergence { call, observed, expected, .. } = self.divergence;
        let answers: BTreeSet<&str> = expected.iter().map(|one| one.answer.as_str()).collect();
        let failing = calls.iter().find(|it| it.id == *call);
        html! {
            div class="against" {
                div class="card expected" {
                    h3 { span aria-hidden="true" { "✓ " } "expected" }
                    @if answers.is_empty() {
                        p { "No answer of this kind is possible." }
                    } @else {
                        ul { @for answer in &answers { li { (answer) } } }
                    }
                }
                div class="card observed" {
                    h3 { span aria-hidden="true" { "✕ " } "observed" }
                    ul { li { (observed) } }
                    @if let Some(failing) = failing {
                        p class="asked" { "call " (call) ": " code { (judgement::asked(failing.request)) } }
                        @if let Some(answer) = failing.answer {
                            pre tabindex="0" { code { (answer.status) (body(&answer.body)) } }
                        }
                    }
                }
            }
        }
    }

    fn core(&self, calls: &[CoreCall<'_>]) -> Markup {
        let Divergence { from_any_state, bystanders, .. } = self.divergence;
        let from = match from_any_state {
            true => "They are impossible whatever was before; nothing else of the run is needed.",
            false => "They are impossible from the beginning of the run; nothing else of it is needed.",
        };
        let figure = Figure::new(self.number, self.divergence, calls, self.run);
        html! {
            p {
                (from)
                @if !bystanders.is_empty() {
                    " Others could have acted in between, and cannot help."
                }
            }
            (figure.draw())
            ol class="calls" {
                @for call in calls { (self.call(call)) }
            }
        }
    }

    fn call(&self, call: &CoreCall<'_>) -> Markup {
        html! {
            li id=(anchor(self.number, call.id)) class=[call.is_failing.then_some("fails")] {
                p class="asked" {
                    span class="number" { "call " (call.id) }
                    code { (judgement::asked(call.request)) }
                    span class="where" {
                        (call.client) ", "
                        @match call.ended {
                            Some(ended) => { "records " (call.begun) " to " (ended) },
                            None => { "from record " (call.begun) },
                        }
                    }
                }
                @if call.is_bystander {
                    p class="answer" { "may have acted; its answer is not needed" }
                } @else if let Some(answer) = call.answer {
                    p class="answer" {
                        span aria-hidden="true" { @if call.is_failing { "✕ " } @else { "→ " } }
                        code { (answer.status) (body(&answer.body)) }
                        @if call.is_failing { " " em { "which nothing explains" } }
                    }
                } @else {
                    p class="answer" { (call.ending.clone().unwrap_or_else(|| "no answer".to_owned())) }
                }
            }
        }
    }

    fn worlds(&self) -> Markup {
        let Divergence { expected, observed, .. } = self.divergence;
        let table = html! {
            table {
                thead { tr { th scope="col" { "If" } th scope="col" { "the answer would be" } th scope="col" { "says" } } }
                tbody {
                    @for one in expected {
                        tr {
                            th scope="row" { (one.world) }
                            td { (one.answer) }
                            td { (parts::ids(&one.clauses)) }
                        }
                    }
                }
            }
        };
        html! {
            p {
                "After the other calls, and whatever may have happened unseen, these worlds are left. None of them answers "
                strong { (observed) } "."
            }
            (parts::wide("possible worlds", table))
        }
    }

    fn readings(&self) -> Markup {
        let Divergence { tried, by_no_single_reading, .. } = self.divergence;
        let says = match (tried.is_empty(), by_no_single_reading) {
            (true, _) => "No open question matters here: there is no reading to refute.",
            (false, false) => {
                "None survives. The answers of these calls depend on the open questions below. Each answer to each of \
                 them was tried, in every mixture, and under none is there a run that explains these calls."
            }
            (false, true) => {
                "None survives. Each answer can be explained by itself, but not all by one reading. Under the reading \
                 that the other calls leave, these are the answers that matter here, and this call refutes them."
            }
        };
        html! { p { (says) } (readings::tried(tried)) }
    }

    fn clauses(&self) -> Markup {
        let broken = &self.divergence.clauses;
        let others = self.divergence.expected.iter().flat_map(|one| &one.clauses);
        let others: BTreeSet<&str> = others.copied().filter(|id| !broken.contains(id)).collect();
        html! {
            p { "The clauses that the answer contradicts, the most telling first." }
            (parts::statements(broken))
            @if !others.is_empty() {
                details {
                    summary { "The clauses that the possible answers follow" }
                    (parts::statements(&others.into_iter().collect::<Vec<_>>()))
                }
            }
        }
    }

    fn reproduce(&self, calls: &[CoreCall<'_>]) -> Markup {
        let name = self.name;
        let commands = [
            (format!("action-oracle check {name}"), "judges the whole run again"),
            (
                format!("action-oracle check {name} --core core.jsonl"),
                "writes the calls that force the first divergence",
            ),
        ];
        let mut history = Vec::new();
        let options = oracle::Options::default();
        oracle::write_core(self.header, self.divergence, self.core, &options, &mut history)
            .expect("memory takes what is written");
        let is_enough = oracle::is_enough(self.header, self.divergence, self.core, &options);
        html! {
            (parts::commands(&commands))
            @if is_enough {
                (parts::folded("The core as a history of its own", &String::from_utf8_lossy(&history)))
            }
            (parts::folded("The same calls for a shell, one after the other", &self.script(calls)))
        }
    }

    /// The calls of the core with curl. What needs an overlap is not shown by it.
    fn script(&self, calls: &[CoreCall<'_>]) -> String {
        let steps = calls.iter().filter(|call| !call.is_bystander).map(|call| {
            let mut remarks =
                vec![format!("call {}: {}", call.id, call.ending.as_deref().unwrap_or("no answer"))];
            if call.is_failing {
                let expected = self.divergence.expected.iter();
                remarks.extend(expected.map(|one| format!("expected: {}, if {}", one.answer, one.world)));
            }
            curl::Step { request: call.request, pause: std::time::Duration::ZERO, until: None, remarks }
        });
        curl::script(&self.divergence.sentence, "http://127.0.0.1:8080", &steps.collect::<Vec<_>>())
    }
}

/// A body behind a status code.
fn body(body: &Body) -> String {
    match body {
        Body::Absent => String::new(),
        Body::Json(value) => format!(" {value}"),
        Body::Text(text) => format!(" {text}"),
    }
}
