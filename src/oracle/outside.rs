//! What a cell must know of the others: whether something was live there while a POST was on its way.
//!
//! How far the single-instance rule reaches is open (R-CONFLICT-SCOPE, R-CONFLICT-CROSS), and where it reaches beyond
//! its slot, cells are no longer independent. What the history says about each slot is made into two lists of spans:
//! when it can have been live, and when it must have been. A POST may have met whatever was possible while it lasted,
//! and cannot have missed what was certain all the time. This explains some runs that no run of the whole cluster
//! would; it never refuses one that some run does explain.

use std::collections::BTreeMap;

use super::call::{At, Bond, Call, CellName, Label, NEVER};
use super::open::Open;
use super::seen::{Seen, Symbol};
use super::setting::Outside;
use super::sort::Sorted;
use super::unit::{self, FirstStarts};
use crate::history::{CallId, Header, Initial};
use crate::model::{Method, NodeAction, Path, Place, Request, Slot, Status};

/// Whether something was live in a slot.
#[derive(Debug, Default)]
struct Live {
    possible: Spans,
    certain: Spans,
}

/// Spans of time, by their beginnings.
#[derive(Debug, Default)]
pub(super) struct Spans {
    spans: Vec<(At, At)>,
    /// For each of them the last end of those up to it.
    ends: Vec<At>,
}

impl Spans {
    fn of(mut spans: Vec<(At, At)>) -> Self {
        spans.sort_unstable();
        let mut last = 0;
        let ends = spans.iter().map(|(_, to)| {
            last = last.max(*to);
            last
        });
        let ends = ends.collect();
        Self { spans, ends }
    }

    /// Whether one of them begins before one moment and ends after another.
    pub(super) fn any(&self, before: At, after: At) -> bool {
        let begun = self.spans.partition_point(|(from, _)| *from < before);
        begun > 0 && self.ends[begun - 1] > after
    }
}

/// Notes with every POST what was live elsewhere, and what the node that it names can have been.
pub(super) fn note(sorted: &mut Sorted, header: &Header, starts: &FirstStarts, base: &Open) {
    let spans = if couples(base) { spans(sorted, header) } else { BTreeMap::new() };
    let mut standings = BTreeMap::new();
    let cells: Vec<_> = sorted.cells.keys().copied().collect();
    for cell in cells {
        for at in 0..sorted.cells[&cell].0.len() {
            let call = sorted.cells[&cell].0[at];
            let symbols = sorted.symbols.get(cell.kind());
            if symbols.value(call.symbol).request.method != Method::Post {
                continue;
            }
            let outside =
                matters(outside(&spans, cell, &call), symbols.value(call.symbol).seen, cell, call.slot);
            let target = call.target.map_or((true, true), |uid| {
                let standing = || unit::standing(sorted, header, starts, CellName::Node(uid));
                let standing = standings.entry(uid).or_insert_with(standing);
                (standing.may_exist, standing.may_lack <= call.ended)
            });
            let symbol = Symbol { outside, target, ..symbols.value(call.symbol).clone() };
            let symbol = sorted.symbols.of(cell.kind()).number(symbol);
            if let Some(calls) = sorted.cells.get_mut(&cell) {
                calls.0[at].symbol = symbol;
            }
        }
    }
}

/// What matters of that. More instances only ever refuse more, so that an accepted POST is to be tried with what must
/// have been live, and one that was refused for a conflict with what can have been. Any other refusal comes before the
/// question arises. Elsewhere one other action stands for all: no reading tells them apart.
fn matters((certain, possible): (Outside, Outside), seen: Option<Seen>, cell: CellName, slot: u8) -> Outside {
    let live = match seen {
        None | Some(Seen::Accepted) => certain,
        Some(Seen::Code(409)) => possible,
        Some(_) => Outside::default(),
    };
    one_elsewhere(live, cell, slot)
}

fn one_elsewhere(live: Outside, cell: CellName, slot: u8) -> Outside {
    live.with_one_elsewhere((cell != CellName::Cluster).then_some(slot.into()))
}

/// Whether under some readings an instance stands in the way of one in another slot.
fn couples(base: &Open) -> bool {
    // The first answer of each is that it does not.
    ["R-CONFLICT-SCOPE", "R-CONFLICT-CROSS"].into_iter().any(|id| base.goes_beyond_first(id))
}

fn outside(spans: &BTreeMap<(CellName, u8), Live>, cell: CellName, call: &Call) -> (Outside, Outside) {
    let (mut certain, mut possible) = (Outside::default(), Outside::default());
    for ((other, slot), live) in spans {
        if (*other, *slot) == (cell, call.slot) {
            continue;
        }
        let bit = where_it_is(*other, *slot, cell);
        if live.possible.any(call.ended, call.invoked) {
            possible = possible.and(bit);
        }
        if live.certain.any(call.invoked, call.ended) {
            certain = certain.and(bit);
        }
    }
    (certain, possible)
}

/// Where a slot is, as a cell sees it.
fn where_it_is(other: CellName, slot: u8, cell: CellName) -> Outside {
    match other {
        CellName::Cluster => Outside::CLUSTER,
        CellName::Node(_) if other == cell => Outside::here(slot.into()),
        CellName::Node(_) => Outside::elsewhere(slot.into()),
    }
}

/// Something that must have been live.
pub(super) struct Witness {
    pub(super) slot: Slot,
    /// The call that started or showed it before, and the one that showed it after; where they begin.
    pub(super) calls: Vec<(At, CallId)>,
}

/// What must have been live elsewhere while a call lasted; of other actions on other nodes, which stand for each other,
/// one.
pub(super) fn witnesses(sorted: &Sorted, header: &Header, cell: CellName, call: &Call) -> Vec<Witness> {
    let (mut witnesses, mut shown) = (Vec::new(), Outside::default());
    for ((other, slot), live) in spans(sorted, header) {
        let is_itself = (other, slot) == (cell, call.slot);
        let span = live.certain.spans.iter().find(|(from, to)| *from < call.invoked && *to > call.ended);
        let Some((from, to)) = span.filter(|_| !is_itself) else { continue };
        let of_slot = sorted.cells[&other].0.iter().filter(|it| it.slot == slot);
        let shows = of_slot.filter(|it| it.ended == *from || it.invoked == *to);
        let calls = shows.map(|it| (it.invoked, it.id)).collect();
        let all = one_elsewhere(shown.and(where_it_is(other, slot, cell)), cell, call.slot);
        if all != shown {
            witnesses.push(Witness { slot: other.own(other.kind().slot(slot.into())), calls });
            shown = all;
        }
    }
    witnesses
}

/// When something that moves the role of the primary can have been live: change_master does, and so may every node
/// action but maintenance_off (MON-9, ENS-3, R-REMOVE-MASTER).
pub(super) fn primary_may_move(sorted: &Sorted, header: &Header) -> Spans {
    let moves = |cell: CellName, slot: u8| {
        cell.own(cell.kind().slot(slot.into())).action_name() != NodeAction::MaintenanceOff.name()
    };
    let spans = spans(sorted, header).into_iter().filter(|((cell, slot), _)| moves(*cell, *slot));
    Spans::of(spans.flat_map(|(_, live)| live.possible.spans).collect())
}

fn spans(sorted: &Sorted, header: &Header) -> BTreeMap<(CellName, u8), Live> {
    let mut by_slot: BTreeMap<(CellName, u8), Vec<(Call, &Symbol)>> = BTreeMap::new();
    for (cell, calls) in &sorted.cells {
        let symbols = sorted.symbols.get(cell.kind());
        for call in &calls.0 {
            by_slot.entry((*cell, call.slot)).or_default().push((*call, symbols.value(call.symbol)));
        }
    }
    let of_slot = by_slot.into_iter().map(|((cell, slot), calls)| {
        let is_live_at_first = match &header.initial {
            Initial::Unknown(_) => true,
            Initial::Cluster(cluster) => {
                let slot = cell.own(cell.kind().slot(slot.into()));
                cluster.instance(slot).is_some_and(|instance| instance.is_live())
            }
            Initial::Empty(_) => false,
        };
        let possible = Spans::of(possible(&calls, is_live_at_first));
        let certain = Spans::of(certain(&calls).into_iter().chain(certain_by_task(&calls)).collect());
        ((cell, slot), Live { possible, certain })
    });
    of_slot.collect()
}

/// Whether a call can have started or stopped something.
fn is_effect(symbol: &Symbol) -> bool {
    let may_stop =
        symbol.request.method == Method::Delete && matches!(symbol.seen, None | Some(Seen::Code(200)));
    symbol.may_start() || may_stop
}

/// What was seen in the slot: a status, or nothing.
pub(super) fn status(symbol: &Symbol) -> Option<Option<Status>> {
    match symbol.seen? {
        Seen::Action(sighting) | Seen::Entry(Some(sighting)) => sighting.status.understood().map(Some),
        Seen::Entry(None) => Some(None),
        Seen::Code(404) if is_plain_get(&symbol.request) => Some(None),
        _ => None,
    }
}

/// Whether a request asks for a slot in the one way that is always served: a 404 to any other may be about the path.
fn is_plain_get(request: &Request) -> bool {
    let is_plain = |slot| request.path == Path::to(Place::Action(slot));
    request.method == Method::Get && request.path.slot().is_some_and(is_plain)
}

/// From the beginning of each POST that may have been accepted to the first sight of an end, or the next such POST.
fn possible(calls: &[(Call, &Symbol)], is_live_at_first: bool) -> Vec<(At, At)> {
    let first = is_live_at_first.then_some((0, 0));
    let starts = calls.iter().enumerate().filter(|(_, (_, symbol))| symbol.may_start());
    let mut spans: Vec<(At, At)> = Vec::new();
    let begun = starts.map(|(at, (call, _))| (at, (call.invoked, call.ended)));
    for (at, (invoked, ended)) in first.map(|span| (0, span)).into_iter().chain(begun) {
        if ended == NEVER {
            spans.push((invoked, NEVER));
            continue;
        }
        let mut to = NEVER;
        for (call, symbol) in &calls[at..] {
            if call.invoked > to {
                break;
            }
            let is_end = match status(symbol) {
                Some(None) => true,
                Some(Some(status)) => status.is_final(),
                None => false,
            };
            let is_next = starts_answered(call, symbol) && call.invoked > invoked;
            if call.bond == Bond::Answered && call.invoked > ended && (is_end || is_next) {
                to = to.min(call.ended);
            }
        }
        spans.push((invoked, to));
    }
    spans
}

fn starts_answered(call: &Call, symbol: &Symbol) -> bool {
    symbol.may_start() && call.bond == Bond::Answered
}

/// From the end of a POST that was accepted to the beginning of a later sight of what it started, if nothing else can
/// have changed the slot in between.
fn certain(calls: &[(Call, &Symbol)]) -> Vec<(At, At)> {
    let mut spans: Vec<(At, At)> = Vec::new();
    let mut started: Option<Call> = None;
    let mut disturbed: At = 0;
    for (at, (call, symbol)) in calls.iter().enumerate() {
        if is_effect(symbol) {
            // Two that overlap leave nothing certain.
            let is_alone = starts_answered(call, symbol) && disturbed < call.invoked;
            started = is_alone.then_some(*call);
            disturbed = disturbed.max(call.ended);
        }
        let is_later = |start: &Call| shows_live(symbol) && start.ended < call.invoked;
        let Some(start) = started.filter(is_later) else { continue };
        let later = calls[at + 1..].iter().take_while(|(other, _)| other.invoked < call.ended);
        if !later.into_iter().any(|(_, symbol)| is_effect(symbol)) {
            spans.push((start.ended, call.invoked));
        }
    }
    spans
}

/// For each task from the first time that it was shown live, or accepted, to the last time that it was shown live.
fn certain_by_task(calls: &[(Call, &Symbol)]) -> impl Iterator<Item = (At, At)> {
    let mut by_task: BTreeMap<Label, (At, At)> = BTreeMap::new();
    for (call, symbol) in calls.iter().filter(|(call, _)| call.bond == Bond::Answered && call.task > 0) {
        let is_live = shows_live(symbol);
        if is_live || symbol.seen == Some(Seen::Accepted) {
            let (from, to) = by_task.entry(call.task).or_insert((NEVER, 0));
            *from = call.ended.min(*from);
            *to = (*to).max(if is_live { call.invoked } else { 0 });
        }
    }
    by_task.into_values().filter(|(from, to)| from < to)
}

/// Whether it shows what stands in the way of another under every reading.
fn shows_live(symbol: &Symbol) -> bool {
    matches!(status(symbol), Some(Some(Status::Queued | Status::Starting | Status::Running)))
}
