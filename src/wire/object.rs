//! A JSON object that is being read: each member is taken by name, and what is left over is kept.
//!
//! Every object knows its place in the line (a JSON pointer), so that an error can name it and an unknown member
//! can be put back there.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

/// As many members as most lines have at most.
const MEMBERS: usize = 8;

/// What is wrong in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bad {
    pub(crate) place: String,
    pub(crate) expected: String,
    pub(crate) found: String,
}

impl Bad {
    /// Says so. What would break the line or the terminal is made visible.
    pub(crate) fn new(place: &str, expected: &str, found: impl Into<String>) -> Self {
        let printable = |text: String| text.replace(char::is_control, "\u{fffd}");
        let (place, found) = (printable(place.to_owned()), printable(found.into()));
        Self { place, expected: expected.to_owned(), found }
    }
}

/// Members that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Unknown(Vec<Member>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    /// The object it belongs to.
    place: String,
    name: String,
    value: Value,
    /// Whether that object is written only if there is something in it.
    is_optional: bool,
}

impl Unknown {
    /// Whether a member belongs to an object inside this place.
    pub(crate) fn is_below(&self, place: &str) -> bool {
        self.0.iter().any(|member| member.place.starts_with(place))
    }

    /// Says so of the first member, where none is allowed.
    pub(crate) fn refuse(&self) -> Result<(), Bad> {
        self.0.first().map_or(Ok(()), |Member { place, name, value, .. }| {
            Err(Bad::new(&format!("{place}/{name}"), "no member of this name", excerpt(value)))
        })
    }

    /// Puts the members back where they were, if their object still exists. What is known wins.
    pub(crate) fn restore(&self, line: &mut Value) {
        for member in &self.0 {
            if let (true, Some((around, name))) = (member.is_optional, member.place.rsplit_once('/'))
                && let Some(Value::Object(around)) = line.pointer_mut(around)
            {
                around.entry(name).or_insert_with(|| Value::Object(Map::new()));
            }
            if let Some(Value::Object(object)) = line.pointer_mut(&member.place) {
                object.entry(&member.name).or_insert_with(|| member.value.clone());
            }
        }
    }
}

/// An object of which some members are read already.
pub(crate) struct Object {
    place: String,
    /// In their order. An object has few members, so that looking for one is faster than hashing its name.
    members: Vec<(String, Value)>,
}

impl Object {
    pub(crate) fn new(place: String, value: Value) -> Result<Self, Bad> {
        match value {
            Value::Object(members) => Ok(Self { place, members: members.into_iter().collect() }),
            other => Err(Bad::new(&place, "an object", excerpt(&other))),
        }
    }

    /// The object that a text holds; none if it is no JSON, or another value.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let Members(members) = serde_json::from_str(text).ok()?;
        Some(Self { place: String::new(), members })
    }

    /// Takes a member as it is. Of several with one name the last counts.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        let mut taken = None;
        self.members.retain_mut(|(other, value)| {
            let is_other = other != name;
            if !is_other {
                taken = Some(value.take());
            }
            is_other
        });
        taken
    }

    /// Takes a member that may be left out, understood.
    pub(crate) fn optional<T>(
        &mut self,
        name: &str,
        expected: &str,
        meaning: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, Bad> {
        let Some(value) = self.take(name) else { return Ok(None) };
        match meaning(&value) {
            Some(meaning) => Ok(Some(meaning)),
            None => Err(self.bad(name, expected, Some(&value))),
        }
    }

    /// Takes a member that must be there, understood.
    pub(crate) fn required<T>(
        &mut self,
        name: &str,
        expected: &str,
        meaning: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<T, Bad> {
        self.optional(name, expected, meaning)?.ok_or_else(|| self.bad(name, expected, None))
    }

    /// Takes a boolean; false if left out.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, Bad> {
        Ok(self.maybe_flag(name)?.unwrap_or(false))
    }

    pub(crate) fn maybe_flag(&mut self, name: &str) -> Result<Option<bool>, Bad> {
        self.optional(name, "true or false", Value::as_bool)
    }

    /// Takes a small number; zero if left out.
    pub(crate) fn small(&mut self, name: &str) -> Result<u8, Bad> {
        let small = |value: &Value| u8::try_from(value.as_u64()?).ok();
        Ok(self.optional(name, "a number from 0 to 255", small)?.unwrap_or(0))
    }

    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, Bad> {
        self.optional(name, "a string", |value| value.as_str().map(str::to_owned))
    }

    /// Takes a member that is an object itself.
    pub(crate) fn object(&mut self, name: &str) -> Result<Option<Self>, Bad> {
        self.take(name).map(|value| Self::new(self.place_of(name), value)).transpose()
    }

    /// Takes a member that is an object itself; an empty one if left out.
    pub(crate) fn object_or_empty(&mut self, name: &str) -> Result<Self, Bad> {
        let place = self.place_of(name);
        Ok(self.object(name)?.unwrap_or(Self { place, members: Vec::new() }))
    }

    /// Takes a list of objects; empty if left out.
    pub(crate) fn objects(&mut self, name: &str) -> Result<Vec<Self>, Bad> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items
                .into_iter()
                .enumerate()
                .map(|(at, item)| Self::new(format!("{}/{at}", self.place_of(name)), item))
                .collect(),
            Some(other) => Err(self.bad(name, "a list of objects", Some(&other))),
        }
    }

    /// A list is kept in the order of uids, and unknown members find their way back by their place in it.
    pub(crate) fn check_order(&self, name: &str, uids: impl Iterator<Item = u32>) -> Result<(), Bad> {
        let uids: Vec<_> = uids.collect();
        match uids.windows(2).find(|pair| pair[0] > pair[1]) {
            Some(pair) => {
                let found = format!("{} before {}", pair[0], pair[1]);
                Err(Bad::new(&self.place_of(name), "the order of the uids", found))
            }
            None => Ok(()),
        }
    }

    pub(crate) fn peek(&self, name: &str) -> Option<&Value> {
        self.members.iter().rev().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.peek(name).is_some()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| name.as_str())
    }

    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// Takes all members that are left.
    pub(crate) fn rest(self) -> Vec<(String, Value)> {
        self.members
    }

    /// Keeps what is left.
    pub(crate) fn finish(self, unknown: &mut Unknown) {
        self.keep(unknown, false);
    }

    /// Keeps what is left of an object that is written only if there is something in it.
    pub(crate) fn finish_optional(self, unknown: &mut Unknown) {
        self.keep(unknown, true);
    }

    fn keep(self, unknown: &mut Unknown, is_optional: bool) {
        let Self { place, members } = self;
        let kept = members.into_iter();
        unknown.0.extend(kept.map(|(name, value)| Member { place: place.clone(), name, value, is_optional }));
    }

    pub(crate) fn bad(&self, name: &str, expected: &str, found: Option<&Value>) -> Bad {
        Bad::new(&self.place_of(name), expected, found.map_or("nothing".to_owned(), excerpt))
    }

    fn place_of(&self, name: &str) -> String {
        format!("{}/{name}", self.place)
    }
}

/// The members of an object, in their order.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::with_capacity(MEMBERS);
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

/// A value, short enough for a message.
pub(crate) fn excerpt(value: &Value) -> String {
    shorten(&value.to_string())
}

/// A text, short enough for a message.
pub(crate) fn shorten(text: &str) -> String {
    const LETTERS_MAX: usize = 60;
    let mut letters = text.chars();
    let head: String = letters.by_ref().take(LETTERS_MAX).collect();
    let more = if letters.next().is_some() { "…" } else { "" };
    format!("`{head}{more}`")
}
