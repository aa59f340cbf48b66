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

    /// How often each invariant said something, in the order of [`ALL`].
    pub fn evaluated(&self) -> &[u64; ALL.len()] {
        &self.evaluated
    }

    /// Judges one step. `watch` sees the transition, and the slots and nodes that changed in it, before the
    /// judge moves on; it does not see a broken step.
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
        let before = &self.before;
        let changed = !self.slots.is_empty()
            || !self.nodes.is_empty()
            || before.primary() != after.primary()
            || before.tasks() != after.tasks();
        let transition = Transition { rules, before, input, reply, after, changed };
        for (count, invariant) in self.evaluated.iter_mut().zip(ALL) {
            let mut note = |verdict| match verdict {
                Verdict::Silent => Ok(()),
                Verdict::Holds => {
                    *count += 1;
                    Ok(())
                }
                Verdict::Broken(how) => Err(invariant.broken(how)),
            };
            match (&invariant.check, &input.act) {
                (Check::Request(check), Act::Request(request)) => note(check(&transition, request))?,
                (Check::Slot(check), _) if changed => {
                    for &slot in &self.slots {
                        let (before, after) = (before.instance(slot), after.instance(slot));
                        note(check(&transition, &Change { slot, before, after }))?;
                    }
                }
                (Check::Node(check), _) if changed => {
                    for &uid in &self.nodes {
                        let (before, after) = (before.node(uid), after.node(uid));
                        note(check(&transition, &NodeChange { uid, before, after }))?;
                    }
                }
                (Check::Cluster(check), _) if changed => note(check(&transition))?,
                _ => {}
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
