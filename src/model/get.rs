//! GET: one action, or a list. Reading changes nothing (R-GET-SIDE-EFFECT).

use super::response::{ActionView, Answer, Listing, Refusal, Why};
use super::{Cluster, Node, NodeAction, NodeUid, Slot};
use crate::spec::Rules;
use crate::spec::rules::{ListEmptyCluster, RemoveStatusAfter};

/// One action (NODE-12 to NODE-15, CLU-5 to CLU-7). No slot means that the name is no action, which reads
/// like one that never ran (R-GET-UNKNOWN-ACTION).
pub(super) fn one(cluster: &Cluster, rules: &Rules, slot: Option<Slot>) -> Result<Answer, Refusal> {
    let slot = slot.ok_or(Refusal::new(404, Why::UnknownAction))?;
    let instance = cluster.instance(slot).ok_or(Refusal::new(404, Why::NoInstance))?;
    Ok(Answer::Action(ActionView::new(slot, instance, rules)))
}

/// All actions of all nodes (NODE-1 to NODE-4).
pub(super) fn all_nodes(cluster: &Cluster, rules: &Rules) -> Answer {
    let mut views: Vec<_> = cluster.nodes().iter().flat_map(|node| of_member(node, rules)).collect();
    if rules.remove_status_after() != RemoveStatusAfter::Gone {
        let removals = cluster.departed().iter().map(|departed| {
            ActionView::new(Slot::Node(departed.uid, NodeAction::Remove), &departed.removal, rules)
        });
        views.extend(removals);
        views.sort_by_key(|view| view.slot);
    }
    Answer::Actions(Listing::AllNodes, views)
}

/// Whether a uid has a list of its own: it is a member, or the status of its removal is kept.
pub(super) fn is_listed(cluster: &Cluster, rules: &Rules, uid: NodeUid) -> bool {
    let kept = rules.remove_status_after() == RemoveStatusAfter::Keep;
    cluster.node(uid).is_some() || (kept && cluster.removal_of(uid).is_some())
}

/// The actions of one listed node (NODE-5 to NODE-7).
pub(super) fn of_node(cluster: &Cluster, rules: &Rules, uid: NodeUid) -> Answer {
    let views = match cluster.node(uid) {
        Some(node) => of_member(node, rules).collect(),
        None => {
            let view = |removal| ActionView::new(Slot::Node(uid, NodeAction::Remove), removal, rules);
            cluster.removal_of(uid).map(view).into_iter().collect()
        }
    };
    Answer::Actions(Listing::OfNode, views)
}

/// The cluster actions (CLU-1 to CLU-4).
pub(super) fn cluster(cluster: &Cluster, rules: &Rules) -> Result<Answer, Refusal> {
    let instance = cluster.instance(Slot::ChangeMaster);
    if instance.is_none() && rules.list_empty_cluster() == ListEmptyCluster::Notfound {
        return Err(Refusal::new(404, Why::NothingListed));
    }
    let views = instance.map(|instance| ActionView::new(Slot::ChangeMaster, instance, rules));
    Ok(Answer::Actions(Listing::OfCluster, views.into_iter().collect()))
}

fn of_member<'a>(node: &'a Node, rules: &'a Rules) -> impl Iterator<Item = ActionView> + 'a {
    NodeAction::ALL.into_iter().filter_map(move |action| {
        let instance = node.instance(action)?;
        Some(ActionView::new(Slot::Node(node.uid, action), instance, rules))
    })
}
