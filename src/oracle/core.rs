//! The few calls that force a divergence.
//!
//! To leave a call out would change what happened. To *weaken* it keeps it where it is and forgets what came back, and
//! whether it acted: that only adds runs, so that whatever is still refuted is refuted by the calls that are left. The
//! core is found from the end: how far one must look back so that the calls are impossible from every state, and which
//! of those are needed.

use super::call::{Bond, Call, Calls, NEVER};
use super::unit::Unit;

/// Calls that force a divergence.
#[derive(Debug, Clone)]
pub(super) struct Core {
    /// The unit with nothing but the core in it: its own calls whole, others weakened.
    pub(super) unit: Unit,
    /// Whether they are impossible from every state, and not only from the beginning of the history.
    pub(super) from_any_state: bool,
}

/// How far one looks back for calls that are impossible from every state.
const WINDOW_MAX: usize = 4_096;

/// How many times a core is tried to be made smaller.
const TRIES_MAX: usize = 400;

/// The core of a unit that is refuted at the end of one of its calls. `is_refuted` says whether a unit is, from its
/// beginning or from every state, and gives `None` if that takes too long to find out; `weaken` forgets what came back
/// of a call, and gives `None` if it can have had no effect.
pub(super) fn core(
    unit: &Unit,
    failed: usize,
    mut weaken: impl FnMut(&Call) -> Option<Call>,
    mut is_refuted: impl FnMut(&Unit, bool) -> Option<bool>,
) -> Core {
    core_within(unit, failed, WINDOW_MAX, &mut weaken, |unit| is_refuted(unit, true)).unwrap_or_else(|| {
        let calls = until(unit, failed, &mut weaken);
        let calls = least(unit, calls, failed, &mut weaken, |unit| is_refuted(unit, false));
        Core { unit: unit.with(Calls(calls)), from_any_state: false }
    })
}

/// The same, if so few calls before the end of that one are impossible from every state.
pub(super) fn core_within(
    unit: &Unit,
    failed: usize,
    length_max: usize,
    weaken: &mut impl FnMut(&Call) -> Option<Call>,
    mut is_refuted: impl FnMut(&Unit) -> Option<bool>,
) -> Option<Core> {
    let calls = refuted_window(unit, failed, length_max, weaken, &mut is_refuted)?;
    let calls = least(unit, calls, failed, weaken, is_refuted);
    Some(Core { unit: unit.with(Calls(calls)), from_any_state: true })
}

/// Calls that are refuted at the end of one, as few as are left when all that need not be as they were are weakened.
fn least(
    unit: &Unit,
    mut calls: Vec<Call>,
    failed: usize,
    weaken: &mut impl FnMut(&Call) -> Option<Call>,
    mut is_refuted: impl FnMut(&Unit) -> Option<bool>,
) -> Vec<Call> {
    let end = unit.calls.0[failed];
    let mut tries = 0;
    let mut chunk = calls.len();
    while chunk > 0 && tries < TRIES_MAX {
        let mut at = 0;
        while at < calls.len() && tries < TRIES_MAX {
            let (changed, smaller) = weakened(&calls, at..(at + chunk).min(calls.len()), &end, weaken);
            tries += 1;
            if changed && is_refuted(&unit.with(Calls(smaller.clone()))) == Some(true) {
                at += chunk - (calls.len() - smaller.len()).min(chunk);
                calls = smaller;
            } else {
                at += chunk;
            }
        }
        chunk /= 2;
    }
    calls
}

/// The last calls before the end of one that are impossible from every state, if so few are. The one that ends is
/// among them.
pub(super) fn refuted_window(
    unit: &Unit,
    failed: usize,
    length_max: usize,
    weaken: &mut impl FnMut(&Call) -> Option<Call>,
    mut is_refuted: impl FnMut(&Unit) -> Option<bool>,
) -> Option<Vec<Call>> {
    let before = until(unit, failed, weaken);
    let end = unit.calls.0[failed].invoked;
    let mut length = before.iter().filter(|call| call.invoked >= end).count().max(2);
    while length < before.len() * 2 && length <= length_max {
        let window = window(&before, length.min(before.len()), weaken);
        if is_refuted(&unit.with(Calls(window.clone())))? {
            return Some(window);
        }
        length *= 2;
    }
    None
}

/// The calls that began before the end of one. Those that ended later may have acted, as they were answered; they need
/// not, for what they were answered may come of calls that are not among these.
pub(super) fn until(unit: &Unit, failed: usize, weaken: &mut impl FnMut(&Call) -> Option<Call>) -> Vec<Call> {
    let end = unit.calls.0[failed].ended;
    let begun = unit.calls.0.iter().filter(|call| call.invoked < end);
    let is_whole = |call: &Call| call.ended <= end || call.bond != Bond::Answered;
    let may_act = |call: &Call| Call { ended: NEVER, ..*call };
    begun
        .filter_map(|call| if is_whole(call) { Some(*call) } else { weaken(call).map(|_| may_act(call)) })
        .collect()
}

/// The last calls, with those that were open when the first of them began weakened.
fn window(calls: &[Call], length: usize, weaken: &mut impl FnMut(&Call) -> Option<Call>) -> Vec<Call> {
    let from = calls[calls.len() - length].invoked;
    let open = calls[..calls.len() - length].iter().filter(|call| call.ended > from);
    open.filter_map(weaken).chain(calls[calls.len() - length..].iter().copied()).collect()
}

/// The calls with some of them weakened, but for the one that failed; and whether that changed anything.
fn weakened(
    calls: &[Call],
    which: std::ops::Range<usize>,
    end: &Call,
    weaken: &mut impl FnMut(&Call) -> Option<Call>,
) -> (bool, Vec<Call>) {
    let mut changed = false;
    let mut weaker = Vec::with_capacity(calls.len());
    for (at, call) in calls.iter().enumerate() {
        let is_kept = !which.contains(&at) || call.id == end.id || call.bond != Bond::Answered;
        if is_kept {
            weaker.push(*call);
        } else {
            changed = true;
            weaker.extend(weaken(call));
        }
    }
    (changed, weaker)
}
