//! Pieces that several pages are made of.

use maud::{Markup, html};

use crate::spec::{clause, reading};

/// What a page says first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Good,
    Bad,
    Open,
}

impl Verdict {
    fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Open => "open",
        }
    }

    /// A sign that needs no colour.
    fn sign(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Bad => "✕",
            Self::Open => "?",
        }
    }
}

/// The top of a page: the verdict in a word or two, a sentence, and facts with their names.
pub(super) fn opening(
    what: &str,
    verdict: Verdict,
    title: &str,
    sentence: &str,
    facts: &[(&str, String)],
) -> Markup {
    html! {
        header class="opening" {
            p class="what" { "action-oracle " span { (what) } }
            h1 class=(verdict.class()) {
                span class="sign" aria-hidden="true" { (verdict.sign()) }
                " " (title)
            }
            p class="sentence" { (sentence) }
            dl class="facts" {
                @for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
                    div { dt { (name) } dd { (value) } }
                }
            }
        }
    }
}

/// A section with a heading that can be linked to.
pub(super) fn section(id: &str, heading: &str, content: Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-heading" } {
            h2 id={ (id) "-heading" } { (heading) }
            (content)
        }
    }
}

/// Names of clauses and readings, with what each says where the pointer rests on it.
pub(super) fn ids(ids: &[&str]) -> Markup {
    html! {
        span class="ids" {
            @for (at, id) in ids.iter().enumerate() {
                @if at > 0 { ", " }
                @match statement(id) {
                    Some(says) => abbr title=(says) { (id) },
                    None => (id),
                }
            }
        }
    }
}

/// What a clause states, or a reading asks.
pub(super) fn statement(id: &str) -> Option<&'static str> {
    let of_clause = clause::find(id).map(|clause| clause.statement);
    of_clause.or_else(|| reading::find(id).map(|reading| reading.question))
}

/// What clauses and readings say, in the order of their names.
pub(super) fn statements(ids: &[&str]) -> Markup {
    html! {
        dl class="statements" {
            @for id in ids {
                div {
                    dt { (id) }
                    dd {
                        (prose(statement(id).unwrap_or("said nowhere else")))
                        @if let Some(clause) = clause::find(id) { " " span class="source" { (clause.source) } }
                    }
                }
            }
        }
    }
}

/// A text in which what stands between backticks is code.
pub(super) fn prose(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// What is typed, and what for.
pub(super) fn commands(commands: &[(String, &str)]) -> Markup {
    html! {
        dl class="commands" {
            @for (command, what_for) in commands {
                div { dt { code { (command) } } dd { (what_for) } }
            }
        }
    }
}

/// Text of which each line stands as it is, behind a heading that unfolds it.
pub(super) fn folded(heading: &str, text: &str) -> Markup {
    html! {
        details {
            summary { (heading) }
            pre tabindex="0" { code { (text) } }
        }
    }
}

/// A table that may be wider than the page.
pub(super) fn wide(label: &str, table: Markup) -> Markup {
    html! { div class="wide" tabindex="0" role="region" aria-label=(label) { (table) } }
}

/// The last lines of a page.
pub(super) fn closing() -> Markup {
    html! {
        footer {
            p {
                "Made by action-oracle " (env!("CARGO_PKG_VERSION"))
                ", the executable form of the Redis Enterprise Software actions API. It is not made or endorsed by Redis."
            }
        }
    }
}

/// A number with its noun: `1 call`, `2 calls`.
pub(super) fn count(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// A number with a thin space between each three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

/// Names with commas between them; `none` if there is none.
pub(super) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [] => "none".to_owned(),
        names => names.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", "),
    }
}
