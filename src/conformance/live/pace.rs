//! How fast a server moves.
//!
//! Nobody says how long an action takes, and a run in which nothing moves between two calls shows as little as one in
//! which everything has ended. So the time from one status to the next is measured as it is seen: it is at least what had
//! passed at the last look that found the old status, and at most what has passed at the first that finds another. The
//! middle of both is taken, which is less than what was waited for: so the estimate falls until looks find the old status
//! again, also where a server moves with what is asked and not with time.
//!
//! Such a server may need many requests for a move, and then waiting looks as if it helped. So calls are made without any
//! wait in turns: the time that a move takes there is a bound for the estimate, and where no more is seen to move after
//! waits than without nobody waits.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::model::{Status, Time};

/// An estimate of the time that an action needs to go on by one status.
#[derive(Debug)]
pub struct Pace {
    micros: u64,
    tasks: BTreeMap<String, Task>,
    turn: Turn,
    with_waits: Looks,
    without: Looks,
}

/// Calls that are made without waits, or with them.
#[derive(Debug)]
struct Turn {
    waits: bool,
    /// How many more there are.
    left: u32,
    begun: Time,
    /// The estimate at its beginning.
    micros: u64,
}

/// How often a live action was looked at again, how often it had moved by then, and the microseconds in between.
#[derive(Debug, Clone, Copy, Default)]
struct Looks {
    all: u64,
    moved: u64,
    micros: u64,
}

impl Looks {
    fn note(&mut self, has_moved: bool, micros: u64) {
        self.all += 1;
        self.moved += u64::from(has_moved);
        self.micros += micros;
        if self.all == LOOKS_KEPT {
            *self = Self { all: self.all / 2, moved: self.moved / 2, micros: self.micros / 2 };
        }
    }
}

/// How many calls a turn with waits has, and one without; and the latter once it is known that waiting helps.
const WITH_WAITS: u32 = 12;
const WITHOUT: u32 = 24;
const WITHOUT_KNOWN: u32 = 6;

/// How many times longer the estimate may become in one turn.
const GROWTH: u64 = 4;

/// How many looks a comparison needs at least, how many are enough to say that waiting helps, how many must have seen a
/// move, and after how many the old ones count half.
const LOOKS_LEAST: u64 = 8;
const LOOKS_ENOUGH: u64 = 40;
const MOVED_LEAST: u64 = 3;
const LOOKS_KEPT: u64 = 200;

/// What was seen of an action.
#[derive(Debug)]
struct Task {
    status: Status,
    /// When this status was seen first and last.
    since: Time,
    last: Time,
    looks: u32,
}

/// Where the estimate begins, and its bounds, in microseconds.
const FIRST: u64 = 2_000;
const LEAST: u64 = 200;
const MOST: u64 = 2_000_000;

/// An action that is found unchanged more often hangs, and no patience helps.
const LOOKS_MAX: u32 = 16;

impl Default for Pace {
    fn default() -> Self {
        let turn = Turn { waits: true, left: WITH_WAITS, begun: Time(0), micros: FIRST };
        let looks = Looks::default();
        Self { micros: FIRST, tasks: BTreeMap::new(), turn, with_waits: looks, without: looks }
    }
}

impl Pace {
    /// A run begins: there are no actions yet, and time begins anew.
    pub(super) fn begin(&mut self) {
        self.tasks.clear();
        self.turn.begun = Time(0);
    }

    /// How long to wait for one move before the next call.
    pub(super) fn next(&mut self, now: Time) -> Duration {
        if self.turn.left == 0 {
            let waits = !self.turn.waits;
            let is_known = self.with_waits.moved >= MOVED_LEAST && self.without.all >= LOOKS_ENOUGH;
            let left = match waits {
                true => WITH_WAITS,
                false if is_known && self.does_waiting_help() => WITHOUT_KNOWN,
                false => WITHOUT,
            };
            self.turn = Turn { waits, left, begun: now, micros: self.micros };
        }
        self.turn.left -= 1;
        let waits = self.turn.waits && self.does_waiting_help();
        if waits { Duration::from_micros(self.micros) } else { Duration::ZERO }
    }

    /// Whether more is seen to move after waits than without; also as long as nobody knows.
    fn does_waiting_help(&self) -> bool {
        let (with, without) = (self.with_waits, self.without);
        let is_known = with.all.min(without.all) >= LOOKS_LEAST && without.moved >= MOVED_LEAST;
        !is_known || 2 * without.moved * with.all < with.moved * without.all
    }

    /// No move takes longer than twice the time that it is seen to take when nobody waits.
    fn most(&self) -> u64 {
        let Looks { moved, micros, .. } = self.without;
        if moved < MOVED_LEAST { MOST } else { (2 * micros / moved).clamp(LEAST, MOST) }
    }

    /// Takes note of the actions that an answer shows.
    pub(super) fn saw(&mut self, body: &Value, now: Time) {
        match body {
            Value::Array(values) => values.iter().for_each(|value| self.saw(value, now)),
            Value::Object(members) => {
                let text = |name: &str| members.get(name).and_then(Value::as_str);
                if let (Some(task), Some(status)) =
                    (text("task_id"), text("status").and_then(Status::from_name))
                {
                    self.saw_task(task, status, now);
                } else if let Some(actions) = members.get("actions") {
                    self.saw(actions, now);
                }
            }
            _ => {}
        }
    }

    fn saw_task(&mut self, name: &str, status: Status, now: Time) {
        let fresh = Task { status, since: now, last: now, looks: 0 };
        let Some(task) = self.tasks.get_mut(name) else {
            self.tasks.insert(name.to_owned(), fresh);
            return;
        };
        if !task.status.is_final() && task.last >= self.turn.begun {
            let looks = if self.turn.waits { &mut self.with_waits } else { &mut self.without };
            looks.note(task.status != status, now.0.saturating_sub(task.last.0));
        }
        let passed = now.0.saturating_sub(task.since.0);
        if task.status != status {
            let at_least = task.last.0.saturating_sub(task.since.0);
            let moves = rank(status).abs_diff(rank(task.status)).max(1);
            *task = fresh;
            self.micros = u64::midpoint(self.micros, u64::midpoint(at_least, passed) / moves);
        } else if !status.is_final() && task.looks < LOOKS_MAX {
            task.looks += 1;
            task.last = now;
            // Not at once: this one may be waiting for another.
            self.micros = self.micros.max(passed.min(2 * self.micros));
        }
        self.micros = self.micros.min(GROWTH * self.turn.micros).clamp(LEAST, self.most());
    }
}

/// How far an action has gone.
fn rank(status: Status) -> u64 {
    match status {
        Status::Queued => 0,
        Status::Starting => 1,
        Status::Running | Status::Cancelling => 2,
        Status::Cancelled | Status::Aborted | Status::Completed | Status::Failed => 3,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is estimated when an action is looked at after each estimate and moves each `period` microseconds.
    fn learned(period: u64) -> u64 {
        let mut pace = Pace::default();
        let mut now = 0;
        for task in 0..20 {
            let begin = now;
            for _ in 0..40 {
                let status =
                    ["queued", "starting", "running", "completed"][((now - begin) / period).min(3) as usize];
                pace.saw(&json!([{ "task_id": task.to_string(), "status": status }]), Time(now));
                pace.next(Time(now));
                now += pace.micros;
            }
        }
        pace.micros
    }

    #[test]
    fn fast_and_slow_servers_are_told_apart() {
        for period in [1_000, 10_000, 100_000, 1_000_000] {
            let learned = learned(period);
            assert!(learned > period / 4 && learned < period * 4, "{learned} instead of {period}");
        }
    }

    #[test]
    fn who_moves_with_what_is_asked_is_not_waited_for() {
        let mut pace = Pace { micros: MOST, ..Pace::default() };
        let mut now = 0;
        for task in 0..20 {
            for status in ["queued", "queued", "starting", "running", "completed"] {
                pace.saw(&json!({ "task_id": task.to_string(), "status": status }), Time(now));
                pace.next(Time(now));
                now += pace.micros;
            }
        }
        assert!(pace.micros < 10 * LEAST, "{}", pace.micros);
    }

    /// How long a run of calls waits in all if an action moves with each look, or only with time.
    fn waited(calls: u32, moved: impl Fn(u32, u64) -> u64) -> u64 {
        let mut pace = Pace::default();
        let (mut now, mut begun, mut waited) = (0, (0, 0), 0);
        for call in 0..calls {
            let wait = u64::try_from(pace.next(Time(now)).as_micros()).expect("it is short");
            waited += wait;
            now += wait + 300;
            let moves = moved(call - begun.0, now - begun.1);
            let status = ["queued", "starting", "running", "completed"][moves.min(3) as usize];
            pace.saw(&json!({ "task_id": begun.0.to_string(), "status": status }), Time(now));
            if status == "completed" {
                begun = (call + 1, now);
            }
        }
        waited
    }

    #[test]
    fn where_waiting_does_not_help_nobody_waits() {
        let second = 1_000_000;
        let asked = waited(2_000, |looks, _| u64::from(looks / 10));
        assert!(asked < 2 * second, "{asked}");
        let slow = waited(2_000, |_, time| time / second);
        assert!(slow > 200 * second, "{slow}");
    }

    #[test]
    fn what_hangs_does_not_slow_down_the_run_for_ever() {
        let mut pace = Pace::default();
        for now in 0..1_000 {
            pace.next(Time(now * 10_000_000));
            let task = format!("{}", now / 10);
            pace.saw(
                &json!({ "actions": [{ "task_id": task, "status": "queued" }] }),
                Time(now * 10_000_000),
            );
        }
        assert_eq!(pace.micros, MOST);
        pace.saw(&json!({ "task_id": "b", "status": "queued" }), Time(0));
        pace.saw(&json!({ "task_id": "b", "status": "completed" }), Time(3_000));
        assert!(pace.micros < MOST);
    }
}
