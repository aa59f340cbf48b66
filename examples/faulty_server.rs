//! The honest implementation over HTTP, with a planted bug on request: something to point `action-oracle test` at.
//!
//! ```text
//! cargo run --release --example faulty_server -- --port 8080 --fault conflict-restarts
//! cargo run --release -- test http://127.0.0.1:8080 --user admin:admin --reset-url http://127.0.0.1:8080/_reset
//! ```

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use action_oracle::conformance::honest::Honest;
use action_oracle::conformance::mutant::Fault;
use action_oracle::conformance::variant::Variant;
use action_oracle::model::Role;
use action_oracle::sim::Seed;
use clap::Parser;
use front::Manner;

#[path = "faulty_server/front.rs"]
mod front;

/// Serves an implementation of the actions interface on 127.0.0.1
#[derive(Debug, Parser)]
struct Arguments {
    /// The port; 0 for any that is free
    #[arg(long, value_name = "P", default_value_t = 8080)]
    port: u16,
    /// The planted bug that it has
    #[arg(long, value_name = "NAME", value_parser = fault)]
    fault: Option<Fault>,
    /// The other legal way in which it behaves
    #[arg(long, value_name = "NAME", value_parser = variant, conflicts_with = "fault")]
    variant: Option<Variant>,
    /// How long it takes until something moves, in milliseconds; 0: it moves with each request, and never by itself
    #[arg(long, value_name = "MS", default_value_t = 5)]
    pace: u64,
    /// How many nodes there are
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=64))]
    nodes: u32,
    /// Chooses what moves
    #[arg(long, value_name = "S", default_value = "0")]
    seed: Seed,
    /// List the bugs and the other ways
    #[arg(long)]
    list: bool,
}

fn fault(name: &str) -> Result<Fault, String> {
    let found = Fault::ALL.iter().find(|fault| fault.name() == name);
    found.copied().ok_or_else(|| "no bug has this name; --list shows them".to_owned())
}

fn variant(name: &str) -> Result<Variant, String> {
    let found = Variant::ALL.iter().find(|variant| variant.name() == name);
    found.copied().ok_or_else(|| "no variant has this name; --list shows them".to_owned())
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = if arguments.list { list() } else { serve(&arguments) };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // There is nobody to tell if this fails.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn list() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "bugs (--fault)")?;
    for fault in Fault::ALL {
        writeln!(out, "  {:<28} {:<8} {}", fault.name(), fault.clause(), fault.says())?;
    }
    writeln!(out, "\nother legal ways (--variant)")?;
    for variant in Variant::ALL {
        writeln!(out, "  {:<28} {:<24} {}", variant.name(), variant.reading(), variant.says())?;
    }
    Ok(())
}

fn serve(arguments: &Arguments) -> std::io::Result<()> {
    let subject = match (arguments.fault, arguments.variant) {
        (Some(fault), _) => Honest::with(fault),
        (None, Some(variant)) => Honest::following(variant),
        (None, None) => Honest::new(),
    };
    let listener = std::net::TcpListener::bind(("127.0.0.1", arguments.port))?;
    listener.set_nonblocking(true)?;
    let url = format!("http://{}", listener.local_addr()?);
    let users: Vec<_> = Role::ALL.iter().map(|role| format!("{0}:{0}", role.name())).collect();
    let mut out = std::io::stdout();
    writeln!(out, "listening on {url}\nusers: {}\nPOST {url}/_reset begins afresh", users.join(", "))?;
    out.flush()?;
    let Arguments { nodes, seed, pace, .. } = *arguments;
    front::run(subject, Manner { nodes, seed, pace: Duration::from_millis(pace) }, listener)
}
