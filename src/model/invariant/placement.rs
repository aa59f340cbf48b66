//! What holds of the data: shards and endpoints, and what the actions do to them.
//!
//! Where the rules follow another reading than the documents' plain words, an invariant that speaks about those
//! words is silent.

use super::{Act, Check, Event, Invariant, NodeChange, Transition, Verdict, must};
use crate::model::{ErrorCode, MaintenanceOn, Move, Node, NodeAction, Parameters, Shard, ShardRole};
use crate::model::{Slot, Snapshot};
use crate::spec::Edition;
use crate::spec::rules::{CancelEffect, EnsMeaning, EvictDbs, MoffRoles, MonNospace};
use crate::spec::rules::{QuorumFormula, QuorumSmall, RemovePartial};

/// The shards on a node; none if it is no member.
fn shards_of(node: Option<&Node>) -> &[Shard] {
    node.map_or(&[], |node| &node.shards)
}

/// The shards that one state of a node has and the other lacks.
fn gone<'a>(from: Option<&'a Node>, to: Option<&'a Node>) -> impl Iterator<Item = &'a Shard> {
    shards_of(from).iter().filter(move |shard| to.is_none_or(|node| node.shard(shard.uid).is_none()))
}

/// Whether shards may go back by themselves after a run that did not complete.
fn may_return(transition: &Transition<'_>) -> bool {
    let rules = transition.rules;
    rules.cancel_effect() == CancelEffect::Rollback
        || rules.remove_partial() == RemovePartial::Return
        || rules.mon_fail_state().takes_back()
}

pub(super) const NO_SHARD_LOST: Invariant = Invariant {
    name: "no-shard-lost",
    statement: "a shard that leaves a node is on another, unless its database was deleted; none is there twice",
    clauses: &["REM-6", "MON-6", "R-PLACEMENT"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        if shards_of(change.before).is_empty() && shards_of(change.after).is_empty() {
            return Verdict::Silent;
        }
        let after = transition.after;
        let lost = gone(change.before, change.after)
            .find(|shard| after.holder(shard.uid).is_none() && after.database(shard.db).is_some());
        let doubled = gone(change.after, change.before).find(|shard| {
            let others = after.nodes().iter().filter(|node| node.uid != change.uid);
            others.filter(|node| node.shard(shard.uid).is_some()).count() > 0
                || transition.before.holder(shard.uid).is_none()
        });
        must(lost.is_none() && doubled.is_none(), || {
            format!("node {}: lost {lost:?}, appeared {doubled:?}", change.uid)
        })
    }),
};

pub(super) const COPIES_ARE_APART: Invariant = Invariant {
    name: "copies-are-apart",
    statement: "no node holds two copies of one part of a database",
    clauses: &["REM-10", "R-PLACEMENT"],
    since: Edition::E72,
    check: Check::Node(|_, change| {
        let Some(after) = change.after.filter(|_| gone(change.after, change.before).next().is_some()) else {
            return Verdict::Silent;
        };
        let mut gained = gone(change.after, change.before);
        let doubled =
            gained.find(|shard| after.shards.iter().filter(|other| other.is_copy_of(shard)).count() > 1);
        must(doubled.is_none(), || format!("node {} holds two copies of {doubled:?}", change.uid))
    }),
};

pub(super) const ONE_MASTER: Invariant = Invariant {
    name: "one-master",
    statement: "every part of a database has exactly one master at every moment",
    clauses: &["REM-6", "MON-10", "MON-18", "ENS-5"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        let Some((before, after)) = change.stayed() else { return Verdict::Silent };
        let is_other = |shard: &&Shard| before.shard(shard.uid).is_none_or(|old| old.role != shard.role);
        let Some(changed) = after.shards.iter().find(is_other) else { return Verdict::Silent };
        let copies = transition.after.nodes().iter().flat_map(|node| &node.shards);
        let masters =
            copies.filter(|copy| copy.is_copy_of(changed) && copy.role == ShardRole::Master).count();
        must(masters == 1, || format!("the part of {changed:?} has {masters} masters"))
    }),
};

pub(super) const CAPACITY_HELD: Invariant = Invariant {
    name: "capacity-held",
    statement: "no node holds more shards than it can",
    clauses: &["REM-5", "MON-15"],
    since: Edition::E72,
    check: Check::Node(|_, change| match change.after {
        Some(after) if gone(change.after, change.before).next().is_some() => {
            must(after.shards.len() <= usize::from(after.capacity), || {
                format!("node {} holds {} shards of {}", change.uid, after.shards.len(), after.capacity)
            })
        }
        _ => Verdict::Silent,
    }),
};

pub(super) const NOTHING_COMES_TO_A_MARKED_NODE: Invariant = Invariant {
    name: "nothing-comes-to-a-marked-node",
    statement: "no shard moves by itself to a node that is in maintenance, quorum-only, or marked by an accepted \
                remove, also after the removal failed",
    clauses: &["REM-2", "REM-3", "REM-17", "MON-5", "MOFF-9", "R-AUTO-MIGRATION"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        let Some((before, _)) = change.stayed() else { return Verdict::Silent };
        if gone(change.after, change.before).next().is_none() {
            return Verdict::Silent;
        }
        let restores = matches!(transition.moved(), Some((Slot::Node(uid, NodeAction::MaintenanceOff), _))
            if uid == change.uid);
        let marked = before.in_maintenance() || before.leaving || before.quorum_only;
        must(!marked || restores || may_return(transition), || {
            format!("a shard came to node {}, which is marked", change.uid)
        })
    }),
};

pub(super) const SHARDS_MOVE_FOR_A_REASON: Invariant = Invariant {
    name: "shards-move-for-a-reason",
    statement: "no request moves a shard, and of events only those that say so",
    clauses: &["CHM-14", "POST-5", "LIFE-23", "R-CANCEL-EFFECT", "R-REMOVE-PARTIAL"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        if shards_of(change.before) == shards_of(change.after) {
            return Verdict::Silent;
        }
        let says_so = match &transition.input.act {
            Act::Event(Event::Task(_, step)) => {
                step.is_of_data() || matches!(step, Move::Complete) || may_return(transition)
            }
            Act::Event(Event::Migrate { .. } | Event::FailOver { .. } | Event::DeleteDatabase(_)) => true,
            _ => may_return(transition),
        };
        must(says_so, || format!("shards of node {} moved for no reason", change.uid))
    }),
};

pub(super) const SNAPSHOT_IS_THE_STATE_BEFORE: Invariant = Invariant {
    name: "snapshot-is-the-state-before",
    statement: "a new snapshot says what is on the node at that moment, before anything is moved",
    clauses: &["SNAP-7", "MON-7", "MON-1", "R-SNAP-TIME", "R-SNAP-OVERWRITE-ACTIVE"],
    since: Edition::E72,
    check: Check::Node(|_, change| {
        let Some((before, after)) = change.stayed() else { return Verdict::Silent };
        let is_new = |snapshot: &&Snapshot| !before.snapshots.contains(snapshot);
        let Some(made) = after.snapshots.iter().find(is_new) else { return Verdict::Silent };
        let shards = before.shards.iter().map(|shard| (shard.uid, shard.role));
        let same = shards.eq(made.shards.iter().copied()) && *made.endpoints == *before.endpoints;
        must(same && made.activations == before.activations, || {
            format!("snapshot `{}` does not say what was on node {}", made.name, change.uid)
        })
    }),
};

/// Whether a maintenance_on was asked to empty the node.
fn evicts_all(order: &MaintenanceOn) -> bool {
    order.evict_ha_replica != Some(false)
        && order.evict_active_active_replica != Some(false)
        && order.evict_dbs.is_none()
        && order.keep_slave_shards != Some(true)
}

pub(super) const COMPLETED_ON_LEFT_IT_EMPTY: Invariant = Invariant {
    name: "completed-on-left-it-empty",
    statement: "a completed maintenance_on left the node without shards and endpoints, but for what it was told to \
                keep; and of that, no master with a replica on a node that answers",
    clauses: &["MON-1", "MON-6", "MON-10", "MON-12", "MON-19", "MON-25", "R-EVICT-DEFAULTS"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        let Some(Parameters::MaintenanceOn(order)) = change.completed(NodeAction::MaintenanceOn) else {
            return Verdict::Silent;
        };
        if transition.rules.mon_nospace() == MonNospace::CompletedPartial {
            return Verdict::Silent;
        }
        let Some(node) = change.after else { return Verdict::Silent };
        let kept_all =
            order.evict_ha_replica == Some(false) && order.evict_active_active_replica == Some(false);
        if evicts_all(order) {
            return must(node.shards.is_empty() && node.endpoints.is_empty(), || {
                format!("{} shards stayed on node {}", node.shards.len(), change.uid)
            });
        }
        let answering =
            || transition.after.nodes().iter().filter(|other| other.up && other.uid != change.uid);
        let has_heir =
            |shard: &&Shard| answering().any(|other| other.shards.iter().any(|copy| copy.is_copy_of(shard)));
        let masters = node.shards.iter().filter(|shard| shard.role == ShardRole::Master);
        let master = masters.into_iter().find(has_heir);
        match kept_all && order.evict_dbs.is_none() && order.keep_slave_shards.is_none() {
            true => must(master.is_none(), || format!("{master:?} stayed master on node {}", change.uid)),
            false => Verdict::Silent,
        }
    }),
};

pub(super) const UNLISTED_DATABASES_STAY: Invariant = Invariant {
    name: "unlisted-databases-stay",
    statement: "maintenance_on does not touch the shards of databases that evict_dbs leaves out",
    clauses: &["MON-13", "R-EVICT-DBS"],
    since: Edition::E74,
    check: Check::Node(|transition, change| {
        let moves = matches!(transition.moved(), Some((Slot::Node(uid, NodeAction::MaintenanceOn), step))
            if uid == change.uid && step.is_of_data());
        let instance = change.before.and_then(|node| node.instance(NodeAction::MaintenanceOn));
        let names = instance.and_then(|instance| match &instance.parameters {
            Parameters::MaintenanceOn(order) => order.evict_dbs.as_ref(),
            _ => None,
        });
        let judged = moves && transition.rules.evict_dbs() == EvictDbs::Only;
        let Some(names) = names.filter(|names| judged && !names.is_empty()) else { return Verdict::Silent };
        let listed = |shard: &Shard| names.iter().any(|name| **name == *shard.db.0.to_string());
        let other = gone(change.before, change.after).find(|shard| !listed(shard));
        must(other.is_none(), || format!("{other:?} left node {}, but is not listed", change.uid))
    }),
};

pub(super) const OFF_RESTORES_THE_SNAPSHOT: Invariant = Invariant {
    name: "off-restores-the-snapshot",
    statement: "a completed maintenance_off brought back every shard and endpoint of its snapshot that still exists, \
                in its role; with skip_shards_restore it brought back nothing",
    clauses: &["MOFF-1", "MOFF-3", "MOFF-4", "MOFF-5", "MOFF-6", "SNAP-16", "R-MOFF-ROLES"],
    since: Edition::E72,
    check: Check::Node(off_restores_the_snapshot),
};

fn off_restores_the_snapshot(transition: &Transition<'_>, change: &NodeChange<'_>) -> Verdict {
    let Some(Parameters::MaintenanceOff(order)) = change.completed(NodeAction::MaintenanceOff) else {
        return Verdict::Silent;
    };
    let Some((before, after)) = change.stayed() else { return Verdict::Silent };
    let work = before.instance(NodeAction::MaintenanceOff).map(|instance| &instance.work);
    let Some(work) = work.filter(|work| work.steps > 0) else { return Verdict::Silent };
    if order.skip_shards_restore {
        return must(work.moved.is_empty(), || format!("shards came back to node {}", change.uid));
    }
    let Some(snapshot) = &work.loaded else { return Verdict::Silent };
    let restored = |(uid, role): &(_, _)| match after.shard(*uid) {
        Some(shard) => shard.role == *role || transition.rules.moff_roles() == MoffRoles::Kept,
        None => transition.after.holder(*uid).is_none(),
    };
    let missing = snapshot.shards.iter().find(|entry| !restored(entry));
    let unbound = snapshot
        .endpoints
        .iter()
        .find(|db| !after.endpoints.contains(db) && transition.after.database(**db).is_some());
    must(missing.is_none() && unbound.is_none(), || {
        format!("node {} did not get back {missing:?} {unbound:?}", change.uid)
    })
}

pub(super) const REMOVED_IS_EMPTY: Invariant = Invariant {
    name: "removed-is-empty",
    statement: "a node leaves the cluster only after everything on it went elsewhere",
    clauses: &["REM-1", "REM-5", "REM-6", "REM-8"],
    since: Edition::E72,
    check: Check::Node(|_, change| match (change.before, change.after) {
        (Some(before), None) => must(before.shards.is_empty() && before.endpoints.is_empty(), || {
            format!("node {} left with {} shards", change.uid, before.shards.len())
        }),
        _ => Verdict::Silent,
    }),
};

pub(super) const REMOVAL_WAITS: Invariant = Invariant {
    name: "removal-waits",
    statement: "a removal that was told to wait ends after the files of every shard that it moved were written",
    clauses: &["REM-7"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        let (Some(before), None) = (change.before, change.after) else { return Verdict::Silent };
        let Some(instance) = before.instance(NodeAction::Remove) else { return Verdict::Silent };
        let waits = matches!(&instance.parameters, Parameters::Remove(order)
            if order.wait_for_persistence == Some(true));
        let moved = instance.work.moved.iter();
        let unwritten = moved.filter_map(|moved| transition.after.node(moved.to)?.shard(moved.shard));
        match waits {
            true => must(unwritten.filter(|shard| !shard.persisted).count() == 0, || {
                format!("node {} left before the files were written", change.uid)
            }),
            false => Verdict::Silent,
        }
    }),
};

pub(super) const ENSLAVED_HAS_NO_MASTERS: Invariant = Invariant {
    name: "enslaved-has-no-masters",
    statement: "a completed enslave_node left no master on the node, and every shard where it was",
    clauses: &["ENS-1", "ENS-2", "ENS-5"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        let Some(Parameters::EnslaveNode(order)) = change.completed(NodeAction::EnslaveNode) else {
            return Verdict::Silent;
        };
        let limited = order.endpoints_only && !order.shards_only;
        if limited || transition.rules.ens_meaning() == EnsMeaning::NodeRole {
            return Verdict::Silent;
        }
        let mut shards = change.after.into_iter().flat_map(|node| &node.shards);
        must(shards.all(|shard| shard.role == ShardRole::Replica), || {
            format!("node {} still holds masters", change.uid)
        })
    }),
};

pub(super) const QUORUM_COMES_FIRST: Invariant = Invariant {
    name: "quorum-comes-first",
    statement: "maintenance_on takes its first step only if a majority of the nodes answers without its node",
    clauses: &["MON-2", "MON-3", "MON-7", "MON-24"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        let slot = Slot::Node(change.uid, NodeAction::MaintenanceOn);
        let first = change
            .before
            .and_then(|node| node.instance(NodeAction::MaintenanceOn)?.work.steps.checked_sub(1));
        let rules = transition.rules;
        let plain = rules.quorum_formula() == QuorumFormula::MajorityStrict
            && rules.quorum_small() == QuorumSmall::Refuse;
        if !transition.is_move(slot, Move::Advance) || first.is_some() || !plain {
            return Verdict::Silent;
        }
        let nodes = transition.before.nodes();
        let others = nodes.iter().filter(|node| node.up && node.uid != change.uid).count();
        must(2 * others > nodes.len(), || {
            format!("maintenance_on of node {} began with {others} of {} others", change.uid, nodes.len())
        })
    }),
};

pub(super) const RESOURCES_LACK_IF_THEY_DO: Invariant = Invariant {
    name: "resources-lack-if-they-do",
    statement: "a removal fails for lack of resources only if something on the node can go nowhere",
    clauses: &["REM-5", "REM-10", "OBJ-8", "NODE-11"],
    since: Edition::E72,
    check: Check::Node(|transition, change| {
        let slot = Slot::Node(change.uid, NodeAction::Remove);
        let fails = transition.is_move(slot, Move::Fail(ErrorCode::InsufficientResources));
        let cluster = transition.before;
        let Some(node) = change.before.filter(|_| fails && !cluster.databases().is_empty()) else {
            return Verdict::Silent;
        };
        let others = || cluster.nodes().iter().filter(|other| other.uid != change.uid);
        let stays = node.shards.iter().any(|shard| !others().any(|other| other.takes(shard)));
        let unbound = !node.endpoints.is_empty() && !others().any(|other| other.is_open());
        let free = |other: &Node| usize::from(other.capacity).saturating_sub(other.shards.len());
        let room: usize = others().filter(|other| other.is_open()).map(|other| free(other)).sum();
        let short = room < node.shards.len();
        must(stays || unbound || short || cluster.nodes().len() == 1, || {
            format!("everything on node {} could have gone elsewhere", change.uid)
        })
    }),
};
