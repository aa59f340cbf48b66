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
    /// A law that takes more bytes is not kept.
    bytes: usize,
}

/// How many laws are kept: those that were used last.
const LAWS_MAX: usize = 24;

/// No law that takes more bytes is kept, however large the budget is.
const LAW_BYTES_MAX: usize = 64 << 20;

impl Shelf {
    /// An empty shelf, on which nothing is kept that takes a good part of this budget of bytes.
    pub(super) fn within(bytes: usize) -> Self {
        Self { laws: RefCell::default(), bytes: LAW_BYTES_MAX.min(bytes / 4) }
    }

    /// The law of a kind of cells in a space: the one that was put back, or a new one. It knows these symbols.
    pub(super) fn take(&self, kind: Kind, space: Space, sizes: Sizes, symbols: &Interner<Symbol>) -> Law {
        let mut laws = self.laws.borrow_mut();
        let place = laws.iter().position(|law| law.is_of(kind, &space, sizes));
        let mut law = place.map_or_else(|| Law::new(kind, space, sizes), |place| laws.remove(place));
        law.learn(symbols);
        law
    }

    /// Puts a law back.
    pub(super) fn put(&self, law: Law) {
        if law.size() <= self.bytes {
            let mut laws = self.laws.borrow_mut();
            laws.push(law);
            if laws.len() > LAWS_MAX {
                laws.remove(0);
            }
        }
    }
}
