//! `action-oracle spec`: what the documents promise, and what they leave open.
//!
//! Without arguments an overview, with filters a list, with an ID one [`Entry`] with everything that is known
//! about it. What is shown is decided here; how it looks is in `text` and `json`, which show the same facts.

mod entry;
mod json;
mod page;
mod text;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::options::{Format, RulesOptions};
use super::{Console, Exit, Failure};
use crate::spec::clause::{AREAS, Area};
use crate::spec::{Clause, Reading, Rules, Stance, clause, reading, rules};
use entry::Entry;

/// Show what the documents promise (clauses) and what they leave open (readings)
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples: action-oracle spec POST-3\n          \
                        action-oracle spec --modelled --grep snapshot")]
pub(super) struct Args {
    /// One clause or reading, for example POST-3 or R-STARTING-CANCEL
    #[arg(value_name = "ID", conflicts_with_all = ["area", "stance", "modelled", "grep"])]
    id: Option<String>,
    /// List the clauses of one area, for example POST; with a filter of readings, the readings they raise
    #[arg(long, value_parser = parse_area)]
    area: Option<&'static Area>,
    /// List the readings of one stance
    #[arg(long, value_parser = stance_parser())]
    stance: Option<Stance>,
    /// List the readings that the model knows
    #[arg(long)]
    modelled: bool,
    /// List what contains this text, in upper or lower case
    #[arg(long, value_name = "WORD")]
    grep: Option<String>,
    #[command(flatten)]
    rules: RulesOptions,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let rules = args.rules.rules()?;
    match (&args.id, args.filters()) {
        (Some(id), _) => show(&Entry::find(id)?, &rules, args.format, console)?,
        (None, true) => list(&args.selected(), &rules, args.format, console)?,
        (None, false) => overview(args.format, console)?,
    }
    Ok(Exit::Conforms)
}

fn show(entry: &Entry, rules: &Rules, format: Format, console: &mut Console<'_>) -> Result<(), Failure> {
    match format {
        Format::Text => text::entry(&mut page::Page::new(console), entry, rules)?,
        Format::Json => writeln!(console.out, "{:#}", json::entry(entry, rules))?,
    }
    Ok(())
}

fn list(found: &[Entry], rules: &Rules, format: Format, console: &mut Console<'_>) -> Result<(), Failure> {
    match format {
        Format::Text if found.is_empty() => writeln!(console.remarks, "nothing matches")?,
        Format::Text => text::list(&mut page::Page::new(console), found)?,
        Format::Json => writeln!(console.out, "{:#}", json::list(found, rules))?,
    }
    Ok(())
}

fn overview(format: Format, console: &mut Console<'_>) -> Result<(), Failure> {
    match format {
        Format::Text => text::overview(&mut page::Page::new(console))?,
        Format::Json => writeln!(console.out, "{:#}", json::overview())?,
    }
    Ok(())
}

impl Args {
    fn filters(&self) -> bool {
        self.area.is_some() || self.grep.is_some() || self.filters_readings()
    }

    /// A clause has no stance and is not modelled by itself, so these leave only readings.
    fn filters_readings(&self) -> bool {
        self.stance.is_some() || self.modelled
    }

    /// The clauses, then the readings, that every filter lets through.
    fn selected(&self) -> Vec<Entry> {
        let clauses = clause::all().filter(|clause| self.selects_clause(clause)).map(Entry::Clause);
        let readings = reading::all().filter(|reading| self.selects_reading(reading)).map(Entry::Reading);
        clauses.chain(readings).filter(|entry| self.matches_word(entry)).collect()
    }

    fn selects_clause(&self, clause: &Clause) -> bool {
        !self.filters_readings() && self.area.is_none_or(|area| area.clauses.contains(clause))
    }

    fn selects_reading(&self, reading: &Reading) -> bool {
        let raised_in = |area: &Area| area.clauses.iter().any(|clause| clause.readings.contains(&reading.id));
        self.stance.is_none_or(|stance| reading.stance == stance)
            && (!self.modelled || is_modelled(reading))
            && match self.area {
                Some(area) => self.filters_readings() && raised_in(area),
                None => true,
            }
    }

    fn matches_word(&self, entry: &Entry) -> bool {
        let Some(word) = &self.grep else { return true };
        let word = word.to_lowercase();
        entry.words().any(|text| text.to_lowercase().contains(&word))
    }
}

fn is_modelled(reading: &Reading) -> bool {
    rules::modelled().any(|id| id == reading.id)
}

fn parse_area(text: &str) -> Result<&'static Area, String> {
    let found = AREAS.iter().find(|area| area.prefix.eq_ignore_ascii_case(text));
    found.ok_or_else(|| {
        let known: Vec<_> = AREAS.iter().map(|area| area.prefix).collect();
        format!("no area is called `{text}`; known are {}", known.join(", "))
    })
}

fn stance_parser() -> impl TypedValueParser<Value = Stance> {
    const ALL: [Stance; 3] = [Stance::Pin, Stance::Param, Stance::Free];
    let known = "the parser lets only these names through";
    PossibleValuesParser::new(ALL.map(entry::stance))
        .map(move |name| ALL.into_iter().find(|stance| entry::stance(*stance) == name).expect(known))
}
