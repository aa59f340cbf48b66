//! That no shorter plan shows the same: all of them are tried, the shortest first.
//!
//! A shrinker goes down from what was found, and can end where leaving out more helps no longer and something else would.
//! So every plan of one step is tried, then every plan of two, until they would be as long as the one that is known, or
//! there would be too many. They begin with as many nodes, and are made of the steps of the plan itself, of plain
//! requests of an administrator about node 1 and the cluster, and of the most ordinary move.

use std::fmt;

use serde_json::json;

use super::generate::plain;
use super::plan::{Plan, Step};
use crate::model::{Body, Method, NodeAction, NodeUid, Path, Place, Slot};

/// What is known of plans that are shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shorter {
    /// None shows it.
    None,
    /// None of up to so many steps does. Longer ones were not tried.
    NoneUpTo(usize),
}

impl fmt::Display for Shorter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("no shorter plan of plain requests shows it"),
            Self::NoneUpTo(0) => f.write_str("whether a shorter plan shows it was not tried"),
            Self::NoneUpTo(1) => f.write_str("no plan of one plain request shows it"),
            Self::NoneUpTo(steps) => write!(f, "no plan of up to {steps} steps of plain requests shows it"),
        }
    }
}

/// The shortest plan that fails, if that can be found by trying so many; and what is known of shorter ones. The plan given
/// must fail.
pub(super) fn shortest(
    plan: Plan,
    tries_max: usize,
    mut fails: impl FnMut(&Plan) -> bool,
) -> (Plan, Shorter) {
    let alphabet = Alphabet::of(&plan);
    let mut tries = 0_usize;
    for length in 1..plan.steps.len() {
        tries = tries.saturating_add(alphabet.plans(length));
        if tries > tries_max {
            return (plan, Shorter::NoneUpTo(length - 1));
        }
        let mut words = vec![0; length];
        loop {
            let steps = words.iter().map(|word| alphabet.steps[*word].clone()).collect();
            let shorter = Plan { nodes: plan.nodes, steps };
            if fails(&shorter) {
                return (shorter, Shorter::None);
            }
            if !alphabet.advance(&mut words) {
                break;
            }
        }
    }
    (plan, Shorter::None)
}

/// What plans are made of.
struct Alphabet {
    /// The calls, and then the ticks.
    steps: Vec<Step>,
    /// How many of these are calls: nothing is seen of a tick that comes last.
    calls: usize,
}

impl Alphabet {
    fn of(plan: &Plan) -> Self {
        let step = |method, place, body| Step::Call(plain(method, Path::to(place), body));
        let slots = NodeAction::ALL.iter().map(|action| (Slot::Node(NodeUid(1), *action), json!({})));
        let target = json!({ "node_uid": plan.nodes.min(2).to_string() });
        let about = slots.chain([(Slot::ChangeMaster, target)]).flat_map(|(slot, body)| {
            let place = Place::Action(slot);
            [
                step(Method::Post, place, Body::Json(body)),
                step(Method::Get, place, Body::Absent),
                step(Method::Delete, place, Body::Absent),
            ]
        });
        let lists = [Place::AllNodes, Place::Node(NodeUid(1)), Place::Cluster];
        let lists = lists.map(|place| step(Method::Get, place, Body::Absent));
        let own = plan.steps.iter().cloned();
        let all = own.chain(about).chain(lists).chain([Step::Tick(0)]);
        let (mut calls, mut ticks) = (Vec::new(), Vec::new());
        for step in all {
            let list = if matches!(step, Step::Call(_)) { &mut calls } else { &mut ticks };
            if !list.contains(&step) {
                list.push(step);
            }
        }
        Self { calls: calls.len(), steps: calls.into_iter().chain(ticks).collect() }
    }

    /// How many plans there are of that length.
    fn plans(&self, length: usize) -> usize {
        let before = u32::try_from(length - 1).unwrap_or(u32::MAX);
        self.steps.len().saturating_pow(before).saturating_mul(self.calls)
    }

    /// The next plan of the same length; false after the last one.
    fn advance(&self, words: &mut [usize]) -> bool {
        let last = words.len() - 1;
        for (at, word) in words.iter_mut().enumerate().rev() {
            let bound = if at == last { self.calls } else { self.steps.len() };
            *word += 1;
            if *word < bound {
                return true;
            }
            *word = 0;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> Plan {
        Plan::parse(text).expect("it is a plan")
    }

    const THREE: &str = "nodes 1\nGET /v1/x\ntick 7\nGET /v1/y\n";

    #[test]
    fn a_shorter_plan_of_other_steps_is_found() {
        let fails = |tried: &Plan| {
            let text = tried.to_string();
            text == THREE || text == "nodes 1\ntick 0\nGET /v1/nodes/actions\n"
        };
        let (found, shorter) = shortest(plan(THREE), 10_000, fails);
        assert_eq!(found.to_string(), "nodes 1\ntick 0\nGET /v1/nodes/actions\n");
        assert_eq!(shorter, Shorter::None);
    }

    #[test]
    fn it_is_said_how_far_was_tried() {
        let fails = |tried: &Plan| tried.to_string() == THREE;
        let known = |tries_max| {
            let mut tried = 0;
            let (kept, shorter) = shortest(plan(THREE), tries_max, |plan| {
                tried += 1;
                fails(plan)
            });
            assert_eq!(kept, plan(THREE));
            (shorter, tried)
        };
        // 20 calls and 2 ticks.
        assert_eq!(known(10_000), (Shorter::None, 20 + 22 * 20));
        assert_eq!(known(20 + 22 * 20 - 1), (Shorter::NoneUpTo(1), 20));
        assert_eq!(known(0), (Shorter::NoneUpTo(0), 0));
    }

    #[test]
    fn nothing_is_shorter_than_one_step() {
        let one = plan("nodes 1\nGET /v1/x\n");
        assert_eq!(shortest(one.clone(), 0, |_| panic!("there is nothing to try")), (one, Shorter::None));
    }
}
