//! curl, and Python with `requests`: as the documents print them, and as `examples/automate` uses them.
//!
//! Where one of them is missing, its tests say so and check nothing.

use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use action_oracle::serve::{Clock, Fixture, Name, Setup};
use action_oracle_clients::has;
use tempfile::TempDir;

/// The example of the page on node actions, for curl.
const CURL: &str = r#"curl -k -X POST -u "[username]:[password]" -d "{}"
            https://[host][:port]/v1/nodes/1/actions/remove"#;

/// The example of the same page, for Python.
const PYTHON: &str = r#"import requests
import json

url = "https://[host][port]/v1/nodes/1/actions/remove"

payload = json.dumps({})
headers = {
  'Content-Type': 'application/json',
}
auth = ("[username]", "[password]")

response = requests.request("POST", url, auth=auth, headers=headers, data=payload)

print(response.text)
"#;

const ACCEPTED: &str = r#"{"status":"queued","task_id":"00000000-0000-4000-8000-000000000001"}"#;

/// A cluster over HTTPS that moves with time, as a script that sleeps expects it; and its certificate in a file.
struct Served {
    fixture: Fixture,
    folder: TempDir,
}

impl Served {
    fn start() -> Self {
        let clock = Clock::Real { pace: Duration::from_millis(20) };
        let fixture = Fixture::with_tls(Setup { clock, ..Setup::default() }).expect("there is a port");
        let folder = tempfile::tempdir().expect("there is room for temporary files");
        let pem = fixture.certificate_pem().expect("it has one");
        std::fs::write(folder.path().join("certificate.pem"), pem).expect("it can be written");
        Self { fixture, folder }
    }

    /// An example of the documents with what stands in brackets filled in.
    fn filled(&self, printed: &str) -> String {
        let address = self.fixture.url().strip_prefix("https://").expect("it is HTTPS");
        let (host, port) = address.split_once(':').expect("it has a port");
        let words = [("[username]", "admin"), ("[password]", "admin"), ("[host]", host)];
        let text = words.iter().fold(printed.to_owned(), |text, (word, value)| text.replace(word, value));
        text.replace("[:port]", &format!(":{port}")).replace("[port]", &format!(":{port}"))
    }

    fn control(&self, what: &str, body: &str) {
        let request = http::Request::post(format!("/_control/{what}")).body(()).expect("it is a request");
        let (head, ()) = request.into_parts();
        let answer = self.fixture.service().answer(&head, body.as_bytes()).expect("it is not lost");
        assert_eq!(answer.status().as_u16(), 200);
    }

    /// Returns when the history holds this.
    fn wait_for(&self, text: &str) {
        let world = self.fixture.service().clusters().get(&Name::default()).expect("it is there");
        for _ in 0..1_000 {
            let history = world.lock().expect("nobody panicked").history();
            if String::from_utf8_lossy(&history).contains(text) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{text} does not come");
    }

    fn run(&self, program: &str, arguments: &[&str]) -> (i32, String) {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
        // Nobody vouches for the certificate: whoever checks it is given it.
        command.env("REQUESTS_CA_BUNDLE", self.folder.path().join("certificate.pem"));
        let Output { status, stdout, stderr } = command.output().expect("it can be run");
        let text = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
        (status.code().expect("it ends by itself"), text)
    }

    fn python(&self) -> (i32, String) {
        let script = ["examples/automate/maintenance_on.py", self.fixture.url(), "1", "admin", "admin"];
        self.run("python3", &script)
    }

    fn shell(&self) -> (i32, String) {
        self.run("sh", &["examples/automate/maintenance_on.sh", self.fixture.url(), "1", "admin:admin"])
    }
}

fn has_curl() -> bool {
    has("curl", &["--version"])
}

fn has_python() -> bool {
    has("python3", &["-c", "import requests"])
}

#[test]
fn curl_works_as_printed() {
    if !has_curl() {
        return;
    }
    let served = Served::start();
    // The page breaks the line without a backslash.
    let command = served.filled(CURL).replace('\n', " \\\n");
    let (code, printed) = served.run("sh", &["-c", &format!("{command} -sS")]);
    assert_eq!((code, printed.as_str()), (0, ACCEPTED));
}

#[test]
fn python_works_as_printed() {
    if !has_python() {
        return;
    }
    let served = Served::start();
    let (code, printed) = served.run("python3", &["-c", &served.filled(PYTHON)]);
    assert_eq!((code, printed.trim_end()), (0, ACCEPTED));
}

/// The four things that happen to somebody who automates.
fn walks(run: fn(&Served) -> (i32, String)) {
    let good = "node 1 is in maintenance\n";
    let served = Served::start();
    assert_eq!(run(&served), (0, good.to_owned()));
    // Somebody else's run, which is slow.
    let served = Served::start();
    served.control("stall", r#"{"action":"maintenance_on"}"#);
    let request = http::Request::post("/v1/nodes/1/actions/maintenance_on");
    let request =
        request.header("authorization", "Basic YWRtaW46YWRtaW4=").header("content-type", "application/json");
    let (head, ()) = request.body(()).expect("it is a request").into_parts();
    assert_eq!(served.fixture.service().answer(&head, b"{}").expect("it is not lost").status(), 200);
    let (code, printed) = std::thread::scope(|scope| {
        let running = scope.spawn(|| run(&served));
        served.wait_for("\"status\":409");
        served.control("resume", "");
        running.join().expect("it does not panic")
    });
    assert_eq!((code, printed), (0, format!("a run is under way already; waiting for that one\n{good}")));
    let served = Served::start();
    served.control("fail", r#"{"action":"maintenance_on","error_code":"insufficient_resources"}"#);
    assert_eq!(run(&served), (1, "maintenance_on failed: insufficient_resources\n".to_owned()));
    let served = Served::start();
    served.control("lose-answers", r#"{"method":"POST"}"#);
    assert_eq!(run(&served), (0, good.to_owned()));
}

#[test]
fn the_python_example_handles_a_conflict_a_failure_and_a_lost_answer() {
    if has_python() {
        walks(Served::python);
    }
}

#[test]
fn the_shell_example_handles_a_conflict_a_failure_and_a_lost_answer() {
    if has_curl() {
        walks(Served::shell);
    }
}
