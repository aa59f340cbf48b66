//! The words for data, events and what hinders them, shared by scripts, case files and reports.

mod data;

use crate::model::{ErrorCode, Event, Hindrance, Move, NodeUid, Obstacle};

pub(crate) use data::{DATA_EVENTS, DATA_MOVES, Numbered, meaning, numbers, to_data_event, to_data_move};
pub(crate) use data::{of_policy, of_role, to_policy, to_role};

/// The moves that need no more than a slot.
pub(crate) const MOVES: [(&str, Move); 8] = [
    ("start", Move::Start),
    ("run", Move::Run),
    ("advance", Move::Advance),
    ("complete", Move::Complete),
    ("begin_cancel", Move::BeginCancel),
    ("finish_cancel", Move::FinishCancel),
    ("abort", Move::Abort),
    ("expire", Move::Expire),
];

/// Makes an event of a node.
pub(crate) type OfNode = fn(NodeUid) -> Event;

/// The events that need no more than a node.
pub(crate) const NODE_EVENTS: [(&str, OfNode); 5] = [
    ("node_down", Event::NodeDown),
    ("node_up", Event::NodeUp),
    ("join", Event::Join),
    ("bootstrap", Event::Bootstrap),
    ("elect", Event::Elect),
];

/// The event words that need more than that.
pub(crate) const PROGRESS: &str = "progress";
pub(crate) const FAIL: &str = "fail";
pub(crate) const CREATE_SNAPSHOT: &str = "create_snapshot";

/// All event words.
pub(crate) fn events() -> impl Iterator<Item = &'static str> {
    let moves = MOVES.iter().map(|(word, _)| *word);
    let of_nodes = NODE_EVENTS.iter().map(|(word, _)| *word);
    let of_data = DATA_MOVES.iter().map(|known| known.word);
    let by_itself = DATA_EVENTS.iter().map(|known| known.word);
    let of_runs = moves.chain([PROGRESS, FAIL]).chain(of_data);
    of_runs.chain(of_nodes).chain([CREATE_SNAPSHOT]).chain(by_itself)
}

/// The move of that word, if it needs no more than a slot.
pub(crate) fn to_move(word: &str) -> Option<Move> {
    MOVES.iter().find(|(known, _)| *known == word).map(|(_, step)| *step)
}

/// The event of that word, if it needs no more than a node.
pub(crate) fn to_node_event(word: &str) -> Option<OfNode> {
    NODE_EVENTS.iter().find(|(known, _)| *known == word).map(|(_, event)| *event)
}

/// The failure of that word.
pub(crate) fn to_error_code(word: &str) -> Option<ErrorCode> {
    ErrorCode::ALL.into_iter().find(|code| code.name() == word)
}

/// The node of that number. Only the usual way to write it counts.
pub(crate) fn to_uid(word: &str) -> Option<NodeUid> {
    to_number(word).map(NodeUid)
}

/// A number, written in the usual way.
pub(crate) fn to_number(word: &str) -> Option<u32> {
    word.parse().ok().filter(|number: &u32| number.to_string() == word)
}

/// The word for an event.
pub(crate) fn of_event(event: &Event) -> &'static str {
    match event {
        Event::Task(_, step) => of_move(*step),
        Event::NodeDown(_) => "node_down",
        Event::NodeUp(_) => "node_up",
        Event::Join(_) => "join",
        Event::Bootstrap(_) => "bootstrap",
        Event::Elect(_) => "elect",
        Event::CreateSnapshot(..) => CREATE_SNAPSHOT,
        Event::Migrate { .. } => "migrate",
        Event::FailOver { .. } => "take_over",
        Event::DeleteDatabase(_) => "delete_database",
    }
}

fn of_move(step: Move) -> &'static str {
    match step {
        Move::Start => "start",
        Move::Run => "run",
        Move::Advance => "advance",
        Move::Shard { .. } => "move_shard",
        Move::FailOver { .. } => "fail_over",
        Move::Endpoint { .. } => "move_endpoint",
        Move::Persist { .. } => "persist",
        Move::Progress(_) => PROGRESS,
        Move::Complete => "complete",
        Move::Fail(_) => FAIL,
        Move::BeginCancel => "begin_cancel",
        Move::FinishCancel => "finish_cancel",
        Move::Abort => "abort",
        Move::Expire => "expire",
    }
}

/// The words for a hindrance: one, and in brackets what it depends on.
pub(crate) fn of_hindrance(hindrance: Hindrance) -> String {
    match hindrance {
        Hindrance::NoInstance => "no_instance".to_owned(),
        Hindrance::NoEdge(status) => format!("no_edge({})", status.name()),
        Hindrance::CancelFirst => "cancel_first".to_owned(),
        Hindrance::Steps => "steps".to_owned(),
        Hindrance::Blocked(obstacle) => format!("blocked({})", of_obstacle(obstacle)),
        Hindrance::NotInRules => "not_in_rules".to_owned(),
        Hindrance::NoProgress => "no_progress".to_owned(),
        Hindrance::NoSuchNode => "no_such_node".to_owned(),
        Hindrance::NodeExists => "node_exists".to_owned(),
        Hindrance::NoChange => "no_change".to_owned(),
        Hindrance::NameTaken => "name_taken".to_owned(),
        Hindrance::Unfinished => "unfinished".to_owned(),
        Hindrance::NoDuty => "no_duty".to_owned(),
        Hindrance::Misplaced => "misplaced".to_owned(),
        Hindrance::NoDatabase => "no_database".to_owned(),
    }
}

fn of_obstacle(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::NodeDown => "node_down",
        Obstacle::NoQuorum => "no_quorum",
        Obstacle::UnknownDatabase => "unknown_database",
        Obstacle::NoSpace => "no_space",
        Obstacle::NoCapacity => "no_capacity",
        Obstacle::NoWay => "no_way",
        Obstacle::ShardsGone => "shards_gone",
        Obstacle::NoSnapshot => "no_snapshot",
        Obstacle::UnknownSnapshot => "unknown_snapshot",
        Obstacle::LastNode => "last_node",
        Obstacle::PrimaryLeaves => "primary_leaves",
        Obstacle::TargetLost => "target_lost",
        Obstacle::WrongParameters => "wrong_parameters",
    }
}
