//! By which calls two sets of rules can be told apart, for a person and for a program.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::explore::{Call, Told, Verdict};
use crate::model::Act;
use crate::script;

/// Writes the calls, each with its answer, and what it shows.
///
/// # Errors
///
/// Those of the writer.
pub fn write_text(told: &Told, names: [&str; 2], out: &mut dyn Write) -> io::Result<()> {
    let pairs = told.pairs;
    match &told.verdict {
        Verdict::Apart(experiment) => {
            let [one, other] = if experiment.under_first { names } else { [names[1], names[0]] };
            writeln!(out, "told apart by {} calls, and by no fewer:", experiment.calls.len())?;
            for (number, call) in (1..).zip(&experiment.calls) {
                writeln!(out, "{number:>4}  {}", line(call))?;
                writeln!(out, "      {}", call.answer)?;
            }
            writeln!(out, "the last answer is possible under {one}; under {other} only:")?;
            experiment.others.iter().try_for_each(|answer| writeln!(out, "      {answer}"))?;
        }
        Verdict::Same => {
            let [one, other] = names;
            writeln!(
                out,
                "{one} and {other} cannot be told apart here: {pairs} pairs of sets of states compared"
            )?;
        }
        Verdict::Undecided(calls) => {
            writeln!(
                out,
                "undecided after {pairs} pairs of sets of states: fewer than {calls} calls do not tell"
            )?;
        }
    }
    match told.beyond {
        0 => Ok(()),
        beyond => writeln!(
            out,
            "this is about runs within the bounds; {beyond} answers were not followed, as something then leads beyond"
        ),
    }
}

/// The call as a line of a script.
pub fn line(call: &Call) -> String {
    script::print(&Act::Request(call.request.clone()))
}

/// The same as one JSON object, with the verdict that goes with the exit code.
pub fn to_json(told: &Told, names: [&str; 2], verdict: &str) -> Value {
    let mut object = json!({"verdict": verdict, "pairs": told.pairs, "beyond": told.beyond});
    match &told.verdict {
        Verdict::Apart(experiment) => {
            let calls =
                experiment.calls.iter().map(|call| json!({"call": line(call), "answer": call.answer}));
            object["calls"] = calls.collect();
            object["possible_under"] = names[usize::from(!experiment.under_first)].into();
            object["otherwise"] = json!(experiment.others);
        }
        Verdict::Same => {}
        Verdict::Undecided(calls) => object["no_fewer_than"] = json!(calls),
    }
    object
}
