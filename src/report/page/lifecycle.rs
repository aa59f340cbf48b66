//! The lifecycle as it is drawn, with how often each edge was taken.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::parts;
use crate::model::Status;
use crate::spec::Rules;

/// How often each status, or none, was followed by another in one slot.
pub(super) type Edges = BTreeMap<(Option<Status>, Option<Status>), u64>;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// What answers showed one after the other.
    Shown,
    /// What the law did, in one run or in all runs of a campaign.
    Taken,
}

impl Counted {
    fn says(self) -> &'static str {
        match self {
            Self::Shown => {
                "Counted is how often an answer showed a status of a slot, and the next answer about that slot, in the \
                 order in which they came, showed another. What happened between two answers is hidden, so the count of \
                 an edge is of what was seen, and answers that overlap may come in another order. At the POST stands how \
                 many were accepted."
            }
            Self::Taken => "Counted is how often the law took each edge, in all slots of the cluster.",
        }
    }
}

/// Units of the drawing.
const WIDTH: i32 = 920;
const HEIGHT: i32 = 404;
const BOX: (i32, i32) = (112, 34);

/// The drawing, what is counted in it, and the same as a table.
pub(super) fn lifecycle(edges: &Edges, submitted: u64, rules: &Rules, counted: Counted) -> Markup {
    let drawn = drawn(rules);
    let wrong = wrong(edges, &drawn, counted);
    let count = |from: Status, to: Status| edges.get(&(Some(from), Some(to))).copied().unwrap_or(0);
    let most = drawn.iter().map(|(from, to)| count(*from, *to)).max().unwrap_or(0);
    html! {
        figure class="lifecycle" {
            div class="wide" tabindex="0" role="region" aria-label="the lifecycle" {
                svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) role="img"
                    aria-label="the lifecycle of an action; the table below says the same" {
                    defs {
                        @for kind in ["taken", "never", "wrong"] {
                            marker id={ "arrow-" (kind) } class=(kind) viewBox="0 0 8 8" refX="7" refY="4"
                                markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto" {
                                path d="M0 0 L8 4 L0 8 z" {}
                            }
                        }
                    }
                    @for (from, to) in drawn.iter().chain(&wrong) {
                        (edge(*from, *to, count(*from, *to), most, wrong.contains(&(*from, *to))))
                    }
                    (entry(submitted))
                    @for status in Status::ALL { (node(status)) }
                }
            }
            figcaption {
                (counted.says()) " A dashed edge was never taken."
                @if !wrong.is_empty() { " An edge with ✕ is none of the lifecycle." }
            }
        }
        (table(edges, &drawn, counted))
    }
}

/// How often something was started, in a slot that was empty or not.
pub(super) fn started(edges: &Edges) -> u64 {
    edges.iter().filter(|((_, to), _)| *to == Some(Status::Queued)).map(|(_, count)| count).sum()
}

/// The drawn edges that were never taken, each in words.
pub(super) fn untaken(edges: &Edges, rules: &Rules) -> Vec<String> {
    let never = drawn(rules).into_iter().filter(|(from, to)| !edges.contains_key(&(Some(*from), Some(*to))));
    never.map(|(from, to)| format!("{} to {}", from.name(), to.name())).collect()
}

/// The edges under these rules.
fn drawn(rules: &Rules) -> Vec<(Status, Status)> {
    let of = |status: Status| status.followers(rules).into_iter().map(move |next| (status, next));
    Status::ALL.into_iter().flat_map(of).collect()
}

/// Edges that were taken and that nobody drew. Between two answers several edges can lie, and so there it proves nothing.
fn wrong(edges: &Edges, drawn: &[(Status, Status)], counted: Counted) -> Vec<(Status, Status)> {
    let of_live = edges.keys().filter_map(|(from, to)| Some((from.filter(|from| !from.is_final())?, (*to)?)));
    of_live.filter(|edge| counted == Counted::Taken && !drawn.contains(edge)).collect()
}

/// Where the middle of a status is.
fn place(status: Status) -> (i32, i32) {
    match status {
        Status::Queued => (130, 120),
        Status::Starting => (330, 120),
        Status::Running => (530, 120),
        Status::Cancelling => (530, 290),
        Status::Completed => (830, 40),
        Status::Failed => (830, 120),
        Status::Aborted => (830, 205),
        Status::Cancelled => (830, 290),
    }
}

fn node(status: Status) -> Markup {
    let ((x, y), (width, height)) = (place(status), BOX);
    let class = if status.is_final() { "status final" } else { "status" };
    html! {
        g class=(class) {
            rect x=(x - width / 2) y=(y - height / 2) width=(width) height=(height) rx=(if status.is_final() { 4 } else { 17 }) {}
            text x=(x) y=(y + 5) text-anchor="middle" { (status.name()) }
        }
    }
}

/// The arrow by which each instance begins.
fn entry(count: u64) -> Markup {
    let (x, y) = place(Status::Queued);
    let kind = if count > 0 { "taken" } else { "never" };
    html! {
        path class={ "edge thin " (kind) } d={ "M" (x) " 36 V" (y - 19) } marker-end={ "url(#arrow-" (kind) ")" } {}
        text class="count" x=(x) y="28" text-anchor="middle" { "POST · " (parts::grouped(count)) }
    }
}

fn edge(from: Status, to: Status, count: u64, most: u64, is_wrong: bool) -> Markup {
    let (path, (x, y)) = route(from, to);
    let kind = match (is_wrong, count) {
        (true, _) => "wrong",
        (false, 0) => "never",
        (false, _) => "taken",
    };
    let weight = match count {
        0 => "thin",
        count if count * 10 >= most => "thick",
        count if count * 100 >= most => "medium",
        _ => "thin",
    };
    html! {
        g {
            title { (from.name()) " to " (to.name()) ": " (count) }
            path class={ "edge " (weight) " " (kind) } d=(path) marker-end={ "url(#arrow-" (kind) ")" } {}
            text class={ "count " (kind) } x=(x) y=(y) text-anchor="middle" {
                @if is_wrong { "✕ " } (parts::grouped(count))
            }
        }
    }
}

/// The line of an edge, and where its count stands.
fn route(from: Status, to: Status) -> (String, (i32, i32)) {
    let (line, count) = match (from, to) {
        (Status::Queued, Status::Starting) => ("M186 120 H272", (229, 113)),
        (Status::Queued, Status::Cancelled) => {
            ("M130 137 V348 Q130 372 154 372 H806 Q830 372 830 348 V309", (480, 365))
        }
        (Status::Starting, Status::Running) => ("M386 120 H472", (429, 113)),
        (Status::Starting, Status::Cancelling) => ("M330 137 C330 230 402 290 472 290", (354, 244)),
        (Status::Starting, Status::Cancelled) => ("M306 137 C306 360 680 352 796 309", (370, 330)),
        (Status::Starting, Status::Aborted) => ("M330 137 C330 211 460 219 772 205", (442, 201)),
        (Status::Starting, Status::Failed) => ("M330 103 C390 44 582 60 772 112", (460, 62)),
        (Status::Running, Status::Cancelling) => ("M530 137 V271", (504, 245)),
        (Status::Running, Status::Completed) => ("M586 114 C676 114 682 40 772 40", (672, 68)),
        (Status::Running, Status::Failed) => ("M586 120 H772", (686, 113)),
        (Status::Running, Status::Aborted) => ("M586 126 C676 126 682 205 772 205", (682, 152)),
        (Status::Cancelling, Status::Cancelled) => ("M586 290 H772", (679, 283)),
        (Status::Cancelling, Status::Completed) => ("M586 278 C696 278 712 50 772 50", (632, 230)),
        (Status::Cancelling, Status::Failed) => ("M586 286 C696 286 712 130 772 130", (648, 254)),
        // No reading draws it. It is shown all the same, if it was taken.
        _ => {
            let ((x1, y1), (x2, y2)) = (place(from), place(to));
            let middle = (i32::midpoint(x1, x2), i32::midpoint(y1, y2));
            return (format!("M{x1} {} L{x2} {}", y1 + BOX.1 / 2, y2 - BOX.1 / 2), middle);
        }
    };
    (line.to_owned(), count)
}

/// All changes that were counted, and the drawn edges that were not.
fn table(edges: &Edges, drawn: &[(Status, Status)], counted: Counted) -> Markup {
    let is_drawn = |from: Option<Status>, to: Option<Status>| match (from, to) {
        (Some(from), Some(to)) => drawn.contains(&(from, to)),
        _ => false,
    };
    let word = |status: Option<Status>| status.map_or("no status", Status::name);
    let of_graph = drawn.iter().map(|(from, to)| (Some(*from), Some(*to)));
    let others = edges.keys().copied().filter(|(from, to)| !is_drawn(*from, *to));
    let rows: Vec<_> = of_graph.chain(others).collect();
    html! {
        details {
            summary { "All changes as a table" }
            table {
                thead { tr { th scope="col" { "From" } th scope="col" { "to" } th scope="col" class="number" { "times" } th scope="col" { } } }
                tbody {
                    @for (from, to) in rows {
                        tr {
                            td { (word(from)) }
                            td { (word(to)) }
                            td class="number" { (parts::grouped(edges.get(&(from, to)).copied().unwrap_or(0))) }
                            td { (meaning(from, to, is_drawn(from, to), counted)) }
                        }
                    }
                }
            }
        }
    }
}

fn meaning(from: Option<Status>, to: Option<Status>, is_drawn: bool, counted: Counted) -> &'static str {
    match (from, to) {
        _ if is_drawn => "an edge of the lifecycle",
        (None, Some(Status::Queued)) => "submitted",
        (Some(from), Some(Status::Queued)) if from.is_final() => "submitted again",
        (Some(_), None) => "cleared, or gone with its node",
        _ => match counted {
            Counted::Shown => "with other statuses in between, or in another instance",
            Counted::Taken => "no edge of the lifecycle",
        },
    }
}
