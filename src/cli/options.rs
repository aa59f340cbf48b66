//! Options that several subcommands share, so that they mean the same everywhere.

use super::Failure;
use crate::spec::{Edition, Rules};

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

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(super) enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON object on standard output
    Json,
}
