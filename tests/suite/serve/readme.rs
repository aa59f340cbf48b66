//! The session that the README shows: a server in the background, and curl.
//!
//! A `console` block whose first command ends with `&` is run here, on another port.

use std::process::Command;

use super::program::Program;
use crate::tidy::readme;

/// The address that the README shows, which is the default one.
const SHOWN: &str = "127.0.0.1:9443";

#[test]
fn the_session_of_the_readme_prints_what_it_shows() {
    let text = readme::text();
    let blocks = text.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    let sessions: Vec<_> =
        blocks.filter(|block| block.lines().next().is_some_and(|line| line.ends_with('&'))).collect();
    // A packaged copy of the sources has no README.
    assert!(text.is_empty() || !sessions.is_empty(), "the README shows no server");
    if Command::new("curl").arg("--version").output().is_err() {
        return;
    }
    for session in sessions {
        play(session);
    }
}

fn play(session: &str) {
    let mut steps: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in session.lines() {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push((command, Vec::new())),
            (None, Some((_, shown))) => shown.push(line),
            (None, None) => panic!("{line} is no command"),
        }
    }
    let (server, said) = steps.remove(0);
    let arguments = server.strip_prefix("action-oracle serve").expect("it is ours").trim_end_matches('&');
    let program = Program::start(arguments.trim());
    let (scheme, address) = program.url.split_once("://").expect("it is a URL");
    assert_eq!(said[0], format!("listening on {scheme}://{SHOWN}"));
    for (command, shown) in steps {
        let command = command.replace(SHOWN, address);
        let output = Command::new("sh").args(["-c", &command]).output().expect("it can be run");
        let printed = String::from_utf8_lossy(&output.stdout).replace(address, SHOWN);
        let printed: Vec<_> = printed.lines().collect();
        assert!(
            readme::matches(&shown, &printed),
            "`{command}` printed\n{}\ninstead of\n{}",
            printed.join("\n"),
            shown.join("\n")
        );
    }
}
