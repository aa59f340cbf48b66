//! What control has ordered for later: how the next run of an action ends, what stands still, which answers are lost.
//!
//! Nothing here changes a cluster. An order replaces what nature proposes, and the law is asked about it like about
//! everything else.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Act, Body, Caller, Cluster, ErrorCode, Event, Headers, Input, Method, Move, NodeAction, NodeUid, Parts,
    Path,
};
use crate::model::{Place, Request, Role, Slot, Status, TaskId, Time, step};
use crate::spec::Rules;

/// How many endings can be ordered at once.
pub const ENDINGS_MAX: usize = 256;

/// How many tasks keep a text of their own.
const TEXTS_MAX: usize = 1_024;

/// Which slots an order is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// This one.
    Slot(Slot),
    /// Those of this action, on any node.
    Action(NodeAction),
}

impl Target {
    fn covers(self, slot: Slot) -> bool {
        match (self, slot) {
            (Self::Slot(own), slot) => own == slot,
            (Self::Action(own), Slot::Node(_, action)) => own == action,
            (Self::Action(_), Slot::ChangeMaster) => false,
        }
    }

    /// The node, if it is about one.
    pub(super) fn node(self) -> Option<NodeUid> {
        match self {
            Self::Slot(Slot::Node(uid, _)) => Some(uid),
            Self::Slot(Slot::ChangeMaster) | Self::Action(_) => None,
        }
    }

    /// The name of the action.
    pub(super) fn action_name(self) -> &'static str {
        match self {
            Self::Slot(slot) => slot.action_name(),
            Self::Action(action) => action.name(),
        }
    }
}

/// How the next run of an action is to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Whose run.
    pub target: Target,
    /// What ends it.
    pub how: End,
    /// What is said about it instead of the usual text.
    pub text: Option<String>,
}

/// What ends a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It fails with this error.
    Fail(ErrorCode),
    /// The cluster aborts it.
    Abort,
}

impl End {
    fn step(self) -> Move {
        match self {
            Self::Fail(code) => Move::Fail(code),
            Self::Abort => Move::Abort,
        }
    }

    /// Whether a run that nothing stands in the way of can end so in such a cluster: the law is asked about one.
    pub(super) fn is_possible(self, cluster: &Cluster, rules: &Rules) -> bool {
        let slot = Slot::Node(NodeUid(2), NodeAction::EnslaveNode);
        let post = Request {
            method: Method::Post,
            path: Path::to(Place::Action(slot)),
            caller: Caller::Role(Role::Admin),
            headers: Headers::default(),
            body: Body::Json(serde_json::Value::Object(serde_json::Map::new())),
        };
        let databases = cluster.databases().to_vec();
        let mut scene = Parts { databases, ..Parts::from(&Cluster::new(2)) }.unchecked();
        let event = |step| Act::Event(Event::Task(slot, step));
        for act in [Act::Request(post), event(Move::Start), event(Move::Run)] {
            step(&mut scene, rules, &Input { at: Time(0), act });
        }
        scene.admits(rules, &Event::Task(slot, self.step())).is_ok()
    }
}

/// More endings are ordered than there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany;

/// What was ordered and has not been carried out.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    endings: Vec<Ending>,
    stalled: BTreeSet<Target>,
    texts: BTreeMap<TaskId, String>,
    lost_answers: u32,
    /// The only method whose answers are lost, if there is one.
    lost_method: Option<Method>,
}

impl Orders {
    /// Orders how the next run of an action ends.
    ///
    /// # Errors
    ///
    /// There are [`ENDINGS_MAX`] already.
    pub fn end(&mut self, ending: Ending) -> Result<(), TooMany> {
        if self.endings.len() >= ENDINGS_MAX {
            return Err(TooMany);
        }
        self.endings.push(ending);
        Ok(())
    }

    /// From now on nothing happens to these.
    pub fn stall(&mut self, target: Target) {
        self.stalled.insert(target);
    }

    /// What was stalled goes on; everything, if nothing is named.
    pub fn resume(&mut self, target: Option<Target>) {
        match target {
            Some(target) => drop(self.stalled.remove(&target)),
            None => self.stalled.clear(),
        }
    }

    /// So many further answers are lost, of all or of those to a method.
    pub fn lose_answers(&mut self, count: u32, method: Option<Method>) {
        (self.lost_answers, self.lost_method) = (count, method);
    }

    /// The endings that wait for a run, oldest first.
    pub fn endings(&self) -> &[Ending] {
        &self.endings
    }

    /// What stands still.
    pub fn stalled(&self) -> impl Iterator<Item = Target> {
        self.stalled.iter().copied()
    }

    /// How many answers will be lost.
    pub fn lost_answers(&self) -> u32 {
        self.lost_answers
    }

    pub(super) fn is_stalled(&self, slot: Slot) -> bool {
        self.stalled.iter().any(|target| target.covers(slot))
    }

    /// Whether the answer to a method is lost; it counts.
    pub(super) fn take_lost(&mut self, method: Method) -> bool {
        let is_lost = self.lost_answers > 0 && self.lost_method.is_none_or(|only| only == method);
        self.lost_answers -= u32::from(is_lost);
        is_lost
    }

    /// What is said about a task instead of the usual text.
    pub(super) fn texts(&self) -> &BTreeMap<TaskId, String> {
        &self.texts
    }

    /// The event that is to happen instead of one that was proposed: the oldest ordered ending of its run that the law
    /// allows now.
    pub(super) fn instead(&mut self, event: Event, cluster: &Cluster, rules: &Rules) -> Event {
        let Event::Task(slot, _) = event else { return event };
        let Some(instance) = cluster.instance(slot).filter(|it| it.status == Status::Running) else {
            return event;
        };
        let ordered = |ending: &Ending| Event::Task(slot, ending.how.step());
        let can_be =
            |ending: &Ending| ending.target.covers(slot) && cluster.admits(rules, &ordered(ending)).is_ok();
        let Some(at) = self.endings.iter().position(can_be) else { return event };
        let ordered = ordered(&self.endings[at]);
        if let Some(text) = self.endings.remove(at).text {
            self.texts.insert(instance.task, text);
            while self.texts.len() > TEXTS_MAX {
                self.texts.pop_first();
            }
        }
        ordered
    }
}
