//! A server under test, and one run against it.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use super::hook::Hook;
use super::{Args, Campaign, Finding, Judged, check, unconnected, wait_a_little};
use crate::case::{self, Case};
use crate::cli::{Console, Failure};
use crate::conformance::Setup;
use crate::conformance::live::{self, Clock, Plan, Probe};
use crate::history::{CallId, Header, Initial, Kind, Members, Record, Writer};
use crate::http::Response;
use crate::http::client::{self, Client, Outcome, Users};
use crate::model::{Act, Body, Caller, Cluster, Headers, Input, Method, NodeUid, Place, Request, Role, Time};
use crate::oracle::{Divergence, Options};
use crate::sim::Seed;
use crate::spec::Question;

/// Everything that the runs of a test share.
pub(super) struct Session<'a> {
    pub(super) args: &'a Args,
    pub(super) users: Users,
    pub(super) hook: Option<Hook>,
    pub(super) client: client::Options,
    pub(super) judging: Options,
    pub(super) interrupted: &'a AtomicBool,
}

/// A server that is there: what its first answer shows.
pub(super) struct Begun {
    pub(super) probe: Probe,
    pub(super) clock: Clock,
    pub(super) nodes: Vec<NodeUid>,
}

impl Session<'_> {
    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    pub(super) fn new_client(&self) -> Client {
        Client::new(self.args.url().clone(), self.users.clone(), &self.client)
    }

    /// Makes one run, from a fresh cluster if it can be made afresh, and judges it.
    pub(super) fn run(
        &self,
        number: usize,
        calls: u64,
        path: PathBuf,
        campaign: &mut Campaign<'_>,
        console: &mut Console<'_>,
    ) -> Result<Judged, Failure> {
        let begun = self.begin().map_err(|(failure, records)| match self.keep(&path, &records) {
            Ok(()) => failure,
            Err(other) => other,
        })?;
        if number == 0 {
            self.check_users()?;
        }
        let Begun { probe, clock, nodes } = begun;
        let output = create(&path)?;
        let cannot = |error: io::Error| Failure::cannot_write(&path, error);
        let writer = Writer::new(BufWriter::new(output), &self.header(&nodes)).map_err(cannot)?;
        let seed = Seed(self.args.seed.fork(&format!("run {number}")).bits());
        let plan = Plan { seed, calls, setup: self.setup(nodes), users: self.users.clone() };
        let clients = (0..self.args.clients).map(|_| self.new_client()).collect();
        let ran =
            live::drive(&plan, &mut campaign.generator, clients, &probe, clock, writer, self.interrupted)
                .map_err(cannot)?;
        if let Some(text) = ran.end.says() {
            writeln!(console.remarks, "{text}")?;
        }
        let judged = campaign.judge.judge(check::open(&path)?);
        let judgement = judged.map_err(|error| Failure::cannot_read(&path, error))?;
        Ok(Judged { path, ran, judgement })
    }

    /// What a run begins with.
    pub(super) fn setup(&self, nodes: Vec<NodeUid>) -> Setup {
        let everybody = Role::ALL.into_iter().map(Caller::Role).chain([Caller::Missing, Caller::Wrong]);
        let callers = everybody.filter(|caller| self.users.can_be(*caller)).collect();
        Setup { nodes, callers, is_fresh: self.hook.is_some() }
    }

    /// Makes the cluster afresh, if possible, and finds out which nodes it has. On failure says what was recorded.
    pub(super) fn begin(&self) -> Result<Begun, (Failure, Vec<Record>)> {
        if let Some(hook) = &self.hook {
            hook.reset(self).map_err(|failure| (failure, Vec::new()))?;
        }
        // A command may have started the server only just now.
        let mut patience = if matches!(self.hook, Some(Hook::Command(_))) { 100 } else { 0 };
        loop {
            let clock = Clock::new();
            let probe = live::probe(&mut self.new_client(), clock);
            if matches!(probe.outcome, Outcome::Unsent(_)) && patience > 0 && !self.is_interrupted() {
                patience -= 1;
                wait_a_little(self);
                continue;
            }
            return match self.nodes(&probe) {
                Ok(nodes) => Ok(Begun { probe, clock, nodes }),
                Err(why) => Err((unconnected(self.args.url(), why), probe.records)),
            };
        }
    }

    /// The nodes to ask for, or why there is nothing to test.
    fn nodes(&self, probe: &Probe) -> Result<Vec<NodeUid>, String> {
        let answer = match &probe.outcome {
            Outcome::Answer(answer) => answer,
            Outcome::Lost(why) => return Err(format!("GET /v1/nodes has no answer: {why}")),
            Outcome::Unsent(why) if why.contains("certificate") => {
                return Err(format!("cannot connect: {why} (--insecure accepts any)"));
            }
            Outcome::Unsent(why) => return Err(format!("cannot connect: {why}")),
        };
        if answer.status == 401 {
            let name = self.args.user().name();
            return Err(format!("it answers 401 to the user {name}: is the password of --user right?"));
        }
        if !self.args.nodes.is_empty() {
            return Ok(self.args.nodes.clone());
        }
        probe.nodes.clone().ok_or_else(|| {
            let redirect = answer.location.as_ref().map(|to| format!(" to {to}")).unwrap_or_default();
            let body = match &answer.body {
                _ if answer.status != 200 => "",
                Body::Json(_) => " with JSON that is no list of nodes",
                Body::Text(_) => " with something that is not JSON",
                Body::Absent => " without a body",
            };
            let status = answer.status;
            format!("GET /v1/nodes was answered {status}{redirect}{body}; if that is right, name the nodes: --nodes 1,2,3")
        })
    }

    /// Whether the server knows the users of the other roles. One with a wrong password would be taken for a fault.
    fn check_users(&self) -> Result<(), Failure> {
        for (role, user) in &self.args.role_user {
            let request = Request {
                method: Method::Get,
                path: crate::model::Path::to(Place::NodeObjects),
                caller: Caller::Role(*role),
                headers: Headers::default(),
                body: Body::Absent,
            };
            let outcome = self.new_client().call(&request);
            if *role != Role::None && matches!(&outcome, Outcome::Answer(answer) if answer.status == 401) {
                let (role, name) = (role.name(), user.name());
                let why = format!(
                    "it answers 401 to the user {name}: is the password of --role-user {role} right?"
                );
                return Err(unconnected(self.args.url(), why));
            }
        }
        Ok(())
    }

    /// What is known before the first call.
    pub(super) fn header(&self, nodes: &[NodeUid]) -> Header {
        let members = if nodes.is_empty() { Members::Inferred } else { Members::Nodes(nodes.to_vec()) };
        let initial = if self.hook.is_some() { Initial::Empty(members) } else { Initial::Unknown(members) };
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
        let cluster = Cluster::new(nodes.into_iter().chain(named).max().unwrap_or(1).max(3));
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
        create_folder(path)?;
        case::save(&case, path).map_err(|error| Failure::cannot_write(path, error))
    }

    /// Keeps what was recorded before there was a run.
    fn keep(&self, path: &Path, records: &[Record]) -> Result<(), Failure> {
        if records.is_empty() {
            return Ok(());
        }
        let cannot = |error: io::Error| Failure::cannot_write(path, error);
        let mut writer = Writer::new(BufWriter::new(create(path)?), &self.header(&[])).map_err(cannot)?;
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
    create_folder(path)?;
    File::create(path).map_err(|error| Failure::cannot_write(path, error))
}

fn create_folder(path: &Path) -> Result<(), Failure> {
    path.parent().map_or(Ok(()), fs::create_dir_all).map_err(|error| Failure::cannot_write(path, error))
}
