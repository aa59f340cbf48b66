//! A divergence in one sentence.

use super::super::call::Call;
use super::super::explain::{Expected, answers};
use super::super::seen::Symbol;
use crate::history::CallId;

/// What was answered, and what would have been possible after the other calls of the core.
pub(super) fn of(
    unit: &str,
    end: &Call,
    symbol: &Symbol,
    observed: &str,
    expected: &[Expected],
    core: &[CallId],
) -> String {
    // What was seen is possible by itself, if it is among them, but nothing explains it together with the other calls.
    let answers = answers(expected);
    let others: Vec<_> = answers.iter().copied().filter(|answer| *answer != observed).collect();
    let possible = match others.as_slice() {
        [] if !answers.is_empty() => "that is not possible".to_owned(),
        [] => "no answer of this kind is possible".to_owned(),
        [one] => format!("only {one} is possible"),
        several => format!("only {} are possible", enumerated(several)),
    };
    let others: Vec<_> = core.iter().filter(|id| **id != end.id).map(|id| format!("call {id}")).collect();
    let after = if others.is_empty() { String::new() } else { format!(" after {}", others.join(", ")) };
    let method = symbol.request.method.name();
    format!("{unit}: call {} ({method}) was answered {observed}, but{after} {possible}", end.id)
}

/// Answers in a row. Those that differ in their status only share the words before it.
fn enumerated(answers: &[&str]) -> String {
    const STATUS: &str = " with status ";
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for answer in answers {
        match (answer.split_once(STATUS), groups.last_mut()) {
            (Some((what, status)), Some((known, statuses))) if what == *known && !statuses.is_empty() => {
                statuses.push(status);
            }
            (Some((what, status)), _) => groups.push((what, vec![status])),
            (None, _) => groups.push((answer, Vec::new())),
        }
    }
    let has_comma = groups.iter().any(|(_, statuses)| statuses.len() > 1);
    let words = groups.into_iter().map(|(what, statuses)| match statuses.as_slice() {
        [] => what.to_owned(),
        some => format!("{what}{STATUS}{}", either(some, " or ")),
    });
    let words: Vec<_> = words.collect();
    either(&words, if has_comma { ", or " } else { " or " })
}

/// Words with commas between them, and this before the last one.
fn either<T: std::fmt::Display>(words: &[T], or: &str) -> String {
    let mut text = String::new();
    for (at, word) in words.iter().enumerate() {
        let between = if at == 0 {
            ""
        } else if at + 1 == words.len() {
            or
        } else {
            ", "
        };
        text += &format!("{between}{word}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_share_what_is_the_same() {
        assert_eq!(enumerated(&["404"]), "404");
        assert_eq!(enumerated(&["200 with status queued", "404"]), "200 with status queued or 404");
        assert_eq!(
            enumerated(&[
                "200 with status aborted",
                "200 with status failed",
                "200 with status queued",
                "404"
            ]),
            "200 with status aborted, failed or queued, or 404"
        );
        assert_eq!(
            enumerated(&["an entry with status failed", "an entry with status queued", "no entry"]),
            "an entry with status failed or queued, or no entry"
        );
        assert_eq!(enumerated(&["400", "403", "404"]), "400, 403 or 404");
    }
}
