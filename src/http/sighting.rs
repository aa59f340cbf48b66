//! What an answer says, read back: the counterpart of the encoder.
//!
//! A [`Sighting`] is an action object as it was seen, with the forms that were used for it, and small enough that
//! equal ones can be recognised. Whether it fits what the law would show is [`Sighting::fits`]; the questions of form
//! are answered by the rules there, as they are in the encoder. A member that is present must be right, one that is
//! left out is not missed but for the status (R-GET-FIELDS), and unknown members are ignored.

use serde_json::{Map, Value};

use super::{action_name, message_name};
use crate::model::{ActionView, ErrorCode, NodeAction, NodeUid, Progress, Slot, Status};
use crate::spec::Rules;
use crate::spec::rules::{ErrmsgName, NodeuidType, ProgressType};

/// What is said of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Said<T> {
    /// Nothing.
    Nothing,
    /// This.
    This(T),
    /// Something that nothing may say.
    Nonsense,
}

impl<T> Said<T> {
    /// What is said, if it is understood.
    pub fn understood(self) -> Option<T> {
        match self {
            Self::This(said) => Some(said),
            Self::Nothing | Self::Nonsense => None,
        }
    }
}

impl<T: PartialEq> Said<T> {
    /// Whether it is left out, or says this. What is left out asks nothing.
    pub fn may_be(&self, what: impl FnOnce() -> T) -> bool {
        match self {
            Self::Nothing => true,
            Self::This(said) => *said == what(),
            Self::Nonsense => false,
        }
    }
}

/// An action object as it was seen. The task id and the text of an error are not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sighting {
    /// `name`: one of the names that actions have.
    pub name: Said<&'static str>,
    /// `node_uid`, and the type of its JSON value.
    pub node: Said<(NodeUid, NodeuidType)>,
    /// `status`.
    pub status: Said<Status>,
    /// `progress`.
    pub progress: Said<SeenProgress>,
    /// `error_code`.
    pub error: Said<ErrorCode>,
    /// The name of the text of the error, if exactly one of the names that it may have is used.
    pub message: Option<ErrmsgName>,
}

/// A value of `progress` from 0 to 100, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SeenProgress {
    /// How it is written.
    pub form: ProgressForm,
    /// How far it is.
    pub amount: Amount,
}

/// How `progress` is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the types of JSON")]
pub enum ProgressForm {
    Integer,
    Fraction,
    Text,
}

/// How far an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "0, 100, or in between")]
pub enum Amount {
    None,
    Part,
    All,
}

/// Which member of an action object does not fit, in the order in which they are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names of the members")]
pub enum Member {
    Status,
    Name,
    NodeUid,
    Progress,
    ErrorCode,
}

impl Member {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Name => "name",
            Self::NodeUid => "node_uid",
            Self::Progress => "progress",
            Self::ErrorCode => "error_code",
        }
    }

    /// What is said about it.
    pub fn clauses(self) -> &'static [&'static str] {
        match self {
            Self::Status => &["OBJ-4", "LIFE-1"],
            Self::Name => &["OBJ-5", "R-NAME-REMOVE"],
            Self::NodeUid => &["OBJ-6", "R-NODEUID-TYPE"],
            Self::Progress => &["OBJ-1", "R-PROGRESS-VALUES"],
            Self::ErrorCode => &["OBJ-7", "R-ERRFIELDS"],
        }
    }
}

/// Where an action object stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// It is the whole answer.
    Single,
    /// It is an entry of a list, which need not carry the members of an error (R-ERRFIELDS).
    Entry,
}

/// The progress by which a model says that any value may be shown.
pub const ANY_PROGRESS: u16 = 5_000;

impl Sighting {
    /// Reads an action object.
    pub fn of(object: &Map<String, Value>) -> Self {
        let name = |value: &Value| NAMES.into_iter().find(|name| Some(*name) == value.as_str());
        let names = [ErrmsgName::ErrorMessage, ErrmsgName::Message, ErrmsgName::Description];
        let is_used = |name: &ErrmsgName| object.get(message_name(*name)).is_some_and(|text| !text.is_null());
        let mut used = names.into_iter().filter(is_used);
        Self {
            name: said(object, "name", name),
            node: said(object, "node_uid", node_uid),
            status: said(object, "status", |value| Status::from_name(value.as_str()?)),
            progress: said(object, "progress", progress),
            error: said(object, "error_code", error_code),
            message: used.next().filter(|_| used.next().is_none()),
        }
    }

    /// The slot that an entry of a list names; `None` if it names none, or is no action of this interface
    /// (R-LIST-INTERNAL).
    pub fn slot(&self, of_node: Option<NodeUid>) -> Option<Slot> {
        let Said::This(name) = self.name else { return None };
        if name == "change_master" {
            return Some(Slot::ChangeMaster);
        }
        let action =
            if name == "remove_node" { Some(NodeAction::Remove) } else { NodeAction::from_name(name) };
        let uid = match self.node {
            Said::This((uid, _)) => uid,
            Said::Nothing | Said::Nonsense => of_node?,
        };
        action.map(|action| Slot::Node(uid, action))
    }

    /// Whether an entry of a list does not say of which slot it is: its members need not be there (R-GET-FIELDS).
    pub fn is_nameless(&self, of_node: Option<NodeUid>) -> bool {
        self.name == Said::Nothing || (self.node == Said::Nothing && of_node.is_none())
    }

    /// The same with the uid of its node replaced; another node than `here` is nonsense.
    pub fn moved(self, here: NodeUid, to: NodeUid) -> Self {
        let node = match self.node {
            Said::This((uid, form)) if uid == here => Said::This((to, form)),
            Said::This(_) => Said::Nonsense,
            other => other,
        };
        Self { node, ..self }
    }

    /// Whether it can be what the law shows, under rules that settle the form. If not, the first member that differs.
    ///
    /// A view with a progress of [`ANY_PROGRESS`] allows every value from 0 to 100: growth and the values on the way
    /// are not judged (R-PROGRESS-VALUES).
    pub fn fits(&self, view: &ActionView, rules: &Rules, place: Place) -> Result<(), Member> {
        if self.status != Said::This(view.status) {
            return Err(Member::Status);
        }
        if !self.name.may_be(|| action_name(view.slot, rules)) {
            return Err(Member::Name);
        }
        if let Slot::Node(uid, _) = view.slot
            && !self.node.may_be(|| (uid, rules.nodeuid_type()))
        {
            return Err(Member::NodeUid);
        }
        match self.progress {
            Said::Nothing => {}
            Said::This(progress) if progress.fits(view.progress, rules) => {}
            Said::This(_) | Said::Nonsense => return Err(Member::Progress),
        }
        self.fits_error(view, rules, place)
    }

    fn fits_error(&self, view: &ActionView, rules: &Rules, place: Place) -> Result<(), Member> {
        match (view.error, self.error) {
            (None, Said::Nothing) => return Ok(()),
            (None, _) | (Some(_), Said::Nonsense) => return Err(Member::ErrorCode),
            // The pinned part of R-ERRFIELDS: a failed instance carries the code.
            (Some(_), Said::Nothing) if view.status == Status::Failed && place == Place::Single => {
                return Err(Member::ErrorCode);
            }
            // Which code an end without an error shows is said nowhere.
            (Some(code), Said::This(seen)) if view.status == Status::Failed && code != seen => {
                return Err(Member::ErrorCode);
            }
            (Some(_), _) => {}
        }
        match self.message {
            Some(name) if name != rules.errmsg_name() => Err(Member::ErrorCode),
            _ => Ok(()),
        }
    }
}

impl SeenProgress {
    fn fits(self, shown: Progress, rules: &Rules) -> bool {
        let form = match rules.progress_type() {
            ProgressType::Number => self.form != ProgressForm::Text,
            ProgressType::Int => self.form == ProgressForm::Integer,
            ProgressType::String => self.form == ProgressForm::Text,
        };
        form && match shown.hundredths() {
            ANY_PROGRESS => true,
            0 => self.amount == Amount::None,
            _ => self.amount == Amount::All,
        }
    }
}

/// The names that actions have on the wire.
const NAMES: [&str; 6] =
    ["enslave_node", "maintenance_off", "maintenance_on", "remove", "remove_node", "change_master"];

/// What a member says: nothing if it is left out, which some write as null.
fn said<T>(object: &Map<String, Value>, name: &str, read: impl Fn(&Value) -> Option<T>) -> Said<T> {
    match object.get(name) {
        None | Some(Value::Null) => Said::Nothing,
        Some(value) => read(value).map_or(Said::Nonsense, Said::This),
    }
}

fn node_uid(value: &Value) -> Option<(NodeUid, NodeuidType)> {
    match value {
        Value::String(text) => {
            let uid = text.parse().ok().map(NodeUid).filter(|uid| uid.to_string() == *text);
            Some((uid?, NodeuidType::String))
        }
        Value::Number(number) => {
            let uid = u32::try_from(number.as_u64()?).ok()?;
            Some((NodeUid(uid), NodeuidType::Integer))
        }
        _ => None,
    }
}

fn progress(value: &Value) -> Option<SeenProgress> {
    let (form, number) = match value {
        Value::Number(number) if number.is_u64() || number.is_i64() => {
            (ProgressForm::Integer, number.as_f64()?)
        }
        Value::Number(number) => (ProgressForm::Fraction, number.as_f64()?),
        Value::String(text) => (ProgressForm::Text, text.parse().ok()?),
        _ => return None,
    };
    let amount = match number {
        0.0 => Amount::None,
        100.0 => Amount::All,
        part if part > 0.0 && part < 100.0 => Amount::Part,
        _ => return None,
    };
    Some(SeenProgress { form, amount })
}

fn error_code(value: &Value) -> Option<ErrorCode> {
    let word = value.as_str()?;
    let known = ErrorCode::ALL.into_iter().find(|code| code.name() == word);
    Some(known.unwrap_or(ErrorCode::Unlisted))
}
