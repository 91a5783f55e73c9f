//! The `rolecall` binary: parse, run, exit code.
fn main() {}
