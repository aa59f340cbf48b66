//! The specification for people: the overview, a list, one entry.

use std::io;

use super::entry::{self, Entry};
use super::is_modelled;
use super::page::Page;
use crate::spec::clause::AREAS;
use crate::spec::reading::SECTIONS;
use crate::spec::{Clause, Edition, Reading, Rules, Stance, clause, coverage, reading, rules};

/// Stands before an answer that holds.
const MARK: &str = "* ";

/// How much there is of everything.
pub(super) fn overview(page: &mut Page<'_>) -> io::Result<()> {
    page.heading("Clauses", &format!("{}, what the documents say, by area", clause::all().count()))?;
    for area in AREAS {
        page.row(&format!("{:<5} {:>3}  {}", area.prefix, area.clauses.len(), area.title))?;
    }
    page.blank()?;
    let known = rules::modelled().count();
    let all = reading::all().count();
    page.heading("Readings", &format!("{all}, what they leave open, by section; {known} are modelled"))?;
    page.row(&format!("{:<44} {:>4} {:>6} {:>5} {:>9}", "", "pin", "param", "free", "modelled"))?;
    for section in SECTIONS {
        let count = |stance| section.readings.iter().filter(|reading| reading.stance == stance).count();
        let (pin, param, free) = (count(Stance::Pin), count(Stance::Param), count(Stance::Free));
        let known = section.readings.iter().filter(|reading| is_modelled(reading)).count();
        page.row(&format!("{:<44} {pin:>4} {param:>6} {free:>5} {known:>9}", section.title))?;
    }
    page.blank()?;
    page.paragraph(
        "Lists: `spec --area POST`, `spec --stance param`, `spec --modelled`, `spec --grep WORD`.",
    )?;
    page.paragraph("One entry: `spec POST-3`, `spec R-STARTING-CANCEL`.")
}

/// One line each.
pub(super) fn list(page: &mut Page<'_>, found: &[Entry]) -> io::Result<()> {
    let width = found.iter().map(|entry| entry.id().len()).max().unwrap_or(0);
    found.iter().try_for_each(|entry| page.line(entry.id(), width, entry.gist()))
}

/// Everything about one clause or reading.
pub(super) fn entry(page: &mut Page<'_>, entry: &Entry, rules: &Rules) -> io::Result<()> {
    match entry {
        Entry::Clause(clause) => self::clause(page, clause),
        Entry::Reading(reading) => self::reading(page, reading, rules),
    }
}

fn clause(page: &mut Page<'_>, clause: &Clause) -> io::Result<()> {
    page.heading(clause.id, entry::area_of(clause).title)?;
    page.blank()?;
    page.paragraph(clause.statement)?;
    page.blank()?;
    page.field("authority", &entry::authorities(clause))?;
    page.field("source", clause.source)?;
    page.field("observed by", clause.observable)?;
    let column = clause.readings.iter().map(|id| id.len()).max().unwrap_or(0);
    for (label, id) in labelled("raises", clause.readings) {
        let question = reading::find(id).map_or("", |reading| reading.question);
        page.item(label, (id, column), question)?;
    }
    page.blank()?;
    covered_by(page, clause.id, coverage::excuse(clause))
}

fn reading(page: &mut Page<'_>, reading: &Reading, rules: &Rules) -> io::Result<()> {
    let modelled = if is_modelled(reading) { "modelled" } else { "one answer in the model" };
    let stance = entry::stance(reading.stance);
    page.heading(reading.id, &format!("{}, {stance}, {modelled}", entry::section_of(reading).title))?;
    page.blank()?;
    page.paragraph(reading.question)?;
    page.blank()?;
    let answers = entry::answers(reading, rules);
    let column = reading.variants.iter().map(|variant| variant.name.len() + MARK.len()).max().unwrap_or(0);
    for (index, variant) in reading.variants.iter().enumerate() {
        let label = if index == 0 { "answers" } else { "" };
        let mark = if answers.iter().any(|name| name == variant.name) { MARK } else { "  " };
        page.item(label, (&format!("{mark}{}", variant.name), column), variant.meaning)?;
    }
    page.field("", &format!("{MARK}holds in {}", holds(reading, rules)))?;
    page.blank()?;
    page.field("evidence", reading.evidence)?;
    page.field("because", reading.because)?;
    page.field("confidence", entry::confidence(reading.confidence))?;
    page.field("to tell", reading.tell)?;
    let raised_by: Vec<_> = entry::clauses_raising(reading).map(|clause| clause.id).collect();
    if !raised_by.is_empty() {
        page.field("raised by", &raised_by.join(", "))?;
    }
    page.blank()?;
    covered_by(page, reading.id, None)
}

/// What holds the entry to the code, or why nothing does.
fn covered_by(page: &mut Page<'_>, id: &str, excuse: Option<&str>) -> io::Result<()> {
    for (index, invariant) in entry::invariants_for(id).enumerate() {
        let label = if index == 0 { "invariants" } else { "" };
        page.field(label, &format!("{}: {}", invariant.name, invariant.statement))?;
    }
    let tests = coverage::tests_for(id);
    for (label, test) in labelled("tests", &tests) {
        page.field(label, test)?;
    }
    match excuse {
        Some(reason) => page.field("uncovered", reason),
        None if tests.is_empty() => page.field("tests", "none is named after it"),
        None => Ok(()),
    }
}

/// Where the marked answers hold, and what the other editions assume.
fn holds(reading: &Reading, rules: &Rules) -> String {
    let here = rules.edition();
    let default = reading.default_in(here);
    if entry::answers(reading, rules).join("+") != default {
        return format!("{here} as asked for, instead of {default}");
    }
    let (same, other): (Vec<_>, Vec<_>) =
        Edition::ALL.into_iter().partition(|edition| reading.default_in(*edition) == default);
    if other.is_empty() {
        return "every edition".to_owned();
    }
    let same: Vec<_> = same.into_iter().map(Edition::name).collect();
    let other: Vec<_> =
        other.into_iter().map(|edition| format!("{} in {edition}", reading.default_in(edition))).collect();
    format!("{}; {}", same.join(" and "), other.join(", "))
}

/// The label beside the first, nothing beside the others.
fn labelled<'a>(label: &'a str, items: &'a [&'a str]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let labels = std::iter::once(label).chain(std::iter::repeat(""));
    labels.zip(items.iter().copied())
}
