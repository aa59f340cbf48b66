//! The judge: follows a run and asks the invariants about every step.

use std::sync::LazyLock;

use super::{ALL, Change, Check, NodeChange, OnCluster, OnNode, OnRequest, OnSlot, Transition, Verdict};
use crate::model::{Act, Cluster, Input, NodeAction, NodeUid, Reply, Slot};
use crate::spec::Rules;

/// The invariants by what they look at, with their numbers in [`ALL`].
struct Checks {
    request: Vec<(usize, OnRequest)>,
    slot: Vec<(usize, OnSlot)>,
    node: Vec<(usize, OnNode)>,
    cluster: Vec<(usize, OnCluster)>,
}

static CHECKS: LazyLock<Checks> = LazyLock::new(|| {
    let mut checks = Checks { request: vec![], slot: vec![], node: vec![], cluster: vec![] };
    for (number, invariant) in ALL.iter().enumerate() {
        match invariant.check {
            Check::Request(check) => checks.request.push((number, check)),
            Check::Slot(check) => checks.slot.push((number, check)),
            Check::Node(check) => checks.node.push((number, check)),
            Check::Cluster(check) => checks.cluster.push((number, check)),
        }
    }
    checks
});

/// An invariant that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its name.
    pub invariant: &'static str,
    /// Its statement.
    pub statement: &'static str,
    /// The clauses that it encodes.
    pub clauses: &'static [&'static str],
    /// What was seen instead.
    pub how: String,
}

/// Follows one run. Show it every step, in order.
#[derive(Debug)]
pub struct Judge {
    before: Cluster,
    slots: Vec<Slot>,
    nodes: Vec<NodeUid>,
    evaluated: [u64; ALL.len()],
}

impl Judge {
    /// Starts at a cluster.
    pub fn new(start: &Cluster) -> Self {
        Self { before: start.clone(), slots: Vec::new(), nodes: Vec::new(), evaluated: [0; ALL.len()] }
    }

    /// How often each invariant said something, in the order of [`ALL`].
    pub fn evaluated(&self) -> &[u64; ALL.len()] {
        &self.evaluated
    }

    /// Judges one step. `watch` sees the transition, and the slots and nodes that changed in it, before the
    /// judge moves on; it does not see a broken step.
    ///
    /// # Errors
    ///
    /// The first invariant that is broken: of those about requests, then slots, nodes, the cluster.
    pub fn see(
        &mut self,
        rules: &Rules,
        input: &Input,
        reply: &Reply,
        after: &Cluster,
        watch: impl FnOnce(&Transition<'_>, &[Slot], &[NodeUid]),
    ) -> Result<(), Box<Broken>> {
        let same_members = self.find_changes(after);
        let before = &self.before;
        let changed = !self.slots.is_empty()
            || !self.nodes.is_empty()
            || before.primary() != after.primary()
            || before.tasks() != after.tasks();
        let transition = Transition { rules, before, input, reply, after, changed };
        let evaluated = &mut self.evaluated;
        let mut note = |number: usize, verdict| match verdict {
            Verdict::Silent => Ok(()),
            Verdict::Holds => {
                evaluated[number] += 1;
                Ok(())
            }
            Verdict::Broken(how) => Err(ALL[number].broken(how)),
        };
        if let Act::Request(request) = &input.act {
            for (number, check) in &CHECKS.request {
                note(*number, check(&transition, request))?;
            }
        }
        for &slot in &self.slots {
            let change = Change { slot, before: before.instance(slot), after: after.instance(slot) };
            for (number, check) in &CHECKS.slot {
                note(*number, check(&transition, &change))?;
            }
        }
        for &uid in &self.nodes {
            let change = NodeChange { uid, before: before.node(uid), after: after.node(uid) };
            for (number, check) in &CHECKS.node {
                note(*number, check(&transition, &change))?;
            }
        }
        if changed {
            for (number, check) in &CHECKS.cluster {
                note(*number, check(&transition))?;
            }
        }
        watch(&transition, &self.slots, &self.nodes);
        if !same_members {
            self.before.clone_from(after);
        } else if changed {
            self.before.follow(after, &self.nodes);
        }
        Ok(())
    }

    /// Notes which nodes and slots differ. Says whether the members are the same.
    fn find_changes(&mut self, after: &Cluster) -> bool {
        self.slots.clear();
        self.nodes.clear();
        let before = &self.before;
        let same_members = before.nodes().len() == after.nodes().len()
            && before.nodes().iter().zip(after.nodes()).all(|(old, new)| old.uid == new.uid);
        if same_members {
            let pairs = before.nodes().iter().zip(after.nodes());
            self.nodes.extend(pairs.filter(|(old, new)| old != new).map(|(old, _)| old.uid));
        } else {
            let members = before.nodes().iter().chain(after.nodes()).map(|node| node.uid);
            self.nodes.extend(members.filter(|uid| before.node(*uid) != after.node(*uid)));
            self.nodes.sort_unstable();
            self.nodes.dedup();
        }
        let differs = |slot: &Slot| before.instance(*slot) != after.instance(*slot);
        for &uid in &self.nodes {
            self.slots.extend(
                NodeAction::ALL.map(|action| Slot::Node(uid, action)).iter().filter(|it| differs(it)),
            );
        }
        if before.departed() != after.departed() {
            let gone = before.departed().iter().chain(after.departed()).map(|departed| departed.uid);
            self.slots.extend(gone.map(|uid| Slot::Node(uid, NodeAction::Remove)).filter(differs));
            self.slots.sort_unstable();
            self.slots.dedup();
        }
        self.slots.extend([Slot::ChangeMaster].iter().filter(|it| differs(it)));
        same_members
    }
}

impl super::Invariant {
    #[cold]
    fn broken(&self, how: String) -> Box<Broken> {
        let Self { name, statement, clauses, .. } = *self;
        Box::new(Broken { invariant: name, statement, clauses, how })
    }
}
