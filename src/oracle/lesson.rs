//! What a refutation teaches: the few calls that force it, and the questions that it rests on.
//!
//! The search for one assignment of readings that explains a whole run is guided by counterexamples. An assignment is
//! tried on the run. Where it fails, the calls that force the failure are made as few as they can be
//! ([`core`](super::core)), and for those few it is found which answers refute them. The next assignment gives another
//! answer to one of these, and so for everything that was learned before. If none can, no single assignment explains the
//! run, and the lessons say why; if a refutation rests on no answer, the history diverges there.
//!
//! That some answers refute a few calls *whatever the others are* takes long to prove. It is supposed of the answers
//! which can each be changed by itself to explain the calls, and proven only before it is said that there is no
//! assignment: an assignment that was found has explained everything, however it was come by.

use super::call::Call;
use super::core::Core;
use super::divergence::Divergence;
use super::frontier::Found;
use super::judge::{Bench, Places, Verdict};
use super::open::{Bits, Open, Space};
use super::reading::{self, Agreed};
use super::unit::Unit;
use crate::history::CallId;
use crate::spec::{Consulted, Question, Rules};

/// A few calls, and what an assignment must answer otherwise to explain them.
#[derive(Debug)]
pub(super) struct Lesson {
    core: Core,
    /// The call that the assignment did not explain.
    failed: usize,
    /// That assignment.
    rules: Rules,
    /// The questions that decided something when it was tried on the calls.
    asked: Consulted,
    /// The questions whose answers refute them.
    needed: Vec<Question>,
    /// Whether these answers refute them whatever the others are.
    is_proven: bool,
}

impl Lesson {
    /// All assignments that answer one of the questions otherwise.
    fn explained(&self, base: &Open) -> Vec<Open> {
        let rules = &self.rules;
        let otherwise = |question: &Question| base.only(*question, !(1 << rules.answer(*question)));
        self.needed.iter().filter_map(otherwise).collect()
    }
}

/// What came of a refutation.
enum Learned {
    Lesson(Lesson),
    /// Nothing explains those calls.
    Divergence(Box<Divergence>),
}

/// How many assignments are tried.
const TRIES_MAX: usize = 64;

/// How many refutations one assignment is asked for.
const REFUTED_MAX: usize = 8;

/// After so many calls the beginning of the history no longer matters: that any state may be before some calls takes
/// long to work out, but once only.
pub(super) const FROM_THE_BEGINNING_MAX: usize = 64;

impl Bench<'_> {
    /// Looks for an assignment that explains units, from one on, and agrees with what was learned; or says that there
    /// is none.
    pub(super) fn assign(
        &self,
        units: &[&Unit],
        mut centre: Rules,
        lessons: &mut Vec<Lesson>,
        places: &mut Places,
    ) -> Result<Rules, Verdict> {
        let mut tried = Vec::new();
        loop {
            tried.push(centre);
            let pass = self.pass(Space::listed(vec![centre]), units);
            let outcomes = units.iter().copied().zip(&pass.0);
            let mut refuted: Vec<_> =
                outcomes.filter_map(|(unit, outcome)| Some((unit, outcome.refuted()?))).collect();
            if pass.is_explained() {
                return Ok(centre);
            }
            refuted.sort_by_key(|(unit, call)| unit.calls.0[*call].ended);
            refuted.truncate(REFUTED_MAX);
            let mut divergences = Vec::new();
            for (unit, call) in refuted {
                match self.learn(unit, call, &centre) {
                    Learned::Lesson(lesson) => lessons.push(lesson),
                    Learned::Divergence(divergence) => divergences.push(*divergence),
                }
            }
            if !divergences.is_empty() {
                return Err(Verdict::Diverges(divergences));
            }
            match self.agreed(lessons) {
                Agreed::By(next) if !tried.contains(&next) && tried.len() < TRIES_MAX => centre = next,
                Agreed::ByNone => return Err(Verdict::Diverges(vec![self.torn(lessons)])),
                Agreed::By(_) | Agreed::Unknown => {
                    places.note(units, &pass);
                    return Err(Verdict::Undecided);
                }
            }
        }
    }

    /// Looks for an assignment that agrees with all lessons. If none does, they are proven first.
    fn agreed(&self, lessons: &mut [Lesson]) -> Agreed {
        loop {
            let explained: Vec<_> = lessons.iter().map(|lesson| lesson.explained(&self.base)).collect();
            let agreed = reading::agree(&self.base, &explained, &reading::expected(&self.base));
            let supposed = lessons.iter_mut().find(|lesson| !lesson.is_proven);
            let Some(supposed) = supposed.filter(|_| agreed == Agreed::ByNone) else { return agreed };
            supposed.needed = self.needed(supposed);
            supposed.is_proven = true;
        }
    }

    /// What is to be learned of a unit that an assignment does not explain.
    fn learn(&self, unit: &Unit, failed: usize, rules: &Rules) -> Learned {
        let end = unit.calls.0[failed];
        let space = Space::listed(vec![*rules]);
        let is_short = failed < FROM_THE_BEGINNING_MAX;
        let (core, asked) = self.with_law(unit.kind, &space, |law| {
            let core = self.core(unit, failed, law, !is_short);
            (core, law.asked())
        });
        let is_end = |call: &Call| (call.id, call.slot, call.symbol) == (end.id, end.slot, end.symbol);
        let failed = core.unit.calls.0.iter().position(is_end).expect("the call that failed is kept");
        let needed = self.rescuers(&core, rules);
        let mut lesson = Lesson { core, failed, rules: *rules, asked, needed, is_proven: false };
        if !lesson.needed.is_empty() {
            return Learned::Lesson(lesson);
        }
        let any = Space::Any(self.base.clone());
        if self.is_refuted(&lesson.core, &any) {
            return Learned::Divergence(Box::new(self.explain(&lesson.core.unit, failed, &any)));
        }
        lesson.needed = self.needed(&lesson);
        lesson.is_proven = true;
        if lesson.needed.is_empty() {
            let all = Space::Product(self.base.clone());
            return Learned::Divergence(Box::new(self.explain(&lesson.core.unit, failed, &all)));
        }
        Learned::Lesson(lesson)
    }

    /// The questions of which another answer explains a core, all others being answered as before.
    fn rescuers(&self, core: &Core, rules: &Rules) -> Vec<Question> {
        let star = reading::star(&self.base, rules);
        let header = self.header_of(core);
        let explained = self.with_law(core.unit.kind, &Space::listed(star.clone()), |law| {
            match self.search(&core.unit, &header, law) {
                Found::Explained(union) | Found::Wide { union, .. } => {
                    reading::listed(union.into_iter().map(|id| law.opens.get(id)))
                }
                Found::Refuted { .. } | Found::Exhausted { .. } => Bits::default(),
            }
        });
        let differs = |question: &Question| {
            let mut others = star.iter().enumerate().filter(|(at, _)| explained.has(*at));
            others.any(|(_, other)| other.answer(*question) != rules.answer(*question))
        };
        Question::all().filter(differs).collect()
    }

    /// The questions whose answers refute a core, whatever the answers to all others are: those it is supposed of, each
    /// of which is needed, and as few more as are easily found.
    fn needed(&self, lesson: &Lesson) -> Vec<Question> {
        let Lesson { core, rules, asked, needed: supposed, .. } = lesson;
        let is_refuted_by = |more: &[Question]| {
            let pinned = supposed.iter().chain(more).fold(self.base.clone(), |pinned, question| {
                let answer = 1 << rules.answer(*question);
                pinned.only(*question, answer).expect("the assignment is among all")
            });
            self.is_refuted(core, &Space::Product(pinned))
        };
        let mut more = Vec::new();
        if !is_refuted_by(&more) {
            let is_open = |question: &Question| {
                self.base.answers(*question).count() > 1 && !supposed.contains(question)
            };
            more = asked.iter().filter(is_open).collect();
            if !is_refuted_by(&more) {
                more = Question::all().filter(is_open).collect();
            }
            shorten(&mut more, is_refuted_by);
        }
        supposed.iter().copied().chain(more).collect()
    }

    fn is_refuted(&self, core: &Core, space: &Space) -> bool {
        let header = self.header_of(core);
        self.with_law(core.unit.kind, space, |law| {
            matches!(self.search(&core.unit, &header, law), Found::Refuted { .. })
        })
    }

    /// The divergence of a run each part of which some assignment explains, and no assignment all of them: what the
    /// other parts need refutes one.
    fn torn(&self, lessons: &[Lesson]) -> Divergence {
        let expected = reading::expected(&self.base);
        let agreed = |lessons: &[&Lesson]| {
            let unions: Vec<_> = lessons.iter().map(|lesson| lesson.explained(&self.base)).collect();
            reading::agree(&self.base, &unions, &expected)
        };
        let mut needed: Vec<&Lesson> = lessons.iter().collect();
        let mut at = 0;
        while at < needed.len() {
            let lesson = needed.remove(at);
            if agreed(&needed) != Agreed::ByNone {
                needed.insert(at, lesson);
                at += 1;
            }
        }
        let (last, others) = needed.split_last().expect("without a lesson everything agrees");
        let rules = match agreed(others) {
            Agreed::By(rules) => rules,
            Agreed::ByNone | Agreed::Unknown => expected,
        };
        let mut divergence = self.explain(&last.core.unit, last.failed, &Space::listed(vec![rules]));
        let explained = last.explained(&self.base);
        let between = others.iter().flat_map(|other| reading::torn(&other.explained(&self.base), &explained));
        let mut why: Vec<_> = between.collect();
        if why.is_empty() {
            why = needed.iter().flat_map(|lesson| &lesson.needed).map(|it| it.id().to_owned()).collect();
        }
        why.sort_unstable();
        why.dedup();
        let why = why.join("; ");
        divergence.sentence =
            format!("no single reading explains all of it ({why}). {}", divergence.sentence);
        divergence.from_any_state = needed.iter().all(|lesson| lesson.core.from_any_state);
        let ids = |is_answered: bool| -> Vec<CallId> {
            let calls = needed.iter().flat_map(|lesson| lesson.core.ids(is_answered));
            let mut ids: Vec<_> = calls.collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        (divergence.core, divergence.bystanders) = (ids(true), ids(false));
        divergence.bystanders.retain(|id| !divergence.core.contains(id));
        divergence
    }
}

/// Leaves out of a list whatever is not needed for something to hold of it, larger parts first.
fn shorten<T: Clone>(list: &mut Vec<T>, holds: impl Fn(&[T]) -> bool) {
    let mut chunk = list.len().div_ceil(2);
    while chunk > 0 {
        let mut at = 0;
        while at < list.len() {
            let mut shorter = list.clone();
            shorter.drain(at..(at + chunk).min(list.len()));
            if holds(&shorter) {
                *list = shorter;
            } else {
                at += chunk;
            }
        }
        chunk /= 2;
    }
}
