//! `serve`: a cluster behind HTTP or HTTPS, for those who automate against the interface.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::options::{self, RulesOptions};
use super::{Console, Exit, Failure};
use crate::model::Cluster;
use crate::serve::{
    Certificate, Clock, Clusters, Extras, Limits, Name, Server, Service, Setup, Shelf, Shelves, Users,
};
use crate::sim::{Faults, Seed};

/// Serves a cluster that behaves as documented, and fails on demand
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: action-oracle serve --seed 7 --tls")]
pub(super) struct Args {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9443")]
    listen: SocketAddr,
    /// HTTPS, with a certificate made at the start
    #[arg(long)]
    tls: bool,
    /// Where that certificate is written, for clients that check it
    #[arg(long, value_name = "FILE", requires = "tls")]
    certificate: Option<PathBuf>,
    /// Chooses what happens by itself
    #[arg(long, value_name = "S", default_value = "0")]
    seed: Seed,
    /// Who lets something happen: each request, the time, or only /_control/tick
    #[arg(long, value_enum, default_value_t)]
    clock: ClockName,
    /// How many events a request lets happen at most, with --clock auto
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(..=1_000))]
    events: u32,
    /// How many milliseconds lie between two events on average, with --clock real
    #[arg(long, value_name = "MS", default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=3_600_000))]
    pace: u64,
    /// How many nodes each cluster has
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=64))]
    nodes: u32,
    /// The cluster that each begins as, with its databases and shards
    #[arg(long, value_name = "FILE", conflicts_with = "nodes")]
    topology: Option<PathBuf>,
    /// What goes wrong by itself: all, none, or names separated by commas
    #[arg(long, value_name = "LIST", default_value = "none")]
    faults: Faults,
    #[command(flatten)]
    rules: RulesOptions,
    /// The users: a JSON list of objects with name, password and role. Without, each role has one of its name
    #[arg(long, value_name = "FILE")]
    users: Option<PathBuf>,
    /// Listen beyond this machine: needs --users, and control is for administrators
    #[arg(long, requires = "users")]
    allow_remote: bool,
    /// What answers have beyond the documents: action-uid, shard-status
    #[arg(long, value_name = "LIST")]
    with: Option<Extras>,
    /// Where the history is written as it happens; those after a reset, and of other clusters, beside it
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
    /// How many inputs of a cluster are kept in memory for /_control/history
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    keep: u32,
    /// How many clusters there can be
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=4_096))]
    clusters: u32,
    /// How many connections are served at once
    #[arg(long, value_name = "N", default_value_t = 1_024, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    connections: u32,
    /// What is logged on standard error
    #[arg(long, value_enum, default_value_t)]
    log: LogLevel,
}

/// Who lets something happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum ClockName {
    /// Each request
    #[default]
    Auto,
    /// Time
    Real,
    /// Control
    Manual,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum LogLevel {
    /// What needs somebody's attention
    #[default]
    Warn,
    /// Beginning and end as well
    Info,
    /// Every connection and every request as well
    Debug,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if !args.listen.ip().is_loopback() && !args.allow_remote {
        let text = format!(
            "{} can be reached from elsewhere; if that is wanted: --allow-remote, with --users of your own",
            args.listen.ip()
        );
        return Err(Failure::Usage(text));
    }
    (console.log)(args.log);
    let users = args.users()?;
    let (setup, shelves) = (args.setup()?, args.history.as_deref().map(shelves));
    let names: Vec<_> = users.names().map(|(name, _)| name.to_owned()).collect();
    let clusters = Clusters::new(setup, args.clusters as usize, shelves);
    let service = Service::of(clusters, users, args.allow_remote);
    let server = args.server(service.clone())?;
    if let Some(path) = &args.history {
        // Not before there is a port: the history of a server that has it already is left alone.
        service.clusters().begin().map_err(|error| Failure::cannot_write(path, error))?;
    }
    let url = server.url();
    writeln!(console.out, "listening on {url}")?;
    match &args.users {
        None => writeln!(console.out, "users, each with its name as password: {}", names.join(", "))?,
        Some(_) => writeln!(console.out, "users: {}", names.join(", "))?,
    }
    writeln!(console.out, "control: {url}/_control/openapi.json")?;
    console.out.flush()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let served = runtime.map_err(io::Error::other).and_then(|runtime| {
        let served = runtime.block_on(async { server.run(stopped()?).await });
        runtime.shutdown_background();
        served
    });
    match (served, &args.history) {
        (Ok(()), _) => Ok(Exit::Conforms),
        (Err(error), Some(path)) => Err(Failure::cannot_write(path, error)),
        (Err(error), None) => Err(Failure::Unconnected(format!("cannot serve: {error}"))),
    }
}

impl Args {
    fn setup(&self) -> Result<Setup, Failure> {
        let start = match &self.topology {
            Some(path) => options::read_topology(path)?,
            None => Cluster::new(self.nodes),
        };
        let clock = match self.clock {
            ClockName::Auto => Clock::Auto { events_max: self.events },
            ClockName::Real => Clock::Real { pace: Duration::from_millis(self.pace) },
            ClockName::Manual => Clock::Manual,
        };
        Ok(Setup {
            seed: self.seed,
            start,
            rules: self.rules.rules()?,
            faults: self.faults,
            clock,
            extras: self.with.unwrap_or_default(),
            inputs_kept: self.keep as usize,
        })
    }

    fn users(&self) -> Result<Users, Failure> {
        let Some(path) = &self.users else { return Ok(Users::default()) };
        let text = fs::read_to_string(path).map_err(|error| Failure::cannot_read(path, error))?;
        Users::read(&text).map_err(|error| Failure::cannot_read(path, error))
    }

    fn server(&self, service: Service) -> Result<Server, Failure> {
        let cannot = |error: io::Error| {
            Failure::Unconnected(format!("cannot listen on {}: {}", self.listen, told(&error)))
        };
        let limits = Limits { connections_max: self.connections as usize, ..Limits::default() };
        let server = Server::bind(self.listen, service).map_err(cannot)?.with_limits(limits);
        if !self.tls {
            return Ok(server);
        }
        let certificate = Certificate::self_signed(server.address().ip()).map_err(cannot)?;
        if let Some(path) = &self.certificate {
            fs::write(path, certificate.pem()).map_err(|error| Failure::cannot_write(path, error))?;
        }
        Ok(server.with_certificate(certificate))
    }
}

/// An error of a socket, for people.
fn told(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "another program uses this port; --listen takes another".to_owned(),
        _ => error.to_string(),
    }
}

/// Ends when the process is interrupted or told to end.
fn stopped() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        let interrupted = async { drop(tokio::signal::ctrl_c().await) };
        #[cfg(unix)]
        tokio::select! {
            () = interrupted => {}
            _ = terminated.recv() => {}
        }
        #[cfg(not(unix))]
        interrupted.await;
    })
}

/// Histories beside each other in a folder.
struct Files {
    first: PathBuf,
    /// The name of the cluster, unless it is the default one.
    cluster: Option<String>,
    /// How many histories of that name there are. A cluster that is removed and made again goes on counting.
    placed: Arc<AtomicU32>,
}

impl Shelf for Files {
    fn place(&mut self) -> io::Result<Box<dyn Write + Send>> {
        let number = self.placed.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(Box::new(BufWriter::new(File::create(self.path(number))?)))
    }
}

impl Files {
    /// That of the first history of the default cluster is the path that was given; others have their number and the
    /// name of the cluster in it, the number first, so that no two are the same.
    fn path(&self, number: u32) -> PathBuf {
        let mut words: Vec<_> =
            (number > 1 || self.cluster.is_some()).then(|| number.to_string()).into_iter().collect();
        words.extend(self.cluster.clone());
        words.extend(self.first.extension().map(|extension| extension.display().to_string()));
        if words.is_empty() { self.first.clone() } else { self.first.with_extension(words.join(".")) }
    }
}

fn shelves(first: &Path) -> Shelves {
    let first = first.to_owned();
    let placed: Mutex<BTreeMap<Name, Arc<AtomicU32>>> = Mutex::default();
    Box::new(move |name: &Name| {
        let cluster = (*name != Name::default()).then(|| name.to_string());
        let mut placed = placed.lock().unwrap_or_else(PoisonError::into_inner);
        let placed = Arc::clone(placed.entry(name.clone()).or_default());
        Box::new(Files { first: first.clone(), cluster, placed })
    })
}
