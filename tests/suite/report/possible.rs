//! What a slot could be as the calls of a core went on: it is the oracle's own search that says so.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use action_oracle::history::Reader;
use action_oracle::model::Status;
use action_oracle::oracle::{self, Divergence, Options, Verdict};
use action_oracle::sim::{Options as RunOptions, Seed, Simulator};
use action_oracle::spec::Rules;

fn first_divergence(path: &Path) -> Divergence {
    let reader = Reader::new(BufReader::new(File::open(path).expect("it exists"))).expect("it has a header");
    let judgement = oracle::judge(reader, &Options::default()).expect("it can be read");
    match judgement.verdict {
        Verdict::Diverges(found) => found.into_iter().next().expect("something diverges"),
        other => panic!("{}: {other:?}", path.display()),
    }
}

fn rejected() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/histories/rejected");
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("it exists").map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    paths
}

#[test]
fn what_was_seen_to_run_is_not_queued_again() {
    let path = rejected().into_iter().find(|path| path.ends_with("running_then_queued.jsonl"));
    let divergence = first_divergence(&path.expect("it exists"));
    let told: Vec<_> =
        divergence.possible.iter().map(|it| (it.record, it.is_unknown, it.statuses.len())).collect();
    // From any state: nobody has looked before record 4. A pending answer is what it will be.
    assert_eq!(told, [(0, true, 9), (3, true, 9), (4, false, 7), (5, false, 7)]);
    let last = divergence.possible.last().expect("something was possible");
    assert!(
        !last.statuses.contains(&Some(Status::Queued)) && !last.statuses.contains(&Some(Status::Starting))
    );
    assert!(last.statuses.contains(&Some(Status::Running)) && last.statuses.contains(&None));
}

/// What the worlds are said to be that refuse the answer, the slot could be before it.
#[test]
fn every_world_that_refuses_is_possible() {
    let mut worlds = 0;
    for path in rejected() {
        let divergence = first_divergence(&path);
        let Some(last) = divergence.possible.last() else { continue };
        assert!(divergence.possible.is_sorted_by_key(|it| it.record) && last.record < divergence.record);
        for expected in &divergence.expected {
            let status = match expected.world.strip_prefix("the action is ") {
                Some(name) => Status::from_name(name),
                None if expected.world == "there is no status of the action" => None,
                None => continue,
            };
            worlds += 1;
            let is_possible = last.statuses.contains(&status) || !last.is_complete;
            assert!(is_possible, "{}: {} is not in {last:?}", path.display(), expected.world);
        }
    }
    assert!(worlds > 100, "only {worlds} worlds were told");
}

#[test]
fn every_edge_that_a_run_takes_is_drawn() {
    let mut simulator = Simulator::new(RunOptions::default());
    for seed in 0..40 {
        simulator.run(Seed(seed));
    }
    let rules = Rules::default();
    let mut taken = 0;
    for (from, to, count) in simulator.coverage().edges() {
        let (Some(from), Some(to)) = (from, to) else { continue };
        // What has ended is replaced by another instance.
        if !from.is_final() {
            assert!(from.followers(&rules).contains(&to), "{} to {}", from.name(), to.name());
            taken += count;
        }
    }
    assert!(taken > 1_000, "{taken} edges were taken");
}
