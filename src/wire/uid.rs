//! Uids: strings of digits, as they stand in paths.

use serde_json::Value;

use crate::model::NodeUid;
use crate::script::word;

/// The number that a value names.
pub(crate) fn to_number(value: &Value) -> Option<u32> {
    word::to_number(value.as_str()?)
}

/// The node that a value names.
pub(crate) fn to_uid(value: &Value) -> Option<NodeUid> {
    word::to_uid(value.as_str()?)
}
