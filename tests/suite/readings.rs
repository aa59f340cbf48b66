//! Whether a reading is modelled is derived, not claimed: every variant of it shows.
//!
//! For each modelled reading there is a script that plays out differently under any two of its variants: in what
//! is answered, or in where the cluster ends up. All other rules keep their defaults. A variant that nothing asks
//! for, or that does what another one does, is found here. What a variant *should* do is in
//! [`crate::conformance`].

use std::collections::BTreeSet;

use action_oracle::http::{self, Response};
use action_oracle::model::{Cluster, step};
use action_oracle::spec::{Reading, coverage, reading, rules};

use crate::conformance::Scene;

/// Declares the scripts of a section: a test for each, named after its reading, and the list of them all.
macro_rules! tells {
    ($(#[$test:meta] fn $name:ident() { $script:literal })+) => {
        pub(super) const TELLS: &[super::Tell] =
            &[$(super::Tell { test: stringify!($name), script: $script }),+];

        $(#[$test] fn $name() {
            super::Tell { test: stringify!($name), script: $script }.check();
        })+
    };
}

mod change_master;
mod delete;
mod enslave_node;
mod eviction;
mod get;
mod lifecycle;
mod maintenance;
mod message;
mod post;
mod remove;

const SECTIONS: &[&[Tell]] = &[
    lifecycle::TELLS,
    get::TELLS,
    post::TELLS,
    delete::TELLS,
    remove::TELLS,
    eviction::TELLS,
    maintenance::TELLS,
    enslave_node::TELLS,
    change_master::TELLS,
    message::TELLS,
];

#[test]
fn every_modelled_reading_has_a_script_and_no_other() {
    let told: Vec<_> = SECTIONS.iter().copied().flatten().map(|tell| tell.reading().id).collect();
    let modelled: BTreeSet<_> = rules::modelled().collect();
    assert_eq!(told.iter().copied().collect::<BTreeSet<_>>(), modelled);
    assert_eq!(told.len(), modelled.len(), "a reading has two scripts");
}

#[test]
fn a_script_that_does_not_tell_two_variants_apart_is_noticed() {
    let tell = Tell { test: "r_del_cancelling", script: "GET /v1/nodes/1/actions" };
    let (first, second, third) = ("IDEMPOTENT-200", "CONFLICT-409", "NOTFOUND");
    assert_eq!(tell.alike(), [(first, second), (first, third), (second, third)]);
}

/// How to tell the variants of a reading apart.
#[derive(Clone, Copy)]
struct Tell {
    /// The name of the test, which begins with the reading.
    test: &'static str,
    script: &'static str,
}

/// What can be seen of a run: the responses, and where it ends up.
type Outcome = (Vec<Response>, Cluster);

impl Tell {
    #[track_caller]
    fn check(self) {
        let alike = self.alike();
        assert!(alike.is_empty(), "{} plays out alike under both of {alike:?}", self.reading().id);
    }

    fn reading(self) -> &'static Reading {
        let ids = coverage::ids_of(self.test);
        let id = ids.first().expect("the name of the test begins with a reading");
        reading::find(id).expect("the name of the test begins with a reading")
    }

    /// The pairs of variants that cannot be told apart.
    fn alike(self) -> Vec<(&'static str, &'static str)> {
        let variants = self.reading().variants.iter();
        let outcomes: Vec<_> = variants.map(|variant| (variant.name, self.play(variant.name))).collect();
        let pairs = outcomes.iter().enumerate().flat_map(|(at, one)| {
            outcomes[at + 1..].iter().filter(|other| one.1 == other.1).map(|other| (one.0, other.0))
        });
        pairs.collect()
    }

    /// Plays the script under one variant. Events that cannot happen under it are passed over.
    fn play(self, variant: &str) -> Outcome {
        let Scene { mut rules, mut cluster, shown, .. } = Scene::read(self.script);
        rules.set(self.reading().id, variant).expect("the reading is modelled");
        let replies = shown.iter().map(|input| step(&mut cluster, &rules, input));
        let responses = replies.filter_map(|reply| http::encode(&reply, &rules)).collect();
        (responses, cluster)
    }
}
