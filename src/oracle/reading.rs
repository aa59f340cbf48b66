//! Assignments of readings: the expected one, one that agrees with what was learned, and those around it.

use std::collections::BTreeSet;

use super::open::{Bits, LISTED_MAX, Open, Set};
use super::pass::{Outcome, Pass};
use crate::spec::{Edition, Question, Rules};

/// For each question the answers that explain a run.
pub type Readings = Vec<(Question, Vec<usize>)>;

/// What came of looking for an assignment that agrees with several unions.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Agreed {
    /// This one does.
    By(Rules),
    /// None does.
    ByNone,
    /// There were too many to go through.
    Unknown,
}

/// How many products are met before that is given up.
const MEETS_MAX: usize = 1_000_000;

/// Looks for an assignment that is in each of some unions, in the first product of each that can be had; where a union
/// leaves several answers, as near to a centre as can easily be had.
pub(super) fn agree(base: &Open, unions: &[Vec<Open>], centre: &Rules) -> Agreed {
    let mut meets = 0;
    let mut found = narrow(base, unions, &mut meets);
    if meets > MEETS_MAX {
        meets = 0;
        found = propagate(base, &unions.iter().collect::<Vec<_>>(), &mut meets);
    }
    match found {
        Some(open) => Agreed::By(nearest(centre, &open)),
        None if meets > MEETS_MAX => Agreed::Unknown,
        None => Agreed::ByNone,
    }
}

/// A product that is in one of each union, in their order; `None` if there is none, or if that takes too long.
fn narrow(base: &Open, unions: &[Vec<Open>], meets: &mut usize) -> Option<Open> {
    let Some((first, rest)) = unions.split_first() else { return Some(base.clone()) };
    for open in first {
        *meets += 1;
        if *meets > MEETS_MAX {
            return None;
        }
        if let Some(found) = base.meet(open).and_then(|met| narrow(&met, rest, meets)) {
            return Some(found);
        }
    }
    None
}

/// The same, for unions of which going through in their order takes too long; what it finds is farther from the centre. A
/// union that leaves a single way to go on, or none, is next, since nothing is to be chosen there; else the first.
fn propagate(base: &Open, unions: &[&Vec<Open>], meets: &mut usize) -> Option<Open> {
    let mut open: Vec<_> = unions.to_vec();
    open.retain(|union| !union.iter().any(|product| base.is_within(product)));
    *meets += open.iter().map(|union| union.len()).sum::<usize>();
    let ways = |union: &Vec<Open>| union.iter().filter_map(|product| base.meet(product)).collect::<Vec<_>>();
    let all: Vec<_> = open.iter().map(|union| ways(union)).collect();
    let at = all.iter().position(|ways| ways.len() < 2).unwrap_or(0);
    let Some(ways) = all.into_iter().nth(at) else { return Some(base.clone()) };
    open.remove(at);
    for way in ways {
        if *meets > MEETS_MAX {
            return None;
        }
        if let Some(found) = propagate(&way, &open, meets) {
            return Some(found);
        }
    }
    None
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

/// The assignment of a product that differs from a centre in the fewest answers.
fn nearest(centre: &Rules, open: &Open) -> Rules {
    let mut nearest = *centre;
    for question in Question::all().filter(|question| !has(open, centre, *question)) {
        nearest.choose(question, open.answers(question).next().expect("an answer is possible"));
    }
    nearest
}

/// How many answers of a centre are not in a product.
pub(super) fn distance(open: &Open, centre: &Rules) -> usize {
    Question::all().filter(|question| !has(open, centre, *question)).count()
}

fn has(open: &Open, rules: &Rules, question: Question) -> bool {
    open.answers(question).any(|answer| answer == rules.answer(question))
}

/// The questions that two unions answer differently.
pub(super) fn torn(one: &[Open], other: &[Open]) -> Vec<String> {
    let mut torn = Vec::new();
    for question in Question::all() {
        let ones = answers(one.iter(), question);
        let others = answers(other.iter(), question);
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
pub(super) fn star(base: &Open, centre: &Rules) -> Vec<Rules> {
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

/// For each open question that decided an answer, or that the run settles at least in part, those answers with which the
/// run is explained, the other questions being as in an assignment that explains it.
pub(super) fn readings(base: &Open, centre: &Rules, mut try_all: impl FnMut(Vec<Rules>) -> Pass) -> Readings {
    let star = star(base, centre);
    let Pass(outcomes, asked) = try_all(star.clone());
    let explained: Vec<Bits> = outcomes.iter().map(explained).collect();
    let fine: Vec<_> = (0..star.len()).filter(|at| explained.iter().all(|bits| bits.has(*at))).collect();
    let of_question = Question::all().filter_map(|question| {
        let count = base.answers(question).count();
        let answers: BTreeSet<usize> = fine.iter().map(|at| star[*at].answer(question)).collect();
        let is_told = count > 1 && (asked.contains(question) || answers.len() < count);
        is_told.then(|| (question, answers.into_iter().collect()))
    });
    of_question.collect()
}

/// The assignments that explain a unit.
fn explained(outcome: &Outcome) -> Bits {
    let Outcome::Explained { readings, .. } = outcome else { return Bits::default() };
    listed(readings.iter())
}

/// The listed assignments of a union.
pub(super) fn listed<'a>(union: impl Iterator<Item = &'a Set>) -> Bits {
    let bits = union.map(|set| match set {
        Set::Listed(bits) => *bits,
        Set::Any | Set::Product(_) => Bits::default(),
    });
    bits.fold(Bits::default(), |all, bits| all.or(&bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contradiction_behind_many_choices_is_found() {
        let base = Open::all();
        let of = |question: Question, mask: u16| base.only(question, mask).expect("it has such answers");
        let questions: Vec<_> = Question::all().filter(|question| question.answers() > 1).collect();
        let (last, others) = questions.split_last().expect("there are questions");
        let choices = others.iter().take(30).map(|question| vec![of(*question, 1), of(*question, !1)]);
        let choices: Vec<_> = choices.collect();
        let with = |more: Vec<Vec<Open>>| choices.iter().cloned().chain(more).collect::<Vec<_>>();
        let centre = expected(&base);
        let torn = with(vec![vec![of(*last, 1)], vec![of(*last, !1)]]);
        assert_eq!(agree(&base, &torn, &centre), Agreed::ByNone);
        let Agreed::By(rules) = agree(&base, &with(vec![vec![of(*last, !1)]]), &centre) else {
            panic!("each of them leaves something")
        };
        assert_ne!(rules.answer(*last), 0);
    }
}
