//! Lost calls: how many of each class have acted, and which of several ways to have spent them are kept.

use super::super::call::Call;
use super::super::open::OpenId;
use super::super::world::{LabelsId, World};
use super::super::worlds::Worlds;
use super::Search;
use crate::intern::Memo;

/// Lost calls that are equal: only how many of them have taken effect matters.
#[derive(Debug)]
pub(super) struct LostClass {
    pub(super) like: usize,
    pub(super) total: u32,
}

/// How many ways to have spent lost calls are kept apart in one world.
const LAVISH_MAX: usize = 4;

impl Search<'_, '_> {
    /// The class of a lost call, if one like it was lost before.
    pub(super) fn class(&self, call: &Call) -> Option<usize> {
        self.lost.iter().position(|class| self.calls.0[class.like].is_like(call))
    }

    /// A lost call is one of its class no more. Where all of the class have acted, it did.
    pub(super) fn without(&mut self, worlds: &Worlds, index: usize) -> Worlds {
        let class = self.class(&self.calls.0[index]).expect("a lost call has a class");
        self.lost[class].total -= 1;
        let total = self.lost[class].total;
        let mut after = Worlds::default();
        for (world, open) in worlds.iter() {
            let mut counts = self.course.labels.value(world.lost).clone();
            if let Some(count) = counts.get_mut(class) {
                *count = (*count).min(total);
            }
            let world = World { lost: self.course.labels.number(trimmed(counts)), ..world };
            self.insert(&mut after, world, open);
        }
        after
    }

    /// The worlds with fewer ways to have spent lost calls, where there are very many.
    pub(super) fn without_lavish(&mut self, worlds: Worlds) -> Worlds {
        if self.lost.is_empty() {
            return worlds;
        }
        let mut groups: Memo<(World, OpenId), Vec<LabelsId>> = Memo::default();
        for (world, open) in worlds.iter() {
            groups.entry((World { lost: 0, ..world }, open), Vec::new).push(world.lost);
        }
        let mut kept = Worlds::default();
        for ((world, open), group) in groups.iter() {
            let least = (group.len() > LAVISH_MAX).then(|| self.least(group));
            for lost in group {
                self.insert(&mut kept, World { lost: least.unwrap_or(*lost), ..*world }, *open);
            }
        }
        kept
    }

    /// For each class the least that any of them spent. It can only explain more.
    fn least(&mut self, group: &[LabelsId]) -> LabelsId {
        let mut least = self.course.labels.value(group[0]).clone();
        for lost in group {
            let counts = self.course.labels.value(*lost);
            for (at, count) in least.iter_mut().enumerate() {
                *count = (*count).min(counts.get(at).copied().unwrap_or(0));
            }
        }
        self.course.labels.number(trimmed(least))
    }
}

fn trimmed(mut counts: Vec<u32>) -> Vec<u32> {
    while counts.last() == Some(&0) {
        counts.pop();
    }
    counts
}
