//! The lifecycle (section LIFE).

mod drawn;
mod not_drawn;
mod task;
