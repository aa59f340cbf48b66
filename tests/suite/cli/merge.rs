//! `action-oracle report --merge`: parts of a campaign come to what the whole would have come to.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::cargo::cargo_bin_cmd;

use super::{End, action_oracle};

const CAMPAIGN: &str = "simulate --seeds 5..65 --steps 200 --nodes 3";

/// Does some parts of a campaign, each into a file of its own.
fn parts(folder: &Path, campaign: &str, numbers: &[u64], of: u64) -> Vec<PathBuf> {
    let cases = folder.join("cases");
    let part = |number: &u64| {
        let arguments = format!(
            "{campaign} --partition {number}/{of} --cases {} --format json --jobs 1",
            cases.display()
        );
        let file = folder.join(format!("part-{number}-of-{of}.json"));
        fs::write(&file, action_oracle(&arguments).stdout).expect("there is room");
        file
    };
    numbers.iter().map(part).collect()
}

fn merged(files: &[PathBuf], more: &str) -> End {
    let files: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
    action_oracle(&format!("report --merge {} {more}", files.join(" ")))
}

#[test]
fn the_parts_come_to_what_the_whole_comes_to() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let cases = folder.path().join("cases").display().to_string();
    for (campaign, code) in [(CAMPAIGN.to_owned(), 0), (format!("{CAMPAIGN} --canary"), 1)] {
        let files = parts(folder.path(), &campaign, &[1, 2, 3], 3);
        for format in ["text", "json"] {
            let whole = action_oracle(&format!("{campaign} --cases {cases} --format {format}"));
            let twice = [&files[..], &files[1..2]].concat();
            let parts = merged(&twice, &format!("--cases {cases} --format {format}"));
            assert_eq!((whole.code, parts.code, parts.stderr.as_str()), (code, code, ""));
            assert_eq!(whole.stdout, parts.stdout);
        }
    }
}

#[test]
fn a_part_that_is_missing_is_told_and_nothing_is_decided() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let files = parts(folder.path(), CAMPAIGN, &[1, 3], 4);
    let end = merged(&files, "");
    assert_eq!((end.code, end.stderr.as_str()), (5, ""));
    assert!(end.stdout.ends_with("\nundecided: these parts are missing: 2/4, 4/4\n"), "{}", end.stdout);
    assert!(end.stdout.starts_with("30 runs, "), "{}", end.stdout);
    let json = merged(&files, "--format json");
    assert!(json.stdout.starts_with("{\"verdict\":\"undecided\","), "{}", json.stdout);
}

#[test]
fn what_does_not_belong_together_is_not_added_up() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let path = |name: &str| folder.path().join(name);
    let one = parts(folder.path(), CAMPAIGN, &[1], 2).remove(0);
    let text = fs::read_to_string(&one).expect("it was written");
    let other = |name: &str, text: &str| {
        fs::write(path(name), text).expect("there is room");
        path(name)
    };
    let three = parts(folder.path(), CAMPAIGN, &[3], 3).remove(0);
    let longer = parts(folder.path(), "simulate --seeds 5..66 --steps 200 --nodes 3", &[2], 2).remove(0);
    let changed = other("changed.json", &text.replacen("\"runs\":30", "\"runs\":31", 1));
    assert_ne!(fs::read_to_string(&changed).expect("it was written"), text);
    for (file, reason) in [
        (three, "it is one of 3 parts, and "),
        (longer, "it is of another campaign than "),
        (changed, "part 1/2 differs from that in "),
        (
            other("half.json", &text[..text.len() / 2]),
            "expected the object that `simulate --format json` prints",
        ),
        (other("empty.json", ""), "expected the object that `simulate --format json` prints"),
        (other("other.json", "{}"), "campaign.version is missing"),
        (
            other("count.json", &text.replacen("\"runs\":30", "\"runs\":-1", 1)),
            "runs: expected a whole number",
        ),
        (
            other("name.json", &text.replacen("legal-edges", "no-such", 1)),
            "coverage.always: `no-such` is unknown here",
        ),
        (path("absent.json"), "No such file"),
    ] {
        let end = merged(&[one.clone(), file.clone()], "");
        let place = format!("error: cannot read {}: ", file.display());
        assert_eq!((end.code, end.stdout.as_str()), (3, ""), "{reason}");
        let told = end.stderr.strip_prefix(&place).unwrap_or_else(|| panic!("{}", end.stderr));
        assert!(told.starts_with(reason), "{told}");
    }
}

/// A run that failed is done again; if it does not fail there, the parts are of another law.
#[test]
fn a_failure_that_cannot_be_done_again_is_an_error() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let file = parts(folder.path(), &format!("{CAMPAIGN} --canary"), &[1], 1).remove(0);
    let text = fs::read_to_string(&file).expect("it was written");
    fs::write(&file, text.replace(",\"--canary\"", "")).expect("it can be replaced");
    let end = merged(&[file], "");
    assert_eq!((end.code, end.stdout.as_str()), (3, ""));
    assert!(end.stderr.contains(" and does not here: is this the same program?"), "{}", end.stderr);
}

fn with_environment(variables: &[(&str, &str)]) -> (i32, String) {
    let mut command = cargo_bin_cmd!("action-oracle");
    command.args(format!("{CAMPAIGN} --partition auto --format json").split_whitespace());
    for name in ["SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT"] {
        command.env_remove(name);
    }
    command.env_remove("JOB_COMPLETION_INDEX").env_remove("JOB_COMPLETIONS").env("NO_COLOR", "1");
    let output = command.envs(variables.iter().copied()).output().expect("the program can be run");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().expect("it ends by itself"), String::from_utf8(text).expect("it prints UTF-8"))
}

#[test]
fn the_environment_of_an_array_job_says_which_part() {
    let slurm =
        [("SLURM_ARRAY_TASK_ID", "12"), ("SLURM_ARRAY_TASK_MIN", "10"), ("SLURM_ARRAY_TASK_COUNT", "4")];
    let kubernetes = [("JOB_COMPLETION_INDEX", "2"), ("JOB_COMPLETIONS", "4")];
    for variables in [&slurm[..], &kubernetes] {
        let (code, text) = with_environment(variables);
        assert_eq!(code, 0);
        assert!(text.contains("\"partition\":\"3/4\""), "{text}");
    }
    let (code, text) = with_environment(&kubernetes[..1]);
    assert_eq!(code, 2);
    assert!(
        text.contains("expected SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT, or JOB_COMPLETION_INDEX and")
    );
    let (code, text) = with_environment(&[("JOB_COMPLETION_INDEX", "4"), ("JOB_COMPLETIONS", "4")]);
    assert_eq!((code, text.contains("part 4 of 4, counted from 0")), (2, true), "{text}");
}
