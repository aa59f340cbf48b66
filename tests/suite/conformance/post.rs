//! Starting an action (section POST).

mod conflict;
mod content;
mod result;
