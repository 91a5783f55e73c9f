//! The console as its person meets it: keys in, frames out, over the real service and a store in a
//! directory of its own; and the real binary in a terminal.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs
)]

mod chart;
mod doors;
mod explore;
mod fields;
mod frames;
mod harness;
#[path = "../stateful/judged/mod.rs"]
mod judged;
mod keys;
mod keys_page;
mod large;
#[path = "../large_team/mod.rs"]
mod large_team;
mod late;
mod lesson;
mod live;
mod lock;
mod matrix;
mod own;
mod people;
mod people_frames;
#[path = "../planted/mod.rs"]
mod planted;
mod pty;
mod records;
mod roles;
#[allow(dead_code, unused_imports, reason = "the oracle's own tests use the rest")]
#[path = "../oracle/says/mod.rs"]
mod says;
mod storms;
mod tempests;
mod twins;
mod undo;
mod why;
