//! What is shown of a run while it happens.

use super::Digest;
use crate::model::{Input, Reply};

/// Sees every step of a run.
pub trait Watch {
    /// One step was taken.
    fn see(&mut self, seen: &Seen<'_>);
}

/// One step of a run.
#[derive(Debug)]
pub struct Seen<'a> {
    /// The input.
    pub input: &'a Input,
    /// The reply of the law.
    pub reply: &'a Reply,
    /// It covers everything up to this step.
    pub digest: Digest,
    /// How the input came, if it is a request.
    pub attempt: Option<Attempt>,
}

/// How a request came to the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// The number of the client that sent it, from 0.
    pub client: u32,
    /// Whether it is a second arrival of the request before it.
    pub is_copy: bool,
    /// Whether its answer is lost.
    pub is_lost: bool,
}

/// Sees nothing.
impl Watch for () {
    fn see(&mut self, _: &Seen<'_>) {}
}

impl<F: FnMut(&Input, &Reply, Digest)> Watch for F {
    fn see(&mut self, seen: &Seen<'_>) {
        self(seen.input, seen.reply, seen.digest);
    }
}
