//! What the README shows is what happens.
//!
//! Each line `$ action-oracle …` of a `console` block is run from the root of the repository, and the lines
//! below it are its output; a line `...` stands for anything. One that ends with `&` is a server, which
//! `serve::readme` starts. Other commands are shown, not run: they would build the project once more.

use std::fs;

use crate::cli::action_oracle;

#[test]
fn readme_commands_print_what_it_shows() {
    for Command { line, arguments, shown } in commands(&text()) {
        let end = action_oracle(&arguments);
        let printed = format!("{}{}", end.stdout, end.stderr);
        assert!(
            matches(&shown, &printed.lines().collect::<Vec<_>>()),
            "README.md:{line}: `action-oracle {arguments}` printed\n{printed}\ninstead of\n{}",
            shown.join("\n")
        );
    }
}

#[test]
fn readme_leaves_the_versions_to_the_manifest() {
    for version in [env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_RUST_VERSION")] {
        assert!(!text().contains(version), "README.md states {version}, which Cargo.toml owns");
    }
}

#[test]
fn a_console_block_is_read_as_commands_with_their_output() {
    let markdown =
        "```console\n$ action-oracle spec\nClauses\n...\n$ cargo test\nok\n```\n\n$ action-oracle no\n";
    let found = commands(markdown);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].line, found[0].arguments.as_str()), (2, "spec"));
    assert_eq!(found[0].shown, ["Clauses", "..."]);
}

#[test]
fn dots_stand_for_any_lines_and_nothing_else_does() {
    assert!(matches(&["a", "...", "z"], &["a", "b", "c", "z"]));
    assert!(matches(&["a", "...", "z"], &["a", "z"]));
    assert!(matches(&["a", "..."], &["a"]));
    assert!(!matches(&["a", "z"], &["a", "b", "z"]));
    assert!(!matches(&["a", "...", "z"], &["a", "b"]));
    assert!(!matches(&["a"], &["a", "b"]));
}

/// The README, empty where a packaged copy of the sources leaves it out.
pub(crate) fn text() -> String {
    fs::read_to_string(super::root().join("README.md")).unwrap_or_default()
}

/// A command that the README shows.
struct Command<'a> {
    /// The number of its line.
    line: usize,
    /// What follows `action-oracle`, separated by spaces.
    arguments: String,
    /// The lines below it.
    shown: Vec<&'a str>,
}

/// The commands of all `console` blocks that call this program.
fn commands(markdown: &str) -> Vec<Command<'_>> {
    let mut commands = Vec::new();
    let mut console = false;
    let mut current: Option<Command<'_>> = None;
    for (index, line) in markdown.lines().enumerate() {
        if line.starts_with("```") {
            commands.extend(current.take());
            console = line == "```console";
        } else if let (true, Some(command)) = (console, line.strip_prefix("$ ")) {
            commands.extend(current.take());
            let ours = command.strip_prefix("action-oracle").filter(|rest| !rest.ends_with('&'));
            current = ours.map(|rest| Command {
                line: index + 1,
                arguments: rest.trim().to_owned(),
                shown: Vec::new(),
            });
        } else if let Some(command) = &mut current {
            command.shown.push(line);
        }
    }
    commands
}

/// Whether lines were printed as shown.
pub(crate) fn matches(shown: &[&str], printed: &[&str]) -> bool {
    match (shown, printed) {
        ([], []) => true,
        (["..."], _) => true,
        (["...", rest @ ..], [_, later @ ..]) => matches(rest, printed) || matches(shown, later),
        (["...", rest @ ..], []) => matches(rest, printed),
        ([line, rest @ ..], [found, later @ ..]) => line == found && matches(rest, later),
        _ => false,
    }
}
