//! A second opinion: the same law explored by stateright.
//!
//! It shares nothing with the explorer of this crate but the law itself: it has an alphabet of its own, states are
//! whole clusters, and its projection renumbers tasks and forgets what ended instances did.

use action_oracle::model::{
    Act, Body, Caller, Cluster, Event, Headers, Input, Method, Move, NodeUid, Parameters, Parts, Path, Place,
    Reply, Request, Role, Slot, TaskId, Time, Work, step,
};
use action_oracle::spec::Rules;
use serde_json::json;

/// Some actions on a cluster.
#[derive(Debug, Clone)]
pub(crate) struct Second {
    /// Where it starts.
    pub(crate) start: Cluster,
    /// The rules.
    pub(crate) rules: Rules,
    /// The names of the actions.
    pub(crate) actions: Vec<&'static str>,
}

impl Second {
    /// The state that it starts in.
    pub(crate) fn initial(&self) -> Cluster {
        settled(&self.start)
    }

    /// Everything that may come next in a state.
    pub(crate) fn inputs(&self, cluster: &Cluster, inputs: &mut Vec<Input>) {
        let nodes = self.start.nodes();
        for slot in self.start.slots().filter(|slot| self.actions.contains(&slot.action_name())) {
            let path = Path::to(Place::Action(slot));
            let request = |method, body| {
                let (caller, headers) = (Caller::Role(Role::Admin), Headers::default());
                Act::Request(Request { method, path: path.clone(), caller, headers, body })
            };
            let bodies = match slot {
                Slot::Node(..) => vec![json!({})],
                Slot::ChangeMaster => {
                    nodes.iter().map(|node| json!({"node_uid": node.uid.to_string()})).collect()
                }
            };
            let posts = bodies.into_iter().map(|body| request(Method::Post, Body::Json(body)));
            let others = [Method::Get, Method::Delete].map(|method| request(method, Body::Absent));
            inputs.extend(posts.chain(others).map(|act| Input { at: Time(0), act }));
        }
        let events = cluster.enabled(&self.rules).into_iter().filter(|event| {
            matches!(event, Event::Task(_, step) if !matches!(step, Move::Progress(_)))
                || matches!(event, Event::Bootstrap(_))
        });
        inputs.extend(events.map(|event| Input { at: Time(0), act: Act::Event(event) }));
    }

    /// The state after an input.
    pub(crate) fn after(&self, cluster: &Cluster, input: &Input) -> Option<Cluster> {
        let mut after = cluster.clone();
        let reply = step(&mut after, &self.rules, input);
        (!matches!(reply, Reply::NotEnabled(_))).then(|| settled(&after))
    }
}

/// A cluster in which tasks are numbered by their slots, and ended instances have done nothing.
fn settled(cluster: &Cluster) -> Cluster {
    let mut parts = Parts::from(cluster);
    let mut number = 0;
    let slots = parts.nodes.iter_mut().flat_map(|node| node.slots.iter_mut());
    let departed = parts.departed.iter_mut().map(|departed| &mut departed.removal);
    let instances = slots.chain([&mut parts.change_master]).map(|place| place.as_mut());
    for instance in instances.chain(departed.map(Some)) {
        number += 1;
        if let Some(instance) = instance {
            instance.task = TaskId(number);
            if !instance.is_live() {
                instance.work = Work::default();
                if let Parameters::ChangeMaster(order) = &mut instance.parameters {
                    order.node = NodeUid(1);
                }
            }
        }
    }
    parts.tasks = 1_000;
    parts.unchecked()
}

/// Makes a model for one release of stateright.
#[macro_export]
macro_rules! stateright_model {
    ($stateright:ident, $model:ident, $count:ident) => {
        struct $model($crate::second::Second);

        impl $stateright::Model for $model {
            type State = action_oracle::model::Cluster;
            type Action = action_oracle::model::Input;

            fn init_states(&self) -> Vec<Self::State> {
                vec![self.0.initial()]
            }

            fn actions(&self, state: &Self::State, actions: &mut Vec<Self::Action>) {
                self.0.inputs(state, actions);
            }

            fn next_state(&self, state: &Self::State, action: Self::Action) -> Option<Self::State> {
                self.0.after(state, &action)
            }

            fn properties(&self) -> Vec<$stateright::Property<Self>> {
                vec![$stateright::Property::always("never broken", |_, _| true)]
            }
        }

        /// How many states and transitions there are, breadth first; it may stop after so many states.
        fn $count(second: $crate::second::Second, threads: usize, most: Option<usize>) -> (u64, u64) {
            use $stateright::{Checker, Model};
            let builder = $model(second).checker().threads(threads);
            let builder = match most {
                Some(most) => builder.target_state_count(most),
                None => builder,
            };
            let checker = builder.spawn_bfs().join();
            // It counts the initial state as generated, too.
            (checker.unique_state_count() as u64, checker.state_count() as u64 - 1)
        }
    };
}
