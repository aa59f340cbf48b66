//! The steps of a case as a list, and the cluster between them, which a script draws for the step that is chosen.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::Value;

use super::cluster::Clusters;
use super::lifecycle::Edges;
use super::parts;
use crate::case::Case;
use crate::model::invariant::{Broken, Judge};
use crate::report::transcript::{self, Step};
use crate::script;
use crate::sim::{self, Coverage, Law};

/// How many steps a list holds at most. Of a longer run those are left out that tell nothing.
const STEPS_MAX: usize = 4_000;

/// A case that was replayed.
pub(super) struct Replayed {
    rows: Vec<Row>,
    clusters: Clusters,
    pub(super) steps: usize,
    /// The first step whose reply differs from the recorded one, and how.
    pub(super) difference: Option<(usize, String)>,
    /// The first step that breaks an invariant.
    pub(super) broken: Option<(usize, Box<Broken>)>,
    /// Whether something lives on where the case says that nothing leads on.
    pub(super) is_stuck: bool,
    pub(super) coverage: Coverage,
}

/// A step in the list.
struct Row {
    number: usize,
    time: String,
    input: String,
    lines: Vec<String>,
    bad: Vec<String>,
    is_telling: bool,
    /// The moments before and after it.
    moments: [usize; 2],
}

impl Replayed {
    /// Replays a case by a law, and judges every step up to the first broken one.
    pub(super) fn of(case: &Case, law: Law) -> Self {
        let mut clusters = Clusters::default();
        let mut moment = clusters.look(&case.cluster);
        let mut judge = Judge::new(&case.cluster);
        let mut last = case.cluster.clone();
        let mut this = Self {
            rows: Vec::new(),
            clusters,
            steps: case.lines.len(),
            difference: None,
            broken: None,
            is_stuck: false,
            coverage: Coverage::default(),
        };
        for step in case.replay(law) {
            let input = &step.line.input;
            let (reply, before, after) = (&step.reply, &step.before, &step.after);
            let mut bad = Vec::new();
            if this.broken.is_none() {
                let coverage = &mut this.coverage;
                let seen = judge.see(&case.rules, input, reply, after, |transition, slots, nodes| {
                    coverage.note(transition, slots, nodes);
                });
                if let Err(broken) = seen {
                    bad.push(format!("breaks {}: {}", broken.invariant, broken.how));
                    this.broken = Some((step.number, broken));
                }
            }
            if let Some(difference) = &step.difference {
                bad.push(format!("differs at {difference}"));
                this.difference = this.difference.or(Some((step.number, difference.to_string())));
            }
            let from = moment;
            if before != after {
                moment = this.clusters.look(after);
            }
            this.rows.push(Row {
                number: step.number,
                time: script::print_time(input.at),
                input: script::print(&input.act),
                lines: transcript::outcome(
                    Step { number: step.number, input, reply, before, after },
                    &case.rules,
                ),
                is_telling: before != after || !bad.is_empty(),
                bad,
                moments: [from, moment],
            });
            last = step.after;
        }
        this.is_stuck = sim::is_stuck(case, &last);
        this
    }

    /// How often each status followed each other in a slot.
    pub(super) fn edges(&self) -> Edges {
        edges(&self.coverage)
    }

    /// The list, with the place where the cluster is drawn.
    pub(super) fn draw(&self) -> Markup {
        let chosen = self.first_bad();
        let shown = self.shown(chosen);
        let silent = self.rows.iter().filter(|row| !row.is_telling).count();
        let left_out = self.rows.len() - shown.len();
        html! {
            p {
                "Choose a step, by the pointer or with the arrow keys, to see what it did to the cluster: "
                span class="is" { "what is new" } ", " span class="was" { "what is gone" } "."
                @if left_out > 0 {
                    " Left out are " (parts::count(silent as u64, "step")) " that changed nothing"
                    @if left_out > silent { ", and " (parts::grouped((left_out - silent) as u64)) " others" }
                    "."
                }
            }
            div class="steps" id="steps" {
                ol aria-label="steps" {
                    li {
                        button type="button" data-moments="0" aria-current=[chosen.is_none().then_some("true")] {
                            span class="input" { span class="number" { "0" } span { "where it starts" } }
                        }
                    }
                    @for row in shown { (row.draw(chosen == Some(row.number))) }
                }
                div class="view" {
                    noscript { p class="remark" { "The cluster needs the script of this page, which your browser does not run." } }
                    div id="cluster" aria-live="polite" {}
                }
            }
        }
    }

    /// The steps of the list: all, or of a long run those that tell something, up to shortly after the one that is bad.
    fn shown(&self, bad: Option<usize>) -> Vec<&Row> {
        const AFTER: usize = 100;
        if self.rows.len() <= STEPS_MAX {
            return self.rows.iter().collect();
        }
        let telling: Vec<_> = self.rows.iter().filter(|row| row.is_telling).collect();
        let place = bad.map_or(0, |bad| telling.partition_point(|row| row.number <= bad) + AFTER);
        let end = place.max(STEPS_MAX).min(telling.len());
        telling[end.saturating_sub(STEPS_MAX)..end].to_vec()
    }

    /// The step that a reader wants to see first.
    fn first_bad(&self) -> Option<usize> {
        let difference = self.difference.as_ref().map(|(step, _)| *step);
        let broken = self.broken.as_ref().map(|(step, _)| *step);
        difference.into_iter().chain(broken).min()
    }

    /// What the script needs.
    pub(super) fn to_json(&self) -> Value {
        self.clusters.to_json()
    }
}

impl Row {
    fn draw(&self, is_chosen: bool) -> Markup {
        let [before, after] = self.moments;
        html! {
            li {
                button type="button" data-moments={ (before) " " (after) } aria-current=[is_chosen.then_some("true")] {
                    span class="input" {
                        span class="number" { (self.number) }
                        code { (self.input) }
                        span class="time" { (self.time) }
                    }
                    @for line in &self.lines { span class="line" { (line) } }
                    @for line in &self.bad { span class="line bad" { "✕ " (line) } }
                }
            }
        }
    }
}

/// How often each status followed each other.
pub(super) fn edges(coverage: &Coverage) -> Edges {
    let edges: BTreeMap<_, _> = coverage.edges().map(|(from, to, count)| ((from, to), count)).collect();
    edges
}
