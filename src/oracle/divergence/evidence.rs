//! What a divergence rests on: the calls of its cores, and those that show what stood in the way of them elsewhere.

use super::super::call::{At, Bond, Call, Calls};
use super::super::core::Core;
use super::super::frontier::Found;
use super::super::judge::Bench;
use super::super::law::Law;
use super::super::outside;
use super::super::seen::{Seen, Symbol};
use super::super::setting::Outside;
use crate::history::CallId;
use crate::model::Slot;

/// The calls of some cores, each list in the order of their beginnings.
pub(in super::super) struct Evidence {
    /// Those whose answers count.
    pub(in super::super) core: Vec<CallId>,
    /// Those that may have acted, and whose answers do not count.
    pub(in super::super) bystanders: Vec<CallId>,
    /// The slots that each of the calls is looked at for.
    pub(in super::super) looked_at: Vec<(CallId, Slot)>,
}

impl Bench<'_> {
    /// The calls of cores. Those that rest on what was live elsewhere have the calls with them that show it.
    pub(in super::super) fn evidence<'c>(
        &self,
        cores: impl IntoIterator<Item = (&'c Core, bool)>,
    ) -> Evidence {
        let (mut core, mut bystanders, mut looked_at) = (Vec::new(), Vec::new(), Vec::new());
        for (Core { unit, .. }, rests_on_others) in cores {
            for call in &unit.calls.0 {
                looked_at.push((call.id, unit.cell.own(unit.kind.slot(call.slot.into()))));
                let of_its_kind = if call.bond == Bond::Answered { &mut core } else { &mut bystanders };
                of_its_kind.push((call.invoked, call.id));
                let symbol = self.sorted.symbols.get(unit.kind).value(call.symbol);
                if rests_on_others && is_hindered(symbol) {
                    for witness in outside::witnesses(self.sorted, self.header, unit.cell, call) {
                        looked_at.extend(witness.calls.iter().map(|(_, id)| (*id, witness.slot)));
                        core.extend(witness.calls);
                    }
                }
            }
        }
        let core = in_order(core);
        bystanders.retain(|(_, id)| !core.contains(id));
        looked_at.sort_unstable();
        looked_at.dedup();
        Evidence { core, bystanders: in_order(bystanders), looked_at }
    }

    /// Whether a core is refuted only because something was live elsewhere when a POST was accepted.
    pub(in super::super) fn rests_on_others(&self, core: &Core, law: &mut Law) -> bool {
        let mut is_any = false;
        let calls = core.unit.calls.0.iter().map(|call| {
            let symbol = law.symbol(call.symbol);
            if !is_hindered(symbol) {
                return *call;
            }
            is_any = true;
            let alone = Symbol { outside: Outside::default(), ..symbol.clone() };
            Call { symbol: law.own(alone), ..*call }
        });
        let alone = core.unit.with(Calls(calls.collect()));
        is_any && !matches!(self.search(&alone, &self.header_of(core), law), Found::Refuted { .. })
    }
}

/// Whether something elsewhere could stand in the way of what was accepted.
fn is_hindered(symbol: &Symbol) -> bool {
    symbol.seen == Some(Seen::Accepted) && symbol.outside != Outside::default()
}

/// Each call once: a list is several of them.
fn in_order(mut calls: Vec<(At, CallId)>) -> Vec<CallId> {
    calls.sort_unstable();
    calls.dedup();
    calls.into_iter().map(|(_, id)| id).collect()
}
