//! The worlds that are possible, and of those that differ only in how well off they are, the best.
//!
//! Two ways to the same world differ in the reads that are satisfied already, in the lost calls that were spent, and in
//! the readings under which they are. Whatever can follow on one that has satisfied fewer reads, spent more calls and
//! lives under fewer readings can follow on the other as well, and so it is dropped.

use super::call::Label;
use super::open::{OpenId, Opens, SETS_MAX};
use super::world::{LabelsId, World};
use crate::intern::{Interner, Memo};

/// Possible worlds, each under some readings.
#[derive(Debug, Default)]
pub(super) struct Worlds {
    ways: Memo<World, Vec<Way>>,
    len: usize,
}

/// How well off a world is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Way {
    /// The pending reads that are satisfied.
    reads: u128,
    /// How many lost calls of each class have taken effect.
    lost: LabelsId,
    /// The readings.
    open: OpenId,
}

/// What is needed to compare ways.
pub(super) struct Compared<'a> {
    pub(super) opens: &'a mut Opens,
    pub(super) labels: &'a Interner<Vec<Label>>,
    /// The bits of pending reads.
    pub(super) reads: u128,
    /// Whether readings of equal worlds are united.
    pub(super) unites: bool,
    /// Whether a way is dropped if another is better off.
    pub(super) drops_dominated: bool,
}

impl Worlds {
    /// The worlds, those with several ways several times, in the order of arrival.
    pub(super) fn iter(&self) -> impl Iterator<Item = (World, OpenId)> {
        self.ways.iter().flat_map(|(world, ways)| {
            let whole =
                |way: &Way| (World { done: world.done | way.reads, lost: way.lost, ..*world }, way.open);
            ways.iter().map(whole)
        })
    }

    /// How many there are, each way counted.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Adds a world. False if it was there, or one that is better off.
    pub(super) fn add(&mut self, world: World, open: OpenId, with: &mut Compared<'_>) -> bool {
        let (core, mut new) = split(world, open, with.reads);
        let ways = self.ways.entry(core, Vec::new);
        self.len -= ways.len();
        let is_new = !ways.iter().any(|way| with.covers(way, &new));
        if is_new {
            ways.retain(|way| !with.covers(&new, way));
            while let Some(at) = ways.iter().position(|way| with.unite(&mut new, way)) {
                ways.swap_remove(at);
            }
            ways.push(new);
            with.blur(ways, &new);
        }
        self.len += ways.len();
        is_new
    }

    /// Whether a world is there, or one that is better off.
    pub(super) fn has(&self, world: World, open: OpenId, with: &mut Compared<'_>) -> bool {
        let (core, new) = split(world, open, with.reads);
        self.ways.get(&core).is_some_and(|ways| ways.iter().any(|way| with.covers(way, &new)))
    }
}

/// The world without that in which it may be better off than others, and that.
fn split(world: World, open: OpenId, reads: u128) -> (World, Way) {
    let way = Way { reads: world.done & reads, lost: world.lost, open };
    (World { done: world.done & !reads, lost: 0, ..world }, way)
}

impl Compared<'_> {
    /// Whether whatever follows on one way can follow on another.
    fn covers(&mut self, one: &Way, other: &Way) -> bool {
        if one.open != other.open && (!self.unites || !self.opens.is_within(other.open, one.open)) {
            return false;
        }
        let is_equal = (one.reads, one.lost) == (other.reads, other.lost);
        is_equal
            || self.drops_dominated
                && one.reads & other.reads == other.reads
                && self.spends_less(one.lost, other.lost)
    }

    /// Makes a way hold the readings of another that differs in nothing else, if that is one set.
    fn unite(&mut self, new: &mut Way, way: &Way) -> bool {
        if !self.unites || (way.reads, way.lost) != (new.reads, new.lost) {
            return false;
        }
        let joined = self.opens.join(way.open, new.open);
        new.open = joined.unwrap_or(new.open);
        joined.is_some()
    }

    /// Whether no more lost calls of any class were spent.
    fn spends_less(&self, one: LabelsId, other: LabelsId) -> bool {
        let (one, other) = (self.labels.value(one), self.labels.value(other));
        one.iter().enumerate().all(|(at, count)| *count <= other.get(at).copied().unwrap_or(0))
    }

    /// Makes one set of readings of very many under which a way is. It can only explain more.
    fn blur(&mut self, ways: &mut Vec<Way>, like: &Way) {
        let is_alike = |way: &Way| (way.reads, way.lost) == (like.reads, like.lost);
        if ways.len() <= SETS_MAX || ways.iter().filter(|way| is_alike(way)).count() <= SETS_MAX {
            return;
        }
        let opens: Vec<_> = ways.iter().filter(|way| is_alike(way)).map(|way| way.open).collect();
        ways.retain(|way| !is_alike(way));
        ways.push(Way { open: self.opens.hull(&opens), ..*like });
    }
}
