//! What the law cannot tell apart is asked once: instances that stand elsewhere and hinder a POST in the same way, what
//! a slot holds when a POST comes that looks at no more of it than whether it has ended, and lost calls that can do the
//! same.
//!
//! Nothing is decided here. That one answer serves for many is what the law says, and a test asks for each by itself.

use std::rc::Rc;

use super::super::call::{Bond, Call, Calls, Label};
use super::super::part::{Held, Kind, Meant, NodePart, some_instance};
use super::super::seen::{Symbol, Told};
use super::super::setting::Outside;
use super::{Decided, HeldId, Law, Local, Membership, NOTHING, SymbolId};
use crate::model::{Method, NodeAction, Slot, Status};

/// So few lost calls are not worth comparing.
const LOST_FEW: usize = 4;

/// Some label of a snapshot.
const ANY_NAME: Label = 1;

impl Law {
    /// The same calls, those equal that this law cannot tell apart: that are hindered alike by what stands elsewhere,
    /// and, of those that did not come back, that can do the same.
    pub(in super::super) fn alike(&mut self, calls: &Calls) -> Calls {
        let lost = calls.0.iter().filter(|call| call.bond == Bond::Lost).count();
        let alike = |call: &Call| {
            let mut alike = Call { symbol: self.hindered_alike(call.slot, call.symbol), ..*call };
            if self.kind != Kind::Node {
                alike.name = alike.name.min(ANY_NAME);
                alike.symbol = if lost > LOST_FEW { self.able_alike(&alike) } else { alike.symbol };
            }
            alike
        };
        Calls(calls.0.iter().map(alike).collect())
    }

    /// The first symbol that did not come back and can do the same, whatever its slot holds.
    fn able_alike(&mut self, call: &Call) -> SymbolId {
        if self.symbol(call.symbol).seen.is_some() {
            return call.symbol;
        }
        let meant = if call.name == 0 { Meant::Absent } else { Meant::At(0) };
        let key = (call.slot, call.symbol, meant);
        if let Some(known) = self.able.get(&key) {
            return *known;
        }
        let mut can = Vec::new();
        for (may_exist, may_lack) in [(true, false), (true, true), (false, true)] {
            let membership = Membership { may_exist, may_lack };
            let node = self.nodes.number(NodePart::fresh());
            let empty = Local { slot: call.slot, node, held: NOTHING, meant, membership };
            let candidates = self.candidates(empty);
            for held in [NOTHING].iter().chain(candidates.iter()) {
                can.push(self.decided(Local { held: *held, ..empty }, call.symbol).0.clone());
            }
        }
        let first = *self.abilities.entry((call.slot, can), || call.symbol);
        *self.able.entry(key, || first)
    }

    /// The first symbol that speaks of the same and is hindered in the same way.
    fn hindered_alike(&mut self, slot: u8, number: SymbolId) -> SymbolId {
        let outside = self.symbol(number).outside;
        if outside == Outside::default() {
            return number;
        }
        if let Some(known) = self.hindered.get(&(slot, number)) {
            return *known;
        }
        let first = self.first_alike(slot, outside);
        let alike = if first == outside {
            number
        } else {
            let symbol = Symbol { outside: first, ..self.symbol(number).clone() };
            self.own(symbol)
        };
        *self.hindered.entry((slot, number), || alike)
    }

    /// What a call can have done to a slot, if that was worked out for another one that the law does not tell apart.
    pub(super) fn answers_alike(&mut self, local: Local, symbol: SymbolId) -> Option<Decided> {
        let held = self.held_alike(local, symbol).filter(|held| *held != local.held)?;
        let (answers, asked) = self.decided(Local { held, ..local }, symbol).clone();
        // A new instance that is just like the one which stands for others cannot be told from it.
        if answers.iter().any(|answered| answered.told == Told::NewTask && answered.effect.held == held) {
            return None;
        }
        let mut answers = answers.to_vec();
        for answered in answers.iter_mut().filter(|answered| answered.effect.held == held) {
            answered.effect.held = local.held;
        }
        Some((Rc::from(answers), asked))
    }

    /// What may as well be in a slot when a POST comes. It ends the run of an instance that is being cancelled
    /// (R-CONFLICT-STATES), and looks at no other.
    fn held_alike(&mut self, local: Local, symbol: SymbolId) -> Option<HeldId> {
        let slot = self.kind.slot(local.slot.into());
        let status = self.helds.value(local.held).status()?;
        let alike = match status {
            _ if self.symbol(symbol).request.method != Method::Post => return None,
            Status::Cancelling if matches!(self.kind, Kind::Slot(_)) => status,
            Status::Cancelling => return None,
            // The node may be gone.
            Status::Completed if matches!(slot, Slot::Node(_, NodeAction::Remove)) => status,
            _ if status.is_final() => Status::Failed,
            _ => Status::Running,
        };
        Some(self.helds.number(Held::One(some_instance(slot, alike))))
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use serde_json::json;

    use super::super::super::call::NEVER;
    use super::super::super::data::Data;
    use super::super::super::open::{OpenId, Space};
    use super::super::super::part::HOME;
    use super::super::super::seen::Seen;
    use super::super::unknown::{delete, post};
    use super::super::{Answered, Effect, Found, Sizes};
    use super::*;
    use crate::history::CallId;
    use crate::model::{Caller, Request, Role};
    use crate::spec::{Question, Rules};

    #[test]
    fn what_is_said_to_be_answered_alike_is() {
        let rules: Vec<_> = (0..RULES).map(drawn).collect();
        let kinds = [Kind::Node, Kind::Cluster].into_iter().chain(NodeAction::ALL.map(Kind::Slot));
        let mut alike = 0;
        for kind in kinds {
            let mut law = Law::new(kind, Space::listed(rules.clone()), Sizes::at_least(3));
            let mut asks = Asks { law: &mut law, alike: 0, alone: 0 };
            asks.ask_all();
            assert!(asks.alike > 400 && asks.alone > 0, "{kind:?}: {} and {}", asks.alike, asks.alone);
            alike += asks.alike;
        }
        assert!(alike > 5_000, "{alike}");
    }

    const RULES: u64 = 24;

    /// Nodes with more of them are not asked about.
    const SNAPSHOTS: usize = 1;

    /// Rules with any answer to each question.
    fn drawn(seed: u64) -> Rules {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut rules = Rules::default();
        for question in Question::all() {
            rules.choose(question, random.random_range(0..question.answers()));
        }
        rules
    }

    #[test]
    fn lost_calls_are_one_class_if_they_can_do_the_same() {
        let slot = Slot::Node(HOME, NodeAction::MaintenanceOn);
        let kind = Kind::Slot(NodeAction::MaintenanceOn);
        let mut law = Law::new(kind, Space::listed(vec![Rules::default()]), Sizes::at_least(3));
        let mut lost = |request| Call {
            id: CallId(0),
            symbol: law.own(Symbol::plain(request, None)),
            slot: 0,
            looks_at_node: false,
            user_snapshots: 0,
            may_clear: 0,
            invoked: 1,
            ended: NEVER,
            bond: Bond::Lost,
            is_pure: false,
            task: 0,
            target: None,
            name: 0,
            shown: 0,
        };
        let by_viewer = |request| Request { caller: Caller::Role(Role::ClusterViewer), ..request };
        let calls = [
            post(slot, json!({})),
            post(slot, json!({"keep_slave_shards": null})),
            post(slot, json!({"overwrite_snapshot": true})),
            delete(slot),
            post(slot, json!([])),
            by_viewer(post(slot, json!({}))),
            by_viewer(delete(slot)),
        ];
        let calls = Calls(calls.map(&mut lost).to_vec());
        let symbols: Vec<_> = law.alike(&calls).0.iter().map(|call| call.symbol).collect();
        let first = symbols.iter().map(|symbol| symbols.iter().position(|it| it == symbol));
        let first: Vec<_> = first.flatten().collect();
        assert_eq!(first, [0, 0, 2, 3, 4, 4, 4]);
        let few = Calls(calls.0[..LOST_FEW].to_vec());
        assert_eq!(law.alike(&few).0, few.0);
    }

    /// What was asked in both ways, and what in one only.
    struct Asks<'a> {
        law: &'a mut Law,
        alike: usize,
        alone: usize,
    }

    impl Asks<'_> {
        fn ask_all(&mut self) {
            for at in 0..self.law.kind.slots() {
                let slot = u8::try_from(at).expect("cells are small");
                let symbols = self.symbols(self.law.kind.slot(at));
                for node in self.nodes() {
                    let membership = Membership { may_exist: true, may_lack: true };
                    let start = Local { slot, node, held: NOTHING, meant: Meant::Absent, membership };
                    for local in self.law.reachable(start) {
                        if self.law.nodes.value(local.node).snapshots.len() > SNAPSHOTS {
                            continue;
                        }
                        symbols.iter().for_each(|symbol| self.ask(local, *symbol));
                    }
                }
            }
        }

        fn ask(&mut self, local: Local, symbol: SymbolId) {
            match self.law.answers_alike(local, symbol) {
                Some((alike, decided)) => {
                    let (alone, looked_at) = self.law.find_answers(local, symbol);
                    let [alike, alone] = [alike, alone].map(|answers| self.united(local, &answers));
                    let (asked, held) = (self.law.symbol(symbol), self.law.helds.value(local.held));
                    assert_eq!(alike, alone, "{asked:?} {held:?} {:?}", self.law.nodes.value(local.node));
                    assert_eq!(decided.and(looked_at), looked_at, "{asked:?} {held:?}");
                    self.alike += 1;
                }
                None => self.alone += 1,
            }
            let same = self.law.hindered_alike(local.slot, symbol);
            if same != symbol && local.held == NOTHING {
                assert_eq!(self.law.find_answers(local, same), self.law.find_answers(local, symbol));
                self.alike += 1;
            }
        }

        /// Answers in one form. Where the snapshots of the node may be any at any moment, the one that is being
        /// restored may be gone at any moment too: it is all the same whether it is when a POST comes.
        fn united(&mut self, local: Local, answers: &[Answered]) -> Vec<(Effect, Told, Vec<OpenId>)> {
            let held = self.law.helds.value(local.held);
            let gone = held.carried(&[]).filter(|_| matches!(self.law.kind, Kind::Slot(_)));
            let gone = gone.and_then(|gone| self.law.helds.find(&gone));
            let mut found = Found::default();
            for Answered { open, mut effect, told } in answers.iter().copied() {
                effect.held = if Some(effect.held) == gone { local.held } else { effect.held };
                found.add(effect, told, open, &mut self.law.opens);
            }
            found.0.sort_by_key(|(effect, ..)| effect.held);
            found.0
        }

        fn nodes(&mut self) -> Vec<u32> {
            let placed = NodePart { data: Some(Data::fresh()), ..NodePart::fresh() };
            let is_whole = self.law.kind == Kind::Node;
            let parts = [NodePart::fresh()].into_iter().chain(is_whole.then_some(placed));
            parts.map(|part| self.law.nodes.number(part)).collect()
        }

        /// Submissions, well-formed and not, and what else can come, each with what may be seen.
        fn symbols(&mut self, slot: Slot) -> Vec<SymbolId> {
            let bodies =
                [json!({"node_uid": "1"}), json!({"snapshot_name": "named"}), json!({"surprise": 1})];
            let outsides = [Outside::default(), Outside::CLUSTER, Outside::here(2)];
            let codes = [400, 404, 409].map(|code| Some(Seen::Code(code)));
            let seen: Vec<_> = codes.into_iter().chain([None, Some(Seen::Accepted)]).collect();
            let mut symbols = vec![self.law.own(Symbol::plain(delete(slot), None))];
            for body in bodies {
                for outside in outsides {
                    for seen in &seen {
                        let symbol = Symbol { outside, ..Symbol::plain(post(slot, body.clone()), *seen) };
                        symbols.push(self.law.own(symbol));
                    }
                }
            }
            symbols
        }
    }
}
