//! Cases that are kept in a folder: what was found is added, and what is there is run first the next time.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::rerun::{self, Call};
use super::session::Session;
use super::{Failure, Finding, Judged};
use crate::case::{self, Case, Recorded};
use crate::conformance::live::{End, Ran};
use crate::history::{CallId, Kind, Return};
use crate::model::Act;
use crate::oracle::{Judge, Verdict};

/// How often a case is run before it counts as not showing anything: chance decides how actions end.
const TRIES: u64 = 10;

/// A case of a folder.
pub(super) struct Kept {
    /// Where it is.
    pub(super) path: PathBuf,
    calls: Vec<Call>,
}

/// All cases of a folder, by their names; none if there is no folder yet.
pub(super) fn in_folder(folder: &Path) -> Result<Vec<Kept>, Failure> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let cannot = |error| Failure::cannot_read(folder, error);
    let entries = fs::read_dir(folder).map_err(cannot)?;
    let mut paths: Vec<_> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(cannot)?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    paths.sort_unstable();
    paths.into_iter().map(Kept::read).collect()
}

/// Keeps what was found by a seed.
pub(super) fn add(folder: &Path, findings: &[Finding], session: &Session<'_>) -> Result<(), Failure> {
    let seed = session.args.seed;
    for (number, finding) in (1_u32..).zip(findings) {
        session.write_case(finding, &folder.join(format!("{seed}.{number}.jsonl")))?;
    }
    Ok(())
}

impl Kept {
    fn read(path: PathBuf) -> Result<Self, Failure> {
        let file = File::open(&path).map_err(|error| Failure::cannot_read(&path, error))?;
        let loaded = case::read(BufReader::new(file)).map_err(|error| Failure::cannot_read(&path, error))?;
        match loaded.broken {
            Some(broken) => Err(Failure::cannot_read(&path, broken)),
            None => Ok(Self { calls: calls(&loaded.case), path }),
        }
    }

    /// Makes the calls from a fresh cluster until something diverges, or often enough. The history of the last time is
    /// written.
    pub(super) fn run(
        &self,
        session: &Session<'_>,
        judge: &mut Judge,
        history: PathBuf,
    ) -> Result<Judged, Failure> {
        let mut tries = 0;
        loop {
            tries += 1;
            let played = rerun::play(session, &self.calls, tries % 2 == 0, |_| false)?;
            let played = played.expect("no call must show what it has shown");
            let header = session.header(&played.nodes);
            let judgement = judge.judge_records(&header, played.records.iter().cloned());
            let is_over = matches!(judgement.verdict, Verdict::Diverges(_)) || tries == TRIES;
            if is_over || session.server.is_interrupted() {
                session.keep(&history, &header, &played.records)?;
                let is = |kind: fn(&Kind) -> bool| {
                    played.records.iter().filter(|record| kind(&record.kind)).count() as u64
                };
                let lost = is(|kind| matches!(kind, Kind::Lost(_)));
                let unsent = is(|kind| matches!(kind, Kind::Unsent(_)));
                let calls = is(|kind| matches!(kind, Kind::Invoke(_)));
                let end = if session.server.is_interrupted() { End::Interrupted } else { End::Done };
                return Ok(Judged { path: history, ran: Ran { calls, lost, unsent, end }, judgement });
            }
        }
    }
}

/// The requests of a case, each with the answer that it had. What the cluster did by itself is left to the server.
fn calls(case: &Case) -> Vec<Call> {
    let call = |(at, line): (u64, &case::Line)| {
        let Act::Request(request) = &line.input.act else { return None };
        let id = CallId(at);
        let seen = match &line.reply {
            Some(Recorded::Response(response)) => Some(Kind::Return(Return::of(id, response.clone()))),
            _ => None,
        };
        Some(Call { id, request: request.clone(), at: line.input.at, seen })
    };
    (1..).zip(&case.lines).filter_map(call).collect()
}
