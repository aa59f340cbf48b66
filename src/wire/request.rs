//! Requests in a file.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::object::{Bad, Object, Unknown};
use crate::model::{Body, Caller, Header, Headers, Method, Path, Request, Role};

static METHODS: LazyLock<String> =
    LazyLock::new(|| format!("a method ({})", Method::ALL.map(Method::name).join(", ")));

static ROLES: LazyLock<String> =
    LazyLock::new(|| format!("null or a role ({})", Role::ALL.map(Role::name).join(", ")));

/// Takes the members of a request.
pub(crate) fn read(object: &mut Object, unknown: &mut Unknown) -> Result<Request, Bad> {
    let method = |value: &Value| Method::from_name(value.as_str()?);
    Ok(Request {
        method: object.required("method", &METHODS, method)?,
        path: object.required("path", "a path", |value| value.as_str().map(Path::new))?,
        caller: caller(object)?,
        headers: headers(object, unknown)?,
        body: body(object)?,
    })
}

/// An absent role means admin, null means that nobody was authenticated.
fn caller(object: &mut Object) -> Result<Caller, Bad> {
    let role = object.optional("role", &ROLES, |value| match value {
        Value::Null => Some(None),
        value => Role::from_name(value.as_str()?).map(Some),
    })?;
    let expected = if role == Some(None) { "missing or wrong" } else { "nothing, unless the role is null" };
    let credentials = object.optional("credentials", expected, |value| match value.as_str()? {
        "missing" if role == Some(None) => Some(Caller::Missing),
        "wrong" if role == Some(None) => Some(Caller::Wrong),
        _ => None,
    })?;
    Ok(match role {
        None => Caller::Role(Role::Admin),
        Some(Some(role)) => Caller::Role(role),
        Some(None) => credentials.unwrap_or(Caller::Missing),
    })
}

fn headers(object: &mut Object, unknown: &mut Unknown) -> Result<Headers, Bad> {
    let Some(mut object) = object.object("headers")? else { return Ok(Headers::default()) };
    let headers = Headers {
        content_type: header(&mut object, "content-type")?,
        accept: header(&mut object, "accept")?,
    };
    object.finish_optional(unknown);
    Ok(headers)
}

/// Takes a header. Its name may be written in any case; null means that it was left out.
fn header(object: &mut Object, name: &str) -> Result<Header, Bad> {
    let Some(written) = object.names().find(|written| written.eq_ignore_ascii_case(name)) else {
        return Ok(Header::Usual);
    };
    let written = written.to_owned();
    object.required(&written, "a string or null", |value| match value {
        Value::Null => Some(Header::Missing),
        value => value.as_str().map(|text| Header::Other(text.into())),
    })
}

/// Takes a body: JSON, or text in a member of its own. Both together are none.
pub(crate) fn body(object: &mut Object) -> Result<Body, Bad> {
    let text = object.text("body_text")?;
    match (object.take("body"), text) {
        (Some(body), Some(_)) => Err(object.bad("body", "nothing, since there is a body_text", Some(&body))),
        (Some(body), None) => Ok(Body::Json(body)),
        (None, Some(text)) => Ok(Body::Text(text.into())),
        (None, None) => Ok(Body::Absent),
    }
}

/// Puts the members of a request.
pub(crate) fn put(request: &Request, members: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("method", request.method.name().into());
    put("path", request.path.as_str().into());
    match request.caller {
        Caller::Role(Role::Admin) => {}
        Caller::Role(role) => {
            put("role", role.name().into());
        }
        Caller::Missing | Caller::Wrong => {
            put("role", Value::Null);
            put("credentials", if request.caller == Caller::Missing { "missing" } else { "wrong" }.into());
        }
    }
    let headers = write_headers(&request.headers);
    if !headers.is_empty() {
        put("headers", headers.into());
    }
    put_body(&request.body, members);
}

/// Puts a body.
pub(crate) fn put_body(body: &Body, members: &mut Map<String, Value>) {
    let (name, value) = match body {
        Body::Absent => return,
        Body::Json(value) => ("body", value.clone()),
        Body::Text(text) => ("body_text", (**text).into()),
    };
    members.insert(name.to_owned(), value);
}

fn write_headers(headers: &Headers) -> Map<String, Value> {
    let named = [("content-type", &headers.content_type), ("accept", &headers.accept)];
    let unusual = named.into_iter().filter_map(|(name, header)| match header {
        Header::Usual => None,
        Header::Missing => Some((name.to_owned(), Value::Null)),
        Header::Other(text) => Some((name.to_owned(), (**text).into())),
    });
    unusual.collect()
}
