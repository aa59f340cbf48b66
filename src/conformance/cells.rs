//! What a test has met, and what of all that can be met it has not.
//!
//! A cell is what an action was last shown to be, what was asked of it then and what came back; or where was looked then;
//! or who asked where with which method; or what was absurd about a request. What can be met is worked out from the law
//! ([`Outlook`]), under the expected answers to the open questions: so an implementation may meet more, and need not be
//! able to show everything.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::generate;
use super::outlook::{METHODS, Outlook, Standing, Standings, actions};
use crate::intern::Memo;
use crate::model::{Caller, Method, Request, Role, Slot, Status};

/// So many POSTs that are refused are no coincidence.
const POSTS_MANY: u64 = 20;

/// Something that can be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// An answer about an action.
    Action {
        /// The name of the action.
        action: &'static str,
        /// What it was last shown to be. It may have gone on since.
        shown: Standing,
        /// What was asked.
        method: &'static str,
        /// The status code of the answer.
        code: u16,
        /// What a GET shows.
        now: Option<Status>,
    },
    /// A look at something else while an action was shown to be so.
    Look {
        /// The name of the action.
        action: &'static str,
        /// What it was last shown to be.
        shown: Standing,
        /// Where was looked.
        place: &'static str,
    },
    /// A request that makes no sense, whatever came of it.
    Absurd {
        /// What is wrong with it.
        what: &'static str,
        /// What is asked.
        method: &'static str,
    },
    /// A request, whatever came of it.
    Access {
        /// Who asks: a role, or what is wrong with the credentials.
        caller: &'static str,
        /// What is asked.
        method: &'static str,
        /// Where.
        place: &'static str,
    },
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action { action, shown, method, code, now } => {
                write!(f, "{action} {shown}: {method} -> {code}")?;
                now.map_or(Ok(()), |status| write!(f, " {}", status.name()))
            }
            Self::Look { action, shown, place } => write!(f, "{action} {shown}: GET {place}"),
            Self::Absurd { what, method } => write!(f, "{method}: {what}"),
            Self::Access { caller, method, place } => write!(f, "{method} {place} as {caller}"),
        }
    }
}

/// What was met, and how often.
#[derive(Debug, Clone, Default)]
pub struct Cells {
    met: Memo<Cell, u64>,
    /// How often each action was asked this, having been shown as that.
    asked: BTreeMap<(Slot, Standing, Method), u64>,
    /// The answers so far, and those at which something new was met last.
    answers: u64,
    newest: u64,
}

/// Who asks where, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Access {
    pub(super) caller: &'static str,
    pub(super) method: Method,
    pub(super) place: &'static str,
}

impl Access {
    fn cell(self) -> Cell {
        let Self { caller, method, place } = self;
        Cell::Access { caller, method: method.name(), place }
    }
}

impl Cells {
    /// Notes an answer about a slot that was shown to be so before.
    pub(super) fn note(
        &mut self,
        slot: Slot,
        shown: Standing,
        method: Method,
        code: u16,
        now: Option<Status>,
    ) {
        *self.asked.entry((of_any_node(slot), shown, method)).or_default() += 1;
        let now = now.filter(|_| method == Method::Get && code == 200);
        self.meet(Cell::Action { action: slot.action_name(), shown, method: method.name(), code, now });
    }

    /// Notes a look at something else than a slot that was shown to be so before.
    pub(super) fn note_look(&mut self, slot: Slot, shown: Standing, place: &'static str) {
        self.meet(Cell::Look { action: slot.action_name(), shown, place });
    }

    /// Notes an absurd request.
    pub(super) fn note_absurd(&mut self, absurdity: (Method, &'static str)) {
        self.meet(absurd_cell(absurdity));
    }

    /// How often an absurdity was tried.
    pub(super) fn tried(&self, absurdity: (Method, &'static str)) -> u64 {
        self.times(&absurd_cell(absurdity))
    }

    /// How often was looked there while a slot was shown to be so.
    pub(super) fn looked(&self, slot: Slot, shown: Standing, place: &'static str) -> u64 {
        self.times(&Cell::Look { action: slot.action_name(), shown, place })
    }

    /// How often a cell was met.
    fn times(&self, cell: &Cell) -> u64 {
        self.met.get(cell).copied().unwrap_or_default()
    }

    /// Notes a request.
    pub(super) fn note_access(&mut self, access: Access) {
        self.answers += 1;
        self.meet(access.cell());
    }

    fn meet(&mut self, cell: Cell) {
        let count = self.met.entry(cell, || 0);
        *count += 1;
        if *count == 1 {
            self.newest = self.answers;
        }
    }

    /// How often this was asked in that standing.
    pub(super) fn asked(&self, slot: Slot, shown: Standing, method: Method) -> u64 {
        self.asked.get(&(of_any_node(slot), shown, method)).copied().unwrap_or_default()
    }

    /// How often somebody asked there so.
    pub(super) fn accessed(&self, access: &Access) -> u64 {
        self.times(&access.cell())
    }

    /// How many answers there were since something new was met.
    pub fn since_new(&self) -> u64 {
        self.answers - self.newest
    }

    /// The actions of which POSTs were answered and none was accepted, each with the number of those answers: what such
    /// an action does was not tested.
    pub fn never_started(&self) -> BTreeMap<&'static str, u64> {
        let (mut refused, mut started) = (BTreeMap::new(), BTreeSet::new());
        for (cell, count) in self.met.iter() {
            match cell {
                Cell::Action { action, method: "POST", code: 200, .. } => drop(started.insert(*action)),
                Cell::Action { action, method: "POST", .. } => *refused.entry(*action).or_default() += count,
                _ => {}
            }
        }
        refused.retain(|action, _| !started.contains(action));
        refused
    }

    /// Whether many POSTs were answered and none was accepted, of any action.
    pub fn nothing_started(&self) -> bool {
        let is_accepted = |cell: &Cell| matches!(cell, Cell::Action { method: "POST", code: 200, .. });
        !self.met.iter().any(|(cell, _)| is_accepted(cell))
            && self.never_started().values().sum::<u64>() >= POSTS_MANY
    }

    /// What was met, and how often, in the order of the cells.
    pub fn met(&self) -> impl Iterator<Item = (&Cell, u64)> {
        let met: BTreeMap<_, _> = self.met.iter().map(|(cell, count)| (cell, *count)).collect();
        met.into_iter()
    }

    /// What these callers can meet, under the expected answers to the open questions.
    pub fn reachable(callers: &[Caller]) -> BTreeSet<Cell> {
        let outlook = Outlook::get();
        let mut all: BTreeSet<_> = generate::accesses(callers).map(Access::cell).collect();
        all.extend(generate::absurdities().map(absurd_cell));
        for slot in actions() {
            let action = slot.action_name();
            for shown in outlook.reached(slot) {
                all.extend(generate::views(slot).map(|place| Cell::Look { action, shown, place }));
            }
            for (shown, method) in
                outlook.reached(slot).flat_map(|shown| METHODS.map(|method| (shown, method)))
            {
                let before = outlook.later(slot, Standings::only(shown)).iter();
                all.extend(before.flat_map(|before| {
                    outlook.outcomes(slot, before, method).iter().map(move |(code, _)| Cell::Action {
                        action,
                        shown,
                        method: method.name(),
                        code: *code,
                        now: before.0.filter(|_| method == Method::Get && *code == 200),
                    })
                }));
            }
        }
        all
    }

    /// What these callers can meet and have not.
    pub fn unmet(&self, callers: &[Caller]) -> Vec<Cell> {
        Self::reachable(callers).into_iter().filter(|cell| self.times(cell) == 0).collect()
    }
}

fn absurd_cell((method, what): (Method, &'static str)) -> Cell {
    Cell::Absurd { what, method: method.name() }
}

/// One node stands for all.
fn of_any_node(slot: Slot) -> Slot {
    actions().find(|one| one.action_name() == slot.action_name()).unwrap_or(slot)
}

/// Who asks, in one word.
pub(super) fn name_of(caller: Caller) -> &'static str {
    match caller {
        Caller::Role(role) => role.name(),
        Caller::Missing => "nobody",
        Caller::Wrong => "a wrong password",
    }
}

/// Everybody who can ask.
pub(super) fn everybody() -> Vec<Caller> {
    Role::ALL.into_iter().map(Caller::Role).chain([Caller::Missing, Caller::Wrong]).collect()
}

/// Where a request goes, if it is one of the documented paths.
pub(super) fn access_of(request: &Request, place: &'static str) -> Access {
    Access { caller: name_of(request.caller), method: request.method, place }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NodeAction::{MaintenanceOn, Remove};
    use crate::model::NodeUid;

    #[test]
    fn what_is_never_accepted_is_never_started() {
        let mut cells = Cells::default();
        let post = |cells: &mut Cells, action, code| {
            cells.note(Slot::Node(NodeUid(1), action), Standing(None), Method::Post, code, None);
        };
        (1..POSTS_MANY).for_each(|_| post(&mut cells, Remove, 400));
        assert!(!cells.nothing_started(), "they are few");
        post(&mut cells, MaintenanceOn, 400);
        assert!(cells.nothing_started());
        let refused = [("maintenance_on", 1), ("remove", POSTS_MANY - 1)];
        assert_eq!(cells.never_started(), BTreeMap::from(refused));
        post(&mut cells, Remove, 200);
        assert!(!cells.nothing_started());
        assert_eq!(cells.never_started(), BTreeMap::from([("maintenance_on", 1)]));
    }
}
