//! Which answers refute calls, whatever the other answers are.
//!
//! The quick way is to let every step take other readings, but for the answers in question: what no such mixture
//! explains, no assignment does. The thorough way keeps the readings of a run together. Either takes the longer the less
//! is known, and so it is tried on *all* calls until the failure, whose beginning is known, before it is tried on the few
//! that force it. An attempt that takes too long proves nothing, and then more answers are held on to; the lesson says
//! less, and remains true.

use super::super::core::Core;
use super::super::divergence::Divergence;
use super::super::frontier::Found;
use super::super::judge::Bench;
use super::super::open::Space;
use super::super::unit::Unit;
use super::Lesson;
use crate::spec::{Consulted, Question};

/// How many worlds are looked at to prove something without holding on to more answers.
const PROOF_WORLDS: u64 = 100_000;

/// How many are looked at to find out whether it is proven with fewer answers than before.
const TRY_WORLDS: u64 = 20_000;

/// Calls that take more to be refuted by one assignment are made few before anything is proven of them.
const QUICK_WORLDS: u64 = 10_000;

impl Bench<'_> {
    /// What is to be learned of calls that no single other answer explains.
    pub(super) fn learn_hard(&self, unit: &Unit, mut lesson: Lesson) -> Result<Lesson, Box<Divergence>> {
        if lesson.asked.is_none() && self.asked_soon(&lesson).is_none() {
            self.reduce(&mut lesson);
            lesson.suppose(self.rescuers(&lesson.core, unit, &lesson.rules));
            if !lesson.needed.is_empty() {
                return Ok(lesson);
            }
            if let Some(divergence) = self.diverging(&lesson) {
                return Err(divergence);
            }
        }
        self.prove(&mut lesson);
        match &lesson.proof {
            Some(space) if lesson.needed.is_empty() => {
                Err(Box::new(self.explain(&lesson.core.unit, lesson.failed, space)))
            }
            _ => Ok(lesson),
        }
    }

    /// Why no mixture of readings explains the calls, if none does.
    pub(super) fn diverging(&self, lesson: &Lesson) -> Option<Box<Divergence>> {
        let any = Space::Any(self.base.clone());
        self.refutes(&any, &lesson.core, PROOF_WORLDS)?;
        Some(Box::new(self.explain(&lesson.core.unit, lesson.failed, &any)))
    }

    /// Finds the questions whose answers refute the calls, whatever the others are: those it is supposed of, each of
    /// which is needed, and as few more as are easily found.
    pub(super) fn prove(&self, lesson: &mut Lesson) {
        let asked = lesson.asked.or_else(|| self.asked_soon(lesson)).unwrap_or_else(|| {
            self.reduce(lesson);
            lesson.asked.expect("it was asked when the calls were made few")
        });
        let is_open = |question: &Question| {
            self.base.answers(*question).count() > 1 && !lesson.needed.contains(question)
        };
        let mut more = Vec::new();
        let mut proof = self.refuted_by(lesson, &more, PROOF_WORLDS);
        if proof.is_none() {
            let soon = |more: &[Question]| self.refuted_by(lesson, more, TRY_WORLDS);
            more = asked.iter().filter(is_open).collect();
            // Those questions decide answers; others decide what else may happen.
            proof = soon(&more);
            if proof.is_none() {
                more = Question::all().filter(is_open).collect();
                proof = soon(&more);
            }
            if proof.is_some() {
                shorten(&mut more, |fewer| soon(fewer).map(|space| proof = Some(space)).is_some());
            }
        }
        lesson.needed.extend(more);
        (lesson.proof, lesson.supposed) = (proof, None);
    }

    /// All assignments that answer these questions as the one of a lesson does, and those that it rests on, if they are
    /// easily proven to refute its calls.
    fn refuted_by(&self, lesson: &Lesson, more: &[Question], worlds: u64) -> Option<Space> {
        let pinned = lesson.needed.iter().chain(more).fold(self.base.clone(), |pinned, question| {
            let answer = 1 << lesson.rules.answer(*question);
            pinned.only(*question, answer).expect("the assignment is among all")
        });
        let mut spaces = [Space::Any(pinned.clone()), Space::Product(pinned)].into_iter();
        spaces.find(|space| self.refutes(space, &lesson.core, worlds).is_some())
    }

    /// The questions that decide something when the assignment of a lesson is tried on all its calls, if that is quick.
    fn asked_soon(&self, lesson: &Lesson) -> Option<Consulted> {
        self.refutes(&Space::listed(vec![lesson.rules]), &lesson.core, QUICK_WORLDS)
    }

    /// The questions that decided something, if a space is found to refute calls with so many worlds looked at.
    fn refutes(&self, space: &Space, core: &Core, mut worlds: u64) -> Option<Consulted> {
        let header = self.header_of(core);
        self.with_law(core.unit.kind, space, |law| {
            let found = self.search_within(&mut worlds, &core.unit, &header, law);
            matches!(found, Found::Refuted { .. }).then(|| law.asked())
        })
    }

    /// The few calls that force what a lesson says.
    pub(super) fn least(&self, lesson: &Lesson) -> Core {
        let Lesson { core, failed, asked, proof, .. } = lesson;
        match proof {
            Some(space) if asked.is_none() => {
                self.with_law(core.unit.kind, space, |law| self.core(&core.unit, *failed, law, true))
            }
            _ => core.clone(),
        }
    }
}

/// Leaves out of a list whatever is not needed for something to hold of it, larger parts first.
fn shorten<T: Clone>(list: &mut Vec<T>, mut holds: impl FnMut(&[T]) -> bool) {
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
