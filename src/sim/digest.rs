//! A running hash of a run, the same on every machine.

use std::fmt;
use std::hash::{Hash, Hasher};

/// The hash of everything that was folded in, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digest(pub u64);

impl Digest {
    /// Folds in one more number.
    pub fn fold(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(23) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    /// The digest of one value by itself.
    pub fn of(value: &impl Hash) -> u64 {
        let mut stable = Stable(Self::default());
        value.hash(&mut stable);
        stable.finish()
    }

    /// The part that one run has in the digest of a campaign: independent of the order of the runs.
    #[must_use]
    pub fn of_run(self, seed: u64) -> u64 {
        let mut digest = self;
        digest.fold(seed);
        digest.fold(seed ^ digest.0 >> 32);
        digest.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// A hasher that depends neither on the run nor on the width of a machine word.
struct Stable(Digest);

impl Hasher for Stable {
    fn finish(&self) -> u64 {
        self.0.0 ^ self.0.0 >> 29
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0.fold(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.0.fold(value.into());
    }

    fn write_u16(&mut self, value: u16) {
        self.0.fold(value.into());
    }

    fn write_u32(&mut self, value: u32) {
        self.0.fold(value.into());
    }

    fn write_u64(&mut self, value: u64) {
        self.0.fold(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.0.fold(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.0.fold(value as u64);
    }
}
