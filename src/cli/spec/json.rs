//! The specification for programs: the same facts as the text, as one JSON object.

use serde_json::{Value, json};

use super::entry::{self, Entry};
use super::is_modelled;
use crate::spec::clause::AREAS;
use crate::spec::reading::SECTIONS;
use crate::spec::{Clause, Edition, Reading, Rules, Stance, coverage};

/// How much there is of everything.
pub(super) fn overview() -> Value {
    let areas = AREAS
        .iter()
        .map(|area| json!({"area": area.prefix, "title": area.title, "clauses": area.clauses.len()}));
    let sections = SECTIONS.iter().map(|section| {
        let count = |stance| section.readings.iter().filter(|reading| reading.stance == stance).count();
        json!({
            "title": section.title,
            "readings": section.readings.len(),
            "pin": count(Stance::Pin),
            "param": count(Stance::Param),
            "free": count(Stance::Free),
            "modelled": section.readings.iter().filter(|reading| is_modelled(reading)).count(),
        })
    });
    json!({"areas": areas.collect::<Vec<_>>(), "sections": sections.collect::<Vec<_>>()})
}

/// The entries of a list, each whole.
pub(super) fn list(found: &[Entry], rules: &Rules) -> Value {
    json!({"entries": found.iter().map(|found| entry(found, rules)).collect::<Vec<_>>()})
}

/// Everything about one clause or reading.
pub(super) fn entry(entry: &Entry, rules: &Rules) -> Value {
    match entry {
        Entry::Clause(clause) => self::clause(clause),
        Entry::Reading(reading) => self::reading(reading, rules),
    }
}

fn clause(clause: &Clause) -> Value {
    let authority: Vec<_> = clause.authority.iter().map(|known| entry::authority(*known)).collect();
    json!({
        "id": clause.id,
        "kind": "clause",
        "area": entry::area_of(clause).prefix,
        "statement": clause.statement,
        "authority": authority,
        "source": clause.source,
        "observable": clause.observable,
        "readings": clause.readings,
        "invariants": invariants(clause.id),
        "tests": coverage::tests_for(clause.id),
        "uncovered": coverage::excuse(clause),
    })
}

fn reading(reading: &Reading, rules: &Rules) -> Value {
    let variants: Vec<_> =
        reading.variants.iter().map(|known| json!({"name": known.name, "meaning": known.meaning})).collect();
    let defaults: serde_json::Map<_, _> = Edition::ALL
        .into_iter()
        .map(|edition| (edition.name().to_owned(), json!(reading.default_in(edition))))
        .collect();
    json!({
        "id": reading.id,
        "kind": "reading",
        "section": entry::section_of(reading).title,
        "question": reading.question,
        "evidence": reading.evidence,
        "variants": variants,
        "combines": reading.combines,
        "stance": entry::stance(reading.stance),
        "modelled": is_modelled(reading),
        "defaults": defaults,
        "edition": rules.edition().name(),
        "answers": entry::answers(reading, rules),
        "because": reading.because,
        "confidence": entry::confidence(reading.confidence),
        "tell": reading.tell,
        "clauses": entry::clauses_raising(reading).map(|clause| clause.id).collect::<Vec<_>>(),
        "invariants": invariants(reading.id),
        "tests": coverage::tests_for(reading.id),
    })
}

fn invariants(id: &str) -> Vec<Value> {
    let known = entry::invariants_for(id);
    known.map(|known| json!({"name": known.name, "statement": known.statement})).collect()
}
