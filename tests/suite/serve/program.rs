//! The program `action-oracle serve`: arguments, exit codes, files, signals.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use assert_cmd::cargo::cargo_bin;

use crate::cli::action_oracle;

/// A server in a process of its own. It is killed if nobody stops it.
pub(super) struct Program {
    child: Child,
    pub(super) url: String,
}

impl Program {
    /// Starts it on a free port with these arguments.
    pub(super) fn start(arguments: &str) -> Self {
        let mut command = Command::new(cargo_bin!("action-oracle"));
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments.split_whitespace());
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program can be run");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("it is piped"))
            .read_line(&mut line)
            .expect("it says where");
        let url = line.trim().strip_prefix("listening on ").expect("it says where").to_owned();
        Self { child, url }
    }

    /// Tells it to end, and waits for its exit code.
    #[cfg(unix)]
    pub(super) fn stop(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("it can be told").success());
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_port_in_use_is_no_connection() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = taken.local_addr().expect("it is bound");
    let end = action_oracle(&format!("serve --listen {address}"));
    let expected = format!(
        "error: cannot listen on {address}: another program uses this port; --listen takes another\n"
    );
    assert_eq!((end.code, end.stdout.as_str(), end.stderr), (4, "", expected));
}

#[test]
fn it_listens_beyond_this_machine_only_on_request_and_with_users_of_its_own() {
    let end = action_oracle("serve --listen 0.0.0.0:0");
    assert_eq!(end.code, 2);
    assert_eq!(
        end.stderr,
        "error: 0.0.0.0 can be reached from elsewhere; if that is wanted: --allow-remote, with --users of your own\n"
    );
    let end = action_oracle("serve --listen 0.0.0.0:0 --allow-remote");
    assert_eq!(end.code, 2);
    assert!(end.stderr.contains("--users <FILE>"), "{}", end.stderr);
}

#[test]
fn bad_files_say_where_and_what_was_expected() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let path = folder.path().join("users.json");
    std::fs::write(&path, "[{\"name\":\"ann\",\"password\":\"p\",\"role\":\"king\"}]")
        .expect("it can be written");
    let end = action_oracle(&format!("serve --users {}", path.display()));
    assert_eq!(end.code, 3);
    assert!(end.stderr.contains("users.json: /0/role: expected a role (none, db_viewer"), "{}", end.stderr);
    let end = action_oracle("serve --users no/such/file");
    assert!(end.code == 3 && end.stderr.starts_with("error: cannot read no/such/file: "), "{}", end.stderr);
    std::fs::write(&path, "{\"format\":\"action-oracle/topology\"").expect("it can be written");
    let end = action_oracle(&format!("serve --topology {}", path.display()));
    assert!(end.code == 3 && end.stderr.contains("line 1, column "), "{}", end.stderr);
    let end = action_oracle("serve --listen 127.0.0.1:0 --history no/such/folder/history.jsonl");
    let expected =
        "error: cannot write no/such/folder/history.jsonl: No such file or directory (os error 2)\n";
    assert!((end.code, end.stdout.as_str()) == (3, "") && end.stderr.ends_with(expected), "{}", end.stderr);
    let end = action_oracle("serve --rules R-STACK=MAYBE");
    assert!(end.code == 2 && end.stderr.contains("--rules: "), "{}", end.stderr);
    let end = action_oracle("serve --with rainbow");
    assert!(end.code == 2 && end.stderr.contains("there are action-uid, shard-status"), "{}", end.stderr);
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_with_the_history_whole() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let path = folder.path().join("history.jsonl");
    let program = Program::start(&format!("--seed 7 --history {}", path.display()));
    let tested = crate::live::test(&program.url, "--ops 40");
    assert_eq!(tested.end.code, 0, "{}{}", tested.end.stdout, tested.end.stderr);
    assert_eq!(program.stop(), Some(0));
    let text = std::fs::read_to_string(&path).expect("it is there");
    assert!(
        text.trim_end().lines().last().expect("it has lines").starts_with("{\"kind\":\"end\",\"records\":")
    );
    assert_eq!(action_oracle(&format!("check {}", path.display())).code, 0);
}

/// What was answered is in the file, whatever becomes of the program.
#[test]
fn the_history_is_written_as_it_happens() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let path = folder.path().join("history.jsonl");
    let program = Program::start(&format!("--history {}", path.display()));
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    assert_eq!(
        agent.get(format!("{}/v1/nodes", program.url)).call().expect("it answers").status().as_u16(),
        401
    );
    let text = std::fs::read_to_string(&path).expect("it is there");
    assert!(text.ends_with('\n') && text.contains("\"status\":401"), "{text}");
    drop(program);
}

/// Nothing that was written is written over.
#[cfg(unix)]
#[test]
fn a_cluster_that_is_made_again_has_another_history() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let path = |name: &str| folder.path().join(name);
    let program = Program::start(&format!("--history {}", path("history.jsonl").display()));
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let (asked, removed) = (
        format!("{}/_cluster/blue/v1/nodes/actions", program.url),
        format!("{}/_control/clusters/blue", program.url),
    );
    for _ in 0..2 {
        assert_eq!(agent.get(&asked).call().expect("it answers").status().as_u16(), 401);
        assert!(agent.delete(&removed).call().expect("it answers").status().is_success());
    }
    assert_eq!(program.stop(), Some(0));
    for name in ["history.1.blue.jsonl", "history.2.blue.jsonl"] {
        let text = std::fs::read_to_string(path(name)).expect("it is there");
        assert!(text.contains("\"status\":401"), "{name}: {text}");
    }
}
