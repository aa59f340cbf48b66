//! The law of a cell, worked out from [`step`] as the search asks for it, and remembered.
//!
//! Two relations are all that the search needs: what a slot can do by itself ([`Law::moves`]), and what a call can do
//! to it and still be answered as it was seen ([`Law::answers`]). Both are unions over the settings, and each entry
//! carries the readings under which it holds. There are no rules here: whatever is in the tables came out of `step`,
//! of [`Cluster::admits`] and of the encoder's counterpart, and a test holds tables and law together.

mod found;
mod unknown;

use std::collections::BTreeSet;
use std::rc::Rc;

pub(super) use found::Sizes;
use found::{Found, events};

use super::intern::{Interner, Memo};
use super::open::{OpenId, Opens, Set, Space};
use super::part::{Held, Kind, Meant, NodePart, Projection, View, embed, project};
use super::seen::{Seen, Symbol, Told};
use super::setting::{Outside, Rest, Setting};
use crate::model::{Act, Cluster, Input, NodeAction, Reply, SnapshotKind, Status, Time, step};
use crate::spec::{Question, Rules, consulted};

/// The number of a [`NodePart`].
pub(super) type NodeId = u32;
/// The number of a [`Held`].
pub(super) type HeldId = u32;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answered {
    pub(super) open: OpenId,
    pub(super) effect: Effect,
    pub(super) told: Told,
}

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
    pub(super) symbols: Interner<Symbol>,
    origins: Interner<Vec<Option<u8>>>,
    moves: Memo<Local, Rc<[Moved]>>,
    answers: Memo<(Local, SymbolId), Rc<[Answered]>>,
    strides: Memo<Local, Rc<[Moved]>>,
    candidates: Vec<Option<Rc<[HeldId]>>>,
    discarding: Option<Rc<[OpenId]>>,
    /// The questions that decided what an answer was.
    pub(super) asked: BTreeSet<Question>,
}

pub(super) const NOTHING: HeldId = 0; // Held::Nothing
pub(super) const UNKNOWN: HeldId = 1; // Held::Unknown

impl Law {
    pub(super) fn new(kind: Kind, space: Space, sizes: Sizes, symbols: Interner<Symbol>) -> Self {
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
            symbols,
            origins: Interner::default(),
            moves: Memo::default(),
            answers: Memo::default(),
            strides: Memo::default(),
            candidates: vec![None; kind.slots()],
            discarding: None,
            asked: BTreeSet::new(),
        }
    }

    /// All readings that are possible before anything is seen.
    pub(super) fn base(&mut self) -> OpenId {
        self.opens.id(self.space.all())
    }

    /// Where the snapshots stood before.
    pub(super) fn origins(&self, number: u32) -> &[Option<u8>] {
        self.origins.value(number)
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

    /// What a slot can do by itself until the node is another than before.
    pub(super) fn strides(&mut self, local: Local) -> Rc<[Moved]> {
        if let Some(known) = self.strides.get(&local) {
            return Rc::clone(known);
        }
        let (mut found, mut seen) = (Vec::<Moved>::new(), vec![(local.held, self.base())]);
        let mut at = 0;
        while let Some((held, open)) = seen.get(at).copied() {
            at += 1;
            for moved in self.moves(Local { held, ..local }).iter() {
                let Some(open) = self.opens.meet(open, moved.open) else { continue };
                let Effect { node, held, fate } = moved.effect;
                let moved = Moved { open, ..*moved };
                let is_seen = (node, fate) != (local.node, Fate::Same);
                if is_seen && !found.contains(&moved) {
                    found.push(moved);
                } else if !is_seen && !seen.contains(&(held, open)) {
                    seen.push((held, open));
                }
            }
        }
        Rc::clone(self.strides.entry(local, || found.into()))
    }

    /// The node after it joined.
    pub(super) fn joined(&mut self) -> NodeId {
        self.nodes.number(NodePart::fresh())
    }

    /// The node after a user made a snapshot of it.
    pub(super) fn with_user_snapshot(&mut self, node: NodeId) -> NodeId {
        let mut part = self.nodes.value(node).clone();
        part.snapshots.push(SnapshotKind::User);
        self.nodes.number(part)
    }

    /// About how many bytes the tables take.
    pub(super) fn size(&self) -> usize {
        let entries = self.moves.len() + self.answers.len() + self.strides.len();
        entries * 160 + self.opens.len() * 256 + self.opens.pairs() * 16 + self.helds.len() * 256
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
                    let results = self.try_all(local, &before, &input, |reply, _| {
                        (*reply == Reply::Happened).then_some(())
                    });
                    for (open, projection, ()) in results {
                        self.note(&mut found, local, open, &projection, Told::Nothing);
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

    /// What a call can have done to a slot, if it came back as it was seen.
    pub(super) fn answers(&mut self, local: Local, symbol: SymbolId) -> Rc<[Answered]> {
        let key = (local, symbol);
        if let Some(known) = self.answers.get(&key) {
            return Rc::clone(known);
        }
        let found = self.find_answers(local, symbol);
        Rc::clone(self.answers.entry(key, || found))
    }

    fn find_answers(&mut self, local: Local, symbol: SymbolId) -> Rc<[Answered]> {
        let symbol = self.symbols.value(symbol).clone();
        let slot = self.kind.slot(local.slot.into());
        let mut found = Found::default();
        for (part, meant) in self.parts(local, false) {
            let input = symbol.input(meant);
            for setting in self.settings_of(&symbol) {
                let before = self.embed(local, &part, meant, &setting);
                let (results, asked) = consulted(|| {
                    self.try_all(local, &before, &input, |reply, rules| match &symbol.seen {
                        None => Some(Some(match reply {
                            Reply::Answer(crate::model::Answer::Accepted(..)) => Told::NewTask,
                            _ => Told::Nothing,
                        })),
                        // Whoever refuses may have had another reason.
                        Some(seen) => match (seen.fits(reply, slot, rules), reply) {
                            (Ok(told), _) => Some(Some(told)),
                            (Err(_), Reply::Refused(_)) => Some(None),
                            (Err(_), _) => None,
                        },
                    })
                });
                if !results.is_empty() {
                    self.asked.extend(asked.iter());
                }
                let mut others = None;
                for (open, projection, told) in results {
                    if let Some(told) = told {
                        self.note(&mut found, local, open, &projection, told);
                    } else if let Some(Seen::Code(code)) = symbol.seen {
                        let others =
                            others.get_or_insert_with(|| symbol.refusals(&before, &self.space, code));
                        for open in others.iter().filter_map(|other| open.meet(other)) {
                            self.note(&mut found, local, open, &projection, Told::Nothing);
                        }
                    }
                }
            }
        }
        let each = found.0.into_iter();
        each.flat_map(|(effect, told, opens)| {
            opens.into_iter().map(move |open| Answered { open, effect, told })
        })
        .collect()
    }

    fn embed(&self, local: Local, node: &NodePart, meant: Meant, setting: &Setting) -> Cluster {
        let held = self.helds.value(local.held);
        embed(&View { kind: self.kind, slot: local.slot.into(), node, held, meant }, setting)
    }

    /// What comes of an input, for all readings; only what is accepted.
    fn try_all<T: PartialEq>(
        &self,
        local: Local,
        before: &Cluster,
        input: &Input,
        accept: impl Fn(&Reply, &Rules) -> Option<T>,
    ) -> Vec<(Set, Projection, T)> {
        let found = self.space.cases(|rules| {
            let mut after = before.clone();
            let reply = step(&mut after, rules, input);
            let accepted = accept(&reply, rules)?;
            Some((project(&after, self.kind, local.slot.into()), accepted))
        });
        let accepted = found.into_iter();
        accepted.filter_map(|(open, result)| result.map(|(projection, it)| (open, projection, it))).collect()
    }

    /// What a call would be answered under some rules, in every setting that is possible.
    pub(super) fn predict(&self, local: Local, symbol: &Symbol, rules: &Rules) -> Vec<Reply> {
        let mut replies = Vec::new();
        for (part, meant) in self.parts(local, false) {
            let input = symbol.input(meant);
            for setting in self.settings_of(symbol) {
                let reply = step(&mut self.embed(local, &part, meant, &setting), rules, &input);
                if !replies.contains(&reply) {
                    replies.push(reply);
                }
            }
        }
        replies
    }

    /// Adds what came of a step to what was found.
    fn note(&mut self, found: &mut Found, local: Local, open: Set, after: &Projection, told: Told) {
        if self.kind != Kind::Node {
            let effect =
                Effect { node: local.node, held: self.helds.number(after.held.clone()), fate: Fate::Same };
            let open = self.opens.id(open);
            found.add(effect, told, open, &mut self.opens);
            return;
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
        let node = self.nodes.number(after.node.clone());
        let effect = Effect { node, held: self.helds.number(after.held.clone()), fate };
        let open = self.opens.id(open);
        found.add(effect, told, open, &mut self.opens);
    }

    /// What can be around the cell when it acts by itself.
    fn settings(&self) -> impl Iterator<Item = Rest> + use<> {
        let all: &[Rest] = match self.kind {
            Kind::Node | Kind::Slot(_) => &Rest::OF_NODE,
            Kind::Cluster => &Rest::OF_CLUSTER,
        };
        let fewest = self.sizes.fewest;
        all.iter().copied().filter(move |rest| match rest {
            Rest::Alone => fewest <= 1,
            Rest::Pair => fewest <= 2,
            _ => true,
        })
    }

    /// What can be around the cell when a call arrives.
    fn settings_of(&self, symbol: &Symbol) -> Vec<Setting> {
        let (certain, possible) = symbol.outside;
        let (may_exist, may_lack) = symbol.target;
        let outsides: &[Outside] = if certain == possible { &[certain] } else { &[certain, possible] };
        let rests = self.settings().filter(|rest| match (self.kind, rest) {
            (Kind::Node | Kind::Slot(_), Rest::ChangeOfPrimary | Rest::StartOfChange) => false,
            (Kind::Node | Kind::Slot(_), _) => true,
            (Kind::Cluster, Rest::Absent) => may_lack,
            (Kind::Cluster, _) => may_exist,
        });
        rests
            .flat_map(|rest| outsides.iter().map(move |outside| Setting { rest, outside: *outside }))
            .collect()
    }
}
