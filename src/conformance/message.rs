//! What a test tells a person: what was found, why nothing explains it, and how to see it again.

use std::fmt;

use super::plan::Step;
use super::run::{Finding, Report};
use crate::history::{Kind, Record};
use crate::model::Body;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.findings.iter().try_for_each(|finding| writeln!(f, "\n{finding}"))?;
        for (signature, times) in &self.known {
            writeln!(f, "known, met {times} times: {signature}")?;
        }
        let Self { plans, judged, undecided, .. } = self;
        write!(f, "{plans} plans played, {judged} answers judged, {undecided} plans undecided")
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let divergence = &self.divergence;
        writeln!(f, "{}", divergence.sentence)?;
        write!(f, "\n{}", divergence.comparison())?;
        let (seed, steps) = self.found;
        let length = self.plan.steps.len();
        writeln!(f, "\nthis shows it ({length} steps, shrunk from {steps} of seed {seed}):\n")?;
        writeln!(f, "  nodes {}", self.plan.nodes)?;
        let mut answers = self.records.iter().filter(|record| matches!(record.kind, Kind::Return(_)));
        for step in &self.plan.steps {
            writeln!(f, "  {step}")?;
            if matches!(step, Step::Call(_))
                && let Some(answer) = answers.next()
            {
                writeln!(f, "      {}", answer_in_short(answer))?;
            }
        }
        writeln!(f, "\n{}", self.shorter)?;
        writeln!(f, "\nas a test, where `subject` is what was tested:\n")?;
        write!(f, "{}", self.as_rust_test())
    }
}

impl Finding {
    /// The finding as a Rust test that fails until it is mended. It needs a `subject()` that gives what is tested.
    pub fn as_rust_test(&self) -> String {
        let name: String = self
            .signature
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
            .collect();
        let name = name.split('_').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_");
        let plan = self.plan.to_string();
        let hashes = (1..).map(|count| "#".repeat(count)).find(|it| !plan.contains(&format!("\"{it}")));
        let hashes = hashes.expect("a text is finite");
        format!(
            "#[test]\nfn {name}() {{\n    let plan = r{hashes}\"{plan}\"{hashes};\n    \
             let found = action_oracle::conformance::replay(&mut subject(), plan, &Default::default());\n    \
             assert_eq!(found.expect(\"it is a plan\").iter().map(|it| &it.sentence).collect::<Vec<_>>(), [\"\"; 0]);\n}}\n"
        )
    }
}

fn answer_in_short(answer: &Record) -> String {
    let Kind::Return(answer) = &answer.kind else { return String::new() };
    match &answer.body {
        Body::Absent => answer.status.to_string(),
        Body::Json(value) => format!("{} {value}", answer.status),
        Body::Text(text) => format!("{} {text:?}", answer.status),
    }
}
