//! A server under test, and one run against it.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Args, Campaign, Finding, Judged, check};
use crate::case::{self, Case};
use crate::cli::server::{Begun, Server, listed};
use crate::cli::{Console, Failure, file};
use crate::conformance::Setup;
use crate::conformance::live::{self, Plan};
use crate::history::{CallId, Header, Initial, Kind, Members, Record, Writer};
use crate::http::Response;
use crate::model::{Act, Body, Caller, Cluster, Input, NodeUid, Role, Time};
use crate::oracle::{Divergence, Options};
use crate::sim::Seed;
use crate::spec::Question;

/// Everything that the runs of a test share.
pub(super) struct Session<'a> {
    pub(super) args: &'a Args,
    pub(super) server: Server<'a>,
    /// What each run begins with, if it is known.
    pub(super) start: Option<Cluster>,
    pub(super) judging: Options,
}

impl Session<'_> {
    /// Makes one run, from a fresh cluster if it can be made afresh, and judges it.
    pub(super) fn run(
        &self,
        number: usize,
        calls: u64,
        path: PathBuf,
        campaign: &mut Campaign<'_>,
        console: &mut Console<'_>,
    ) -> Result<Judged, Failure> {
        let begun = self.server.begin().map_err(|(failure, records)| {
            let kept =
                if records.is_empty() { Ok(()) } else { self.keep(&path, &self.header(&[]), &records) };
            kept.err().unwrap_or(failure)
        })?;
        if number == 0 {
            self.server.check_users()?;
        }
        let Begun { probe, clock, nodes } = begun;
        self.check_nodes(&nodes)?;
        let output = create(&path)?;
        let cannot = |error: io::Error| Failure::cannot_write(&path, error);
        let writer = Writer::new(BufWriter::new(output), &self.header(&nodes)).map_err(cannot)?;
        let seed = Seed(self.args.seed.fork(&format!("run {number}")).bits());
        let plan = Plan { seed, calls, setup: self.setup(nodes), users: self.server.users.clone() };
        let clients = (0..self.args.clients).map(|_| self.server.new_client()).collect();
        let ran = live::drive(
            &plan,
            (&mut campaign.generator, &mut campaign.pace),
            clients,
            &probe,
            clock,
            writer,
            self.server.interrupted,
        )
        .map_err(cannot)?;
        if let Some(text) = ran.end.says() {
            writeln!(console.remarks, "{text}")?;
        }
        let judged = campaign.judge.judge(check::open(&path)?);
        let judgement = judged.map_err(|error| Failure::cannot_read(&path, error))?;
        Ok(Judged { path, ran, judgement })
    }

    /// Whether the server has the nodes of the topology.
    fn check_nodes(&self, nodes: &[NodeUid]) -> Result<(), Failure> {
        let Some(cluster) = &self.start else { return Ok(()) };
        let expected: Vec<_> = cluster.nodes().iter().map(|node| node.uid).collect();
        let mut shown = nodes.to_vec();
        shown.sort_unstable();
        if shown == expected {
            return Ok(());
        }
        let why = format!("expected the nodes {}; the server shows {}", listed(&expected), listed(&shown));
        Err(Failure::Usage(format!("--topology: {why}")))
    }

    /// What a run begins with.
    pub(super) fn setup(&self, nodes: Vec<NodeUid>) -> Setup {
        let everybody = Role::ALL.into_iter().map(Caller::Role).chain([Caller::Missing, Caller::Wrong]);
        let callers = everybody.filter(|caller| self.server.users.can_be(*caller)).collect();
        Setup { nodes, callers, is_fresh: self.server.hook.is_some() }
    }

    /// What is known before the first call.
    pub(super) fn header(&self, nodes: &[NodeUid]) -> Header {
        let members = if nodes.is_empty() { Members::Inferred } else { Members::Nodes(nodes.to_vec()) };
        let initial = match &self.start {
            Some(cluster) => Initial::Cluster(cluster.clone()),
            None if self.server.hook.is_some() => Initial::Empty(members),
            None => Initial::Unknown(members),
        };
        let mut header = Header::new(initial);
        header.edition = self.args.judging.edition;
        let pins = self.judging.pins.iter().filter(|(question, _)| *question != Question::EDITION);
        header.rules = pins
            .map(|(question, answer)| (question.id().to_owned(), question.answer_name(*answer)))
            .collect();
        header.source = Some(self.args.url().to_string());
        header
    }

    /// Writes what was found as a case: the requests with the answers of the server. What the cluster did by itself in
    /// between nobody knows, and so the case has no events.
    pub(super) fn write_case(&self, finding: &Finding, path: &Path) -> Result<(), Failure> {
        let nodes = self.args.nodes.iter().map(|uid| uid.0).max();
        let records = &finding.rerun.records;
        let named = records.iter().filter_map(|record| match &record.kind {
            Kind::Invoke(invoke) => invoke.request.path.node().filter(|uid| uid.0 < 99).map(|uid| uid.0),
            _ => None,
        });
        let some = || Cluster::new(nodes.into_iter().chain(named).max().unwrap_or(1).max(3));
        let cluster = self.start.clone().unwrap_or_else(some);
        let header = self.header(&[]);
        let rules = header.rules_in(header.edition.unwrap_or_default());
        let mut case = Case::new(rules.expect("they were understood"), cluster);
        let Divergence { operation, observed, expected, .. } = &finding.divergence;
        let first = expected.first();
        case.expect = Some(case::Signature {
            check: "oracle".to_owned(),
            operation: operation.clone(),
            expected: first.map_or_else(String::new, |one| one.answer.clone()),
            observed: observed.clone(),
            status: first.map_or_else(String::new, |one| one.world.clone()),
        });
        let (seed, version) = (self.args.seed.0, env!("CARGO_PKG_VERSION").to_owned());
        case.found = Some(case::Found { seed, version });
        case.provenance = Some(format!("{}: {}", self.args.url(), finding.divergence.sentence));
        case.lines = case_lines(records);
        file::write(path, |path| case::save(&case, path))
    }

    /// Writes a history of these records.
    pub(super) fn keep(&self, path: &Path, header: &Header, records: &[Record]) -> Result<(), Failure> {
        let cannot = |error: io::Error| Failure::cannot_write(path, error);
        let mut writer = Writer::new(BufWriter::new(create(path)?), header).map_err(cannot)?;
        for record in records {
            writer.write(record).map_err(cannot)?;
        }
        writer.finish().map_err(cannot)?;
        Ok(())
    }
}

/// Each call with its answer, in the order of the answers.
fn case_lines(records: &[Record]) -> Vec<case::Line> {
    let request_of = |id: CallId| {
        records.iter().find_map(|record| match &record.kind {
            Kind::Invoke(invoke) if invoke.id == id => Some(invoke.request.clone()),
            _ => None,
        })
    };
    let line = |record: &Record| {
        let Kind::Return(answer) = &record.kind else { return None };
        let input = Input { at: record.time.unwrap_or(Time(0)), act: Act::Request(request_of(answer.id)?) };
        let body = match &answer.body {
            Body::Absent => None,
            Body::Json(value) => Some(value.clone()),
            Body::Text(text) => Some(Value::from(&**text)),
        };
        let response = Response { status: answer.status, body, allow: answer.allow.clone() };
        Some(case::Line::new(input, Some(case::Recorded::Response(response))))
    };
    records.iter().filter_map(line).collect()
}

fn create(path: &Path) -> Result<File, Failure> {
    file::write(path, |path| File::create(path))
}
