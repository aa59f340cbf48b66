//! The conformance tests and the tests of the tools, in one binary.

mod faults;
