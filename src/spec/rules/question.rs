//! The rules as coordinates: every question by number, every answer by number, and which questions were
//! consulted.
//!
//! [`consulted`] runs something and tells which questions it looked at. The answers to all others could have
//! been different and the same would have happened. An oracle that does not know the answers needs that: it
//! splits only on the questions that a step consulted.
//!
//! The note is the only trace that reading a rule leaves. The law never looks at it and stays a function of
//! its arguments.

use std::cell::{Cell, RefCell};
use std::iter;

use super::super::{Edition, Reading};
use super::{CONFLICT_CROSS, ConflictCross, Modelled, Place, Rules, SINGLE, known, position_in};

/// One coordinate of the rules: the edition, or a modelled reading.
///
/// The edition comes first, then the readings in the order of [`super::modelled`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Question(u8);

/// What kind of answers a question has.
enum Kind {
    Edition,
    /// All sets of exclusions.
    Cross,
    /// One variant of a reading.
    Single(&'static Modelled),
}

const _: () = assert!(Question::COUNT <= u128::BITS as usize, "a set of questions has one bit for each");

impl Question {
    /// The question for the edition.
    pub const EDITION: Self = Self(0);

    /// How many questions there are.
    pub const COUNT: usize = 2 + SINGLE.len();

    /// All questions, ascending.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT as u8).map(Self)
    }

    /// All but the edition.
    pub(super) fn readings() -> impl Iterator<Item = Self> {
        Self::all().skip(1)
    }

    /// The question of that name. Names are compared exactly.
    pub fn find(id: &str) -> Option<Self> {
        Self::all().find(|question| question.id() == id)
    }

    /// Its place among all, below [`Self::COUNT`].
    pub fn index(self) -> usize {
        self.0.into()
    }

    /// The name of the reading, or `edition`.
    pub fn id(self) -> &'static str {
        match self.kind() {
            Kind::Edition => "edition",
            Kind::Cross => CONFLICT_CROSS,
            Kind::Single(modelled) => modelled.id,
        }
    }

    /// The reading; `None` for the edition.
    pub fn reading(self) -> Option<&'static Reading> {
        (!matches!(self.kind(), Kind::Edition)).then(|| known(self.id()))
    }

    /// How many answers there are. They are numbered from 0, in the order of the editions or variants.
    ///
    /// An answer to `R-CONFLICT-CROSS` is a set, with one bit for each of its four exclusions.
    pub fn answers(self) -> usize {
        match self.kind() {
            Kind::Edition => Edition::ALL.len(),
            Kind::Cross => ConflictCross::COUNT,
            Kind::Single(modelled) => modelled.answers.len(),
        }
    }

    /// The name of an answer: as [`Rules::get`] tells it, or the edition's.
    ///
    /// # Panics
    ///
    /// Panics if there is no such answer.
    pub fn answer_name(self, answer: usize) -> String {
        match self.kind() {
            Kind::Edition => Edition::ALL[answer].name().to_owned(),
            Kind::Cross => ConflictCross::from_index(answer).names(),
            Kind::Single(modelled) => known(modelled.id).variants[answer].name.to_owned(),
        }
    }

    /// The answer of that name, which is read as [`Rules::set`] reads it.
    pub fn answer_named(self, name: &str) -> Option<usize> {
        match self.kind() {
            Kind::Edition => name.parse().ok().map(|edition: Edition| edition as usize),
            Kind::Cross => ConflictCross::from_names(name).map(ConflictCross::index),
            Kind::Single(modelled) => position_in(known(modelled.id), name),
        }
    }

    fn kind(self) -> Kind {
        match self.0 {
            0 => Kind::Edition,
            1 => Kind::Cross,
            n => Kind::Single(&SINGLE[usize::from(n) - 2]),
        }
    }
}

/// Answers by number. Neither function consults.
impl Rules {
    /// The answer to a question, below [`Question::answers`].
    pub fn answer(&self, question: Question) -> usize {
        match question.kind() {
            Kind::Edition => self.edition as usize,
            Kind::Cross => self.conflict_cross.index(),
            Kind::Single(modelled) => (modelled.get)(self),
        }
    }

    /// Changes the answer to one question and no other: a new edition does not bring its defaults along.
    ///
    /// # Panics
    ///
    /// Panics if there is no such answer.
    pub fn choose(&mut self, question: Question, answer: usize) {
        match question.kind() {
            Kind::Edition => self.edition = Edition::ALL[answer],
            Kind::Cross => self.conflict_cross = ConflictCross::from_index(answer),
            Kind::Single(modelled) => (modelled.set)(self, answer),
        }
    }
}

/// A set of questions that were consulted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Consulted(u128);

impl Consulted {
    /// Whether the question is among them.
    pub fn contains(self, question: Question) -> bool {
        self.0 >> question.0 & 1 == 1
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many there are.
    fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// These and those.
    #[must_use]
    pub fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// The questions, ascending.
    pub fn iter(self) -> impl Iterator<Item = Question> {
        let mut rest = self.0;
        iter::from_fn(move || {
            let lowest = (rest != 0).then(|| rest.trailing_zeros() as u8)?;
            rest &= rest - 1;
            Some(Question(lowest))
        })
    }
}

impl FromIterator<Question> for Consulted {
    fn from_iter<T: IntoIterator<Item = Question>>(questions: T) -> Self {
        Self(questions.into_iter().fold(0, |all, question| all | 1 << question.0))
    }
}

thread_local! {
    /// The questions consulted since the innermost [`consulted`] of this thread began, one bit for each; and [`IN_ORDER`].
    static NOTED: Cell<u128> = const { Cell::new(0) };

    /// The same in their order, where that is wanted.
    static ORDER: RefCell<Vec<Question>> = const { RefCell::new(Vec::new()) };
}

/// The bit of [`NOTED`] that says that the order is wanted.
const IN_ORDER: u128 = 1 << 127;

const _: () = assert!(Question::COUNT < 128, "each question has a bit, and one is left");

/// Runs `act` and tells which questions it consulted on this thread.
///
/// Calls may be nested: the outer one sees what the inner one saw. What `act` leaves to other threads is
/// not seen.
pub fn consulted<T>(act: impl FnOnce() -> T) -> (T, Consulted) {
    let before = NOTED.replace(0);
    let result = act();
    let seen = NOTED.get();
    NOTED.set(before | seen);
    (result, Consulted(seen))
}

/// The same, in the order in which they were consulted first. What a nested call saw comes last.
pub(crate) fn consulted_in_order<T>(act: impl FnOnce() -> T) -> (T, Vec<Question>) {
    let before = ORDER.take();
    let (result, seen) = consulted(|| {
        NOTED.set(IN_ORDER);
        let result = act();
        NOTED.set(NOTED.get() & !IN_ORDER);
        result
    });
    let mut order = ORDER.replace(before);
    if order.len() < seen.len() {
        let rest: Vec<_> = seen.iter().filter(|question| !order.contains(question)).collect();
        order.extend(rest);
    }
    (result, order)
}

/// Notes that a question is consulted.
#[inline]
pub(super) fn note(place: Place) {
    let (noted, place) = (NOTED.get(), place as u8);
    // One branch that is hardly ever taken: this is in the path of every decision of the law.
    if noted & IN_ORDER != 0 && noted >> place & 1 == 0 {
        ORDER.with_borrow_mut(|order| order.push(Question(place)));
    }
    NOTED.set(noted | 1 << place);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn question(id: &str) -> Question {
        Question::find(id).expect("the question exists")
    }

    fn ids(consulted: Consulted) -> Vec<&'static str> {
        consulted.iter().map(Question::id).collect()
    }

    #[test]
    fn every_answer_can_be_chosen_and_changes_nothing_else() {
        for question in Question::all() {
            for answer in 0..question.answers() {
                let mut rules = Rules::default();
                rules.choose(question, answer);
                assert_eq!(rules.answer(question), answer, "{}", question.id());
                rules.choose(question, Rules::default().answer(question));
                assert_eq!(rules, Rules::default(), "{}", question.id());
            }
        }
    }

    #[test]
    fn every_answer_has_a_name_of_its_own() {
        for question in Question::all() {
            for answer in 0..question.answers() {
                let name = question.answer_name(answer);
                assert_eq!(question.answer_named(&name), Some(answer), "{} {name}", question.id());
            }
            assert_eq!(question.answer_named("MAYBE"), None);
        }
    }

    #[test]
    fn every_question_has_a_name_of_its_own() {
        let ids: BTreeSet<_> = Question::all().map(Question::id).collect();
        assert_eq!(ids.len(), Question::COUNT);
        assert!(Question::all().all(|question| Question::find(question.id()) == Some(question)));
        assert_eq!(Question::find("R-NONE"), None);
    }

    #[test]
    fn every_question_but_the_edition_is_a_reading() {
        let readings: Vec<_> = Question::all().filter_map(Question::reading).map(|r| r.id).collect();
        assert_eq!(readings, Question::all().skip(1).map(Question::id).collect::<Vec<_>>());
        assert_eq!(
            Question::all().map(Question::index).collect::<Vec<_>>(),
            Vec::from_iter(0..Question::COUNT)
        );
    }

    #[test]
    fn choosing_is_setting_by_number() {
        let (mut chosen, mut set) = (Rules::default(), Rules::default());
        chosen.choose(question("R-CONFLICT-CROSS"), 0b1001);
        chosen.choose(question("R-METHODS-405"), 2);
        set.set_all("R-CONFLICT-CROSS=ON-OFF-EXCLUSIVE+MASTER-VS-NODE,R-METHODS-405=NOTIMPLEMENTED-501")
            .expect("the variants exist");
        assert_eq!(chosen, set);
    }

    #[test]
    fn reading_a_rule_consults_its_question() {
        let rules = Rules::default();
        let (read, seen) =
            consulted(|| (rules.methods_405(), rules.edition(), rules.conflict_cross(), rules.stack()));
        assert_eq!(read, (rules.methods_405, rules.edition, rules.conflict_cross, rules.stack));
        assert_eq!(ids(seen), ["edition", "R-CONFLICT-CROSS", "R-STACK", "R-METHODS-405"]);
        assert!(seen.contains(question("R-STACK")));
        assert!(!seen.contains(question("R-DEL-QUEUED")));
    }

    #[test]
    fn whatever_does_not_read_a_rule_consults_nothing() {
        let (_, seen) = consulted(|| {
            let mut rules = Rules::default();
            let all: Vec<_> = Question::all().map(|question| rules.answer(question)).collect();
            rules.choose(question("R-STACK"), 1);
            (all, rules.get("R-STACK"), rules.overrides(), rules == Rules::default())
        });
        assert!(seen.is_empty());
    }

    #[test]
    fn the_outer_sees_what_the_inner_saw_and_not_the_other_way_round() {
        let rules = Rules::default();
        let (inner, outer) = consulted(|| {
            rules.stack();
            let inner = consulted(|| rules.del_queued()).1;
            rules.remove_last();
            inner
        });
        assert_eq!(ids(inner), ["R-DEL-QUEUED"]);
        assert_eq!(ids(outer), ["R-DEL-QUEUED", "R-REMOVE-LAST", "R-STACK"]);
        assert!(consulted(|| ()).1.is_empty());
    }

    #[test]
    fn questions_are_told_in_the_order_in_which_they_were_asked() {
        let rules = Rules::default();
        let names = |order: Vec<Question>| order.into_iter().map(Question::id).collect::<Vec<_>>();
        let ((), order) = consulted_in_order(|| {
            rules.quorum_when();
            rules.edition();
            rules.quorum_when();
            rules.del_queued();
        });
        assert_eq!(names(order), ["R-QUORUM-WHEN", "edition", "R-DEL-QUEUED"]);
        let ((inner, seen), outer) = consulted_in_order(|| {
            rules.del_queued();
            let ((), inner) = consulted_in_order(|| {
                rules.quorum_when();
                rules.edition();
            });
            let ((), seen) = consulted(|| {
                rules.edition();
            });
            rules.post_malformed();
            (inner, seen)
        });
        assert_eq!(names(inner), ["R-QUORUM-WHEN", "edition"]);
        assert_eq!(ids(seen), ["edition"]);
        assert_eq!(names(outer), ["R-DEL-QUEUED", "R-POST-MALFORMED", "edition", "R-QUORUM-WHEN"]);
        assert!(!consulted(|| ()).1.contains(question("R-DEL-QUEUED")), "nothing is left over");
    }
}
