//! Readings, all at once: sets of rules, and which of them a step of the law cares about.
//!
//! An implementation answers each open question in one way, for the whole run, and so what is still possible is carried
//! along as a set of rules. There are three kinds of sets, for three stages of a judgement ([`Space`]):
//!
//! - *Any*: the readings are not kept apart, so that every step may take another. What this refutes, no reading explains.
//! - *Listed*: some hundred assignments, one bit each, exact and cheap.
//! - *Product*: for each question a set of answers, independent of the others: all assignments there are.
//!
//! A step consults few questions; [`Space::cases`] runs it once for each combination of answers that it tells apart,
//! however many combinations there are.

mod listed;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use crate::intern::{Interner, Memo};
use crate::spec::rules::consulted_in_order;
use crate::spec::{Edition, Question, Rules};
pub(super) use listed::{Bits, LISTED_MAX, Listed};

/// For each question the answers that are still possible; never empty for any.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Open([u16; Question::COUNT]);

impl Open {
    /// Every answer to every question.
    pub(super) fn all() -> Self {
        let mut open = Self([0; Question::COUNT]);
        for question in Question::all() {
            open.0[question.index()] = every(question);
        }
        open
    }

    /// The answers to one question, lowest first.
    pub(super) fn answers(&self, question: Question) -> impl Iterator<Item = usize> + use<> {
        let mask = self.0[question.index()];
        (0..question.answers()).filter(move |answer| mask & (1 << answer) != 0)
    }

    /// Whether a modelled reading may have another answer than its first.
    pub(super) fn goes_beyond_first(&self, id: &str) -> bool {
        let question = Question::find(id).expect("the reading is modelled");
        self.answers(question).any(|answer| answer != 0)
    }

    /// Whether rules are among them.
    pub(super) fn contains(&self, rules: &Rules) -> bool {
        Question::all().all(|question| self.0[question.index()] & (1 << rules.answer(question)) != 0)
    }

    /// Whether every question has one answer.
    pub(super) fn is_single(&self) -> bool {
        self.0.iter().all(|mask| mask.is_power_of_two())
    }

    /// Those of them whose answer to a question is one of these; `None` if there are none.
    pub(super) fn only(&self, question: Question, mask: u16) -> Option<Self> {
        let mut open = self.clone();
        open.0[question.index()] &= mask;
        (open.0[question.index()] != 0).then_some(open)
    }

    /// Those that are in both; `None` if there are none.
    pub(super) fn meet(&self, other: &Self) -> Option<Self> {
        let mut open = self.clone();
        for (mask, others) in open.0.iter_mut().zip(&other.0) {
            *mask &= others;
            if *mask == 0 {
                return None;
            }
        }
        Some(open)
    }

    /// Whether all of them are in another.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(mask, others)| mask & !others == 0)
    }

    /// Those that are in either, if that is a product again.
    pub(super) fn join(&self, other: &Self) -> Option<Self> {
        if self.is_within(other) {
            return Some(other.clone());
        }
        if other.is_within(self) {
            return Some(self.clone());
        }
        let mut differing = (0..Question::COUNT).filter(|at| self.0[*at] != other.0[*at]);
        let (at, None) = (differing.next()?, differing.next()) else { return None };
        let mut open = self.clone();
        open.0[at] |= other.0[at];
        Some(open)
    }

    /// The same, but with these answers to some questions.
    fn supposing(&self, supposed: &[(Question, usize)]) -> Self {
        let mut open = self.clone();
        supposed.iter().for_each(|(question, answer)| open.0[question.index()] = 1 << answer);
        open
    }

    /// One of them: that of the lowest answers.
    pub(super) fn first(&self) -> Rules {
        let mut rules = Rules::new(Edition::default());
        for question in Question::all() {
            rules.choose(question, self.0[question.index()].trailing_zeros() as usize);
        }
        rules
    }
}

fn every(question: Question) -> u16 {
    u16::MAX >> (16 - question.answers())
}

/// A set of rules; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Set {
    Any,
    Listed(Bits),
    Product(Box<Open>),
}

impl Set {
    /// Those that are in both; `None` if there are none.
    pub(super) fn meet(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Listed(one), Self::Listed(other)) => {
                let met = one.zip(other, |one, other| one & other);
                (met != Bits::default()).then_some(Self::Listed(met))
            }
            (Self::Product(one), Self::Product(other)) => {
                one.meet(other).map(|open| Self::Product(Box::new(open)))
            }
            _ => Some(Self::Any),
        }
    }

    /// Those that are in either, if that is a set of this kind again.
    fn join(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Listed(one), Self::Listed(other)) => {
                Some(Self::Listed(one.zip(other, |one, other| one | other)))
            }
            (Self::Product(one), Self::Product(other)) => {
                one.join(other).map(|open| Self::Product(Box::new(open)))
            }
            _ => Some(Self::Any),
        }
    }
}

/// The assignments that a search is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Space {
    /// All of a product, not kept apart.
    Any(Open),
    /// These.
    Listed(Rc<Listed>),
    /// All of a product.
    Product(Open),
}

impl Space {
    /// These assignments.
    pub(super) fn listed(rules: Vec<Rules>) -> Self {
        Self::Listed(Rc::new(Listed::new(rules)))
    }

    /// The whole.
    pub(super) fn all(&self) -> Set {
        match self {
            Self::Any(_) => Set::Any,
            Self::Listed(listed) => Set::Listed(listed.all()),
            Self::Product(open) => Set::Product(Box::new(open.clone())),
        }
    }

    /// The assignment, if it is about one only.
    pub(super) fn single(&self) -> Option<Rules> {
        match self {
            Self::Listed(listed) => <[Rules; 1]>::try_from(listed.rules.as_slice()).ok().map(|[rules]| rules),
            Self::Any(_) | Self::Product(_) => None,
        }
    }

    /// What a function of the rules gives, for all rules of the space: each result with the rules that lead to it.
    /// The function must depend on nothing but the rules it is given.
    pub(super) fn cases<T: PartialEq>(&self, act: impl Fn(&Rules) -> T) -> Vec<(Set, T)> {
        self.cases_supposing(&[], act)
    }

    /// The same, if some questions were answered as is supposed, whatever the rules answer.
    pub(super) fn cases_supposing<T: PartialEq>(
        &self,
        supposed: &[(Question, usize)],
        act: impl Fn(&Rules) -> T,
    ) -> Vec<(Set, T)> {
        match self {
            Self::Any(open) => {
                let mut found = Vec::new();
                walk(&open.supposing(supposed), act, |_, result| {
                    if !found.iter().any(|(_, known)| *known == result) {
                        found.push((Set::Any, result));
                    }
                });
                found
            }
            Self::Listed(listed) => {
                let found = listed::cases(listed, |rules| act(&supposing(*rules, supposed))).into_iter();
                found.map(|(bits, result)| (Set::Listed(bits), result)).collect()
            }
            Self::Product(open) => {
                let mut found = Vec::new();
                walk(&open.supposing(supposed), act, |open, result| gather(&mut found, open, result));
                let whole = |mut found: Open| {
                    supposed.iter().for_each(|(at, _)| found.0[at.index()] = open.0[at.index()]);
                    found
                };
                let sets = found.into_iter();
                sets.map(|(open, result)| (Set::Product(Box::new(whole(open))), result)).collect()
            }
        }
    }
}

/// Rules with some questions answered as said.
fn supposing(mut rules: Rules, supposed: &[(Question, usize)]) -> Rules {
    for (question, answer) in supposed {
        rules.choose(*question, *answer);
    }
    rules
}

/// Calls back for disjoint sets that together are the whole, each with its result. They are told apart by one question
/// after the other in the order in which the function asks: what it no longer asks tells nothing apart.
fn walk<T>(base: &Open, act: impl Fn(&Rules) -> T, mut leaf: impl FnMut(Open, T)) {
    let mut rest = vec![base.clone()];
    while let Some(mut open) = rest.pop() {
        let rules = open.first();
        let (result, asked) = consulted_in_order(|| act(&rules));
        for question in asked {
            let mine = 1 << rules.answer(question);
            let others = open.0[question.index()] & !mine;
            if others != 0 {
                let mut other = open.clone();
                other.0[question.index()] = others;
                rest.push(other);
            }
            open.0[question.index()] = mine;
        }
        leaf(open, result);
    }
}

/// Adds a case, joined with one of the same result if that is possible.
fn gather<T: PartialEq>(found: &mut Vec<(Open, T)>, mut open: Open, result: T) {
    let mut at = 0;
    while at < found.len() {
        let joined = if found[at].1 == result { found[at].0.join(&open) } else { None };
        if let Some(joined) = joined {
            open = joined;
            found.swap_remove(at);
            at = 0;
        } else {
            at += 1;
        }
    }
    found.push((open, result));
}

/// The number of a set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct OpenId(u32);

/// All sets that came up, and what was worked out about pairs of them.
#[derive(Debug, Default)]
pub(super) struct Opens {
    known: Interner<Set>,
    meets: Memo<(OpenId, OpenId), Option<OpenId>>,
    joins: Memo<(OpenId, OpenId), Option<OpenId>>,
}

impl Opens {
    pub(super) fn id(&mut self, open: Set) -> OpenId {
        OpenId(self.known.number(open))
    }

    pub(super) fn get(&self, id: OpenId) -> &Set {
        self.known.value(id.0)
    }

    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// How many pairs were looked at.
    pub(super) fn pairs(&self) -> usize {
        self.meets.len() + self.joins.len()
    }

    /// Those that are in both.
    pub(super) fn meet(&mut self, one: OpenId, other: OpenId) -> Option<OpenId> {
        if one == other {
            return Some(one);
        }
        if let Some(known) = self.meets.get(&(one, other)) {
            return *known;
        }
        let met = self.get(one).meet(self.get(other)).map(|open| self.id(open));
        *self.meets.entry((one, other), || met)
    }

    /// Those that are in either, if that is a product again.
    pub(super) fn join(&mut self, one: OpenId, other: OpenId) -> Option<OpenId> {
        if one == other {
            return Some(one);
        }
        if let Some(known) = self.joins.get(&(one, other)) {
            return *known;
        }
        let joined = self.get(one).join(self.get(other)).map(|open| self.id(open));
        *self.joins.entry((one, other), || joined)
    }

    /// Adds a set to a union of sets. False if it was in one of them already.
    pub(super) fn unite(&mut self, sets: &mut Vec<OpenId>, mut new: OpenId) -> bool {
        let mut at = 0;
        while at < sets.len() {
            match self.join(sets[at], new) {
                Some(joined) if joined == sets[at] => return false,
                Some(joined) => {
                    new = joined;
                    sets.swap_remove(at);
                    at = 0;
                }
                None => at += 1,
            }
        }
        sets.push(new);
        if sets.len() > SETS_MAX {
            *sets = vec![self.hull(sets)];
        }
        true
    }

    /// Whether all of a set are in another.
    pub(super) fn is_within(&mut self, one: OpenId, other: OpenId) -> bool {
        self.join(one, other) == Some(other)
    }

    /// One set that holds several: the answers to different questions are no longer tied together. It can only
    /// explain more.
    pub(super) fn hull(&mut self, sets: &[OpenId]) -> OpenId {
        let Set::Product(mut hull) = self.get(sets[0]).clone() else { return sets[0] };
        for set in &sets[1..] {
            if let Set::Product(open) = self.get(*set) {
                hull.0.iter_mut().zip(&open.0).for_each(|(mask, others)| *mask |= others);
            }
        }
        self.id(Set::Product(hull))
    }
}

/// How many products a union may have before they are made one.
pub(super) const SETS_MAX: usize = 24;
