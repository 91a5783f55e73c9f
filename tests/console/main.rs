//! The console as its person meets it: keys in, frames out, over the real service and a store in a
//! directory of its own; and the real binary in a terminal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod doors;
mod frames;
mod harness;
mod keys;
mod live;
mod pty;
mod storms;
mod why;
