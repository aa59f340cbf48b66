//! The search for one assignment of readings that explains all cells.
//!
//! From a centre, every assignment that differs in one answer is tried at the same time. If none explains the whole
//! run, the centre moves to the answers that got farthest, cell by cell, and so on: an implementation differs from
//! the expected answers in few questions, and each of them shows somewhere. Around the one that is found, the same
//! look says for each question which other answers explain the run as well.

use std::collections::BTreeSet;

use super::open::{Bits, LISTED_MAX, Open, Set};
use super::pass::{Outcome, Pass};
use crate::spec::{Consulted, Edition, Question, Rules};

/// How often the centre may move.
const MOVES_MAX: usize = 40;

/// For each question the answers that explain a run.
pub type Readings = Vec<(Question, Vec<usize>)>;

/// What came of the search.
pub(super) enum Climb {
    /// An assignment that explains the run, and for each question the answers with which the run is explained, the
    /// other questions being as in that one.
    Found(Rules, Readings),
    /// None was found. The last centre, and what came of what is around it.
    Stuck(Rules, Pass),
}

/// Looks for an assignment of readings that explains the run.
pub(super) fn climb(base: &Open, mut centre: Rules, mut try_all: impl FnMut(Vec<Rules>) -> Pass) -> Climb {
    let mut seen = vec![centre];
    loop {
        let star = star(base, &centre);
        let pass = try_all(star.clone());
        let alive: Vec<Bits> = pass.0.iter().map(survivors).collect();
        let explains = |at: usize| pass.is_explained() && alive.iter().all(|bits| bits.has(at));
        if explains(0) {
            return Climb::Found(centre, readings(base, &star, pass.1, explains));
        }
        let next = match (1..star.len()).find(|at| explains(*at)) {
            Some(at) => Some(star[at]),
            None => better(&centre, &star, &alive),
        };
        match next.filter(|next| !seen.contains(next) && seen.len() < MOVES_MAX) {
            Some(next) => centre = next,
            None => return Climb::Stuck(centre, pass),
        }
        seen.push(centre);
    }
}

/// The assignment that is expected: that of the edition, as far as it is possible.
pub(super) fn expected(base: &Open) -> Rules {
    let usual = Edition::default() as usize;
    let edition = base.answers(Question::EDITION).find(|answer| *answer == usual);
    let edition = edition.or_else(|| base.answers(Question::EDITION).next()).expect("an edition is possible");
    let mut rules = Rules::new(Edition::ALL[edition]);
    for question in Question::all() {
        let usual = rules.answer(question);
        if !base.answers(question).any(|answer| answer == usual) {
            rules.choose(question, base.answers(question).next().expect("an answer is possible"));
        }
    }
    rules
}

/// The assignment nearest to a centre that explains each of some units by itself, taken one after the other.
pub(super) fn nearest(centre: &Rules, pass: &Pass) -> Rules {
    let mut nearest = *centre;
    for outcome in &pass.0 {
        let Outcome::Explained { readings, .. } = outcome else { continue };
        let products = readings.iter().filter_map(Set::product);
        let distance =
            |open: &&Open| Question::all().filter(|question| !has(open, &nearest, *question)).count();
        let Some(open) = products.min_by_key(distance) else { continue };
        for question in Question::all() {
            if !has(open, &nearest, question) {
                nearest.choose(question, open.answers(question).next().expect("an answer is possible"));
            }
        }
    }
    nearest
}

fn has(open: &Open, rules: &Rules, question: Question) -> bool {
    open.answers(question).any(|answer| answer == rules.answer(question))
}

/// Those that are in both of two unions; `None` if that is too many to say.
pub(super) fn meet(one: &[Open], other: &[&Open]) -> Option<Vec<Open>> {
    let mut met: Vec<Open> = Vec::new();
    for both in one.iter().flat_map(|one| other.iter().filter_map(|other| one.meet(other))) {
        if !met.iter().any(|known| both.is_within(known)) {
            met.push(both);
        }
        if met.len() > UNION_MAX {
            return None;
        }
    }
    Some(met)
}

/// How many products may be in both.
const UNION_MAX: usize = 1_024;

/// The questions that two unions answer differently.
pub(super) fn torn(one: &[Open], other: &[&Open]) -> Vec<String> {
    let mut torn = Vec::new();
    for question in Question::all() {
        let ones = answers(one.iter(), question);
        let others = answers(other.iter().copied(), question);
        if ones.is_disjoint(&others) {
            let names = |answers: &BTreeSet<usize>| {
                answers.iter().map(|answer| question.answer_name(*answer)).collect::<Vec<_>>().join(" or ")
            };
            torn.push(format!("{} is {} here and {} elsewhere", question.id(), names(&others), names(&ones)));
        }
    }
    torn
}

/// The answers to a question in a union.
fn answers<'a>(union: impl Iterator<Item = &'a Open>, question: Question) -> BTreeSet<usize> {
    union.flat_map(|open| open.answers(question)).collect()
}

/// The centre, and every assignment that differs from it in one answer.
fn star(base: &Open, centre: &Rules) -> Vec<Rules> {
    let mut star = vec![*centre];
    for question in Question::all() {
        for answer in base.answers(question).filter(|answer| *answer != centre.answer(question)) {
            let mut rules = *centre;
            rules.choose(question, answer);
            star.push(rules);
        }
    }
    star.truncate(LISTED_MAX);
    star
}

/// The assignments that explain a cell, or that got farthest.
fn survivors(outcome: &Outcome) -> Bits {
    let (Outcome::Explained { readings: sets, .. } | Outcome::Refuted { last: sets, .. }) = outcome else {
        return Bits::default();
    };
    let listed = sets.iter().map(|set| match set {
        Set::Listed(bits) => *bits,
        Set::Any | Set::Product(_) => Bits::default(),
    });
    listed.fold(Bits::default(), |all, bits| all.or(&bits))
}

/// The centre with the answers that helped the cells which it does not explain.
fn better(centre: &Rules, star: &[Rules], alive: &[Bits]) -> Option<Rules> {
    let lacking: Vec<_> = alive.iter().filter(|bits| !bits.has(0)).collect();
    let helped = |at: usize| lacking.iter().filter(|bits| bits.has(at)).count();
    let mut chosen: Vec<usize> = Vec::new();
    for bits in &lacking {
        if !chosen.iter().any(|at| bits.has(*at)) {
            let helpful = (1..star.len()).filter(|at| bits.has(*at));
            chosen.extend(helpful.max_by_key(|at| (helped(*at), usize::MAX - at)));
        }
    }
    let mut better = *centre;
    for at in chosen {
        for question in
            Question::all().filter(|question| star[at].answer(*question) != centre.answer(*question))
        {
            better.choose(question, star[at].answer(question));
        }
    }
    (better != *centre).then_some(better)
}

/// For each open question that decided an answer those answers with which the centre explains the run.
fn readings(base: &Open, star: &[Rules], asked: Consulted, explains: impl Fn(usize) -> bool) -> Readings {
    let open = asked.iter().filter(|question| base.answers(*question).count() > 1);
    let of_question = open.map(|question| {
        let mut answers: Vec<_> =
            (0..star.len()).filter(|at| explains(*at)).map(|at| star[at].answer(question)).collect();
        answers.sort_unstable();
        answers.dedup();
        (question, answers)
    });
    of_question.collect()
}
