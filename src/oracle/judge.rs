//! The verdict: cells are judged one by one, and their readings must agree.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::BufRead;

use super::Options;
use super::cleared;
use super::divergence::Divergence;
use super::explain;
use super::law::Sizes;
use super::lesson::FROM_THE_BEGINNING_MAX;
use super::open::{Open, Space};
use super::outside;
use super::part::Kind;
use super::pass::{Outcome, Pass};
use super::reading::{self, Readings};
use super::shelf::Shelf;
use super::sort::{Sorted, Symbols};
use super::unit::{self, FirstStarts, Grain, Unit};
use crate::history::{BadLine, Header, Reader, Record};
use crate::spec::{Edition, Question, Rules, Stance};

/// What came of a history.
#[derive(Debug)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// How many answers were judged.
    pub judged: u64,
    /// How many calls were not, because the documents leave them open.
    pub unjudged: u64,
    /// How many calls had no answer and may have acted.
    pub lost: u64,
    /// How many records there were.
    pub records: u64,
    /// Whether the history has no end.
    pub is_truncated: bool,
    /// The edition, if it was said.
    pub edition: Option<Edition>,
    /// How often each operation was answered in each way.
    pub coverage: BTreeMap<String, u64>,
    /// Where the budget ended.
    pub undecided: Vec<Place>,
    /// From where on the actions of a node were judged one by one only.
    pub limits: Vec<Place>,
    /// For each question that an answer touched, the answers that still explain the run.
    pub readings: Readings,
}

impl Judgement {
    /// What diverges; nothing, whatever else the verdict is.
    pub fn divergences(&self) -> &[Divergence] {
        match &self.verdict {
            Verdict::Diverges(divergences) => divergences,
            Verdict::Conforms | Verdict::Undecided | Verdict::NothingChecked => &[],
        }
    }
}

/// A place in a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The node, the slot or the cluster.
    pub unit: String,
    /// The number of the record, from 1.
    pub record: u64,
}

/// The verdict on a history.
#[derive(Debug)]
pub enum Verdict {
    /// Some run of the law explains it.
    Conforms,
    /// No run does.
    Diverges(Vec<Divergence>),
    /// The budget ended first.
    Undecided,
    /// There was nothing to judge.
    NothingChecked,
}

/// Judges a history.
///
/// # Errors
///
/// A line is broken; nothing is judged then.
pub fn judge<R: BufRead>(history: Reader<R>, options: &Options) -> Result<Judgement, BadLine> {
    Judge::new(options.clone()).judge(history)
}

/// Judges histories one after the other. What was worked out about the law for one serves the next; the verdicts are
/// those of [`judge`].
#[derive(Debug)]
pub struct Judge {
    options: Options,
    symbols: Symbols,
    shelf: Shelf,
    /// Whether all histories are of one implementation.
    is_of_one: bool,
    /// What explained the last history that was explained, if they are.
    centre: Option<Rules>,
}

/// How many different answers are remembered.
const SYMBOLS_MAX: usize = 50_000;

impl Judge {
    /// A judge who has seen nothing yet.
    pub fn new(options: Options) -> Self {
        let shelf = Shelf::within(options.budget.bytes);
        Self { options, symbols: Symbols::default(), shelf, is_of_one: false, centre: None }
    }

    /// The same for histories of one implementation: the assignment of readings that explained one is tried first for
    /// the next. That is quicker, and the readings of all runs are told around one assignment as long as one explains
    /// them.
    pub fn of_one_implementation(self) -> Self {
        Self { is_of_one: true, ..self }
    }

    /// Judges a history that is read.
    ///
    /// # Errors
    ///
    /// A line is broken; nothing is judged then.
    pub fn judge<R: BufRead>(&mut self, mut history: Reader<R>) -> Result<Judgement, BadLine> {
        let header = history.header().clone();
        let mut sorted = Sorted::new(self.remembered(), unit::is_placed(&header));
        for record in &mut history {
            match record {
                Ok(record) => sorted.take(record),
                // What is remembered of the law speaks of symbols by their numbers, also after this.
                Err(line) => {
                    self.symbols = sorted.symbols;
                    return Err(line);
                }
            }
        }
        Ok(self.judge_sorted(&header, sorted, history.end().is_none()))
    }

    /// Judges a history of these records, to its end.
    pub fn judge_records(&mut self, header: &Header, records: impl IntoIterator<Item = Record>) -> Judgement {
        let mut sorted = Sorted::new(self.remembered(), unit::is_placed(header));
        records.into_iter().for_each(|record| sorted.take(record));
        self.judge_sorted(header, sorted, false)
    }

    fn remembered(&mut self) -> Symbols {
        let symbols = std::mem::take(&mut self.symbols);
        if symbols.len() <= SYMBOLS_MAX {
            return symbols;
        }
        self.shelf = Shelf::within(self.options.budget.bytes);
        Symbols::default()
    }

    fn judge_sorted(&mut self, header: &Header, mut sorted: Sorted, is_truncated: bool) -> Judgement {
        sorted.finish(&unit::members(header).unwrap_or_default());
        let bench = bench(header, &mut sorted, &self.options, &self.shelf, self.centre.as_ref());
        let judgement = bench.judge(is_truncated);
        self.centre = bench.centre.get().or(self.centre).filter(|_| self.is_of_one);
        self.symbols = sorted.symbols;
        judgement
    }
}

fn bench<'a>(
    header: &'a Header,
    sorted: &'a mut Sorted,
    options: &'a Options,
    shelf: &'a Shelf,
    centre: Option<&Rules>,
) -> Bench<'a> {
    let base = base(header, options);
    let expected = centre.copied().filter(|centre| base.contains(centre));
    let expected = expected.unwrap_or_else(|| reading::expected(&base));
    let starts = FirstStarts::of(sorted);
    outside::note(sorted, header, &starts, &base);
    cleared::note(sorted, &base);
    sorted.symbols.strip();
    let [slots, nodes] =
        [Grain::Slots, Grain::Nodes].map(|grain| unit::units(sorted, header, &starts, grain));
    let sizes = Sizes::at_least(unit::fewest(sorted, header, &starts));
    let names = (0..sorted.names.len()).filter_map(|name| u32::try_from(name).ok());
    let is_maintenance =
        names.map(|name| sorted.names.value(name).starts_with("maintenance_mode_")).collect();
    let centre = Cell::new(None);
    let left = Cell::new(LOOKS_MAX);
    Bench {
        header,
        sorted,
        slots,
        nodes,
        base,
        expected,
        centre,
        options,
        is_maintenance,
        sizes,
        shelf,
        left,
    }
}

/// Everything that is known before the search begins.
pub(super) struct Bench<'a> {
    pub(super) header: &'a Header,
    pub(super) sorted: &'a Sorted,
    slots: Vec<Unit>,
    nodes: Vec<Unit>,
    pub(super) base: Open,
    /// The assignment that is tried first.
    pub(super) expected: Rules,
    /// The one that explains the history, if it is found.
    centre: Cell<Option<Rules>>,
    pub(super) options: &'a Options,
    /// For each label of a snapshot, whether maintenance_on could have chosen it.
    pub(super) is_maintenance: Vec<bool>,
    pub(super) sizes: Sizes,
    pub(super) shelf: &'a Shelf,
    /// How many worlds may still be looked at to search calls once more.
    pub(super) left: Cell<u64>,
}

/// How many worlds are looked at in all to search calls once more, where they are not explained at once.
const LOOKS_MAX: u64 = 8_000_000;

/// Where the search could not go on, or not in full.
#[derive(Default)]
pub(super) struct Places {
    undecided: Vec<Place>,
    limits: Vec<Place>,
}

impl Places {
    /// Notes where it was not found whether something explains a call.
    pub(super) fn give_up(&mut self, unit: &Unit, call: usize) {
        self.undecided.push(Place { unit: unit.name(), record: unit.calls.0[call].ended.into() });
    }

    pub(super) fn note(&mut self, units: &[&Unit], pass: &Pass) {
        for (unit, outcome) in units.iter().zip(&pass.0) {
            let place = |call: usize| Place { unit: unit.name(), record: unit.calls.0[call].ended.into() };
            match outcome {
                Outcome::Exhausted { call } => self.undecided.push(place(*call)),
                Outcome::Explained { until: Some(call), .. } => self.limits.push(place(*call)),
                Outcome::Explained { .. } | Outcome::Refuted { .. } => {}
            }
        }
    }
}

/// How many divergences are explained.
const DIVERGENCES_MAX: usize = 8;

impl Bench<'_> {
    fn judge(&self, is_truncated: bool) -> Judgement {
        let mut places = Places::default();
        let (verdict, readings) = self.decide(&mut places);
        let Sorted { judged, unjudged, lost, records, .. } = *self.sorted;
        let mut editions = self.base.answers(Question::EDITION);
        let edition = editions.next().filter(|_| editions.next().is_none()).map(|at| Edition::ALL[at]);
        let Places { undecided, limits } = places;
        let coverage = explain::coverage(self.sorted);
        let records = records.into();
        Judgement {
            verdict,
            judged,
            unjudged,
            lost,
            records,
            is_truncated,
            edition,
            coverage,
            undecided,
            limits,
            readings,
        }
    }

    /// In stages, from the quick to the thorough. What one assignment of readings explains conforms: the expected one
    /// is tried first, on whole nodes. Then one is looked for slot by slot, and must explain whole nodes as well. What
    /// no mixture of readings explains diverges. What is left is undecided.
    fn decide(&self, places: &mut Places) -> (Verdict, Readings) {
        if self.sorted.judged == 0 {
            return (Verdict::NothingChecked, Vec::new());
        }
        if let Some(seen_at_once) = self.shared_task().or_else(|| self.several_primaries()) {
            return (Verdict::Diverges(vec![seen_at_once]), Vec::new());
        }
        let nodes: Vec<_> = self.nodes.iter().collect();
        let slots: Vec<_> = self.slots.iter().collect();
        let by_nodes = |rules| self.pass(Space::listed(vec![rules]), &nodes);
        let expected = self.expected;
        let mut joint = by_nodes(expected);
        if joint.is_explained() && !joint.is_limited() && self.base.is_single() {
            return (Verdict::Conforms, Vec::new());
        }
        let soon = self.soon(nodes.iter().copied().zip(&joint.0).filter_map(|(unit, outcome)| {
            let call = unit.calls.0[outcome.refuted()?];
            self.slots
                .iter()
                .filter(|slot| slot.cell == unit.cell)
                .find_map(|slot| Some((slot, slot.find(&call)?)))
        }));
        if !soon.is_empty() {
            return (Verdict::Diverges(soon), Vec::new());
        }
        let mut lessons = Vec::new();
        let centre = match self.assign(&slots, expected, &mut lessons, places) {
            Ok(centre) => centre,
            Err(verdict) => return (verdict, Vec::new()),
        };
        if centre != expected {
            joint = by_nodes(centre);
        }
        if joint.is_explained() {
            places.note(&nodes, &joint);
            return (Verdict::Conforms, self.readings(&slots, &centre));
        }
        let of_nodes = nodes.into_iter().filter(|unit| unit.kind == Kind::Node);
        let all: Vec<_> = slots.into_iter().chain(of_nodes).collect();
        match self.assign(&all, centre, &mut lessons, places) {
            Ok(centre) => (Verdict::Conforms, self.readings(&all, &centre)),
            Err(verdict) => (verdict, Vec::new()),
        }
    }

    fn readings(&self, units: &[&Unit], centre: &Rules) -> Readings {
        self.centre.set(Some(*centre));
        if self.base.is_single() {
            return Vec::new();
        }
        reading::readings(&self.base, centre, |rules| self.pass(Space::listed(rules), units))
    }

    /// Why the last few calls before the end of some are impossible from every state, and under any mixture of
    /// readings, if they are: that is found much sooner than that the whole history is.
    fn soon<'a>(&self, refuted: impl Iterator<Item = (&'a Unit, usize)>) -> Vec<Divergence> {
        let any = Space::Any(self.base.clone());
        let late = refuted.filter(|(_, call)| *call >= FROM_THE_BEGINNING_MAX);
        late.filter_map(|(unit, call)| self.explain_soon(unit, call, &any)).take(DIVERGENCES_MAX).collect()
    }
}

/// The readings that are possible before anything is seen: what is said is fixed, and a settled question has the
/// answer of its edition. A status that expires is only for those who ask for it (R-STATUS-RETENTION).
fn base(header: &Header, options: &Options) -> Open {
    let mut open = Open::all();
    let mut fix = |question: Question, mask: u16| {
        open = open.only(question, mask).unwrap_or_else(|| open.clone());
    };
    let mut pinned = Vec::new();
    let said = header.rules.iter().filter_map(|(id, variant)| {
        let question = Question::find(id)?;
        Some((question, question.answer_named(variant)?))
    });
    let of_edition = header.edition.map(|it| (Question::EDITION, it as usize));
    for (question, answer) in said.chain(of_edition).chain(options.pins.iter().copied()) {
        fix(question, 1 << answer);
        pinned.push(question);
    }
    let retention = Question::find("R-STATUS-RETENTION").expect("it is modelled");
    if !pinned.contains(&retention) {
        fix(retention, 1);
    }
    let editions: Vec<Edition> = open.answers(Question::EDITION).map(|at| Edition::ALL[at]).collect();
    for question in Question::all().filter(|question| !pinned.contains(question)) {
        let Some(reading) = question.reading() else { continue };
        if reading.stance == Stance::Pin {
            let answers =
                editions.iter().filter_map(|edition| question.answer_named(reading.default_in(*edition)));
            let mask = answers.fold(0, |mask, answer| mask | 1 << answer);
            open = open.only(question, mask).expect("an edition has an answer");
        }
    }
    open
}
