//! Responses in a file: status, body, and the methods of an `Allow` header.

use serde_json::{Map, Value};

use super::object::{Bad, Object};
use crate::model::Method;

/// Takes the status code.
pub(crate) fn status(object: &mut Object) -> Result<u16, Bad> {
    object.required("status", "a status code from 100 to 599", |value| {
        let status = u16::try_from(value.as_u64()?).ok()?;
        (100..600).contains(&status).then_some(status)
    })
}

/// Takes the methods of the `Allow` header; none if it was left out.
pub(crate) fn allow(object: &mut Object) -> Result<Vec<Method>, Bad> {
    let methods = |value: &Value| {
        let names = value.as_array()?.iter();
        names.map(|name| Method::from_name(name.as_str()?)).collect::<Option<Vec<_>>>()
    };
    Ok(object.optional("allow", "a list of methods", methods)?.unwrap_or_default())
}

/// Puts the methods of an `Allow` header, if there are any.
pub(crate) fn put_allow(allow: &[Method], members: &mut Map<String, Value>) {
    if !allow.is_empty() {
        members.insert("allow".to_owned(), allow.iter().map(|method| method.name()).collect());
    }
}
