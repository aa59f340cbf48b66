//! Patterns as JSON.

use serde_json::{Map, Value, json};

use super::{Count, Form, Group, Member, Need, Pattern};
use crate::wire::object::{Bad, excerpt};

impl Form {
    const ALL: [(Self, &str); 3] =
        [(Self::Number, "number"), (Self::Integer, "integer"), (Self::Numeral, "numeral")];
}

impl Pattern {
    /// The pattern as it stands in a file.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Any => json!({ "any": true }),
            Self::Is(value) => json!({ "is": value }),
            Self::In(values) => json!({ "in": values }),
            Self::Prefix(text) => json!({ "prefix": text }),
            Self::Within(form, from, to) => {
                let named = Form::ALL.into_iter().find(|(known, _)| known == form);
                let (_, name) = named.expect("all forms have a name");
                json!({ name: [from, to] })
            }
            Self::Id(name) => json!({ "id": name }),
            Self::Not(pattern) => json!({ "not": pattern.to_json() }),
            Self::Object(members) => json!({ "object": members_json(members) }),
            Self::IfObject(members) => json!({ "object?": members_json(members) }),
            Self::Array(groups) => json!({ "array": groups.iter().map(Group::to_json).collect::<Vec<_>>() }),
        }
    }

    /// Reads a pattern that stands at this place.
    pub(in super::super) fn read(value: &Value, place: &str) -> Result<Self, Bad> {
        let expected = "a pattern: an object with one member";
        let bad = |expected: &str| Bad::new(place, expected, excerpt(value));
        let object = value.as_object().filter(|object| object.len() == 1);
        let (word, inner) = object.and_then(|object| object.iter().next()).ok_or_else(|| bad(expected))?;
        let place = format!("{place}/{word}");
        let list = || inner.as_array().ok_or_else(|| Bad::new(&place, "a list", excerpt(inner)));
        let text = || inner.as_str().ok_or_else(|| Bad::new(&place, "a string", excerpt(inner)));
        if let Some((form, _)) = Form::ALL.into_iter().find(|(_, name)| name == word) {
            let bounds: Option<Vec<u32>> =
                list()?.iter().map(|it| it.as_u64().and_then(|it| u32::try_from(it).ok())).collect();
            return match bounds.as_deref() {
                Some([from, to]) => Ok(Self::Within(form, *from, *to)),
                _ => Err(Bad::new(&place, "two bounds", excerpt(inner))),
            };
        }
        Ok(match word.as_str() {
            "any" => Self::Any,
            "is" => Self::Is(inner.clone()),
            "in" => Self::In(list()?.clone()),
            "prefix" => Self::Prefix(text()?.to_owned()),
            "id" => Self::Id(text()?.to_owned()),
            "not" => Self::Not(Box::new(Self::read(inner, &place)?)),
            "object" => Self::Object(members(inner, &place)?),
            "object?" => Self::IfObject(members(inner, &place)?),
            "array" => {
                let groups = list()?.iter().enumerate();
                Self::Array(
                    groups
                        .map(|(at, group)| Group::read(group, &format!("{place}/{at}")))
                        .collect::<Result<_, _>>()?,
                )
            }
            _ => return Err(bad("a word of the pattern language")),
        })
    }
}

fn members_json(members: &[Member]) -> Value {
    let member = |member: &Member| {
        let name = &member.name;
        match &member.need {
            Need::Required(pattern) => (name.clone(), pattern.to_json()),
            Need::Optional(pattern) => (format!("{name}?"), pattern.to_json()),
            Need::Forbidden => (format!("{name}!"), true.into()),
        }
    };
    Value::Object(members.iter().map(member).collect::<Map<_, _>>())
}

fn members(value: &Value, place: &str) -> Result<Vec<Member>, Bad> {
    let object = value.as_object().ok_or_else(|| Bad::new(place, "an object", excerpt(value)))?;
    let member = |(name, value): (&String, &Value)| {
        let pattern = || Pattern::read(value, &format!("{place}/{name}"));
        Ok(match (name.strip_suffix('?'), name.strip_suffix('!')) {
            (Some(name), _) => Member::optional(name, pattern()?),
            (None, Some(name)) => Member::forbidden(name),
            (None, None) => Member::required(name, pattern()?),
        })
    };
    object.iter().map(member).collect()
}

impl Group {
    fn to_json(&self) -> Value {
        let pick = self.pick.to_json();
        match &self.count {
            Count::One(pattern) => json!({ "pick": pick, "one": pattern.to_json() }),
            Count::Some => json!({ "pick": pick, "some": true }),
            Count::None => json!({ "pick": pick, "none": true }),
        }
    }

    fn read(value: &Value, place: &str) -> Result<Self, Bad> {
        let bad = || Bad::new(place, "a group: pick, and one, some or none", excerpt(value));
        let object = value.as_object().filter(|object| object.len() == 2).ok_or_else(bad)?;
        let pick = Pattern::read(object.get("pick").ok_or_else(bad)?, &format!("{place}/pick"))?;
        let count = if let Some(one) = object.get("one") {
            Count::One(Pattern::read(one, &format!("{place}/one"))?)
        } else if object.contains_key("some") {
            Count::Some
        } else if object.contains_key("none") {
            Count::None
        } else {
            return Err(bad());
        };
        Ok(Self { pick, count })
    }
}
