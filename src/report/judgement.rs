//! A judgement, for a person and for a program.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::history::{Kind, Record, Return};
use crate::model::{Body, Caller, Request, Role};
use crate::oracle::{Divergence, Judgement, Place, Verdict};
use crate::spec::Question;

/// Why a judgement says that nothing was checked.
pub(super) fn why_nothing(judgement: &Judgement) -> &'static str {
    match judgement.judged {
        0 => "no answer in this history is judged",
        _ => "every POST was refused, and so no action was ever started",
    }
}

/// Writes a judgement as text. The calls of each core are shown with it. The same judgement gives the same text.
///
/// # Errors
///
/// Those of the writer.
pub fn write_text(judgement: &Judgement, cores: &[Vec<Record>], out: &mut dyn Write) -> io::Result<()> {
    match &judgement.verdict {
        Verdict::Conforms => writeln!(out, "conforms: some run of the law explains every answer")?,
        Verdict::NothingChecked => writeln!(out, "nothing was checked: {}", why_nothing(judgement))?,
        Verdict::Undecided => {
            writeln!(out, "undecided: neither a run that explains it was found, nor why there is none")?
        }
        Verdict::Diverges(divergences) => {
            for (divergence, core) in divergences.iter().zip(cores) {
                write_divergence(divergence, core, out)?;
            }
        }
    }
    for place in &judgement.undecided {
        writeln!(out, "  the budget ended at {}, record {}", place.unit, place.record)?;
    }
    for place in &judgement.limits {
        let (unit, record) = (&place.unit, place.record);
        writeln!(
            out,
            "  the actions of {unit} were judged together up to record {record}, from there one by one"
        )?;
    }
    writeln!(out, "\n{}", counts(judgement))?;
    if judgement.is_truncated {
        writeln!(out, "the history has no end: it may have been cut off")?;
    }
    write_readings(judgement, out)
}

fn counts(judgement: &Judgement) -> String {
    let Judgement { judged, unjudged, lost, records, .. } = judgement;
    format!(
        "{records} records: {judged} answers judged, {unjudged} left open by the documents, {lost} calls without an answer"
    )
}

fn write_divergence(divergence: &Divergence, core: &[Record], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "diverges at record {}: {}", divergence.record, divergence.sentence)?;
    write!(out, "\n{}", divergence.comparison())?;
    let from =
        if divergence.from_any_state { "whatever was before" } else { "from the beginning of the history" };
    writeln!(out, "\n  these calls force it, {from}:")?;
    for record in core {
        writeln!(out, "    {}", in_short(record))?;
    }
    writeln!(out)
}

/// A record in one line.
fn in_short(record: &Record) -> String {
    match &record.kind {
        Kind::Invoke(call) => format!("{:>4}  {}", call.id, asked(&call.request)),
        Kind::Return(answer) => format!("{:>4}    {}", answer.id, answered(answer)),
        Kind::Lost(lost) => format!("{:>4}    lost", lost.id),
        Kind::Fence(fence) => {
            let ids: Vec<_> = fence.lost.iter().map(ToString::to_string).collect();
            format!("{:>4}    may have acted, and cannot help", ids.join(", "))
        }
        Kind::Unsent(call) => format!("{:>4}    was not sent", call.id),
        Kind::Note(note) => format!("      {}", note.text),
    }
}

/// What is asked, in one line.
pub fn asked(request: &Request) -> String {
    let body = match &request.body {
        Body::Absent => String::new(),
        Body::Json(value) => format!(" {value}"),
        Body::Text(text) => format!(" {text}"),
    };
    let caller = match request.caller {
        Caller::Role(Role::Admin) => String::new(),
        Caller::Role(role) => format!(" as {}", role.name()),
        Caller::Missing => " without credentials".to_owned(),
        Caller::Wrong => " with wrong credentials".to_owned(),
    };
    format!("{} {}{body}{caller}", request.method.name(), request.path)
}

/// What came of a call, in one line; none for a record that ends none.
pub fn ending(kind: &Kind) -> Option<String> {
    match kind {
        Kind::Return(answer) => Some(answered(answer)),
        Kind::Lost(lost) => Some(format!("lost ({})", lost.why.as_deref().unwrap_or("nobody knows why"))),
        Kind::Unsent(_) => Some("not sent".to_owned()),
        Kind::Invoke(_) | Kind::Note(_) | Kind::Fence(_) => None,
    }
}

fn answered(answer: &Return) -> String {
    let body = match &answer.body {
        Body::Absent => String::new(),
        Body::Json(value) => shortened(&value.to_string()),
        Body::Text(text) => shortened(text),
    };
    format!("{} {body}", answer.status)
}

/// As much of a body as fits a line.
fn shortened(text: &str) -> String {
    const CHARACTERS_MAX: usize = 120;
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

fn write_readings(judgement: &Judgement, out: &mut dyn Write) -> io::Result<()> {
    if judgement.readings.is_empty() {
        return Ok(());
    }
    let is_settled = |(question, answers): &&(Question, Vec<usize>)| answers.len() < question.answers();
    let settled: Vec<_> = judgement.readings.iter().filter(is_settled).collect();
    let open = judgement.readings.len() - settled.len();
    writeln!(
        out,
        "\nreadings that the run settles, at least in part; {open} more that it touched are as open as before:"
    )?;
    for (question, answers) in settled {
        writeln!(out, "  {:<24} {}", question.id(), names(*question, answers).join(" or "))?;
    }
    Ok(())
}

fn names(question: Question, answers: &[usize]) -> Vec<String> {
    answers.iter().map(|answer| question.answer_name(*answer)).collect()
}

/// The judgement as one JSON object.
pub fn to_json(judgement: &Judgement, cores: &[Vec<Record>]) -> Value {
    let verdict = match judgement.verdict {
        Verdict::Conforms => "conforms",
        Verdict::Diverges(_) => "diverges",
        Verdict::Undecided => "undecided",
        Verdict::NothingChecked => "nothing-checked",
    };
    let divergences = judgement.divergences();
    let mut readings = Map::new();
    let mut named = Value::Null;
    for (question, answers) in &judgement.readings {
        let names = names(*question, answers);
        if *question == Question::EDITION {
            named = if let [one] = names.as_slice() { json!(one) } else { json!(names) };
        } else {
            readings.insert(question.id().to_owned(), json!(names));
        }
    }
    let edition = judgement.edition.map_or(named, |edition| json!(edition.name()));
    let all: Vec<_> = divergences.iter().zip(cores).map(|(one, core)| divergence(one, core)).collect();
    let places = |places: &[Place]| -> Vec<Value> {
        places.iter().map(|place| json!({"unit": place.unit, "record": place.record})).collect()
    };
    json!({
        "verdict": verdict,
        "checked": judgement.judged,
        "unjudged": judgement.unjudged,
        "lost": judgement.lost,
        "records": judgement.records,
        "truncated": judgement.is_truncated,
        "edition": edition,
        "readings": readings,
        "coverage": judgement.coverage.iter().map(|(cell, count)| (cell.clone(), json!(count))).collect::<Map<_, _>>(),
        "undecided": places(&judgement.undecided),
        "limits": places(&judgement.limits),
        "divergence": all.first().cloned().unwrap_or(Value::Null),
        "divergences": all,
    })
}

fn divergence(divergence: &Divergence, core: &[Record]) -> Value {
    let expected = divergence.expected.iter();
    let expected: Vec<_> = expected
        .map(|one| json!({"answer": one.answer, "world": one.world, "clauses": one.clauses}))
        .collect();
    let case: Vec<_> = core.iter().map(in_short).collect();
    json!({
        "signature": divergence.signature,
        "sentence": divergence.sentence,
        "clauses": divergence.clauses,
        "call": divergence.call.0,
        "record": divergence.record,
        "observed": divergence.observed,
        "expected": expected,
        "core": divergence.core.iter().map(|id| id.0).collect::<Vec<_>>(),
        "bystanders": divergence.bystanders.iter().map(|id| id.0).collect::<Vec<_>>(),
        "from_any_state": divergence.from_any_state,
        "no_single_reading": divergence.by_no_single_reading,
        "case": case,
    })
}
