//! Calls, as a cell sees them: when each began and ended, and what it was.
//!
//! A list is several calls: one for its form, and one for each entry that it has or has not, since each entry need
//! only have been true at some moment of the call.

use std::collections::BTreeMap;

use super::law::SymbolId;
use super::part::Kind;
use crate::history::CallId;
use crate::model::{NodeUid, Slot};

/// What is judged by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CellName {
    /// A node with its four slots.
    Node(NodeUid),
    /// The cluster action, and whatever is about no single node.
    Cluster,
}

impl CellName {
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Node(_) => Kind::Node,
            Self::Cluster => Kind::Cluster,
        }
    }

    /// The node, if it is one.
    pub(super) fn uid(self) -> Option<NodeUid> {
        match self {
            Self::Node(uid) => Some(uid),
            Self::Cluster => None,
        }
    }

    /// The slot of this cell that stands where another has one like it: the same action, of this node.
    pub(super) fn own(self, slot: Slot) -> Slot {
        match (slot, self) {
            (Slot::Node(_, action), Self::Node(uid)) => Slot::Node(uid, action),
            (slot, _) => slot,
        }
    }
}

impl std::fmt::Display for CellName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Node(uid) => write!(f, "node {uid}"),
            Self::Cluster => f.write_str("the cluster"),
        }
    }
}

/// The number of a task id, of the name of a snapshot, or of a list of such names; 0 is none.
pub(super) type Label = u32;

/// A position in a history: the number of a record, from 1.
pub(super) type At = u32;

/// Never.
pub(super) const NEVER: At = At::MAX;

/// A call in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Call {
    pub(super) id: CallId,
    pub(super) symbol: SymbolId,
    /// The slot that it is about.
    pub(super) slot: u8,
    /// Whether it depends on what the other slots of the cell do to the node.
    pub(super) looks_at_node: bool,
    /// How many snapshots that users made without being seen it could be about.
    pub(super) user_snapshots: u8,
    /// For each action whether, when this ends, a POST to another node can have discarded what the slot was last seen to
    /// hold that has ended (R-RESUBMIT-SCOPE).
    pub(super) may_clear: u8,
    pub(super) invoked: At,
    /// When its answer came, or when it could act no more: [`NEVER`] if it still can.
    pub(super) ended: At,
    pub(super) bond: Bond,
    /// Whether it leaves everything as it is, whatever the readings are.
    pub(super) is_pure: bool,
    /// The task id that was shown.
    pub(super) task: Label,
    /// The node that a change_master is to promote.
    pub(super) target: Option<NodeUid>,
    /// The snapshot that the request names.
    pub(super) name: Label,
    /// The name of a snapshot that was shown, or the number of the list of those.
    pub(super) shown: Label,
}

/// Whether a call must have taken effect before it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Bond {
    /// It must.
    Answered,
    /// It may or may not: its answer says nothing.
    Unjudged,
    /// It may or may not, at any time until it is fenced.
    Lost,
}

/// The calls of one cell, in the order of their beginnings.
#[derive(Debug, Clone, Default)]
pub(super) struct Calls(pub(super) Vec<Call>);

/// Something happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It begins.
    Begins(usize),
    /// It ends.
    Ends(usize),
}

impl Calls {
    /// For each task when the last two calls end that show it, the last first.
    pub(super) fn tasks_shown(&self) -> BTreeMap<Label, [At; 2]> {
        let mut shown: BTreeMap<Label, [At; 2]> = BTreeMap::new();
        for call in self.0.iter().filter(|call| call.task != 0) {
            let [last, before] = shown.entry(call.task).or_default();
            *before = (*before).max(call.ended.min(*last));
            *last = (*last).max(call.ended);
        }
        shown
    }

    /// For each action whether a POST to another node can have discarded what its slot holds, when this happens.
    pub(super) fn may_clear(&self, step: Step) -> u8 {
        match step {
            Step::Begins(_) => 0,
            Step::Ends(call) => self.0[call].may_clear,
        }
    }

    /// Beginnings and ends, in true order.
    pub(super) fn steps(&self) -> Vec<(At, Step)> {
        let both = self.0.iter().enumerate().flat_map(|(at, call)| {
            let end = (call.ended != NEVER).then_some((call.ended, Step::Ends(at)));
            std::iter::once((call.invoked, Step::Begins(at))).chain(end)
        });
        let mut steps: Vec<_> = both.collect();
        steps.sort_by_key(|(at, step)| (*at, matches!(step, Step::Ends(_))));
        steps
    }
}

impl Call {
    /// Whether two calls are the same but for when they begin and end.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let key = |call: &Self| (call.symbol, call.slot, call.task, call.name, call.shown, call.bond);
        key(self) == key(other)
    }
}
