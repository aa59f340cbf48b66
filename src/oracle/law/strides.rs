//! What a slot can do by itself as long as nobody else on its node could notice, or be noticed by it.

use std::rc::Rc;

use super::super::part::{Kind, Meant, NodePart};
use super::{Effect, Fate, Law, Local, Moved, UNKNOWN};

impl Law {
    /// What a slot can do by itself until the node is another than before, or might have been: until a move that depends
    /// on the node.
    pub(in super::super) fn strides(&mut self, local: Local) -> Rc<[Moved]> {
        if let Some(known) = self.strides.get(&local) {
            return Rc::clone(known);
        }
        let (mut found, mut seen) = (Vec::<Moved>::new(), vec![(local.held, self.base())]);
        let mut at = 0;
        while let Some((held, open)) = seen.get(at).copied() {
            at += 1;
            let depends = self.depends_on_node(Local { held, ..local });
            for moved in self.moves(Local { held, ..local }).iter() {
                let Some(open) = self.opens.meet(open, moved.open) else { continue };
                let Effect { node, held, fate } = moved.effect;
                let moved = Moved { open, ..*moved };
                let is_seen = depends || (node, fate) != (local.node, Fate::Same);
                if is_seen && !found.contains(&moved) {
                    found.push(moved);
                } else if !is_seen && !seen.contains(&(held, open)) {
                    seen.push((held, open));
                }
            }
        }
        Rc::clone(self.strides.entry(local, || found.into()))
    }

    /// Whether what a slot does next is another thing where the node has other snapshots. Then it makes a difference
    /// whether it does it before or after others change them.
    pub(in super::super) fn depends_on_node(&mut self, local: Local) -> bool {
        let key = (local.slot, local.held);
        if self.kind != Kind::Node || local.held == UNKNOWN {
            return false;
        }
        if let Some(known) = self.depends.get(&key) {
            return *known;
        }
        let parts = NodePart::any(true, false).into_iter();
        let moves: Vec<Vec<_>> = parts
            .map(|part| {
                let places = part.snapshots.len();
                let meant =
                    if places > 0 && local.meant != Meant::Absent { Meant::At(0) } else { Meant::Absent };
                let node = self.nodes.number(part);
                let moves = self.moves(Local { node, meant, ..local });
                let does = |moved: &Moved| (moved.open, moved.effect.held, moved.effect.node == node);
                moves.iter().map(does).collect()
            })
            .collect();
        let depends = moves.windows(2).any(|pair| pair[0] != pair[1]);
        *self.depends.entry(key, || depends)
    }
}
