//! As whom requests are sent: a user for each role that has one.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::model::{Caller, Role};

/// A user with its password. Its debug form does not show the password.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    name: String,
    password: String,
}

/// A text that names no user and password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadUser;

impl fmt::Display for BadUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected NAME:PASSWORD")
    }
}

impl std::error::Error for BadUser {}

impl FromStr for User {
    type Err = BadUser;

    /// A name has no colon, a password may have some.
    fn from_str(text: &str) -> Result<Self, BadUser> {
        let (name, password) = text.split_once(':').filter(|(name, _)| !name.is_empty()).ok_or(BadUser)?;
        Ok(Self { name: name.to_owned(), password: password.to_owned() })
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "User({})", self.name)
    }
}

impl User {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The users of a server, by role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Users(BTreeMap<Role, User>);

impl Users {
    /// An administrator, and nobody else.
    pub fn new(admin: User) -> Self {
        Self(BTreeMap::from([(Role::Admin, admin)]))
    }

    /// Adds the user of a role, or replaces it.
    pub fn add(&mut self, role: Role, user: User) {
        self.0.insert(role, user);
    }

    /// Whether somebody can ask like this.
    pub fn can_be(&self, caller: Caller) -> bool {
        match caller {
            Caller::Role(role) => self.0.contains_key(&role),
            Caller::Missing | Caller::Wrong => true,
        }
    }

    /// The roles that nobody has.
    pub fn missing(&self) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| !self.0.contains_key(role)).collect()
    }

    /// The header `Authorization` of a caller; `None` if it is left out.
    pub(super) fn authorization(&self, caller: Caller) -> Result<Option<String>, String> {
        let text = match caller {
            Caller::Missing => return Ok(None),
            // Nobody has this name: a user whose password is wrong too often may be locked out.
            Caller::Wrong => "action-oracle-nobody:wrong".to_owned(),
            Caller::Role(role) => {
                let user = self.0.get(&role);
                let user = user.ok_or_else(|| format!("no user has the role {}", role.name()))?;
                format!("{}:{}", user.name, user.password)
            }
        };
        Ok(Some(format!("Basic {}", BASE64_STANDARD.encode(text))))
    }
}
