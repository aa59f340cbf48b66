//! The law of a cell, worked out from [`step`] as the search asks for it, and remembered.
//!
//! Two relations are all that the search needs: what a slot can do by itself ([`Law::moves`]), and what a call can do
//! to it and still be answered as it was seen ([`Law::answers`]). Both are unions over the settings, and each entry
//! carries the readings under which it holds. There are no rules here: whatever is in the tables came out of `step`,
//! of [`Cluster::admits`] and of the encoder's counterpart, and a test holds tables and law together.

mod alike;
mod answers;
mod found;
mod strides;
mod trial;
mod unknown;

use std::rc::Rc;

pub(super) use found::Sizes;
use found::{Found, events};
use trial::{Blocking, BodyRefusals, Trials};

use super::bout::Bouts;
use super::data::{self, Data};
use super::open::{OpenId, Opens, Space};
use super::part::{Held, Kind, Meant, NodePart, Projection, View, embed};
use super::seen::{Symbol, Told};
use super::setting::{Outside, Rest, Setting};
use crate::intern::{Interner, Memo};
use crate::model::{Act, Cluster, Input, Method, NodeAction, Refusal, Reply, Status, Time, step};
use crate::spec::{Consulted, Rules};

/// The number of a [`NodePart`].
pub(super) type NodeId = u32;
/// The number of a [`Held`].
pub(super) type HeldId = u32;
/// The number of a [`Local`].
type LocalId = u32;
/// The number of a [`Symbol`].
pub(super) type SymbolId = u32;

/// One slot of a cell with the node around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Local {
    pub(super) slot: u8,
    pub(super) node: NodeId,
    pub(super) held: HeldId,
    pub(super) meant: Meant,
    pub(super) membership: Membership,
}

/// What is known of the node of a slot that is a cell of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Membership {
    pub(super) may_exist: bool,
    pub(super) may_lack: bool,
}

/// What became of a slot and its node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Effect {
    pub(super) node: NodeId,
    pub(super) held: HeldId,
    pub(super) fate: Fate,
}

/// What became of the rest of the cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fate {
    /// Nothing.
    Same,
    /// The snapshots are others: for each, where it stood before.
    Snapshots(u32),
    /// The node is gone, and what its other slots held with it.
    Gone,
}

/// A move that a slot can make, and under which readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) open: OpenId,
    pub(super) effect: Effect,
}

/// What a call did, if it was answered as it was seen, and under which readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Answered {
    pub(super) open: OpenId,
    pub(super) effect: Effect,
    pub(super) told: Told,
}

/// What a call can have done, and the questions that decided it.
type Decided = (Rc<[Answered]>, Consulted);

/// What a call can do in a slot, for all that can be there.
type Ability = (u8, Vec<Rc<[Answered]>>);

/// The tables of one kind of cell.
#[derive(Debug)]
pub(super) struct Law {
    pub(super) kind: Kind,
    space: Space,
    /// How small the cluster can be.
    sizes: Sizes,
    pub(super) opens: Opens,
    pub(super) nodes: Interner<NodePart>,
    pub(super) helds: Interner<Held>,
    /// What histories say, by the numbers that all laws of a kind give it.
    symbols: Interner<Symbol>,
    /// What this law asks itself.
    own: Interner<Symbol>,
    origins: Interner<Vec<Option<u8>>>,
    locals: Interner<Local>,
    /// The local that was looked up last: the next one is often the same.
    last: Option<(Local, LocalId)>,
    moves: Memo<Local, Rc<[Moved]>>,
    answers: Memo<(LocalId, SymbolId), Decided>,
    strides: Memo<Local, Rc<[Moved]>>,
    depends: Memo<(u8, HeldId), bool>,
    trials: Memo<(LocalId, SymbolId), Trials<Reply>>,
    other_refusals: Memo<(LocalId, SymbolId), Trials<Refusal>>,
    body_refusals: Memo<SymbolId, Rc<BodyRefusals>>,
    blocking: Memo<(u8, Outside), Rc<Blocking>>,
    hindered: Memo<(u8, SymbolId), SymbolId>,
    able: Memo<(u8, SymbolId, Meant), SymbolId>,
    /// The first symbol that can do this.
    abilities: Memo<Ability, SymbolId>,
    candidates: Vec<Option<Rc<[HeldId]>>>,
    discarding: Option<Rc<[OpenId]>>,
    /// What calls made of worlds, in the numbers of this law.
    pub(super) bouts: Bouts,
    /// The questions that decided what the answers looked at were.
    asked: Consulted,
}

/// Numbers from here on are those of a law's own symbols.
const OWN: SymbolId = 1 << 31;

pub(super) const NOTHING: HeldId = 0; // Held::Nothing
pub(super) const UNKNOWN: HeldId = 1; // Held::Unknown

impl Law {
    pub(super) fn new(kind: Kind, space: Space, sizes: Sizes) -> Self {
        let mut helds = Interner::default();
        assert_eq!(helds.number(Held::Nothing), NOTHING);
        assert_eq!(helds.number(Held::Unknown), UNKNOWN);
        Self {
            kind,
            space,
            sizes,
            opens: Opens::default(),
            nodes: Interner::default(),
            helds,
            symbols: Interner::default(),
            own: Interner::default(),
            origins: Interner::default(),
            locals: Interner::default(),
            last: None,
            moves: Memo::default(),
            answers: Memo::default(),
            strides: Memo::default(),
            depends: Memo::default(),
            trials: Memo::default(),
            other_refusals: Memo::default(),
            body_refusals: Memo::default(),
            blocking: Memo::default(),
            hindered: Memo::default(),
            able: Memo::default(),
            abilities: Memo::default(),
            candidates: vec![None; kind.slots()],
            discarding: None,
            bouts: Bouts::default(),
            asked: Consulted::default(),
        }
    }

    /// Whether it is the law of such cells in such a space.
    pub(super) fn is_of(&self, kind: Kind, space: &Space, sizes: Sizes) -> bool {
        (self.kind, self.sizes) == (kind, sizes) && self.space == *space
    }

    /// Learns what a history says. Numbers stay what they are.
    pub(super) fn learn(&mut self, symbols: &Interner<Symbol>) {
        self.asked = Consulted::default();
        self.symbols.extend(symbols);
    }

    /// The questions that decided what the answers were that were looked at since it learnt.
    pub(super) fn asked(&self) -> Consulted {
        self.asked
    }

    /// The same, and forgets them.
    pub(super) fn forget(&mut self) -> Consulted {
        std::mem::take(&mut self.asked)
    }

    /// Notes questions that decided what answers were which were looked up elsewhere.
    pub(super) fn ask(&mut self, asked: Consulted) {
        self.asked = self.asked.and(asked);
    }

    /// The symbol of a number.
    pub(super) fn symbol(&self, number: SymbolId) -> &Symbol {
        match number.checked_sub(OWN) {
            Some(own) => self.own.value(own),
            None => self.symbols.value(number),
        }
    }

    /// The number of a symbol that no history need have said.
    pub(super) fn own(&mut self, symbol: Symbol) -> SymbolId {
        OWN + self.own.number(symbol)
    }

    /// All readings that are possible before anything is seen.
    pub(super) fn base(&mut self) -> OpenId {
        self.opens.id(self.space.all())
    }

    /// Where the snapshots stood before.
    pub(super) fn origins(&self, number: u32) -> &[Option<u8>] {
        self.origins.value(number)
    }

    /// What a slot holds after another one made the snapshots of the node others.
    pub(super) fn carried(&mut self, held: HeldId, origins: u32) -> HeldId {
        let carried = self.helds.value(held).carried(self.origins.value(origins));
        carried.map_or(held, |carried| self.helds.number(carried))
    }

    /// What a slot can do by itself, one move far.
    pub(super) fn moves(&mut self, local: Local) -> Rc<[Moved]> {
        if let Some(known) = self.moves.get(&local) {
            return Rc::clone(known);
        }
        let found = if local.held == UNKNOWN { self.reveal(local) } else { self.find_moves(local) };
        Rc::clone(self.moves.entry(local, || found))
    }

    /// An unknown slot turns out to hold this or that.
    fn reveal(&mut self, local: Local) -> Rc<[Moved]> {
        let open = self.base();
        let effect = |held| Effect { node: local.node, held, fate: Fate::Same };
        self.candidates(local).iter().map(|held| Moved { open, effect: effect(*held) }).collect()
    }

    /// The node after it joined.
    pub(super) fn joined(&mut self, before: NodeId) -> NodeId {
        let data = self.nodes.value(before).data.map(|_| Data::fresh());
        self.nodes.number(NodePart { data, ..NodePart::fresh() })
    }

    /// About how many bytes the tables take.
    pub(super) fn size(&self) -> usize {
        let entries = self.moves.len() + self.answers.len() + self.strides.len();
        entries * 160
            + self.opens.len() * 256
            + self.opens.pairs() * 16
            + self.helds.len() * 256
            + self.bouts.size()
    }

    fn find_moves(&mut self, local: Local) -> Rc<[Moved]> {
        let Held::One(instance) = self.helds.value(local.held).clone() else { return Rc::default() };
        let slot = self.kind.slot(local.slot.into());
        let mut found = Found::default();
        for (part, meant) in self.parts(local, true) {
            for setting in self.settings().map(Setting::of) {
                let before = self.embed(local, &part, meant, &setting);
                for event in events(slot, &instance, setting.rest) {
                    let input = Input { at: Time(0), act: Act::Event(event) };
                    for (open, (_, effect)) in self.try_all(local, &before, &input, setting.outside) {
                        let open = self.opens.id(open);
                        found.add(effect, Told::Nothing, open, &mut self.opens);
                    }
                }
            }
        }
        let stays = Effect { node: local.node, held: local.held, fate: Fate::Same };
        let moved = found.0.into_iter().filter(|(effect, ..)| *effect != stays);
        moved
            .flat_map(|(effect, _, opens)| opens.into_iter().map(move |open| Moved { open, effect }))
            .collect()
    }

    /// The node of the cell, and what a name means there: what is known, or everything that can be.
    fn parts(&self, local: Local, is_live: bool) -> Vec<(NodePart, Meant)> {
        if !matches!(self.kind, Kind::Slot(_)) {
            return vec![(self.nodes.value(local.node).clone(), local.meant)];
        }
        let Membership { may_exist, may_lack } = local.membership;
        let held = self.helds.value(local.held);
        // What a node held that is gone is gone with it, but for its removal.
        let may_lack = match held {
            Held::One(_) => {
                may_lack
                    && !is_live
                    && self.kind == Kind::Slot(NodeAction::Remove)
                    && held.status() == Some(Status::Completed)
            }
            Held::Nothing | Held::Unknown => may_lack,
        };
        let parts = NodePart::any(may_exist, may_lack).into_iter();
        let each = parts.flat_map(|part| {
            let known = (0..part.snapshots.len()).filter_map(|at| u8::try_from(at).ok()).map(Meant::At);
            let meanings: Vec<_> = known.chain([Meant::Absent]).collect();
            meanings.into_iter().map(move |meant| (part.clone(), meant))
        });
        each.filter(|(_, meant)| local.meant != Meant::Absent || *meant == Meant::Absent).collect()
    }

    fn embed(&self, local: Local, node: &NodePart, meant: Meant, setting: &Setting) -> Cluster {
        let held = self.helds.value(local.held);
        embed(&View { kind: self.kind, slot: local.slot.into(), node, held, meant }, setting)
    }

    /// The same for a request. A read may see a shard, if one may be there.
    fn embed_for(
        &self,
        local: Local,
        node: &NodePart,
        meant: Meant,
        setting: &Setting,
        symbol: &Symbol,
    ) -> Cluster {
        let cluster = self.embed(local, node, meant, setting);
        let sees = self.kind != Kind::Cluster && symbol.request.method == Method::Get && node.may_hold();
        if sees { data::with_shard(&cluster) } else { cluster }
    }

    /// What a call would be answered under some rules, in every setting that is possible.
    pub(super) fn predict(&self, local: Local, symbol: &Symbol, rules: &Rules) -> Vec<Reply> {
        let mut replies = Vec::new();
        for (part, meant) in self.parts(local, false) {
            let input = symbol.input(meant);
            for setting in self.settings_of(symbol) {
                let reply = step(&mut self.embed_for(local, &part, meant, &setting, symbol), rules, &input);
                if !replies.contains(&reply) {
                    replies.push(reply);
                }
            }
        }
        replies
    }

    /// What became of a slot and its node.
    fn effect(&mut self, local: Local, after: &Projection) -> Effect {
        let held = self.helds.number(after.held.clone());
        if self.kind != Kind::Node {
            return Effect { node: local.node, held, fate: Fate::Same };
        }
        let before = self.nodes.value(local.node);
        let is_gone = before.is_member && !after.node.is_member;
        let untouched =
            after.origins.iter().enumerate().all(|(at, origin)| origin.map(usize::from) == Some(at))
                && after.origins.len() == before.snapshots.len();
        let fate = match (is_gone, untouched) {
            (true, _) => Fate::Gone,
            (false, true) => Fate::Same,
            (false, false) => Fate::Snapshots(self.origins.number(after.origins.clone())),
        };
        Effect { node: self.nodes.number(after.node.clone()), held, fate }
    }

    /// What can be around the cell when it acts by itself.
    fn settings(&self) -> impl Iterator<Item = Rest> + use<> {
        let all: &[Rest] = match self.kind {
            Kind::Node | Kind::Slot(_) => &Rest::OF_NODE,
            Kind::Cluster => &Rest::OF_CLUSTER,
        };
        let sizes = self.sizes;
        all.iter().copied().filter(move |rest| sizes.allow(*rest))
    }

    /// What can be around the cell when a call arrives.
    fn settings_of(&self, symbol: &Symbol) -> Vec<Setting> {
        let (may_exist, may_lack) = symbol.target;
        let rests = self.settings().filter(|rest| match (self.kind, rest) {
            (Kind::Node | Kind::Slot(_), Rest::ChangeOfPrimary | Rest::StartOfChange) => false,
            // A read sees the shards that may be there, and no others.
            (Kind::Node | Kind::Slot(_), Rest::Crowded) => symbol.request.method != Method::Get,
            (Kind::Node | Kind::Slot(_), _) => true,
            (Kind::Cluster, Rest::Absent) => may_lack,
            (Kind::Cluster, _) => may_exist,
        });
        rests.map(|rest| Setting { rest, outside: symbol.outside }).collect()
    }
}
