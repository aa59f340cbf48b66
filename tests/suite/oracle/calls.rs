//! Short histories: calls about three nodes, one after the other, and whether they are fine.

use action_oracle::history::Reader;
use action_oracle::oracle::{Divergence, Judgement, Options, Verdict, judge};
use serde_json::{Map, Value, json};

use super::{conforms, diverges};

/// Calls about three nodes, one after the other.
#[derive(Clone, Default)]
pub(super) struct Calls {
    lines: Vec<Value>,
    rules: Map<String, Value>,
}

impl Calls {
    /// The same where a question is known to be answered so.
    pub(super) fn told(mut self, reading: &str, variant: &str) -> Self {
        self.rules.insert(reading.to_owned(), variant.into());
        self
    }

    pub(super) fn call(self, method: &str, path: &str, status: u16, shown: Value) -> Self {
        let body = (method == "POST").then(|| json!({"body": {}}));
        self.with(body.unwrap_or_else(|| json!({})), method, path, status, shown)
    }

    pub(super) fn get(self, path: &str, shown: Value) -> Self {
        self.call("GET", path, 200, shown)
    }

    /// The same with other members of the invoke.
    pub(super) fn with(
        mut self,
        members: Value,
        method: &str,
        path: &str,
        status: u16,
        shown: Value,
    ) -> Self {
        let id = self.lines.len() / 2 + 1;
        let mut invoke = json!({"kind": "invoke", "id": id, "method": method, "path": path});
        let Value::Object(members) = members else { panic!("members are an object") };
        invoke.as_object_mut().expect("it is one").extend(members);
        self.lines.extend([invoke, json!({"kind": "return", "id": id, "status": status, "body": shown})]);
        self
    }

    /// Judges them; gives the sentence about what is not fine.
    #[track_caller]
    pub(super) fn is_fine(&self, is_fine: bool) -> String {
        let (text, judgement) = self.judged();
        let verdict = &judgement.verdict;
        assert!(if is_fine { conforms(verdict) } else { diverges(verdict) }, "{verdict:?} of\n{text}");
        judgement.divergences().first().map_or_else(String::new, |first| first.sentence.clone())
    }

    /// Judges them; gives what is not fine.
    #[track_caller]
    pub(super) fn divergence(&self) -> Divergence {
        let (text, Judgement { verdict, .. }) = self.judged();
        let Verdict::Diverges(mut divergences) = verdict else { panic!("{verdict:?} of\n{text}") };
        divergences.remove(0)
    }

    fn judged(&self) -> (String, Judgement) {
        let header = json!({
            "format": "action-oracle/history", "version": 1, "initial": "empty", "nodes": ["1", "2", "3"],
            "rules": self.rules,
        });
        let end = json!({"kind": "end", "records": self.lines.len()});
        let lines = [&header].into_iter().chain(&self.lines).chain([&end]);
        let text: String = lines.map(|line| format!("{line}\n")).collect();
        let judgement = judge(Reader::new(text.as_bytes()).expect("it has a header"), &Options::default());
        (text, judgement.expect("it is a history"))
    }
}

/// A status with the id of its task.
pub(super) fn status(status: &str, task: &str) -> Value {
    json!({"status": status, "task_id": task})
}
