//! A JSON object that is being read: each member is taken by name, and what is left over is kept.
//!
//! Every object knows its place in the line (a JSON pointer), so that an error can name it and an unknown member
//! can be put back there.

use serde_json::{Map, Value};

/// What is wrong in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bad {
    pub(super) place: String,
    pub(super) expected: String,
    pub(super) found: String,
}

impl Bad {
    /// Says so. What would break the line or the terminal is made visible.
    pub(super) fn new(place: &str, expected: &str, found: impl Into<String>) -> Self {
        let printable = |text: String| text.replace(char::is_control, "\u{fffd}");
        let (place, found) = (printable(place.to_owned()), printable(found.into()));
        Self { place, expected: expected.to_owned(), found }
    }
}

/// Members that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Unknown(Vec<Member>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    /// The object it belongs to.
    place: String,
    name: String,
    value: Value,
}

impl Unknown {
    /// Whether a member belongs to an object inside this place.
    pub(super) fn is_below(&self, place: &str) -> bool {
        self.0.iter().any(|member| member.place.starts_with(place))
    }

    /// Says so of the first member, where none is allowed.
    pub(super) fn refuse(&self) -> Result<(), Bad> {
        self.0.first().map_or(Ok(()), |Member { place, name, value }| {
            Err(Bad::new(&format!("{place}/{name}"), "no member of this name", excerpt(value)))
        })
    }

    /// Puts the members back where they were, if their object still exists. What is known wins.
    pub(super) fn restore(&self, line: &mut Value) {
        for member in &self.0 {
            if let Some(Value::Object(object)) = line.pointer_mut(&member.place) {
                object.entry(&member.name).or_insert_with(|| member.value.clone());
            }
        }
    }
}

/// An object of which some members are read already.
pub(super) struct Object {
    place: String,
    members: Map<String, Value>,
}

impl Object {
    pub(super) fn new(place: String, value: Value) -> Result<Self, Bad> {
        match value {
            Value::Object(members) => Ok(Self { place, members }),
            other => Err(Bad::new(&place, "an object", excerpt(&other))),
        }
    }

    /// Takes a member as it is.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        // `remove` would reorder what is left.
        self.members.shift_remove(name)
    }

    /// Takes a member that may be left out, understood.
    pub(super) fn optional<T>(
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
    pub(super) fn required<T>(
        &mut self,
        name: &str,
        expected: &str,
        meaning: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<T, Bad> {
        self.optional(name, expected, meaning)?.ok_or_else(|| self.bad(name, expected, None))
    }

    /// Takes a boolean; false if left out.
    pub(super) fn flag(&mut self, name: &str) -> Result<bool, Bad> {
        Ok(self.maybe_flag(name)?.unwrap_or(false))
    }

    pub(super) fn maybe_flag(&mut self, name: &str) -> Result<Option<bool>, Bad> {
        self.optional(name, "true or false", Value::as_bool)
    }

    /// Takes a small number; zero if left out.
    pub(super) fn small(&mut self, name: &str) -> Result<u8, Bad> {
        let small = |value: &Value| u8::try_from(value.as_u64()?).ok();
        Ok(self.optional(name, "a number from 0 to 255", small)?.unwrap_or(0))
    }

    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Bad> {
        self.optional(name, "a string", |value| value.as_str().map(str::to_owned))
    }

    /// Takes a member that is an object itself.
    pub(super) fn object(&mut self, name: &str) -> Result<Option<Self>, Bad> {
        let place = self.place_of(name);
        self.take(name).map(|value| Self::new(place, value)).transpose()
    }

    /// Takes a member that is an object itself; an empty one if left out.
    pub(super) fn object_or_empty(&mut self, name: &str) -> Result<Self, Bad> {
        let place = self.place_of(name);
        Ok(self.object(name)?.unwrap_or(Self { place, members: Map::new() }))
    }

    /// Takes a list of objects; empty if left out.
    pub(super) fn objects(&mut self, name: &str) -> Result<Vec<Self>, Bad> {
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
    pub(super) fn check_order(&self, name: &str, uids: impl Iterator<Item = u32>) -> Result<(), Bad> {
        let uids: Vec<_> = uids.collect();
        match uids.windows(2).find(|pair| pair[0] > pair[1]) {
            Some(pair) => {
                let found = format!("{} before {}", pair[0], pair[1]);
                Err(Bad::new(&self.place_of(name), "the order of the uids", found))
            }
            None => Ok(()),
        }
    }

    pub(super) fn peek(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// Takes all members that are left.
    pub(super) fn rest(self) -> Map<String, Value> {
        self.members
    }

    /// Keeps what is left.
    pub(super) fn finish(self, unknown: &mut Unknown) {
        let Self { place, members } = self;
        unknown.0.extend(members.into_iter().map(|(name, value)| Member {
            place: place.clone(),
            name,
            value,
        }));
    }

    pub(super) fn bad(&self, name: &str, expected: &str, found: Option<&Value>) -> Bad {
        Bad::new(&self.place_of(name), expected, found.map_or("nothing".to_owned(), excerpt))
    }

    fn place_of(&self, name: &str) -> String {
        format!("{}/{name}", self.place)
    }
}

/// A value, short enough for a message.
pub(super) fn excerpt(value: &Value) -> String {
    shorten(&value.to_string())
}

/// A text, short enough for a message.
pub(super) fn shorten(text: &str) -> String {
    const LETTERS_MAX: usize = 60;
    let mut letters = text.chars();
    let head: String = letters.by_ref().take(LETTERS_MAX).collect();
    let more = if letters.next().is_some() { "…" } else { "" };
    format!("`{head}{more}`")
}
