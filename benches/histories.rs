//! Histories a second: legal ones, written by the law with many clients, parsed and judged.
//!
//! Each row runs in a process of its own, so that the memory it took is its own; the rows take turns, and what is
//! quoted is the median of the ratios within a round. `cargo bench --bench histories -- 20000` says how many records.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]
#![expect(clippy::disallowed_types, reason = "a benchmark reads the clock")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads its arguments")]
#![expect(clippy::float_arithmetic, reason = "rates and ratios are no part of the model")]

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use action_oracle::history::{
    CallId, Header, Initial, Invoke, Kind, Lost, Members, Reader, Record, Return, Writer,
};
use action_oracle::http;
use action_oracle::model::{
    self, Act, Body, Caller, Cluster, Event, Headers, Input, Method, Move, NodeAction, NodeUid, Place,
    Request, Role, Slot, Time, step,
};
use action_oracle::oracle::{self, Options, Verdict};
use action_oracle::spec::{Edition, Rules};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng};

const ROUNDS: usize = 3;
const RECORDS: u64 = 1_000_000;

/// What a history is like.
struct Row {
    name: &'static str,
    clients: usize,
    slots: u32,
    /// In how many of 1000 calls the answer is lost.
    lost: u32,
    /// The part of the records that are asked for.
    part: u64,
    /// Whether the readings are said.
    is_pinned: bool,
}

const ROWS: [Row; 8] = [
    Row { name: "64 clients on 64 slots", clients: 64, slots: 64, lost: 0, part: 1, is_pinned: true },
    Row { name: "8 clients on one slot", clients: 8, slots: 1, lost: 0, part: 1, is_pinned: true },
    Row { name: "64 on 64, 1 % lost", clients: 64, slots: 64, lost: 10, part: 1, is_pinned: true },
    Row { name: "64 on 64, all readings open", clients: 64, slots: 64, lost: 0, part: 1, is_pinned: false },
    Row { name: "64 on 64, a tenth as long", clients: 64, slots: 64, lost: 0, part: 10, is_pinned: true },
    Row { name: "16 on one slot, 20,000 calls", clients: 16, slots: 1, lost: 0, part: 25, is_pinned: true },
    Row { name: "32 on one slot, 20,000 calls", clients: 32, slots: 1, lost: 0, part: 25, is_pinned: true },
    Row { name: "1 client on one slot", clients: 1, slots: 1, lost: 0, part: 1, is_pinned: true },
];

/// Rows whose times are compared: how much more the first takes than the second.
const RATIOS: [(usize, usize); 4] = [(2, 0), (3, 0), (0, 4), (1, 7)];

/// A client on its way through a call.
enum Phase {
    Idle,
    Asked(CallId, Request),
    Answered(CallId, http::Response),
}

struct Draw(ChaCha8Rng);

impl Draw {
    fn below(&mut self, bound: u32) -> u32 {
        self.0.next_u32() % bound
    }
}

fn slot(number: u32) -> Slot {
    // Removals come last, so that few slots have none.
    Slot::Node(NodeUid(number / 4 + 1), NodeAction::ALL[(number % 4) as usize])
}

fn request(draw: &mut Draw, slots: u32) -> Request {
    let method = match draw.below(100) {
        0..70 => Method::Get,
        70..85 => Method::Post,
        _ => Method::Delete,
    };
    let body = if method == Method::Post { Body::Json(serde_json::json!({})) } else { Body::Absent };
    let path = model::Path::to(Place::Action(slot(draw.below(slots))));
    Request { method, path, caller: Caller::Role(Role::Admin), headers: Headers::default(), body }
}

/// Lets something happen in a slot. Removals do not complete, so that all nodes stay.
fn happen(draw: &mut Draw, cluster: &mut Cluster, rules: &Rules, slots: u32) {
    let slot = slot(draw.below(slots));
    let Some(instance) = cluster.instance(slot) else { return };
    let moves: Vec<_> = Move::candidates(instance).collect();
    let chosen = moves[draw.below(u32::try_from(moves.len()).expect("there are few")) as usize];
    if matches!(slot, Slot::Node(_, NodeAction::Remove)) && chosen == Move::Complete {
        return;
    }
    step(cluster, rules, &Input { at: Time(0), act: Act::Event(Event::Task(slot, chosen)) });
}

/// Writes a legal history of so many records.
fn write(row: &Row, records: u64, path: &Path) {
    let nodes = row.slots.div_ceil(4).max(3);
    let rules = Rules::default();
    let mut cluster = Cluster::new(nodes);
    let mut header = Header::new(Initial::Empty(Members::Nodes((1..=nodes).map(NodeUid).collect())));
    if row.is_pinned {
        header.edition = Some(Edition::default());
        header.rules = rules.answers();
    }
    let file = BufWriter::new(File::create(path).expect("the file can be written"));
    let mut writer = Writer::new(file, &header).expect("the file can be written");
    let mut draw = Draw(ChaCha8Rng::seed_from_u64(1));
    let mut clients: Vec<_> = (0..row.clients).map(|_| Phase::Idle).collect();
    let (mut calls, mut written) = (0, 0);
    while written < records {
        if draw.below(2) == 0 {
            happen(&mut draw, &mut cluster, &rules, row.slots);
        }
        let client = &mut clients[draw.below(u32::try_from(row.clients).expect("there are few")) as usize];
        let (next, kind) = match std::mem::replace(client, Phase::Idle) {
            Phase::Idle => {
                calls += 1;
                let (id, request) = (CallId(calls), request(&mut draw, row.slots));
                let invoke = Invoke { id, client: None, request: request.clone() };
                (Phase::Asked(id, request), Some(Kind::Invoke(invoke)))
            }
            Phase::Asked(id, request) => {
                let method = request.method;
                let reply = step(&mut cluster, &rules, &Input { at: Time(0), act: Act::Request(request) });
                let response = http::encode(&reply, &rules).expect("a request has a response");
                (Phase::Answered(id, response.sent_to(method)), None)
            }
            Phase::Answered(id, _) if draw.below(1000) < row.lost => {
                (Phase::Idle, Some(Kind::Lost(Lost { id, why: None })))
            }
            Phase::Answered(id, response) => (Phase::Idle, Some(Kind::Return(Return::of(id, response)))),
        };
        *client = next;
        if let Some(kind) = kind {
            writer.write(&Record::new(None, kind)).expect("the file can be written");
            written += 1;
        }
    }
    writer.finish().expect("the file can be written");
}

/// Judges one file, and prints how long it took and the memory.
fn judge(path: &Path) {
    let start = Instant::now();
    let file = File::open(path).expect("the file was written");
    let reader = Reader::new(BufReader::with_capacity(1 << 20, file)).expect("it is a history");
    let judgement = oracle::judge(reader, &Options::default()).expect("no line is broken");
    let seconds = start.elapsed().as_secs_f64();
    assert!(
        matches!(judgement.verdict, Verdict::Conforms),
        "legal histories conform: {:?}",
        judgement.verdict
    );
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0);
    println!("{seconds} {peak}");
}

/// Judges a file in a process of its own: seconds, and kilobytes at the peak.
fn measured(path: &Path) -> (f64, u64) {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new(program).arg("--judge").arg(path).output().expect("it can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("it prints text");
    let (seconds, peak) = text.trim().split_once(' ').expect("it prints two numbers");
    (seconds.parse().expect("a number"), peak.parse().expect("a number"))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [flag, path] = arguments.as_slice()
        && flag == "--judge"
    {
        return judge(Path::new(path));
    }
    let records = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(RECORDS);
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let paths: Vec<PathBuf> =
        ROWS.iter().enumerate().map(|(at, _)| folder.path().join(at.to_string())).collect();
    ROWS.iter().zip(&paths).for_each(|(row, path)| write(row, records / row.part, path));
    let mut times = ROWS.map(|_| Vec::new());
    let mut peaks = ROWS.map(|_| 0);
    for _ in 0..ROUNDS {
        for ((path, times), peak) in paths.iter().zip(&mut times).zip(&mut peaks) {
            let (seconds, kilobytes) = measured(path);
            times.push(seconds);
            *peak = kilobytes.max(*peak);
        }
    }
    println!("{records} records, {ROUNDS} rounds, medians, parsing included");
    for ((row, times), peak) in ROWS.iter().zip(&times).zip(&peaks) {
        let seconds = median(times.clone());
        let rate = (records / row.part) as f64 / seconds / 1e6;
        println!("  {:<30} {seconds:>8.2} s  {rate:>6.3} million records/s  {:>5} MB", row.name, peak / 1024);
    }
    println!("times within a round, median ratio");
    for (above, below) in RATIOS {
        let ratios = times[above].iter().zip(&times[below]).map(|(a, b)| a / b).collect();
        println!("  {} / {}: {:.2}", ROWS[above].name, ROWS[below].name, median(ratios));
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
