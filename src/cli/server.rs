//! A server that is driven from outside: where it is, who asks, and how it is made afresh.
//!
//! What `test` and `corpus verify` have in common, so that it means the same in both.

mod hook;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::Failure;
use crate::conformance::live::{self, Clock, Probe, wait};
use crate::history::Record;
use crate::http::client::{self, Base, Client, Outcome, User, Users};
use crate::model::{Body, Caller, Headers, Method, NodeUid, Path, Place, Request, Role};
use hook::Hook;

/// How a server is reached, and how it is made afresh.
#[derive(Debug, clap::Args)]
pub(super) struct ServerOptions {
    /// The user of another role; may be repeated. Roles without one are left out
    #[arg(long = "role-user", value_name = "ROLE=NAME:PASSWORD", value_parser = role_user)]
    role_users: Vec<(Role, User)>,
    /// A POST to this URL makes the cluster afresh: nothing has run, no snapshots, no databases
    #[arg(long, value_name = "URL", conflicts_with = "reset_command")]
    pub(super) reset_url: Option<Base>,
    /// This command of the shell makes the cluster afresh
    #[arg(long, value_name = "CMD")]
    pub(super) reset_command: Option<String>,
    /// Accept any certificate
    #[arg(long)]
    insecure: bool,
    /// Test a server on this host, though it is not this machine; may be repeated
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// How long a call may take, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
}

impl ServerOptions {
    /// The server at a URL, with its administrator and the nodes that are given, if any.
    pub(super) fn server<'a>(
        &'a self,
        base: &'a Base,
        admin: &'a User,
        nodes: &'a [NodeUid],
        interrupted: &'a AtomicBool,
    ) -> Result<Server<'a>, Failure> {
        self.check_hosts(base)?;
        let mut users = Users::new(admin.clone());
        for (role, user) in &self.role_users {
            users.add(*role, user.clone());
        }
        let hook = match (&self.reset_url, &self.reset_command) {
            (Some(url), _) => Some(Hook::Url(url.clone())),
            (None, Some(command)) => Some(Hook::Command(command.clone())),
            (None, None) => None,
        };
        let client = client::Options {
            timeout: Duration::from_millis(self.timeout),
            accepts_any_certificate: self.insecure,
            ..Default::default()
        };
        Ok(Server { base, admin, role_users: &self.role_users, nodes, users, hook, client, interrupted })
    }

    /// Nothing is removed on a host that nobody named.
    fn check_hosts(&self, base: &Base) -> Result<(), Failure> {
        for base in [Some(base), self.reset_url.as_ref()].into_iter().flatten() {
            let host = base.host();
            if !base.is_loopback() && !self.allow_host.iter().any(|name| name.eq_ignore_ascii_case(host)) {
                let text = format!(
                    "{host} is not this machine, and this test removes nodes; if that is wanted: --allow-host {host}"
                );
                return Err(Failure::Usage(text));
            }
        }
        Ok(())
    }
}

/// A server under test.
pub(super) struct Server<'a> {
    pub(super) base: &'a Base,
    admin: &'a User,
    role_users: &'a [(Role, User)],
    /// The nodes that were given; asked of the server if there are none.
    nodes: &'a [NodeUid],
    pub(super) users: Users,
    pub(super) hook: Option<Hook>,
    client: client::Options,
    pub(super) interrupted: &'a AtomicBool,
}

/// A server that is there: what its first answer shows.
pub(super) struct Begun {
    pub(super) probe: Probe,
    pub(super) clock: Clock,
    pub(super) nodes: Vec<NodeUid>,
}

impl Server<'_> {
    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    pub(super) fn new_client(&self) -> Client {
        Client::new(self.base.clone(), self.users.clone(), &self.client)
    }

    /// Makes the cluster afresh, if possible, and finds out which nodes it has. A server may lose some answers. On failure
    /// says what was recorded.
    pub(super) fn begin(&self) -> Result<Begun, (Failure, Vec<Record>)> {
        if let Some(hook) = &self.hook {
            hook.reset(self).map_err(|failure| (failure, Vec::new()))?;
        }
        // A command may have started the server only just now.
        let mut patience = if matches!(self.hook, Some(Hook::Command(_))) { 100 } else { 0 };
        let mut answers_to_lose = 2;
        loop {
            let clock = Clock::new();
            let probe = live::probe(&mut self.new_client(), clock);
            let left = match probe.outcome {
                Outcome::Unsent(_) => &mut patience,
                Outcome::Lost(_) => &mut answers_to_lose,
                Outcome::Answer(_) => &mut 0,
            };
            if *left > 0 && !self.is_interrupted() {
                *left -= 1;
                wait_a_little(self);
                continue;
            }
            let nodes = self.nodes(&probe).map_err(|why| unconnected(self.base, why));
            return match nodes.and_then(|nodes| self.check_named(&probe).map(|()| nodes)) {
                Ok(nodes) => Ok(Begun { probe, clock, nodes }),
                Err(failure) => Err((failure, probe.records)),
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
            let name = self.admin.name();
            return Err(format!("it answers 401 to the user {name}: is the password of --user right?"));
        }
        if !self.nodes.is_empty() {
            return Ok(self.nodes.to_vec());
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

    /// Whether the nodes that were given are there, if the server says which are: what is not would be taken for a fault.
    fn check_named(&self, probe: &Probe) -> Result<(), Failure> {
        let Some(shown) = &probe.nodes else { return Ok(()) };
        match self.nodes.iter().find(|named| !shown.contains(named)) {
            None => Ok(()),
            Some(named) => {
                let shown = listed(shown);
                Err(Failure::Usage(format!("--nodes: the server shows the nodes {shown}, and not {named}")))
            }
        }
    }

    /// Whether the server knows the users of the other roles. One with a wrong password would be taken for a fault.
    pub(super) fn check_users(&self) -> Result<(), Failure> {
        for (role, user) in self.role_users {
            let request = Request {
                method: Method::Get,
                path: Path::to(Place::NodeObjects),
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
                return Err(unconnected(self.base, why));
            }
        }
        Ok(())
    }
}

fn role_user(text: &str) -> Result<(Role, User), String> {
    let expected = "expected ROLE=NAME:PASSWORD";
    let (role, user) = text.split_once('=').ok_or(expected)?;
    let known = || Role::ALL.map(Role::name).join(", ");
    let role = Role::from_name(role).ok_or_else(|| format!("`{role}` is no role; there are {}", known()))?;
    Ok((role, user.parse().map_err(|_| expected)?))
}

/// The server cannot be used, for this reason.
pub(super) fn unconnected(base: &Base, why: impl fmt::Display) -> Failure {
    Failure::Unconnected(format!("cannot test {base}: {why}"))
}

/// Waits a little for something that may come.
fn wait_a_little(server: &Server<'_>) {
    wait(Duration::from_millis(100), || server.is_interrupted());
}

/// Nodes, for people.
pub(super) fn listed(nodes: &[NodeUid]) -> String {
    nodes.iter().map(NodeUid::to_string).collect::<Vec<_>>().join(", ")
}
