//! One look at units: each is searched by itself, in one space of readings.

use std::collections::BTreeMap;

use super::frontier::{Found, Search};
use super::judge::Bench;
use super::law::Law;
use super::open::{OpenId, Set, Space};
use super::part::Kind;
use super::unit::{self, Unit};
use super::world::Course;
use super::{Options, Reductions};
use crate::spec::Consulted;

/// What came of all units in one space of readings, in their order; and the questions that decided what an answer was.
pub(super) struct Pass(pub(super) Vec<Outcome>, pub(super) Consulted);

/// What came of a unit.
pub(super) enum Outcome {
    /// Every call is explained, or all before this one.
    Explained { readings: Vec<Set>, until: Option<usize> },
    /// This call is not, by any readings.
    Refuted { call: usize },
    /// The budget ended before this call.
    Exhausted { call: usize },
}

impl Outcome {
    pub(super) fn is_explained(&self) -> bool {
        matches!(self, Self::Explained { .. })
    }

    /// The call that is not explained.
    pub(super) fn refuted(&self) -> Option<usize> {
        match self {
            Self::Refuted { call } => Some(*call),
            Self::Explained { .. } | Self::Exhausted { .. } => None,
        }
    }
}

impl Pass {
    pub(super) fn is_explained(&self) -> bool {
        self.0.iter().all(Outcome::is_explained)
    }

    /// Whether a unit was not searched to its end.
    pub(super) fn is_limited(&self) -> bool {
        self.0.iter().any(|outcome| matches!(outcome, Outcome::Explained { until: Some(_), .. }))
    }
}

impl Bench<'_> {
    /// The course of a unit before its first call.
    pub(super) fn course<'b>(&'b self, unit: &Unit, law: &'b mut Law) -> Course<'b> {
        Course {
            law,
            labels: self.sorted.lists.clone(),
            is_maintenance: &self.is_maintenance,
            standing: unit.standing,
            now: 0,
            may_clear: 0,
            used: vec![false; self.sorted.tasks.len()],
        }
    }

    /// The law of a kind of cells, as far as it is worked out.
    pub(super) fn law(&self, kind: Kind, space: Space) -> Law {
        self.shelf.take(kind, space, self.sizes, self.sorted.symbols.get(kind))
    }

    /// Searches units.
    pub(super) fn pass(&self, space: Space, units: &[&Unit]) -> Pass {
        let mut laws: BTreeMap<Kind, Law> = BTreeMap::new();
        let outcomes = units.iter().map(|unit| {
            let law = laws.entry(unit.kind).or_insert_with(|| self.law(unit.kind, space.clone()));
            let Options { reductions, budget, .. } = *self.options;
            let calls = if reductions.merges_alike { law.alike(&unit.calls) } else { unit.calls.clone() };
            let worlds_max = if unit.kind == Kind::Node { budget.joint_worlds } else { usize::MAX };
            let mut search = |reductions: Reductions| {
                let mut course = self.course(unit, law);
                let worlds = unit::start(self.header, unit, self.sorted, &mut course);
                Search::new(&mut course, &calls, reductions, budget, worlds_max).run(worlds)
            };
            let mut found = search(reductions);
            if reductions.looks_ahead && matches!(found, Found::Refuted { .. }) {
                // Which call cannot be explained shows only where nothing is given up before.
                found = search(reductions.in_step());
            }
            let sets = |ids: Vec<OpenId>| ids.into_iter().map(|id| law.opens.get(id).clone()).collect();
            match found {
                Found::Explained(union) => Outcome::Explained { readings: sets(union), until: None },
                Found::Wide { call, union } => {
                    Outcome::Explained { readings: sets(union), until: Some(call) }
                }
                Found::Refuted { call, .. } => Outcome::Refuted { call },
                Found::Exhausted { call } => Outcome::Exhausted { call },
            }
        });
        let outcomes = outcomes.collect();
        let asked = laws.values().fold(Consulted::default(), |all, law| all.and(law.asked()));
        laws.into_values().for_each(|law| self.shelf.put(law));
        Pass(outcomes, asked)
    }
}
