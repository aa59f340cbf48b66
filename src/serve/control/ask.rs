//! What is asked of control: JSON objects, read strictly. An absent body is an empty object.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::model::{ErrorCode, Method, NodeAction, NodeUid, Slot};
use crate::serve::orders::Target;
use crate::sim::Seed;
use crate::spec::{Edition, Rules};

/// What is wrong with a body, for people.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadAsk(pub(super) String);

fn bad(why: impl Into<String>) -> BadAsk {
    BadAsk(why.into())
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, BadAsk> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| bad(format!("the body is not what is expected: {error}")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

pub(super) fn nothing(body: &[u8]) -> Result<(), BadAsk> {
    read::<Nothing>(body).map(drop)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    seed: Option<Value>,
}

/// The seed to begin with, if it is another.
pub(super) fn reset(body: &[u8]) -> Result<Option<Seed>, BadAsk> {
    read::<Reset>(body)?.seed.map(|seed| to_seed(&seed)).transpose()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfSeed {
    seed: Value,
}

pub(super) fn seed(body: &[u8]) -> Result<Seed, BadAsk> {
    to_seed(&read::<OfSeed>(body)?.seed)
}

/// A number, or a seed in one of its written forms.
fn to_seed(value: &Value) -> Result<Seed, BadAsk> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.parse::<Seed>().map_err(|error| bad(error.to_string()))
}

/// How many events may be asked for at once.
pub(super) const EVENTS_MAX: u32 = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tick {
    events: Option<u32>,
}

/// How many events are to happen: one, if nothing is said.
pub(super) fn tick(body: &[u8]) -> Result<u32, BadAsk> {
    let events = read::<Tick>(body)?.events.unwrap_or(1);
    if events <= EVENTS_MAX { Ok(events) } else { Err(bad(format!("at most {EVENTS_MAX} events at once"))) }
}

/// How a run is to end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ending {
    pub(super) target: Target,
    pub(super) code: ErrorCode,
    pub(super) text: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfEnding {
    node: Option<Value>,
    action: String,
    error_code: Option<String>,
    error_message: Option<String>,
}

pub(super) fn ending(body: &[u8]) -> Result<Ending, BadAsk> {
    let OfEnding { node, action, error_code, error_message } = read(body)?;
    let code = match error_code {
        None => ErrorCode::InternalError,
        Some(name) => ErrorCode::ALL.into_iter().find(|code| code.name() == name).ok_or_else(|| {
            let known = ErrorCode::ALL.map(ErrorCode::name).join(", ");
            bad(format!("no error code is called `{name}`; there are {known}"))
        })?,
    };
    Ok(Ending { target: to_target(node.as_ref(), &action)?, code, text: error_message })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfTarget {
    node: Option<Value>,
    action: Option<String>,
}

pub(super) fn target(body: &[u8]) -> Result<Target, BadAsk> {
    maybe_target(body)?.ok_or_else(|| bad("`action` is to name an action"))
}

/// The slots that are meant; none if nothing is named.
pub(super) fn maybe_target(body: &[u8]) -> Result<Option<Target>, BadAsk> {
    match read(body)? {
        OfTarget { node: None, action: None } => Ok(None),
        OfTarget { action: None, .. } => Err(bad("`action` is to name an action of the node")),
        OfTarget { node, action: Some(action) } => to_target(node.as_ref(), &action).map(Some),
    }
}

/// An action of a node, of any node if none is named, or of the cluster.
fn to_target(node: Option<&Value>, action: &str) -> Result<Target, BadAsk> {
    let node = node.map(to_node).transpose()?;
    match (NodeAction::from_name(action), node) {
        (Some(action), Some(uid)) => Ok(Target::Slot(Slot::Node(uid, action))),
        (Some(action), None) => Ok(Target::Action(action)),
        (None, None) if action == Slot::ChangeMaster.action_name() => Ok(Target::Slot(Slot::ChangeMaster)),
        (None, Some(_)) if action == Slot::ChangeMaster.action_name() => {
            Err(bad("change_master is an action of the cluster, not of a node"))
        }
        (None, _) => {
            let known = NodeAction::ALL.map(NodeAction::name).join(", ");
            Err(bad(format!("no action is called `{action}`; there are {known}, change_master")))
        }
    }
}

/// The uid of a node, as a number or a string.
fn to_node(value: &Value) -> Result<NodeUid, BadAsk> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.parse().map(NodeUid).map_err(|_| bad(format!("`node` is to be the uid of a node, found {value}")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfNode {
    node: Value,
}

pub(super) fn node(body: &[u8]) -> Result<NodeUid, BadAsk> {
    to_node(&read::<OfNode>(body)?.node)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    answers: Option<u32>,
    method: Option<String>,
}

/// How many answers are to be lost, one if nothing is said; and to which method, if not to all.
pub(super) fn answers(body: &[u8]) -> Result<(u32, Option<Method>), BadAsk> {
    let Answers { answers, method } = read(body)?;
    let known = || Method::ALL.map(Method::name).join(", ");
    let method = method.map(|name| {
        Method::from_name(&name)
            .ok_or_else(|| bad(format!("no method is called `{name}`; there are {}", known())))
    });
    Ok((answers.unwrap_or(1), method.transpose()?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfRules {
    edition: Option<String>,
    rules: Option<serde_json::Map<String, Value>>,
}

/// The rules that are wanted: those of the edition, or those there are, with these changed.
pub(super) fn rules(body: &[u8], now: Rules) -> Result<Rules, BadAsk> {
    let OfRules { edition, rules } = read(body)?;
    let mut wanted = match edition {
        Some(name) => Rules::new(name.parse::<Edition>().map_err(|error| bad(error.to_string()))?),
        None => now,
    };
    for (id, variant) in rules.unwrap_or_default() {
        let variant =
            variant.as_str().ok_or_else(|| bad(format!("{id} is to name a variant, found {variant}")))?;
        wanted.set(&id, variant).map_err(|error| bad(error.to_string()))?;
    }
    Ok(wanted)
}
