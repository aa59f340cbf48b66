//! The page of a history: its verdict, and why.

use maud::{Markup, html};

use super::divergence::Shown;
use super::lifecycle::Counted;
use super::parts::{self, Verdict as Sign};
use super::shell::{Page, Script};
use super::{Run, coverage, lifecycle, overview, readings};
use crate::history::{Header, Record};
use crate::model::Status;
use crate::oracle::{Divergence, Judgement, Place, Verdict};
use crate::spec::Rules;

/// A judged history.
pub struct OfHistory<'a> {
    /// What its file is called, for the commands.
    pub name: &'a str,
    /// Its header.
    pub header: &'a Header,
    /// All of it.
    pub run: &'a Run,
    /// What came of it.
    pub judgement: &'a Judgement,
    /// The records of the core of each divergence, in their order.
    pub cores: &'a [Vec<Record>],
    /// Scripts that show what was found, each with what it says of itself.
    pub scripts: &'a [(String, String)],
    /// How many cells the law expects, and those of them that a test did not meet.
    pub cells: Option<&'a (usize, Vec<String>)>,
    /// How many runs there were: this is the last of them, and what is counted is counted in all.
    pub runs: usize,
}

/// The page of a history. The same history gives the same bytes.
pub fn history(of: &OfHistory<'_>) -> String {
    let divergences = of.judgement.divergences();
    let records: Vec<u64> = divergences.iter().map(|divergence| divergence.record).collect();
    let body = html! {
        (of.opening())
        main {
            @match &of.judgement.verdict {
                Verdict::Diverges(_) => (of.refuted(divergences)),
                _ => (of.not_refuted()),
            }
            @if !of.scripts.is_empty() { (parts::section("scripts", "Run again", of.scripts())) }
            (parts::section("whole", "The whole run", of.whole(&records)))
            @if divergences.is_empty() { (parts::section("reproduce", "How to reproduce it", of.reproduce())) }
        }
        (parts::closing())
    };
    let (_, title) = of.verdict();
    let data = vec![("run-data", of.run.to_json(&records))];
    Page { title: format!("{title}: {}", of.name), body, data, scripts: vec![Script::Run] }.render()
}

impl<'a> OfHistory<'a> {
    fn verdict(&self) -> (Sign, String) {
        match &self.judgement.verdict {
            Verdict::Conforms => (Sign::Good, "conforms".to_owned()),
            Verdict::Diverges(found) => {
                let record = found.first().map_or(0, |divergence| divergence.record);
                (Sign::Bad, format!("diverges at record {record}"))
            }
            Verdict::Undecided => (Sign::Open, "undecided".to_owned()),
            Verdict::NothingChecked => (Sign::Open, "nothing was checked".to_owned()),
        }
    }

    fn opening(&self) -> Markup {
        let (sign, title) = self.verdict();
        let sentence = match &self.judgement.verdict {
            Verdict::Conforms => "Some run of the law explains every answer.",
            Verdict::Diverges(found) => found.first().map_or("", |first| first.sentence.as_str()),
            Verdict::Undecided => "Neither a run that explains it was found, nor why there is none.",
            Verdict::NothingChecked if self.judgement.judged > 0 => {
                "Every POST was refused, and so no action was ever started, which proves nothing."
            }
            Verdict::NothingChecked => "No answer in this history is judged, which proves nothing.",
        };
        let Judgement { judged, unjudged, lost, records, is_truncated, edition, .. } = self.judgement;
        let end = if *is_truncated { ", and no end: it may have been cut off" } else { "" };
        let edition = edition.map(|edition| format!("{edition} ({})", edition.versions()));
        let rules: Vec<_> = self.header.rules.iter().map(|(id, variant)| format!("{id}={variant}")).collect();
        let facts = [
            ("history", self.name.to_owned()),
            ("source", self.header.source.clone().unwrap_or_default()),
            ("edition", edition.unwrap_or_else(|| "any".to_owned())),
            ("rules that are said", rules.join(", ")),
            ("records", parts::grouped(*records) + end),
            ("answers judged", parts::grouped(*judged)),
            ("left open by the documents", parts::grouped(*unjudged)),
            ("calls without an answer", parts::grouped(*lost)),
        ];
        parts::opening("check", sign, &title, sentence, &facts)
    }

    /// The first divergence in full, the others folded.
    fn refuted(&self, divergences: &[Divergence]) -> Markup {
        let shown = |number: usize, divergence, core| {
            let Self { name, header, run, .. } = *self;
            Shown { number, name, header, divergence, core, run }
        };
        let all = || (1..).zip(divergences.iter().zip(self.cores));
        html! {
            @for (number, (divergence, core)) in all().take(1) { (shown(number, divergence, core).sections()) }
            @if divergences.len() > 1 {
                section id="others" aria-labelledby="others-heading" {
                    h2 id="others-heading" { "What else diverges" }
                    @for (number, (divergence, core)) in all().skip(1) {
                        details class="other" {
                            summary { "record " (divergence.record) ": " (divergence.sentence) }
                            (shown(number, divergence, core).sections())
                        }
                    }
                }
            }
        }
    }

    fn not_refuted(&self) -> Markup {
        let places = |places: &[Place], says: &str| -> Vec<String> {
            places.iter().map(|it| format!("{says} {}, record {}", it.unit, it.record)).collect()
        };
        let mut limits = places(&self.judgement.undecided, "The budget ended at");
        limits.extend(places(&self.judgement.limits, "The actions were judged one by one from here on:"));
        html! {
            @if !limits.is_empty() {
                section id="limits" aria-labelledby="limits-heading" {
                    h2 id="limits-heading" { "Where the search ended" }
                    ul { @for limit in &limits { li { (limit) } } }
                }
            }
            (parts::section("lifecycle", "The lifecycle as it was seen", self.lifecycle()))
            (parts::section("coverage", "What was asked and answered", self.coverage()))
            @if matches!(self.judgement.verdict, Verdict::Conforms) {
                (parts::section("readings", "Readings", self.readings()))
            }
            (parts::section("missing", "What was not reached", self.missing()))
        }
    }

    fn rules(&self) -> Rules {
        let edition = self.judgement.edition.unwrap_or_default();
        self.header.rules_in(edition).unwrap_or_else(|_| Rules::new(edition))
    }

    fn lifecycle(&self) -> Markup {
        lifecycle::lifecycle(&self.run.shown, self.run.accepted, &self.rules(), Counted::Shown)
    }

    fn coverage(&self) -> Markup {
        html! {
            p { "How often each operation was answered in each way. A dot is what never came." }
            (coverage::of_history(&self.judgement.coverage))
        }
    }

    fn readings(&self) -> Markup {
        let readings = &self.judgement.readings;
        html! {
            @if readings.is_empty() {
                p { "Nothing was left open: edition and rules are said, or no answer touched an open question." }
            } @else {
                p {
                    "An answer survives if, with all other questions as in one assignment that explains the run, it \
                     explains the run as well."
                }
                (readings::survivors(readings))
            }
        }
    }

    /// Statuses that no answer showed, and edges that none led along.
    fn missing(&self) -> Markup {
        let seen = |status: Status| self.run.seen.get(&Some(status)).copied().unwrap_or(0);
        let unseen: Vec<_> = Status::ALL.into_iter().filter(|status| seen(*status) == 0).collect();
        let unseen: Vec<_> = unseen.iter().map(|status| status.name()).collect();
        let untaken = lifecycle::untaken(&self.run.shown, &self.rules());
        html! {
            dl class="facts missing" {
                div { dt { "statuses that no answer showed" } dd { (parts::listed(&unseen)) } }
                div { dt { "edges that no two answers showed" } dd { (parts::listed(&untaken)) } }
                @if let Some((all, unmet)) = self.cells {
                    div {
                        dt { "cells that the law expects: what an action was shown to be, what was asked, what came back" }
                        dd {
                            (all - unmet.len()) " of " (all) " were met"
                            @if !unmet.is_empty() {
                                details {
                                    summary { "the others" }
                                    ul { @for cell in unmet { li { (cell) } } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn whole(&self, records: &[u64]) -> Markup {
        html! {
            @if self.runs > 1 { p { "The last of " (self.runs) " runs." } }
            (overview::overview(self.run, records))
        }
    }

    fn scripts(&self) -> Markup {
        html! { @for (title, script) in self.scripts { (parts::folded(title, script)) } }
    }

    fn reproduce(&self) -> Markup {
        let command = format!("action-oracle check {}", self.name);
        parts::commands(&[(command, "judges the run again")])
    }
}
