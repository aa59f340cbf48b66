//! Who may ask: names, passwords and roles, and HTTP Basic authentication against them.
//!
//! Only who somebody *is* is found out here. What they may do is decided by the law, which also knows what the wrong
//! and the missing password are told.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use crate::model::{Caller, Role};

/// The users of a cluster. Its debug form shows no password.
#[derive(Clone, PartialEq, Eq)]
pub struct Users(BTreeMap<String, (String, Role)>);

impl fmt::Debug for Users {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl Default for Users {
    /// One user for each role, whose name and password are the name of the role.
    fn default() -> Self {
        let user = |role: Role| (role.name().to_owned(), (role.name().to_owned(), role));
        Self(Role::ALL.into_iter().map(user).collect())
    }
}

/// Why a text names no users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadUsers(String);

impl fmt::Display for BadUsers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadUsers {}

/// A user as the file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    password: String,
    role: String,
}

impl Users {
    /// Reads a JSON list of objects with `name`, `password` and `role`. Total: whatever is wrong says where.
    pub fn read(text: &str) -> Result<Self, BadUsers> {
        let entries: Vec<Entry> = serde_json::from_str(text).map_err(|error| {
            let expected = "expected a list of users, such as [{\"name\":\"ann\",\"password\":\"...\",\"role\":\"admin\"}]";
            BadUsers(format!("{expected}; {error}"))
        })?;
        if entries.is_empty() {
            return Err(BadUsers("expected at least one user, found none".to_owned()));
        }
        let mut users = BTreeMap::new();
        for (at, Entry { name, password, role }) in entries.into_iter().enumerate() {
            let bad = |member: &str, why: String| BadUsers(format!("/{at}/{member}: {why}"));
            if name.is_empty() || name.contains(':') {
                return Err(bad("name", "expected a name without a colon".to_owned()));
            }
            if password.is_empty() {
                return Err(bad("password", "expected a password, found none".to_owned()));
            }
            let known = || Role::ALL.map(Role::name).join(", ");
            let role = Role::from_name(&role)
                .ok_or_else(|| bad("role", format!("expected a role ({}), found `{role}`", known())))?;
            if users.insert(name.clone(), (password, role)).is_some() {
                return Err(bad("name", format!("a second user is called `{name}`")));
            }
        }
        Ok(Self(users))
    }

    /// The names, each with its role.
    pub fn names(&self) -> impl Iterator<Item = (&str, Role)> {
        self.0.iter().map(|(name, (_, role))| (name.as_str(), *role))
    }

    /// Who sends this header `Authorization`.
    pub(super) fn caller(&self, authorization: Option<&[u8]>) -> Caller {
        let Some(value) = authorization else { return Caller::Missing };
        self.role(value).map_or(Caller::Wrong, Caller::Role)
    }

    fn role(&self, authorization: &[u8]) -> Option<Role> {
        let (scheme, encoded) = std::str::from_utf8(authorization).ok()?.split_once(' ')?;
        let decoded = BASE64_STANDARD.decode(encoded.trim()).ok()?;
        let (name, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
        let (own, role) = self.0.get(name)?;
        (scheme.eq_ignore_ascii_case("basic") && is_same(own, password)).then_some(*role)
    }
}

/// Whether two texts are equal, in a time that does not tell how much of them is.
fn is_same(own: &str, other: &str) -> bool {
    let differences = own.bytes().zip(other.bytes()).fold(0, |all, (one, other)| all | (one ^ other));
    own.len() == other.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(users: &Users, text: &str) -> Caller {
        users.caller(Some(text.as_bytes()))
    }

    #[test]
    fn each_role_has_a_user_until_a_file_says_otherwise() {
        let users = Users::default();
        assert_eq!(caller(&users, "Basic YWRtaW46YWRtaW4="), Caller::Role(Role::Admin));
        assert_eq!(caller(&users, "basic bm9uZTpub25l"), Caller::Role(Role::None));
        assert_eq!(users.caller(None), Caller::Missing);
        for wrong in
            ["", "Basic", "Basic ?", "Basic YWRtaW46YWRtaQ==", "Bearer YWRtaW46YWRtaW4=", "Basic YWRtaW4="]
        {
            assert_eq!(caller(&users, wrong), Caller::Wrong, "{wrong}");
        }
    }

    #[test]
    fn a_file_that_names_no_users_says_where() {
        let told = |text: &str| Users::read(text).expect_err(text).to_string();
        assert!(told("{}").starts_with("expected a list of users, such as [{\"name\":"));
        assert_eq!(told("[]"), "expected at least one user, found none");
        let user = |name: &str, role: &str| {
            format!("{{\"name\":\"{name}\",\"password\":\"p\",\"role\":\"{role}\"}}")
        };
        let roles = "none, db_viewer, db_member, cluster_viewer, cluster_member, user_manager, admin";
        assert_eq!(
            told(&format!("[{}]", user("ann", "root"))),
            format!("/0/role: expected a role ({roles}), found `root`")
        );
        assert_eq!(
            told(&format!("[{0},{0}]", user("ann", "admin"))),
            "/1/name: a second user is called `ann`"
        );
        assert_eq!(told(&format!("[{}]", user("a:b", "admin"))), "/0/name: expected a name without a colon");
    }
}
