//! Values as small numbers, in the order of their arrival.

use std::hash::Hash;

use crate::sim::Digest;

/// Gives each value one number, from 0 on.
#[derive(Debug, Clone)]
pub(super) struct Interner<T> {
    values: Vec<T>,
    /// Numbers, where the hash of the value says or in the next free place after that.
    places: Vec<u32>,
}

const FREE: u32 = u32::MAX;

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { values: Vec::new(), places: vec![FREE; 16] }
    }
}

impl<T: Hash + Eq> Interner<T> {
    /// The number of a value, which is new or known.
    pub(super) fn number(&mut self, value: T) -> u32 {
        let place = match self.place(&value) {
            Ok(number) => return number,
            Err(place) => place,
        };
        let number = u32::try_from(self.values.len()).expect("memory ends before the numbers do");
        self.values.push(value);
        self.places[place] = number;
        if self.values.len() * 2 > self.places.len() {
            self.places = vec![FREE; self.places.len() * 2];
            for number in 0..self.values.len() {
                let place = self.place(&self.values[number]).expect_err("each value is there once");
                self.places[place] = number as u32;
            }
        }
        number
    }

    /// The number of a value that has one.
    pub(super) fn find(&self, value: &T) -> Option<u32> {
        self.place(value).ok()
    }

    /// The value of a number.
    pub(super) fn value(&self, number: u32) -> &T {
        &self.values[number as usize]
    }

    /// How many values have a number.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// All values, in the order of their numbers.
    pub(super) fn values(&self) -> &[T] {
        &self.values
    }

    /// The number of a value, or the free place where it belongs.
    fn place(&self, value: &T) -> Result<u32, usize> {
        let mask = self.places.len() - 1;
        let mut place = Digest::of(value) as usize & mask;
        loop {
            match self.places[place] {
                FREE => return Err(place),
                number if self.values[number as usize] == *value => return Ok(number),
                _ => place = (place + 1) & mask,
            }
        }
    }
}
