//! The page of a campaign: what it exercised, what it did not, and its failures.

use maud::{Markup, html};

use super::lifecycle::Counted;
use super::parts::{self, Verdict};
use super::shell::{Page, Script};
use super::steps::{self, Replayed};
use super::{case, lifecycle};
use crate::case::Case;
use crate::sim::{Campaign, End, Law};
use crate::spec::Rules;

/// A campaign that has ended.
pub struct OfCampaign<'a> {
    /// What it was asked for, for people.
    pub name: &'a str,
    /// What came of it.
    pub campaign: &'a Campaign,
    /// What must happen sometimes and never did, if that was asked for.
    pub missing: &'a [&'static str],
    /// The file of each failure that is kept.
    pub cases: &'a [String],
    /// The first failure, or the only run.
    pub first: Option<&'a Case>,
    /// The law of the runs.
    pub law: Law,
    /// The rules whose lifecycle is drawn.
    pub rules: &'a Rules,
}

/// The page of a campaign. The same campaign gives the same bytes.
pub fn campaign(of: &OfCampaign<'_>) -> String {
    let replayed = of.first.map(|first| Replayed::of(first, of.law));
    let (verdict, title, sentence) = of.verdict();
    let campaign = of.campaign;
    let edges = steps::edges(&campaign.coverage);
    let heading = if campaign.failed > 0 { "The first failure, step by step" } else { "Step by step" };
    let body = html! {
        (parts::opening("simulate", verdict, title, &sentence, &of.facts()))
        main {
            @if !campaign.failures.is_empty() { (parts::section("failures", "What broke", of.failures())) }
            @if let Some(replayed) = &replayed { (parts::section("run", heading, replayed.draw())) }
            (parts::section("lifecycle", "The lifecycle as it was taken",
                lifecycle::lifecycle(&edges, lifecycle::started(&edges), of.rules, Counted::Taken)))
            (parts::section("coverage", "What requests met", case::cells(&campaign.coverage)))
            (parts::section("always", "What always held", of.always()))
            (parts::section("sometimes", "What happened sometimes", of.sometimes()))
            (parts::section("missing", "What was not reached", case::missing(&campaign.coverage, of.rules)))
        }
        (parts::closing())
    };
    let data = replayed.as_ref().map(|replayed| ("cluster-data", replayed.to_json()));
    let scripts = if replayed.is_some() { vec![Script::Steps] } else { Vec::new() };
    Page { title: format!("{title}: {}", of.name), body, data: data.into_iter().collect(), scripts }.render()
}

impl OfCampaign<'_> {
    fn verdict(&self) -> (Verdict, &'static str, String) {
        let Campaign { runs, failed, effective, unstable, .. } = self.campaign;
        match (failed, unstable, effective) {
            (1.., ..) => (Verdict::Bad, "an invariant broke", format!("{failed} of {runs} runs failed.")),
            (0, Some(unstable), _) => {
                let sentence = format!(
                    "Seed {} gave two different runs; they part at step {}.",
                    unstable.seed, unstable.step
                );
                (Verdict::Bad, "not the same twice", sentence)
            }
            (0, None, 0) => (Verdict::Open, "nothing was checked", "No step changed anything.".to_owned()),
            (0, None, _) if !self.missing.is_empty() => {
                let sentence = format!("It never happened that: {}.", self.missing.join("; "));
                (Verdict::Open, "not everything was checked", sentence)
            }
            (0, None, _) => {
                let sentence =
                    format!("Every invariant held in {}, and everything ended.", parts::count(*runs, "run"));
                (Verdict::Good, "nothing broke", sentence)
            }
        }
    }

    fn facts(&self) -> [(&'static str, String); 7] {
        let Campaign { runs, steps, effective, twice, digest, coverage, .. } = self.campaign;
        let (happened, refused) = coverage.events();
        [
            ("asked for", self.name.to_owned()),
            ("runs", parts::grouped(*runs)),
            ("steps", parts::grouped(*steps)),
            ("that changed the cluster", parts::grouped(*effective)),
            (
                "events, and those that could not happen",
                format!("{}, {}", parts::grouped(happened), parts::grouped(refused)),
            ),
            ("runs done twice", parts::grouped(*twice)),
            ("digest", digest.to_string()),
        ]
    }

    fn failures(&self) -> Markup {
        html! {
            @for (run, file) in self.campaign.failures.iter().zip(self.cases) {
                div class="failure" {
                    @match &run.end {
                        End::Broken(broken) => {
                            p {
                                strong { "seed " (run.seed) " broke " (broken.invariant) " in step " (run.steps) }
                                ": " (broken.how)
                            }
                            p class="remark" { (broken.statement) " (" (parts::ids(broken.clauses)) ")" }
                        },
                        End::Stuck(stuck) => p {
                            strong { "seed " (run.seed) }
                            ": " (stuck.slot.action_name()) " stays " (stuck.status.name()) " for ever"
                        },
                        End::Quiet => {},
                    }
                    (parts::commands(&[(format!("action-oracle replay {file}"), "shows every step")]))
                }
            }
        }
    }

    fn always(&self) -> Markup {
        let all: Vec<_> = self.campaign.coverage.always().collect();
        let evaluated: u64 = all.iter().map(|(_, count)| count).sum();
        html! {
            p { (parts::count(all.len() as u64, "invariant")) ", evaluated " (parts::count(evaluated, "time")) "." }
            details {
                summary { "Each invariant, with how often it said something" }
                table {
                    tbody {
                        @for (invariant, count) in &all {
                            tr {
                                th scope="row" { (invariant.name) }
                                td { (invariant.statement) }
                                td class="number" { (parts::grouped(*count)) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn sometimes(&self) -> Markup {
        let all: Vec<_> = self.campaign.coverage.sometimes().collect();
        let happened = all.iter().filter(|(_, count)| *count > 0).count();
        html! {
            p { (happened) " of " (all.len()) " things happened that must happen in some run, or the runs prove little." }
            details {
                summary { "Each of them, with how often it happened" }
                table {
                    tbody {
                        @for (thing, count) in &all {
                            tr {
                                th scope="row" { (thing.name) }
                                td { (parts::ids(thing.clauses)) }
                                td class="number" { @if *count == 0 { "never" } @else { (parts::grouped(*count)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
