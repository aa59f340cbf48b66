//! The words for events and what hinders them, shared by scripts and case files.

use crate::model::{ErrorCode, Event, Hindrance, Move, NodeUid, Obstacle};

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
    moves.chain([PROGRESS, FAIL]).chain(of_nodes).chain([CREATE_SNAPSHOT])
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
    word.parse().map(NodeUid).ok().filter(|uid| uid.to_string() == word)
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
    }
}

fn of_move(step: Move) -> &'static str {
    match step {
        Move::Start => "start",
        Move::Run => "run",
        Move::Advance => "advance",
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
        Hindrance::NoChange => "no_change".to_owned(),
        Hindrance::NameTaken => "name_taken".to_owned(),
    }
}

fn of_obstacle(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::NodeDown => "node_down",
        Obstacle::NoSnapshot => "no_snapshot",
        Obstacle::UnknownSnapshot => "unknown_snapshot",
        Obstacle::LastNode => "last_node",
        Obstacle::PrimaryLeaves => "primary_leaves",
        Obstacle::TargetLost => "target_lost",
        Obstacle::WrongParameters => "wrong_parameters",
    }
}
