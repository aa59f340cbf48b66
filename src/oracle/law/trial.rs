//! What comes of a request in every setting, whatever it was that came back: tried once for all answers to it.

use std::rc::Rc;

use super::super::open::{OpenId, Set};
use super::super::part::{Held, Meant, NodePart, View, embed, project};
use super::super::seen::Symbol;
use super::super::setting::{Outside, Rest, Setting};
use super::unknown::plain_post;
use super::{Effect, Law, Local, NOTHING};
use crate::model::{Cluster, Input, Refusal, Reply, SnapshotKind, Why, step};
use crate::spec::rules::ConflictScope;
use crate::spec::{Consulted, Question, Rules, consulted};

/// One thing that comes of a request.
#[derive(Debug, Clone)]
pub(super) struct Trial<T> {
    /// What is answered.
    pub(super) what: T,
    pub(super) effect: Effect,
    /// The readings under which it is.
    pub(super) opens: Vec<OpenId>,
    /// The questions that decided it.
    pub(super) asked: Consulted,
}

/// What comes of a request.
pub(super) type Trials<T> = Rc<[Trial<T>]>;

/// For a set of instances outside of a cell, the readings under which one of them stands in the way, and the others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Blocking {
    blocked: Vec<OpenId>,
    free: Vec<OpenId>,
    asked: Consulted,
}

/// What a body is refused for, under which readings, and the questions that decide it.
#[derive(Debug)]
pub(super) struct BodyRefusals(Vec<(Set, Refusal)>, Consulted);

impl Law {
    /// What the law answers to the request of a symbol. What is live outside of the cell stands in the way or not: where
    /// it does not, nothing might as well be live.
    pub(super) fn trials(&mut self, local: Local, symbol: &Symbol) -> Vec<Trial<Reply>> {
        self.as_blocked(local, symbol, Self::trials_of)
    }

    /// What the request of a symbol can be refused for when the law refuses it for something else: where several errors
    /// apply, any of them may win.
    pub(super) fn other_refusals(&mut self, local: Local, symbol: &Symbol) -> Vec<Trial<Refusal>> {
        self.as_blocked(local, symbol, Self::other_refusals_of)
    }

    fn as_blocked<T: Clone>(
        &mut self,
        local: Local,
        symbol: &Symbol,
        trials: impl Fn(&mut Self, Local, &Symbol) -> Trials<T>,
    ) -> Vec<Trial<T>> {
        let with = |outside| Symbol { outside, seen: None, ..symbol.clone() };
        if symbol.outside == Outside::default() {
            return trials(self, local, &with(symbol.outside)).to_vec();
        }
        let blocking = self.blocking(local.slot, symbol.outside);
        let mut found = Vec::new();
        let blocked = Outside::in_the_way(self.kind);
        for (outside, limits) in [(Outside::default(), &blocking.free), (blocked, &blocking.blocked)] {
            if limits.is_empty() {
                continue;
            }
            for trial in trials(self, local, &with(outside)).iter() {
                let mut opens = Vec::new();
                for (one, limit) in trial.opens.iter().flat_map(|one| limits.iter().map(move |it| (one, it)))
                {
                    if let Some(open) = self.opens.meet(*one, *limit) {
                        self.opens.unite(&mut opens, open);
                    }
                }
                if !opens.is_empty() {
                    let asked = trial.asked.and(blocking.asked);
                    found.push(Trial { opens, asked, ..trial.clone() });
                }
            }
        }
        found
    }

    /// What was live outside when something first hindered a POST in the same way; nothing, if nothing does.
    pub(super) fn first_alike(&mut self, slot: u8, outside: Outside) -> Outside {
        let blocking = self.blocking(slot, outside);
        if blocking.blocked.is_empty() {
            return Outside::default();
        }
        let alike = self.blocking.iter().find(|((other, _), known)| (*other, *known) == (slot, &blocking));
        alike.map_or(outside, |((_, first), _)| *first)
    }

    /// Whether what is live outside stands in the way of a POST: that is asked of the law, for a submission that nothing
    /// else is wrong with.
    fn blocking(&mut self, slot: u8, outside: Outside) -> Rc<Blocking> {
        if let Some(known) = self.blocking.get(&(slot, outside)) {
            return Rc::clone(known);
        }
        let symbol = Symbol { outside, ..Symbol::plain(plain_post(self.kind.slot(slot.into())), None) };
        let node = NodePart { snapshots: vec![SnapshotKind::Maintenance], ..NodePart::fresh() };
        let (slot_at, held, meant) = (slot.into(), &Held::Nothing, Meant::Absent);
        let view = View { kind: self.kind, slot: slot_at, node: &node, held, meant };
        let before = embed(&view, &Setting { rest: Rest::Usual, outside });
        let far = farthest_conflict().map(|(question, _)| question);
        let usual = Rules::default();
        let others = Question::all().filter(|question| !far.contains(question));
        let others: Vec<_> = others.map(|question| (question, usual.answer(question))).collect();
        let is_blocked = |rules: &Rules| {
            let reply = step(&mut before.clone(), rules, &symbol.input(meant));
            matches!(reply, Reply::Refused(Refusal { why: Why::Conflict, .. }))
        };
        let cases =
            self.space.cases_supposing(&others, |rules| (is_blocked(rules), is_blocked(&widest(rules))));
        let mut ids = |counts: fn((bool, bool)) -> bool| -> Vec<OpenId> {
            let sets = cases.iter().filter(|(_, blocked)| counts(*blocked));
            sets.map(|(set, _)| self.opens.id(set.clone())).collect()
        };
        let (blocked, free) = (ids(|(is, may_be)| is || may_be), ids(|(is, _)| !is));
        let decides = !blocked.is_empty() && !free.is_empty();
        let asked = far.into_iter().filter(|_| decides).collect();
        let blocking = Rc::new(Blocking { blocked, free, asked });
        Rc::clone(self.blocking.entry((slot, outside), || blocking))
    }

    fn trials_of(&mut self, local: Local, symbol: &Symbol) -> Trials<Reply> {
        let key = self.tried(local, symbol);
        if let Some(known) = self.trials.get(&key) {
            return Rc::clone(known);
        }
        let mut found = Vec::new();
        self.in_every_setting(local, symbol, |law, before, input| {
            let (results, asked) = consulted(|| law.try_all(local, before, input, symbol.outside));
            for (open, (reply, effect)) in results {
                law.gather(&mut found, reply, effect, open, asked);
            }
        });
        let found = Rc::from(found);
        Rc::clone(self.trials.entry(key, || found))
    }

    fn other_refusals_of(&mut self, local: Local, symbol: &Symbol) -> Trials<Refusal> {
        let key = self.tried(local, symbol);
        if let Some(known) = self.other_refusals.get(&key) {
            return Rc::clone(known);
        }
        let for_body = self.body_refusals(local, symbol);
        let for_state = symbol.stand_ins().0;
        let mut found = Vec::new();
        self.in_every_setting(local, symbol, |law, before, input| {
            let ((refused, others), asked) = consulted(|| {
                let mut results = law.try_all(local, before, input, symbol.outside);
                results.retain(|(_, (reply, _))| matches!(reply, Reply::Refused(_)));
                let stand_in = for_state.as_ref().filter(|_| !results.is_empty());
                let others = stand_in.map(|stand_in| stand_in.refusals(before, &law.space));
                (results, others.unwrap_or_default())
            });
            for (open, (_, effect)) in refused {
                for (other, refusal) in others.iter().chain(for_body.0.iter()) {
                    if let Some(open) = open.meet(other) {
                        law.gather(&mut found, *refusal, effect, open, asked.and(for_body.1));
                    }
                }
            }
        });
        let found = Rc::from(found);
        Rc::clone(self.other_refusals.entry(key, || found))
    }

    /// What the body of a request can be refused for, wherever it is sent. Everything around a cell may be otherwise at
    /// any moment, and so whatever refuses it somewhere will do.
    fn body_refusals(&mut self, local: Local, symbol: &Symbol) -> Rc<BodyRefusals> {
        let symbol = &Symbol { outside: Outside::default(), ..symbol.clone() };
        let local = Local { held: NOTHING, ..local };
        let key = self.own(symbol.clone());
        if let Some(known) = self.body_refusals.get(&key) {
            return Rc::clone(known);
        }
        let (found, asked) = consulted(|| {
            let mut found: Vec<(Set, Refusal)> = Vec::new();
            for setting in self.settings_of(symbol) {
                let before = self.embed(local, &NodePart::fresh(), Meant::Absent, &setting);
                for stand_in in symbol.stand_ins().1 {
                    let refusals = stand_in.refusals(&before, &self.space).into_iter();
                    found.extend(refusals.filter(|one| !found.contains(one)).collect::<Vec<_>>());
                }
            }
            found
        });
        let found = Rc::new(BodyRefusals(found, asked));
        Rc::clone(self.body_refusals.entry(key, || found))
    }

    /// The local and the request, by their numbers.
    fn tried(&mut self, local: Local, symbol: &Symbol) -> (u32, u32) {
        (self.number(local), self.own(symbol.clone()))
    }

    fn in_every_setting(
        &mut self,
        local: Local,
        symbol: &Symbol,
        mut act: impl FnMut(&mut Self, &Cluster, &Input),
    ) {
        for (part, meant) in self.parts(local, false) {
            let input = symbol.input(meant);
            for setting in self.settings_of(symbol) {
                let before = self.embed_for(local, &part, meant, &setting, symbol);
                act(self, &before, &input);
            }
        }
    }

    /// What comes of an input, if it happens, for all readings: all those under which something outside stands in the
    /// way if there is something. How far it must be away for that is a question that is answered by then, and so it is
    /// not asked here.
    pub(super) fn try_all(
        &mut self,
        local: Local,
        before: &Cluster,
        input: &Input,
        outside: Outside,
    ) -> Vec<(Set, (Reply, Effect))> {
        let slot = self.kind.slot(local.slot.into());
        let known = self.nodes.value(local.node).data;
        let act = |rules: &Rules| {
            let mut after = before.clone();
            let reply = step(&mut after, rules, input);
            if matches!(reply, Reply::NotEnabled(_)) {
                return (reply, None);
            }
            let data = known.map(|data| data.after(before, slot, rules, input));
            let after = project(&after, self.kind, local.slot.into(), data);
            (reply, Some(after))
        };
        let found = if outside == Outside::default() {
            self.space.cases(act)
        } else {
            self.space.cases_supposing(&farthest_conflict(), act)
        };
        let happened = found.into_iter().filter_map(|(open, (reply, after))| Some((open, reply, after?)));
        happened.map(|(open, reply, after)| (open, (reply, self.effect(local, &after)))).collect()
    }

    fn gather<T: PartialEq>(
        &mut self,
        found: &mut Vec<Trial<T>>,
        what: T,
        effect: Effect,
        open: Set,
        asked: Consulted,
    ) {
        let open = self.opens.id(open);
        match found.iter_mut().find(|known| known.effect == effect && known.what == what) {
            Some(known) => {
                self.opens.unite(&mut known.opens, open);
                known.asked = known.asked.and(asked);
            }
            None => found.push(Trial { what, effect, opens: vec![open], asked }),
        }
    }
}

/// The readings under which any two instances are in conflict, wherever they are.
fn farthest_conflict() -> [(Question, usize); 2] {
    ["R-CONFLICT-SCOPE", "R-CONFLICT-CROSS"].map(|id| {
        let question = Question::find(id).expect("the reading is modelled");
        (question, question.answers() - 1)
    })
}

/// The rules as wide as they may be meant: where only one action of any kind may be live in the cluster, that may be so
/// of its own action as well (R-CONFLICT-SCOPE), whatever excludes each other beyond that (R-CONFLICT-CROSS).
fn widest(rules: &Rules) -> Rules {
    let mut widest = *rules;
    if rules.conflict_scope() == ConflictScope::ClusterAny {
        let [_, (cross, all)] = farthest_conflict();
        widest.choose(cross, all);
    }
    widest
}

#[cfg(test)]
mod tests {
    use super::super::super::open::{Open, Space};
    use super::super::super::part::Kind;
    use super::super::{Membership, Sizes};
    use super::*;
    use crate::model::{Answer, NodeAction};

    #[test]
    fn only_a_conflict_hinders_a_plain_submission() {
        for kind in [Kind::Node, Kind::Cluster] {
            for slot in (0..kind.slots()).filter_map(|slot| u8::try_from(slot).ok()) {
                let space = Space::Any(Open::all());
                let mut law = Law::new(kind, space, Sizes::at_least(3));
                let [none, some] = [Outside::default(), Outside::in_the_way(kind)].map(|outside| {
                    let blocking = law.blocking(slot, outside);
                    (blocking.blocked.is_empty(), blocking.free.is_empty())
                });
                assert_eq!((none, some), ((true, false), (false, false)), "{kind:?} {slot}");
            }
        }
    }

    #[test]
    fn what_is_in_the_way_hinders_a_submission_in_every_setting() {
        for kind in [Kind::Slot(NodeAction::Remove), Kind::Node, Kind::Cluster] {
            let mut law = Law::new(kind, Space::Any(Open::all()), Sizes::at_least(1));
            let node = law
                .nodes
                .number(NodePart { snapshots: vec![SnapshotKind::Maintenance], ..NodePart::fresh() });
            let membership = Membership { may_exist: true, may_lack: false };
            let local = Local { slot: 0, node, held: NOTHING, meant: Meant::Absent, membership };
            let mut count = |outside| {
                let symbol = Symbol { outside, ..Symbol::plain(plain_post(kind.slot(0)), None) };
                let trials = law.trials_of(local, &symbol);
                trials
                    .iter()
                    .filter(|trial| matches!(trial.what, Reply::Answer(Answer::Accepted(..))))
                    .count()
            };
            let accepted = [Outside::default(), Outside::in_the_way(kind)].map(&mut count);
            assert!(accepted[0] > 0 && accepted[1] == 0, "{kind:?}: {accepted:?}");
        }
    }
}
