//! The page of a case: its steps, the cluster between them, and what it exercised.

use maud::{Markup, html};

use super::lifecycle::Counted;
use super::parts::{self, Verdict};
use super::shell::{Page, Script};
use super::steps::Replayed;
use super::{coverage, lifecycle};
use crate::case::Case;
use crate::sim::{Coverage, Law, Seed};
use crate::spec::Rules;

/// A case, and the law that it is replayed by.
pub struct OfCase<'a> {
    /// What its file is called, or its seed, for the command that shows it again.
    pub name: &'a str,
    /// The case.
    pub case: &'a Case,
    /// The law.
    pub law: Law,
    /// What cannot be read of it, if anything.
    pub unread: Option<String>,
}

/// The page of a case. The same case gives the same bytes.
pub fn case(of: &OfCase<'_>) -> String {
    let replayed = Replayed::of(of.case, of.law);
    let (verdict, title, sentence) = of.verdict(&replayed);
    let body = html! {
        (parts::opening("replay", verdict, &title, &sentence, &of.facts(&replayed)))
        main {
            @if let Some((_, broken)) = &replayed.broken {
                (parts::section("broken", "What is broken", html! {
                    p { (broken.statement) }
                    (parts::statements(broken.clauses))
                }))
            }
            (parts::section("run", "Step by step", replayed.draw()))
            (parts::section("lifecycle", "The lifecycle as it was taken",
                of.lifecycle(&replayed)))
            (parts::section("coverage", "What requests met", cells(&replayed.coverage)))
            (parts::section("missing", "What was not reached", missing(&replayed.coverage, &of.case.rules)))
            (parts::section("reproduce", "How to see it again", parts::commands(&[
                (format!("action-oracle replay {}", of.name), "shows every step"),
                (format!("action-oracle replay {} --show cluster", of.name), "draws the cluster between them"),
            ])))
        }
        (parts::closing())
    };
    let data = vec![("cluster-data", replayed.to_json())];
    Page { title: format!("{title}: {}", of.name), body, data, scripts: vec![Script::Steps] }.render()
}

impl OfCase<'_> {
    fn verdict(&self, replayed: &Replayed) -> (Verdict, String, String) {
        let bad = |title: String, sentence: String| (Verdict::Bad, title, sentence);
        match (&replayed.broken, &replayed.difference) {
            (Some((step, broken)), _) => {
                bad(format!("breaks {} in step {step}", broken.invariant), broken.how.clone())
            }
            (None, Some((step, difference))) => bad(
                format!("no longer holds from step {step} on"),
                format!("The reply is not the recorded one: it differs at {difference}."),
            ),
            (None, None) if replayed.is_stuck => {
                bad("does not end".to_owned(), "Something is still live, and nothing leads on.".to_owned())
            }
            (None, None) if replayed.steps == 0 => {
                (Verdict::Open, "nothing was checked".to_owned(), "The case holds no input.".to_owned())
            }
            (None, None) => {
                let sentence = "Each reply is as it was recorded, and no invariant broke.";
                (Verdict::Good, "holds".to_owned(), sentence.to_owned())
            }
        }
    }

    fn lifecycle(&self, replayed: &Replayed) -> Markup {
        let edges = replayed.edges();
        lifecycle::lifecycle(&edges, lifecycle::started(&edges), &self.case.rules, Counted::Taken)
    }

    fn facts(&self, replayed: &Replayed) -> [(&'static str, String); 8] {
        let Case { rules, cluster, found, expect, provenance, .. } = self.case;
        let overrides: Vec<_> =
            rules.overrides().iter().map(|(id, variant)| format!("{id}={variant}")).collect();
        let found = found.as_ref().map(|it| format!("seed {}, version {}", Seed(it.seed), it.version));
        let expect = expect.as_ref().map(|it| format!("{} is {}", it.check, it.observed));
        [
            ("run", self.name.to_owned()),
            ("edition", rules.edition().name().to_owned()),
            ("rules that differ from it", overrides.join(", ")),
            ("nodes", cluster.nodes().len().to_string()),
            ("steps", parts::grouped(replayed.steps as u64)),
            ("found by", found.unwrap_or_default()),
            ("shows", expect.unwrap_or_default()),
            ("about", self.unread.clone().or_else(|| provenance.clone()).unwrap_or_default()),
        ]
    }
}

/// What requests about a slot met and were answered.
pub(super) fn cells(covered: &Coverage) -> Markup {
    let met: Vec<_> = covered
        .cells()
        .map(|(operation, status, code, count)| (operation, status, code, parts::grouped(count)))
        .collect();
    html! {
        p {
            "How often a request met a slot of that status, as the cluster really was, and was answered with that code. A dot \
             is what never happened."
        }
        (coverage::of_cells(&met))
    }
}

/// Edges that were not taken.
pub(super) fn missing(coverage: &Coverage, rules: &Rules) -> Markup {
    let untaken = lifecycle::untaken(&super::steps::edges(coverage), rules);
    let sometimes: Vec<_> =
        coverage.sometimes().filter(|(_, count)| *count == 0).map(|(it, _)| it.name).collect();
    html! {
        dl class="facts missing" {
            div { dt { "edges that were not taken" } dd { (parts::listed(&untaken)) } }
            div {
                dt { "of what must happen in some run of a campaign" }
                dd {
                    @if sometimes.is_empty() {
                        "everything happened"
                    } @else {
                        details {
                            summary { (parts::count(sometimes.len() as u64, "thing")) " did not happen" }
                            ul { @for name in sometimes { li { (name) } } }
                        }
                    }
                }
            }
        }
    }
}
