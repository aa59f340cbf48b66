//! Calls as a shell script: one `curl` a call, with comments for what was seen and expected.
//!
//! The script names no password: it reads users from the environment, one variable a role.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use crate::model::{Body, Caller, Header, Method, Request, Role, Status};

/// One call of a script.
#[derive(Debug, Clone)]
pub struct Step<'a> {
    /// What is asked.
    pub request: &'a Request,
    /// How long to wait before.
    pub pause: Duration,
    /// It is made again until its answer shows this status, but not for ever.
    pub until: Option<Status>,
    /// What is said about it, a comment a line.
    pub remarks: Vec<String>,
}

/// A script that makes calls one after the other, to the server at a URL.
pub fn script(title: &str, url: &str, steps: &[Step<'_>]) -> String {
    let mut text = "#!/bin/sh\n".to_owned();
    comment(&mut text, title);
    let _ = writeln!(text, "URL=${{URL:-{}}}", quoted(url));
    let roles: BTreeSet<Role> = steps.iter().filter_map(|step| role_of(step.request.caller)).collect();
    for role in roles {
        let (variable, role) = (variable(role), role.name());
        let _ =
            writeln!(text, ": \"${{{variable}:?is to be NAME:PASSWORD of a user with the role {role}}}\"");
    }
    for step in steps {
        text.push('\n');
        for remark in &step.remarks {
            comment(&mut text, remark);
        }
        if step.pause >= Duration::from_millis(1) {
            let _ = writeln!(text, "sleep {}.{:03}", step.pause.as_secs(), step.pause.subsec_millis());
        }
        let call = call(step.request);
        match step.until {
            None => text += &format!("{call}; echo\n"),
            Some(status) => text += &repeated(&call, status),
        }
    }
    text
}

/// A call that is made until its answer shows a status, or fifty times.
fn repeated(call: &str, status: Status) -> String {
    let shows = format!("'\"status\": *\"{}\"'", status.name());
    format!(
        "tries=0\nuntil answer=$({call}); echo \"$answer\" | grep -Eq {shows} || [ $((tries += 1)) -ge 50 ]\n\
         do sleep 0.01; done; echo \"$answer\"\n"
    )
}

/// One call, without an end of the line.
fn call(request: &Request) -> String {
    let mut line = "curl -sS -i --path-as-is".to_owned();
    match request.method {
        // Otherwise curl waits for a body.
        Method::Head => line += " --head",
        method => line = format!("{line} -X {}", method.name()),
    }
    match request.caller {
        Caller::Role(role) => line = format!("{line} -u \"${}\"", variable(role)),
        Caller::Wrong => line = format!("{line} -u \"${{{}%%:*}}:wrong\"", variable(Role::Admin)),
        Caller::Missing => {}
    }
    let headers = &request.headers;
    let submits = matches!(request.method, Method::Post | Method::Put | Method::Patch);
    let is_typed = submits || request.body != Body::Absent || headers.content_type != Header::Usual;
    for (name, header, is_sent) in
        [("Content-Type", &headers.content_type, is_typed), ("Accept", &headers.accept, true)]
    {
        let value = match header {
            Header::Usual => format!("{name}: application/json"),
            Header::Other(text) => format!("{name}: {text}"),
            Header::Missing => format!("{name}:"),
        };
        if is_sent {
            line = format!("{line} -H {}", quoted(&value));
        }
    }
    match &request.body {
        Body::Absent => {}
        Body::Json(value) => line = format!("{line} --data-binary {}", quoted(&value.to_string())),
        Body::Text(text) => line = format!("{line} --data-binary {}", quoted(text)),
    }
    format!("{line} \"$URL\"{}", quoted(request.path.as_str()))
}

fn role_of(caller: Caller) -> Option<Role> {
    match caller {
        Caller::Role(role) => Some(role),
        Caller::Wrong => Some(Role::Admin),
        Caller::Missing => None,
    }
}

/// The variable that holds the user of a role.
fn variable(role: Role) -> String {
    format!("{}_USER", role.name().to_ascii_uppercase())
}

/// A word of the shell, whatever is in it.
fn quoted(text: &str) -> String {
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "/:._-".contains(char);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A comment, whatever is in it.
fn comment(script: &mut String, text: &str) {
    for line in text.lines() {
        let _ = writeln!(script, "# {}", line.replace('\r', " ").trim_end());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Headers, Path};

    #[test]
    fn whatever_is_sent_is_one_word_of_the_shell() {
        let request = Request {
            method: Method::Post,
            path: Path::new("/v1/nodes/1/actions/remove?a=$(b)"),
            caller: Caller::Role(Role::DbViewer),
            headers: Headers { content_type: Header::Missing, accept: Header::Usual },
            body: Body::Json(json!({ "a": "it's" })),
        };
        let step = Step {
            request: &request,
            pause: Duration::from_millis(1_020),
            until: None,
            remarks: vec!["a\nb".into()],
        };
        let expected = r##"#!/bin/sh
# why
URL=${URL:-http://127.0.0.1:80}
: "${DB_VIEWER_USER:?is to be NAME:PASSWORD of a user with the role db_viewer}"

# a
# b
sleep 1.020
curl -sS -i --path-as-is -X POST -u "$DB_VIEWER_USER" -H Content-Type: -H 'Accept: application/json' --data-binary '{"a":"it'\''s"}' "$URL"'/v1/nodes/1/actions/remove?a=$(b)'; echo
"##;
        assert_eq!(script("why", "http://127.0.0.1:80", &[step]), expected);
    }
}
