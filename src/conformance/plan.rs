//! What is done to a subject: calls and ticks, one after the other.
//!
//! A plan is what is kept, shrunk and replayed; the seed only found it. As text it is one step a line, in the words of
//! [`crate::script`], with `nodes 3` first and `tick 0` for a move that the subject makes by itself.

use std::fmt;

use super::Subject;
use crate::history::{CallId, Invoke, Kind, Record, Return};
use crate::http::Response;
use crate::model::{Act, Request};
use crate::script;

/// One thing that is done to a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A call.
    Call(Request),
    /// A move that the subject makes by itself, with its chance.
    Tick(u32),
}

/// What is done to a subject, from a fresh start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// With how many nodes it starts.
    pub nodes: u32,
    /// What is done then, in this order.
    pub steps: Vec<Step>,
}

/// Why a text is no plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPlan {
    /// The line that goes wrong, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for BadPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for BadPlan {}

impl Plan {
    /// Does it all to a subject, and gives what was called and what came back. The ids of the calls count from 1.
    pub fn play(&self, subject: &mut dyn Subject) -> Vec<Record> {
        subject.reset(self.nodes);
        let mut records = Vec::new();
        for step in &self.steps {
            match step {
                Step::Tick(chance) => subject.tick(*chance),
                Step::Call(request) => {
                    call(subject, request, &mut records);
                }
            }
        }
        records
    }

    /// Reads a plan. Blank lines and lines that begin with `#` are skipped.
    ///
    /// # Errors
    ///
    /// A line is no step, or the first is not the number of nodes.
    pub fn parse(text: &str) -> Result<Self, BadPlan> {
        let mut plan: Option<Self> = None;
        for (at, line) in (1..).zip(text.lines().map(str::trim)) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = |why: String| BadPlan { line: at, why };
            let number = |word: &str| line.strip_prefix(word).and_then(|rest| rest.trim().parse().ok());
            match &mut plan {
                None => {
                    let nodes = number("nodes ").filter(|nodes| *nodes > 0);
                    let nodes = nodes.ok_or_else(|| bad("expected `nodes` and their number".to_owned()))?;
                    plan = Some(Self { nodes, steps: Vec::new() });
                }
                Some(plan) => plan.steps.push(match number("tick ") {
                    Some(chance) => Step::Tick(chance),
                    None => match script::parse(line) {
                        Ok(Act::Request(request)) => Step::Call(request),
                        Ok(Act::Event(_)) => {
                            return Err(bad("expected a request or a tick, found an event".to_owned()));
                        }
                        Err(why) => return Err(bad(why.to_string())),
                    },
                }),
            }
        }
        plan.ok_or_else(|| BadPlan { line: 1, why: "expected `nodes` and their number".to_owned() })
    }
}

/// Calls a subject once, and notes what was called and what came back.
pub(super) fn call(subject: &mut dyn Subject, request: &Request, records: &mut Vec<Record>) -> Response {
    let id = CallId(records.len() as u64 / 2 + 1);
    let invoke = Invoke { id, client: None, request: request.clone() };
    records.push(Record::new(None, Kind::Invoke(invoke)));
    let response = subject.call(request).sent_to(request.method);
    records.push(Record::new(None, Kind::Return(Return::of(id, response.clone()))));
    response
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "nodes {}", self.nodes)?;
        self.steps.iter().try_for_each(|step| writeln!(f, "{step}"))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(request) => f.write_str(&script::print(&Act::Request(request.clone()))),
            Self::Tick(chance) => write!(f, "tick {chance}"),
        }
    }
}
