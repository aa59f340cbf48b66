//! The specification is held to the code: whatever the documents state is covered, or excused with a reason.

use std::collections::BTreeSet;

use action_oracle::model::invariant;
use action_oracle::spec::coverage::{self, UNCOVERED};
use action_oracle::spec::{clause, reading};

#[test]
fn every_clause_is_covered_or_excused() {
    let open: Vec<_> = clause::all()
        .filter(|clause| !is_covered(clause.id) && coverage::excuse(clause).is_none())
        .map(|clause| clause.id)
        .collect();
    assert!(
        open.is_empty(),
        "nothing covers these clauses: name a test after each (`post_3_…` covers POST-3), cite it in an \
         invariant, or list it with the reason in src/spec/coverage/uncovered.rs: {}",
        open.join(", ")
    );
}

#[test]
fn nothing_that_is_covered_is_excused() {
    let stale: Vec<_> = UNCOVERED.iter().map(|(id, _)| *id).filter(|id| is_covered(id)).collect();
    assert!(
        stale.is_empty(),
        "a test or an invariant covers these clauses now; delete their lines in \
         src/spec/coverage/uncovered.rs: {}",
        stale.join(", ")
    );
}

#[test]
fn excuses_stand_in_the_order_of_the_documents_and_only_where_needed() {
    let listed: Vec<_> = UNCOVERED.iter().map(|(id, _)| *id).collect();
    let needed = |id: &str| listed.contains(&id);
    let expected: Vec<_> = clause::all().map(|clause| clause.id).filter(|id| needed(id)).collect();
    assert_eq!(listed, expected, "an ID that does not exist, or stands twice, or out of order");
    let evidence = clause::all().filter(|clause| coverage::is_evidence(clause) && needed(clause.id));
    assert_eq!(evidence.map(|clause| clause.id).collect::<Vec<_>>(), [""; 0], "evidence needs no line");
}

#[test]
fn invariants_cite_what_exists() {
    for invariant in invariant::ALL {
        for id in invariant.clauses {
            let known = clause::find(id).is_some() || reading::find(id).is_some();
            assert!(known, "{} cites {id}, which does not exist", invariant.name);
        }
    }
}

#[test]
fn ids_are_unique_and_cross_references_lead_somewhere() {
    let mut ids = BTreeSet::new();
    for id in clause::all().map(|clause| clause.id).chain(reading::all().map(|reading| reading.id)) {
        assert!(ids.insert(id), "{id} stands twice");
    }
    for clause in clause::all() {
        for id in clause.readings {
            assert!(reading::find(id).is_some(), "{} raises {id}, which does not exist", clause.id);
        }
    }
}

#[test]
fn every_default_is_a_variant() {
    for reading in reading::all() {
        for default in reading.defaults.iter().flat_map(|names| names.split('+')) {
            let known = reading.variants.iter().any(|variant| variant.name == default);
            assert!(known, "{} assumes {default}, which is none of its variants", reading.id);
        }
    }
}

fn is_covered(id: &str) -> bool {
    let cited = invariant::ALL.iter().any(|invariant| invariant.clauses.contains(&id));
    cited || !coverage::tests_for(id).is_empty()
}
