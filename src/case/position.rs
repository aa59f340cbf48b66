//! Where in a text of JSON each value stands, so that an error in a file of many lines can name the line.
//!
//! The parser forgets positions. This walks a text that it has already accepted, and so needs no errors of its own.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// The positions of all values, by their JSON pointers.
pub(super) struct Positions<'a> {
    text: &'a str,
    /// Where the next value begins.
    at: usize,
    starts: BTreeMap<String, usize>,
    /// The pointers of values that follow one of the same name in the same object.
    again: Vec<(String, usize)>,
}

/// A place in a text, counted from 1; columns are characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl<'a> Positions<'a> {
    /// The positions in a text that is JSON.
    pub(super) fn of(text: &'a str) -> Self {
        let mut positions = Self { text, at: 0, starts: BTreeMap::new(), again: Vec::new() };
        positions.walk("");
        positions
    }

    /// Where the value of a pointer begins, or the innermost one around it if there is none.
    pub(super) fn find(&self, pointer: &str) -> Position {
        let mut pointer = pointer;
        while !self.starts.contains_key(pointer) {
            pointer = pointer.rsplit_once('/').map_or("", |(around, _)| around);
        }
        self.position(self.starts[pointer])
    }

    /// The first member that has the name of an earlier one.
    pub(super) fn repeated(&self) -> Option<(&str, Position)> {
        self.again.first().map(|(pointer, at)| (pointer.as_str(), self.position(*at)))
    }

    fn position(&self, at: usize) -> Position {
        let before = &self.text[..at];
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        Position { line: before.matches('\n').count() + 1, column: before[start..].chars().count() + 1 }
    }

    fn walk(&mut self, pointer: &str) {
        let start = self.skip_space();
        match self.starts.get(pointer) {
            Some(_) => self.again.push((pointer.to_owned(), start)),
            None => drop(self.starts.insert(pointer.to_owned(), start)),
        }
        match self.text.as_bytes()[start] {
            b'{' => self.walk_members(pointer, b'}'),
            b'[' => self.walk_members(pointer, b']'),
            _ => drop(self.take::<Value>()),
        }
    }

    /// Walks an object or a list to its end. Commas and colons are where they must be.
    fn walk_members(&mut self, pointer: &str, end: u8) {
        let mut number = 0_usize;
        self.at += 1;
        loop {
            let next = self.skip_space();
            match self.text.as_bytes()[next] {
                byte if byte == end => break self.at += 1,
                b',' => self.at += 1,
                _ => {
                    let name = if end == b'}' { self.take_name() } else { number.to_string() };
                    self.walk(&format!("{pointer}/{name}"));
                    number += 1;
                }
            }
        }
    }

    /// Passes the name of a member and the colon behind it.
    fn take_name(&mut self) -> String {
        let name: String = self.take().expect("in an object a name comes first");
        self.at = self.skip_space() + 1;
        name.replace('/', "~1")
    }

    /// Passes white space.
    fn skip_space(&mut self) -> usize {
        let rest = &self.text[self.at..];
        self.at = self.text.len() - rest.trim_start().len();
        self.at
    }

    /// Passes a value without members of its own.
    fn take<T: DeserializeOwned>(&mut self) -> Option<T> {
        let mut values = serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter();
        let value = values.next().and_then(Result::ok);
        self.at += values.byte_offset();
        value
    }
}
