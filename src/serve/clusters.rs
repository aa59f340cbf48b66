//! Many clusters by name: made when they are first asked for, up to a bound, each under a lock of its own.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::journal::Shelf;
use super::world::{Setup, World};

/// The name of a cluster: 1 to 64 letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(Box<str>);

impl Default for Name {
    /// The cluster of whoever names none.
    fn default() -> Self {
        Self("default".into())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that names no cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadName;

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a cluster has 1 to 64 letters, digits, `-`, `_` and `.`, and does not begin with a dot")
    }
}

impl std::error::Error for BadName {}

impl FromStr for Name {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let is_name = (1..=64).contains(&text.len()) && text.bytes().all(is_of_name);
        if is_name && !text.starts_with('.') { Ok(Self(text.into())) } else { Err(BadName) }
    }
}

/// There is no room for another cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full {
    /// How many there can be.
    pub clusters_max: usize,
}

/// Makes the shelf of each cluster, if histories are written as they happen.
pub type Shelves = Box<dyn Fn(&Name) -> Box<dyn Shelf> + Send + Sync>;

/// The clusters of a server.
pub struct Clusters {
    setup: Setup,
    clusters_max: usize,
    shelves: Option<Shelves>,
    worlds: Mutex<BTreeMap<Name, Arc<Mutex<World>>>>,
}

impl fmt::Debug for Clusters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clusters").field("clusters_max", &self.clusters_max).finish_non_exhaustive()
    }
}

impl Clusters {
    /// None yet. Each will begin like this: what happens in it does not depend on the others.
    pub fn new(setup: Setup, clusters_max: usize, shelves: Option<Shelves>) -> Self {
        Self { setup, clusters_max, shelves, worlds: Mutex::default() }
    }

    /// How each begins.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The cluster of that name, made if it is not there.
    pub fn get(&self, name: &Name) -> Result<Arc<Mutex<World>>, Full> {
        let mut worlds = self.worlds();
        if let Some(world) = worlds.get(name) {
            return Ok(Arc::clone(world));
        }
        if worlds.len() >= self.clusters_max {
            return Err(Full { clusters_max: self.clusters_max });
        }
        let shelf = self.shelves.as_ref().map(|shelves| shelves(name));
        let world = Arc::new(Mutex::new(World::new(self.setup.clone(), shelf)));
        worlds.insert(name.clone(), Arc::clone(&world));
        Ok(world)
    }

    /// Makes the cluster of whoever names none, and says whether its history can be written.
    pub fn begin(&self) -> io::Result<()> {
        self.get(&Name::default()).map_or(Ok(()), |world| lock(&world).flush())
    }

    /// Which there are.
    pub fn names(&self) -> Vec<Name> {
        self.worlds().keys().cloned().collect()
    }

    /// Removes one. Whether it was there.
    pub fn remove(&self, name: &Name) -> bool {
        self.worlds().remove(name).is_some()
    }

    /// All of them as they are now, so that each is locked by itself.
    pub(super) fn all(&self) -> Vec<Arc<Mutex<World>>> {
        self.worlds().values().map(Arc::clone).collect()
    }

    /// Ends everything that is written to a shelf; the first error of any.
    pub fn finish(&self) -> io::Result<()> {
        self.all().iter().map(|world| lock(world).finish()).fold(Ok(()), io::Result::and)
    }

    fn worlds(&self) -> MutexGuard<'_, BTreeMap<Name, Arc<Mutex<World>>>> {
        self.worlds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The cluster, for whoever comes next. The law does not panic, and what it left is whole.
pub(super) fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}
