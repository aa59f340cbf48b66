//! `replay --step`: a run forwards, backwards and to any place, with what else could happen there.

use super::{Console, Failure, picture};
use crate::case::{Case, Replay, Step};
use crate::model::Cluster;
use crate::model::invariant::{Broken, Judge};
use crate::report::transcript;
use crate::script;
use crate::sim::Law;

/// What can be typed.
const HELP: &str = "\
Enter or n  the next step          b  a step back          NUMBER  to the end of that step; 0 is the start
e           what else could happen here, besides requests          c  the cluster
q           the end                                                h  this help
";

/// Walks through a case as the lines of the input say, until it ends or one says so.
pub(super) fn walk(case: &Case, law: Law, console: &mut Console<'_>) -> Result<(), Failure> {
    let all = case.lines.len();
    write!(console.remarks, "{all} steps\n{HELP}")?;
    let mut place = Place::start(case, law);
    loop {
        write!(console.remarks, "{} of {all}> ", place.number())?;
        console.remarks.flush()?;
        let mut line = String::new();
        if console.input.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let to = match line.trim() {
            "" | "n" => place.number() + 1,
            "b" => place.number().saturating_sub(1),
            "q" => return Ok(()),
            "e" => {
                write_enabled(&place, console)?;
                continue;
            }
            "c" => {
                picture::write_first(place.cluster(), console)?;
                continue;
            }
            other => match other.parse::<usize>() {
                Ok(number) => number,
                Err(_) => {
                    write!(console.remarks, "{HELP}")?;
                    continue;
                }
            },
        };
        if to > all {
            writeln!(console.remarks, "there are {all} steps")?;
            continue;
        }
        place.go(to);
        place.write(console)?;
    }
}

/// A place between two steps.
struct Place<'a> {
    case: &'a Case,
    law: Law,
    replay: Replay<'a, Law>,
    judge: Judge,
    /// The step before, if it is not the start.
    last: Option<Step<'a>>,
    /// What that step broke. Of what comes after the first broken invariant nothing is judged.
    broken: Option<(usize, Box<Broken>)>,
}

impl<'a> Place<'a> {
    fn start(case: &'a Case, law: Law) -> Self {
        let judge = Judge::new(&case.cluster);
        Self { case, law, replay: case.replay(law), judge, last: None, broken: None }
    }

    /// How many steps lie before.
    fn number(&self) -> usize {
        self.last.as_ref().map_or(0, |step| step.number)
    }

    fn cluster(&self) -> &Cluster {
        self.last.as_ref().map_or(&self.case.cluster, |step| &step.after)
    }

    /// Goes to the end of a step: backwards from the start once more, which takes no memory for what lies between.
    fn go(&mut self, number: usize) {
        if number < self.number() {
            *self = Self::start(self.case, self.law);
        }
        while self.number() < number {
            let Some(step) = self.replay.next() else { return };
            if self.broken.is_none() {
                let (rules, input) = (&self.case.rules, &step.line.input);
                let broken = self.judge.see(rules, input, &step.reply, &step.after, |_, _, _| {}).err();
                self.broken = broken.map(|broken| (step.number, broken));
            }
            self.last = Some(step);
        }
    }

    /// Writes the step before.
    fn write(&self, console: &mut Console<'_>) -> Result<(), Failure> {
        let Some(step) = &self.last else { return Ok(()) };
        write!(console.out, "{}", transcript::replayed(step, &self.case.rules))?;
        if let Some((_, broken)) = self.broken.as_ref().filter(|(number, _)| *number == step.number) {
            write!(console.out, "{}", transcript::broken(broken))?;
        }
        Ok(())
    }
}

/// Writes the events that may happen here, the one that does marked.
fn write_enabled(place: &Place<'_>, console: &mut Console<'_>) -> Result<(), Failure> {
    let next = place.case.lines.get(place.number()).map(|line| script::print(&line.input.act));
    let events = place.cluster().enabled(&place.case.rules);
    if events.is_empty() {
        writeln!(console.out, "      nothing can happen by itself")?;
    }
    for event in events {
        let text = script::print(&crate::model::Act::Event(event));
        let mark = if Some(&text) == next.as_ref() { "next" } else { "" };
        writeln!(console.out, "{mark:>4}  {text}")?;
    }
    Ok(())
}
