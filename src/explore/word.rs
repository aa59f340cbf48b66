//! States as one machine word: for each place as many bits as its cells need.

use std::fmt::Debug;
use std::hash::Hash;
use std::ops::{BitAnd, BitOr, Not, Shl, Shr};

/// A machine word that holds a state.
pub(super) trait Word:
    Copy
    + Eq
    + Ord
    + Hash
    + Default
    + Debug
    + Send
    + Sync
    + 'static
    + From<u32>
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + Not<Output = Self>
{
    /// How many bits a state can have. One bit is left over, so that no state is [`Word::NONE`].
    const BITS: u32 = size_of::<Self>() as u32 * u8::BITS - 1;
    /// No state.
    const NONE: Self;

    /// The low bits as the number of a cell.
    fn low(self) -> u32;
    /// A well mixed hash.
    fn mixed(self) -> u64;
}

impl Word for u64 {
    const NONE: Self = Self::MAX;

    #[inline]
    fn low(self) -> u32 {
        self as u32
    }

    #[inline]
    fn mixed(self) -> u64 {
        let first = (self ^ self >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (first ^ first >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
    }
}

impl Word for u128 {
    const NONE: Self = Self::MAX;

    #[inline]
    fn low(self) -> u32 {
        self as u32
    }

    #[inline]
    fn mixed(self) -> u64 {
        ((self as u64).mixed() ^ (self >> 64) as u64).mixed()
    }
}

/// Where in a word each place has its bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    widths: Vec<u32>,
    shifts: Vec<u32>,
    masks: Vec<u32>,
}

/// A state has more bits than a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooWide;

impl Layout {
    /// Room for so many cells in each place.
    pub(super) fn new(counts: impl Iterator<Item = usize>) -> Self {
        let widths: Vec<u32> =
            counts.map(|count| usize::BITS - count.saturating_sub(1).leading_zeros()).collect();
        let shift = |total: &mut u32, width: &u32| {
            let shift = *total;
            *total += width;
            Some(shift)
        };
        let shifts = widths.iter().scan(0, shift).collect();
        let masks = widths.iter().map(|width| (1_u32 << width) - 1).collect();
        Self { widths, shifts, masks }
    }

    /// How many places a state has.
    pub(super) fn places(&self) -> usize {
        self.widths.len()
    }

    /// How many bits a state has.
    pub(super) fn bits(&self) -> u32 {
        self.widths.iter().sum()
    }

    /// Where the bits of a place begin.
    pub(super) fn shift(&self, place: usize) -> u32 {
        self.shifts[place]
    }

    /// How many bits a place has.
    pub(super) fn width(&self, place: usize) -> u32 {
        self.widths[place]
    }

    /// Whether a state fits into a word.
    pub(super) fn check<W: Word>(&self) -> Result<(), TooWide> {
        if self.bits() <= W::BITS { Ok(()) } else { Err(TooWide) }
    }

    /// The cells of a word.
    #[inline]
    pub(super) fn unpack<W: Word>(&self, word: W, state: &mut [u32]) {
        for ((cell, shift), mask) in state.iter_mut().zip(&self.shifts).zip(&self.masks) {
            // A place without bits may stand at the very end.
            *cell = if *mask == 0 { 0 } else { (word >> *shift).low() & mask };
        }
    }

    /// The word of some cells.
    pub(super) fn pack<W: Word>(&self, state: &[u32]) -> W {
        let places = state.iter().enumerate().filter(|(place, _)| self.masks[*place] != 0);
        places.fold(W::default(), |word, (place, cell)| word | W::from(*cell) << self.shifts[place])
    }

    /// What to clear and what to set to bring about an effect.
    pub(super) fn change<W: Word>(&self, effects: &[(usize, u32)]) -> (W, W) {
        let places = effects.iter().filter(|(place, _)| self.masks[*place] != 0);
        places.fold((W::default(), W::default()), |(clear, set), (place, cell)| {
            let shift = self.shifts[*place];
            (clear | W::from(self.masks[*place]) << shift, set | W::from(*cell) << shift)
        })
    }
}
