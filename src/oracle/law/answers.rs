//! What a call can have done, if it came back as it was seen.

use std::rc::Rc;

use super::super::open::Set;
use super::super::seen::{Misfit, Seen, Symbol, Told, may_have};
use super::{Answered, Decided, Found, Law, Local, LocalId, SymbolId};
use crate::model::{Answer, Reply, Slot};
use crate::spec::{Consulted, consulted};

impl Law {
    /// What a call can have done to a slot, if it came back as it was seen.
    pub(in super::super) fn answers(&mut self, local: Local, symbol: SymbolId) -> Rc<[Answered]> {
        let (answers, asked) = self.decided(local, symbol).clone();
        self.asked = self.asked.and(asked);
        answers
    }

    /// The same, with the questions that decided it.
    pub(super) fn decided(&mut self, local: Local, symbol: SymbolId) -> &Decided {
        let key = (self.number(local), symbol);
        if let Some(number) = self.answers.find(&key) {
            return self.answers.value(number);
        }
        let found = self.answers_alike(local, symbol);
        let found = found.unwrap_or_else(|| self.find_answers(local, symbol));
        self.answers.entry(key, || found)
    }

    pub(super) fn number(&mut self, local: Local) -> LocalId {
        match self.last {
            Some((last, number)) if last == local => number,
            _ => {
                let number = self.locals.number(local);
                self.last = Some((local, number));
                number
            }
        }
    }

    /// The same, worked out for just this.
    pub(super) fn find_answers(&mut self, local: Local, symbol: SymbolId) -> Decided {
        let symbol = self.symbol(symbol).clone();
        let slot = self.kind.slot(local.slot.into());
        let mut found = Found::default();
        let mut decided = Consulted::default();
        let mut is_refused_otherwise = false;
        for trial in self.trials(local, &symbol).iter() {
            let (told, asked) = consulted(|| self.told(&symbol, &trial.what, slot));
            for (open, told) in told {
                let open = self.opens.id(open);
                for other in &trial.opens {
                    if let Some(open) = self.opens.meet(open, *other) {
                        decided = decided.and(asked).and(trial.asked);
                        found.add(trial.effect, told, open, &mut self.opens);
                    }
                }
            }
            is_refused_otherwise |= matches!(trial.what, Reply::Refused(_));
        }
        if let Some(Seen::Code(code)) = symbol.seen
            && is_refused_otherwise
        {
            for trial in self.other_refusals(local, &symbol).iter() {
                if may_have(trial.what, code).is_ok() {
                    decided = decided.and(trial.asked);
                    for open in &trial.opens {
                        found.add(trial.effect, Told::Nothing, *open, &mut self.opens);
                    }
                }
            }
        }
        let answers = found.0.into_iter().flat_map(|(effect, told, opens)| {
            opens.into_iter().map(move |open| Answered { open, effect, told })
        });
        (answers.collect(), decided)
    }

    /// What a reply tells that was seen as a symbol says, and under which readings it fits.
    fn told(&self, symbol: &Symbol, reply: &Reply, slot: Slot) -> Vec<(Set, Told)> {
        let Some(seen) = &symbol.seen else {
            let is_new = matches!(reply, Reply::Answer(Answer::Accepted(..)));
            return vec![(self.space.all(), if is_new { Told::NewTask } else { Told::Nothing })];
        };
        let cases = self.space.cases(|rules| seen.fits(reply, slot, rules)).into_iter();
        cases.filter_map(|(open, fits)| Some((open, fits.ok()?))).collect()
    }

    /// Whether something that was seen can be a reply under some readings; or else what differs under those that it comes
    /// the nearest to.
    pub(in super::super) fn closest(&self, seen: &Seen, reply: &Reply, slot: Slot) -> Result<(), Misfit> {
        let cases = self.space.cases(|rules| seen.fits(reply, slot, rules).map(drop));
        let mut misfits = Vec::new();
        for (_, fit) in cases {
            match fit {
                Ok(()) => return Ok(()),
                Err(Misfit::Member(member)) => misfits.push(member),
                Err(Misfit::Other) => {}
            }
        }
        Err(misfits.into_iter().max().map_or(Misfit::Other, Misfit::Member))
    }
}
