//! One documented statement, with its place in the documents.
//!
//! The statements themselves stand in one file for each area, in the order of the documents. A clause is
//! never interpreted here: what it does is in [`crate::model`], what it forbids in
//! [`crate::model::invariant`]. Where the documents leave a doubt, the clause names the reading.

mod change_master;
mod cluster;
mod delete;
mod enslave_node;
mod error;
mod evidence;
mod http;
mod life;
mod maintenance_off;
mod maintenance_on;
mod node;
mod object;
mod observation;
mod permission;
mod post;
mod remove;
mod snapshot;
mod version;

/// One statement that a document makes, or one fact that somebody measured.
#[derive(Debug, PartialEq, Eq)]
pub struct Clause {
    /// Stable name: the area and a number, for example `POST-3`.
    pub id: &'static str,
    /// What is stated, in our words.
    pub statement: &'static str,
    /// Who states it, the most binding first.
    pub authority: &'static [Authority],
    /// The document and the section.
    pub source: &'static str,
    /// How an observer from outside would notice an implementation that does not follow it.
    pub observable: &'static str,
    /// The open questions it raises.
    pub readings: &'static [&'static str],
}

/// How much a statement binds, the most binding first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Authority {
    /// One of the seed documents: it wins over everything else.
    Seed,
    /// Another page of the public documents, in all editions.
    Docs,
    /// The public documents up to 7.22 only.
    DocsUpTo722,
    /// The public documents from 8.0 on only.
    DocsFrom80,
    /// An older official text: shows the intent, does not bind.
    Legacy,
    /// Measured on real clusters: evidence, does not bind.
    Live,
    /// What a public client expects: weak evidence.
    Client,
}

/// The clauses about one subject.
#[derive(Debug)]
pub struct Area {
    /// The first part of the IDs of its clauses, for example `POST`.
    pub prefix: &'static str,
    /// What the area is about.
    pub title: &'static str,
    /// The clauses in the order of their numbers.
    pub clauses: &'static [Clause],
}

/// All areas, in the order of the documents.
pub const AREAS: &[Area] = &[
    Area { prefix: "LIFE", title: "lifecycle", clauses: life::CLAUSES },
    Area { prefix: "NODE", title: "node actions endpoints", clauses: node::CLAUSES },
    Area { prefix: "CLU", title: "cluster actions endpoints", clauses: cluster::CLAUSES },
    Area { prefix: "POST", title: "start, conflict, resubmit", clauses: post::CLAUSES },
    Area { prefix: "DEL", title: "cancel or remove the status", clauses: delete::CLAUSES },
    Area { prefix: "REM", title: "remove", clauses: remove::CLAUSES },
    Area { prefix: "MON", title: "maintenance_on", clauses: maintenance_on::CLAUSES },
    Area { prefix: "SNAP", title: "snapshots", clauses: snapshot::CLAUSES },
    Area { prefix: "MOFF", title: "maintenance_off", clauses: maintenance_off::CLAUSES },
    Area { prefix: "ENS", title: "enslave_node", clauses: enslave_node::CLAUSES },
    Area { prefix: "CHM", title: "change_master", clauses: change_master::CLAUSES },
    Area { prefix: "OBJ", title: "action object and progress", clauses: object::CLAUSES },
    Area { prefix: "ERR", title: "errors", clauses: error::CLAUSES },
    Area { prefix: "PERM", title: "permissions and roles", clauses: permission::CLAUSES },
    Area { prefix: "HTTP", title: "authentication and HTTP", clauses: http::CLAUSES },
    Area { prefix: "OBS", title: "observation of the cluster", clauses: observation::CLAUSES },
    Area { prefix: "EVID", title: "clients and measurements, evidence only", clauses: evidence::CLAUSES },
    Area { prefix: "VER", title: "version differences", clauses: version::CLAUSES },
];

/// All clauses, in the order of the documents.
pub fn all() -> impl Iterator<Item = &'static Clause> {
    AREAS.iter().flat_map(|area| area.clauses)
}

/// The clause of that name, if there is one. Names are compared exactly.
pub fn find(id: &str) -> Option<&'static Clause> {
    all().find(|clause| clause.id == id)
}
