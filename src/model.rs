//! The law: what the service answers, and what it does, as one pure function.
//!
//! [`step`] applies one [`Input`] to a [`Cluster`] under [`Rules`]. An input is the time and either a
//! [`Request`] of a client or an [`Event`] of the cluster. Whatever a real service would choose (which queued
//! task starts, a progress value, how a run ends) is an event, so that nondeterminism is nothing but *which
//! input comes next*. There is no clock, no randomness and no I/O here, and no driver is known.

mod action;
mod body;
mod calendar;
mod cluster;
mod delete;
mod event;
mod get;
pub mod invariant;
mod lifecycle;
mod observe;
mod permission;
mod placement;
mod post;
mod quorum;
mod request;
mod response;
mod slot;
mod snapshot;

pub use action::{
    ChangeMaster, EnslaveNode, MaintenanceOff, MaintenanceOn, Moved, NodeAction, Obstacle, Parameters,
    Remove, Work,
};
pub use calendar::Moment;
pub use cluster::{CAPACITY, Cluster, Departed, Impossible, Node, NodeUid, Parts};
pub use event::{Event, Hindrance, Move};
pub use lifecycle::Status;
pub use observe::{NodeState, NodeStatusView, NodeView, Observation, ShardView, SnapshotView};
pub use permission::{Permission, Role};
pub use placement::{Database, DbUid, Duty, ProxyPolicy, Shard, ShardRole, ShardUid};
pub use request::{Body, Caller, Header, Headers, Method, Path, Place, Request};
pub use response::{ActionView, Answer, Listing, Refusal, Why};
pub use slot::{ErrorCode, Instance, Progress, Slot, TaskId};
pub use snapshot::{Snapshot, SnapshotKind};

use crate::spec::Rules;

/// Microseconds since the start of the run. Time only names snapshots; nothing in the law waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(pub u64);

/// Everything one step depends on besides the cluster and the rules.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Input {
    /// When it happens.
    pub at: Time,
    /// What happens.
    pub act: Act,
}

/// What a client asks, or what the cluster does by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Act {
    /// A client asks.
    Request(Request),
    /// The cluster acts.
    Event(Event),
}

/// What came of an input.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reply {
    /// A request was served.
    Answer(Answer),
    /// A request was refused.
    Refused(Refusal),
    /// The event happened.
    Happened,
    /// The event cannot happen in this state; nothing changed.
    NotEnabled(Hindrance),
}

impl Reply {
    /// The clauses and readings that decide what a client is told; none for an event.
    pub fn clauses(&self) -> &'static [&'static str] {
        match self {
            Self::Answer(answer) => answer.clauses(),
            Self::Refused(refusal) => refusal.why.clauses(),
            Self::Happened | Self::NotEnabled(_) => &[],
        }
    }
}

/// Applies one input. The only way a [`Cluster`] changes.
///
/// Total: every input has a reply, and a panic is a bug in the model. Atomic: a refused request and an event
/// that is not enabled leave the cluster as it was (but for `R-RESUBMIT-REJECTED=DROP`). Deterministic: equal
/// arguments give equal results.
pub fn step(cluster: &mut Cluster, rules: &Rules, input: &Input) -> Reply {
    match &input.act {
        Act::Request(request) => request::serve(cluster, rules, request),
        Act::Event(event) => match event::check(cluster, rules, event) {
            Ok(()) => {
                event::perform(cluster, rules, input.at, event);
                Reply::Happened
            }
            Err(hindrance) => Reply::NotEnabled(hindrance),
        },
    }
}
