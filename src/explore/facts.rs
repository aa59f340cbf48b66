//! What one transition shows: the cell of the matrix, what must happen sometimes, the invariant that it breaks.
//!
//! Every invariant is a statement about a transition: about what a state may be, it is made of the transitions that lead
//! there. It is judged where an entry of the table is worked out, and holds wherever the entry holds: states in which a
//! transition shows something else, a broken invariant included, are told apart by the table like those in which the law
//! answers something else. So each transition of each state is judged, though few are judged one by one.

use crate::model::invariant::{self, Judge};
use crate::model::{Act, Cluster, Event, Input, Method, Move, Reply, Slot, Status};
use crate::sim::Coverage;
use crate::spec::Rules;

/// What one transition shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Facts {
    /// The cell of the matrix, if it is a request about a slot.
    pub cell: Option<MatrixCell>,
    /// One bit for each of [`crate::sim::SOMETIMES`].
    pub sometimes: u128,
    /// The number of the invariant that is broken, in [`invariant::ALL`].
    pub broken: Option<u8>,
    /// The slot whose instance moved on by itself.
    pub moved: Option<Slot>,
}

/// A request about a slot: the operation, the status that it met (none if there was no instance), the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MatrixCell {
    /// GET, POST or DELETE.
    pub operation: &'static str,
    /// What the slot held.
    pub status: Option<Status>,
    /// The status code of the answer.
    pub code: u16,
}

/// Tells what transitions from one cluster show.
#[derive(Debug)]
pub(super) struct Witness<'a> {
    rules: &'a Rules,
    before: &'a Cluster,
    judge: Judge,
}

impl<'a> Witness<'a> {
    pub(super) fn new(rules: &'a Rules, before: &'a Cluster) -> Self {
        Self { rules, before, judge: Judge::new(before) }
    }

    /// What a transition shows.
    pub(super) fn see(&mut self, input: &Input, reply: &Reply, after: &Cluster) -> Facts {
        let mut coverage = Coverage::default();
        let (mut cell, mut changed) = (None, false);
        let seen = self.judge.see(self.rules, input, reply, after, |transition, slots, nodes| {
            coverage.note(transition, slots, nodes);
            (cell, changed) = (Coverage::cell_of(transition), transition.changed);
        });
        if changed {
            // It has moved on with the transition.
            self.judge = Judge::new(self.before);
        }
        let number = |name| invariant::ALL.iter().position(|it| it.name == name).expect("it is one of them");
        let broken = seen.err().map(|broken| number(broken.invariant) as u8);
        let mut sometimes = 0;
        for (at, (_, count)) in coverage.sometimes().enumerate() {
            sometimes |= u128::from(count > 0) << at;
        }
        let cell =
            cell.map(|(method, status, code)| MatrixCell { operation: Method::name(method), status, code });
        Facts { cell, sometimes, broken, moved: leads_on(input) }
    }
}

impl Facts {
    /// What a transition shows.
    pub fn of(rules: &Rules, before: &Cluster, input: &Input, reply: &Reply, after: &Cluster) -> Self {
        Witness::new(rules, before).see(input, reply, after)
    }

    /// Whether something new was started.
    pub(super) fn is_accepted_submission(&self) -> bool {
        self.cell.is_some_and(|met| met.operation == "POST" && met.code == 200)
    }
}

/// The slot whose instance an event moves on. Progress and expiry lead nowhere by themselves.
fn leads_on(input: &Input) -> Option<Slot> {
    match &input.act {
        Act::Event(Event::Task(slot, step)) if !matches!(step, Move::Progress(_) | Move::Expire) => {
            Some(*slot)
        }
        _ => None,
    }
}
