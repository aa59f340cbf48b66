//! The pattern language of a corpus: what a JSON value may be.
//!
//! A pattern is a JSON object with one member, whose name says what it is:
//!
//! | pattern | matches |
//! |---|---|
//! | `{"any":true}` | every value |
//! | `{"is":V}` | the value V; numbers are equal if their values are |
//! | `{"in":[V,W]}` | one of these values |
//! | `{"prefix":"x"}` | a string that begins so |
//! | `{"number":[A,B]}` | a number from A to B |
//! | `{"integer":[A,B]}` | the same, written without a fraction |
//! | `{"numeral":[A,B]}` | a string that reads as such a number |
//! | `{"id":"t1"}` | the value that was bound to this name; see below |
//! | `{"not":P}` | what P does not match; nothing is bound |
//! | `{"object":{...}}` | an object with these members; others are ignored |
//! | `{"object?":{...}}` | the same, and everything that is no object |
//! | `{"array":[G,...]}` | an array whose elements are sorted into these groups |
//!
//! A member `"name"` of an object pattern must be there and match, `"name?"` may be left out, `"name!"` must not be there.
//! To be `null` is to be left out.
//!
//! An element of an array belongs to the first group whose `pick` it matches; to none if it matches none, and is ignored
//! then. A group has one more member: `{"pick":P,"one":Q}`, it has exactly one element, and that matches Q;
//! `{"pick":P,"some":true}`, it has at least one; `{"pick":P,"none":true}`, it has none.
//!
//! Names are bound for one run of one case. An `id` that meets a value for the first time binds its name to it, if no
//! other name is bound to that value; otherwise it does not match. From then on it matches that value only. `null` says
//! nothing: it matches and binds nothing. A value that is no string counts as its JSON text. What was bound in a match
//! that failed in the end is forgotten.

mod file;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What a JSON value may be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Every value.
    Any,
    /// This value.
    Is(Value),
    /// One of these values.
    In(Vec<Value>),
    /// A string that begins so.
    Prefix(String),
    /// A number within these bounds.
    Within(Form, u32, u32),
    /// The value that is bound to this name.
    Id(String),
    /// What this does not match.
    Not(Box<Self>),
    /// An object with these members.
    Object(Vec<Member>),
    /// The same, or no object at all.
    IfObject(Vec<Member>),
    /// An array whose elements are sorted into these groups.
    Array(Vec<Group>),
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words of the language")]
pub enum Form {
    Number,
    Integer,
    Numeral,
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Whether it is there.
    pub need: Need,
}

/// Whether a member is there, and what it may be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Need {
    /// It must be there.
    Required(Pattern),
    /// It may be left out.
    Optional(Pattern),
    /// It must not be there.
    Forbidden,
}

/// Elements of an array.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Group {
    /// Which elements are meant, of those that no group before it took.
    pub pick: Pattern,
    /// How many there are.
    pub count: Count,
}

/// How many elements a group has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Count {
    /// Exactly one, which is this.
    One(Pattern),
    /// At least one.
    Some,
    /// None.
    None,
}

/// What the names are bound to.
pub type Bound = BTreeMap<String, String>;

impl Member {
    pub(super) fn required(name: &str, pattern: Pattern) -> Self {
        Self { name: name.to_owned(), need: Need::Required(pattern) }
    }

    pub(super) fn optional(name: &str, pattern: Pattern) -> Self {
        Self { name: name.to_owned(), need: Need::Optional(pattern) }
    }

    pub(super) fn forbidden(name: &str) -> Self {
        Self { name: name.to_owned(), need: Need::Forbidden }
    }
}

impl Pattern {
    /// Whether it matches a value. Names are bound; on failure what was bound is worth nothing.
    pub fn matches(&self, value: &Value, bound: &mut Bound) -> bool {
        match self {
            Self::Any => true,
            Self::Is(due) => equal(due, value),
            Self::In(all) => all.iter().any(|due| equal(due, value)),
            Self::Prefix(prefix) => value.as_str().is_some_and(|text| text.starts_with(prefix.as_str())),
            Self::Within(form, from, to) => {
                let number = form.read(value);
                number.is_some_and(|number| number >= f64::from(*from) && number <= f64::from(*to))
            }
            Self::Id(name) => is_bound(name, value, bound),
            Self::Not(pattern) => !pattern.matches(value, &mut bound.clone()),
            Self::Object(members) => {
                value.as_object().is_some_and(|object| members.iter().all(|it| it.is_in(object, bound)))
            }
            Self::IfObject(members) => {
                value.as_object().is_none_or(|object| members.iter().all(|it| it.is_in(object, bound)))
            }
            Self::Array(groups) => value.as_array().is_some_and(|elements| sorts(groups, elements, bound)),
        }
    }
}

/// Whether a value is what a name is bound to, or can be from now on.
fn is_bound(name: &str, value: &Value, bound: &mut Bound) -> bool {
    let text = match value {
        Value::Null => return true,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match bound.get(name) {
        Some(known) => *known == text,
        None if bound.values().any(|other| *other == text) => false,
        None => bound.insert(name.to_owned(), text).is_none(),
    }
}

fn sorts(groups: &[Group], elements: &[Value], bound: &mut Bound) -> bool {
    let mut sorted: Vec<Vec<&Value>> = vec![Vec::new(); groups.len()];
    for element in elements {
        let picks = |group: &Group| group.pick.matches(element, &mut bound.clone());
        if let Some(at) = groups.iter().position(picks) {
            sorted[at].push(element);
        }
    }
    groups.iter().zip(&sorted).all(|(group, elements)| match (&group.count, elements.as_slice()) {
        (Count::One(pattern), [one]) => pattern.matches(one, bound),
        (Count::One(_), _) => false,
        (Count::Some, elements) => !elements.is_empty(),
        (Count::None, elements) => elements.is_empty(),
    })
}

impl Member {
    fn is_in(&self, object: &Map<String, Value>, bound: &mut Bound) -> bool {
        match (&self.need, object.get(&self.name).filter(|value| !value.is_null())) {
            (Need::Required(pattern) | Need::Optional(pattern), Some(value)) => pattern.matches(value, bound),
            (Need::Required(_), None) | (Need::Forbidden, Some(_)) => false,
            (Need::Optional(_) | Need::Forbidden, None) => true,
        }
    }
}

impl Form {
    fn read(self, value: &Value) -> Option<f64> {
        match (self, value) {
            (Self::Number, Value::Number(number)) => number.as_f64(),
            (Self::Integer, Value::Number(number)) if number.is_u64() || number.is_i64() => number.as_f64(),
            (Self::Numeral, Value::String(text)) => text.parse().ok(),
            _ => None,
        }
    }
}

/// Numbers are equal if their values are.
fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}
