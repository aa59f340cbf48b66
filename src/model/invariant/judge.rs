//! The judge: follows a run and asks the invariants about every step.

use super::{ALL, Change, Check, NodeChange, Transition, Verdict};
use crate::model::{Act, Cluster, Input, NodeAction, NodeUid, Reply, Slot};
use crate::spec::Rules;

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

    /// Starts again at another cluster; the counts go on.
    pub fn restart(&mut self, start: &Cluster) {
        self.before.clone_from(start);
    }

    /// How often each invariant said something, in the order of [`ALL`].
    pub fn evaluated(&self) -> &[u64; ALL.len()] {
        &self.evaluated
    }

    /// The state before the step that comes next.
    pub fn state(&self) -> &Cluster {
        &self.before
    }

    /// The slots that changed in the last step.
    pub fn changed_slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The nodes that changed in the last step.
    pub fn changed_nodes(&self) -> &[NodeUid] {
        &self.nodes
    }

    /// Judges one step. `watch` sees the transition and the slots and nodes that changed, before the judge
    /// moves on; it is not called for a broken step.
    ///
    /// # Errors
    ///
    /// The first invariant that is broken, in the order of [`ALL`].
    pub fn see(
        &mut self,
        rules: &Rules,
        input: &Input,
        reply: &Reply,
        after: &Cluster,
        watch: impl FnOnce(&Transition<'_>, &[Slot], &[NodeUid]),
    ) -> Result<(), Box<Broken>> {
        let same_members = self.find_changes(after);
        let transition = Transition { rules, before: &self.before, input, reply, after };
        let changed = !self.slots.is_empty() || !self.nodes.is_empty() || !same_members;
        let changed = changed || self.before.primary() != after.primary();
        for (count, invariant) in self.evaluated.iter_mut().zip(ALL) {
            let mut note = |verdict| match verdict {
                Verdict::Silent => Ok(()),
                Verdict::Holds => {
                    *count += 1;
                    Ok(())
                }
                Verdict::Broken(how) => {
                    let (name, statement, clauses) = (invariant.name, invariant.statement, invariant.clauses);
                    Err(Box::new(Broken { invariant: name, statement, clauses, how }))
                }
            };
            match (&invariant.check, &input.act) {
                (Check::Request(check), Act::Request(request)) => note(check(&transition, request))?,
                (Check::Slot(check), _) => {
                    for &slot in &self.slots {
                        let (before, after) = (self.before.instance(slot), after.instance(slot));
                        note(check(&transition, &Change { slot, before, after }))?;
                    }
                }
                (Check::Node(check), _) => {
                    for &uid in &self.nodes {
                        let (before, after) = (self.before.node(uid), after.node(uid));
                        note(check(&transition, &NodeChange { uid, before, after }))?;
                    }
                }
                (Check::Cluster(check), _) if changed => note(check(&transition))?,
                (Check::Request(_) | Check::Cluster(_), _) => {}
            }
        }
        watch(&transition, &self.slots, &self.nodes);
        if changed {
            self.follow(after, same_members);
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
            for (old, new) in before.nodes().iter().zip(after.nodes()) {
                if old != new {
                    self.nodes.push(old.uid);
                }
            }
        } else {
            let members = before.nodes().iter().chain(after.nodes()).map(|node| node.uid);
            self.nodes.extend(members.filter(|uid| before.node(*uid) != after.node(*uid)));
            self.nodes.sort_unstable();
            self.nodes.dedup();
        }
        for &uid in &self.nodes {
            let slots = NodeAction::ALL.map(|action| Slot::Node(uid, action));
            self.slots
                .extend(slots.into_iter().filter(|slot| before.instance(*slot) != after.instance(*slot)));
        }
        if before.departed() != after.departed() {
            let gone = before.departed().iter().chain(after.departed()).map(|departed| departed.uid);
            let slots = gone.map(|uid| Slot::Node(uid, NodeAction::Remove));
            self.slots.extend(slots.filter(|slot| before.instance(*slot) != after.instance(*slot)));
            self.slots.sort_unstable();
            self.slots.dedup();
        }
        if before.instance(Slot::ChangeMaster) != after.instance(Slot::ChangeMaster) {
            self.slots.push(Slot::ChangeMaster);
        }
        same_members
    }

    /// Takes over what changed.
    fn follow(&mut self, after: &Cluster, same_members: bool) {
        let nodes = if same_members { Some(self.nodes.as_slice()) } else { None };
        self.before.follow(after, nodes);
    }
}
