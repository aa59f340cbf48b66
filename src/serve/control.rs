//! Control under `/_control/`: outside the interface, for the tests that use the cluster.
//!
//! [`ROUTES`] is the list of what there is, `control/openapi.json` its description for people and programs; a test
//! holds them together. What is asked is read in `control/ask.rs`, what is done stands here: each operation is a few
//! calls of the [`World`]. No rule of the API is known: where the law does not allow an event, control says so.

mod ask;

use std::fmt;

use http::StatusCode;
use serde_json::{Value, json};

use super::orders::{End, Ending, Target};
use super::world::World;
use crate::model::{Act, Cluster, Event, Hindrance, Parts, Slot};
use crate::script;
use crate::wire::cluster;
use crate::wire::object::Unknown;

/// The description of control that is served.
pub const OPENAPI: &str = include_str!("control/openapi.json");

/// What can be asked of control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Begin again.
    Reset,
    /// Draw from another seed.
    Seed,
    /// Let events happen.
    Tick,
    /// Make the next run of an action fail.
    Fail,
    /// Make the next run of an action be aborted.
    Abort,
    /// Keep an action where it is.
    Stall,
    /// Let it go on.
    Resume,
    /// Show what is ordered.
    ShowOrders,
    /// Do not answer.
    LoseAnswers,
    /// Take a node down.
    NodeDown,
    /// Bring it back.
    NodeUp,
    /// Leave no room for shards.
    Fill,
    /// Show the rules.
    ShowRules,
    /// Set the rules.
    SetRules,
    /// Show everything that the cluster remembers.
    ShowCluster,
    /// The history so far.
    History,
    /// The case so far.
    Case,
    /// List the clusters.
    ListClusters,
    /// Remove a cluster.
    RemoveCluster,
    /// The description of all this.
    OpenApi,
}

/// Every operation with its method and path; a segment in braces stands for any.
pub const ROUTES: [(&str, &str, Operation); 20] = [
    ("POST", "/_control/reset", Operation::Reset),
    ("POST", "/_control/seed", Operation::Seed),
    ("POST", "/_control/tick", Operation::Tick),
    ("POST", "/_control/fail", Operation::Fail),
    ("POST", "/_control/abort", Operation::Abort),
    ("POST", "/_control/stall", Operation::Stall),
    ("POST", "/_control/resume", Operation::Resume),
    ("GET", "/_control/orders", Operation::ShowOrders),
    ("POST", "/_control/lose-answers", Operation::LoseAnswers),
    ("POST", "/_control/node-down", Operation::NodeDown),
    ("POST", "/_control/node-up", Operation::NodeUp),
    ("POST", "/_control/fill", Operation::Fill),
    ("GET", "/_control/rules", Operation::ShowRules),
    ("POST", "/_control/rules", Operation::SetRules),
    ("GET", "/_control/cluster", Operation::ShowCluster),
    ("GET", "/_control/history", Operation::History),
    ("GET", "/_control/case", Operation::Case),
    ("GET", "/_control/clusters", Operation::ListClusters),
    ("DELETE", "/_control/clusters/{name}", Operation::RemoveCluster),
    ("GET", "/_control/openapi.json", Operation::OpenApi),
];

/// Where a method and a path lead.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'a> {
    /// There, with what stands in the place of the braces.
    Operation(Operation, &'a str),
    /// The path has other methods only.
    OtherMethods(Vec<&'static str>),
    Nothing,
}

pub(super) fn find<'a>(method: &str, path: &'a str) -> Found<'a> {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let there: Vec<_> =
        ROUTES.iter().filter_map(|(own, route, what)| Some((own, what, fill(route, path)?))).collect();
    match there.iter().find(|(own, ..)| **own == method) {
        Some((_, operation, name)) => Found::Operation(**operation, name),
        None if there.is_empty() => Found::Nothing,
        None => Found::OtherMethods(there.iter().map(|(own, ..)| **own).collect()),
    }
}

/// What stands in the place of the braces, if the path is one of the route; empty if it has none.
fn fill<'a>(route: &str, path: &'a str) -> Option<&'a str> {
    match route.split_once('{') {
        None => (route == path).then_some(""),
        Some((before, _)) => path.strip_prefix(before).filter(|name| !name.is_empty() && !name.contains('/')),
    }
}

/// What control answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) content_type: &'static str,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn json(status: StatusCode, value: &Value) -> Self {
        Self { status, content_type: "application/json", body: value.to_string().into_bytes() }
    }

    fn lines(body: Vec<u8>) -> Self {
        Self { status: StatusCode::OK, content_type: "application/jsonl", body }
    }

    pub(super) fn error(status: StatusCode, why: impl fmt::Display) -> Self {
        Self::json(status, &json!({ "error": why.to_string() }))
    }
}

/// Does what is asked of one cluster.
pub(super) fn act(world: &mut World, operation: Operation, body: &[u8]) -> Answer {
    match try_act(world, operation, body) {
        Ok(answer) => answer,
        Err(Refused::Bad(why)) => Answer::error(StatusCode::BAD_REQUEST, why),
        Err(Refused::Impossible(why)) => Answer::error(StatusCode::CONFLICT, why),
    }
}

/// Why control does not do what is asked.
enum Refused {
    /// It is not understood.
    Bad(String),
    /// The cluster is not in a state for it.
    Impossible(String),
}

impl From<ask::BadAsk> for Refused {
    fn from(bad: ask::BadAsk) -> Self {
        Self::Bad(bad.0)
    }
}

fn try_act(world: &mut World, operation: Operation, body: &[u8]) -> Result<Answer, Refused> {
    match operation {
        Operation::Reset => {
            if let Some(seed) = ask::reset(body)? {
                world.reseed(seed);
            }
            world.reset();
        }
        Operation::Seed => world.reseed(ask::seed(body)?),
        Operation::Tick => {
            let events = world.go_on(ask::tick(body)?);
            let events: Vec<_> = events.into_iter().map(|event| script::print(&Act::Event(event))).collect();
            return Ok(Answer::json(StatusCode::OK, &json!({ "events": events })));
        }
        Operation::Fail => {
            let ask::Ending { target, code, text } = ask::ending(body)?;
            order(world, Ending { target, how: End::Fail(code), text })?;
        }
        Operation::Abort => {
            let ask::Ending { target, text, .. } = ask::ending(body)?;
            order(world, Ending { target, how: End::Abort, text })?;
        }
        Operation::Stall => world.orders().stall(ask::target(body)?),
        Operation::Resume => world.orders().resume(ask::maybe_target(body)?),
        Operation::LoseAnswers => {
            let (count, method) = ask::answers(body)?;
            world.orders().lose_answers(count, method);
        }
        Operation::NodeDown => happen(world, Event::NodeDown(ask::node(body)?))?,
        Operation::NodeUp => happen(world, Event::NodeUp(ask::node(body)?))?,
        Operation::Fill => {
            ask::nothing(body)?;
            let full = filled(world.cluster()).map_err(Refused::Impossible)?;
            world.become_other(full);
        }
        Operation::SetRules => {
            let rules = ask::rules(body, world.setup().rules)?;
            world.rule(rules);
            return Ok(show_rules(world));
        }
        Operation::ShowRules => return Ok(show_rules(world)),
        Operation::ShowOrders => return Ok(show_orders(world)),
        Operation::ShowCluster => {
            let shown = cluster::write(world.cluster(), "", &Unknown::default());
            return Ok(Answer::json(StatusCode::OK, &shown));
        }
        Operation::History => return Ok(Answer::lines(world.history())),
        Operation::Case => return Ok(Answer::lines(world.case())),
        Operation::ListClusters | Operation::RemoveCluster | Operation::OpenApi => {
            unreachable!("these are asked of the server")
        }
    }
    Ok(Answer::json(StatusCode::OK, &json!({})))
}

/// Why an ending cannot be ordered.
const IMPOSSIBLE: &str = "no run ends so: where databases are known, resources lack only if they do (`fill` takes them); \
                          and the rules decide R-ERRCODE-SET, R-ABORTED-EXISTS and R-ABORTED-CAUSE";

fn order(world: &mut World, ending: Ending) -> Result<(), Refused> {
    if !ending.how.is_possible(world.cluster(), &world.setup().rules) {
        return Err(Refused::Impossible(IMPOSSIBLE.to_owned()));
    }
    let too_many = |_| Refused::Impossible("too many endings wait for a run already".to_owned());
    world.orders().end(ending).map_err(too_many)
}

fn happen(world: &mut World, event: Event) -> Result<(), Refused> {
    world.happen(event).map_err(|why| {
        Refused::Impossible(match why {
            Hindrance::NoSuchNode => "the node does not exist".to_owned(),
            Hindrance::NoChange => "the node is in that state already".to_owned(),
            why => format!("this cannot happen now: {why:?}"),
        })
    })
}

/// The same cluster, in which no node takes another shard.
fn filled(cluster: &Cluster) -> Result<Cluster, String> {
    let nodes = cluster.nodes().iter().map(|node| {
        let mut node = (**node).clone();
        node.capacity = u16::try_from(node.shards.len()).unwrap_or(u16::MAX);
        node
    });
    let parts = Parts {
        nodes: nodes.collect(),
        primary: cluster.primary(),
        change_master: cluster.instance(Slot::ChangeMaster).cloned(),
        departed: cluster.departed().to_vec(),
        databases: cluster.databases().to_vec(),
        persistent_node_removal: cluster.persistent_node_removal(),
        tasks: cluster.tasks(),
    };
    Cluster::try_from(parts).map_err(|error| error.to_string())
}

fn show_rules(world: &World) -> Answer {
    let rules = world.setup().rules;
    let overrides: serde_json::Map<_, _> =
        rules.overrides().into_iter().map(|(id, variant)| (id.to_owned(), variant.into())).collect();
    Answer::json(StatusCode::OK, &json!({ "edition": rules.edition().name(), "rules": overrides }))
}

fn show_orders(world: &mut World) -> Answer {
    let target = |target: Target| {
        let node = target.node().map(|uid| uid.to_string());
        json!({ "node": node, "action": target.action_name() })
    };
    let orders = world.orders();
    let endings = orders.endings().iter().map(|ending| {
        let mut shown = target(ending.target);
        match ending.how {
            End::Fail(code) => {
                shown["ends"] = "failed".into();
                shown["error_code"] = code.name().into();
            }
            End::Abort => shown["ends"] = "aborted".into(),
        }
        shown
    });
    let endings: Vec<_> = endings.collect();
    let stalled: Vec<_> = orders.stalled().map(target).collect();
    let lost_answers = orders.lost_answers();
    let shown = json!({ "endings": endings, "stalled": stalled, "lost_answers": lost_answers });
    Answer::json(StatusCode::OK, &shown)
}
