//! What holds of one request and its answer.

use super::{Check, Invariant, Transition, Verdict, must};
use crate::model::{
    ActionView, Answer, Caller, Cluster, Listing, Method, NodeAction, Reply, Request, Role, Slot,
};
use crate::model::{Place, Why};
use crate::spec::Edition;
use crate::spec::rules::{RemoveStatusAfter, ResubmitRejected};

pub(super) const REFUSED_CHANGES_NOTHING: Invariant = Invariant {
    name: "refused-changes-nothing",
    statement: "a refused request leaves everything as it was",
    clauses: &["POST-1", "PERM-14", "R-CONFLICT-PERSISTS", "R-RESUBMIT-REJECTED", "R-METHODS-405"],
    since: Edition::E72,
    check: Check::Request(|transition, _| match transition.reply {
        Reply::Refused(refusal) => {
            let drops = transition.rules.resubmit_rejected() == ResubmitRejected::Drop
                && matches!(refusal.code, 400 | 404 | 406);
            must(drops || !transition.changed, || {
                format!("a request that was answered {} changed the cluster", refusal.code)
            })
        }
        _ => Verdict::Silent,
    }),
};

pub(super) const READING_CHANGES_NOTHING: Invariant = Invariant {
    name: "reading-changes-nothing",
    statement: "GET, HEAD and OPTIONS leave everything as it was",
    clauses: &["R-GET-SIDE-EFFECT", "NODE-1", "NODE-5", "NODE-12", "CLU-1", "CLU-5"],
    since: Edition::E72,
    check: Check::Request(|transition, request| match request.method {
        Method::Get | Method::Head | Method::Options => {
            must(!transition.changed, || "reading changed the cluster".to_owned())
        }
        _ => Verdict::Silent,
    }),
};

pub(super) const GET_SHOWS_WHAT_IS_THERE: Invariant = Invariant {
    name: "get-shows-what-is-there",
    statement: "GET of an action shows its last instance, and is 404 only if there is none",
    clauses: &["NODE-12", "NODE-13", "NODE-14", "NODE-15", "NODE-26", "CLU-6", "CLU-7", "LIFE-21", "OBJ-4"],
    since: Edition::E72,
    check: Check::Request(|transition, request| {
        let there = |slot| transition.before.instance(slot);
        match transition.reply {
            Reply::Answer(Answer::Action(view)) => must(shows(transition.before, view), || {
                format!("GET showed {}, but there is {:?}", view.status.name(), there(view.slot))
            }),
            Reply::Refused(refusal) if request.method == Method::Get && refusal.why == Why::NoInstance => {
                let slot = request.path.slot();
                must(slot.and_then(there).is_none(), || {
                    "GET did not find an instance that is there".to_owned()
                })
            }
            _ => Verdict::Silent,
        }
    }),
};

/// Whether a view is that of the instance in its slot. Progress after an end is a reading of its own.
fn shows(cluster: &Cluster, view: &ActionView) -> bool {
    cluster.instance(view.slot).is_some_and(|instance| {
        let same = instance.task == view.task && instance.status == view.status;
        same && (instance.status.is_final() || instance.progress == view.progress)
    })
}

pub(super) const LIST_SHOWS_ALL: Invariant = Invariant {
    name: "list-shows-all",
    statement: "a list holds each instance of its scope once, and nothing else",
    clauses: &[
        "NODE-2",
        "NODE-3",
        "NODE-4",
        "NODE-5",
        "NODE-6",
        "NODE-7",
        "CLU-2",
        "R-LIST-UNIQUE",
        "R-LIST-ORDER",
    ],
    since: Edition::E72,
    check: Check::Request(list_shows_all),
};

fn list_shows_all(transition: &Transition<'_>, request: &Request) -> Verdict {
    let Reply::Answer(Answer::Actions(listing, views)) = transition.reply else { return Verdict::Silent };
    let cluster = transition.before;
    let kept = transition.rules.remove_status_after();
    let is_in_scope = |slot: &Slot| match (listing, slot) {
        (Listing::OfCluster, slot) => *slot == Slot::ChangeMaster,
        (_, Slot::ChangeMaster) => false,
        (Listing::AllNodes, Slot::Node(..)) => true,
        (Listing::OfNode, Slot::Node(uid, _)) => request.path.names(Place::Node(*uid)),
    };
    let removals =
        cluster.departed().iter().map(|gone| Slot::Node(gone.uid, NodeAction::Remove)).filter(|_| {
            match listing {
                Listing::AllNodes => kept != RemoveStatusAfter::Gone,
                Listing::OfNode => kept == RemoveStatusAfter::Keep,
                Listing::OfCluster => false,
            }
        });
    let expected = cluster.slots().chain(removals).filter(is_in_scope);
    let mut expected: Vec<Slot> = expected.filter(|slot| cluster.instance(*slot).is_some()).collect();
    expected.sort_unstable();
    let mut shown: Vec<Slot> = views.iter().map(|view| view.slot).collect();
    shown.sort_unstable();
    must(shown == expected && views.iter().all(|view| shows(cluster, view)), || {
        format!("the list shows {shown:?}, but there are {expected:?}")
    })
}

pub(super) const CONFLICT_MEANS_LIVE: Invariant = Invariant {
    name: "conflict-means-live",
    statement: "409 to a POST means that something in its way has not ended",
    clauses: &["POST-1", "POST-2", "POST-6", "POST-14", "CHM-4", "CLU-10"],
    since: Edition::E72,
    check: Check::Request(|transition, _| match transition.reply {
        Reply::Refused(refusal) if refusal.why == Why::Conflict => {
            must(refusal.code == 409 && transition.before.live().next().is_some(), || {
                format!("{} was answered although everything has ended", refusal.code)
            })
        }
        _ => Verdict::Silent,
    }),
};

pub(super) const ONLY_ADMIN_CHANGES: Invariant = Invariant {
    name: "only-admin-changes",
    statement: "nobody but an admin starts, cancels or clears an action, or deletes a snapshot",
    clauses: &["PERM-5", "PERM-6", "PERM-8", "PERM-9", "PERM-12", "PERM-15", "DEL-12", "SNAP-13"],
    since: Edition::E72,
    check: Check::Request(|transition, request| match transition.reply {
        Reply::Answer(Answer::Accepted(..) | Answer::Deleted(_) | Answer::SnapshotDeleted(_)) => {
            must(request.caller == Caller::Role(Role::Admin), || {
                format!("{} of {} was served for {:?}", request.method.name(), request.path, request.caller)
            })
        }
        _ => Verdict::Silent,
    }),
};

pub(super) const CREDENTIALS_COME_FIRST: Invariant = Invariant {
    name: "credentials-come-first",
    statement: "without right credentials the answer is 401, for the role none it is 403",
    clauses: &["HTTP-1", "HTTP-2", "PERM-10", "R-AUTH-CODES", "R-ROLE-NONE"],
    since: Edition::E72,
    check: Check::Request(|transition, request| {
        let due = match request.caller {
            Caller::Missing | Caller::Wrong => 401,
            Caller::Role(Role::None) => 403,
            Caller::Role(_) => return Verdict::Silent,
        };
        let refused = matches!(transition.reply, Reply::Refused(refusal) if refusal.code == due);
        must(refused, || format!("{:?} was not answered {due}", request.caller))
    }),
};
