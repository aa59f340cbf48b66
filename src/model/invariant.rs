//! What must hold in every run, written from the documents and not from the code of the law.
//!
//! An [`Invariant`] looks at one [`Transition`] and says nothing, or that it holds, or how it is broken. A
//! [`Judge`] follows a run and asks each invariant about what concerns it: the requests, the slots that
//! changed, the nodes that changed, the cluster if anything changed at all. It finds the changes by comparing
//! states, so that a law cannot hide one.

mod answer;
mod judge;
mod lifecycle;
mod node;
mod observe;
mod placement;
mod slot;

use super::{Act, Answer, Cluster, Event, Input, Instance, Move, Node, NodeAction, NodeUid, Parameters};
use super::{Reply, Request, Slot, Status};
use crate::spec::{Edition, Rules};

pub use judge::{Broken, Judge};

/// One statement about every run.
pub struct Invariant {
    /// A short name, for example `final-is-final`.
    pub name: &'static str,
    /// The statement.
    pub statement: &'static str,
    /// The clauses and readings that it encodes.
    pub clauses: &'static [&'static str],
    /// The first edition that it speaks about.
    pub since: Edition,
    check: Check,
}

impl Invariant {
    /// Whether it is about a request and its answer, or about the instance in a slot, which answers show.
    pub fn is_about_slots(&self) -> bool {
        matches!(self.check, Check::Request(_) | Check::Slot(_))
    }
}

/// What an invariant looks at.
enum Check {
    /// Every request and its answer.
    Request(OnRequest),
    /// Every slot whose instance changed.
    Slot(OnSlot),
    /// Every node that changed, joined or left.
    Node(OnNode),
    /// The cluster, whenever anything changed.
    Cluster(OnCluster),
}

type OnRequest = fn(&Transition<'_>, &Request) -> Verdict;
type OnSlot = fn(&Transition<'_>, &Change<'_>) -> Verdict;
type OnNode = fn(&Transition<'_>, &NodeChange<'_>) -> Verdict;
type OnCluster = fn(&Transition<'_>) -> Verdict;

/// All invariants. The position of one is its number in the counts of a [`Judge`].
pub const ALL: &[&Invariant] = &[
    &lifecycle::LEGAL_EDGES,
    &lifecycle::FINAL_IS_FINAL,
    &lifecycle::FRESH_IS_QUEUED,
    &lifecycle::PROGRESS_ONLY_GROWS,
    &lifecycle::COMPLETED_IS_COMPLETE,
    &lifecycle::ERROR_MEANS_FAILED,
    &slot::ONE_INSTANCE,
    &slot::ONLY_A_POST_STARTS,
    &slot::TASKS_ARE_UNIQUE,
    &slot::STATUS_STAYS_READABLE,
    &slot::RESUBMIT_REMOVES_AT_ONCE,
    &slot::DELETE_ENDS_OR_CLEARS,
    &answer::REFUSED_CHANGES_NOTHING,
    &answer::READING_CHANGES_NOTHING,
    &answer::GET_SHOWS_WHAT_IS_THERE,
    &answer::LIST_SHOWS_ALL,
    &answer::CONFLICT_MEANS_LIVE,
    &answer::ONLY_ADMIN_CHANGES,
    &answer::CREDENTIALS_COME_FIRST,
    &observe::OBSERVED_IS_THERE,
    &observe::DELETED_SNAPSHOT_IS_GONE,
    &node::ONE_MAINTENANCE_SNAPSHOT,
    &node::SNAPSHOTS_ARE_MADE_BY_MAINTENANCE_ON,
    &node::SNAPSHOT_KEPT_UNLESS_OVERWRITTEN,
    &node::FAILED_ON_KEEPS_SNAPSHOTS,
    &node::ONLY_A_COMPLETED_OFF_DELETES,
    &node::SNAPSHOT_BEFORE_MARK,
    &node::MARK_ENDS_WITH_OFF,
    &node::REMOVAL_MARK_FROM_ACCEPTANCE,
    &node::REMOVAL_MARK_STAYS,
    &node::LEAVES_ONLY_BY_REMOVE,
    &node::EXACTLY_ONE_PRIMARY,
    &node::PRIMARY_MOVES_FOR_A_REASON,
    &placement::NO_SHARD_LOST,
    &placement::COPIES_ARE_APART,
    &placement::ONE_MASTER,
    &placement::CAPACITY_HELD,
    &placement::NOTHING_COMES_TO_A_MARKED_NODE,
    &placement::SHARDS_MOVE_FOR_A_REASON,
    &placement::SNAPSHOT_IS_THE_STATE_BEFORE,
    &placement::COMPLETED_ON_LEFT_IT_EMPTY,
    &placement::UNLISTED_DATABASES_STAY,
    &placement::OFF_RESTORES_THE_SNAPSHOT,
    &placement::REMOVED_IS_EMPTY,
    &placement::REMOVAL_WAITS,
    &placement::ENSLAVED_HAS_NO_MASTERS,
    &placement::QUORUM_COMES_FIRST,
    &placement::RESOURCES_LACK_IF_THEY_DO,
];

/// One step of a run, seen from outside.
pub struct Transition<'a> {
    /// The rules of the run.
    pub rules: &'a Rules,
    /// The state before.
    pub before: &'a Cluster,
    /// What came.
    pub input: &'a Input,
    /// What was replied.
    pub reply: &'a Reply,
    /// The state after.
    pub after: &'a Cluster,
    /// Whether the states differ at all.
    pub changed: bool,
}

/// A slot whose instance is not what it was.
struct Change<'a> {
    slot: Slot,
    before: Option<&'a Instance>,
    after: Option<&'a Instance>,
}

/// A node that is not what it was.
struct NodeChange<'a> {
    uid: NodeUid,
    before: Option<&'a Node>,
    after: Option<&'a Node>,
}

impl<'a> Change<'a> {
    /// The instance before and after, if the slot still holds the same one.
    fn same(&self) -> Option<(&'a Instance, &'a Instance)> {
        let (before, after) = (self.before?, self.after?);
        (before.task == after.task).then_some((before, after))
    }

    /// The instance that is in the slot now and was not before.
    fn fresh(&self) -> Option<&'a Instance> {
        self.after.filter(|_| self.same().is_none())
    }
}

impl<'a> NodeChange<'a> {
    /// The node before and after, if it was a member all along.
    fn stayed(&self) -> Option<(&'a Node, &'a Node)> {
        self.before.zip(self.after)
    }

    /// The status that an action of the node reached in this step.
    fn reached(&self, action: NodeAction) -> Option<Status> {
        let (before, after) = (self.before?.instance(action)?, self.after?.instance(action)?);
        (after.task == before.task && after.status != before.status).then_some(after.status)
    }

    /// What the run of an action on the node asked for, if the run completed in this step.
    fn completed(&self, action: NodeAction) -> Option<&'a Parameters> {
        let before = self.before?.instance(action).filter(|before| before.is_live())?;
        (self.reached(action) == Some(Status::Completed)).then_some(&before.parameters)
    }
}

/// What an invariant says of a transition.
enum Verdict {
    /// It does not concern it.
    Silent,
    /// It holds.
    Holds,
    /// It is broken, and how.
    Broken(String),
}

/// Holds, or is broken in the way described.
fn must(holds: bool, how: impl FnOnce() -> String) -> Verdict {
    if holds { Verdict::Holds } else { Verdict::Broken(how()) }
}

impl Transition<'_> {
    /// The slot of an accepted POST.
    fn submitted(&self) -> Option<Slot> {
        match self.reply {
            Reply::Answer(Answer::Accepted(slot, _)) => Some(*slot),
            _ => None,
        }
    }

    /// The slot of an accepted DELETE.
    fn deleted(&self) -> Option<Slot> {
        match self.reply {
            Reply::Answer(Answer::Deleted(slot)) => Some(*slot),
            _ => None,
        }
    }

    /// What an instance did by itself.
    fn moved(&self) -> Option<(Slot, Move)> {
        match (&self.input.act, self.reply) {
            (Act::Event(Event::Task(slot, step)), Reply::Happened) => Some((*slot, *step)),
            _ => None,
        }
    }

    /// Whether an instance did this by itself.
    fn is_move(&self, slot: Slot, step: Move) -> bool {
        self.moved() == Some((slot, step))
    }
}
