//! The states that were visited: exact unless fingerprints are asked for, compact, each with the state that it was reached from.
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
    places: Places<W>,
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

/// What a state is found by, where its hash says or in the next free place after that.
#[derive(Debug)]
enum Places<W> {
    /// By its word.
    Words(Vec<W>),
    /// By its hash alone. Two states of the same hash are taken for one.
    Hashes(Vec<u64>),
}

/// No hash; the one state in 2^64 that has it is found by another.
const NO_HASH: u64 = u64::MAX;

impl<W: Word> Places<W> {
    fn len(&self) -> usize {
        match self {
            Self::Words(places) => places.len(),
            Self::Hashes(places) => places.len(),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Words(places) => places.len() * size_of::<W>(),
            Self::Hashes(places) => places.len() * size_of::<u64>(),
        }
    }

    /// Adds a state unless it is there, and tells whether it was not.
    #[inline]
    fn insert(&mut self, word: W, mixed: u64) -> bool {
        match self {
            Self::Words(places) => fill(places, W::NONE, word, mixed),
            Self::Hashes(places) => fill(places, NO_HASH, mixed.min(NO_HASH - 1), mixed),
        }
    }

    /// Becomes empty, and twice as large.
    fn double(&mut self) {
        let size = self.len() * 2;
        match self {
            Self::Words(places) => {
                *places = Vec::new();
                *places = vec![W::NONE; size];
            }
            Self::Hashes(places) => {
                *places = Vec::new();
                *places = vec![NO_HASH; size];
            }
        }
    }
}

/// Puts a value where its hash says or in the next free place after that, and tells whether it was not there yet.
#[inline]
fn fill<T: Copy + PartialEq>(places: &mut [T], none: T, value: T, mixed: u64) -> bool {
    let mask = places.len() - 1;
    // The highest bits chose the shard.
    let mut at = (mixed >> 24) as usize & mask;
    while places[at] != none && places[at] != value {
        at = (at + 1) & mask;
    }
    let is_new = places[at] == none;
    places[at] = value;
    is_new
}

impl<W: Word> Shard<W> {
    /// An empty one. With `fingerprints`, a state whose word is wider than its hash is known by its hash alone.
    pub(super) fn new(fingerprints: bool) -> Self {
        let places = if fingerprints && W::BITS > u64::BITS {
            Places::Hashes(vec![NO_HASH; 64])
        } else {
            Places::Words(vec![W::NONE; 64])
        };
        Self { places, words: Chunked::default(), parents: Chunked::default() }
    }

    /// Whether states are known by their hashes alone.
    pub(super) fn is_hashed(&self) -> bool {
        matches!(self.places, Places::Hashes(_))
    }

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
        if !self.places.insert(word, mixed) {
            return;
        }
        self.words.push(word);
        self.parents.push(parent);
        if self.words.len() * 4 > self.places.len() * 3 {
            self.resize();
        }
    }

    fn resize(&mut self) {
        self.places.double();
        for number in 0..self.words.len() {
            let word = self.words.get(number);
            self.places.insert(word, word.mixed());
        }
    }

    /// How many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        self.places.bytes() + self.words.bytes() + self.parents.bytes()
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
