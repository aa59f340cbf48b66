//! What a few calls make of the possible worlds, remembered.
//!
//! While no call is under way, what can follow depends on the possible worlds and on nothing else. A *bout* is what lies
//! between one such moment and the next: mostly one call, or the parts of a list, or a few calls that overlap. Bouts
//! come again and again, but for the ids of tasks, the names of snapshots and the time. Here those are numbered in the
//! order in which they are met, so that like bouts are equal. What one makes of some worlds is worked out by the search
//! ([`super::frontier`]), and looked up when it meets the same worlds again.

use std::rc::Rc;

use super::call::{At, Call, Label, NEVER};
use super::open::OpenId;
use super::world::{LabelsId, Standing, World};
use crate::intern::{Interner, Memo};
use crate::spec::Consulted;

/// What the labels of tasks and snapshots in a belief or a bout stand for: the number n for the label at n - 1.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    pub(super) tasks: Vec<Label>,
    pub(super) names: Vec<Label>,
}

impl Labels {
    /// The number of a task.
    pub(super) fn task(&mut self, task: Label) -> Label {
        number(&mut self.tasks, task)
    }

    /// The number of the name of a snapshot.
    pub(super) fn name(&mut self, name: Label) -> Label {
        number(&mut self.names, name)
    }

    /// What the numbers of others stand for, if those stand for numbers of these.
    pub(super) fn behind(&self, others: &Self) -> Self {
        let behind = |these: &[Label], others: &[Label]| {
            others.iter().map(|number| these[*number as usize - 1]).collect()
        };
        Self { tasks: behind(&self.tasks, &others.tasks), names: behind(&self.names, &others.names) }
    }

    /// Whether there are few enough for one bit each.
    pub(super) fn are_few(&self) -> bool {
        self.tasks.len().max(self.names.len()) < u64::BITS as usize
    }
}

fn number(known: &mut Vec<Label>, label: Label) -> Label {
    if label == 0 {
        return 0;
    }
    let place = known.iter().position(|it| *it == label).unwrap_or_else(|| {
        known.push(label);
        known.len() - 1
    });
    Label::try_from(place + 1).expect("labels are few")
}

/// The label that a number stands for.
pub(super) fn label(known: &[Label], number: Label) -> Label {
    if number == 0 { 0 } else { known[number as usize - 1] }
}

/// The number of a belief: of the worlds that are possible, with their labels numbered.
pub(super) type BeliefId = u32;

/// Calls between two moments at which none is under way, and all that matters of what is around them.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Bout {
    pub(super) belief: BeliefId,
    /// The calls, with labels numbered; their times are ranks.
    pub(super) calls: Vec<Call>,
    pub(super) standing: Standing,
    /// The tasks that were shown before.
    pub(super) used: u64,
    /// The names that maintenance_on could have chosen.
    pub(super) of_maintenance: u64,
    /// The tasks that are shown again later.
    pub(super) shown_again: u64,
}

/// What a bout makes of the worlds.
#[derive(Debug)]
pub(super) struct After {
    pub(super) belief: BeliefId,
    /// What the labels there stand for: numbers of the bout.
    pub(super) labels: Labels,
    /// How many worlds there were at the end of a call, at most.
    pub(super) widest: usize,
    /// How many worlds were looked at.
    pub(super) spent: u64,
    /// The questions that decided something.
    pub(super) asked: Consulted,
}

/// The bouts that were worked out under one law.
#[derive(Debug)]
pub(super) struct Bouts {
    beliefs: Interner<Vec<(World, OpenId)>>,
    /// The lists of names in beliefs and bouts.
    pub(super) lists: Interner<Vec<Label>>,
    /// What they make of the worlds; `None` if they are not explained, or only by more than is remembered.
    known: Memo<Bout, Option<Rc<After>>>,
    worlds: usize,
}

impl Default for Bouts {
    fn default() -> Self {
        let mut lists = Interner::default();
        lists.number(Vec::new()); // As in any history, it comes first.
        Self { beliefs: Interner::default(), lists, known: Memo::default(), worlds: 0 }
    }
}

/// How many bouts are remembered under one law.
const BOUTS_MAX: usize = 1 << 18;

impl Bouts {
    /// The number of a belief, and what the labels in it stand for.
    pub(super) fn believe(
        &mut self,
        worlds: impl Iterator<Item = (World, OpenId)>,
        lists: &Interner<Vec<Label>>,
    ) -> (BeliefId, Labels) {
        let mut labels = Labels::default();
        let numbered = worlds.map(|(world, open)| {
            let tasks = world.tasks.map(|task| labels.task(task));
            let names = lists.value(world.names).iter().map(|name| labels.name(*name)).collect();
            let (names, wanted) = (self.lists.number(names), labels.name(world.wanted));
            (World { tasks, names, wanted, ..world }, open)
        });
        let worlds: Vec<_> = numbered.collect();
        let (known, count) = (self.beliefs.len(), worlds.len());
        let belief = self.beliefs.number(worlds);
        if self.beliefs.len() > known {
            self.worlds += count;
        }
        (belief, labels)
    }

    /// The worlds of a belief, with their labels as numbers.
    pub(super) fn worlds(&self, belief: BeliefId) -> &[(World, OpenId)] {
        self.beliefs.value(belief)
    }

    /// What is known of a bout.
    pub(super) fn get(&self, bout: &Bout) -> Option<Option<Rc<After>>> {
        self.known.get(bout).cloned()
    }

    /// Remembers what became of a bout.
    pub(super) fn learn(&mut self, bout: Bout, after: Option<Rc<After>>) {
        self.known.entry(bout, || after);
    }

    /// Whether no more is remembered.
    pub(super) fn are_full(&self) -> bool {
        self.known.len() >= BOUTS_MAX
    }

    /// About how many bytes they take.
    pub(super) fn size(&self) -> usize {
        self.known.len() * 320 + self.worlds * 72 + self.lists.len() * 64
    }
}

/// The times of a bout as ranks, from 1 on.
#[derive(Debug)]
pub(super) struct Ranks(Vec<At>);

impl Ranks {
    /// Those of times in their order.
    pub(super) fn of(times: impl Iterator<Item = At>) -> Self {
        let mut times: Vec<_> = times.collect();
        times.dedup();
        Self(times)
    }

    /// The first rank that is no earlier than a time.
    fn since(&self, at: At) -> At {
        let place = self.0.partition_point(|time| *time < at);
        if place == self.0.len() { NEVER } else { At::try_from(place + 1).expect("bouts are short") }
    }

    /// The same call at these ranks.
    pub(super) fn call(&self, call: &Call) -> Call {
        Call { invoked: self.since(call.invoked), ended: self.since(call.ended), ..*call }
    }

    /// What is known of the node since these ranks.
    pub(super) fn standing(&self, standing: &Standing) -> Standing {
        Standing {
            may_exist: standing.may_exist,
            may_lack: self.since(standing.may_lack),
            may_vanish: self.since(standing.may_vanish),
            may_join: standing.may_join,
            seen_gone: self.since(standing.seen_gone),
            may_activate: self.since(standing.may_activate),
        }
    }
}

/// The number of a list of names, each as its own number.
pub(super) fn renamed(
    list: LabelsId,
    lists: &Interner<Vec<Label>>,
    labels: &mut Labels,
    into: &mut Interner<Vec<Label>>,
) -> LabelsId {
    let mut names: Vec<_> = lists.value(list).iter().map(|name| labels.name(*name)).collect();
    names.sort_unstable();
    into.number(names)
}
