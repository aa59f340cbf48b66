//! The search: breadth first, level by level, so that every path is a shortest one.
//!
//! A level is worked on in batches. First all threads expand states and sort what they find by shard; then all threads
//! fill shards. Neither the order in a shard nor a parent depends on the number of threads.

mod states;

use super::budget::{Budget, Stop};
use super::store::{SHARDS, Shard, StateId, id_of, shard_of};
use super::symmetry::{Classes, Symmetry};
use super::table::{EntryId, Table};
use super::threads;
use super::word::{Layout, TooWide, Word};

/// All that was reached.
#[derive(Debug)]
pub(super) struct Search<W> {
    pub(super) layout: Layout,
    symmetry: Symmetry<W>,
    shards: Vec<Shard<W>>,
    /// For each entry of the table, one of the first states in which it holds.
    pub(super) first: Vec<Option<StateId>>,
    /// How many states there are at each distance from the start.
    pub(super) levels: Vec<u64>,
    pub(super) transitions: u64,
    /// Transitions that lead beyond the bounds.
    pub(super) beyond: u64,
    /// One of the first states in which something lives and nothing moves on.
    pub(super) deadlock: Option<StateId>,
    pub(super) stop: Option<Stop>,
}

/// The search is to begin anew: cells were met that need more room than the layout has, or states were expanded by
/// entries that do not hold in them.
pub(super) struct Anew;

/// An entry as words.
#[derive(Debug, Clone)]
struct Moves<W> {
    /// What to clear and what to set.
    changes: Vec<(W, W)>,
    all: u32,
    beyond: u32,
    stuck: bool,
}

/// What a thread found in a chunk of states.
#[derive(Debug)]
struct Found<W> {
    /// The chunk: a shard, and the states from one number to another.
    chunk: (usize, usize, usize),
    next: Vec<Vec<(W, StateId)>>,
    missed: Vec<StateId>,
    first: Vec<(EntryId, StateId)>,
    transitions: u64,
    beyond: u64,
    deadlock: Option<StateId>,
}

impl<W: Word> Found<W> {
    fn new() -> Self {
        let next = (0..SHARDS).map(|_| Vec::new()).collect();
        let (missed, first) = (Vec::new(), Vec::new());
        Self { chunk: (0, 0, 0), next, missed, first, transitions: 0, beyond: 0, deadlock: None }
    }

    fn start(&mut self, chunk: (usize, usize, usize)) {
        self.chunk = chunk;
        self.next.iter_mut().for_each(Vec::clear);
        self.missed.clear();
        self.first.clear();
        (self.transitions, self.beyond, self.deadlock) = (0, 0, None);
    }
}

const CHUNK: usize = 512;
/// The more chunks at a time, the more often a shard is still in the cache when the next state is looked for in it; and
/// the more memory what was found takes until then.
const BATCH: usize = 256;
/// The table is doubted for the first time when there are so many states, then whenever there are so many times more.
const DOUBTED_MIN: usize = 10_000;
const DOUBTED_AGAIN: usize = 4;
/// Fewer states are not worth a thread.
const ALONE_MAX: usize = 2 * CHUNK;

impl<W: Word> Search<W> {
    /// Searches everything that can be reached from a state, and tells after each batch how many states there are.
    ///
    /// # Errors
    ///
    /// A state does not fit into a word; or the search is to begin anew.
    pub(super) fn run(
        table: &mut Table,
        start: &[u32],
        classes: &Classes,
        budget: Budget,
        watch: &mut dyn FnMut(u64),
    ) -> Result<Result<Self, Anew>, TooWide> {
        classes.close(&mut table.cells);
        table.meet();
        let layout = Layout::new((0..table.cells.places()).map(|place| table.cells.count(place)));
        layout.check::<W>()?;
        let shards = (0..SHARDS).map(|_| Shard::new(budget.fingerprints)).collect();
        let symmetry = Symmetry::of(classes, &table.cells, &layout);
        let mut search = Self {
            layout,
            symmetry,
            shards,
            first: Vec::new(),
            levels: Vec::new(),
            transitions: 0,
            beyond: 0,
            deadlock: None,
            stop: None,
        };
        let word: W = search.layout.pack(start);
        let mixed = word.mixed();
        let shard = shard_of(mixed);
        search.shards[shard].insert(word, mixed, id_of(shard, 0));
        Ok(search.levels(table, classes, budget, watch).map(|()| search))
    }

    fn levels(
        &mut self,
        table: &mut Table,
        classes: &Classes,
        budget: Budget,
        watch: &mut dyn FnMut(u64),
    ) -> Result<(), Anew> {
        let mut moves = Vec::new();
        self.compile(table, &mut moves);
        let mut pool: Vec<Found<W>> = Vec::new();
        let mut done = vec![0; SHARDS];
        let refined = table.refined();
        let (mut doubted, mut held) = (DOUBTED_MIN, vec![0; SHARDS]);
        loop {
            let ends: Vec<_> = self.shards.iter().map(Shard::len).collect();
            let in_level: usize = ends.iter().zip(&done).map(|(end, done)| end - done).sum();
            if in_level == 0 || self.stop.is_some() || self.len() >= doubted {
                doubted = self.len().saturating_mul(DOUBTED_AGAIN);
                if table.refined() > refined || table.is_corrected(self, &held) {
                    return Err(Anew);
                }
                held.clone_from(&done);
            }
            if in_level == 0 || self.stop.is_some() {
                return Ok(());
            }
            self.levels.push(in_level as u64);
            let of_shard = |shard: usize| {
                let (from, to) = (done[shard], ends[shard]);
                (from..to).step_by(CHUNK).map(move |at| (shard, at, to.min(at + CHUNK)))
            };
            let chunks: Vec<_> = (0..SHARDS).flat_map(of_shard).collect();
            for batch in chunks.chunks(BATCH) {
                self.batch(table, classes, &mut moves, batch, &mut pool)?;
                watch(self.len() as u64);
                self.stop = self.spent(budget);
                if self.stop.is_some() {
                    break;
                }
            }
            done = ends;
        }
    }

    fn batch(
        &mut self,
        table: &mut Table,
        classes: &Classes,
        moves: &mut Vec<Moves<W>>,
        batch: &[(usize, usize, usize)],
        pool: &mut Vec<Found<W>>,
    ) -> Result<(), Anew> {
        while pool.len() <= batch.len() {
            pool.push(Found::new());
        }
        let states: usize = batch.iter().map(|(_, from, to)| to - from).sum();
        let threads = if states < ALONE_MAX { 1 } else { table.threads() };
        let (found, rest) = pool.split_at_mut(batch.len());
        threads::each_mut(threads, found, |number, found| self.expand(table, moves, batch[number], found));
        // What the table did not know is worked out and expanded by one thread.
        let late = &mut rest[0];
        late.start((0, 0, 0));
        let missed = found.iter().flat_map(|found| &found.missed);
        let states: Vec<_> = missed.clone().map(|id| self.state(*id).1).collect();
        if !states.is_empty() {
            table.learn_all(states.iter().map(Vec::as_slice));
            self.meet(table, classes)?;
        }
        for id in missed {
            self.expand_anew(table, moves, *id, late)?;
        }
        for found in pool[..=batch.len()].iter() {
            self.note(found);
        }
        let found = &pool[..=batch.len()];
        threads::each_mut(threads, &mut self.shards, |number, shard| {
            for (word, parent) in found.iter().flat_map(|found| &found.next[number]) {
                shard.insert(*word, word.mixed(), *parent);
            }
        });
        table.meet();
        Ok(())
    }

    fn note(&mut self, found: &Found<W>) {
        self.transitions += found.transitions;
        self.beyond += found.beyond;
        self.deadlock = self.deadlock.or(found.deadlock);
        for (entry, id) in &found.first {
            let entry = *entry as usize;
            if self.first.len() <= entry {
                self.first.resize(entry + 1, None);
            }
            self.first[entry].get_or_insert(*id);
        }
    }

    fn expand(&self, table: &Table, moves: &[Moves<W>], chunk: (usize, usize, usize), found: &mut Found<W>) {
        found.start(chunk);
        let (shard, from, to) = chunk;
        let mut state = vec![0; table.cells.places()];
        let mut entries = Vec::with_capacity(table.parts.len());
        for number in from..to {
            let word = self.unpack(id_of(shard, number), &mut state);
            entries.clear();
            entries.extend((0..table.parts.len()).map_while(|part| table.entry(part, &state)));
            if entries.len() == table.parts.len() {
                self.emit(table, moves, id_of(shard, number), word, &entries, found);
            } else {
                found.missed.push(id_of(shard, number));
            }
        }
    }

    fn expand_anew(
        &self,
        table: &mut Table,
        moves: &mut Vec<Moves<W>>,
        id: StateId,
        found: &mut Found<W>,
    ) -> Result<(), Anew> {
        let (word, state) = self.state(id);
        let entries: Vec<_> = (0..table.parts.len()).map(|part| table.learn(part, &state)).collect();
        if self.has_new_cells(table) {
            return Err(Anew);
        }
        self.compile(table, moves);
        self.emit(table, moves, id, word, &entries, found);
        Ok(())
    }

    fn has_new_cells(&self, table: &Table) -> bool {
        self.layout != Layout::new((0..table.cells.places()).map(|place| table.cells.count(place)))
    }

    /// Takes over the cells that were met.
    fn meet(&mut self, table: &mut Table, classes: &Classes) -> Result<(), Anew> {
        classes.close(&mut table.cells);
        if self.has_new_cells(table) {
            return Err(Anew);
        }
        self.symmetry = Symmetry::of(classes, &table.cells, &self.layout);
        Ok(())
    }

    /// The word that stands for a state.
    pub(super) fn least_of(&self, state: &[u32]) -> W {
        self.symmetry.least(self.layout.pack(state))
    }

    /// If states are known by hashes: the chance that two were taken for one is at most 1 in 2 to the power of this. It
    /// is the bound of the birthdays, n * n / 2^65 for n states.
    pub(super) fn collision(&self) -> Option<u32> {
        let log = usize::BITS - self.len().leading_zeros();
        self.shards[0].is_hashed().then(|| (u64::BITS + 1).saturating_sub(2 * log))
    }

    /// Whether states stand for others.
    pub(super) fn is_reduced(&self) -> bool {
        !matches!(self.symmetry, Symmetry::None)
    }

    /// How many states there are without symmetry.
    pub(super) fn unreduced(&self) -> u64 {
        if !self.is_reduced() {
            return self.len() as u64;
        }
        self.ids().map(|id| self.symmetry.orbit(self.state(id).0)).sum()
    }

    /// Puts the entries that the table learned into words.
    fn compile(&self, table: &Table, moves: &mut Vec<Moves<W>>) {
        let new = table.entries[moves.len()..].iter().map(|entry| {
            let followed = entry.transitions.iter().filter(|transition| !transition.effects.is_empty());
            let changes = followed.map(|transition| self.layout.change(&transition.effects));
            let beyond = entry.transitions.iter().filter(|transition| transition.beyond).count() as u32;
            let all = entry.transitions.len() as u32;
            Moves { changes: changes.collect(), all, beyond, stuck: entry.stuck }
        });
        moves.extend(new);
    }

    #[inline]
    fn emit(
        &self,
        table: &Table,
        moves: &[Moves<W>],
        id: StateId,
        word: W,
        entries: &[EntryId],
        found: &mut Found<W>,
    ) {
        let mut stuck = false;
        for entry in entries {
            let Moves { changes, all, beyond, stuck: is_stuck } = &moves[*entry as usize];
            stuck |= is_stuck;
            found.transitions += u64::from(*all);
            found.beyond += u64::from(*beyond);
            if self.first.get(*entry as usize).is_none_or(Option::is_none) {
                found.first.push((*entry, id));
            }
            for (clear, set) in changes {
                let next = self.symmetry.least(word & !*clear | *set);
                found.next[shard_of(next.mixed())].push((next, id));
            }
        }
        if stuck && found.deadlock.is_none() && entries.iter().all(|it| !table.entries[*it as usize].leads_on)
        {
            found.deadlock = Some(id);
        }
    }

    fn spent(&self, budget: Budget) -> Option<Stop> {
        if self.len() as u64 >= budget.states {
            Some(Stop::States)
        } else if self.bytes() >= budget.bytes {
            Some(Stop::Memory)
        } else {
            None
        }
    }
}
