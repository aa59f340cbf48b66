//! `check`: judges a recorded history.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;

use super::options::{JudgementFormat, JudgingOptions, ReportOptions};
use super::{Console, Exit, Failure, file, report};
use crate::history::{self, Reader, Record};
use crate::oracle::{self, Divergence, Judgement, Options, Verdict};
use crate::report::{ci, judgement};

/// Judges a recorded history: whether some run of the law explains what clients saw
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: action-oracle check run.jsonl --rules R-CONFLICT-SCOPE=CLUSTER-TYPE")]
pub(super) struct Args {
    /// A history file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Write the calls that force a divergence as a history of their own
    #[arg(long, value_name = "FILE")]
    core: Option<PathBuf>,
    #[command(flatten)]
    judging: JudgingOptions,
    #[command(flatten)]
    report: ReportOptions,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: JudgementFormat,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let options = args.judging.options()?;
    let file = File::open(&args.file).map_err(|error| Failure::cannot_read(&args.file, error))?;
    // What is not said of a file counts for nothing: only a bar depends on it.
    let bar = (console.progress)(file.metadata().map_or(0, |about| about.len()));
    let judging = console.wait("judging");
    let input = Ending { input: bar.wrap_read(file), bar: &bar, next: &judging };
    let judged = oracle::judge(reader(&args.file, input)?, &options);
    bar.finish_and_clear();
    judging.finish_and_clear();
    let judgement = judged.map_err(|error| Failure::cannot_read(&args.file, error))?;
    let divergences = judgement.divergences();
    let cores = cores(&args.file, &judgement)?;
    match args.format {
        JudgementFormat::Text => {
            judgement::write_text(&judgement, &cores, console.out)?;
            if let (false, Some(hint)) = (cores.is_empty(), args.report.hint(&args.file)) {
                writeln!(console.out, "\n{hint}")?;
            }
        }
        JudgementFormat::Json => writeln!(console.out, "{}", judgement::to_json(&judgement, &cores))?,
        JudgementFormat::Junit => {
            write!(console.out, "{}", ci::junit(&format!("check {}", args.file.display()), &judgement))?;
        }
        JudgementFormat::Github => {
            write!(console.out, "{}", ci::annotations(&args.file.display().to_string(), &judgement))?;
        }
    }
    if let (Some(path), Some(divergence), Some(core)) = (&args.core, divergences.first(), cores.first()) {
        write_core(&args.file, path, divergence, core, &options)?;
    }
    if let Some(page) = &args.report.page {
        report::write_history(&args.file, &judgement, &cores, &report::Beside::default(), page, console)?;
    }
    Ok(exit(&judgement))
}

/// An input after whose end another bar shows that something goes on.
struct Ending<'a, R> {
    input: R,
    bar: &'a ProgressBar,
    next: &'a ProgressBar,
}

impl<R: Read> Read for Ending<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        if read == 0 && !self.bar.is_finished() {
            self.bar.finish_and_clear();
            self.next.enable_steady_tick(super::TICK);
        }
        Ok(read)
    }
}

/// The exit code that goes with a verdict.
pub(super) fn exit(judgement: &Judgement) -> Exit {
    match judgement.verdict {
        Verdict::Conforms => Exit::Conforms,
        Verdict::Diverges(_) => Exit::Diverges,
        Verdict::Undecided => Exit::Undecided,
        Verdict::NothingChecked => Exit::NothingChecked,
    }
}

/// Opens a history.
pub(super) fn open(path: &Path) -> Result<Reader<BufReader<File>>, Failure> {
    reader(path, File::open(path).map_err(|error| Failure::cannot_read(path, error))?)
}

fn reader<R: Read>(path: &Path, input: R) -> Result<Reader<BufReader<R>>, Failure> {
    Reader::new(BufReader::with_capacity(1 << 20, input)).map_err(|error| Failure::cannot_read(path, error))
}

/// The records of the calls that force each divergence.
pub(super) fn cores(path: &Path, judgement: &Judgement) -> Result<Vec<Vec<Record>>, Failure> {
    let core = |divergence| {
        oracle::core_of(open(path)?, divergence).map_err(|error| Failure::cannot_read(path, error))
    };
    judgement.divergences().iter().map(core).collect()
}

/// Writes the core of the first divergence; the whole history, where it is not enough by itself.
fn write_core(
    from: &Path,
    to: &Path,
    divergence: &Divergence,
    core: &[Record],
    options: &Options,
) -> Result<(), Failure> {
    let history = open(from)?;
    let header = history.header().clone();
    let (mut divergence, mut core) = (divergence.clone(), core.to_vec());
    if !oracle::is_enough(&header, &divergence, &core, options) {
        divergence.from_any_state = false;
        core = history.collect::<Result<_, _>>().map_err(|error| Failure::cannot_read(from, error))?;
    }
    file::write(to, |path| {
        history::save(path, |output| oracle::write_core(&header, &divergence, &core, options, output))
    })?;
    Ok(())
}
