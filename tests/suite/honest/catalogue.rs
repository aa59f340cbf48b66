//! The catalogues of faults and variants: names, clauses and readings that exist.

use std::collections::BTreeSet;

use action_oracle::conformance::mutant::Fault;
use action_oracle::conformance::variant::Variant;
use action_oracle::spec::{Stance, clause, reading};

#[test]
fn every_fault_breaks_a_clause_and_has_a_name_of_its_own() {
    let lost: Vec<_> = Fault::ALL.iter().filter(|fault| clause::find(fault.clause()).is_none()).collect();
    assert!(lost.is_empty(), "these break no clause: {lost:?}");
    let names: BTreeSet<_> = Fault::ALL.iter().map(|fault| fault.name()).collect();
    assert_eq!(names.len(), Fault::ALL.len());
    assert!(Fault::ALL.len() >= 60);
    assert!(Fault::ALL.iter().all(|fault| fault.says().ends_with('.')));
}

#[test]
fn every_area_has_a_fault() {
    let broken: BTreeSet<_> =
        Fault::ALL.iter().filter_map(|fault| fault.clause().split('-').next()).collect();
    let others = ["EVID", "VER"]; // Evidence and history are no law.
    let areas = clause::AREAS.iter().map(|area| area.prefix).filter(|area| !others.contains(area));
    assert_eq!(areas.filter(|area| !broken.contains(area)).collect::<Vec<_>>(), [""; 0]);
}

/// What is pinned leaves room only where nothing is contradicted: how soon an action moves.
#[test]
fn every_variant_follows_a_reading_that_leaves_room() {
    for variant in Variant::ALL {
        let reading = reading::find(variant.reading()).unwrap_or_else(|| panic!("{}", variant.name()));
        let is_speed = reading.id == "R-POST-INITIAL";
        let is_mixed = ["R-TASKID", "R-GET-FIELDS", "R-DEL-RESPONSE"].contains(&reading.id);
        assert!(reading.stance != Stance::Pin || is_speed || is_mixed, "{}", variant.name());
        assert!(variant.says().ends_with('.'));
    }
    let names: BTreeSet<_> = Variant::ALL.iter().map(|variant| variant.name()).collect();
    assert_eq!(names.len(), Variant::ALL.len());
    assert!(Variant::ALL.len() >= 30);
}
