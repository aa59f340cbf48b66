//! What an instance can do by itself, and what came of trying it in every setting, gathered.

use super::super::open::{OpenId, Opens};
use super::super::seen::Told;
use super::super::setting::Rest;
use super::Effect;
use crate::model::{Event, Instance, Move, Slot};

/// The effects that were found, each with the unions of readings under which it holds.
#[derive(Default)]
pub(super) struct Found(pub(super) Vec<(Effect, Told, Vec<OpenId>)>);

impl Found {
    /// Adds one.
    pub(super) fn add(&mut self, effect: Effect, told: Told, open: OpenId, opens: &mut Opens) {
        let known = self.0.iter_mut().find(|(other, says, _)| (*other, *says) == (effect, told));
        match known {
            Some((.., sets)) => {
                opens.unite(sets, open);
            }
            None => self.0.push((effect, told, vec![open])),
        }
    }
}

/// What an instance can do by itself. Progress is not judged, and so it is no move here.
pub(super) fn events(slot: Slot, instance: &Instance, rest: Rest) -> Vec<Event> {
    match rest {
        Rest::ChangeOfPrimary => return vec![Event::Task(Slot::ChangeMaster, Move::Complete)],
        Rest::StartOfChange => return vec![Event::Task(Slot::ChangeMaster, Move::Run)],
        _ => {}
    }
    let moves = Move::candidates(instance).filter(|step| !matches!(step, Move::Progress(_)));
    moves.map(|step| Event::Task(slot, step)).collect()
}

/// How few nodes the cluster can have had, as far as that makes a difference to what can be around a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Sizes {
    fewest: usize,
}

impl Sizes {
    /// So many nodes at least. From three on it makes no difference.
    pub(in super::super) fn at_least(nodes: usize) -> Self {
        Self { fewest: nodes.min(3) }
    }

    /// Whether a cluster may be what is around a cell.
    pub(super) fn allow(self, rest: Rest) -> bool {
        match rest {
            Rest::Alone => self.fewest <= 1,
            Rest::Pair => self.fewest <= 2,
            _ => true,
        }
    }
}
