//! What makes the cluster afresh between two runs.

use std::process::{Command, Stdio};

use super::super::Failure;
use super::{Server, unconnected};
use crate::http::client::{Base, Client, Outcome};
use crate::model::{Body, Caller, Headers, Method, Path, Request, Role};

/// A reset hook.
#[derive(Debug, Clone)]
pub(in super::super) enum Hook {
    /// A POST to this URL, as administrator.
    Url(Base),
    /// A command of the shell.
    Command(String),
}

impl Hook {
    /// Makes the cluster afresh. What follows on failure would prove nothing.
    pub(super) fn reset(&self, server: &Server<'_>) -> Result<(), Failure> {
        match self {
            Self::Url(url) => {
                let mut client = Client::new(url.clone(), server.users.clone(), &server.client);
                let request = Request {
                    method: Method::Post,
                    path: Path::new(""),
                    caller: Caller::Role(Role::Admin),
                    headers: Headers::default(),
                    body: Body::Absent,
                };
                match client.call(&request) {
                    Outcome::Answer(answer) if (200..300).contains(&answer.status) => Ok(()),
                    Outcome::Answer(answer) => {
                        Err(unconnected(url, format!("the reset hook answers {}", answer.status)))
                    }
                    Outcome::Lost(why) | Outcome::Unsent(why) => {
                        Err(unconnected(url, format!("the reset hook does not answer: {why}")))
                    }
                }
            }
            Self::Command(command) => {
                let failed = |why: String| {
                    Failure::Unconnected(format!("cannot test: the reset command `{command}` {why}"))
                };
                let mut shell = Command::new("sh");
                shell.arg("-c").arg(command).stdin(Stdio::null()).stdout(Stdio::null());
                let status = shell.status().map_err(|error| failed(format!("cannot be started: {error}")))?;
                if status.success() { Ok(()) } else { Err(failed(format!("ended with {status}"))) }
            }
        }
    }
}
