//! Which calls are open, which may still take effect, and which ids were used: what makes a list of records a
//! history.
//!
//! Memory grows with the calls that are open or lost and with the gaps between the ids, not with the records.

use std::collections::{BTreeMap, BTreeSet};

use super::{CallId, End, Fence, Kind};
use crate::wire::object::Bad;

#[derive(Debug, Default)]
pub(super) struct Ledger {
    records: u64,
    used: Ranges,
    open: BTreeSet<CallId>,
    lost: BTreeSet<CallId>,
}

impl Ledger {
    /// Enters a record, which must fit to those before it.
    pub(super) fn enter(&mut self, kind: &Kind) -> Result<(), Bad> {
        match kind {
            Kind::Invoke(call) => {
                self.begin(call.id)?;
                self.open.insert(call.id);
            }
            Kind::Return(answer) => self.end(answer.id)?,
            Kind::Lost(lost) => {
                self.end(lost.id)?;
                self.lost.insert(lost.id);
            }
            Kind::Unsent(call) if self.open.contains(&call.id) => self.end(call.id)?,
            Kind::Unsent(call) => self.begin(call.id)?,
            Kind::Fence(fence) => self.fence(fence)?,
            Kind::Note(_) => {}
        }
        self.records += 1;
        Ok(())
    }

    /// Closes the history.
    pub(super) fn close(&self, end: &End) -> Result<(), Bad> {
        if end.records == self.records {
            return Ok(());
        }
        let expected = format!("the number of records before it, {}", self.records);
        Err(Bad::new("/records", &expected, end.records.to_string()))
    }

    fn begin(&mut self, id: CallId) -> Result<(), Bad> {
        if self.used.insert(id.0) {
            return Ok(());
        }
        Err(Bad::new("/id", "an id that was not used before", id.to_string()))
    }

    fn end(&mut self, id: CallId) -> Result<(), Bad> {
        if self.open.remove(&id) {
            return Ok(());
        }
        Err(Bad::new("/id", "the id of an open call", self.describe(id)))
    }

    fn fence(&mut self, fence: &Fence) -> Result<(), Bad> {
        for (at, id) in fence.lost.iter().enumerate() {
            if !self.lost.remove(id) && !self.open.remove(id) {
                let place = format!("/lost/{at}");
                return Err(Bad::new(&place, "the id of a call that is lost or open", self.describe(*id)));
            }
        }
        Ok(())
    }

    /// What there is to say of a call that is not open.
    fn describe(&self, id: CallId) -> String {
        let known = self.used.contains(id.0);
        format!("{id}, which {}", if known { "has ended" } else { "was not invoked" })
    }
}

/// A set of numbers that mostly follow each other.
#[derive(Debug, Default)]
struct Ranges {
    /// The first number of each range, and its last.
    last: BTreeMap<u64, u64>,
}

impl Ranges {
    fn contains(&self, number: u64) -> bool {
        self.last.range(..=number).next_back().is_some_and(|(_, last)| *last >= number)
    }

    /// Adds a number. False if it is there.
    fn insert(&mut self, number: u64) -> bool {
        let before = self.last.range_mut(..=number).next_back();
        let first = match before {
            Some((_, last)) if *last >= number => return false,
            Some((first, last)) if *last + 1 == number => {
                *last = number;
                *first
            }
            _ => {
                self.last.insert(number, number);
                number
            }
        };
        if let Some(last) = number.checked_add(1).and_then(|next| self.last.remove(&next)) {
            self.last.insert(first, last);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_follow_each_other_take_no_room() {
        let mut ranges = Ranges::default();
        for number in [0, 4, 2, u64::MAX, 1, 3, u64::MAX - 1] {
            assert!(!ranges.contains(number));
            assert!(ranges.insert(number));
            assert!(ranges.contains(number));
            assert!(!ranges.insert(number));
        }
        assert_eq!(ranges.last, BTreeMap::from([(0, 4), (u64::MAX - 1, u64::MAX)]));
    }
}
