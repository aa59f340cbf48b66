//! What the cluster does by itself. Whatever a real service would choose is a field of the event.
//!
//! [`check`] says whether an event may happen now, [`perform`] makes it happen; [`Cluster::enabled`] lists
//! those that may.

mod check;
mod perform;

use super::lifecycle::Trigger;
use super::{
    Cluster, DbUid, Duty, ErrorCode, Instance, NodeAction, NodeUid, Obstacle, Progress, ShardUid, Slot,
    Status,
};
use super::{action, placement};
use crate::spec::Rules;

pub(super) use check::check;
use check::check_move;
pub(super) use perform::perform;

/// Something that happens in the cluster without a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Event {
    /// An instance moves on.
    Task(Slot, Move),
    /// A node stops answering.
    NodeDown(NodeUid),
    /// A node answers again.
    NodeUp(NodeUid),
    /// A node joins, possibly under the uid of a removed one (REM-12). It is not bootstrapped yet.
    Join(NodeUid),
    /// A node finishes joining.
    Bootstrap(NodeUid),
    /// The primary was lost, and another node takes over.
    Elect(NodeUid),
    /// A user makes a snapshot under a name (SNAP-14).
    CreateSnapshot(NodeUid, Box<str>),
    /// The cluster moves a shard by itself (R-AUTO-MIGRATION).
    Migrate {
        /// The shard.
        shard: ShardUid,
        /// Where it is.
        from: NodeUid,
        /// Where it goes.
        to: NodeUid,
    },
    /// A replica takes over because the node of its master does not answer (MON-18).
    FailOver {
        /// The replica.
        shard: ShardUid,
        /// The node of the master.
        from: NodeUid,
        /// The node of the replica.
        to: NodeUid,
    },
    /// A database is deleted, with its shards and endpoints.
    DeleteDatabase(DbUid),
}

/// How an instance moves on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Move {
    /// It leaves the queue.
    Start,
    /// Its execution begins.
    Run,
    /// It does the next documented step of its action.
    Advance,
    /// It moves a shard.
    Shard {
        /// The shard.
        shard: ShardUid,
        /// Where it is.
        from: NodeUid,
        /// Where it goes.
        to: NodeUid,
    },
    /// It makes a replica the master of its part.
    FailOver {
        /// The replica.
        shard: ShardUid,
        /// The node of the master.
        from: NodeUid,
        /// The node of the replica.
        to: NodeUid,
    },
    /// It binds an endpoint on another node.
    Endpoint {
        /// The database.
        db: DbUid,
        /// Where it is bound.
        from: NodeUid,
        /// Where it is to be bound.
        to: NodeUid,
    },
    /// The persistence files of a shard that it moved are written (REM-7).
    Persist {
        /// The shard.
        shard: ShardUid,
        /// Its node.
        at: NodeUid,
    },
    /// It reports progress.
    Progress(Progress),
    /// It ends as intended.
    Complete,
    /// It ends with an error.
    Fail(ErrorCode),
    /// A noted cancellation takes hold.
    BeginCancel,
    /// The cancellation is done.
    FinishCancel,
    /// The cluster ends it.
    Abort,
    /// Its status is forgotten (only under `R-STATUS-RETENTION=TTL`, and `R-ABORTED-RETENTION=DROPPED` if it was aborted).
    Expire,
}

/// Why an event cannot happen now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hindrance {
    /// The slot is empty, or its node does not exist.
    NoInstance,
    /// The lifecycle has no such edge from the present status.
    NoEdge(Status),
    /// A noted cancellation comes first.
    CancelFirst,
    /// Steps of the action remain, or none does.
    Steps,
    /// Something stands in the way of the run.
    Blocked(Obstacle),
    /// The rules do not know such an end.
    NotInRules,
    /// Progress does not go back.
    NoProgress,
    /// The node does not exist.
    NoSuchNode,
    /// The node exists already.
    NodeExists,
    /// The node is in that state already, or cannot take the role.
    NoChange,
    /// A snapshot has this name already (R-SNAP-DUP).
    NameTaken,
    /// Shards or endpoints remain to be moved, or files to be written.
    Unfinished,
    /// The run has no business with that, or it cannot go there.
    NoDuty,
    /// The shard is not there, cannot go there, or need not.
    Misplaced,
    /// The database does not exist.
    NoDatabase,
}

impl Move {
    /// The edge it takes; none if the status stays.
    pub(super) fn trigger(self) -> Option<Trigger> {
        Some(match self {
            Self::Start => Trigger::Start,
            Self::Run => Trigger::Run,
            Self::Complete => Trigger::Complete,
            Self::Fail(_) => Trigger::Fail,
            Self::BeginCancel => Trigger::BeginCancel,
            Self::FinishCancel => Trigger::FinishCancel,
            Self::Abort => Trigger::Abort,
            _ => return None,
        })
    }

    /// Whether it changes where data lives.
    pub fn is_of_data(self) -> bool {
        matches!(
            self,
            Self::Shard { .. } | Self::FailOver { .. } | Self::Endpoint { .. } | Self::Persist { .. }
        )
    }

    /// One of each kind that an instance could make, whether or not it may now; moves of data are apart. Progress
    /// goes to the next quarter: the law only compares it, so that one value stands for all.
    pub fn candidates(instance: &Instance) -> impl Iterator<Item = Self> {
        let quarter = (instance.progress.hundredths() / 2_500 + 1) * 2_500;
        let progress = Progress::new(quarter).map(Self::Progress);
        [Self::Start, Self::Run, Self::Advance]
            .into_iter()
            .chain(progress)
            .chain([Self::Complete])
            .chain(ErrorCode::ALL.map(Self::Fail))
            .chain([Self::BeginCancel, Self::FinishCancel, Self::Abort, Self::Expire])
    }
}

impl Cluster {
    /// The events that may happen now, in a fixed order. Of progress values, the next quarter stands for all;
    /// of joining nodes, one whose uid follows the highest, or was removed; new snapshots are left out, since
    /// their names are without number.
    pub fn enabled(&self, rules: &Rules) -> Vec<Event> {
        let removals = self.departed().iter().map(|gone| Slot::Node(gone.uid, NodeAction::Remove));
        let moves = self.slots().chain(removals).flat_map(|slot| {
            let candidates = self.instance(slot).into_iter().flat_map(Move::candidates);
            candidates.chain(self.data_moves(rules, slot)).map(move |step| Event::Task(slot, step))
        });
        let of_nodes = self.nodes().iter().flat_map(|node| {
            let uid = node.uid;
            [Event::NodeDown(uid), Event::NodeUp(uid), Event::Bootstrap(uid), Event::Elect(uid)]
        });
        let next = self.nodes().last().map_or(1, |node| node.uid.0.saturating_add(1));
        let removed = self.departed().iter().map(|departed| departed.uid).filter(|uid| uid.0 != next);
        let joins = removed.chain([NodeUid(next)]).map(Event::Join);
        let databases = self.databases().iter().map(|database| Event::DeleteDatabase(database.uid));
        let all = moves.chain(of_nodes).chain(joins).chain(self.transfers()).chain(databases);
        all.filter(|event| check(self, rules, event).is_ok()).collect()
    }

    /// Every way in which a shard could be moved, or a replica could take over, from one node to another.
    fn transfers(&self) -> impl Iterator<Item = Event> + '_ {
        let pairs = self.nodes().iter().flat_map(|from| self.nodes().iter().map(move |to| (from, to)));
        pairs.flat_map(|(from, to)| {
            let (source, target) = (from.uid, to.uid);
            let moves =
                from.shards.iter().map(move |it| Event::Migrate { shard: it.uid, from: source, to: target });
            let heirs =
                to.shards.iter().map(move |it| Event::FailOver { shard: it.uid, from: source, to: target });
            moves.chain(heirs)
        })
    }

    /// What the running instance of a slot still has to do to the data of the cluster, once its steps are done.
    pub fn duties(&self, rules: &Rules, slot: Slot) -> Vec<Duty> {
        let works = |it: &&Instance| it.status == Status::Running || it.work.unfinished;
        let running = self.instance(slot).filter(works);
        let instance = running.filter(|it| it.work.steps >= action::steps(slot));
        let both = instance.zip(self.node_of(slot));
        both.map_or_else(Vec::new, |(it, node)| action::duties(self, rules, node, &it.parameters, &it.work))
    }

    /// The moves that would do a duty of the slot's run now: each choice of a target is one.
    pub fn ways(&self, slot: Slot, duty: Duty) -> Vec<Move> {
        self.node_of(slot).into_iter().flat_map(|node| placement::ways(self, node.uid, duty)).collect()
    }

    /// The moves that would help to do a duty of the slot's run, without doing it.
    pub fn helps(&self, slot: Slot, duty: Duty) -> Vec<Move> {
        let removed = self.node_of(slot).filter(|_| matches!(slot, Slot::Node(_, NodeAction::Remove)));
        removed.into_iter().flat_map(|node| placement::helps(self, node.uid, duty)).collect()
    }

    /// The move that writes the persistence files of a shard which the run of a slot moved; none if all are written.
    pub fn unwritten(&self, slot: Slot) -> Option<Move> {
        let moved = &self.instance(slot)?.work.moved;
        let due = moved.iter().find(|moved| !placement::is_written(self, moved.shard, moved.to))?;
        Some(Move::Persist { shard: due.shard, at: due.to })
    }

    /// Every move of data that the run of a slot could make next.
    pub fn data_moves(&self, rules: &Rules, slot: Slot) -> Vec<Move> {
        let duties = self.duties(rules, slot);
        let helps = duties.iter().flat_map(|duty| self.helps(slot, *duty));
        let ways = duties.iter().flat_map(|duty| self.ways(slot, *duty)).chain(helps);
        let write = self.unwritten(slot).filter(|step| check_move(self, rules, slot, *step).is_ok());
        ways.chain(write).collect()
    }

    /// Whether an event may happen now; if not, why.
    pub fn admits(&self, rules: &Rules, event: &Event) -> Result<(), Hindrance> {
        check(self, rules, event)
    }
}
