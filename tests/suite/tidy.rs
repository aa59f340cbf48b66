//! The promises of the code about itself: layers, openings, lengths, names, fixtures, snapshots.
//!
//! Every check reads the sources as text and reports `file:line`, so that a broken promise is found by
//! whoever breaks it. What the README promises is checked in [`readme`].

use std::fs;
use std::path::{Path, PathBuf};

use action_oracle::spec::{clause, coverage};

pub(crate) mod readme;

/// The layers from the ground up: a module of `src` may name itself and those of the lines above its own.
const LAYERS: &[&[&str]] = &[
    &["intern", "spec"],
    &["model"],
    &["script", "http"],
    &["wire"],
    &["case", "history"],
    &["sim"],
    &["explore"],
    &["oracle"],
    &["conformance"],
    &["report"],
    &["serve"],
    &["cli"],
    &["main"],
];

/// A file that does not fit on a few screens holds more than one idea.
const LINES_MAX: usize = 400;

#[test]
fn layers_import_downwards_only() {
    let violations: Vec<_> = sources("src").iter().flat_map(upward_imports).collect();
    assert_eq!(violations, [""; 0]);
}

#[test]
fn an_upward_import_is_noticed() {
    let text = "//! See [`crate::cli`].\nuse crate::spec::Rules;\nuse crate::sim::run;\nuse crate::{spec};\n";
    let source = Source { path: "src/model/slot.rs".to_owned(), text: text.to_owned() };
    let expected =
        ["src/model/slot.rs:3: model imports sim", "src/model/slot.rs:4: model imports a group of modules"];
    assert_eq!(upward_imports(&source), expected);
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = sources("src").into_iter().chain(sources("tests"));
    let silent: Vec<_> = silent.filter(|source| !source.text.starts_with("//! ")).map(|s| s.path).collect();
    assert_eq!(silent, [""; 0], "these files do not open with `//!`");
}

#[test]
fn no_file_is_too_long() {
    let long = sources("src").into_iter().chain(sources("tests"));
    let long = long.map(|source| (source.text.lines().count(), source.path));
    let long: Vec<_> = long.filter(|(lines, _)| *lines > LINES_MAX).collect();
    assert!(long.is_empty(), "longer than {LINES_MAX} lines: {long:?}");
}

/// `UPDATE_TESTS_TXT=1 cargo test` writes the list instead of comparing it.
#[test]
fn tests_txt_lists_the_tests_that_cover_something() {
    let mut names: Vec<_> = sources("tests/suite").iter().flat_map(test_names).collect();
    names.retain(|name| !coverage::ids_of(name).is_empty());
    names.sort();
    let found: String = names.iter().map(|name| format!("{name}\n")).collect();
    let path = root().join("src/spec/tests.txt");
    #[expect(clippy::disallowed_methods, reason = "a test has no arguments by which it could be told")]
    if std::env::var("UPDATE_TESTS_TXT").is_ok() {
        fs::write(&path, &found).expect("the list can be written");
    }
    let listed = fs::read_to_string(&path).expect("the list exists");
    assert!(
        listed == found,
        "src/spec/tests.txt is out of date; `UPDATE_TESTS_TXT=1 cargo test tests_txt` writes it"
    );
}

#[test]
fn a_test_that_is_named_like_a_clause_names_one_that_exists() {
    let names: Vec<_> = sources("tests/suite").iter().flat_map(test_names).collect();
    let lost: Vec<_> = names
        .into_iter()
        .filter(|name| looks_like_an_id(name) && coverage::ids_of(name).is_empty())
        .collect();
    assert_eq!(lost, [""; 0], "no clause and no reading has these names");
}

/// A test names the file, or the quoted folder if it reads all of it: `"fixtures/cases"`.
#[test]
fn every_fixture_is_read_by_some_test() {
    let readers = readers();
    let unread: Vec<_> = files("fixtures").into_iter().filter(|path| !is_read(path, &readers)).collect();
    assert_eq!(unread, [""; 0], "no test and no README command reads these fixtures");
}

/// A snapshot has the name that a test gives it, or that of the fixture it was made from.
#[test]
fn every_snapshot_is_produced_by_some_test() {
    let readers = readers();
    let fixtures: Vec<_> = files("fixtures").iter().map(|path| stem(path).to_owned()).collect();
    let made = |path: &str| {
        readers.contains(&format!("\"{}\"", stem(path))) || fixtures.iter().any(|name| name == stem(path))
    };
    let orphans: Vec<_> = files("snapshots").into_iter().filter(|path| !made(path)).collect();
    assert_eq!(orphans, [""; 0], "no test produces these snapshots");
}

/// A file, with its path from the root of the repository.
struct Source {
    path: String,
    text: String,
}

/// `file:line: module imports module` for each import of a layer that is not below.
fn upward_imports(source: &Source) -> Vec<String> {
    let within = source.path.trim_start_matches("src/");
    let module = within.split(['/', '.']).next().unwrap_or(within);
    // The table of contents names everything and uses nothing.
    if module == "lib" {
        return Vec::new();
    }
    let Some(here) = layer(module) else { return vec![format!("{}:1: {module} is no layer", source.path)] };
    let code = source.text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    let imports =
        code.flat_map(|(index, line)| imported(line).into_iter().map(move |name| (index + 1, name)));
    imports
        .filter(|(_, name)| *name != module && layer(name).is_none_or(|there| there >= here))
        .map(|(line, name)| format!("{}:{line}: {module} imports {name}", source.path))
        .collect()
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The modules of this crate that a line of code names. A group (`crate::{one, two}`) is a module that does
/// not exist, so that there is one line for each import.
fn imported(line: &str) -> Vec<&str> {
    let after = line.split("crate::").skip(1).chain(line.split("action_oracle::").skip(1));
    let name = |rest: &'_ str| rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    after.map(|rest| if rest.starts_with('{') { "a group of modules" } else { &rest[..name(rest)] }).collect()
}

/// `module::name` of every function that follows `#[test]`.
fn test_names(source: &Source) -> Vec<String> {
    let within = source.path.trim_start_matches("tests/suite/").trim_end_matches(".rs");
    let module = within.replace('/', "::");
    let tests = source.text.split("#[test]\n").skip(1);
    let names = tests.filter_map(|rest| rest.split_once("fn ")?.1.split_once('('));
    names.map(|(name, _)| format!("{module}::{name}")).collect()
}

/// Whether a name begins like `post_3_` or `r_`.
fn looks_like_an_id(test: &str) -> bool {
    let name = test.rsplit("::").next().unwrap_or(test);
    let mut words = name.split('_');
    let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let area = clause::AREAS.iter().any(|area| area.prefix.eq_ignore_ascii_case(first));
    first == "r" || (area && second.parse::<u32>().is_ok())
}

/// Everything that may name a fixture or a snapshot; this file names folders without reading them.
fn readers() -> String {
    let tests = sources("tests").into_iter().filter(|source| source.path != "tests/suite/tidy.rs");
    tests.map(|source| source.text).collect::<String>() + &readme::text()
}

fn is_read(fixture: &str, readers: &str) -> bool {
    let (folder, name) = fixture.rsplit_once('/').unwrap_or(("", fixture));
    readers.contains(name) || readers.contains(&format!("\"{folder}\""))
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

fn sources(folder: &str) -> Vec<Source> {
    let paths = files(folder).into_iter().filter(|path| path.ends_with(".rs"));
    let read = |path: &str| fs::read_to_string(root().join(path)).expect("sources are text");
    paths.map(|path| Source { text: read(&path), path }).collect()
}

/// The files below a folder of the repository, sorted; none if there is no such folder.
fn files(folder: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root().join(folder)) else { return Vec::new() };
    let mut found: Vec<String> = entries
        .map(|entry| format!("{folder}/{}", entry.expect("the folder can be read").file_name().display()))
        .flat_map(|path| if root().join(&path).is_dir() { files(&path) } else { vec![path] })
        .collect();
    found.sort();
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
