//! The endpoints of node actions (section NODE).

mod action;
mod list;
