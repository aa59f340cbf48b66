//! A run as a person reads it: each input, what was answered, and only what changed.
//!
//! One step is one text, so that a run of any length can be shown while it goes on.

use crate::case::{self, Recorded};
use crate::model::invariant::Broken;
use crate::model::{Cluster, Input, Reply};
use crate::report::changes;
use crate::script;
use crate::spec::Rules;

/// How far answers and changes are indented.
const INDENT: &str = "      ";

/// One step of a run.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// Its number, from 1.
    pub number: usize,
    /// What happened.
    pub input: &'a Input,
    /// What came of it.
    pub reply: &'a Reply,
    /// The cluster before.
    pub before: &'a Cluster,
    /// The cluster after.
    pub after: &'a Cluster,
}

/// The lines of one step, each with its end: number, time and input; the answer, or why the event did not
/// happen; what changed.
pub fn step(step: Step<'_>, rules: &Rules) -> String {
    let Step { number, input, .. } = step;
    let mut text = format!("{number:>4}  {}  {}\n", script::print_time(input.at), script::print(&input.act));
    for line in outcome(step, rules) {
        text.push_str(&format!("{INDENT}{line}\n"));
    }
    text
}

/// What came of a step, a line each: the answer, or why the event did not happen; what changed.
pub fn outcome(step: Step<'_>, rules: &Rules) -> Vec<String> {
    let Step { input, reply, before, after, .. } = step;
    answer(input, reply, rules).into_iter().chain(changes(before, after)).collect()
}

/// The lines of one step of a replay, and where it differs from what was recorded.
pub fn replayed(replayed: &case::Step<'_>, rules: &Rules) -> String {
    let case::Step { number, line, reply, before, after, difference } = replayed;
    let mut text = step(Step { number: *number, input: &line.input, reply, before, after }, rules);
    if let Some(difference) = difference {
        text.push_str(&format!("{INDENT}DIFFERS at {difference}\n"));
    }
    text
}

/// The line of an invariant that a step breaks, with its end.
pub fn broken(broken: &Broken) -> String {
    format!("{INDENT}BREAKS {}: {}\n", broken.invariant, broken.how)
}

/// The answer as HTTP; nothing for an event that happened.
fn answer(input: &Input, reply: &Reply, rules: &Rules) -> Option<String> {
    if let Reply::Refused(refusal) = reply {
        let (code, why) = (refusal.code, refusal.why);
        return Some(format!("{code} {}: {}", why.error_code(), why.description()));
    }
    Some(match Recorded::of(input, reply, rules)? {
        Recorded::NotEnabled(why) => format!("not enabled: {why}"),
        Recorded::Response(response) => {
            let body = response.body.map(|body| format!(" {body}")).unwrap_or_default();
            let allow: Vec<_> = response.allow.iter().map(|method| method.name()).collect();
            let allow = if allow.is_empty() { String::new() } else { format!(" allow {}", allow.join(", ")) };
            format!("{}{body}{allow}", response.status)
        }
    })
}
