//! What a slot can be while the calls of a core go on: a bar for each status while it is possible, and the same as a table.

use maud::{Markup, html};

use super::super::run;
use super::{Figure, LEFT, ROW};
use crate::model::{NodeAction, Slot, Status};
use crate::oracle::{CellName, Possible};

/// A stretch of records over which the slot can have a status.
struct Stretch {
    status: Option<Status>,
    from: usize,
    to: usize,
    is_unknown: bool,
}

impl Figure<'_> {
    /// For each status when the slot can have it.
    pub(super) fn band(&self) -> Markup {
        let top = self.band_top();
        let hatch = format!("d{}-hatch", self.number);
        let end = self.x(u32::try_from(self.divergence.record).unwrap_or(u32::MAX));
        let stretches = self.stretches(end);
        html! {
            defs {
                pattern id=(hatch) width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect class="hatch" width="3" height="6" {}
                }
            }
            text class="heading" x=(LEFT) y=(top - 12) { (self.slot_name()) " can be" }
            @for (row, status) in rows().into_iter().enumerate() {
                @let y = top + row * ROW;
                text class="label" x=(LEFT - 12) y=(y + 13) text-anchor="end" { (word(status)) }
                line class="lane" x1=(LEFT) x2=(end) y1=(y + 9) y2=(y + 9) {}
                @for stretch in stretches.iter().filter(|stretch| stretch.status == status) {
                    @let (from, width) = (stretch.from + 1, stretch.to.saturating_sub(stretch.from + 2));
                    @if stretch.is_unknown {
                        rect class="hatching" x=(from) y=(y + 3) width=(width) height="12" rx="3"
                            fill={ "url(#" (hatch) ")" } {}
                    }
                    rect class={ "can" @if stretch.is_unknown { " unknown" } } x=(from) y=(y + 3) width=(width)
                        height="12" rx="3" {}
                }
                @if self.observed().contains(&status) {
                    path class="seen" d={ "M" (end - 5) " " (y + 4) " l10 10 m0 -10 l-10 10" } {}
                    text class="says fails" x=(end + 12) y=(y + 13) { "was seen" }
                }
            }
        }
    }

    fn stretches(&self, end: usize) -> Vec<Stretch> {
        let possible = &self.divergence.possible;
        let start = |it: &Possible| match u32::try_from(it.record) {
            Ok(record) if record > 0 => self.x(record),
            _ => LEFT,
        };
        let mut stretches: Vec<Stretch> = Vec::new();
        for (at, now) in possible.iter().enumerate() {
            let (from, to) = (start(now), possible.get(at + 1).map_or(end, start));
            for &status in &now.statuses {
                let like = |it: &&mut Stretch| {
                    it.status == status && it.to == from && it.is_unknown == now.is_unknown
                };
                match stretches.iter_mut().find(like) {
                    Some(before) => before.to = to,
                    None => stretches.push(Stretch { status, from, to, is_unknown: now.is_unknown }),
                }
            }
        }
        stretches
    }

    /// What the answer that nothing explains shows of the slot.
    fn observed(&self) -> Vec<Option<Status>> {
        let failing = self.calls.iter().find(|call| call.is_failing);
        let Some((request, answer)) = failing.and_then(|call| Some((call.request, call.answer?))) else {
            return Vec::new();
        };
        let shown = run::shown_by(request, answer).into_iter();
        shown.filter(|(slot, _)| Some(*slot) == self.slot()).map(|(_, status)| status).collect()
    }

    fn slot(&self) -> Option<Slot> {
        match self.divergence.cell {
            CellName::Cluster => Some(Slot::ChangeMaster),
            CellName::Node(uid) => {
                let of_request = || {
                    let failing = self.calls.iter().find(|call| call.is_failing)?;
                    Some(failing.request.path.slot()?.action_name())
                };
                let name = self.divergence.action.or_else(of_request)?;
                Some(Slot::Node(uid, NodeAction::from_name(name)?))
            }
        }
    }

    pub(super) fn slot_name(&self) -> String {
        match self.slot() {
            Some(Slot::Node(uid, action)) => format!("node {uid}, {}", action.name()),
            Some(Slot::ChangeMaster) => "change_master".to_owned(),
            None => self.divergence.cell.to_string(),
        }
    }

    /// The same in words.
    pub(super) fn table(&self) -> Markup {
        html! {
            details {
                summary { "The same as a table" }
                table {
                    thead { tr { th scope="col" { "From record" } th scope="col" { (self.slot_name()) " can be" } } }
                    tbody {
                        @for it in &self.divergence.possible {
                            tr {
                                th scope="row" {
                                    @if it.record == 0 { "the beginning" } @else { (it.record) }
                                }
                                td {
                                    (it.statuses.iter().map(|status| word(*status)).collect::<Vec<_>>().join(", "))
                                    @if it.is_unknown { " (nobody has looked yet)" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What a slot can be, from top to bottom.
pub(super) fn rows() -> Vec<Option<Status>> {
    [None].into_iter().chain(Status::ALL.into_iter().map(Some)).collect()
}

fn word(status: Option<Status>) -> &'static str {
    status.map_or("no status", Status::name)
}
