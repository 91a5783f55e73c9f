//! The journal: every commit, in order, in append-only files. It is the write-ahead log, the
//! history and the time machine in one, and the truth: everything else can be built from it.
//!
//! `journal/` holds segments named by the number of their first record. A record is acknowledged
//! when it was synced. [`Journal`] is the one writer; [`walk::Walk`] reads, also meanwhile.

pub mod aside;
pub mod record;
pub mod recover;
mod room;
pub mod segments;
pub mod skim;
pub mod walk;
pub mod writer;

pub use aside::Asides;
pub use record::{BadRecord, ChainHash, NotAHead};
pub use recover::Torn;
pub use skim::{Skim, Spot};
pub use walk::{Stored, Walk};
pub use writer::Journal;

use std::path::PathBuf;

/// A place of the chain: everything up to a record, that record included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The record's number; 0 is before the first.
    pub sequence: u64,
    /// Its link.
    pub hash: ChainHash,
}

impl Point {
    /// Before everything.
    pub const START: Self = Self { sequence: 0, hash: ChainHash::START };
}

/// A place in a file that isn't what was written there.
#[derive(Debug, thiserror::Error)]
#[error(
    "{} is damaged at byte {offset}, where {what} should be: {problem}. Nothing was altered. {advice}",
    path.display()
)]
pub struct Damage {
    /// The file.
    pub path: PathBuf,
    /// Where in it.
    pub offset: u64,
    /// What should be there, such as "change 17".
    pub what: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub advice: &'static str,
}

/// What to do about a damaged journal.
pub(crate) const RESTORE: &str =
    "Copy the data directory away, then `rolecall restore` the last good backup into a new one";
