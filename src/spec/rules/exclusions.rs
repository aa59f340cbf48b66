//! The one question whose answers combine: which different actions exclude each other.

use super::{CONFLICT_CROSS, known, position_in};

/// A set of exclusions between different actions (`R-CONFLICT-CROSS`); empty means `INDEPENDENT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ConflictCross {
    /// `maintenance_on` and `maintenance_off` of one node exclude each other.
    pub on_off: bool,
    /// `remove` excludes every other action of its node, and they exclude it.
    pub remove: bool,
    /// Any two actions of one node exclude each other.
    pub node: bool,
    /// `change_master` and node actions exclude each other, in both directions.
    pub master_vs_node: bool,
}

impl ConflictCross {
    /// How many sets there are.
    pub(super) const COUNT: usize = 1 << 4;

    /// The number of the set, below [`Self::COUNT`]; the empty one is 0.
    pub(super) fn index(self) -> usize {
        let chosen = [self.on_off, self.remove, self.node, self.master_vs_node];
        chosen.iter().rev().fold(0, |index, on| index * 2 + usize::from(*on))
    }

    /// The set of that number.
    pub(super) fn from_index(index: usize) -> Self {
        assert!(index < Self::COUNT, "{CONFLICT_CROSS} has no answer {index}");
        let has = |bit: usize| index >> bit & 1 == 1;
        Self { on_off: has(0), remove: has(1), node: has(2), master_vs_node: has(3) }
    }

    /// Reads variant names joined with `+`; `None` if one of them is unknown.
    pub(super) fn from_names(names: &str) -> Option<Self> {
        let mut set = Self::default();
        for name in names.split('+') {
            match position_in(known(CONFLICT_CROSS), name)? {
                0 => {}
                1 => set.on_off = true,
                2 => set.remove = true,
                3 => set.node = true,
                _ => set.master_vs_node = true,
            }
        }
        Some(set)
    }

    /// The variant names joined with `+`.
    pub(super) fn names(self) -> String {
        let variants = known(CONFLICT_CROSS).variants;
        let chosen = [self.on_off, self.remove, self.node, self.master_vs_node];
        let names: Vec<_> =
            chosen.iter().zip(&variants[1..]).filter(|(on, _)| **on).map(|(_, v)| v.name).collect();
        if names.is_empty() { variants[0].name.to_owned() } else { names.join("+") }
    }
}
