//! Seeds, and the numbers drawn from them.
//!
//! A seed must outlive our dependencies. The stream is ChaCha8, which is specified; what is drawn from it are
//! whole numbers, by the few lines below. A stream is forked by label, so that a new draw in one part of a run
//! leaves the other parts alone. Nothing here asks the operating system.

use std::fmt;
use std::str::FromStr;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// Names one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seed(pub u64);

impl Seed {
    /// An independent stream for one part of the run. Equal seeds and labels give equal streams, always.
    pub fn fork(self, label: &str) -> Rng {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.0.to_le_bytes());
        key[8..16].copy_from_slice(&fnv1a(label).to_le_bytes());
        key[16..].copy_from_slice(b"action-oracle/01");
        Rng(ChaCha8Rng::from_seed(key))
    }
}

/// The 64-bit FNV-1a hash.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#018x}", self.0)
    }
}

/// A text that is no seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSeed(String);

impl fmt::Display for BadSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = "a number below 2^64, the same in hex after 0x, or a commit hash of 40 hex digits";
        write!(f, "`{}` is no seed; expected {expected}", self.0)
    }
}

impl std::error::Error for BadSeed {}

impl FromStr for Seed {
    type Err = BadSeed;

    /// Reads a decimal, a hexadecimal after `0x`, or a commit hash, whose first sixteen digits count.
    fn from_str(text: &str) -> Result<Self, BadSeed> {
        let hex = |digits: &str| u64::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'));
        let is_commit = text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = match text.strip_prefix("0x") {
            Some(digits) => hex(digits),
            None if is_commit => hex(&text[..16]),
            None => text.parse().ok().filter(|_| !text.starts_with('+')),
        };
        number.map(Self).ok_or_else(|| BadSeed(text.to_owned()))
    }
}

/// A stream of numbers.
#[derive(Debug, Clone)]
pub struct Rng(ChaCha8Rng);

/// A probability of so many in so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio(pub u32, pub u32);

impl Rng {
    /// The next 64 bits of the stream.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A whole number below the bound, which must not be 0. The bias is below bound / 2^32.
    pub fn below(&mut self, bound: u32) -> u32 {
        assert!(bound > 0, "there is no number below 0");
        let wide = u64::from(self.0.next_u32()) * u64::from(bound);
        u32::try_from(wide >> 32).expect("the product of two 32-bit numbers has 64 bits")
    }

    /// An index into a list of that length, which must not be 0.
    pub fn index(&mut self, len: usize) -> usize {
        self.below(u32::try_from(len).expect("lists are short")) as usize
    }

    /// One of several.
    pub fn choose<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }

    /// True with that probability.
    pub fn chance(&mut self, ratio: Ratio) -> bool {
        self.below(ratio.1) < ratio.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_of_a_seed_never_changes() {
        let mut rng = Seed(0x2a).fork("workload");
        assert_eq!(rng.bits(), GOLDEN.0);
        assert_eq!([0; 4].map(|_: i32| rng.below(1_000)), GOLDEN.1);
    }

    /// Pinned when the format was made. A change here breaks every seed that anybody has written down.
    const GOLDEN: (u64, [u32; 4]) = (1_434_243_537_091_219_398, [248, 12, 485, 568]);

    #[test]
    fn streams_of_other_labels_are_independent() {
        assert_ne!(Seed(1).fork("a").bits(), Seed(1).fork("b").bits());
        assert_ne!(Seed(1).fork("a").bits(), Seed(2).fork("a").bits());
    }

    #[test]
    fn seeds_are_read_in_three_forms() {
        let commit = "93d5161f693636860000000000000000deadbeef";
        let read = |text: &str| text.parse::<Seed>().ok();
        assert_eq!(read("42"), Some(Seed(42)));
        assert_eq!(read("0x2a"), Some(Seed(42)));
        assert_eq!(read(commit), Some(Seed(0x93d5_161f_6936_3686)));
        for bad in ["", "0x", "-1", "+1", "0x+1", "1.5", "seed", "18446744073709551616"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
