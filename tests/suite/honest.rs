//! The honest implementation, its planted bugs and its legal variants, tested as any subject is.

use action_oracle::conformance::honest::Honest;
use action_oracle::conformance::{self, Options, Report};
use action_oracle::spec::{Edition, Rules};

mod catalogue;
mod mutants;
mod shrunk;
mod variants;

/// All readings are known to be the expected ones.
fn pinned() -> Options {
    Options { rules: Rules::default().answers(), ..of_edition() }
}

/// The edition is known, and no reading.
fn of_edition() -> Options {
    Options { edition: Some(Edition::E74), ..Options::default() }
}

fn tested(mut subject: Honest, options: &Options) -> Report {
    conformance::run(&mut subject, options).expect("the rules exist")
}

#[test]
fn the_honest_implementation_conforms() {
    for (name, options) in [("pinned", pinned()), ("edition", of_edition()), ("open", Options::default())] {
        let report = tested(Honest::new(), &Options { plans: 100, ..options });
        assert!(report.findings.is_empty(), "{name}: {report}");
        assert_eq!((report.plans, report.undecided), (100, 0), "{name}");
        assert!(report.judged > 2_000, "{name}: only {} answers were judged", report.judged);
    }
}

#[test]
fn a_test_of_a_subject_is_one_line() {
    conformance::test(&mut Honest::new(), &Options { plans: 10, ..Options::default() });
}
