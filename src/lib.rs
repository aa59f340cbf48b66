//! # action-oracle
//!
//! The executable form of the Redis Enterprise Software *actions* API: `remove`, `maintenance_on`,
//! `maintenance_off` and `enslave_node` on nodes, `change_master` on the cluster.
//!
//! ```
//! use action_oracle::model::{Cluster, step};
//! use action_oracle::{http, script, spec::Rules};
//!
//! let mut cluster = Cluster::new(3);
//! let rules = Rules::default();
//! let mut codes = Vec::new();
//! for input in script::parse_script("POST /v1/nodes/1/actions/remove {}\nPOST /v1/nodes/1/actions/remove {}")? {
//!     let reply = step(&mut cluster, &rules, &input);
//!     codes.extend(http::encode(&reply, &rules).map(|response| response.status));
//! }
//! assert_eq!(codes, [200, 409]);
//! # Ok::<(), script::BadScript>(())
//! ```
//!
//! # Reading order
//!
//! 1. [`spec`]: what the documents say, clause by clause, and the questions they leave open.
//! 2. [`model`]: the law. One pure function, [`model::step`], and the invariants that hold in every run.
//! 3. [`sim`]: invents runs from a seed and looks for a broken invariant.
//!    [`explore`]: walks everything that a small cluster can reach.
//! 4. [`case`]: a run as a file, and its replay. [`history`]: what clients saw of a run. [`script`] and [`http`]:
//!    inputs and answers as text.
//! 5. [`oracle`]: whether a history can have come from an implementation of the law.
//! 6. [`conformance`]: implementations in this process; an honest one, and a second opinion.
//! 7. [`report`]: what a person reads.
//! 8. [`serve`]: the law behind HTTP, for those who automate against it.
//!
//! # Architecture invariants
//!
//! - The rules of the API exist once, in [`model`]. Every other part chooses inputs and looks at replies. No
//!   driver knows a rule, no rule knows a driver.
//! - [`model`] has no clock, no randomness and no I/O. Whatever a real service would choose is an input, so that
//!   nondeterminism is nothing but which input comes next.
//! - The open questions are values ([`spec::Rules`]). A rule reads the answer where the one decision is made.
//!   The reading is noted beside the law ([`spec::consulted`]), and the law never looks at the note.
//! - A run is a list of inputs. A seed only found it; replay never touches a generator.
//! - Invariants are written from the documents and not from the law, and each has been seen to say no.
//! - Arrows between modules point up this list only, and a test holds them there.

pub mod case;
#[cfg(feature = "cli")]
pub mod cli;
pub mod conformance;
pub mod explore;
pub mod history;
pub mod http;
pub mod model;
pub mod oracle;
pub mod report;
pub mod script;
#[cfg(feature = "serve")]
pub mod serve;
pub mod sim;
pub mod spec;

mod intern;
mod wire;

/// The examples of the README are compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
