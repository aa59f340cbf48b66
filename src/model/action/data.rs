//! What the runs do to the data of the cluster: what they still have to do, and the moves that do it.
//!
//! Which shards an action concerns is in its own file; how data moves is in [`crate::model::placement`].

use super::super::{Cluster, Duty, Instance, Move, Node, ProxyPolicy, Slot, placement};
use super::{Moved, Parameters, Work, enslave_node, maintenance_off, maintenance_on, remove, steps};
use crate::spec::Rules;
use crate::spec::rules::MonNospace;

/// What a run on a node still has to do to the data of the cluster, once its steps are done.
pub(in super::super) fn duties(
    cluster: &Cluster,
    rules: &Rules,
    node: &Node,
    parameters: &Parameters,
    work: &Work,
) -> Vec<Duty> {
    match parameters {
        Parameters::EnslaveNode(order) => enslave_node::duties(cluster, rules, node, order),
        Parameters::MaintenanceOff(order) => maintenance_off::duties(cluster, rules, node, order, work),
        Parameters::MaintenanceOn(order) => maintenance_on::duties(cluster, rules, node, order),
        Parameters::Remove(_) => remove::duties(node),
        Parameters::ChangeMaster(_) => Vec::new(),
    }
}

/// Whether a run cannot do what it has to do. A maintenance_on that may complete in part is stuck only when
/// nothing more can be done (R-MON-NOSPACE).
pub(super) fn is_stuck(
    cluster: &Cluster,
    rules: &Rules,
    node: &Node,
    parameters: &Parameters,
    work: &Work,
) -> bool {
    let duties = duties(cluster, rules, node, parameters, work);
    let no_way = |duty: &Duty| placement::ways(cluster, node.uid, *duty).next().is_none();
    let in_part = rules.mon_nospace() == MonNospace::CompletedPartial;
    match parameters {
        Parameters::MaintenanceOn(_) if in_part => !duties.is_empty() && duties.iter().all(no_way),
        _ => placement::is_short(cluster, node, &duties) || duties.iter().any(no_way),
    }
}

/// Whether a run still has something to do to the data of the cluster.
pub(super) fn has_duties(
    cluster: &Cluster,
    rules: &Rules,
    node: &Node,
    slot: Slot,
    instance: &Instance,
) -> bool {
    let (parameters, work) = (&instance.parameters, &instance.work);
    work.steps >= steps(slot) && !duties(cluster, rules, node, parameters, work).is_empty()
}

/// What keeps a run from completing, although nothing stands in its way: work that is not done yet.
pub(in super::super) fn is_done(cluster: &Cluster, rules: &Rules, slot: Slot, instance: &Instance) -> bool {
    let (parameters, work) = (&instance.parameters, &instance.work);
    let Some(node) = cluster.node_of(slot) else { return true };
    let waits = matches!(parameters, Parameters::Remove(order) if remove::waits(cluster, rules, order));
    let is_written = |moved: &Moved| placement::is_written(cluster, moved.shard, moved.to);
    duties(cluster, rules, node, parameters, work).is_empty() && (!waits || work.moved.iter().all(is_written))
}

/// Does one of the moves of a run to the data of the cluster.
pub(in super::super) fn move_data(cluster: &mut Cluster, slot: Slot, step: Move) {
    if let Some(instance) = cluster.instance_mut(slot) {
        instance.work.unfinished = false;
        instance.work.overtaken |= instance.cancel_requested;
    }
    match step {
        Move::Shard { shard, from, to } => {
            placement::move_shard(cluster, shard, from, to);
            if let Some(instance) = cluster.instance_mut(slot) {
                instance.work.moved.push(Moved { shard, from, to });
            }
        }
        Move::FailOver { shard, from, to } => placement::fail_over(cluster, shard, from, to),
        Move::Endpoint { db, from, to } => {
            let single = cluster.database(db).is_none_or(|it| it.policy == ProxyPolicy::Single);
            let leaves = single || matches!(slot, Slot::Node(home, _) if home == from);
            placement::move_endpoint(cluster, db, leaves.then_some(from), to);
        }
        Move::Persist { shard, at } => placement::persist(cluster, shard, at),
        _ => {}
    }
}

/// The shards that a run moved go back, the last one first, as far as there is room for them.
pub(super) fn bring_back(cluster: &mut Cluster, work: &Work) {
    for moved in work.moved.iter().rev() {
        let shard = cluster.node(moved.to).and_then(|node| node.shard(moved.shard));
        let fits = shard.zip(cluster.node(moved.from)).is_some_and(|(shard, node)| node.has_room(shard));
        if fits {
            placement::move_shard(cluster, moved.shard, moved.to, moved.from);
        }
    }
}
