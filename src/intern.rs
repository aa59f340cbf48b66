//! Values as small numbers, so that what is compared and looked up all the time costs a few instructions.
//!
//! The order of the numbers is the order of arrival, and nothing depends on how the hashes fall.

use std::hash::{Hash, Hasher};

/// Gives each value one number, from 0 on.
#[derive(Debug, Clone)]
pub(crate) struct Interner<T> {
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
    /// The number of a value.
    pub(crate) fn number(&mut self, value: T) -> u32 {
        let place = match self.place(&value) {
            Ok(number) => return number,
            Err(place) => place,
        };
        let number = u32::try_from(self.values.len()).expect("memory ends before the numbers do");
        self.values.push(value);
        self.places[place] = number;
        if self.values.len() * 2 > self.places.len() {
            self.grow();
        }
        number
    }

    /// The number of a value that has one.
    pub(crate) fn find(&self, value: &T) -> Option<u32> {
        self.place(value).ok()
    }

    /// The value of a number.
    pub(crate) fn value(&self, number: u32) -> &T {
        &self.values[number as usize]
    }

    /// How many values have a number.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// All values, in the order of their numbers.
    pub(crate) fn values(&self) -> &[T] {
        &self.values
    }

    /// Learns the values of another that knows all that are known here, by the same numbers.
    pub(crate) fn extend(&mut self, other: &Self)
    where
        T: Clone,
    {
        for value in &other.values[self.values.len()..] {
            self.number(value.clone());
        }
    }

    /// The number of a value, or the free place where it belongs.
    fn place(&self, value: &T) -> Result<u32, usize> {
        let mask = self.places.len() - 1;
        let mut place = start(value, mask);
        loop {
            match self.places[place] {
                FREE => return Err(place),
                number if self.values[number as usize] == *value => return Ok(number),
                _ => place = (place + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let mask = self.places.len() * 2 - 1;
        let mut places = vec![FREE; mask + 1];
        for (number, value) in (0..).zip(&self.values) {
            let mut place = start(value, mask);
            while places[place] != FREE {
                place = (place + 1) & mask;
            }
            places[place] = number;
        }
        self.places = places;
    }
}

/// What was worked out once for each key.
#[derive(Debug, Clone)]
pub(crate) struct Memo<K, V> {
    keys: Interner<K>,
    values: Vec<V>,
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self { keys: Interner::default(), values: Vec::new() }
    }
}

impl<K: Hash + Eq, V> Memo<K, V> {
    /// What is known of a key.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.keys.find(key).map(|number| &self.values[number as usize])
    }

    /// The number of a key of which something is known.
    pub(crate) fn find(&self, key: &K) -> Option<u32> {
        self.keys.find(key)
    }

    /// What is known of a key, or else this from now on.
    pub(crate) fn entry(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        let number = self.keys.number(key) as usize;
        if number == self.values.len() {
            self.values.push(value());
        }
        &mut self.values[number]
    }

    /// The number of a key; what is known of it is worked out if it is new.
    pub(crate) fn number(&mut self, key: K, value: impl FnOnce(&K) -> V) -> u32 {
        let number = self.keys.number(key);
        if number as usize == self.values.len() {
            self.values.push(value(self.keys.value(number)));
        }
        number
    }

    /// What is known of the key with a number.
    pub(crate) fn value(&self, number: u32) -> &V {
        &self.values[number as usize]
    }

    /// How many keys are known.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// Everything that is known, in the order of arrival.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.keys.values.iter().zip(&self.values)
    }
}

fn start(value: &impl Hash, mask: usize) -> usize {
    let mut hasher = Multiply(0);
    value.hash(&mut hasher);
    (hasher.finish() >> 20) as usize & mask
}

/// Multiplies word by word: quick, and good enough for keys that nobody chooses against it.
struct Multiply(u64);

impl Multiply {
    #[inline]
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Multiply {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
    }

    #[inline]
    fn write_u8(&mut self, word: u8) {
        self.add(word.into());
    }

    #[inline]
    fn write_u16(&mut self, word: u16) {
        self.add(word.into());
    }

    #[inline]
    fn write_u32(&mut self, word: u32) {
        self.add(word.into());
    }

    #[inline]
    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }

    #[inline]
    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_one_number_and_each_number_one_value() {
        let mut interner = Interner::default();
        for round in 0..2 {
            for value in 0..1_000_u64 {
                let number = interner.number(value * value);
                assert_eq!(u64::from(number), value, "round {round}");
                assert_eq!(*interner.value(number), value * value);
            }
        }
        assert_eq!((interner.len(), interner.find(&2)), (1_000, None));
    }

    #[test]
    fn what_is_known_stays_as_it_was_first_worked_out() {
        let mut memo = Memo::default();
        assert_eq!(*memo.entry("key", || 1), 1);
        assert_eq!(*memo.entry("key", || 2), 1);
        assert_eq!((memo.get(&"key"), memo.get(&"other"), memo.len()), (Some(&1), None, 1));
    }
}
