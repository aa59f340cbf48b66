//! Which clauses a divergence is about: those that speak of just this request and answer, those of the answers that
//! were possible, and those of the earlier answers that it contradicts.

use super::super::call::{Bond, Call};
use super::super::law::Law;
use super::super::part::{HOME, Kind};
use super::super::seen::{Seen, Symbol};
use super::super::unit::Unit;
use crate::http::Said;
use crate::model::{Caller, Method, Path, Place, Role, Status};

/// The clauses of a divergence, the most telling first.
pub(super) fn clauses(
    law: &Law,
    small: &Unit,
    end: &Call,
    of_answers: Vec<&'static str>,
) -> Vec<&'static str> {
    let symbol = law.symbol(end.symbol);
    let others = || small.calls.0.iter().filter(|call| call.id != end.id);
    let deletes = others().any(|call| law.symbol(call.symbol).request.method == Method::Delete);
    let earlier = others().filter(|call| call.bond == Bond::Answered);
    let contradicted = earlier.filter_map(|call| denied(law.symbol(call.symbol)));
    // The rule of one instance is stated once for nodes and once for the cluster.
    let of_answers = of_answers.into_iter().map(|id| match (id, law.kind) {
        ("POST-1", Kind::Cluster) => "POST-2",
        _ => id,
    });
    let mut found: Vec<&'static str> = Vec::new();
    for id in
        particular(symbol, deletes).into_iter().chain(of_answers).chain(meaning(symbol)).chain(contradicted)
    {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

/// A clause about just this request and answer.
fn particular(symbol: &Symbol, deletes: bool) -> Option<&'static str> {
    let path = &symbol.request.path;
    match symbol.seen? {
        Seen::Code(403) => None,
        // Whoever has this role is refused everywhere.
        _ if symbol.request.caller == Caller::Role(Role::None) => Some("PERM-10"),
        Seen::Code(404) if path.names(Place::Node(HOME)) => Some("NODE-7"),
        Seen::List { .. } => shape(path),
        // Nothing but a DELETE cancels.
        Seen::Action(sighting) | Seen::Entry(Some(sighting)) => match sighting.status {
            Said::This(Status::Cancelled) if !deletes => Some("DEL-1"),
            _ => None,
        },
        _ => None,
    }
}

/// The clause that says what the status means which was seen, if it is no end and no edge leads back to it.
fn meaning(symbol: &Symbol) -> Option<&'static str> {
    let (Seen::Action(sighting) | Seen::Entry(Some(sighting))) = symbol.seen? else { return None };
    (sighting.status == Said::This(Status::Queued)).then_some("LIFE-3")
}

/// The clause about the form of a list.
fn shape(path: &Path) -> Option<&'static str> {
    let lists = [(Place::AllNodes, "NODE-3"), (Place::Node(HOME), "NODE-6"), (Place::Cluster, "CLU-2")];
    lists.into_iter().find(|(place, _)| path.names(*place)).map(|(_, id)| id)
}

/// The clause that an earlier answer breaks, if what was seen later is true.
fn denied(symbol: &Symbol) -> Option<&'static str> {
    let Symbol { request, seen, .. } = symbol;
    match (request.method, seen.as_ref()?) {
        (Method::Get, Seen::Code(404)) if request.path.names(Place::Cluster) => Some("CLU-4"),
        (Method::Get, Seen::Code(404)) => Some("NODE-14"),
        (Method::Get, Seen::Entry(None)) => Some("NODE-2"),
        (Method::Get, Seen::Node { .. }) => Some("REM-11"),
        (Method::Delete, Seen::Code(200)) => Some("DEL-1"),
        _ => None,
    }
}
