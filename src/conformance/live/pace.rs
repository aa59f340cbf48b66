//! How fast a server moves.
//!
//! Nobody says how long an action takes, and a run in which nothing moves between two calls shows as little as one in
//! which everything has ended. So the time from one status to the next is measured as it is seen: it is at least what had
//! passed at the last look that found the old status, and at most what has passed at the first that finds another. The
//! middle of both is taken, which is less than what was waited for: so the estimate falls until looks find the old status
//! again, also where a server moves with what is asked and not with time.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::model::{Status, Time};

/// An estimate of the time that an action needs to go on by one status.
#[derive(Debug)]
pub(super) struct Pace {
    micros: u64,
    tasks: BTreeMap<String, Task>,
}

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
        Self { micros: FIRST, tasks: BTreeMap::new() }
    }
}

impl Pace {
    /// The estimate.
    pub(super) fn time(&self) -> Duration {
        Duration::from_micros(self.micros)
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
        self.micros = self.micros.clamp(LEAST, MOST);
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
                now += pace.micros;
            }
        }
        assert!(pace.micros < 10 * LEAST, "{}", pace.micros);
    }

    #[test]
    fn what_hangs_does_not_slow_down_the_run_for_ever() {
        let mut pace = Pace::default();
        for now in 0..1_000 {
            pace.saw(&json!({ "actions": [{ "task_id": "a", "status": "queued" }] }), Time(now * 10_000_000));
        }
        assert_eq!(pace.micros, MOST);
        pace.saw(&json!({ "task_id": "b", "status": "queued" }), Time(0));
        pace.saw(&json!({ "task_id": "b", "status": "completed" }), Time(3_000));
        assert!(pace.micros < MOST);
    }
}
