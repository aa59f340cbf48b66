//! Plays a case to an implementation: the matcher that an implementer in another language writes.

use serde_json::Value;

use super::pattern::Bound;
use super::{Case, Corpus, Expected, Step, Then};
use crate::conformance::Subject;
use crate::http::Response;
use crate::model::{Path, Request};
use crate::sim::Seed;
use crate::sim::seed::Ratio;

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Played {
    /// It was played to its end, and every answer was allowed.
    Reached {
        /// How many answers were judged.
        judged: u64,
    },
    /// The implementation took another course, which is allowed, or what was looked for did not come.
    Missed {
        /// How many answers were judged.
        judged: u64,
        /// The step at which it left the course.
        step: usize,
    },
    /// An answer that is not allowed.
    Diverged(Box<Diverged>),
}

/// An answer that is not allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diverged {
    /// The number of the step.
    pub step: usize,
    /// How many answers were judged, this one included.
    pub judged: u64,
    /// The answer.
    pub observed: Response,
    /// All requests up to this one with their answers.
    pub calls: Vec<(Request, Response)>,
}

/// Plays a case, once. `ask` sends a request and gives the answer, or `None` if there is none, which ends the case as
/// missed. `wait` gives the implementation some time, and says whether there is still patience.
pub fn play(
    case: &Case,
    mut ask: impl FnMut(&Request) -> Option<Response>,
    mut wait: impl FnMut() -> bool,
) -> Played {
    let mut bound = Bound::new();
    let (mut at, mut judged) = (0, 0);
    let mut calls = Vec::new();
    loop {
        let step = &case.steps[at];
        let missed = |judged| Played::Missed { judged, step: at };
        let Some(request) = filled(&step.request, &bound) else { return missed(judged) };
        let Some(answer) = ask(&request).filter(|answer| answer.status < 500) else { return missed(judged) };
        judged += 1;
        calls.push((request, answer.clone()));
        let Some((expected, now)) = step.expects(&answer, &bound) else {
            return Played::Diverged(Box::new(Diverged { step: at, judged, observed: answer, calls }));
        };
        bound = now;
        match expected.then {
            Then::Done => return Played::Reached { judged },
            Then::Missed => return missed(judged),
            Then::Step(next) => {
                if expected.waits && !wait() {
                    return missed(judged);
                }
                at = next;
            }
        }
    }
}

/// What came of each case of a corpus that was played to an implementation in this process: each is tried until it is
/// reached or diverges, but not more often than so. What the implementation does by itself while a case waits is drawn
/// from a seed.
pub fn play_to(subject: &mut dyn Subject, corpus: &Corpus, seed: Seed, tries: u64) -> Vec<Played> {
    let mut rng = seed.fork("corpus");
    let mut once = |case: &Case, subject: &mut dyn Subject| {
        subject.reset(corpus.nodes);
        let subject = std::cell::RefCell::new(subject);
        let mut patience = PATIENCE;
        let wait = || {
            patience -= 1;
            // The ordinary move most of the time.
            let chance = if rng.chance(Ratio(2, 3)) { 0 } else { rng.below(1 << 24) };
            subject.borrow_mut().tick(chance);
            patience > 0
        };
        play(case, |request| Some(subject.borrow_mut().call(request).sent_to(request.method)), wait)
    };
    let mut outcome = |case: &Case| {
        let mut played = once(case, subject);
        for _ in 1..tries {
            if !matches!(played, Played::Missed { .. }) {
                break;
            }
            played = once(case, subject);
        }
        played
    };
    corpus.cases.iter().map(&mut outcome).collect()
}

/// How often a case waits in this process.
const PATIENCE: u32 = 200;

impl Step {
    /// The first of the allowed answers that an answer goes with, and what is bound then.
    pub(super) fn expects(&self, answer: &Response, bound: &Bound) -> Option<(&Expected, Bound)> {
        self.answers.iter().filter(|expected| expected.status == answer.status).find_map(|expected| {
            let mut bound = bound.clone();
            let body = answer.body.as_ref().unwrap_or(&Value::Null);
            expected.body.matches(body, &mut bound).then_some((expected, bound))
        })
    }
}

/// A request with what is bound to the names in its path; `None` if nothing is bound to one.
fn filled(request: &Request, bound: &Bound) -> Option<Request> {
    let path = request.path.as_str();
    let Some((before, rest)) = path.split_once('{') else { return Some(request.clone()) };
    let (name, after) = rest.split_once('}')?;
    let path = format!("{before}{}{after}", bound.get(name)?);
    Some(Request { path: Path::new(&path), ..request.clone() })
}
