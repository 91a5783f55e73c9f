//! The oracle: SPEC part 1 told again in sets and loops, slow and plain, sharing no code with
//! `src/authz`. Random teams ask both the same questions; any difference is a bug in one of them.
//!
//! `ROLECALL_ORACLE_TEAMS=1000` asks more teams, `ROLECALL_ORACLE_SEED=…` starts at another seed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs
)]

mod changes;
mod decisions;
mod handing_out;
mod impact;
mod judge;
mod lists;
mod offboarding;
mod random;
mod rows;
mod says;
mod seeds;
mod world;
mod writing;
