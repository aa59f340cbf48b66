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

/// The same as one JSON object.
pub fn to_json(told: &Told, names: [&str; 2]) -> Value {
    let Told { verdict, pairs, beyond } = told;
    match verdict {
        Verdict::Apart(experiment) => {
            let calls =
                experiment.calls.iter().map(|call| json!({"call": line(call), "answer": call.answer}));
            json!({
                "verdict": "diverges",
                "pairs": pairs,
                "beyond": beyond,
                "calls": calls.collect::<Vec<_>>(),
                "possible_under": names[usize::from(!experiment.under_first)],
                "otherwise": experiment.others,
            })
        }
        Verdict::Same => json!({"verdict": "conforms", "pairs": pairs, "beyond": beyond}),
        Verdict::Undecided(calls) => {
            json!({"verdict": "undecided", "pairs": pairs, "beyond": beyond, "calls": calls})
        }
    }
}
