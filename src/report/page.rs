//! Reports as pages for a browser: one file each, with everything in it.
//!
//! A page needs no network and no server, says the same without its script, without colour and on paper, and holds
//! nothing of this program but its name. Whatever it shows is text: what a run brought along is escaped, and the policy
//! of the page lets only the styles and scripts take effect that are part of this program. Layout is in whole units of a
//! drawing, so that the same run gives the same bytes.

mod campaign;
mod case;
mod cluster;
mod core;
mod coverage;
mod divergence;
mod explored;
mod history;
mod lifecycle;
mod overview;
mod parts;
mod readings;
mod run;
mod shell;
mod steps;
mod timeline;

pub use campaign::{OfCampaign, campaign};
pub use case::{OfCase, case};
pub use explored::{OfExplored, explored};
pub use history::{OfHistory, history};
pub use run::Run;
