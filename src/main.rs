//! The command line reader, the environment and the streams.
//!
//! The only file that touches the process: it reads the arguments, finds out how wide the terminal is and
//! whether it shows colours, runs the task and turns its end into an exit code. Whatever a task needs from
//! outside is handed to it from here.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::process::{self, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};

use action_oracle::cli::{self, Arguments, Console};
use anstyle::{AnsiColor, Style};
use clap::Parser;
use indicatif::{HumanCount, ProgressBar, ProgressState, ProgressStyle};

/// Longer lines are hard to read, and files and pipes have no width of their own.
const WIDTH_MAX: usize = 100;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // These streams drop the colours unless a terminal shows them and `NO_COLOR` is unset.
    let mut out = anstream::stdout();
    let mut remarks = anstream::stderr();
    let width = if io::stdout().is_terminal() { textwrap::termwidth().min(WIDTH_MAX) } else { WIDTH_MAX };
    let console = Console {
        out: &mut out,
        remarks: &mut remarks,
        input: &mut io::stdin().lock(),
        width,
        progress,
        count,
        variable,
        interrupted,
        #[cfg(feature = "serve")]
        log,
    };
    match cli::run(&arguments, console).and_then(|exit| Ok(out.flush().map(|()| exit)?)) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            if !failure.is_quiet() {
                let error = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
                // Nobody is left to tell when this stream is gone too; the exit code still says it.
                let _ = writeln!(remarks, "{error}error:{error:#} {failure}");
            }
            failure.exit().into()
        }
    }
}

/// A bar on standard error; nothing is drawn where that is no terminal.
fn progress(steps: u64) -> ProgressBar {
    ProgressBar::new(steps).with_style(style("{bar:40} {human_pos} of {human_len}, {rate}/s, {eta} left"))
}

/// A count on standard error, with how long it has taken.
fn count(what: &'static str) -> ProgressBar {
    let style = style("{spinner} {human_pos} {msg}, {rate}/s, {elapsed}");
    ProgressBar::no_length().with_style(style).with_message(what)
}

/// The style of a template in which a rate is a whole number.
fn style(template: &str) -> ProgressStyle {
    let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
        // What cannot be drawn is not missed.
        let _ = write!(out, "{}", HumanCount(state.per_sec() as u64));
    };
    ProgressStyle::with_template(template).expect("the template is well formed").with_key("rate", rate)
}

/// Of what is set and no text, nothing is known.
#[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Set by the first interrupt. Where interrupts cannot be caught they end the process, as ever.
fn interrupted() -> &'static AtomicBool {
    static INTERRUPTED: AtomicBool = AtomicBool::new(false);
    let caught = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            // What shells say of a process that was interrupted.
            process::exit(130);
        }
    });
    drop(caught);
    &INTERRUPTED
}

/// Lines on standard error, with colours where a terminal shows them.
#[cfg(feature = "serve")]
fn log(level: cli::LogLevel) {
    let level = match level {
        cli::LogLevel::Warn => tracing::Level::WARN,
        cli::LogLevel::Info => tracing::Level::INFO,
        cli::LogLevel::Debug => tracing::Level::DEBUG,
    };
    let colours = io::stderr().is_terminal();
    tracing_subscriber::fmt().with_max_level(level).with_ansi(colours).with_writer(io::stderr).init();
}
