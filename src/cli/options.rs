//! Options that several subcommands share, so that they mean the same everywhere.

use std::fs;
use std::path::{Path, PathBuf};

use super::Failure;
use crate::case;
use crate::model::{self, Cluster};
use crate::oracle::{self, Budget};
use crate::sim::{self, Faults, Law, Options, RuleChoice};
use crate::spec::{Edition, Question, Rules};

/// Which edition, and which answers to the open questions.
#[derive(Debug, clap::Args)]
pub(super) struct RulesOptions {
    /// The edition of the documents: E-72, E-74 or E-80
    #[arg(long, value_name = "E", default_value_t)]
    pub(super) edition: Edition,
    /// Answers to open questions that differ from the edition's; may be repeated
    #[arg(long, value_name = "R-X=VARIANT,...")]
    rules: Vec<String>,
}

impl RulesOptions {
    /// The rules they ask for; the last answer to a question wins.
    pub(super) fn rules(&self) -> Result<Rules, Failure> {
        let mut rules = Rules::new(self.edition);
        for text in &self.rules {
            rules.set_all(text).map_err(|error| Failure::Usage(format!("--rules: {error}")))?;
        }
        Ok(rules)
    }
}

/// What a simulated run is like; the same options and seed give the same run.
#[derive(Debug, clap::Args)]
pub(super) struct SimulationOptions {
    /// The steps of a run before it comes to rest
    #[arg(long, value_name = "N", default_value_t = STEPS)]
    steps: u32,
    /// The nodes of each cluster, 1 to 64; drawn for each run if absent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    nodes: Option<u32>,
    /// The clients that ask, 1 to 1024; drawn for each run if absent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    clients: Option<u32>,
    /// The cluster that each run starts from, with its databases and shards
    #[arg(long, value_name = "FILE", conflicts_with = "nodes")]
    topology: Option<PathBuf>,
    /// The faults to draw from: all, none, or names separated by commas
    #[arg(long, value_name = "LIST", default_value = "all")]
    faults: Faults,
    /// Draw the edition and some readings for each run
    #[arg(long, conflicts_with_all = ["rules", "edition"])]
    pub(super) vary_rules: bool,
    /// Plant a wrong edge in the law: somebody must notice
    #[arg(long)]
    pub(super) canary: bool,
    #[command(flatten)]
    pub(super) rules: RulesOptions,
}

/// As many as a run needs to reach everything that it can, now and then.
const STEPS: u32 = 400;

impl SimulationOptions {
    /// What they ask of the simulator.
    pub(super) fn options(&self) -> Result<Options, Failure> {
        let rules = match self.vary_rules {
            true => RuleChoice::Drawn,
            false => RuleChoice::Fixed(self.rules.rules()?),
        };
        let topology = self.topology.as_deref().map(read_topology).transpose()?;
        let Self { steps, nodes, clients, faults, .. } = *self;
        Ok(Options { steps, nodes, clients, topology, faults, rules })
    }

    /// The words that say the same.
    pub(super) fn words(&self) -> Vec<String> {
        let number =
            |name: &str, number: Option<u32>| number.map(|number| [name.to_owned(), number.to_string()]);
        let mut words = vec!["--steps".to_owned(), self.steps.to_string()];
        words.extend(
            [number("--nodes", self.nodes), number("--clients", self.clients)]
                .into_iter()
                .flatten()
                .flatten(),
        );
        if let Some(path) = &self.topology {
            words.extend(["--topology".to_owned(), path.display().to_string()]);
        }
        words.extend(["--faults".to_owned(), self.faults.to_string()]);
        if self.vary_rules {
            words.push("--vary-rules".to_owned());
        } else {
            words.extend(["--edition".to_owned(), self.rules.edition.name().to_owned()]);
            words.extend(self.rules.rules.iter().flat_map(|text| ["--rules".to_owned(), text.clone()]));
        }
        words.extend(self.canary.then(|| "--canary".to_owned()));
        words
    }

    /// The law to run.
    pub(super) fn law(&self) -> Law {
        if self.canary { sim::canary } else { model::step }
    }

    /// Whether nothing was left out, so that many runs can be expected to reach everything.
    pub(super) fn is_complete(&self) -> bool {
        let own_rules = self.rules.rules().is_ok_and(|rules| rules == Rules::default());
        let any_size = self.nodes.is_none() && self.topology.is_none() && self.clients.is_none();
        any_size && self.faults == Faults::ALL && self.steps >= STEPS && own_rules
    }
}

/// The cluster that a file describes.
pub(super) fn read_topology(path: &Path) -> Result<Cluster, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::cannot_read(path, error))?;
    case::topology(&text).map_err(|error| Failure::cannot_read(path, error))
}

/// What a judge is told.
#[derive(Debug, clap::Args)]
pub(super) struct JudgingOptions {
    /// The edition of the documents, if the history does not say it; inferred if absent
    #[arg(long, value_name = "E")]
    pub(super) edition: Option<Edition>,
    /// Answers to open questions that are known; all others are inferred; may be repeated
    #[arg(long, value_name = "R-X=VARIANT,...")]
    rules: Vec<String>,
    /// Give up on a slot after so many worlds
    #[arg(long, value_name = "N", default_value_t = Budget::default().worlds)]
    worlds: u64,
    /// Give up on a slot when the search takes about so many megabytes
    #[arg(long, value_name = "MB", default_value_t = Budget::default().bytes >> 20)]
    memory: usize,
}

impl JudgingOptions {
    /// What they ask of the judge.
    pub(super) fn options(&self) -> Result<oracle::Options, Failure> {
        let usage = |error: &dyn std::fmt::Display| Failure::Usage(format!("--rules: {error}"));
        let mut pins = Vec::new();
        for rule in
            self.rules.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|rule| !rule.is_empty())
        {
            // Whatever is wrong with a rule is told by the rules.
            Rules::default().set_all(rule).map_err(|error| usage(&error))?;
            let (id, variant) = rule.split_once('=').expect("it was just understood");
            let question = Question::find(id.trim()).expect("it was just found");
            pins.push((question, question.answer_named(variant.trim()).expect("it was just found")));
        }
        if let Some(edition) = self.edition {
            pins.push((Question::EDITION, edition as usize));
        }
        let budget = Budget { worlds: self.worlds, bytes: self.memory << 20, ..Budget::default() };
        Ok(oracle::Options { pins, budget, ..oracle::Options::default() })
    }
}

/// Where else a result goes.
#[derive(Debug, clap::Args)]
pub(super) struct ReportOptions {
    /// Write a page about the result as well, to be opened in a browser
    #[arg(long = "report", value_name = "FILE")]
    pub(super) page: Option<PathBuf>,
}

impl ReportOptions {
    /// What to say of a failure that a file shows, if no page was asked for.
    pub(super) fn hint(&self, file: &Path) -> Option<String> {
        let is_due = self.page.is_none();
        is_due.then(|| format!("report: action-oracle report {} -o report.html", file.display()))
    }
}

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(super) enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON object on standard output
    Json,
}

/// How a judgement is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(super) enum JudgementFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object on standard output
    Json,
    /// JUnit XML, for the reports of a CI
    Junit,
    /// Annotations of a workflow of GitHub
    Github,
}
