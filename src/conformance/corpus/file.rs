//! A corpus as a file: a header, then one case a line. The same corpus gives the same bytes.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use serde_json::{Map, Value, json};

use super::pattern::Pattern;
use super::{Case, Corpus, Expected, FORMAT, Step, Then};
use crate::wire::object::{Bad, Object, Unknown, excerpt};
use crate::wire::{BadLine, Lines, format, request, write_line};

impl Corpus {
    /// Writes the corpus.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    pub fn write(&self, mut output: impl Write) -> io::Result<()> {
        let header = json!({
            "format": FORMAT,
            "version": format::VERSION,
            "edition": self.edition,
            "rules": self.rules,
            "nodes": (1..=self.nodes).map(|uid| uid.to_string()).collect::<Vec<_>>(),
            "made_by": format!("action-oracle {}", self.version),
            "cases": self.cases.len(),
        });
        write_line(&header, 1, &mut output)?;
        for (at, case) in self.cases.iter().enumerate() {
            write_line(&case.to_json(), at + 2, &mut output)?;
        }
        output.flush()
    }

    /// Reads a corpus.
    ///
    /// # Errors
    ///
    /// A line is broken, or cases are missing at the end.
    pub fn read(input: impl BufRead) -> Result<Self, BadLine> {
        let mut lines = Lines::new(input);
        let none = || BadLine::new(1, Bad::new("", "the header of a corpus", "the end of the file"));
        let (mut corpus, due) = lines.next(header)?.ok_or_else(none)?;
        while let Some(case) = lines.next(case)? {
            corpus.cases.push(case);
        }
        if corpus.cases.len() as u64 != due {
            let found = format!("{} of them, then the end of the file", corpus.cases.len());
            return Err(BadLine::new(lines.number(), Bad::new("", &format!("{due} cases"), found)));
        }
        Ok(corpus)
    }
}

fn header(mut object: Object) -> Result<(Corpus, u64), Bad> {
    format::check(&mut object, FORMAT)?;
    let string = |value: &Value| value.as_str().map(str::to_owned);
    let edition = object.required("edition", "an edition", string)?;
    let mut rules = BTreeMap::new();
    for (id, variant) in object.object_or_empty("rules")?.rest() {
        let name =
            string(&variant).ok_or_else(|| Bad::new("/rules", "the name of a variant", excerpt(&variant)))?;
        rules.insert(id, name);
    }
    let nodes = object.required("nodes", "a list of uids that begins with \"1\"", |value| {
        let uids = value.as_array()?;
        let are_numbered = uids
            .iter()
            .enumerate()
            .all(|(at, uid)| uid.as_str().is_some_and(|uid| uid.parse() == Ok(at + 1)));
        u32::try_from(uids.len()).ok().filter(|count| *count > 0 && are_numbered)
    })?;
    let version = object.text("made_by")?.unwrap_or_default();
    let version = version.trim_start_matches("action-oracle ").to_owned();
    let due = object.required("cases", "the number of cases", Value::as_u64)?;
    Ok((Corpus { edition, rules, nodes, version, cases: Vec::new() }, due))
}

impl Case {
    fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("name".to_owned(), self.name.as_str().into());
        object.insert("cells".to_owned(), self.cells.clone().into());
        object.insert("clauses".to_owned(), self.clauses.clone().into());
        if !self.needs.is_empty() {
            object.insert("needs".to_owned(), self.needs.clone().into());
        }
        object.insert("steps".to_owned(), self.steps.iter().map(Step::to_json).collect());
        object.into()
    }
}

fn case(mut object: Object) -> Result<Case, Bad> {
    let name = object.required("name", "a string", |value| value.as_str().map(str::to_owned))?;
    let [cells, clauses, needs] = ["cells", "clauses", "needs"].map(|name| strings(&mut object, name));
    let steps: Vec<Step> = object.objects("steps")?.into_iter().map(step).collect::<Result<_, _>>()?;
    let case = Case { name, cells: cells?, clauses: clauses?, needs: needs?, steps };
    let then = case.steps.iter().flat_map(|step| &step.answers).map(|answer| answer.then);
    let lost = then.filter_map(|then| match then {
        Then::Step(at) if at >= case.steps.len() => Some(at),
        _ => None,
    });
    match lost.min() {
        _ if case.steps.is_empty() => Err(Bad::new("/steps", "a step", "none")),
        Some(at) => Err(Bad::new("/steps", "steps that are there", format!("one that leads to step {at}"))),
        None => Ok(case),
    }
}

fn strings(object: &mut Object, name: &str) -> Result<Vec<String>, Bad> {
    let all = |value: &Value| value.as_array()?.iter().map(|it| it.as_str().map(str::to_owned)).collect();
    Ok(object.optional(name, "a list of strings", all)?.unwrap_or_default())
}

impl Step {
    fn to_json(&self) -> Value {
        let mut of = Map::new();
        request::put(&self.request, &mut of);
        let answers: Value = self.answers.iter().map(Expected::to_json).collect();
        json!({ "request": of, "clauses": self.clauses, "answers": answers })
    }
}

fn step(mut object: Object) -> Result<Step, Bad> {
    let mut unknown = Unknown::default();
    let mut of = object.object("request")?.ok_or_else(|| object.bad("request", "a request", None))?;
    let request = request::read(&mut of, &mut unknown)?;
    let clauses = strings(&mut object, "clauses")?;
    let answers = object.objects("answers")?.into_iter().map(expected).collect::<Result<_, _>>()?;
    Ok(Step { request, clauses, answers })
}

impl Expected {
    /// The answer as it stands in a file.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("status".to_owned(), self.status.into());
        if self.body != Pattern::Any {
            object.insert("body".to_owned(), self.body.to_json());
        }
        let then = match self.then {
            Then::Step(at) => at.into(),
            Then::Done => "done".into(),
            Then::Missed => "missed".into(),
        };
        object.insert("then".to_owned(), then);
        if self.waits {
            object.insert("wait".to_owned(), true.into());
        }
        object.into()
    }
}

fn expected(mut object: Object) -> Result<Expected, Bad> {
    let status = |value: &Value| u16::try_from(value.as_u64()?).ok();
    let status = object.required("status", "a status code", status)?;
    let place = format!("{}/body", object.place());
    let body = object.take("body").map_or(Ok(Pattern::Any), |body| Pattern::read(&body, &place))?;
    let then = object.required("then", "the number of a step, \"done\" or \"missed\"", |value| {
        Some(match value.as_str() {
            Some("done") => Then::Done,
            Some("missed") => Then::Missed,
            Some(_) => return None,
            None => Then::Step(usize::try_from(value.as_u64()?).ok()?),
        })
    })?;
    Ok(Expected { status, body, then, waits: object.flag("wait")? })
}
