//! What a slot can be while calls go on, for a person who wants to see why an answer fits none of it.

use std::collections::BTreeSet;

use super::super::call::At;
use super::super::law::{NOTHING, UNKNOWN};
use super::super::world::World;
use super::super::worlds::Worlds;
use super::{Found, Search};
use crate::model::Status;

/// What a slot can be from one record on, until the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Possible {
    /// The number of the record, from 1; 0 is the beginning.
    pub record: u64,
    /// The statuses that it can have under some reading; `None` stands for no status. In the order of the lifecycle.
    pub statuses: BTreeSet<Option<Status>>,
    /// Whether nobody has looked yet, so that it can be anything.
    pub is_unknown: bool,
    /// Whether all worlds were looked at; if not, it can be more than this.
    pub is_complete: bool,
}

/// How many worlds are looked at for one moment.
const WORLDS_MAX: usize = 2_000;

/// How many are looked at for all moments.
const ALL_WORLDS_MAX: usize = 200_000;

impl Search<'_, '_> {
    /// Goes through all calls, and tells what a slot can be after each record that some world explains.
    pub(in super::super) fn run_telling(
        &mut self,
        start: Vec<World>,
        slot: u8,
        possible: &mut Vec<Possible>,
    ) -> Found {
        let moments = self.calls.0.len() * 2 + 1;
        let most = WORLDS_MAX.min(ALL_WORLDS_MAX / moments).max(1);
        self.reductions.looks_up = false;
        self.run_watched(start, |search, at, worlds| {
            // An answer with a list is several calls that end at once.
            possible.retain(|before: &Possible| before.record != u64::from(at));
            possible.push(search.possible(worlds, at, slot, most));
        })
    }

    /// What a slot can be in these worlds and in those that calls under way and hidden events make of them, so many of
    /// them as are looked at.
    fn possible(&mut self, worlds: &Worlds, at: At, slot: u8, most: usize) -> Possible {
        let mut can_be =
            Possible { record: at.into(), statuses: BTreeSet::new(), is_unknown: false, is_complete: true };
        let mut visited = Worlds::default();
        let mut queue: Vec<_> = worlds.iter().collect();
        while let Some((world, open)) = queue.pop() {
            if !self.insert(&mut visited, world, open) {
                continue;
            }
            if visited.len() > most {
                can_be.is_complete = false;
                break;
            }
            if self.course.is_left(&world, slot.into()) {
                can_be.statuses.insert(None);
            }
            match world.held[usize::from(slot)] {
                UNKNOWN => can_be.is_unknown = true,
                NOTHING => drop(can_be.statuses.insert(None)),
                held => drop(can_be.statuses.insert(self.course.law.helds.value(held).status())),
            }
            for slot in 0..self.course.law.kind.slots() {
                let mut next = self.course.moves(&world, open, slot);
                next.extend(self.pending_on(&world, open, slot, usize::MAX));
                next.extend(self.lost_on(&world, open, slot));
                for (world, open) in next {
                    queue.extend(self.mark(world, open));
                }
            }
        }
        can_be
    }
}
