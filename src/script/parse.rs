//! From a line to its input.

use serde_json::Value;

use super::{BadLine, BadScript, word};
use crate::model::{Act, Body, Caller, Event, Header, Headers, Input, Method, Move, NodeAction, NodeUid};
use crate::model::{Path, Progress, Request, Role, Slot, Time};

/// Reads one line. Total: what is no input is a [`BadLine`].
pub fn parse(line: &str) -> Result<Act, BadLine> {
    parse_act(Words::new(line))
}

/// Reads lines. Blank ones and those that begin with `#` are skipped. `at TIME`, on a line of its own or before
/// an input, holds from there on; the first time is 0.
pub fn parse_script(text: &str) -> Result<Vec<Input>, BadScript> {
    let mut inputs = Vec::new();
    let mut at = Time::default();
    for (number, line) in text.lines().enumerate() {
        let act = parse_timed(line, &mut at).map_err(|bad| BadScript { line: number + 1, bad })?;
        inputs.extend(act.map(|act| Input { at, act }));
    }
    Ok(inputs)
}

fn parse_timed(line: &str, at: &mut Time) -> Result<Option<Act>, BadLine> {
    let mut words = Words::new(line);
    if words.rest().starts_with('#') {
        return Ok(None);
    }
    if words.skip_word("at") {
        *at = words.read("a time such as 5s, 1500ms or 5us", to_time)?;
    }
    if words.rest().is_empty() { Ok(None) } else { parse_act(words).map(Some) }
}

fn parse_act(mut words: Words<'_>) -> Result<Act, BadLine> {
    let first = words;
    let word = words.word();
    let act = match Method::from_name(word) {
        Some(method) => Act::Request(request(&mut words, method)?),
        None => Act::Event(event(&mut words, first, word)?),
    };
    if !words.rest().is_empty() {
        let more = match &act {
            Act::Request(_) => {
                "a caller, a content type, an accepted type, in this order, or the end of the line"
            }
            Act::Event(_) => "the end of the line",
        };
        return Err(words.bad(more));
    }
    Ok(act)
}

fn request(words: &mut Words<'_>, method: Method) -> Result<Request, BadLine> {
    Ok(Request {
        method,
        path: Path::new(&words.text("a path")?),
        body: body(words)?,
        caller: caller(words)?,
        headers: Headers { content_type: header(words, "content-type")?, accept: header(words, "accept")? },
    })
}

fn body(words: &mut Words<'_>) -> Result<Body, BadLine> {
    if words.skip_word("text") {
        return words.quoted("a text in quotes").map(|text| Body::Text(text.into()));
    }
    match words.clone().word() {
        "" | "as" | "without" | "with" | "no" | "content-type" | "accept" => Ok(Body::Absent),
        _ => words.json("a body (JSON, or `text` and a string), a caller or a header").map(Body::Json),
    }
}

fn caller(words: &mut Words<'_>) -> Result<Caller, BadLine> {
    let caller = if words.skip_word("as") {
        return words.read(&roles(), Role::from_name).map(Caller::Role);
    } else if words.skip_word("without") {
        Caller::Missing
    } else if words.skip_word("with") {
        words.demand("wrong")?;
        Caller::Wrong
    } else {
        return Ok(Caller::Role(Role::Admin));
    };
    words.demand("credentials")?;
    Ok(caller)
}

fn roles() -> String {
    format!("a role ({})", Role::ALL.map(Role::name).join(", "))
}

fn header(words: &mut Words<'_>, name: &str) -> Result<Header, BadLine> {
    let mut ahead = *words;
    if ahead.skip_word("no") && ahead.skip_word(name) {
        *words = ahead;
        Ok(Header::Missing)
    } else if words.skip_word(name) {
        words.text("the value of the header").map(|text| Header::Other(text.into()))
    } else {
        Ok(Header::Usual)
    }
}

fn event(words: &mut Words<'_>, first: Words<'_>, word: &str) -> Result<Event, BadLine> {
    if let Some(step) = word::to_move(word) {
        return Ok(Event::Task(slot(words)?, step));
    }
    if let Some(event) = word::to_node_event(word) {
        return uid(words).map(event);
    }
    if let Some(step) = word::to_data_move(word) {
        return Ok(Event::Task(slot(words)?, numbered(words, step)?));
    }
    if let Some(event) = word::to_data_event(word) {
        return numbered(words, event);
    }
    match word {
        word::PROGRESS => {
            let slot = slot(words)?;
            let progress = words.read("a percentage such as 12.5%, at most 100%", to_percent)?;
            Ok(Event::Task(slot, Move::Progress(progress)))
        }
        word::FAIL => {
            let slot = slot(words)?;
            let code = words.read("an error code such as internal_error", word::to_error_code)?;
            Ok(Event::Task(slot, Move::Fail(code)))
        }
        word::CREATE_SNAPSHOT => {
            let uid = uid(words)?;
            let name = words.quoted("the name of the snapshot in quotes")?;
            Ok(Event::CreateSnapshot(uid, name.into()))
        }
        _ => {
            let events: Vec<_> = word::events().collect();
            Err(first.bad(&format!("a method or an event ({})", events.join(", "))))
        }
    }
}

fn numbered<T>(words: &mut Words<'_>, of: &word::Numbered<T>) -> Result<T, BadLine> {
    let numbers = of.members.iter().map(|member| words.read(word::meaning(member), word::to_number));
    numbers.collect::<Result<Vec<_>, _>>().map(|numbers| (of.make)(&numbers))
}

fn slot(words: &mut Words<'_>) -> Result<Slot, BadLine> {
    if words.skip_word("cluster") {
        words.demand("change_master")?;
        return Ok(Slot::ChangeMaster);
    }
    words.demand("node").map_err(|bad| BadLine { expected: "`node` or `cluster`".to_owned(), ..bad })?;
    let uid = uid(words)?;
    let actions = format!("a node action ({})", NodeAction::ALL.map(NodeAction::name).join(", "));
    words.read(&actions, NodeAction::from_name).map(|action| Slot::Node(uid, action))
}

fn uid(words: &mut Words<'_>) -> Result<NodeUid, BadLine> {
    words.read("the number of a node", word::to_uid)
}

fn to_time(word: &str) -> Option<Time> {
    let (digits, unit) = word.split_at(word.find(|letter: char| !letter.is_ascii_digit())?);
    let micros = match unit {
        "s" => 1_000_000,
        "ms" => 1_000,
        "us" => 1,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(micros).map(Time)
}

fn to_percent(word: &str) -> Option<Progress> {
    let number = word.strip_suffix('%')?;
    let (percent, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(percent) || !is_digits(fraction) || fraction.len() > 2 {
        return None;
    }
    let rest: u16 = format!("{fraction:0<2}").parse().ok()?;
    let hundredths = percent.parse::<u16>().ok()?.checked_mul(100)?.checked_add(rest)?;
    Progress::new(hundredths)
}

/// A place in a line, with nothing but what follows ahead.
#[derive(Clone, Copy)]
struct Words<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    fn new(line: &'a str) -> Self {
        Self { line, at: 0 }.after(0)
    }

    /// The place so many bytes on, and past the white space there.
    fn after(self, bytes: usize) -> Self {
        let rest = &self.line[self.at + bytes..];
        Self { at: self.line.len() - rest.trim_start().len(), ..self }
    }

    fn rest(&self) -> &'a str {
        &self.line[self.at..]
    }

    /// The next word; empty at the end.
    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let word = rest.split(char::is_whitespace).next().unwrap_or_default();
        *self = self.after(word.len());
        word
    }

    /// Passes this word, if it comes next.
    fn skip_word(&mut self, word: &str) -> bool {
        let mut ahead = *self;
        let comes = ahead.word() == word;
        if comes {
            *self = ahead;
        }
        comes
    }

    fn demand(&mut self, word: &str) -> Result<(), BadLine> {
        let bad = self.bad(&format!("`{word}`"));
        if self.skip_word(word) { Ok(()) } else { Err(bad) }
    }

    /// The next word, understood.
    fn read<T>(&mut self, expected: &str, meaning: impl Fn(&str) -> Option<T>) -> Result<T, BadLine> {
        let before = *self;
        meaning(self.word()).ok_or_else(|| before.bad(expected))
    }

    /// A text in quotes, or one word.
    fn text(&mut self, expected: &str) -> Result<String, BadLine> {
        if self.rest().starts_with('"') {
            return self.quoted(expected);
        }
        self.read(expected, |word| (!word.is_empty()).then(|| word.to_owned()))
    }

    fn quoted(&mut self, expected: &str) -> Result<String, BadLine> {
        let before = *self;
        match self.json(expected)? {
            Value::String(text) => Ok(text),
            _ => Err(before.bad(expected)),
        }
    }

    /// A JSON value, up to white space or the end.
    fn json(&mut self, expected: &str) -> Result<Value, BadLine> {
        let mut values = serde_json::Deserializer::from_str(self.rest()).into_iter();
        let value = values.next().and_then(Result::ok);
        let length = values.byte_offset();
        let ends =
            self.rest().get(length..).is_some_and(|next| !next.starts_with(|c: char| !c.is_whitespace()));
        let value = value.filter(|_| ends).ok_or_else(|| self.bad(expected))?;
        *self = self.after(length);
        Ok(value)
    }

    fn bad(&self, expected: &str) -> BadLine {
        const LETTERS_MAX: usize = 60;
        let found = match self.clone().word() {
            "" => "the end of the line".to_owned(),
            word => {
                let head: String = word.chars().take(LETTERS_MAX).collect();
                format!("`{}`", head.replace(char::is_control, "\u{fffd}"))
            }
        };
        let column = self.line[..self.at].chars().count() + 1;
        BadLine { column, expected: expected.to_owned(), found }
    }
}
