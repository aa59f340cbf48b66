//! What a run exercised: cells, edges, refusals, and the things that must happen sometimes.

mod data;
mod sometimes;

use crate::model::invariant::{self, Transition};
use crate::model::{Act, Answer, Event, Method, Move, NodeAction, NodeState, NodeUid, NodeView, Observation};
use crate::model::{Parameters, Reply, Slot, SnapshotKind, Status, Why};
use sometimes::Mark;

pub use sometimes::{SOMETIMES, Sometimes};

/// The number of an absent instance among the statuses.
const ABSENT: usize = Status::ALL.len();

/// Counts over one or many runs. Merging is adding, so that the order of runs does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Requests about a slot by operation (GET, POST, DELETE), the status they met, and the code they got.
    cells: [[[u64; CODES.len()]; ABSENT + 1]; 3],
    /// How often each status followed each other in a slot.
    edges: [[u64; ABSENT + 1]; ABSENT + 1],
    /// Events that happened, and events that could not.
    events: [u64; 2],
    /// How often each thing happened that must happen sometimes.
    sometimes: [u64; SOMETIMES.len()],
    /// How often each invariant was evaluated.
    always: [u64; invariant::ALL.len()],
}

/// The operations on a slot.
const OPERATIONS: [Method; 3] = [Method::Get, Method::Post, Method::Delete];

/// The status codes that the law answers.
const CODES: [u16; 10] = [200, 400, 401, 403, 404, 405, 406, 409, 415, 422];

impl Default for Coverage {
    fn default() -> Self {
        Self {
            cells: Default::default(),
            edges: Default::default(),
            events: [0; 2],
            sometimes: [0; SOMETIMES.len()],
            always: [0; invariant::ALL.len()],
        }
    }
}

fn code_of(status: Option<Status>) -> usize {
    status.map_or(ABSENT, |status| status as usize)
}

impl Coverage {
    /// Notes one step.
    pub(crate) fn note(&mut self, transition: &Transition<'_>, slots: &[Slot], nodes: &[NodeUid]) {
        match &transition.input.act {
            Act::Request(request) => {
                if let Some(slot) = request.path.slot() {
                    self.note_request(transition, slot);
                }
                self.note_observed(transition.reply);
            }
            Act::Event(event) => {
                let happened = *transition.reply == Reply::Happened;
                self.events[usize::from(!happened)] += 1;
                match event {
                    Event::Join(uid) if happened && transition.before.removal_of(*uid).is_some() => {
                        self.mark(Mark::UidReused);
                    }
                    Event::Elect(_) if happened => self.mark(Mark::PrimaryLost),
                    _ => {}
                }
            }
        }
        if transition.changed {
            self.note_data(transition);
        }
        for &slot in slots {
            self.note_change(transition, slot);
        }
        for &uid in nodes {
            self.note_node(transition, uid);
        }
    }

    /// Takes over how often the invariants of a run were evaluated.
    pub(super) fn note_invariants(&mut self, evaluated: &[u64; invariant::ALL.len()]) {
        add(&mut self.always, evaluated);
    }

    fn mark(&mut self, mark: Mark) {
        self.sometimes[mark as usize] += 1;
    }

    /// The cell of the matrix that a request about a slot is in: GET, POST or DELETE, the status that it met (none if
    /// there was no instance), the code of the answer.
    pub(crate) fn cell_of(transition: &Transition<'_>) -> Option<(Method, Option<Status>, u16)> {
        let Act::Request(request) = &transition.input.act else { return None };
        let slot = request.path.slot()?;
        OPERATIONS.contains(&request.method).then_some(())?;
        let code = match transition.reply {
            Reply::Refused(refusal) if matches!(refusal.why, Why::NoRoute | Why::NoMethod(_)) => return None,
            Reply::Refused(refusal) => refusal.code,
            _ => 200,
        };
        Some((request.method, transition.before.instance(slot).map(|instance| instance.status), code))
    }

    fn note_request(&mut self, transition: &Transition<'_>, slot: Slot) {
        let Some((method, met, code)) = Self::cell_of(transition) else { return };
        let operation = OPERATIONS.iter().position(|known| *known == method);
        let number = CODES.iter().position(|known| *known == code);
        if let (Some(operation), Some(number)) = (operation, number) {
            self.cells[operation][code_of(met)][number] += 1;
        }
        let conflict = matches!(transition.reply, Reply::Refused(refusal) if refusal.why == Why::Conflict);
        let mark = match (method, conflict, code, met) {
            (Method::Post, true, _, Some(Status::Queued)) => Mark::ConflictQueued,
            (Method::Post, true, _, Some(Status::Starting)) => Mark::ConflictStarting,
            (Method::Post, true, _, Some(Status::Running)) => Mark::ConflictRunning,
            (Method::Post, true, _, Some(Status::Cancelling)) => Mark::ConflictCancelling,
            (Method::Post, _, 200, Some(Status::Completed)) => Mark::ResubmitCompleted,
            (Method::Post, _, 200, Some(Status::Failed)) => Mark::ResubmitFailed,
            (Method::Post, _, 200, Some(Status::Cancelled)) => Mark::ResubmitCancelled,
            (Method::Post, _, 200, Some(Status::Aborted)) => Mark::ResubmitAborted,
            (Method::Delete, _, 200, Some(Status::Completed))
                if transition.before.node_of(slot).is_none() =>
            {
                self.mark(Mark::RemovalCleared);
                Mark::DeleteCompleted
            }
            (Method::Delete, _, 200, Some(Status::Completed)) => Mark::DeleteCompleted,
            (Method::Delete, _, 200, Some(Status::Failed)) => Mark::DeleteFailed,
            (Method::Delete, _, 200, Some(Status::Cancelled)) => Mark::DeleteCancelled,
            (Method::Delete, _, 200, Some(Status::Aborted)) => Mark::DeleteAborted,
            (Method::Delete, _, 200, Some(Status::Queued)) => Mark::CancelQueued,
            (Method::Delete, _, 200, Some(Status::Starting)) => Mark::CancelStarting,
            (Method::Delete, _, 200, Some(Status::Running)) => Mark::CancelRunning,
            (Method::Delete, _, 200, Some(Status::Cancelling)) => Mark::CancelTwice,
            _ => return,
        };
        self.mark(mark);
    }

    fn note_observed(&mut self, reply: &Reply) {
        let leaves = |view: &NodeView| view.state == NodeState::Decommissioning;
        self.mark(match reply {
            Reply::Answer(Answer::SnapshotDeleted(_)) => Mark::SnapshotDeleted,
            Reply::Refused(refusal) if refusal.why == Why::MaintenanceSnapshot => Mark::SnapshotRefused,
            Reply::Answer(Answer::Observed(shown)) => match shown {
                Observation::NodeStatus(view) if view.maintenance_snapshot.is_some() => Mark::SnapshotShown,
                Observation::Node(view) if leaves(view) => Mark::RemovalShown,
                Observation::Shards(views) if !views.is_empty() => Mark::ShardsShown,
                _ => return,
            },
            _ => return,
        });
    }

    fn note_change(&mut self, transition: &Transition<'_>, slot: Slot) {
        let (before, after) = (transition.before.instance(slot), transition.after.instance(slot));
        let (from, to) = (before.map(|instance| instance.status), after.map(|instance| instance.status));
        if from != to {
            self.edges[code_of(from)][code_of(to)] += 1;
        }
        let (Some(before), Some(after)) = (before, after) else { return };
        if from == to {
            return;
        }
        match (before.status, after.status) {
            (Status::Cancelling, Status::Cancelled) => self.mark(Mark::CancelFinishes),
            (Status::Starting, Status::Aborted) => self.mark(Mark::AbortStarting),
            (Status::Running, Status::Aborted) => self.mark(Mark::AbortRunning),
            (_, Status::Completed) => self.note_completed(transition, slot, &before.parameters),
            (_, Status::Failed) => self.note_failed(transition, slot),
            _ => {}
        }
    }

    fn note_completed(&mut self, transition: &Transition<'_>, slot: Slot, parameters: &Parameters) {
        let moved = transition.before.primary() != transition.after.primary();
        match (slot, parameters) {
            (Slot::Node(_, NodeAction::Remove), _) => {
                self.mark(Mark::RemoveCompletes);
                if moved {
                    self.mark(Mark::RemovePrimary);
                }
            }
            (_, Parameters::MaintenanceOff(order)) if order.skip_shards_restore => self.mark(Mark::OffSkips),
            (_, Parameters::MaintenanceOff(order)) if order.snapshot_name.is_some() => {
                self.mark(Mark::OffByName);
            }
            (Slot::ChangeMaster, _) => self.mark(if moved { Mark::MasterChanges } else { Mark::MasterStays }),
            _ => {}
        }
    }

    fn note_failed(&mut self, transition: &Transition<'_>, slot: Slot) {
        let Some(node) = transition.after.node_of(slot) else { return };
        match slot {
            Slot::Node(_, NodeAction::Remove) if node.leaving => self.mark(Mark::RemoveMarkSurvives),
            Slot::Node(_, NodeAction::MaintenanceOff) if node.in_maintenance() => self.mark(Mark::OffFails),
            Slot::Node(_, NodeAction::MaintenanceOn) if !node.snapshots.is_empty() => {
                self.mark(Mark::SnapshotSurvives);
            }
            _ => {}
        }
    }

    fn note_node(&mut self, transition: &Transition<'_>, uid: NodeUid) {
        let (Some(before), Some(after)) = (transition.before.node(uid), transition.after.node(uid)) else {
            return;
        };
        let on = Slot::Node(uid, NodeAction::MaintenanceOn);
        let advances = matches!(&transition.input.act,
            Act::Event(Event::Task(slot, Move::Advance)) if *slot == on);
        let first_step =
            advances && before.instance(NodeAction::MaintenanceOn).is_some_and(|it| it.work.steps == 0);
        let has = |kind| before.snapshots.iter().any(|snapshot| snapshot.kind == kind);
        if first_step {
            let existed = has(SnapshotKind::Maintenance);
            let same = before.snapshots == after.snapshots;
            self.mark(match (existed, same) {
                (false, _) => Mark::SnapshotMade,
                (true, true) => Mark::SnapshotKept,
                (true, false) => Mark::SnapshotOverwritten,
            });
            if !existed && has(SnapshotKind::User) {
                self.mark(Mark::UserSnapshotBeside);
            }
        } else if before.snapshots.len() > after.snapshots.len()
            && matches!(transition.input.act, Act::Event(_))
        {
            self.mark(Mark::OffDeletes);
        }
    }

    /// Adds the counts of other runs.
    pub fn merge(&mut self, other: &Self) {
        add(self.cells.as_flattened_mut().as_flattened_mut(), other.cells.as_flattened().as_flattened());
        add(self.edges.as_flattened_mut(), other.edges.as_flattened());
        add(&mut self.events, &other.events);
        add(&mut self.sometimes, &other.sometimes);
        add(&mut self.always, &other.always);
    }

    /// Adds what was read of other runs: events that happened, and that could not.
    pub(crate) fn add_events(&mut self, happened: u64, refused: u64) {
        add(&mut self.events, &[happened, refused]);
    }

    /// Adds to how often an invariant was evaluated. None if there is none of this name.
    pub(crate) fn add_always(&mut self, name: &str, count: u64) -> Option<()> {
        let at = invariant::ALL.iter().position(|invariant| invariant.name == name)?;
        self.always[at] += count;
        Some(())
    }

    /// Adds to how often a thing happened. None if there is none of this name.
    pub(crate) fn add_sometimes(&mut self, name: &str, count: u64) -> Option<()> {
        let at = SOMETIMES.iter().position(|thing| thing.name == name)?;
        self.sometimes[at] += count;
        Some(())
    }

    /// Adds to how often one status followed another.
    pub(crate) fn add_edge(&mut self, from: Option<Status>, to: Option<Status>, count: u64) {
        self.edges[code_of(from)][code_of(to)] += count;
    }

    /// Adds to how often a cell was met. None if there is no such operation or code.
    pub(crate) fn add_cell(
        &mut self,
        operation: &str,
        met: Option<Status>,
        code: u16,
        count: u64,
    ) -> Option<()> {
        let operation = OPERATIONS.iter().position(|known| known.name() == operation)?;
        let code = CODES.iter().position(|known| *known == code)?;
        self.cells[operation][code_of(met)][code] += count;
        Some(())
    }

    /// The cells that were met: operation, status (none if absent), code, count.
    pub fn cells(&self) -> impl Iterator<Item = (&'static str, Option<Status>, u16, u64)> {
        let operations = OPERATIONS.into_iter().zip(&self.cells);
        operations.flat_map(|(operation, statuses)| {
            statuses.iter().enumerate().flat_map(move |(status, codes)| {
                let status = Status::ALL.get(status).copied();
                let met = CODES.iter().zip(codes).filter(|(_, count)| **count > 0);
                met.map(move |(code, count)| (operation.name(), status, *code, *count))
            })
        })
    }

    /// The changes of status that were met: from, to (none if absent), count.
    pub fn edges(&self) -> impl Iterator<Item = (Option<Status>, Option<Status>, u64)> {
        self.edges.iter().enumerate().flat_map(|(from, row)| {
            let met = row.iter().enumerate().filter(|(_, count)| **count > 0);
            met.map(move |(to, count)| (Status::ALL.get(from).copied(), Status::ALL.get(to).copied(), *count))
        })
    }

    /// Everything that must happen sometimes, with how often it did.
    pub fn sometimes(&self) -> impl Iterator<Item = (&'static Sometimes, u64)> {
        SOMETIMES.iter().zip(self.sometimes)
    }

    /// All invariants, with how often each was evaluated.
    pub fn always(&self) -> impl Iterator<Item = (&'static invariant::Invariant, u64)> {
        invariant::ALL.iter().copied().zip(self.always)
    }

    /// How many events happened, and how many could not.
    pub fn events(&self) -> (u64, u64) {
        (self.events[0], self.events[1])
    }
}

fn add(counts: &mut [u64], more: &[u64]) {
    for (count, more) in counts.iter_mut().zip(more) {
        *count += more;
    }
}
