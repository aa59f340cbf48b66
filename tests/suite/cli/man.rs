//! `action-oracle man` and `action-oracle completions`: what a package installs.

use std::fs;

use super::action_oracle;

const COMMANDS: [&str; 9] =
    ["check", "test", "corpus", "serve", "simulate", "replay", "explore", "spec", "report"];

#[test]
fn there_is_a_page_for_each_command() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let pages = folder.path().join("share/man1");
    let end = action_oracle(&format!("man --out {}", pages.display()));
    assert_eq!((end.code, end.stdout.as_str(), end.stderr.as_str()), (0, "", ""));
    for command in COMMANDS {
        let page =
            fs::read_to_string(pages.join(format!("action-oracle-{command}.1"))).expect("it is written");
        assert!(page.contains(".SH SYNOPSIS") && page.contains("\nExample"), "{command}: {page}");
    }
    let first = action_oracle("man").stdout;
    assert_eq!(first, fs::read_to_string(pages.join("action-oracle.1")).expect("it is written"));
    for command in COMMANDS {
        assert!(first.contains(&format!("action\\-oracle\\-{command}(1)")), "{command}: {first}");
    }
    let file = pages.join("action-oracle.1").display().to_string();
    let end = action_oracle(&format!("man --out {file}"));
    assert_eq!((end.code, end.stderr.starts_with(&format!("error: cannot write {file}: "))), (3, true));
}

#[test]
fn shells_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let end = action_oracle(&format!("completions {shell}"));
        assert_eq!((end.code, end.stderr.as_str()), (0, ""));
        for command in COMMANDS {
            assert!(end.stdout.contains(command), "{shell}: {command}");
        }
    }
    assert_eq!(action_oracle("completions rc").code, 2);
}
