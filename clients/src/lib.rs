//! What the tests, which are all else that is here, have in common.

use std::io::Write;
use std::process::Command;

/// Whether a program is there; if not, says that nothing is checked.
pub fn has(program: &str, arguments: &[&str]) -> bool {
    let is_there = Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success());
    if !is_there {
        let line = format!("skipped: {program} {} does not work here\n", arguments.join(" "));
        std::io::stderr().write_all(line.as_bytes()).expect("somebody listens");
    }
    is_there
}
