//! One clause or one reading: what an ID names, and how its parts are called on the screen and in JSON.

use super::super::Failure;
use crate::model::invariant::{self, Invariant};
use crate::spec::clause::{AREAS, Area};
use crate::spec::reading::{SECTIONS, Section};
use crate::spec::{Authority, Clause, Confidence, Reading, Rules, Stance, clause, reading};

/// What an ID names.
pub(super) enum Entry {
    Clause(&'static Clause),
    Reading(&'static Reading),
}

/// How many IDs a wrong one is answered with, at most.
const SUGGESTIONS_MAX: usize = 3;

impl Entry {
    /// What the ID names, in upper or lower case; an unknown one is answered with the nearest.
    pub(super) fn find(id: &str) -> Result<Self, Failure> {
        let found = Self::all().find(|entry| entry.id().eq_ignore_ascii_case(id));
        found.ok_or_else(|| Failure::Usage(unknown(id)))
    }

    fn all() -> impl Iterator<Item = Self> {
        clause::all().map(Self::Clause).chain(reading::all().map(Self::Reading))
    }

    pub(super) fn id(&self) -> &'static str {
        match self {
            Self::Clause(clause) => clause.id,
            Self::Reading(reading) => reading.id,
        }
    }

    /// The statement of a clause, the question of a reading.
    pub(super) fn gist(&self) -> &'static str {
        match self {
            Self::Clause(clause) => clause.statement,
            Self::Reading(reading) => reading.question,
        }
    }

    /// Every text of it that a search looks through.
    pub(super) fn words(&self) -> Box<dyn Iterator<Item = &'static str>> {
        match *self {
            Self::Clause(clause) => {
                let texts = [clause.id, clause.statement, clause.source, clause.observable];
                Box::new(texts.into_iter().chain(clause.readings.iter().copied()))
            }
            Self::Reading(reading) => {
                let texts = [reading.id, reading.question, reading.evidence, reading.because, reading.tell];
                let variants = reading.variants.iter().flat_map(|known| [known.name, known.meaning]);
                Box::new(texts.into_iter().chain(variants))
            }
        }
    }
}

/// The message for an ID that names nothing.
fn unknown(id: &str) -> String {
    let wanted = id.to_uppercase();
    // An ID that shares less than half of its letters is no help.
    let distance_max = wanted.chars().count() / 2;
    let mut near: Vec<_> = Entry::all()
        .map(|entry| (strsim::osa_distance(&wanted, entry.id()), entry.id()))
        .filter(|(distance, _)| *distance <= distance_max)
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.truncate(SUGGESTIONS_MAX);
    let nearest: Vec<_> = near.into_iter().map(|(_, id)| id).collect();
    match nearest.as_slice() {
        [] => format!("no clause and no reading is called `{id}`; try `action-oracle spec --grep {id}`"),
        _ => format!("no clause and no reading is called `{id}`; the nearest are {}", nearest.join(", ")),
    }
}

/// The area that a clause belongs to.
pub(super) fn area_of(clause: &Clause) -> &'static Area {
    AREAS.iter().find(|area| area.clauses.contains(clause)).expect("every clause stands in an area")
}

/// The section that a reading belongs to.
pub(super) fn section_of(reading: &Reading) -> &'static Section {
    let found = SECTIONS.iter().find(|section| section.readings.contains(reading));
    found.expect("every reading stands in a section")
}

/// The clauses that raise a reading.
pub(super) fn clauses_raising(reading: &Reading) -> impl Iterator<Item = &'static Clause> {
    clause::all().filter(|clause| clause.readings.contains(&reading.id))
}

/// The invariants that encode a clause or speak for a reading.
pub(super) fn invariants_for(id: &str) -> impl Iterator<Item = &'static Invariant> {
    invariant::ALL.iter().copied().filter(move |known| known.clauses.contains(&id))
}

/// The names of the answers that hold under the rules: those of the rules where the model knows the reading,
/// else those of the edition.
pub(super) fn answers(reading: &Reading, rules: &Rules) -> Vec<String> {
    let chosen = rules.get(reading.id).unwrap_or_else(|| reading.default_in(rules.edition()).to_owned());
    chosen.split('+').map(str::to_owned).collect()
}

/// Who states a clause, most binding first, as one phrase.
pub(super) fn authorities(clause: &Clause) -> String {
    let names: Vec<_> = clause.authority.iter().map(|known| authority(*known)).collect();
    names.join("; ")
}

pub(super) fn authority(authority: Authority) -> &'static str {
    match authority {
        Authority::Seed => "seed document",
        Authority::Docs => "public documents",
        Authority::DocsUpTo722 => "public documents up to 7.22",
        Authority::DocsFrom80 => "public documents from 8.0",
        Authority::Legacy => "older official text",
        Authority::Live => "measured on real clusters",
        Authority::Client => "expected by a public client",
    }
}

pub(super) fn stance(stance: Stance) -> &'static str {
    match stance {
        Stance::Pin => "pin",
        Stance::Param => "param",
        Stance::Free => "free",
    }
}

pub(super) fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}
