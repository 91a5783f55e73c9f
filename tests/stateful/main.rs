//! Random people of random teams do random things, one after the other, on every path that changes
//! anything; after each step the rules that must always hold are held against an oracle that shares
//! no code with `src/authz`, over a state that was read anew from the journal.
//!
//! `ROLECALL_STATEFUL_CASES=2000` walks further, `ROLECALL_STATEFUL_SEED=…` starts elsewhere; a
//! failure tells its seed and the shortest story that leads to it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs
)]

mod commands;
mod deeds;
mod house;
mod judged;
mod lists;
#[path = "../planted/mod.rs"]
mod planted;
#[allow(dead_code, unused_imports, reason = "the oracle's own tests use the rest")]
#[path = "../oracle/random/mod.rs"]
mod random;
#[allow(dead_code, unused_imports, reason = "the oracle's own tests use the rest")]
#[path = "../oracle/says/mod.rs"]
mod says;
mod walk;
#[allow(dead_code, unused_imports, reason = "the oracle's own tests use the rest")]
#[path = "../oracle/world.rs"]
mod world;
