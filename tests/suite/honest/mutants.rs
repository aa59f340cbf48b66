//! Planted bugs, looked for with random histories and the expected readings.

use action_oracle::conformance::honest::Honest;
use action_oracle::conformance::mutant::Fault;
use action_oracle::spec::Rules;

use super::drive::drive;
use super::{complaints, told};
use crate::oracle::pinned;

/// How many histories are tried.
const SEEDS: u64 = 150;

/// How many calls each has.
const CALLS: u64 = 40;

/// Faults that these histories do not show, and why.
const NOT_YET_SEEN: &[(Fault, &str)] = &[];

#[test]
fn planted_bugs_are_noticed() {
    let (mut table, mut wrong) = (String::new(), Vec::new());
    for fault in Fault::ALL {
        let found = (0..SEEDS).find_map(|seed| {
            let driven = drive(&mut Honest::with(*fault), seed, CALLS);
            let found = complaints(&pinned(driven.nodes, &Rules::default()), &driven)?;
            Some((seed + 1, told(&found[..1], &driven)))
        });
        let excuse = NOT_YET_SEEN.iter().find(|(excused, _)| excused == fault);
        let tried = found.as_ref().map_or_else(|| "never".to_owned(), |(seeds, _)| seeds.to_string());
        table += &format!("{tried:>6}  {:<28} {:<8} {}\n", fault.name(), fault.clause(), fault.says());
        match (found, excuse) {
            (None, None) => wrong.push(format!("{} was not noticed", fault.name())),
            (Some((_, told)), Some(_)) => wrong.push(format!("{} was noticed:\n{told}", fault.name())),
            _ => {}
        }
    }
    #[expect(clippy::print_stderr, reason = "shown with --nocapture only")]
    {
        eprintln!("histories tried until each fault was noticed\n{table}");
    }
    assert!(wrong.is_empty(), "{}\n{table}", wrong.join("\n"));
}
