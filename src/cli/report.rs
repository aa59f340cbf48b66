//! `action-oracle report`: a page about a history, a case or a seed, for a browser; or what parts of a campaign came to.

use std::fs::File;
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::options::{Format, JudgingOptions};
use super::simulate::merge;
use super::{Console, Exit, Failure, check, file};
use crate::case;
use crate::history::{self, Record};
use crate::model;
use crate::oracle::{self, Judgement};
use crate::report::page::{self, OfCase, OfHistory, Run};
use crate::sim::{Options, Seed, Simulator};
use crate::wire::object::{Bad, excerpt};
use crate::wire::{Lines, save};

/// Writes a page about a history, a case or a seed, to be opened in a browser; or merges parts of a campaign
#[derive(Debug, clap::Args)]
#[command(after_help = "A seed stands for its run with the options that `simulate` has by default; \
                        `simulate --seed S --report FILE` takes others.\n\
                        It ends with 0 when the page is written, whatever the page says.\n\n\
                        Examples: action-oracle report run.jsonl -o report.html\n          \
                        action-oracle report 0x2a -o report.html")]
pub(super) struct Args {
    /// A history or a case file, or a seed: a number, hex after 0x, or a commit hash
    #[arg(value_name = "FILE|SEED", required_unless_present = "merge")]
    what: Option<String>,
    /// Where the page is written
    #[arg(short, long, value_name = "FILE", default_value = "report.html")]
    output: PathBuf,
    #[command(flatten)]
    judging: JudgingOptions,
    /// Instead of a page: tell what came of a campaign, from what `simulate --partition K/N --format json` printed of its
    /// parts, as if it had been done in one piece, and end as it would have ended
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["what", "output"])]
    merge: Vec<PathBuf>,
    /// Where the failing runs of a merged campaign are written
    #[arg(long, value_name = "DIR", default_value = "failures", requires = "merge")]
    cases: PathBuf,
    /// How the result of a merged campaign is printed
    #[arg(long, value_enum, default_value_t, requires = "merge")]
    format: Format,
}

/// What stands beside the history that a page is about.
#[derive(Default)]
pub(super) struct Beside<'a> {
    /// The histories of earlier runs of the same test.
    pub(super) earlier: Vec<&'a Path>,
    /// Scripts that show what was found, each with what it says of itself.
    pub(super) scripts: Vec<(String, String)>,
    /// How many cells the law expects, and those of them that were not met.
    pub(super) cells: Option<(usize, Vec<String>)>,
}

/// What a file says it is.
enum Kind {
    History,
    Case,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let Some(what) = &args.what else {
        return merge::run(&args.merge, &args.cases, args.format, console);
    };
    let options = args.judging.options()?;
    let path = Path::new(what);
    let format = path.exists().then(|| format_of(path)).transpose()?;
    if !options.pins.is_empty() && !matches!(format, Some(Kind::History)) {
        let says = "has its own rules; --edition and --rules go with a history";
        return Err(Failure::Usage(format!("{what}: {says}")));
    }
    match format {
        Some(Kind::History) => {
            let judged = oracle::judge(check::open(path)?, &options);
            let judgement = judged.map_err(|error| Failure::cannot_read(path, error))?;
            let cores = check::cores(path, &judgement)?;
            write_history(path, &judgement, &cores, &Beside::default(), &args.output, console)?;
        }
        Some(Kind::Case) => write_case(path, &args.output, console)?,
        None => write_seed(what, &args.output, console)?,
    }
    Ok(Exit::Conforms)
}

/// What the first line of a file says.
fn format_of(path: &Path) -> Result<Kind, Failure> {
    let cannot = |why: &dyn std::fmt::Display| Failure::cannot_read(path, why);
    let file = File::open(path).map_err(|error| cannot(&error))?;
    let expected = format!("\"{}\" or \"{}\"", history::FORMAT, case::FORMAT);
    let known = format!("a history (\"{}\") or a case (\"{}\")", history::FORMAT, case::FORMAT);
    let format = Lines::new(BufReader::new(file)).next(|mut object| {
        let found = object.take("format");
        match found.as_ref().and_then(Value::as_str) {
            Some(history::FORMAT) => Ok(Kind::History),
            Some(case::FORMAT) => Ok(Kind::Case),
            _ => {
                let found = found.as_ref().map_or_else(|| "nothing".to_owned(), excerpt);
                Err(Bad::new("/format", &expected, found))
            }
        }
    });
    match format {
        Ok(Some(format)) => Ok(format),
        Ok(None) => {
            Err(cannot(&format!("line 1: expected the header of {known}, found the end of the file")))
        }
        Err(line) => Err(cannot(&format!("{line}; what can be read is {known}"))),
    }
}

/// Writes the page of a judged history.
pub(super) fn write_history(
    path: &Path,
    judgement: &Judgement,
    cores: &[Vec<Record>],
    beside: &Beside<'_>,
    output: &Path,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let header = check::open(path)?.header().clone();
    let mut run = read_run(path)?;
    for earlier in &beside.earlier {
        run.count(&read_run(earlier)?);
    }
    let name = path.display().to_string();
    let of = OfHistory {
        name: &name,
        header: &header,
        run: &run,
        judgement,
        cores,
        scripts: &beside.scripts,
        cells: beside.cells.as_ref(),
        runs: beside.earlier.len() + 1,
    };
    write(&page::history(&of), output, console)
}

fn read_run(path: &Path) -> Result<Run, Failure> {
    let mut run = Run::default();
    for record in check::open(path)? {
        run.take(&record.map_err(|error| Failure::cannot_read(path, error))?);
    }
    Ok(run)
}

/// Writes the page of a case. Of one that is broken somewhere the part before is shown, and that is said.
fn write_case(path: &Path, output: &Path, console: &mut Console<'_>) -> Result<(), Failure> {
    let file = File::open(path).map_err(|error| Failure::cannot_read(path, error))?;
    let loaded = case::read(BufReader::new(file)).map_err(|error| Failure::cannot_read(path, error))?;
    let name = path.display().to_string();
    let unread = loaded.broken.as_ref().map(|broken| format!("the rest cannot be read: {broken}"));
    let of = OfCase { name: &name, case: &loaded.case, law: model::step, unread };
    write(&page::case(&of), output, console)?;
    loaded.broken.map_or(Ok(()), |broken| Err(Failure::cannot_read(path, broken)))
}

fn write_seed(what: &str, output: &Path, console: &mut Console<'_>) -> Result<(), Failure> {
    let Ok(seed) = what.parse::<Seed>() else {
        return Err(Failure::Unreadable(format!("there is no file `{what}`, and it is no seed either")));
    };
    let (_, case) = Simulator::new(Options::default()).case(seed);
    let of = OfCase { name: &seed.to_string(), case: &case, law: model::step, unread: None };
    write(&page::case(&of), output, console)
}

/// Writes a page, and says where it is.
pub(super) fn write(page: &str, output: &Path, console: &mut Console<'_>) -> Result<(), Failure> {
    file::write(output, |path| save::save(path, |file| file.write_all(page.as_bytes())))?;
    Ok(writeln!(console.remarks, "report: {}", output.display())?)
}
