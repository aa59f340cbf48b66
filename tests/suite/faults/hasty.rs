//! Laws that end a run, or begin one, although they should not yet.

use action_oracle::model::{
    Act, Cluster, Departed, ErrorCode, Event, Hindrance, Input, Move, Node, NodeAction, NodeUid, Parts,
    Progress, Reply, Slot, Status, step,
};
use action_oracle::spec::Rules;

use super::is_found_by;

/// The invariants for which a fault is planted here.
pub(super) const PLANTED: &[&str] = &[
    "completed_on_left_it_empty",
    "off_restores_the_snapshot",
    "enslaved_has_no_masters",
    "removed_is_empty",
    "removal_waits",
    "quorum_comes_first",
    "resources_lack_if_they_do",
];

/// The node on which an action was not allowed to make this move, for this reason.
fn hindered(input: &Input, reply: &Reply, action: NodeAction, made: Move, why: Hindrance) -> Option<NodeUid> {
    match (&input.act, reply) {
        (Act::Event(Event::Task(Slot::Node(uid, other), step)), Reply::NotEnabled(hindrance)) => {
            (*other == action && *step == made && *hindrance == why).then_some(*uid)
        }
        _ => None,
    }
}

/// Lets an action complete although it still has something to do.
fn hasty(cluster: &mut Cluster, rules: &Rules, input: &Input, action: NodeAction) -> Reply {
    let reply = step(cluster, rules, input);
    let Some(uid) = hindered(input, &reply, action, Move::Complete, Hindrance::Unfinished) else {
        return reply;
    };
    let mut parts = Parts::from(&*cluster);
    let node = parts.nodes.iter_mut().find(|node| node.uid == uid).expect("the node is there");
    let instance = node.slots[action as usize].as_mut().expect("the instance is there");
    (instance.status, instance.progress) = (Status::Completed, Progress::FULL);
    *cluster = parts.unchecked();
    Reply::Happened
}

/// Lets a node leave although something remains to be done, if it is in the state that is asked for.
fn leave(cluster: &mut Cluster, rules: &Rules, input: &Input, when: fn(&Node) -> bool) -> Reply {
    let reply = step(cluster, rules, input);
    let uid = hindered(input, &reply, NodeAction::Remove, Move::Complete, Hindrance::Unfinished);
    let Some(uid) = uid.filter(|uid| cluster.node(*uid).is_some_and(when)) else { return reply };
    let mut parts = Parts::from(&*cluster);
    let at = parts.nodes.iter().position(|node| node.uid == uid).expect("the node is there");
    let mut removal = parts.nodes.remove(at).slots[NodeAction::Remove as usize].take().expect("it runs");
    (removal.status, removal.progress) = (Status::Completed, Progress::FULL);
    parts.departed.push(Departed { uid, removal });
    if parts.primary == Some(uid) {
        parts.primary = parts.nodes.first().map(|node| node.uid);
    }
    *cluster = parts.unchecked();
    Reply::Happened
}

#[test]
fn completed_on_left_it_empty() {
    is_found_by("completed-on-left-it-empty", |cluster, rules, input| {
        hasty(cluster, rules, input, NodeAction::MaintenanceOn)
    });
}

#[test]
fn off_restores_the_snapshot() {
    is_found_by("off-restores-the-snapshot", |cluster, rules, input| {
        hasty(cluster, rules, input, NodeAction::MaintenanceOff)
    });
}

#[test]
fn enslaved_has_no_masters() {
    is_found_by("enslaved-has-no-masters", |cluster, rules, input| {
        hasty(cluster, rules, input, NodeAction::EnslaveNode)
    });
}

#[test]
fn removed_is_empty() {
    is_found_by("removed-is-empty", |cluster, rules, input| {
        leave(cluster, rules, input, |node| node.shards.is_empty() && !node.endpoints.is_empty())
    });
}

#[test]
fn removal_waits() {
    is_found_by("removal-waits", |cluster, rules, input| {
        leave(cluster, rules, input, |node| node.shards.is_empty() && node.endpoints.is_empty())
    });
}

#[test]
fn quorum_comes_first() {
    is_found_by("quorum-comes-first", |cluster, rules, input| {
        let mut lax = *rules;
        lax.set_all("R-QUORUM-FORMULA=HALF,R-QUORUM-SMALL=EXEMPT").expect("the variants exist");
        step(cluster, &lax, input)
    });
}

#[test]
fn resources_lack_if_they_do() {
    is_found_by("resources-lack-if-they-do", |cluster, rules, input| {
        let reply = step(cluster, rules, input);
        let code = ErrorCode::InsufficientResources;
        let uid = hindered(input, &reply, NodeAction::Remove, Move::Fail(code), Hindrance::NotInRules);
        let Some(uid) = uid else { return reply };
        let mut parts = Parts::from(&*cluster);
        let node = parts.nodes.iter_mut().find(|node| node.uid == uid).expect("the node is there");
        let removal = node.slots[NodeAction::Remove as usize].as_mut().expect("the instance is there");
        (removal.status, removal.error) = (Status::Failed, Some(code));
        let running = cluster.node(uid).and_then(|node| node.instance(NodeAction::Remove));
        if running.is_some_and(|removal| removal.status == Status::Running) {
            *cluster = parts.unchecked();
            return Reply::Happened;
        }
        reply
    });
}
