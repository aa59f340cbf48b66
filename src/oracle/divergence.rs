//! From a unit that is refuted to what a person needs to believe it.

mod at_once;
mod clauses;
mod evidence;
mod sentence;

use super::call::{Bond, Call, Calls, CellName};
use super::core::{Core, core, core_within, refuted_window, until};
use super::explain::{Expected, tell};
use super::frontier::{Found, Possible, Search};
use super::judge::Bench;
use super::law::Law;
use super::open::{Bits, Space};
use super::part::Kind;
use super::reading::{self, Readings};
use super::unit::{self, Unit};
use super::world::Course;
use super::worlds::Worlds;
use super::{Budget, Reductions};
pub(super) use evidence::Evidence;

use crate::history::{CallId, Header};
use crate::model::Slot;
use crate::spec::Consulted;

/// Where a history cannot be explained, and why.
#[derive(Debug, Clone)]
pub struct Divergence {
    /// What was judged by itself: a node or the cluster.
    pub cell: CellName,
    /// The action, if it is about one.
    pub action: Option<&'static str>,
    /// The call whose answer nothing explains.
    pub call: CallId,
    /// The number of the record with its answer, from 1.
    pub record: u64,
    /// All in one sentence.
    pub sentence: String,
    /// What came back.
    pub observed: String,
    /// What the worlds that were possible would have answered, each with the clauses that say so.
    pub expected: Vec<Expected>,
    /// The clauses that are violated, the most telling first.
    pub clauses: Vec<&'static str>,
    /// What was asked: method and action.
    pub operation: String,
    /// What makes two divergences the same one.
    pub signature: String,
    /// The calls that force the verdict, in the order of their beginnings.
    pub core: Vec<CallId>,
    /// Calls in between that could have acted, and cannot help.
    pub bystanders: Vec<CallId>,
    /// The slots that each call is looked at for: of a list of actions only what is said of them belongs to the core, or
    /// all that there is, if it is looked at for the removal of its node or for the cluster.
    pub looked_at: Vec<(CallId, Slot)>,
    /// Whether the core is impossible from every state, and not only from the beginning of the history.
    pub from_any_state: bool,
    /// Whether each answer by itself can be explained, but not all of them by one reading.
    pub by_no_single_reading: bool,
    /// What the slot of the call could be as the core went on, until the answer that nothing explains.
    pub possible: Vec<Possible>,
    /// The questions that decided what the calls of the core could be answered, each with the answers that were tried.
    pub tried: Readings,
}

/// How many calls are tried first.
const SOON: usize = 16;

/// How many worlds are looked at to search calls once more.
const SEARCH_WORLDS: u64 = 2_000_000;

/// How many worlds are looked at to make a core smaller.
const CORE_WORLDS: u64 = 4_000_000;

/// How many times as many worlds as for all calls from the beginning on, and how many at least, are looked at to find out
/// whether some of them are enough. The less is known, the more is possible: what takes long is hardly ever refuted.
const TRY_TIMES: u64 = 4;
const TRY_WORLDS_MIN: u64 = 5_000;

/// How many worlds are looked at to find why the last few calls are impossible, where that is only quicker than not to.
const SOON_WORLDS: u64 = 100_000;

/// How many worlds are looked at to find calls nearby that force a refutation: where that takes longer, all calls serve.
const NEARBY_WORLDS: u64 = 10_000;

impl Divergence {
    /// The operation and what was observed: what makes two divergences the same one, be the worlds before them others.
    pub fn kind(&self) -> String {
        format!("{}: {}", self.operation, self.observed)
    }

    /// The clauses, what was observed, and what was expected in which world: a line each.
    pub fn comparison(&self) -> String {
        let mut lines = format!("  clauses   {}\n  observed  {}\n", self.clauses.join(", "), self.observed);
        for (at, Expected { world, answer, clauses }) in self.expected.iter().enumerate() {
            let label = if at == 0 { "expected" } else { "" };
            lines.push_str(&format!("  {label:<8}  {answer}, if {world} ({})\n", clauses.join(", ")));
        }
        lines
    }

    /// The method and the clause that is broken first of all, whatever action and status it is about.
    pub fn shape(&self) -> (&str, Option<&'static str>) {
        (self.operation.split(' ').next().unwrap_or_default(), self.clauses.first().copied())
    }
}

impl Bench<'_> {
    /// Explains why a unit is refuted at the end of a call: by no mixture of readings, or by no single one.
    pub(super) fn explain(&self, unit: &Unit, failed: usize, space: &Space) -> Divergence {
        self.with_law(unit.kind, space, |law| self.explain_by(unit, failed, space, law))
    }

    pub(super) fn with_law<T>(&self, kind: Kind, space: &Space, work: impl FnOnce(&mut Law) -> T) -> T {
        let mut law = self.law(kind, space.clone());
        let worked = work(&mut law);
        self.shelf.put(law);
        worked
    }

    fn explain_by(&self, unit: &Unit, failed: usize, space: &Space, law: &mut Law) -> Divergence {
        self.explain_at(unit, failed, space, law, space.single().is_none())
    }

    /// Explains why a unit is refuted at the end of a call, or of an earlier one if that may be.
    fn explain_at(
        &self,
        unit: &Unit,
        failed: usize,
        space: &Space,
        law: &mut Law,
        may_be_before: bool,
    ) -> Divergence {
        let core = self.core(unit, failed, law, true);
        let small = &core.unit;
        let end = &unit.calls.0[failed];
        let rules = space.single().unwrap_or(self.expected);
        let rests_on_others = self.rests_on_others(&core, law);
        law.learn(self.sorted.symbols.get(unit.kind)); // From here on it notes what this core asks.
        let mut course = self.course(small, law);
        let mut possible = Vec::new();
        let (refuted, before) = self.retrace(&core, end.slot, &mut course, &mut possible);
        // What one assignment does not explain may only follow what no assignment explains.
        let other = refuted.and_then(|call| unit.find(&small.calls.0[call]));
        if let Some(other) = other.filter(|other| may_be_before && *other != failed) {
            return self.explain_at(unit, other, space, law, false);
        }
        // Of a list, parts of the answer may be explained that came at the same moment.
        possible.retain(|it| it.record < u64::from(end.ended));
        (course.now, course.may_clear) = (end.ended, end.may_clear);
        let by_no_single_reading = !matches!(space, Space::Any(_));
        let story = tell(&mut course, &before, end, &rules, by_no_single_reading);
        let tried = self.tried(space, law.asked());
        let action = match unit.kind {
            Kind::Cluster => Some(Slot::ChangeMaster.action_name()),
            Kind::Slot(action) => Some(action.name()),
            Kind::Node => None,
        };
        let clauses = clauses::clauses(law, small, end, story.clauses);
        let Evidence { core: ids, bystanders, looked_at } = self.evidence([(&core, rests_on_others)]);
        let symbol = law.symbol(end.symbol);
        let about = if end.looks_at_node { unit.cell.to_string() } else { unit.name() };
        let mut sentence = sentence::of(&about, end, symbol, &story.observed, &story.expected, &ids);
        if matches!(space, Space::Product(_)) {
            sentence =
                format!("no single reading explains all of it. {sentence}, as the other calls were answered");
        }
        Divergence {
            cell: unit.cell,
            action,
            call: end.id,
            record: end.ended.into(),
            sentence,
            observed: story.observed,
            expected: story.expected,
            clauses,
            operation: story.operation,
            signature: story.signature,
            core: ids,
            bystanders,
            looked_at,
            from_any_state: core.from_any_state,
            by_no_single_reading,
            possible,
            tried,
        }
    }

    /// The call of a core that is refuted, the worlds before its end, and what a slot could be until then.
    fn retrace(
        &self,
        core: &Core,
        slot: u8,
        course: &mut Course<'_>,
        possible: &mut Vec<Possible>,
    ) -> (Option<usize>, Worlds) {
        let worlds = unit::start(&self.header_of(core), &core.unit, self.sorted, course);
        let in_step = self.options.reductions.in_step();
        let mut search = self.searching(in_step, SEARCH_WORLDS, course, &core.unit);
        match search.run_telling(worlds, slot, possible) {
            Found::Refuted { before, call } => (Some(call), before),
            _ => (None, Worlds::default()),
        }
    }

    /// The answers to these questions that a space holds.
    fn tried(&self, space: &Space, asked: Consulted) -> Readings {
        let single = space.single();
        let answers = |question| match single {
            Some(rules) => vec![rules.answer(question)],
            None => self.base.answers(question).collect(),
        };
        asked.iter().map(|question| (question, answers(question))).collect()
    }

    /// The few calls that force a refutation under a law: from every state, if that may be and is so for a slot or the
    /// cluster, or else from the beginning.
    pub(super) fn core(&self, unit: &Unit, failed: usize, law: &mut Law, may_be_any: bool) -> Core {
        let unknown = self.header.clone().from_any_state();
        let may_be_any = may_be_any && unit.kind != Kind::Node;
        let mut left = CORE_WORLDS;
        if !may_be_any {
            self.is_refuted_within(&mut left, &self.whole(unit, failed).unit, self.header, law);
        }
        let each = if may_be_any { left } else { (TRY_TIMES * (CORE_WORLDS - left)).max(TRY_WORLDS_MIN) };
        let is_refuted = |unit: &Unit, from_any_state: bool| {
            let header = if from_any_state { &unknown } else { self.header };
            if from_any_state && !may_be_any {
                None
            } else {
                let before = each.min(left);
                let mut after = before;
                let is_refuted = self.is_refuted_within(&mut after, unit, header, law);
                left -= before - after;
                is_refuted
            }
        };
        core(unit, failed, |call| self.weakened(unit.kind, call), is_refuted)
    }

    /// The few calls that force a refutation from every state, if the last so many do.
    pub(super) fn core_nearby(
        &self,
        unit: &Unit,
        failed: usize,
        length_max: usize,
        law: &mut Law,
    ) -> Option<Core> {
        let unknown = self.header.clone().from_any_state();
        let mut left = NEARBY_WORLDS;
        core_within(unit, failed, length_max, &mut |call| self.weakened(unit.kind, call), |unit| {
            self.is_refuted_within(&mut left, unit, &unknown, law)
        })
    }

    /// All calls of a unit until one of them failed.
    pub(super) fn whole(&self, unit: &Unit, failed: usize) -> Core {
        let calls = until(unit, failed, &mut |call| self.weakened(unit.kind, call));
        Core { unit: unit.with(Calls(calls)), from_any_state: false }
    }

    /// A call of which is forgotten what came back; `None` if it can have had no effect.
    fn weakened(&self, kind: Kind, call: &Call) -> Option<Call> {
        let symbol = self.sorted.symbols.bare(kind, call.symbol);
        (!call.is_pure).then_some(Call { symbol, bond: Bond::Unjudged, task: 0, shown: 0, ..*call })
    }

    /// What is known of the beginning of a core.
    pub(super) fn header_of(&self, core: &Core) -> Header {
        let header = self.header.clone();
        if core.from_any_state { header.from_any_state() } else { header }
    }

    /// Explains why the last few calls before the end of one are impossible from every state, if they are: that is
    /// found much sooner than that the whole history is.
    pub(super) fn explain_soon(&self, unit: &Unit, failed: usize, space: &Space) -> Option<Divergence> {
        if unit.kind == Kind::Node {
            return None;
        }
        let unknown = self.header.clone().from_any_state();
        self.with_law(unit.kind, space, |law| {
            let mut weaken = |call: &Call| self.weakened(unit.kind, call);
            let mut left = SOON_WORLDS;
            let refuted = refuted_window(unit, failed, SOON, &mut weaken, |unit| {
                self.is_refuted_within(&mut left, unit, &unknown, law)
            });
            refuted.map(|_| self.explain_by(unit, failed, space, law))
        })
    }

    /// The assignments of a space that explain the most of a unit, of those that are listed.
    pub(super) fn survivors(&self, unit: &Unit, space: &Space) -> Bits {
        self.with_law(unit.kind, space, |law| {
            let in_step = self.options.reductions.in_step();
            let found = self.search_by(in_step, &mut { SEARCH_WORLDS }, unit, self.header, law);
            let union = match found {
                Found::Explained(union) | Found::Wide { union, .. } => union,
                Found::Refuted { before, .. } => before.iter().map(|(_, open)| open).collect(),
                Found::Exhausted { .. } => Vec::new(),
            };
            reading::listed(union.into_iter().map(|open| law.opens.get(open)))
        })
    }

    pub(super) fn search(&self, unit: &Unit, header: &Header, law: &mut Law) -> Found {
        let mut left = SEARCH_WORLDS;
        self.search_within(&mut left, unit, header, law)
    }

    /// Searches a unit with so many worlds looked at as are left, for this search and for all of them together.
    pub(super) fn search_within(&self, left: &mut u64, unit: &Unit, header: &Header, law: &mut Law) -> Found {
        self.search_by(self.options.reductions, left, unit, header, law)
    }

    fn search_by(
        &self,
        reductions: Reductions,
        left: &mut u64,
        unit: &Unit,
        header: &Header,
        law: &mut Law,
    ) -> Found {
        let mut course = self.course(unit, law);
        let worlds = unit::start(header, unit, self.sorted, &mut course);
        let most = (*left).min(SEARCH_WORLDS).min(self.left.get());
        let mut search = self.searching(reductions, most, &mut course, unit);
        let found = search.run(worlds);
        *left = left.saturating_sub(search.spent());
        self.left.set(self.left.get().saturating_sub(search.spent()));
        found
    }

    /// Whether a unit is refuted, if that is found with so many worlds looked at as are left.
    fn is_refuted_within(&self, left: &mut u64, unit: &Unit, header: &Header, law: &mut Law) -> Option<bool> {
        match self.search_within(left, unit, header, law) {
            Found::Refuted { .. } => Some(true),
            Found::Explained(_) | Found::Wide { .. } => Some(false),
            Found::Exhausted { .. } => None,
        }
    }

    fn searching<'a, 'b>(
        &self,
        reductions: Reductions,
        looks_max: u64,
        course: &'a mut Course<'b>,
        unit: &'a Unit,
    ) -> Search<'a, 'b> {
        let budget = Budget { worlds: looks_max, ..self.options.budget };
        Search::new(course, &unit.calls, reductions, budget, usize::MAX)
    }
}
