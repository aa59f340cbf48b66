//! The states that were visited: exact, compact, each with the state that it was reached from.
//!
//! A state is found by its word in an open table and has a number by its arrival; both are split in shards by hash, so
//! that threads fill different shards without waiting. Which states are in which shard does not depend on the threads.

use super::word::Word;

/// How many shards there are.
pub(super) const SHARDS: usize = 16;

/// The number of a visited state: its shard in the low bits, and its number there.
pub(super) type StateId = u32;

/// The states of one shard.
#[derive(Debug)]
pub(super) struct Shard<W> {
    /// Words where their hash says or in the next free place after that.
    places: Vec<W>,
    words: Chunked<W>,
    parents: Chunked<StateId>,
}

/// The shard that a hash belongs to.
#[inline]
pub(super) fn shard_of(mixed: u64) -> usize {
    (mixed >> 60) as usize
}

/// The shard of a state, and its number there.
#[inline]
pub(super) fn parts_of(id: StateId) -> (usize, usize) {
    (id as usize % SHARDS, id as usize / SHARDS)
}

/// The number of a state.
#[inline]
pub(super) fn id_of(shard: usize, number: usize) -> StateId {
    (number * SHARDS + shard) as StateId
}

impl<W: Word> Default for Shard<W> {
    fn default() -> Self {
        Self { places: vec![W::NONE; 64], words: Chunked::default(), parents: Chunked::default() }
    }
}

impl<W: Word> Shard<W> {
    /// How many states there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The word of a state.
    #[inline]
    pub(super) fn word(&self, number: usize) -> W {
        self.words.get(number)
    }

    /// The state that a state was reached from; itself for the first.
    pub(super) fn parent(&self, number: usize) -> StateId {
        self.parents.get(number)
    }

    /// Adds a state unless it is there.
    #[inline]
    pub(super) fn insert(&mut self, word: W, mixed: u64, parent: StateId) {
        let at = self.place(word, mixed);
        if self.places[at] != W::NONE {
            return;
        }
        self.places[at] = word;
        self.words.push(word);
        self.parents.push(parent);
        if self.words.len() * 4 > self.places.len() * 3 {
            self.resize();
        }
    }

    #[inline]
    fn place(&self, word: W, mixed: u64) -> usize {
        let mask = self.places.len() - 1;
        // The highest bits chose the shard.
        let mut at = (mixed >> 24) as usize & mask;
        while self.places[at] != W::NONE && self.places[at] != word {
            at = (at + 1) & mask;
        }
        at
    }

    fn resize(&mut self) {
        let size = self.places.len() * 2;
        self.places = Vec::new();
        self.places = vec![W::NONE; size];
        self.refill();
    }

    fn refill(&mut self) {
        for number in 0..self.words.len() {
            let word = self.words.get(number);
            let at = self.place(word, word.mixed());
            self.places[at] = word;
        }
    }

    /// How many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        self.places.len() * size_of::<W>() + self.words.bytes() + self.parents.bytes()
    }
}

/// A list that grows without being copied.
#[derive(Debug)]
struct Chunked<T> {
    chunks: Vec<Vec<T>>,
    len: usize,
}

const CHUNK: usize = 1 << 13;

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T: Copy> Chunked<T> {
    fn len(&self) -> usize {
        self.len
    }

    #[inline]
    fn get(&self, at: usize) -> T {
        self.chunks[at / CHUNK][at % CHUNK]
    }

    #[inline]
    fn push(&mut self, value: T) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Vec::with_capacity(if self.len == 0 { 16 } else { CHUNK }));
        }
        self.chunks[self.len / CHUNK].push(value);
        self.len += 1;
    }

    fn bytes(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.capacity() * size_of::<T>()).sum()
    }
}
