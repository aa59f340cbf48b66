//! The laws that were worked out for one history, kept for the next.

use std::cell::RefCell;

use super::law::{Law, Sizes};
use super::open::Space;
use super::part::Kind;
use super::seen::Symbol;
use crate::intern::Interner;

/// Laws that nobody uses at the moment.
#[derive(Debug)]
pub(super) struct Shelf {
    laws: RefCell<Vec<Law>>,
    /// How many bytes they may take.
    bytes: usize,
}

/// How many laws are kept: those that were used last.
const LAWS_MAX: usize = 512;

/// No more bytes are kept, however large the budget is.
const BYTES_MAX: usize = 256 << 20;

impl Shelf {
    /// An empty shelf, on which no good part of this budget of bytes is kept.
    pub(super) fn within(bytes: usize) -> Self {
        Self { laws: RefCell::default(), bytes: BYTES_MAX.min(bytes / 4) }
    }

    /// The law of a kind of cells in a space: the one that was put back, or a new one. It knows these symbols.
    pub(super) fn take(&self, kind: Kind, space: Space, sizes: Sizes, symbols: &Interner<Symbol>) -> Law {
        let mut laws = self.laws.borrow_mut();
        let place = laws.iter().position(|law| law.is_of(kind, &space, sizes));
        let mut law = place.map_or_else(|| Law::new(kind, space, sizes), |place| laws.remove(place));
        law.learn(symbols);
        law
    }

    /// Puts a law back. What was used longest ago makes room for it; one that needs all the room is not kept.
    pub(super) fn put(&self, law: Law) {
        if law.size() > self.bytes {
            return;
        }
        let mut laws = self.laws.borrow_mut();
        laws.push(law);
        let mut size: usize = laws.iter().map(Law::size).sum();
        while size > self.bytes || laws.len() > LAWS_MAX {
            size -= laws.remove(0).size();
        }
    }
}
