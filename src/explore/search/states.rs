//! The states that were reached, by their numbers.

use std::iter;

use super::super::store::{SHARDS, Shard, StateId, id_of, parts_of};
use super::super::word::Word;
use super::Search;

impl<W: Word> Search<W> {
    /// How many states were reached.
    pub(in crate::explore) fn len(&self) -> usize {
        self.shards.iter().map(Shard::len).sum()
    }

    /// How many bytes they take.
    pub(in crate::explore) fn bytes(&self) -> usize {
        self.shards.iter().map(Shard::bytes).sum()
    }

    /// The word and the cells of a state.
    pub(in crate::explore) fn state(&self, id: StateId) -> (W, Vec<u32>) {
        let mut state = vec![0; self.layout.places()];
        (self.unpack(id, &mut state), state)
    }

    /// The word of a state, and its cells written over others.
    pub(in crate::explore) fn unpack(&self, id: StateId, state: &mut [u32]) -> W {
        let (shard, number) = parts_of(id);
        let word = self.shards[shard].word(number);
        self.layout.unpack(word, state);
        word
    }

    /// The states on a shortest way to a state, from the start on, itself included.
    pub(in crate::explore) fn way_to(&self, id: StateId) -> Vec<StateId> {
        let mut way = vec![id];
        let mut at = id;
        loop {
            let (shard, number) = parts_of(at);
            let parent = self.shards[shard].parent(number);
            if parent == at {
                way.reverse();
                return way;
            }
            way.push(parent);
            at = parent;
        }
    }

    /// So many states, or all if there are fewer, evenly spread, the last ones first; of each shard only those from a
    /// number on.
    pub(in crate::explore) fn last_ids(&self, most: usize, from: &[usize]) -> impl Iterator<Item = StateId> {
        let left = self.shards.iter().zip(from.iter().chain(iter::repeat(&0)));
        let left: Vec<_> = left.map(|(shard, from)| (*from, shard.len())).collect();
        let longest = left.iter().map(|(from, end)| end - from).max().unwrap_or(0);
        let step = left.iter().map(|(from, end)| end - from).sum::<usize>().div_ceil(most).max(1);
        let back = (0..longest).step_by(step);
        back.flat_map(move |back| {
            let of_shard = |(shard, (from, end)): (usize, &(usize, usize))| {
                (from + back < *end).then(|| id_of(shard, end - back - 1))
            };
            left.iter().enumerate().filter_map(of_shard).collect::<Vec<_>>()
        })
    }

    /// All states.
    pub(in crate::explore) fn ids(&self) -> impl Iterator<Item = StateId> {
        let lens: Vec<_> = self.shards.iter().map(Shard::len).collect();
        (0..SHARDS).flat_map(move |shard| (0..lens[shard]).map(move |number| id_of(shard, number)))
    }
}
