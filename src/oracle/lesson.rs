//! What a refutation teaches: the few calls that force it, and the questions that it rests on.
//!
//! The search for one assignment of readings that explains a whole run is guided by counterexamples. An assignment is
//! tried on the run. Where it fails, the calls that force the failure are made few ([`core`](super::core)), and it is
//! found which answers refute them. The next assignment gives another answer to one of these, and so for everything that
//! was learned before. If none can, no single assignment explains the run, and the lessons say why; if a refutation rests
//! on no answer, the history diverges there.
//!
//! That some answers refute a few calls *whatever the others are* takes long to prove. It is supposed of the answers
//! which can each be changed by itself to explain the calls, those first that explain the most of what follows, and
//! proven ([`proof`]) only before it is said that there is no assignment: an assignment that was found has explained
//! everything, however it was come by. So whatever takes long is put off: to make calls few that are not few at once, and
//! to learn of a failure that no single answer mends as long as others teach something.

mod proof;

use super::call::Call;
use super::core::Core;
use super::divergence::{Divergence, Evidence};
use super::frontier::Found;
use super::judge::{Bench, Places, Verdict};
use super::open::{Bits, Open, Space};
use super::part::Kind;
use super::reading::{self, Agreed};
use super::unit::Unit;
use crate::spec::{Consulted, Question, Rules};

/// Calls, and what an assignment must answer otherwise to explain them.
#[derive(Debug)]
pub(super) struct Lesson {
    core: Core,
    /// The call that the assignment did not explain.
    failed: usize,
    /// That assignment.
    rules: Rules,
    /// The questions that decided something when it was tried on the calls, once those are as few as they can be.
    asked: Option<Consulted>,
    /// The questions whose answers refute them.
    needed: Vec<Question>,
    /// All assignments with these answers, if it is proven that they refute the calls.
    proof: Option<Space>,
    /// Unless it is proven that these answers refute them whatever the others are: the assignments that explain them
    /// and differ in one answer, those first that explain the most of what follows.
    supposed: Option<Vec<Rules>>,
}

impl Lesson {
    /// All assignments that answer one of the questions otherwise; as long as nothing is proven, as those did that
    /// were found to explain the calls.
    fn explained(&self, base: &Open, expected: &Rules) -> Vec<Open> {
        let rules = &self.rules;
        let Some(supposed) = &self.supposed else {
            let otherwise = |question: &Question| base.only(*question, !(1 << rules.answer(*question)));
            let mut explained: Vec<_> = self.needed.iter().filter_map(otherwise).collect();
            explained.sort_by_key(|open| reading::distance(open, expected));
            return explained;
        };
        let differing = |other: &Rules| {
            let question =
                self.needed.iter().find(|question| other.answer(**question) != rules.answer(**question));
            question.and_then(|question| base.only(*question, 1 << other.answer(*question)))
        };
        supposed.iter().filter_map(differing).collect()
    }

    /// Supposes that nothing but these assignments explains the calls.
    fn suppose(&mut self, rescuers: Vec<Rules>) {
        let differs = |question: &Question| {
            rescuers.iter().any(|other| other.answer(*question) != self.rules.answer(*question))
        };
        self.needed = Question::all().filter(differs).collect();
        self.supposed = Some(rescuers);
    }
}

/// What came of a refutation.
enum Learned {
    Lesson(Lesson),
    /// No single other answer explains the calls: what does takes long to work out.
    Hard(Lesson),
    /// Nothing explains those calls.
    Divergence(Box<Divergence>),
}

/// How many assignments are tried.
const TRIES_MAX: usize = 128;

/// How near the calls must be that force a failure.
const NEARBY: usize = 64;

/// How many refutations one assignment is asked for.
const REFUTED_MAX: usize = 8;

/// After so many calls the beginning of the history no longer matters: that any state may be before some calls takes
/// long to work out, but once only.
pub(super) const FROM_THE_BEGINNING_MAX: usize = 64;

impl Bench<'_> {
    /// Looks for an assignment that explains units, from one on, and agrees with what was learned; or says that there
    /// is none.
    pub(super) fn assign(
        &self,
        units: &[&Unit],
        mut centre: Rules,
        lessons: &mut Vec<Lesson>,
        places: &mut Places,
    ) -> Result<Rules, Verdict> {
        let mut tried = Vec::new();
        loop {
            tried.push(centre);
            let pass = self.pass(Space::listed(vec![centre]), units);
            let outcomes = units.iter().copied().zip(&pass.0);
            let mut refuted: Vec<_> =
                outcomes.filter_map(|(unit, outcome)| Some((unit, outcome.refuted()?))).collect();
            if pass.is_explained() {
                return Ok(centre);
            }
            refuted.sort_by_key(|(unit, call)| unit.calls.0[*call].ended);
            refuted.truncate(REFUTED_MAX);
            let (mut divergences, mut hard, known) = (Vec::new(), Vec::new(), lessons.len());
            for (unit, call) in refuted.iter().copied() {
                match self.learn(unit, call, &centre) {
                    Learned::Lesson(lesson) => lessons.push(lesson),
                    Learned::Hard(lesson) => hard.push((unit, lesson)),
                    Learned::Divergence(divergence) => divergences.push(*divergence),
                }
            }
            // What is hard to learn waits: what an easy lesson leads to may explain it as well.
            if lessons.len() > known {
                hard.clear();
            }
            for (unit, lesson) in hard {
                match self.learn_hard(unit, lesson) {
                    Ok(lesson) => lessons.push(lesson),
                    Err(divergence) => divergences.push(*divergence),
                }
            }
            if !divergences.is_empty() {
                return Err(Verdict::Diverges(divergences));
            }
            match self.agreed(lessons) {
                Agreed::By(next)
                    if !tried.contains(&next) && tried.len() < TRIES_MAX && self.left.get() > 0 =>
                {
                    centre = next;
                }
                Agreed::ByNone => return Err(Verdict::Diverges(vec![self.torn(lessons)])),
                Agreed::By(_) | Agreed::Unknown => {
                    places.note(units, &pass);
                    refuted.into_iter().for_each(|(unit, call)| places.give_up(unit, call));
                    return Err(Verdict::Undecided);
                }
            }
        }
    }

    fn explained(&self, lesson: &Lesson) -> Vec<Open> {
        lesson.explained(&self.base, &self.expected)
    }

    /// Looks for an assignment that agrees with all lessons. If none does, they are proven first.
    fn agreed(&self, lessons: &mut [Lesson]) -> Agreed {
        loop {
            let explained: Vec<_> = lessons.iter().map(|lesson| self.explained(lesson)).collect();
            let agreed = reading::agree(&self.base, &explained, &self.expected);
            let supposed = lessons.iter_mut().filter(|lesson| lesson.supposed.is_some());
            let easiest =
                supposed.min_by_key(|lesson| (lesson.asked.is_none(), lesson.core.unit.calls.0.len()));
            let Some(easiest) = easiest.filter(|_| agreed == Agreed::ByNone) else { return agreed };
            self.prove(easiest);
        }
    }

    /// What is to be learned of a unit that an assignment does not explain. Few calls are easier to explain than many,
    /// but to make them few can take long: it is done at once only where those are near that force the failure.
    fn learn(&self, unit: &Unit, failed: usize, rules: &Rules) -> Learned {
        let mut lesson = self.unlearned(unit, failed, rules);
        if lesson.asked.is_none() && lesson.failed < FROM_THE_BEGINNING_MAX && unit.kind != Kind::Node {
            self.reduce(&mut lesson);
        }
        lesson.suppose(self.rescuers(&lesson.core, unit, rules));
        if !lesson.needed.is_empty() {
            return Learned::Lesson(lesson);
        }
        match self.diverging(&lesson) {
            Some(divergence) => Learned::Divergence(divergence),
            None => Learned::Hard(lesson),
        }
    }

    /// The calls of a unit that an assignment does not explain: few if those are near, or else all of them.
    fn unlearned(&self, unit: &Unit, failed: usize, rules: &Rules) -> Lesson {
        let end = unit.calls.0[failed];
        let is_late = failed >= FROM_THE_BEGINNING_MAX && unit.kind != Kind::Node;
        let space = Space::listed(vec![*rules]);
        let nearby = is_late.then(|| {
            self.with_law(unit.kind, &space, |law| {
                let core = self.core_nearby(unit, failed, NEARBY, law)?;
                Some((core, Some(law.asked())))
            })
        });
        let (core, asked) = nearby.flatten().unwrap_or_else(|| (self.whole(unit, failed), None));
        let failed = place(&core, &end);
        Lesson {
            core,
            failed,
            rules: *rules,
            asked,
            needed: Vec::new(),
            proof: None,
            supposed: Some(Vec::new()),
        }
    }

    /// Makes the calls as few as they can be.
    fn reduce(&self, lesson: &mut Lesson) {
        let Lesson { core: Core { unit, .. }, failed, rules, .. } = &*lesson;
        let end = unit.calls.0[*failed];
        let is_short = *failed < FROM_THE_BEGINNING_MAX;
        let (core, asked) = self.with_law(unit.kind, &Space::listed(vec![*rules]), |law| {
            let core = self.core(unit, *failed, law, !is_short);
            (core, law.asked())
        });
        lesson.failed = place(&core, &end);
        (lesson.core, lesson.asked) = (core, Some(asked));
    }

    /// The assignments that explain a core and differ from one in one answer, those first that explain the most of the
    /// whole unit.
    fn rescuers(&self, core: &Core, unit: &Unit, rules: &Rules) -> Vec<Rules> {
        let star = reading::star(&self.base, rules);
        let header = self.header_of(core);
        let explained = self.with_law(core.unit.kind, &Space::listed(star.clone()), |law| {
            match self.search(&core.unit, &header, law) {
                Found::Explained(union) | Found::Wide { union, .. } => {
                    reading::listed(union.into_iter().map(|id| law.opens.get(id)))
                }
                Found::Refuted { .. } | Found::Exhausted { .. } => Bits::default(),
            }
        });
        if explained.has(0) {
            return Vec::new(); // The assignment itself: too much was taken for the same to tell.
        }
        let rescuers = star.into_iter().enumerate().filter(|(at, _)| explained.has(*at));
        let rescuers: Vec<_> = rescuers.map(|(_, rules)| rules).collect();
        if rescuers.len() < 2 {
            return rescuers;
        }
        let survivors = self.survivors(unit, &Space::listed(rescuers.clone()));
        let (first, last): (Vec<_>, Vec<_>) =
            rescuers.into_iter().enumerate().partition(|(at, _)| survivors.has(*at));
        first.into_iter().chain(last).map(|(_, rules)| rules).collect()
    }

    /// The divergence of a run each part of which some assignment explains, and no assignment all of them: what the
    /// other parts need refutes one.
    fn torn(&self, lessons: &[Lesson]) -> Divergence {
        let agreed = |lessons: &[&Lesson]| {
            let unions: Vec<_> = lessons.iter().map(|lesson| self.explained(lesson)).collect();
            reading::agree(&self.base, &unions, &self.expected)
        };
        let mut needed: Vec<&Lesson> = lessons.iter().collect();
        let mut at = 0;
        while at < needed.len() {
            let lesson = needed.remove(at);
            if agreed(&needed) != Agreed::ByNone {
                needed.insert(at, lesson);
                at += 1;
            }
        }
        let cores: Vec<_> = needed.iter().map(|lesson| self.least(lesson)).collect();
        let (last, others) = needed.split_last().expect("without a lesson everything agrees");
        let rules = match agreed(others) {
            Agreed::By(rules) => rules,
            Agreed::ByNone | Agreed::Unknown => self.expected,
        };
        let mut divergence = self.explain(&last.core.unit, last.failed, &Space::listed(vec![rules]));
        let explained = self.explained(last);
        let between = others.iter().flat_map(|other| reading::torn(&self.explained(other), &explained));
        let mut why: Vec<_> = between.collect();
        if why.is_empty() {
            why = needed.iter().flat_map(|lesson| &lesson.needed).map(|it| it.id().to_owned()).collect();
        }
        why.sort_unstable();
        why.dedup();
        divergence.sentence =
            format!("no single reading explains all of it ({}). {}", why.join("; "), divergence.sentence);
        divergence.from_any_state = cores.iter().all(|core| core.from_any_state);
        let rest_on_others = needed.iter().zip(&cores).map(|(lesson, core)| {
            let space = Space::listed(vec![lesson.rules]);
            self.with_law(core.unit.kind, &space, |law| self.rests_on_others(core, law))
        });
        let Evidence { core, bystanders, looked_at } = self.evidence(cores.iter().zip(rest_on_others));
        (divergence.core, divergence.bystanders, divergence.looked_at) = (core, bystanders, looked_at);
        divergence
    }
}

/// The place of a call among those of a core that it is kept in.
fn place(core: &Core, sought: &Call) -> usize {
    let is_sought =
        |call: &Call| (call.id, call.slot, call.symbol) == (sought.id, sought.slot, sought.symbol);
    core.unit.calls.0.iter().position(is_sought).expect("the call that failed is kept")
}
