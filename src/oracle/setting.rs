//! What surrounds a cell: representatives of all that the rest of a cluster can be to it.
//!
//! A cell knows nothing of the rest, and so every step of it may happen in any setting that the history allows:
//! nodes fail and return without a word, and quorum and primary with them. Whatever the law asks about the rest has
//! a setting here for each answer; a test compares cells with whole clusters.

#[cfg(test)]
mod tests;

use super::part::{HOME, Kind, some_instance};
use crate::model::{
    Database, DbUid, NodeAction, NodeUid, Parts, ProxyPolicy, Shard, ShardRole, ShardUid, Slot, Status,
    TaskId,
};

/// One way the rest of the cluster can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Setting {
    pub(super) rest: Rest,
    /// Which instances outside of the cell have not ended.
    pub(super) outside: Outside,
}

/// What the law can ask about the rest of the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Rest {
    /// Three nodes that answer; another one is primary.
    Usual,
    /// The node of the cell is primary.
    Primary,
    /// The node of the cell does not answer.
    Down,
    /// The other nodes do not answer.
    NoQuorum,
    /// There is one other node.
    Pair,
    /// There is no other node.
    Alone,
    /// The databases that requests name exist.
    Databases,
    /// There is no room for the data of the node elsewhere.
    Crowded,
    /// The primary is about to change (R-CHM-TASKS).
    ChangeOfPrimary,
    /// The primary is about to change because the action that changes it begins (R-CHM-WHEN).
    StartOfChange,
    /// The node of the cell has not finished joining.
    Joining,
    /// The node of the cell is in maintenance.
    InMaintenance,
    /// The node of the cell is marked by a removal.
    Leaving,
    /// The node of the cell is no member.
    Absent,
}

impl Rest {
    /// What can be around a node.
    pub(super) const OF_NODE: [Self; 11] = [
        Self::Usual,
        Self::Primary,
        Self::Down,
        Self::NoQuorum,
        Self::Pair,
        Self::Alone,
        Self::Databases,
        Self::Crowded,
        Self::ChangeOfPrimary,
        Self::StartOfChange,
        Self::InMaintenance,
    ];

    /// What a node to promote can be.
    pub(super) const OF_CLUSTER: [Self; 7] = [
        Self::Usual,
        Self::Primary,
        Self::Down,
        Self::Joining,
        Self::InMaintenance,
        Self::Leaving,
        Self::Absent,
    ];
}

/// A set of slots in which an instance is live, beside the one that is looked at: four bits for the actions of its
/// node, four for those of other nodes, and one for the cluster action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Outside(u16);

impl Outside {
    /// A slot of the same node.
    pub(super) fn here(action: usize) -> Self {
        Self(1 << action)
    }

    /// That slot of any other node.
    pub(super) fn elsewhere(action: usize) -> Self {
        Self(1 << (4 + action))
    }

    pub(super) const CLUSTER: Self = Self(1 << 8);

    /// A slot that is there in every setting of such a cell: what is live there stands in the way of all others if
    /// any two are in conflict.
    pub(super) fn in_the_way(kind: Kind) -> Self {
        match kind {
            Kind::Node | Kind::Slot(_) => Self::CLUSTER,
            Kind::Cluster => Self::elsewhere(0),
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The same with one of all actions elsewhere but this one.
    pub(super) fn with_one_elsewhere(self, but: Option<usize>) -> Self {
        let same = but.map_or(Self::default(), Self::elsewhere);
        let others = Self(0b1111_0000 & !same.0);
        let kept = Self(self.0 & !others.0);
        if self.has(others) { kept.and(Self(1 << others.0.trailing_zeros())) } else { kept }
    }

    fn has(self, slots: Self) -> bool {
        self.0 & slots.0 != 0
    }
}

/// Two nodes of the rest.
const OTHERS: [NodeUid; 2] = [NodeUid(2), NodeUid(3)];

impl Setting {
    pub(super) fn of(rest: Rest) -> Self {
        Self { rest, outside: Outside::default() }
    }

    pub(super) fn nodes(&self) -> Vec<NodeUid> {
        match self.rest {
            Rest::Alone => vec![HOME],
            Rest::Pair => vec![HOME, OTHERS[0]],
            Rest::Absent => OTHERS.to_vec(),
            _ => vec![HOME, OTHERS[0], OTHERS[1]],
        }
    }

    pub(super) fn primary(&self) -> NodeUid {
        match self.rest {
            Rest::Primary | Rest::Alone => HOME,
            _ => OTHERS[0],
        }
    }

    /// Makes the nodes what the setting says.
    pub(super) fn arrange(&self, kind: Kind, parts: &mut Parts) {
        for node in &mut parts.nodes {
            let is_home = node.uid == HOME;
            match self.rest {
                Rest::Down if is_home => node.up = false,
                Rest::NoQuorum if !is_home => node.up = false,
                Rest::Joining if is_home => node.bootstrapped = false,
                Rest::InMaintenance if is_home => node.activations = 1,
                Rest::Leaving if is_home => node.leaving = true,
                Rest::Crowded if is_home => node.shards.push(SHARD),
                Rest::Crowded => node.capacity = 0,
                _ => {}
            }
            for (action, place) in NodeAction::ALL.into_iter().zip(&mut node.slots) {
                let slot = Slot::Node(node.uid, action);
                let is_live = match node.uid {
                    HOME => self.outside.has(Outside::here(action as usize)),
                    uid => uid == OTHERS[0] && self.outside.has(Outside::elsewhere(action as usize)),
                };
                if is_live {
                    let task = TaskId(16 + node.uid.0 * 4 + action as u32);
                    *place = Some(crate::model::Instance { task, ..some_instance(slot, Status::Running) });
                }
            }
        }
        let changing = match self.rest {
            Rest::StartOfChange => Some(Status::Starting),
            Rest::ChangeOfPrimary => Some(Status::Running),
            _ => self.outside.has(Outside::CLUSTER).then_some(Status::Running),
        };
        if let Some(status) = changing.filter(|_| kind != Kind::Cluster) {
            let mut change = some_instance(Slot::ChangeMaster, status);
            change.task = TaskId(40);
            change.parameters =
                crate::model::Parameters::ChangeMaster(crate::model::ChangeMaster { node: OTHERS[1] });
            parts.change_master = Some(change);
        }
        match self.rest {
            Rest::Crowded => parts.databases.push(database(SHARD.db)),
            Rest::Databases => parts.databases = (0..=DATABASES).map(|uid| database(DbUid(uid))).collect(),
            _ => {}
        }
    }
}

/// Databases with higher numbers are not told apart from those that do not exist.
const DATABASES: u32 = 9;

const SHARD: Shard =
    Shard { uid: ShardUid(1), db: DbUid(1), part: 1, role: ShardRole::Master, persisted: true };

fn database(uid: DbUid) -> Database {
    Database { uid, replicated: false, active_active: false, policy: ProxyPolicy::Single }
}
