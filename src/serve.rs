//! The law behind HTTP: a cluster that behaves as documented, and fails on demand.
//!
//! For whoever automates against the interface and has no cluster in their tests. Clients choose the requests, a
//! [`Clock`] lets events happen, and [`crate::model::step`] decides: nothing here knows a rule of the API.
//!
//! | where | what |
//! |---|---|
//! | [`World`] | one cluster: a request in, an answer out. Pure; the rest only carries bytes to it |
//! | `clock.rs` | time: when something happens by itself |
//! | `orders.rs` | what control has ordered for later: failures, standstill, lost answers |
//! | `journal.rs` | history and case so far |
//! | `beside.rs`, `extras.rs` | what clients ask for or need, and no document of the actions promises |
//! | `users.rs` | who may ask: HTTP Basic authentication |
//! | [`control`] | everything under `/_control/` |
//! | `clusters.rs` | many clusters by name |
//! | `message.rs`, `service.rs` | HTTP messages, and the `tower` service that answers them |
//! | `server.rs`, `tls.rs` | sockets, limits, certificates |
//! | [`Fixture`] | a server for the length of a test |

mod beside;
mod clock;
mod clusters;
pub mod control;
mod extras;
mod fixture;
mod journal;
mod message;
mod orders;
mod server;
mod service;
mod tls;
mod users;
mod world;

pub use clock::Clock;
pub use clusters::{BadName, Clusters, Full, Name, Shelves};
pub use extras::{Extras, UnknownExtra};
pub use fixture::Fixture;
pub use journal::{Call, Shelf};
pub use message::{CLAUSE, CLUSTER};
pub use orders::{ENDINGS_MAX, End, Ending, Orders, Target, TooMany};
pub use server::{Limits, Server};
pub use service::{Lost, Service};
pub use tls::Certificate;
pub use users::{BadUsers, Users};
pub use world::{Decided, Setup, World};
