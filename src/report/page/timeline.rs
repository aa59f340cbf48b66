//! The calls of a core as bars on the lanes of their clients, and below what the slot can be meanwhile.
//!
//! From left to right is the order of the records, each as far from the next as its words need, and no measure of time.

mod band;

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::core::{CoreCall, anchor, letter, task};
use super::run::{Mark, Run};
use crate::oracle::Divergence;
use crate::report::judgement;
use band::rows;

/// The drawing of one core.
pub(super) struct Figure<'a> {
    number: usize,
    divergence: &'a Divergence,
    calls: &'a [CoreCall<'a>],
    marks: Vec<&'a Mark>,
    /// The records that are drawn, in their order.
    records: Vec<u32>,
    /// The lanes, by the names of their clients, and that of each call.
    lanes: Vec<&'a str>,
    lane_of: Vec<usize>,
    tasks: Vec<&'a str>,
    column: usize,
}

/// Units of the drawing, which are pixels where there is room.
const LEFT: usize = 120;
const LEAD: usize = 22;
const TOP: usize = 34;
const LANE: usize = 58;
const ROW: usize = 19;
const LETTER: usize = 7;
const COLUMN_MIN: usize = 52;
const COLUMN_MAX: usize = 190;
const COLUMN_ROOMY: usize = 168;
const WIDTH: usize = 950;

/// How many notes and fences are drawn.
const MARKS_MAX: usize = 12;

impl<'a> Figure<'a> {
    pub(super) fn new(
        number: usize,
        divergence: &'a Divergence,
        calls: &'a [CoreCall<'a>],
        run: &'a Run,
    ) -> Self {
        let ended = calls.iter().filter_map(|call| call.ended.filter(|_| !call.is_bystander));
        let last = ended.max().unwrap_or(u32::MAX);
        let first = calls.iter().map(|call| call.begun).min().unwrap_or(0);
        let within = run.marks.iter().filter(|mark| (first..=last).contains(&mark.record));
        let mut marks: Vec<_> = within.collect();
        marks.drain(..marks.len().saturating_sub(MARKS_MAX));
        let ends = calls.iter().filter_map(|call| call.ended).filter(|ended| *ended <= last);
        let told = divergence.possible.iter().filter_map(|it| u32::try_from(it.record).ok());
        let of_marks = marks.iter().map(|mark| mark.record);
        let all = calls.iter().map(|call| call.begun).chain(ends).chain(told.filter(|it| *it > 0));
        let records: Vec<u32> = all.chain(of_marks).collect::<BTreeSet<_>>().into_iter().collect();
        let (lanes, lane_of) = lanes(calls);
        let mut tasks: Vec<&str> = Vec::new();
        for task in calls.iter().filter_map(|call| task(call.answer?)) {
            if !tasks.contains(&task) {
                tasks.push(task);
            }
        }
        let mut figure = Self { number, divergence, calls, marks, records, lanes, lane_of, tasks, column: 0 };
        figure.column = figure.column_needed();
        figure
    }

    /// How wide a column must be so that the words of each call end before the next on its lane begins.
    fn column_needed(&self) -> usize {
        let needed = self.calls.iter().enumerate().map(|(at, call)| {
            let begun = self.place(call.begun);
            let next = self.calls.iter().zip(&self.lane_of).skip(at + 1);
            let next =
                next.filter(|(_, lane)| **lane == self.lane_of[at]).map(|(next, _)| self.place(next.begun));
            let room = next.min().unwrap_or(self.records.len() + 1).saturating_sub(begun).max(1);
            let letters = call.title().chars().count().max(call.says(&self.tasks).chars().count());
            (letters * LETTER + 10).div_ceil(room)
        });
        let roomy = (WIDTH - LEFT - LEAD) / (self.records.len() + 1);
        let needed = needed.max().unwrap_or(COLUMN_MIN).clamp(COLUMN_MIN, COLUMN_MAX);
        needed.max(roomy.min(COLUMN_ROOMY))
    }

    fn place(&self, record: u32) -> usize {
        self.records.partition_point(|other| *other < record)
    }

    fn x(&self, record: u32) -> usize {
        LEFT + LEAD + self.place(record) * self.column
    }

    fn right(&self) -> usize {
        let words = self.calls.iter().map(|call| {
            let letters = call.title().chars().count().max(call.says(&self.tasks).chars().count());
            self.x(call.begun) + letters * LETTER
        });
        words.chain([LEFT + LEAD + self.records.len() * self.column]).max().unwrap_or(LEFT) + 12
    }

    fn lanes_end(&self) -> usize {
        TOP + self.lanes.len() * LANE
    }

    fn band_top(&self) -> usize {
        self.lanes_end() + 44
    }

    fn height(&self) -> usize {
        match self.divergence.possible.is_empty() {
            true => self.lanes_end() + 8,
            false => self.band_top() + rows().len() * ROW + 10,
        }
    }

    /// The drawing with its legend, and the same as a table.
    pub(super) fn draw(&self) -> Markup {
        let (width, height) = (self.right(), self.height());
        let label = "the calls on the lanes of their clients, in the order of the records";
        html! {
            figure class="core" {
                div class="wide" tabindex="0" role="region" aria-label=(label) {
                    svg viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height)
                        role="group" aria-label=(label) {
                        (self.axis(width, height))
                        @for mark in &self.marks { (self.mark(mark)) }
                        @for (call, lane) in self.calls.iter().zip(&self.lane_of) { (self.bar(call, *lane, width)) }
                        @if !self.divergence.possible.is_empty() { (self.band()) }
                    }
                }
                figcaption { (self.legend()) }
            }
            @if !self.divergence.possible.is_empty() { (self.table()) }
        }
    }

    /// The numbers of the records, a line down from each, and the lanes.
    fn axis(&self, width: usize, height: usize) -> Markup {
        let fails = u32::try_from(self.divergence.record).unwrap_or(0);
        html! {
            text class="axis" x=(LEFT - 12) y="14" text-anchor="end" { "record" }
            @for record in &self.records {
                @let (x, class) = (self.x(*record), if *record == fails { "grid fails" } else { "grid" });
                text class={ "axis" @if *record == fails { " fails" } } x=(x) y="14" text-anchor="middle" { (record) }
                line class=(class) x1=(x) x2=(x) y1="20" y2=(height - 6) {}
            }
            @for (at, lane) in self.lanes.iter().enumerate() {
                @let y = TOP + at * LANE + LANE / 2 + 4;
                line class="lane" x1=(LEFT) x2=(width) y1=(y) y2=(y) {}
                text class="label" x=(LEFT - 12) y=(y + 4) text-anchor="end" { (shortened(lane, 15)) }
            }
        }
    }

    fn mark(&self, mark: &Mark) -> Markup {
        let x = self.x(mark.record);
        html! {
            g class="mark" role="img" aria-label={ "record " (mark.record) ": " (mark.text) } {
                title { (mark.text) }
                @if mark.is_fence {
                    rect x=(x - 3) y="22" width="6" height=(self.lanes_end() - 24) {}
                } @else {
                    path d={ "M" (x) " 20 l6 6 l-6 6 l-6 -6 z" } {}
                }
            }
        }
    }

    fn bar(&self, call: &CoreCall<'_>, lane: usize, right: usize) -> Markup {
        let y = TOP + lane * LANE + LANE / 2 - 4;
        let from = self.x(call.begun);
        let settled = call.settled.filter(|settled| self.records.contains(settled));
        let to = settled.map_or(right - 8, |settled| self.x(settled));
        let kind = match (call.is_failing, call.is_bystander, call.answer.is_some()) {
            (true, ..) => "bar fails",
            (_, true, _) => "bar bystander",
            (_, _, false) => "bar lost",
            _ => "bar",
        };
        let says = call.says(&self.tasks);
        let spoken = format!("{}, {}: {says}", call.title(), call.client);
        html! {
            a class=(kind) href={ "#" (anchor(self.number, call.id)) } aria-label=(spoken) {
                title { (judgement::asked(call.request)) }
                @if settled.is_none() {
                    path d={ "M" (to) " " (y) " H" (from) " v16 H" (to) } {}
                    path class="arrow" d={ "M" (to) " " (y + 3) " l7 5 l-7 5" } {}
                } @else {
                    rect x=(from) y=(y) width=((to - from).max(4)) height="16" rx="3" {}
                }
                text class="title" x=(from) y=(y - 6) { (call.title()) }
                text class="says" x=(from) y=(y + 30) { @if call.is_failing { "✕ " } (says) }
            }
        }
    }

    fn legend(&self) -> Markup {
        let is_unknown = self.divergence.possible.iter().any(|it| it.is_unknown);
        let is_cut = self.divergence.possible.iter().any(|it| !it.is_complete);
        html! {
            "From left to right: the order of the records, not time. "
            @if self.calls.iter().any(|call| call.settled.is_none()) { "A bar without an end may act at any time. " }
            @if self.calls.iter().any(|call| call.is_bystander) { "A dashed bar may have acted, and cannot help. " }
            @for mark in &self.marks {
                (if mark.is_fence { "▮" } else { "◆" }) " record " (mark.record) ": " (mark.text) ". "
            }
            @for (at, task) in self.tasks.iter().enumerate() {
                "Task " (letter(at)) " is " code { (task) } ". "
            }
            @if !self.divergence.possible.is_empty() {
                "A bar below is when some run of the law, under some reading, lets the slot have that status"
                @if is_unknown { "; hatched where nobody has looked yet" }
                @if is_cut { "; there were too many worlds to look at all, so it can be more" }
                "."
            }
        }
    }
}

/// A lane for each client, or several where its calls overlap.
fn lanes<'a>(calls: &[CoreCall<'a>]) -> (Vec<&'a str>, Vec<usize>) {
    let mut lanes: Vec<(&str, u32)> = Vec::new();
    let mut lane_of = Vec::new();
    for call in calls {
        let free = lanes.iter().position(|(client, until)| *client == call.client && *until < call.begun);
        let lane = free.unwrap_or_else(|| {
            lanes.push((call.client, 0));
            lanes.len() - 1
        });
        lanes[lane].1 = call.settled.unwrap_or(u32::MAX);
        lane_of.push(lane);
    }
    (lanes.into_iter().map(|(client, _)| client).collect(), lane_of)
}

/// As much of a text as fits, and a sign that there is more.
fn shortened(text: &str, letters: usize) -> String {
    match text.char_indices().nth(letters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
