//! From a plan that shows a divergence to the smallest that shows the same one.
//!
//! Steps are left out, in chunks, one by one and in pairs; what is left is made plainer; neighbours that need not stand
//! as they do are put in order. It goes on until nothing helps any more, so that plans of different seeds that show the
//! same end up the same. A plan has no preconditions: whatever is left out, the rest is a plan.

use super::plan::{Plan, Step};
use crate::model::{Body, Caller, Headers, NodeAction, NodeUid, Path, Request, Role, Slot};

/// How many plans are tried.
const TRIES_MAX: usize = 20_000;

/// So many steps are few enough to leave out any two of them.
const PAIRS_OF: usize = 40;

/// So many chances are tried for a tick.
const CHANCES: u32 = 16;

/// The smallest plan that still fails, as far as it can be found by leaving out and making plainer. The plan given must
/// fail. The same plan and the same `fails` give the same result.
pub fn shrink(plan: Plan, fails: impl FnMut(&Plan) -> bool) -> Plan {
    let mut shrinker = Shrinker { plan, fails, tries: 0 };
    loop {
        let before = shrinker.plan.clone();
        shrinker.leave_out_chunks();
        shrinker.leave_out_pairs();
        shrinker.rename();
        shrinker.make_plain();
        shrinker.put_in_order();
        if shrinker.plan == before || shrinker.tries >= TRIES_MAX {
            return shrinker.plan;
        }
    }
}

struct Shrinker<F> {
    plan: Plan,
    fails: F,
    tries: usize,
}

impl<F: FnMut(&Plan) -> bool> Shrinker<F> {
    /// Takes another plan if it fails as well.
    fn take(&mut self, plan: Plan) -> bool {
        if plan == self.plan || self.tries >= TRIES_MAX {
            return false;
        }
        self.tries += 1;
        let is_taken = (self.fails)(&plan);
        if is_taken {
            self.plan = plan;
        }
        is_taken
    }

    fn without(&self, is_left_out: impl Fn(usize) -> bool) -> Plan {
        let steps = self.plan.steps.iter().enumerate();
        let kept = steps.filter(|(at, _)| !is_left_out(*at)).map(|(_, step)| step.clone());
        Plan { steps: kept.collect(), ..self.plan }
    }

    /// From the end, since whatever comes after the failure is no part of it.
    fn leave_out_chunks(&mut self) {
        let mut chunk = self.plan.steps.len();
        while chunk > 0 {
            let mut end = self.plan.steps.len();
            while end > 0 {
                let start = end.saturating_sub(chunk);
                self.take(self.without(|at| (start..end).contains(&at)));
                end = start;
            }
            chunk /= 2;
        }
    }

    fn leave_out_pairs(&mut self) {
        let mut second = self.plan.steps.len();
        if second > PAIRS_OF {
            return;
        }
        while second > 1 {
            second -= 1;
            let mut first = second;
            while first > 0 {
                first -= 1;
                if self.take(self.without(|at| at == first || at == second)) {
                    second = second.saturating_sub(1).min(self.plan.steps.len());
                    break;
                }
            }
        }
    }

    /// Fewer nodes, lower uids, actions that come first: wherever they are named.
    fn rename(&mut self) {
        for nodes in 1..self.plan.nodes {
            if self.take(Plan { nodes, ..self.plan.clone() }) {
                break;
            }
        }
        for uid in 2..=self.plan.nodes {
            for lower in 1..uid {
                let moved = |request: &Request| moved(request, NodeUid(uid), NodeUid(lower));
                if self.take(self.mapped(moved)) {
                    break;
                }
            }
        }
        for (at, action) in NodeAction::ALL.into_iter().enumerate() {
            for earlier in &NodeAction::ALL[..at] {
                if self.take(self.mapped(|request| renamed(request, action, *earlier))) {
                    break;
                }
            }
        }
    }

    fn mapped(&self, change: impl Fn(&Request) -> Request) -> Plan {
        let steps = self.plan.steps.iter().map(|step| match step {
            Step::Call(request) => Step::Call(change(request)),
            Step::Tick(chance) => Step::Tick(*chance),
        });
        Plan { steps: steps.collect(), ..self.plan }
    }

    /// Each step as plain as it can be.
    fn make_plain(&mut self) {
        for at in 0..self.plan.steps.len() {
            let plainer = match self.plan.steps[at].clone() {
                Step::Tick(chance) => (0..chance.min(CHANCES)).map(Step::Tick).collect(),
                Step::Call(request) => plainer(&request),
            };
            for step in plainer {
                let mut steps = self.plan.steps.clone();
                steps[at] = step;
                if self.take(Plan { steps, ..self.plan }) {
                    break;
                }
            }
        }
    }

    /// Neighbours in the order of their text, where it does not matter.
    fn put_in_order(&mut self) {
        for end in (1..self.plan.steps.len()).rev() {
            for at in 0..end {
                let mut steps = self.plan.steps.clone();
                if order(&steps[at + 1]) < order(&steps[at]) {
                    steps.swap(at, at + 1);
                    self.take(Plan { steps, ..self.plan });
                }
            }
        }
    }
}

fn order(step: &Step) -> (bool, String) {
    (matches!(step, Step::Tick(_)), step.to_string())
}

/// The same request to another node.
fn moved(request: &Request, from: NodeUid, to: NodeUid) -> Request {
    let is_there = request.path.node() == Some(from);
    let path = if is_there { request.path.about(to) } else { request.path.clone() };
    Request { path, ..request.clone() }
}

/// The same request about another action.
fn renamed(request: &Request, from: NodeAction, to: NodeAction) -> Request {
    let path = match request.path.slot() {
        Some(Slot::Node(_, action)) if action == from => {
            Path::new(&request.path.as_str().replace(from.name(), to.name()))
        }
        _ => request.path.clone(),
    };
    Request { path, ..request.clone() }
}

/// Plainer requests, the plainest first.
fn plainer(request: &Request) -> Vec<Step> {
    let admin = Caller::Role(Role::Admin);
    let mut plainer = vec![
        Request { caller: admin, headers: Headers::default(), body: Body::Absent, ..request.clone() },
        Request { body: Body::Absent, ..request.clone() },
        Request { caller: admin, ..request.clone() },
        Request { headers: Headers::default(), ..request.clone() },
    ];
    if let Body::Json(serde_json::Value::Object(members)) = &request.body {
        let object = |members| Body::Json(serde_json::Value::Object(members));
        plainer.push(Request { body: object(serde_json::Map::new()), ..request.clone() });
        for name in members.keys() {
            let mut fewer = members.clone();
            fewer.shift_remove(name);
            plainer.push(Request { body: object(fewer), ..request.clone() });
        }
    }
    plainer.into_iter().filter(|one| one != request).map(Step::Call).collect()
}
