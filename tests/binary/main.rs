//! The binary itself, as scripts meet it (SPEC part 4): every command with right, wrong and hostile
//! input, on data directories of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod backup;
mod check;
mod held;
mod import;
mod init;
mod kit;
mod lists;
mod prompt;
mod records;
mod team_file;
mod usage;
