//! Nodes that are interchangeable: states that differ by their names alone are visited once.
//!
//! Two nodes are interchangeable if the cluster that an exploration starts from is the same with their names exchanged,
//! and actions are started on both or on neither. Of all states that renaming makes of one, the one with the least word
//! stands for them. Since the start stays what it is under every renaming, all of them are reached if one is, so the
//! sizes of the orbits sum up to the number of states without symmetry.
//!
//! That is sound only as far as the law does not look at the names. Where it does (the *lowest* node takes over from a
//! primary that leaves), [`is_broken`] finds the state in which the law makes a difference, and there is no result.

use super::alphabet::Choice;
use super::cell::{Cells, OF_NODE, Place, Renaming};
use super::facts::MatrixCell;
use super::search::Search;
use super::table::Table;
use super::threads;
use super::word::{Layout, Word};

/// Of so many nodes that there are more renamings, only some are taken for interchangeable.
const RENAMINGS_MAX: usize = 5_040;

/// In how many states the law is asked whether it looks at names.
const ASKED: usize = 500;

/// Which nodes are interchangeable.
#[derive(Debug, Clone, Default)]
pub(super) struct Classes(Vec<Vec<u32>>);

impl Classes {
    /// Those of a state. Nodes that nothing can be exchanged with are left out.
    pub(super) fn of(cells: &mut Cells, start: &[u32], choice: &Choice) -> Self {
        let nodes = cells.nodes();
        let mut classes: Vec<Vec<u32>> = Vec::new();
        for node in 0..nodes {
            let acts = |node: u32| choice.nodes.is_none_or(|acting| node < acting);
            let mut alike = |other: u32| {
                let mut renaming: Vec<u32> = (0..nodes).collect();
                renaming.swap(node as usize, other as usize);
                acts(node) == acts(other) && cells.renamed(start, &renaming) == start
            };
            match classes.iter_mut().find(|class| alike(class[0])) {
                Some(class) => class.push(node),
                None => classes.push(vec![node]),
            }
        }
        let mut classes = Self(classes);
        while classes.renamings() > RENAMINGS_MAX
            && let Some(largest) = classes.0.iter_mut().max_by_key(|class| class.len())
        {
            largest.pop();
        }
        classes.0.retain(|class| class.len() > 1);
        classes
    }

    /// Whether no node is interchangeable with another.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the cells that renaming makes of those that were met.
    pub(super) fn close(&self, cells: &mut Cells) {
        let exchanges = self.exchanges(cells.nodes());
        let before = |cells: &Cells| (0..cells.places()).map(|place| cells.count(place)).sum::<usize>();
        loop {
            let known = before(cells);
            for (place, exchange) in
                (0..cells.places()).flat_map(|it| exchanges.iter().map(move |by| (it, by)))
            {
                cells.close(place, exchange);
            }
            if before(cells) == known {
                return;
            }
        }
    }

    /// How many renamings there are.
    fn renamings(&self) -> usize {
        let factorial = |class: &Vec<u32>| (1..=class.len()).product::<usize>();
        self.0.iter().map(factorial).fold(1, usize::saturating_mul)
    }

    /// All renamings, the one that changes nothing first.
    fn all(&self, nodes: u32) -> Vec<Vec<u32>> {
        let mut all: Vec<Vec<u32>> = vec![(0..nodes).collect()];
        for class in &self.0 {
            for (at, node) in class.iter().enumerate().skip(1) {
                let with = |renaming: &Vec<u32>| {
                    let swapped = |other: &u32| {
                        let mut renaming = renaming.clone();
                        renaming.swap(*node as usize, *other as usize);
                        renaming
                    };
                    let others: Vec<_> = class[..at].iter().map(swapped).collect();
                    [renaming.clone()].into_iter().chain(others)
                };
                all = all.iter().flat_map(with).collect();
            }
        }
        all
    }

    /// Exchanges of two nodes that all renamings are made of.
    fn exchanges(&self, nodes: u32) -> Vec<Vec<u32>> {
        let pairs = self.0.iter().flat_map(|class| class.windows(2));
        let exchange = |pair: &[u32]| {
            let mut renaming: Vec<u32> = (0..nodes).collect();
            renaming.swap(pair[0] as usize, pair[1] as usize);
            renaming
        };
        pairs.map(exchange).collect()
    }
}

/// How the word that stands for a state is found, for one layout and the cells that were met.
#[derive(Debug, Clone)]
pub(super) enum Symmetry<W> {
    /// Every state stands for itself.
    None,
    /// No cell names an interchangeable node: their parts of the word are put in order.
    Sorted(Vec<Vec<(u32, W)>>),
    /// Every renaming is tried.
    Tried(Vec<Renamed<W>>),
}

/// What a renaming does to a word.
#[derive(Debug, Clone)]
pub(super) struct Renamed<W> {
    /// Bits that go to the left, and to the right, so far.
    shifts: Vec<(W, u32, u32)>,
    /// Places whose cells name nodes: where from and where to, and which cell each becomes.
    cells: Vec<(u32, u32, u32, Vec<u32>)>,
}

impl<W: Word> Symmetry<W> {
    /// Works it out for closed cells.
    pub(super) fn of(classes: &Classes, cells: &Cells, layout: &Layout) -> Self {
        if classes.is_empty() {
            return Self::None;
        }
        let nodes = cells.nodes();
        let exchanges = classes.exchanges(nodes);
        let names = |place: &Place| exchanges.iter().any(|exchange| cells.names(*place, exchange));
        let naming: Vec<Place> = (0..cells.places()).filter(names).collect();
        if naming.is_empty() {
            let width = (0..OF_NODE).map(|place| layout.width(place)).sum();
            let shift = |node: &u32| (layout.shift(*node as usize * OF_NODE), ones(width));
            let of_class = |class: &Vec<u32>| class.iter().map(shift).collect();
            return Self::Sorted(classes.0.iter().map(of_class).collect());
        }
        let renamings = classes.all(nodes);
        Self::Tried(renamings.iter().skip(1).map(|it| Renamed::of(it, cells, layout, &naming)).collect())
    }

    /// The word that stands for a state.
    #[inline]
    pub(super) fn least(&self, word: W) -> W {
        match self {
            Self::None => word,
            Self::Sorted(classes) => classes.iter().fold(word, |word, class| sorted(word, class)),
            Self::Tried(renamings) => renamings.iter().map(|renamed| renamed.apply(word)).fold(word, W::min),
        }
    }

    /// For how many states one of them stands.
    pub(super) fn orbit(&self, word: W) -> u64 {
        match self {
            Self::None => 1,
            Self::Sorted(classes) => classes.iter().map(|class| arrangements(word, class)).product(),
            Self::Tried(renamings) => {
                let mut words: Vec<W> = renamings.iter().map(|renamed| renamed.apply(word)).collect();
                words.push(word);
                words.sort_unstable();
                words.dedup();
                words.len() as u64
            }
        }
    }
}

/// A word with the parts of some nodes in order.
#[inline]
fn sorted<W: Word>(word: W, class: &[(u32, W)]) -> W {
    let mut word = word;
    // Few nodes: the greatest part goes to the lowest bits, so that the word is the least.
    for last in 1..class.len() {
        for at in (1..=last).rev() {
            let ((low, mask), (high, _)) = (class[at - 1], class[at]);
            let (one, two) = (word >> low & mask, word >> high & mask);
            if one >= two {
                break;
            }
            word = word & !(mask << low | mask << high) | two << low | one << high;
        }
    }
    word
}

/// In how many ways the parts of some nodes can be arranged.
fn arrangements<W: Word>(word: W, class: &[(u32, W)]) -> u64 {
    let mut parts: Vec<W> = class.iter().map(|(shift, mask)| word >> *shift & *mask).collect();
    parts.sort_unstable();
    let mut ways = 1;
    let mut same = 0;
    for (at, part) in parts.iter().enumerate() {
        same = if at > 0 && parts[at - 1] == *part { same + 1 } else { 1 };
        ways = ways * (at as u64 + 1) / same;
    }
    ways
}

/// So many low bits.
fn ones<W: Word>(width: u32) -> W {
    (0..width).fold(W::default(), |bits, at| bits | W::from(1) << at)
}

impl<W: Word> Renamed<W> {
    fn of(renaming: &Renaming, cells: &Cells, layout: &Layout, naming: &[Place]) -> Self {
        let mut renamed = Self { shifts: Vec::new(), cells: Vec::new() };
        for place in (0..cells.places()).filter(|place| layout.width(*place) > 0) {
            let (from, to) = (layout.shift(place), layout.shift(cells.renamed_place(place, renaming)));
            if naming.contains(&place) {
                let mask = ones::<u64>(layout.width(place)) as u32;
                renamed.cells.push((from, mask, to, cells.become_of(place, renaming)));
            } else {
                renamed.shift(ones::<W>(layout.width(place)) << from, from, to);
            }
        }
        renamed
    }

    fn shift(&mut self, bits: W, from: u32, to: u32) {
        let (left, right) = (to.saturating_sub(from), from.saturating_sub(to));
        match self.shifts.iter_mut().find(|it| it.1 == left && it.2 == right) {
            Some(it) => it.0 = it.0 | bits,
            None => self.shifts.push((bits, left, right)),
        }
    }

    #[inline]
    fn apply(&self, word: W) -> W {
        let shifts = self.shifts.iter().map(|(bits, left, right)| (word & *bits) << *left >> *right);
        let cells = self.cells.iter().map(|(from, mask, to, becomes)| {
            W::from(becomes[((word >> *from).low() & mask) as usize]) << *to
        });
        shifts.chain(cells).fold(W::default(), |word, bits| word | bits)
    }
}

/// What comes next of a state, but for the names of nodes: the states, and what the transitions show.
type Next<W> = Vec<(W, Option<MatrixCell>, u128, Option<u8>)>;

/// Whether the law looks at the names of nodes that are interchangeable: whether something else comes next of a state
/// than of one with two nodes exchanged. It is asked in some of the states that were reached.
pub(super) fn is_broken<W: Word>(classes: &Classes, table: &Table, search: &Search<W>) -> bool {
    let exchanges = classes.exchanges(table.cells.nodes());
    if exchanges.is_empty() {
        return false;
    }
    let ids: Vec<_> = search.last_ids(ASKED, &[]).collect();
    let broken = threads::each(table.threads(), &ids, |id| {
        let (_, state) = search.state(*id);
        let next = next_of(table, search, &state);
        exchanges.iter().any(|exchange| {
            let other =
                table.cells.find_renamed(&state, exchange).map(|other| next_of(table, search, &other));
            other.is_none_or(|other| other != next)
        })
    });
    broken.contains(&true)
}

fn next_of<W: Word>(table: &Table, search: &Search<W>, state: &[u32]) -> Option<Next<W>> {
    let mut next = Vec::new();
    for part in &table.parts {
        for (_, facts, after) in table.trials.next(&table.cells, part.owner, state) {
            next.push((search.least_of(&after?), facts.cell, facts.sometimes, facts.broken));
        }
    }
    next.sort_unstable();
    Some(next)
}
