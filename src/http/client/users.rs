//! As whom requests are sent: a user for each role that has one.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

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

/// A wrong password of a user that exists is tried until it was refused so often. A cluster locks a user out for less than
/// an hour after five of them by default; so nothing comes of these.
const GUESSES_MAX: u32 = 2;

/// The users of a server, by role. What all copies have in common is how often a wrong password was refused.
#[derive(Debug, Clone)]
pub struct Users {
    by_role: BTreeMap<Role, User>,
    refused_guesses: Arc<AtomicU32>,
}

impl Users {
    /// An administrator, and nobody else.
    pub fn new(admin: User) -> Self {
        Self { by_role: BTreeMap::from([(Role::Admin, admin)]), refused_guesses: Arc::default() }
    }

    /// Adds the user of a role, or replaces it.
    pub fn add(&mut self, role: Role, user: User) {
        self.by_role.insert(role, user);
    }

    /// Whether somebody can ask like this.
    pub fn can_be(&self, caller: Caller) -> bool {
        match caller {
            Caller::Role(role) => self.by_role.contains_key(&role),
            Caller::Missing | Caller::Wrong => true,
        }
    }

    /// The roles that nobody has.
    pub fn missing(&self) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| !self.by_role.contains_key(role)).collect()
    }

    /// The header `Authorization` of a caller; `None` if it is left out. Wrong credentials are a wrong password of the
    /// administrator as long as it may be tried, then those of a user that does not exist.
    pub(super) fn authorization(&self, caller: Caller) -> Result<Option<String>, String> {
        let text = match caller {
            Caller::Missing => return Ok(None),
            Caller::Wrong => match self.by_role.get(&Role::Admin).filter(|_| self.may_guess()) {
                Some(User { name, password }) => format!("{name}:{password}-wrong"),
                None => "action-oracle-nobody:wrong".to_owned(),
            },
            Caller::Role(role) => {
                let user = self.by_role.get(&role);
                let user = user.ok_or_else(|| format!("no user has the role {}", role.name()))?;
                format!("{}:{}", user.name, user.password)
            }
        };
        Ok(Some(format!("Basic {}", BASE64_STANDARD.encode(text))))
    }

    fn may_guess(&self) -> bool {
        self.refused_guesses.load(Ordering::SeqCst) < GUESSES_MAX
    }

    /// Takes note of what a caller was answered: where a wrong password is let in, nobody is locked out.
    pub(super) fn note(&self, caller: Caller, status: u16) {
        if caller == Caller::Wrong && status == 401 && self.may_guess() {
            self.refused_guesses.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(users: &Users) -> String {
        let header = users.authorization(Caller::Wrong).expect("anybody can be wrong");
        let header = header.expect("there is one");
        let text = header.strip_prefix("Basic ").expect("it is Basic");
        String::from_utf8(BASE64_STANDARD.decode(text).expect("it is base 64")).expect("it is text")
    }

    #[test]
    fn a_password_is_guessed_until_it_was_refused_twice_by_any_client() {
        let users = Users::new("boss:secret".parse().expect("it names a user"));
        let another = users.clone();
        for _ in 0..5 {
            assert_eq!(sent(&users), "boss:secret-wrong");
            users.note(Caller::Wrong, 200);
        }
        users.note(Caller::Missing, 401);
        users.note(Caller::Wrong, 401);
        assert_eq!(sent(&another), "boss:secret-wrong");
        another.note(Caller::Wrong, 401);
        assert_eq!(sent(&users), "action-oracle-nobody:wrong");
    }
}
