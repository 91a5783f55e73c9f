//! How a store is opened, and what it tells about itself.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::files::{Disk, RealDisk};
use crate::model::Moment;

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long to wait for another process to let go of the data directory.
    pub wait: Duration,
    /// How long opening waits for the records; small stores are loaded before anyone could ask.
    pub load_wait: Duration,
    /// The disk; tests have others.
    pub disk: Arc<dyn Disk>,
    /// A file of the journal is closed once it is this long: one is read in a few milliseconds.
    pub segment_bytes: u64,
    /// Without an index everything is read from the journal at each start; for stores that don't
    /// last.
    pub index: bool,
    /// From so many records on, their columns are kept in a file, so that the next start is quick.
    pub copy_from: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            wait: Duration::from_secs(2),
            load_wait: Duration::ZERO,
            disk: Arc::new(RealDisk),
            segment_bytes: 8 << 20,
            index: true,
            copy_from: 50_000,
        }
    }
}

/// The present, as whoever opens the store has it.
pub type Now = Arc<dyn Fn() -> Moment + Send + Sync>;

/// How far loading the records is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Records read so far.
    pub done: u64,
    /// Records in all, as far as that is known.
    pub total: u64,
    /// Loading stopped for good, for this reason.
    pub failed: Option<String>,
}

/// Something that opening found and mended, for the operator to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The last change was under way when the program stopped; it was dropped.
    Torn(super::journal::Torn),
    /// The checkpoint couldn't be used; the journal was read instead.
    Checkpoint(String),
    /// The index was damaged and is being built anew.
    IndexRebuilt {
        /// What was wrong.
        problem: String,
        /// Where the damaged one is.
        aside: Option<PathBuf>,
    },
    /// There is no index for now; the records are there all the same.
    NoIndex(String),
    /// The copy of the records that the next start would read couldn't be written.
    NoCopy(String),
    /// What is kept of somebody beside the history, such as their password, could not be removed
    /// though they were deleted.
    Kept(String),
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Torn(torn) => torn.fmt(f),
            Self::Checkpoint(problem) => {
                write!(f, "the file “team” could not be used ({problem}); the journal was read instead")
            }
            Self::IndexRebuilt { problem, aside: Some(aside) } => {
                write!(f, "{problem}; it was put aside as {} and built anew from the journal", aside.display())
            }
            Self::IndexRebuilt { problem, aside: None } => {
                write!(f, "{problem}; it is built anew from the journal")
            }
            Self::Kept(problem) => write!(
                f,
                "the password and addresses of somebody who was deleted could not be removed ({problem}); the next \
                 start tries again"
            ),
            Self::NoIndex(problem) => {
                write!(f, "{problem}; no record is missing, but there is no index for now; the next start tries again")
            }
            Self::NoCopy(problem) => write!(
                f,
                "the copy of the records that makes starts quick could not be written ({problem}); no record is \
                 missing, and it is tried again after some minutes"
            ),
        }
    }
}
