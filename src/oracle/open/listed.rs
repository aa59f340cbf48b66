//! Some hundred assignments of readings, one bit each.

use crate::spec::{Question, Rules, consulted};

/// So many assignments can be listed.
pub(in super::super) const LISTED_MAX: usize = 256;

/// A set of listed assignments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(in super::super) struct Bits([u64; LISTED_MAX / 64]);

impl Bits {
    pub(in super::super) fn has(&self, at: usize) -> bool {
        self.0[at / 64] & (1 << (at % 64)) != 0
    }

    /// Those that are in either.
    pub(in super::super) fn or(&self, other: &Self) -> Self {
        self.zip(other, |one, other| one | other)
    }

    /// The lowest of them.
    fn first(&self) -> Option<usize> {
        let word = self.0.iter().position(|word| *word != 0)?;
        Some(word * 64 + self.0[word].trailing_zeros() as usize)
    }

    fn add(&mut self, at: usize) {
        self.0[at / 64] |= 1 << (at % 64);
    }

    /// Both, word by word.
    pub(super) fn zip(&self, other: &Self, act: impl Fn(u64, u64) -> u64) -> Self {
        Self(std::array::from_fn(|at| act(self.0[at], other.0[at])))
    }
}

/// What a function of the rules gives for each of some assignments.
pub(super) fn cases<T: PartialEq>(listed: &Listed, act: impl Fn(&Rules) -> T) -> Vec<(Bits, T)> {
    let mut found: Vec<(Bits, T)> = Vec::new();
    let mut rest = listed.all();
    while let Some(first) = rest.first() {
        let rules = &listed.rules[first];
        let (result, asked) = consulted(|| act(rules));
        let same = asked.iter().fold(rest, |same, question| {
            same.zip(&listed.answering[question.index()][rules.answer(question)], |one, other| one & other)
        });
        rest = rest.zip(&same, |one, other| one & !other);
        match found.iter_mut().find(|(_, known)| *known == result) {
            Some((bits, _)) => *bits = bits.or(&same),
            None => found.push((same, result)),
        }
    }
    found
}

/// Some assignments of readings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Listed {
    pub(super) rules: Vec<Rules>,
    /// For each question and answer, those that answer so.
    answering: Vec<Vec<Bits>>,
}

impl Listed {
    pub(in super::super) fn new(rules: Vec<Rules>) -> Self {
        let answering = Question::all().map(|question| {
            let mut bits = vec![Bits::default(); question.answers()];
            for (at, rules) in rules.iter().enumerate() {
                bits[rules.answer(question)].add(at);
            }
            bits
        });
        Self { answering: answering.collect(), rules }
    }

    /// All of them.
    pub(super) fn all(&self) -> Bits {
        let mut all = Bits::default();
        (0..self.rules.len()).for_each(|at| all.add(at));
        all
    }
}
