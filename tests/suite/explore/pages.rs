//! Pages that are generated from explorations: the shortest example of everything, and what tells the answers to each
//! open question apart.
//!
//! `UPDATE_DOCS=1 cargo test pages` writes the pages instead of comparing them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use action_oracle::explore::{
    self, ACTIONS, Bounds, Budget, Choice, Example, Experiment, Options, Requests, Verdict,
};
use action_oracle::model::{Cluster, Status};
use action_oracle::report;
use action_oracle::sim::SOMETIMES;
use action_oracle::spec::reading::Stance;
use action_oracle::spec::{Question, Rules};

use super::{on_topology, options};

const MAINTENANCE: [&str; 2] = ["maintenance_on", "maintenance_off"];

/// What the examples are taken from: each shows something that those before it cannot.
fn spaces() -> Vec<(&'static str, Options)> {
    let on_data = |actions: &[&'static str]| {
        let base = on_topology("small.json", actions, "");
        let choice = Choice { nodes: Some(1), ..base.choice.clone() };
        Options { choice, bounds: Bounds { once: true, ..Bounds::default() }, ..base }
    };
    vec![
        ("one node, every action", Options::new(Cluster::new(1), Rules::default())),
        ("two nodes, remove and change_master", options(2, &["remove", "change_master"], "")),
        ("three nodes, maintenance_on", options(3, &["maintenance_on"], "")),
        ("maintenance of one of three nodes with data, each slot used once", on_data(&MAINTENANCE)),
        ("removal of one of three nodes with data, used once", on_data(&["remove"])),
    ]
}

#[test]
fn the_page_of_examples_is_current() {
    let mut page = String::from(
        "# The shortest example of everything\n\n\
         Explorations that came to their end found these: no run of fewer inputs shows the same in that space. An\n\
         input is a line of a script: a request, or something that the cluster does by itself. The last one shows it.\n\n\
         `UPDATE_DOCS=1 cargo test pages` writes this page; a test keeps it current.\n",
    );
    let mut seen = BTreeSet::new();
    for (name, options) in spaces() {
        let explored = explore::explore(&options).expect("it can be explored");
        assert!(explored.is_complete(), "{name}");
        writeln!(page, "\n## From {name}").expect("a string takes everything");
        // Who may not ask is told so everywhere.
        let matrix = explored.answers.matrix.iter().filter(|(cell, _)| !matches!(cell.code, 401 | 403));
        let cells = matrix.map(|(cell, example)| {
            let status = cell.status.map_or("nothing", Status::name);
            (format!("{} meets {status}: {}", cell.operation, cell.code), Some(example))
        });
        let sometimes = explored.answers.sometimes.iter();
        let sometimes = sometimes.map(|(thing, example)| (thing.name.to_owned(), example.as_ref()));
        for (title, example) in cells.chain(sometimes) {
            if let Some(example) = example.filter(|_| seen.insert(title.clone())) {
                push(&mut page, &title, example);
            }
        }
    }
    let missing: Vec<_> =
        SOMETIMES.iter().map(|thing| thing.name).filter(|name| !seen.contains(*name)).collect();
    writeln!(page, "\n## Not in these spaces\n").expect("a string takes everything");
    missing.iter().for_each(|name| writeln!(page, "- {name}").expect("a string takes everything"));
    is_current("docs/examples.md", &page);
}

fn push(page: &mut String, title: &str, example: &Example) {
    write!(page, "\n{title}\n\n```text\n{}\n```\n", example.script().join("\n"))
        .expect("a string takes everything");
}

#[test]
fn the_table_of_readings_is_current() {
    let mut page = String::from(
        "# What tells the answers to the open questions apart\n\n\
         The documents leave questions open. For each question that is a parameter, and each answer that is not the\n\
         default: a shortest list of calls after which an answer is possible under one of the two and impossible under\n\
         the other. What the cluster does by itself may happen between any two calls. So an implementation that\n\
         gives that answer has decided the question.\n\n\
         Small spaces are tried, one after the other; the calls are as few as can be in the first space that tells.\n\
         *The same* is a proof for all these spaces: after whatever calls, the same answers are possible. *Not found* is\n\
         none: some space was too large to be searched to its end, or leads beyond its bounds. Most of these questions\n\
         are about what maintenance_off restores, which takes more calls than could be tried.\n\n\
         The spaces: each action alone on one node, with the plainest requests and then with all; each on two nodes; then\n\
         maintenance_on and maintenance_off together on one node; progress that is told step by step; and, on one of three\n\
         nodes with data, maintenance_on with the plainest requests and with all, and remove with the plainest.\n\n\
         `UPDATE_DOCS=1 cargo test pages` writes this page; a test keeps it current.\n\n\
         | question | against the default | calls | the last answer |\n|---|---|---|---|\n",
    );
    let spaces = compared();
    for question in Question::all() {
        let Some(reading) = question.reading().filter(|reading| reading.stance == Stance::Param) else {
            continue;
        };
        if reading.combines {
            continue;
        }
        for answer in 0..question.answers() {
            let mut against = Rules::default();
            if against.answer(question) != answer {
                against.choose(question, answer);
                let (id, name) = (question.id(), question.answer_name(answer));
                let row = row(&spaces, &against);
                writeln!(page, "| {id} | {name} | {row} |").expect("a string takes everything");
            }
        }
    }
    is_current("docs/readings.md", &page);
}

/// The spaces in which rules are compared with the default ones, the small ones first.
fn compared() -> Vec<Options> {
    let within = |states: u64, options: Options| {
        let budget = Budget { states, bytes: 256 << 20, ..Budget::default() };
        Options { budget, ..options }
    };
    let choosing = |options: &Options, choose: &dyn Fn(&mut Choice)| {
        let mut options = options.clone();
        choose(&mut options.choice);
        options
    };
    let all = |options: &Options| choosing(options, &|choice| choice.requests = Requests::All);
    let alone = |nodes: u32| ACTIONS.map(|action| options(nodes, &[action], ""));
    let both = options(1, &MAINTENANCE, "");
    let told = choosing(&options(1, &["enslave_node"], ""), &|choice| {
        choice.events = "progress".parse().expect("these are events");
    });
    let [on, remove] = ["maintenance_on", "remove"]
        .map(|action| choosing(&on_topology("small.json", &[action], ""), &|choice| choice.nodes = Some(1)));
    let small = alone(1).into_iter().chain(alone(1).each_ref().map(all)).chain(alone(2));
    let small = small.chain([both.clone(), all(&both), told]).map(|options| within(100, options));
    small.chain([within(4000, on.clone()), within(2200, all(&on)), within(1200, remove)]).collect()
}

/// The first experiment that tells rules apart from the default ones.
fn row(spaces: &[Options], against: &Rules) -> String {
    let mut all = true;
    for options in spaces {
        let told = explore::tell_apart(options, against);
        match told.verdict {
            Verdict::Apart(experiment) => return calls(&experiment),
            Verdict::Same => all &= told.beyond == 0,
            Verdict::Undecided(_) => all = false,
        }
    }
    (if all { "the same | the same" } else { "not found | not found" }).to_owned()
}

fn calls(experiment: &Experiment) -> String {
    let calls: Vec<_> =
        experiment.calls.iter().map(|call| format!("`{}`", report::told::line(call))).collect();
    let last = &experiment.calls.last().expect("there is one").answer;
    let side = if experiment.under_first { "the default" } else { "this answer" };
    format!("{} | {} only under {side} |", calls.join(", "), short(last)).trim_end_matches(" |").to_owned()
}

/// The status code, and as much of the body as fits.
fn short(answer: &str) -> String {
    let most = 80;
    let cut: String = answer.chars().take(most).collect();
    let more = if answer.chars().count() > most { "..." } else { "" };
    format!("`{cut}{more}`").replace('|', "\\|")
}

#[track_caller]
fn is_current(path: &str, page: &str) {
    #[expect(clippy::disallowed_methods, reason = "a test has no arguments by which it could be told")]
    if std::env::var("UPDATE_DOCS").is_ok() {
        fs::create_dir_all("docs").expect("the folder can be made");
        fs::write(path, page).expect("the page can be written");
    }
    let found = fs::read_to_string(path).expect("the page exists");
    assert!(found == page, "{path} is out of date; `UPDATE_DOCS=1 cargo test pages` writes it");
}
