//! How much an exploration may take, and which bound it met.

/// When a search gives up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// After so many states.
    pub states: u64,
    /// When the states take so many bytes.
    pub bytes: usize,
    /// Whether memory is saved where a state takes more than 63 bits: states are known by 64 bits of hash, and two that
    /// have the same are taken for one.
    pub fingerprints: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Self { states: 200_000_000, bytes: 4 << 30, fingerprints: false }
    }
}

/// Why a search stopped early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// There are more states than allowed.
    States,
    /// The states take more memory than allowed.
    Memory,
}
