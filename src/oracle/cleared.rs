//! When a POST to another node can have discarded what a slot holds that has ended (R-RESUBMIT-SCOPE).
//!
//! Under ALL-NODES an accepted POST discards what the same action left on every node. A cell knows nothing of the calls
//! of others; so it is noted with each of its calls whether, when that ends, such a POST can have acted since the slot
//! was last seen to hold what has ended. What a search does by itself it does as late as it can: a moment before the
//! call ends stands for any since that sight. A sight counts if no POST to the slot itself can have acted after it, since
//! what is held then is what was seen.

use super::call::{At, Bond, CellName, NEVER};
use super::open::Open;
use super::outside;
use super::sort::Sorted;
use crate::model::{NodeAction, Status};

/// The POSTs of one action that can have been accepted, by their beginnings.
#[derive(Debug, Default)]
struct Posts {
    begins: Vec<At>,
    /// For each of them the last end of those up to it, and the last of those to any other cell.
    ends: Vec<[(At, CellName); 2]>,
}

impl Posts {
    fn of(mut spans: Vec<(At, At, CellName)>) -> Self {
        spans.sort_unstable();
        let mut last = [(0, CellName::Cluster); 2];
        let mut posts = Self::default();
        for (begin, end, cell) in spans {
            if cell == last[0].1 {
                last[0].0 = last[0].0.max(end);
            } else if end > last[0].0 {
                last = [(end, cell), last[0]];
            } else if end > last[1].0 {
                last[1] = (end, cell);
            }
            posts.begins.push(begin);
            posts.ends.push(last);
        }
        posts
    }

    /// Whether one to another cell began before one moment and can have acted after another.
    fn any_elsewhere(&self, cell: CellName, before: At, after: At) -> bool {
        let begun = self.begins.partition_point(|begin| *begin < before);
        let ends = begun.checked_sub(1).map(|at| self.ends[at]);
        ends.is_some_and(|ends| ends.iter().any(|(end, of)| *of != cell && *end > after))
    }
}

/// What a cell does to one of its slots, or sees of it.
#[derive(Debug, Default)]
struct Own {
    /// The POSTs that can have been accepted: when each began and ended, by their beginnings.
    posts: Vec<(At, At)>,
    /// The sights of what has ended: when each ended and began, by their ends.
    sights: Vec<(At, At)>,
}

/// Notes it with every call, unless no reading has it so.
pub(super) fn note(sorted: &mut Sorted, base: &Open) {
    // The first answer is that a POST discards what is in its own slot.
    if !base.goes_beyond_first("R-RESUBMIT-SCOPE") {
        return;
    }
    for action in NodeAction::ALL {
        let posts = Posts::of(posts(sorted, action));
        let cells: Vec<_> = sorted.cells.keys().copied().filter(|cell| *cell != CellName::Cluster).collect();
        for cell in cells {
            note_in(sorted, cell, action, &posts);
        }
    }
}

fn note_in(sorted: &mut Sorted, cell: CellName, action: NodeAction, posts: &Posts) {
    let Own { posts: own, sights } = own(sorted, cell, action);
    let Some(calls) = sorted.cells.get_mut(&cell) else { return };
    let mut by_end: Vec<_> = calls.0.iter_mut().filter(|call| call.ended != NEVER).collect();
    by_end.sort_by_key(|call| call.ended);
    let (mut own, mut sights) = (own.into_iter().peekable(), sights.into_iter().peekable());
    // Until when the slot's own POSTs can have acted, and when the last of the sights began.
    let (mut acted, mut seen) = (0, 0);
    for call in by_end {
        while let Some((_, end)) = own.next_if(|(begin, _)| *begin < call.ended) {
            acted = acted.max(end);
        }
        while let Some((_, begin)) = sights.next_if(|(end, _)| *end < call.ended) {
            seen = seen.max(begin);
        }
        let since = if seen > acted { seen } else { 0 };
        if posts.any_elsewhere(cell, call.ended, since) {
            call.may_clear |= 1 << action as u8;
        }
    }
}

/// The POSTs of an action to all nodes that can have been accepted.
fn posts(sorted: &Sorted, action: NodeAction) -> Vec<(At, At, CellName)> {
    let nodes = sorted.cells.iter().filter(|(cell, _)| **cell != CellName::Cluster);
    let of_cell = nodes.flat_map(|(cell, calls)| {
        let symbols = sorted.symbols.get(cell.kind());
        let calls = calls.0.iter().filter(move |call| call.slot == action as u8);
        let posts = calls.filter(|call| symbols.value(call.symbol).may_start());
        posts.map(|call| (call.invoked, call.ended, *cell))
    });
    of_cell.collect()
}

fn own(sorted: &Sorted, cell: CellName, action: NodeAction) -> Own {
    let symbols = sorted.symbols.get(cell.kind());
    let mut own = Own::default();
    for call in sorted.cells[&cell].0.iter().filter(|call| call.slot == action as u8) {
        let symbol = symbols.value(call.symbol);
        if symbol.may_start() {
            own.posts.push((call.invoked, call.ended));
        }
        if call.bond == Bond::Answered && outside::status(symbol).flatten().is_some_and(Status::is_final) {
            own.sights.push((call.ended, call.invoked));
        }
    }
    own.posts.sort_unstable();
    own.sights.sort_unstable();
    own
}
