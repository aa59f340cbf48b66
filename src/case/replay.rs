//! Replay: the inputs of a case, run through a law, and what comes out held against what was recorded.

use std::fmt;

use serde_json::{Value, json};

use super::{Case, Line, Recorded};
use crate::model::{Act, Cluster, Input, Reply};
use crate::spec::Rules;

/// The steps of a replay, one for each line of the case. It goes on after a difference.
pub struct Replay<'a, L> {
    case: &'a Case,
    law: L,
    cluster: Cluster,
    done: usize,
}

/// What became of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<'a> {
    /// Its number, from 1.
    pub number: usize,
    /// The line.
    pub line: &'a Line,
    /// The reply given now.
    pub reply: Reply,
    /// The cluster before.
    pub before: Cluster,
    /// The cluster after.
    pub after: Cluster,
    /// Where the reply first differs from the recorded one.
    pub difference: Option<Difference>,
}

/// Where two replies first differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The member, such as `body.actions[0].status`.
    pub member: String,
    /// What was recorded there, if anything.
    pub recorded: Option<Value>,
    /// What is there now, if anything.
    pub now: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let say = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), Value::to_string);
        write!(f, "{}: recorded {}, now {}", self.member, say(&self.recorded), say(&self.now))
    }
}

impl Case {
    /// Runs the case through a law, from its own cluster and under its own rules.
    pub fn replay<L>(&self, law: L) -> Replay<'_, L>
    where
        L: FnMut(&mut Cluster, &Rules, &Input) -> Reply,
    {
        Replay { case: self, law, cluster: self.cluster.clone(), done: 0 }
    }
}

impl<'a, L> Iterator for Replay<'a, L>
where
    L: FnMut(&mut Cluster, &Rules, &Input) -> Reply,
{
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        let case = self.case;
        let line = case.lines.get(self.done)?;
        self.done += 1;
        let before = self.cluster.clone();
        let reply = (self.law)(&mut self.cluster, &case.rules, &line.input);
        let difference = difference(line, Recorded::of(&line.input, &reply, &case.rules).as_ref());
        Some(Step { number: self.done, line, reply, before, after: self.cluster.clone(), difference })
    }
}

fn difference(line: &Line, now: Option<&Recorded>) -> Option<Difference> {
    if matches!(line.input.act, Act::Request(_)) && line.reply.is_none() {
        return None;
    }
    first_difference("", Some(&comparable(line.reply.as_ref())), Some(&comparable(now)))
}

fn comparable(reply: Option<&Recorded>) -> Value {
    reply.map_or_else(|| json!({ "event": "happened" }), Recorded::write)
}

/// The first member that differs, in the order of the recorded value. Values are compared as they are written: 10
/// and 10.0 differ.
fn first_difference(member: &str, recorded: Option<&Value>, now: Option<&Value>) -> Option<Difference> {
    match (recorded, now) {
        (recorded, now) if recorded == now => None,
        (Some(Value::Object(recorded)), Some(Value::Object(now))) => {
            let names = recorded.keys().chain(now.keys().filter(|name| !recorded.contains_key(*name)));
            let dot = if member.is_empty() { "" } else { "." };
            names.into_iter().find_map(|name| {
                first_difference(&format!("{member}{dot}{name}"), recorded.get(name), now.get(name))
            })
        }
        (Some(Value::Array(recorded)), Some(Value::Array(now))) => (0..recorded.len().max(now.len()))
            .find_map(|at| first_difference(&format!("{member}[{at}]"), recorded.get(at), now.get(at))),
        (recorded, now) => {
            Some(Difference { member: member.to_owned(), recorded: recorded.cloned(), now: now.cloned() })
        }
    }
}
