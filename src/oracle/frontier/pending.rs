//! Calls under way: each has a bit, in every world the same, which says whether it has taken effect.

use super::Search;

/// How many calls of one cell may overlap.
const PENDING_MAX: usize = 128;

impl Search<'_, '_> {
    /// Gives a call that has begun a bit; `None` if all are taken.
    pub(super) fn put(&mut self, index: usize) -> Option<usize> {
        let place = self.pending.iter().position(Option::is_none).unwrap_or(self.pending.len());
        if place == PENDING_MAX {
            return None;
        }
        self.pending.resize(self.pending.len().max(place + 1), None);
        self.sooner.resize(self.pending.len(), 0);
        self.pending[place] = Some(index);
        self.order(place);
        Some(place)
    }

    /// Finds its place among equal pending calls for one that has begun: the one that ends first comes first.
    fn order(&mut self, place: usize) {
        let key = |index: usize| (self.calls.0[index].ended, index);
        let index = self.pending[place].expect("the call is pending");
        self.sooner[place] = 0;
        for (at, other) in self.pending.iter().enumerate() {
            let Some(other) = other.filter(|other| *other != index) else { continue };
            if self.calls.0[other].is_like(&self.calls.0[index]) {
                let (first, second) = if key(other) < key(index) { (at, place) } else { (place, at) };
                self.sooner[second] |= 1 << first;
            }
        }
    }

    /// The bit of a call under way.
    pub(super) fn bit(&self, index: usize) -> u128 {
        let place = self.pending.iter().position(|pending| *pending == Some(index));
        1 << place.expect("the call is pending")
    }
}
