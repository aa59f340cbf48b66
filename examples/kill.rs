//! tmp
use action_oracle::conformance::{self, Options, honest::Honest, mutant::Fault};
use action_oracle::spec::Edition;
fn main() {
    let arg: Vec<String> = std::env::args().skip(1).collect();
    let pin = arg[0] == "pin";
    let names: Vec<_> = arg[1..].to_vec();
    for fault in Fault::ALL.iter().filter(|f| names.is_empty() || names.contains(&f.name().to_string())) {
        let t = std::time::Instant::now();
        let mut options = Options { edition: Some(Edition::E74), plans: 150, ..Default::default() };
        if pin {
            let rules = action_oracle::spec::Rules::default();
            options.rules = action_oracle::spec::rules::modelled()
                .map(|id| (id.to_owned(), rules.get(id).unwrap()))
                .collect();
        }
        let report = conformance::run(&mut Honest::with(*fault), &options).unwrap();
        match report.findings.first() {
            Some(f) => println!(
                "{:<28} {:>4} plans {:>3} steps {:>7.0} ms {:?} | {}",
                fault.name(),
                report.plans,
                f.plan.steps.len(),
                t.elapsed().as_secs_f64() * 1e3,
                &f.divergence.clauses.iter().take(3).collect::<Vec<_>>(),
                f.signature
            ),
            None => println!(
                "{:<28} MISSED {} plans {} undecided {:>7.0} ms",
                fault.name(),
                report.plans,
                report.undecided,
                t.elapsed().as_secs_f64() * 1e3
            ),
        }
        if !names.is_empty() {
            println!("{report}");
        }
    }
}
