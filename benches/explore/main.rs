//! Unique states a second, and bytes a state: this explorer, stateright on the same law, and a bare loop and Spin on a
//! hand-written automaton of the same lifecycle.
//!
//! All explore `enslave_node` on some nodes, and their counts are compared. The contenders take turns; what is quoted
//! are medians of the rates, and of the ratios within a round. A row that was stopped before the end says so. Spin is
//! left out where it is not installed. Run it with `cargo bench --bench explore`.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]
#![expect(clippy::disallowed_types, reason = "a benchmark reads the clock")]
#![expect(clippy::float_arithmetic, reason = "rates and ratios are no part of the model")]

mod bare;
mod second;
mod spin;

use std::time::Instant;

use action_oracle::explore::{self, Budget, Choice, Options, Requests};
use action_oracle::model::Cluster;
use action_oracle::spec::Rules;
use spin::Spin;

stateright_model!(stateright, Current, by_stateright_0_31);
stateright_model!(stateright_0_30, Before, by_stateright_0_30);

const ROUNDS: usize = 3;

/// Stateright stops after so many states, and is left out of the largest space.
const SECOND_MAX: usize = 300_000;

/// Spin is left out of larger spaces, which take it gigabytes.
const SPIN_MAX: u64 = 3_000_000;

fn options(nodes: u32, threads: usize, most: u64) -> Options {
    let choice = Choice { actions: vec!["enslave_node"], requests: Requests::Few, ..Choice::default() };
    let budget = Budget { states: most, ..Budget::default() };
    Options { choice, threads, budget, ..Options::new(Cluster::new(nodes), Rules::default()) }
}

fn second(nodes: u32) -> second::Second {
    second::Second { start: Cluster::new(nodes), rules: Rules::default(), actions: vec!["enslave_node"] }
}

/// States, transitions, and bytes a state where they are known.
type Count = (u64, u64, Option<u64>);

fn ours(nodes: u32, threads: usize, most: u64) -> Count {
    let explored = explore::explore(&options(nodes, threads, most)).expect("it can be explored");
    (explored.states, explored.transitions, Some(explored.bytes as u64 / explored.states))
}

/// A name, and what counts.
type Contender = (&'static str, Box<dyn Fn() -> Count>);

fn contenders(nodes: u32, most: u64) -> Vec<Contender> {
    let plain = |(states, transitions)| (states, transitions, None);
    let limit = (12_u64.pow(nodes) > SECOND_MAX as u64).then_some(SECOND_MAX);
    let mut contenders: Vec<Contender> = vec![
        ("this explorer, 1 thread", Box::new(move || ours(nodes, 1, most))),
        ("this explorer, 2 threads", Box::new(move || ours(nodes, 2, most))),
        ("bare loop", Box::new(move || plain(bare::explore(nodes, most as usize)))),
    ];
    if nodes < 7 {
        for threads in [1, 2] {
            let names = [
                ["stateright 0.31, 1 thread", "stateright 0.31, 2 threads"],
                ["stateright 0.30, 1 thread", "stateright 0.30, 2 threads"],
            ];
            let current = move || plain(by_stateright_0_31(second(nodes), threads, limit));
            let before = move || plain(by_stateright_0_30(second(nodes), threads, limit));
            contenders.push((names[0][threads - 1], Box::new(current)));
            contenders.push((names[1][threads - 1], Box::new(before)));
        }
    }
    for (name, breadth_first) in [("Spin, depth first", false), ("Spin, breadth first", true)] {
        let small = 12_u64.pow(nodes) <= SPIN_MAX;
        if let Some(spin) = small.then(|| Spin::new(nodes, breadth_first)).flatten() {
            contenders.push((name, Box::new(move || plain(spin.explore()))));
        }
    }
    contenders
}

fn compare(nodes: u32, most: u64) {
    let contenders = contenders(nodes, most);
    let mut rates = vec![Vec::new(); contenders.len()];
    let mut counts = vec![(0, 0, None); contenders.len()];
    for _ in 0..ROUNDS {
        for (at, (_, contender)) in contenders.iter().enumerate() {
            let start = Instant::now();
            counts[at] = contender();
            rates[at].push(counts[at].0 as f64 / start.elapsed().as_secs_f64());
        }
    }
    let whole = 12_u64.pow(nodes);
    println!("\nenslave_node on {nodes} nodes: {whole} states, {} transitions", 4 * u64::from(nodes) * whole);
    for (at, (name, _)) in contenders.iter().enumerate() {
        let (states, transitions, bytes) = counts[at];
        // The hand-written models know no transition that changes nothing.
        let counts_all = !name.starts_with("Spin");
        let expected = 4 * u64::from(nodes) * whole;
        assert!(states != whole || !counts_all || transitions == expected, "{name}: {transitions}");
        let ratio = median(rates[0].iter().zip(&rates[at]).map(|(ours, other)| ours / other).collect());
        let bytes = bytes.map_or_else(String::new, |bytes| format!("{bytes} bytes a state"));
        let rate = median(rates[at].clone()) / 1e6;
        let stopped = if states < whole { "  (stopped)" } else { "" };
        println!(
            "  {name:<28} {states:>9} states {rate:>8.3} million/s  ours/it {ratio:>7.2}  {bytes}{stopped}"
        );
    }
}

fn main() {
    compare(5, u64::MAX >> 8);
    compare(6, u64::MAX >> 8);
    compare(7, 10_000_000);
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
