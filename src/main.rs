//! The clock, the environment and the streams.

fn main() {}
