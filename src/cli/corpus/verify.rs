//! `corpus verify`: replays the cases of a corpus against a server.
//!
//! Each case begins afresh, so there must be a way to make the cluster afresh: what a case expects is worked out from a
//! cluster in which nothing has run. An answer that is allowed but leads elsewhere proves nothing; the case is tried
//! again, and told as not reached in the end. Cases that were not reached do not spoil a verdict unless that is asked
//! for (`--complete`): no server need ever fail an action, and so none would conform.

mod show;

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;
use std::time::Duration;

use super::super::options::Format;
use super::super::server::{Server, ServerOptions, unconnected};
use super::super::{Console, Exit, Failure};
use crate::conformance::corpus::{Case, Corpus, Diverged, Played, play};
use crate::conformance::live::{Clock, wait};
use crate::http::Response;
use crate::http::client::{Base, Client, Outcome, User};
use crate::model::Request;

/// Replays a corpus against a server. It starts actions, and removes nodes
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: action-oracle corpus verify http://127.0.0.1:8080 --user admin:admin --reset-url \
                        http://127.0.0.1:8080/_reset"
)]
pub(super) struct Args {
    /// Where the server is, such as https://127.0.0.1:9443
    #[arg(value_name = "URL")]
    url: Base,
    /// The corpus
    #[arg(value_name = "FILE", default_value = "corpus.jsonl")]
    file: PathBuf,
    /// An administrator
    #[arg(long, value_name = "NAME:PASSWORD")]
    user: User,
    #[command(flatten)]
    server: ServerOptions,
    /// How often a case is tried until the server takes the course that it is about
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    tries: u32,
    /// How long a case waits for something to happen, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 5_000)]
    patience: u64,
    /// Cases that were not reached leave the verdict open: exit code 5
    #[arg(long)]
    complete: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What came of all cases.
struct Total<'a> {
    corpus: &'a Corpus,
    judged: u64,
    calls: u64,
    reached: Vec<&'a Case>,
    missed: Vec<(&'a Case, usize)>,
    /// Those that need a user whom nobody gave.
    left_out: Vec<&'a Case>,
    diverged: Vec<(&'a Case, Diverged)>,
    is_interrupted: bool,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let file = File::open(&args.file).map_err(|error| Failure::cannot_read(&args.file, error))?;
    let corpus = Corpus::read(BufReader::new(file));
    let corpus = corpus.map_err(|error| Failure::cannot_read(&args.file, error))?;
    let server = args.server.server(&args.url, &args.user, &[], (console.interrupted)())?;
    if server.hook.is_none() {
        let text =
            "a corpus needs a cluster that is made afresh for each case: --reset-url or --reset-command";
        return Err(Failure::Usage(text.to_owned()));
    }
    check_server(&server, &corpus)?;
    let mut total = Total {
        corpus: &corpus,
        judged: 0,
        calls: 0,
        reached: Vec::new(),
        missed: Vec::new(),
        left_out: Vec::new(),
        diverged: Vec::new(),
        is_interrupted: false,
    };
    let progress = (console.progress)(corpus.cases.len() as u64);
    for case in &corpus.cases {
        if server.is_interrupted() {
            total.is_interrupted = true;
            break;
        }
        total.add(case, args, &server)?;
        progress.inc(1);
    }
    progress.finish_and_clear();
    show::show(args, &total, console)?;
    Ok(total.exit(args.complete))
}

/// Whether the server knows its users, and has the nodes that the corpus was made for.
fn check_server(server: &Server<'_>, corpus: &Corpus) -> Result<(), Failure> {
    let begun = server.begin().map_err(|(failure, _)| failure)?;
    server.check_users()?;
    let nodes: Vec<u32> = begun.nodes.iter().map(|uid| uid.0).collect();
    if nodes.iter().copied().eq(1..=corpus.nodes) {
        return Ok(());
    }
    let text = |nodes: &[u32]| nodes.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    Err(Failure::Usage(format!(
        "the corpus was made for the nodes {}, the server has {}: `action-oracle corpus --nodes N` makes one for others",
        text(&(1..=corpus.nodes).collect::<Vec<_>>()),
        text(&nodes)
    )))
}

impl<'a> Total<'a> {
    /// Tries a case until it is reached, or diverges.
    fn add(&mut self, case: &'a Case, args: &Args, server: &Server<'_>) -> Result<(), Failure> {
        if !case.steps.iter().all(|step| server.users.can_be(step.request.caller)) {
            self.left_out.push(case);
            return Ok(());
        }
        let mut last = 0;
        for _ in 0..args.tries {
            server.begin().map_err(|(failure, _)| failure)?;
            let mut run = Run { client: server.new_client(), unsent: None, calls: 0 };
            let played = run.play(case, args, server);
            self.calls += run.calls;
            if let Some(why) = run.unsent {
                return Err(unconnected(server.base, format!("cannot connect: {why}")));
            }
            match played {
                Played::Reached { judged } => {
                    self.judged += judged;
                    self.reached.push(case);
                    return Ok(());
                }
                Played::Diverged(found) => {
                    self.judged += found.judged;
                    self.diverged.push((case, *found));
                    return Ok(());
                }
                Played::Missed { judged, step } => {
                    self.judged += judged;
                    last = step;
                }
            }
            if server.is_interrupted() {
                break;
            }
        }
        self.missed.push((case, last));
        Ok(())
    }

    fn exit(&self, is_complete: bool) -> Exit {
        if !self.diverged.is_empty() {
            Exit::Diverges
        } else if self.judged == 0 {
            Exit::NothingChecked
        } else if self.is_interrupted || is_complete && !(self.missed.is_empty() && self.left_out.is_empty())
        {
            Exit::Undecided
        } else {
            Exit::Conforms
        }
    }
}

/// One try of a case.
struct Run {
    client: Client,
    unsent: Option<String>,
    calls: u64,
}

impl Run {
    fn play(&mut self, case: &Case, args: &Args, server: &Server<'_>) -> Played {
        let clock = Clock::new();
        let patience = Duration::from_millis(args.patience);
        let wait_a_while = || {
            let passed = Duration::from_micros(clock.now().0);
            // Something that takes longer is looked at less often, always about as exactly.
            wait((passed / 10).min(Duration::from_millis(200)), || server.is_interrupted());
            passed < patience && !server.is_interrupted()
        };
        play(case, |request| self.ask(request), wait_a_while)
    }

    fn ask(&mut self, request: &Request) -> Option<Response> {
        self.calls += 1;
        match self.client.call(request) {
            Outcome::Answer(answer) => Some(answer.response()),
            Outcome::Lost(_) => None,
            Outcome::Unsent(why) => {
                self.unsent = Some(why);
                None
            }
        }
    }
}
