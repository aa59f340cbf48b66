//! The page of an exploration: which cells can be reached, what can happen, and what goes wrong.

use maud::{Markup, html};

use super::coverage;
use super::parts::{self, Verdict};
use super::shell::{Page, Script};
use super::steps::Replayed;
use crate::explore::{Ending, Example, Explored, MatrixCell, Stop};
use crate::report::explored::failures;
use crate::sim::Law;

/// A space that was explored.
pub struct OfExplored<'a> {
    /// What was asked for, for people.
    pub name: &'a str,
    /// What came of it.
    pub explored: &'a Explored,
    /// The file of each failure, in the order of [`failures`](crate::report::explored::failures).
    pub cases: &'a [String],
    /// The law that was explored.
    pub law: Law,
}

/// The page of an exploration. The same exploration gives the same bytes.
pub fn explored(of: &OfExplored<'_>) -> String {
    let failures = failures(of.explored);
    let replayed = failures.first().map(|(.., example)| Replayed::of(&example.case, of.law));
    let (verdict, title, sentence) = of.verdict(&failures);
    let body = html! {
        (parts::opening("explore", verdict, title, &sentence, &of.facts()))
        main {
            @if !failures.is_empty() { (parts::section("failures", "What goes wrong", of.failures(&failures))) }
            @if let Some(replayed) = &replayed {
                (parts::section("run", "The first of them, step by step", replayed.draw()))
            }
            (parts::section("coverage", "What requests can meet", of.matrix()))
            (parts::section("sometimes", "What can happen", of.sometimes()))
        }
        (parts::closing())
    };
    let data = replayed.as_ref().map(|replayed| ("cluster-data", replayed.to_json()));
    let scripts = if replayed.is_some() { vec![Script::Steps] } else { Vec::new() };
    Page { title: format!("{title}: {}", of.name), body, data: data.into_iter().collect(), scripts }.render()
}

impl OfExplored<'_> {
    fn verdict(&self, failures: &[(&'static str, String, &Example)]) -> (Verdict, &'static str, String) {
        let explored = self.explored;
        if let Some((name, sentence, _)) = failures.first() {
            return (Verdict::Bad, "something goes wrong", format!("{name}: {sentence}"));
        }
        if !explored.is_complete() {
            let levels = explored.levels.len().saturating_sub(1);
            let sentence =
                format!("The budget ended first. Covered is every run of at most {levels} inputs.");
            return (Verdict::Open, "undecided", sentence);
        }
        let ends = match explored.answers.ending {
            Ending::Ranked | Ending::Searched => "every live instance ends if what can always move on does",
            Ending::Open | Ending::Lasso(_) => "whether every live instance ends was not decided",
        };
        (Verdict::Good, "no invariant can be broken", format!("That is so in all of this space, and {ends}."))
    }

    fn facts(&self) -> [(&'static str, String); 7] {
        let Explored { states, unreduced, transitions, levels, beyond, stop, .. } = self.explored;
        let stands_for = if unreduced > states { parts::grouped(*unreduced) } else { String::new() };
        let stop = match stop {
            None => "",
            Some(Stop::States) => "there are more states than allowed",
            Some(Stop::Memory) => "the states take more memory than allowed",
        };
        let beyond = if *beyond > 0 { parts::grouped(*beyond) } else { String::new() };
        [
            ("asked for", self.name.to_owned()),
            ("states", parts::grouped(*states)),
            ("states that they stand for", stands_for),
            ("transitions", parts::grouped(*transitions)),
            ("depth", levels.len().saturating_sub(1).to_string()),
            ("transitions beyond the bounds", beyond),
            ("stopped", stop.to_owned()),
        ]
    }

    fn failures(&self, failures: &[(&'static str, String, &Example)]) -> Markup {
        html! {
            @for (at, (name, sentence, example)) in failures.iter().enumerate() {
                div class="failure" {
                    p { strong { (name) } ": " (sentence) ". No run of fewer than " (parts::count(example.len() as u64, "input")) " shows it." }
                    @if let Some(file) = self.cases.get(at) {
                        (parts::commands(&[(format!("action-oracle replay {file}"), "shows every step")]))
                    }
                    (parts::folded("The inputs", &example.script().join("\n")))
                }
            }
        }
    }

    fn matrix(&self) -> Markup {
        let cells = self.explored.answers.matrix.iter();
        let met: Vec<_> = cells
            .map(|(MatrixCell { operation, status, code }, example)| {
                (*operation, *status, *code, format!("in {}", example.len()))
            })
            .collect();
        let rest = match self.explored.is_complete() && self.explored.beyond == 0 {
            true => "A dot is what cannot be reached.",
            false => "A dot is what was not reached; it may lie beyond what was explored.",
        };
        html! {
            p {
                "For each status of a slot and each code, the fewest inputs after which a request meets the one and is answered \
                 with the other. " (rest)
            }
            (coverage::of_cells(&met))
        }
    }

    fn sometimes(&self) -> Markup {
        let (can, cannot): (Vec<_>, Vec<_>) =
            self.explored.answers.sometimes.iter().partition(|(_, example)| example.is_some());
        html! {
            table {
                thead { tr { th scope="col" { "What" } th scope="col" { "says" } th scope="col" class="number" { "fewest inputs" } } }
                tbody {
                    @for (thing, example) in &can {
                        tr {
                            th scope="row" { (thing.name) }
                            td { (parts::ids(thing.clauses)) }
                            td class="number" { (example.as_ref().map_or(0, Example::len)) }
                        }
                    }
                }
            }
            details {
                summary { (parts::count(cannot.len() as u64, "thing")) " that other spaces have were not reached" }
                ul { @for (thing, _) in &cannot { li { (thing.name) } } }
            }
        }
    }
}
