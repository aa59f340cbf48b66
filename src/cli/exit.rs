//! How a task ends: the exit codes, which scripts rely on, and the failures that a person can fix.
//!
//! A divergence or a broken invariant is no [`Failure`]: it is a result, and the task returns its [`Exit`].

use std::fmt;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// The exit codes. They are an interface: a code keeps its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// What was judged conforms; nothing broke; what was asked for was shown.
    Conforms = 0,
    /// An answer that no admissible run explains, or an invariant that broke.
    Diverges = 1,
    /// The arguments are wrong.
    Usage = 2,
    /// The input cannot be read, or the output cannot be written.
    Unreadable = 3,
    /// The implementation under test cannot be reached.
    Unconnected = 4,
    /// A budget ran out, or whoever read the output went away, before there was a verdict.
    Undecided = 5,
    /// Nothing was checked, which proves nothing.
    NothingChecked = 6,
}

impl Exit {
    /// The verdict that goes with it, as the JSON object of a command says it. Of a failure there is none.
    pub(super) fn verdict(self) -> &'static str {
        match self {
            Self::Conforms => "conforms",
            Self::Diverges => "diverges",
            Self::Undecided => "undecided",
            Self::Usage | Self::Unreadable | Self::Unconnected | Self::NothingChecked => "nothing-checked",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a task could not be done, for a person who can fix it. Its text fits after "error: ".
#[derive(Debug)]
pub enum Failure {
    /// The arguments name something that does not exist, or do not fit together.
    Usage(String),
    /// A file cannot be read, or does not hold what was expected: says where.
    Unreadable(String),
    /// The implementation under test cannot be reached, or does not let us in.
    Unconnected(String),
    /// The output cannot be written.
    Output(io::Error),
}

impl Failure {
    /// A file cannot be read, for this reason.
    pub(super) fn cannot_read(path: &Path, why: impl fmt::Display) -> Self {
        Self::Unreadable(format!("cannot read {}: {why}", path.display()))
    }

    /// A file cannot be written, for this reason.
    pub(super) fn cannot_write(path: &Path, why: impl fmt::Display) -> Self {
        Self::Unreadable(format!("cannot write {}: {why}", path.display()))
    }

    /// The exit code that goes with it.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Unreadable(_) => Exit::Unreadable,
            Self::Unconnected(_) => Exit::Unconnected,
            Self::Output(_) if self.is_quiet() => Exit::Undecided,
            Self::Output(_) => Exit::Unreadable,
        }
    }

    /// Whether the reader of the output went away (`action-oracle spec | head`), which needs no message.
    pub fn is_quiet(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::Unreadable(message) | Self::Unconnected(message) => {
                f.write_str(message)
            }
            Self::Output(error) => write!(f, "cannot write the output: {error}"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<io::Error> for Failure {
    /// For the streams of the [`Console`](super::Console); a file that cannot be written says its name.
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
